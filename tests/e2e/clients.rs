//! Clients made from the OpenAPI document by others' generators: each calls every operation.

use anyhow::{Context as _, Result};
use heard_tests::{OWNER_KEY, World, new_response_id};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::process::Command;
use xtask::{root, setup};

async fn run(command: &mut Command) -> Result<String> {
    let ended = command.output().await?;
    let said = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{command:?}: {said}");
    Ok(said)
}

/// The document of a Worker, in a folder for what is made of it.
async fn document(world: &World) -> Result<(TempDir, PathBuf, Value)> {
    let folder = TempDir::new()?;
    let text = world.http.get(format!("{}/v1/openapi.json", world.url)).send().await?.text().await?;
    let path = folder.path().join("openapi.json");
    std::fs::write(&path, &text)?;
    Ok((folder, path, serde_json::from_str(&text)?))
}

fn script(name: &str) -> PathBuf {
    root().join("tests/clients").join(name)
}

#[tokio::test]
async fn a_python_client_calls_every_operation() -> Result<()> {
    let world = World::start().await?;
    let (folder, document, _) = document(&world).await?;
    let python = setup::receiver_tools()?.python;
    // Lines of JSON are text to it; nothing else needs to be said.
    let config = folder.path().join("config.yaml");
    std::fs::write(&config, "content_type_overrides:\n  application/x-ndjson: text/plain\n")?;
    let client = folder.path().join("heard_client");
    let mut generate = Command::new(python.with_file_name("openapi-python-client"));
    generate.arg("generate").arg("--path").arg(&document).args(["--meta", "none", "--output-path"]).arg(&client);
    run(generate.arg("--config").arg(&config)).await?;
    let mut calls = Command::new(&python);
    calls.arg(script("every_operation.py")).args([&world.url, OWNER_KEY]).arg(folder.path());
    let said = run(&mut calls).await?;
    assert!(said.contains("operations called"), "{said}");
    Ok(())
}

#[tokio::test]
async fn a_typescript_client_calls_every_operation() -> Result<()> {
    let world = World::start().await?;
    let (folder, document, described) = document(&world).await?;
    let modules = setup::receiver_tools()?.node_modules;
    std::os::unix::fs::symlink(&modules, folder.path().join("node_modules"))?;
    let tool = |path: &str| -> Command {
        let mut tool = Command::new("node");
        tool.current_dir(folder.path()).arg(modules.join(path));
        tool
    };
    run(tool("openapi-typescript/bin/cli.js").arg(&document).args(["--output", "schema.d.ts"])).await?;
    std::fs::copy(script("every_operation.ts"), folder.path().join("every_operation.ts"))?;
    let options = "--noEmit --strict --skipLibCheck --module esnext --moduleResolution bundler --target es2022 \
        --lib es2022,dom --types node every_operation.ts";
    run(tool("typescript/bin/tsc").args(options.split_whitespace())).await?;
    bundle(folder.path()).await?;
    let paths = described["paths"].as_object().context("no paths")?;
    let operations = paths.values().filter_map(Value::as_object).flat_map(|methods| methods.values());
    let names: Vec<&str> = operations.filter_map(|operation| operation["operationId"].as_str()).collect();
    let mut calls = Command::new("node");
    calls.arg(folder.path().join("every_operation.mjs")).args([&world.url, OWNER_KEY, &names.join(",")]);
    let said = run(&mut calls).await?;
    assert!(said.contains("operations called"), "{said}");
    Ok(())
}

async fn bundle(folder: &Path) -> Result<()> {
    let mut esbuild = Command::new(setup::esbuild_binary()?);
    esbuild.current_dir(folder).args(["every_operation.ts", "--bundle", "--platform=node", "--format=esm"]);
    run(esbuild.args(["--outfile=every_operation.mjs", "--log-level=error"])).await.map(drop)
}

#[tokio::test]
async fn every_event_is_as_the_schema_of_its_type_says() -> Result<()> {
    let world = World::start().await?;
    let id = new_response_id();
    world.submit(&id, 1, 2, None).await?;
    world.submit(&id, 2, 2, Some("The soup was cold, but Maria was kind. Call me!")).await?;
    world.submit(&id, 3, 3, None).await?;
    world.api("POST", &format!("/responses/{id}/messages"), Some(serde_json::json!({ "text": "Sorry" })), 201).await?;
    let mut check = Command::new(setup::receiver_tools()?.python);
    let said = run(check.arg(script("event_schemas.py")).args([&world.url, OWNER_KEY, "demo"])).await?;
    assert!(said.contains("32 events"), "{said}");
    Ok(())
}
