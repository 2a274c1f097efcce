//! File attributes (section 5 of the draft), and what they say of a file.

use super::codec::{Fields, Malformed};
use crate::error::{Error, Result};
use crate::fs::{FileType, Metadata, SetAttributes};
use bytes::{BufMut, BytesMut};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const SIZE: u32 = 0x1;
const OWNER: u32 = 0x2;
const PERMISSIONS: u32 = 0x4;
const TIMES: u32 = 0x8;
const EXTENDED: u32 = 0x8000_0000;

/// The part of a mode that says what kind of file it is.
const TYPE_MASK: u32 = 0o170_000;

/// Attributes as they are on the wire; one that is absent was not sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Attrs {
    pub(super) size: Option<u64>,
    /// User and group.
    pub(super) owner: Option<(u32, u32)>,
    /// The whole mode, type included.
    pub(super) mode: Option<u32>,
    /// Last read and last change, in seconds since 1970.
    pub(super) times: Option<(u32, u32)>,
}

impl Attrs {
    pub(super) fn decode(fields: &mut Fields) -> Result<Self, Malformed> {
        let flags = fields.u32()?;
        let mut attrs = Self::default();
        if flags & SIZE != 0 {
            attrs.size = Some(fields.u64()?);
        }
        if flags & OWNER != 0 {
            attrs.owner = Some((fields.u32()?, fields.u32()?));
        }
        if flags & PERMISSIONS != 0 {
            attrs.mode = Some(fields.u32()?);
        }
        if flags & TIMES != 0 {
            attrs.times = Some((fields.u32()?, fields.u32()?));
        }
        if flags & EXTENDED != 0 {
            // A count that lies ends with the packet.
            for _ in 0..fields.u32()? {
                fields.string()?;
                fields.string()?;
            }
        }
        Ok(attrs)
    }

    pub(super) fn encode(&self, out: &mut BytesMut) {
        let flag = |there: bool, flag: u32| if there { flag } else { 0 };
        out.put_u32(
            flag(self.size.is_some(), SIZE)
                | flag(self.owner.is_some(), OWNER)
                | flag(self.mode.is_some(), PERMISSIONS)
                | flag(self.times.is_some(), TIMES),
        );
        if let Some(size) = self.size {
            out.put_u64(size);
        }
        if let Some((user, group)) = self.owner {
            out.put_u32(user);
            out.put_u32(group);
        }
        if let Some(mode) = self.mode {
            out.put_u32(mode);
        }
        if let Some((accessed, modified)) = self.times {
            out.put_u32(accessed);
            out.put_u32(modified);
        }
    }

    /// Changes to a file, as they are sent; beside them the time of the last read where it
    /// changes alone, as the protocol sets both times at once.
    pub(super) fn of_changes(changes: &SetAttributes) -> Result<(Self, Option<u32>)> {
        let modified = changes.modified.map(|t| to_seconds(t, "modified"));
        let accessed = changes.accessed.map(|t| to_seconds(t, "accessed"));
        let (times, alone) = match (accessed.transpose()?, modified.transpose()?) {
            (Some(accessed), Some(modified)) => (Some((accessed, modified)), None),
            (None, Some(modified)) => (Some((modified, modified)), None),
            (alone, None) => (None, alone),
        };
        let attrs = Self {
            size: changes.size,
            owner: changes.owner,
            mode: changes.permissions.map(|bits| bits & 0o7777),
            times,
        };
        Ok((attrs, alone))
    }

    /// The raw type bits, where the server sent a mode.
    pub(super) fn type_bits(&self) -> Option<u32> {
        self.mode.map(|mode| mode & TYPE_MASK)
    }

    /// What kind of file it is; `None` when the server does not say.
    pub(super) fn file_type(&self) -> Option<FileType> {
        match self.type_bits()? {
            0o100_000 => Some(FileType::File),
            0o040_000 => Some(FileType::Directory),
            0o120_000 => Some(FileType::Symlink),
            // Permission bits alone, without a type.
            0 => None,
            _ => Some(FileType::Other),
        }
    }

    /// Whether opening it may wait for another process: a named pipe or a socket.
    pub(super) fn may_block(&self) -> bool {
        matches!(self.type_bits(), Some(0o010_000 | 0o140_000))
    }

    /// What is known without a name.
    pub(super) fn metadata(&self) -> Metadata {
        Metadata {
            file_type: self.file_type().unwrap_or(FileType::Other),
            size: self.size,
            permissions: self.mode.map(|mode| mode & 0o7777),
            uid: self.owner.map(|(user, _)| user),
            gid: self.owner.map(|(_, group)| group),
            owner: None,
            group: None,
            modified: self.times.map(|(_, modified)| from_seconds(modified)),
            accessed: self.times.map(|(accessed, _)| from_seconds(accessed)),
        }
    }
}

fn from_seconds(seconds: u32) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::from(seconds))
}

/// A time as version 3 sends it: whole seconds of 1970 to 2106.
pub(super) fn to_seconds(time: SystemTime, field: &'static str) -> Result<u32> {
    time.duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| u32::try_from(since.as_secs()).ok())
        .ok_or_else(|| Error::invalid(field, "SFTP version 3 knows times from 1970 to 2106"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn attributes_survive_the_wire(
            size: Option<u64>,
            owner: Option<(u32, u32)>,
            mode: Option<u32>,
            times: Option<(u32, u32)>,
        ) {
            let attrs = Attrs { size, owner, mode, times };
            let mut out = BytesMut::new();
            attrs.encode(&mut out);
            let mut fields = Fields::new(out.freeze());
            prop_assert_eq!(Attrs::decode(&mut fields), Ok(attrs));
            prop_assert_eq!(fields.remaining(), 0);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = Attrs::decode(&mut Fields::new(Bytes::from(bytes)));
        }
    }

    #[test]
    fn a_lying_count_of_extended_attributes_ends_with_the_packet() {
        let bytes = [0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
        let mut fields = Fields::new(Bytes::copy_from_slice(&bytes));
        assert!(Attrs::decode(&mut fields).is_err());
    }

    #[test]
    fn times_outside_the_protocol_are_refused() {
        let early = UNIX_EPOCH - Duration::from_secs(1);
        let late = UNIX_EPOCH + Duration::from_secs(1 << 33);
        assert!(to_seconds(early, "modified").is_err());
        assert!(to_seconds(late, "modified").is_err());
        assert_eq!(to_seconds(from_seconds(7), "modified").unwrap(), 7);
    }
}
