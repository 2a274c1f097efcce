//! Slow readers, readers that leave, and files that change while they are read.

use crate::client::{Call, get, target};
use connection_tests::manager::{SshWorld, unique};
use connection_tests::servers::service::Service;
use connection_tests::wait::{PATIENCE, poll};
use connection_tests::{eventually, on_both_engines};
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

on_both_engines![
    a_file_that_shrinks_breaks_the_answer,
    a_file_that_grows_is_cut_at_its_promise,
    a_client_that_leaves_frees_the_file,
    a_client_that_stalls_costs_no_memory,
];

/// More than all the buffers on the way can hold.
pub(crate) const MUCH: u64 = 64 << 20;

/// What a transfer may cost the server, in KiB.
pub(crate) const COST: u64 = 40 * 1024;

pub(crate) fn sparse(path: &Path, size: u64) -> File {
    let file = File::create(path).unwrap();
    file.set_len(size).unwrap();
    file
}

fn a_file_that_shrinks_breaks_the_answer(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let path = world.directory().join("shrinks");
    let file = sparse(&path, MUCH);
    let call = Call::send(&world.manager, "GET", &target(&id, &path, ""), &[]).head();
    file.set_len(1 << 20).unwrap();
    let reply = call.reply();
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-length"), MUCH.to_string());
    assert!(!reply.whole, "{} bytes", reply.body.len());
    eventually(PATIENCE, "the log tells of it", || {
        world.manager.log().contains("a download broke off")
    });
    let again = get(&world.manager, &target(&id, &path, ""), &[]);
    assert_eq!((again.whole, again.body.len()), (true, 1 << 20));
}

fn a_file_that_grows_is_cut_at_its_promise(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let path = world.directory().join("grows");
    let file = sparse(&path, MUCH);
    let call = Call::send(&world.manager, "GET", &target(&id, &path, ""), &[]).head();
    file.set_len(2 * MUCH).unwrap();
    let reply = call.reply();
    assert!(reply.whole, "{} bytes", reply.body.len());
    assert_eq!(reply.body.len() as u64, MUCH);
}

/// Descriptors of any process that hold the file open.
pub(crate) fn holders(path: &Path) -> usize {
    let descriptors = fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|process| fs::read_dir(process.path().join("fd")).ok())
        .flatten()
        .flatten();
    descriptors
        .filter(|fd| fs::read_link(fd.path()).is_ok_and(|target| target == path))
        .count()
}

fn a_client_that_leaves_frees_the_file(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let path = directory.join("left");
    drop(sparse(&path, MUCH));
    for _ in 0..5 {
        let call = Call::send(&world.manager, "GET", &target(&id, &path, ""), &[]).head();
        assert!(holders(&path) > 0, "the file is read");
        call.leave_half_way();
        eventually(PATIENCE, "the file is closed", || holders(&path) == 0);
    }
    let reply = get(
        &world.manager,
        &target(&id, &path, ""),
        &["Range: bytes=0-9"],
    );
    assert_eq!(reply.body.len(), 10);
    world.manager.list(&id, directory.to_str().unwrap()).ok();
}

/// Memory of a process, in KiB.
fn resident(pid: u32) -> u64 {
    memory(pid, "VmRSS:")
}

/// A figure of a process's memory, in KiB.
pub(crate) fn memory(pid: u32, figure: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|l| l.starts_with(figure)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn a_client_that_stalls_costs_no_memory(world: &SshWorld, engine: &str) {
    // A server of its own: the other tests' transfers would be counted too.
    let manager = connection_tests::manager::Manager::start();
    let sshd: &Service = &world.sshd;
    let id = manager.ssh(sshd, engine);
    let directory = sshd.mkdir(&unique());
    let path = directory.join("huge");
    drop(sparse(&path, 1 << 30));
    let before = resident(manager.pid());
    let call = Call::send(&manager, "GET", &target(&id, &path, ""), &[]).head();
    let over = poll(Duration::from_secs(3), || {
        let cost = resident(manager.pid()).saturating_sub(before);
        (cost > COST).then_some(cost)
    });
    assert_eq!(over, None, "KiB more than before");
    // The session is in use, and of use to others.
    manager.list(&id, directory.to_str().unwrap()).ok();
    call.leave_half_way();
    eventually(PATIENCE, "the file is closed", || holders(&path) == 0);
}
