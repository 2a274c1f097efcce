//! Copies a remote file to standard output, or standard input to a remote file, with nothing
//! but `tokio::io::copy`: remote files are streams like any other.
//!
//! `cargo run -p connection-examples --example stream -- HOST PORT USER KEYFILE get REMOTE > copy`
//! `tar c . | cargo run -p connection-examples --example stream -- HOST PORT USER KEYFILE put REMOTE`

#![allow(clippy::print_stderr, reason = "a program for the terminal")]

use connection_core::fs::{WriteMode, WriteOptions};
use connection_core::fs_io::{ReadStream, WriteStream};
use connection_core::path::{RemotePath, text_to_bytes};
use std::io::{stdin, stdout};
use std::os::fd::AsFd;
use tokio::fs::File;
use tokio::io::{AsyncWriteExt, copy};

/// A standard stream of this program, as tokio reads and writes it.
fn standard(stream: impl AsFd) -> std::io::Result<File> {
    let descriptor = stream.as_fd().try_clone_to_owned()?;
    Ok(File::from_std(descriptor.into()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let login = connection_examples::login("get|put REMOTE").await?;
    let [direction, remote] = login.rest.as_slice() else {
        return Err("usage: HOST PORT USER KEYFILE get|put REMOTE".into());
    };
    let session = login.store.get(&login.owner, login.id)?;
    let fs = session.fs();
    let remote = RemotePath::parse(&text_to_bytes(remote), &fs.home().await?)?;

    let bytes = match direction.as_str() {
        "get" => {
            let mut file = ReadStream::new(fs.open_read(&remote, 0).await?);
            let mut out = standard(stdout())?;
            let bytes = copy(&mut file, &mut out).await?;
            out.flush().await?;
            bytes
        }
        "put" => {
            // In place, as a shell's `>` does. For a file that appears whole or not at all
            // there is `connection_core::transfer::RemoteUpload`.
            let options = WriteOptions {
                mode: WriteMode::Truncate,
                permissions: None,
            };
            let mut file = WriteStream::new(fs.open_write(&remote, options).await?);
            let bytes = copy(&mut standard(stdin())?, &mut file).await?;
            // Only now is it sure that every byte is there.
            file.shutdown().await?;
            bytes
        }
        _ => return Err("the direction is get or put".into()),
    };
    eprintln!("{bytes} bytes");

    drop(session);
    drop(fs);
    login.store.shutdown().await;
    Ok(())
}
