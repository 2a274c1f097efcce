//! PUT with a named partial file: what is left of a body that breaks off, and going on.

use crate::client::{Call, Reply, head, put, target};
use crate::{names, noise, sha256};
use connection_tests::manager::{ENGINES, FtpWorld, Manager, SshWorld, unique};
use connection_tests::servers::asyncssh::{AsyncSsh, Fault};
use connection_tests::wait::PATIENCE;
use connection_tests::{Sshd, eventually, on_both_engines};
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

on_both_engines![
    an_upload_goes_on_where_its_socket_was_cut,
    a_body_in_chunks_that_breaks_off_is_kept,
    an_offset_that_is_not_there_is_answered_with_the_true_one,
    an_earlier_offset_cuts_the_partial_file,
    names_that_are_no_partial_file_are_refused,
    parameters_that_contradict_each_other_are_refused,
    a_file_of_another_size_than_announced_takes_no_place,
    a_file_that_must_not_be_replaced_stays_and_so_does_the_partial,
    behind_a_link_the_partial_lies_beside_the_file,
];

const CHUNKED: &str = "Transfer-Encoding: chunked";

/// More than the buffers of one engine, and no multiple of anything.
const CUT_AT: usize = (3 << 20) + 12_345;

/// Sends the beginning of a body of this length and dies, and waits until it is kept.
fn cut(manager: &Manager, target: &str, bytes: &[u8], length: usize, partial: &Path, want: u64) {
    let length = format!("Content-Length: {length}");
    Call::send(manager, "PUT", target, &[&length])
        .body(bytes)
        .leave_half_way();
    eventually(PATIENCE, "what arrived is in the partial file", || {
        fs::metadata(partial).is_ok_and(|m| m.len() == want)
    });
}

fn an_upload_goes_on_where_its_socket_was_cut(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let (path, partial) = (directory.join("big"), directory.join("big.filepart"));
    fs::write(&path, "the old text").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    world.sshd.own(&path);
    let bytes = noise(8 << 20);
    let all = bytes.len();
    let first = target(&id, &path, "&partial=big.filepart");
    let sent = &bytes[..CUT_AT];
    cut(&world.manager, &first, sent, all, &partial, CUT_AT as u64);
    assert!(fs::read(&partial).unwrap() == sent);
    assert_eq!(fs::read(&path).unwrap(), b"the old text");
    assert_eq!(names(&directory), ["big", "big.filepart"]);
    assert_eq!(fs::metadata(&partial).unwrap().mode() & 0o7777, 0o600);

    // As a client finds out where to go on.
    let reply = head(&world.manager, &target(&id, &partial, ""), &[]);
    let at: usize = reply.header("content-length").parse().unwrap();
    assert_eq!(at, CUT_AT);
    // And is cut off once more.
    let more = format!("{first}&offset={at}&size={all}");
    let sent = &bytes[at..at + 1000];
    let rest = all - at;
    cut(
        &world.manager,
        &more,
        sent,
        rest,
        &partial,
        at as u64 + 1000,
    );
    let at = at + 1000;
    let more = format!("{first}&offset={at}&size={all}&mode=640&mtime=1700000000");
    let body = put(&world.manager, &more, &bytes[at..]).ok();
    assert_eq!((&body["size"], body.get("sha256")), (&all.into(), None));
    assert_eq!(sha256(&fs::read(&path).unwrap()), sha256(&bytes));
    let metadata = fs::metadata(&path).unwrap();
    assert_eq!(metadata.mode() & 0o7777, 0o640);
    assert_eq!(metadata.mtime(), 1_700_000_000);
    assert_eq!(names(&directory), ["big"]);

    // In one go, over what is there, with a sum as the body is the whole.
    let whole = format!("{first}&offset=0&checksum=sha256");
    let body = put(&world.manager, &whole, &bytes).ok();
    assert_eq!(body["sha256"], sha256(&bytes));
    assert_eq!(names(&directory), ["big"]);
}

fn a_body_in_chunks_that_breaks_off_is_kept(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let path = directory.join("a");
    let first = target(&id, &path, "&partial=a.part");
    let send = || Call::send(&world.manager, "PUT", &first, &[CHUNKED]).body(b"4\r\nsome\r\n");
    let kept = || fs::read(directory.join("a.part")).is_ok_and(|bytes| bytes == b"some");
    send().leave_half_way();
    eventually(PATIENCE, "what arrived is kept", kept);
    fs::remove_file(directory.join("a.part")).unwrap();
    drop(send().end());
    eventually(PATIENCE, "what arrived is kept", kept);
    assert_eq!(names(&directory), ["a.part"]);
    let more = format!("{first}&offset=4");
    Call::send(&world.manager, "PUT", &more, &[CHUNKED])
        .body(b"5\r\nthing\r\n0\r\n\r\n")
        .reply()
        .ok();
    assert_eq!(fs::read(&path).unwrap(), b"something");
    assert_eq!(names(&directory), ["a"]);
}

/// Checks a refusal that tells the true size.
#[track_caller]
fn mismatch(reply: &Reply, size: u64) {
    reply.refused(409, "offset_mismatch");
    let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(body["size"], size, "{body}");
}

fn an_offset_that_is_not_there_is_answered_with_the_true_one(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let path = directory.join("a");
    let at = |offset: u64| target(&id, &path, &format!("&partial=a.part&offset={offset}"));
    mismatch(&put(&world.manager, &at(5), b"x"), 0);
    assert!(names(&directory).is_empty());
    fs::write(directory.join("a.part"), "1234").unwrap();
    world.sshd.own(&directory.join("a.part"));
    mismatch(&put(&world.manager, &at(5), b"x"), 4);
    mismatch(&put(&world.manager, &at(u64::MAX), b"x"), 4);
    // Said while the body is still on its way.
    let call = Call::send(&world.manager, "PUT", &at(5), &["Content-Length: 100"]);
    mismatch(&call.body(b"some").reply(), 4);
    assert_eq!(fs::read(directory.join("a.part")).unwrap(), b"1234");
    put(&world.manager, &at(4), b"5").ok();
    assert_eq!(fs::read(&path).unwrap(), b"12345");
}

fn an_earlier_offset_cuts_the_partial_file(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let (path, partial) = (directory.join("a"), directory.join("a.part"));
    for (offset, body, want) in [
        (4, "abc", "0123abc"),
        (10, "", "0123456789"),
        (9, "", "012345678"),
        (0, "new", "new"),
        (0, "", ""),
    ] {
        fs::write(&partial, "0123456789").unwrap();
        world.sshd.own(&partial);
        let target = target(&id, &path, &format!("&partial=a.part&offset={offset}"));
        let answer = put(&world.manager, &target, body.as_bytes()).ok();
        assert_eq!(answer["size"], want.len(), "{offset}");
        assert_eq!(fs::read_to_string(&path).unwrap(), want, "{offset}");
        assert_eq!(names(&directory), ["a"]);
    }
}

fn names_that_are_no_partial_file_are_refused(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let path = directory.join("a");
    fs::write(&path, "old").unwrap();
    fs::create_dir(directory.join("d")).unwrap();
    fs::write(directory.join("other"), "theirs").unwrap();
    symlink("other", directory.join("link")).unwrap();
    for name in [
        "", ".", "..", "a", "b/c", "/tmp/x", "../x", "x/", "x%00", "d", "link",
    ] {
        for offset in ["", "&offset=2"] {
            let more = format!("&partial={name}{offset}");
            let reply = put(&world.manager, &target(&id, &path, &more), b"x");
            reply.refused(400, "invalid_input");
        }
    }
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(fs::read(directory.join("other")).unwrap(), b"theirs");
    assert_eq!(names(&directory), ["a", "d", "link", "other"]);
    // Bytes that are no text are a name like any other.
    let odd = target(&id, &path, "&partial=%EF%9F%BF.part");
    put(&world.manager, &odd, b"new").ok();
    assert_eq!(fs::read(&path).unwrap(), b"new");
}

fn parameters_that_contradict_each_other_are_refused(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let path = directory.join("a");
    for (more, line, words) in [
        ("&offset=3", "", "partial"),
        ("&offset=0", "", "partial"),
        ("&partial=p&offset=3&checksum=sha256", "", "checksum"),
        ("&size=4", "", "4 bytes"),
        ("&partial=p&offset=3&size=3", "", "3 bytes"),
        ("", "Content-Range: bytes 3-3/4", "Content-Range"),
    ] {
        let mut lines = vec!["Content-Length: 1"];
        if !line.is_empty() {
            lines.push(line);
        }
        let target = target(&id, &path, more);
        let call = Call::send(&world.manager, "PUT", &target, &lines).body(b"x");
        let reply = call.reply();
        reply.refused(400, "invalid_input");
        let text = String::from_utf8_lossy(&reply.body);
        assert!(text.contains(words), "{more}: {text}");
    }
    for more in ["&partial=p&offset=-1", "&partial=p&offset=x", "&size="] {
        let reply = put(&world.manager, &target(&id, &path, more), b"x");
        assert_eq!(reply.status, 400, "{more}");
    }
    assert!(names(&directory).is_empty());
}

fn a_file_of_another_size_than_announced_takes_no_place(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let path = directory.join("a");
    let send = |more: &str, body: &[u8]| {
        let target = target(&id, &path, more);
        let call = Call::send(&world.manager, "PUT", &target, &[CHUNKED]).body(body);
        call.reply()
    };
    // It ends well and early.
    send("&size=10", b"4\r\nsome\r\n0\r\n\r\n").refused(400, "incomplete");
    assert!(names(&directory).is_empty());
    let short = send("&size=10&partial=p", b"4\r\nsome\r\n0\r\n\r\n");
    short.refused(400, "incomplete");
    assert_eq!(names(&directory), ["p"]);
    assert_eq!(fs::read(directory.join("p")).unwrap(), b"some");
    // It brings too much.
    let more = "&size=6&partial=p&offset=4";
    send(more, b"3\r\nabc\r\n0\r\n\r\n").refused(400, "invalid_input");
    assert_eq!(fs::read(directory.join("p")).unwrap(), b"some");
    send(more, b"2\r\nab\r\n0\r\n\r\n").ok();
    assert_eq!(fs::read(&path).unwrap(), b"someab");
    assert_eq!(names(&directory), ["a"]);
}

fn a_file_that_must_not_be_replaced_stays_and_so_does_the_partial(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let path = directory.join("a");
    let target = target(&id, &path, "&partial=p&overwrite=false");
    let call = Call::send(&world.manager, "PUT", &target, &["Content-Length: 6"]).body(b"sec");
    eventually(PATIENCE, "the upload began", || names(&directory) == ["p"]);
    fs::write(&path, "theirs").unwrap();
    call.body(b"ond").reply().refused(409, "already_exists");
    assert_eq!(fs::read(&path).unwrap(), b"theirs");
    assert_eq!(fs::read(directory.join("p")).unwrap(), b"second");
    // At once, this time; nothing is touched.
    put(&world.manager, &target, b"third").refused(409, "already_exists");
    assert_eq!(fs::read(directory.join("p")).unwrap(), b"second");
    assert_eq!(names(&directory), ["a", "p"]);
}

fn behind_a_link_the_partial_lies_beside_the_file(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let (here, there) = (world.directory(), world.directory());
    fs::write(there.join("file"), "old").unwrap();
    symlink(there.join("file"), here.join("link")).unwrap();
    let first = target(&id, &here.join("link"), "&partial=p");
    cut(&world.manager, &first, b"ne", 3, &there.join("p"), 2);
    assert_eq!(
        (names(&here), names(&there)),
        (vec!["link".into()], vec!["file".into(), "p".into()])
    );
    put(&world.manager, &format!("{first}&offset=2"), b"w").ok();
    assert_eq!(fs::read(there.join("file")).unwrap(), b"new");
    assert!(here.join("link").is_symlink());
    assert_eq!(names(&there), ["file"]);
}

#[test]
fn the_size_limit_counts_what_was_sent_before() {
    let manager = Manager::builder().flag("--max-file-size", "1000").start();
    let sshd = Sshd::start();
    let id = manager.ssh(&sshd, "russh");
    let directory = sshd.mkdir("limited");
    let path = directory.join("a");
    let partial = directory.join("p");
    fs::write(&partial, noise(900)).unwrap();
    sshd.own(&partial);
    let more = target(&id, &path, "&partial=p&offset=900");
    put(&manager, &more, &noise(101)).refused(413, "too_large");
    let body = [b"65\r\n".as_slice(), &noise(101), b"\r\n0\r\n\r\n"].concat();
    let chunked = Call::send(&manager, "PUT", &more, &[CHUNKED]).body(&body);
    chunked.reply().refused(413, "too_large");
    let announced = format!("{more}&size=1001");
    let chunked = Call::send(&manager, "PUT", &announced, &[CHUNKED]).body(&body);
    chunked.reply().refused(413, "too_large");
    assert_eq!(names(&directory), ["p"]);
    put(&manager, &more, &noise(100)).ok();
    assert_eq!(fs::metadata(&path).unwrap().len(), 1000);
}

/// A write in the middle fails and those behind it succeed: the size of the file then says
/// more than is true.
#[test]
fn a_gap_is_cut_off() {
    for engine in ENGINES {
        let server = AsyncSsh::builder()
            .fault(Fault::status("write", 4, "not this one").after(3).times(1))
            .start();
        let manager = Manager::start();
        let id = manager.ssh(&server, engine);
        let directory = server.mkdir(&unique());
        let (path, partial) = (directory.join("a"), directory.join("p"));
        let bytes = noise(2 << 20);
        let first = target(&id, &path, "&partial=p");
        put(&manager, &first, &bytes).refused(500, "failure");
        assert_eq!(names(&directory), ["p"]);
        let kept = fs::read(&partial).unwrap();
        assert!(kept.len() < bytes.len(), "{engine}: {}", kept.len());
        assert!(kept == bytes[..kept.len()], "{engine}: {}", kept.len());
        let more = format!("{first}&offset={}", kept.len());
        put(&manager, &more, &bytes[kept.len()..]).ok();
        assert!(fs::read(&path).unwrap() == bytes, "{engine}");
    }
}

#[test]
fn an_upload_goes_on_in_another_session_after_the_server_was_lost() {
    for engine in ENGINES {
        let sshd = Sshd::start();
        let manager = Manager::start();
        let directory = sshd.mkdir(&unique());
        let (path, partial) = (directory.join("a"), directory.join("p"));
        let bytes = noise(4 << 20);
        let more = format!("&partial=p&size={}", bytes.len());
        let first = target(&manager.ssh(&sshd, engine), &path, &more);
        let length = format!("Content-Length: {}", bytes.len());
        let call = Call::send(&manager, "PUT", &first, &[&length]).body(&bytes[..CUT_AT]);
        eventually(PATIENCE, "the upload is well under way", || {
            fs::metadata(&partial).is_ok_and(|m| m.len() > 1 << 20)
        });
        sshd.kill_connections();
        let reply = call.body(&bytes[CUT_AT..]).reply();
        reply.refused(502, "connection_lost");
        assert_eq!(names(&directory), ["p"], "{engine}");
        let kept = fs::read(&partial).unwrap();
        assert!(kept == bytes[..kept.len()], "{engine}: {}", kept.len());
        let more = format!("{more}&offset={}", kept.len());
        let again = target(&manager.ssh(&sshd, engine), &path, &more);
        put(&manager, &again, &bytes[kept.len()..]).ok();
        assert!(fs::read(&path).unwrap() == bytes, "{engine}");
        assert_eq!(names(&directory), ["a"]);
    }
}

/// The same on FTP, as far as the server can.
pub(crate) fn on_ftp(world: &FtpWorld) {
    let id = world.manager.ftp(&*world.server);
    let (local, remote) = world.directory();
    let bytes = noise(6 << 20);
    let path = Path::new(&remote).join("big");
    let first = target(&id, &path, "&partial=big.part");
    let partial = local.join("big.part");
    let sent = &bytes[..CUT_AT];
    cut(
        &world.manager,
        &first,
        sent,
        bytes.len(),
        &partial,
        CUT_AT as u64,
    );
    assert_eq!(names(&local), ["big.part"]);
    let reply = head(
        &world.manager,
        &target(&id, &Path::new(&remote).join("big.part"), ""),
        &[],
    );
    assert_eq!(reply.header("content-length"), CUT_AT.to_string());
    let at = |offset: usize| format!("{first}&offset={offset}&size={}", bytes.len());
    let can = world
        .manager
        .get(&format!("/connections/{id}/capabilities"))
        .ok();
    if can["files"]["append"] == true {
        let beyond = CUT_AT + 1;
        mismatch(
            &put(&world.manager, &at(beyond), &bytes[beyond..]),
            CUT_AT as u64,
        );
        // FTP cuts no file.
        mismatch(&put(&world.manager, &at(5), &bytes[5..]), CUT_AT as u64);
        assert_eq!(fs::metadata(&partial).unwrap().len(), CUT_AT as u64);
        put(&world.manager, &at(CUT_AT), &bytes[CUT_AT..]).ok();
    } else {
        let reply = put(&world.manager, &at(CUT_AT), &bytes[CUT_AT..]);
        reply.refused(501, "unsupported");
        assert_eq!(fs::metadata(&partial).unwrap().len(), CUT_AT as u64);
        put(&world.manager, &at(0), &bytes).ok();
    }
    assert!(fs::read(local.join("big")).unwrap() == bytes);
    assert_eq!(names(&local), ["big"]);
    let missing = put(&world.manager, &format!("{first}&offset=1"), b"x");
    assert!(matches!(missing.status, 409 | 501), "{missing:?}");
    assert_eq!(names(&local), ["big"]);
}
