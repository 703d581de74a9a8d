//! What comes by the calendar, and what adds up: the week, what changed, what asking back brought, and praise.

use crate::common::customers::heard;
use crate::common::{Bench, id, submission};
use heard_site::improving::{AddImprovement, ListWatches, ReadBrightSpots, ReadHuddle};
use heard_site::responses::EraseResponse;
use heard_site::survey::Submit;
use heard_wire::{Analysis, NewImprovement, WatchKind};

#[test]
fn the_week_is_told_on_mondays_and_a_quiet_site_sleeps() {
    let mut bench = Bench::new();
    bench.configure(r#"{"name":"Corner Shop","time_zone":"Europe/Berlin"}"#);
    bench.now = "2026-11-24T10:00:00Z".parse::<heard_wire::Moment>().map(moment).unwrap();
    for number in 0..30 {
        bench.said(number, (number % 11) as u8, heard("waiting", "negative", "we waited for half an hour"), |_| {});
        bench.pass(60_000);
    }
    let monday = "2026-11-30T06:00:00Z".parse::<heard_wire::Moment>().map(moment).unwrap();
    bench.now = monday.plus_millis(-1);
    while !bench.ring().is_empty() {}
    assert!(bench.bodies("huddle.ready").is_empty());
    assert_eq!(bench.next_wake(), Some(monday));
    bench.now = monday;
    bench.ring();
    let huddle = &bench.bodies("huddle.ready")[0]["data"]["huddle"];
    assert_eq!((&huddle["responses"]["now"], &huddle["themes"][0]["criticised"]), (&30.0.into(), &30.into()));
    assert!(huddle["quotes"][0]["quote"].as_str().unwrap().contains("half an hour"));
    assert!(huddle.to_string().len() < 12_000);
    // Nothing comes in: nothing is told, and after five weeks nobody is woken for it.
    let days = |bench: &mut Bench, days: u32| {
        for _ in 0..days {
            bench.pass(86_400_000);
            while !bench.ring().is_empty() {}
        }
    };
    days(&mut bench, 20);
    assert_eq!(bench.bodies("huddle.ready").len(), 1);
    days(&mut bench, 40);
    let next = bench.next_wake();
    assert!(next.is_none_or(|next| next > bench.now.plus_millis(30 * 86_400_000)), "{next:?} {:?}", bench.now);
}

#[test]
fn erased_answers_leave_the_weeks_that_quote_them() {
    let mut bench = Bench::new();
    for number in 0..3 {
        bench.said(number, 1, heard("waiting", "negative", "we waited for half an hour"), |_| {});
    }
    bench.pass(7 * 86_400_000);
    while !bench.ring().is_empty() {}
    assert!(bench.bodies("huddle.ready")[0].to_string().contains("half an hour"));
    for number in 0..3 {
        bench.call(EraseResponse { id: id(number) }).unwrap();
    }
    assert!(bench.bodies("huddle.ready").is_empty());
    assert_eq!(bench.call(ReadHuddle { until: None }).unwrap().responses.now, Some(0.0));
}

#[test]
fn a_past_week_knows_nothing_of_what_was_decided_after_it() {
    let mut bench = Bench::new();
    let last_month = bench.now;
    bench.pass(30 * 86_400_000);
    let new = NewImprovement::from_json(br#"{"title":"A second till","audience":{"words":"queue"}}"#).unwrap();
    bench.call(AddImprovement { new }).unwrap();
    assert_eq!(bench.call(ReadHuddle { until: None }).unwrap().improvements.len(), 1);
    let until = Some(heard_wire::Moment::At(last_month));
    assert!(bench.call(ReadHuddle { until }).unwrap().improvements.is_empty());
}

fn moment(moment: heard_wire::Moment) -> heard_wire::Timestamp {
    match moment {
        heard_wire::Moment::At(at) => at,
        heard_wire::Moment::On(_) => panic!(),
    }
}

#[test]
fn bright_spots_are_told_by_the_month_of_the_site() {
    let mut bench = Bench::new();
    bench.configure(r#"{"name":"Corner Shop","time_zone":"Europe/Berlin"}"#);
    // Half an hour before November begins there, and half an hour after.
    for (number, at) in ["2026-10-31T22:30:00Z", "2026-10-31T23:30:00Z"].into_iter().enumerate() {
        bench.now = at.parse::<heard_wire::Moment>().map(moment).unwrap();
        for (more, score) in [(0, 10), (1, 9), (2, 6)] {
            let number = number as u32 * 3 + more;
            bench.said(number, score, heard("staff", "positive", &format!("they helped me at once {number}")), |_| {});
        }
    }
    let mut named = heard("food", "positive", "Anna's cake");
    named.as_mut().unwrap().people = serde_json::from_str(r#"[{"name":"Anna","polarity":"positive"}]"#).unwrap();
    bench.said(9, 10, named, |submit| submit.submission.comment = Some("Anna's cake is best".to_owned()));
    bench.now = "2026-12-24T10:00:00Z".parse::<heard_wire::Moment>().map(moment).unwrap();
    let months = bench.call(ReadBrightSpots { months: "3".parse().unwrap() }).unwrap().months;
    // Nobody answered in December.
    let told: Vec<_> = months.iter().map(|month| (month.month.as_str(), month.promoters, month.with_words)).collect();
    assert_eq!(told, [("2026-11", 3, 3), ("2026-10", 2, 2)]);
    let themes: Vec<_> = months[0].themes.iter().map(|theme| (theme.theme.as_str(), theme.promoters)).collect();
    assert_eq!(themes, [("staff", 2), ("food", 1)]);
    assert!(months[1].themes[0].quotes.iter().all(|quote| quote.score.get() >= 9), "{months:?}");
    assert_eq!((months[0].people[0].name.as_str(), months[1].people.len()), ("Anna", 0));
    assert_eq!(months[0].people[0].quotes[0].quote, "Anna's cake is best");
    // Erased is gone.
    bench.call(EraseResponse { id: id(9) }).unwrap();
    let month = bench.call(ReadBrightSpots { months: "12".parse().unwrap() }).unwrap().months.swap_remove(0);
    assert!(month.people.is_empty() && month.themes.len() == 1, "{month:?}");
}

#[test]
fn what_changes_is_told_once_in_seven_days() {
    let mut bench = Bench::new();
    let mut number = 0;
    let mut day = |bench: &mut Bench, answers: u32, bad: bool| {
        for _ in 0..answers {
            number += 1;
            let (theme, polarity) = if bad { ("parking", "negative") } else { ("staff", "positive") };
            bench.said(number, if bad { 2 } else { 9 }, heard(theme, polarity, "no place to park"), |_| {});
            bench.pass(1_000);
        }
        bench.pass(86_400_000 - i64::from(answers) * 1_000);
        while !bench.ring().is_empty() {}
    };
    for _ in 0..28 {
        day(&mut bench, 4, false);
    }
    assert!(bench.bodies("watch.raised").is_empty(), "a usual month is no news");
    for _ in 0..6 {
        day(&mut bench, 6, true);
    }
    let raised: Vec<String> = bench
        .bodies("watch.raised")
        .iter()
        .map(|body| body["data"]["watch"]["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(raised.iter().filter(|kind| *kind == "score_regression").count(), 1, "{raised:?}");
    assert_eq!(raised.iter().filter(|kind| *kind == "new_topic").count(), 1, "{raised:?}");
    let watches = bench.call(ListWatches {}).unwrap().items;
    let topic = watches.iter().find(|watch| watch.kind == WatchKind::NewTopic).unwrap();
    assert_eq!(topic.subject.as_deref(), Some("parking"));
    assert!(topic.query.starts_with("theme=parking&since="), "{}", topic.query);
    // Then it falls silent.
    for _ in 0..8 {
        day(&mut bench, 0, false);
    }
    let watches = bench.call(ListWatches {}).unwrap().items;
    assert!(watches.iter().any(|watch| watch.kind == WatchKind::VolumeDrop), "{watches:?}");
}

#[test]
fn what_is_asked_back_brings_something_new_or_not() {
    let mut bench = Bench::new();
    for number in 0..10 {
        let mut ask = submission(&id(number), 1, 4, Some("Meh"), heard("waiting", "negative", "slow"));
        ask.acknowledgement.ask = Some(heard_wire::Ask::WhatHappened);
        bench.call(ask).unwrap();
        // Six answer, and four of these tell of something else.
        if number < 6 {
            let theme = if number < 4 { "staff" } else { "waiting" };
            let more = submission(&id(number), 2, 4, Some("Meh\n\nreally"), heard(theme, "negative", "really"));
            bench.call(Submit { is_follow_up: true, ..more }).unwrap();
        }
    }
    let told =
        bench.call(heard_site::responses::ReadFollowUpMetrics { filter: Default::default(), time_zone: None }).unwrap();
    let tally = &told.follow_ups[0];
    assert_eq!((told.follow_ups.len(), tally.asked, tally.answered), (1, 10, 6));
    assert_eq!((tally.answer_rate.unwrap().percent, tally.new_information_rate.unwrap().percent), (60.0, 66.7));
}

#[test]
fn who_is_praised_by_name_is_told_of() {
    let mut bench = Bench::new();
    bench
        .call(heard_site::cases::AddTeammate { new: serde_json::from_str(r#"{"name":"Maria Lopez"}"#).unwrap() })
        .unwrap();
    let praise = serde_json::from_value::<Analysis>(
        serde_json::json!({ "language": "en", "informative": true, "overall": "positive",
        "people": [{ "name": "Maria", "polarity": "positive" }, { "name": "Tom", "polarity": "negative" }] }),
    );
    let mut submit = submission(&id(1), 1, 10, Some("Lovely. Maria was so kind! Tom less so."), praise.ok());
    submit.submission.secret = None;
    bench.call(submit).unwrap();
    let praised = bench.bodies("praise.received");
    assert_eq!((praised.len(), &praised[0]["data"]["praise"]["quote"]), (1, &"Maria was so kind!".into()));
    let huddle = bench.call(ReadHuddle { until: None }).unwrap();
    assert!(huddle.praised.is_empty(), "the week ends now, and this came in this very moment");
    bench.pass(1_000);
    let huddle = bench.call(ReadHuddle { until: None }).unwrap();
    assert_eq!((huddle.praised.len(), huddle.praised[0].name.as_str()), (1, "Maria"));
}

#[test]
fn fewer_who_answer_and_other_pages_are_told_of() {
    let mut bench = Bench::new();
    let mut number = 0;
    // A hundred showings a week of one page, of which a quarter answer; and then of another, of which hardly anybody does.
    for week in 0..5 {
        let is_last = week == 4;
        for _ in 0..if is_last { 14 } else { 25 } {
            number += 1;
            bench.said(number, 9, None, |_| {});
        }
        let page = if is_last { "https://a.example/checkout" } else { "https://a.example/" };
        let times = if is_last { 400 } else { 100 };
        let hour = bench.now.as_millis() / 3_600_000 * 3_600_000;
        let shown = format!("INSERT INTO shown (hour, page, lang, times) VALUES ({hour}, '{page}', 'en', {times})");
        bench.sql.0.execute_batch(&shown).unwrap();
        bench.pass(6 * 86_400_000);
        while !bench.ring().is_empty() {}
        bench.pass(86_400_000);
    }
    let watches = bench.call(ListWatches {}).unwrap().items;
    let of = |kind| watches.iter().find(|watch| watch.kind == kind);
    let fewer = of(WatchKind::Abandonment).unwrap();
    assert_eq!((fewer.now, fewer.before), (3.5, 25.0));
    let elsewhere = of(WatchKind::TargetingDrift).unwrap();
    assert_eq!(elsewhere.subject.as_deref(), Some("https://a.example/checkout"));
    assert_eq!((elsewhere.now, elsewhere.before), (100.0, 0.0));
    assert!(elsewhere.query.starts_with("page=https%3A%2F%2Fa%2Eexample%2Fcheckout&since="), "{}", elsewhere.query);
    assert!(of(WatchKind::VolumeDrop).is_none() && of(WatchKind::ScoreRegression).is_none(), "{watches:?}");
}
