//! The zone of a server's `LIST`, learned by asking `MDTM` for one of the files in it.
//!
//! `LIST` gives times in the server's own zone and does not say which, while `MDTM` is UTC
//! (RFC 3659 section 3). The difference for one file is the zone, asked for once per login.
//!
//! One zone is all that is learned, that of the youngest file: where clocks change with the
//! seasons, a server that shows each file by the clock of its day (ProFTPD with `TimesGMT
//! off` and Pure-FTPd do) is an hour off for files of the other season. vsftpd with
//! `use_localtime=YES` gives its own time in `MDTM` too, against the RFC: its zone cannot be
//! learned, and its times stay as it sends them.

use super::link::Link;
use super::listing::Listed;
use super::lookup;
use super::reply::WireResult;
use crate::fs::FileType;
use crate::path::RemotePath;
use std::sync::atomic::{AtomicI32, AtomicU8, Ordering};
use std::time::{Duration, SystemTime};

/// Files asked for in one login: a second one in case the first was just being written.
const MAX_TRIES: u8 = 2;
/// Zones lie at multiples of this, in seconds.
const STEP: i64 = 15 * 60;
/// How far from such a multiple the two times of a file may be: `LIST` leaves the seconds
/// out, and the file may have been written to in between.
const TOLERANCE: i64 = 5 * 60;
/// The zones there are, in seconds east of UTC.
const ZONES: std::ops::RangeInclusive<i64> = -12 * 3600..=14 * 3600;
const UNKNOWN: i32 = i32::MIN;

/// What is known of a server's zone.
#[derive(Debug)]
pub(super) struct Zone {
    east: AtomicI32,
    tries: AtomicU8,
}

impl Default for Zone {
    fn default() -> Self {
        Self {
            east: AtomicI32::new(UNKNOWN),
            tries: AtomicU8::new(0),
        }
    }
}

impl Zone {
    /// Seconds east of UTC; 0 as long as nothing is known.
    fn east(&self) -> i64 {
        match self.east.load(Ordering::Relaxed) {
            UNKNOWN => 0,
            east => i64::from(east),
        }
    }

    /// Whether it is to be learned still.
    pub(super) fn is_wanted(&self) -> bool {
        self.east.load(Ordering::Relaxed) == UNKNOWN
            && self.tries.load(Ordering::Relaxed) < MAX_TRIES
    }

    /// Moves a time of the server's zone to UTC.
    pub(super) fn correct(&self, listed: &mut Listed) {
        if listed.local {
            let modified = listed.entry.metadata.modified;
            listed.entry.metadata.modified = modified.and_then(|time| shifted(time, -self.east()));
        }
    }

    /// Asks for the times of candidates until one tells the zone.
    pub(super) fn learn(
        &self,
        link: &mut Link,
        operation: &'static str,
        directory: &RemotePath,
        candidates: &Candidates,
    ) -> WireResult<()> {
        for (time, path) in candidates.paths(directory) {
            if !self.is_wanted() {
                break;
            }
            self.tries.fetch_add(1, Ordering::Relaxed);
            let exact = lookup::modified(link, operation, &path)?;
            let Some(east) = exact.and_then(|exact| between(time, exact)) else {
                tracing::debug!(path = %path, "LIST and MDTM differ by no time zone");
                continue;
            };
            tracing::debug!(seconds_east = east, "the zone of the server's LIST");
            self.east
                .store(i32::try_from(east).unwrap_or(UNKNOWN), Ordering::Relaxed);
        }
        Ok(())
    }
}

/// The youngest files of a listing, which tell today's zone.
#[derive(Debug, Default)]
pub(super) struct Candidates(Vec<Listed>);

impl Candidates {
    /// Looks at one more entry.
    pub(super) fn consider(&mut self, listed: &Listed) {
        let entry = &listed.entry;
        if !listed.local
            || entry.metadata.file_type != FileType::File
            || !entry.name.is_plain()
            // A line end in a name would start another command.
            || entry.name.as_bytes().iter().any(|b| matches!(b, b'\r' | b'\n'))
        {
            return;
        }
        let time = |listed: &Listed| std::cmp::Reverse(listed.entry.metadata.modified);
        let at = self.0.partition_point(|known| time(known) <= time(listed));
        if at < usize::from(MAX_TRIES) {
            self.0.insert(at, listed.clone());
            self.0.truncate(usize::from(MAX_TRIES));
        }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn paths(&self, directory: &RemotePath) -> impl Iterator<Item = (SystemTime, RemotePath)> {
        self.0.iter().filter_map(|listed| {
            let path = directory.join(&listed.entry.name).ok()?;
            Some((listed.entry.metadata.modified?, path))
        })
    }
}

/// The zone that lies between a time of `LIST`, read as UTC, and the exact one; `None` when
/// no zone does.
fn between(listed: SystemTime, exact: SystemTime) -> Option<i64> {
    let seconds = |span: Duration| i64::try_from(span.as_secs()).ok();
    let apart = match listed.duration_since(exact) {
        Ok(ahead) => seconds(ahead)?,
        Err(error) => -seconds(error.duration())?,
    };
    let east = (apart + STEP / 2).div_euclid(STEP) * STEP;
    ((apart - east).abs() <= TOLERANCE && ZONES.contains(&east)).then_some(east)
}

fn shifted(time: SystemTime, seconds: i64) -> Option<SystemTime> {
    let span = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 {
        time.checked_sub(span)
    } else {
        time.checked_add(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ftp::listing::{Form, Listing};

    fn at(seconds: i64) -> SystemTime {
        shifted(
            SystemTime::UNIX_EPOCH,
            1_790_000_000 / STEP * STEP + seconds,
        )
        .unwrap()
    }

    #[test]
    fn only_a_zone_is_taken_for_one() {
        const HOUR: i64 = 3600;
        for (listed, exact, want) in [
            (0, 0, Some(0)),
            // LIST left 59 seconds out.
            (0, 59, Some(0)),
            (5 * HOUR + 1800, 31, Some(5 * HOUR + 1800)),
            (5 * HOUR + 2700, 59, Some(5 * HOUR + 2700)),
            (-8 * HOUR, 59, Some(-8 * HOUR)),
            (14 * HOUR, 0, Some(14 * HOUR)),
            (-12 * HOUR, 59, Some(-12 * HOUR)),
            // Written to since, and long since.
            (HOUR, 200, Some(HOUR)),
            (HOUR, 420, None),
            (15 * HOUR, 0, None),
            (-13 * HOUR, 0, None),
            (365 * 24 * HOUR, 0, None),
        ] {
            assert_eq!(between(at(listed), at(exact)), want, "{listed} {exact}");
        }
    }

    #[test]
    fn the_youngest_files_with_a_time_of_day_are_asked_for() {
        let mut candidates = Candidates::default();
        let now = at(0);
        let mut listing = Listing::new(Form::List, now);
        for line in [
            "-rw-r--r-- 1 a b 1 2020-01-01 10:00 old",
            "-rw-r--r-- 1 a b 1 2026-01-03 10:00 young",
            "-rw-r--r-- 1 a b 1 2026-01-04 10:00 a/b",
            "-rw-r--r-- 1 a b 1 Jan  5  2026 day",
            "drwxr-xr-x 1 a b 1 2026-01-06 10:00 directory",
            "-rw-r--r-- 1 a b 1 2026-01-02 10:00 second",
            "-rw-r--r-- 1 a b 1 2026-01-07 10:00:00 +0100 exact",
        ] {
            for listed in listing.line(line.as_bytes()).iter().flatten() {
                candidates.consider(listed);
            }
        }
        let paths: Vec<_> = candidates
            .paths(&RemotePath::root())
            .map(|(_, path)| path.to_text())
            .collect();
        assert_eq!(paths, ["/young", "/second"]);
    }
}
