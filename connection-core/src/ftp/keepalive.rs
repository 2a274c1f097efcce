//! Keeps idle connections alive, ends those that are not needed any more, and finds out when
//! the server is gone. Connections in use are left alone: a command between those of a
//! transfer would put the replies out of step.

use super::interrupt::{Abort, GiveUpOnDrop};
use super::pool::Pool;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Shortest time between two probes: more often annoys servers, which log each `NOOP`.
pub(super) const MIN_INTERVAL: Duration = Duration::from_secs(15);

/// What is done to idle connections, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Upkeep {
    /// How often each is asked whether it lives; `None` for never.
    pub(super) probe: Option<Duration>,
    /// Those beyond the first that nobody used for this long are closed.
    pub(super) surplus: Duration,
}

impl Upkeep {
    /// With this time between probes.
    pub(super) fn probing(probe: Option<Duration>) -> Self {
        Self {
            probe,
            surplus: Duration::from_secs(60),
        }
    }
}

/// Looks after the pool's idle connections until the pool is closed.
pub(super) async fn run(pool: Arc<Pool>, upkeep: Upkeep) {
    let interval = upkeep
        .probe
        .map_or(upkeep.surplus, |probe| probe.min(upkeep.surplus));
    loop {
        tokio::select! {
            () = pool.closing().cancelled() => return,
            () = tokio::time::sleep(interval) => {}
        }
        let abort = Abort::default();
        let _guard = GiveUpOnDrop(abort.clone());
        let probed = pool.clone();
        let round = tokio::task::spawn_blocking(move || round(&probed, upkeep, &abort));
        tokio::select! {
            () = pool.closing().cancelled() => return,
            _ = round => {}
        }
    }
}

fn round(pool: &Arc<Pool>, upkeep: Upkeep, abort: &Abort) {
    pool.end_surplus(upkeep.surplus);
    let Some(interval) = upkeep.probe else {
        return;
    };
    if let Some(before) = Instant::now().checked_sub(interval) {
        // Each once: one that answered was heard of since.
        while !abort.is_given_up() && pool.probe_one(before, abort) {}
    }
    // With none left, one is opened; when that fails too, the session is dead until an
    // operation succeeds again.
    if pool.census().open == 0 && !abort.is_given_up() {
        pool.reopen(abort);
    }
}
