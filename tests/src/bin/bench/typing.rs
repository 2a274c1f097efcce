//! What somebody who types does: the program on the far side, and the pace.

use crate::results::Metrics;
use std::time::Duration;

/// Run under a terminal: says that it is there and gives every key back, one byte for one.
pub(crate) const COMMAND: &str = "stty raw -echo; printf ready; exec cat";

/// What [`COMMAND`] says first.
pub(crate) const READY: &str = "ready";

/// Between a key's coming back and the next key.
pub(crate) const PAUSE: Duration = Duration::from_millis(5);

/// Figures under names that begin with something.
pub(crate) fn prefixed(prefix: &str, metrics: Metrics) -> Metrics {
    let named = metrics.into_iter();
    named
        .map(|(name, value)| (format!("{prefix}_{name}"), value))
        .collect()
}
