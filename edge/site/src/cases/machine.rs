//! What can be done to a case, and what follows from it. No storage, no clock: the moment comes in.

use crate::cases::calendar::Calendar;
use crate::cases::clocks::{end, sla_status, started};
use crate::refusal::{Failure, Refusal};
use heard_wire::{
    Call, Case, CaseAct, CaseStatus, Clock, ClockName, MessageId, Outcome, Priority, Recovery, ResponseId, Score,
    TeammateId, Then, Timestamp, Verdict, Within,
};
use std::time::Duration;

/// Something that happens to a case.
#[derive(Debug, Clone)]
pub enum Step {
    /// Somebody else sees to it.
    Assign(Option<TeammateId>),
    /// It is as urgent as this.
    Prioritise(Priority),
    /// The customer was written to. Only a person's words stop a clock.
    Reply {
        /// What.
        message: MessageId,
        /// Whether a person wrote it.
        by_person: bool,
        /// Where it stands then.
        then: Option<Then>,
        /// What was written, where it resolves the case.
        text: String,
    },
    /// Somebody called.
    Call(Call),
    /// The customer wrote.
    CustomerWrites {
        /// What.
        message: MessageId,
        /// Whether it asks for an answer, as "thanks, bye" does not.
        wants_answer: bool,
    },
    /// It is taken up, woken or opened again.
    Open,
    /// The customer has to say something first.
    Wait,
    /// It comes back then.
    Snooze(Timestamp),
    /// It is put right.
    Resolve(Option<String>),
    /// It is over for good.
    Close,
    /// The customer says whether it is better.
    Judge {
        /// Yes, or not yet.
        better: bool,
        /// In their words.
        why: Option<String>,
    },
    /// What lay behind it.
    Explain(Option<String>),
    /// What became of the customer.
    End(Outcome),
    /// Another answer of the customer.
    Join(ResponseId),
    /// A score after it was resolved.
    Recover {
        /// The score that opened it.
        before: Score,
        /// The new one.
        after: Score,
        /// Of this answer.
        response: ResponseId,
    },
    /// Time has passed.
    Tick {
        /// A resolved case is closed after so long.
        close_after: Duration,
    },
}

/// A case as it is opened.
#[must_use]
pub fn opened(mut case: Case, calendar: &Calendar) -> (Case, Vec<CaseAct>) {
    let now = case.opened_at;
    let start = |within: Option<Within>| within.map(|within| started(within, now, calendar));
    case.first_response = start(case.sla.first_response);
    case.resolution_clock = start(case.sla.resolution);
    case.sla_status = sla_status(&case);
    let acts = vec![CaseAct::Opened { rule: case.source_rule.clone() }];
    (case, acts)
}

/// Does something to a case, and tells what followed.
///
/// # Errors
/// A refusal where it cannot be done to a case that stands so; the case is then as it was.
pub fn step(case: &mut Case, step: Step, now: Timestamp, calendar: &Calendar) -> Result<Vec<CaseAct>, Failure> {
    let passes = matches!(step, Step::Tick { .. } | Step::Recover { .. } | Step::Explain(_) | Step::End(_));
    if case.status == CaseStatus::Closed && !passes {
        return Err(Refusal::CaseClosed.into());
    }
    let mut change = Change { case, now, calendar, acts: Vec::new() };
    change.make(step)?;
    let acts = change.acts;
    if !acts.is_empty() {
        case.sla_status = sla_status(case);
        case.updated_at = now;
        case.revision += 1;
    }
    Ok(acts)
}

struct Change<'a> {
    case: &'a mut Case,
    now: Timestamp,
    calendar: &'a Calendar,
    acts: Vec<CaseAct>,
}

impl Change<'_> {
    fn make(&mut self, step: Step) -> Result<(), Failure> {
        match step {
            Step::Assign(assignee) => {
                if self.case.assignee != assignee {
                    self.case.assignee.clone_from(&assignee);
                    self.acts.push(CaseAct::Assigned { assignee });
                }
            }
            Step::Prioritise(priority) => {
                if self.case.priority != priority {
                    self.case.priority = priority;
                    self.acts.push(CaseAct::Prioritised { priority });
                }
            }
            Step::Reply { message, by_person, then, text } => {
                if by_person {
                    self.acts.push(CaseAct::Replied { message });
                    self.answered();
                } else {
                    self.acts.push(CaseAct::RepliedAutomatically { message });
                }
                match then {
                    Some(Then::Resolved) => self.resolve(Some(text)),
                    Some(Then::Waiting) => self.wait(),
                    Some(Then::Open) => self.open(),
                    None if by_person && self.case.status == CaseStatus::New => self.case.status = CaseStatus::Open,
                    None => {}
                }
            }
            Step::Call(call) => {
                let reached = call.reached;
                self.acts.push(CaseAct::Called { call });
                if reached {
                    self.answered();
                    if self.case.status == CaseStatus::New {
                        self.case.status = CaseStatus::Open;
                    }
                }
            }
            Step::CustomerWrites { message, wants_answer } => self.customer_writes(message, wants_answer),
            Step::Open => self.open(),
            Step::Wait => self.wait(),
            Step::Snooze(until) => self.snooze(until)?,
            Step::Resolve(resolution) => self.resolve(resolution),
            Step::Close => {
                self.end_clocks();
                self.leave_resting();
                self.case.status = CaseStatus::Closed;
                self.case.closed_at = Some(self.now);
                self.case.customer_waits_since = None;
                self.acts.push(CaseAct::Closed {});
            }
            Step::Judge { better, why } => self.judge(better, why)?,
            Step::Explain(root_cause) => {
                if self.case.root_cause != root_cause {
                    self.case.root_cause.clone_from(&root_cause);
                    self.acts.push(CaseAct::Explained { root_cause });
                }
            }
            Step::End(outcome) => self.end(outcome),
            Step::Join(response) => {
                if !self.case.responses.contains(&response) {
                    self.case.responses.push(response.clone());
                    self.acts.push(CaseAct::Joined { response });
                }
            }
            Step::Recover { before, after, response } => {
                if self.case.recovery.is_none() {
                    self.case.recovery = Some(Recovery { before, after, response, at: self.now });
                    let outcome = if after > before { Outcome::Recovered } else { Outcome::Unchanged };
                    let was = self.case.outcome;
                    self.case.outcome = outcome;
                    if outcome == Outcome::Recovered && was != Outcome::Recovered {
                        self.acts.push(CaseAct::Recovered { before, after });
                    } else {
                        self.acts.push(CaseAct::Ended { outcome });
                    }
                }
            }
            Step::Tick { close_after } => self.tick(close_after),
        }
        Ok(())
    }

    /// A person's words: what waits for them is over.
    fn answered(&mut self) {
        let (case, now) = (&mut *self.case, self.now);
        if case.first_response_at.is_none() {
            case.first_response_at = Some(now);
            case.first_response_time = Some(self.calendar.elapsed(case.opened_at, now));
            end(&mut case.first_response, now);
        } else if let Some(since) = case.customer_waits_since {
            case.next_response_times.push(self.calendar.elapsed(since, now));
        }
        case.customer_waits_since = None;
        self.end_next();
    }

    fn end_next(&mut self) {
        let is_over = self.case.next_response.as_ref().is_some_and(|clock| clock.ended_at.is_some());
        end(&mut self.case.next_response, self.now);
        let missed = self.case.next_response.as_ref().is_some_and(Clock::is_missed);
        self.case.next_responses_missed += u32::from(missed && !is_over);
    }

    fn customer_writes(&mut self, message: MessageId, wants_answer: bool) {
        self.acts.push(CaseAct::Wrote { message });
        if !wants_answer {
            return;
        }
        if self.case.status == CaseStatus::Resolved {
            self.reopen();
        } else if matches!(self.case.status, CaseStatus::Waiting | CaseStatus::Snoozed) {
            self.leave_resting();
            self.case.status = if self.case.first_response_at.is_some() { CaseStatus::Open } else { CaseStatus::New };
            self.acts.push(CaseAct::TakenUp {});
        }
        self.await_answer();
    }

    /// The customer waits from here on, unless they did before.
    fn await_answer(&mut self) {
        if self.case.customer_waits_since.is_some() || self.case.first_response_at.is_none() {
            return;
        }
        self.case.customer_waits_since = Some(self.now);
        let within = self.case.sla.next_response;
        self.case.next_response = within.map(|within| started(within, self.now, self.calendar));
    }

    fn reopen(&mut self) {
        self.case.status = CaseStatus::Open;
        self.case.reopen_count += 1;
        (self.case.resolved_at, self.case.resolution) = (None, None);
        self.case.outcome = Outcome::Unknown;
        self.acts.push(CaseAct::Reopened {});
    }

    fn open(&mut self) {
        match self.case.status {
            CaseStatus::Resolved => self.reopen(),
            CaseStatus::New | CaseStatus::Waiting | CaseStatus::Snoozed => {
                self.leave_resting();
                self.case.status = CaseStatus::Open;
                self.acts.push(CaseAct::TakenUp {});
            }
            CaseStatus::Open | CaseStatus::Closed => {}
        }
    }

    fn wait(&mut self) {
        if self.case.status == CaseStatus::Waiting {
            return;
        }
        if self.case.status == CaseStatus::Resolved {
            self.reopen();
        }
        self.leave_resting();
        self.case.status = CaseStatus::Waiting;
        if let Some(clock) = self.case.resolution_clock.as_mut().filter(|clock| clock.is_running()) {
            clock.paused_at = Some(self.now);
        }
        self.acts.push(CaseAct::Waiting {});
    }

    fn snooze(&mut self, until: Timestamp) -> Result<(), Failure> {
        const YEAR: Duration = Duration::from_secs(366 * 24 * 3_600);
        if until <= self.now || until > self.now + YEAR {
            return Err(Refusal::SnoozeOutOfReach.into());
        }
        if self.case.status == CaseStatus::Resolved {
            self.reopen();
        }
        self.leave_resting();
        self.case.status = CaseStatus::Snoozed;
        self.case.snoozed_until = Some(until);
        self.acts.push(CaseAct::Snoozed { until });
        Ok(())
    }

    /// Ends what waiting and sleeping are made of.
    fn leave_resting(&mut self) {
        self.case.snoozed_until = None;
        let Some(clock) = self.case.resolution_clock.as_mut() else { return };
        let Some(paused) = clock.paused_at.take() else { return };
        let (counting, _) = Calendar::amount(clock.within);
        // What was left when it was paused is left now.
        let (left, to_warning) = (
            self.calendar.between(paused, clock.due_at, counting),
            self.calendar.between(paused, clock.warn_at, counting),
        );
        clock.due_at = self.calendar.after(self.now, counting, left);
        clock.warn_at = self.calendar.after(self.now, counting, to_warning);
        clock.paused_seconds += self.now.since(paused).as_secs();
    }

    fn resolve(&mut self, resolution: Option<String>) {
        let was = self.case.status;
        let is_new = resolution.is_some() && self.case.resolution != resolution;
        if is_new {
            // The customer reads it, whenever it is written.
            self.answered();
        }
        self.case.resolution = resolution.clone().or(self.case.resolution.take());
        if was == CaseStatus::Resolved {
            if is_new {
                self.case.verdict = None;
                self.acts.push(CaseAct::Resolved { resolution });
            }
            return;
        }
        self.leave_resting();
        self.end_clocks();
        self.case.status = CaseStatus::Resolved;
        self.case.resolved_at = Some(self.now);
        self.case.customer_waits_since = None;
        self.case.verdict = None;
        let took = self.calendar.elapsed(self.case.opened_at, self.now);
        self.case.time_to_first_close.get_or_insert(took);
        self.case.time_to_last_close = Some(took);
        self.acts.push(CaseAct::Resolved { resolution });
    }

    fn end_clocks(&mut self) {
        end(&mut self.case.first_response, self.now);
        self.end_next();
        end(&mut self.case.resolution_clock, self.now);
    }

    fn judge(&mut self, better: bool, why: Option<String>) -> Result<(), Failure> {
        if self.case.status != CaseStatus::Resolved {
            return Err(Refusal::NothingToJudge.into());
        }
        self.case.verdict = Some(Verdict { better, why: why.clone(), at: self.now });
        self.acts.push(CaseAct::Judged { better, why });
        if better {
            self.end(Outcome::Recovered);
        } else {
            self.reopen();
            self.await_answer();
        }
        Ok(())
    }

    fn end(&mut self, outcome: Outcome) {
        if self.case.outcome != outcome {
            self.case.outcome = outcome;
            self.acts.push(CaseAct::Ended { outcome });
        }
    }

    fn tick(&mut self, close_after: Duration) {
        let now = self.now;
        if self.case.snoozed_until.is_some_and(|until| until <= now) {
            self.case.snoozed_until = None;
            self.case.status = if self.case.first_response_at.is_some() { CaseStatus::Open } else { CaseStatus::New };
            self.acts.push(CaseAct::TakenUp {});
        }
        let case = &mut *self.case;
        let mut missed = false;
        for (name, clock) in [
            (ClockName::FirstResponse, &mut case.first_response),
            (ClockName::NextResponse, &mut case.next_response),
            (ClockName::Resolution, &mut case.resolution_clock),
        ] {
            let Some(clock) = clock.as_mut().filter(|clock| clock.is_running()) else { continue };
            if clock.warn_at <= now && clock.warned_at.is_none() && clock.missed_at.is_none() {
                clock.warned_at = Some(now);
                // Where nobody looked for so long, it is late and not soon.
                if clock.due_at > now {
                    self.acts.push(CaseAct::DueSoon { clock: name });
                }
            }
            if clock.due_at <= now && clock.missed_at.is_none() {
                clock.missed_at = Some(now);
                missed = true;
                self.acts.push(CaseAct::Overdue { clock: name });
            }
        }
        if missed
            && case.escalated_at.is_none()
            && let Some(assignee) = case.sla.escalate_to.clone()
        {
            case.escalated_at = Some(now);
            case.assignee = Some(assignee.clone());
            case.priority = Priority::Urgent;
            self.acts.push(CaseAct::Escalated { assignee });
        }
        if self.case.status == CaseStatus::Resolved && self.case.resolved_at.is_some_and(|at| at + close_after <= now) {
            self.case.status = CaseStatus::Closed;
            self.case.closed_at = Some(now);
            self.acts.push(CaseAct::Closed {});
        }
    }
}
