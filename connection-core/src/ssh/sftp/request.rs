//! Requests, and their bytes.

use super::attrs::Attrs;
use super::codec::kind;
use super::reply::Expect;
use bytes::{BufMut, Bytes, BytesMut};

/// Brings a file to the disk.
pub(super) const FSYNC: &str = "fsync@openssh.com";

/// Copies bytes from one open file to another.
pub(super) const COPY_DATA: &str = "copy-data";

/// A request, encoded. The payload of a WRITE stays apart, so that it is not copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) head: Bytes,
    /// Empty for every other request.
    pub(super) payload: Bytes,
}

/// What the client asks for.
#[derive(Debug, Clone)]
pub(super) enum Request<'a> {
    Open {
        path: &'a [u8],
        flags: u32,
        attrs: Attrs,
    },
    Close(&'a [u8]),
    Read {
        handle: &'a [u8],
        offset: u64,
        length: u32,
    },
    Write {
        handle: &'a [u8],
        offset: u64,
        data: Bytes,
    },
    Lstat(&'a [u8]),
    Stat(&'a [u8]),
    Fstat(&'a [u8]),
    SetStat {
        path: &'a [u8],
        attrs: Attrs,
    },
    FsetStat {
        handle: &'a [u8],
        attrs: Attrs,
    },
    OpenDir(&'a [u8]),
    ReadDir(&'a [u8]),
    Remove(&'a [u8]),
    MakeDir(&'a [u8]),
    RemoveDir(&'a [u8]),
    RealPath(&'a [u8]),
    Rename {
        from: &'a [u8],
        to: &'a [u8],
    },
    ReadLink(&'a [u8]),
    /// In OpenSSH's order of arguments, target first. The draft has it the other way
    /// round, but OpenSSH's server came first to be imitated.
    Symlink {
        target: &'a [u8],
        link: &'a [u8],
    },
    /// An extension whose arguments are all strings.
    Extended {
        name: &'static str,
        strings: &'a [&'a [u8]],
    },
    /// [`COPY_DATA`].
    CopyData {
        from: &'a [u8],
        offset: u64,
        /// Never 0, which would mean «to the end».
        length: u64,
        to: &'a [u8],
        at: u64,
    },
}

impl Request<'_> {
    /// The reply it has.
    pub(super) fn expect(&self) -> Expect {
        match self {
            Self::Open { .. } | Self::OpenDir(_) => Expect::Handle,
            Self::Read { length, .. } => Expect::Data { max: *length },
            Self::Lstat(_) | Self::Stat(_) | Self::Fstat(_) => Expect::Attrs,
            Self::ReadDir(_) | Self::RealPath(_) | Self::ReadLink(_) => Expect::Names,
            // The extensions in use either answer with data or with a STATUS alone.
            Self::Extended { .. } => Expect::Extended,
            Self::Close(_)
            | Self::Write { .. }
            | Self::SetStat { .. }
            | Self::FsetStat { .. }
            | Self::Remove(_)
            | Self::MakeDir(_)
            | Self::RemoveDir(_)
            | Self::Rename { .. }
            | Self::Symlink { .. }
            | Self::CopyData { .. } => Expect::Status,
        }
    }

    /// Whether the server may rightly take minutes for it: a large upload waits in its
    /// memory until `fsync` brings it to a slow disk, and a copy reads and writes there.
    pub(super) fn is_slow(&self) -> bool {
        match self {
            Self::Extended { name, .. } => *name == FSYNC,
            Self::CopyData { .. } => true,
            _ => false,
        }
    }

    /// Bytes it takes on the wire, roughly: for the bound of the sending queue.
    pub(super) fn cost(&self) -> usize {
        match self {
            Self::Write { data, .. } => data.len() + 64,
            _ => 256,
        }
    }

    /// The bytes to send.
    pub(super) fn encode(&self, id: u32) -> Frame {
        let mut out = BytesMut::with_capacity(64);
        // The length, filled in at the end.
        out.put_u32(0);
        out.put_u8(self.kind());
        out.put_u32(id);
        let mut payload = Bytes::new();
        match self {
            Self::Open { path, flags, attrs } => {
                put_string(&mut out, path);
                out.put_u32(*flags);
                attrs.encode(&mut out);
            }
            Self::Read {
                handle,
                offset,
                length,
            } => {
                put_string(&mut out, handle);
                out.put_u64(*offset);
                out.put_u32(*length);
            }
            Self::Write {
                handle,
                offset,
                data,
            } => {
                put_string(&mut out, handle);
                out.put_u64(*offset);
                out.put_u32(wire_length(data.len()));
                payload = data.clone();
            }
            Self::SetStat { path: one, attrs } | Self::FsetStat { handle: one, attrs } => {
                put_string(&mut out, one);
                attrs.encode(&mut out);
            }
            Self::MakeDir(path) => {
                put_string(&mut out, path);
                Attrs::default().encode(&mut out);
            }
            Self::Rename { from, to } => {
                put_string(&mut out, from);
                put_string(&mut out, to);
            }
            Self::Symlink { target, link } => {
                put_string(&mut out, target);
                put_string(&mut out, link);
            }
            Self::Extended { name, strings } => {
                put_string(&mut out, name.as_bytes());
                for string in *strings {
                    put_string(&mut out, string);
                }
            }
            Self::CopyData {
                from,
                offset,
                length,
                to,
                at,
            } => {
                put_string(&mut out, COPY_DATA.as_bytes());
                put_string(&mut out, from);
                out.put_u64(*offset);
                out.put_u64(*length);
                put_string(&mut out, to);
                out.put_u64(*at);
            }
            Self::Close(one)
            | Self::Lstat(one)
            | Self::Stat(one)
            | Self::Fstat(one)
            | Self::OpenDir(one)
            | Self::ReadDir(one)
            | Self::Remove(one)
            | Self::RemoveDir(one)
            | Self::RealPath(one)
            | Self::ReadLink(one) => put_string(&mut out, one),
        }
        let length = wire_length(out.len() - 4 + payload.len());
        if let Some(place) = out.get_mut(..4) {
            place.copy_from_slice(&length.to_be_bytes());
        }
        Frame {
            head: out.freeze(),
            payload,
        }
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Open { .. } => kind::OPEN,
            Self::Close(_) => kind::CLOSE,
            Self::Read { .. } => kind::READ,
            Self::Write { .. } => kind::WRITE,
            Self::Lstat(_) => kind::LSTAT,
            Self::Stat(_) => kind::STAT,
            Self::Fstat(_) => kind::FSTAT,
            Self::SetStat { .. } => kind::SETSTAT,
            Self::FsetStat { .. } => kind::FSETSTAT,
            Self::OpenDir(_) => kind::OPENDIR,
            Self::ReadDir(_) => kind::READDIR,
            Self::Remove(_) => kind::REMOVE,
            Self::MakeDir(_) => kind::MKDIR,
            Self::RemoveDir(_) => kind::RMDIR,
            Self::RealPath(_) => kind::REALPATH,
            Self::Rename { .. } => kind::RENAME,
            Self::ReadLink(_) => kind::READLINK,
            Self::Symlink { .. } => kind::SYMLINK,
            Self::Extended { .. } | Self::CopyData { .. } => kind::EXTENDED,
        }
    }
}

/// Paths and payloads are bounded far below 4 GiB before they come here.
fn wire_length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn put_string(out: &mut BytesMut, bytes: &[u8]) {
    out.put_u32(wire_length(bytes.len()));
    out.put_slice(bytes);
}
