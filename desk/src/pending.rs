//! What is done in ten seconds unless it is undone before. When the page goes, it is done at once.

use crate::api::Ask;
use crate::context::Context;
use crate::texts::t;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

const SECONDS: u32 = 10;

#[derive(Clone)]
struct Deed {
    number: u32,
    about: String,
    label: String,
    ask: Ask,
    undone: Callback<()>,
    failed: Callback<String>,
    left: u32,
}

/// What waits.
#[derive(Clone, Copy)]
pub(crate) struct Pending {
    deeds: RwSignal<Vec<Deed>>,
    /// What those are about that are being done.
    under_way: StoredValue<Vec<String>>,
    count: StoredValue<u32>,
    context: Context,
}

impl Pending {
    /// Of a page that has just been opened.
    pub(crate) fn new(context: Context) -> Self {
        let (deeds, under_way) = (RwSignal::new(Vec::new()), StoredValue::new(Vec::new()));
        let pending = Self { deeds, under_way, count: StoredValue::new(0), context };
        let tick = move || {
            if pending.deeds.with_untracked(Vec::is_empty) {
                return;
            }
            let mut due = Vec::new();
            pending.deeds.update(|deeds| {
                deeds.iter_mut().for_each(|deed| deed.left = deed.left.saturating_sub(1));
                due = deeds.iter().filter(|deed| deed.left == 0).cloned().collect();
                deeds.retain(|deed| deed.left > 0);
            });
            due.into_iter().for_each(|deed| pending.carry_out(deed, false));
        };
        drop(set_interval_with_handle(tick, Duration::from_secs(1)));
        let _ = window_event_listener(ev::pagehide, move |_| {
            let deeds = pending.deeds.try_update(std::mem::take).unwrap_or_default();
            deeds.into_iter().for_each(|deed| pending.carry_out(deed, true));
        });
        pending
    }

    /// Does this to what it is about, in a while. `undone` puts back what was there before, and so does `failed`, which is told why.
    pub(crate) fn put(self, about: &str, label: String, ask: Ask, undone: Callback<()>, failed: Callback<String>) {
        let number = self.count.get_value() + 1;
        self.count.set_value(number);
        self.deeds.update(|deeds| {
            deeds.push(Deed { number, about: about.to_owned(), label, ask, undone, failed, left: SECONDS })
        });
    }

    /// Whether something about this waits, or is being done.
    pub(crate) fn waits_for(self, about: &str) -> bool {
        self.deeds.with_untracked(|deeds| deeds.iter().any(|deed| deed.about == about))
            || self.under_way.with_value(|all| all.iter().any(|one| one == about))
    }

    fn carry_out(self, deed: Deed, lasting: bool) {
        let ask = if lasting { deed.ask.clone().lasting() } else { deed.ask.clone() };
        self.under_way.update_value(|all| all.push(deed.about.clone()));
        spawn_local(async move {
            let done = ask.done().await;
            self.under_way.update_value(|all| {
                let ended = all.iter().position(|one| *one == deed.about);
                ended.map(|at| all.swap_remove(at));
            });
            match done {
                Ok(()) => self.context.changed(),
                Err(trouble) => {
                    self.context.noticed(&trouble);
                    self.context.tell(trouble.text.clone());
                    deed.failed.run(trouble.text);
                }
            }
        });
    }

    fn take(self, number: u32) -> Option<Deed> {
        let mut taken = None;
        self.deeds.update(|deeds| {
            taken = deeds.iter().find(|deed| deed.number == number).cloned();
            deeds.retain(|deed| deed.number != number);
        });
        taken
    }
}

/// What waits, with a way back.
#[component]
pub(crate) fn Waiting() -> impl IntoView {
    let pending = expect_context::<Pending>();
    let undo = move |number| {
        if let Some(deed) = pending.take(number) {
            deed.undone.run(());
        }
    };
    let now = move |number| {
        if let Some(deed) = pending.take(number) {
            pending.carry_out(deed, false);
        }
    };
    let each = move || {
        pending.deeds.with(|deeds| deeds.iter().map(|deed| (deed.number, deed.label.clone())).collect::<Vec<_>>())
    };
    // Seen, and not read out every second.
    let left = move |number: u32| {
        move || pending.deeds.with(|deeds| deeds.iter().find(|deed| deed.number == number).map(|deed| deed.left))
    };
    view! {
        <For each=each key=|deed| deed.0 children=move |(number, label)| {
            view! {
                <p class="told">
                    <span>{label}</span><span aria-hidden="true">{left(number)}</span>
                    <button class="link" on:click=move |_| undo(number)>{t("undo")}</button>
                    <button class="link" on:click=move |_| now(number)>{t("do_it_now")}</button>
                </p>
            }
        } />
    }
}
