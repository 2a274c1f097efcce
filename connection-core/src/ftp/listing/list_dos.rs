//! `LIST` in the form of DOS `DIR`, as IIS sends it:
//! `01-29-97  11:32PM       <DIR>          prog`.

use super::{number, time};
use crate::fs::{Entry, FileType, Metadata};
use crate::path::RemoteName;
use chrono::NaiveDate;

/// Spaces between `<DIR>` and the name in IIS's columns.
const DIR_PADDING: usize = 10;

/// One line, `None` when it is not of this form.
pub(super) fn parse(line: &[u8]) -> Option<Entry> {
    let (date, rest) = word(line)?;
    let date = us_date(date).or_else(|| time::iso_date(date))?;
    let (clock, rest) = word(rest)?;
    let (clock, rest) = match word(rest) {
        // `11:32 PM` in two words.
        Some((half, after))
            if half.eq_ignore_ascii_case(b"AM") || half.eq_ignore_ascii_case(b"PM") =>
        {
            (time::clock(&[clock, half].concat())?, after)
        }
        _ => (time::clock(clock)?, rest),
    };
    let (size, rest) = word(rest)?;
    let mut metadata;
    let name = if size.first() == Some(&b'<') {
        metadata = Metadata::of_type(match size {
            b"<DIR>" => FileType::Directory,
            b"<SYMLINK>" | b"<SYMLINKD>" | b"<JUNCTION>" => FileType::Symlink,
            _ => FileType::Other,
        });
        let padding = rest
            .iter()
            .take(DIR_PADDING)
            .take_while(|b| **b == b' ')
            .count();
        rest.get(padding..)?
    } else {
        metadata = Metadata::of_type(FileType::File);
        let digits: Vec<u8> = size
            .iter()
            .copied()
            .filter(|b| !matches!(b, b',' | b'.'))
            .collect();
        metadata.size = Some(number(&digits)?);
        rest.strip_prefix(b" ")?
    };
    if name.is_empty() {
        return None;
    }
    metadata.modified = Some(time::system_time(date, clock));
    Some(Entry {
        name: RemoteName::new(name),
        metadata,
        link_target: None,
    })
}

/// The next word, and what follows it with its spaces.
fn word(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.trim_ascii_start();
    let end = line.iter().position(|b| *b == b' ')?;
    line.split_at_checked(end)
        .filter(|(word, _)| !word.is_empty())
}

/// `MM-DD-YY`, `MM-DD-YYYY`, `MM/DD/YYYY`; two digits mean 1970 to 2069.
fn us_date(text: &[u8]) -> Option<NaiveDate> {
    let mut parts = text.split(|b| matches!(b, b'-' | b'/'));
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || month.len() > 2 {
        return None;
    }
    let year = match (year.len(), number::<i32>(year)?) {
        (2, short) if short < 70 => 2000 + short,
        (2, short) => 1900 + short,
        (4, year) => year,
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};

    #[test]
    fn every_form() {
        for (line, name, size, is_dir, time) in [
            (
                "01-29-97  11:32PM       <DIR>          prog",
                "prog",
                None,
                true,
                "1997-01-29 23:32",
            ),
            (
                "01-29-2024  11:32PM       <DIR>           lead",
                " lead",
                None,
                true,
                "2024-01-29 23:32",
            ),
            (
                "03-15-24  09:05AM               118928 a  b.txt ",
                "a  b.txt ",
                Some(118_928),
                false,
                "2024-03-15 09:05",
            ),
            (
                "03-15-2024  21:05               1,024 x",
                "x",
                Some(1024),
                false,
                "2024-03-15 21:05",
            ),
            (
                "2024-03-15  09:05 PM  <DIR> d",
                "d",
                None,
                true,
                "2024-03-15 21:05",
            ),
        ] {
            let e = parse(line.as_bytes()).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(e.name.as_bytes(), name.as_bytes(), "{line}");
            assert_eq!(
                (e.metadata.size, e.metadata.is_dir()),
                (size, is_dir),
                "{line}"
            );
            let shown =
                DateTime::<Utc>::from(e.metadata.modified.unwrap()).format("%Y-%m-%d %H:%M");
            assert_eq!(shown.to_string(), time);
        }
    }

    #[test]
    fn what_is_not_this_form() {
        for line in [
            "",
            "13-45-97 11:32PM <DIR> x",
            "01-29-97 11:32PM",
            "01-29-97 11:32PM 12",
            "a b c d",
        ] {
            assert!(parse(line.as_bytes()).is_none(), "{line}");
        }
    }
}
