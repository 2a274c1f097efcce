//! A zip written front to back (APPNOTE 6.3). Knows its records, and nothing of where files
//! come from.
//!
//! Written here, as the crates' writers keep everything they know of every entry in memory
//! until the end, several hundred bytes each, where a server alone says how many entries
//! there are. Here what the end needs goes to a file ([`Ledger`]).
//!
//! - Content is stored as it is: the network between a browser and this program is rarely
//!   the slow one, and compressing would cost more than all the rest.
//! - A file whose content is at hand has a complete header. One that streams has its
//!   checksum behind it, and in the header its size, so that programs which read a zip from a
//!   pipe find its end.
//! - Sizes from 4 GiB on, and more than 65,535 entries, use Zip64, and only those do.
//! - Names are UTF-8 and say so; times are in UTC, once in the format's own form of two
//!   seconds and once as seconds since 1970 (`UT`); permissions are those of Unix.
//! - A link is an entry of the type link that holds its target, as Info-ZIP, libarchive and
//!   macOS have it. Where a program does not know that, it makes a small file of it.

use super::Head;
use super::ledger::Ledger;
use crate::error::Result;
use chrono::{DateTime, Datelike, Timelike, Utc};
use std::time::SystemTime;

/// Value of a field whose real value is in the Zip64 record.
const BEYOND: u32 = u32::MAX;

/// The name is UTF-8.
const UTF8: u16 = 1 << 11;
/// Checksum and sizes stand behind the content.
const BEHIND: u16 = 1 << 3;

/// Version needed for directories, and for Zip64.
const PLAIN: u16 = 20;
const ZIP64: u16 = 45;
/// Made on Unix, by what knows version 6.3.
const MADE_BY: u16 = (3 << 8) | 63;

const REGULAR: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;
const LINK: u32 = 0o120_000;
/// The attribute of a directory on DOS, where Unix permissions are not looked at.
const DOS_DIRECTORY: u32 = 0x10;

/// A zip being written.
#[derive(Default)]
pub(super) struct Zip {
    /// Bytes written so far.
    offset: u64,
    entries: u64,
    ledger: Ledger,
    open: Option<Open>,
}

/// A file whose content is being written.
struct Open {
    record: Record,
    hasher: crc32fast::Hasher,
    /// Whether the sizes behind it take eight bytes each.
    wide: bool,
}

/// What the end of the archive tells of an entry.
struct Record {
    name: Vec<u8>,
    flags: u16,
    moment: Moment,
    attributes: u32,
    crc: u32,
    size: u64,
    offset: u64,
}

impl Zip {
    /// Writes a directory.
    pub(super) fn directory(&mut self, out: &mut Vec<u8>, head: &Head) {
        let name = [&head.name, &b"/"[..]].concat();
        let attributes = ((DIRECTORY | head.mode(true)) << 16) | DOS_DIRECTORY;
        self.whole(out, head, name, attributes, b"");
    }

    /// Writes a symbolic link.
    pub(super) fn link(&mut self, out: &mut Vec<u8>, head: &Head, target: &[u8]) {
        self.whole(out, head, head.name.clone(), (LINK | 0o777) << 16, target);
    }

    /// Writes a file with its content.
    pub(super) fn file(&mut self, out: &mut Vec<u8>, head: &Head, content: &[u8]) {
        let attributes = (REGULAR | head.mode(false)) << 16;
        self.whole(out, head, head.name.clone(), attributes, content);
    }

    fn whole(
        &mut self,
        out: &mut Vec<u8>,
        head: &Head,
        name: Vec<u8>,
        attributes: u32,
        content: &[u8],
    ) {
        let mut record = self.record(head, name, attributes);
        record.crc = crc32fast::hash(content);
        record.size = content.len() as u64;
        let from = out.len();
        record.local(out, Some(record.size));
        out.extend_from_slice(content);
        self.offset += (out.len() - from) as u64;
        self.remember(&record);
    }

    /// Writes the header of a file whose content follows, of this size if it is known.
    pub(super) fn begin(&mut self, out: &mut Vec<u8>, head: &Head, size: Option<u64>) {
        let attributes = (REGULAR | head.mode(false)) << 16;
        let mut record = self.record(head, head.name.clone(), attributes);
        record.flags |= BEHIND;
        let from = out.len();
        let wide = record.local(out, size);
        self.offset += (out.len() - from) as u64;
        self.open = Some(Open {
            record,
            hasher: crc32fast::Hasher::new(),
            wide,
        });
    }

    /// Takes note of content, which is written as it is.
    pub(super) fn content(&mut self, bytes: &[u8]) {
        self.offset += bytes.len() as u64;
        if let Some(open) = &mut self.open {
            open.record.size += bytes.len() as u64;
            open.hasher.update(bytes);
        }
    }

    /// Writes what stands behind the content of a file.
    pub(super) fn end(&mut self, out: &mut Vec<u8>) {
        let Some(Open {
            mut record,
            hasher,
            wide,
        }) = self.open.take()
        else {
            return;
        };
        record.crc = hasher.finalize();
        let from = out.len();
        put32(out, 0x0807_4B50);
        put32(out, record.crc);
        for _ in 0..2 {
            match wide {
                true => put64(out, record.size),
                false => put32(out, narrow(record.size)),
            }
        }
        self.offset += (out.len() - from) as u64;
        self.remember(&record);
    }

    fn record(&self, head: &Head, name: Vec<u8>, attributes: u32) -> Record {
        Record {
            flags: if name.is_ascii() { 0 } else { UTF8 },
            name,
            moment: Moment::of(head.modified),
            attributes,
            crc: 0,
            size: 0,
            offset: self.offset,
        }
    }

    fn remember(&mut self, record: &Record) {
        self.entries += 1;
        record.central(self.ledger.tail());
    }

    /// Brings what the end needs to where it does not take up memory.
    pub(super) async fn settle(&mut self) -> Result<()> {
        self.ledger.settle().await
    }

    /// The next part of what the end tells of all entries; `None` after the last.
    pub(super) async fn directory_part(&mut self) -> Result<Option<Vec<u8>>> {
        self.ledger.take().await
    }

    /// Writes the end of the archive, which stands behind all that.
    pub(super) fn finish(&self, out: &mut Vec<u8>) {
        let (size, entries) = (self.ledger.length(), self.entries);
        let few = u16::try_from(entries).unwrap_or(u16::MAX);
        if few == u16::MAX || size >= u64::from(BEYOND) || self.offset >= u64::from(BEYOND) {
            put32(out, 0x0606_4B50);
            put64(out, 44);
            put16(out, MADE_BY);
            put16(out, ZIP64);
            put64(out, 0);
            put64(out, entries);
            put64(out, entries);
            put64(out, size);
            put64(out, self.offset);
            put32(out, 0x0706_4B50);
            put32(out, 0);
            put64(out, self.offset + size);
            put32(out, 1);
        }
        put32(out, 0x0605_4B50);
        put32(out, 0);
        put16(out, few);
        put16(out, few);
        put32(out, narrow(size));
        put32(out, narrow(self.offset));
        put16(out, 0);
    }
}

impl Record {
    /// Writes the header before the content, of this size if it is known. Answers whether it
    /// has Zip64's sizes.
    fn local(&self, out: &mut Vec<u8>, size: Option<u64>) -> bool {
        let wide = size.is_none_or(|size| size >= u64::from(BEYOND));
        let said = match wide {
            true => BEYOND,
            false => narrow(size.unwrap_or_default()),
        };
        let mut extra = Vec::new();
        if wide {
            put16(&mut extra, 1);
            put16(&mut extra, 16);
            put64(&mut extra, size.unwrap_or_default());
            put64(&mut extra, size.unwrap_or_default());
        }
        self.moment.extra(&mut extra);
        put32(out, 0x0403_4B50);
        self.common(out, wide, said, said, &extra);
        out.extend_from_slice(&self.name);
        out.extend_from_slice(&extra);
        wide
    }

    /// Writes the record at the end.
    fn central(&self, out: &mut Vec<u8>) {
        let mut wide = Vec::new();
        if narrow(self.size) == BEYOND {
            put64(&mut wide, self.size);
            put64(&mut wide, self.size);
        }
        if narrow(self.offset) == BEYOND {
            put64(&mut wide, self.offset);
        }
        let mut extra = Vec::new();
        if !wide.is_empty() {
            put16(&mut extra, 1);
            put16(&mut extra, u16::try_from(wide.len()).unwrap_or_default());
            extra.extend_from_slice(&wide);
        }
        self.moment.extra(&mut extra);
        put32(out, 0x0201_4B50);
        put16(out, MADE_BY);
        let size = narrow(self.size);
        self.common(out, !wide.is_empty(), size, size, &extra);
        // No comment, the one disk, nothing known of the content.
        put16(out, 0);
        put16(out, 0);
        put16(out, 0);
        put32(out, self.attributes);
        put32(out, narrow(self.offset));
        out.extend_from_slice(&self.name);
        out.extend_from_slice(&extra);
    }

    /// What both headers have in common.
    fn common(&self, out: &mut Vec<u8>, wide: bool, compressed: u32, size: u32, extra: &[u8]) {
        put16(out, if wide { ZIP64 } else { PLAIN });
        put16(out, self.flags);
        // Stored.
        put16(out, 0);
        put16(out, self.moment.time);
        put16(out, self.moment.date);
        put32(out, self.crc);
        put32(out, compressed);
        put32(out, size);
        // A path is bounded far below that, also with every byte written as three.
        put16(out, u16::try_from(self.name.len()).unwrap_or(u16::MAX));
        put16(out, u16::try_from(extra.len()).unwrap_or_default());
    }
}

/// A time in the two forms a zip has.
struct Moment {
    date: u16,
    time: u16,
    /// Seconds since 1970, where they are known and fit.
    seconds: Option<i32>,
}

impl Moment {
    fn of(time: Option<SystemTime>) -> Self {
        let Some(time) = time.map(DateTime::<Utc>::from) else {
            return Self::dos(1980, None);
        };
        let seconds = i32::try_from(time.timestamp()).ok();
        let year = u16::try_from(time.year()).unwrap_or_default();
        if !(1980..=2107).contains(&year) {
            return Self::dos(year, seconds);
        }
        let part = |number: u32| u16::try_from(number).unwrap_or_default();
        Self {
            date: ((year - 1980) << 9) | (part(time.month()) << 5) | part(time.day()),
            time: (part(time.hour()) << 11)
                | (part(time.minute()) << 5)
                | (part(time.second()) / 2).min(29),
            seconds,
        }
    }

    /// The nearest time of the format's own form.
    fn dos(year: u16, seconds: Option<i32>) -> Self {
        let (date, time) = match year < 2107 {
            true => ((1 << 5) | 1, 0),
            false => ((127 << 9) | (12 << 5) | 31, (23 << 11) | (59 << 5) | 29),
        };
        Self {
            date,
            time,
            seconds,
        }
    }

    fn extra(&self, extra: &mut Vec<u8>) {
        if let Some(seconds) = self.seconds {
            put16(extra, 0x5455);
            put16(extra, 5);
            // Only the time of the last change.
            extra.push(1);
            extra.extend_from_slice(&seconds.to_le_bytes());
        }
    }
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(BEYOND)
}

fn put16(out: &mut Vec<u8>, number: u16) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put32(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put64(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn times_are_in_both_forms() {
        let at = |seconds| Moment::of(Some(UNIX_EPOCH + Duration::from_secs(seconds)));
        // 2023-11-14 22:13:20
        let moment = at(1_700_000_000);
        assert_eq!(moment.date, (43 << 9) | (11 << 5) | 14);
        assert_eq!(moment.time, (22 << 11) | (13 << 5) | 10);
        assert_eq!(moment.seconds, Some(1_700_000_000));
        // Before the format's first day, and after what the other form can say.
        assert_eq!((at(5).date, at(5).seconds), ((1 << 5) | 1, Some(5)));
        assert_eq!(at(3_000_000_000).seconds, None);
        assert_eq!(at(5_000_000_000).date >> 9, 127);
        let before = Moment::of(Some(UNIX_EPOCH - Duration::from_secs(5)));
        assert_eq!(before.seconds, Some(-5));
        assert_eq!(Moment::of(None).seconds, None);
    }
}
