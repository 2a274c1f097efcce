//! Numbers and fields of SFTP version 3 (draft-ietf-secsh-filexfer-02).
//!
//! Everything read here comes from the other side: every length is checked against what
//! is there before it is used, and nothing panics.

use bytes::{Buf, Bytes};

/// Packet types of section 3 of the draft.
pub(super) mod kind {
    pub(in super::super) const INIT: u8 = 1;
    pub(in super::super) const VERSION: u8 = 2;
    pub(in super::super) const OPEN: u8 = 3;
    pub(in super::super) const CLOSE: u8 = 4;
    pub(in super::super) const READ: u8 = 5;
    pub(in super::super) const WRITE: u8 = 6;
    pub(in super::super) const LSTAT: u8 = 7;
    pub(in super::super) const FSTAT: u8 = 8;
    pub(in super::super) const SETSTAT: u8 = 9;
    pub(in super::super) const FSETSTAT: u8 = 10;
    pub(in super::super) const OPENDIR: u8 = 11;
    pub(in super::super) const READDIR: u8 = 12;
    pub(in super::super) const REMOVE: u8 = 13;
    pub(in super::super) const MKDIR: u8 = 14;
    pub(in super::super) const RMDIR: u8 = 15;
    pub(in super::super) const REALPATH: u8 = 16;
    pub(in super::super) const STAT: u8 = 17;
    pub(in super::super) const RENAME: u8 = 18;
    pub(in super::super) const READLINK: u8 = 19;
    pub(in super::super) const SYMLINK: u8 = 20;
    pub(in super::super) const STATUS: u8 = 101;
    pub(in super::super) const HANDLE: u8 = 102;
    pub(in super::super) const DATA: u8 = 103;
    pub(in super::super) const NAME: u8 = 104;
    pub(in super::super) const ATTRS: u8 = 105;
    pub(in super::super) const EXTENDED: u8 = 200;
    pub(in super::super) const EXTENDED_REPLY: u8 = 201;
}

/// Open flags of section 6.3.
pub(super) mod flags {
    pub(in super::super) const READ: u32 = 0x01;
    pub(in super::super) const WRITE: u32 = 0x02;
    pub(in super::super) const CREATE: u32 = 0x08;
    pub(in super::super) const TRUNCATE: u32 = 0x10;
    pub(in super::super) const EXCLUSIVE: u32 = 0x20;
}

/// What arrived is not a packet of the protocol; says what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) String);

impl Malformed {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

/// Reads the fields of a packet one after another.
pub(super) struct Fields(Bytes);

impl Fields {
    pub(super) fn new(bytes: Bytes) -> Self {
        Self(bytes)
    }

    pub(super) fn remaining(&self) -> usize {
        self.0.len()
    }

    /// What is left.
    pub(super) fn rest(self) -> Bytes {
        self.0
    }

    pub(super) fn u32(&mut self) -> Result<u32, Malformed> {
        self.0.try_get_u32().map_err(|_| short())
    }

    pub(super) fn u64(&mut self) -> Result<u64, Malformed> {
        self.0.try_get_u64().map_err(|_| short())
    }

    /// A string: a slice of the packet, not a copy.
    pub(super) fn string(&mut self) -> Result<Bytes, Malformed> {
        let length = self.u32()? as usize;
        if length > self.0.len() {
            return Err(Malformed::new(format!(
                "a string of {length} bytes in a packet that has {} left",
                self.0.len()
            )));
        }
        Ok(self.0.split_to(length))
    }
}

fn short() -> Malformed {
    Malformed::new("a packet ended in the middle of a field")
}
