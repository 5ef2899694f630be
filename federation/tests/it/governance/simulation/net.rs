//! The network: what happens to each message is drawn from the seed.

use std::collections::BTreeMap;

use interkpa_federation::governance::ledger::Verified;
use interkpa_federation::{Instant, Span};

use crate::governance::dice::Dice;
use crate::governance::network::closes_at;

/// Who cannot reach whom while the network is torn.
#[derive(Clone, Copy, Debug)]
enum Tear {
    /// Two sides that do not hear each other.
    Symmetric,
    /// One side hears the other, and is not heard.
    OneWay,
    /// Each hour another hub is cut off.
    Rolling,
}

/// How bad the network is until it heals; from then on messages arrive, soon.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weather {
    loss_percent: u64,
    repeat_percent: u64,
    delay_seconds_max: u64,
    pub(super) crash_percent: u64,
    /// How often hubs compare what they hold.
    gossip: Span,
    tear: Option<Tear>,
    /// Which hubs are on the one side.
    side: u64,
    pub(super) heals_at: Instant,
}

/// How long a message takes once the network is healed.
const HEALED_SECONDS_MAX: u64 = 30;
/// How often hubs compare once it is healed, as during every closing.
const HEALED_GOSSIP: Span = Span::minutes(1);
/// How often they compare long before it. Source: votes.md 4.7.
const CALM_GOSSIP: Span = Span::minutes(10);

impl Weather {
    /// Calm, rough or stormy.
    pub(super) fn draw(dice: &mut Dice) -> Self {
        let [loss, repeat, delay, crash, hours] = match dice.below(4) {
            0 => [0, 5, 60, 0, 1],
            1 => [dice.below(30), 20, 1_800, 1, 4],
            2 => [30 + dice.below(40), 30, 14_400, 2, 12],
            _ => [60 + dice.below(36), 30, 86_400, 3, 12],
        };
        let tears = [
            None,
            None,
            Some(Tear::Symmetric),
            Some(Tear::OneWay),
            Some(Tear::Rolling),
        ];
        Self {
            loss_percent: loss,
            repeat_percent: repeat,
            delay_seconds_max: delay,
            crash_percent: crash,
            gossip: Span::minutes(*dice.pick(&[5, 10, 30, 120])),
            tear: *dice.pick(&tears),
            side: dice.below(u64::MAX),
            heals_at: closes_at() + dice.span(hours * 3_600),
        }
    }

    /// Nothing goes wrong, and hubs compare as the protocol says.
    pub(super) fn calm() -> Self {
        Self {
            loss_percent: 0,
            repeat_percent: 0,
            delay_seconds_max: 5,
            crash_percent: 0,
            gossip: CALM_GOSSIP,
            tear: None,
            side: 0,
            heals_at: closes_at() - Span::hours(1),
        }
    }

    pub(super) fn has_healed(&self, now: Instant) -> bool {
        now >= self.heals_at
    }

    pub(super) fn gossip_every(&self, now: Instant) -> Span {
        if self.has_healed(now) {
            HEALED_GOSSIP
        } else {
            self.gossip
        }
    }

    /// Whether one cannot send to the other now.
    pub(super) fn cuts(&self, now: Instant, from: usize, to: usize, hubs: usize) -> bool {
        if self.has_healed(now) {
            return false;
        }
        let side = |hub: usize| self.side >> (hub % 64) & 1 == 1;
        match self.tear {
            None => false,
            Some(Tear::Symmetric) => side(from) != side(to),
            Some(Tear::OneWay) => side(from) && !side(to),
            Some(Tear::Rolling) => {
                let hour = usize::try_from(now.as_seconds() / 3_600).unwrap();
                let cut = hour % hubs;
                from == cut || to == cut
            }
        }
    }

    /// How many copies of a message arrive.
    pub(super) fn copies(&self, dice: &mut Dice, now: Instant) -> u64 {
        let drawn = dice.below(100);
        if self.has_healed(now) {
            1
        } else if drawn < self.loss_percent {
            0
        } else {
            1 + u64::from(dice.percent(self.repeat_percent))
        }
    }

    /// Whether an exchange of what two hubs hold comes to its end.
    pub(super) fn exchanges(&self, dice: &mut Dice, now: Instant) -> bool {
        self.has_healed(now) || !dice.percent(self.loss_percent)
    }

    pub(super) fn delay(&self, dice: &mut Dice, now: Instant) -> Span {
        let longest = if self.has_healed(now) {
            HEALED_SECONDS_MAX
        } else {
            self.delay_seconds_max
        };
        dice.span(longest)
    }
}

/// Something that happens at an instant, in the order in which it was noted.
pub(super) struct Agenda<T> {
    items: BTreeMap<(Instant, u64), T>,
    noted: u64,
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self {
            items: BTreeMap::new(),
            noted: 0,
        }
    }
}

impl<T> Agenda<T> {
    pub(super) fn note(&mut self, at: Instant, item: T) {
        self.noted += 1;
        self.items.insert((at, self.noted), item);
    }

    pub(super) fn next_at(&self) -> Option<Instant> {
        self.items.keys().next().map(|(at, _)| *at)
    }

    /// What is due.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<T> {
        let due = self.next_at().is_some_and(|at| at <= now);
        let first = due.then(|| self.items.pop_first());
        first.flatten().map(|(_, item)| item)
    }
}

/// Messages under way.
pub(super) type Mail = Agenda<(usize, Verified)>;
