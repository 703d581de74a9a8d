use anyhow::Result;
use axum::Router;
use axum::response::Html;
use axum::routing::get;

/// Host pages on an origin of their own.
#[derive(Debug)]
pub struct HostPages {
    /// `http://127.0.0.1:PORT`
    pub url: String,
}

impl HostPages {
    /// Serves one page at every path, whose body holds `body`.
    pub async fn serve(body: &str) -> Result<Self> {
        let page = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <link rel=\"icon\" href=\"data:,\"><title>A shop</title><h1>A shop</h1><button>Buy</button>{body}</html>"
        );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let app = Router::new().fallback(get(async || Html(page)));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { url })
    }
}
