use crate::world::{free_port, until};
use anyhow::{Context as _, Result, bail};
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde_json::{Value, json};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

/// A real Chromium with a fresh profile, driven by WebDriver. Dropping it ends the processes.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    driver: String,
    session: String,
    process: Child,
}

impl Browser {
    /// Starts Chromium with a desktop window, such as a person sits at.
    pub async fn open() -> Result<Self> {
        // The names of a browser that nothing drives.
        Self::open_with(&[
            "--disable-blink-features=AutomationControlled",
            "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        ])
        .await
    }

    /// Starts Chromium, which tells pages that a program drives it.
    pub async fn open_automated() -> Result<Self> {
        Self::open_with(&[]).await
    }

    async fn open_with(more: &[&str]) -> Result<Self> {
        let port = free_port()?;
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own, so that the browser goes with its driver.
            .process_group(0)
            .spawn()
            .context("starting chromedriver")?;
        let driver = format!("http://127.0.0.1:{port}");
        let http = reqwest::Client::new();
        until("chromedriver answers", async || Ok(http.get(format!("{driver}/status")).send().await.ok())).await?;
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
        let always = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,900",
            "--lang=en",
        ];
        let args = [&always[..], more].concat();
        capabilities.insert("goog:chromeOptions".into(), json!({ "args": args }));
        let client = ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&driver).await?;
        let session = client.session_id().await?.context("a session without an id")?;
        Ok(Self { client, driver, session, process })
    }

    /// Goes to a page and waits until it has loaded.
    pub async fn visit(&self, url: &str) -> Result<()> {
        Ok(self.client.goto(url).await?)
    }

    /// Makes the window a phone's: this many CSS pixels, with touch.
    pub async fn become_phone(&self, width: u32, height: u32) -> Result<()> {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 2, "mobile": true });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
    }

    /// Carries out a command of the DevTools protocol.
    pub async fn devtools(&self, command: &str, params: Value) -> Result<Value> {
        self.raw("goog/cdp/execute", json!({ "cmd": command, "params": params })).await
    }

    /// What the page's console has said since the last call, as `LEVEL text`.
    pub async fn console(&self) -> Result<Vec<String>> {
        let entries = self.raw("se/log", json!({ "type": "browser" })).await?;
        let entries = entries.as_array().cloned().unwrap_or_default();
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        Ok(entries.iter().map(|entry| format!("{} {}", text(entry, "level"), text(entry, "message"))).collect())
    }

    /// Runs a script in the page and gives what it returns. `root` is the widget's shadow root, if it is there.
    pub async fn script(&self, script: &str) -> Result<Value> {
        let script = format!("const root = document.querySelector('heard-widget')?.shadowRoot; {script}");
        Ok(self.client.execute(&script, Vec::new()).await?)
    }

    /// Waits until a script returns something that is neither null, false nor empty, and gives it.
    pub async fn until(&self, script: &str) -> Result<Value> {
        until(script, async || {
            let value = self.script(script).await?;
            let there = !matches!(&value, Value::Null | Value::Bool(false)) && value != json!("") && value != json!([]);
            Ok(there.then_some(value))
        })
        .await
    }

    /// Waits for an element inside the widget.
    pub async fn in_widget(&self, css: &str) -> Result<Element> {
        let found = until(&format!("{css} is in the widget"), async || {
            let Ok(host) = self.client.find(Locator::Css("heard-widget")).await else {
                return Ok(None);
            };
            let Ok(root) = host.shadow_root().await else {
                return Ok(None);
            };
            Ok(root.find(Locator::Css(css)).await.ok())
        })
        .await;
        match found {
            Ok(element) => Ok(element),
            Err(error) => Err(error.context(format!("the console said {:?}", self.console().await?))),
        }
    }

    /// Clicks an element inside the widget with the mouse.
    pub async fn click(&self, css: &str) -> Result<()> {
        Ok(self.in_widget(css).await?.click().await?)
    }

    /// Types text with the keyboard into whatever has the focus.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        for letter in text.chars() {
            self.key(letter).await?;
        }
        Ok(())
    }

    /// Presses and releases one key; see `fantoccini::key` for those without a letter.
    pub async fn key(&self, key: char) -> Result<()> {
        let press =
            KeyActions::new("keyboard".into()).then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key });
        Ok(self.client.perform_actions(press).await?)
    }

    /// Presses a key while another is held.
    pub async fn chord(&self, held: char, key: char) -> Result<()> {
        let press = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value: held })
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key })
            .then(KeyAction::Up { value: held });
        Ok(self.client.perform_actions(press).await?)
    }

    /// Presses Tab until an element inside the widget that matches `css` has the focus.
    pub async fn tab_to(&self, css: &str) -> Result<()> {
        for _ in 0..20 {
            self.key('\u{e004}').await?;
            if self.script(&format!("return !!root?.activeElement?.matches({css:?})")).await? == json!(true) {
                return Ok(());
            }
        }
        bail!("twenty Tabs did not reach {css}")
    }

    /// What a screen reader is told of the widget: role and name of every node that has both.
    pub async fn accessible(&self) -> Result<Vec<(String, String)>> {
        let tree = self.devtools("Accessibility.getFullAXTree", json!({})).await?;
        let text = |node: &Value, key: &str| node[key]["value"].as_str().unwrap_or_default().to_owned();
        let nodes = tree["nodes"].as_array().cloned().unwrap_or_default();
        Ok(nodes
            .iter()
            .map(|node| (text(node, "role"), text(node, "name")))
            .filter(|(_, name)| !name.is_empty())
            .collect())
    }

    /// Reloads the page.
    pub async fn reload(&self) -> Result<()> {
        Ok(self.client.refresh().await?)
    }

    /// Opens a tab and goes to it; gives the one before.
    pub async fn tab(&self) -> Result<WindowHandle> {
        let before = self.client.window().await?;
        let opened = self.client.new_window(true).await?.handle;
        self.client.switch_to_window(opened).await?;
        Ok(before)
    }

    /// The tab that was opened last.
    pub async fn last_tab(&self) -> Result<WindowHandle> {
        self.client.windows().await?.pop().context("no tab")
    }

    /// Goes back to a tab.
    pub async fn back_to(&self, tab: WindowHandle) -> Result<()> {
        Ok(self.client.switch_to_window(tab).await?)
    }

    /// Waits for a question of the page's that stops everything, answers it, and gives what was asked.
    pub async fn answer(&self, yes: bool) -> Result<String> {
        let url = format!("{}/session/{}/alert/text", self.driver, self.session);
        let http = reqwest::Client::new();
        let asked = until("the page asks", async || {
            let answer: Value = http.get(&url).send().await?.json().await?;
            Ok(answer["value"].as_str().map(str::to_owned))
        })
        .await?;
        self.raw(if yes { "alert/accept" } else { "alert/dismiss" }, json!({})).await?;
        Ok(asked)
    }

    /// Keeps a picture of the window in `target/heard/shots`, for people to look at.
    pub async fn picture(&self, name: &str) -> Result<()> {
        let path = xtask::setup::folder("shots")?.join(format!("{name}.png"));
        Ok(std::fs::write(path, self.client.screenshot().await?)?)
    }

    async fn raw(&self, command: &str, body: Value) -> Result<Value> {
        let url = format!("{}/session/{}/{command}", self.driver, self.session);
        let mut answer: Value = reqwest::Client::new().post(url).json(&body).send().await?.json().await?;
        if let Some(error) = answer["value"]["error"].as_str() {
            bail!("{command}: {error}: {}", answer["value"]["message"]);
        }
        Ok(answer["value"].take())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let group = i32::try_from(self.process.id()).map(Pid::from_raw);
        if let Ok(group) = group {
            // Gone already is fine.
            let _ = killpg(group, Signal::SIGKILL);
        }
        let _ = self.process.wait();
    }
}
