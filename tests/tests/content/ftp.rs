//! The same on FTP sessions.

use crate::client::{get, head, put, target};
use crate::{noise, sha256};
use connection_tests::manager::FtpWorld;
use connection_tests::on_every_ftp_server;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

on_every_ftp_server![
    files_pass_in_both_directions,
    refusals_have_their_status,
    mode_and_time_are_set_or_refused,
    an_upload_goes_on_where_the_server_can,
    a_form_is_stored,
];

fn files_pass_in_both_directions(world: &FtpWorld) {
    let id = world.manager.ftp(&*world.server);
    let (local, remote) = world.directory();
    let path = Path::new(&remote).join("big.bin");
    let bytes = noise(20 << 20);
    let upload = target(&id, &path, "&checksum=sha256");
    let body = put(&world.manager, &upload, &bytes).ok();
    assert_eq!(body["sha256"], sha256(&bytes));
    assert!(fs::read(local.join("big.bin")).unwrap() == bytes);
    assert_eq!(fs::read_dir(&local).unwrap().count(), 1);
    let download = target(&id, &path, "");
    let reply = get(&world.manager, &download, &[]);
    assert_eq!((reply.status, reply.whole), (200, true));
    assert_eq!(sha256(&reply.body), sha256(&bytes));
    for (range, first, last) in [
        ("bytes=5-9", 5, 9),
        ("bytes=20000000-", 20_000_000, (20 << 20) - 1),
        ("bytes=-3", (20 << 20) - 3, (20 << 20) - 1),
    ] {
        let part = get(&world.manager, &download, &[&format!("Range: {range}")]);
        assert_eq!(part.status, 206, "{range}");
        assert!(part.body == bytes[first..=last], "{range}");
    }
    let reply = head(&world.manager, &download, &[]);
    assert_eq!(reply.header("content-length"), (20 << 20).to_string());
}

fn refusals_have_their_status(world: &FtpWorld) {
    let id = world.manager.ftp(&*world.server);
    let (local, remote) = world.directory();
    let at = |name: &str, more: &str| target(&id, &Path::new(&remote).join(name), more);
    get(&world.manager, &at("nope", ""), &[]).refused(404, "not_found");
    get(&world.manager, &at("", ""), &[]).refused(400, "is_a_directory");
    fs::write(local.join("a"), "first").unwrap();
    let kept = put(&world.manager, &at("a", "&overwrite=false"), b"second");
    kept.refused(409, "already_exists");
    assert_eq!(fs::read(local.join("a")).unwrap(), b"first");
    assert_eq!(fs::read_dir(&local).unwrap().count(), 1);
}

fn mode_and_time_are_set_or_refused(world: &FtpWorld) {
    let id = world.manager.ftp(&*world.server);
    let (local, remote) = world.directory();
    for (name, more) in [("mode", "&mode=640"), ("time", "&mtime=1700000000")] {
        let path = Path::new(&remote).join(name);
        let reply = put(&world.manager, &target(&id, &path, more), b"x");
        let file = local.join(name);
        if reply.status == 501 {
            // Not every server can; then nothing is there that lacks what was asked for.
            reply.refused(501, "unsupported");
            assert!(!file.exists(), "{name}");
            continue;
        }
        reply.ok();
        let metadata = fs::metadata(&file).unwrap();
        match name {
            "mode" => assert_eq!(metadata.mode() & 0o7777, 0o640),
            _ => assert_eq!(metadata.mtime(), 1_700_000_000),
        }
    }
}

fn an_upload_goes_on_where_the_server_can(world: &FtpWorld) {
    crate::resume::on_ftp(world);
}

fn a_form_is_stored(world: &FtpWorld) {
    crate::form::on_ftp(world);
}

/// What can be counted is what the server was asked about the file beside the place.
#[test]
fn a_name_that_nobody_else_has_is_not_looked_for() {
    let world = FtpWorld::proftpd();
    let id = world.manager.ftp(&*world.server);
    let (local, remote) = world.directory();
    let path = Path::new(&remote).join("new");
    put(&world.manager, &target(&id, &path, ""), b"content").ok();
    assert_eq!(fs::read(local.join("new")).unwrap(), b"content");
    let log = world.server.log();
    let verbs = ["MLST", "LIST", "STOR", "SIZE", "RNFR"];
    let asked: Vec<&str> = log
        .lines()
        .filter(|line| line.contains(".part"))
        .filter_map(|line| verbs.into_iter().find(|verb| line.contains(verb)))
        .collect();
    assert_eq!(asked, ["STOR", "SIZE", "RNFR"], "{log}");
}
