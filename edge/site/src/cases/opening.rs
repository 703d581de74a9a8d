//! Which answers become cases, and whose they are.

use crate::cases::machine::{Step, opened, step};
use crate::cases::people;
use crate::cases::table::{Policy, latest_of, latest_of_visitor, store};
use crate::site::Site;
use crate::store::{Cell, SiteError, run, scalar};
use heard_wire::{
    Acknowledgement, Actor, Assignment, Band, Case, CaseAct, CaseId, CaseRule, CaseSettings, CaseStatus, Intent,
    Outcome, Polarity, Priority, Promise, Response, ResponseId, SlaPolicy, Standing, Teammate, TeammateId, TimeUnit,
};

/// What becomes of an answer: a case that is new, or that it belongs to.
pub(crate) struct Considered {
    case: Case,
    acts: Vec<CaseAct>,
    policy: Policy,
    /// Who sees to it.
    assignee: Option<Teammate>,
    /// A case that was resolved before, with the score that came after.
    recovered: Option<(Case, Vec<CaseAct>)>,
}

/// The name of the rule where the owner set none.
pub(crate) const DEFAULT_RULE: &str = "default";

/// Looks at an answer that is complete. `earlier` is the answer before this one from the same browser.
pub(crate) fn consider(
    site: &mut Site<'_>,
    response: &Response,
    earlier: Option<&ResponseId>,
) -> Result<Option<Considered>, SiteError> {
    if response.standing() != Standing::Counted {
        return Ok(None);
    }
    let policy = site.policy()?;
    let now = site.context.now;
    let own = latest_of(site, &response.id)?;
    let mut before = None;
    if own.is_none() {
        before = earlier.map(|earlier| latest_of(site, earlier)).transpose()?.flatten();
        // What a page merely says of a visitor opens nothing.
        if let (None, Some(visitor)) = (&before, response.visitor.as_ref().filter(|_| response.visitor_verified)) {
            before = latest_of_visitor(site, visitor)?;
        }
    }
    let mut recovered = None;
    if let Some(case) = before.as_mut().filter(|case| !case.status.is_unsettled() && case.recovery.is_none()) {
        let first = crate::responses::find(site, &case.response)?;
        if let Some(first) = first {
            let what =
                Step::Recover { before: first.response.score, after: response.score, response: response.id.clone() };
            let mut case = case.clone();
            let acts = step(&mut case, what, now, &policy.calendar).unwrap_or_default();
            recovered = Some((case, acts));
        }
    }
    // One that belongs to it already, or an open one of the customer.
    let open =
        own.filter(|case| case.status != CaseStatus::Closed).or(before.filter(|case| case.status.is_unsettled()));
    if let Some(mut case) = open {
        let acts = step(&mut case, Step::Join(response.id.clone()), now, &policy.calendar).unwrap_or_default();
        let assignee = case.assignee.as_ref().map(|id| people::find(site, id)).transpose()?.flatten();
        return Ok(Some(Considered { case, acts, policy, assignee, recovered }));
    }
    let rule = match &policy.settings.rules {
        Some(rules) => rules.iter().find(|rule| rule.when.fit(response)).cloned(),
        None if !wants_somebody(response) => None,
        None => {
            let is_grave = response.heard.as_ref().is_some_and(|heard| heard.grave.is_some());
            let priority = if is_grave { Priority::Urgent } else { Priority::default() };
            Some(CaseRule { priority, ..default_rule(site)? })
        }
    };
    let Some(rule) = rule.filter(|rule| rule.opens) else {
        return Ok(recovered.map(|(case, acts)| Considered { case, acts, policy, assignee: None, recovered: None }));
    };
    let assignee = assigned(site, rule.assign.as_ref(), response)?;
    let case = new(site, response, rule, assignee.as_ref());
    let (case, mut acts) = opened(case, &policy.calendar);
    acts.extend(case.assignee.clone().map(|assignee| CaseAct::Assigned { assignee: Some(assignee) }));
    Ok(Some(Considered { case, acts, policy, assignee, recovered }))
}

/// The name of the rule by which an answer would become a case, if it did.
#[must_use]
pub fn opening_rule(cases: &CaseSettings, response: &Response) -> Option<String> {
    match &cases.rules {
        Some(rules) => {
            rules.iter().find(|rule| rule.when.fit(response)).filter(|rule| rule.opens).map(|rule| rule.name.clone())
        }
        None => wants_somebody(response).then(|| DEFAULT_RULE.to_owned()),
    }
}

/// Whom somebody should see to, where the owner set no rule: who is unhappy and said something, who asks for something or left
/// an address, and who was harmed.
fn wants_somebody(response: &Response) -> bool {
    const ASKS: [Intent; 3] = [Intent::WantsContact, Intent::Request, Intent::Question];
    let heard = response.heard.as_ref();
    response.band == Band::Detractor && response.has_words()
        || response.contact.is_some()
        || heard.is_some_and(|heard| heard.grave.is_some() || ASKS.iter().any(|ask| heard.intents.contains(ask)))
}

/// The rule where the owner set none. Who promises an answer within a time is held to it.
fn default_rule(site: &Site<'_>) -> Result<CaseRule, SiteError> {
    let first_response = promise(site)?.and_then(|promise| promise.within);
    Ok(CaseRule {
        name: DEFAULT_RULE.to_owned(),
        when: heard_wire::CaseConditions::default(),
        opens: true,
        priority: Priority::default(),
        assign: None,
        sla: SlaPolicy { first_response, ..SlaPolicy::default() },
    })
}

fn promise(site: &Site<'_>) -> Result<Option<Promise>, SiteError> {
    const ACT: &str = "read what the owner promises";
    let statement = "SELECT settings ->> '$.promise' FROM site WHERE json_valid(settings)";
    let told = crate::store::one(site.sql, ACT, statement, [])?;
    let told = told.map_or(Ok(None), |mut columns| columns.optional_text())?;
    Ok(told.and_then(|promise| serde_json::from_str(&promise).ok()))
}

fn new(site: &mut Site<'_>, response: &Response, rule: CaseRule, assignee: Option<&Teammate>) -> Case {
    let now = site.context.now;
    Case {
        id: CaseId::from_random((site.context.random)()),
        revision: 1,
        response: response.id.clone(),
        responses: vec![response.id.clone()],
        visitor: response.visitor.clone(),
        visitor_verified: response.visitor_verified,
        status: CaseStatus::New,
        priority: rule.priority,
        assignee: assignee.map(|person| person.id.clone()),
        source_rule: rule.name,
        sla: rule.sla,
        sla_status: None,
        first_response: None,
        next_response: None,
        resolution_clock: None,
        customer_waits_since: None,
        snoozed_until: None,
        root_cause: None,
        resolution: None,
        outcome: Outcome::Unknown,
        verdict: None,
        recovery: None,
        reopen_count: 0,
        escalated_at: None,
        opened_at: now,
        updated_at: now,
        first_response_at: None,
        resolved_at: None,
        closed_at: None,
        first_response_time: None,
        next_response_times: Vec::new(),
        next_responses_missed: 0,
        time_to_first_close: None,
        time_to_last_close: None,
        said: None,
    }
}

/// Opens a case that no rule asks for, and writes it down.
pub(crate) fn opens_by_writing(
    site: &mut Site<'_>,
    response: &Response,
    rule: &str,
    priority: Priority,
    assignee: Option<Teammate>,
) -> Result<Case, SiteError> {
    let mut policy = site.policy()?;
    // As soon as the rule for everybody says, if there is one.
    let sla = match policy.settings.rules.take() {
        Some(rules) => rules.into_iter().find(|rule| rule.opens && rule.when.fit(response)).map(|rule| rule.sla),
        None => Some(default_rule(site)?.sla),
    };
    let sla = sla.unwrap_or_default();
    let rule = CaseRule { name: rule.to_owned(), priority, sla, ..default_rule(site)? };
    let case = new(site, response, rule, assignee.as_ref());
    let (case, mut acts) = opened(case, &policy.calendar);
    acts.extend(case.assignee.clone().map(|assignee| CaseAct::Assigned { assignee: Some(assignee) }));
    let by = site.actor.clone();
    store(site, &policy, &case, acts, &by, Some(response))?;
    Ok(case)
}

/// Who sees to a new case: nobody who is away, or not there any more.
fn assigned(site: &Site<'_>, assign: Option<&Assignment>, response: &Response) -> Result<Option<Teammate>, SiteError> {
    let Some(assign) = assign else { return Ok(None) };
    let now = site.context.now;
    let there: Vec<Teammate> = people::all(site)?.into_iter().filter(|person| person.is_there(now)).collect();
    let one = |id: &TeammateId| there.iter().find(|person| person.id == *id).cloned();
    let heard = response.heard.as_ref();
    Ok(match assign {
        Assignment::Person(id) => one(id),
        Assignment::RoundRobin(ids) => {
            let mut turns = Vec::new();
            for id in ids.iter().filter(|id| one(id).is_some()) {
                let statement = "SELECT last_assigned_at FROM people WHERE id = ?";
                turns.push((scalar(site.sql, "find whose turn it is", statement, [Cell::from(id.as_str())])?, id));
            }
            // The first of those whose last turn is longest ago.
            turns.sort_by_key(|(last, _)| *last);
            turns.first().and_then(|(_, id)| one(id))
        }
        Assignment::NamedPerson => heard.and_then(|heard| {
            // Who is complained of does not judge it.
            let meant = heard.people.iter().filter(|named| named.polarity != Polarity::Negative);
            let named = |person: &&Teammate| meant.clone().any(|named| is_called(&person.settings.name, &named.name));
            there.iter().find(named).cloned()
        }),
        Assignment::ByTheme(themes) => {
            heard.and_then(|heard| heard.themes.iter().find_map(|found| themes.get(&found.id).and_then(&one)))
        }
    })
}

/// Whether somebody of this name is meant: by the whole of it, or by the first name.
pub(crate) fn is_called(name: &str, named: &str) -> bool {
    let (name, named) = (name.to_lowercase(), named.trim().to_lowercase());
    name == named || name.split_whitespace().next() == Some(&named)
}

impl Considered {
    /// Whether somebody sees to the answer.
    pub(crate) fn is_open(&self) -> bool {
        self.case.status.is_unsettled()
    }

    /// Makes the receipt true: who answers, and by when. Nothing is promised that no rule and no person stands behind.
    pub(crate) fn promise(considered: Option<&Self>, is_wanted: bool, acknowledgement: &mut Acknowledgement) {
        let receipt = &mut acknowledgement.receipt;
        let Some(Self { case, assignee, .. }) = considered.filter(|considered| considered.is_open()) else {
            (receipt.answered_by, receipt.by_when, receipt.due_at) = (None, None, None);
            return;
        };
        if !is_wanted {
            return;
        }
        if let Some(person) = assignee {
            receipt.answered_by = Some(person.settings.name.clone());
        }
        let clock = case.first_response.as_ref().filter(|clock| clock.is_running() && !clock.is_missed());
        // Business days are told in the owner's words, which are easier to keep.
        let is_exact = |unit: TimeUnit| unit != TimeUnit::WorkingDays;
        if let Some(clock) = clock.filter(|clock| receipt.by_when.is_none() || is_exact(clock.within.unit)) {
            (receipt.due_at, receipt.by_when) = (Some(clock.due_at), None);
        }
    }

    /// Writes the case down and tells of it.
    pub(crate) fn store(self, site: &mut Site<'_>, response: &Response) -> Result<(), SiteError> {
        const ACT: &str = "note whose turn it was";
        let Self { case, acts, policy, assignee, recovered } = self;
        let is_new = acts.iter().any(|act| matches!(act, CaseAct::Opened { .. }));
        if let Some(person) = assignee.filter(|_| is_new) {
            let params = [Cell::from(site.context.now), Cell::from(person.id.as_str())];
            run(site.sql, ACT, "UPDATE people SET last_assigned_at = ? WHERE id = ?", params)?;
        }
        if let Some((case, acts)) = recovered {
            store(site, &policy, &case, acts, &Actor::Customer, None)?;
        }
        let own = (case.response == response.id).then_some(response);
        store(site, &policy, &case, acts, &Actor::Rule, own)
    }
}
