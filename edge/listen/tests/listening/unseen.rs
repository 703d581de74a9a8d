//! How well answers are heard of owners that nothing was learnt from. `tests/unseen/` holds the answers with what was to be
//! heard in them, in the form of `train/answers/`, written apart from these; they are for measuring only. A third of those that
//! tell nothing ("see above") stand in `train/` too, as they would in any two sets.

use heard_listen::{Customer, Listener, acknowledge};
use heard_wire::{Polarity, Score, SiteSettings, Theme};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

#[derive(Deserialize)]
struct Owner {
    owner: String,
    themes: Vec<Theme>,
}

#[derive(Deserialize)]
struct Answer {
    owner: String,
    text: String,
    score: Score,
    themes: Vec<(String, Polarity)>,
    idea: bool,
    tells: bool,
}

fn lines<T: for<'a> Deserialize<'a>>(lines: &str) -> Vec<T> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What was said, what was said rightly, and what there was to say.
#[derive(Default)]
struct Count {
    said: usize,
    right: usize,
    wanted: usize,
}

impl Count {
    fn add<T: Eq + std::hash::Hash>(&mut self, said: &HashSet<T>, wanted: &HashSet<T>) {
        self.said += said.len();
        self.right += said.intersection(wanted).count();
        self.wanted += wanted.len();
    }

    /// The harmonic mean of precision and recall, in per cent.
    fn f1(&self) -> usize {
        200 * self.right / (self.said + self.wanted).max(1)
    }
}

#[test]
fn owners_nobody_looked_at_are_heard() {
    let owners: Vec<Owner> = lines(include_str!("../unseen/owners.jsonl"));
    let listeners: HashMap<String, Listener> =
        owners.iter().map(|owner| (owner.owner.clone(), Listener::new(&owner.themes))).collect();
    let answers: Vec<Answer> = lines(include_str!("../unseen/answers.jsonl"));
    let (mut themes, mut ideas, mut empty) = (Count::default(), Count::default(), Count::default());
    let mut contradictions = 0;
    for answer in &answers {
        let listened = listeners[&answer.owner].listen(&answer.text, Some(answer.score), "en");
        let heard = &listened.heard;
        let customer = Customer { score: Some(answer.score), page_language: "en", ..Customer::default() };
        let reply = acknowledge(Some((&answer.text, &listened)), &customer, &super::id(), &SiteSettings::named("Shop"));
        let wanted: HashSet<&str> = answer.themes.iter().map(|(theme, _)| theme.as_str()).collect();
        themes.add(&heard.themes.iter().map(|theme| theme.id.as_str()).collect(), &wanted);
        let flag = |set: bool| set.then_some(()).into_iter().collect::<HashSet<()>>();
        ideas.add(&flag(!heard.suggestions.is_empty()), &flag(answer.idea));
        empty.add(&flag(!heard.informative), &flag(!answer.tells));
        contradictions += usize::from(reply.claims.iter().any(|claim| {
            let felt = |polarity| {
                answer.themes.iter().any(|(id, felt)| {
                    Some(id.as_str()) == claim.theme.as_ref().map(|theme| theme.as_str()) && *felt == polarity
                })
            };
            match claim.polarity {
                Polarity::Positive => felt(Polarity::Negative) && !felt(Polarity::Positive),
                Polarity::Negative => felt(Polarity::Positive) && !felt(Polarity::Negative),
                Polarity::Neutral => false,
            }
        }));
    }
    let measured = [themes.f1(), ideas.f1(), empty.f1()];
    println!(
        "themes, ideas and empty answers, F1 in per cent: {measured:?}; contradictions: {contradictions} of {}",
        answers.len()
    );
    let floors = [55, 73, 80];
    assert!(
        measured.iter().zip(floors).all(|(measured, floor)| *measured >= floor),
        "{measured:?} where {floors:?} was"
    );
    assert!(contradictions * 100 <= answers.len() * 3, "{contradictions} contradictions");
}
