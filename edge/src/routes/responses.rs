//! Responses, read back, added up and exported.

use super::incoming::{Incoming, Parameters};
use crate::http::{headers, internal, json, no_content};
use crate::site_client;
use futures_util::{StreamExt as _, stream};
use heard_site::responses::{
    CsvDialect, EraseResponse, EraseResponses, EraseVisitor, ListResponses, ListVisitorResponses, ReadFollowUpMetrics,
    ReadMetrics, ReadQuestionMetrics, ReadResponse, ReviewResponse,
};
use heard_site::sites::ReadSite;
use heard_site::{Credential, Known, Operation};
use heard_wire::{
    Code, Erasure, Page, Problem, QuestionId, Response as Answer, ResponseFilter, ResponsePatch, VisitorId,
};
use std::rc::Rc;
use worker::Response;

/// `GET /v1/sites/{site}/responses?cursor=&limit=` and a filter: the owner reads back, newest first.
pub(crate) async fn list(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let mut given = incoming.parameters();
    let filter = ResponseFilter::take(&mut given.0)?;
    let (limit, cursor) = (given.limit()?, given.checked("cursor")?);
    json(&incoming.call(ListResponses { filter, cursor, limit }).await?, 200)
}

/// `GET /v1/sites/{site}/visitors/{visitor}/responses?cursor=&limit=`: all answers of one visitor, newest first.
pub(crate) async fn list_of_visitor(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let visitor = incoming.id("visitor", "There is no such visitor.")?;
    let mut given = incoming.parameters();
    let (limit, cursor) = (given.limit()?, given.checked("cursor")?);
    json(&incoming.call(ListVisitorResponses { visitor, cursor, limit }).await?, 200)
}

/// `GET /v1/sites/{site}/responses/{response}`: the response, and what its customer was shown.
pub(crate) async fn read(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let id = incoming.id("response", "There is no such response.")?;
    json(&incoming.call(ReadResponse { id }).await?, 200)
}

/// `GET /v1/sites/{site}/metrics?by=` and a filter.
pub(crate) async fn metrics(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let mut given = incoming.parameters();
    let filter = ResponseFilter::take(&mut given.0)?;
    let by = given.0.remove("by").map(|by| by.parse()).transpose();
    let by =
        by.map_err(|_| Problem::new(Code::InvalidParameter, "by must be day, week, theme, score, page or language."))?;
    let time_zone = given.0.remove("tz");
    json(&incoming.call(ReadMetrics { filter, by, time_zone }).await?, 200)
}

/// `GET /v1/sites/{site}/metrics/questions` and a filter.
pub(crate) async fn question_metrics(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let mut given = incoming.parameters();
    let filter = ResponseFilter::take(&mut given.0)?;
    let time_zone = given.0.remove("tz");
    json(&incoming.call(ReadQuestionMetrics { filter, time_zone }).await?, 200)
}

/// `GET /v1/sites/{site}/metrics/follow-ups` and a filter.
pub(crate) async fn follow_up_metrics(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let mut given = incoming.parameters();
    let filter = ResponseFilter::take(&mut given.0)?;
    let time_zone = given.0.remove("tz");
    json(&incoming.call(ReadFollowUpMetrics { filter, time_zone }).await?, 200)
}

/// `PATCH /v1/sites/{site}/responses/{response}`: lets it count, or puts it aside.
pub(crate) async fn review(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let id = incoming.id("response", "There is no such response.")?;
    let ResponsePatch { standing, themes } = ResponsePatch::from_json(&incoming.body().await?)?;
    json(&incoming.call(ReviewResponse { id, standing, themes }).await?, 200)
}

/// `DELETE /v1/sites/{site}/responses/{response}`.
pub(crate) async fn erase(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let id = incoming.id("response", "There is no such response.")?;
    incoming.call(EraseResponse { id }).await?;
    no_content()
}

/// Calls of the object in one request, of which each erases a hundred.
const ERASURES: usize = 40;

/// `DELETE /v1/sites/{site}/responses` and a filter.
pub(crate) async fn erase_all(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let mut given = incoming.parameters();
    if given.0.is_empty() {
        let detail = "Say which: ?standing=suspect, say, or ?until=2026-01-01. For all of them, ?standing=any.";
        return Err(Problem::new(Code::InvalidParameter, detail));
    }
    let filter = ResponseFilter::take(&mut given.0)?;
    erase_slices(incoming, || EraseResponses { filter: filter.clone() }).await
}

/// `DELETE /v1/sites/{site}/visitors/{visitor}/responses`.
pub(crate) async fn erase_visitor(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let visitor: VisitorId = incoming.id("visitor", "There is no such visitor.")?;
    erase_slices(incoming, || EraseVisitor { visitor: visitor.clone() }).await
}

async fn erase_slices<O>(incoming: &Incoming<'_>, slice: impl Fn() -> O) -> Result<Response, Problem>
where
    O: Known + Operation<Reply = Erasure>,
{
    let mut erasure = Erasure { erased: 0, more: true };
    for _ in 0..ERASURES {
        let Erasure { erased, more } = incoming.call(slice()).await?;
        erasure = Erasure { erased: erasure.erased + erased, more };
        if !more {
            break;
        }
    }
    json(&erasure, 200)
}

/// Responses held in memory at a time.
const AT_ONCE: u16 = 1_000;

/// How responses are written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Format {
    /// RFC 4180, with a header line, and columns for these questions of the owner's.
    Csv(CsvDialect, Rc<[QuestionId]>),
    /// One response as JSON on each line.
    Ndjson,
}

/// `GET /v1/sites/{site}/responses.csv` and `.ndjson`: everything a filter lets through. Answers at once with the first
/// page, and reads on while the client does.
pub(crate) async fn export_csv(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let mut given = incoming.parameters();
    let separator = match given.0.remove("separator").as_deref() {
        None | Some("comma" | ",") => ',',
        Some("semicolon" | ";") => ';',
        Some(_) => return Err(Problem::new(Code::InvalidParameter, "separator must be comma or semicolon.")),
    };
    let has_mark = given.named("bom", "true or false")?.unwrap_or(false);
    let asked = incoming.call(ReadSite {}).await?.settings.questions;
    let questions = asked.into_iter().map(|question| question.id).collect();
    export(incoming, Format::Csv(CsvDialect { separator, has_mark }, questions), given).await
}

/// The same, one JSON a line.
pub(crate) async fn export_ndjson(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    export(incoming, Format::Ndjson, incoming.parameters()).await
}

async fn export(incoming: &Incoming<'_>, format: Format, mut given: Parameters) -> Result<Response, Problem> {
    let filter = ResponseFilter::take(&mut given.0)?;
    // The first page is read before the answer begins, so that what fails is told as a problem. It is read with the key;
    // who may begin may read to the end.
    let first = incoming.call(ListResponses { filter: filter.clone(), cursor: None, limit: AT_ONCE }).await?;
    let start = match &format {
        Format::Csv(dialect, questions) => dialect.header(questions),
        Format::Ndjson => String::new(),
    };
    let start = start + &written(&first, &format);
    let (content_type, name) = match &format {
        Format::Csv(..) => ("text/csv; charset=utf-8", "attachment; filename=\"responses.csv\""),
        Format::Ndjson => ("application/x-ndjson", "attachment; filename=\"responses.ndjson\""),
    };
    let (env, site) = (incoming.env.clone(), incoming.site()?.clone());
    let start_of_rest = (first.next_cursor, env, site, filter, format);
    let rest = stream::unfold(start_of_rest, move |(cursor, env, site, filter, format)| async move {
        let next = ListResponses { filter: filter.clone(), cursor: Some(cursor?), limit: AT_ONCE };
        match site_client::call(&env, &site, Credential::Owner, None, next).await {
            Ok(page) => {
                let text = written(&page, &format);
                Some((Ok(text.into_bytes()), (page.next_cursor, env, site, filter, format)))
            }
            // The connection breaks off, so that nobody takes a part for the whole.
            Err(problem) => Some((Err(worker::Error::RustError(problem.detail)), (None, env, site, filter, format))),
        }
    });
    let body = stream::iter([Ok(start.into_bytes())]).chain(rest);
    let headers =
        headers(&[("content-type", content_type), ("cache-control", "no-store"), ("content-disposition", name)])?;
    Response::from_stream(Box::pin(body))
        .map(|answer| answer.with_headers(headers))
        .map_err(|_| internal("begin the export"))
}

fn written(page: &Page<Answer>, format: &Format) -> String {
    let lines = page.items.iter().map(|response| match format {
        Format::Csv(dialect, questions) => dialect.line(response, questions),
        // A response always encodes; an empty line would still be no wrong one.
        Format::Ndjson => serde_json::to_string(response).unwrap_or_default() + "\n",
    });
    lines.collect()
}
