//! A whole site out and in: the same site, however often, and told to nobody.

use crate::common::{Bench, id, site, submission};
use heard_site::conversations::AddMessage;
use heard_site::responses::{EraseResponse, ListResponses, ReadMetrics};
use heard_site::sites::{AddKey, ExportSite, ImportRecords, ListKeys, ReadSite, ReadVisitorKeys, RotateVisitorKey};
use heard_site::webhooks::{ListEndpoints, ReadSecret};
use heard_site::{Credential, Refusal};
use heard_wire::{BackupRecord, ImportReport, NewMessage, ResponseFilter, Scope, Standings};
use rusqlite::Connection;

fn export(bench: &mut Bench, credential: &Credential) -> Vec<BackupRecord> {
    let (mut records, mut after) = (Vec::new(), None);
    loop {
        let page = bench.call_as(credential.clone(), ExportSite { after }).unwrap();
        records.extend(page.records);
        after = page.next;
        if after.is_none() {
            return records;
        }
    }
}

fn import(bench: &mut Bench, records: &[BackupRecord], dry_run: bool) -> Result<ImportReport, Refusal> {
    let mut report = ImportReport { dry_run, ..ImportReport::default() };
    for (part, records) in records.chunks(50).enumerate() {
        let first = u64::try_from(part * 50 + 1).unwrap();
        let records = (first..).zip(records.iter().cloned()).collect();
        report =
            report.and(bench.call(ImportRecords { site: site(), records, dry_run, hear_anew: false, before: 0 })?);
    }
    Ok(report)
}

fn full() -> Bench {
    let mut bench = Bench::new();
    bench.configure(r#"{"name":"Corner Shop","keep_days":900,"themes":[{"id":"food","label":"food"}]}"#);
    let endpoint = bench.add(r#"{"url":"https://crm.example/?token=T","headers":{"x":"SECRETVALUE"}}"#);
    bench.change(&endpoint, r#"{"description":"CRM"}"#);
    bench.call(AddKey { new: serde_json::from_str(r#"{"name":"x","scope":"admin"}"#).unwrap() }).unwrap();
    for number in 0..260 {
        bench.pass(1_000);
        bench.submit(&id(number), 1, (number % 11) as u8, Some(&format!("comment {number}")));
    }
    let mut odd = submission(&id(300), 1, 0, None, None);
    odd.settings_revision = 2;
    odd.submission.test = true;
    bench.call(odd).unwrap();
    bench
        .call(AddMessage { response: id(1), message: NewMessage::from_json(br#"{"text":"Sorry"}"#).unwrap() })
        .unwrap();
    bench.call(EraseResponse { id: id(2) }).unwrap();
    bench
}

#[test]
fn it_comes_back_as_it_was_and_any_number_of_times() {
    let mut from = full();
    let records = export(&mut from, &Credential::Owner);
    let mut to = Bench::on(Connection::open_in_memory().unwrap());
    let would = import(&mut to, &records, true).unwrap();
    assert_eq!(would.added, u64::try_from(records.len()).unwrap());
    assert_eq!(to.call(ReadSite {}), Err(Refusal::UnknownSite), "a dry run writes nothing");
    let did = import(&mut to, &records, false).unwrap();
    assert_eq!((did.faults.len(), did.added, did.known), (0, would.added, 0));
    let again = import(&mut to, &records, false).unwrap();
    assert_eq!((again.added, again.changed, again.known), (0, 0, would.added));

    assert_eq!(to.call(ReadSite {}).unwrap().settings, from.call(ReadSite {}).unwrap().settings);
    let all = |bench: &mut Bench| {
        let filter = ResponseFilter { standing: Standings::Any, ..ResponseFilter::default() };
        let total = bench.call(ReadMetrics { filter: filter.clone(), by: None, time_zone: None }).unwrap();
        (bench.call(ListResponses { filter, cursor: None, limit: 100 }).unwrap(), total)
    };
    assert_eq!(all(&mut to), all(&mut from));
    assert_eq!(to.call(ListEndpoints {}).unwrap(), from.call(ListEndpoints {}).unwrap());
    assert_eq!(to.messages(), from.messages());
    assert_eq!(to.call(ListKeys {}).unwrap().items[0].scope, Scope::Admin);
    let endpoint = to.call(ListEndpoints {}).unwrap().items[0].id.clone();
    assert_eq!(to.call(ReadSecret { id: endpoint.clone() }).unwrap(), from.call(ReadSecret { id: endpoint }).unwrap());
    assert!(to.events().is_empty() && to.due(9).is_empty(), "nobody is told");
    // What was erased here stays erased, whatever an older copy says.
    to.call(EraseResponse { id: id(5) }).unwrap();
    import(&mut to, &records, false).unwrap();
    let erased = submission(&id(5), 9, 1, None, None);
    assert_eq!(to.call(heard_site::survey::Submit { settings_revision: 1, ..erased }).unwrap_err(), Refusal::Erased);
}

#[test]
fn what_the_owners_server_vouches_with_moves_along() {
    let mut from = full();
    let keys = from.call(RotateVisitorKey {}).unwrap();
    let records = export(&mut from, &Credential::Owner);
    let mut to = Bench::on(Connection::open_in_memory().unwrap());
    import(&mut to, &records, false).unwrap();
    assert_eq!(to.call(ReadVisitorKeys {}).unwrap(), keys);
    assert!(!format!("{records:?}").contains(&keys.key.unwrap()));
    // One that is in use stays.
    let mut other = Bench::new();
    let own = other.call(RotateVisitorKey {}).unwrap();
    let report = import(&mut other, &records, false).unwrap();
    assert!(report.faults.iter().any(|fault| fault.detail.contains("another visitor key")), "{report:?}");
    assert_eq!(other.call(ReadVisitorKeys {}).unwrap(), own);
}

#[test]
fn secrets_are_for_the_owner_alone() {
    let mut from = full();
    let visitors = from.call(RotateVisitorKey {}).unwrap().key.unwrap();
    let key = from.call(AddKey { new: serde_json::from_str(r#"{"name":"y","scope":"admin"}"#).unwrap() }).unwrap().key;
    let records = export(&mut from, &Credential::Key { key, needs: Scope::Admin });
    let text = serde_json::to_string(&records).unwrap();
    for secret in ["whsec_", "SECRETVALUE", "token=T", visitors.as_str()] {
        assert!(!text.contains(secret), "{secret}");
    }
    let mut to = Bench::on(Connection::open_in_memory().unwrap());
    let report = import(&mut to, &records, false).unwrap();
    assert_eq!(report.faults.len(), 1);
    assert!(report.faults[0].detail.contains("owner key"));
    let answers = records.iter().find(|record| matches!(record, BackupRecord::Response { .. })).unwrap().clone();
    let mut nowhere = Bench::on(Connection::open_in_memory().unwrap());
    assert_eq!(import(&mut nowhere, &[answers], false), Err(Refusal::UnknownSite));
}
