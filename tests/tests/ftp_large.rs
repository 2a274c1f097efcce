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
use std::fs::{self, File};
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

/// Makes the files, with names so long that no buffer holds a tenth of the listing.
fn fill(server: &dyn FtpServer) {
    let directory = server.mkdir("large");
    for number in 0..FILES {
        File::create(directory.join(format!("{:-<150}{number:06}", ""))).unwrap();
    }
    server.write_file("small/file", "x");
}

/// Reads a listing to its end; gives how many entries and how many KiB it took at most.
async fn read(mut pages: Box<dyn DirPages>) -> (usize, u64) {
    let (mut entries, mut numbers, mut before, mut most) = (0, 0, 0, 0);
    let mut page_number = 0;
    while let Some(page) = pages.next_page().await.unwrap() {
        for entry in &page {
            let name = entry.name.as_bytes();
            let number = name.get(150..).and_then(|n| std::str::from_utf8(n).ok());
            numbers += number.unwrap().parse::<usize>().unwrap();
            assert_eq!(entry.metadata.size, Some(0));
        }
        entries += page.len();
        drop(page);
        page_number += 1;
        let now = resident();
        if page_number == 8 {
            before = now;
        }
        if page_number >= 8 {
            most = most.max(now.saturating_sub(before));
        }
    }
    // Each of them once.
    assert_eq!(numbers, FILES * (FILES - 1) / 2);
    (entries, most)
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
        let (entries, cost) = read(fs.list(&path("/large")).await.unwrap()).await;
        assert_eq!(entries, FILES);
        assert!(cost < COST, "{}: {cost} KiB", server.name());
    }
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
    let name = format!("/large/{:-<150}{:06}", "", 77_777);
    let metadata = fs.stat(&path(&name)).await.unwrap();
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
