//! A customer's words, with what was heard marked in them.

use crate::texts::t;
use heard_wire::{Analysis, Polarity, Response};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::Value;

/// An answer with what the customer read, as far as it is shown.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Answered {
    pub(crate) response: Response,
    pub(crate) acknowledgement: Told,
}

/// What a customer read at once.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Told {
    pub(crate) text: String,
    pub(crate) question: Option<String>,
}

/// How a stretch of somebody's words was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Praise,
    Criticism,
    Idea,
    Plain,
}

/// Cuts words at what was heard in them; stretches do not overlap, and the earlier in the list of what was heard wins.
///
pub(crate) fn stretches(comment: &str, heard: &[(String, Mark)]) -> Vec<(String, Mark)> {
    let mut found: Vec<(usize, usize, Mark)> = Vec::new();
    for (quote, mark) in heard {
        let Some(from) = (!quote.is_empty()).then(|| comment.find(quote.as_str())).flatten() else { continue };
        let to = from + quote.len();
        if found.iter().all(|(begins, ends, _)| to <= *begins || from >= *ends) {
            found.push((from, to, *mark));
        }
    }
    found.sort_unstable_by_key(|(from, ..)| *from);
    let mut at = 0;
    let mut all = Vec::new();
    let mut push = |from: usize, to: usize, mark| {
        if let Some(text) = comment.get(from..to).filter(|text| !text.is_empty()) {
            all.push((text.to_owned(), mark));
        }
    };
    for (from, to, mark) in found {
        push(at, from, Mark::Plain);
        push(from, to, mark);
        at = to;
    }
    push(at, comment.len(), Mark::Plain);
    all
}

/// What listening quotes in a comment: ideas before themes before topics. A topic is a word, and marked with what is said of it.
pub(crate) fn quotes(comment: &str, heard: &Analysis) -> Vec<(String, Mark)> {
    let mark = |polarity: Polarity| match polarity {
        Polarity::Positive => Mark::Praise,
        Polarity::Negative => Mark::Criticism,
        _ => Mark::Plain,
    };
    let ideas = heard.suggestions.iter().map(|idea| (idea.quote.clone(), Mark::Idea));
    let themes = heard.themes.iter().map(|theme| (theme.quote.clone(), mark(theme.polarity)));
    let topics = serde_json::to_value(&heard.topics).unwrap_or_default();
    let topics: Vec<Value> = topics.as_array().cloned().unwrap_or_default();
    let topics = topics.into_iter().filter_map(|topic| {
        let polarity: Polarity = serde_json::from_value(topic.get("polarity")?.clone()).ok()?;
        Some((clause(comment, topic.get("quote")?.as_str()?), mark(polarity)))
    });
    ideas.chain(themes).chain(topics).filter(|(_, mark)| *mark != Mark::Plain).collect()
}

/// What stands around a word, from one mark of punctuation to the next.
fn clause(comment: &str, word: &str) -> String {
    let ends = |letter: char| matches!(letter, '.' | ',' | ';' | ':' | '!' | '?' | '\n' | '。' | '，' | '！' | '？');
    let Some((head, tail)) = comment.find(word).and_then(|at| comment.split_at_checked(at)) else {
        return word.to_owned();
    };
    // "dora@mail.example" and "12.50" hold none.
    let is_end = |text: &str, at: usize, letter: char| {
        let next = text.get(at + letter.len_utf8()..).and_then(|rest| rest.chars().next());
        ends(letter) && (!letter.is_ascii() || next.is_none_or(char::is_whitespace))
    };
    let begins = head.char_indices().rev().find(|(at, letter)| is_end(head, *at, *letter));
    let begins = begins.map_or(0, |(at, letter)| at + letter.len_utf8());
    let end = tail.char_indices().find(|(at, letter)| is_end(tail, *at, *letter)).map_or(tail.len(), |(at, _)| at);
    let (before, after) = (head.get(begins..).unwrap_or_default(), tail.get(..end).unwrap_or_default());
    format!("{before}{after}").trim().to_owned()
}

/// A customer's words, the largest there are on a page. They are shown as text, whatever stands in them.
#[component]
pub(crate) fn Words(comment: String, heard: Option<Analysis>) -> impl IntoView {
    let heard = heard.as_ref().map(|heard| quotes(&comment, heard)).unwrap_or_default();
    let each = stretches(&comment, &heard).into_iter().map(|(text, mark)| {
        let (class, told) = match mark {
            Mark::Plain => return view! { <span>{text}</span> }.into_any(),
            Mark::Praise => ("good", "heard.praise"),
            Mark::Criticism => ("bad", "heard.criticism"),
            Mark::Idea => ("idea", "heard.idea"),
        };
        view! { <mark class=class title=t(told)>{text}<span class="unseen">" ("{t(told)}")"</span></mark> }.into_any()
    });
    view! { <p class="said" dir="auto">{each.collect_view()}</p> }
}

/// A score in the colour of its band, and with its name for who sees none.
#[component]
pub(crate) fn ScoreMark(score: u8) -> impl IntoView {
    let (class, band) = match score {
        9.. => ("score p", "band.promoter"),
        7 | 8 => ("score n", "band.passive"),
        _ => ("score d", "band.detractor"),
    };
    view! { <span class=class title=t(band)>{score}<span class="unseen">", "{t(band)}</span></span> }
}

/// Two lines of a comment, or that there is none.
#[component]
pub(crate) fn Excerpt(comment: Option<String>) -> impl IntoView {
    match comment.filter(|comment| !comment.trim().is_empty()) {
        Some(comment) => view! { <p class="excerpt" dir="auto">{comment}</p> }.into_any(),
        None => view! { <p class="excerpt sub">{t("said.nothing")}</p> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_marked_with_what_is_said_of_it() {
        let comment = "The cake was lovely, but we waited: 40 minutes!";
        assert_eq!(clause(comment, "cake"), "The cake was lovely");
        assert_eq!(clause(comment, "minutes"), "40 minutes");
        assert_eq!(clause(comment, "tea"), "tea");
        assert_eq!(clause("Write to dora@mail.example. Bye", "dora"), "Write to dora@mail.example");
    }

    #[test]
    fn words_are_cut_at_what_was_heard_and_lose_nothing() {
        let comment = "Cold soup, but Anna was kind. Cold soup!";
        let heard = [("Anna was kind".to_owned(), Mark::Praise), ("Cold soup".to_owned(), Mark::Criticism)];
        let cut = stretches(comment, &heard);
        assert_eq!(cut.iter().map(|(text, _)| text.as_str()).collect::<String>(), comment);
        assert_eq!(cut[0], ("Cold soup".to_owned(), Mark::Criticism));
        assert_eq!(cut[2], ("Anna was kind".to_owned(), Mark::Praise));
        assert_eq!(stretches(comment, &[("not there".to_owned(), Mark::Idea)]).len(), 1);
        let overlapping = [("Cold soup, but".to_owned(), Mark::Criticism), ("soup".to_owned(), Mark::Praise)];
        assert_eq!(stretches(comment, &overlapping).iter().filter(|(_, mark)| *mark != Mark::Plain).count(), 1);
    }
}
