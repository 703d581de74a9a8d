//! The owner's colours, letters and words, and the languages that come with it.

use anyhow::Result;
use heard_tests::{Browser, HostPages, World};
use serde_json::{Value, json};

const QUICK: &str = r#"{"delay_seconds":0}"#;

async fn page(world: &World, settings: Value, body: &str, attributes: &str) -> Result<(Browser, HostPages)> {
    let mut all = json!({ "name": "Corner Café", "ask": serde_json::from_str::<Value>(QUICK)? });
    all.as_object_mut().into_iter().for_each(|all| all.extend(settings.as_object().cloned().unwrap_or_default()));
    world.configure("demo", all).await?;
    let script = format!("<script async src=\"{}/heard.js\" data-site=\"demo\" {attributes}></script>", world.url);
    let page = HostPages::serve(&format!("{body}{script}")).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.in_widget("fieldset").await?;
    Ok((browser, page))
}

/// Red, green and blue as browsers tell them.
fn rgb(hex: &Value) -> String {
    let part = |at: usize| u8::from_str_radix(&hex.as_str().unwrap_or_default()[at..at + 2], 16).unwrap_or_default();
    format!("rgb({}, {}, {})", part(1), part(3), part(5))
}

#[tokio::test]
async fn a_brands_colour_is_shown_as_far_as_it_can_be_read() -> Result<()> {
    let world = World::start().await?;
    for (number, brand) in
        ["#ffd400", "#e4002b", "#00a651", "#7d2ae8", "#000000", "#ffffff", "#ff6900", "#1db954", "#0a66c2", "#f5c3c2"]
            .iter()
            .enumerate()
    {
        for scheme in ["light", "dark"] {
            let look = json!({ "accent": brand, "scheme": scheme, "radius": 2, "position": "top-left" });
            let told = world.api("POST", "/look", Some(look.clone()), 200).await?;
            let (browser, _page) = page(&world, json!({ "look": look }), "", "").await?;
            browser.click("input[value='9']").await?;
            let painted = "const chosen = getComputedStyle(root.querySelector(':checked + span'));
                const send = getComputedStyle(root.querySelector('.send'));
                const box = root.querySelector('.panel').getBoundingClientRect();
                return [chosen.backgroundColor, chosen.color, send.backgroundColor, send.borderRadius, root.host.dataset.scheme, box.left, box.top]";
            let shade = &told[scheme];
            let (accent, on) = (rgb(&shade["accent"]), rgb(&shade["on"]));
            let wanted = json!([accent, on, accent, "2px", scheme, 16, 16]);
            assert_eq!(browser.script(painted).await?, wanted, "{brand}");
            browser.picture(&format!("brand-{number}-{scheme}")).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn letters_are_the_pages_and_the_snippet_has_the_last_word() -> Result<()> {
    let world = World::start().await?;
    let look = json!({ "font": "page", "scheme": "dark", "position": "bar", "logo": "https://cafe.example/logo.svg" });
    let body = "<style>body { font-family: Georgia, serif }</style>";
    let (browser, _page) = page(&world, json!({ "look": look }), body, "data-position=\"bottom-left\"").await?;
    let painted = "const style = getComputedStyle(root.querySelector('legend'));
        return [style.fontFamily, root.host.dataset.scheme, root.host.dataset.position,
            getComputedStyle(root.querySelector('.panel'), '::before').backgroundImage]";
    let wanted = json!(["Georgia, serif", "dark", "bottom-left", "url(\"https://cafe.example/logo.svg\")"]);
    assert_eq!(browser.script(painted).await?, wanted);
    Ok(())
}

#[tokio::test]
async fn an_owners_words_stand_in_their_language_and_no_other() -> Result<()> {
    let world = World::start().await?;
    let copy = json!({ "en": { "question": "Would you send a friend to {name}?", "why.promoter": "What did {name} do well?" },
        "de-AT": { "question": "Würdest du uns weiterempfehlen, gell?" } });
    let (browser, _page) = page(&world, json!({ "copy": copy }), "", "").await?;
    let question = "return root.querySelector('legend').textContent";
    assert_eq!(browser.script(question).await?, "Would you send a friend to Corner Café?");
    browser.click("input[value='10']").await?;
    browser
        .until("return root.querySelector('label[for=why]').textContent === 'What did Corner Café do well?'")
        .await?;
    for (lang, begins) in [("de-AT", "Würdest du uns"), ("de", "Wie wahrscheinlich"), ("fr", "Quelle est")] {
        let script =
            format!("<script async src=\"{}/heard.js\" data-site=\"demo\" data-lang=\"{lang}\"></script>", world.url);
        let page = HostPages::serve(&script).await?;
        let browser = Browser::open().await?;
        browser.visit(&page.url).await?;
        browser.in_widget("fieldset").await?;
        let asked = browser.script(question).await?;
        assert!(asked.as_str().is_some_and(|asked| asked.starts_with(begins)), "{lang}: {asked}");
    }
    Ok(())
}

#[tokio::test]
async fn who_praises_is_offered_to_say_so_in_public() -> Result<()> {
    let world = World::start().await?;
    for (to, score, is_offered) in [("promoters", 10, true), ("promoters", 3, false), ("everyone", 7, true)] {
        for wasm in [true, false] {
            let review = json!({ "url": "https://reviews.example/cafe", "to": to });
            let held =
                if wasm { "" } else { "<script>delete window.WebAssembly; window.WebAssembly = undefined</script>" };
            let (browser, _page) = page(&world, json!({ "review": review }), held, "").await?;
            if wasm {
                browser.until("return root?.host.hasAttribute('data-leptos')").await?;
            }
            browser.click(&format!("input[value='{score}']")).await?;
            browser.click("#why").await?;
            browser.type_text("The staff were friendly and quick. Please open earlier on Sundays.").await?;
            browser.click(".send").await?;
            browser.in_widget(".thanks").await?;
            let link = browser
                .script("const link = root.querySelector('a'); return link && [link.href, link.textContent, link.rel]")
                .await?;
            let wanted = json!(["https://reviews.example/cafe", "Would you say so in public, too?", "noopener"]);
            assert_eq!(link, if is_offered { wanted } else { Value::Null }, "{to} {score} {wasm}");
            browser.picture(&format!("review-{to}-{score}")).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_tab_asks_whoever_likes_and_an_embedded_question_is_always_there() -> Result<()> {
    let world = World::start().await?;
    let look = json!({ "tab": true, "accent": "#e4002b", "position": "bottom-left" });
    let settings = json!({ "name": "Corner Café", "look": look, "ask": { "delay_seconds": 600 } });
    world.configure("demo", settings).await?;
    let script =
        |more: &str| format!("<script async src=\"{}/heard.js\" data-site=\"demo\" {more}></script>", world.url);
    let shop = HostPages::serve(&script("")).await?;
    let browser = Browser::open().await?;
    browser.visit(&shop.url).await?;
    let tab = "document.querySelector('heard-tab')?.shadowRoot.querySelector('button')";
    let text = format!("return {tab}?.textContent");
    assert_eq!(browser.until(&text).await?, "Feedback");
    let placed = format!("const button = {tab}, box = button.getBoundingClientRect();
        return [box.left, Math.round(box.top + box.height / 2) === Math.round(innerHeight / 2), box.width >= 44, getComputedStyle(button).backgroundColor]");
    assert_eq!(browser.script(&placed).await?, json!([0, true, true, "rgb(228, 0, 43)"]));
    browser.picture("tab").await?;
    for _ in 0..2 {
        browser.script(&format!("{tab}.click()")).await?;
        browser.click("input[value='9']").await?;
        browser.click(".send").await?;
        browser.in_widget(".thanks").await?;
        browser.click(".close").await?;
        // Left alone now, and the tab is there all the same.
        browser.reload().await?;
        browser.until(&text).await?;
    }
    assert_eq!(world.responses().await?.len(), 2);

    let embedded = format!("<div id=\"here\"></div>{}", script("data-into=\"#here\" data-ask=\"always\""));
    let page = HostPages::serve(&embedded).await?;
    let browser = Browser::open().await?;
    for _ in 0..2 {
        browser.visit(&page.url).await?;
        browser.click("input[value='4']").await?;
        let inside = "return [!!root.host.closest('#here'), document.activeElement === root.host]";
        assert_eq!(browser.script(inside).await?, json!([true, true]));
        browser.click(".send").await?;
        browser.in_widget(".thanks").await?;
    }
    browser.visit(&page.url).await?;
    browser.in_widget("fieldset").await?;
    assert_eq!(
        browser.script("return document.activeElement === document.body").await?,
        json!(true),
        "nobody asked for the focus"
    );
    world.configure("demo", json!({ "name": "Corner Café" })).await?;
    Ok(())
}

#[tokio::test]
async fn who_takes_consent_back_is_not_asked_by_the_tab_either() -> Result<()> {
    let world = World::start().await?;
    let settings = json!({ "name": "Corner Café", "look": { "tab": true }, "ask": { "delay_seconds": 600 } });
    world.configure("demo", settings).await?;
    let script = format!("<script async src=\"{}/heard.js\" data-site=\"demo\" data-consent></script>", world.url);
    let page = HostPages::serve(&script).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.until("return window.heard?.begin && (heard('consent', true), true)").await?;
    browser.until("return !!document.querySelector('heard-tab')").await?;
    browser
        .script(
            "heard('consent', false); document.querySelector('heard-tab').shadowRoot.querySelector('button').click()",
        )
        .await?;
    browser.until("return !document.querySelector('heard-tab')").await?;
    assert_eq!(
        browser.script("return [localStorage.length, !!document.querySelector('heard-widget')]").await?,
        json!([0, false])
    );
    Ok(())
}

/// Every language, from question to thank-you, on a phone: nothing is cut off, and what reads from right to left stands so.
#[tokio::test]
async fn every_language_fits_a_phone_from_the_question_to_the_thank_you() -> Result<()> {
    let world = World::start().await?;
    let locales = xtask::root().join("edge/wire/locales");
    let mut tags: Vec<String> = std::fs::read_dir(locales)?
        .filter_map(|file| Some(file.ok()?.file_name().to_str()?.strip_suffix(".json")?.to_owned()))
        .collect();
    tags.sort();
    assert_eq!(tags.len(), 24);
    let settings = json!({ "name": "Corner Café", "ask": { "delay_seconds": 0 },
        "promise": { "answered_by": "Maria", "within": { "number": 5, "unit": "working_days" } } });
    world.configure("demo", settings).await?;
    let browser = Browser::open().await?;
    browser.become_phone(360, 740).await?;
    for tag in tags {
        let attributes = format!("data-site=\"demo\" data-lang=\"{tag}\"");
        let page =
            HostPages::serve(&format!("<script async src=\"{}/heard.js\" {attributes}></script>", world.url)).await?;
        browser.visit(&page.url).await?;
        browser.in_widget("fieldset").await?;
        let lang = browser.script("return root.querySelector('.panel').lang").await?;
        assert_eq!(lang, tag.as_str());
        browser.picture(&format!("language-{tag}-question")).await?;
        browser.click("input[value='3']").await?;
        let looks = "const panel = root.querySelector('.panel'), seen = getComputedStyle(panel);
            const cut = [...root.querySelectorAll('label, button, .anchors span, p:not(.announcer)')].filter(node => node.scrollWidth > node.clientWidth + 1 && node.clientWidth);
            return [seen.direction, panel.scrollWidth <= panel.clientWidth, cut.map(node => node.textContent)]";
        let direction = if matches!(tag.as_str(), "ar" | "he") { "rtl" } else { "ltr" };
        assert_eq!(browser.script(looks).await?, json!([direction, true, []]), "{tag}");
        browser.click(".send").await?;
        browser.in_widget(".thanks").await?;
        let thanks = browser.until("return root.querySelector('.thanks').textContent").await?;
        assert!(tag == "en" || !thanks.as_str().unwrap_or_default().contains("Thank"), "{tag}: {thanks}");
        assert_eq!(browser.script(looks).await?, json!([direction, true, []]), "{tag}");
        browser.picture(&format!("language-{tag}-thanks")).await?;
    }
    Ok(())
}
