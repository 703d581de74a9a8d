use anyhow::{Context as _, Result, bail};
use reqwest::{Client, RequestBuilder, Response};
use rusqlite::{OpenFlags, OptionalExtension as _};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};
use tempfile::TempDir;
use xtask::build::Built;
use xtask::receiver::{Received, Receiver};
use xtask::workerd::{Objects, Options, Workerd};
use xtask::{build, root};

/// The key every test Worker runs with.
pub const OWNER_KEY: &str = "owner-key-of-the-tests-0123456789";

/// How long anything may take before a test gives up on it.
const DEADLINE: Duration = Duration::from_secs(15);

/// A real workerd with one site, `demo`, whose webhooks go to a real receiver.
#[derive(Debug)]
pub struct World {
    /// The Worker's origin.
    pub url: String,
    /// For plain HTTP.
    pub http: Client,
    /// What the site's endpoint receives.
    pub receiver: Receiver,
    passed_over: Vec<Received>,
    built: Built,
    options: Options,
    workerd: Option<Workerd>,
    _data: TempDir,
}

impl World {
    /// Starts everything, with the site's default settings of the tests.
    pub async fn start() -> Result<Self> {
        let world = Self::start_bare(OWNER_KEY).await?;
        world.configure("demo", json!({ "name": "Corner Café" })).await?;
        let receiver_url = world.receiver.url.clone();
        let secret = world.add_endpoint("demo", &receiver_url).await?;
        world.receiver.trust(&secret);
        Ok(world)
    }

    /// Starts workerd without any site.
    pub async fn start_bare(owner_key: &str) -> Result<Self> {
        Self::start_with(build::built()?, |options| options.owner_key = owner_key.to_owned()).await
    }

    /// Starts workerd with these variables, and the site `demo` without an endpoint.
    pub async fn start_with_variables(variables: &[(&str, &str)]) -> Result<Self> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let world = Self::start_with(build::built()?, |options| options.variables = variables).await?;
        world.configure("demo", json!({ "name": "Corner Café" })).await?;
        Ok(world)
    }

    /// Starts workerd without any site, with a Worker and objects of different builds.
    pub async fn start_mixed(worker: Built, objects: Option<Objects>) -> Result<Self> {
        Self::start_with(worker, |options| options.objects = objects).await
    }

    /// Goes on, on the same data, run as `change` says.
    pub fn run_with(&mut self, change: impl FnOnce(&mut Options)) -> Result<()> {
        self.kill()?;
        change(&mut self.options);
        self.restart()
    }

    /// Goes on, on the same data, with a Worker and objects of these builds.
    pub fn change_builds(&mut self, worker: Built, objects: Option<Objects>) -> Result<()> {
        self.built = worker;
        self.run_with(|options| options.objects = objects)
    }

    /// Starts workerd as a public server runs it, with the site `demo` and no endpoint.
    pub async fn start_public() -> Result<Self> {
        let world = Self::start_with(build::built()?, |options| options.development = false).await?;
        world.configure("demo", json!({ "name": "Corner Café" })).await?;
        Ok(world)
    }

    /// Starts workerd without any site, run as `change` says.
    pub async fn start_with(built: Built, change: impl FnOnce(&mut Options)) -> Result<Self> {
        let data = TempDir::new()?;
        let mut options = Options::on(free_port()?, data.path().to_owned(), OWNER_KEY);
        options.pages = Some(pages());
        change(&mut options);
        let workerd = Workerd::start(&built, &options)?;
        let url = workerd.url.clone();
        let receiver = Receiver::start().await?;
        // A connection kept from before a crash would fail a request that has nothing to do with it.
        let http = Client::builder().pool_max_idle_per_host(0).build()?;
        Ok(Self { url, http, receiver, passed_over: Vec::new(), built, options, workerd: Some(workerd), _data: data })
    }

    /// Creates or changes a site. The question comes at once unless `settings` say otherwise.
    pub async fn configure(&self, site: &str, mut settings: Value) -> Result<Value> {
        if settings.get("ask").is_none() {
            settings["ask"] = json!({ "delay_seconds": 0 });
        }
        let url = format!("{}/v1/sites/{site}", self.url);
        json_of(self.http.put(url).bearer_auth(OWNER_KEY).json(&settings), 200).await
    }

    /// Sends a body to the owner's API below `/v1/sites` and gives the status and the text of the answer.
    pub async fn owner(&self, method: &str, path: &str, body: impl Into<reqwest::Body>) -> Result<(u16, String)> {
        let url = format!("{}/v1/sites/{path}", self.url);
        let answer = self.http.request(method.parse()?, url).bearer_auth(OWNER_KEY).body(body).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    /// Calls the owner's API below `/v1/sites/demo` and gives what it answers, which must have this status.
    pub async fn api(&self, method: &str, path: &str, body: Option<Value>, status: u16) -> Result<Value> {
        let url = format!("{}/v1/sites/demo{path}", self.url);
        let request = self.http.request(method.parse()?, url).bearer_auth(OWNER_KEY);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        json_of(request, status).await
    }

    /// Adds a webhook endpoint and gives its secret.
    pub async fn add_endpoint(&self, site: &str, receiver: &str) -> Result<String> {
        let url = format!("{}/v1/sites/{site}/endpoints", self.url);
        let added = json_of(self.http.post(url).bearer_auth(OWNER_KEY).json(&json!({ "url": receiver })), 201).await?;
        added["secret"].as_str().map(str::to_owned).context("an endpoint without a secret")
    }

    /// The path of the first endpoint of `demo`, for [`World::api`].
    pub async fn endpoint_path(&self) -> Result<String> {
        let endpoints = self.api("GET", "/endpoints", None, 200).await?;
        Ok(format!("/endpoints/{}", endpoints["endpoints"][0]["id"].as_str().context("no endpoint")?))
    }

    /// Posts a body to the site `demo` as the owner's own server does, who is trusted.
    pub async fn post(&self, body: impl Into<reqwest::Body>) -> Result<Response> {
        let url = format!("{}/v1/sites/demo/responses", self.url);
        let request = self.http.post(url).bearer_auth(OWNER_KEY).header("content-type", "text/plain");
        Ok(request.body(body).send().await?)
    }

    /// Submits an answer and gives what the customer gets.
    pub async fn submit(&self, id: &str, revision: u32, score: u8, comment: Option<&str>) -> Result<Value> {
        let mut body =
            json!({ "id": id, "revision": revision, "score": score, "page": "https://cafe.example/", "lang": "en" });
        if let Some(comment) = comment {
            body["comment"] = comment.into();
        }
        let answer = self.post(body.to_string()).await?;
        let status = answer.status();
        let value: Value = answer.json().await?;
        if status != 200 {
            bail!("submitting was answered {status}: {value}");
        }
        Ok(value)
    }

    /// All responses of `demo`, newest first.
    pub async fn responses(&self) -> Result<Vec<Value>> {
        let url = format!("{}/v1/sites/demo/responses", self.url);
        let page = json_of(self.http.get(url).bearer_auth(OWNER_KEY), 200).await?;
        page["responses"].as_array().cloned().context("a page without responses")
    }

    /// The next delivery; verified, or the test fails.
    pub async fn next_delivery(&mut self) -> Result<Received> {
        let received = tokio::time::timeout(DEADLINE, self.receiver.received.recv()).await;
        let received = received.context("no webhook came")?.context("the receiver is gone")?;
        if !received.verified {
            bail!("a delivery's signature did not verify: {}", received.id);
        }
        Ok(received)
    }

    /// The next deliveries, in the order of their events: two are on their way at a time, and the later may come first.
    pub async fn next_deliveries(&mut self, count: usize) -> Result<Vec<Received>> {
        let mut deliveries = Vec::with_capacity(count);
        while deliveries.len() < count {
            deliveries.push(self.next_delivery().await?);
        }
        deliveries.sort_by_key(|received| received.body.pointer("/data/sequence").and_then(Value::as_i64));
        Ok(deliveries)
    }

    /// A delivery of this type about this response: one that came while another was waited for, or else the next.
    pub async fn delivery_of(&mut self, event_type: &str, response: &str) -> Result<Received> {
        let is_it = |received: &Received| {
            let about = received.body.pointer("/data/response/id").and_then(Value::as_str);
            received.body["type"] == event_type && about == Some(response)
        };
        if let Some(at) = self.passed_over.iter().position(is_it) {
            return Ok(self.passed_over.remove(at));
        }
        loop {
            let received = self.next_delivery().await?;
            if is_it(&received) {
                return Ok(received);
            }
            self.passed_over.push(received);
        }
    }

    /// Ends workerd as a crash would.
    pub fn kill(&mut self) -> Result<()> {
        self.workerd.take().context("workerd is not running")?.kill()
    }

    /// The SQLite files of all objects, to be touched only while workerd is not running.
    pub fn databases(&self) -> Result<Vec<PathBuf>> {
        let mut folders = vec![self.options.data.clone()];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "sqlite") {
                    found.push(path);
                }
            }
        }
        Ok(found)
    }

    /// How long it is until a site's alarm rings, from what workerd keeps; `None` when none is set.
    pub fn wakes_in(&self, site: &str) -> Result<Option<Duration>> {
        let alarms = self.databases()?.into_iter().find(|path| path.ends_with("heard-site/metadata.sqlite"));
        let alarms = alarms.context("no alarms are kept")?;
        let kept = rusqlite::Connection::open_with_flags(alarms, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let statement = "SELECT scheduled_time FROM _cf_ALARM WHERE actor_name = ?";
        let rings: Option<i64> = kept.query_row(statement, [site], |row| row.get(0)).optional()?;
        let Some(rings) = rings else { return Ok(None) };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
        Ok(Some(Duration::from_nanos(u64::try_from(rings)?).saturating_sub(now)))
    }

    /// Memory that workerd holds, in bytes.
    pub fn memory(&self) -> Result<u64> {
        let id = self.workerd.as_ref().context("workerd is not running")?.id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1_024)
    }

    /// Starts workerd again on the same data and port.
    pub fn restart(&mut self) -> Result<()> {
        self.workerd = Some(Workerd::start(&self.built, &self.options)?);
        Ok(())
    }
}

/// The example host pages.
fn pages() -> PathBuf {
    root().join("examples/pages")
}

async fn json_of(request: RequestBuilder, status: u16) -> Result<Value> {
    let answer = request.send().await?;
    let got = answer.status();
    let body = answer.bytes().await?;
    let body: Value = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).context("not JSON")? };
    if got != status {
        bail!("expected {status}, got {got}: {body}");
    }
    Ok(body)
}

/// A port nothing listens on.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A fresh id of the form the widget makes.
pub fn new_response_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let count = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("0190a5c4-7a1c-7def-8123-{count:012x}")
}

/// Waits until `check` gives something, or fails with `what` after the deadline.
pub async fn until<T, F: Future<Output = Result<Option<T>>>>(what: &str, check: impl FnMut() -> F) -> Result<T> {
    until_within(DEADLINE, what, check).await
}

/// The same for what has to be made first, as by a program that bundles before it answers.
pub async fn until_within<T, F: Future<Output = Result<Option<T>>>>(
    deadline: Duration,
    what: &str,
    mut check: impl FnMut() -> F,
) -> Result<T> {
    let from = Instant::now();
    loop {
        if let Some(value) = check().await? {
            return Ok(value);
        }
        if from.elapsed() > deadline {
            bail!("gave up waiting until {what}");
        }
        // Between two looks, not for luck: the deadline above decides.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
