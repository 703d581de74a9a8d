//! Looking at what was put aside.

use crate::cases;
use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::responses::{Beside, stored};
use crate::site::Site;
use crate::webhooks::{Audience, emit};
use heard_wire::{CorrectedTheme, EventKind, Problem, ResponseId, Standing, StoredResponse, Suspicion, ThemeFound};
use serde::{Deserialize, Serialize};

/// Lets a response count, puts it aside, or corrects what was heard in it.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReviewResponse {
    /// Of the response.
    pub id: ResponseId,
    /// What it is from now on.
    #[serde(default)]
    pub standing: Option<Standing>,
    /// What it is about.
    #[serde(default)]
    pub themes: Option<Vec<CorrectedTheme>>,
}

impl Operation for ReviewResponse {
    type Reply = StoredResponse;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<StoredResponse, Failure> {
        let kept = stored::find_kept(site, &self.id)?.ok_or(Refusal::NotFound { thing: Thing::Response })?;
        let (mut stored, told) = (kept.stored, kept.told);
        let before = stored.response.standing();
        let standing = self.standing.unwrap_or(before);
        let is_corrected = self.themes.is_some();
        if let Some(themes) = self.themes {
            correct(site, &mut stored, themes)?;
        }
        if before == standing {
            if is_corrected {
                stored::write(site, &stored, &Beside { told, cleared: kept.cleared, ..Beside::default() })?;
                let response = &stored.response;
                if before == Standing::Counted && response.completed_at.is_some() {
                    emit(site, EventKind::ResponseUpdated(response.clone()), Audience::WhoHeardOfIt)?;
                }
            }
            return Ok(stored);
        }
        // What the customer says later was not looked at.
        let cleared = match standing {
            Standing::Counted => stored.response.suspect.clone(),
            Standing::Suspect | Standing::Test => Vec::new(),
        };
        stored.response.updated_at = site.context.now;
        stored.response.test = standing == Standing::Test;
        stored.response.suspect = match standing {
            Standing::Suspect => vec![Suspicion::ByOwner],
            Standing::Counted | Standing::Test => Vec::new(),
        };
        stored::write(site, &stored, &Beside { told, cleared, ..Beside::default() })?;
        let response = &stored.response;
        match (before, standing) {
            // Whoever waits for answers has not heard of this one.
            (_, Standing::Counted) => {
                let completed = response.completed_at.map(|_| EventKind::ResponseCompleted(response.clone()));
                for kind in [Some(EventKind::ResponseScored(response.clone())), completed].into_iter().flatten() {
                    emit(site, kind, Audience::All)?;
                }
                let complete = response.completed_at.is_some();
                if let Some(considered) = complete.then(|| cases::consider(site, response, None)).transpose()?.flatten()
                {
                    considered.store(site, response)?;
                }
            }
            (Standing::Counted, _) => {
                emit(site, EventKind::ResponseUpdated(response.clone()), Audience::WhoHeardOfIt)?;
            }
            _ => {}
        }
        Ok(stored)
    }
}

/// Writes down what a person heard. What is quoted for a theme stays where it was, and what the customer read does.
fn correct(site: &Site<'_>, stored: &mut StoredResponse, themes: Vec<CorrectedTheme>) -> Result<(), Failure> {
    let settings = site.config()?.settings;
    let invalid = |detail: &str| Refusal::Invalid { problem: Box::new(Problem::of_field("/themes", detail)) };
    if !themes.iter().all(|theme| settings.themes.iter().any(|known| known.id == theme.id)) {
        return Err(invalid("must be ids of the site's themes").into());
    }
    let now = site.context.now;
    let Some(heard) = &mut stored.response.heard else {
        return Err(invalid("can be corrected only where something was said").into());
    };
    let found = std::mem::take(&mut heard.themes);
    let quote_of = |id| found.iter().find(|found| found.id == id).map(|found| found.quote.clone()).unwrap_or_default();
    heard.themes = themes
        .into_iter()
        .map(|CorrectedTheme { id, polarity }| ThemeFound {
            quote: quote_of(id.clone()),
            id,
            polarity,
            confidence: 1.0,
        })
        .collect();
    heard.corrected_at = Some(now);
    stored.response.updated_at = now;
    Ok(())
}
