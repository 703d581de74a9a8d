//! A year at a café that is made up: what the demo shows, so that a stranger sees in a minute what the desk is for.

use anyhow::{Context as _, Result, bail};
use heard_wire::{
    Answers, Case, CaseEntry, Message, MessageId, PageUrl, Response, ResponseId, Score, SiteId, StoredResponse,
    Teammate, Timestamp, Tried, reference_of,
};
use reqwest::Client;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::SystemTime;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Score and comment, a line each.
const COMMENTS: &str = include_str!("sample/comments.tsv");
const MARIA: &str = "per_000000000000000000000000000000aa";
const TOMAS: &str = "per_000000000000000000000000000000bb";

/// Numbers that look like chance and are the same each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most.max(1)
    }

    fn percent(&mut self) -> u64 {
        self.below(100)
    }
}

/// Fills the site `demo`, which holds nothing yet.
pub async fn fill(url: &str, owner_key: &str, settings: &Value) -> Result<()> {
    let client = Client::new();
    let site = format!("{url}/v1/sites/demo");
    let replies = listen(&client, &site, owner_key).await?;
    let now = i64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_millis())?;
    let mut lines =
        vec![json!({ "kind": "site", "version": 1, "site": "demo", "exported_at": at(now), "settings": settings })];
    for (id, name, role) in [(MARIA, "Maria Lopez", "Manager"), (TOMAS, "Tomas Berg", "Barista")] {
        let person: Teammate =
            serde_json::from_value(json!({ "id": id, "name": name, "role": role, "created_at": at(now - 370 * DAY) }))?;
        lines.push(tagged("person", &person)?);
    }
    let answers = answers(now, &replies)?;
    let mut shown: HashMap<i64, u64> = HashMap::new();
    let mut dice = Dice(7);
    for answer in &answers {
        let hour = answer.response.created_at.as_millis() / HOUR * HOUR;
        *shown.entry(hour).or_default() += 2 + dice.below(3);
        let mut line = tagged("response", answer)?;
        // Of browsers that nobody has: they can be told what was done all the same.
        set(&mut line, "secret_hash", format!("{:064x}", u128::from(dice.next()) << 40 | u128::from(dice.next())));
        lines.push(line);
    }
    for (hour, times) in shown {
        lines.push(json!({ "kind": "shown", "hour": at(hour), "times": times }));
    }
    lines.extend(cases(now, &answers)?);
    lines.extend(improvements(now));
    lines.push(json!({ "kind": "end", "records": lines.len() }));
    let body: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let answer = client.post(format!("{site}/backup")).bearer_auth(owner_key).body(body).send().await?;
    let (status, report) = (answer.status(), answer.json::<Value>().await?);
    if !status.is_success() || report.get("complete") != Some(&json!(true)) || report.get("faults") != Some(&json!([]))
    {
        bail!("filling the demo site failed ({status}): {report}");
    }
    Ok(())
}

/// What is heard in each comment, and answered: by the very Worker that the demo runs.
async fn listen(client: &Client, site: &str, owner_key: &str) -> Result<HashMap<&'static str, Tried>> {
    let mut replies = HashMap::new();
    for (score, comment) in comments() {
        let body = json!({ "comment": comment, "score": score });
        let answer = client.post(format!("{site}/listen")).bearer_auth(owner_key).json(&body).send().await?;
        replies.insert(comment, answer.error_for_status()?.json::<Tried>().await?);
    }
    Ok(replies)
}

fn comments() -> impl Iterator<Item = (u8, &'static str)> {
    COMMENTS.lines().filter_map(|line| {
        let (score, comment) = line.split_once('\t')?;
        Some((score.parse().ok()?, comment))
    })
}

/// What is done about what many said: a second till a month ago, and something that is only thought of.
fn improvements(now: i64) -> [Value; 2] {
    let till = json!({
        "id": "imp_00000000000000000000000000000001", "title": "A second till at noon", "status": "completed",
        "audience": { "theme": "waiting", "polarity": "negative" }, "owner": MARIA,
        "what_we_did": "A second till opens at eleven, so that nobody waits at noon.",
        "created_at": at(now - 75 * DAY), "updated_at": at(now - 6 * DAY), "completed_at": at(now - 30 * DAY),
    });
    let coffee = json!({
        "id": "imp_00000000000000000000000000000002", "title": "Coffee that stays hot on the terrace", "status": "under_review",
        "audience": { "words": "cold" }, "owner": TOMAS,
        "created_at": at(now - 3 * DAY), "updated_at": at(now - 3 * DAY), "completed_at": null,
    });
    [till, coffee].map(|improvement| json!({ "kind": "improvement", "improvement": improvement }))
}

/// Sets a member of an object.
fn set(object: &mut Value, name: &str, value: impl Into<Value>) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value.into());
    }
}

fn at(millis: i64) -> Value {
    json!(Timestamp::from_millis(millis))
}

fn tagged(kind: &str, record: &impl serde::Serialize) -> Result<Value> {
    let mut line = serde_json::to_value(record)?;
    set(&mut line, "kind", kind);
    Ok(line)
}

/// A year of answers, oldest first. It gets better, and a second till in the last month ends most of the waiting.
fn answers(now: i64, replies: &HashMap<&'static str, Tried>) -> Result<Vec<StoredResponse>> {
    let mut dice = Dice(42);
    let all: Vec<(u8, &str)> = comments().collect();
    let mut answers = Vec::new();
    for day in (0..365_i64).rev() {
        let many = 1 + dice.below(3) + u64::from(day < 30) * dice.below(3);
        for _ in 0..many {
            // Between nine in the morning and eight in the evening, there.
            let created = (now / DAY - day) * DAY + 8 * HOUR + i64::try_from(dice.below(11 * 60))? * MINUTE;
            if created > now - HOUR {
                continue;
            }
            // More promoters as the year goes on.
            let mood = dice.percent() + u64::try_from((365 - day) / 24)?;
            let score = match mood {
                0..=27 => u8::try_from(dice.below(7))?,
                28..=55 => 7 + u8::try_from(dice.below(2))?,
                _ => 9 + u8::try_from(dice.below(2))?,
            };
            let fits = |other: u8| matches!((score, other), (0..=6, 0..=6) | (7 | 8, 7 | 8) | (9.., 9..));
            let is_waiting = |text: &str| {
                ["ait", "queue", "Queue", "low service", "gewartet"].iter().any(|word| text.contains(word))
            };
            let may_say = |text: &str| !(day < 30 && score < 9 && is_waiting(text));
            let about: Vec<&str> = all
                .iter()
                .filter(|(other, text)| {
                    fits(*other) && may_say(text) && (day < 30 || !text.contains("new second till"))
                })
                .map(|(_, text)| *text)
                .collect();
            let comment = (dice.percent() < 64)
                .then(|| about.get(usize::try_from(dice.below(about.len() as u64)).unwrap_or(0)).copied())
                .flatten();
            let score = comment
                .and_then(|comment| all.iter().find(|(_, text)| *text == comment))
                .map_or(score, |(score, _)| *score);
            answers.push(answer(created, score, comment, replies, &mut dice)?);
        }
    }
    // Who waits right now: some for hours, some for longer than was promised.
    for (hours, begins) in [
        (2, "Coffee was cold"),
        (7, "Waited 50"),
        (25, "I booked"),
        (29, "You closed"),
        (40, "You should let"),
        (52, "Slow service"),
    ] {
        if let Some((score, comment)) = all.iter().find(|(_, text)| text.starts_with(begins)) {
            answers.push(answer(now - hours * HOUR, *score, Some(comment), replies, &mut dice)?);
        }
    }
    answers.sort_by_key(|answer| answer.response.created_at);
    Ok(answers)
}

fn answer(
    created: i64,
    score: u8,
    comment: Option<&'static str>,
    replies: &HashMap<&'static str, Tried>,
    dice: &mut Dice,
) -> Result<StoredResponse> {
    let random = u128::from(dice.next()) << 40 | u128::from(dice.next());
    let id = ResponseId::from_parts(u64::try_from(created)?, random);
    let site: SiteId = "demo".parse()?;
    let tried = comment.and_then(|comment| replies.get(comment));
    let score = Score::new(score).context("a score above 10")?;
    let page: PageUrl = ["https://cafe.example/", "https://cafe.example/menu", "https://cafe.example/booking"]
        .get(usize::try_from(dice.below(3))?)
        .context("a page")?
        .parse()?;
    let heard = tried.and_then(|tried| tried.heard.clone());
    let lang = heard
        .as_ref()
        .map(|heard| heard.language.clone())
        .filter(|lang| lang != "und")
        .unwrap_or_else(|| "en".to_owned());
    let response = Response {
        reference: reference_of(&id),
        site,
        revision: 2,
        score,
        band: score.band(),
        comment: Some(comment.unwrap_or_default().to_owned()),
        page,
        lang: lang.parse()?,
        visitor: None,
        visitor_verified: false,
        time_zone: Some("Europe/Berlin".to_owned()),
        contact: comment
            .filter(|comment| comment.contains("030 5550142"))
            .map(|_| "030 5550142".parse())
            .transpose()?,
        created_at: Timestamp::from_millis(created),
        updated_at: Timestamp::from_millis(created + MINUTE),
        completed_at: Some(Timestamp::from_millis(created + MINUTE)),
        heard,
        answers: Answers::default(),
        variant: None,
        suspect: Vec::new(),
        test: false,
        id,
    };
    let mut acknowledgement = match tried {
        Some(tried) => tried.acknowledgement.clone(),
        None => heard_wire::Acknowledgement::silent(&response.id),
    };
    acknowledgement.receipt.reference.clone_from(&response.reference);
    Ok(StoredResponse { response, acknowledgement })
}

/// How a case of the sample stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Waiting,
    Noted,
    Resolved,
    Recovered,
}

/// Cases for what was said by whom was unhappy lately: the newest wait, older ones are settled.
fn cases(now: i64, answers: &[StoredResponse]) -> Result<Vec<Value>> {
    let unhappy = |answer: &&StoredResponse| {
        let response = &answer.response;
        response.score.get() <= 6
            && response.comment.as_ref().is_some_and(|comment| !comment.is_empty())
            && response.created_at.as_millis() > now - 80 * DAY
    };
    let mut lines = Vec::new();
    let mut entry = 0;
    for (place, answer) in answers.iter().rev().filter(unhappy).take(24).enumerate() {
        let state = match place {
            0 | 1 | 3 | 5 => State::New,
            2 => State::Waiting,
            4 => State::Noted,
            _ if place % 4 == 0 => State::Recovered,
            _ => State::Resolved,
        };
        let (case, history, messages) = case(answer, place, state, &mut entry)?;
        lines.extend(messages.iter().map(|message| tagged("message", message)).collect::<Result<Vec<_>>>()?);
        lines.push(json!({ "kind": "case", "case": case, "history": history }));
    }
    Ok(lines)
}

fn case(
    answer: &StoredResponse,
    place: usize,
    state: State,
    entry: &mut i64,
) -> Result<(Case, Vec<CaseEntry>, Vec<Message>)> {
    let response = &answer.response;
    let opened = response.created_at.as_millis() + MINUTE;
    let person = if place.is_multiple_of(3) { TOMAS } else { MARIA };
    let (name, role) = if person == MARIA { ("Maria Lopez", "Manager") } else { ("Tomas Berg", "Barista") };
    let hours = |n: i64| opened + n * HOUR;
    let took = 2 + i64::try_from(place)? % 7;
    let clock = |ended: Option<i64>| json!({ "within": { "number": 24, "unit": "hours" }, "started_at": at(opened), "due_at": at(hours(24)), "warn_at": at(hours(18)), "ended_at": ended.map(at) });
    let elapsed = |n: i64| json!({ "seconds": n * 3_600, "business_seconds": (n * 3_600).min(8 * 3_600 + n * 600) });
    let id = format!("case_{:032x}", 0xca5e_0000 + place);
    let mut case = json!({
        "id": id, "revision": 1, "response": response.id, "responses": [response.id], "status": "new", "priority": "normal",
        "source_rule": "default", "sla": { "first_response": { "number": 24, "unit": "hours" } }, "first_response": clock(None),
        "outcome": "unknown", "opened_at": at(opened), "updated_at": at(opened),
    });
    if response.heard.as_ref().is_some_and(|heard| heard.grave.is_some()) {
        set(&mut case, "priority", "urgent");
    }
    let mut history = Vec::new();
    let mut log = |when: i64, by: Value, act: Value| -> Result<()> {
        *entry += 1;
        history.push(serde_json::from_value(json!({ "id": *entry, "at": at(when), "by": by, "act": act }))?);
        Ok(())
    };
    let by = json!({ "kind": "person", "person": person });
    log(opened, json!({ "kind": "rule" }), json!({ "kind": "opened", "rule": "default" }))?;
    let mut messages = Vec::new();
    let mut say = |number: usize, when: i64, text: &str, from_customer: bool| -> Result<MessageId> {
        let id: MessageId = format!("msg_{:032x}", 0x3e55_0000 + place * 8 + number).parse()?;
        let mut message =
            json!({ "id": id, "response": response.id, "text": text, "from": null, "created_at": at(when) });
        if from_customer {
            set(&mut message, "author", "customer");
        } else {
            set(&mut message, "person", person);
            set(&mut message, "signed", json!({ "name": name, "role": role }));
            set(&mut message, "read_at", at(when + 40 * MINUTE));
        }
        messages.push(serde_json::from_value(message)?);
        Ok(id)
    };
    if state == State::Noted {
        set(&mut case, "assignee", TOMAS);
        log(hours(1), by.clone(), json!({ "kind": "assigned", "assignee": TOMAS }))?;
        log(
            hours(2),
            by.clone(),
            json!({ "kind": "noted", "text": "I remember that evening, we were one short. I will ask Maria before I write." }),
        )?;
    }
    if matches!(state, State::Waiting | State::Resolved | State::Recovered) {
        set(&mut case, "assignee", person);
        set(&mut case, "first_response", clock(Some(hours(took))));
        set(&mut case, "first_response_at", at(hours(took)));
        set(&mut case, "first_response_time", elapsed(took));
        let first = say(
            0,
            hours(took),
            "That should not have happened, and I am sorry it did. I have talked to the team about it. May I ask which day it was?",
            false,
        )?;
        log(hours(took), by.clone(), json!({ "kind": "replied", "message": first }))?;
        set(&mut case, "status", "waiting");
        log(hours(took), by.clone(), json!({ "kind": "waiting" }))?;
    }
    if matches!(state, State::Resolved | State::Recovered) {
        let causes = ["waiting times", "prices", "the food", "waiting times", "our team"];
        let reply = say(1, hours(took + 3), "It was on a Friday around noon. Thank you for asking.", true)?;
        log(hours(took + 3), json!({ "kind": "customer" }), json!({ "kind": "wrote", "message": reply }))?;
        let resolution = "There is a second till at lunch now, from eleven to two.";
        set(&mut case, "status", "resolved");
        set(&mut case, "root_cause", causes.get(place % causes.len()).copied().unwrap_or_default());
        set(&mut case, "resolution", resolution);
        set(&mut case, "resolved_at", at(hours(took + 20)));
        set(&mut case, "time_to_first_close", elapsed(took + 20));
        set(&mut case, "time_to_last_close", elapsed(took + 20));
        log(hours(took + 20), by.clone(), json!({ "kind": "resolved", "resolution": resolution }))?;
    }
    if state == State::Recovered {
        let (before, after) = (response.score.get(), if place == 16 { response.score.get() } else { 9 });
        set(&mut case, "outcome", if after > before { "recovered" } else { "unchanged" });
        set(
            &mut case,
            "recovery",
            json!({ "before": before, "after": after, "response": response.id, "at": at(hours(took + 300)) }),
        );
    }
    Ok((serde_json::from_value(case)?, history, messages))
}
