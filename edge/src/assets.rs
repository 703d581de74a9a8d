//! The widget's files, compressed once at build time.

use crate::http::{headers, internal};
use heard_wire::Problem;
use heard_wire::http::{accepts_encoding, has_etag};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::wasm_bindgen;
use worker::{EncodeBody, Request, Response};

#[wasm_bindgen]
extern "C" {
    /// web-sys has it only behind its unstable switch.
    type DecompressionStream;

    #[wasm_bindgen(constructor)]
    fn new(format: &str) -> DecompressionStream;
}

/// One file of the widget.
pub(crate) struct Asset {
    path: &'static str,
    content_type: &'static str,
    cache: &'static str,
    etag: &'static str,
    brotli: &'static [u8],
    gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file at `path`, if there is one.
pub(crate) fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

/// The file in the best encoding the client takes, or 304 when it has it.
pub(crate) fn serve(request: &Request, asset: &Asset) -> Result<Response, Problem> {
    let header = |name: &str| request.headers().get(name).ok().flatten().unwrap_or_default();
    let common = [
        ("content-type", asset.content_type),
        ("cache-control", asset.cache),
        ("etag", asset.etag),
        ("vary", "accept-encoding"),
    ];
    let act = "send a file";
    if has_etag(&header("if-none-match"), asset.etag) {
        let answer = Response::empty().map_err(|_| internal(act))?;
        return Ok(answer.with_status(304).with_headers(headers(&common)?));
    }
    let accepts = header("accept-encoding");
    let encoding = ["br", "gzip"].into_iter().find(|encoding| accepts_encoding(&accepts, encoding));
    let (bytes, common) = match encoding {
        Some("br") => (asset.brotli, [&common[..], &[("content-encoding", "br")]].concat()),
        Some(_) => (asset.gzip, [&common[..], &[("content-encoding", "gzip")]].concat()),
        None => return plain(asset, &common).ok_or_else(|| internal(act)),
    };
    let answer = Response::from_bytes(bytes.to_vec()).map_err(|_| internal(act))?;
    // "Manual": the bytes are encoded already.
    Ok(answer.with_headers(headers(&common)?).with_encode_body(EncodeBody::Manual))
}

/// The file unencoded, for the few clients that take nothing else: the runtime unpacks it on the way out.
fn plain(asset: &Asset, common: &[(&str, &str)]) -> Option<Response> {
    let packed = web_sys::Response::new_with_opt_u8_array(Some(&mut asset.gzip.to_vec())).ok()?;
    let unpack = DecompressionStream::new("gzip");
    let pair: &web_sys::ReadableWritablePair = unpack.unchecked_ref();
    let body = packed.body()?.pipe_through(pair);
    let answer = web_sys::Response::new_with_opt_readable_stream(Some(&body)).ok()?;
    Some(Response::from(answer).with_headers(headers(common).ok()?))
}
