//! A directory of a hundred thousand files over FTP, by MLSD and by LIST: its first page
//! comes long before its end, and memory stays flat. Alone in its program, since it measures
//! the memory of its own process.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test's helpers fail the test, as the test itself does"
)]

use connection_core::fs::{DirPages, RemoteFs};
use connection_core::path::RemotePath;
use connection_core::secret::Secret;
use connection_core::session::{Owner, SessionStore, StoreConfig};
use connection_core::target::FtpTarget;
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::{FtpServer, Pyftpdlib, Vsftpd};
use std::fs;
use std::sync::Arc;

const FILES: usize = 100_000;
/// KiB: far below the 30 MB that so many entries take.
const COST: u64 = 10 * 1024;

/// Memory of this process, in KiB.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Makes the files, with names so long that no buffer holds the listing. They are links to a
/// few, which is quicker by far; a file has at most 65,000 of them.
fn fill(server: &dyn FtpServer) {
    let directory = server.mkdir("large");
    for first in (0..FILES).step_by(50_000) {
        let original = server.write_file(&format!("original-{first}"), "");
        for number in first..first + 50_000 {
            std::fs::hard_link(&original, directory.join(name(number))).unwrap();
        }
    }
}

fn name(number: usize) -> String {
    format!("{:-<150}{number:06}", "")
}

/// Reads a listing to its end; gives how many entries there are.
async fn read(mut pages: Box<dyn DirPages>, limit: u64) -> usize {
    let (mut entries, mut numbers) = (0, 0);
    while let Some(page) = pages.next_page().await.unwrap() {
        for entry in &page {
            let name = entry.name.as_bytes();
            let number = name.get(150..).and_then(|n| std::str::from_utf8(n).ok());
            numbers += number.unwrap().parse::<usize>().unwrap();
            assert_eq!(entry.metadata.size, Some(0));
        }
        entries += page.len();
        let now = resident();
        assert!(now < limit, "{now} KiB at entry {entries}, not {limit}");
    }
    // Each of them once.
    assert_eq!(numbers, FILES * (FILES - 1) / 2);
    entries
}

async fn stays_flat(server: &dyn FtpServer, listings: usize, end: &str) {
    fill(server);
    let store = SessionStore::new(
        StoreConfig::default(),
        TrustStore::in_memory(TrustPolicy::AcceptNew),
    );
    let owner = Owner::new("test");
    let password = Secret::from(server.password());
    let target = FtpTarget::new(server.host(), server.user(), password).unwrap();
    let target = target.port(server.port());
    let id = store.open_ftp(&owner, &target, None).await.unwrap();
    let fs: Arc<dyn RemoteFs> = store.get(&owner, id).unwrap().fs();
    let path = |text| RemotePath::from_text(text).unwrap();

    for _ in 0..listings {
        let limit = resident() + COST;
        let pages = fs.list(&path("/large")).await.unwrap();
        assert_eq!(read(pages, limit).await, FILES, "{}", server.name());
    }
    // A server may log the end of a transfer after its reply, but before the next one.
    fs.stat(&path("/original-0")).await.unwrap();
    let ends = || server.log().matches(end).count();
    let before = ends();
    let mut pages = fs.list(&path("/large")).await.unwrap();
    let first = pages.next_page().await.unwrap().unwrap();
    assert!(!first.is_empty());
    assert_eq!(ends(), before, "{} has not sent it all", server.name());
    let mut left = FILES - first.len();
    drop(first);
    while let Some(page) = pages.next_page().await.unwrap() {
        left -= page.len();
    }
    assert_eq!(left, 0);

    // One file of it, which LIST alone can only find by reading all.
    let last = format!("/large/{}", name(FILES - 1));
    let metadata = fs.stat(&path(&last)).await.unwrap();
    assert_eq!(metadata.size, Some(0));
}

#[test]
fn a_hundred_thousand_entries_over_ftp_cost_no_memory() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let vsftpd = Vsftpd::start();
    // As the first listing of the login, which is read twice, and with the zone known.
    runtime.block_on(stays_flat(&vsftpd, 2, "226 Directory send OK"));
    drop(vsftpd);
    let pyftpdlib = Pyftpdlib::start();
    runtime.block_on(stays_flat(&pyftpdlib, 1, "completed=1"));
}
