//! The ways into a page that `examples/snippets` shows.

use anyhow::{Context as _, Result};
use heard_tests::{Browser, HostPages, World};
use serde_json::json;
use tokio::process::Command;

fn examples() -> std::path::PathBuf {
    xtask::root().join("examples/snippets")
}

#[tokio::test]
async fn modules_are_checked_by_typescript_and_load_it_once() -> Result<()> {
    let modules = xtask::setup::npm("receivers")?;
    let built = tempfile::tempdir()?;
    let mut tsc = Command::new("node");
    tsc.arg(modules.join("typescript/bin/tsc")).args(["--strict", "--noEmit", "--jsx", "react-jsx", "--skipLibCheck"]);
    tsc.args(["--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022"]);
    tsc.arg("--typeRoots").arg(modules.join("@types")).args(["--types", "react"]);
    // Types of react are looked for from where the example stands.
    for name in ["heard.d.ts", "load_heard.ts", "react.tsx"] {
        std::fs::copy(examples().join(name), built.path().join(name))?;
    }
    std::os::unix::fs::symlink(&modules, built.path().join("node_modules"))?;
    let checked = tsc.current_dir(built.path()).args(["load_heard.ts", "react.tsx"]).output().await?;
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));

    let mut esbuild = Command::new(xtask::setup::esbuild_binary()?);
    let how = ["--bundle", "--format=iife", "--global-name=shop", "load_heard.ts"];
    let bundled = esbuild.current_dir(built.path()).args(how).output().await?;
    let script = String::from_utf8(bundled.stdout).context("esbuild")?;
    let mut world = World::start().await?;
    let twice = format!(
        "<script>{script}; for (const who of ['early', 'later']) shop.load_heard('{}', 'demo')('identify', who)</script>",
        world.url
    );
    let page = HostPages::serve(&twice).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='9']").await?;
    assert_eq!(world.next_delivery().await?.body["data"]["response"]["visitor"], "later");
    assert_eq!(browser.script("return document.querySelectorAll('script[src]').length").await?, json!(1));
    Ok(())
}

#[tokio::test]
async fn plain_snippets_ask() -> Result<()> {
    let world = World::start().await?;
    let read = |name: &str| std::fs::read_to_string(examples().join(name));
    let here = |text: String| text.replace("https://heard.example", &world.url).replace("shop\"", "demo\"");
    let tag_manager = here(read("tag_manager.html")?).replace("site=shop", "site=demo");
    let shopify = here(read("shopify.liquid")?);
    // As a shop fills its templates in.
    let shopify = shopify.split("{%- endcomment -%}").last().unwrap_or_default().replace("{% if customer %}", "");
    let shopify = shopify.replace("{% endif %}", "").replace("{{ customer.id }}", "7");
    for body in
        [tag_manager, shopify, here(read("single_page.html")?) + "<script>setTimeout(() => heard('ask'), 500)</script>"]
    {
        let page = HostPages::serve(&body).await?;
        let browser = Browser::open().await?;
        browser.visit(&page.url).await?;
        browser.in_widget("fieldset").await?;
    }
    Ok(())
}
