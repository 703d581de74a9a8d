use crate::asking::targeting::is_text;
use crate::fields::Fault;
use serde::{Deserialize, Serialize};

/// A moment at which the question comes.
///
/// ```
/// let trigger: heard_wire::Trigger = serde_json::from_str(r#"{"on":"click","selector":".paid"}"#).unwrap();
/// assert!(trigger.fault().is_none());
/// let later: heard_wire::Trigger = serde_json::from_str(r#"{"on":"a later release's"}"#).unwrap();
/// assert!(later.fault().is_some());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "snake_case")]
pub enum Trigger {
    /// So many seconds in which somebody sees the site's pages, counted over the pages of a tab.
    Time {
        /// 0 to 65,535.
        seconds: u16,
    },
    /// So many seconds on one page.
    TimeOnPage {
        /// 0 to 65,535.
        seconds: u16,
    },
    /// The page is scrolled so far down; one that needs no scrolling counts as read to its end.
    Scroll {
        /// 1 to 100.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100)))]
        percent: u8,
    },
    /// The mouse leaves the page upwards, as on the way to close it; with fingers, the page is scrolled up fast.
    Exit,
    /// An element can be seen.
    Visible {
        /// CSS, at most 200 bytes.
        selector: String,
    },
    /// An element is clicked.
    Click {
        /// CSS, at most 200 bytes.
        selector: String,
    },
    /// The page calls `heard("track", name)`.
    Event {
        /// At most 80 bytes.
        name: String,
    },
    /// Of a later release; nothing here.
    #[serde(other)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown,
}

impl Trigger {
    /// What is wrong with it, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        match self {
            Self::Scroll { percent } if !(1..=100).contains(percent) => {
                Some(Fault::at("/percent", "must be from 1 to 100"))
            }
            Self::Visible { selector } | Self::Click { selector } if !is_text(selector, 200) => {
                Some(Fault::at("/selector", "must be a selector of 1 to 200 bytes"))
            }
            Self::Event { name } if !is_text(name, 80) => Some(Fault::at("/name", "must be a name of 1 to 80 bytes")),
            Self::Unknown => {
                Some(Fault::at("/on", "must be time, time_on_page, scroll, exit, visible, click or event"))
            }
            _ => None,
        }
    }
}
