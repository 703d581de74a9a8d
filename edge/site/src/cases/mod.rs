//! Closing the loop: people, cases, and their clocks. A case knows nothing of what is said in its conversation, which knows
//! the case.

mod acts;
mod calendar;
mod call_list;
mod chore;
mod clocks;
mod history;
mod list;
mod loop_metrics;
mod machine;
mod opening;
mod people;
mod table;

pub(crate) use acts::check as check_revision;
pub use acts::{AddNote, ChangeCase, LogCall, OpenCase};
pub use calendar::{Calendar, Counting};
pub use call_list::ListCalls;
pub(crate) use chore::TICKING;
pub use clocks::next_tick;
pub use history::ListHistory;
pub use list::{ListCases, ReadCase};
pub use loop_metrics::ReadLoop;
pub(crate) use loop_metrics::talked_since;
pub use machine::{Step, opened, step};
pub use opening::opening_rule;
pub(crate) use opening::{Considered, DEFAULT_RULE, consider, is_called, opens_by_writing};
pub use people::{AddTeammate, ChangeTeammate, ListPeople, RemoveTeammate};
pub(crate) use people::{
    all as all_teammates, export as export_people, find as find_teammate, known as known_teammate,
    named as named_teammate,
};
pub(crate) use table::{change, change_of, erase, export, find, latest_of, restore, restore_person};
