//! Which of the due deliveries go out now. A pure state machine: the shell sends, and tells how it went and what time it is.

use crate::webhooks::deliveries::{Delivery, Pace};
use heard_wire::{EndpointId, Timestamp};
use std::time::Duration;

/// Requests under way to all endpoints together: Cloudflare lets six wait for an answer, and a seventh would spend its
/// timeout in the queue.
const AT_ONCE: usize = 6;

/// Requests under way to one endpoint.
pub const AT_ONCE_EACH: usize = 2;

/// Of all places, those that endpoints may hold that keep us waiting.
const AT_ONCE_SLOW: usize = 2;

/// Requests in one alarm: the free plan allows 50 subrequests, and the next alarm follows at once.
const PER_ALARM: usize = 40;

/// When an alarm begins no further request. What is under way then ends soon after.
const ALARM_LASTS: Duration = Duration::from_secs(45);

/// An endpoint that took longer than this for its last answer keeps us waiting.
const SLOW: Duration = Duration::from_secs(2);

/// How long an attempt may keep a place for which others wait: twice what its endpoint took for its last answer.
const PATIENCE: (Duration, Duration) = (Duration::from_millis(300), Duration::from_secs(4));

/// One delivery among those under way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// Of its event.
    pub sequence: i64,
    /// Where it goes.
    pub endpoint: EndpointId,
}

impl Place {
    /// The place of this delivery.
    #[must_use]
    pub fn of(delivery: &Delivery) -> Self {
        Self { sequence: delivery.sequence, endpoint: delivery.endpoint.clone() }
    }
}

/// What to do now.
#[derive(Default)]
pub struct Turn {
    /// Send these.
    pub start: Vec<Delivery>,
    /// Break these off and tell by [`Dispatcher::cut_short`]: others wait, and they have had their time. They stay due.
    pub cut: Vec<Place>,
}

/// Decides what is sent, an alarm's share at a time.
///
/// While one endpoint is slow, events for others go on: an endpoint that gave no answer gets no further request from this
/// alarm, those that keep us waiting share few places, and one that hangs for the first time gives up its place to others
/// that wait, to be tried again among the slow with all the time there is.
pub struct Dispatcher {
    ends_at: Timestamp,
    left: usize,
    under_way: Vec<UnderWay>,
    /// Gave no answer in this alarm.
    silent: Vec<EndpointId>,
    /// Were broken off in this alarm.
    slow: Vec<EndpointId>,
    others_wait: bool,
}

struct UnderWay {
    place: Place,
    since: Timestamp,
    patience: Duration,
    is_slow: bool,
}

impl Dispatcher {
    /// For an alarm that rings now.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            ends_at: now + ALARM_LASTS,
            left: PER_ALARM,
            under_way: Vec::new(),
            silent: Vec::new(),
            slow: Vec::new(),
            others_wait: false,
        }
    }

    /// Another alarm rings: it has a share of its own, and what is under way goes on.
    pub fn refill(&mut self, now: Timestamp) {
        (self.ends_at, self.left) = (now + ALARM_LASTS, PER_ALARM);
        self.silent.clear();
        self.slow.clear();
    }

    /// Whether the alarm has had its share, so that only another one can send more.
    #[must_use]
    pub fn is_spent(&self, now: Timestamp) -> bool {
        self.left == 0 || now >= self.ends_at
    }

    /// What to do, given what is due of each endpoint, oldest first.
    pub fn turn(&mut self, now: Timestamp, due: Vec<Delivery>) -> Turn {
        let mut turn = Turn::default();
        self.others_wait = false;
        for delivery in in_turns(due) {
            match self.offer(now, &delivery) {
                Offer::Start(under_way) => {
                    self.left -= 1;
                    self.under_way.push(under_way);
                    turn.start.push(delivery);
                }
                Offer::Wait => self.others_wait = true,
                Offer::NotNow => {}
            }
        }
        if self.others_wait {
            turn.cut = self.impatient(now);
        }
        turn
    }

    /// An attempt has ended; `answered` when there was an answer, whatever it was.
    pub fn ended(&mut self, place: &Place, answered: bool) {
        self.under_way.retain(|under_way| under_way.place != *place);
        if !answered {
            self.silent.push(place.endpoint.clone());
        }
    }

    /// An attempt was broken off.
    pub fn cut_short(&mut self, place: &Place) {
        self.under_way.retain(|under_way| under_way.place != *place);
        self.slow.push(place.endpoint.clone());
    }

    /// Whether nothing is under way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.under_way.is_empty()
    }

    /// How long until something is to be decided though nothing has happened; `None` for never.
    #[must_use]
    pub fn wait(&self, now: Timestamp) -> Option<Duration> {
        let quick = self.under_way.iter().filter(|under_way| self.others_wait && !under_way.is_slow);
        quick.map(|under_way| (under_way.since + under_way.patience).since(now)).min()
    }

    fn offer(&self, now: Timestamp, delivery: &Delivery) -> Offer {
        let place = Place::of(delivery);
        let endpoint = &delivery.endpoint;
        let over = self.is_spent(now) || self.silent.contains(endpoint);
        if over || self.under_way.iter().any(|under_way| under_way.place == place) {
            return Offer::NotNow;
        }
        let is_slow = self.slow.contains(endpoint) || matches!(delivery.pace, Pace::Silent) || took_long(delivery.pace);
        let each = self.under_way.iter().filter(|under_way| under_way.place.endpoint == *endpoint).count();
        let at_once = if is_slow || delivery.pace == Pace::Unknown { 1 } else { AT_ONCE_EACH };
        let room_among_slow = !is_slow || self.slow_under_way() < AT_ONCE_SLOW;
        if each >= at_once || !room_among_slow {
            return Offer::NotNow;
        }
        if self.under_way.len() >= AT_ONCE {
            return if is_slow { Offer::NotNow } else { Offer::Wait };
        }
        let (least, most) = PATIENCE;
        let usual = if let Pace::Answered(usual) = delivery.pace { usual } else { Duration::ZERO };
        Offer::Start(UnderWay { place, since: now, patience: (usual * 2).clamp(least, most), is_slow })
    }

    fn slow_under_way(&self) -> usize {
        self.under_way.iter().filter(|under_way| under_way.is_slow).count()
    }

    /// Those that have had their time: the first few stay, among the slow.
    fn impatient(&mut self, now: Timestamp) -> Vec<Place> {
        let mut slow = self.slow_under_way();
        let mut cut = Vec::new();
        for under_way in &mut self.under_way {
            if under_way.is_slow || under_way.since + under_way.patience > now {
                continue;
            }
            if slow < AT_ONCE_SLOW {
                under_way.is_slow = true;
                slow += 1;
            } else {
                cut.push(under_way.place.clone());
            }
        }
        cut
    }
}

enum Offer {
    Start(UnderWay),
    Wait,
    NotNow,
}

fn took_long(pace: Pace) -> bool {
    matches!(pace, Pace::Answered(took) if took > SLOW)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhooks::letterhead::Letterhead;
    use heard_wire::{EndpointSettings, EventId};
    use std::collections::BTreeMap;

    const TIMEOUT: Duration = Duration::from_secs(15);

    fn endpoint(number: u8) -> EndpointId {
        EndpointId::from_random([number; 16])
    }

    fn delivery(number: u8, sequence: i64, pace: Pace) -> Delivery {
        Delivery {
            sequence,
            endpoint: endpoint(number),
            settings: EndpointSettings::from_json(br#"{"url":"https://a.example/"}"#).unwrap(),
            secrets: Vec::new(),
            event: EventId::from_random([0; 16]),
            body: String::new(),
            letterhead: Letterhead { name: String::new(), time_zone: String::new() },
            attempts: 0,
            pace,
        }
    }

    /// Plays an alarm: each endpoint answers after a time, or hangs. Gives when each delivery was first sent, how often
    /// each endpoint was asked, and the most requests that were under way.
    struct Played {
        sent: BTreeMap<(u8, i64), Duration>,
        asked: BTreeMap<u8, usize>,
        most: usize,
    }

    fn play(takes: &BTreeMap<u8, Option<Duration>>, events: i64, pace: impl Fn(u8) -> Pace) -> Played {
        let began = Timestamp::from_millis(1_700_000_000_000);
        let mut now = began;
        let mut paces: BTreeMap<u8, Pace> = takes.keys().map(|number| (*number, pace(*number))).collect();
        let mut open: Vec<(u8, i64)> =
            (0..events).flat_map(|event| takes.keys().map(move |number| (*number, event))).collect();
        let mut under_way: Vec<(u8, i64, Timestamp, bool)> = Vec::new();
        let mut dispatcher = Dispatcher::new(now);
        let mut played = Played { sent: BTreeMap::new(), asked: BTreeMap::new(), most: 0 };
        loop {
            let due: Vec<Delivery> = takes
                .keys()
                .flat_map(|number| open.iter().filter(move |(owner, _)| owner == number).take(AT_ONCE_EACH))
                .map(|(number, event)| delivery(*number, *event, paces[number]))
                .collect();
            let turn = dispatcher.turn(now, due);
            let broke_off = !turn.cut.is_empty();
            for place in turn.cut {
                under_way.retain(|(number, event, ..)| endpoint(*number) != place.endpoint || *event != place.sequence);
                dispatcher.cut_short(&place);
            }
            for started in &turn.start {
                let number = *takes.keys().find(|number| endpoint(**number) == started.endpoint).unwrap();
                played.sent.entry((number, started.sequence)).or_insert(now.since(began));
                *played.asked.entry(number).or_default() += 1;
                let answers = takes[&number];
                under_way.push((number, started.sequence, now + answers.unwrap_or(TIMEOUT), answers.is_some()));
            }
            played.most = played.most.max(under_way.len());
            if broke_off {
                continue;
            }
            if under_way.is_empty() {
                assert!(dispatcher.is_idle());
                return played;
            }
            let ends = under_way.iter().map(|(_, _, at, _)| *at).min().unwrap();
            now = dispatcher.wait(now).map_or(ends, |wait| ends.min(now + wait));
            if let Some(at) = under_way.iter().position(|(_, _, at, _)| *at <= now) {
                let (number, event, _, answered) = under_way.remove(at);
                dispatcher.ended(&Place { sequence: event, endpoint: endpoint(number) }, answered);
                paces.insert(number, takes[&number].map_or(Pace::Silent, Pace::Answered));
                if answered {
                    open.retain(|waiting| *waiting != (number, event));
                }
            }
        }
    }

    /// Twenty endpoints, of which the first ten hang.
    fn half_hang() -> BTreeMap<u8, Option<Duration>> {
        (0..20).map(|number| (number, (number >= 10).then_some(Duration::from_millis(50)))).collect()
    }

    #[test]
    fn of_twenty_endpoints_with_ten_hanging_the_healthy_wait_less_than_a_second() {
        let usual = Pace::Answered(Duration::from_millis(50));
        let known = |number| if number < 10 { Pace::Silent } else { usual };
        for (name, played) in [
            ("never tried", play(&half_hang(), 1, |_| Pace::Unknown)),
            ("all well until now", play(&half_hang(), 1, |_| usual)),
            ("known to hang", play(&half_hang(), 1, known)),
            ("two events each", play(&half_hang(), 2, known)),
        ] {
            let healthy = played.sent.iter().filter(|((number, _), _)| *number >= 10);
            let waits: Vec<Duration> = healthy.map(|(_, wait)| *wait).collect();
            assert!(waits.len() >= 10 && waits.iter().all(|wait| *wait < Duration::from_secs(1)), "{name}: {waits:?}");
            assert!(played.most <= AT_ONCE, "{name}: {}", played.most);
        }
    }

    #[test]
    fn who_hangs_is_asked_in_the_end_with_all_the_time_there_is() {
        let played = play(&half_hang(), 1, |_| Pace::Unknown);
        assert!((0..10).all(|number| played.sent.contains_key(&(number, 0)) || number >= 6), "{:?}", played.sent);
        // Broken off at most once, then tried among the slow.
        assert!(played.asked.values().all(|asked| *asked <= 2), "{:?}", played.asked);
    }

    #[test]
    fn nobody_is_broken_off_for_nobody() {
        let takes = BTreeMap::from([(1, Some(Duration::from_secs(9))), (2, Some(Duration::from_millis(20)))]);
        let played = play(&takes, 3, |_| Pace::Unknown);
        assert_eq!(played.asked, BTreeMap::from([(1, 3), (2, 3)]));
    }

    #[test]
    fn one_endpoint_gets_two_at_a_time_and_an_alarm_has_its_share() {
        let takes = BTreeMap::from([(1, Some(Duration::from_millis(100)))]);
        let played = play(&takes, 100, |_| Pace::Answered(Duration::from_millis(100)));
        assert_eq!((played.most, played.asked[&1]), (AT_ONCE_EACH, PER_ALARM));
    }

    #[test]
    fn an_alarm_ends_though_each_answer_takes_its_time() {
        let takes = BTreeMap::from([(1, Some(Duration::from_secs(14)))]);
        let played = play(&takes, 100, |_| Pace::Unknown);
        assert!(played.sent.values().all(|sent| *sent < ALARM_LASTS), "{:?}", played.sent);
    }
}
