use crate::text::{InvalidText, check, checked_text, text_schema};

checked_text! {
    /// What a browser keeps to itself about one answer, made anew for each: only who knows it changes the answer later. 16 to
    /// 64 visible ASCII characters.
    ///
    /// ```
    /// let secret: heard_wire::BrowserSecret = "0123456789abcdef0123456789abcdef".parse().unwrap();
    /// assert!("short".parse::<heard_wire::BrowserSecret>().is_err());
    /// ```
    BrowserSecret, |text| {
        let fits = (16..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        check(fits, "must be 16 to 64 visible ASCII characters")
    }
}

checked_text! {
    /// What a survey gives a page, and an answer brings back: it tells that the answer comes from a page that was asked, for
    /// about a day. At most 100 visible ASCII characters.
    ///
    /// ```
    /// assert!("6924f3a0-00112233445566778899aabbccddeeff".parse::<heard_wire::SurveyToken>().is_ok());
    /// assert!("a b".parse::<heard_wire::SurveyToken>().is_err());
    /// ```
    SurveyToken, |text| {
        let fits = (1..=100).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        check(fits, "must be the token of a survey")
    }
}

checked_text! {
    /// That a visitor is who a page says: HMAC-SHA256 (RFC 2104) of the visitor's id by the site's visitor key, as 64 hexadecimal
    /// digits in lower case. Only the owner's server can make it.
    ///
    /// ```
    /// assert!("ab".repeat(32).parse::<heard_wire::VisitorProof>().is_ok());
    /// assert!("AB".repeat(32).parse::<heard_wire::VisitorProof>().is_err());
    /// ```
    VisitorProof, |text| {
        let fits = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        check(fits, "must be 64 hexadecimal digits in lower case")
    }
}

impl VisitorProof {
    /// Reads it as people and programs write it: in capitals too, and with blanks around.
    ///
    /// # Errors
    /// When it is none all the same.
    ///
    /// ```
    /// assert!(heard_wire::VisitorProof::read(&format!(" {}\n", "AB".repeat(32))).is_ok());
    /// ```
    pub fn read(text: &str) -> Result<Self, InvalidText> {
        text.trim().to_ascii_lowercase().parse()
    }
}

text_schema!(VisitorProof);
text_schema!(BrowserSecret);
text_schema!(SurveyToken);
