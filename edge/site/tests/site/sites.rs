//! Sites: created, changed, listed, and reached by keys.

use crate::common::{Bench, Native, id};
use heard_site::responses::ReadMetrics;
use heard_site::responses::ReadResponse;
use heard_site::sites::{AddKey, ChangeSite, DirectoryCommand, ListKeys, ReadSite, RevokeKey, WriteSite, directory};
use heard_site::{Credential, Refusal, Sql, Thing};
use heard_wire::http::IfMatch;
use heard_wire::{MetricsBy, ResponseFilter, Scope, SettingsPatch, SiteId, SiteSettings, Timestamp};
use rusqlite::Connection;

#[test]
fn an_unknown_site_stores_nothing() {
    let mut bench = Bench::on(Connection::open_in_memory().unwrap());
    assert_eq!(bench.call(ReadSite {}), Err(Refusal::UnknownSite));
    assert_eq!(bench.call_as(Credential::Nobody, ReadSite {}), Err(Refusal::UnknownSite));
    // Whether a site exists is told to those with a key only.
    let key = Credential::Key { key: "hk_0123456789ab_0".into(), needs: Scope::Read };
    assert_eq!(bench.call_as(key, ReadSite {}), Err(Refusal::InvalidKey));
    assert!(bench.sql.run("SELECT name FROM sqlite_master", Vec::new()).unwrap().is_empty());
    bench.configure(r#"{"name":"Corner Shop"}"#);
    assert_eq!(bench.call(ReadSite {}).unwrap().revision, 1);
}

#[test]
fn settings_that_do_not_read_back_can_be_replaced() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 2, Some("cold soup"));
    bench.sql.0.execute("UPDATE site SET settings = 'torn'", []).unwrap();
    assert_eq!(bench.configure(r#"{"name":"Corner Shop"}"#).revision, 2);
    assert_eq!(bench.call(ReadSite {}).unwrap().settings.name, "Corner Shop");
}

#[test]
fn a_key_allows_its_scope_and_those_before_until_it_is_revoked() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 2, None);
    let scopes = [Scope::Read, Scope::Write, Scope::Admin];
    for scope in scopes {
        let new = serde_json::from_value(serde_json::json!({ "name": "x", "scope": scope })).unwrap();
        let added = bench.call(AddKey { new }).unwrap();
        let credential = |needs| Credential::Key { key: added.key.clone(), needs };
        for needs in scopes {
            let read = bench.call_as(credential(needs), ReadResponse { id: id(1) });
            assert_eq!(read.err(), (needs > scope).then_some(Refusal::ScopeTooNarrow { needs }), "{scope:?} {needs:?}");
        }
        let mut wrong = added.key.clone();
        wrong.pop();
        let wrong = Credential::Key { key: wrong, needs: Scope::Read };
        assert_eq!(bench.call_as(wrong, ReadSite {}), Err(Refusal::InvalidKey));
        let revoke = || RevokeKey { prefix: added.listed.prefix.clone() };
        bench.call(revoke()).unwrap();
        assert_eq!(bench.call_as(credential(Scope::Read), ReadSite {}), Err(Refusal::InvalidKey));
        assert_eq!(bench.call(revoke()), Err(Refusal::NotFound { thing: Thing::Key }));
    }
    assert!(bench.call(ListKeys {}).unwrap().items.is_empty());
}

#[test]
fn a_site_has_room_for_fifty_keys() {
    let mut bench = Bench::new();
    let add = |bench: &mut Bench| {
        let new = serde_json::from_str(r#"{"name":"x","scope":"read"}"#).unwrap();
        bench.call(AddKey { new }).map(drop)
    };
    for _ in 0..50 {
        add(&mut bench).unwrap();
    }
    assert_eq!(add(&mut bench), Err(Refusal::Full { thing: Thing::Key, most: 50 }));
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
        let command = DirectoryCommand::List { after: after.map(|id| id.parse().unwrap()), limit };
        directory(&sql, Timestamp::from_millis(9), command).unwrap()
    };
    let page = list(None, 1);
    assert_eq!((page.items[0].id.as_str(), page.next_cursor.as_ref().map(SiteId::as_str)), ("cafe", Some("cafe")));
    let page = list(Some("cafe"), 1);
    let shop = &page.items[0];
    assert_eq!((shop.name.as_str(), shop.archived, shop.created_at.as_millis()), ("The Corner Shop", true, 1));
    assert_eq!(page.next_cursor, None);
}

#[test]
fn a_change_keeps_what_it_does_not_name_and_notices_another_s() {
    let mut bench = Bench::new();
    bench.configure(
        r#"{"name":"Corner Shop","origins":["https://a.example"],"promise":{"by_when":"soon"},"keep_days":90}"#,
    );
    let change = |bench: &mut Bench, patch: &str, if_match: Option<&str>| {
        let patch = SettingsPatch::from_json(patch.as_bytes()).unwrap();
        bench.call(ChangeSite { patch, if_match: if_match.map(IfMatch::read), if_none_match: None })
    };
    let changed = change(&mut bench, r#"{"name":"New","promise":null}"#, Some("\"2\"")).unwrap();
    assert_eq!((changed.revision, changed.settings.name.as_str(), changed.settings.keep_days), (3, "New", Some(90)));
    assert!(changed.settings.promise.is_none() && changed.settings.origins.len() == 1);
    let late = change(&mut bench, r#"{"archived":true}"#, Some("\"2\""));
    assert_eq!(late.unwrap_err(), Refusal::RevisionChanged { revision: Some(3) });
    let settings = SiteSettings::named("Late");
    let late = WriteSite {
        site: crate::common::site(),
        settings,
        if_match: Some(IfMatch::read("W/\"2\"")),
        if_none_match: None,
    };
    assert_eq!(bench.call(late).unwrap_err(), Refusal::RevisionChanged { revision: Some(3) });
    let settings = SiteSettings::named("Again");
    let again =
        WriteSite { site: crate::common::site(), settings, if_match: None, if_none_match: Some(IfMatch::read("*")) };
    assert_eq!(bench.call(again).unwrap_err(), Refusal::RevisionChanged { revision: Some(3) });
    let nowhere = change(&mut bench, r#"{"time_zone":"Mars/Olympus"}"#, None).unwrap_err();
    assert!(matches!(nowhere, Refusal::Invalid { problem } if problem.errors[0].pointer == "/time_zone"));
    assert_eq!(bench.call(ReadSite {}).unwrap().revision, 3);
}

#[test]
fn days_are_those_of_the_site_s_zone_or_of_another_that_is_asked_for() {
    let mut bench = Bench::new();
    bench.configure(r#"{"name":"Corner Shop","time_zone":"Europe/Berlin"}"#);
    // 2027-01-15T08:00Z, half an hour before and after midnight in Berlin, and in the summer after.
    for (number, hours) in [(1, 14), (2, 16), (3, 24 * 180 + 13), (4, 24 * 180 + 15)] {
        let start = bench.now;
        bench.pass(hours * 3_600_000 + 1_800_000);
        bench.submit(&id(number), 1, 9, None);
        if number < 4 {
            bench.now = start;
        }
    }
    let days = |bench: &mut Bench, tz: Option<&str>, filter: ResponseFilter| {
        let metrics = ReadMetrics { filter, by: Some(MetricsBy::Day), time_zone: tz.map(str::to_owned) };
        let groups = bench.call(metrics).unwrap().groups;
        groups.into_iter().map(|day| (day.key.unwrap(), day.responses)).collect::<Vec<_>>()
    };
    let at = |day: &str, count| (day.to_owned(), count);
    let berlin = [at("2027-01-15", 1), at("2027-01-16", 1), at("2027-07-14", 1), at("2027-07-15", 1)];
    assert_eq!(days(&mut bench, None, ResponseFilter::default()), berlin);
    let utc = [at("2027-01-15", 1), at("2027-01-16", 1), at("2027-07-14", 2)];
    assert_eq!(days(&mut bench, Some("UTC"), ResponseFilter::default()), utc);
    let since = ResponseFilter { since: "2027-07-15".parse().ok(), ..ResponseFilter::default() };
    assert_eq!(days(&mut bench, None, since), berlin[3..]);
    let metrics = ReadMetrics { filter: ResponseFilter::default(), by: None, time_zone: Some("Mars".into()) };
    assert_eq!(bench.call(metrics).unwrap_err(), Refusal::UnknownTimeZone);
}
