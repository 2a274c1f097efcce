//! Connects over SSH and lists a directory, page by page.
//!
//! `cargo run -p connection-examples --example list -- HOST PORT USER KEYFILE [PATH]`

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

use connection_core::fs::FileType;
use connection_core::path::{RemotePath, text_to_bytes};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let login = connection_examples::login("[PATH]").await?;
    let session = login.store.get(&login.owner, login.id)?;
    let fs = session.fs();

    let home = fs.home().await?;
    let path = match login.rest.first() {
        Some(text) => RemotePath::parse(&text_to_bytes(text), &home)?,
        None => home,
    };
    let mut pages = fs.list(&path).await?;
    while let Some(page) = pages.next_page().await? {
        for entry in page {
            let mark = match entry.metadata.file_type {
                FileType::Directory => "/",
                FileType::Symlink => "@",
                FileType::File | FileType::Other => "",
            };
            let size = entry.metadata.size.unwrap_or(0);
            println!("{size:>12} {}{mark}", entry.name.to_text());
        }
    }

    drop(session);
    login.store.shutdown().await;
    Ok(())
}
