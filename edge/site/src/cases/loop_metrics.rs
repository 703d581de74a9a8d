//! How well the loop is closed, counted from the cases as they are.

use crate::cases::list;
use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::site::Site;
use crate::store::{Cell, Columns, Row, SiteError, query};
use heard_wire::{
    Actor, Attainment, Call, Case, CaseAct, CaseEntry, CaseFilter, CauseRecovery, Clock, Elapsed, LoopMetrics,
    LoopRate, Moment, Spread, TalkedTo, TeammateId, Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Adds up the cases that were opened in a time.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadLoop {
    /// Opened then or later.
    pub since: Option<Moment>,
    /// Opened before then.
    pub until: Option<Moment>,
}

/// Cases that are added up at most, the newest.
const MOST: usize = 20_000;

impl Operation for ReadLoop {
    type Reply = LoopMetrics;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<LoopMetrics, Failure> {
        let filter = CaseFilter { since: self.since, until: self.until, ..CaseFilter::default() };
        let (conditions, mut params) = list::conditions(site, &filter)?;
        params.push(Cell::count(MOST));
        let statement = format!("SELECT document FROM cases WHERE {conditions} ORDER BY number DESC LIMIT ?");
        let cases = list::read_all(site, &statement, params.clone())?;
        let talked = talked(site, &conditions, params)?;
        Ok(LoopMetrics { talked_to: talked.told(), ..metrics(&cases) })
    }
}

/// Who talked to the customers of these cases: one statement for all of them.
fn talked(site: &Site<'_>, conditions: &str, params: Vec<Cell>) -> Result<Talked, SiteError> {
    let statement = format!(
        "SELECT case_id, entry FROM case_history WHERE entry ->> '$.act.kind' IN ('replied', 'called')
             AND case_id IN (SELECT id FROM cases WHERE {conditions} ORDER BY number DESC LIMIT ?)
         ORDER BY case_id"
    );
    add_up(query(site.sql, TALKED, &statement, params)?)
}

/// Adds up entries of histories, those of one case together.
fn add_up(rows: Vec<Row>) -> Result<Talked, SiteError> {
    let mut talked = Talked::default();
    let mut of_case: (String, Vec<CaseEntry>) = (String::new(), Vec::new());
    for row in rows {
        let mut columns = Columns::of(row, TALKED);
        let id = columns.text()?;
        // One that does not read back hides no other.
        let Ok(entry) = columns.json() else { continue };
        if id != of_case.0 {
            talked.take(&std::mem::take(&mut of_case.1));
            of_case.0 = id;
        }
        of_case.1.push(entry);
    }
    talked.take(&of_case.1);
    Ok(talked)
}

/// Who talked to customers in a time, whenever their cases were opened.
pub(crate) fn talked_since(site: &Site<'_>, since: Timestamp, until: Timestamp) -> Result<Vec<TalkedTo>, SiteError> {
    // Moments in JSON are all written alike, so that they compare as texts.
    let statement = "SELECT case_id, entry FROM case_history WHERE entry ->> '$.act.kind' IN ('replied', 'called')
             AND entry ->> '$.at' >= ? AND entry ->> '$.at' < ? ORDER BY case_id";
    let params = vec![Cell::from(since.to_string()), Cell::from(until.to_string())];
    Ok(add_up(query(site.sql, TALKED, statement, params)?)?.told())
}

const TALKED: &str = "read who talked to customers";

fn metrics(cases: &[Case]) -> LoopMetrics {
    let count = |is: fn(&Case) -> bool| u64::try_from(cases.iter().filter(|case| is(case)).count()).unwrap_or(0);
    let spread = |of: fn(&Case) -> &[Elapsed]| spread_of(cases.iter().flat_map(of).copied().collect());
    let opened = count(|_| true);
    LoopMetrics {
        opened,
        settled: count(|case| !case.status.is_unsettled()),
        closed_loop_rate: LoopRate::of(opened, count(|case| case.first_response_at.is_some())),
        reopen_rate: LoopRate::of(
            count(|case| case.time_to_first_close.is_some()),
            count(|case| case.reopen_count > 0),
        ),
        recovery_rate: LoopRate::of(
            count(|case| case.recovery.is_some()),
            count(|case| case.recovery.as_ref().is_some_and(|pair| pair.after > pair.before)),
        ),
        sla_attainment: Attainment {
            first_response: attained(
                cases.iter().filter(|case| !was_left_unanswered(case)).filter_map(|case| case.first_response.as_ref()),
            ),
            next_response: next_attained(cases),
            resolution: attained(cases.iter().filter_map(|case| case.resolution_clock.as_ref())),
        },
        first_response_time: spread(|case| case.first_response_time.as_slice()),
        next_response_time: spread(|case| &case.next_response_times),
        time_to_first_close: spread(|case| case.time_to_first_close.as_slice()),
        time_to_last_close: spread(|case| case.time_to_last_close.as_slice()),
        by_root_cause: by_root_cause(cases),
        talked_to: Vec::new(),
    }
}

/// Root causes that are told.
const MOST_CAUSES: usize = 20;

fn by_root_cause(cases: &[Case]) -> Vec<CauseRecovery> {
    let mut causes: BTreeMap<&str, (u64, u64, u64)> = BTreeMap::new();
    for case in cases {
        let Some(cause) = &case.root_cause else { continue };
        let (all, asked, better) = causes.entry(cause).or_default();
        *all += 1;
        *asked += u64::from(case.recovery.is_some());
        *better += u64::from(case.recovery.as_ref().is_some_and(|pair| pair.after > pair.before));
    }
    let told = |(cause, (cases, asked, better)): (&str, (u64, u64, u64))| CauseRecovery {
        root_cause: cause.to_owned(),
        cases,
        recovery_rate: LoopRate::of(asked, better),
    };
    let mut told: Vec<CauseRecovery> = causes.into_iter().map(told).collect();
    told.sort_by_key(|cause| std::cmp::Reverse(cause.cases));
    told.truncate(MOST_CAUSES);
    told
}

/// Whether it was settled in time without a word to the customer: nobody kept that promise, and nobody broke it.
fn was_left_unanswered(case: &Case) -> bool {
    case.first_response_at.is_none() && !case.first_response.as_ref().is_some_and(Clock::is_missed)
}

/// Of the clocks that ended or were missed, those that ended in time.
fn attained<'a>(clocks: impl Iterator<Item = &'a Clock>) -> LoopRate {
    let (mut of, mut hit) = (0, 0);
    for clock in clocks.filter(|clock| clock.ended_at.is_some() || clock.is_missed()) {
        of += 1;
        hit += u64::from(!clock.is_missed());
    }
    LoopRate::of(of, hit)
}

/// A case has had a clock for each message; it keeps the last of them, and how many were missed.
fn next_attained(cases: &[Case]) -> LoopRate {
    let (mut of, mut missed) = (0, 0);
    for case in cases.iter().filter(|case| case.next_response.is_some()) {
        let late_now = case.next_response.as_ref().is_some_and(|clock| clock.ended_at.is_none() && clock.is_missed());
        missed += u64::from(case.next_responses_missed) + u64::from(late_now);
        let ended = u64::try_from(case.next_response_times.len()).unwrap_or(0);
        of += ended.max(u64::from(case.next_responses_missed)) + u64::from(late_now);
    }
    LoopRate::of(of, of.saturating_sub(missed))
}

/// Median and ninth decile by the nearest rank; nothing of none.
fn spread_of(all: Vec<Elapsed>) -> Option<Spread> {
    let ranked = |of: fn(&Elapsed) -> u64| {
        let mut all: Vec<u64> = all.iter().map(of).collect();
        all.sort_unstable();
        let at = |percent: usize| all.get((all.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        at(50).zip(at(90))
    };
    let (median, p90) = ranked(|took| took.seconds)?;
    let (business_median, business_p90) = ranked(|took| took.business_seconds)?;
    Some(Spread { of: u64::try_from(all.len()).unwrap_or(0), median, p90, business_median, business_p90 })
}

/// Who talked to whom.
#[derive(Default)]
struct Talked(BTreeMap<Option<TeammateId>, (u64, u64, u64)>);

impl Talked {
    fn take(&mut self, history: &[CaseEntry]) {
        let mut seen: Vec<Option<TeammateId>> = Vec::new();
        for entry in history {
            let who = match &entry.by {
                Actor::Person { person } => Some(person.clone()),
                Actor::Owner => None,
                Actor::Customer | Actor::Endpoint { .. } | Actor::Rule => continue,
            };
            let (written, called) = match &entry.act {
                CaseAct::Replied { .. } => (1, 0),
                CaseAct::Called { call: Call { reached: true, .. } } => (0, 1),
                _ => continue,
            };
            let (customers, messages, calls) = self.0.entry(who.clone()).or_default();
            *messages += written;
            *calls += called;
            if !seen.contains(&who) {
                *customers += 1;
                seen.push(who);
            }
        }
    }

    fn told(self) -> Vec<TalkedTo> {
        let row = |(person, (customers, messages, calls))| TalkedTo { person, customers, messages, calls };
        let mut all: Vec<TalkedTo> = self.0.into_iter().map(row).collect();
        all.sort_by_key(|talked| std::cmp::Reverse(talked.customers));
        all
    }
}
