//! Replies of `statvfs@openssh.com` (OpenSSH's PROTOCOL).

use super::codec::{Fields, Malformed};
use crate::fs::SpaceInfo;

/// Blocks into bytes. Numbers that overflow are cut off: they are the server's fancy.
pub(super) fn parse_space(fields: &mut Fields) -> Result<SpaceInfo, Malformed> {
    let preferred = fields.u64()?;
    // Some servers leave the size of a block out where both are the same.
    let block = match fields.u64()? {
        0 => preferred,
        block => block,
    };
    let blocks = fields.u64()?;
    let free = fields.u64()?;
    let available = fields.u64()?;
    let inodes = fields.u64()?;
    let inodes_free = fields.u64()?;
    Ok(SpaceInfo {
        total: blocks.saturating_mul(block),
        free: free.saturating_mul(block),
        available: available.saturating_mul(block),
        inodes,
        inodes_free,
    })
}
