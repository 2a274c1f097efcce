//! What is remembered until an archive ends: a little in memory, the rest in a file without a
//! name, which vanishes with its handle. Knows no format.

use crate::error::{Error, ErrorKind, Result, Side};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// Bytes kept in memory before they go to the file.
const MEMORY: usize = 1 << 20;

/// Bytes read back at once.
const PART: u64 = 256 << 10;

/// Bytes in the order they were written, to be read back once.
#[derive(Default)]
pub(super) struct Ledger {
    file: Option<Arc<File>>,
    /// Bytes in the file.
    filed: u64,
    memory: Vec<u8>,
    /// Bytes read back.
    taken: u64,
    /// All bytes that were in memory when reading began.
    last: Option<u64>,
}

impl Ledger {
    /// Where bytes are added; not once it is read back.
    pub(super) fn tail(&mut self) -> &mut Vec<u8> {
        &mut self.memory
    }

    /// Bytes in it.
    pub(super) fn length(&self) -> u64 {
        self.filed + self.last.unwrap_or(self.memory.len() as u64)
    }

    /// Moves what is in memory to the file once it is much.
    ///
    /// # Errors
    /// `LocalIo`, `NoSpace`.
    pub(super) async fn settle(&mut self) -> Result<()> {
        if self.memory.len() < MEMORY {
            return Ok(());
        }
        let bytes = std::mem::take(&mut self.memory);
        let length = bytes.len() as u64;
        let (file, at) = (self.file.clone(), self.filed);
        let file = blocking(move || {
            let file = match file {
                Some(file) => file,
                None => Arc::new(tempfile::tempfile()?),
            };
            file.write_all_at(&bytes, at)?;
            Ok(file)
        })
        .await?;
        self.file = Some(file);
        self.filed += length;
        Ok(())
    }

    /// The next part of it, never empty; `None` at the end.
    ///
    /// # Errors
    /// `LocalIo`.
    pub(super) async fn take(&mut self) -> Result<Option<Vec<u8>>> {
        let left = self.filed - self.taken.min(self.filed);
        if left > 0
            && let Some(file) = self.file.clone()
        {
            let (at, length) = (self.taken, left.min(PART));
            let bytes = blocking(move || {
                let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
                file.read_exact_at(&mut bytes, at)?;
                Ok(bytes)
            })
            .await?;
            self.taken += length;
            return Ok(Some(bytes));
        }
        self.last.get_or_insert(self.memory.len() as u64);
        let rest = std::mem::take(&mut self.memory);
        Ok((!rest.is_empty()).then_some(rest))
    }
}

async fn blocking<T: Send + 'static>(
    job: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(job).await;
    done.unwrap_or_else(|e| Err(std::io::Error::other(e)))
        .map_err(|source| {
            let kind = match source.kind() {
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                    ErrorKind::NoSpace
                }
                _ => ErrorKind::LocalIo,
            };
            Error::new(kind, "keep an archive's directory", source.to_string())
                .on(Side::Local)
                .caused_by(source)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_written_is_read_back_in_order() {
        for count in [0_u32, 10, 400_000] {
            let mut ledger = Ledger::default();
            for number in 0..count {
                ledger.tail().extend_from_slice(&number.to_le_bytes());
                ledger.settle().await.unwrap();
                assert!(ledger.memory.len() < MEMORY);
            }
            assert_eq!(ledger.length(), u64::from(count) * 4);
            let mut bytes = Vec::new();
            while let Some(part) = ledger.take().await.unwrap() {
                bytes.extend_from_slice(&part);
            }
            assert_eq!(ledger.length(), bytes.len() as u64);
            let read = bytes
                .chunks(4)
                .map(|b| u32::from_le_bytes(b.try_into().unwrap()));
            assert!(read.eq(0..count));
        }
    }
}
