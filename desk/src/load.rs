//! What is fetched and shown: loading, there, or in trouble; what was there stays while it is fetched again.

use crate::api::Trouble;
use crate::context::Context;
use crate::texts::t;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Something that is fetched.
#[derive(Debug)]
pub(crate) struct Loaded<T: Send + Sync + 'static> {
    /// The newest there is.
    pub(crate) value: RwSignal<Option<T>>,
    /// Why there is no newer one.
    pub(crate) trouble: RwSignal<Option<Trouble>>,
    again: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loaded<T> {}

impl<T: Send + Sync + Clone + 'static> Loaded<T> {
    /// Fetches it once more.
    pub(crate) fn again(self) {
        self.again.update(|count| *count += 1);
    }
}

/// Fetches, again whenever a signal that `fetch` reads before its first `await` changes. An answer that another has overtaken
/// is passed over.
pub(crate) fn load<T, F>(fetch: impl Fn() -> F + 'static) -> Loaded<T>
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, Trouble>> + 'static,
{
    let loaded = Loaded { value: RwSignal::new(None), trouble: RwSignal::new(None), again: RwSignal::new(0) };
    let context = expect_context::<Context>();
    let newest = StoredValue::new(0_u32);
    Effect::new(move |_| {
        loaded.again.track();
        let number = newest.get_value() + 1;
        newest.set_value(number);
        let coming = fetch();
        spawn_local(async move {
            let outcome = coming.await;
            if newest.try_get_value() != Some(number) {
                return;
            }
            match outcome {
                Ok(value) => {
                    loaded.trouble.try_set(None);
                    loaded.value.try_set(Some(value));
                }
                Err(trouble) => {
                    context.noticed(&trouble);
                    // What was erased meanwhile is not shown on.
                    if matches!(trouble.status, 404 | 410) {
                        loaded.value.try_set(None);
                    }
                    loaded.trouble.try_set(Some(trouble));
                }
            }
        });
    });
    loaded
}

/// Shows what was fetched, or how that stands.
pub(crate) fn shown<T, V>(loaded: Loaded<T>, view: impl Fn(T) -> V + Send + Sync + 'static) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    V: IntoAny + 'static,
{
    let view = StoredValue::new(view);
    (move || match (loaded.value.get(), loaded.trouble.get()) {
        (Some(value), _) => view.with_value(|view| view(value).into_any()),
        (None, Some(trouble)) => view_trouble(trouble, loaded),
        (None, None) => view! { <p class="sub loading" role="status">{t("loading")}</p> }.into_any(),
    })
    .into_any()
}

fn view_trouble<T: Clone + Send + Sync + 'static>(trouble: Trouble, loaded: Loaded<T>) -> AnyView {
    view! {
        <div class="card trouble" role="alert">
            <p>{trouble.text}</p>
            <button class="btn plain" on:click=move |_| loaded.again()>{t("try_again")}</button>
        </div>
    }
    .into_any()
}
