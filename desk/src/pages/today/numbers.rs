//! All that the page shows of one span, fetched at once.

use crate::api::{self, Trouble};
use crate::calendar;
use crate::context::Context;
use crate::parts::clock;
use heard_wire::{Case, Metrics, Response, Tally};
use serde_json::Value;

/// All that the page shows, of one span.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    pub(super) days: i64,
    pub(super) now: Metrics,
    pub(super) before: Tally,
    pub(super) scores: Metrics,
    pub(super) themes: Metrics,
    pub(super) themes_before: Metrics,
    pub(super) new: Option<Tally>,
    pub(super) closing: Value,
    pub(super) waiting: Vec<Case>,
    pub(super) waiting_more: bool,
    pub(super) bright: Vec<Response>,
}

/// Reads all of it; `last` is when somebody was here before.
pub(super) async fn read(context: Context, days: i64, zone: String, last: Option<String>) -> Result<Numbers, Trouble> {
    let (from, before) = (calendar::day_before(days - 1, &zone), calendar::day_before(2 * days - 1, &zone));
    let metrics = |query: String| api::get(context.of_site(&format!("/metrics?{query}"))).read::<Metrics>();
    // A day has too few answers for a line that says something.
    let by = if days > 7 { "week" } else { "day" };
    let bright = api::get(context.of_site(&format!("/responses?band=promoter&has_comment=true&limit=3&since={from}")));
    let waiting = api::get(context.of_site("/cases?unsettled=true&limit=100"));
    let closing = api::get(context.of_site(&format!("/cases/metrics?since={from}")));
    let last = last.map(|last| metrics(format!("since={}", api::part(&last))));
    // All at once: none waits for another.
    let (now, earlier, scores, themes, themes_before, bright, waiting, closing) = join8(
        metrics(format!("since={from}&by={by}")),
        metrics(format!("since={before}&until={from}")),
        metrics(format!("since={from}&by=score")),
        metrics(format!("since={from}&by=theme")),
        metrics(format!("since={before}&until={from}&by=theme")),
        bright.read::<heard_wire::Page<Response>>(),
        waiting.read::<heard_wire::Page<Case>>(),
        closing.read::<Value>(),
    )
    .await?;
    let new = match last {
        Some(last) => last.await.ok().map(|metrics| metrics.total),
        None => None,
    };
    let (waiting_more, mut waiting) = (waiting.next_cursor.is_some(), waiting.items);
    waiting.retain(|case| clock::is_owed(case) || clock::is_late(case));
    clock::by_need(&mut waiting);
    let numbers = Numbers {
        days,
        now,
        before: earlier.total,
        scores,
        themes,
        themes_before,
        new,
        closing,
        waiting,
        waiting_more,
        bright: bright.items,
    };
    Ok(numbers)
}

/// Waits for eight requests at once; the first that fails decides.
#[expect(clippy::too_many_arguments, reason = "eight requests of their own kinds")]
async fn join8<A, B, C, D, E, F, G, H>(
    a: impl Future<Output = Result<A, Trouble>>,
    b: impl Future<Output = Result<B, Trouble>>,
    c: impl Future<Output = Result<C, Trouble>>,
    d: impl Future<Output = Result<D, Trouble>>,
    e: impl Future<Output = Result<E, Trouble>>,
    f: impl Future<Output = Result<F, Trouble>>,
    g: impl Future<Output = Result<G, Trouble>>,
    h: impl Future<Output = Result<H, Trouble>>,
) -> Result<(A, B, C, D, E, F, G, H), Trouble> {
    let (left, right) = futures_util::future::join(
        futures_util::future::try_join4(a, b, c, d),
        futures_util::future::try_join4(e, f, g, h),
    )
    .await;
    let ((a, b, c, d), (e, f, g, h)) = (left?, right?);
    Ok((a, b, c, d, e, f, g, h))
}
