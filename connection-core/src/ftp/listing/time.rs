//! Times of listings.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use std::time::SystemTime;

/// A calendar date and time taken as UTC.
pub(super) fn system_time(date: NaiveDate, time: NaiveTime) -> SystemTime {
    NaiveDateTime::new(date, time).and_utc().into()
}

/// The year of a date that came without one: the latest in which it is not in the future.
/// A day is left for clocks and zones; 29 February goes back to the last leap year.
pub(super) fn date_without_year(month: u32, day: u32, now: SystemTime) -> Option<NaiveDate> {
    let today = DateTime::<Utc>::from(now).date_naive();
    let latest = today.checked_add_signed(TimeDelta::days(1))?;
    (0..=8)
        .filter_map(|back| NaiveDate::from_ymd_opt(latest.year() - back, month, day))
        .find(|date| *date <= latest)
}

/// `14:05`, `14:05:07`, `14:05:07.123`, and with `AM` or `PM` behind it.
pub(super) fn clock(text: &[u8]) -> Option<NaiveTime> {
    let (text, half) = match text
        .len()
        .checked_sub(2)
        .and_then(|at| text.split_at_checked(at))
    {
        Some((clock, mark)) if mark.eq_ignore_ascii_case(b"AM") => (clock, Some(0)),
        Some((clock, mark)) if mark.eq_ignore_ascii_case(b"PM") => (clock, Some(12)),
        _ => (text, None),
    };
    let mut parts = text.split(|b| *b == b':');
    let hour: u32 = super::number(parts.next()?)?;
    let minute = super::number(parts.next()?)?;
    let second = match parts.next() {
        None => 0,
        Some(second) => super::number(second.split(|b| *b == b'.').next()?)?,
    };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) => hour % 12 + half,
    };
    parts
        .next()
        .is_none()
        .then(|| NaiveTime::from_hms_opt(hour, minute, second.min(59)))?
}

/// `2024-02-29`.
pub(super) fn iso_date(text: &[u8]) -> Option<NaiveDate> {
    let mut parts = text.split(|b| *b == b'-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || parts.next().is_some() {
        return None;
    }
    NaiveDate::from_ymd_opt(
        super::number(year)?,
        super::number(month)?,
        super::number(day)?,
    )
}

/// `YYYYMMDDHHMMSS[.fraction]`, UTC (RFC 3659 section 2.3).
pub(super) fn time_val(text: &[u8]) -> Option<SystemTime> {
    let (whole, fraction) = match text.iter().position(|b| *b == b'.') {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?),
        None => (text, &b""[..]),
    };
    if whole.len() != 14 {
        return None;
    }
    let part = |from, to| whole.get(from..to).and_then(super::number::<u32>);
    let date = NaiveDate::from_ymd_opt(super::number(whole.get(..4)?)?, part(4, 6)?, part(6, 8)?)?;
    let mut nanos = 0;
    let mut unit = 100_000_000;
    for digit in fraction.iter().take(9) {
        if !digit.is_ascii_digit() {
            return None;
        }
        nanos += u32::from(digit - b'0') * unit;
        unit /= 10;
    }
    // 60 is a leap second.
    let time =
        NaiveTime::from_hms_nano_opt(part(8, 10)?, part(10, 12)?, part(12, 14)?.min(59), nanos)?;
    Some(system_time(date, time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(time: SystemTime) -> String {
        DateTime::<Utc>::from(time)
            .format("%Y-%m-%dT%H:%M:%S%.f")
            .to_string()
    }

    fn at(text: &str) -> SystemTime {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc().into()
    }

    #[test]
    fn the_year_is_the_latest_possible() {
        let now = at("2026-03-01T12:00:00Z");
        let year = |m, d| date_without_year(m, d, now).unwrap().to_string();
        assert_eq!(year(3, 1), "2026-03-01");
        assert_eq!(year(3, 2), "2026-03-02");
        assert_eq!(year(3, 3), "2025-03-03");
        assert_eq!(year(12, 31), "2025-12-31");
        assert_eq!(year(2, 29), "2024-02-29");
        assert!(date_without_year(2, 30, now).is_none());
        let eve = at("2025-12-31T23:00:00Z");
        assert_eq!(
            date_without_year(1, 1, eve).unwrap().to_string(),
            "2026-01-01"
        );
    }

    #[test]
    fn time_vals() {
        assert_eq!(
            shown(time_val(b"20240229235960").unwrap()),
            "2024-02-29T23:59:59"
        );
        assert_eq!(
            shown(time_val(b"19691231235959.25").unwrap()),
            "1969-12-31T23:59:59.250"
        );
        for bad in [
            &b"2024022923595"[..],
            b"20240230000000",
            b"x",
            b"",
            b"20240101000000.x",
        ] {
            assert!(time_val(bad).is_none());
        }
    }

    #[test]
    fn clocks() {
        let shown = |text: &[u8]| clock(text).map(|t| t.to_string());
        assert_eq!(shown(b"12:30AM").as_deref(), Some("00:30:00"));
        assert_eq!(shown(b"12:30PM").as_deref(), Some("12:30:00"));
        assert_eq!(shown(b"11:32pm").as_deref(), Some("23:32:00"));
        assert_eq!(shown(b"23:05:06.99").as_deref(), Some("23:05:06"));
        for bad in [&b"2024"[..], b"24:00", b"0:00PM", b"1:2:3:4", b"", b":"] {
            assert!(clock(bad).is_none(), "{bad:?}");
        }
    }
}
