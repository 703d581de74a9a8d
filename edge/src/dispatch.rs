//! Sends what is in the outbox, from the alarm and nowhere else. What goes when is decided by
//! [`heard_site::webhooks::Dispatcher`]; this only awaits.

use crate::attempt::{Means, TIMEOUT, attempt};
use crate::runtime::{now, random};
use crate::sql::ObjectSql;
use futures_channel::mpsc::UnboundedReceiver;
use futures_channel::oneshot;
use futures_util::StreamExt as _;
use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;
use heard_site::webhooks::{
    AT_ONCE_EACH, AttemptOutcome, Delivery, Dispatcher, Place, due, next_due_after, record_attempt, record_cut_short,
};
use heard_site::{Context, Site, SiteError};
use heard_wire::Timestamp;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::pin::pin;
use std::time::Duration;
use worker::Delay;

/// How an attempt under way ended.
enum Ended {
    Attempted(Delivery, AttemptOutcome),
    /// It was broken off; when it had begun.
    CutShort(Delivery, Timestamp),
}

/// What alarms and the deliveries under way say to each other.
#[derive(Debug, Default)]
pub(crate) struct Share {
    /// An alarm rang while deliveries were under way, and has a share of its own.
    pub(crate) another: Cell<bool>,
    /// The share is used up, and only another alarm can send more.
    pub(crate) spent: Cell<bool>,
}

/// Sends until nothing is due or under way. New submissions, due retries and further alarms' shares are taken up as they
/// come, so that what hangs keeps nothing else from its turn.
pub(crate) async fn deliver(
    sql: &ObjectSql,
    woken: &RefCell<UnboundedReceiver<()>>,
    share: &Share,
    means: &Means,
) -> Result<(), SiteError> {
    let mut dispatcher = Dispatcher::new(now());
    share.another.set(false);
    let mut under_way = FuturesUnordered::new();
    let mut scissors: HashMap<Place, oneshot::Sender<()>> = HashMap::new();
    loop {
        if share.another.take() {
            dispatcher.refill(now());
        }
        let turn = dispatcher.turn(now(), due(sql, now(), AT_ONCE_EACH)?);
        share.spent.set(dispatcher.is_spent(now()));
        for place in turn.cut {
            // Dropped or used, the attempt ends.
            drop(scissors.remove(&place));
        }
        for delivery in turn.start {
            let (cut, is_cut) = oneshot::channel();
            scissors.insert(Place::of(&delivery), cut);
            under_way.push(attempt_unless(is_cut, delivery, means));
        }
        if under_way.is_empty() {
            return Ok(());
        }
        let wait = wait(sql, &dispatcher)?;
        if let Some(ended) = next_end(&mut under_way, woken, wait).await {
            conclude(sql, &mut dispatcher, &mut scissors, &ended)?;
        }
    }
}

async fn attempt_unless(is_cut: oneshot::Receiver<()>, delivery: Delivery, means: &Means) -> Ended {
    let began = now();
    let attempted = match select(pin!(attempt(&delivery, means)), is_cut).await {
        Either::Left((outcome, _)) => Some(outcome),
        Either::Right(_) => None,
    };
    match attempted {
        Some(outcome) => Ended::Attempted(delivery, outcome),
        None => Ended::CutShort(delivery, began),
    }
}

fn conclude(
    sql: &ObjectSql,
    dispatcher: &mut Dispatcher,
    scissors: &mut HashMap<Place, oneshot::Sender<()>>,
    ended: &Ended,
) -> Result<(), SiteError> {
    let mut random = random;
    let site = Site::open(sql, Context { now: now(), random: &mut random })?;
    let (Ended::Attempted(delivery, _) | Ended::CutShort(delivery, _)) = ended;
    let place = Place::of(delivery);
    scissors.remove(&place);
    match ended {
        Ended::Attempted(_, outcome) => dispatcher.ended(&place, outcome.is_answered()),
        Ended::CutShort(..) => dispatcher.cut_short(&place),
    }
    let Some(mut site) = site else { return Ok(()) };
    match ended {
        Ended::Attempted(delivery, outcome) => record_attempt(&mut site, delivery, outcome),
        Ended::CutShort(delivery, began) => record_cut_short(&mut site, delivery, *began),
    }
}

/// How long to wait when nothing happens: until a delivery falls due, or somebody has had their time.
fn wait(sql: &ObjectSql, dispatcher: &Dispatcher) -> Result<Duration, SiteError> {
    let now = now();
    let due = next_due_after(sql, now)?.map(|due| due.since(now));
    Ok(due.into_iter().chain(dispatcher.wait(now)).min().unwrap_or(TIMEOUT).min(TIMEOUT))
}

/// Waits for the first of: an attempt ends, a submission comes in, the wait is over.
#[expect(clippy::await_holding_refcell_ref, reason = "an object has one alarm at a time, and only it receives")]
async fn next_end(
    under_way: &mut FuturesUnordered<impl Future<Output = Ended>>,
    woken: &RefCell<UnboundedReceiver<()>>,
    wait: Duration,
) -> Option<Ended> {
    let mut woken = woken.borrow_mut();
    let stirred = select(woken.next(), Delay::from(wait));
    let ended = match select(under_way.next(), stirred).await {
        Either::Left((ended, _)) => ended,
        Either::Right(_) => None,
    };
    // One look at the tables answers for all the submissions that came in meanwhile.
    while woken.try_recv().is_ok() {}
    ended
}
