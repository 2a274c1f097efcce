//! The worker's job of many things on one session: downloads, and somebody who types.

use super::files;
use crate::results::{Metrics, latencies};
use crate::typing::{COMMAND, PAUSE, READY, prefixed};
use crate::{Result, fail};
use connection_core::session::ActiveSession;
use connection_core::ssh::Terminal;
use connection_core::terminal::{TerminalEvent, TerminalRequest};
use std::path::{Path, PathBuf};
use std::time::Instant;
use tokio::task::JoinSet;

/// Types so many keys while nothing else goes on, and on while a file is downloaded to every
/// one of the local paths at once.
pub(super) async fn together(
    session: &ActiveSession,
    remote: &Path,
    locals: &[PathBuf],
    keys: usize,
) -> Result<Metrics> {
    let request = TerminalRequest::default().command(COMMAND);
    let mut terminal = session.open_terminal(request).await?;
    let mut seen = Vec::new();
    while !seen.ends_with(READY.as_bytes()) {
        seen.extend(data(&mut terminal).await?);
    }
    let mut times = Vec::new();
    for _ in 0..keys {
        times.push(key(&mut terminal).await?);
    }
    let mut metrics = prefixed("idle", latencies(&times));

    times.clear();
    let start = Instant::now();
    let mut downloads = JoinSet::new();
    for local in locals {
        let (fs, remote, local) = (session.fs(), remote.to_owned(), local.clone());
        downloads.spawn(async move { files::get(fs, &remote, &local).await });
    }
    let typing = async {
        loop {
            times.push(key(&mut terminal).await?);
        }
    };
    let ended = async {
        while let Some(ended) = downloads.join_next().await {
            ended??;
        }
        Result::Ok(())
    };
    tokio::select! {
        ended = ended => ended?,
        // It only ends by an error.
        broken = typing => return broken,
    }
    metrics.insert("seconds".to_owned(), start.elapsed().as_secs_f64());
    metrics.insert("keys".to_owned(), times.len() as f64);
    metrics.extend(prefixed("busy", latencies(&times)));
    Ok(metrics)
}

/// Types a key and waits for it to come back; the pause before the next does not count.
async fn key(terminal: &mut Terminal) -> Result<f64> {
    tokio::time::sleep(PAUSE).await;
    let start = Instant::now();
    terminal.input.write("x").await?;
    match data(terminal).await?.as_ref() {
        b"x" => Ok(start.elapsed().as_secs_f64()),
        other => fail(format!("{other:?} came back")),
    }
}

async fn data(terminal: &mut Terminal) -> Result<bytes::Bytes> {
    match terminal.output.next().await? {
        Some(TerminalEvent::Data(data)) => Ok(data),
        other => fail(format!("the terminal says {other:?}")),
    }
}
