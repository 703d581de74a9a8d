use crate::cases::case::{CaseStatus, Priority};
use crate::id::{ResponseId, TeammateId, VisitorId};
use crate::moment::Moment;
use serde::{Deserialize, Serialize};

/// Which cases are meant; what is absent lets every one through.
///
/// ```
/// let f: heard_wire::CaseFilter = serde_json::from_str(r#"{"status":"new","overdue":true}"#).unwrap();
/// assert!(f.assignee.is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseFilter {
    /// Where they stand.
    pub status: Option<CaseStatus>,
    /// Whether somebody still has to do something.
    pub unsettled: Option<bool>,
    /// Who sees to them.
    pub assignee: Option<TeammateId>,
    /// Whether nobody does.
    pub unassigned: Option<bool>,
    /// How urgent they are.
    pub priority: Option<Priority>,
    /// Whether a clock that runs was missed.
    pub overdue: Option<bool>,
    /// Of this customer.
    pub visitor: Option<VisitorId>,
    /// To which this response belongs.
    pub response: Option<ResponseId>,
    /// Opened then or later.
    pub since: Option<Moment>,
    /// Opened before then.
    pub until: Option<Moment>,
}

impl CaseFilter {
    /// The query parameters that make it up.
    pub const PARAMETERS: [&'static str; 10] = [
        "status",
        "unsettled",
        "assignee",
        "unassigned",
        "priority",
        "overdue",
        "visitor",
        "response",
        "since",
        "until",
    ];
}
