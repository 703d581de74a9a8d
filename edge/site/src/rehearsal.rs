//! A site that is nowhere, on which a fresh isolate goes through what the first request will come to.

use crate::site::{OPEN, SETTINGS};
use crate::store::{Cell, Row, Sql, SqlError};

/// Tables with a site in them, and nothing that it was ever told. What is written is gone.
#[derive(Debug, Clone, Copy)]
pub struct Stage;

impl Sql for Stage {
    fn run(&self, statement: &str, _params: Vec<Cell>) -> Result<Vec<Row>, SqlError> {
        const NAME: &str = "rehearsal";
        const STAGED: &str =
            r#"{"name":"Rehearsal","language":"en","themes":[{"id":"waiting","label":"waiting","phrases":["queue"]}]}"#;
        Ok(match statement {
            OPEN => vec![vec![Cell::from(NAME), Cell::from(1), Cell::from(0), Cell::from(0), Cell::from(0)]],
            SETTINGS => vec![vec![Cell::from(STAGED)]],
            _ => Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sites::ReadSite;
    use crate::{ByName, Call, Context, Credential, Mind, Outcome, Tables, answer};
    use heard_wire::{SiteConfig, Timestamp};

    #[test]
    fn a_site_opens_on_the_stage() {
        let call = Call { operation: ByName(ReadSite {}), credential: Credential::Nobody, idempotency_key: None };
        let mut random = || [0; 16];
        let context = Context { now: Timestamp::from_millis(0), random: &mut random };
        let call = serde_json::to_string(&call).unwrap();
        let answered = answer(&Stage, context, &Mind::new(Tables::Current), &call).unwrap();
        let outcome: Outcome<SiteConfig> = serde_json::from_str(&answered.outcome).unwrap();
        assert!(matches!(outcome, Outcome::Done(site) if site.settings.themes.len() == 1));
    }
}
