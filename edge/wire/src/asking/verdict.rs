//! The pure function that decides whom a page asks. `widget/targeting/verdicts.js` is the same in the page, and
//! `widget/targeting/verdicts.json` holds the cases that both are tested with.

use crate::asking::{AskRules, PageMatch, PageRule, PropertyMatch, PropertyRule, Situation};
use serde::{Deserialize, Serialize};

/// A rule that an owner set.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AskRule {
    /// When they were asked before.
    Again,
    /// Where.
    Pages,
    /// With what.
    Devices,
    /// In which language.
    Languages,
    /// What the page told of them.
    Properties,
    /// How many pages.
    MinPages,
    /// How many visits.
    MinVisits,
    /// How many days.
    MinDays,
    /// Whether they are among those asked.
    SamplePercent,
    /// Whether they asked not to be tracked.
    RespectPrivacySignals,
}

/// What a rule decided.
///
/// ```
/// let rules: heard_wire::AskRules = serde_json::from_str(r#"{"targeting":{"min_visits":3}}"#).unwrap();
/// let verdicts = heard_wire::verdicts(&rules, &heard_wire::Situation::default());
/// assert!(verdicts.iter().any(|verdict| !verdict.passes && verdict.wants == "3" && verdict.is == "1"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleVerdict {
    /// Which.
    pub rule: AskRule,
    /// Whether it lets them be asked.
    pub passes: bool,
    /// What it wants.
    pub wants: String,
    /// What there is.
    pub is: String,
}

/// What each rule decides that is set; the moment is left to the triggers.
#[must_use]
pub fn verdicts(rules: &AskRules, at: &Situation) -> Vec<RuleVerdict> {
    let targeting = &rules.targeting;
    let mut verdicts = vec![again(rules, at)];
    let mut rule = |is_set: bool, rule: AskRule, passes: bool, wants: String, is: String| {
        if is_set {
            verdicts.push(RuleVerdict { rule, passes, wants, is });
        }
    };
    let pages = targeting.pages.iter().map(page_text).collect::<Vec<_>>().join(", ");
    rule(!targeting.pages.is_empty(), AskRule::Pages, is_a_page(&targeting.pages, &at.page), pages, at.page.clone());
    let devices = targeting.devices.iter().map(|device| (*device).into()).collect::<Vec<&str>>().join(", ");
    let device = at.device.map_or("", Into::into).to_owned();
    let fits = at.device.is_some_and(|device| targeting.devices.contains(&device));
    rule(!targeting.devices.is_empty(), AskRule::Devices, fits, devices, device);
    let languages = targeting.languages.iter().map(|tag| tag.as_str()).collect::<Vec<_>>().join(", ");
    let language = at.language.as_ref().map_or("", |tag| tag.as_str());
    let fits = targeting.languages.iter().any(|wanted| is_language(wanted.as_str(), language));
    rule(!targeting.languages.is_empty(), AskRule::Languages, fits, languages, language.to_owned());
    for property in &targeting.properties {
        let told = at.properties.get(&property.name).map(String::as_str);
        let is = format!("{}: {}", property.name, told.unwrap_or("—"));
        rule(true, AskRule::Properties, property.fits(told), property_text(property), is);
    }
    for (name, least, there) in [
        (AskRule::MinPages, targeting.min_pages, at.pages),
        (AskRule::MinVisits, targeting.min_visits, at.visits),
        (AskRule::MinDays, targeting.min_days, at.days),
    ] {
        rule(least > 0, name, there >= u32::from(least), least.to_string(), there.to_string());
    }
    if let Some(percent) = targeting.sample_percent {
        let passes = at.place < f64::from(percent);
        rule(true, AskRule::SamplePercent, passes, format!("< {percent}"), format!("{:.0}", at.place.floor()));
    }
    let signal = if at.privacy_signal { "DNT, GPC" } else { "" };
    let wants = targeting.respect_privacy_signals;
    rule(wants, AskRule::RespectPrivacySignals, !at.privacy_signal, String::new(), signal.to_owned());
    verdicts
}

/// The longest wait counts, of those that began.
fn again(rules: &AskRules, at: &Situation) -> RuleVerdict {
    let waits = [
        (at.answered_days_ago, rules.again_after_days),
        (at.closed_days_ago, rules.again_after_closing_days),
        (at.left_days_ago, rules.again_after_leaving_days),
    ];
    let left = waits.into_iter().filter_map(|(ago, days)| Some(f64::from(days) - ago?)).fold(0.0, f64::max);
    RuleVerdict { rule: AskRule::Again, passes: left <= 0.0, wants: "0".to_owned(), is: format!("{:.0}", left.ceil()) }
}

fn is_a_page(rules: &[PageRule], address: &str) -> bool {
    let (left_out, named): (Vec<_>, Vec<_>) = rules.iter().partition(|rule| rule.not);
    !left_out.iter().any(|rule| rule.fits(address)) && (named.is_empty() || named.iter().any(|rule| rule.fits(address)))
}

/// `de` is `de-AT`, too, and case makes no difference.
fn is_language(wanted: &str, tag: &str) -> bool {
    let (wanted, tag) = (wanted.to_ascii_lowercase(), tag.to_ascii_lowercase());
    tag == wanted || tag.strip_prefix(&wanted).is_some_and(|rest| rest.starts_with('-'))
}

fn page_text(rule: &PageRule) -> String {
    let how = match rule.is {
        PageMatch::Exact => rule.url.clone(),
        PageMatch::Prefix => format!("{}…", rule.url),
        PageMatch::Glob | PageMatch::Unknown => rule.url.clone(),
        PageMatch::Regex => format!("/{}/", rule.url),
    };
    if rule.not { format!("not {how}") } else { how }
}

fn property_text(rule: &PropertyRule) -> String {
    let how = match rule.is {
        PropertyMatch::Equal | PropertyMatch::Unknown => "=",
        PropertyMatch::NotEqual => "≠",
        PropertyMatch::Contains => "∋",
        PropertyMatch::AtLeast => "≥",
        PropertyMatch::AtMost => "≤",
        PropertyMatch::Known => return format!("{}: *", rule.name),
    };
    format!("{} {how} {}", rule.name, rule.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[derive(Deserialize)]
    struct Case {
        name: String,
        #[serde(default)]
        ask: AskRules,
        #[serde(default)]
        at: Situation,
        fails: Vec<AskRule>,
    }

    #[test]
    fn the_table_holds() {
        let table = include_str!("../../../../widget/targeting/verdicts.json");
        let cases: Vec<Case> = serde_json::from_str(table).unwrap();
        assert!(cases.len() >= 200, "{}", cases.len());
        let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), cases.len(), "two cases of one name");
        for Case { name, ask, at, fails } in &cases {
            assert_eq!(ask.fault(), None, "{name}");
            let failed: Vec<AskRule> =
                verdicts(ask, at).into_iter().filter(|verdict| !verdict.passes).map(|verdict| verdict.rule).collect();
            assert_eq!(&failed, fails, "{name}");
        }
    }
}
