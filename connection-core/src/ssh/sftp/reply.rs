//! Replies, decoded and checked against what was asked.

use super::attrs::Attrs;
use super::codec::{Fields, Malformed, kind};
use super::status::Status;
use bytes::Bytes;

/// Longest handle the draft allows, in bytes.
const MAX_HANDLE: usize = 256;

/// Replies up to this many bytes are copied out of the chunk they came in, so that a few
/// bytes that wait to be read do not keep a whole receive buffer alive.
const COPY_BELOW: usize = 4096;

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
            (kind::EXTENDED_REPLY, Expect::Extended) => Ok(Self::Extended(fields.rest())),
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
