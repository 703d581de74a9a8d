//! Every bad input gets a problem document with a stable code; nothing is stored and the next request works.

use anyhow::Result;
use heard_tests::{OWNER_KEY, World, new_response_id};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

async fn assert_problem(answer: Response, status: u16, code: &str) -> Result<Value> {
    assert_eq!(answer.status(), status, "{code}");
    assert_eq!(answer.headers()["content-type"], "application/problem+json", "{code}");
    let problem: Value = answer.json().await?;
    assert_eq!(problem["code"], code);
    assert_eq!(problem["status"], status);
    for member in ["type", "title", "detail"] {
        assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{code} without {member}");
    }
    Ok(problem)
}

fn good() -> Value {
    json!({ "id": new_response_id(), "revision": 1, "score": 7, "page": "https://a.example/", "lang": "en" })
}

#[tokio::test]
async fn bodies_at_fault_are_refused_and_the_next_request_works() -> Result<()> {
    let world = World::start().await?;
    let with = |field: &str, value: Value| {
        let mut body = good();
        body[field] = value;
        body.to_string().into_bytes()
    };
    let mut not_utf8 = with("comment", json!("x"));
    not_utf8.retain(|byte| *byte != b'x');
    let at = not_utf8.iter().position(|byte| *byte == b':').unwrap_or(0) + 1;
    not_utf8.splice(at..at, [b'"', 0xff, b'"', b',']);
    let cases: Vec<(Vec<u8>, u16, &str)> = vec![
        (b"{".to_vec(), 400, "malformed_json"),
        (Vec::new(), 400, "malformed_json"),
        (b"[1,2]".to_vec(), 422, "invalid_field"),
        ("[".repeat(200_000).into_bytes(), 400, "malformed_json"),
        (not_utf8, 400, "invalid_utf8"),
        (with("score", json!(11)), 422, "score_out_of_range"),
        (with("score", json!("9")), 422, "invalid_field"),
        (with("score", json!(null)), 422, "missing_field"),
        (with("id", json!("not-a-uuid")), 422, "invalid_field"),
        (with("revision", json!(0)), 422, "invalid_field"),
        (with("comment", json!(["x"])), 422, "invalid_field"),
        (with("comment", json!("é".repeat(5_001))), 422, "comment_too_long"),
        (with("page", json!("nowhere")), 422, "invalid_field"),
        (with("nickname", json!("x")), 422, "unknown_field"),
        (vec![b' '; 10 * 1024 * 1024], 413, "body_too_large"),
    ];
    for (body, status, code) in cases {
        let problem = assert_problem(world.post(body).await?, status, code).await?;
        if code == "unknown_field" {
            assert_eq!(problem["errors"][0]["pointer"], "/nickname");
        }
        world.submit(&new_response_id(), 1, 7, None).await?;
    }
    assert_eq!(world.responses().await?.len(), 15, "only the good ones are stored");
    Ok(())
}

#[tokio::test]
async fn a_body_that_does_not_tell_its_length_is_cut_off_too() -> Result<()> {
    let world = World::start().await?;
    let body = reqwest::Body::wrap_stream(chunks(10 * 1024 * 1024));
    assert_problem(world.post(body).await?, 413, "body_too_large").await?;
    world.submit(&new_response_id(), 1, 7, None).await?;
    Ok(())
}

/// A body of unknown length, in chunks of 64 KiB.
fn chunks(total: usize) -> impl futures_core::Stream<Item = std::io::Result<Vec<u8>>> {
    const CHUNK: usize = 64 * 1024;
    tokio_stream::iter((0..total / CHUNK).map(|_| Ok(vec![b' '; CHUNK])))
}

#[tokio::test]
async fn requests_at_fault_are_refused() -> Result<()> {
    let world = World::start().await?;
    world.configure("listed", json!({ "name": "Listed", "origins": ["https://shop.example"] })).await?;
    let key = format!("Bearer {OWNER_KEY}");
    let json_type = Some(("content-type", "application/json"));
    let cases = [
        (Method::POST, "/v1/sites/nowhere/responses", json_type.into_iter().collect(), 404, "unknown_site"),
        (Method::POST, "/v1/sites/..%2f..%2fetc/responses", json_type.into_iter().collect(), 404, "unknown_site"),
        (Method::GET, "/v1/sites/nowhere/survey", vec![], 404, "unknown_site"),
        (Method::POST, "/v1/sites/demo/responses", vec![("content-type", "text/xml")], 415, "unsupported_media_type"),
        (Method::POST, "/v1/sites/demo/responses", vec![], 415, "unsupported_media_type"),
        (Method::PUT, "/v1/sites/demo/responses", vec![], 405, "method_not_allowed"),
        (Method::POST, "/v1/sites/demo/survey", vec![], 405, "method_not_allowed"),
        (Method::POST, "/heard.js", vec![], 405, "method_not_allowed"),
        (Method::GET, "/v1/sites/demo/nothing", vec![], 404, "not_found"),
        (Method::GET, "/w/0123/widget.wasm", vec![], 404, "not_found"),
        (Method::GET, "/v1/sites/demo/responses", vec![], 401, "missing_key"),
        (Method::GET, "/v1/sites/demo/responses", vec![("authorization", "Bearer wrong")], 401, "invalid_key"),
        (Method::GET, "/v1/sites/demo/responses", vec![("authorization", OWNER_KEY)], 401, "invalid_key"),
        (Method::PUT, "/v1/sites/demo", vec![], 401, "missing_key"),
        (Method::POST, "/v1/sites/demo/endpoints", vec![], 401, "missing_key"),
        (Method::GET, "/v1/sites/demo/responses?limit=0", vec![("authorization", &key)], 400, "invalid_parameter"),
        (Method::GET, "/v1/sites/demo/responses?cursor=x", vec![("authorization", &key)], 400, "invalid_parameter"),
        (Method::GET, "/v1/sites/demo/responses?colour=red", vec![("authorization", &key)], 400, "invalid_parameter"),
        (Method::GET, "/v1/sites/listed/survey", vec![("origin", "https://evil.example")], 403, "origin_not_allowed"),
    ];
    for (method, path, headers, status, code) in cases {
        let mut request = world.http.request(method, format!("{}{path}", world.url));
        if status == 404 && path.ends_with("responses") {
            request = request.body(good().to_string());
        }
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = request.send().await?;
        assert!(status != 401 || answer.headers().contains_key("www-authenticate"));
        assert_problem(answer, status, code).await?;
    }
    let submit = |origin: &'static str| {
        let request = world.http.post(format!("{}/v1/sites/listed/responses", world.url));
        request.header("origin", origin).header("content-type", "text/plain").body(good().to_string()).send()
    };
    assert_problem(submit("https://evil.example").await?, 403, "origin_not_allowed").await?;
    assert_eq!(submit("https://shop.example").await?.status(), 200);
    assert!(world.responses().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_connection_that_breaks_off_leaves_nothing_behind() -> Result<()> {
    let world = World::start().await?;
    let address = world.url.trim_start_matches("http://").to_owned();
    for half in [
        "POST /v1/sites/demo/responses HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 500\r\n\r\n{\"id\":",
        "POST /v1/sites/demo/responses HTTP/1.1\r\nhost: x\r\ncontent-le",
        "\0\0\0\0",
    ] {
        let mut stream = tokio::net::TcpStream::connect(&address).await?;
        stream.write_all(half.as_bytes()).await?;
        stream.shutdown().await?;
        let mut answer = Vec::new();
        // A reset is as good as an answer here.
        let _ = stream.read_to_end(&mut answer).await;
    }
    assert!(world.responses().await?.is_empty());
    world.submit(&new_response_id(), 1, 7, None).await?;
    Ok(())
}

#[tokio::test]
async fn a_worker_without_an_owner_key_refuses_to_serve() -> Result<()> {
    for key in ["", "short"] {
        let world = World::start_bare(key).await?;
        for path in ["/", "/heard.js", "/v1/sites/demo/survey"] {
            let answer = world.http.get(format!("{}{path}", world.url)).send().await?;
            let problem = assert_problem(answer, 503, "not_configured").await?;
            assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("HEARD_OWNER_KEY")));
        }
    }
    Ok(())
}

#[tokio::test]
async fn problems_are_documented_where_their_type_points() -> Result<()> {
    let world = World::start().await?;
    let problem = assert_problem(world.post("{").await?, 400, "malformed_json").await?;
    let link = problem["type"].as_str().unwrap_or_default();
    let (path, code) = link.split_once('#').unwrap_or_default();
    let page = world.http.get(format!("{}{path}", world.url)).send().await?.text().await?;
    assert!(page.contains(&format!("id=\"{code}\"")));
    Ok(())
}
