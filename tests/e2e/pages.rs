//! On every page: what it does to the widget, and how it is set in.

use anyhow::Result;
use heard_tests::{Browser, HostPages, World, until};
use serde_json::json;

fn snippet(world: &World, more: &str) -> String {
    format!("<script async src=\"{}/heard.js\" data-site=\"demo\" {more}></script>", world.url)
}

async fn asked(world: &World, body: &str) -> Result<(Browser, HostPages)> {
    let page = HostPages::serve(&format!("{body}{}", snippet(world, ""))).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.in_widget("fieldset").await?;
    Ok((browser, page))
}

#[tokio::test]
async fn it_outlives_what_pages_do_to_their_body() -> Result<()> {
    let world = World::start().await?;
    let (browser, _page) = asked(&world, "<style>body { transform: rotate(20deg); filter: blur(4px) }</style>").await?;
    browser.click("input[value='4']").await?;
    browser.click("#why").await?;
    browser.type_text("The soup").await?;
    // As Turbo does on each visit.
    browser.script("document.body.replaceWith(document.createElement('body'))").await?;
    browser.type_text(" was cold").await?;
    assert_eq!(browser.script("return root.querySelector('#why').value").await?, json!("The soup was cold"));
    browser.script("root.host.remove()").await?;
    browser.until("return root?.querySelector('#why')?.value === 'The soup was cold'").await?;
    let placed = "const box = root.querySelector('.panel').getBoundingClientRect();
        return [root.host.parentNode.localName, innerWidth - box.right, innerHeight - box.bottom]";
    browser.until(&format!("{placed}.join() === 'html,16,16'")).await?;
    Ok(())
}

#[tokio::test]
async fn an_open_dialog_of_the_page_comes_first() -> Result<()> {
    let world = World::start().await?;
    let dialog = "<dialog id=\"cookies\"><button onclick=\"cookies.close()\">Accept</button></dialog>
        <script>cookies.showModal()</script>";
    let page = HostPages::serve(&format!("{dialog}{}", snippet(&world, ""))).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser
        .until("return performance.getEntriesByType('resource').some(entry => entry.name.includes('/survey'))")
        .await?;
    browser
        .until("return performance.getEntriesByType('resource').some(entry => entry.name.includes('/first.js'))")
        .await?;
    assert_eq!(browser.script("return !!root").await?, json!(false));
    // Asked for from within: it joins the dialog, which makes all else inert.
    browser.script("heard('ask')").await?;
    browser.click("input[value='4']").await?;
    assert_eq!(browser.script("return root.host.parentNode.id").await?, json!("cookies"));
    browser.click(".close").await?;

    browser.script("localStorage.clear()").await?;
    browser.reload().await?;
    browser
        .until("return performance.getEntriesByType('resource').some(entry => entry.name.includes('/first.js'))")
        .await?;
    assert_eq!(browser.script("return !!root").await?, json!(false));
    browser.script("cookies.close()").await?;
    browser.in_widget("fieldset").await?;
    Ok(())
}

#[tokio::test]
async fn time_counts_while_the_page_is_seen_and_goes_on_over_pages() -> Result<()> {
    let world = World::start().await?;
    world.configure("demo", json!({ "name": "Corner Café", "ask": { "delay_seconds": 3 } })).await?;
    let hidden = "<script>let state = 'hidden'; const was = Date.now();
        Object.defineProperty(document, 'visibilityState', { get: () => state })</script>";
    let page = HostPages::serve(&format!("{hidden}{}", snippet(&world, ""))).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.until("return Date.now() - was > 4000").await?;
    assert_eq!(browser.script("return !!root").await?, json!(false));
    assert_eq!(world.api("GET", "/metrics", None, 200).await?["total"]["shown"], json!(null));
    let see = "state = 'visible'; document.dispatchEvent(new Event('visibilitychange'));";
    browser.script(&format!("{see} window.since = Date.now()")).await?;
    browser.until("return Date.now() - since > 1500").await?;
    // The next page counts on.
    browser.reload().await?;
    browser.script(&format!("{see} window.since = Date.now()")).await?;
    browser.in_widget("fieldset").await?;
    let waited = browser.script("return Date.now() - since").await?.as_u64().unwrap_or_default();
    assert!(waited < 2_900, "{waited} ms");
    Ok(())
}

#[tokio::test]
async fn the_script_is_found_by_other_names() -> Result<()> {
    let world = World::start().await?;
    let copy = world.http.get(format!("{}/heard.js", world.url)).send().await?.text().await?;
    let inline = copy.replace("</script", "<\\/script");
    let merged = |then: &str| format!("<script>{inline}</script><script>{then}</script>");
    let init = format!("heard('init', {{ site: 'demo', server: '{}/' }})", world.url);
    for body in [
        format!("<script async src=\"{}/heard.js?site=demo\"></script>", world.url),
        // Merged into a bundle of the page's own.
        merged(&init),
        format!("<script>{inline}</script><script>heard('ask'); {init}</script>"),
        // Called before it is there.
        format!(
            "<script>window.heard = function () {{ (heard.q = heard.q || []).push(arguments) }}; {init}</script>{}",
            merged("")
        ),
        format!(
            "<script src=\"data:text/javascript,\"></script><script data-site=\"demo\" data-server=\"{}\">{inline}</script>",
            world.url
        ),
    ] {
        let page = HostPages::serve(&body).await?;
        let browser = Browser::open().await?;
        browser.visit(&page.url).await?;
        browser.in_widget("fieldset").await?;
    }

    let page = HostPages::serve(&merged("")).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    let said = browser.console().await?;
    assert!(said.len() == 1 && said[0].contains("data-site") && said[0].contains("exclude heard.js"), "{said:?}");
    browser.script("heard('init', { site: 'No Site' })").await?;
    let said = browser.console().await?;
    assert!(said.len() == 1 && said[0].contains("data-site"), "{said:?}");
    Ok(())
}

#[tokio::test]
async fn pages_that_changed_the_browsers_own_functions_get_an_answer_too() -> Result<()> {
    let world = World::start().await?;
    // As Prototype 1.6 and its kind did.
    let old = "<script>
        Array.prototype.toJSON = String.prototype.toJSON = function () { return 'x' + this };
        Array.from = function (list) { return list ? [].slice.call(list) : [] };
        Element.prototype.remove = function () { throw Error('mine') };
        JSON.stringify = function () { return 'mine' };
        delete AbortSignal.timeout;
        Element.prototype.append = undefined; Element.prototype.replaceChildren = undefined;
        const real = document.createElement.bind(document);
        document.createElement = function (name) { const it = real(name); it.setAttribute('data-patched', ''); return it };
        for (const key in []) window.extended = key;
        Array.prototype.each = function () {};
        </script>";
    // The driver of the browser needs these functions, too: the page answers by itself.
    let answers = "<script>const find = css => document.querySelector('heard-widget')?.shadowRoot.querySelector(css);
        const steps = [() => find('[value=\"3\"]').click(), () => {
            find('#why').value = 'The \"soup\" was cold'; find('#why').dispatchEvent(new Event('input', { bubbles: true }));
            find('form .send').click() }, () => find('.done').click()];
        const needs = ['fieldset', 'form:not([hidden]) #why', '.done'];
        setInterval(() => find(needs[0]) && needs.shift() && steps.shift()(), 300)</script>";
    let page = HostPages::serve(&format!("{old}{answers}{}", snippet(&world, "data-scheme=\"light\""))).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    let words =
        async || Ok(world.responses().await?.pop().filter(|stored| stored["comment"] == "The \"soup\" was cold"));
    until("the words are stored", words).await?;
    Ok(())
}

#[tokio::test]
async fn shortcuts_of_the_page_get_no_letters() -> Result<()> {
    let world = World::start().await?;
    let listening = "<script>window.keys = [];
        const shortcut = event => { if (!/input|textarea/i.test(event.target.tagName) && !event.target.isContentEditable) {
            keys.push(event.key); event.preventDefault() } };
        addEventListener('keydown', shortcut, true); document.addEventListener('keydown', shortcut, true);
        document.addEventListener('keyup', event => keys.push('up ' + event.key), true)</script>";
    let (browser, _page) = asked(&world, listening).await?;
    browser.click("input[value='6']").await?;
    browser.click("#why").await?;
    browser.type_text("g/k").await?;
    assert_eq!(browser.script("return [root.querySelector('#why').value, keys]").await?, json!(["g/k", []]));
    Ok(())
}

#[tokio::test]
async fn digits_choose_a_score_and_control_enter_sends() -> Result<()> {
    const CONTROL: char = '\u{e009}';
    let world = World::start().await?;
    let (browser, _page) = asked(&world, "").await?;
    browser.until("return root?.host.hasAttribute('data-leptos')").await?;
    browser.tab_to("input[type=radio]").await?;
    browser.type_text("7").await?;
    browser.type_text("1").await?;
    browser.until("return root.querySelector(':checked')?.value === '1'").await?;
    // However long it takes.
    browser.script("window.then = Date.now()").await?;
    browser.until("return Date.now() - then > 900").await?;
    browser.type_text("0").await?;
    browser.until("return root.querySelector(':checked')?.value === '10'").await?;
    // The box is one key away, and the button that closes comes last.
    browser.key('\u{e004}').await?;
    assert_eq!(browser.script("return root.activeElement.id").await?, json!("why"));
    browser.type_text("7 kind people").await?;
    browser.chord(CONTROL, '\u{e007}').await?;
    browser.in_widget(".thanks").await?;
    let stored = until("it is stored", async || Ok(world.responses().await?.pop())).await?;
    assert_eq!((&stored["score"], &stored["comment"]), (&json!(10), &json!("7 kind people")));
    Ok(())
}

#[tokio::test]
async fn the_focus_goes_back_to_where_it_came_from() -> Result<()> {
    let world = World::start().await?;
    let (browser, _page) = asked(&world, "<input id=\"search\">").await?;
    browser.script("search.focus()").await?;
    browser.tab_to("input[type=radio]").await?;
    let came_from = browser.script("return document.querySelector('#search') && 'search'").await?;
    browser.key('\u{e00c}').await?;
    browser.until("return !root").await?;
    assert_eq!(browser.script("return document.activeElement.id").await?, came_from);
    Ok(())
}

#[tokio::test]
async fn it_reads_from_right_to_left_where_words_do_and_stands_where_the_owner_says() -> Result<()> {
    let world = World::start().await?;
    let rtl = "<script>document.documentElement.dir = 'rtl'; document.documentElement.lang = 'de_DE'</script>";
    let page =
        HostPages::serve(&format!("{rtl}{}", snippet(&world, "data-position=\"bottom-left\" data-offset=\"24 90\"")))
            .await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='3']").await?;
    let placed = "const box = root.querySelector('.panel').getBoundingClientRect();
        const label = value => root.querySelector(`[value='${value}']`).getBoundingClientRect().left;
        return [root.querySelector('.panel').lang, box.left, innerHeight - box.bottom, label(0) < label(10),
            getComputedStyle(root.querySelector('#why')).direction]";
    assert_eq!(browser.script(placed).await?, json!(["de", 24, 90, true, "ltr"]));
    browser.click("#why").await?;
    browser.type_text("שירות איטי").await?;
    assert_eq!(browser.script("return getComputedStyle(root.querySelector('#why')).direction").await?, json!("rtl"));
    browser.picture("right-to-left").await?;

    let places = [
        ("top-right", "innerWidth - box.right < 20 && box.top < 20"),
        ("top-left", "box.left < 20 && box.top < 20"),
        ("center", "Math.abs(box.left + box.right - innerWidth) < 2"),
        ("bar", "box.left === 0 && box.right === innerWidth"),
    ];
    for (place, fits) in places {
        let page = HostPages::serve(&snippet(&world, &format!("data-position=\"{place}\""))).await?;
        browser.visit(&page.url).await?;
        browser.in_widget("fieldset").await?;
        browser.picture(place).await?;
        let fits = format!("const box = root.querySelector('.panel').getBoundingClientRect(); return {fits}");
        assert_eq!(browser.script(&fits).await?, json!(true), "{place}");
    }
    let inline = "<div id=\"here\" style=\"width: 30rem\"></div>";
    let page = HostPages::serve(&format!("{inline}{}", snippet(&world, "data-into=\"#here\""))).await?;
    browser.visit(&page.url).await?;
    browser.in_widget("fieldset").await?;
    assert_eq!(browser.script("return root.host.parentNode.id").await?, json!("here"));
    Ok(())
}

#[tokio::test]
async fn it_gives_way_to_what_covers_it() -> Result<()> {
    let world = World::start().await?;
    let banner = "<div style=\"position: fixed; inset: auto 0 0; height: 90px; background: #222; z-index: 2147483647\">
        <p>Cookies!</p></div>";
    let (browser, _page) = asked(&world, banner).await?;
    browser.until("return innerHeight - root.querySelector('.panel').getBoundingClientRect().bottom >= 98").await?;
    browser.click("input[value='3']").await?;
    Ok(())
}

#[tokio::test]
async fn little_room_and_large_letters_keep_the_button_in_reach() -> Result<()> {
    let world = World::start().await?;
    let page = HostPages::serve(&snippet(&world, "")).await?;
    let browser = Browser::open().await?;
    for (width, height) in [(360, 340), (640, 320), (320, 568)] {
        browser.become_phone(width, height).await?;
        browser.visit(&page.url).await?;
        browser.click("input[value='3']").await?;
        browser.click("#why").await?;
        browser.type_text("Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen").await?;
        browser.picture(&format!("phone-{width}x{height}")).await?;
        let sight = "const inside = css => { const box = root.querySelector(css).getBoundingClientRect();
                return box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth };
            root.querySelector('.send').scrollIntoView({ block: 'nearest' });
            return [inside('#why'), inside('.send'), inside('.close'), document.documentElement.scrollWidth <= innerWidth]";
        assert_eq!(browser.script(sight).await?, json!([true, true, true, true]), "{width} x {height}");
        browser.script("localStorage.clear()").await?;
    }
    Ok(())
}

#[tokio::test]
async fn dark_pages_get_a_dark_panel_and_paper_gets_none() -> Result<()> {
    let world = World::start().await?;
    let (browser, _page) = asked(&world, "<style>:root { color-scheme: dark; background: #111 }</style>").await?;
    let look = "const panel = getComputedStyle(root.querySelector('.panel'));
        return [root.host.dataset.scheme, panel.backgroundColor, getComputedStyle(root.host).display]";
    assert_eq!(browser.script(look).await?, json!(["dark", "rgb(28, 33, 39)", "block"]));
    browser.click("input[value='3']").await?;
    browser.picture("dark").await?;
    browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
    assert_eq!(browser.script("return getComputedStyle(root.host).display").await?, json!("none"));
    Ok(())
}

#[tokio::test]
async fn a_screen_reader_is_told_that_a_question_came() -> Result<()> {
    let world = World::start().await?;
    let (browser, _page) = asked(&world, "").await?;
    let said = browser.until("return root?.querySelector('[role=status]')?.textContent").await?;
    assert_eq!(said, "How likely are you to recommend Corner Café to a friend?");
    let order =
        "return [...root.querySelectorAll('input, textarea, button')].map(node => node.className || node.type).join()";
    let order = browser.script(order).await?;
    assert!(order.as_str().is_some_and(|order| order.ends_with("textarea,send,close")), "{order}");
    Ok(())
}

#[tokio::test]
async fn the_decisions_of_the_loader_are_those_of_the_table() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/v1/event-types", world.url)).await?;
    let rules = include_str!("../../widget/loader/rules.js").replace("export ", "");
    let table = include_str!("../../widget/loader/rules.json");
    let run = format!("{rules}; return {table}.map(one => [one.name, decide(one.memory, one.draft, one.now), one.is])");
    let decided = browser.script(&run).await?;
    let decided = decided.as_array().cloned().unwrap_or_default();
    assert!(decided.len() > 10);
    for one in decided {
        let [name, is, wanted] = [0, 1, 2].map(|at| one[at].as_str().map(str::to_owned));
        assert_eq!(is, wanted, "{name:?}");
    }
    Ok(())
}
