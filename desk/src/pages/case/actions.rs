//! What is to be done about a case: write, note, log a call, resolve.

use super::everything::Everything;
use crate::api::{self, Ask};
use crate::browser;
use crate::context::Context;
use crate::json::Members as _;
use crate::load::Loaded;
use crate::pages::settings::number_or_null;
use crate::parts::field::{AreaField, CheckField, Fault, TextField};
use crate::parts::keys::is_shortcut;
use crate::pending::Pending;
use crate::texts::{t, tf};
use heard_wire::Case;
use leptos::ev;
use leptos::prelude::*;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

/// Which form is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Reply,
    Note,
    Call,
    Resolve,
}

impl Form {
    const ALL: [Self; 4] = [Self::Reply, Self::Note, Self::Call, Self::Resolve];

    const fn name(self) -> &'static str {
        match self {
            Self::Reply => "action.reply",
            Self::Note => "action.note",
            Self::Call => "action.call",
            Self::Resolve => "action.resolve",
        }
    }

    const fn field(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Note => "note",
            Self::Call => "learnt",
            Self::Resolve => "cause",
        }
    }
}

/// What is done to the case that is open.
#[derive(Clone, Copy)]
struct Doing {
    context: Context,
    pending: Pending,
    everything: Loaded<Everything>,
    on_next: Callback<()>,
}

impl Doing {
    fn case(self) -> Option<Case> {
        self.everything.value.with_untracked(|all| all.as_ref().and_then(|all| all.case.clone()))
    }

    fn path(self, case: &Case, rest: &str) -> String {
        self.context.of_site(&format!("/cases/{}{rest}", case.id))
    }

    /// Does it now; `then` where it was done.
    fn now(self, ask: Ask, fault: RwSignal<String>, then: impl Fn() + 'static) {
        self.context.hand_in(ask, fault, move |_: IgnoredAny| {
            then();
            self.context.changed();
        });
    }

    /// Resolves in ten seconds, unless it is undone, and goes on to the next.
    fn resolve(self, mut body: Value) {
        let Some(case) = self.case().filter(|case| case.status.is_unsettled()) else { return };
        let is_silent = body.at("resolution").is_null() && !self.pending.waits_for(case.id.as_str());
        if is_silent && crate::parts::clock::is_promised(&case) && !browser::is_sure(&t("case.resolve_owed")) {
            return;
        }
        body.put("status", "resolved");
        let ask = api::send("PATCH", self.path(&case, ""), &body);
        // A reply of ours that still waits will have changed it by then.
        let is_ours = self.pending.waits_for(case.id.as_str());
        let ask = if is_ours { ask } else { ask.if_match(case.revision) };
        let nothing = Callback::new(|()| ());
        self.pending.put(case.id.as_str(), t("action.resolving"), ask, nothing, Callback::new(|_: String| ()));
        self.on_next.run(());
    }
}

#[component]
pub(super) fn Actions(everything: Loaded<Everything>, on_next: Callback<()>) -> impl IntoView {
    let context = expect_context::<Context>();
    let doing = Doing { context, pending: expect_context::<Pending>(), everything, on_next };
    let form = RwSignal::new(Form::Reply);
    let show = move |which: Form| {
        form.set(which);
        browser::focus(which.field());
    };
    let keys = window_event_listener(ev::keydown, move |event| {
        if !is_shortcut(&event) {
            return;
        }
        match event.key().as_str() {
            "r" => show(Form::Reply),
            "n" => show(Form::Note),
            "a" => assign_to_me(doing),
            "e" => doing.resolve(json!({})),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || keys.remove());
    let tabs = Form::ALL.map(|which| {
        let is_on = move || form.get() == which;
        view! {
            <button type="button" class="chip" class:on=is_on aria-pressed=move || is_on().to_string() on:click=move |_| show(which)>{t(which.name())}</button>
        }
    });
    view! {
        <div class="reply">
            <div class="chips" role="group" aria-label=t("action.label")>{tabs.collect_view()}</div>
            {move || match form.get() {
                Form::Reply => view! { <Reply doing /> }.into_any(),
                Form::Note => view! { <Note doing /> }.into_any(),
                Form::Call => view! { <LogCall doing /> }.into_any(),
                Form::Resolve => view! { <Resolve doing /> }.into_any(),
            }}
        </div>
    }
}

fn assign_to_me(doing: Doing) {
    let (Some(case), Some(me)) = (doing.case(), doing.context.me()) else {
        doing.context.tell(t("me.choose_first"));
        return;
    };
    let ask = api::send("PATCH", doing.path(&case, ""), &json!({ "assignee": me.id })).if_match(case.revision);
    let fault = RwSignal::new(String::new());
    doing.now(ask, fault, move || doing.context.tell(t("action.assigned")));
}

/// A text that stays in this browser until it is sent.
fn draft(doing: Doing, kind: &str) -> (RwSignal<String>, String) {
    let name = format!("draft:{kind}:{}", doing.case().map(|case| case.id.to_string()).unwrap_or_default());
    let text = RwSignal::new(browser::recall(&name).unwrap_or_default());
    let kept = name.clone();
    Effect::new(move |_| browser::keep(&kept, &text.get()));
    (text, name)
}

/// Whom a reply leaves a case with, unless it is kept open.
const THEIR_TURN: Option<&str> = Some("waiting");

/// Where a reply lies in this browser while it can be undone.
fn unsent(case: &Case) -> String {
    format!("unsent:{}", case.id)
}

/// Gives back what a browser that went away in those seconds has not sent.
fn take_up_unsent(doing: Doing, text: RwSignal<String>) {
    let Some(case) = doing.case().filter(|case| !doing.pending.waits_for(case.id.as_str())) else { return };
    let Some(words) = browser::recall(&unsent(&case)).filter(|words| !words.is_empty()) else { return };
    browser::keep(&unsent(&case), "");
    let said = |all: &Everything| all.messages.iter().any(|message| message.text == words);
    let went = doing.everything.value.with_untracked(|all| all.as_ref().is_some_and(said));
    if !went && text.with_untracked(String::is_empty) {
        text.set(words);
    }
}

/// Whether the keys that send were pressed.
fn sends(event: &web_sys::KeyboardEvent) -> bool {
    event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !event.is_composing()
}

#[component]
fn Reply(doing: Doing) -> impl IntoView {
    let (text, name) = draft(doing, "reply");
    take_up_unsent(doing, text);
    let fault = RwSignal::new(String::new());
    let send = move |then: Option<&str>| {
        let words = text.get_untracked().trim().to_owned();
        let Some(case) = doing.case() else { return };
        if words.is_empty() {
            fault.set(t("action.write_something"));
            browser::focus("reply");
            return;
        }
        let mut body = json!({ "text": words });
        let by_key = doing.context.who.with_untracked(|who| who.as_ref().is_some_and(|who| who.person.is_some()));
        if let Some(me) = doing.context.me().filter(|_| !by_key) {
            body.put("person", me.id.to_string());
        }
        if let Some(then) = then {
            body.put("then", then);
        }
        let ask = api::send("POST", doing.path(&case, "/messages"), &body);
        // Two tabs, or two people: who comes second is told. One of ours that still waits changes it by itself.
        let is_ours = doing.pending.waits_for(case.id.as_str());
        let ask = if is_ours { ask } else { ask.if_match(case.revision) };
        fault.set(String::new());
        text.set(String::new());
        // A browser that dies meanwhile has it still.
        browser::keep(&unsent(&case), &words);
        // What was written comes back, here or the next time this case is opened.
        let (name, on_its_way) = (name.clone(), unsent(&case));
        let back = move |why: String| {
            browser::keep(&name, &words);
            browser::keep(&on_its_way, "");
            if text.try_get_untracked().is_some_and(|text| text.is_empty()) {
                text.try_set(words.clone());
                fault.try_set(why);
                browser::focus("reply");
            }
        };
        let undone = back.clone();
        let failed = move |why: String| {
            back(why);
            doing.everything.again();
        };
        doing.pending.put(
            case.id.as_str(),
            t("action.sending"),
            ask,
            Callback::new(move |()| undone(String::new())),
            Callback::new(failed),
        );
    };
    let send = StoredValue::new(send);
    view! {
        <label for="reply" class="sub">{t("action.reply_how")}</label>
        <textarea id="reply" rows="4" dir="auto" maxlength="2000" prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))
            on:keydown=move |event| if sends(&event) { event.prevent_default(); send.with_value(|send| send(THEIR_TURN)); }></textarea>
        <Fault text=fault />
        <div class="row">
            <button class="btn" on:click=move |_| send.with_value(|send| send(THEIR_TURN))>{t("action.send")}</button>
            <button class="btn plain" on:click=move |_| send.with_value(|send| send(None))>{t("action.send_and_keep")}</button>
            <span class="sub"><kbd>"ctrl"</kbd>" "<kbd>"↵"</kbd></span>
        </div>
    }
}

#[component]
fn Note(doing: Doing) -> impl IntoView {
    let (text, _) = draft(doing, "note");
    let fault = RwSignal::new(String::new());
    let save = move || {
        let Some(case) = doing.case() else { return };
        let ask = api::send("POST", doing.path(&case, "/notes"), &json!({ "text": text.get_untracked() }));
        doing.now(ask, fault, move || text.set(String::new()));
    };
    view! {
        <label for="note" class="sub">{t("action.note_how")}</label>
        <textarea id="note" rows="3" dir="auto" prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))
            on:keydown=move |event| if sends(&event) { event.prevent_default(); save(); }></textarea>
        <Fault text=fault />
        <div class="row"><button class="btn" on:click=move |_| save()>{t("action.save_note")}</button></div>
    }
}

#[component]
fn LogCall(doing: Doing) -> impl IntoView {
    let saved = move || doing.context.tell(t("action.call_saved"));
    let case = doing.case().map(|case| case.id.to_string()).unwrap_or_default();
    view! { <CallForm case saved=Callback::new(move |()| saved()) /> }
}

/// What came of a call: three fields, of which one is enough.
#[component]
pub(crate) fn CallForm(case: String, saved: Callback<()>) -> impl IntoView {
    let context = expect_context::<Context>();
    let (learnt, promised, minutes) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let fault = RwSignal::new(String::new());
    let case = StoredValue::new(case);
    let save = move |reached: bool| {
        let text =
            |value: RwSignal<String>| Some(value.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        let mut body = json!({ "reached": reached });
        for (name, value) in [("learnt", text(learnt)), ("promised", text(promised))] {
            if let Some(value) = value {
                body.put(name, value);
            }
        }
        if let took @ (Value::Number(_) | Value::String(_)) = number_or_null(minutes) {
            body.put("minutes", took);
        }
        let ask = api::send("POST", context.of_site(&format!("/cases/{}/calls", case.get_value())), &body);
        context.hand_in(ask, fault, move |_: IgnoredAny| {
            [learnt, promised, minutes, fault].into_iter().for_each(|field| field.set(String::new()));
            saved.run(());
            context.changed();
        });
    };
    view! {
        <AreaField label=t("action.learnt") value=learnt rows=2 />
        <AreaField label=t("action.promised") value=promised rows=1 />
        <TextField label=t("action.minutes") value=minutes kind="number" />
        <Fault text=fault />
        <div class="row">
            <button class="btn" on:click=move |_| save(true)>{t("action.reached")}</button>
            <button class="btn plain" on:click=move |_| save(false)>{t("action.not_reached")}</button>
        </div>
    }
}

#[component]
fn Resolve(doing: Doing) -> impl IntoView {
    let (cause, _) = draft(doing, "cause");
    let (changed, _) = draft(doing, "changed");
    let is_lost = RwSignal::new(false);
    let suggestions = doing.context.settings.with_untracked(|settings| {
        let themes = settings.at("themes").as_array();
        themes
            .into_iter()
            .flatten()
            .filter_map(|theme| theme.at("label").as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    });
    let suggestions = suggestions.into_iter().map(|label| view! { <option value=label></option> });
    let resolve = move |_| {
        let text =
            |value: RwSignal<String>| Some(value.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        let mut body = json!({});
        if let Some(cause) = text(cause) {
            body.put("root_cause", cause);
        }
        if let Some(changed) = text(changed) {
            body.put("resolution", changed);
        }
        if is_lost.get_untracked() {
            body.put("outcome", "lost");
        }
        cause.set(String::new());
        changed.set(String::new());
        doing.resolve(body);
    };
    let what = doing.case().and_then(|case| case.visitor).map_or_else(
        || t("action.changed_how"),
        |visitor| tf("action.changed_how_visitor", &[("visitor", visitor.as_str())]),
    );
    view! {
        <label class="field"><span>{t("action.cause")}</span><small>{t("action.cause_how")}</small>
            <input id="cause" list="causes" maxlength="200" prop:value=move || cause.get() on:input=move |event| cause.set(event_target_value(&event)) />
            <datalist id="causes">{suggestions.collect_view()}</datalist></label>
        <AreaField label=t("action.changed") hint=what value=changed rows=2 />
        <CheckField label=t("action.lost") value=is_lost />
        <div class="row"><button class="btn" on:click=resolve>{t("action.resolve_next")}</button></div>
    }
}
