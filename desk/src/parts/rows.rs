//! A list in a form: each row an object of a few texts.

use crate::context::Context;
use crate::json::Members as _;
use crate::texts::t;
use leptos::prelude::*;
use serde_json::{Value, json};

/// What a column takes.
#[derive(Clone)]
pub(crate) struct Column {
    /// The member of the object.
    pub(crate) name: &'static str,
    /// What it is called.
    pub(crate) label: String,
    /// Values and what is shown for them; none for a line of text.
    pub(crate) choices: Vec<(String, String)>,
    /// Only where another member has this value.
    pub(crate) only: Option<(&'static str, &'static str)>,
}

/// Rows as they are being changed, each with a number of its own.
pub(crate) type Held = RwSignal<Vec<(u32, RwSignal<Value>)>>;

/// Rows of what is there.
pub(crate) fn held(rows: impl IntoIterator<Item = Value>) -> Held {
    RwSignal::new((0..).zip(rows.into_iter().map(RwSignal::new)).collect())
}

/// What the rows hold now.
pub(crate) fn told(rows: Held) -> Vec<Value> {
    rows.get_untracked().into_iter().map(|(_, row)| row.get_untracked()).collect()
}

#[component]
pub(crate) fn Rows(
    label: String,
    #[prop(optional)] hint: String,
    rows: Held,
    columns: Vec<Column>,
    /// Whether each cell has its name above it, as where there are many.
    #[prop(optional)]
    labelled: bool,
    /// What a new row holds.
    #[prop(default = json!({}))]
    fresh: Value,
) -> impl IntoView {
    let next = StoredValue::new(u32::try_from(rows.with_untracked(Vec::len)).unwrap_or_default());
    let context = expect_context::<Context>();
    let add = move |_| {
        let number = next.get_value();
        next.set_value(number + 1);
        context.is_dirty.set(true);
        rows.update(|rows| rows.push((number, RwSignal::new(fresh.clone()))));
    };
    let each = move |(number, row): (u32, RwSignal<Value>)| {
        let cells = columns.clone().into_iter().map(move |column| of_column(row, column, labelled)).collect_view();
        view! {
            <div class="row cells" class:labelled=labelled>{cells}
                <button type="button" class="link" on:click=move |_| {
                    context.is_dirty.set(true);
                    rows.update(|rows| rows.retain(|(other, _)| *other != number));
                }>{t("rows.remove")}</button>
            </div>
        }
    };
    view! {
        <fieldset class="rows">
            <legend>{label}</legend>
            {(!hint.is_empty()).then(|| view! { <small>{hint}</small> })}
            <For each=move || rows.get() key=|row| row.0 children=each />
            <button type="button" class="btn plain small" on:click=add>{t("rows.add")}</button>
        </fieldset>
    }
}

fn of_column(row: RwSignal<Value>, column: Column, labelled: bool) -> AnyView {
    let Some((member, value)) = column.only else { return named_cell(row, column, labelled) };
    let is_there = Memo::new(move |_| row.with(|row| row.at(member) == value));
    (move || is_there.get().then(|| named_cell(row, column.clone(), labelled))).into_any()
}

fn named_cell(row: RwSignal<Value>, column: Column, labelled: bool) -> AnyView {
    if !labelled {
        return cell(row, column);
    }
    let label = column.label.clone();
    view! { <label><span>{label}</span>{cell(row, column)}</label> }.into_any()
}

fn cell(row: RwSignal<Value>, Column { name, label, choices, .. }: Column) -> AnyView {
    let text = move || row.with(|row| row.text(name));
    let set = move |text: String| row.update(|row| row.put(name, text));
    if choices.is_empty() {
        return view! {
            <input type="text" aria-label=label.clone() placeholder=label prop:value=text on:input=move |event| set(event_target_value(&event)) />
        }
        .into_any();
    }
    let options = choices.into_iter().map(|(value, shown)| {
        let named = value.clone();
        view! { <option value=value selected=move || text() == named>{shown}</option> }
    });
    view! { <select aria-label=label on:change=move |event| set(event_target_value(&event))>{options.collect_view()}</select> }.into_any()
}
