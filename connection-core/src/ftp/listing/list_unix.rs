//! `LIST` in the form of `ls -l`.
//!
//! The date is the anchor: owners and groups may be missing or hold spaces, and the name
//! starts one space behind the date. Times are taken as UTC; a server that lists its local
//! time is off by its zone, which `MDTM` corrects where a single file is asked for.

use super::{number, time};
use crate::fs::{Entry, FileType, Metadata};
use crate::path::{RemoteName, bytes_to_text};
use chrono::{NaiveDate, NaiveTime};
use std::time::SystemTime;

const MONTHS: [&[u8]; 12] = [
    b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec",
];

/// `total 12`, the first line of `ls -l`.
pub(super) fn is_total(line: &[u8]) -> bool {
    line.strip_prefix(b"total ")
        .is_some_and(|rest| number::<u64>(rest.trim_ascii()).is_some())
}

/// A word of the line and where it stands.
#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a [u8],
    start: usize,
    end: usize,
}

/// One line, `None` when it is not of this form.
pub(super) fn parse(line: &[u8], now: SystemTime) -> Option<Entry> {
    let (file_type, permissions, rest) = mode(line)?;
    let words = words(line, rest);
    let (at, modified, end) = (1..words.len()).find_map(|at| {
        let size = words.get(at - 1)?;
        // The word before the date is the size, or a device's minor number.
        number::<u64>(size.text)?;
        let (modified, end) = date(words.get(at..)?, now)?;
        Some((at, modified, end))
    })?;
    let name = line.get(end..)?.strip_prefix(b" ")?;
    if name.is_empty() {
        return None;
    }

    let before = words.get(..at)?;
    let is_device = before
        .get(at.checked_sub(2)?)
        .is_some_and(|major| major.text.ends_with(b","))
        || before.last().is_some_and(|w| w.text.contains(&b','));
    let size = if is_device {
        None
    } else {
        number(before.last()?.text)
    };
    let owners = before.get(..at - 1 - usize::from(is_device && at > 1))?;
    // The first word is the link count, where there is one.
    let owners = match owners.split_first() {
        Some((first, others)) if number::<u64>(first.text).is_some() && !others.is_empty() => {
            others
        }
        _ => owners,
    };
    let (owner, group) = owner_and_group(line, owners);

    let mut metadata = Metadata::of_type(file_type);
    metadata.size = size;
    metadata.permissions = Some(permissions);
    metadata.modified = modified;
    match owner.map(|word| (number(word), word)) {
        Some((Some(uid), _)) => metadata.uid = Some(uid),
        Some((None, word)) => metadata.owner = Some(bytes_to_text(word)),
        None => {}
    }
    match group.map(|word| (number(word), word)) {
        Some((Some(gid), _)) => metadata.gid = Some(gid),
        Some((None, word)) => metadata.group = Some(bytes_to_text(word)),
        None => {}
    }
    let (name, link_target) = if file_type == FileType::Symlink {
        split_link(name, size)
    } else {
        (name, None)
    };
    Some(Entry {
        name: RemoteName::new(name),
        metadata,
        link_target: link_target.map(<[u8]>::to_vec),
    })
}

/// `drwxr-sr-x+`: type, permission bits, and where the rest starts.
fn mode(line: &[u8]) -> Option<(FileType, u32, usize)> {
    let (kind, bits) = line.get(..10)?.split_first()?;
    let file_type = match kind {
        b'-' => FileType::File,
        b'd' => FileType::Directory,
        b'l' => FileType::Symlink,
        b'b' | b'c' | b'p' | b's' | b'D' | b'C' => FileType::Other,
        _ => return None,
    };
    let mut permissions = 0;
    for (place, bit) in bits.iter().enumerate() {
        let plain = 0o400 >> place;
        let special = [0o4000, 0o2000, 0o1000].get(place / 3)?;
        permissions |= match (place % 3, bit) {
            (_, b'-') => 0,
            (0, b'r') | (1, b'w') | (2, b'x') => plain,
            (2, b's' | b't') => plain | special,
            (2, b'S' | b'T' | b'l' | b'L') => *special,
            _ => return None,
        };
    }
    // Marks of access control lists and labels follow without a space.
    let marks = line
        .get(10..)?
        .iter()
        .take_while(|b| matches!(b, b'+' | b'.' | b'@' | b'*' | b'['))
        .count();
    let rest = 10 + marks;
    (line.get(rest)? == &b' ').then_some((file_type, permissions, rest))
}

/// Words until long after a date must have come; a name is never split up.
fn words(line: &[u8], from: usize) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, byte) in line.iter().enumerate().skip(from) {
        match (start, *byte == b' ') {
            (None, false) => start = Some(at),
            (Some(begun), true) => {
                if let Some(text) = line.get(begun..at) {
                    words.push(Word {
                        text,
                        start: begun,
                        end: at,
                    });
                }
                start = None;
                if words.len() == 24 {
                    break;
                }
            }
            _ => {}
        }
    }
    words
}

/// A date at the beginning of these words: its time, and where it ends.
fn date(words: &[Word<'_>], now: SystemTime) -> Option<(Option<SystemTime>, usize)> {
    let [first, second, more @ ..] = words else {
        return None;
    };
    if let Some(date) = time::iso_date(first.text) {
        let clock = time::clock(second.text)?;
        let zone = more.first().filter(|word| is_zone(word.text));
        let end = zone.unwrap_or(second).end;
        return Some((Some(time::system_time(date, clock)), end));
    }
    let third = more.first()?;
    let (month, day) = match (month(first.text), month(second.text)) {
        (Some(month), _) => (
            month,
            number::<u32>(second.text.strip_suffix(b",").unwrap_or(second.text))?,
        ),
        (None, Some(month)) => (
            month,
            number::<u32>(first.text.strip_suffix(b".").unwrap_or(first.text))?,
        ),
        (None, None) => return None,
    };
    if !(1..=31).contains(&day) {
        return None;
    }
    let (modified, end) = match (time::clock(third.text), number::<i32>(third.text)) {
        (Some(clock), _) => match more
            .get(1)
            .and_then(|year| Some((year_of(year.text)?, year.end)))
        {
            // `Jan  2 03:04:05 2024`: the seconds tell the year from a name that is one.
            Some((year, end)) if third.text.len() == 8 => {
                (at(NaiveDate::from_ymd_opt(year, month, day), clock), end)
            }
            _ => (
                at(time::date_without_year(month, day, now), clock),
                third.end,
            ),
        },
        (None, Some(year)) if third.text.len() == 4 => (
            at(NaiveDate::from_ymd_opt(year, month, day), NaiveTime::MIN),
            third.end,
        ),
        _ => return None,
    };
    Some((modified, end))
}

fn at(date: Option<NaiveDate>, time: NaiveTime) -> Option<SystemTime> {
    date.map(|date| time::system_time(date, time))
}

fn year_of(text: &[u8]) -> Option<i32> {
    (text.len() == 4).then(|| number(text))?
}

fn is_zone(text: &[u8]) -> bool {
    matches!(text, [b'+' | b'-', digits @ ..] if digits.len() == 4 && number::<u32>(digits).is_some())
}

fn month(text: &[u8]) -> Option<u32> {
    let lower = text.strip_suffix(b".").unwrap_or(text).to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| *month == lower)?;
    u32::try_from(at + 1).ok()
}

/// Two words are owner and group. With more, the last one is the group and what stands
/// before it the owner, spaces included.
fn owner_and_group<'a>(line: &'a [u8], words: &[Word<'a>]) -> (Option<&'a [u8]>, Option<&'a [u8]>) {
    match words {
        [] => (None, None),
        [owner] => (Some(owner.text), None),
        [first, .., last] => {
            let before_last = words
                .get(words.len() - 2)
                .map_or(first.end, |word| word.end);
            (line.get(first.start..before_last), Some(last.text))
        }
    }
}

/// `name -> target`. Both may hold an arrow: the right split is the one whose target has
/// the length that is given as the link's size; without such a one, the first.
fn split_link(name: &[u8], size: Option<u64>) -> (&[u8], Option<&[u8]>) {
    const ARROW: &[u8] = b" -> ";
    let splits: Vec<_> = name
        .windows(ARROW.len())
        .enumerate()
        .filter(|(at, window)| *window == ARROW && *at > 0)
        .filter_map(|(at, _)| Some((name.get(..at)?, name.get(at + ARROW.len()..)?)))
        .collect();
    let fits = |target: &[u8]| u64::try_from(target.len()).ok() == size;
    let found = splits
        .iter()
        .find(|(_, target)| fits(target))
        .or_else(|| splits.first());
    match found {
        Some((link, target)) => (link, Some(target)),
        None => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};

    fn now() -> SystemTime {
        DateTime::parse_from_rfc3339("2026-11-21T00:00:00Z")
            .unwrap()
            .to_utc()
            .into()
    }

    fn entry(line: &str) -> Entry {
        parse(line.as_bytes(), now()).unwrap_or_else(|| panic!("{line}"))
    }

    fn shown(entry: &Entry) -> String {
        let time = DateTime::<Utc>::from(entry.metadata.modified.unwrap());
        time.format("%Y-%m-%d %H:%M:%S").to_string()
    }

    #[test]
    fn every_date_form() {
        for (date, want) in [
            ("Jan  2 03:04", "2026-01-02 03:04:00"),
            ("Dec 31 23:59", "2025-12-31 23:59:00"),
            ("Feb 29 10:00", "2024-02-29 10:00:00"),
            ("Jan  2  2020", "2020-01-02 00:00:00"),
            ("2 Jan 2020", "2020-01-02 00:00:00"),
            ("2. Jan 03:04", "2026-01-02 03:04:00"),
            ("2020-01-02 03:04", "2020-01-02 03:04:00"),
            ("2020-01-02 03:04:05.678901234 +0100", "2020-01-02 03:04:05"),
            ("Jan  2 03:04:05 2020", "2020-01-02 03:04:05"),
        ] {
            let e = entry(&format!("-rw-r--r--   1 ann staff     12 {date} a b"));
            assert_eq!(
                (e.name.as_bytes(), shown(&e).as_str()),
                (&b"a b"[..], want),
                "{date}"
            );
            assert_eq!(e.metadata.size, Some(12));
        }
    }

    #[test]
    fn odd_owners() {
        for (owners, owner, group) in [
            ("1 ann staff", Some("ann"), Some("staff")),
            ("1 ann", Some("ann"), None),
            ("1 Ann Lee staff", Some("Ann Lee"), Some("staff")),
            ("ann staff", Some("ann"), Some("staff")),
            ("1", None, None),
        ] {
            let e = entry(&format!("-rw-r--r-- {owners} 12 Jan  2 03:04 a"));
            if owners != "1" {
                assert_eq!(e.metadata.owner.as_deref(), owner, "{owners}");
                assert_eq!(e.metadata.group.as_deref(), group, "{owners}");
            }
            assert_eq!(e.metadata.size, Some(12), "{owners}");
        }
        let e = entry("-rw-r--r-- 1 1000 0 12 Jan  2 03:04 a");
        assert_eq!((e.metadata.uid, e.metadata.gid), (Some(1000), Some(0)));
    }

    #[test]
    fn marks_and_special_bits() {
        for (mode, want) in [
            ("-rwsr-xr-x.", 0o4755),
            ("drwxrwxrwt+", 0o1777),
            ("-rw-r-Sr--@", 0o2644),
            ("drwxr-xr-T", 0o1754),
        ] {
            let e = entry(&format!("{mode} 1 a b 1 Jan  2 03:04 x"));
            assert_eq!(e.metadata.permissions, Some(want), "{mode}");
        }
    }

    #[test]
    fn names_with_spaces_and_dates_in_them() {
        for name in [
            " leading",
            "trailing ",
            "two  spaces",
            "1 Jan 2 2020 x",
            "a -> b",
            "2020",
        ] {
            let e = entry(&format!("-rw-r--r-- 1 a b 1 Jan  2 03:04 {name}"));
            assert_eq!(e.name.as_bytes(), name.as_bytes());
        }
    }

    #[test]
    fn an_arrow_in_a_link_is_split_by_the_size() {
        let e = entry("lrwxrwxrwx 1 a b 6 Jan  2 03:04 x -> y -> target");
        assert_eq!(
            (e.name.as_bytes(), e.link_target.as_deref()),
            (&b"x -> y"[..], Some(&b"target"[..]))
        );
        let e = entry("lrwxrwxrwx 1 a b 0 Jan  2 03:04 x -> y");
        assert_eq!(
            (e.name.as_bytes(), e.link_target.as_deref()),
            (&b"x"[..], Some(&b"y"[..]))
        );
    }

    #[test]
    fn devices_have_no_size() {
        for numbers in ["1, 3", "1,   3"] {
            let e = entry(&format!(
                "crw-rw-rw- 1 root root {numbers} Jan  2 03:04 null"
            ));
            assert_eq!(
                (e.metadata.file_type, e.metadata.size),
                (FileType::Other, None)
            );
            assert_eq!(e.metadata.owner.as_deref(), Some("root"));
            assert_eq!(e.metadata.group.as_deref(), Some("root"));
        }
    }

    #[test]
    fn what_is_not_this_form() {
        for line in [
            "",
            "total 12",
            "+i8388621.48594,m825718503,r,s280,\tdjb.html",
            "-rw-r--r-- 1 a b 1 Jän 2 03:04 x",
            "drwxr-xr-x",
        ] {
            assert!(parse(line.as_bytes(), now()).is_none(), "{line}");
        }
        assert!(is_total(b"total 12") && !is_total(b"total") && !is_total(b"total recall"));
    }
}
