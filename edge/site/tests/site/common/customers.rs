//! Customers who answer as pages do, and what is told of it.

use super::{Bench, id, submission};
use heard_site::survey::{Sender, Submit, Submitted};
use heard_site::{Cell, Credential, Sql as _};
use heard_wire::{Analysis, MailboxId};

/// What their browser keeps to itself.
pub const SECRET: &str = "00112233445566778899aabbccddeeff";

/// A theme that was heard, and how they felt about it.
pub fn heard(theme: &str, polarity: &str, quote: &str) -> Option<Analysis> {
    let told = serde_json::json!({ "language": "en", "informative": true, "overall": polarity,
        "themes": [{ "id": theme, "polarity": polarity, "confidence": 0.9, "quote": quote }] });
    serde_json::from_value(told).ok()
}

impl Bench {
    /// Answers as a page does.
    pub fn said(
        &mut self,
        number: u32,
        score: u8,
        heard: Option<Analysis>,
        more: impl FnOnce(&mut Submit),
    ) -> Option<MailboxId> {
        let mut submit = submission(&id(number), 1, score, Some(&format!("words of {number}")), heard);
        submit.submission.secret = Some(SECRET.parse().unwrap());
        submit.sender = Some(Sender::default());
        submit.settings_revision = self.sql.0.query_row("SELECT revision FROM site", [], |row| row.get(0)).unwrap();
        more(&mut submit);
        let credential = if submit.sender.is_some() { Credential::Nobody } else { Credential::Owner };
        let Submitted::Stored(accepted) = self.call_as(credential, submit).unwrap() else { panic!() };
        accepted.thread.map(|thread| thread.mailbox)
    }

    /// Every event of a type.
    pub fn bodies(&self, event_type: &str) -> Vec<serde_json::Value> {
        let rows = self.sql.run("SELECT body FROM events WHERE type = ?", vec![Cell::Text(event_type.to_owned())]);
        let text = |row: Vec<Cell>| {
            if let Cell::Text(text) = &row[0] { serde_json::from_str(text).unwrap() } else { panic!() }
        };
        rows.unwrap().into_iter().map(text).collect()
    }
}
