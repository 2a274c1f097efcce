//! PUT.

use crate::client::{Call, get, put, target};
use crate::{names, noise, sha256};
use connection_tests::manager::{Manager, SshWorld, text};
use connection_tests::wait::PATIENCE;
use connection_tests::{Sshd, eventually, on_both_engines};
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

on_both_engines![
    a_whole_file_is_stored,
    a_body_in_chunks_is_stored,
    an_existing_file_can_be_kept,
    mode_and_time_are_set,
    a_body_that_breaks_off_changes_nothing,
    reasons_why_a_file_is_not_stored,
];

fn a_whole_file_is_stored(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let path = directory.join("up.bin");
    let bytes = noise(20 << 20);
    let target_with_sum = target(&id, &path, "&checksum=sha256");
    let body = put(&world.manager, &target_with_sum, &bytes).ok();
    assert_eq!(body["path"], text(&path));
    assert_eq!(body["size"], 20 << 20);
    assert_eq!(body["sha256"], sha256(&bytes));
    assert!(fs::read(&path).unwrap() == bytes);
    assert_eq!(names(&directory), ["up.bin"]);
    // Again, over what is there; the permissions stay.
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    let body = put(&world.manager, &target(&id, &path, ""), b"").ok();
    assert_eq!((&body["size"], body.get("sha256")), (&0.into(), None));
    assert_eq!(fs::read(&path).unwrap(), b"");
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
    assert_eq!(names(&directory), ["up.bin"]);
}

fn a_body_in_chunks_is_stored(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let path = world.directory().join("up.txt");
    let target = target(&id, &path, "");
    let chunks = "Transfer-Encoding: chunked";
    let body = Call::send(&world.manager, "PUT", &target, &[chunks])
        .body(b"6\r\nhello,\r\n")
        .body(b"6\r\n world\r\n")
        .body(b"0\r\n\r\n")
        .reply()
        .ok();
    assert_eq!(body["size"], 12);
    assert_eq!(fs::read(&path).unwrap(), b"hello, world");
    assert_eq!(get(&world.manager, &target, &[]).body, b"hello, world");
}

fn an_existing_file_can_be_kept(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let path = directory.join("a");
    let target = target(&id, &path, "&overwrite=false");
    put(&world.manager, &target, b"first").ok();
    put(&world.manager, &target, b"second").refused(409, "already_exists");
    assert_eq!(fs::read(&path).unwrap(), b"first");
    // It came to be there while the body was on its way.
    fs::remove_file(&path).unwrap();
    let call = Call::send(&world.manager, "PUT", &target, &["Content-Length: 6"]).body(b"sec");
    eventually(PATIENCE, "the upload began", || {
        names(&directory).len() == 1
    });
    fs::write(&path, "theirs").unwrap();
    call.body(b"ond").reply().refused(409, "already_exists");
    assert_eq!(fs::read(&path).unwrap(), b"theirs");
    assert_eq!(names(&directory), ["a"]);
}

fn mode_and_time_are_set(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let path = world.directory().join("a");
    for (more, mode, time) in [
        ("&mode=640&mtime=1700000000", 0o640, 1_700_000_000),
        (
            "&mode=0755&mtime=2001-09-09T01:46:40Z",
            0o755,
            1_000_000_000,
        ),
    ] {
        put(&world.manager, &target(&id, &path, more), b"x").ok();
        let metadata = fs::metadata(&path).unwrap();
        assert_eq!(metadata.mode() & 0o7777, mode, "{more}");
        assert_eq!(metadata.mtime(), time, "{more}");
    }
    for more in ["&mode=rw", "&mode=99", "&mtime=yesterday", "&mtime=-5"] {
        let reply = put(&world.manager, &target(&id, &path, more), b"y");
        reply.refused(400, "invalid_input");
    }
    for more in ["&overwrite=perhaps", "&checksum=crc32"] {
        let reply = put(&world.manager, &target(&id, &path, more), b"y");
        assert_eq!(reply.status, 400, "{more}");
    }
    assert_eq!(fs::read(&path).unwrap(), b"x");
}

fn a_body_that_breaks_off_changes_nothing(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let path = directory.join("a");
    fs::write(&path, "the old text").unwrap();
    world.sshd.own(&path);
    let target = target(&id, &path, "");
    let length = "Content-Length: 9000000";
    let chunked = "Transfer-Encoding: chunked";
    for (framing, start) in [(length, "some"), (chunked, "4\r\nsome\r\n")] {
        let send = || {
            let call = Call::send(&world.manager, "PUT", &target, &[framing]);
            let call = call.body(start.as_bytes());
            eventually(PATIENCE, "the upload began", || {
                names(&directory).len() == 2
            });
            call
        };
        send().leave_half_way();
        eventually(PATIENCE, "nothing is left", || names(&directory) == ["a"]);
        // A client that only stops sending still hears of it, or finds the connection shut.
        drop(send().end());
        eventually(PATIENCE, "nothing is left", || names(&directory) == ["a"]);
        assert_eq!(fs::read(&path).unwrap(), b"the old text", "{framing}");
    }
    put(&world.manager, &target, b"the new text").ok();
    assert_eq!(fs::read(&path).unwrap(), b"the new text");
}

fn reasons_why_a_file_is_not_stored(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let ask = |path: &Path| put(&world.manager, &target(&id, path, ""), b"x");
    ask(&directory.join("no/such/place")).refused(404, "not_found");
    let reply = ask(&directory);
    assert!(matches!(reply.status, 400 | 500), "{reply:?}");
    let closed = directory.join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, Permissions::from_mode(0o555)).unwrap();
    if world.sshd.unprivileged() {
        ask(&closed.join("x")).refused(403, "permission_denied");
    }
    // The whole body is sent before anyone listens, and the refusal still arrives.
    let stranger = target("00000000-0000-4000-8000-000000000000", &closed, "");
    put(&world.manager, &stranger, &noise(1 << 20)).refused(401, "session_not_found");
}

#[test]
fn the_size_limit_holds_in_both_directions() {
    let manager = Manager::builder().flag("--max-file-size", "1000").start();
    let sshd = Sshd::start();
    let id = manager.ssh(&sshd, "russh");
    let directory = sshd.mkdir("limited");
    let path = directory.join("a");
    let upload = target(&id, &path, "");
    put(&manager, &upload, &noise(1001)).refused(413, "too_large");
    let chunked = Call::send(&manager, "PUT", &upload, &["Transfer-Encoding: chunked"])
        .body(b"3e9\r\n")
        .body(&noise(1001))
        .body(b"\r\n0\r\n\r\n");
    chunked.reply().refused(413, "too_large");
    assert!(names(&directory).is_empty());
    put(&manager, &upload, &noise(1000)).ok();
    fs::write(&path, noise(1001)).unwrap();
    get(&manager, &upload, &[]).refused(413, "too_large");
}

#[test]
fn a_body_that_stands_still_is_given_up() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), "body_timeout = 1\n").unwrap();
    let manager = Manager::builder().home(home).start();
    let sshd = Sshd::start();
    let id = manager.ssh(&sshd, "russh");
    let directory = sshd.mkdir("still");
    let upload = target(&id, &directory.join("a"), "");
    let call = Call::send(&manager, "PUT", &upload, &["Content-Length: 10"]).body(b"half");
    call.reply().refused(408, "request_timed_out");
    assert!(names(&directory).is_empty());
}
