//! Whom a site asks, and when: the rules that an owner sets, and what they decide for a visitor.

mod experiment;
mod pattern;
mod rules;
mod situation;
mod targeting;
mod trigger;
mod verdict;

pub use experiment::{Arm, Experiment, SurveyExperiment, Variant};
pub use rules::{AskRules, Quota};
pub use situation::{Situation, TargetingTrial, TriedTargeting};
pub use targeting::{Device, PageMatch, PageRule, PropertyMatch, PropertyRule, Targeting};
pub use trigger::Trigger;
pub use verdict::{AskRule, RuleVerdict, verdicts};
