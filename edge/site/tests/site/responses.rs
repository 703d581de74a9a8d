//! Responses: completed, counted, found again by their themes, listened to again.

use crate::common::{Bench, id, submission};
use heard_site::responses::{
    COMPLETE_AFTER, ListResponses, ListVisitorResponses, ReadMetrics, ReadResponse, ReviewResponse, next_stale_comment,
    store_analysis,
};
use heard_site::schedule;
use heard_site::survey::Submitted;
use heard_site::webhooks::KEEP;
use heard_wire::{Analysis, CorrectedTheme, Metrics, MetricsBy, Polarity, ResponseFilter, Standing};

fn metrics(bench: &mut Bench, filter: ResponseFilter, by: Option<MetricsBy>) -> Metrics {
    bench.call(ReadMetrics { filter, by, time_zone: None }).unwrap()
}

#[test]
fn answers_are_found_and_counted_by_the_themes_they_have_now() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 2, Some("cold soup"));
    let heard = |themes: &str| {
        let heard = format!(r#"{{"language":"en","informative":true,"overall":"negative","themes":[{themes}]}}"#);
        serde_json::from_str(&heard).unwrap()
    };
    let food = ResponseFilter { theme: Some("food".parse().unwrap()), ..ResponseFilter::default() };
    let found = |bench: &mut Bench| {
        let groups = metrics(bench, ResponseFilter::default(), Some(MetricsBy::Theme)).groups;
        let groups: Vec<_> = groups.into_iter().map(|group| (group.key.unwrap(), group.responses)).collect();
        (metrics(bench, food.clone(), None).total.responses, groups)
    };
    assert_eq!(found(&mut bench), (0, vec![]));
    // Praised and criticised counts once.
    let both =
        r#"{"id":"food","polarity":"negative","confidence":0.9},{"id":"food","polarity":"positive","confidence":0.9}"#;
    bench.with(|site| store_analysis(site, &id(1), &heard(both)));
    assert_eq!(found(&mut bench), (1, vec![("food".to_owned(), 1)]));
    let till = heard(r#"{"id":"till","polarity":"neutral","confidence":0.5}"#);
    bench.with(|site| store_analysis(site, &id(1), &till));
    assert_eq!(found(&mut bench), (0, vec![("till".to_owned(), 1)]));
}

#[test]
fn a_comment_added_later_may_praise_and_criticise_the_same_theme() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 8, None);
    let heard = r#"{"language":"en","informative":true,"overall":"positive","themes":[
        {"id":"price","polarity":"negative","confidence":0.9},{"id":"price","polarity":"positive","confidence":0.9}]}"#;
    let submit = submission(&id(1), 2, 8, Some("dear but good"), serde_json::from_str(heard).unwrap());
    bench.call(submit).unwrap();
    let price = ResponseFilter { theme: Some("price".parse().unwrap()), ..ResponseFilter::default() };
    assert_eq!(metrics(&mut bench, price, None).total.responses, 1);
}

#[test]
fn where_a_customer_is_reached_stays_and_is_told() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    bench.submit(&id(1), 1, 2, Some("cold soup"));
    let told = |bench: &mut Bench| {
        bench.pass(6_000);
        let due = bench.due(10);
        let types = due
            .iter()
            .filter(|due| due.body.contains("jo@shop.example"))
            .map(|due| due.body.contains("response.updated"));
        types.collect::<Vec<_>>()
    };
    let mut submit = submission(&id(1), 2, 2, None, None);
    submit.submission.contact = Some("jo@shop.example".parse().unwrap());
    submit.acknowledgement.text = "We will write to the address you left.".to_owned();
    let Submitted::Stored(accepted) = bench.call(submit).unwrap() else { panic!("stale") };
    assert_eq!(accepted.stored.acknowledgement.text, "We will write to the address you left.");
    assert_eq!(accepted.stored.response.comment.as_deref(), Some("cold soup"));
    assert_eq!(told(&mut bench), [true]);
    // A later revision without it takes it back as little as the words.
    let Submitted::Stored(accepted) = bench.call(submission(&id(1), 3, 3, None, None)).unwrap() else {
        panic!("stale")
    };
    assert_eq!(accepted.stored.response.contact.unwrap().as_str(), "jo@shop.example");
}

#[test]
fn an_answer_left_alone_is_complete_after_thirty_minutes() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 4, None);
    assert_eq!(bench.next_wake(), Some(bench.now + COMPLETE_AFTER));
    bench.now = bench.now + COMPLETE_AFTER;
    bench.pass(-1);
    bench.ring();
    assert_eq!(bench.events(), ["response.scored"]);
    bench.pass(1);
    bench.ring();
    assert_eq!(bench.events(), ["response.scored", "response.completed"]);
    // Nothing is left to do but to tell of the week, and to forget the first event, a month after it.
    let (first, now) = (bench.now - COMPLETE_AFTER, bench.now);
    bench.now = bench.next_wake().unwrap();
    assert_eq!(bench.ring(), ["the weekly huddle"]);
    assert_eq!(bench.next_wake(), Some(first + KEEP));
    bench.now = now;
    // Words that come later still count.
    bench.submit(&id(1), 2, 4, Some("Slow"));
    assert_eq!(bench.events()[3..], ["response.updated", "case.opened"]);
}

/// The comments that wait to be listened to again, which this does.
fn listened_again(bench: &mut Bench) -> Vec<String> {
    let heard = r#"{"language":"en","informative":true,"overall":"negative"}"#;
    let heard: Analysis = serde_json::from_str(heard).unwrap();
    let mut texts = Vec::new();
    let is_due = |bench: &Bench| schedule::due(&bench.sql, bench.now).any(|chore| chore.name == "listening again");
    while is_due(bench) {
        let Some(comment) = next_stale_comment(&bench.sql).unwrap() else { continue };
        bench.with(|site| store_analysis(site, &comment.id, &heard));
        texts.push(comment.text);
    }
    texts
}

#[test]
fn comments_are_listened_to_again_when_the_themes_change_and_not_for_less() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 2, Some("cold soup"));
    bench.submit(&id(2), 1, 9, None);
    bench.configure(r#"{"name":"Corner Shop","promise":{"by_when":"soon"}}"#);
    assert!(listened_again(&mut bench).is_empty());
    bench.configure(r#"{"name":"Corner Shop","themes":[{"id":"food","label":"food"}]}"#);
    assert_eq!(bench.next_wake(), Some(bench.now), "at once, and not before now");
    assert_eq!(listened_again(&mut bench), ["cold soup"]);
    assert!(bench.next_wake() > Some(bench.now));
    // A line that only the reply uses changes nothing that was heard.
    bench.configure(r#"{"name":"Corner Shop","themes":[{"id":"food","label":"food","when_praised":"Thanks."}]}"#);
    assert!(listened_again(&mut bench).is_empty());
}

#[test]
fn a_few_comments_are_found_among_thousands_of_scores() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 2, Some("cold soup"));
    let many = "WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 7000)
        INSERT INTO responses (id, revision, score, page, lang, acknowledgement, created_at, updated_at, completed_at)
        SELECT 'of' || n, 1, 9, page, lang, acknowledgement, created_at, updated_at, created_at FROM n, responses";
    bench.sql.0.execute(many, []).unwrap();
    bench.submit(&id(2), 1, 2, Some("slow till"));
    bench.configure(r#"{"name":"Corner Shop","themes":[{"id":"food","label":"food"}]}"#);
    assert_eq!(next_stale_comment(&bench.sql).unwrap().unwrap().text, "slow till");
    // One that comes meanwhile is heard with the new themes, and is not waited for.
    bench.submit(&id(3), 1, 2, Some("rude staff"));
    assert_eq!(listened_again(&mut bench), ["cold soup"]);
}

#[test]
fn a_comment_that_does_not_read_back_keeps_no_other_from_being_heard_again() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 2, Some("cold soup"));
    bench.submit(&id(2), 1, 2, Some("slow till"));
    bench.sql.0.execute("UPDATE responses SET id = 'torn' WHERE comment = 'cold soup'", []).unwrap();
    bench.configure(r#"{"name":"Corner Shop","themes":[{"id":"food","label":"food"}]}"#);
    assert_eq!(listened_again(&mut bench), ["slow till"]);
    assert!(bench.next_wake() > Some(bench.now), "the alarm does not ring on and on");
}

#[test]
fn a_comment_that_brings_listening_down_is_not_tried_again() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 2, Some("cold soup"));
    bench.submit(&id(2), 1, 2, Some("slow till"));
    bench.configure(r#"{"name":"Corner Shop","themes":[{"id":"food","label":"food"}]}"#);
    // Taken, and never heard of again.
    assert_eq!(next_stale_comment(&bench.sql).unwrap().unwrap().text, "slow till");
    assert_eq!(listened_again(&mut bench), ["cold soup"]);
}

#[test]
fn all_answers_of_one_visitor_are_read_page_by_page() {
    let mut bench = Bench::new();
    for count in 1..=5 {
        let mut submit = submission(&id(count), 1, 9, None, None);
        submit.submission.visitor = Some(if count == 3 { "b" } else { "Ä/1 a" }.parse().unwrap());
        bench.call(submit).unwrap();
        bench.pass(1);
    }
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let list = ListVisitorResponses { visitor: "Ä/1 a".parse().unwrap(), cursor, limit: 3 };
        let page = bench.call(list).unwrap();
        seen.extend(page.items.into_iter().map(|response| response.id));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, [id(5), id(4), id(2), id(1)]);
}

#[test]
fn a_page_ends_by_bytes_as_well_as_by_rows() {
    let mut bench = Bench::new();
    for count in 1..=30 {
        bench.submit(&id(count), 1, 9, Some("x"));
        bench.pass(1);
    }
    // As an earlier release let them in.
    bench.sql.0.execute("UPDATE responses SET comment = ?", ["🧀".repeat(50_000)]).unwrap();
    let (mut seen, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = bench.call(ListResponses { filter: ResponseFilter::default(), cursor, limit: 1_000 }).unwrap();
        let bytes = serde_json::to_string(&page).unwrap().len();
        assert!(bytes < 2_000_000, "{bytes}");
        seen.extend(page.items.into_iter().map(|response| response.id));
        pages += 1;
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, (1..=30).rev().map(id).collect::<Vec<_>>());
    assert!(pages > 5, "{pages}");
}

#[test]
fn what_a_person_heard_stays_and_is_counted_as_a_correction() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    let themes = r#"[{"id":"food","label":"food"},{"id":"staff","label":"staff"}]"#;
    bench.configure(&format!(r#"{{"name":"a","themes":{themes}}}"#));
    let heard = r#"{"language":"en","informative":true,"overall":"negative","themes":[
        {"id":"food","polarity":"positive","confidence":0.9,"quote":"soup"}]}"#;
    let heard: Analysis = serde_json::from_str(heard).unwrap();
    bench.submit(&id(1), 1, 3, Some("cold soup"));
    bench.with(|site| store_analysis(site, &id(1), &heard));
    let theme = |id: &str| CorrectedTheme { id: id.parse().unwrap(), polarity: Polarity::Negative };
    let correct =
        |bench: &mut Bench, themes| bench.call(ReviewResponse { id: id(1), standing: None, themes: Some(themes) });
    assert!(correct(&mut bench, vec![theme("nothing")]).is_err(), "no theme of the site");
    let stored = correct(&mut bench, vec![theme("food"), theme("staff")]).unwrap();
    let themes = stored.response.heard.unwrap().themes;
    let told: Vec<_> = themes.iter().map(|theme| (theme.id.as_str(), theme.polarity, theme.quote.as_str())).collect();
    assert_eq!(told, [("food", Polarity::Negative, "soup"), ("staff", Polarity::Negative, "")]);
    bench.pass(6_000);
    assert!(bench.due(10).iter().any(|due| due.body.contains("response.updated")), "who heard of it hears of it");
    let corrected = ResponseFilter { corrected: Some(true), ..ResponseFilter::default() };
    assert_eq!(metrics(&mut bench, corrected.clone(), None).total.responses, 1);
    let groups = metrics(&mut bench, ResponseFilter::default(), Some(MetricsBy::Theme)).groups;
    assert_eq!((groups[0].key.as_deref(), groups[0].criticised, groups[0].praised), (Some("food"), Some(1), Some(0)));
    let scores = metrics(&mut bench, ResponseFilter::default(), Some(MetricsBy::Score)).groups;
    assert_eq!((scores[0].key.as_deref(), scores[0].responses), (Some("3"), 1));
    // Nor does the same answer once more, nor letting it count beside.
    bench.submit(&id(1), 2, 3, Some("cold soup"));
    assert_eq!(metrics(&mut bench, corrected.clone(), None).total.responses, 1);
    let both = ReviewResponse { id: id(1), standing: Some(Standing::Counted), themes: Some(vec![theme("staff")]) };
    bench.call(both).unwrap();
    let themes = bench.call(ReadResponse { id: id(1) }).unwrap().response.heard.unwrap().themes;
    assert_eq!(themes.len(), 1, "what is answered is what is kept");
    // Other themes make comments heard again, and not this one.
    bench.configure(r#"{"name":"a","themes":[{"id":"staff","label":"staff"}]}"#);
    assert!(next_stale_comment(&bench.sql).unwrap().is_none());
    assert_eq!(metrics(&mut bench, corrected, None).total.responses, 1);
}
