//! How a case stands: its clocks, who sees to it, what else is known, and who did what when.

use super::everything::Everything;
use super::names::name_of;
use crate::api;
use crate::browser;
use crate::calendar::{self, duration};
use crate::context::Context;
use crate::json::Members as _;
use crate::load::Loaded;
use crate::parts::keys::Shortcuts;
use crate::texts::{t, tf};
use heard_wire::{Case, CaseStatus, Clock, Priority, Scope};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

pub(super) fn view(context: Context, all: &Everything, everything: Loaded<Everything>) -> AnyView {
    let zone = untrack(|| context.zone());
    let case = all.case.as_ref().map(|case| of_case(case, everything, &zone));
    let contact = all.said.iter().rev().find_map(|said| said.response.contact.clone()).map(|contact| {
        let text = contact.to_string();
        let href = if text.contains('@') { format!("mailto:{text}") } else { format!("tel:{}", text.replace(' ', "")) };
        view! { <div><dt>{t("case.contact")}</dt><dd><a href=href>{text}</a></dd></div> }
    });
    let ideas: Vec<String> = all
        .said
        .iter()
        .flat_map(|said| said.response.heard.iter().flat_map(|heard| &heard.suggestions))
        .map(|idea| idea.quote.clone())
        .collect();
    let ideas =
        (!ideas.is_empty()).then(|| view! { <div><dt>{t("case.ideas")}</dt><dd>{ideas.join(" · ")}</dd></div> });
    let answered: Vec<String> = all
        .said
        .iter()
        .flat_map(|said| said.response.answers.iter())
        .map(|(question, answer)| {
            let id = question.as_str();
            untrack(|| format!("{}: {}", context.question(id), context.chosen(id, &answer.to_string())))
        })
        .collect();
    let answered = (!answered.is_empty())
        .then(|| view! { <div><dt>{t("case.answered")}</dt><dd>{answered.join(" · ")}</dd></div> });
    let history = all.history.iter().rev().filter_map(|entry| {
        Some(view! { <li><time>{calendar::of_field(entry.at("at").as_str()?).map(|at| calendar::moment(at, &zone))}</time>" "{line(context, entry, &zone)?}</li> })
    });
    let history = history.collect_view();
    let history = all.case.as_ref().map(|_| view! { <h2>{t("case.history")}</h2><ul class="hist">{history}</ul> });
    view! { <dl>{case}{contact}{ideas}{answered}</dl>{history}{context.may(Scope::Write).then(|| view! { <Shortcuts /> })} }
        .into_any()
}

fn of_case(case: &Case, everything: Loaded<Everything>, zone: &str) -> AnyView {
    let clocks = [
        ("case.first_answer", &case.first_response),
        ("case.next_answer", &case.next_response),
        ("case.resolution", &case.resolution_clock),
    ];
    // A first answer that nobody gave is not done.
    let is_unanswered = |name: &str| name == "case.first_answer" && case.first_response_at.is_none();
    let clocks = clocks
        .into_iter()
        .filter_map(|(name, clock)| Some(of_clock(name, clock.as_ref()?, is_unanswered(name), zone)))
        .collect_view();
    let visitor = case
        .visitor
        .as_ref()
        .map(|visitor| view! { <div><dt>{t("case.visitor")}</dt><dd>{visitor.to_string()}</dd></div> });
    let recovered = case.recovery.as_ref().map(|pair| {
        let told = tf(
            "case.recovery_pair",
            &[("before", &pair.before.get().to_string()), ("after", &pair.after.get().to_string())],
        );
        view! { <div><dt>{t("case.recovery")}</dt><dd>{told}</dd></div> }
    });
    let cause =
        case.root_cause.clone().map(|cause| view! { <div><dt>{t("case.root_cause")}</dt><dd>{cause}</dd></div> });
    let resolution =
        case.resolution.clone().map(|text| view! { <div><dt>{t("case.what_changed")}</dt><dd>{text}</dd></div> });
    let rule = if case.source_rule == "default" { t("case.default_rule") } else { case.source_rule.clone() };
    view! {
        <div><dt>{t("case.status")}</dt><dd>{t(&format!("status.{}", <&str>::from(case.status)))}</dd></div>
        {clocks}
        <Choices case=case.clone() everything />
        {visitor}
        {recovered}{cause}{resolution}
        <div><dt>{t("case.opened_by")}</dt><dd>{rule}</dd></div>
    }
    .into_any()
}

fn of_clock(name: &str, clock: &Clock, is_unanswered: bool, zone: &str) -> AnyView {
    let due = clock.due_at.as_millis();
    let text = match (clock.ended_at, clock.paused_at) {
        (Some(_), _) if is_unanswered => t("clock.unanswered"),
        (Some(ended), _) => {
            let took = duration(calendar::seconds_between(clock.started_at.as_millis(), ended.as_millis()));
            let done = tf("clock.done", &[("took", &took)]);
            if ended.as_millis() > due {
                format!(
                    "{done}, {}",
                    tf("clock.late", &[("by", &duration(calendar::seconds_between(due, ended.as_millis())))])
                )
            } else {
                done
            }
        }
        (None, Some(_)) => t("clock.paused"),
        (None, None) if due < browser::now() => {
            tf("clock.late", &[("by", &duration(calendar::seconds_between(due, browser::now())))])
        }
        (None, None) => tf("clock.by", &[("when", &calendar::moment(clock.due_at, zone))]),
    };
    let class = if clock.is_missed() || clock.is_running() && due < browser::now() { "clock missed" } else { "clock" };
    view! { <div class=class><dt>{t(name)}</dt><dd>{text}</dd></div> }.into_any()
}

/// What is set with one choice: who sees to it, how urgent it is, and where it stands.
#[component]
fn Choices(case: Case, everything: Loaded<Everything>) -> impl IntoView {
    let context = expect_context::<Context>();
    let (id, revision) = (case.id.to_string(), case.revision);
    let change = Callback::new(move |body: Value| {
        let ask = api::send("PATCH", context.of_site(&format!("/cases/{id}")), &body).if_match(revision);
        spawn_local(async move {
            match ask.done().await {
                Ok(()) => context.changed(),
                Err(trouble) => {
                    context.tell_trouble(trouble);
                    everything.again();
                }
            }
        });
    });
    if !context.may(Scope::Write) {
        let name =
            case.assignee.as_ref().and_then(|id| context.name_of(id.as_str())).unwrap_or_else(|| t("case.unassigned"));
        return view! { <div><dt>{t("case.assigned")}</dt><dd>{name}</dd></div> }.into_any();
    }
    let mine = case.assignee.as_ref().map(ToString::to_string).unwrap_or_default();
    let people = context.people.get_untracked().into_iter().map(|person| {
        let id = person.id.to_string();
        view! { <option value=id.clone() selected=id == mine>{person.settings.name}</option> }
    });
    let assign = move |event| {
        let id = event_target_value(&event);
        change.run(json!({ "assignee": (!id.is_empty()).then_some(id) }));
        // The next letter is a shortcut again, and chooses nobody.
        crate::browser::leave("assignee");
    };
    let priorities = [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low].map(|priority| {
        let name = <&str>::from(priority);
        view! { <option value=name selected=priority == case.priority>{t(&format!("priority.{name}"))}</option> }
    });
    let later = move |days: i64| {
        let until = heard_wire::Timestamp::from_millis(browser::now() + days * 86_400_000);
        change.run(json!({ "status": "snoozed", "snoozed_until": until }));
    };
    let is_settled = !case.status.is_unsettled();
    let stand = match case.status {
        CaseStatus::Closed => ().into_any(),
        _ if is_settled => view! { <button class="btn plain small" on:click=move |_| change.run(json!({ "status": "open" }))>{t("case.reopen")}</button>
            <button class="btn plain small" on:click=move |_| change.run(json!({ "status": "closed" }))>{t("case.close")}</button> }.into_any(),
        CaseStatus::Snoozed | CaseStatus::Waiting => view! { <button class="btn plain small" on:click=move |_| change.run(json!({ "status": "open" }))>{t("case.wake")}</button> }.into_any(),
        _ => view! {
            <details class="snooze"><summary>{t("case.snooze")}</summary><div class="row">
                <button class="btn plain small" on:click=move |_| later(1)>{t("case.snooze_1")}</button>
                <button class="btn plain small" on:click=move |_| later(3)>{t("case.snooze_3")}</button>
                <button class="btn plain small" on:click=move |_| later(7)>{t("case.snooze_7")}</button></div></details>
            <button class="btn plain small" on:click=move |_| change.run(json!({ "status": "waiting" }))>{t("case.wait")}</button>
        }.into_any(),
    };
    let response = case.response.to_string();
    let lock_out = move |_| {
        let sure = browser::window().and_then(|window| window.confirm_with_message(&t("case.lock_out_sure")).ok());
        if sure != Some(true) {
            return;
        }
        let ask = api::delete(context.of_site(&format!("/responses/{response}/thread")));
        spawn_local(async move {
            match ask.done().await {
                Ok(()) => context.tell(t("case.locked_out")),
                Err(trouble) => context.tell_trouble(trouble),
            }
        });
    };
    view! {
        <div><dt><label for="assignee">{t("case.assigned")}</label></dt><dd>
            <select id="assignee" on:change=assign><option value="" selected=mine.is_empty()>{t("case.unassigned")}</option>{people.collect_view()}</select>
        </dd></div>
        <div><dt><label for="priority">{t("case.priority")}</label></dt><dd>
            <select id="priority" on:change=move |event| change.run(json!({ "priority": event_target_value(&event) }))>{priorities.collect_view()}</select>
        </dd></div>
        <div><dt class="unseen">{t("action.label")}</dt><dd class="row">{stand}
            <button class="btn plain small danger" on:click=lock_out>{t("case.lock_out")}</button></dd></div>
    }
    .into_any()
}

/// One line of the history; what stands in the conversation already is not told twice.
fn line(context: Context, entry: &Value, zone: &str) -> Option<String> {
    let who = name_of(context, entry.at("by"));
    let with = |name: &str, more: &[(&str, &str)]| Some(tf(name, &[&[("who", who.as_str())], more].concat()));
    let act = entry.at("act");
    let text = |name: &str| act.at(name).as_str().unwrap_or_default();
    let kind = act.at("kind").as_str()?;
    match kind {
        "opened" => {
            let rule = if text("rule") == "default" { t("case.default_rule") } else { text("rule").to_owned() };
            with("history.opened", &[("rule", &rule)])
        }
        "assigned" if text("assignee").is_empty() => with("history.unassigned", &[]),
        "assigned" | "escalated" => {
            let to = context.name_of(text("assignee")).unwrap_or_else(|| t("case.gone_person"));
            with(&format!("history.{kind}"), &[("to", &to)])
        }
        "prioritised" => with("history.prioritised", &[("priority", &t(&format!("priority.{}", text("priority"))))]),
        "replied" | "replied_automatically" => with("history.replied", &[]),
        "snoozed" => {
            let until = calendar::of_field(text("until")).map(|until| calendar::moment(until, zone));
            with("history.snoozed", &[("until", &until.unwrap_or_default())])
        }
        "recovered" => {
            let score = |name: &str| act.count(name).to_string();
            with("history.recovered", &[("before", &score("before")), ("after", &score("after"))])
        }
        "wrote" | "called" | "noted" | "waiting" | "resolved" | "reopened" | "closed" | "joined" | "due_soon"
        | "overdue" => with(&format!("history.{kind}"), &[]),
        _ => None,
    }
}
