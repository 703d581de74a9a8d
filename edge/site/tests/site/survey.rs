//! Submissions, and how often the question was shown.

use crate::common::{Bench, id, submission};
use heard_site::responses::{EraseResponse, ReadMetrics};
use heard_site::survey::{CountImpression, Sender, Submitted};
use heard_wire::{Impression, Metrics, MetricsBy, Moment, ResponseFilter};

fn shown() -> Impression {
    Impression::from_json(br#"{"page":"https://a.example/","lang":"en"}"#).unwrap()
}

fn show(bench: &mut Bench, page: &str, lang: &str) {
    let shown = Impression { page: page.parse().unwrap(), lang: lang.parse().unwrap(), ..shown() };
    bench.call(CountImpression { shown, sender: Sender::default(), settings_revision: None }).unwrap();
}

fn metrics(bench: &mut Bench, filter: ResponseFilter, by: Option<MetricsBy>) -> Metrics {
    bench.call(ReadMetrics { filter, by, time_zone: None }).unwrap()
}

#[test]
fn the_response_rate_is_of_those_who_were_shown_the_question() {
    let mut bench = Bench::new();
    for _ in 0..4 {
        show(&mut bench, "https://a.example/", "en");
    }
    show(&mut bench, "https://a.example/basket", "de");
    bench.submit(&id(1), 1, 9, Some("Lovely"));
    bench.submit(&id(2), 1, 9, Some(""));
    bench.call(EraseResponse { id: id(2) }).unwrap();
    let total = metrics(&mut bench, ResponseFilter::default(), None).total;
    assert_eq!((total.shown, total.response_rate, total.completion_rate), (Some(5), Some(20.0), Some(100.0)));

    let groups = metrics(&mut bench, ResponseFilter::default(), Some(MetricsBy::Language)).groups;
    let told: Vec<_> = groups.iter().map(|group| (group.key.as_deref(), group.responses, group.shown)).collect();
    assert_eq!(told, [(Some("en"), 1, Some(4)), (Some("de"), 0, Some(1))]);

    let german = ResponseFilter { lang: Some("de".into()), ..ResponseFilter::default() };
    assert_eq!(metrics(&mut bench, german, None).total.shown, Some(1));
    let below = ResponseFilter { page: Some("https://a.example/b*".into()), ..ResponseFilter::default() };
    assert_eq!(metrics(&mut bench, below, None).total.shown, Some(1));
    // What is not known is not made up.
    let happy = ResponseFilter { has_comment: Some(true), ..ResponseFilter::default() };
    assert_eq!(metrics(&mut bench, happy, None).total.shown, None);
    assert_eq!(metrics(&mut bench, ResponseFilter::default(), Some(MetricsBy::Theme)).total.shown, None);
}

#[test]
fn showings_are_counted_by_the_hour() {
    let mut bench = Bench::new();
    show(&mut bench, "https://a.example/", "en");
    let first = bench.now;
    bench.pass(25 * 3_600_000);
    show(&mut bench, "https://a.example/", "en");
    let groups = metrics(&mut bench, ResponseFilter::default(), Some(MetricsBy::Day)).groups;
    assert_eq!(groups.iter().map(|group| group.shown).collect::<Vec<_>>(), [Some(1), Some(1)]);
    assert!(groups[0].key < groups[1].key);
    let since = |since| ResponseFilter { since: Some(Moment::At(since)), ..ResponseFilter::default() };
    let from_within_the_hour = since(first.plus_millis(1));
    assert_eq!(metrics(&mut bench, from_within_the_hour, None).total.shown, Some(2));
    assert_eq!(metrics(&mut bench, since(first.plus_millis(3_600_000)), None).total.shown, Some(1));
}

#[test]
fn made_up_addresses_and_languages_fill_no_site() {
    let mut bench = Bench::new();
    show(&mut bench, "https://a.example/menu", "en");
    bench.pass(3_600_000);
    for number in 0..600 {
        show(&mut bench, &format!("https://a.example/{number}"), "en");
        show(&mut bench, "https://a.example/", &format!("en-{number}"));
    }
    let rows: i64 = bench.sql.0.query_row("SELECT count(*) FROM shown", [], |row| row.get(0)).unwrap();
    assert!(rows <= 502, "{rows}");
    // A page that was there before is still told apart.
    show(&mut bench, "https://a.example/menu", "en");
    assert_eq!(metrics(&mut bench, ResponseFilter::default(), None).total.shown, Some(1_202));
    let page = ResponseFilter { page: Some("https://a.example/menu".into()), ..ResponseFilter::default() };
    assert_eq!(metrics(&mut bench, page, None).total.shown, Some(2));
    let groups = metrics(&mut bench, ResponseFilter::default(), Some(MetricsBy::Page)).groups;
    assert!(
        groups.iter().any(|group| group.key.as_deref() == Some("https://a.example/menu") && group.shown == Some(2))
    );
    // Of a page that was new among them it is not known.
    show(&mut bench, "https://a.example/new", "en");
    bench.pass(3_600_000);
    show(&mut bench, "https://a.example/new", "en");
    let page = ResponseFilter { page: Some("https://a.example/new".into()), ..ResponseFilter::default() };
    assert_eq!(metrics(&mut bench, page, None).total.shown, None);
    assert_eq!(metrics(&mut bench, ResponseFilter::default(), None).total.shown, Some(1_204));
    // And in the end all of it goes.
    bench.pass(801 * 24 * 3_600_000);
    bench.ring();
    assert_eq!(metrics(&mut bench, ResponseFilter::default(), None).total.shown, None);
}

#[test]
fn nothing_is_said_of_the_time_before_counting_began() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 9, None);
    assert_eq!(metrics(&mut bench, ResponseFilter::default(), None).total.shown, None);
    bench.pass(48 * 3_600_000);
    let began = bench.now;
    show(&mut bench, "https://a.example/", "en");
    bench.pass(24 * 3_600_000);
    show(&mut bench, "https://a.example/", "en");
    bench.submit(&id(2), 1, 9, None);
    assert_eq!(metrics(&mut bench, ResponseFilter::default(), None).total.shown, None);
    assert_eq!(metrics(&mut bench, ResponseFilter::default(), Some(MetricsBy::Page)).groups[0].shown, None);
    let days = metrics(&mut bench, ResponseFilter::default(), Some(MetricsBy::Day)).groups;
    let told: Vec<_> = days.iter().map(|day| (day.responses, day.shown)).collect();
    assert_eq!(told, [(1, None), (0, Some(1)), (1, Some(1))]);
    let since = ResponseFilter { since: Some(Moment::At(began)), ..ResponseFilter::default() };
    let total = metrics(&mut bench, since, None).total;
    assert_eq!((total.shown, total.response_rate), (Some(2), Some(50.0)));
}

#[test]
fn the_highest_revision_wins_whatever_the_order() {
    for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1], [1, 3, 2]] {
        let mut bench = Bench::new();
        for revision in order {
            let comment = format!("revision {revision}");
            bench.submit(&id(1), revision, revision as u8, Some(&comment));
        }
        let stored = bench.submit(&id(1), 1, 0, None);
        assert_eq!(stored.response.comment.as_deref(), Some("revision 3"), "{order:?}");
        assert_eq!(stored.acknowledgement.text, "3 revision 3");
    }
}

#[test]
fn settings_that_changed_meanwhile_are_told_before_anything_is_stored() {
    let mut bench = Bench::new();
    bench.configure(r#"{"name":"New"}"#);
    let reply = bench.call(submission(&id(1), 1, 1, None, None)).unwrap();
    assert!(matches!(reply, Submitted::Stale(config) if config.revision == 2));
    assert!(bench.events().is_empty());
}

#[test]
fn a_showing_let_through_by_settings_that_have_changed_is_not_counted_before_they_are_known() {
    let mut bench = Bench::new();
    let count = |bench: &mut Bench, revision| {
        let shown = shown();
        let sender = Sender::default();
        bench.call(CountImpression { shown, sender, settings_revision: Some(revision) }).unwrap()
    };
    bench.configure(r#"{"name":"Corner Shop","archived":true}"#);
    assert!(count(&mut bench, 1).is_some_and(|config| config.settings.archived));
    assert_eq!(count(&mut bench, 2), None);
    assert_eq!(metrics(&mut bench, ResponseFilter::default(), None).total.shown, Some(1));
}
