//! How often the question was shown, which sites there are, and rows that do not read back.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod common;

use common::{Bench, Native, id, site};
use heard_site::{Command, DirectoryCommand, Reply, directory, next_wake, unheard};
use heard_wire::{
    Acknowledgement, Metrics, MetricsBy, Receipt, ResponseFilter, Shown, SiteSettings, Submission, Timestamp,
};
use rusqlite::Connection;

fn show(bench: &mut Bench, page: &str, lang: &str) {
    let shown = Shown { page: page.into(), lang: lang.into() };
    assert!(matches!(bench.apply(Command::Shown { shown }), Reply::Counted));
}

fn metrics(bench: &mut Bench, filter: ResponseFilter, by: Option<MetricsBy>) -> Metrics {
    match bench.apply(Command::Metrics { filter, by }) {
        Reply::Metrics(metrics) => metrics,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_response_rate_is_of_those_who_were_shown_the_question() {
    let mut bench = Bench::new();
    for _ in 0..4 {
        show(&mut bench, "https://a.example/", "en");
    }
    show(&mut bench, "https://a.example/basket", "de");
    bench.submit(&id(1), 1, 9, Some("Lovely"));
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
fn answers_are_found_and_counted_by_the_themes_they_have_now() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 2, Some("cold soup"));
    let heard = |themes: &str| {
        let heard = format!(r#"{{"language":"en","informative":true,"overall":"negative","themes":[{themes}]}}"#);
        serde_json::from_str(&heard).unwrap()
    };
    let food = ResponseFilter { theme: Some("food".into()), ..ResponseFilter::default() };
    let found = |bench: &mut Bench| {
        let groups = metrics(bench, ResponseFilter::default(), Some(MetricsBy::Theme)).groups;
        let groups: Vec<_> = groups.into_iter().map(|group| (group.key.unwrap(), group.responses)).collect();
        (metrics(bench, food.clone(), None).total.responses, groups)
    };
    assert_eq!(found(&mut bench), (0, vec![]));
    // Praised and criticised counts once.
    let both =
        r#"{"id":"food","polarity":"negative","confidence":0.9},{"id":"food","polarity":"positive","confidence":0.9}"#;
    heard_site::hear_again(&bench.sql, &id(1), 2, &heard(both)).unwrap();
    assert_eq!(found(&mut bench), (1, vec![("food".to_owned(), 1)]));
    heard_site::hear_again(&bench.sql, &id(1), 3, &heard(r#"{"id":"till","polarity":"neutral","confidence":0.5}"#))
        .unwrap();
    assert_eq!(found(&mut bench), (0, vec![("till".to_owned(), 1)]));
}

#[test]
fn a_comment_added_later_may_praise_and_criticise_the_same_theme() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 8, None);
    let body = format!(
        r#"{{"id":"{}","revision":2,"score":8,"comment":"dear but good","page":"https://a.example/","lang":"en"}}"#,
        id(1)
    );
    let heard = r#"{"language":"en","informative":true,"overall":"positive","themes":[
        {"id":"price","polarity":"negative","confidence":0.9},{"id":"price","polarity":"positive","confidence":0.9}]}"#;
    let receipt = Receipt { reference: "x".into(), answered_by: None, by_when: None };
    let reply = bench.apply(Command::Submit {
        submission: Submission::from_json(body.as_bytes()).unwrap(),
        heard: serde_json::from_str(heard).unwrap(),
        acknowledgement: Acknowledgement { text: "Thanks.".into(), claims: Vec::new(), ask: None, receipt },
        settings_revision: 1,
    });
    assert!(matches!(reply, Reply::Stored(_)), "{reply:?}");
    let price = ResponseFilter { theme: Some("price".into()), ..ResponseFilter::default() };
    assert_eq!(metrics(&mut bench, price, None).total.responses, 1);
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
    let since = |since| ResponseFilter { since: Some(since), ..ResponseFilter::default() };
    let from_within_the_hour = since(first.plus_millis(1));
    assert_eq!(metrics(&mut bench, from_within_the_hour, None).total.shown, Some(2));
    assert_eq!(metrics(&mut bench, since(first.plus_millis(3_600_000)), None).total.shown, Some(1));
}

#[test]
fn made_up_addresses_and_languages_fill_no_site() {
    let mut bench = Bench::new();
    for number in 0..600 {
        show(&mut bench, &format!("https://a.example/{number}"), "en");
        show(&mut bench, "https://a.example/", &format!("en-{number}"));
    }
    let rows: i64 = bench.sql.0.query_row("SELECT count(*) FROM shown", [], |row| row.get(0)).unwrap();
    assert!(rows <= 501, "{rows}");
    assert_eq!(metrics(&mut bench, ResponseFilter::default(), None).total.shown, Some(1_200));
    // What was counted together cannot be told apart.
    let page = ResponseFilter { page: Some("https://a.example/".into()), ..ResponseFilter::default() };
    assert_eq!(metrics(&mut bench, page, None).total.shown, None);
    assert!(metrics(&mut bench, ResponseFilter::default(), Some(MetricsBy::Page)).groups.is_empty());
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
    let since = ResponseFilter { since: Some(began), ..ResponseFilter::default() };
    let total = metrics(&mut bench, since, None).total;
    assert_eq!((total.shown, total.response_rate), (Some(2), Some(50.0)));
}

#[test]
fn the_directory_lists_sites_as_they_are_now_page_by_page() {
    let sql = Native(Connection::open_in_memory().unwrap());
    let enter = |revision: i64, id: &str, name: &str, archived| {
        let command = DirectoryCommand::Enter { id: id.parse().unwrap(), name: name.into(), archived, revision };
        directory(&sql, Timestamp::from_millis(revision), command).unwrap()
    };
    enter(1, "shop", "Corner Shop", false);
    enter(1, "cafe", "Café", false);
    enter(3, "shop", "The Corner Shop", true);
    // Two changes at a time may arrive the other way round.
    enter(2, "shop", "Corner Shop & Sons", false);
    let list = |after: Option<&str>, limit| {
        let command = DirectoryCommand::List { after: after.map(str::to_owned), limit };
        directory(&sql, Timestamp::from_millis(9), command).unwrap()
    };
    let page = list(None, 1);
    assert_eq!((page.sites[0].id.as_str(), page.next_cursor.as_deref()), ("cafe", Some("cafe")));
    let page = list(Some("cafe"), 1);
    let shop = &page.sites[0];
    assert_eq!((shop.name.as_str(), shop.archived, shop.created_at.as_millis()), ("The Corner Shop", true, 1));
    assert_eq!(page.next_cursor, None);
}

#[test]
fn a_comment_that_does_not_read_back_keeps_no_other_from_being_heard_again() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 2, Some("cold soup"));
    bench.submit(&id(2), 1, 2, Some("slow till"));
    bench.sql.0.execute("UPDATE responses SET id = 'torn' WHERE comment = 'cold soup'", []).unwrap();
    let themes = br#"{"name":"Corner Shop","themes":[{"id":"food","label":"food"}]}"#;
    bench.apply(Command::Configure { site: site(), settings: SiteSettings::from_json(themes).unwrap() });
    let stale = unheard(&bench.sql, 10).unwrap();
    assert_eq!(stale.iter().map(|comment| comment.text.as_str()).collect::<Vec<_>>(), ["slow till"]);
    let heard = serde_json::from_str(r#"{"language":"en","informative":true,"overall":"negative"}"#).unwrap();
    heard_site::hear_again(&bench.sql, &id(2), 3, &heard).unwrap();
    assert_ne!(next_wake(&bench.sql).unwrap(), Some(Timestamp::from_millis(0)), "the alarm does not ring on and on");
}
