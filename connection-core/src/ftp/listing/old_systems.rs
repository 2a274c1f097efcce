//! `LIST` of OS/400, NetWare and VxWorks: a line tells its form by itself.

use super::list_unix::Word;
use super::time::{self, Stamp, Today};
use super::{Listed, number, text, unix_date};
use crate::fs::{FileType, Metadata};
use chrono::NaiveDate;

/// The words of a line and where they stand.
fn words(line: &[u8]) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut end = 0;
    for text in line.split(|b| *b == b' ').take(64) {
        let start = end;
        end = start + text.len() + 1;
        if !text.is_empty() {
            words.push(Word {
                text,
                start,
                end: start + text.len(),
            });
        }
    }
    words
}

/// What follows a word, without the spaces of its column.
fn behind<'a>(line: &'a [u8], word: &Word<'_>) -> Option<&'a [u8]> {
    let name = line.get(word.end..)?.trim_ascii_start();
    (!name.is_empty()).then_some(name)
}

/// OS/400: `ANN        36864 24/09/04 09:15:10 *STMF      note.txt`, and members, which have
/// no size and no date: `ANN                              *MEM       QCLSRC.MAIN`.
pub(super) fn os400(line: &[u8]) -> Option<Listed> {
    let words = words(line);
    let kind_at = words
        .iter()
        .take(6)
        .position(|word| word.text.starts_with(b"*") && word.text.len() > 2)?;
    let owner = words.first().filter(|_| kind_at > 0)?;
    let kind = words.get(kind_at)?;
    let name = behind(line, kind)?;
    let (size, stamp) = match words.get(1..kind_at)? {
        [] => (None, None),
        [size, date, clock] => (
            Some(number(size.text)?),
            job_date(date.text).and_then(|date| {
                let clock = time::clock(clock.text)?;
                Some(Stamp::local(date, clock))
            }),
        ),
        _ => return None,
    };
    let (name, marked) = match name.strip_suffix(b"/") {
        Some(bare) if !bare.is_empty() => (bare, true),
        _ => (name, false),
    };
    let mut metadata = Metadata::of_type(match kind.text {
        b"*DIR" | b"*DDIR" | b"*LIB" | b"*FLR" => FileType::Directory,
        _ if marked => FileType::Directory,
        b"*STMF" | b"*DSTMF" | b"*MEM" | b"*FILE" | b"*DOC" => FileType::File,
        b"*SYMLNK" => FileType::Symlink,
        _ => FileType::Other,
    });
    metadata.size = size;
    metadata.owner = Some(text(owner.text));
    Some(Listed::new(name, metadata, stamp))
}

/// The date of a job on OS/400, whose order the job decides: taken only where one order
/// alone gives a date.
fn job_date(text: &[u8]) -> Option<NaiveDate> {
    let (separator, [a, b, c]) = time::parts(text)?;
    if a.len() > 2 {
        return time::iso_date(text);
    }
    let date = |year: &[u8], month: &[u8], day: &[u8]| {
        NaiveDate::from_ymd_opt(time::year(year)?, number(month)?, number(day)?)
    };
    if separator == b'.' {
        return date(c, b, a);
    }
    let mut orders = [date(c, a, b), date(c, b, a), date(a, b, c)]
        .into_iter()
        .flatten();
    let only = orders.next()?;
    orders.all(|other| other == only).then_some(only)
}

/// NetWare: `d [R----F--] supervisor            512       Jan 16 18:53    login`.
pub(super) fn netware(line: &[u8], today: Today) -> Option<Listed> {
    let file_type = match line.get(..3)? {
        b"d [" => FileType::Directory,
        b"- [" => FileType::File,
        _ => return None,
    };
    let rights = line.get(3..)?.iter().position(|b| *b == b']')?;
    if rights > 12 {
        return None;
    }
    let words = words(line);
    let from = words.iter().position(|word| word.start > 3 + rights)?;
    let [owner, size, date @ ..] = words.get(from..)? else {
        return None;
    };
    let (stamp, end) = unix_date::date(line, date, today)?;
    let mut metadata = Metadata::of_type(file_type);
    metadata.size = Some(number(size.text)?);
    metadata.owner = Some(text(owner.text));
    let name = line.get(end..)?.trim_ascii_start();
    (!name.is_empty()).then(|| Listed::new(name, metadata, stamp))
}

/// VxWorks: `     512    Jul-01-2004  11:46:04   TEST  <DIR>`.
pub(super) fn vxworks(line: &[u8]) -> Option<Listed> {
    let words = words(line);
    let [size, date, clock, ..] = words.as_slice() else {
        return None;
    };
    let size = number(size.text)?;
    let date = time::month_day_year(date.text)?;
    let stamp = Stamp::local(date, time::clock(clock.text)?);
    let name = behind(line, clock)?;
    let directory = name
        .strip_suffix(b"<DIR>")
        .map(<[u8]>::trim_ascii_end)
        .filter(|name| !name.is_empty());
    let listed = match directory {
        Some(name) => {
            let metadata = Metadata::of_type(FileType::Directory);
            Listed::new(name, metadata, Some(stamp))
        }
        None => {
            let mut metadata = Metadata::of_type(FileType::File);
            metadata.size = Some(size);
            Listed::new(name, metadata, Some(stamp))
        }
    };
    Some(listed)
}

/// The two lines VxWorks puts above its columns.
pub(super) fn is_vxworks_heading(line: &[u8]) -> bool {
    let words: Vec<_> = words(line).iter().map(|word| word.text).collect();
    words == [&b"size"[..], b"date", b"time", b"name"]
        || (words.len() == 4
            && words
                .iter()
                .all(|word| word.len() > 3 && word.iter().all(|b| *b == b'-')))
}
