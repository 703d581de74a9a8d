use crate::text::{check, checked_text, text_schema};

/// Those of pages and of apps that show pages. Others, "javascript" among them, would end up as somebody's link.
const SCHEMES: [&str; 6] = ["http", "https", "file", "capacitor", "ionic", "app"];

checked_text! {
    /// Where the question was asked: an absolute URL of at most 2,048 bytes, of a page or of an app that shows pages.
    ///
    /// ```
    /// assert!("https://shop.example/basket".parse::<heard_wire::PageUrl>().is_ok());
    /// assert!("javascript:alert(1)".parse::<heard_wire::PageUrl>().is_err());
    /// assert!("https://x/|x><!channel>".parse::<heard_wire::PageUrl>().is_err());
    /// ```
    PageUrl, |text| {
        check(text.len() <= 2_048, "must be at most 2048 bytes")?;
        let is_page = text.split_once(':').is_some_and(|(scheme, rest)| {
            SCHEMES.contains(&scheme)
                && rest.starts_with("//")
                // Browsers percent-encode these; unencoded they would be markup where somebody shows the address.
                && !text.contains(['<', '>', '"'])
                && !text.chars().any(|c| c.is_control() || c.is_whitespace())
        });
        check(is_page, "must be an absolute URL")
    }
}

text_schema!(PageUrl);
