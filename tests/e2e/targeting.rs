//! Whom a page asks, and when: with the shipped bytes in a real browser.

use anyhow::Result;
use heard_tests::{Browser, HostPages, World};
use serde_json::{Value, json};
use std::time::Duration;

/// A page of the shop `demo`, which asks by these rules.
async fn shop(world: &World, ask: Value, body: &str, attributes: &str) -> Result<HostPages> {
    world.configure("demo", json!({ "name": "Corner Café", "ask": ask })).await?;
    let stub = "<script>window.heard = window.heard || function () { (heard.q = heard.q || []).push([].slice.call(arguments)) }</script>";
    let script = format!("<script async src=\"{}/heard.js\" data-site=\"demo\" {attributes}></script>", world.url);
    HostPages::serve(&format!("{stub}{body}{script}")).await
}

async fn on(page: &HostPages, path: &str) -> Result<Browser> {
    let browser = Browser::open().await?;
    browser.visit(&format!("{}{path}", page.url)).await?;
    Ok(browser)
}

/// Nothing is shown, though there was time for it.
async fn nothing_comes(browser: &Browser) -> Result<()> {
    browser.until("return !!window.heard?.begin").await?;
    tokio::time::sleep(Duration::from_millis(900)).await;
    assert_eq!(browser.script("return !!document.querySelector('heard-widget')").await?, json!(false));
    Ok(())
}

async fn asks(browser: &Browser) -> Result<()> {
    browser.in_widget("fieldset").await.map(drop)
}

/// What `heard("why")` says of a rule.
async fn why(browser: &Browser, rule: &str) -> Result<Value> {
    let ask = format!("return window.heard('why').then(told => told.filter(one => one.rule === '{rule}')[0])");
    browser.until(&ask).await
}

#[tokio::test]
async fn browsers_decide_as_the_table_says() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/v1/event-types", world.url)).await?;
    let code = include_str!("../../widget/targeting/verdicts.js").replace("export ", "");
    let table = include_str!("../../widget/targeting/verdicts.json");
    let run = format!(
        "{code}; return {table}.map(({{ name, ask = {{}}, at = {{}}, fails }}) =>
            [name, verdicts(ask, at).filter(one => !one.passes).map(one => one.rule).join(), fails.join()])"
    );
    let decided = browser.script(&run).await?;
    let decided = decided.as_array().cloned().unwrap_or_default();
    assert!(decided.len() >= 200, "{}", decided.len());
    for one in decided {
        assert_eq!(one[1], one[2], "{}", one[0]);
    }
    Ok(())
}

#[tokio::test]
async fn a_page_is_asked_where_it_is_meant_and_not_where_a_single_page_app_went_on_to() -> Result<()> {
    let world = World::start().await?;
    let rules = json!({ "delay_seconds": 0, "targeting": { "pages": [{ "is": "exact", "url": "/thanks" }] } });
    let page = shop(&world, rules, "", "").await?;
    let browser = on(&page, "/cart?x=1").await?;
    nothing_comes(&browser).await?;
    assert_eq!(why(&browser, "pages").await?["passes"], json!(false));
    browser.script("history.pushState({}, '', '/thanks?order=7')").await?;
    asks(&browser).await?;
    browser.script("history.pushState({}, '', '/cart')").await?;
    browser.until("return !document.querySelector('heard-widget')").await?;
    browser.script("history.back()").await?;
    asks(&browser).await?;
    // Something was begun: it stays wherever the page goes.
    browser.click("input[value='4']").await?;
    browser.script("history.pushState({}, '', '/cart')").await?;
    tokio::time::sleep(Duration::from_millis(600)).await;
    asks(&browser).await?;
    let said = browser.console().await?;
    assert!(said.iter().all(|line| line.starts_with("INFO")), "{said:?}");
    Ok(())
}

#[tokio::test]
async fn each_trigger_asks_at_its_moment() -> Result<()> {
    let world = World::start().await?;
    let long = "<div style=\"height: 4000px\">long</div><button class=\"paid\">Pay</button><p id=\"end\">end</p>";
    for (trigger, act) in [
        (json!({ "on": "scroll", "percent": 50 }), "scrollTo(0, 2600)"),
        (json!({ "on": "visible", "selector": "#end" }), "scrollTo(0, 9000)"),
        (json!({ "on": "click", "selector": ".paid" }), "document.querySelector('.paid').click()"),
        (json!({ "on": "event", "name": "paid" }), "heard('track', 'paid')"),
        (
            json!({ "on": "exit" }),
            "document.documentElement.dispatchEvent(new MouseEvent('mouseout', { bubbles: true, clientY: -1 }))",
        ),
    ] {
        let page = shop(&world, json!({ "delay_seconds": 0, "triggers": [trigger] }), long, "").await?;
        let browser = on(&page, "/").await?;
        nothing_comes(&browser).await?;
        browser.script(act).await?;
        asks(&browser).await.map_err(|error| error.context(trigger.to_string()))?;
    }
    for trigger in [json!({ "on": "time", "seconds": 1 }), json!({ "on": "time_on_page", "seconds": 1 })] {
        let page = shop(&world, json!({ "triggers": [trigger] }), long, "").await?;
        asks(&on(&page, "/").await?).await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_was_seen_on_another_page_of_an_app_asks_nobody_here() -> Result<()> {
    let world = World::start().await?;
    let rules = json!({ "triggers": [{ "on": "visible", "selector": "#end" }],
        "targeting": { "pages": [{ "is": "exact", "url": "/b" }] } });
    let page = shop(&world, rules, "<p id=\"end\">end</p>", "").await?;
    let browser = on(&page, "/a").await?;
    nothing_comes(&browser).await?;
    let kept = "return JSON.parse(sessionStorage.getItem('heard:demo:moment')).happened";
    assert_eq!(browser.script(kept).await?, json!(["visible #end"]), "once, however long it is in sight");
    browser.script("document.getElementById('end').remove(); history.pushState({}, '', '/b')").await?;
    nothing_comes(&browser).await?;
    browser.script("document.body.insertAdjacentHTML('beforeend', '<p id=end>end</p>')").await?;
    asks(&browser).await
}

#[tokio::test]
async fn what_happened_as_the_page_went_away_counts_on_the_next() -> Result<()> {
    let world = World::start().await?;
    let rules = json!({ "triggers": [{ "on": "event", "name": "paid" }],
        "targeting": { "pages": [{ "is": "prefix", "url": "/thanks" }] } });
    let page = shop(&world, rules, "", "").await?;
    let browser = on(&page, "/checkout").await?;
    nothing_comes(&browser).await?;
    browser.script("heard('track', 'paid'); setTimeout(() => location.assign('/thanks'), 400)").await?;
    browser.until("return location.pathname === '/thanks'").await?;
    asks(&browser).await
}

#[tokio::test]
async fn an_app_that_scrolls_within_itself_is_not_read_before_it_is_scrolled() -> Result<()> {
    let world = World::start().await?;
    let body = "<style>html, body { margin: 0; height: 100%; overflow: hidden }</style>
        <div id=\"app\" style=\"position: fixed; inset: 0; overflow: auto\"><p style=\"height: 5000px\">long</p></div>";
    let page = shop(&world, json!({ "triggers": [{ "on": "scroll", "percent": 60 }] }), body, "").await?;
    let browser = on(&page, "/").await?;
    tokio::time::sleep(Duration::from_millis(2_800)).await;
    nothing_comes(&browser).await?;
    browser.script("document.getElementById('app').scrollTo(0, 4000)").await?;
    asks(&browser).await
}

#[tokio::test]
async fn pages_and_visits_are_counted_over_tabs() -> Result<()> {
    let world = World::start().await?;
    let rules = json!({ "delay_seconds": 0, "targeting": { "min_pages": 2, "min_visits": 1 } });
    let page = shop(&world, rules, "", "").await?;
    let browser = on(&page, "/one").await?;
    nothing_comes(&browser).await?;
    browser.tab().await?;
    browser.visit(&format!("{}/two", page.url)).await?;
    asks(&browser).await?;
    let visits = "return JSON.parse(localStorage.getItem('heard:demo:visits'))";
    let counted = browser.script(visits).await?;
    assert_eq!((&counted["pages"], &counted["visits"]), (&json!(2), &json!(1)), "a tab is no visit of its own");
    // Half an hour without a page ends a visit.
    let long_ago =
        "const key = 'heard:demo:visits', kept = JSON.parse(localStorage.getItem(key)); kept.seen -= 18e5 + 1e3;
        localStorage.setItem(key, JSON.stringify(kept))";
    browser.script(long_ago).await?;
    browser.visit(&format!("{}/three", page.url)).await?;
    nothing_comes(&browser).await?;
    let counted = browser.script(visits).await?;
    assert_eq!((&counted["pages"], &counted["visits"]), (&json!(1), &json!(2)));
    Ok(())
}

#[tokio::test]
async fn a_known_visitor_has_the_same_place_everywhere_and_a_sample_stays_one() -> Result<()> {
    let world = World::start().await?;
    let page = shop(&world, json!({ "delay_seconds": 0, "targeting": { "sample_percent": 50 } }), "", "").await?;
    let mut places = Vec::new();
    for _ in 0..2 {
        let browser = on(&page, "/").await?;
        let mut told = Vec::new();
        for visitor in 0..12 {
            browser.script(&format!("heard('identify', 'visitor-{visitor}')")).await?;
            told.push(why(&browser, "sample_percent").await?["passes"].clone());
        }
        places.push(told);
    }
    assert_eq!(places[0], places[1]);
    let asked = places[0].iter().filter(|passes| **passes == json!(true)).count();
    assert!((2..=10).contains(&asked), "{asked} of 12");
    Ok(())
}

#[tokio::test]
async fn devices_languages_properties_and_signals_are_what_the_browser_has() -> Result<()> {
    let world = World::start().await?;
    let rules = json!({ "delay_seconds": 0, "targeting": { "devices": ["phone"], "languages": ["de"],
        "properties": [{ "name": "orders", "is": "at_least", "value": "3" }], "respect_privacy_signals": true } });
    let page = shop(&world, rules, "", "data-lang=\"de-AT\"").await?;
    let browser = Browser::open().await?;
    browser.become_phone(360, 740).await?;
    browser.devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": true, "maxTouchPoints": 5 })).await?;
    browser.visit(&page.url).await?;
    nothing_comes(&browser).await?;
    assert_eq!(why(&browser, "devices").await?["passes"], json!(true));
    assert_eq!(why(&browser, "languages").await?["passes"], json!(true));
    assert_eq!(why(&browser, "properties").await?["says"], "a property: wants orders ≥ 3, is orders: —");
    browser.script("heard('properties', { orders: 12, plan: null })").await?;
    asks(&browser).await?;

    let signal = "<script>Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })</script>";
    let page =
        shop(&world, json!({ "delay_seconds": 0, "targeting": { "respect_privacy_signals": true } }), signal, "")
            .await?;
    let browser = on(&page, "/").await?;
    nothing_comes(&browser).await?;
    assert_eq!(why(&browser, "respect_privacy_signals").await?["passes"], json!(false));
    browser.script("heard('ask')").await?;
    asks(&browser).await
}

#[tokio::test]
async fn without_consent_nothing_is_kept_fetched_or_asked() -> Result<()> {
    let world = World::start().await?;
    let page = shop(&world, json!({ "delay_seconds": 0 }), "", "data-consent data-visitor=\"anna\"").await?;
    let browser = on(&page, "/").await?;
    browser.script("heard('ask')").await?;
    nothing_comes(&browser).await?;
    let kept = "return [localStorage.length, sessionStorage.length,
        performance.getEntriesByType('resource').filter(one => one.name.includes('/v1/') || one.name.includes('/w/')).length]";
    assert_eq!(browser.script(kept).await?, json!([0, 0, 0]));
    browser.script("heard('consent', true)").await?;
    asks(&browser).await?;
    browser.click("input[value='4']").await?;
    browser.until("return localStorage.length > 0").await?;
    browser.script("heard('consent', false)").await?;
    browser.until("return !document.querySelector('heard-widget')").await?;
    assert_eq!(browser.script("return localStorage.length").await?, json!(0));
    browser.reload().await?;
    nothing_comes(&browser).await
}

#[tokio::test]
async fn the_page_hears_what_happens() -> Result<()> {
    let world = World::start().await?;
    let body = "<script>window.told = []; for (const name of ['shown', 'scored', 'answered', 'closed'])
        heard('on', name, detail => told.push([name, detail]));
        heard('on', 'scored', () => { throw Error('of the page') })</script>";
    let page = shop(&world, json!({ "delay_seconds": 0 }), body, "").await?;
    let browser = on(&page, "/").await?;
    browser.click("input[value='9']").await?;
    browser.click("#why").await?;
    browser.type_text("Lovely cakes").await?;
    browser.click(".send").await?;
    browser.in_widget(".thanks").await?;
    browser.click(".close").await?;
    let told = browser.script("return told").await?;
    let names: Vec<&str> = told.as_array().into_iter().flatten().filter_map(|one| one[0].as_str()).collect();
    assert_eq!(names, ["shown", "scored", "answered", "closed"]);
    assert_eq!(told[1][1], json!({ "score": 9 }));
    assert!(told[2][1]["reference"].is_string() && !told.to_string().contains("cakes"), "{told}");
    Ok(())
}

#[tokio::test]
async fn a_days_cap_and_answers_elsewhere_are_asked_of_the_server() -> Result<()> {
    let world = World::start().await?;
    let page = shop(&world, json!({ "delay_seconds": 0, "daily_cap": 1 }), "", "").await?;
    asks(&on(&page, "/").await?).await?;
    let second = on(&page, "/").await?;
    nothing_comes(&second).await?;
    assert_eq!(why(&second, "enough").await?["passes"], json!(false));
    // For an hour: an owner may want more by then.
    let quiet = "return JSON.parse(localStorage.getItem('heard:demo')).enough_until - Date.now()";
    assert!(second.script(quiet).await?.as_f64().is_some_and(|wait| wait <= 3_600_000.0));
    assert_eq!(world.api("GET", "/metrics", None, 200).await?["total"]["shown"], 1, "counted once");

    // A second tab that is refused leaves the question of the first one where it is.
    let capped = shop(&world, json!({ "delay_seconds": 0, "daily_cap": 2 }), "", "").await?;
    let tabs = on(&capped, "/").await?;
    asks(&tabs).await?;
    let first_tab = tabs.tab().await?;
    tabs.visit(&format!("{}/two", capped.url)).await?;
    nothing_comes(&tabs).await?;
    tabs.back_to(first_tab).await?;
    asks(&tabs).await?;

    let page = shop(&world, json!({ "delay_seconds": 0 }), "", "data-visitor=\"anna\"").await?;
    let first = on(&page, "/").await?;
    first.click("input[value='9']").await?;
    first.click(".send").await?;
    first.in_widget(".thanks").await?;
    let elsewhere = on(&page, "/").await?;
    nothing_comes(&elsewhere).await?;
    // That is hers alone: whoever comes next in that browser is asked.
    let stub = shop(&world, json!({ "delay_seconds": 0 }), "", "").await?;
    elsewhere.visit(&stub.url).await?;
    asks(&elsewhere).await?;
    // Who they are may be told after the script has come.
    let late = shop(&world, json!({ "delay_seconds": 2 }), "", "").await?;
    let browser = on(&late, "/").await?;
    browser.until("return !!window.heard?.begin").await?;
    browser.script("heard('identify', 'anna')").await?;
    tokio::time::sleep(Duration::from_millis(3_000)).await;
    assert_eq!(browser.script("return !!document.querySelector('heard-widget')").await?, json!(false));
    let stranger = shop(&world, json!({ "delay_seconds": 0 }), "", "data-visitor=\"bob\"").await?;
    asks(&on(&stranger, "/").await?).await
}

#[tokio::test]
async fn a_preview_shows_every_state_and_stores_nothing() -> Result<()> {
    let world = World::start().await?;
    let page = shop(&world, json!({ "delay_seconds": 0 }), "", "data-ask=\"never\"").await?;
    let browser = on(&page, "/?heard=preview").await?;
    asks(&browser).await?;
    for (state, css) in [
        ("detractor", "form:not([hidden])"),
        ("thanks", ".thanks"),
        ("contact", "#more"),
        ("failed", ".trouble:not(:empty)"),
        ("over", ".done"),
    ] {
        let choose = format!(
            "const list = document.querySelector('heard-preview').shadowRoot.querySelector('select');
             list.value = '{state}'; list.dispatchEvent(new Event('change'))"
        );
        browser.script(&choose).await?;
        browser.in_widget(css).await.map_err(|error| error.context(state))?;
        browser.picture(&format!("preview-{state}")).await?;
    }
    assert_eq!(browser.script("return localStorage.length").await?, json!(0));
    let metrics = world.api("GET", "/metrics", None, 200).await?;
    assert_eq!(
        (&metrics["total"]["shown"], &metrics["total"]["responses"]),
        (&Value::Null, &json!(0)),
        "none was ever counted"
    );
    assert_eq!(world.api("GET", "/responses?standing=test", None, 200).await?["responses"], json!([]));
    Ok(())
}

#[tokio::test]
async fn why_names_what_stands_in_the_way() -> Result<()> {
    let world = World::start().await?;
    let policy = "<script>const policy = document.createElement('meta'); policy.httpEquiv = 'Content-Security-Policy';
        policy.content = \"connect-src 'none'\"; document.head.append(policy)</script>";
    let page = shop(&world, json!({ "delay_seconds": 0 }), policy, "").await?;
    let browser = on(&page, "/").await?;
    let told = why(&browser, "policy").await?;
    assert_eq!(told["passes"], json!(false));
    assert!(told["says"].as_str().is_some_and(|says| says.starts_with("connect-src does not allow ")), "{told}");

    let open = shop(&world, json!({ "delay_seconds": 0 }), "", "").await?;
    world.configure("demo", json!({ "name": "Corner Café", "origins": ["https://cafe.example"] })).await?;
    let browser = on(&open, "/").await?;
    let told = why(&browser, "survey").await?;
    assert!(told["says"].as_str().is_some_and(|says| says.starts_with("origin_not_allowed")), "{told}");
    Ok(())
}

#[tokio::test]
async fn an_owner_learns_who_would_be_asked_before_it_is_saved() -> Result<()> {
    let world = World::start().await?;
    let rules = json!({ "targeting": { "devices": ["phone"] } });
    let body = json!({ "ask": rules, "visitor": { "page": "https://a.example/", "device": "desktop" } });
    let told = world.api("POST", "/targeting", Some(body), 200).await?;
    assert_eq!(told["asks"], json!(false));
    let failed: Vec<&Value> =
        told["rules"].as_array().into_iter().flatten().filter(|rule| rule["passes"] == json!(false)).collect();
    assert_eq!(failed, [&json!({ "rule": "devices", "passes": false, "wants": "phone", "is": "desktop" })]);
    for (rules, pointer) in [
        (json!({ "triggers": [{ "on": "dance" }] }), "/ask/triggers/0/on"),
        (json!({ "targeting": { "pages": [{ "is": "regex", "url": "(?<=a)b" }] } }), "/ask/targeting/pages/0/url"),
        (json!({ "targeting": { "pages": [{ "is": "regex", "url": "/(a+)+$" }] } }), "/ask/targeting/pages/0/url"),
        (json!({ "targeting": { "pages": [{ "is": "prefix", "url": "shop" }] } }), "/ask/targeting/pages/0/url"),
        (json!({ "targeting": { "sample_percent": 0 } }), "/ask/targeting/sample_percent"),
        (json!({ "daily_cap": 0 }), "/ask/daily_cap"),
    ] {
        let refused = world.api("PATCH", "", Some(json!({ "ask": rules })), 422).await?;
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    Ok(())
}
