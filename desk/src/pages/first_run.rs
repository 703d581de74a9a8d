//! The first site: its name, its pages, what its customers talk about, how it speaks; and then the snippet.

use crate::api;
use crate::browser;
use crate::calendar;
use crate::context::Context;
use crate::json::Members as _;
use crate::parts::field::{AreaField, ChoiceField, Fault, TextField};
use crate::place::{self, Page};
use crate::texts::{language, t, tf, tn};
use js_sys::{Function, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};
use std::time::Duration;
use wasm_bindgen::{JsCast as _, JsValue};

/// Themes to start from, by industry; the same that are among the examples.
const INDUSTRIES: [(&str, &str); 6] = [
    ("restaurants", include_str!("../../../examples/themes/restaurants.json")),
    ("retail", include_str!("../../../examples/themes/retail.json")),
    ("saas", include_str!("../../../examples/themes/saas.json")),
    ("travel", include_str!("../../../examples/themes/travel.json")),
    ("health", include_str!("../../../examples/themes/health.json")),
    ("finance", include_str!("../../../examples/themes/finance.json")),
];

/// The themes of an industry, and none of one that is not known.
pub(crate) fn themes_of(industry: &str) -> Value {
    let found = INDUSTRIES.iter().find(|(name, _)| *name == industry);
    found.and_then(|(_, themes)| serde_json::from_str(themes).ok()).unwrap_or_else(|| json!([]))
}

/// The choices of industries.
pub(crate) fn industries() -> Vec<(String, String)> {
    let none = (String::new(), t("industry.none"));
    std::iter::once(none)
        .chain(INDUSTRIES.iter().map(|(name, _)| ((*name).to_owned(), t(&format!("industry.{name}")))))
        .collect()
}

/// How replies can sound.
pub(crate) fn tones() -> Vec<(String, String)> {
    ["warm", "plain", "formal"].map(|tone| (tone.to_owned(), t(&format!("tone.{tone}")))).into()
}

/// Letters that an id cannot have, and how they are written without.
const PLAIN: &[(&[char], &str)] = &[
    (&['ä'], "ae"),
    (&['ö', 'ø'], "oe"),
    (&['ü'], "ue"),
    (&['ß'], "ss"),
    (&['à', 'á', 'â', 'ã', 'å'], "a"),
    (&['è', 'é', 'ê', 'ë'], "e"),
    (&['ì', 'í', 'î', 'ï'], "i"),
    (&['ò', 'ó', 'ô', 'õ'], "o"),
    (&['ù', 'ú', 'û'], "u"),
    (&['ç'], "c"),
    (&['ñ'], "n"),
];

/// An id that a name suggests: letters, digits and dashes.
fn id_of(name: &str) -> String {
    // "Bäckerei" is baeckerei, and "Café" cafe.
    let mut plain = name.to_lowercase();
    for (letters, plainly) in PLAIN {
        plain = plain.replace(*letters, plainly);
    }
    let plain: String =
        plain.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    words.join("-").chars().take(40).collect()
}

#[component]
pub(crate) fn FirstRun() -> impl IntoView {
    let context = expect_context::<Context>();
    let text = || RwSignal::new(String::new());
    let (name, origins, industry, tone, fault) = (text(), text(), text(), RwSignal::new("warm".to_owned()), text());
    let id = text();
    // As the name suggests, until somebody writes another.
    let is_own = RwSignal::new(false);
    Effect::new(move |_| {
        let suggested = id_of(&name.get());
        if !is_own.get_untracked() {
            id.set(suggested);
        }
    });
    let create = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let id = id_of(&id.get_untracked());
        let origins: Vec<String> = origins.get_untracked().split_whitespace().map(origin_of).collect();
        let settings = json!({
            "name": name.get_untracked(), "origins": origins, "language": language(), "time_zone": calendar::own_zone(),
            "themes": themes_of(&industry.get_untracked()), "voice": { "tone": tone.get_untracked() },
        });
        if id.is_empty() {
            fault.set(t("first.no_id"));
            return;
        }
        spawn_local(async move {
            let mut ask = api::send("PUT", format!("/v1/sites/{id}"), &settings);
            // Never over one that is there.
            ask = ask.if_none_match();
            match ask.done().await {
                Ok(()) => {
                    context.go(&format!("/desk/{id}/snippet"));
                    context.read_sites();
                }
                Err(trouble) if trouble.status == 412 => fault.set(tf("first.taken", &[("id", &id)])),
                Err(trouble) => {
                    context.noticed(&trouble);
                    fault.set(trouble.text);
                }
            }
        });
    };
    view! {
        <div class="head"><div><h1>{move || if context.sites.with(Vec::is_empty) { t("first.title") } else { t("site.new") }}</h1><p>{t("first.what")}</p></div></div>
        <form class="card narrow" on:submit=create>
            <TextField label=t("settings.name") hint=t("settings.name_hint") value=name />
            <div on:input=move |_| is_own.set(true)><TextField label=t("first.id") hint=t("first.id_hint") value=id /></div>
            <AreaField label=t("settings.origins") hint=t("settings.origins_hint") value=origins rows=2 />
            <ChoiceField label=t("first.industry") hint=t("first.industry_hint") value=industry options=industries() />
            <ChoiceField label=t("settings.tone") value=tone options=tones() />
            <Fault text=fault />
            <div class="row"><button class="btn">{t("first.create")}</button></div>
        </form>
    }
}

/// What somebody typed as an origin: a domain alone is one over TLS.
pub(crate) fn origin_of(text: &str) -> String {
    let text = text.trim().trim_end_matches(['/', ',']);
    if text.contains("://") { text.to_owned() } else { format!("https://{text}") }
}

/// The snippet in five forms, the widget beside it, and a light that goes on when the first page asks.
#[component]
pub(crate) fn Snippet() -> impl IntoView {
    let context = expect_context::<Context>();
    let site = context.site();
    let (origin, id) = (browser::origin(), site.clone());
    let fill = |text: &str| {
        text.replace("https://heard.example", &origin)
            .replace("\"shop\"", &format!("\"{id}\""))
            .replace("site=shop", &format!("site={id}"))
    };
    let react = [
        include_str!("../../../examples/snippets/load_heard.ts"),
        include_str!("../../../examples/snippets/react.tsx"),
    ];
    let plain = format!("<script async src=\"{}/heard.js\" data-site=\"{site}\"></script>", browser::origin());
    let forms = [
        ("plain", plain),
        ("wordpress", fill(include_str!("../../../examples/snippets/wordpress.php"))),
        ("tag_manager", fill(include_str!("../../../examples/snippets/tag_manager.html"))),
        ("shopify", fill(include_str!("../../../examples/snippets/shopify.liquid"))),
        ("react", react.map(fill).join("\n")),
    ];
    let each = forms.map(|(name, text)| {
        let copied = text.clone();
        let copy = move |_| {
            browser::copy(&copied);
            context.tell(t("copied"));
        };
        view! {
            <details open=name == "plain">
                <summary>{t(&format!("snippet.{name}"))}</summary>
                <pre tabindex="0"><code>{text}</code></pre>
                <button class="btn plain small" on:click=copy>{t("copy")}</button>
            </details>
        }
    });
    view! {
        <div class="head"><div><h1>{t("snippet.title")}</h1><p>{t("snippet.what")}</p></div></div>
        <section class="two">
            <div class="card">{each.collect_view()}</div>
            <div class="card"><h2>{t("preview.title")}</h2><Preview lang=RwSignal::new(String::new()) state=RwSignal::new(String::new()) /></div>
        </section>
        <Light />
    }
}

/// Whether a real page has asked yet.
#[component]
fn Light() -> impl IntoView {
    let context = expect_context::<Context>();
    let seen = RwSignal::new((0_u64, 0_u64));
    let look = move || {
        if !browser::is_seen() {
            return;
        }
        spawn_local(async move {
            if let Ok(metrics) = api::get(context.of_site("/metrics")).read::<Value>().await {
                let total = metrics.at("total");
                seen.set((total.count("shown"), total.count("responses")));
            }
        });
    };
    look();
    if let Ok(handle) = set_interval_with_handle(look, Duration::from_secs(5)) {
        on_cleanup(move || handle.clear());
    }
    let site = context.site();
    view! {
        <p class="card light" role="status" class:on=move || { seen.get().0 != 0 }>
            {move || match seen.get() {
                (0, _) => t("light.waits"),
                (shown, 0) => tn("light.shown", shown),
                (_, answers) => tn("light.answered", answers),
            }}
            " "<a href=place::to(&site, Page::Today)>{t("light.today")}</a>
        </p>
    }
}

/// Has the widget in a frame ask. It takes the focus where a button asked; here nobody did, and somebody may be writing beside it.
fn ask(event: &leptos::ev::Event, is_question: bool) -> Option<()> {
    let frame: web_sys::HtmlIFrameElement = event.target()?.dyn_into().ok()?;
    let window: JsValue = frame.content_window()?.into();
    let at = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    let elements = at(&at(&window, "HTMLElement")?, "prototype")?;
    let (focus, nothing) = (at(&elements, "focus")?, at(&window, "Boolean")?);
    Reflect::set(&elements, &"focus".into(), &nothing).ok()?;
    if is_question {
        let heard: Function = at(&window, "heard")?.dyn_into().ok()?;
        heard.call1(&JsValue::UNDEFINED, &"ask".into()).ok()?;
    }
    let restore = move || {
        let _ = Reflect::set(&elements, &"focus".into(), &focus);
    };
    set_timeout(restore, Duration::from_secs(3));
    Some(())
}

/// The real widget in a frame of its own. What is answered there is a test, and counts for nothing.
#[component]
pub(crate) fn Preview(
    lang: RwSignal<String>,
    /// Which of its states; none for the question itself, which can be answered.
    state: RwSignal<String>,
) -> impl IntoView {
    let context = expect_context::<Context>();
    let again = RwSignal::new(0_u32);
    let address = move || {
        let lang = lang.get();
        let lang = if lang.is_empty() { String::new() } else { format!("&lang={}", api::part(&lang)) };
        let state = state.get();
        let state = if state.is_empty() { state } else { format!("&heard=preview&state={state}") };
        format!("/desk/preview/{}?n={}-{}{lang}{state}", context.site(), again.get(), context.revision.get())
    };
    view! {
        <iframe class="preview" title=t("preview.title") src=address on:load=move |event| { let _ = ask(&event, state.with_untracked(String::is_empty)); }></iframe>
        <div class="row"><button class="btn plain small" on:click=move |_| again.update(|n| *n += 1)>{t("preview.again")}</button>
            <span class="sub">{t("preview.what")}</span></div>
    }
}
