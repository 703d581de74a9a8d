//! What was said, in the order it was said: by the customer, by the page, by people, and among colleagues.

use super::everything::Everything;
use crate::calendar;
use crate::context::Context;
use crate::json::Members as _;
use crate::parts::said::{Answered, ScoreMark, Words};
use crate::texts::{t, tf};
use heard_wire::{Author, Message, Polarity, Timestamp};
use leptos::prelude::*;
use serde_json::Value;

pub(super) fn view(context: Context, all: &Everything) -> AnyView {
    let zone = untrack(|| context.zone());
    let mut lines: Vec<(Timestamp, AnyView)> = Vec::new();
    for said in &all.said {
        let at = said.response.completed_at.unwrap_or(said.response.created_at);
        lines.push((said.response.created_at, answer(context, said, &zone)));
        if !said.acknowledgement.text.is_empty() {
            lines.push((at, told(said)));
        }
    }
    lines.extend(all.messages.iter().map(|message| (message.created_at, bubble(message, &zone))));
    lines.extend(
        all.history.iter().filter_map(|entry| {
            Some((calendar::of_field(entry.at("at").as_str()?)?, among_us(context, entry, &zone)?))
        }),
    );
    // What happened in the same moment stays in the order above.
    lines.sort_by_key(|(at, _)| *at);
    lines.into_iter().map(|(_, view)| view).collect_view().into_any()
}

fn answer(context: Context, said: &Answered, zone: &str) -> AnyView {
    let response = &said.response;
    let page = response.page.as_str().to_owned();
    let who = match (&response.visitor, response.visitor_verified) {
        (Some(visitor), true) => visitor.to_string(),
        (Some(visitor), false) => tf("case.claims", &[("visitor", visitor.as_str())]),
        (None, _) => t("case.anonymous"),
    };
    let about = [
        calendar::full_moment(response.created_at, zone),
        page,
        tf("case.reference", &[("reference", &response.reference)]),
        who,
    ];
    let words = match response.comment.clone().filter(|comment| !comment.trim().is_empty()) {
        Some(comment) => view! { <Words comment heard=response.heard.clone() /> }.into_any(),
        None => view! { <p class="said sub">{t("said.nothing")}</p> }.into_any(),
    };
    view! {
        <div class="answer">
            <p class="sub"><ScoreMark score=response.score.get() />" "<bdi>{about.join(" · ")}</bdi></p>
            {words}
            {heard(context, said)}
        </div>
    }
    .into_any()
}

/// What listening made of it, in one line.
fn heard(context: Context, said: &Answered) -> Option<AnyView> {
    let heard = said.response.heard.as_ref()?;
    let sign = |polarity: Polarity| match polarity {
        Polarity::Positive => "+",
        Polarity::Negative => "\u{2212}",
        _ => "·",
    };
    let themes =
        heard.themes.iter().map(|theme| format!("{} {}", context.label_of(theme.id.as_str()), sign(theme.polarity)));
    let people = heard.people.iter().map(|person| person.name.clone());
    let intents = heard.intents.iter().map(|intent| t(&format!("intent.{}", <&str>::from(*intent))));
    let grave = heard.grave.as_ref().map(|_| t("heard.grave"));
    let all: Vec<String> = grave.into_iter().chain(themes).chain(people).chain(intents).collect();
    let told = match heard.overall {
        _ if !all.is_empty() => all.join(" · "),
        Polarity::Positive => t("heard.praise"),
        Polarity::Negative => t("heard.criticism"),
        _ => t("heard.nothing"),
    };
    let corrected = heard.corrected_at.map(|_| format!(" · {}", t("heard.corrected")));
    let line = view! { <p class="sub heard">{t("heard.label")}" "{told}{corrected}</p> };
    let may_correct = context.may(heard_wire::Scope::Write)
        && context.settings.with_untracked(|settings| settings.at("themes").item(0).is_object());
    let id = said.response.id.to_string();
    let found =
        heard.themes.iter().map(|theme| (theme.id.to_string(), polarity_name(theme.polarity).to_owned())).collect();
    Some(view! { {line}{may_correct.then(|| view! { <super::correct::Correct id found /> })} }.into_any())
}

/// A feeling as the API names it.
pub(super) fn polarity_name(polarity: Polarity) -> &'static str {
    match polarity {
        Polarity::Positive => "positive",
        Polarity::Negative => "negative",
        _ => "neutral",
    }
}

/// What the page answered by itself.
fn told(said: &Answered) -> AnyView {
    let acknowledgement = &said.acknowledgement;
    let question = acknowledgement.question.clone().map(|question| format!(" {question}"));
    view! {
        <div class="bubble auto" dir="auto"><small>{t("case.automatic")}</small>{acknowledgement.text.clone()}{question}</div>
    }
    .into_any()
}

fn bubble(message: &Message, zone: &str) -> AnyView {
    let when = calendar::moment(message.created_at, zone);
    let (class, who) = match message.author {
        Author::Customer => ("bubble", t("case.customer")),
        Author::Team if message.from.is_some() && message.person.is_none() => ("bubble auto", t("case.system")),
        Author::Team => {
            let signed = message.signed.as_ref();
            let role = signed.and_then(|signed| signed.role.clone()).map(|role| format!(", {role}"));
            let name = signed.map_or_else(|| t("case.us"), |signed| signed.name.clone());
            ("bubble us", format!("{name}{}", role.unwrap_or_default()))
        }
    };
    let read = match (message.author, message.read_at) {
        (Author::Customer, _) => String::new(),
        (Author::Team, Some(at)) => format!(" · {}", tf("case.read", &[("when", &calendar::moment(at, zone))])),
        (Author::Team, None) => format!(" · {}", t("case.unread")),
    };
    view! { <div class=class dir="auto"><small>{format!("{who} · {when}{read}")}</small>{message.text.clone()}</div> }
        .into_any()
}

/// Notes and calls, which the customer never sees.
fn among_us(context: Context, entry: &Value, zone: &str) -> Option<AnyView> {
    let by = super::names::name_of(context, entry.at("by"));
    let when = calendar::moment(calendar::of_field(entry.at("at").as_str()?)?, zone);
    let act = entry.at("act");
    let text = |name: &str| act.at(name).as_str().map(str::to_owned);
    match act.at("kind").as_str()? {
        "noted" => Some(
            view! { <div class="bubble note" dir="auto"><small>{tf("case.note_by", &[("who", &by), ("when", &when)])}</small>{text("text")}</div> }.into_any(),
        ),
        "called" => Some(called(act.at("call"), &by, &when)),
        "judged" => {
            let is_better = act.at("better") == &Value::Bool(true);
            let told = if is_better { t("case.better") } else { t("case.not_better") };
            let why = text("why").map(|why| view! { <p>{why}</p> });
            Some(view! { <div class="bubble" dir="auto"><small>{format!("{} · {when}", t("case.customer"))}</small>{told}{why}</div> }.into_any())
        }
        _ => None,
    }
}

fn called(call: &Value, by: &str, when: &str) -> AnyView {
    let how = if call.at("reached") == &Value::Bool(true) { "case.called" } else { "case.called_in_vain" };
    let minutes = call.at("minutes").as_u64().map(|minutes| format!(" · {}", calendar::duration(minutes * 60)));
    let said = |name: &str| call.at(name).as_str().map(str::to_owned);
    let learnt = said("learnt").map(|text| view! { <p>{t("case.learnt")}" "{text}</p> });
    let promised = said("promised").map(|text| view! { <p>{t("case.promised")}" "{text}</p> });
    view! {
        <div class="bubble note" dir="auto">
            <small>{tf(how, &[("who", by), ("when", when)])}{minutes}</small>{learnt}{promised}
        </div>
    }
    .into_any()
}
