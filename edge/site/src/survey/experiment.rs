//! What came of an experiment, and how often each of its two sides was shown.

use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::responses::{Conditions, counts, follow_ups, tallies};
use crate::site::Site;
use crate::store::{Cell, SiteError, run, scalar};
use heard_wire::{Arm, ExperimentName, ExperimentResult, FollowUpTally, SiteSettings, Tally, Variant};
use serde::{Deserialize, Serialize};

/// Reads what came of an experiment.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadExperiment {
    /// Which; `None` for the one that runs.
    pub name: Option<ExperimentName>,
}

impl Operation for ReadExperiment {
    type Reply = ExperimentResult;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<ExperimentResult, Failure> {
        let running = site.config()?.settings.experiment.map(|experiment| experiment.name);
        let is_running = |name: &ExperimentName| running.as_ref() == Some(name);
        let none = Refusal::NotFound { thing: Thing::Experiment };
        let name = self.name.or_else(|| running.clone()).ok_or_else(|| none.clone())?;
        let [a, b] = [Arm::A, Arm::B].map(|arm| came_of(site, &Variant { experiment: name.clone(), arm }));
        let (a, b) = (a?, b?);
        let is_nothing = |tally: &Tally| tally.responses == 0 && tally.shown.unwrap_or(0) == 0;
        if is_nothing(&a) && is_nothing(&b) && !is_running(&name) {
            return Err(none.into());
        }
        let [of_a, of_b] = [Arm::A, Arm::B].map(|arm| asked_back(site, &Variant { experiment: name.clone(), arm }));
        Ok(ExperimentResult::of(name, a, b).with_follow_ups(&of_a?, &of_b?))
    }
}

fn came_of(site: &Site<'_>, variant: &Variant) -> Result<Tally, SiteError> {
    let variant = || Cell::from(variant.to_string());
    let statement = format!("SELECT NULL, {} FROM responses WHERE variant = ? AND standing IS NULL", counts());
    let tally = tallies(site.sql, &statement, vec![variant()])?.into_iter().next();
    let tally = tally.unwrap_or_else(|| Tally::of(None, 0, 0, 0, 0, 0));
    let statement = "SELECT times FROM shown_variants WHERE variant = ?";
    let shown = scalar(site.sql, "read how often a variant was shown", statement, [variant()])?.unwrap_or(0);
    let shown = u64::try_from(shown).unwrap_or(0);
    // Answers that came another way than by a page tell nothing of a rate.
    Ok(if shown < tally.responses || shown == 0 { tally } else { tally.with_shown(shown) })
}

/// What the questions brought that replies asked back.
fn asked_back(site: &Site<'_>, variant: &Variant) -> Result<Vec<FollowUpTally>, SiteError> {
    let mut theirs = Conditions::any();
    theirs.and("standing IS NULL AND variant = ?", [Cell::from(variant.to_string())]);
    follow_ups(site, &theirs)
}

/// Counts that one side of the experiment was shown that the site runs; of another nothing is counted.
pub(super) fn count(site: &Site<'_>, variant: &Variant) -> Result<(), SiteError> {
    if !runs(&site.config()?.settings, variant) {
        return Ok(());
    }
    let statement = "INSERT INTO shown_variants (variant, times) VALUES (?, 1)
         ON CONFLICT (variant) DO UPDATE SET times = times + 1";
    run(site.sql, "count that a variant was shown", statement, [Cell::from(variant.to_string())]).map(drop)
}

/// Whether the site runs the experiment that this belongs to.
#[must_use]
pub fn runs(settings: &SiteSettings, variant: &Variant) -> bool {
    settings.experiment.as_ref().is_some_and(|experiment| experiment.name == variant.experiment)
}
