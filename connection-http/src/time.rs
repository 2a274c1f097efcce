//! Times: as the contract writes them, the server's local time in whole seconds without a
//! zone; and as the extension routes do, in UTC.

use chrono::{DateTime, Local, SecondsFormat, Timelike, Utc};
use std::time::{Duration, SystemTime};

/// `YYYY-MM-DDTHH:MM:SS` in local time.
pub(crate) fn local(moment: DateTime<Utc>) -> String {
    let whole = moment.with_nanosecond(0).unwrap_or(moment);
    // Documented as the same as `%Y-%m-%dT%H:%M:%S%.f`, without a format to be read each
    // time: a fifth of the work of listing twenty sessions was that.
    format!("{:?}", whole.with_timezone(&Local).naive_local())
}

/// [`local`] of a file's time; empty when it is unknown or beyond the calendar. A server
/// may send any number as a time, so nothing here may overflow.
pub(crate) fn local_file_time(moment: Option<SystemTime>) -> String {
    moment.and_then(in_calendar).map(local).unwrap_or_default()
}

fn in_calendar(moment: SystemTime) -> Option<DateTime<Utc>> {
    let seconds = match moment.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).ok(),
        Err(before) => i64::try_from(before.duration().as_secs())
            .ok()
            .and_then(i64::checked_neg),
    };
    seconds
        .and_then(|s| DateTime::from_timestamp(s, 0))
        // Years beyond four digits would break the format's width.
        .filter(|t| (-62_135_596_800..253_402_214_400).contains(&t.timestamp()))
}

/// A file's time as RFC 3339 in UTC, whole seconds; `None` beyond the calendar.
pub(crate) fn rfc3339(moment: SystemTime) -> Option<String> {
    in_calendar(moment).map(|t| t.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// A time written as RFC 3339, in any zone; `None` when it is none.
pub(crate) fn from_rfc3339(text: &str) -> Option<SystemTime> {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(SystemTime::from)
}

/// Whole seconds left of an idle time. The contract's clock runs from the moment of the
/// request, so a session just used shows 1799 of its 1800 seconds, never 1800.
pub(crate) fn remaining_seconds(remaining: Duration) -> u64 {
    remaining.saturating_sub(Duration::from_millis(1)).as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_session_has_one_second_less_than_its_timeout() {
        assert_eq!(remaining_seconds(Duration::from_secs(1800)), 1799);
        assert_eq!(remaining_seconds(Duration::from_millis(1500)), 1);
        assert_eq!(remaining_seconds(Duration::ZERO), 0);
    }

    #[test]
    fn local_times_are_whole_seconds_of_a_fixed_width() {
        for (seconds, nanos) in [(0, 0), (1_709_168_523, 999_999_999), (253_402_000_000, 1)] {
            let moment = DateTime::from_timestamp(seconds, nanos).unwrap();
            let format = moment
                .with_timezone(&Local)
                .format("%Y-%m-%dT%H:%M:%S")
                .to_string();
            assert_eq!(local(moment), format);
        }
    }

    #[test]
    fn absurd_times_are_unknown_times() {
        let far = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(1 << 60));
        assert_eq!(local_file_time(far), "");
        assert_eq!(local_file_time(None), "");
        let epoch = local_file_time(Some(SystemTime::UNIX_EPOCH));
        assert_eq!(epoch.len(), "1970-01-01T00:00:00".len());
    }

    #[test]
    fn times_of_the_extension_routes_are_utc() {
        let moment = from_rfc3339("2024-02-29T01:02:03+02:00").unwrap();
        assert_eq!(rfc3339(moment).unwrap(), "2024-02-28T23:02:03Z");
        let before = from_rfc3339("1969-12-31T23:59:59Z").unwrap();
        assert_eq!(rfc3339(before).unwrap(), "1969-12-31T23:59:59Z");
        for no in ["", "2024-02-29", "2024-02-30T00:00:00Z", "now"] {
            assert!(from_rfc3339(no).is_none(), "{no}");
        }
        let far = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 60);
        assert_eq!(rfc3339(far), None);
    }
}
