//! How many bytes to keep in flight.
//!
//! As many as the way there and back needs, and no more: bytes queued beyond that only
//! stand in the way of others on the same connection. What is queued shows in how long
//! replies take. The shortest wait ever seen is the way itself; of a longer one, the
//! difference was spent in queues, and that share of the window waits there. This is how
//! TCP Vegas finds its window (Brakmo and Peterson, IEEE JSAC 13(8), 1995): it doubles
//! until enough waits, then goes up or down a little each round. Now and then the queues
//! are let run empty to measure the way anew, because lines change.
//!
//! Measured speed would be the simpler guide, and drifts: between processes that take turns
//! on few cores one round in some is faster by luck, and each such round doubles a window
//! that nothing brings down again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Most bytes one transfer holds: in flight and received but not taken.
pub(super) const MAX_WINDOW: usize = 8 * 1024 * 1024;

/// Bytes that wait at the server for all transfers of a session together, so that it never
/// waits itself: one process there encrypts and another reads the file. More transfers
/// share them, since each byte that waits also stands before somebody's next listing.
const QUEUED: usize = 2 * 1024 * 1024;

/// What waits is served within this time, on a line too slow for that many bytes.
const DELAY: Duration = Duration::from_millis(10);

/// Requests of one transfer that wait at the server at least.
const MIN_REQUESTS: usize = 2;

/// How often the way is measured anew.
const PROBE_EVERY: Duration = Duration::from_secs(10);

/// The transfers of a session.
#[derive(Debug, Default)]
pub(super) struct Transfers(Arc<AtomicUsize>);

impl Transfers {
    /// One more, as long as what comes back is kept.
    pub(super) fn join(&self) -> Transfer {
        self.0.fetch_add(1, Ordering::Relaxed);
        Transfer(self.0.clone())
    }
}

/// One of the transfers.
#[derive(Debug)]
pub(super) struct Transfer(Arc<AtomicUsize>);

impl Transfer {
    /// Its part of what waits at the server.
    fn share(&self) -> usize {
        QUEUED / self.0.load(Ordering::Relaxed).max(1)
    }
}

impl Drop for Transfer {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The window of one transfer.
#[derive(Debug)]
pub(super) struct Pace {
    /// Bytes of a request: a step.
    chunk: usize,
    transfer: Transfer,
    window: usize,
    /// What came since the round began. A round is a window of bytes.
    round: usize,
    /// Shortest wait of this round, among replies that had to be waited for.
    wait: Option<Duration>,
    /// Shortest wait of all since the last probe: the way there and back.
    way: Option<Duration>,
    /// Doubling, since nothing has queued yet.
    opening: bool,
    probe: Probe,
    probed: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Probe {
    No,
    /// The queues run empty; then this window is taken up again.
    Emptying(usize),
    /// What comes now was asked for with empty queues.
    Measuring(usize),
}

impl Pace {
    /// A pace for requests of `chunk` bytes.
    pub(super) fn new(chunk: usize, transfer: Transfer) -> Self {
        let chunk = chunk.clamp(1, MAX_WINDOW / 4);
        Self {
            chunk,
            transfer,
            window: MIN_REQUESTS * chunk,
            round: 0,
            wait: None,
            way: None,
            opening: true,
            probe: Probe::No,
            probed: None,
        }
    }

    /// Bytes that should wait at the server, when a window takes so long.
    fn queue(&self, wait: Duration) -> usize {
        let in_time = portion(self.window, DELAY, wait);
        let smallest = MIN_REQUESTS * self.chunk;
        self.transfer.share().min(in_time).max(smallest)
    }

    /// Bytes that may be in flight.
    pub(super) fn window(&self) -> usize {
        self.window
    }

    /// The way there and back as far as it is known: the shortest wait of all.
    pub(super) fn way(&self) -> Option<Duration> {
        self.way
    }

    /// There are so many times the channels now, each of which takes what one did. What is
    /// in flight tells of before, and the round begins anew.
    pub(super) fn widen(&mut self, times: usize) {
        if self.probe == Probe::No {
            self.opening = true;
            self.window = self.window.saturating_mul(times).min(MAX_WINDOW);
            self.round = 0;
            self.wait = None;
        }
    }

    /// `bytes` came through. `wait` is the time since they were asked for, when the caller
    /// had to wait for them: of a reply that lay ready, it is the caller's own.
    pub(super) fn delivered(&mut self, bytes: usize, wait: Option<Duration>, now: Instant) {
        self.wait = match (self.wait, wait) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        self.round = self.round.saturating_add(bytes);
        let whole = match self.probe {
            Probe::Emptying(before) => before,
            Probe::No | Probe::Measuring(_) => self.window,
        };
        if self.round < whole {
            return;
        }
        self.round = 0;
        // A caller that never waited is the slow one: nothing is learned of the line.
        if let Some(wait) = self.wait.take() {
            self.end_round(wait, now);
        }
    }

    fn end_round(&mut self, wait: Duration, now: Instant) {
        match self.probe {
            Probe::No => self.adjust(wait),
            Probe::Emptying(before) => {
                self.probe = Probe::Measuring(before);
                return;
            }
            Probe::Measuring(before) => {
                self.window = before;
                self.probe = Probe::No;
                self.learn(wait, now);
            }
        }
        let probed = *self.probed.get_or_insert(now);
        if now.saturating_duration_since(probed) < PROBE_EVERY {
            return;
        }
        let smallest = MIN_REQUESTS * self.chunk;
        if self.window > smallest {
            self.probe = Probe::Emptying(self.window);
            self.window = smallest;
        } else {
            // The queues are as empty as they get.
            self.learn(wait, now);
        }
    }

    /// Takes the way as it was just measured.
    fn learn(&mut self, wait: Duration, now: Instant) {
        self.way = Some(wait);
        self.opening = true;
        self.probed = Some(now);
    }

    fn adjust(&mut self, wait: Duration) {
        let way = self.way.map_or(wait, |way| way.min(wait));
        self.way = Some(way);
        let queued = self.window.saturating_sub(portion(self.window, way, wait));
        let queue = self.queue(wait);
        if queued < queue {
            let larger = match self.opening {
                true => self.window * 2,
                false => self.window + self.chunk,
            };
            self.window = larger.min(MAX_WINDOW);
        } else {
            self.opening = false;
            if queued > queue + queue / 2 {
                self.window -= (queued - queue) / 2;
            }
        }
    }
}

/// What of a window that takes `whole` goes through in `part` of that time.
fn portion(window: usize, part: Duration, whole: Duration) -> usize {
    let bytes = (window as u128).saturating_mul(part.as_nanos());
    let portion = bytes
        .checked_div(whole.as_nanos())
        .unwrap_or(window as u128);
    usize::try_from(portion).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNK: usize = 256 * 1024;

    /// Runs a transfer over a line of this round trip and speed, for so many rounds.
    fn run(
        pace: &mut Pace,
        now: &mut Instant,
        round_trip: Duration,
        bytes_per_second: f64,
        rounds: u32,
    ) {
        for _ in 0..rounds {
            let window = pace.window();
            let sending = Duration::from_secs_f64(window as f64 / bytes_per_second);
            let one = Duration::from_secs_f64(CHUNK as f64 / bytes_per_second);
            let wait = sending.max(round_trip + one);
            let requests = u32::try_from(window / CHUNK).unwrap();
            for _ in 0..requests {
                *now += wait / requests;
                pace.delivered(CHUNK, Some(wait), *now);
            }
        }
    }

    #[test]
    fn a_long_fast_line_gets_a_large_window() {
        let mut now = Instant::now();
        let mut pace = Pace::new(CHUNK, Transfers::default().join());
        run(&mut pace, &mut now, Duration::from_millis(50), 500e6, 5);
        assert_eq!(pace.window(), MAX_WINDOW);
    }

    #[test]
    fn a_slow_line_is_not_filled_with_a_queue() {
        let mut now = Instant::now();
        let mut pace = Pace::new(CHUNK, Transfers::default().join());
        run(&mut pace, &mut now, Duration::from_millis(20), 1e6, 100);
        assert!(pace.window() <= 5 * CHUNK, "{}", pace.window());
    }

    #[test]
    fn no_round_trip_needs_no_queue() {
        let mut now = Instant::now();
        let mut pace = Pace::new(CHUNK, Transfers::default().join());
        run(&mut pace, &mut now, Duration::from_micros(100), 600e6, 1000);
        assert!(pace.window() <= 14 * CHUNK, "{}", pace.window());
        assert!(pace.window() >= 8 * CHUNK, "{}", pace.window());
    }

    #[test]
    fn transfers_share_what_waits() {
        let mut now = Instant::now();
        let session = Transfers::default();
        let others: Vec<_> = (0..3).map(|_| session.join()).collect();
        let mut pace = Pace::new(CHUNK, session.join());
        run(&mut pace, &mut now, Duration::from_micros(100), 150e6, 1000);
        assert!(pace.window() <= 4 * CHUNK, "{}", pace.window());
        drop(others);
        run(&mut pace, &mut now, Duration::from_micros(100), 600e6, 1000);
        assert!(pace.window() >= 8 * CHUNK, "{}", pace.window());
    }

    #[test]
    fn a_line_that_becomes_long_is_noticed() {
        let mut now = Instant::now();
        let mut pace = Pace::new(CHUNK, Transfers::default().join());
        run(&mut pace, &mut now, Duration::from_millis(1), 500e6, 400);
        // Longer than a probe is away, and not to be met in the middle of one.
        let mut largest = 0;
        for _ in 0..60 {
            run(&mut pace, &mut now, Duration::from_millis(100), 500e6, 5);
            largest = largest.max(pace.window());
        }
        assert_eq!(largest, MAX_WINDOW);
    }

    #[test]
    fn more_channels_carry_more_and_a_line_that_does_not_is_not_filled() {
        let way = Duration::from_millis(50);
        let mut now = Instant::now();
        let mut pace = Pace::new(CHUNK, Transfers::default().join());
        // A channel that takes 2 MiB and then waits for the way there and back.
        run(&mut pace, &mut now, way, 40e6, 20);
        assert!(pace.window() < 3 << 20, "{}", pace.window());
        assert_eq!(pace.way().unwrap().as_millis(), 56);
        let mut other = Pace::new(CHUNK, Transfers::default().join());
        run(&mut other, &mut now, way, 40e6, 20);
        pace.widen(4);
        run(&mut pace, &mut now, way, 160e6, 5);
        assert!(pace.window() > 7 << 20, "{}", pace.window());
        other.widen(4);
        run(&mut other, &mut now, way, 40e6, 20);
        assert!(other.window() < 3 << 20, "{}", other.window());
    }

    #[test]
    fn a_slow_caller_never_grows_it() {
        let mut pace = Pace::new(CHUNK, Transfers::default().join());
        let mut now = Instant::now();
        for _ in 0..1000 {
            now += Duration::from_millis(10);
            pace.delivered(64 * 1024, None, now);
        }
        assert_eq!(pace.window(), 2 * CHUNK);
    }
}
