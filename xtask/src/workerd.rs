//! Runs the built Worker on the real workerd, with its SQLite on local disk.

use crate::build::Built;
use crate::setup::workerd_binary;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Loopback port.
    pub port: u16,
    /// Where SQLite files go.
    pub data: PathBuf,
    /// The owner's key; empty leaves the Worker without one.
    pub owner_key: String,
    /// A folder of host pages to serve.
    pub pages: Option<PathBuf>,
    /// Lets webhooks go to http and to this machine.
    pub development: bool,
    /// Another build's code for the objects: a deploy runs old objects beside a new Worker for minutes.
    pub objects: Option<Objects>,
    /// Further variables of the Worker.
    pub variables: Vec<(String, String)>,
    /// Where mails go: an HTTP server that stands for Cloudflare's Email Service.
    pub mails: Option<Mails>,
    /// Whether this stands for Cloudflare, where objects are no files that a question would leave behind.
    pub at_the_edge: bool,
    /// A module that stands before the Worker and its objects, as Cloudflare's edge does.
    pub entry: Option<PathBuf>,
}

impl Options {
    /// As a developer runs it, without pages.
    #[must_use]
    pub fn on(port: u16, data: PathBuf, owner_key: &str) -> Self {
        let (owner_key, development) = (owner_key.to_owned(), true);
        Self {
            port,
            data,
            owner_key,
            pages: None,
            development,
            objects: None,
            variables: Vec::new(),
            mails: None,
            at_the_edge: false,
            entry: None,
        }
    }
}

/// What stands for Cloudflare's Email Service.
#[derive(Debug, Clone)]
pub struct Mails {
    /// `127.0.0.1:PORT`: is sent each mail as JSON, and refuses one by a status that is no success and a code as its body.
    pub address: String,
    /// Who mails come from.
    pub from: String,
}

/// Code that the objects run, where it is not the Worker's.
#[derive(Debug, Clone)]
pub struct Objects {
    /// Holds `index.js` and `index_bg.wasm`.
    pub build: PathBuf,
    /// A module that stands before them, and may see what they are told.
    pub entry: Option<PathBuf>,
}

/// A running workerd. Dropping it ends the process.
#[derive(Debug)]
pub struct Workerd {
    process: Child,
    /// `http://127.0.0.1:PORT`
    pub url: String,
}

const OWNER_KEY: &str = "HEARD_OWNER_KEY";
const START_WITHIN: Duration = Duration::from_secs(20);

impl Workerd {
    /// Starts workerd and waits until it listens.
    ///
    /// # Errors
    /// When the port is taken or workerd does not come up.
    pub fn start(built: &Built, options: &Options) -> Result<Self> {
        let address = format!("127.0.0.1:{}", options.port);
        if TcpStream::connect(&address).is_ok() {
            bail!("port {} is taken: stop what listens there, or choose another with --port", options.port);
        }
        let objects = options.data.join("objects");
        fs::create_dir_all(&objects).with_context(|| format!("creating {}", objects.display()))?;
        let config = options.data.join("workerd.capnp");
        fs::write(&config, config_text(built, options, &objects)?)?;
        let mut command = Command::new(workerd_binary()?);
        // Absolute names in the configuration are looked up below import paths.
        command.args(["serve", "--import-path=/"]).arg(&config).env_remove(OWNER_KEY).stdin(Stdio::null());
        if !options.owner_key.is_empty() {
            command.env(OWNER_KEY, &options.owner_key);
        }
        let process = command.spawn().context("starting workerd")?;
        let mut running = Self { process, url: format!("http://{address}") };
        let from = Instant::now();
        while TcpStream::connect(&address).is_err() {
            if let Some(status) = running.process.try_wait()? {
                bail!("workerd ended while starting ({status})");
            }
            if from.elapsed() > START_WITHIN {
                bail!("workerd did not listen on {address} within {} s", START_WITHIN.as_secs());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(running)
    }

    /// Ends workerd at once, as a crash would (SIGKILL).
    ///
    /// # Errors
    /// When the process cannot be signalled.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// How workerd ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.process.try_wait().ok().flatten()
    }

    /// The process's id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Workerd {
    fn drop(&mut self) {
        // Already gone is fine.
        let _ = self.kill();
    }
}

fn config_text(built: &Built, options: &Options, objects: &Path) -> Result<String> {
    let worker = fs::canonicalize(&built.worker)?;
    // "public" alone refuses private addresses when connecting, after DNS: what a public server should run with.
    let allow = if options.development { r#""public", "private""# } else { r#""public""# };
    let mut services = services_text(&fs::canonicalize(objects)?, allow);
    let elsewhere = if options.objects.is_some() { r#", serviceName = "objects-worker""# } else { "" };
    let mut bindings = objects_text(elsewhere);
    if !options.owner_key.is_empty() {
        bindings.push_str("    (name = \"HEARD_OWNER_KEY\", fromEnvironment = \"HEARD_OWNER_KEY\"),\n");
    }
    if !options.at_the_edge {
        bindings.push_str(ON_DISK);
    }
    if options.development {
        bindings.push_str("    (name = \"HEARD_DEVELOPMENT\", text = \"1\"),\n");
    }
    for (name, value) in &options.variables {
        bindings.push_str(&format!("    (name = {name:?}, text = {value:?}),\n"));
    }
    let mut workers = String::new();
    let mut extensions = String::new();
    if let Some(Mails { address, from }) = &options.mails {
        services.push_str(&format!("    (name = \"mails\", external = (address = {address:?}, http = ())),\n"));
        bindings.push_str(&format!("    (name = \"HEARD_EMAIL_FROM\", text = {from:?}),\n"));
        bindings.push_str(
            "    (name = \"EMAIL\", wrapped = (moduleName = \"heard:email\", innerBindings = [(name = \"mails\", service = \"mails\")])),\n",
        );
        extensions = format!(
            "  extensions = [(modules = [(name = \"heard:email\", internal = true, esModule = {EMAIL:?})])],\n"
        );
    }
    if let Some(pages) = &options.pages {
        let folder = quoted(&fs::canonicalize(pages)?);
        services.push_str(&format!("    (name = \"page-files\", disk = (path = {folder})),\n"));
        services.push_str("    (name = \"pages\", worker = .pages),\n");
        bindings.push_str("    (name = \"PAGES\", service = \"pages\"),\n");
        workers.push_str(&format!(
            "const pages :Workerd.Worker = (\n  modules = [(name = \"pages.js\", esModule = {PAGES:?})],\n  \
             compatibilityDate = \"{COMPATIBILITY_DATE}\",\n  \
             bindings = [(name = \"FILES\", service = \"page-files\")],\n);\n"
        ));
    }
    let mut own_objects = OBJECTS;
    if let Some(Objects { build, entry }) = &options.objects {
        own_objects = "";
        services.push_str("    (name = \"objects-worker\", worker = .objectsWorker),\n");
        let modules = modules(&fs::canonicalize(build)?, entry.as_deref())?;
        // Objects have no pages to serve.
        let bindings: String = bindings
            .lines()
            .filter(|line| !line.contains("PAGES"))
            .map(|line| line.replace(elsewhere, "") + "\n")
            .collect();
        workers.push_str(&worker_text("objectsWorker", &modules, &bindings, OBJECTS));
    }
    workers.push_str(&worker_text("worker", &modules(&worker, options.entry.as_deref())?, &bindings, own_objects));
    let address = format!("127.0.0.1:{}", options.port);
    Ok(whole_text(&services, &address, &workers, &extensions))
}

/// How a release is served without us: `@HERE@`, `@OBJECTS@`, `@NETWORK@` and `@ADDRESS@` are filled in where it is started,
/// and secrets come from the environment, where they are set.
///
/// # Errors
/// Never, for paths that are text.
pub fn template() -> Result<String> {
    let mut bindings = objects_text("");
    for name in ["HEARD_OWNER_KEY", "HEARD_OWNER_KEY_PREVIOUS", "HEARD_TURNSTILE_SECRET", "HEARD_DEVELOPMENT"] {
        bindings.push_str(&format!("    (name = {name:?}, fromEnvironment = {name:?}),\n"));
    }
    bindings.push_str(ON_DISK);
    let worker = worker_text("worker", &modules(Path::new("@HERE@/worker"), None)?, &bindings, OBJECTS);
    Ok(whole_text(&services_text(Path::new("@OBJECTS@"), "@NETWORK@"), "@ADDRESS@", &worker, ""))
}

/// Tells the Worker that objects are files, so that it asks for none that there is not.
const ON_DISK: &str = "    (name = \"HEARD_ON_DISK\", text = \"1\"),\n";

fn whole_text(services: &str, address: &str, workers: &str, extensions: &str) -> String {
    format!(
        r#"using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
{services}  ],
  sockets = [(name = "http", address = "{address}", http = (), service = "heard")],
{extensions});

{workers}"#
    )
}

fn services_text(objects: &Path, allow: &str) -> String {
    format!(
        r#"    (name = "heard", worker = .worker),
    (name = "objects", disk = (path = {objects}, writable = true)),
    (name = "internet", network = (allow = [{allow}], tlsOptions = (trustBrowserCas = true))),
"#,
        objects = quoted(objects),
    )
}

fn objects_text(elsewhere: &str) -> String {
    let binding = |class: &str| {
        let name = class.to_uppercase();
        format!("    (name = \"{name}\", durableObjectNamespace = (className = \"{class}\"{elsewhere})),\n")
    };
    ["Site", "Directory"].map(binding).concat()
}

/// The classes of objects, by the Worker that has them.
const OBJECTS: &str = r#"  durableObjectNamespaces = [
    (className = "Site", uniqueKey = "heard-site", enableSql = true),
    (className = "Directory", uniqueKey = "heard-directory", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "objects"),
"#;

fn worker_text(name: &str, modules: &str, bindings: &str, objects: &str) -> String {
    format!(
        r#"const {name} :Workerd.Worker = (
  modules = [
{modules}  ],
  compatibilityDate = "{COMPATIBILITY_DATE}",
  bindings = [
{bindings}  ],
{objects});

"#
    )
}

fn modules(build: &Path, entry: Option<&Path>) -> Result<String> {
    let mut modules = String::new();
    if let Some(entry) = entry {
        let entry = quoted(&fs::canonicalize(entry)?);
        modules.push_str(&format!("    (name = \"entry.js\", esModule = embed {entry}),\n"));
    }
    let (script, wasm) = (quoted(&build.join("index.js")), quoted(&build.join("index_bg.wasm")));
    modules.push_str(&format!("    (name = \"index.js\", esModule = embed {script}),\n"));
    modules.push_str(&format!("    (name = \"index_bg.wasm\", wasm = embed {wasm}),\n"));
    Ok(modules)
}

/// Stands for a `send_email` binding: mails go to a server that is told where, and codes come back as Cloudflare's.
const EMAIL: &str = include_str!("email.js");

/// Serves host pages with what a web server adds: content types, and the policy in the text file beside a page.
const PAGES: &str = include_str!("pages.js");

/// The runtime's behaviour is pinned to this day, here and in `wrangler.toml`.
pub const COMPATIBILITY_DATE: &str = "2026-04-01";

fn quoted(path: &Path) -> String {
    format!("{:?}", path.display().to_string())
}
