//! Tables of other tools: what they call their columns, and how they write times.

use crate::common::{Bench, id, site};
use heard_site::responses::{Column, CsvDialect, ListResponses, ReviewResponse, Table, next_stale_comment, read_table};
use heard_site::sites::{ImportRecords, ReadSite};
use heard_wire::{BackupRecord, Response, ResponseFilter, SiteConfig, Standing, Standings};
use std::collections::BTreeMap;

fn config() -> SiteConfig {
    let mut bench = Bench::new();
    bench.configure(r#"{"name":"Corner Shop","time_zone":"Europe/Berlin","language":"de"}"#);
    bench.call(ReadSite {}).unwrap()
}

fn read(text: &str, mapped: &[(Column, &str)]) -> Result<Table, String> {
    let mapped: BTreeMap<Column, String> = mapped.iter().map(|(column, name)| (*column, (*name).to_owned())).collect();
    read_table(text, &mapped, false, &config(), heard_wire::Timestamp::from_millis(1_800_000_000_000))
}

fn responses(table: &Table) -> Vec<Response> {
    table
        .records
        .iter()
        .map(|(_, record)| match record {
            BackupRecord::Response { stored, .. } => stored.response.clone(),
            other => panic!("{other:?}"),
        })
        .collect()
}

const DELIGHTED: &str = "Response ID,Name,Email,Survey type,Score,Comment,Responded at,Plan
1,Anna,a@x.example,NPS,9,\"Lovely, really\",2024-01-31 13:45:00 UTC,Pro
2,Bert,b@x.example,NPS,3,,2024-07-01 13:45:00 UTC,Free
";

const QUALTRICS: &str = "StartDate,EndDate,ResponseId,Q1_NPS_GROUP,Q1,Q2,UserLanguage
Start Date,End Date,Response ID,How likely are you to recommend us? - Group,How likely are you to recommend us?,Why did you choose this?,User Language
\"{\"\"ImportId\"\":\"\"startDate\"\"}\",\"{\"\"ImportId\"\":\"\"endDate\"\"}\",\"{\"\"ImportId\"\":\"\"_recordId\"\"}\",\"{\"\"ImportId\"\":\"\"QID1_NPS_GROUP\"\"}\",\"{\"\"ImportId\"\":\"\"QID1\"\"}\",\"{\"\"ImportId\"\":\"\"QID2_TEXT\"\"}\",\"{\"\"ImportId\"\":\"\"userLanguage\"\"}\"
2024-01-31 14:40:00,2024-01-31 14:45:00,R_1,Promoter,10,Great,EN
2024-01-31 14:40:00,2024-01-31 14:50:00,R_2,Detractor,2,Zu langsam,DE
2024-01-31 14:40:00,2024-01-31 14:50:00,R_3,,,,DE
";

const SURVEYMONKEY: &str = "Respondent ID,Collector ID,Start Date,End Date,How likely is it that you would recommend us to a friend?,What is the main reason for your score?
,,,,,Open-Ended Response
118,4,01/31/2024 02:40:00 PM,01/31/2024 02:45:00 PM,8,Good enough
119,4,01/31/2024 02:40:00 PM,01/31/2024 02:46:00 PM,7,
";

const SATISMETER: &str = "Rating;Feedback;Created;User ID
10;Lovely;2024-01-31T13:45:00.000Z;u-7
0;\"Nie wieder; nie\";2024-02-01T00:00:00.000Z;u-8
";

#[test]
fn the_tables_of_four_tools_are_understood_as_they_come() {
    for (name, text, scores, comments, first) in [
        ("Delighted", DELIGHTED, vec![9, 3], vec![Some("Lovely, really"), None], "2024-01-31T13:45:00.000Z"),
        ("Qualtrics", QUALTRICS, vec![10, 2], vec![Some("Great"), Some("Zu langsam")], "2024-01-31T13:45:00.000Z"),
        ("SurveyMonkey", SURVEYMONKEY, vec![8, 7], vec![Some("Good enough"), None], "2024-01-31T13:45:00.000Z"),
        (
            "SatisMeter",
            SATISMETER,
            vec![10, 0],
            vec![Some("Lovely"), Some("Nie wieder; nie")],
            "2024-01-31T13:45:00.000Z",
        ),
    ] {
        let table = read(text, &[]).unwrap();
        let read = responses(&table);
        assert_eq!(read.iter().map(|one| one.score.get()).collect::<Vec<_>>(), scores, "{name}");
        assert_eq!(read.iter().map(|one| one.comment.as_deref()).collect::<Vec<_>>(), comments, "{name}");
        assert_eq!(read[0].created_at.to_string(), first, "{name}");
        assert!(read.iter().all(|one| one.completed_at.is_some()), "{name}");
        assert_eq!(table.preview.len(), read.len(), "{name}");
    }
    let qualtrics = read(QUALTRICS, &[]).unwrap();
    assert_eq!((qualtrics.faults.len(), qualtrics.faults[0].line), (1, 6));
    assert_eq!(responses(&qualtrics)[0].lang.as_str(), "EN");
    assert_eq!(responses(&read(SATISMETER, &[]).unwrap())[0].visitor.as_ref().unwrap().as_str(), "u-7");
}

#[test]
fn columns_are_mapped_by_name_and_what_is_missing_is_told() {
    let text = "Wie?,Warum?,Kunde,Wann\n9,gut,k-1,31.01.2024 14:45\n11,,k-2,31.01.2024\n5,x,k-3,2099-01-01\n6,y,k-4,irgendwann\n";
    let mapped =
        [(Column::Score, "wie"), (Column::Comment, "Warum?"), (Column::Visitor, "Kunde"), (Column::CreatedAt, "Wann")];
    let table = read(text, &mapped).unwrap();
    let read_back = responses(&table);
    assert_eq!((read_back.len(), read_back[0].created_at.to_string().as_str()), (1, "2024-01-31T13:45:00.000Z"));
    assert_eq!(read_back[0].lang.as_str(), "de");
    assert_eq!(table.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [3, 4, 5]);
    assert!(table.faults.iter().all(|fault| !fault.detail.contains("irgendwann")), "what stands there is not repeated");
    assert!(read(text, &[]).unwrap_err().contains("score="));
    assert!(read(text, &[(Column::Score, "nothing")]).unwrap_err().contains("score"));
    assert!(read("", &[]).is_err());
}

#[test]
fn what_was_taken_for_what_is_told_and_what_looks_broken_is_left_out() {
    let table = read(DELIGHTED, &[]).unwrap();
    let told = [("comment", "Comment"), ("created_at", "Responded at"), ("id", "Response ID"), ("score", "Score")];
    let told = told.into_iter().chain([("visitor", "Email")]);
    assert_eq!(table.columns, told.map(|(name, column)| (name.into(), column.into())).collect());
    assert_eq!((table.preview[0].lang.as_str(), table.preview[0].page.as_str()), ("de", "app://import"));
    let lines = |text: &str| read(text, &[]).unwrap().faults.into_iter().map(|fault| fault.line).collect::<Vec<_>>();
    assert_eq!(lines("Score,Comment\n9,good\n8,\"never closed\n7,swallowed\n6,swallowed\n"), [3]);
    assert_eq!(lines("Score,Comment,Plan\n9,\"open,Pro\n7,shut,Pro\n6,\"two\nlines\",Pro\n"), [2, 5]);
    assert_eq!(lines("Score,Comment,Plan\n9,5\" pipe,Pro\n6,\"two\nlines\",Pro\n"), [] as [u64; 0]);
    assert_eq!(lines("ID,Score\n1,9\n2,8\n1,7\n"), [4]);
}

#[test]
fn a_table_of_our_own_comes_back_as_it_left() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 9, Some("=1+1"));
    bench.submit(&id(2), 1, 0, Some("Aside"));
    bench.call(ReviewResponse { id: id(2), standing: Some(Standing::Suspect), themes: None }).unwrap();
    let filter = ResponseFilter { standing: Standings::Any, ..ResponseFilter::default() };
    let all = ListResponses { filter, cursor: None, limit: 9 };
    let left = bench.call(all).unwrap().items;
    let dialect = CsvDialect { separator: ',', has_mark: true };
    let text = dialect.header(&[]) + &left.iter().map(|response| dialect.line(response, &[])).collect::<String>();
    let table = read(&text, &[]).unwrap();
    let back: Vec<_> = responses(&table).into_iter().map(|one| (one.id.clone(), one.standing(), one.comment)).collect();
    let left: Vec<_> = left.into_iter().map(|one| (one.id.clone(), one.standing(), one.comment)).collect();
    assert_eq!((table.faults.len(), back), (0, left));
    // Its lines are counted as people count them.
    let broken = text.replacen(",\"9\",", ",\"99\",", 1);
    let line = broken.split("\r\n").position(|line| line.contains("\"99\"")).unwrap() + 1;
    assert_eq!(read(&broken, &[]).unwrap().faults[0].line, u64::try_from(line).unwrap());
}

#[test]
fn what_is_imported_twice_is_there_once_and_its_words_are_heard() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    for round in 0..2 {
        let records = read(DELIGHTED, &[]).unwrap().records;
        let import = ImportRecords { site: site(), records, dry_run: false, hear_anew: true, before: 0 };
        let report = bench.call(import).unwrap();
        assert_eq!((report.added, report.known), if round == 0 { (2, 0) } else { (0, 2) });
    }
    let all = ListResponses { filter: ResponseFilter::default(), cursor: None, limit: 9 };
    assert_eq!(bench.call(all).unwrap().items.len(), 2);
    assert!(bench.events().is_empty(), "nobody is told of what is old");
    assert_eq!(next_stale_comment(&bench.sql).unwrap().unwrap().text, "Lovely, really");
    assert!(next_stale_comment(&bench.sql).unwrap().is_none());
}

#[test]
fn rows_without_a_time_are_told_apart_and_known_again() {
    let text = "score,comment\n9,Lovely\n9,Lovely\n3,\n";
    let at = |millis| {
        let now = heard_wire::Timestamp::from_millis(millis);
        responses(&read_table(text, &BTreeMap::new(), false, &config(), now).unwrap())
    };
    let (first, later) = (at(1_800_000_000_000), at(1_800_000_900_000));
    let ids = |all: &[Response]| all.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&first), ids(&later));
    let mut different = ids(&first);
    different.dedup();
    assert_eq!(different.len(), 3);
}

#[test]
fn whether_the_day_or_the_month_comes_first_is_told_by_the_table_or_by_the_owner() {
    let read = |rows: &str, day_first| {
        let text = format!("Score,Date\n{rows}");
        let now = heard_wire::Timestamp::from_millis(1_800_000_000_000);
        let table = read_table(&text, &BTreeMap::new(), day_first, &config(), now).unwrap();
        assert!(table.faults.is_empty(), "{:?}", table.faults);
        responses(&table)[0].created_at.to_string()
    };
    assert_eq!(read("9,03/04/2026 12:00\n8,25/12/2025 12:00\n", false), "2026-04-03T10:00:00.000Z");
    assert_eq!(read("9,03/04/2026 12:00\n8,12/25/2025 12:00\n", true), "2026-03-04T11:00:00.000Z");
    assert_eq!(read("9,03/04/2026 12:00\n", true), "2026-04-03T10:00:00.000Z");
    assert_eq!(read("9,03/04/2026 12:00\n", false), "2026-03-04T11:00:00.000Z");
    let odd = read_table(
        "Score,Comment\n9,a,b,c\n",
        &BTreeMap::new(),
        false,
        &config(),
        heard_wire::Timestamp::from_millis(0),
    );
    assert_eq!(odd.unwrap().faults[0].line, 2);
}
