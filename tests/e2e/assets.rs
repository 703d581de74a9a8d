//! The widget's files: compressed, typed, cached, and found from any origin.

use anyhow::{Context as _, Result};
use heard_tests::World;
use xtask::build;

#[tokio::test]
async fn files_come_compressed_with_their_types_and_caches() -> Result<()> {
    let world = World::start().await?;
    let built = build::built()?;
    let list = std::fs::read_to_string(built.widget.join("assets.tsv"))?;
    for line in list.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [path, content_type, cache, etag, file] = fields.as_slice() else {
            anyhow::bail!("a line without five fields")
        };
        let raw = std::fs::read(built.widget.join(file))?;
        for (accepts, encoding) in [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip")] {
            let answer =
                world.http.get(format!("{}{path}", world.url)).header("accept-encoding", accepts).send().await?;
            assert_eq!(answer.headers()["content-encoding"], encoding, "{path} {accepts}");
            assert_eq!(answer.headers()["content-type"], *content_type);
            assert_eq!(answer.headers()["cache-control"], *cache);
            assert_eq!(answer.headers()["access-control-allow-origin"], "*");
            let suffix = if encoding == "br" { "br" } else { "gz" };
            let packed = std::fs::read(built.widget.join(format!("{file}.{suffix}")))?;
            assert!(answer.bytes().await? == packed, "{path} {accepts}: other bytes than were built");
        }
        let plain = world.http.get(format!("{}{path}", world.url)).header("accept-encoding", "identity").send().await?;
        assert!(plain.headers().get("content-encoding").is_none());
        assert!(plain.bytes().await? == raw, "{path} unpacked is not what was built");
        let seen = world.http.get(format!("{}{path}", world.url)).header("if-none-match", *etag).send().await?;
        assert_eq!(seen.status(), 304);
        assert!(seen.bytes().await?.is_empty());
    }
    let wasm = list.lines().find(|line| line.contains("widget.wasm")).context("no wasm")?;
    assert!(wasm.contains("application/wasm") && wasm.contains("immutable"));
    Ok(())
}

#[tokio::test]
async fn an_idle_page_pays_for_the_loader_only() -> Result<()> {
    let built = build::built()?;
    let loader = std::fs::read(built.widget.join("loader.js.br"))?;
    assert!(loader.len() <= 2_500, "the loader has {} brotli bytes", loader.len());
    Ok(())
}
