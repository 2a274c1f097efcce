//! Copying on the server with `copy-data` (OpenSSH's PROTOCOL; since 9.0), so that no byte
//! crosses the network.
//!
//! A server copies while it answers nothing else: OpenSSH's has one process for a whole
//! session. So a file is copied in ranges, each as large as the server's disk manages in a
//! fraction of a second, and what else is asked for gets its turn between two of them.

use super::call::OpenHandle;
use super::request::Request;
use super::status::{Fault, Status};
use std::time::{Duration, Instant};

/// The first range, and the bounds of all: small enough for a disk of 10 MB/s to be done
/// with one before anybody minds, large enough not to feel a round trip of 100 ms.
const FIRST: u64 = 4 << 20;
const SMALLEST: u64 = 1 << 20;
const LARGEST: u64 = 64 << 20;

/// A range that took less is followed by a larger one, one that took more by a smaller.
const QUICK: Duration = Duration::from_millis(100);
const LONG: Duration = Duration::from_millis(300);

/// What stopped a copy.
#[derive(Debug)]
pub(super) enum Stopped {
    /// The server refused the first range: nothing was copied that counts.
    Refused(Status),
    /// The first file ended early.
    Ended(Fault),
    /// Something else, with the length of the range that failed.
    Failed(Fault, u64),
}

/// Copies `length` bytes from the beginning of one file to `at` in another.
pub(super) async fn copy(
    from: &OpenHandle,
    length: u64,
    to: &OpenHandle,
    at: u64,
) -> Result<(), Stopped> {
    let mut done = 0;
    let mut range = FIRST;
    while done < length {
        let now = range.min(length - done);
        let request = Request::CopyData {
            from: from.bytes(),
            offset: done,
            length: now,
            to: to.bytes(),
            at: at.saturating_add(done),
        };
        let began = Instant::now();
        match to.client().perform(request).await {
            Ok(()) => done += now,
            Err(fault) if fault.code() == Some(super::status::END_OF_FILE) => {
                return Err(Stopped::Ended(fault));
            }
            Err(Fault::Status(status)) if done == 0 => return Err(Stopped::Refused(status)),
            Err(fault) => return Err(Stopped::Failed(fault, now)),
        }
        range = next_range(range, began.elapsed());
    }
    Ok(())
}

fn next_range(range: u64, took: Duration) -> u64 {
    let range = if took < QUICK {
        range.saturating_mul(2)
    } else if took > LONG {
        range / 2
    } else {
        range
    };
    range.clamp(SMALLEST, LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_takes_a_fraction_of_a_second() {
        // Bytes a second, and the bounds of what is asked for once it is known.
        for (speed, least, most) in [
            (1e9, LARGEST, LARGEST),
            (100e6, 8 << 20, 64 << 20),
            (10e6, SMALLEST, 4 << 20),
            (1e5, SMALLEST, SMALLEST),
        ] {
            let mut range = FIRST;
            for _ in 0..20 {
                range = next_range(range, Duration::from_secs_f64(range as f64 / speed));
            }
            assert!((least..=most).contains(&range), "{speed}: {range}");
        }
    }
}
