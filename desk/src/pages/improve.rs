//! The outer loop: what many said, what is done about it, and telling those who said it.

mod announce;
mod ideas;

use crate::api;
use crate::calendar::{number, percent, whole};
use crate::context::Context;
use crate::json::Members as _;
use crate::load::{Loaded, load, shown};
use crate::parts::field::{AreaField, ChoiceField, Fault, TextField};
use crate::parts::quotes::theirs;
use crate::texts::{t, tf, tn};
use announce::{Announce, Told};
use heard_wire::Scope;
use ideas::Ideas;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

/// Improvements that are shown, those changed last.
const SHOWN: usize = 30;
const STATUSES: [&str; 6] = ["open", "under_review", "planned", "started", "completed", "declined"];

#[component]
pub(crate) fn Improve() -> impl IntoView {
    let context = expect_context::<Context>();
    let improvements = load(move || {
        context.tick.track();
        api::get(context.of_site("/improvements")).read::<Value>()
    });
    view! {
        <div class="head"><div><h1>{t("nav.improve")}</h1><p>{t("improve.what")}</p></div></div>
        <section class="two">
            <div class="stack">
                {shown(improvements, move |list: Value| {
                    let each = list.list("improvements");
                    if each.is_empty() {
                        return view! { <p class="card sub">{t("improve.none")}</p> }.into_any();
                    }
                    let each = each.into_iter().take(SHOWN).map(|one| view! { <OfImprovement listed=one list=improvements /> });
                    each.collect_view().into_any()
                })}
                <Told />
            </div>
            <div class="stack">
                {move || context.may(Scope::Write).then(|| view! { <New improvements /> })}
                <Ideas improvements />
            </div>
        </section>
    }
}

/// How often it was criticised before and after, and whether chance explains it.
pub(super) fn moved(change: &Value) -> String {
    let share = |name: &str| change.at(name).at("percent").as_f64().map(percent);
    let Some((before, after)) = share("before").zip(share("after")) else { return String::new() };
    let difference = change.at("difference");
    let end = |name: &str| difference.at(name).as_f64().unwrap_or_default();
    let (low, high) = (end("low"), end("high"));
    let told = if high < 0.0 {
        "improve.better"
    } else if low > 0.0 {
        "improve.worse"
    } else {
        "improve.unclear"
    };
    let n = |name: &str| whole(change.count(name));
    let filled = [("before", before), ("after", after), ("n", n("before_of")), ("m", n("after_of"))];
    format!("{} {}", tf("improve.moved", &filled.each_ref().map(|(name, text)| (*name, text.as_str()))), t(told))
}

/// What stands behind it is counted for each by itself, so that none waits for all.
#[component]
fn OfImprovement(listed: Value, list: Loaded<Value>) -> impl IntoView {
    let context = expect_context::<Context>();
    let id = listed.text("id");
    let whole = load(move || api::get(context.of_site(&format!("/improvements/{id}"))).read::<Value>());
    shown(whole, move |improvement: Value| of_improvement(context, improvement, list))
}

/// The revision of an improvement, as its entity tag tells it.
fn revision_of(improvement: &Value) -> i64 {
    improvement.moment("updated_at").map_or(0, heard_wire::Timestamp::as_millis)
}

fn of_improvement(context: Context, improvement: Value, list: Loaded<Value>) -> AnyView {
    let text = |name: &str| improvement.text(name);
    let evidence = improvement.at("evidence");
    let count = |name: &str| evidence.count(name);
    let told = [
        tn("improve.answers", count("responses")),
        tn("improve.cases", count("cases")),
        tf(
            "improve.nps",
            &[("nps", &evidence.at("nps").as_f64().map_or_else(|| "–".to_owned(), |nps| number(nps, 0)))],
        ),
    ];
    let causes = evidence.list("root_causes");
    let causes: Vec<String> =
        causes.iter().filter_map(|cause| cause.at("root_cause").as_str().map(str::to_owned)).collect();
    let causes = (!causes.is_empty()).then(|| view! { <p class="sub">{t("learn.causes")}": "{causes.join(" · ")}</p> });
    let status = RwSignal::new(text("status"));
    let (did, title, owner) =
        (RwSignal::new(text("what_we_did")), RwSignal::new(text("title")), RwSignal::new(text("owner")));
    let fault = RwSignal::new(String::new());
    let path = format!("/improvements/{}", text("id"));
    let revision = RwSignal::new(revision_of(&improvement));
    let changed = {
        let path = path.clone();
        move || {
            let did = did.get_untracked();
            let did = if did.trim().is_empty() { Value::Null } else { did.into() };
            let owner = Some(owner.get_untracked()).filter(|owner| !owner.is_empty());
            let patch = json!({ "title": title.get_untracked(), "owner": owner, "status": status.get_untracked(), "what_we_did": did });
            api::send("PATCH", context.of_site(&path), &patch).if_match(revision.get_untracked())
        }
    };
    let (keeping, saved_at) = (changed.clone(), path.clone());
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let ask = changed();
        let path = saved_at.clone();
        spawn_local(async move {
            match ask.read::<Value>().await {
                Ok(now) => {
                    revision.try_set(revision_of(&now));
                    fault.try_set(String::new());
                    context.is_dirty.set(false);
                    context.tell(t("saved"));
                    list.again();
                }
                Err(trouble) if trouble.status == 412 => {
                    // What was typed stays, and is saved over theirs by who presses again.
                    if let Ok(now) = api::get(context.of_site(&path)).read::<Value>().await {
                        revision.try_set(revision_of(&now));
                        let status = t(&format!("improvement.{}", now.text("status")));
                        fault.try_set(tf("improve.faster", &[("status", &status), ("did", &now.text("what_we_did"))]));
                    }
                }
                Err(trouble) => {
                    context.noticed(&trouble);
                    fault.try_set(trouble.text);
                }
            }
        });
    };
    // Who tells customers that it is done has done it, pressed Save or not.
    let keep = Callback::new(move |()| {
        context.hand_in(keeping(), fault, move |now: Value| {
            revision.set(revision_of(&now));
            context.is_dirty.set(false);
            list.again();
        })
    });
    let remove = move |_| {
        if crate::browser::is_sure(&t("improve.sure")) {
            context.hand_in(api::delete(context.of_site(&path)), fault, move |_: Value| list.again());
        }
    };
    // They may come later than this.
    let people = move || {
        let people = context.people.get().into_iter().map(|person| (person.id.to_string(), person.settings.name));
        std::iter::once((String::new(), t("case.unassigned"))).chain(people).collect::<Vec<_>>()
    };
    let options = STATUSES.map(|status| (status.to_owned(), t(&format!("improvement.{status}")))).to_vec();
    let reached = count("customers");
    let tell = if reached == 0 { t("improve.nobody") } else { tn("improve.tell", reached) };
    let is_announcing = RwSignal::new(false);
    let (audience, id, is_idea) = (improvement.at("audience").clone(), text("id"), text("kind") == "idea");
    let form = move || {
        is_announcing.get().then(
            || view! { <Announce audience=audience.clone() improvement=id.clone() is_idea said=did.get_untracked() sent=keep /> },
        )
    };
    view! {
        <section class="card">
            <h2>{text("title")}</h2>
            <p class="sub">{told.join(" · ")}" "{moved(evidence.at("change"))}</p>
            {theirs(context, evidence.at("quotes"))}
            {causes}
            <form on:submit=save on:input=move |_| context.is_dirty.set(true)>
                <fieldset class="bare" disabled=move || !context.may(Scope::Write)>
                    <ChoiceField label=t("improve.status") value=status options />
                    {move || view! { <ChoiceField label=t("improve.owner") value=owner options=people() /> }}
                    <TextField label=t("improve.called") value=title />
                    <AreaField label=t("improve.did") hint=t("improve.did_hint") value=did rows=2 />
                    <Fault text=fault />
                    <div class="row"><button class="btn">{t("save")}</button>
                        <button type="button" class="btn plain" disabled=reached == 0 aria-expanded=move || is_announcing.get().to_string() on:click=move |_| is_announcing.update(|is| *is = !*is)>{tell}</button>
                        <button type="button" class="link" on:click=remove>{t("rows.remove")}</button></div>
                </fieldset>
            </form>
            {form}
        </section>
    }
    .into_any()
}

/// Writes one down: what is criticised, in a theme or in words.
#[component]
fn New(improvements: Loaded<Value>) -> impl IntoView {
    let context = expect_context::<Context>();
    let text = || RwSignal::new(String::new());
    let (title, theme, words, feeling, fault) = (text(), text(), text(), RwSignal::new("negative".to_owned()), text());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut audience = json!({});
        if !theme.get_untracked().is_empty() {
            audience.put("theme", theme.get_untracked());
            if !feeling.get_untracked().is_empty() {
                audience.put("polarity", feeling.get_untracked());
            }
        }
        if !words.get_untracked().trim().is_empty() {
            audience.put("words", words.get_untracked());
        }
        let new = json!({ "title": title.get_untracked(), "audience": audience });
        let ask = api::send("POST", context.of_site("/improvements"), &new);
        context.hand_in(ask, fault, move |_: Value| {
            title.set(String::new());
            words.set(String::new());
            context.is_dirty.set(false);
            improvements.again();
        });
    };
    let themes = move || {
        let themes = context.settings.with(|settings| settings.list("themes"));
        let named = themes
            .iter()
            .filter_map(|theme| Some((theme.at("id").as_str()?.to_owned(), theme.at("label").as_str()?.to_owned())));
        let options: Vec<_> = std::iter::once((String::new(), t("questions.no_theme"))).chain(named).collect();
        view! { <ChoiceField label=t("huddle.theme") value=theme options /> }
    };
    let feelings = vec![
        ("negative".to_owned(), t("heard.criticism")),
        ("positive".to_owned(), t("heard.praise")),
        (String::new(), t("improve.any_feeling")),
    ];
    view! {
        <form class="card" on:submit=submit on:input=move |_| context.is_dirty.set(true)>
            <h2>{t("improve.new")}</h2>
            <TextField label=t("improve.title") value=title />
            <div class="fields">{themes}<ChoiceField label=t("improve.feeling") value=feeling options=feelings /></div>
            <TextField label=t("improve.words") hint=t("improve.words_hint") value=words />
            <Fault text=fault />
            <div class="row"><button class="btn">{t("rows.add")}</button></div>
        </form>
    }
}
