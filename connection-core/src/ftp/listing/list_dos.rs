//! `LIST` in the form of DOS `DIR`, as IIS and its like send it:
//! `01-29-97  11:32PM       <DIR>          prog`.

use super::time::{self, Stamp};
use super::{Listed, number};
use crate::fs::{FileType, Metadata};
use chrono::NaiveDate;

/// Width of the tag and the spaces between it and the name.
const TAG_COLUMN: usize = 15;

/// One line, `None` when it is not of this form. `day_first` is set once a date of the
/// listing can only have its day first, and such dates are read so from then on.
pub(super) fn parse(line: &[u8], day_first: &mut bool) -> Option<Listed> {
    if !line.trim_ascii_start().first()?.is_ascii_digit() {
        return None;
    }
    let (text, rest) = word(line)?;
    let (date, order) = date(text, *day_first)?;
    let (clock, rest) = word(rest)?;
    let (clock, rest) = match word(rest) {
        // `11:32 PM` in two words.
        Some((half, after))
            if matches!(half, [b'A' | b'a' | b'P' | b'p', b'M' | b'm'])
                && clock.last().is_some_and(u8::is_ascii_digit) =>
        {
            (time::clock(&[clock, half].concat())?, after)
        }
        _ => (time::clock(clock)?, rest),
    };
    let (size, rest) = word(rest)?;
    let metadata;
    let name = if size.first() == Some(&b'<') {
        metadata = Metadata::of_type(match size {
            b"<DIR>" | b"<dir>" | b"<Dir>" => FileType::Directory,
            b"<SYMLINK>" | b"<SYMLINKD>" | b"<JUNCTION>" => FileType::Symlink,
            _ => FileType::Other,
        });
        let padding = rest
            .iter()
            .take(TAG_COLUMN.saturating_sub(size.len()).max(1))
            .take_while(|b| **b == b' ')
            .count();
        rest.get(padding..)?
    } else {
        metadata = Metadata {
            size: Some(grouped(size)?),
            ..Metadata::of_type(FileType::File)
        };
        rest.strip_prefix(b" ")?
    };
    if name.is_empty() {
        return None;
    }
    *day_first |= order == Order::DayFirst;
    let (name, target) = match metadata.file_type {
        FileType::Symlink => split_link(name),
        _ => (name, None),
    };
    Some(Listed::new(name, metadata, Some(Stamp::local(date, clock))).to(target))
}

/// The next word, and what follows it with its spaces.
fn word(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.trim_ascii_start();
    let end = line.iter().position(|b| *b == b' ')?;
    line.split_at_checked(end)
        .filter(|(word, _)| !word.is_empty())
}

/// What a date tells of the order of day and month.
#[derive(Debug, PartialEq, Eq)]
enum Order {
    DayFirst,
    Other,
}

/// `01-29-97` and `01/29/1997` with the month first, as IIS sends them whatever its country;
/// `29.01.1997` and `1997-01-29`, which mean the same everywhere. A month that cannot be one
/// shows that the day is first.
fn date(text: &[u8], day_first: bool) -> Option<(NaiveDate, Order)> {
    let (separator, [first, second, year]) = time::parts(text)?;
    if first.len() == 4 {
        return Some((time::iso_date(text)?, Order::Other));
    }
    if first.len() > 2 || second.len() > 2 {
        return None;
    }
    let (first, second, year) = (number(first)?, number(second)?, time::year(year)?);
    let month_first = NaiveDate::from_ymd_opt(year, first, second);
    let day_before = NaiveDate::from_ymd_opt(year, second, first);
    match (separator, month_first, day_before) {
        (b'.', _, date) => Some((date?, Order::Other)),
        (_, Some(_), Some(date)) if day_first => Some((date, Order::Other)),
        (_, Some(date), _) => Some((date, Order::Other)),
        (_, None, date) => Some((date?, Order::DayFirst)),
    }
}

/// Digits, or groups of three of them with a separator between: `1,024`, `1.024`, `1'024`,
/// or a hard space in one of the character sets of Windows.
fn grouped(text: &[u8]) -> Option<u64> {
    if text.iter().all(u8::is_ascii_digit) {
        return number(text);
    }
    let is_group = |groups: &[u8]| groups.iter().take_while(|b| b.is_ascii_digit()).count();
    let mut digits = Vec::with_capacity(text.len());
    let mut rest = text;
    loop {
        let length = is_group(rest);
        let first = digits.is_empty();
        if !(if first { 1..=3 } else { 3..=3 }).contains(&length) {
            return None;
        }
        let (group, behind) = rest.split_at_checked(length)?;
        digits.extend_from_slice(group);
        rest = match behind {
            [] => return number(&digits),
            [b',' | b'.' | b'\'' | 0xA0 | 0xFF, rest @ ..]
            | [0xC2, 0xA0, rest @ ..]
            | [0xE2, 0x80, 0xAF, rest @ ..] => rest,
            _ => return None,
        };
    }
}

/// `link [C:\target]`, divided before the bracket that the last one closes.
fn split_link(name: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut open = 0_usize;
    for (at, byte) in name.iter().enumerate().rev() {
        match byte {
            b']' => open += 1,
            b'[' => open = open.saturating_sub(1),
            _ => {}
        }
        if open == 0 {
            let divided = name.get(..at).and_then(|link| link.strip_suffix(b" "));
            let target = name.get(at + 1..name.len().saturating_sub(1));
            return match divided {
                Some(link) if !link.is_empty() && *byte == b'[' => (link, target),
                _ => (name, None),
            };
        }
    }
    (name, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_this_form() {
        for line in [
            "",
            "13-45-97 11:32PM <DIR> x",
            "01-29-97 11:32PM",
            "01-29-97 11:32PM 12",
            "01-29-97 11:32PM 1,02 x",
            "01-29-97 11:32PM 1, x",
            "01-29-97 11:32PM 1234,567 x",
            "a b c d",
        ] {
            assert!(parse(line.as_bytes(), &mut false).is_none(), "{line}");
        }
    }

    #[test]
    fn one_date_with_the_day_first_tells_of_those_behind_it() {
        let mut day_first = false;
        let mut month = |line: &str| {
            let listed = parse(line.as_bytes(), &mut day_first).unwrap();
            let time =
                chrono::DateTime::<chrono::Utc>::from(listed.entry.metadata.modified.unwrap());
            chrono::Datelike::month(&time)
        };
        assert_eq!(month("03/04/2024  10:00  1 a"), 3);
        assert_eq!(month("25/04/2024  10:00  1 a"), 4);
        assert_eq!(month("03/04/2024  10:00  1 a"), 4);
    }

    #[test]
    fn sizes_in_groups() {
        for (text, want) in [
            (&b"1024"[..], Some(1024)),
            (b"1,024", Some(1024)),
            (b"12'345'678", Some(12_345_678)),
            (b"1\xa0024", Some(1024)),
            (b"1\xc2\xa0024", Some(1024)),
            (b"1\xe2\x80\xaf024", Some(1024)),
            (b"1,02", None),
            (b"1.5", None),
            (b",024", None),
        ] {
            assert_eq!(grouped(text), want, "{}", text.escape_ascii());
        }
    }
}
