//! Downloads.

use super::link::Link;
use super::lookup::{self, Purpose, Sight, explain};
use super::pool::Pool;
use super::reply::{Wire, io_error};
use super::stream::{Feed, Pump};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::FileReader;
use crate::path::RemotePath;
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::Ordering;

const OPERATION: &str = "download";
/// One allocation, cut into the chunks that arrive.
const BLOCK_BYTES: usize = 256 * 1024;
/// A block with less room than a TLS record is not read into any more.
const MIN_ROOM_BYTES: usize = 16 * 1024;
/// Chunks under way; each may keep a block alive, so at most 4 MiB.
const DEPTH: usize = 16;

/// Opens a file for reading.
pub(super) async fn open(
    pool: &Arc<Pool>,
    path: RemotePath,
    offset: u64,
) -> Result<Box<dyn FileReader>> {
    let feed = Feed::start_transfer(pool, OPERATION, DEPTH, move |link, pump| {
        read(link, pump, &path, offset)
    })
    .await?;
    Ok(Box::new(Reader(feed)))
}

struct Reader(Feed<Bytes>);

#[async_trait]
impl FileReader for Reader {
    async fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        self.0.next().await
    }
}

fn read(link: &mut Link, pump: &Pump<Bytes>, path: &RemotePath, offset: u64) -> Result<()> {
    let command = format!("RETR {}", path.to_text());
    let mut data = match link.open_data(OPERATION, &command, offset) {
        Ok(data) => data,
        Err(Wire::Refused(reply)) => {
            // Servers refuse an offset behind the end; here that is an empty rest.
            if offset > 0 && link.is_usable() && is_past_end(link, path, offset) {
                return Ok(());
            }
            return Err(explain(link, OPERATION, &reply, path, Purpose::Read));
        }
        Err(wire) => return Err(wire.into_error(OPERATION)),
    };
    let cut_off = data.cut_off();
    let mut received = offset;
    let mut block = BytesMut::zeroed(BLOCK_BYTES);
    loop {
        match data.read(&mut block) {
            Ok(0) => break,
            Ok(read) => {
                received += read as u64;
                pump.send(block.split_to(read).freeze())?;
                if block.len() < MIN_ROOM_BYTES {
                    block = BytesMut::zeroed(BLOCK_BYTES);
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(io_error(OPERATION, error).with("path", path.to_text())),
        }
    }
    link.finish(OPERATION, data).map_err(|wire| {
        let error = wire.into_error(OPERATION);
        error
            .with("path", path.to_text())
            .with("received", received.to_string())
    })?;
    // An end without TLS's end mark can be forged by whoever sits on the network.
    if cut_off.is_some_and(|flag| flag.load(Ordering::Acquire)) {
        let size =
            lookup::size(link, OPERATION, path).map_err(|wire| wire.into_error(OPERATION))?;
        if size != Some(received) {
            return Err(Error::new(
                ErrorKind::Incomplete,
                OPERATION,
                "the encrypted data ended early",
            )
            .with("path", path.to_text())
            .with("received", received.to_string()));
        }
    }
    Ok(())
}

fn is_past_end(link: &mut Link, path: &RemotePath, offset: u64) -> bool {
    matches!(
        lookup::look_through(link, OPERATION, path),
        Ok(Sight::Seen(metadata, _)) if !metadata.is_dir() && metadata.size.is_some_and(|size| offset >= size)
    )
}
