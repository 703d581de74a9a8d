//! Writes the OpenAPI document and the documentation page, and embeds the built widget and desk. `cargo xtask build` points
//! `HEARD_WIDGET_DIR` at it; without it, as when only checking the code, the Worker is built without a widget and says so
//! when asked for one.

mod docs;
mod openapi;

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

/// Where the widget's and the desk's files are.
const FOLDERS: [&str; 2] = ["HEARD_WIDGET_DIR", "HEARD_DESK_DIR"];

fn main() -> io::Result<()> {
    for folder in FOLDERS {
        println!("cargo::rerun-if-env-changed={folder}");
    }
    println!("cargo::rerun-if-changed=build");
    let mut table = String::from("pub(crate) const ASSETS: &[Asset] = &[\n");
    for dir in FOLDERS.into_iter().filter_map(|folder| env::var(folder).ok()) {
        // One line an asset: path, content type, cache, entity tag, file name; tab-separated.
        let list = Path::new(&dir).join("assets.tsv");
        println!("cargo::rerun-if-changed={}", list.display());
        for line in fs::read_to_string(&list)?.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            let [path, content_type, cache, etag, file] = fields.as_slice() else {
                return Err(io::Error::other(format!("{}: a line without five fields", list.display())));
            };
            let file = Path::new(&dir).join(file);
            println!("cargo::rerun-if-changed={}.br", file.display());
            writeln!(
                table,
                "Asset {{ path: {path:?}, content_type: {content_type:?}, cache: {cache:?}, etag: {etag:?}, \
                 brotli: include_bytes!(\"{0}.br\"), gzip: include_bytes!(\"{0}.gz\") }},",
                file.display()
            )
            .map_err(io::Error::other)?;
        }
    }
    table.push_str("];\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let version = env::var("CARGO_PKG_VERSION").map_err(io::Error::other)?;
    let document = openapi::document(&version);
    let mut receivers = Vec::new();
    for (_, file, _) in docs::RECEIVERS {
        let path = Path::new("../examples/receivers").join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        receivers.push(fs::read_to_string(path)?);
    }
    fs::write(Path::new(&out).join("openapi.json"), document.to_string())?;
    fs::write(Path::new(&out).join("event-schemas.json"), openapi::by_type(&document).to_string())?;
    fs::write(Path::new(&out).join("docs.html"), docs::page(&document, &receivers))?;
    fs::write(Path::new(&out).join("assets.rs"), table)
}
