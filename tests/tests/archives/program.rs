//! The real program under what goes wrong: servers that die, readers that are slow or leave,
//! and files larger than any memory.

use crate::fetching::{archive_of, fetch, is_read};
use crate::ground::Ground;
use crate::unpack::unpackers;
use connection_tests::manager::{FtpWorld, Manager, SshWorld, text};
use connection_tests::wait::{PATIENCE, poll};
use connection_tests::{Sshd, Vsftpd, eventually, on_both_engines, on_every_ftp_server};
use std::fs::File;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

on_both_engines![
    a_slow_reader_costs_no_memory_and_may_leave,
    a_server_that_dies_makes_nothing_whole,
    a_file_that_shrinks_makes_nothing_whole,
];

/// More than any memory here.
const HUGE: u64 = 20 << 30;

/// What a transfer may cost the server, in KiB.
const COST: u64 = 40 * 1024;

fn sparse(path: &Path, size: u64) -> File {
    let file = File::create(path).unwrap();
    file.set_len(size).unwrap();
    file
}

fn memory(pid: u32, figure: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|l| l.starts_with(figure)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Begins to fetch, and reads no more than the head and a little.
fn begun(manager: &Manager, target: &str) -> TcpStream {
    let mut stream = TcpStream::connect(manager.addr()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut seen = [0; 4096];
    let length = stream.read(&mut seen).unwrap();
    assert!(
        seen[..length].starts_with(b"HTTP/1.1 200"),
        "{:?}",
        String::from_utf8_lossy(&seen)
    );
    stream
}

fn a_slow_reader_costs_no_memory_and_may_leave(world: &SshWorld, engine: &str) {
    // A server of its own: the other tests' transfers would be counted too.
    let manager = Manager::start();
    let id = manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let huge = directory.join("huge");
    drop(sparse(&huge, HUGE));
    for format in ["format=zip", "format=tar"] {
        let before = memory(manager.pid(), "VmRSS:");
        let target = archive_of(&id, &[text(&directory).as_bytes()], format);
        let mut stream = begun(&manager, &target);
        let over = poll(Duration::from_secs(2), || {
            let cost = memory(manager.pid(), "VmRSS:").saturating_sub(before);
            (cost > COST).then_some(cost)
        });
        assert_eq!(over, None, "KiB more than before");
        // Now quickly for a while.
        let mut left = 200_usize << 20;
        let mut buffer = vec![0; 1 << 20];
        while left > 0 {
            let length = stream.read(&mut buffer).unwrap();
            assert!(length > 0);
            left = left.saturating_sub(length);
        }
        let cost = memory(manager.pid(), "VmRSS:").saturating_sub(before);
        assert!(cost < COST, "{cost} KiB");
        // The session is in use, and of use to others.
        manager.list(&id, text(&directory)).ok();
        stream.shutdown(Shutdown::Both).unwrap();
        eventually(PATIENCE, "the file is closed", || !is_read(&huge));
    }
}

/// Fetches while something happens to it, and checks that nothing takes it for whole.
fn breaks(manager: &Manager, target: &str, format: &str, happens: impl FnOnce()) {
    let away = tempfile::tempdir().unwrap();
    let path = away.path().join("archive");
    let mut curl = Command::new("curl")
        .args(["-sS", "--limit-rate", "20M", "--max-time", "60", "-o"])
        .arg(&path)
        .arg(format!("{}{target}", manager.base()))
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    eventually(PATIENCE, "some of it is there", || {
        path.metadata().is_ok_and(|m| m.len() > 1 << 20)
    });
    happens();
    let status = curl.wait().unwrap();
    // Broken off, not timed out.
    assert!([Some(18), Some(56)].contains(&status.code()), "{status}");
    eventually(PATIENCE, "the log tells of it", || {
        manager.log().contains("an archive broke off")
    });
    for unpacker in unpackers(format) {
        let output = unpacker.run(&path, &away.path().join(unpacker.name));
        assert!(!output.status.success(), "{}", unpacker.name);
    }
}

fn a_server_that_dies_makes_nothing_whole(_: &SshWorld, engine: &str) {
    for format in ["zip", "tar"] {
        let (manager, sshd) = (Manager::start(), Sshd::start());
        let id = manager.ssh(&sshd, engine);
        let directory = sshd.mkdir("docs");
        drop(sparse(&directory.join("huge"), HUGE));
        let target = archive_of(
            &id,
            &[text(&directory).as_bytes()],
            &format!("format={format}"),
        );
        breaks(&manager, &target, format, || sshd.kill_connections());
    }
}

fn a_file_that_shrinks_makes_nothing_whole(world: &SshWorld, engine: &str) {
    for format in ["zip", "tar"] {
        let ground = Ground::ssh(world, engine);
        let file = sparse(&ground.local.join("shrinks"), HUGE);
        let target = archive_of(
            &ground.id,
            &[ground.remote.as_bytes()],
            &format!("format={format}"),
        );
        breaks(ground.manager, &target, format, || {
            file.set_len(1 << 20).unwrap()
        });
    }
}

mod ftp {
    use super::*;
    on_every_ftp_server![a_reader_that_leaves_frees_the_file];

    fn a_reader_that_leaves_frees_the_file(world: &FtpWorld) {
        let ground = Ground::ftp(world);
        let path = ground.write("huge", b"");
        drop(sparse(&path, 256 << 20));
        let target = archive_of(&ground.id, &[ground.remote.as_bytes()], "");
        let stream = begun(ground.manager, &target);
        eventually(PATIENCE, "the file is read", || is_read(&path));
        ground.manager.list(&ground.id, &ground.remote).ok();
        stream.shutdown(Shutdown::Both).unwrap();
        eventually(PATIENCE, "the file is closed", || !is_read(&path));
    }

    #[test]
    fn a_server_that_dies_makes_nothing_whole() {
        for format in ["zip", "tar"] {
            let (manager, server) = (Manager::start(), Vsftpd::start());
            let id = manager.ftp(&server);
            let path = server.write_file("huge", "");
            drop(sparse(&path, HUGE));
            let target = archive_of(&id, &[b"/"], &format!("format={format}"));
            breaks(&manager, &target, format, || server.kill_connections());
        }
    }
}

#[test]
fn a_whole_archive_larger_than_the_memory_it_costs() {
    let (manager, sshd) = (Manager::start(), Sshd::start());
    let id = manager.ssh(&sshd, "russh");
    let directory = sshd.mkdir("docs");
    drop(sparse(&directory.join("large"), 1 << 30));
    for number in 0..300 {
        std::fs::write(directory.join(format!("small-{number}")), vec![7; 60_000]).unwrap();
    }
    let before = memory(manager.pid(), "VmRSS:");
    let target = archive_of(&id, &[text(&directory).as_bytes()], "");
    let fetched = fetch(&manager, &target, &[]);
    assert_eq!((fetched.status, fetched.whole), (200, true));
    let cost = memory(manager.pid(), "VmHWM:").saturating_sub(before);
    assert!(cost < 2 * COST, "{cost} KiB");
    let output = Command::new("unzip")
        .arg("-tqq")
        .arg(&fetched.path)
        .output()
        .unwrap();
    assert!(output.status.success());
}
