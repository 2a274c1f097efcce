//! Keeps idle connections alive and finds out when the server is gone.

use super::interrupt::{Abort, GiveUpOnDrop};
use super::link::Link;
use super::pool::Pool;
use std::sync::Arc;
use std::time::Duration;

/// Shortest time between two probes: more often annoys servers, which log each `NOOP`.
pub(super) const MIN_INTERVAL: Duration = Duration::from_secs(15);
/// Connections beyond the first that nobody used for this long are closed.
const SURPLUS_AGE: Duration = Duration::from_secs(60);

/// Probes the pool's idle connections until the pool is closed.
pub(super) async fn run(pool: Arc<Pool>, interval: Duration) {
    loop {
        tokio::select! {
            () = pool.closing().cancelled() => return,
            () = tokio::time::sleep(interval) => {}
        }
        let abort = Abort::default();
        let _guard = GiveUpOnDrop(abort.clone());
        let probed = pool.clone();
        let probe = tokio::task::spawn_blocking(move || probe(&probed, interval, &abort));
        tokio::select! {
            () = pool.closing().cancelled() => return,
            _ = probe => {}
        }
    }
}

/// One round: every connection idle since the last one is asked to answer. When none is
/// left, one is opened; when that fails too, the session is dead until an operation
/// succeeds again.
fn probe(pool: &Pool, interval: Duration, abort: &Abort) {
    let mut kept = false;
    for mut link in pool.take_older(interval) {
        let surplus = kept && link.idle_since().elapsed() > SURPLUS_AGE;
        // Being asked is not being used: it keeps its age.
        if surplus || !answers(&mut link, abort) {
            pool.discard(link);
        } else {
            pool.put_back(link);
            kept = true;
        }
        abort.detach();
    }
    if pool.open_count() > 0 {
        return;
    }
    match pool.open(abort) {
        Ok(link) => {
            abort.detach();
            pool.give_back(link);
        }
        Err(_) if abort.is_given_up() => {}
        Err(error) => {
            tracing::debug!(%error, "the FTP server is gone");
            pool.mark_dead();
        }
    }
}

fn answers(link: &mut Link, abort: &Abort) -> bool {
    abort.attach(link.interrupt());
    !link.interrupt().has_unread()
        && link.expect("keepalive", "NOOP", &[200]).is_ok()
        && link.is_usable()
}
