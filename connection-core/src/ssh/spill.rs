//! A command's output while it runs: a little memory, then a temporary file, up to a
//! limit. Knows nothing of commands.
//!
//! The file has no name and vanishes with its handle, whatever happens to the process.

use crate::error::{Error, ErrorKind, Result, Side};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use tokio::task::JoinHandle;

/// Bytes kept in memory before they go to the file.
const MEMORY: usize = 1024 * 1024;

const OPERATION: &str = "keep command output";

type Job = JoinHandle<std::io::Result<File>>;

/// Bytes of one output stream.
#[derive(Default)]
pub(crate) struct Spill {
    memory: Vec<u8>,
    written: u64,
    /// The file, while nothing is being written to it, or the write under way.
    writing: Option<Job>,
}

impl Spill {
    /// Takes bytes. Waits only for this machine's disk, and only once a whole memory's
    /// worth is still being written.
    ///
    /// # Errors
    /// `LocalIo`, `NoSpace`.
    pub(crate) async fn push(&mut self, data: &[u8]) -> Result<()> {
        self.memory.extend_from_slice(data);
        if self.memory.len() < MEMORY {
            return Ok(());
        }
        let earlier = self.file().await?;
        let full = std::mem::take(&mut self.memory);
        self.written += full.len() as u64;
        self.writing = Some(tokio::task::spawn_blocking(move || {
            let mut file = match earlier {
                Some(file) => file,
                None => tempfile::tempfile()?,
            };
            file.write_all(&full)?;
            Ok(file)
        }));
        Ok(())
    }

    /// All bytes, in the order they came.
    ///
    /// # Errors
    /// `LocalIo`, `NoSpace`.
    pub(crate) async fn finish(mut self) -> Result<Vec<u8>> {
        let Some(mut file) = self.file().await? else {
            return Ok(self.memory);
        };
        let room = usize::try_from(self.written).unwrap_or(usize::MAX);
        let mut all = Vec::with_capacity(room.saturating_add(self.memory.len()));
        let mut all = tokio::task::spawn_blocking(move || {
            file.seek(SeekFrom::Start(0))?;
            file.read_to_end(&mut all)?;
            Ok(all)
        })
        .await
        .unwrap_or_else(|e| Err(std::io::Error::other(e)))
        .map_err(local)?;
        all.append(&mut self.memory);
        Ok(all)
    }

    /// The file, once the write under way has ended.
    async fn file(&mut self) -> Result<Option<File>> {
        match self.writing.take() {
            None => Ok(None),
            Some(job) => job
                .await
                .unwrap_or_else(|e| Err(std::io::Error::other(e)))
                .map(Some)
                .map_err(local),
        }
    }
}

fn local(source: std::io::Error) -> Error {
    let kind = match source.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => ErrorKind::NoSpace,
        _ => ErrorKind::LocalIo,
    };
    Error::new(kind, OPERATION, source.to_string())
        .on(Side::Local)
        .caused_by(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bytes_come_back_in_order_whatever_the_size() {
        for pieces in [0usize, 1, 40, 200] {
            let mut spill = Spill::default();
            let mut expected = Vec::new();
            for n in 0..pieces {
                let piece = vec![u8::try_from(n).unwrap(); 30_011];
                spill.push(&piece).await.unwrap();
                assert!(spill.memory.len() < MEMORY);
                expected.extend(piece);
            }
            assert!(spill.finish().await.unwrap() == expected, "{pieces} pieces");
        }
    }
}
