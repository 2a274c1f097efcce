//! Packets of SFTP version 3 (draft-ietf-secsh-filexfer-02) as bytes and back.
//!
//! Everything read here comes from the other side: every length is checked against what
//! is there before it is used, and nothing panics. It knows no request in flight.

use super::attrs::Attrs;
use super::status::Status;
use bytes::{Buf, BufMut, Bytes, BytesMut};

/// Packet types of section 3 of the draft.
pub(super) mod kind {
    pub(in super::super) const INIT: u8 = 1;
    pub(in super::super) const VERSION: u8 = 2;
    pub(super) const OPEN: u8 = 3;
    pub(super) const CLOSE: u8 = 4;
    pub(super) const READ: u8 = 5;
    pub(super) const WRITE: u8 = 6;
    pub(super) const LSTAT: u8 = 7;
    pub(super) const SETSTAT: u8 = 9;
    pub(super) const OPENDIR: u8 = 11;
    pub(super) const READDIR: u8 = 12;
    pub(super) const REMOVE: u8 = 13;
    pub(super) const MKDIR: u8 = 14;
    pub(super) const RMDIR: u8 = 15;
    pub(super) const REALPATH: u8 = 16;
    pub(super) const STAT: u8 = 17;
    pub(super) const RENAME: u8 = 18;
    pub(super) const READLINK: u8 = 19;
    pub(super) const SYMLINK: u8 = 20;
    pub(super) const STATUS: u8 = 101;
    pub(super) const HANDLE: u8 = 102;
    pub(super) const DATA: u8 = 103;
    pub(super) const NAME: u8 = 104;
    pub(super) const ATTRS: u8 = 105;
    pub(super) const EXTENDED: u8 = 200;
    pub(super) const EXTENDED_REPLY: u8 = 201;
}

/// Open flags of section 6.3.
pub(super) mod flags {
    pub(in super::super) const READ: u32 = 0x01;
    pub(in super::super) const WRITE: u32 = 0x02;
    pub(in super::super) const CREATE: u32 = 0x08;
    pub(in super::super) const TRUNCATE: u32 = 0x10;
    pub(in super::super) const EXCLUSIVE: u32 = 0x20;
}

/// Longest handle the draft allows, in bytes.
const MAX_HANDLE: usize = 256;

/// Replies up to this many bytes are copied out of the chunk they came in, so that a few
/// bytes that wait to be read do not keep a whole receive buffer alive.
const COPY_BELOW: usize = 4096;

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
    SetStat {
        path: &'a [u8],
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
}

/// Which reply a request has, besides STATUS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expect {
    Status,
    Handle,
    Data { max: u32 },
    Names,
    Attrs,
    Extended,
}

impl Request<'_> {
    /// The reply it has.
    pub(super) fn expect(&self) -> Expect {
        match self {
            Self::Open { .. } | Self::OpenDir(_) => Expect::Handle,
            Self::Read { length, .. } => Expect::Data { max: *length },
            Self::Lstat(_) | Self::Stat(_) => Expect::Attrs,
            Self::ReadDir(_) | Self::RealPath(_) | Self::ReadLink(_) => Expect::Names,
            // The extensions in use either answer with data or with a STATUS alone.
            Self::Extended { .. } => Expect::Extended,
            Self::Close(_)
            | Self::Write { .. }
            | Self::SetStat { .. }
            | Self::Remove(_)
            | Self::MakeDir(_)
            | Self::RemoveDir(_)
            | Self::Rename { .. }
            | Self::Symlink { .. } => Expect::Status,
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
            Self::SetStat { path, attrs } => {
                put_string(&mut out, path);
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
            Self::Close(one)
            | Self::Lstat(one)
            | Self::Stat(one)
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
            Self::SetStat { .. } => kind::SETSTAT,
            Self::OpenDir(_) => kind::OPENDIR,
            Self::ReadDir(_) => kind::READDIR,
            Self::Remove(_) => kind::REMOVE,
            Self::MakeDir(_) => kind::MKDIR,
            Self::RemoveDir(_) => kind::RMDIR,
            Self::RealPath(_) => kind::REALPATH,
            Self::Rename { .. } => kind::RENAME,
            Self::ReadLink(_) => kind::READLINK,
            Self::Symlink { .. } => kind::SYMLINK,
            Self::Extended { .. } => kind::EXTENDED,
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

/// One entry of a NAME reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NameEntry {
    pub(super) name: Bytes,
    /// A line as of `ls -l`; its form is the server's affair.
    pub(super) long_name: Bytes,
    pub(super) attrs: Attrs,
}

/// What the server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    Status(Status),
    Handle(Bytes),
    Data(Bytes),
    Names(Vec<NameEntry>),
    Attrs(Attrs),
    Extended(Bytes),
}

impl Reply {
    /// Decodes what follows the request id. Bytes behind the last field are tolerated:
    /// later versions of the protocol put some there.
    ///
    /// # Errors
    /// `Malformed` too when the type does not fit the request.
    pub(super) fn decode(kind: u8, body: Bytes, expect: Expect) -> Result<Self, Malformed> {
        let mut fields = Fields::new(body);
        match (kind, expect) {
            (kind::STATUS, _) => {
                let status = Status::decode(&mut fields)?;
                if status.is_ok() && !matches!(expect, Expect::Status | Expect::Extended) {
                    return Err(Malformed::new("success without the result asked for"));
                }
                Ok(Self::Status(status))
            }
            (kind::HANDLE, Expect::Handle) => {
                let handle = fields.string()?;
                if handle.len() > MAX_HANDLE {
                    return Err(Malformed::new("a handle longer than 256 bytes"));
                }
                Ok(Self::Handle(Bytes::copy_from_slice(&handle)))
            }
            (kind::DATA, Expect::Data { max }) => {
                let data = fields.string()?;
                if data.len() > max as usize {
                    return Err(Malformed::new(format!(
                        "{} bytes in answer to a read of {max}",
                        data.len()
                    )));
                }
                Ok(Self::Data(if data.len() < COPY_BELOW {
                    Bytes::copy_from_slice(&data)
                } else {
                    data
                }))
            }
            (kind::NAME, Expect::Names) => decode_names(&mut fields).map(Self::Names),
            (kind::ATTRS, Expect::Attrs) => Attrs::decode(&mut fields).map(Self::Attrs),
            (kind::EXTENDED_REPLY, Expect::Extended) => Ok(Self::Extended(fields.0)),
            _ => Err(Malformed::new(format!(
                "packet type {kind} where {expect:?} was due"
            ))),
        }
    }
}

fn decode_names(fields: &mut Fields) -> Result<Vec<NameEntry>, Malformed> {
    /// Two empty strings and the flags of empty attributes.
    const SMALLEST_ENTRY: usize = 12;
    let count = fields.u32()? as usize;
    if count > fields.remaining() / SMALLEST_ENTRY {
        return Err(Malformed::new(format!(
            "{count} names in {} bytes",
            fields.remaining()
        )));
    }
    let mut names = Vec::with_capacity(count);
    for _ in 0..count {
        names.push(NameEntry {
            name: fields.string()?,
            long_name: fields.string()?,
            attrs: Attrs::decode(fields)?,
        });
    }
    Ok(names)
}
