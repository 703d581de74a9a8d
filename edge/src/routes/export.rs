//! `GET /v1/sites/{site}/responses.csv` and `.ndjson`: everything a filter lets through, streamed.

use super::parameters;
use crate::http::{headers, internal};
use crate::sites;
use futures_util::stream;
use heard_site::{Command, Reply};
use heard_wire::{Problem, ResponseFilter, ResponsePage, SiteId};
use worker::{Env, Request, Response};

/// Responses held in memory at a time.
const AT_ONCE: u16 = 1_000;

/// How responses are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// RFC 4180, with a header line.
    Csv,
    /// One response as JSON on each line.
    Ndjson,
}

enum Next {
    Page(Option<String>),
    End,
}

/// Answers at once with the first page, and reads on while the client does.
pub(crate) async fn export(request: &Request, env: &Env, site: &SiteId, format: Format) -> Result<Response, Problem> {
    let mut given = parameters(request, &ResponseFilter::PARAMETERS)?;
    let filter = ResponseFilter::take(&mut given)?;
    // The first page is read before the answer begins, so that what fails is told as a problem.
    let first = page(env, site, &filter, None).await?;
    let start = match format {
        Format::Csv => heard_site::csv_header().to_owned(),
        Format::Ndjson => String::new(),
    };
    let next = first.next_cursor.clone().map_or(Next::End, |cursor| Next::Page(Some(cursor)));
    let start = start + &written(&first, format);
    let (env, site) = (env.clone(), site.clone());
    let rest = stream::unfold((next, env, site, filter), move |(next, env, site, filter)| async move {
        let Next::Page(cursor) = next else { return None };
        match page(&env, &site, &filter, cursor).await {
            Ok(page) => {
                let text = written(&page, format);
                let next = page.next_cursor.map_or(Next::End, |cursor| Next::Page(Some(cursor)));
                Some((Ok(text.into_bytes()), (next, env, site, filter)))
            }
            // The connection breaks off, so that nobody takes a part for the whole.
            Err(problem) => Some((Err(worker::Error::RustError(problem.detail)), (Next::End, env, site, filter))),
        }
    });
    let body = futures_util::StreamExt::chain(stream::iter([Ok(start.into_bytes())]), rest);
    let (content_type, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"responses.csv\""),
        Format::Ndjson => ("application/x-ndjson", "attachment; filename=\"responses.ndjson\""),
    };
    let headers =
        headers(&[("content-type", content_type), ("cache-control", "no-store"), ("content-disposition", name)])?;
    Response::from_stream(Box::pin(body))
        .map(|answer| answer.with_headers(headers))
        .map_err(|_| internal("begin the export"))
}

async fn page(
    env: &Env,
    site: &SiteId,
    filter: &ResponseFilter,
    cursor: Option<String>,
) -> Result<ResponsePage, Problem> {
    let command = Command::ListResponses { filter: filter.clone(), cursor, limit: AT_ONCE };
    match sites::call(env, site, &command).await? {
        Reply::Responses(page) => Ok(page),
        _ => Err(internal("read the responses")),
    }
}

fn written(page: &ResponsePage, format: Format) -> String {
    let lines = page.responses.iter().map(|response| match format {
        Format::Csv => heard_site::csv_line(response),
        // A response always encodes; an empty line would still be no wrong one.
        Format::Ndjson => serde_json::to_string(response).unwrap_or_default() + "\n",
    });
    lines.collect()
}
