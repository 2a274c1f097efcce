//! The format of an archive, chosen once: what writes its entries.

use super::zip::Zip;
use super::{ArchiveFormat, Head, tar};
use crate::error::Result;

/// What writes the entries.
pub(super) enum Writer {
    Zip(Box<Zip>),
    Tar,
}

impl Writer {
    pub(super) fn new(format: ArchiveFormat) -> Self {
        match format {
            ArchiveFormat::Zip => Self::Zip(Box::default()),
            ArchiveFormat::Tar => Self::Tar,
        }
    }

    /// Writes a directory.
    pub(super) fn directory(&mut self, out: &mut Vec<u8>, head: &Head) {
        match self {
            Self::Zip(zip) => zip.directory(out, head),
            Self::Tar => tar::directory(out, head),
        }
    }

    /// Writes a symbolic link.
    pub(super) fn link(&mut self, out: &mut Vec<u8>, head: &Head, target: &[u8]) {
        match self {
            Self::Zip(zip) => zip.link(out, head, target),
            Self::Tar => tar::link(out, head, target),
        }
    }

    /// Writes a file with its content.
    pub(super) fn file(&mut self, out: &mut Vec<u8>, head: &Head, content: &[u8]) {
        match self {
            Self::Zip(zip) => zip.file(out, head, content),
            Self::Tar => {
                let size = content.len() as u64;
                tar::file(out, head, size);
                out.extend_from_slice(content);
                tar::pad(out, size);
            }
        }
    }

    /// Whether a file can be begun whose size is not known.
    pub(super) fn takes_any_size(&self) -> bool {
        matches!(self, Self::Zip(_))
    }

    /// Writes the header of a file whose content follows.
    pub(super) fn begin(&mut self, out: &mut Vec<u8>, head: &Head, size: Option<u64>) {
        match self {
            Self::Zip(zip) => zip.begin(out, head, size),
            Self::Tar => tar::file(out, head, size.unwrap_or_default()),
        }
    }

    /// Takes note of content, which goes out as it is.
    pub(super) fn content(&mut self, bytes: &[u8]) {
        match self {
            Self::Zip(zip) => zip.content(bytes),
            Self::Tar => {}
        }
    }

    /// Writes what stands behind a content of this size.
    pub(super) fn end(&mut self, out: &mut Vec<u8>, size: u64) {
        match self {
            Self::Zip(zip) => zip.end(out),
            Self::Tar => tar::pad(out, size),
        }
    }

    /// Brings what the end needs to where it does not take up memory.
    pub(super) async fn settle(&mut self) -> Result<()> {
        match self {
            Self::Zip(zip) => zip.settle().await,
            Self::Tar => Ok(()),
        }
    }

    /// Writes the next part of what comes after all entries; false once there is none.
    pub(super) async fn close(&mut self, out: &mut Vec<u8>) -> Result<bool> {
        match self {
            Self::Zip(zip) => match zip.directory_part().await? {
                Some(part) => {
                    out.extend_from_slice(&part);
                    return Ok(true);
                }
                None => zip.finish(out),
            },
            Self::Tar => tar::finish(out),
        }
        Ok(false)
    }
}
