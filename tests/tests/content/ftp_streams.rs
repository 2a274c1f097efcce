//! Slow readers, readers that leave, files that change while they are read, and looks that
//! are no reads, on FTP sessions.

use crate::client::{Call, get, head, target};
use crate::streams::{MUCH, holders, sparse};
use connection_tests::manager::FtpWorld;
use connection_tests::wait::PATIENCE;
use connection_tests::{eventually, on_every_ftp_server};
use std::path::Path;

on_every_ftp_server![
    a_file_that_shrinks_breaks_the_answer,
    a_client_that_leaves_frees_the_file,
    many_stalled_downloads_leave_room_for_the_rest,
];

fn a_file_that_shrinks_breaks_the_answer(world: &FtpWorld) {
    let id = world.manager.ftp(&*world.server);
    let (local, remote) = world.directory();
    let path = Path::new(&remote).join("shrinks");
    let file = sparse(&local.join("shrinks"), MUCH);
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

fn a_client_that_leaves_frees_the_file(world: &FtpWorld) {
    let id = world.manager.ftp(&*world.server);
    let (local, remote) = world.directory();
    let (here, there) = (local.join("left"), Path::new(&remote).join("left"));
    drop(sparse(&here, MUCH));
    for _ in 0..10 {
        let call = Call::send(&world.manager, "GET", &target(&id, &there, ""), &[]).head();
        assert!(holders(&here) > 0, "the file is read");
        call.leave_half_way();
        eventually(PATIENCE, "the file is closed", || holders(&here) == 0);
    }
    let part = ["Range: bytes=0-9"];
    let reply = get(&world.manager, &target(&id, &there, ""), &part);
    assert_eq!(reply.body.len(), 10);
}

fn many_stalled_downloads_leave_room_for_the_rest(world: &FtpWorld) {
    let id = world.manager.ftp(&*world.server);
    let (local, remote) = world.directory();
    let (here, there) = (local.join("slow"), Path::new(&remote).join("slow"));
    drop(sparse(&here, MUCH));
    let target = target(&id, &there, "");
    let stalled: Vec<Call> = (0..5)
        .map(|_| Call::send(&world.manager, "GET", &target, &[]).head())
        .collect();
    world.manager.list(&id, &remote).ok();
    assert_eq!(head(&world.manager, &target, &[]).status, 200);
    let part = get(&world.manager, &target, &["Range: bytes=5-9"]);
    assert_eq!((part.status, part.body.len()), (206, 5));
    stalled.into_iter().for_each(Call::leave_half_way);
    eventually(PATIENCE, "the file is closed", || holders(&here) == 0);
}

#[test]
fn head_opens_no_file() {
    for world in [FtpWorld::vsftpd(), FtpWorld::pureftpd_tls()] {
        let id = world.manager.ftp(&*world.server);
        let (local, remote) = world.directory();
        std::fs::write(local.join("a.txt"), "hello").unwrap();
        let target = target(&id, &Path::new(&remote).join("a.txt"), "");
        let reply = head(&world.manager, &target, &[]);
        assert_eq!((reply.status, reply.whole), (200, true));
        assert_eq!(reply.header("content-length"), "5");
        assert_ne!(reply.header("etag"), "");
        let reads = || world.server.log().to_lowercase().contains("retr");
        assert!(!reads(), "{}", world.server.log());
        assert_eq!(get(&world.manager, &target, &[]).body, b"hello");
        eventually(PATIENCE, "the log shows a read", reads);
    }
}
