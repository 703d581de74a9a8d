//! Closing the loop: who answers, when a customer's answer becomes a case, and what became of it.

mod business_hours;
mod call;
mod case;
mod case_filter;
mod case_patch;
mod clock;
mod history;
mod loop_metrics;
mod rules;
mod teammate;

pub use business_hours::{BusinessHours, DayOfYear, Period, TimeOfDay, Weekday};
pub use call::{Call, CallListItem, WhyCall};
pub use case::{Case, CaseCursor, CaseStatus, Outcome, Priority, Recovery, Said, Verdict};
pub use case_filter::CaseFilter;
pub use case_patch::{CasePatch, NewCase, NewNote};
pub use clock::{Clock, ClockName, Elapsed, SlaPolicy, SlaStatus};
pub use history::{Actor, CaseAct, CaseEntry};
pub use loop_metrics::{Attainment, CauseRecovery, LoopMetrics, Rate as LoopRate, Spread, TalkedTo};
pub use rules::{Assignment, CaseConditions, CaseRule, CaseSettings, ThemeCondition};
pub use teammate::{NewTeammate, Signature, Teammate, TeammatePatch};
