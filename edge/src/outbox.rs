//! Sends what is in the outbox, from the alarm and nowhere else.

use crate::object::{now, random};
use crate::sql::ObjectSql;
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use heard_site::{Attempted, Delivery, Moment, SiteError};
use heard_wire::EndpointId;
use std::cell::RefCell;
use std::time::Duration;
use worker::{AbortController, Delay, Fetch, Headers, Method, Request, RequestInit, RequestRedirect};

/// Requests under way to one endpoint at a time, and to all together: Cloudflare lets six wait for an answer, and a
/// seventh would spend its timeout in the queue.
const AT_ONCE_EACH: usize = 2;
const AT_ONCE: usize = 6;

/// Requests in one alarm: the free plan allows 50 subrequests, and the next alarm follows at once.
const PER_ALARM: usize = 40;

/// How long an endpoint may take to answer (Standard Webhooks: 15 to 30 s).
const TIMEOUT: Duration = Duration::from_secs(15);

/// Sends until nothing is due or the alarm has had its share; gives how many requests it made.
///
/// While one endpoint is slow, events for others go on: new submissions and due retries are taken up as they come, and
/// an endpoint that let a request time out gets no further one from this alarm.
pub(crate) async fn drain(sql: &ObjectSql, woken: &RefCell<UnboundedReceiver<()>>) -> Result<usize, SiteError> {
    let mut under_way = FuturesUnordered::new();
    let mut busy: Vec<(i64, EndpointId)> = Vec::new();
    let mut slow: Vec<EndpointId> = Vec::new();
    let mut left = PER_ALARM;
    loop {
        let mut random = random;
        let mut moment = Moment { now: now(), random: &mut random };
        if let Some(site) = heard_site::configured(sql)? {
            heard_site::complete_abandoned(sql, &mut moment, &site.id)?;
        }
        for delivery in in_turns(heard_site::due(sql, moment.now, AT_ONCE_EACH)?) {
            let each = busy.iter().filter(|(_, endpoint)| *endpoint == delivery.endpoint).count();
            let place = (delivery.sequence, delivery.endpoint.clone());
            let free = left > 0 && busy.len() < AT_ONCE && each < AT_ONCE_EACH;
            if free && !busy.contains(&place) && !slow.contains(&delivery.endpoint) {
                left -= 1;
                busy.push(place);
                under_way.push(attempt(delivery));
            }
        }
        if under_way.is_empty() {
            return Ok(PER_ALARM - left);
        }
        let ended = next_end(sql, &mut under_way, woken).await?;
        if let Some((delivery, attempted)) = ended {
            busy.retain(|(sequence, endpoint)| *sequence != delivery.sequence || *endpoint != delivery.endpoint);
            if attempted == timed_out() {
                slow.push(delivery.endpoint.clone());
            }
            let mut moment = Moment { now: now(), random: &mut random };
            heard_site::record_attempt(sql, &mut moment, &delivery, &attempted)?;
        }
    }
}

/// One delivery of each endpoint, then the next of each, so that a long queue does not take every place.
fn in_turns(deliveries: Vec<Delivery>) -> Vec<Delivery> {
    let mut turns: Vec<(usize, Delivery)> = Vec::with_capacity(deliveries.len());
    for delivery in deliveries {
        let turn = turns.iter().filter(|(_, earlier)| earlier.endpoint == delivery.endpoint).count();
        turns.push((turn, delivery));
    }
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, delivery)| delivery).collect()
}

fn timed_out() -> Attempted {
    Attempted::Failed(format!("no answer within {} s", TIMEOUT.as_secs()))
}

/// Waits for the first of: an attempt ends, a submission comes in, a retry falls due.
#[expect(clippy::await_holding_refcell_ref, reason = "an object has one alarm at a time, and only it receives")]
async fn next_end(
    sql: &ObjectSql,
    under_way: &mut FuturesUnordered<impl Future<Output = (Delivery, Attempted)>>,
    woken: &RefCell<UnboundedReceiver<()>>,
) -> Result<Option<(Delivery, Attempted)>, SiteError> {
    let from = now();
    let wait = heard_site::next_wake_after(sql, from)?
        .map_or(TIMEOUT, |wake| Duration::from_millis(wake.as_millis().abs_diff(from.as_millis())).min(TIMEOUT));
    let mut woken = woken.borrow_mut();
    let stirred = select(woken.next(), Delay::from(wait));
    let ended = match select(under_way.next(), stirred).await {
        Either::Left((ended, _)) => ended,
        Either::Right(_) => None,
    };
    // One look at the tables answers for all the submissions that came in meanwhile.
    while woken.try_recv().is_ok() {}
    Ok(ended)
}

async fn attempt(delivery: Delivery) -> (Delivery, Attempted) {
    let attempted = match request(&delivery) {
        Err(error) => Attempted::Failed(format!("building the request: {error}")),
        Ok(request) => {
            let abort = AbortController::default();
            let signal = abort.signal();
            let answer = async { Fetch::Request(request).send_with_signal(&signal).await };
            match select(answer.boxed_local(), Delay::from(TIMEOUT)).await {
                Either::Left((Ok(answer), _)) => Attempted::Answered(answer.status_code()),
                Either::Left((Err(error), _)) => Attempted::Failed(error.to_string()),
                Either::Right(_) => {
                    abort.abort();
                    timed_out()
                }
            }
        }
    };
    (delivery, attempted)
}

/// A request per Standard Webhooks, signed for this very moment.
fn request(delivery: &Delivery) -> worker::Result<Request> {
    let seconds = now().as_seconds();
    let signed = standardwebhooks::Webhook::new(&delivery.secret)
        .and_then(|secret| secret.sign(delivery.event.as_str(), seconds, delivery.body.as_bytes()))
        // The library's error may hold part of the secret.
        .map_err(|_| worker::Error::RustError("signing failed".into()))?;
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    headers.set("user-agent", concat!("Heard/", env!("CARGO_PKG_VERSION")))?;
    headers.set("webhook-id", delivery.event.as_str())?;
    headers.set("webhook-timestamp", &seconds.to_string())?;
    headers.set("webhook-signature", &signed)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_redirect(RequestRedirect::Manual)
        .with_body(Some(delivery.body.as_str().into()));
    Request::new_with_init(&delivery.url, &init)
}
