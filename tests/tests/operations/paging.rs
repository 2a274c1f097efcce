//! Large directories page by page: every entry once, the server asked once, memory flat.

use connection_tests::manager::{ENGINES, FtpWorld, Manager, SshWorld, text};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};

fn fill(directory: &Path, files: usize) {
    for n in 0..files {
        File::create(directory.join(format!("a file of a large directory, number {n:06}")))
            .unwrap();
    }
}

/// One page: its names, and the cursor of the next.
fn page(
    manager: &Manager,
    id: &str,
    path: &str,
    limit: usize,
    cursor: &str,
) -> (Vec<String>, Option<String>) {
    let query = format!("path={path}&limit={limit}&cursor={cursor}");
    let page = manager
        .get(&format!("/connections/{id}/entries?{query}"))
        .ok();
    let entries = page["entries"].as_array().unwrap().iter();
    let names = entries.map(|entry| entry["name"].as_str().unwrap().to_owned());
    let next = page["next_cursor"].as_str().map(ToOwned::to_owned);
    (names.collect(), next)
}

/// Lists a directory to its end; `between` runs after each page.
fn every_name_once(
    manager: &Manager,
    (id, path): (&str, &str),
    (files, limit): (usize, usize),
    mut between: impl FnMut(usize),
) {
    let mut seen = BTreeSet::new();
    let mut cursor = String::new();
    for number in 0.. {
        let (names, next) = page(manager, id, path, limit, &cursor);
        for name in names {
            assert!(seen.insert(name), "a name came twice on page {number}");
        }
        between(number);
        match next {
            Some(next) => cursor = next,
            None => break,
        }
    }
    assert_eq!(seen.len(), files);
}

/// Lists a directory in pages of 100, and counts how often the server was asked to list.
fn asks_once(world: &FtpWorld, files: usize, command: &str) {
    let (local, remote) = world.directory();
    fill(&local, files);
    let id = world.manager.ftp(&*world.server);
    let listings = || {
        let log = world.server.log().to_lowercase();
        log.matches(command).count()
    };
    let before = listings();
    every_name_once(&world.manager, (&id, &remote), (files, 100), |_| {});
    let asked = listings() - before;
    assert!((1..=2).contains(&asked), "asked {asked} times: {command}");
}

#[test]
fn ftp_lists_a_directory_once_for_all_its_pages() {
    asks_once(&FtpWorld::vsftpd(), 20_000, "\"list");
    // Pure-FTPd shows no more than 10,000 entries of a directory.
    asks_once(&FtpWorld::pureftpd_tls(), 9_000, "command [mlsd]");
}

#[test]
fn pages_nobody_fetches_hold_no_ftp_connection() {
    // More listings begun and left than a session has connections.
    let world = FtpWorld::vsftpd();
    let (local, remote) = world.directory();
    fill(&local, 5_000);
    let id = world.manager.ftp(&*world.server);
    let began = Instant::now();
    let cursors: Vec<String> = (0..12)
        .map(|_| page(&world.manager, &id, &remote, 10, "").1.unwrap())
        .collect();
    world.manager.list(&id, &remote).ok();
    // A connection that is held comes free after a minute.
    assert!(began.elapsed() < Duration::from_secs(30));
    // The oldest has lost its place and is listed anew; the youngest goes on.
    for cursor in [&cursors[0], &cursors[11]] {
        let (names, next) = page(&world.manager, &id, &remote, 4_990, cursor);
        assert_eq!((names.len(), next), (4_990, None));
    }
}

/// Memory of a process, in KiB.
fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_hundred_thousand_entries_over_sftp_cost_no_memory() {
    const FILES: usize = 100_000;
    /// KiB: far below the 30 MB that so many entries take.
    const COST: u64 = 10 * 1024;
    let world = SshWorld::start();
    let directory = world.directory();
    fill(&directory, FILES);
    for engine in ENGINES {
        let id = world.manager.ssh(&world.sshd, engine);
        let path = text(&directory);
        let mut before = 0;
        every_name_once(&world.manager, (&id, path), (FILES, 1_000), |number| {
            let now = resident(world.manager.pid());
            if number == 3 {
                before = now;
            }
            assert!(number < 3 || now < before + COST, "{before} to {now} KiB");
        });
    }
}
