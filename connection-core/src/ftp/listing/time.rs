//! Times of listings.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use std::time::SystemTime;

/// A time of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The time, read as UTC.
    pub(super) time: SystemTime,
    /// It has a time of day, and that of the server's unknown zone.
    pub(super) local: bool,
}

impl Stamp {
    /// A date and a time of day in the server's zone.
    pub(super) fn local(date: NaiveDate, time: NaiveTime) -> Self {
        Self {
            time: utc(date, time),
            local: true,
        }
    }

    /// A date alone: no zone moves it, or it would show as another day.
    pub(super) fn day(date: NaiveDate) -> Self {
        Self {
            time: utc(date, NaiveTime::MIN),
            local: false,
        }
    }

    /// A date and a time of day so many seconds east of UTC.
    pub(super) fn zoned(date: NaiveDate, time: NaiveTime, east: i64) -> Option<Self> {
        let time = NaiveDateTime::new(date, time).checked_sub_signed(TimeDelta::seconds(east))?;
        Some(Self::exact(time.and_utc().into()))
    }

    /// A point in time.
    pub(super) fn exact(time: SystemTime) -> Self {
        Self { time, local: false }
    }
}

fn utc(date: NaiveDate, time: NaiveTime) -> SystemTime {
    NaiveDateTime::new(date, time).and_utc().into()
}

/// The day a listing is read, for dates without a year.
#[derive(Debug, Clone, Copy)]
pub(super) struct Today {
    latest: NaiveDate,
}

impl Today {
    /// The day of a time, and one more for clocks and zones.
    pub(super) fn at(now: SystemTime) -> Self {
        let today = DateTime::<Utc>::from(now).date_naive();
        Self {
            latest: today
                .checked_add_signed(TimeDelta::days(1))
                .unwrap_or(today),
        }
    }

    /// The latest such day that is not in the future: `ls` leaves the year out of dates of
    /// the last six months, and older servers of the last twelve. 29 February goes back to
    /// the last leap year.
    pub(super) fn last(self, month: u32, day: u32) -> Option<NaiveDate> {
        (0..=8)
            .filter_map(|back| NaiveDate::from_ymd_opt(self.latest.year() - back, month, day))
            .find(|date| *date <= self.latest)
    }
}

/// `14:05`, `14:05:07`, `14:05:07.123`, and with `AM`, `PM`, `a` or `p` behind it.
pub(super) fn clock(text: &[u8]) -> Option<NaiveTime> {
    // Most words of a line are no clock.
    if !text.first()?.is_ascii_digit() {
        return None;
    }
    let (text, half) = halves(text);
    let mut parts = text.split(|b| *b == b':');
    let hour: u32 = super::number(parts.next()?)?;
    let minutes = parts.next()?;
    let minute = (minutes.len() == 2).then(|| super::number(minutes))??;
    let (second, nanos) = match parts.next() {
        None => (0, 0),
        Some(second) => seconds(second)?,
    };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) => hour % 12 + half,
    };
    parts
        .next()
        .is_none()
        .then(|| NaiveTime::from_hms_nano_opt(hour, minute, second, nanos))?
}

/// Splits the half of the day off: the hours to add to a clock of twelve.
fn halves(text: &[u8]) -> (&[u8], Option<u32>) {
    let short = match text {
        [rest @ .., b'm' | b'M'] => rest,
        _ => text,
    };
    match short {
        [clock @ .., b'a' | b'A'] => (clock, Some(0)),
        [clock @ .., b'p' | b'P'] => (clock, Some(12)),
        _ => (text, None),
    }
}

/// Seconds and nanoseconds of `07` or `07.123`; 60, a leap second, counts as 59.
fn seconds(text: &[u8]) -> Option<(u32, u32)> {
    let (whole, fraction) = match text.iter().position(|b| matches!(b, b'.' | b',')) {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?),
        None => (text, &b""[..]),
    };
    let mut nanos = 0;
    let mut unit = 100_000_000;
    for digit in fraction.iter().take(9) {
        if !digit.is_ascii_digit() {
            return None;
        }
        nanos += u32::from(digit - b'0') * unit;
        unit /= 10;
    }
    let second: u32 = super::number(whole)?;
    (second <= 60).then_some((second.min(59), nanos))
}

/// Seconds east of UTC: `+0130`, `-01:30`, `+01`, `Z`, `UTC`, `GMT`.
pub(super) fn zone(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text {
        b"Z" | b"UTC" | b"GMT" => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits {
        [_, _] => (digits, &b"00"[..]),
        [_, _, b':', _, _] => (digits.get(..2)?, digits.get(3..)?),
        [_, _, _, _] => digits.split_at_checked(2)?,
        _ => return None,
    };
    let (hours, minutes): (i64, i64) = (super::number(hours)?, super::number(minutes)?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// A year of four digits, or of two: 1970 to 2069.
pub(super) fn year(text: &[u8]) -> Option<i32> {
    match (text.len(), super::number::<i32>(text)?) {
        (2, short) if short < 70 => Some(2000 + short),
        (2, short) => Some(1900 + short),
        (4, year) => Some(year),
        _ => None,
    }
}

/// The three parts of a date of digits and their separator: `-`, `/` or `.`.
pub(super) fn parts(text: &[u8]) -> Option<(u8, [&[u8]; 3])> {
    let separator = *text.iter().find(|b| !b.is_ascii_digit())?;
    if !matches!(separator, b'-' | b'/' | b'.') {
        return None;
    }
    let mut parts = text.split(|b| *b == separator);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some((separator, three))
}

/// `2024-02-29`, `2024/02/29`, `2024.02.29`.
pub(super) fn iso_date(text: &[u8]) -> Option<NaiveDate> {
    if !text.first()?.is_ascii_digit() || text.len() < 8 || text.len() > 10 {
        return None;
    }
    let (_, [year, month, day]) = parts(text)?;
    if year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(
        super::number(year)?,
        super::number(month)?,
        super::number(day)?,
    )
}

/// `1-JAN-2020` of VMS, `18-Mar-09` of Tandem.
pub(super) fn day_month_year(text: &[u8]) -> Option<NaiveDate> {
    let mut parts = text.split(|b| *b == b'-');
    let (day, month, tail) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let month = super::words::month(month)?;
    NaiveDate::from_ymd_opt(year(tail)?, month, super::number(day)?)
}

/// `Jan-01-1980` of VxWorks.
pub(super) fn month_day_year(text: &[u8]) -> Option<NaiveDate> {
    let mut parts = text.split(|b| *b == b'-');
    let (month, day, tail) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let month = super::words::month(month)?;
    NaiveDate::from_ymd_opt(year(tail)?, month, super::number(day)?)
}

/// `YYYYMMDDHHMMSS[.fraction]`, UTC (RFC 3659 section 2.3).
pub(super) fn time_val(text: &[u8]) -> Option<SystemTime> {
    let (date, clock) = text.split_at_checked(8)?;
    let (hours, rest) = clock.split_at_checked(2)?;
    let (minutes, rest) = rest.split_at_checked(2)?;
    let whole = rest.get(..2)?;
    if !matches!(rest.get(2), None | Some(b'.')) || !whole.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let part = |from, to| date.get(from..to).and_then(super::number::<u32>);
    let date = NaiveDate::from_ymd_opt(super::number(date.get(..4)?)?, part(4, 6)?, part(6, 8)?)?;
    let (second, nanos) = seconds(rest)?;
    let time = NaiveTime::from_hms_nano_opt(
        super::number(hours)?,
        super::number(minutes)?,
        second,
        nanos,
    )?;
    Some(utc(date, time))
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
        let year = |m, d| Today::at(now).last(m, d).unwrap().to_string();
        assert_eq!(year(3, 1), "2026-03-01");
        assert_eq!(year(3, 2), "2026-03-02");
        assert_eq!(year(3, 3), "2025-03-03");
        assert_eq!(year(12, 31), "2025-12-31");
        assert_eq!(year(2, 29), "2024-02-29");
        assert!(Today::at(now).last(2, 30).is_none());
        let eve = at("2025-12-31T23:00:00Z");
        assert_eq!(Today::at(eve).last(1, 1).unwrap().to_string(), "2026-01-01");
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
        assert_eq!(shown(b"23:05:06.99").as_deref(), Some("23:05:06.990"));
        assert_eq!(shown(b"9:05p").as_deref(), Some("21:05:00"));
        for bad in [
            &b"2024"[..],
            b"24:00",
            b"0:00PM",
            b"1:02:03:04",
            b"1:2",
            b"1:02:61",
            b"",
            b":",
        ] {
            assert!(clock(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn zones() {
        for (text, want) in [
            (&b"+0130"[..], Some(5400)),
            (b"-08:00", Some(-28_800)),
            (b"+14", Some(50_400)),
            (b"Z", Some(0)),
            (b"+1", None),
            (b"+9900", None),
            (b"+0x00", None),
            (b"CET", None),
        ] {
            assert_eq!(zone(text), want, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn dates_with_names_of_months() {
        let shown = |date: Option<NaiveDate>| date.map(|d| d.to_string());
        assert_eq!(
            shown(day_month_year(b"1-JAN-2020")).as_deref(),
            Some("2020-01-01")
        );
        assert_eq!(
            shown(day_month_year(b"18-Mar-09")).as_deref(),
            Some("2009-03-18")
        );
        assert_eq!(
            shown(month_day_year(b"Jul-31-1999")).as_deref(),
            Some("1999-07-31")
        );
        assert_eq!(shown(day_month_year(b"31-FEB-2020")), None);
        assert_eq!(shown(month_day_year(b"1-2-3-4")), None);
    }
}
