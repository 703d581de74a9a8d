//! What all pages know: who is signed in, at which site, and when something may have changed.

use crate::api::{self, Ask, Trouble};
use crate::browser;
use crate::json::Members as _;
use crate::place::{self, Place};
use crate::texts::t;
use heard_wire::{List, Page, Scope, SessionHolder, SignedIn, SiteSummary, Teammate};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;

/// How often the desk looks whether anything happened, while somebody looks at it.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// What all pages know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context {
    /// Where one is.
    pub(crate) place: RwSignal<Place>,
    /// Who is signed in; `None` for nobody, and before it is known.
    pub(crate) who: RwSignal<Option<SignedIn>>,
    /// Whether it is known.
    pub(crate) is_known: RwSignal<bool>,
    /// The sites that can be gone to.
    pub(crate) sites: RwSignal<Vec<SiteSummary>>,
    /// The site's settings, as the API gives them; `null` before they are there.
    pub(crate) settings: RwSignal<Value>,
    /// The revision of the settings.
    pub(crate) revision: RwSignal<i64>,
    /// The site's people.
    pub(crate) people: RwSignal<Vec<Teammate>>,
    /// Counts up when something may have changed.
    pub(crate) tick: RwSignal<u32>,
    /// What is told for a while, at the foot of the page.
    pub(crate) notice: RwSignal<Option<String>>,
    /// Whether the server cannot be reached.
    pub(crate) is_away: RwSignal<bool>,
    /// Whether a form of the settings was changed and not saved.
    pub(crate) is_dirty: RwSignal<bool>,
    /// Whether one can sign in by Cloudflare Access.
    pub(crate) offers_access: RwSignal<bool>,
    /// Whether somebody signed in on this very page.
    pub(crate) is_fresh: StoredValue<bool>,
    /// The newest event, which is empty where nothing ever happened; `None` before it was looked for.
    newest: RwSignal<Option<String>>,
}

impl Context {
    /// Of a page that has just been opened.
    pub(crate) fn new() -> Self {
        Self {
            place: place::watch(),
            who: RwSignal::new(None),
            is_known: RwSignal::new(false),
            sites: RwSignal::new(Vec::new()),
            settings: RwSignal::new(Value::Null),
            revision: RwSignal::new(0),
            people: RwSignal::new(Vec::new()),
            tick: RwSignal::new(0),
            notice: RwSignal::new(None),
            is_away: RwSignal::new(false),
            is_dirty: RwSignal::new(false),
            offers_access: RwSignal::new(false),
            is_fresh: StoredValue::new(false),
            newest: RwSignal::new(None),
        }
    }

    /// The site one is at.
    pub(crate) fn site(self) -> String {
        self.place.with(|place| place.site.clone())
    }

    /// An address of the API, below the site.
    pub(crate) fn of_site(self, path: &str) -> String {
        format!("/v1/sites/{}{path}", self.place.with_untracked(|place| place.site.clone()))
    }

    /// Goes to an address of the desk.
    pub(crate) fn go(self, address: &str) {
        place::go(self.place, address);
    }

    /// Whether the settings are there: what is typed before would go when they come.
    pub(crate) fn has_settings(self) -> Memo<bool> {
        Memo::new(move |_| self.settings.with(|settings| !settings.is_null()))
    }

    /// In whose days everything is counted.
    pub(crate) fn zone(self) -> String {
        let zone = self.settings.with(|settings| settings.at("time_zone").as_str().map(str::to_owned));
        // As it was last time, until the settings are there.
        zone.or_else(|| browser::recall(&format!("zone:{}", self.site()))).unwrap_or_else(|| "UTC".to_owned())
    }

    /// Whether who is signed in may do this much.
    pub(crate) fn may(self, needs: Scope) -> bool {
        self.who.with(|who| who.as_ref().is_some_and(|who| who.allows >= needs))
    }

    /// Whether the owner is signed in.
    pub(crate) fn is_owner(self) -> bool {
        self.who.with(|who| who.as_ref().is_some_and(|who| who.session.holder == SessionHolder::Owner))
    }

    /// Who one is, of the site's people: by one's key, or as the owner has said in this browser.
    pub(crate) fn me(self) -> Option<Teammate> {
        let by_key = self.who.with(|who| who.as_ref().and_then(|who| who.person.clone()));
        by_key.or_else(|| {
            let said = browser::recall(&format!("me:{}", self.site()))?;
            self.people.with(|people| people.iter().find(|person| person.id.as_str() == said).cloned())
        })
    }

    /// The name of one of the people.
    pub(crate) fn name_of(self, id: &str) -> Option<String> {
        self.people.with(|people| {
            people.iter().find(|person| person.id.as_str() == id).map(|person| person.settings.name.clone())
        })
    }

    /// A question of the owner's, as it is asked; its name where it is asked no more.
    pub(crate) fn question(self, id: &str) -> String {
        self.settings.with(|settings| {
            let asked = settings.at("questions").as_array().into_iter().flatten().find(|one| one.at("id") == id);
            let kind = asked.and_then(|one| one.at("kind").as_str()).unwrap_or_default();
            let text = asked.map(|one| in_language(one.at("text"), settings)).filter(|text| !text.is_empty());
            text.unwrap_or_else(|| if kind.is_empty() { id.to_owned() } else { t(&format!("kind.{kind}")) })
        })
    }

    /// What was chosen in answer to it, as it was shown.
    pub(crate) fn chosen(self, id: &str, option: &str) -> String {
        self.settings.with(|settings| {
            let asked = settings.at("questions").as_array().into_iter().flatten().find(|one| one.at("id") == id);
            let options = asked.and_then(|one| one.at("options").as_array());
            let chosen = options.into_iter().flatten().find(|one| one.at("id") == option);
            let text = chosen.map(|one| in_language(one.at("text"), settings)).filter(|text| !text.is_empty());
            text.unwrap_or_else(|| option.to_owned())
        })
    }

    /// The label of a theme.
    pub(crate) fn label_of(self, theme: &str) -> String {
        let label = self.settings.with(|settings| {
            let themes = settings.at("themes").as_array();
            let found = themes.into_iter().flatten().find(|known| known.at("id") == theme);
            found.and_then(|known| known.at("label").as_str().map(str::to_owned))
        });
        label.unwrap_or_else(|| theme.to_owned())
    }

    /// Tells something at the foot of the page.
    pub(crate) fn tell(self, text: String) {
        self.notice.set(Some(text.clone()));
        let took = move || {
            if self.notice.get_untracked().as_ref() == Some(&text) {
                self.notice.set(None);
            }
        };
        set_timeout(took, Duration::from_secs(8));
    }

    /// What a request that failed says about the desk as a whole.
    pub(crate) fn noticed(self, trouble: &Trouble) {
        if trouble.is_signed_out() && self.who.try_get_untracked().flatten().is_some() {
            self.who.set(None);
        }
        self.is_away.set(trouble.status == 0);
    }

    /// Tells of trouble where nothing else shows it.
    pub(crate) fn tell_trouble(self, trouble: Trouble) {
        self.noticed(&trouble);
        self.tell(trouble.text);
    }

    /// Hands a form in: `then` with what comes back, or why not, where the form says so.
    pub(crate) fn hand_in<T: DeserializeOwned + 'static>(
        self,
        ask: Ask,
        fault: RwSignal<String>,
        then: impl FnOnce(T) + 'static,
    ) {
        spawn_local(async move {
            match ask.read::<T>().await {
                Ok(value) => {
                    fault.try_set(String::new());
                    then(value);
                }
                Err(trouble) => {
                    self.noticed(&trouble);
                    fault.try_set(trouble.text);
                }
            }
        });
    }

    /// Something was done: what is shown may be out of date.
    pub(crate) fn changed(self) {
        self.tick.update(|tick| *tick += 1);
    }

    /// Finds out who is signed in.
    pub(crate) fn find_out(self) {
        spawn_local(async move {
            match api::get("/v1/session").read::<SignedIn>().await {
                Ok(who) => self.enter(who),
                Err(trouble) => {
                    self.is_away.set(trouble.status == 0);
                    self.offers_access.set(trouble.offers_access);
                    self.who.set(None);
                }
            }
            self.is_known.set(true);
        });
    }

    /// Somebody has signed in.
    pub(crate) fn enter(self, who: SignedIn) {
        self.is_away.set(false);
        let holder = who.session.holder.clone();
        self.who.set(Some(who));
        match holder {
            SessionHolder::Key { site, .. } => {
                if self.site() != site.as_str() {
                    self.go(&place::to(site.as_str(), place::Page::Today));
                }
            }
            SessionHolder::Owner => self.read_sites(),
        }
    }

    /// Reads which sites there are, and goes to the first where none is named.
    pub(crate) fn read_sites(self) {
        spawn_local(async move {
            let read = api::get("/v1/sites?limit=100").read::<Page<SiteSummary>>().await;
            match read {
                Ok(page) => {
                    let named = self.place.with_untracked(|place| place.site.clone());
                    let last =
                        browser::recall("site").filter(|last| page.items.iter().any(|site| site.id.as_str() == last));
                    let first = last.or_else(|| page.items.first().map(|site| site.id.to_string()));
                    self.sites.set(page.items);
                    match first {
                        Some(first) if named.is_empty() => self.go(&place::to(&first, place::Page::Today)),
                        None if named.is_empty() => self.go("/desk/new"),
                        _ => {}
                    }
                }
                Err(trouble) => self.tell_trouble(trouble),
            }
        });
    }

    /// The same where that is the owner's to see, as when a site was renamed.
    pub(crate) fn read_sites_of_owner(self) {
        if untrack(|| self.is_owner()) {
            self.read_sites();
        }
    }

    /// Reads the settings and the people of the site one is at.
    pub(crate) fn read_site(self) {
        let site = self.site();
        if site.is_empty() || site == "new" || self.who.with(Option::is_none) {
            return;
        }
        browser::keep("site", &site);
        spawn_local(async move {
            let (config, people) = (self.of_site(""), self.of_site("/people"));
            match api::get(config).read::<Value>().await {
                Ok(mut config) => {
                    self.revision.set(config.at("revision").as_i64().unwrap_or_default());
                    self.settings.set(config.take_out("settings"));
                    browser::keep(&format!("zone:{site}"), &self.zone());
                }
                Err(trouble) => self.tell_trouble(trouble),
            }
            if let Ok(list) = api::get(people).read::<List<Teammate>>().await {
                self.people.set(list.items);
            }
        });
    }

    /// Looks now and then whether anything happened, while somebody looks: one small request, and the pages ask for more only
    /// when there is something new.
    pub(crate) fn keep_looking(self) {
        let look = move || {
            let is_in = self.who.with_untracked(Option::is_some);
            if !is_in
                || !browser::is_seen()
                || matches!(self.place.with_untracked(|place| place.site.clone()).as_str(), "" | "new")
            {
                return;
            }
            spawn_local(async move {
                let path = self.of_site("/events?limit=1");
                match api::get(path).read::<Value>().await {
                    Ok(page) => {
                        self.is_away.set(false);
                        let newest = page.at("events").item(0).at("data").text("id");
                        let before = self.newest.get_untracked();
                        let is_new = before.as_ref().is_some_and(|before| *before != newest);
                        self.newest.set(Some(newest));
                        if is_new {
                            self.changed();
                        }
                    }
                    Err(trouble) => self.noticed(&trouble),
                }
            });
        };
        // What is newest when somebody comes in is what all later looks go by: asked before any page asks for anything.
        let here = Memo::new(move |_| (self.who.with(Option::is_some), self.site()));
        Effect::new(move |_| {
            // Read, since what is only tracked is not worked out.
            here.get();
            self.newest.set(None);
            look();
        });
        drop(set_interval_with_handle(look, LOOK_EVERY));
        let _ = window_event_listener(leptos::ev::visibilitychange, move |_| look());
        let _ = window_event_listener(leptos::ev::online, move |_| look());
    }
}

/// A text of the owner's in the site's language, or in any.
fn in_language(text: &Value, settings: &Value) -> String {
    let own = text.at(settings.at("language").as_str().unwrap_or("en")).as_str();
    let any = || text.as_object().and_then(|all| all.values().next()).and_then(Value::as_str);
    own.or_else(any).unwrap_or_default().to_owned()
}
