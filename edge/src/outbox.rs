//! Sends what is in the outbox, from the alarm and nowhere else.

use crate::attempt::{TIMEOUT, attempt};
use crate::object::{now, random};
use crate::sql::ObjectSql;
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt as _;
use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;
use heard_site::{Attempted, Delivery, Moment, SiteError};
use heard_wire::EndpointId;
use std::cell::RefCell;
use std::time::Duration;
use worker::Delay;

/// Requests under way to one endpoint at a time, and to all together: Cloudflare lets six wait for an answer, and a
/// seventh would spend its timeout in the queue.
const AT_ONCE_EACH: usize = 2;
const AT_ONCE: usize = 6;

/// Requests in one alarm: the free plan allows 50 subrequests, and the next alarm follows at once.
const PER_ALARM: usize = 40;

/// Sends until nothing is due or the alarm has had its share; gives how many requests it made.
///
/// While one endpoint is slow, events for others go on: new submissions and due retries are taken up as they come, and
/// an endpoint that gave no answer gets no further request from this alarm.
pub(crate) async fn drain(
    sql: &ObjectSql,
    woken: &RefCell<UnboundedReceiver<()>>,
    development: bool,
) -> Result<usize, SiteError> {
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
                under_way.push(attempt(delivery, development));
            }
        }
        if under_way.is_empty() {
            return Ok(PER_ALARM - left);
        }
        let ended = next_end(sql, &mut under_way, woken).await?;
        if let Some((delivery, attempted)) = ended {
            busy.retain(|(sequence, endpoint)| *sequence != delivery.sequence || *endpoint != delivery.endpoint);
            if attempted.error.is_some() {
                slow.push(delivery.endpoint.clone());
            }
            let mut moment = Moment { now: now(), random: &mut random };
            if let Some(site) = heard_site::configured(sql)? {
                heard_site::record_attempt(sql, &mut moment, &site.id, &delivery, &attempted)?;
            }
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
