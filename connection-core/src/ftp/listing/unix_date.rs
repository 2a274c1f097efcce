//! Dates in the form of `ls -l`, in every order and language they are met in.

use super::list_unix::Word;
use super::number;
use super::time::{self, Stamp, Today};
use super::words::{Unit, month, numbered};
use chrono::{NaiveDate, NaiveTime};

/// A date at the beginning of these words: its time, and where it ends in the line. A date
/// that does not exist, such as 30 February, is one without a time.
pub(super) fn date(
    line: &[u8],
    words: &[Word<'_>],
    today: Today,
) -> Option<(Option<Stamp>, usize)> {
    let first = words.first()?;
    if first.text.first()?.is_ascii_digit()
        && let Some(found) = digits(line, words, today)
    {
        return Some(found);
    }
    // `Thu Jan  2 03:04:05 2020`, of `ls --full-time` before it was ISO.
    let words = match words.split_first() {
        Some((day, rest)) if is_weekday(day.text) => rest,
        _ => words,
    };
    let (month, day, rest) = month_and_day(words)?;
    if !(1..=31).contains(&day) {
        return None;
    }
    let third = rest.first()?;
    if let Some(clock) = time::clock(third.text) {
        return Some(with_clock(
            month,
            day,
            (clock, third),
            rest.get(1..)?,
            today,
        ));
    }
    let year = match numbered(third.text, Unit::Year) {
        Some((year, b"")) => i32::try_from(year).ok()?,
        _ => four_digits(third.text)?,
    };
    let date = NaiveDate::from_ymd_opt(year, month, day);
    Some((date.map(Stamp::day), third.end))
}

/// `2020-01-02 03:04`, `2020-01-02`, `01-02 03:04`.
fn digits(line: &[u8], words: &[Word<'_>], today: Today) -> Option<(Option<Stamp>, usize)> {
    let [first, more @ ..] = words else {
        return None;
    };
    let clock = more
        .first()
        .and_then(|word| Some((time::clock(word.text)?, word)));
    if let Some(date) = time::iso_date(first.text) {
        let Some((clock, word)) = clock else {
            // Old files of `ls --time-style=iso`, with one space to fill the column up.
            let padded = line.get(first.end..)?.starts_with(b"  ");
            return Some((Some(Stamp::day(date)), first.end + usize::from(padded)));
        };
        if let Some((east, end)) = more
            .get(1)
            .and_then(|word| Some((time::zone(word.text)?, word.end)))
        {
            return Some((Stamp::zoned(date, clock, east), end));
        }
        return Some((Some(Stamp::local(date, clock)), word.end));
    }
    let [m1, m2, b'-', d1, d2] = first.text else {
        return None;
    };
    let (clock, word) = clock?;
    let date = today.last(number(&[*m1, *m2])?, number(&[*d1, *d2])?)?;
    Some((Some(Stamp::local(date, clock)), word.end))
}

/// A time of day behind month and day; a year may follow where seconds tell it from a name
/// that is a number: `Jan  2 03:04:05 2024`.
fn with_clock(
    month: u32,
    day: u32,
    (clock, word): (NaiveTime, &Word<'_>),
    behind: &[Word<'_>],
    today: Today,
) -> (Option<Stamp>, usize) {
    if word.text.len() >= 8
        && let Some((year, end)) = behind
            .first()
            .and_then(|word| Some((four_digits(word.text)?, word.end)))
    {
        let date = NaiveDate::from_ymd_opt(year, month, day);
        return (date.map(|date| Stamp::local(date, clock)), end);
    }
    let date = today.last(month, day);
    (date.map(|date| Stamp::local(date, clock)), word.end)
}

/// Month and day in either order, and the words behind them.
fn month_and_day<'w, 'a>(words: &'w [Word<'a>]) -> Option<(u32, u32, &'w [Word<'a>])> {
    let first = words.first()?.text;
    if let Some((month, rest)) = numbered(first, Unit::Month) {
        // `1月2日`, `1月 2日`, `1月  2`.
        return match rest {
            b"" => Some((month, day(words.get(1)?.text)?, words.get(2..)?)),
            rest => Some((month, day(rest)?, words.get(1..)?)),
        }
        .filter(|(month, ..)| (1..=12).contains(month));
    }
    let second = words.get(1)?.text;
    if let Some(month) = month(first) {
        return Some((month, day(second)?, words.get(2..)?));
    }
    let day = day(first)?;
    Some((month(second)?, day, words.get(2..)?))
}

/// `2`, `02`, `2.`, `2,`, `2日`.
fn day(text: &[u8]) -> Option<u32> {
    match text {
        [digits @ .., b'.' | b','] => number(digits),
        _ => number(text).or_else(|| match numbered(text, Unit::Day)? {
            (day, b"") => Some(day),
            _ => None,
        }),
    }
}

fn four_digits(text: &[u8]) -> Option<i32> {
    (text.len() == 4).then(|| number(text))?
}

fn is_weekday(text: &[u8]) -> bool {
    matches!(
        text,
        b"Mon" | b"Tue" | b"Wed" | b"Thu" | b"Fri" | b"Sat" | b"Sun"
    )
}
