//! A site that is nowhere, on which a fresh isolate goes through what the first request will come to.

use crate::site::{OPEN, SETTINGS};
use crate::store::{Cell, FIND_TABLES, FIND_VERSION, Row, Sql, SqlError, VERSIONS};
use heard_wire::{SiteSettings, Theme};

/// Tables with a site in them, and nothing that it was ever told. What is written is gone.
#[derive(Debug, Clone, Copy)]
pub struct Stage;

impl Sql for Stage {
    fn run(&self, statement: &str, _params: Vec<Cell>) -> Result<Vec<Row>, SqlError> {
        const NAME: &str = "rehearsal";
        Ok(match statement {
            FIND_TABLES => vec![vec![Cell::from("site")]],
            FIND_VERSION => vec![vec![Cell::count(VERSIONS.len())]],
            OPEN => vec![vec![Cell::from(NAME), Cell::from(1), Cell::from(0), Cell::from(0), Cell::from(0)]],
            SETTINGS => vec![vec![Cell::Text(settings().map_err(|error| SqlError(error.to_string()))?)]],
            // There was an answer once: what comes by the calendar comes here, too.
            _ if statement.starts_with("SELECT max(created_at)") => vec![vec![Cell::from(0)]],
            _ => Vec::new(),
        })
    }
}

/// Settings as they are stored, whole.
fn settings() -> serde_json::Result<String> {
    let theme = "waiting".parse().map(|id| Theme::labelled(id, "Waiting"));
    let themes = theme.into_iter().map(|theme| Theme { phrases: vec!["queue".to_owned()], ..theme });
    serde_json::to_string(&SiteSettings { themes: themes.collect(), ..SiteSettings::named("Rehearsal") })
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
