//! Fields of forms: a label, one line that explains, and the control.

use leptos::prelude::*;

/// A line of text.
#[component]
pub(crate) fn TextField(
    label: String,
    #[prop(optional)] hint: String,
    value: RwSignal<String>,
    #[prop(optional)] kind: &'static str,
    #[prop(optional)] placeholder: &'static str,
) -> impl IntoView {
    // A browser's own field for numbers empties what it does not understand; what was typed stays, and is told about.
    let (kind, mode) = match kind {
        "" => ("text", "text"),
        "number" => ("text", "numeric"),
        kind => (kind, "text"),
    };
    view! {
        <label class="field">
            <span>{label}</span>
            {(!hint.is_empty()).then(|| view! { <small>{hint}</small> })}
            <input type=kind inputmode=mode prop:value=move || value.get() placeholder=placeholder
                on:input=move |event| value.set(event_target_value(&event)) />
        </label>
    }
}

/// Some lines of text.
#[component]
pub(crate) fn AreaField(
    label: String,
    #[prop(optional)] hint: String,
    value: RwSignal<String>,
    #[prop(default = 3)] rows: u32,
) -> impl IntoView {
    view! {
        <label class="field">
            <span>{label}</span>
            {(!hint.is_empty()).then(|| view! { <small>{hint}</small> })}
            <textarea rows=rows prop:value=move || value.get() on:input=move |event| value.set(event_target_value(&event))></textarea>
        </label>
    }
}

/// One of a few: values and what is shown for them.
#[component]
pub(crate) fn ChoiceField(
    label: String,
    #[prop(optional)] hint: String,
    value: RwSignal<String>,
    options: Vec<(String, String)>,
) -> impl IntoView {
    let options = options.into_iter().map(|(name, shown)| {
        let named = name.clone();
        view! { <option value=name selected=move || value.get() == named>{shown}</option> }
    });
    view! {
        <label class="field">
            <span>{label}</span>
            {(!hint.is_empty()).then(|| view! { <small>{hint}</small> })}
            <select on:change=move |event| value.set(event_target_value(&event))>{options.collect_view()}</select>
        </label>
    }
}

/// Yes or no.
#[component]
pub(crate) fn CheckField(label: String, value: RwSignal<bool>) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || value.get() on:change=move |event| value.set(event_target_checked(&event)) />
            <span>{label}</span>
        </label>
    }
}

/// What went wrong with a form, where it is looked for.
#[component]
pub(crate) fn Fault(text: RwSignal<String>) -> impl IntoView {
    Effect::new(move |_| {
        if text.with(|text| !text.is_empty()) {
            request_animation_frame(|| {
                if let Some(fault) = crate::browser::find(".fault") {
                    fault.scroll_into_view_with_bool(false);
                }
            });
        }
    });
    move || {
        let text = text.get();
        (!text.is_empty()).then(|| view! { <p class="fault" role="alert">{text}</p> })
    }
}
