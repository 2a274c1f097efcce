//! Replies of `statvfs@openssh.com` (OpenSSH PROTOCOL, section 4.4).

use super::codec::{Fields, Malformed};
use crate::fs::SpaceInfo;

/// Blocks into bytes. Numbers that overflow are cut off: they are the server's fancy.
pub(super) fn parse_space(fields: &mut Fields) -> Result<SpaceInfo, Malformed> {
    let _preferred_block = fields.u64()?;
    let block = fields.u64()?;
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
