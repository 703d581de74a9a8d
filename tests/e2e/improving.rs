//! You said, we did: told to exactly those who said it, where they wrote.

use anyhow::{Context as _, Result};
use heard_tests::{Browser, HostPages, OWNER_KEY, World, until};
use serde_json::{Value, json};

async fn shop(world: &World) -> Result<HostPages> {
    let themes = json!([{ "id": "waiting", "label": "waiting", "phrases": ["waited", "queue"] }]);
    let settings = json!({ "name": "Corner Café", "ask": { "delay_seconds": 0 }, "themes": themes });
    world.configure("demo", settings).await?;
    HostPages::serve(&format!("<script async src=\"{}/heard.js\" data-site=\"demo\"></script>", world.url)).await
}

async fn says(page: &HostPages, score: u8, words: &str) -> Result<Browser> {
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click(&format!("input[value='{score}']")).await?;
    browser.click("#why").await?;
    browser.type_text(words).await?;
    browser.click(".send").await?;
    browser.in_widget(".thanks").await?;
    Ok(browser)
}

/// Once everybody whom it is for has been told.
async fn finished(world: &World, id: &Value) -> Result<Value> {
    let path = format!("/announcements/{}", id.as_str().context("an id")?);
    until("everybody is told", async || {
        let announcement = world.api("GET", &path, None, 200).await?;
        Ok((!announcement["finished_at"].is_null()).then_some(announcement))
    })
    .await
}

#[tokio::test]
async fn who_said_it_reads_what_was_done_on_their_next_visit_and_says_whether_it_is_better() -> Result<()> {
    let mut world = World::start().await?;
    let page = shop(&world).await?;
    let waited = says(&page, 3, "We waited half an hour in the queue at the till.").await?;
    let content = says(&page, 10, "Lovely cake, and the staff were kind.").await?;
    let audience = json!({ "theme": "waiting", "polarity": "negative" });
    let preview = world.api("POST", "/audience", Some(json!({ "audience": audience })), 200).await?;
    assert_eq!((&preview["responses"], &preview["customers"]), (&json!(1), &json!(1)));
    let new = json!({ "title": "Shorter queues", "audience": audience });
    let improvement = world.api("POST", "/improvements", Some(new), 201).await?;
    let evidence = &improvement["evidence"];
    // A list is without it: it is counted for one at a time.
    assert!(world.api("GET", "/improvements", None, 200).await?["improvements"][0]["evidence"].is_null());
    assert_eq!((&evidence["cases"], &evidence["quotes"][0]["theme"]), (&json!(1), &json!("waiting")));
    let done = json!({ "status": "completed", "what_we_did": "A second till opens at eleven." });
    let path = format!("/improvements/{}", improvement["id"].as_str().unwrap_or_default());
    let url = format!("{}/v1/sites/demo{path}", world.url);
    let read = world.http.get(&url).bearer_auth(OWNER_KEY).send().await?;
    let etag = read.headers()["etag"].to_str()?.to_owned();
    let change = async |body: &Value| {
        let request = world.http.patch(&url).bearer_auth(OWNER_KEY).header("if-match", &etag).json(body);
        request.send().await
    };
    assert_eq!(change(&done).await?.status(), 200);
    let late = change(&json!({ "status": "declined" })).await?;
    assert_eq!((late.status().as_u16(), &late.json::<Value>().await?["code"]), (412, &json!("precondition_failed")));
    let case = world.api("GET", "/cases", None, 200).await?["cases"][0]["id"].clone();
    let case = format!("/cases/{}", case.as_str().unwrap_or_default());
    world.api("PATCH", &case, Some(json!({ "status": "closed" })), 200).await?;
    let text = json!({ "en": "You waited too long. A second till opens at eleven.", "de": "Eine zweite Kasse." });
    let told = json!({ "text": text, "audience": audience, "improvement": improvement["id"] });
    let announcement = world.api("POST", "/announcements", Some(told), 201).await?;
    assert_eq!(finished(&world, &announcement["id"]).await?["reach"]["told"], 1);

    // In place of a survey: a mark, and behind it their words, what was done, and whether it helped.
    waited.visit(&format!("{}/again", page.url)).await?;
    waited
        .until("return root?.querySelector('.news')?.textContent === 'News from Corner Café about what you said'")
        .await?;
    assert_eq!(waited.script("return !!root.querySelector('fieldset')").await?, json!(false));
    waited.picture("announcement-mark").await?;
    waited.click(".news").await?;
    let bubbles = "return [...root.querySelectorAll('.said .words')].map(one => one.textContent)";
    let wanted = json!([
        "We waited half an hour in the queue at the till.",
        "You waited too long. A second till opens at eleven."
    ]);
    waited.until("return root.querySelectorAll('.said .words').length === 2").await?;
    assert_eq!(waited.script(bubbles).await?, wanted);
    assert_eq!(waited.script("return root.querySelector('.verdict legend').textContent").await?, "Is it better?");
    waited.picture("announcement").await?;
    waited.click(".not_yet").await?;
    waited.until("return root.querySelector('.outcome')?.textContent.includes('looking at it again')").await?;
    let judged = loop {
        let delivery = world.next_delivery().await?;
        if delivery.body["type"] == "announcement.judged" {
            break delivery;
        }
    };
    assert_eq!(judged.body["data"]["verdict"], json!({ "better": false }));
    let open = world.api("GET", "/cases?unsettled=true", None, 200).await?;
    assert_eq!(open["cases"][0]["source_rule"], "not better yet");
    let reach = finished(&world, &announcement["id"]).await?["reach"].clone();
    assert_eq!(reach, json!({ "told": 1, "seen": 1, "better": 0, "not_yet": 1 }));

    // Nobody else hears of it.
    content.visit(&format!("{}/again", page.url)).await?;
    let nothing = "return window.heard?.begin && window.heard('why').then(told => told.some(one => one.rule === 'again' && !one.passes))";
    content.until(nothing).await?;
    assert_eq!(content.script("return !!document.querySelector('heard-widget')").await?, json!(false));
    Ok(())
}

#[tokio::test]
async fn who_still_waits_for_an_answer_reads_it_too_and_is_not_followed_by_it() -> Result<()> {
    let world = World::start().await?;
    let page = shop(&world).await?;
    // A promise, and nobody who sees to the case.
    world.api("PATCH", "", Some(json!({ "promise": { "within": { "number": 2, "unit": "hours" } } })), 200).await?;
    let customer = says(&page, 3, "We waited half an hour in the queue at the till.").await?;
    assert_eq!(world.api("GET", "/cases?unsettled=true", None, 200).await?["cases"][0]["assignee"], Value::Null);
    let told = json!({ "text": { "en": "A second till opens at eleven." }, "audience": { "theme": "waiting" } });
    let announcement = world.api("POST", "/announcements", Some(told), 201).await?;
    finished(&world, &announcement["id"]).await?;
    customer.visit(&format!("{}/again", page.url)).await?;
    customer.click(".news").await?;
    customer.until("return root.querySelectorAll('.said .words').length === 2").await?;
    assert_eq!(
        customer.script("return root.querySelector('.data').textContent.includes('undefined')").await?,
        json!(false)
    );
    let case = world.api("GET", "/cases", None, 200).await?["cases"][0]["id"].clone();
    let case = format!("/cases/{}", case.as_str().unwrap_or_default());
    world.api("PATCH", &case, Some(json!({ "status": "resolved" })), 200).await?;
    // Read, and left unanswered: it is asked about there, and nowhere else again.
    customer.visit(&format!("{}/third", page.url)).await?;
    customer.click(".news").await?;
    customer.until("return root.querySelector('.verdict legend')?.textContent === 'Is it better?'").await?;
    customer.until("return performance.getEntriesByType('resource').some(one => one.name.includes('/thread/read') && one.responseEnd)").await?;
    customer.click(".close").await?;
    customer.visit(&format!("{}/fourth", page.url)).await?;
    let looked = "return window.heard?.begin && performance.getEntriesByType('resource').some(one => one.name.includes('/news/') && one.responseEnd)";
    customer.until(looked).await?;
    let asked = "return window.heard('why').then(told => told.some(one => one.rule === 'again'))";
    customer.until(asked).await?;
    assert_eq!(customer.script("return !!document.querySelector('heard-widget')").await?, json!(false));
    let said = customer.console().await?;
    assert!(said.iter().all(|line| line.starts_with("INFO")), "{said:?}");
    Ok(())
}

#[tokio::test]
async fn bad_announcements_are_told_at_the_member_and_reach_nobody() -> Result<()> {
    let world = World::start().await?;
    for (body, pointer) in [
        (json!({ "text": { "en": "x" }, "audience": {} }), "/audience"),
        (json!({ "text": { "en": "x" }, "audience": { "band": "detractor" } }), "/audience"),
        (json!({ "text": { "en": "x" }, "audience": { "words": "!!" } }), "/audience/words"),
        (json!({ "text": { "en": "x" }, "audience": { "polarity": "negative", "words": "a" } }), "/audience/polarity"),
        (json!({ "text": { "en": "" }, "audience": { "theme": "a" } }), "/text/en"),
        (json!({ "text": {}, "audience": { "theme": "a" } }), "/text"),
        (json!({ "text": { "en": "x".repeat(2_001) }, "audience": { "theme": "a" } }), "/text/en"),
        (json!({ "text": { "en": "x" }, "audience": { "theme": "a", "color": 1 } }), "/audience/color"),
    ] {
        let problem = world.api("POST", "/announcements", Some(body.clone()), 422).await?;
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}: {problem}");
    }
    let unknown = json!({ "text": { "en": "x" }, "audience": { "theme": "a" }, "improvement": format!("imp_{}", "0".repeat(32)) });
    world.api("POST", "/announcements", Some(unknown), 404).await?;
    assert_eq!(world.api("GET", "/announcements", None, 200).await?["announcements"], json!([]));
    let week = world.api("GET", "/huddle?until=2026-01-05", None, 200).await?;
    assert_eq!((&week["responses"]["now"], &week["nps"]["now"]), (&json!(0.0), &Value::Null));
    world.api("GET", "/huddle?until=someday", None, 400).await?;
    Ok(())
}

/// Of the answers in an export, how many are so.
fn count(answers: &[Value], is_so: impl Fn(&Value) -> bool) -> u64 {
    answers.iter().filter(|answer| is_so(answer)).count() as u64
}

fn speaks_of(answer: &Value, theme: &str, polarity: &str) -> bool {
    let themes = answer["heard"]["themes"].as_array().into_iter().flatten();
    themes.into_iter().any(|found| found["id"] == theme && found["polarity"] == polarity)
}

#[tokio::test]
async fn every_number_of_the_week_and_of_the_month_comes_out_of_the_export() -> Result<()> {
    let world = World::start().await?;
    shop(&world).await?;
    let said = [
        (10, "Anna was so kind and the cake was delicious"),
        (9, "No queue at all, I never waited"),
        (9, ""),
        (8, "Good coffee, but please open on Sundays"),
        (7, "We waited a bit"),
        (3, "I waited far too long in the queue"),
        (1, "We waited an hour and left"),
        (0, "Die Schlange war endlos"),
    ];
    for round in 0..4 {
        for (score, words) in said {
            let body = json!({ "id": heard_tests::new_response_id(), "revision": 1, "score": score, "comment": words,
                "page": format!("https://a.example/{round}"), "lang": "en" });
            world.api("POST", "/responses", Some(body), 200).await?;
        }
    }
    // Erased and withdrawn ones are in no number.
    let gone = world.responses().await?[0]["id"].as_str().unwrap_or_default().to_owned();
    world.api("DELETE", &format!("/responses/{gone}"), None, 204).await?;

    let (_, export) = world.owner("GET", "demo/responses.ndjson", "").await?;
    let answers: Vec<Value> = export.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let of_band = |band: &str| count(&answers, |answer| answer["band"] == band);
    let has_words = |answer: &Value| answer["comment"].as_str().is_some_and(|comment| !comment.is_empty());
    let (all, happy, unhappy) = (answers.len() as u64, of_band("promoter"), of_band("detractor"));
    assert_eq!(all, 31);
    let tenth = |part: u64, whole: u64| (part as f64 / whole as f64 * 1_000.0).round() / 10.0;

    let week = world.api("GET", "/huddle", None, 200).await?;
    assert_eq!(week["responses"]["now"], json!(all as f64));
    let nps = (happy as f64 - unhappy as f64) / all as f64 * 100.0;
    assert!((week["nps"]["now"].as_f64().context("an NPS")? - nps).abs() < 0.06, "{nps}: {week}");
    assert_eq!(week["comment_rate"]["now"], json!(tenth(count(&answers, has_words), all)));
    let waiting = &week["themes"][0];
    assert_eq!(waiting["theme"], "waiting");
    assert_eq!(waiting["criticised"], json!(count(&answers, |answer| speaks_of(answer, "waiting", "negative"))));
    assert_eq!(waiting["praised"], json!(count(&answers, |answer| speaks_of(answer, "waiting", "positive"))));

    let month = world.api("GET", "/bright-spots?months=1", None, 200).await?["months"][0].clone();
    let promoter = |answer: &Value| answer["band"] == "promoter";
    assert_eq!(
        (&month["promoters"], &month["with_words"]),
        (&json!(happy), &json!(count(&answers, |answer| promoter(answer) && has_words(answer))))
    );
    for theme in month["themes"].as_array().into_iter().flatten() {
        let id = theme["theme"].as_str().unwrap_or_default();
        let praised = count(&answers, |answer| promoter(answer) && speaks_of(answer, id, "positive"));
        assert_eq!(theme["promoters"], json!(praised), "{id}");
    }
    let named = count(&answers, |answer| {
        let people = answer["heard"]["people"].as_array().into_iter().flatten();
        people.into_iter().any(|person| person["name"] == "Anna" && person["polarity"] == "positive")
    });
    assert_eq!((&month["people"][0]["name"], &month["people"][0]["times"]), (&json!("Anna"), &json!(named)));

    let ideas = world.api("GET", "/ideas", None, 200).await?;
    let asked =
        count(&answers, |answer| answer["heard"]["suggestions"].as_array().is_some_and(|ideas| !ideas.is_empty()));
    let told: u64 =
        ideas["ideas"].as_array().into_iter().flatten().filter_map(|group| group["customers"].as_u64()).sum();
    assert_eq!((told, ideas["ideas"].as_array().map(Vec::len)), (asked, Some(1)), "{ideas}");
    let refused = world.api("GET", "/bright-spots?months=13", None, 400).await?;
    assert_eq!(refused["code"], "invalid_parameter");
    Ok(())
}
