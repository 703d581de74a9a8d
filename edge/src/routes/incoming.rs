//! A request on its way to its handler, with all that the API's table knows of it.

use crate::credential::OwnerKeys;
use crate::http::{body, internal};
use crate::runtime::now;
use crate::session::AtDesk;
use crate::site_client;
use heard_site::sites::Authorize;
use heard_site::survey::address_tag;
use heard_site::{Credential, Known};
use heard_wire::api::{Found, Route};
use heard_wire::http::is_idempotency_key;
use heard_wire::{Code, InvalidText, Origin, Problem, SiteId};
use js_sys::Reflect;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::str::FromStr;
use worker::{ByteStream, Env, Request};

/// A request for one operation, by somebody who brought what it asks for.
pub(crate) struct Incoming<'a> {
    request: Request,
    pub(crate) env: &'a Env,
    found: Found,
    site: Option<SiteId>,
    credential: Credential,
    idempotency_key: Option<String>,
    pub(crate) owner_keys: OwnerKeys,
    /// Who is signed in, where the request came with a desk's cookie.
    pub(crate) at_desk: Option<AtDesk>,
    given: BTreeMap<String, String>,
    /// Whether the site's object has seen the credential.
    is_checked: Cell<bool>,
}

impl<'a> Incoming<'a> {
    /// Reads what every operation needs.
    pub(crate) fn new(
        request: Request,
        env: &'a Env,
        route: &'static Route,
        found: Found,
        credential: Credential,
        owner_keys: OwnerKeys,
    ) -> Result<Self, Problem> {
        // The text itself is not echoed: it is the client's, and may be anything.
        let unknown = |error| Problem::new(Code::UnknownSite, format!("There is no such site: {error}."));
        let is_of_a_site = route.path.contains("{site}");
        let site = is_of_a_site.then(|| found.parameter("site").parse().map_err(unknown)).transpose()?;
        let idempotency_key = if route.idempotent { idempotency_key(&request)? } else { None };
        let given = parameters(&request, &route.operation.parameters())?;
        let is_checked = Cell::new(false);
        let credential = match (credential, &site) {
            (Credential::Customer { key, .. }, Some(site)) => {
                let address = address(&request);
                let address = address.and_then(|address| address_tag(&owner_keys.current, site, &address, now()));
                Credential::Customer { key, address }
            }
            (credential, _) => credential,
        };
        Ok(Self {
            request,
            env,
            found,
            site,
            credential,
            idempotency_key,
            owner_keys,
            at_desk: None,
            given,
            is_checked,
        })
    }

    /// The site it is about.
    pub(crate) fn site(&self) -> Result<&SiteId, Problem> {
        self.site.as_ref().ok_or_else(|| internal("find out which site is meant"))
    }

    /// Whether who sends it brought no key.
    pub(crate) fn is_stranger(&self) -> bool {
        matches!(self.credential, Credential::Nobody)
    }

    /// Whether the owner sends it, who alone makes sites.
    pub(crate) fn is_owner(&self) -> bool {
        matches!(self.credential, Credential::Owner)
    }

    /// Who is signed in; the API's table lets nobody else in.
    pub(crate) fn at_desk(&self) -> Result<&AtDesk, Problem> {
        self.at_desk.as_ref().ok_or_else(|| internal("find the session"))
    }

    /// Sends an operation to the site's object, with the credential and the `Idempotency-Key` of the request.
    pub(crate) async fn call<O: Known>(&self, operation: O) -> Result<O::Reply, Problem> {
        self.is_checked.set(true);
        let key = self.idempotency_key.clone();
        site_client::call(self.env, self.site()?, self.credential.clone(), key, operation).await
    }

    /// Why this key may not do this at all, where a fault of the request was found before the key was looked at.
    pub(crate) async fn refusal_of_key(&self) -> Option<Problem> {
        let unseen =
            matches!(self.credential, Credential::Key { .. } | Credential::SignedIn { .. }) && !self.is_checked.get();
        let site = self.site.as_ref().filter(|_| unseen)?;
        site_client::call(self.env, site, self.credential.clone(), None, Authorize {}).await.err()
    }

    /// The body, as far as it is read.
    pub(crate) async fn body(&mut self) -> Result<Vec<u8>, Problem> {
        body(&mut self.request).await
    }

    /// The request itself.
    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    /// The body as it comes, of any type.
    pub(crate) fn stream(&mut self) -> Option<ByteStream> {
        self.request.stream().ok()
    }

    /// The same where a request may do without one, and then needs no content type.
    pub(crate) async fn body_if_any(&mut self) -> Result<Vec<u8>, Problem> {
        let told = self.header("content-length").is_some_and(|length| length.trim() != "0");
        let has_body = told || self.header("transfer-encoding").is_some() || self.header("content-type").is_some();
        if has_body { self.body().await } else { Ok(Vec::new()) }
    }

    /// Whether Cloudflare's edge stands in front, or what stands in for it where a Worker is developed.
    pub(crate) fn is_at_the_edge(&self) -> bool {
        // It tells in which of its places the request came in.
        let told = Reflect::get(self.request.inner(), &"cf".into()).and_then(|cf| Reflect::get(&cf, &"colo".into()));
        told.is_ok_and(|colo| colo.is_string()) || self.header("cf-ray").is_some()
    }

    /// Where it was sent to, as who sent it sees it: a proxy in front may be the one that speaks TLS.
    pub(crate) fn origin(&self) -> Option<Origin> {
        let url = self.request.url().ok()?;
        let forwarded = self.header("x-forwarded-proto").filter(|scheme| matches!(scheme.as_str(), "http" | "https"));
        let scheme = forwarded.unwrap_or_else(|| url.scheme().to_owned());
        format!("{scheme}://{}", self.header("host")?).parse().ok()
    }

    /// The address it comes from, where a proxy names it.
    pub(crate) fn address(&self) -> Option<String> {
        address(&self.request)
    }

    /// A header.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).ok().flatten()
    }

    /// An id in the path; what is none names nothing.
    pub(crate) fn id<T: FromStr>(&self, name: &str, unknown: &str) -> Result<T, Problem> {
        self.found.parameter(name).parse().map_err(|_| Problem::new(Code::NotFound, unknown))
    }

    /// The query parameters, each of which the API's table knows.
    pub(crate) fn parameters(&self) -> Parameters {
        Parameters(self.given.clone())
    }
}

/// The query parameters, each at most once and all of them known.
fn parameters(request: &Request, known: &[&str]) -> Result<BTreeMap<String, String>, Problem> {
    let url = request.url().map_err(|_| internal("read the address"))?;
    let mut given = BTreeMap::new();
    for (name, value) in url.query_pairs() {
        if !known.contains(&name.as_ref()) || given.insert(name.into_owned(), value.into_owned()).is_some() {
            let detail = match known {
                [] => "There are no parameters here.".to_owned(),
                known => format!("Known parameters are {}, each at most once.", known.join(", ")),
            };
            return Err(Problem::new(Code::InvalidParameter, detail));
        }
    }
    Ok(given)
}

fn idempotency_key(request: &Request) -> Result<Option<String>, Problem> {
    let key = request.headers().get("idempotency-key").ok().flatten();
    if key.as_deref().is_none_or(is_idempotency_key) {
        return Ok(key);
    }
    let detail = "An Idempotency-Key is 1 to 255 visible ASCII characters without blanks.";
    Err(Problem::new(Code::InvalidParameter, detail))
}

/// Query parameters, taken one after another.
pub(crate) struct Parameters(pub(crate) BTreeMap<String, String>);

impl Parameters {
    /// How long a page may be: 1 to 100, 50 unless told.
    pub(crate) fn limit(&mut self) -> Result<u16, Problem> {
        let Some(limit) = self.0.remove("limit") else { return Ok(50) };
        let limit = limit.parse().ok().filter(|limit| (1..=100).contains(limit));
        limit.ok_or_else(|| Problem::new(Code::InvalidParameter, "limit must be a whole number from 1 to 100."))
    }

    /// A parameter that is one of a few names.
    pub(crate) fn named<T: FromStr>(&mut self, name: &str, must_be: &str) -> Result<Option<T>, Problem> {
        let value = self.0.remove(name).map(|text| text.parse()).transpose();
        value.map_err(|_| Problem::new(Code::InvalidParameter, format!("{name} must be {must_be}.")))
    }

    /// A parameter that checks itself, such as a cursor.
    pub(crate) fn checked<T: FromStr<Err = InvalidText>>(&mut self, name: &str) -> Result<Option<T>, Problem> {
        let value = self.0.remove(name).map(|text| text.parse()).transpose();
        let detail = |must_be| format!("{name} {must_be}.");
        value.map_err(|InvalidText(must_be)| Problem::new(Code::InvalidParameter, detail(must_be)))
    }
}

/// The address that a request comes from. Cloudflare names one; of several the last was named by the nearest proxy.
fn address(request: &Request) -> Option<String> {
    let header = request.headers().get("cf-connecting-ip").ok().flatten()?;
    header.rsplit(',').next().map(|address| address.trim().to_owned())
}
