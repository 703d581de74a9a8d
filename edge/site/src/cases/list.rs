//! Reading cases: one, or a page of those that a filter lets through.

use crate::cases::table;
use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, query, run};
use heard_wire::{Case, CaseCursor, CaseFilter, CaseId, Page, Said, Score, TeammateId, VisitorId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Reads one case.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadCase {
    /// Of the case.
    pub id: CaseId,
}

impl Operation for ReadCase {
    type Reply = Case;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Case, Failure> {
        table::known(site, &self.id)
    }
}

/// A page of cases, newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListCases {
    /// Which.
    pub filter: CaseFilter,
    /// From an earlier page.
    pub cursor: Option<CaseCursor>,
    /// At most so many.
    pub limit: u16,
}

impl Operation for ListCases {
    type Reply = Page<Case>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Page<Case>, Failure> {
        let (mut conditions, mut params) = conditions(site, &self.filter)?;
        if let Some(CaseCursor { opened_at, id }) = self.cursor {
            conditions.push_str(" AND (opened_at, id) < (?, ?)");
            params.extend([Cell::from(opened_at), Cell::from(id.as_str())]);
        }
        let limit = usize::from(self.limit);
        params.push(Cell::count(limit + 1));
        let statement =
            format!("SELECT document FROM cases WHERE {conditions} ORDER BY opened_at DESC, id DESC LIMIT ?");
        let mut cases = read_all(site, &statement, params)?;
        add_what_was_said(site, &mut cases)?;
        Ok(Page::of(cases, limit, |last| CaseCursor { opened_at: last.opened_at, id: last.id.clone() }))
    }
}

/// One statement for all of them.
fn add_what_was_said(site: &Site<'_>, cases: &mut [Case]) -> Result<(), SiteError> {
    const ACT: &str = "read what customers of cases said";
    let ids: Vec<&str> = cases.iter().map(|case| case.response.as_str()).collect();
    let statement = "SELECT id, score, substr(comment, 1, 300),
             (SELECT json_group_array(theme) FROM themes_found found WHERE found.number = responses.number)
         FROM responses WHERE id IN (SELECT value FROM json_each(?))";
    let mut said = HashMap::new();
    for row in run(site.sql, ACT, statement, [Cell::json(ACT, &ids)?])? {
        let mut columns = Columns::of(row, ACT);
        let id = columns.text()?;
        let score = u8::try_from(columns.integer()?).ok().and_then(Score::new);
        let comment = columns.optional_text()?.filter(|comment| !comment.is_empty());
        let themes = columns.json().unwrap_or_default();
        said.extend(score.map(|score| (id, Said { score, comment, themes })));
    }
    for case in cases {
        case.said = said.get(case.response.as_str()).cloned();
    }
    Ok(())
}

/// The cases that a statement gives. What does not read back is left out: it hides no other.
pub(super) fn read_all(site: &Site<'_>, statement: &str, params: Vec<Cell>) -> Result<Vec<Case>, SiteError> {
    const ACT: &str = "list the cases";
    let rows = query(site.sql, ACT, statement, params)?;
    Ok(rows.into_iter().filter_map(|row| Columns::of(row, ACT).json().ok()).collect())
}

/// What the rows of a filter's cases have in common.
pub(super) fn conditions(site: &Site<'_>, filter: &CaseFilter) -> Result<(String, Vec<Cell>), SiteError> {
    let zone = site.zone()?;
    let CaseFilter { status, unsettled, assignee, unassigned, priority, overdue, visitor, response, since, until } =
        filter;
    let mut all = vec!["1"];
    let mut params = Vec::new();
    let mut and = |condition, given: &[Cell]| {
        all.push(condition);
        params.extend_from_slice(given);
    };
    if response.is_none() {
        // Of an answer that was put aside there is no case either, unless it is asked for, or somebody opened one all the same.
        and(
            "(EXISTS (SELECT 1 FROM responses r WHERE r.id = cases.document ->> '$.response' AND r.standing IS NULL)
                 OR cases.document ->> '$.source_rule' = 'by hand')",
            &[],
        );
    }
    if let Some(status) = status {
        and("status = ?", &[Cell::from(<&str>::from(*status))]);
    }
    match unsettled {
        Some(true) => and("status NOT IN ('resolved', 'closed')", &[]),
        Some(false) => and("status IN ('resolved', 'closed')", &[]),
        None => {}
    }
    if let Some(assignee) = assignee {
        and("assignee = ?", &[Cell::from(TeammateId::as_str(assignee))]);
    }
    match unassigned {
        Some(true) => and("assignee IS NULL", &[]),
        Some(false) => and("assignee IS NOT NULL", &[]),
        None => {}
    }
    if let Some(priority) = priority {
        and("priority = ?", &[Cell::from(<&str>::from(*priority))]);
    }
    if let Some(overdue) = overdue {
        and(LATE_IS, &[Cell::from(site.context.now.to_string()), Cell::from(i64::from(*overdue))]);
    }
    if let Some(visitor) = visitor {
        and("visitor = ?", &[Cell::from(VisitorId::as_str(visitor))]);
    }
    if let Some(response) = response {
        let condition = "id IN (SELECT case_id FROM case_responses WHERE response = ?)";
        and(condition, &[Cell::from(response.as_str())]);
    }
    if let Some(since) = since {
        and("opened_at >= ?", &[Cell::from(zone.begins(*since))]);
    }
    if let Some(until) = until {
        and("opened_at < ?", &[Cell::from(zone.begins(*until))]);
    }
    Ok((all.join(" AND "), params))
}

/// Whether a clock runs and is late, whether or not the alarm has been there.
const LATE_IS: &str = "EXISTS (SELECT 1 FROM json_each(json_array(document -> '$.first_response',
     document -> '$.next_response', document -> '$.resolution_clock')) clock
     WHERE clock.value ->> '$.due_at' <= ? AND clock.value ->> '$.ended_at' IS NULL
         AND clock.value ->> '$.paused_at' IS NULL) = ?";
