//! [`Shelf`]: directory entries packed into few bytes, taken off in the order they were
//! put on. An entry as it is takes some 300 bytes, here about 80. Knows no listing.

use bytes::{Buf, BufMut};
use connection_core::fs::{Entry, FileType, Metadata};
use connection_core::path::RemoteName;
use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

/// Bytes of one block: memory is given back in these steps.
const BLOCK: usize = 64 * 1024;

/// Packed entries.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    blocks: VecDeque<Vec<u8>>,
    /// Bytes of the first block that were taken off.
    taken: usize,
    bytes: usize,
}

impl Shelf {
    /// Puts an entry behind the others.
    pub(crate) fn push(&mut self, entry: &Entry) {
        if self.blocks.back().is_none_or(|block| block.len() >= BLOCK) {
            self.blocks.push_back(Vec::with_capacity(BLOCK));
        }
        if let Some(block) = self.blocks.back_mut() {
            let before = block.len();
            pack(block, entry);
            self.bytes += block.len() - before;
        }
    }

    /// Takes the first entry off.
    pub(crate) fn pop(&mut self) -> Option<Entry> {
        let block = self.blocks.front()?;
        let mut rest = block.get(self.taken..)?;
        let before = rest.len();
        let entry = unpack(&mut rest)?;
        self.taken += before - rest.len();
        self.bytes -= before - rest.len();
        if rest.is_empty() {
            self.blocks.pop_front();
            self.taken = 0;
        }
        Some(entry)
    }

    /// Bytes of the entries on it.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// Which facts follow, one bit each, above the two bits of the type.
const SIZE: u16 = 1 << 2;
const PERMISSIONS: u16 = 1 << 3;
const UID: u16 = 1 << 4;
const GID: u16 = 1 << 5;
const OWNER: u16 = 1 << 6;
const GROUP: u16 = 1 << 7;
const MODIFIED: u16 = 1 << 8;
const ACCESSED: u16 = 1 << 9;
const LINK_TARGET: u16 = 1 << 10;

fn pack(to: &mut Vec<u8>, entry: &Entry) {
    let told = &entry.metadata;
    let (modified, accessed) = (told.modified.and_then(parts), told.accessed.and_then(parts));
    let kind = match told.file_type {
        FileType::File => 0,
        FileType::Directory => 1,
        FileType::Symlink => 2,
        FileType::Other => 3,
    };
    let facts = [
        (SIZE, told.size.is_some()),
        (PERMISSIONS, told.permissions.is_some()),
        (UID, told.uid.is_some()),
        (GID, told.gid.is_some()),
        (OWNER, told.owner.is_some()),
        (GROUP, told.group.is_some()),
        (MODIFIED, modified.is_some()),
        (ACCESSED, accessed.is_some()),
        (LINK_TARGET, entry.link_target.is_some()),
    ];
    let there = facts.iter().filter(|(_, there)| *there);
    to.put_u16(there.fold(kind, |all, (bit, _)| all | bit));
    put_bytes(to, entry.name.as_bytes());
    told.size.iter().for_each(|n| to.put_u64(*n));
    for number in [told.permissions, told.uid, told.gid].into_iter().flatten() {
        to.put_u32(number);
    }
    for name in [&told.owner, &told.group].into_iter().flatten() {
        put_bytes(to, name.as_bytes());
    }
    for (seconds, nanoseconds) in [modified, accessed].into_iter().flatten() {
        to.put_i64(seconds);
        to.put_u32(nanoseconds);
    }
    if let Some(target) = &entry.link_target {
        put_bytes(to, target);
    }
}

/// `None` only for what [`pack`] did not make.
fn unpack(from: &mut &[u8]) -> Option<Entry> {
    let facts = from.try_get_u16().ok()?;
    let told = |bit: u16| facts & bit != 0;
    let name = RemoteName::new(take_bytes(from)?);
    let mut metadata = Metadata::of_type(match facts & 3 {
        0 => FileType::File,
        1 => FileType::Directory,
        2 => FileType::Symlink,
        _ => FileType::Other,
    });
    if told(SIZE) {
        metadata.size = Some(from.try_get_u64().ok()?);
    }
    for (bit, number) in [
        (PERMISSIONS, &mut metadata.permissions),
        (UID, &mut metadata.uid),
        (GID, &mut metadata.gid),
    ] {
        if told(bit) {
            *number = Some(from.try_get_u32().ok()?);
        }
    }
    for (bit, name) in [(OWNER, &mut metadata.owner), (GROUP, &mut metadata.group)] {
        if told(bit) {
            *name = Some(String::from_utf8(take_bytes(from)?).ok()?);
        }
    }
    for (bit, time) in [
        (MODIFIED, &mut metadata.modified),
        (ACCESSED, &mut metadata.accessed),
    ] {
        if told(bit) {
            *time = moment(from.try_get_i64().ok()?, from.try_get_u32().ok()?);
        }
    }
    let link_target = match told(LINK_TARGET) {
        true => Some(take_bytes(from)?),
        false => None,
    };
    Some(Entry {
        name,
        metadata,
        link_target,
    })
}

/// No string here is longer than the line of a listing it came in.
fn put_bytes(to: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    to.put_u32(length);
    to.extend(bytes.iter().take(length as usize));
}

fn take_bytes(from: &mut &[u8]) -> Option<Vec<u8>> {
    let length = usize::try_from(from.try_get_u32().ok()?).ok()?;
    let (bytes, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(bytes.to_vec())
}

/// Seconds since 1970, rounded down, and the nanoseconds above them.
fn parts(time: SystemTime) -> Option<(i64, u32)> {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => Some((i64::try_from(after.as_secs()).ok()?, after.subsec_nanos())),
        Err(before) => {
            let before = before.duration();
            let seconds = i64::try_from(before.as_secs()).ok()?.checked_neg()?;
            match before.subsec_nanos() {
                0 => Some((seconds, 0)),
                nanoseconds => Some((seconds.checked_sub(1)?, 1_000_000_000 - nanoseconds)),
            }
        }
    }
}

fn moment(seconds: i64, nanoseconds: u32) -> Option<SystemTime> {
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let time = match seconds {
        0.. => SystemTime::UNIX_EPOCH.checked_add(whole),
        _ => SystemTime::UNIX_EPOCH.checked_sub(whole),
    };
    time?.checked_add(Duration::from_nanos(nanoseconds.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(name: &[u8], kind: FileType) -> Entry {
        Entry {
            name: RemoteName::new(name),
            metadata: Metadata::of_type(kind),
            link_target: None,
        }
    }

    fn full() -> Entry {
        let epoch = SystemTime::UNIX_EPOCH;
        Entry {
            name: RemoteName::new(b"caf\xe9".as_slice()),
            metadata: Metadata {
                file_type: FileType::Symlink,
                size: Some(u64::MAX),
                permissions: Some(0o7777),
                uid: Some(0),
                gid: Some(u32::MAX),
                owner: Some("ann".to_owned()),
                group: Some(String::new()),
                modified: Some(epoch + Duration::new(1_700_000_000, 123_000_000)),
                accessed: Some(epoch - Duration::new(1, 5)),
            },
            link_target: Some(b"\xff/..".to_vec()),
        }
    }

    #[test]
    fn entries_come_off_as_they_were_put_on() {
        let mut odd = bare(b"", FileType::Other);
        odd.metadata.gid = Some(7);
        odd.metadata.accessed = Some(SystemTime::UNIX_EPOCH - Duration::from_secs(3));
        let entries = [full(), bare(b"d", FileType::Directory), odd, full()];
        let mut shelf = Shelf::default();
        entries.iter().for_each(|entry| shelf.push(entry));
        let back: Vec<Entry> = std::iter::from_fn(|| shelf.pop()).collect();
        assert_eq!(back, entries);
        assert_eq!((shelf.bytes(), shelf.blocks.len()), (0, 0));
    }

    #[test]
    fn memory_is_given_back_while_entries_are_taken() {
        let mut shelf = Shelf::default();
        let name = |n: u32| format!("a name of some length, number {n}").into_bytes();
        for n in 0..20_000 {
            shelf.push(&bare(&name(n), FileType::File));
        }
        let full = shelf.bytes();
        assert!(full < 20_000 * 48, "{full}");
        for n in 0..20_000 {
            assert_eq!(shelf.pop().unwrap().name.as_bytes(), name(n));
            assert!(shelf.blocks.len() <= shelf.bytes() / BLOCK + 2);
        }
        assert!(shelf.pop().is_none() && shelf.blocks.is_empty());
    }
}
