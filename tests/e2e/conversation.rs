//! The loop as both sides see it, in a real browser: the owner's people answer, the customer reads, replies, says not yet, and
//! says that it is better; and holds what is kept.

use anyhow::{Context as _, Result};
use heard_tests::{Browser, HostPages, OWNER_KEY, World, new_response_id};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// What the conversation shows: each side's words.
const SAID: &str = "return root?.querySelector('.said') && [...root.querySelectorAll('.said li')]
    .map(item => item.className + ': ' + item.querySelector('.words').textContent).join(' | ')";

/// A customer has answered in this browser.
async fn answered(world: &World, score: u8, comment: &str) -> Result<(Browser, String)> {
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.click(&format!("input[value='{score}']")).await?;
    browser.in_widget("#why").await?;
    browser.click("#why").await?;
    browser.type_text(comment).await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent").await?;
    let id = world.responses().await?[0]["id"].as_str().context("no id")?.to_owned();
    Ok((browser, id))
}

async fn case_of(world: &World, id: &str) -> Result<Value> {
    Ok(world.api("GET", &format!("/cases?response={id}"), None, 200).await?["cases"][0].clone())
}

async fn say(world: &World, id: &str, body: Value) -> Result<()> {
    world.api("POST", &format!("/responses/{id}/messages"), Some(body), 201).await.map(drop)
}

/// Waits until the conversation shows this, and gives all of it.
async fn until_said(browser: &Browser, words: &str) -> Result<String> {
    let script = format!("const said = (() => {{ {SAID} }})(); return said && said.includes({}) && said", json!(words));
    Ok(browser.until(&script).await?.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn staff_answer_the_customer_comes_back_and_says_when_it_is_better() -> Result<()> {
    let world = World::start().await?;
    let maria = world.api("POST", "/people", Some(json!({ "name": "Maria", "role": "Manager" })), 201).await?;
    let (browser, id) = answered(&world, 2, "We waited forty minutes at the till.").await?;
    let person = maria["id"].as_str().context("no id")?;
    say(&world, &id, json!({ "text": "We are sorry. <b>Which</b> till was it?", "person": person, "then": "waiting" }))
        .await?;

    // Another day: a quiet mark, and no program for it.
    browser.script("localStorage.setItem('heard:demo:draft', '')").await?;
    browser.reload().await?;
    let mark = browser.until("return root?.querySelector('.mark .news')?.textContent").await?;
    assert_eq!(mark, "Corner Café has answered you");
    browser.picture("conversation-mark").await?;
    let names = "return performance.getEntriesByType('resource').map(entry => entry.name).filter(name => /wasm|first|answering/.test(name))";
    assert_eq!(browser.script(names).await?, json!([]));
    assert_eq!(
        browser.script("return document.activeElement === document.body").await?,
        true,
        "the page keeps the focus"
    );

    // A button of the page's opens it as the mark does.
    browser.script("heard('conversation')").await?;
    let said = until_said(&browser, "Which").await?;
    assert_eq!(said, "mine: We waited forty minutes at the till. | theirs: We are sorry. <b>Which</b> till was it?");
    let under = browser.script("return root.querySelector('.theirs .under').textContent").await?;
    assert!(under.as_str().is_some_and(|under| under.starts_with("Maria, Manager")), "{under}");
    browser.picture("conversation").await?;
    let read = format!("/responses/{id}/messages");
    heard_tests::until("it is read", async || {
        Ok(world.api("GET", &read, None, 200).await?["messages"][0]["read_at"].is_string().then_some(()))
    })
    .await?;

    browser.click("#reply").await?;
    browser.type_text("The one by the door.").await?;
    browser.click(".back .send").await?;
    until_said(&browser, "by the door").await?;
    assert_eq!(case_of(&world, &id).await?["status"], "open");

    // It listens while it is open.
    say(&world, &id, json!({ "text": "A second till opens on Monday.", "person": person, "then": "resolved" })).await?;
    until_said(&browser, "on Monday").await?;
    browser.picture("conversation-better").await?;
    // The tap alone is heard; why it is not better is told as anything else.
    browser.click(".not_yet").await?;
    browser.until("return root.querySelector('.outcome')?.textContent.includes('looking at it again')").await?;
    let case = case_of(&world, &id).await?;
    assert_eq!(
        (&case["status"], &case["reopen_count"], &case["verdict"]["better"]),
        (&json!("open"), &json!(1), &json!(false))
    );
    let asked = "return [root.querySelector('.back label').textContent, root.activeElement.id]";
    assert_eq!(browser.script(asked).await?, json!(["What is still wrong?", "reply"]));
    browser.type_text("Still a queue.").await?;
    browser.click(".back .send").await?;
    until_said(&browser, "Still a queue.").await?;

    // Nobody is asked for a score meanwhile, however long ago the last one was.
    let old = "const marks = JSON.parse(localStorage.getItem('heard:demo')); marks.answered = marks.left = 1;
        localStorage.setItem('heard:demo', JSON.stringify(marks))";
    browser.script(old).await?;
    browser.reload().await?;
    browser.until("return document.readyState === 'complete' && performance.getEntriesByType('resource').some(entry => entry.name.includes('/news/'))").await?;
    assert_eq!(browser.script("return !!root?.querySelector('fieldset')").await?, false);

    let path = format!("/cases/{}", case["id"].as_str().context("no id")?);
    let resolved = json!({ "status": "resolved", "resolution": "There are three tills now.", "root_cause": "Tills" });
    world.api("PATCH", &path, Some(resolved), 200).await?;
    heard_tests::until("the browser's copy is old", async || {
        browser.reload().await?;
        Ok(browser.until("return root?.querySelector('.news')").await.ok())
    })
    .await?;
    browser.click(".news").await?;
    let changed = browser.until("return root.querySelector('.outcome')?.textContent").await?;
    assert!(
        changed.as_str().is_some_and(
            |text| text.contains("What we changed: There are three tills now.") && !text.contains("Tills:")
        ),
        "{changed}"
    );
    browser.click(".yes").await?;
    browser.until("return root.querySelector('.outcome')?.textContent.includes('Good to hear')").await?;
    let case = case_of(&world, &id).await?;
    assert_eq!((&case["status"], &case["outcome"]), (&json!("resolved"), &json!("recovered")));
    // Put right, it gets its time.
    browser.script(old).await?;
    browser.reload().await?;
    browser.until("return document.readyState === 'complete'").await?;
    assert_eq!(browser.script("return !!root?.querySelector('fieldset')").await?, false);
    Ok(())
}

#[tokio::test]
async fn a_reply_without_a_network_waits_and_arrives_once() -> Result<()> {
    let world = World::start().await?;
    let (browser, id) = answered(&world, 2, "Cold soup.").await?;
    say(&world, &id, json!({ "text": "Which soup?" })).await?;
    browser.reload().await?;
    browser.until("return root?.querySelector('.news')").await?;
    browser.click(".news").await?;
    until_said(&browser, "Which soup").await?;
    let offline = |is: bool| json!({ "offline": is, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.devtools("Network.enable", json!({})).await?;
    browser.devtools("Network.emulateNetworkConditions", offline(true)).await?;
    browser.click("#reply").await?;
    browser.type_text("Tomato.").await?;
    browser.click(".back .send").await?;
    until_said(&browser, "Tomato").await?;
    browser
        .until("return [...root.querySelectorAll('.under')].some(under => under.textContent.includes('not sent yet'))")
        .await?;
    browser.devtools("Network.emulateNetworkConditions", offline(false)).await?;
    let path = format!("/responses/{id}/messages");
    heard_tests::until("it arrives", async || {
        let messages = world.api("GET", &path, None, 200).await?["messages"].as_array().map_or(0, Vec::len);
        Ok((messages == 2).then_some(()))
    })
    .await?;
    browser.reload().await?;
    browser.until("return document.readyState === 'complete'").await?;
    assert_eq!(world.api("GET", &path, None, 200).await?["messages"].as_array().map_or(0, Vec::len), 2);
    Ok(())
}

#[tokio::test]
async fn customers_hold_what_is_kept_about_them() -> Result<()> {
    let mut world = World::start().await?;
    let (browser, id) = answered(&world, 2, "The zebrasoup was cold.").await?;
    say(&world, &id, json!({ "text": "Dear zebra" })).await?;
    let case = case_of(&world, &id).await?["id"].as_str().context("no case")?.to_owned();
    world.api("POST", &format!("/cases/{case}/notes"), Some(json!({ "text": "Rang the zebra" })), 201).await?;
    // Nobody is offered an email that no mailer would send.
    let mailer = json!({ "url": "http://127.0.0.1:1/", "event_types": ["message.notify"] });
    world.api("POST", "/endpoints", Some(mailer), 201).await?;
    browser.reload().await?;
    browser.until("return root?.querySelector('.news')").await?;
    browser.click(".news").await?;
    until_said(&browser, "Dear zebra").await?;
    browser.click(".data summary").await?;
    browser.script("root.querySelector('.mails summary').click()").await?;
    browser.picture("conversation-data").await?;
    // A small phone, and a scroll bar beside it.
    let phone = json!({ "width": 360, "height": 640, "deviceScaleFactor": 1, "mobile": false });
    browser.devtools("Emulation.setDeviceMetricsOverride", phone).await?;
    browser.picture("conversation-data-360").await?;
    let beyond = "const talk = root.querySelector('.talk'); const edge = talk.getBoundingClientRect().left + talk.clientLeft + talk.clientWidth;
        return [talk.scrollWidth - talk.clientWidth, [...talk.querySelectorAll('*')]
            .filter(node => node.getBoundingClientRect().right > edge + .5).map(node => node.outerHTML.slice(0, 80))];";
    assert_eq!(browser.script(beyond).await?, json!([0, []]));
    browser.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await?;
    browser.script("const box = root.querySelector('#words'); box.value = 'The tomato zebrasoup was cold.'").await?;
    browser.click(".correct").await?;
    until_said(&browser, "tomato").await?;
    assert_eq!(world.responses().await?[0]["comment"], "The tomato zebrasoup was cold.");
    let saved = "const line = root.querySelector('.data .trouble'); return line.textContent === 'Saved.' && getComputedStyle(line).color";
    let fault = browser.script("return getComputedStyle(root.host).getPropertyValue('--wrong')").await?;
    let colour = browser.until(saved).await?;
    assert!(fault != "" && colour == "rgb(74, 83, 97)", "what went well is not told as what went wrong: {colour}");
    browser
        .script(
            "root.querySelector('.mails details').open = true; root.querySelector('#email').value = 'jo@zebra.example'",
        )
        .await?;
    browser.script("root.querySelector('.notify').scrollIntoView({ block: 'center' })").await?;
    browser.click(".notify").await?;
    browser.until("return root.querySelector('.stop')").await?;
    say(&world, &id, json!({ "text": "News" })).await?;
    let notify = world.delivery_of("message.notify", &id).await?;
    assert_eq!(notify.body["data"]["notify"]["email"], "jo@zebra.example");
    browser.script("root.querySelector('.erase').scrollIntoView({ block: 'center' })").await?;
    browser.click(".erase").await?;
    browser.click(".sure").await?;
    browser.until("return root.querySelector('.thanks')?.textContent === 'All of it is erased.'").await?;
    let stored = browser.script("return JSON.stringify(localStorage)").await?;
    assert!(!stored.to_string().contains(&id), "{stored}");
    for path in ["responses", "cases", "events", "backup", "responses.ndjson", "call-list", "deliveries"] {
        let (_, text) = world.owner("GET", &format!("demo/{path}"), "").await?;
        assert!(
            !text.contains("zebra") && (path == "events" || path == "backup" || !text.contains(&id)),
            "{path}: {text}"
        );
    }
    let (status, _) = world.owner("GET", &format!("demo/cases/{case}/history"), "").await?;
    assert_eq!(status, 404);
    Ok(())
}

#[tokio::test]
async fn what_was_sent_while_the_page_was_another_tab_is_read_in_both() -> Result<()> {
    let world = World::start().await?;
    let (browser, id) = answered(&world, 2, "Cold soup.").await?;
    say(&world, &id, json!({ "text": "Which soup?" })).await?;
    let page =
        HostPages::serve(&format!("<script async src=\"{}/heard.js\" data-site=\"demo\"></script>", world.url)).await?;
    drop(page);
    browser.reload().await?;
    browser.until("return root?.querySelector('.news')").await?;
    let first = browser.tab().await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.until("return root?.querySelector('.news')").await?;
    browser.click(".news").await?;
    until_said(&browser, "Which soup").await?;
    browser.back_to(first).await?;
    browser.until("return !root?.querySelector('.mark')").await?;
    Ok(())
}

/// What a request with a secret came to.
async fn thread(world: &World, method: &str, path: &str, key: &str, body: Value) -> Result<(StatusCode, Value)> {
    let url = format!("{}/v1/sites/demo/thread{path}", world.url);
    let request = world.http.request(method.parse()?, url).bearer_auth(key);
    let request = if body.is_null() { request } else { request.json(&body) };
    let answer = request.send().await?;
    let status = answer.status();
    Ok((status, serde_json::from_slice(&answer.bytes().await?).unwrap_or_default()))
}

#[tokio::test]
async fn forged_stolen_and_erased_secrets_open_nothing_and_the_news_tells_a_count_alone() -> Result<()> {
    let world = World::start().await?;
    let secret = "00112233445566778899aabbccddeeff";
    let (id, other) = (new_response_id(), new_response_id());
    let url = format!("{}/v1/sites/demo/responses", world.url);
    let mut mailboxes = Vec::new();
    for id in [&id, &other] {
        let body = json!({ "id": id, "revision": 1, "score": 2, "comment": "Cold soup", "page": "https://cafe.example/",
            "lang": "en", "secret": if *id == other { "ffeeddccbbaa99887766554433221100" } else { secret } });
        let told: Value = world.http.post(&url).json(&body).send().await?.json().await?;
        mailboxes.push(told["thread"]["mailbox"].as_str().context("no mailbox")?.to_owned());
    }
    let key = format!("{id}.{secret}");
    for wrong in [
        format!("{other}.{secret}"),
        format!("{id}.{}", secret.replace('f', "e")),
        id.clone(),
        OWNER_KEY.to_owned(),
        "x.y".to_owned(),
    ] {
        for (method, path) in
            [("GET", ""), ("POST", "/messages"), ("POST", "/read"), ("POST", "/verdict"), ("PATCH", ""), ("DELETE", "")]
        {
            let body = if method == "GET" {
                Value::Null
            } else {
                json!({ "id": format!("msg_{}", "7".repeat(32)), "text": "x" })
            };
            let (status, told) = thread(&world, method, path, &wrong, body).await?;
            let refused = status == 401 && told["code"] == "unknown_thread"
                || status == 422 && path != "/messages"
                || status == 429;
            assert!(refused && !told.to_string().contains("soup"), "{method} {path} with {wrong}: {status} {told}");
        }
    }
    assert_eq!(thread(&world, "GET", "", &key, Value::Null).await?.1["response"]["comment"], "Cold soup");
    let news = format!("{}/v1/sites/demo/news/{}", world.url, mailboxes[0]);
    let read = async |etag: &str| world.http.get(&news).header("if-none-match", etag).send().await;
    let quiet = read("").await?;
    let etag = quiet.headers()["etag"].to_str()?.to_owned();
    assert_eq!(quiet.json::<Value>().await?, json!({ "news": 0 }));
    let same = read(&etag).await?;
    assert_eq!(
        (same.status(), same.headers()["cache-control"].to_str()?),
        (StatusCode::NOT_MODIFIED, "public, max-age=20")
    );
    say(&world, &id, json!({ "text": "Which soup?" })).await?;
    assert_eq!(read(&etag).await?.json::<Value>().await?, json!({ "news": 1 }));
    let made_up: Value =
        world.http.get(news.replace(&mailboxes[0], &format!("mbx_{}", "0".repeat(32)))).send().await?.json().await?;
    assert_eq!(made_up, json!({ "news": 0 }));
    assert_eq!(thread(&world, "DELETE", "", &key, Value::Null).await?.0, StatusCode::NO_CONTENT);
    assert_eq!(thread(&world, "GET", "", &key, Value::Null).await?.0, StatusCode::UNAUTHORIZED);
    assert_eq!(read("").await?.json::<Value>().await?, json!({ "news": 0 }));
    Ok(())
}
