//! Uploads a file, downloads it again under another name, and shows how far it is.
//!
//! `cargo run -p connection-examples --example transfer -- HOST PORT USER KEYFILE LOCAL REMOTE COPY`

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

use connection_core::path::{RemotePath, text_to_bytes};
use connection_core::transfer::{Progress, TransferOptions, download, upload};
use std::path::Path;

fn progress(what: &'static str) -> Option<Progress> {
    Some(Box::new(move |done, size| match size {
        Some(size) => eprint!("\r{what}: {done} of {size} bytes"),
        None => eprint!("\r{what}: {done} bytes"),
    }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let login = connection_examples::login("LOCAL REMOTE COPY").await?;
    let [local, remote, copy] = login.rest.as_slice() else {
        return Err("usage: HOST PORT USER KEYFILE LOCAL REMOTE COPY".into());
    };
    let session = login.store.get(&login.owner, login.id)?;
    let fs = session.fs();
    let remote = RemotePath::parse(&text_to_bytes(remote), &fs.home().await?)?;

    let options = |what| TransferOptions {
        progress: progress(what),
        ..TransferOptions::default()
    };
    let sent = upload(&fs, Path::new(local), &remote, options("up")).await?;
    let received = download(&fs, &remote, Path::new(copy), options("down")).await?;
    eprintln!();
    println!("{sent} bytes up, {received} bytes down");

    drop(session);
    drop(fs);
    login.store.shutdown().await;
    Ok(())
}
