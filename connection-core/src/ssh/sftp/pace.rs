//! How many bytes to keep in flight.
//!
//! As many as the way there and back needs, and no more: bytes queued beyond that only
//! stand in the way of others on the same connection. The window is doubled as long as the
//! caller waits for the server *and* the last doubling made the transfer faster; a doubling
//! that gained nothing is taken back, and tried again later, because lines change.

use std::time::{Duration, Instant};

/// Most bytes one transfer holds: in flight and received but not taken.
pub(super) const MAX_WINDOW: usize = 8 * 1024 * 1024;

/// A doubling must bring this much to be kept; less is noise.
const GAIN: f64 = 1.1;

/// Rounds at a settled window before a larger one is tried again.
const SETTLED_ROUNDS: u32 = 16;

/// A shorter round says nothing about speed: it is over before a scheduler's turn.
const SHORTEST_ROUND: Duration = Duration::from_millis(2);

/// The window of one transfer.
#[derive(Debug)]
pub(super) struct Pace {
    window: usize,
    /// What came since the round began.
    round: usize,
    round_start: Option<Instant>,
    waited: bool,
    /// Bytes per second at the window before the last doubling.
    rate: f64,
    /// The window to go back to, while a doubled one is on trial.
    trial_of: Option<usize>,
    settled: u32,
}

impl Pace {
    /// A pace that starts with a window of `start` bytes.
    pub(super) fn new(start: usize) -> Self {
        Self {
            window: start.min(MAX_WINDOW),
            round: 0,
            round_start: None,
            waited: false,
            rate: 0.0,
            trial_of: None,
            // The first round's rate is the measure; the next one is a trial.
            settled: SETTLED_ROUNDS,
        }
    }

    /// Bytes that may be in flight.
    pub(super) fn window(&self) -> usize {
        self.window
    }

    /// `bytes` came through; `waited` when the caller had to wait for them.
    pub(super) fn delivered(&mut self, bytes: usize, waited: bool, now: Instant) {
        let start = *self.round_start.get_or_insert(now);
        self.round = self.round.saturating_add(bytes);
        self.waited |= waited;
        let elapsed = now.saturating_duration_since(start);
        if self.round < self.window || elapsed < SHORTEST_ROUND {
            return;
        }
        #[allow(
            clippy::cast_precision_loss,
            reason = "a rate is a measurement, not a count"
        )]
        let rate = self.round as f64 / elapsed.as_secs_f64();
        // A caller that never waited is the slow one: its speed says nothing of the line.
        if self.waited {
            self.end_round(rate);
        }
        self.round = 0;
        self.round_start = Some(now);
        self.waited = false;
    }

    fn end_round(&mut self, rate: f64) {
        match self.trial_of.take() {
            Some(before) if rate < self.rate * GAIN => {
                self.window = before;
                self.settled = 0;
            }
            Some(_) => self.try_larger(rate),
            None => {
                self.settled += 1;
                if self.settled > SETTLED_ROUNDS {
                    self.try_larger(rate);
                }
            }
        }
    }

    fn try_larger(&mut self, rate: f64) {
        self.rate = rate;
        if self.window < MAX_WINDOW {
            self.trial_of = Some(self.window);
            self.window = (self.window * 2).min(MAX_WINDOW);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a transfer over a line of this round trip and speed.
    fn run(pace: &mut Pace, round_trip: Duration, bytes_per_second: f64, rounds: u32) {
        let mut now = Instant::now();
        for _ in 0..rounds {
            let window = pace.window();
            let sending = Duration::from_secs_f64(window as f64 / bytes_per_second);
            let took = sending.max(round_trip);
            for _ in 0..8 {
                now += took / 8;
                pace.delivered(window / 8, true, now);
            }
        }
    }

    #[test]
    fn a_long_fast_line_gets_a_large_window() {
        let mut pace = Pace::new(256 * 1024);
        run(&mut pace, Duration::from_millis(50), 500e6, 40);
        assert_eq!(pace.window(), MAX_WINDOW);
    }

    #[test]
    fn a_slow_line_is_not_filled_with_a_queue() {
        let mut pace = Pace::new(256 * 1024);
        run(&mut pace, Duration::from_millis(20), 1e6, 10);
        assert_eq!(pace.window(), 256 * 1024);
    }

    #[test]
    fn a_line_that_becomes_long_is_noticed() {
        let mut pace = Pace::new(256 * 1024);
        run(&mut pace, Duration::from_millis(1), 50e6, 40);
        let before = pace.window();
        run(&mut pace, Duration::from_millis(100), 500e6, 200);
        assert!(pace.window() > before * 4, "{} {before}", pace.window());
    }

    #[test]
    fn a_slow_caller_never_grows_it() {
        let mut pace = Pace::new(256 * 1024);
        let mut now = Instant::now();
        for _ in 0..1000 {
            now += Duration::from_millis(10);
            pace.delivered(64 * 1024, false, now);
        }
        assert_eq!(pace.window(), 256 * 1024);
    }
}
