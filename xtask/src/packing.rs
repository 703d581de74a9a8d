//! Packing files as they are served, and unpacking what a release left.

use anyhow::{Context as _, Result};
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// Brotli at its best quality.
///
/// # Errors
/// Never for bytes in memory.
pub fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let params =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: bytes.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params)?;
    Ok(out)
}

/// gzip at its best level.
///
/// # Errors
/// Never for bytes in memory.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// What a file that was packed with brotli holds.
///
/// # Errors
/// When it is missing or damaged.
pub fn unpacked(path: &Path) -> Result<Vec<u8>> {
    let packed = fs::File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let mut bytes = Vec::new();
    brotli::BrotliDecompress(&mut std::io::BufReader::new(packed), &mut bytes)
        .with_context(|| format!("unpacking {}", path.display()))?;
    Ok(bytes)
}
