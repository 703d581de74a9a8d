//! English is read clause by clause, by the network, the lexicon, and what stands around each clause.

use crate::analysis::acts::ideas::{self, idea};
use crate::analysis::acts::intents::{asks_for_a_person, declines, emptiness, intents, is_grave, lets_go, pleads};
use crate::analysis::aspects::attribution::attributed;
use crate::analysis::aspects::themes::{Named, ThemeIndex};
use crate::analysis::aspects::topics::names_only;
use crate::analysis::clause::Said;
use crate::analysis::entities::people::people;
use crate::analysis::finding::Finding;
use crate::analysis::reading::{Outline, Reading, overall};
use crate::analysis::sentiment::classify::{self, Judgement, Read, judge, mood_of};
use crate::analysis::sentiment::spelling::as_meant;
use crate::lexicon::EMPTY;
use crate::models::encoder::{Does, Meaning};
use crate::policy::POLICY;
use crate::text::clauses::{Clause, clauses};
use crate::text::quote::quote;
use heard_wire::{Intent, Polarity, Score};

/// Words of a brief answer, which need not sound like anything to be one: "left it on the pavement".
const FEW: usize = 4;
const BRIEF: usize = 8;

/// Reads an English comment.
pub(crate) fn read(themes: &ThemeIndex, outline: &Outline) -> Reading {
    let (text, words, score) = (outline.text, outline.words, outline.score);
    let clauses = clauses(text, words);
    let (clauses, read) = classify::read(text, &clauses, &as_meant(text, words));
    let mood = mood_of(&clauses, &read);
    let evidence =
        clauses.iter().zip(&read).map(|(clause, read)| (clause.span.clone(), read.odds, read.found)).collect();
    let said = said(themes, &clauses, read, score);
    let marked: Vec<_> = said.iter().filter(|one| one.is_grave()).map(|one| one.clause.span.clone()).collect();
    let grave = outline.grave(&marked);
    let meaning = |one: &Said| outline.encoded.meaning(one.clause.first..one.clause.first + one.clause.words.len());
    let meanings: Vec<Option<Meaning>> = said.iter().map(meaning).collect();
    let idea_signs = said
        .iter()
        .zip(&meanings)
        .map(|(one, meaning)| ideas::signs(one.clause, one.read.gist.as_ref(), meaning.as_ref(), one.read.odds));
    let idea_signs: Vec<_> = idea_signs.collect();
    let proposed = said.iter().zip(&idea_signs).map(|(one, signs)| (one, idea(signs)));
    let ideas: Vec<_> = proposed
        .filter(|(one, odds)| *odds >= POLICY.idea_stored && one.clause.words.len() >= 3)
        .filter(|(one, _)| quote(text, &one.clause.span).is_some())
        .map(|(one, odds)| (one.clause.span.clone(), odds))
        .collect();
    let telling = words.iter().filter(|word| !EMPTY.contains(&word.text.as_str())).count();
    // One or two words that name what it was: what more there is to say, they would have said.
    let most = |what: Does| outline.meant().map(|(_, meaning)| meaning.does(what)).fold(f32::NEG_INFINITY, f32::max);
    let most_empty = most(Does::NothingTold);
    // Words of feeling alone tell how it was, and not what.
    let is_plain = said.iter().all(|one| !one.read.has_feeling_words());
    let is_answer = clauses.iter().all(|clause| emptiness(clause.words).is_none());
    let is_brief = (FEW..=BRIEF).contains(&words.len()) && most_empty < POLICY.tells_briefly && is_plain;
    let informative = grave.is_some()
        || is_answer && (names_only(words) && most_empty < 0.0 || is_brief)
        || (telling >= 2 || said.iter().any(Said::says_what))
            && !(ideas.is_empty() && said.iter().all(Said::tells_nothing));
    let (mut findings, mut topics) = (Vec::new(), Vec::new());
    if informative {
        findings
            .extend(said.iter().zip(&meanings).flat_map(|(one, meaning)| findings_of(themes, one, meaning.as_ref())));
        topics.extend(said.iter().filter_map(|one| one.topic(text)));
    }
    let mut intents = intents(&clauses);
    // "Please don't contact me." What another sentence asks for stays.
    let is_denied = |clause: &Clause| {
        let mut around = outline.sentences.iter().filter(|(span, _)| span.contains(&clause.span.start));
        around.any(|(span, _)| outline.denies(span))
    };
    let asking: Vec<&Clause> = clauses.iter().filter(|clause| asks_for_a_person(clause.words)).collect();
    let refuses_contact = !asking.is_empty() && asking.iter().all(|clause| is_denied(clause));
    if asking.is_empty() || refuses_contact {
        intents.retain(|intent| *intent != Intent::WantsContact);
    }
    intents.extend(refuses_contact.then_some(Intent::RefusesContact));
    if !intents.contains(&Intent::Request) && clauses.iter().any(|clause| pleads(clause.words)) {
        intents.push(Intent::Request);
    }
    for intent in outline.intents() {
        if !intents.contains(&intent) {
            intents.push(intent);
        }
    }
    Reading {
        informative,
        overall: overall(said.iter().fold(0.5 * mood, |balance, one| balance + one.lean()), score),
        people: people(text, words, &findings),
        findings,
        topics,
        intents,
        ideas,
        grave,
        is_marked: clauses.iter().any(|clause| is_grave(clause.words) || lets_go(clause.words)),
        refuses_contact,
        declines: clauses.iter().any(|clause| declines(clause.words)),
        clauses: evidence,
        idea_signs,
    }
}

/// What each clause says.
fn said<'a>(themes: &ThemeIndex, clauses: &'a [Clause<'a>], read: Vec<Read>, score: Option<Score>) -> Vec<Said<'a>> {
    let named: Vec<Vec<Named>> =
        clauses.iter().zip(&read).map(|(clause, read)| themes.find(clause.words, read.gist.as_ref())).collect();
    let judged = judge(clauses, &read, &named, score);
    let about = attributed(clauses, &named);
    let all = clauses.iter().zip(read).zip(judged.into_iter().zip(about));
    all.map(|((clause, read), (judged, about))| Said { clause, read, judged, about }).collect()
}

fn findings_of(themes: &ThemeIndex, said: &Said, meaning: Option<&Meaning>) -> Vec<Finding> {
    let feels = meaning.map_or(0.0, |meaning| meaning.feelings.praise());
    let finding = |theme, about, judgement: &Judgement| {
        let Judgement { polarity, confidence, signs } = *judgement;
        Finding { span: said.clause.span.clone(), theme, about, polarity, confidence, feels, signs }
    };
    if said.about.is_empty() {
        let feels = said.judged.all.polarity != Polarity::Neutral;
        return feels.then(|| finding(None, None, &said.judged.all)).into_iter().collect();
    }
    let themed =
        said.about.iter().zip(&said.judged.themes).map(|(attribution, judgement)| {
            finding(themes.id(attribution.theme).cloned(), Some(*attribution), judgement)
        });
    themed.collect()
}
