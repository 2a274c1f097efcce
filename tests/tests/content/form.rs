//! POST of a browser's form.

use crate::client::{Call, Reply, target};
use crate::streams::{COST, memory};
use crate::{names, noise, sha256};
use connection_tests::manager::{ENGINES, FtpWorld, Manager, SshWorld, text, unique};
use connection_tests::wait::PATIENCE;
use connection_tests::{Sshd, eventually, on_both_engines};
use serde_json::Value;
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

on_both_engines![
    files_of_a_form_are_stored,
    the_real_curl_is_understood,
    one_file_that_fails_does_not_keep_the_others_out,
    a_form_that_breaks_off_leaves_whole_files_only,
    reasons_why_a_form_is_refused,
    a_large_file_costs_no_memory,
];

const KIND: &str = "Content-Type: multipart/form-data; boundary=----WebKitFormBoundaryAbC";
const CLOSE: &[u8] = b"------WebKitFormBoundaryAbC--\r\n";

/// The head of a part, with this disposition after `form-data; `.
fn part(disposition: &[u8]) -> Vec<u8> {
    [
        b"------WebKitFormBoundaryAbC\r\nContent-Disposition: form-data; ",
        disposition,
        b"\r\nContent-Type: application/octet-stream\r\n\r\n",
    ]
    .concat()
}

/// A file of a form.
fn file(name: &[u8], content: &[u8]) -> Vec<u8> {
    let disposition = [b"name=\"f\"; filename=\"", name, b"\""].concat();
    [&part(&disposition), content, b"\r\n"].concat()
}

fn form(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body: Vec<u8> = files
        .iter()
        .flat_map(|(name, content)| file(name.as_bytes(), content))
        .collect();
    body.extend_from_slice(CLOSE);
    body
}

fn post(manager: &Manager, target: &str, body: &[u8]) -> Reply {
    let length = format!("Content-Length: {}", body.len());
    Call::send(manager, "POST", target, &[KIND, &length])
        .body(body)
        .reply()
}

fn files_of_a_form_are_stored(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let target = target(&id, &directory, "&checksum=sha256");
    let big = noise(20 << 20);
    // What looks like a boundary and is none.
    let tricky = [b"\r\n------WebKitFormBoundaryAb\r\n--\r", CLOSE, b"\r\r\n-"].concat();
    let odd = b"gr\xc3\xbcn %22a%22%0A\xff";
    let mut body = part(b"name=\"comment\"");
    body.extend_from_slice(b"no file at all\r\n");
    body.extend(file(b"big.bin", &big));
    body.extend(file(b"", b""));
    body.extend(file(b"empty", b""));
    body.extend(file(odd, &tricky));
    body.extend_from_slice(CLOSE);
    body.extend_from_slice(b"an epilogue nobody reads");
    let reply = post(&world.manager, &target, &body).ok();
    let exact = directory.join(OsStr::from_bytes(b"gr\xc3\xbcn \"a\"\n\xff"));
    let want = [
        (directory.join("big.bin"), big),
        (directory.join("empty"), vec![]),
        (exact, tricky),
    ];
    assert_eq!(reply["errors"].as_array().unwrap().len(), 0, "{reply}");
    let stored = reply["stored"].as_array().unwrap();
    assert_eq!(stored.len(), want.len(), "{reply}");
    for ((path, content), answer) in want.iter().zip(stored) {
        assert!(fs::read(path).unwrap() == *content, "{}", path.display());
        assert_eq!(answer["size"], content.len());
        assert_eq!(answer["sha256"], sha256(content));
    }
    assert_eq!(stored[0]["path"], text(&want[0].0));
    assert_eq!(names(&directory).len(), 3);
    // The body in chunks cut anywhere, the boundaries too.
    let small = form(&[("a", b"one\r\n"), ("b", b"two")]);
    for step in [1, 7, 60] {
        let mut call = Call::send(
            &world.manager,
            "POST",
            &target,
            &[KIND, "Transfer-Encoding: chunked"],
        );
        for chunk in small.chunks(step) {
            let head = format!("{:x}\r\n", chunk.len());
            call = call.body(&[head.as_bytes(), chunk, b"\r\n"].concat());
        }
        let reply = call.body(b"0\r\n\r\n").reply().ok();
        assert_eq!(reply["stored"][1]["size"], 3, "{reply}");
        assert_eq!(fs::read(directory.join("a")).unwrap(), b"one\r\n", "{step}");
        assert_eq!(fs::read(directory.join("b")).unwrap(), b"two", "{step}");
    }
}

fn the_real_curl_is_understood(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let local = tempfile::tempdir().unwrap();
    let (one, two) = (local.path().join("a \"b\".txt"), local.path().join("ü.bin"));
    fs::write(&one, "one").unwrap();
    fs::write(&two, noise(1 << 20)).unwrap();
    let url = format!("{}{}", world.manager.base(), target(&id, &directory, ""));
    let output = std::process::Command::new("curl")
        .args(["--silent", "--show-error", "--fail-with-body"])
        .args(["-F", "file=@\"a \\\"b\\\".txt\"", "-F", "more=@ü.bin"])
        .args(["-F", "note=text", &url])
        .current_dir(local.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(names(&directory), ["a \"b\".txt", "ü.bin"]);
    for path in [one, two] {
        let remote = directory.join(path.file_name().unwrap());
        assert!(fs::read(remote).unwrap() == fs::read(&path).unwrap());
    }
}

fn one_file_that_fails_does_not_keep_the_others_out(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    fs::write(directory.join("kept"), "theirs").unwrap();
    fs::create_dir(directory.join("dir")).unwrap();
    let keep = target(&id, &directory, "&overwrite=false");
    let large = noise(1 << 20);
    let body = form(&[
        ("first", b"1"),
        ("kept", &large),
        ("../escaped", &large),
        ("a/b", b"x"),
        ("..", b"x"),
        ("dir", b"x"),
        ("", b"a nameless one"),
        ("last", &large),
    ]);
    let reply = post(&world.manager, &keep, &body).ok();
    let column = |list: &str, key: &str| -> Vec<String> {
        let list: &Vec<Value> = reply[list].as_array().unwrap();
        list.iter()
            .map(|entry| entry[key].as_str().unwrap().to_owned())
            .collect()
    };
    let path = |name: &str| text(&directory.join(name)).to_owned();
    assert_eq!(column("stored", "path"), [path("first"), path("last")]);
    assert_eq!(
        column("errors", "name"),
        ["kept", "../escaped", "a/b", "..", "dir", ""]
    );
    let mut codes = column("errors", "code");
    codes.dedup();
    assert_eq!(
        codes,
        [
            "already_exists",
            "invalid_input",
            "already_exists",
            "invalid_input"
        ]
    );
    assert!(column("errors", "detail").iter().all(|d| !d.is_empty()));
    assert_eq!(fs::read(directory.join("kept")).unwrap(), b"theirs");
    assert!(fs::read(directory.join("last")).unwrap() == large);
    assert_eq!(names(&directory), ["dir", "first", "kept", "last"]);
    assert!(!directory.parent().unwrap().join("escaped").exists());
    // Nothing at all was stored: the status says so.
    let reply = post(
        &world.manager,
        &keep,
        &form(&[("kept", b"x"), ("first", b"y")]),
    );
    reply.refused(409, "already_exists");
    let text = String::from_utf8_lossy(&reply.body);
    assert!(text.contains("kept: ") && text.contains("1 more"), "{text}");
    // Without the refusal it is replaced.
    let replace = target(&id, &directory, "");
    post(&world.manager, &replace, &form(&[("first", b"new")])).ok();
    assert_eq!(fs::read(directory.join("first")).unwrap(), b"new");
}

fn a_form_that_breaks_off_leaves_whole_files_only(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    fs::write(directory.join("second"), "the old text").unwrap();
    world.sshd.own(&directory.join("second"));
    let target = target(&id, &directory, "");
    let whole = form(&[
        ("first", b"1"),
        ("second", &noise(300_000)),
        ("third", b"3"),
    ]);
    let length = format!("Content-Length: {}", whole.len());
    let send = || {
        let call = Call::send(&world.manager, "POST", &target, &[KIND, &length]);
        let call = call.body(&whole[..200_000]);
        eventually(PATIENCE, "the second file began", || {
            let began = |name: &String| name.starts_with(".second.");
            names(&directory).iter().any(began)
        });
        call
    };
    let clean = || names(&directory) == ["first", "second"];
    send().leave_half_way();
    eventually(PATIENCE, "nothing of the second is left", clean);
    drop(send().end());
    eventually(PATIENCE, "nothing of the second is left", clean);
    assert_eq!(fs::read(directory.join("first")).unwrap(), b"1");
    assert_eq!(fs::read(directory.join("second")).unwrap(), b"the old text");
    // The HTTP body ends well, the form within it does not.
    for cut in [200_000, whole.len() - CLOSE.len(), whole.len() - 5] {
        let reply = post(&world.manager, &target, &whole[..cut]);
        reply.refused(400, "incomplete");
    }
    assert!(!names(&directory).iter().any(|name| name.ends_with(".part")));
    post(&world.manager, &target, &whole).ok();
    assert_eq!(names(&directory), ["first", "second", "third"]);
}

fn reasons_why_a_form_is_refused(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let at = |path: &Path| target(&id, path, "");
    let one = form(&[("a", b"x")]);
    post(&world.manager, &at(&directory.join("nope")), &one).refused(404, "not_found");
    let file_path = directory.join("file");
    fs::write(&file_path, "x").unwrap();
    post(&world.manager, &at(&file_path), &one).refused(400, "not_a_directory");
    let closed = directory.join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, Permissions::from_mode(0o555)).unwrap();
    if world.sshd.unprivileged() {
        post(&world.manager, &at(&closed), &one).refused(403, "permission_denied");
    }
    let ask = |body: &[u8]| post(&world.manager, &at(&directory), body);
    ask(CLOSE).refused(400, "invalid_input");
    ask(&file(b"", b"")).refused(400, "incomplete");
    ask(&form(&[("", b"")])).refused(400, "invalid_input");
    ask(b"").refused(400, "incomplete");
    ask(b"no form").refused(400, "incomplete");
    ask(&part(b"name=\"no colon\"\r\nthis is no header")).refused(400, "invalid_input");
    // Heads, fields and numbers that would fill the memory.
    let head = [b"name=\"f\"; filename=\"", &*vec![b'a'; 300_000], b"\""].concat();
    ask(&part(&head)).refused(413, "too_large");
    ask(&noise(300_000)).refused(413, "too_large");
    let field = [&*part(b"name=\"text\""), &*noise(300_000), b"\r\n", CLOSE].concat();
    ask(&field).refused(413, "too_large");
    let mut many = part(b"name=\"text\"");
    many.extend_from_slice(b"\r\n");
    let many = [many.repeat(1001), CLOSE.to_vec()].concat();
    ask(&many).refused(413, "too_large");
    let lines = |kind| [kind, "Content-Length: 5"];
    for kind in [
        "Content-Type: multipart/form-data",
        "Content-Type: multipart/mixed; boundary=x",
        "Content-Type: application/json",
        "X-No-Type: at-all",
    ] {
        let call = Call::send(&world.manager, "POST", &at(&directory), &lines(kind));
        call.body(b"--x--")
            .reply()
            .refused(415, "unsupported_media_type");
    }
    // The page of another site, which needs nobody's leave to post a form.
    for origin in ["Origin: https://evil.example", "Origin: null"] {
        let length = format!("Content-Length: {}", one.len());
        let lines = [KIND, &length, origin];
        let call = Call::send(&world.manager, "POST", &at(&directory), &lines).body(&one);
        assert_eq!(call.reply().status, 403, "{origin}");
    }
    let stranger = target("00000000-0000-4000-8000-000000000000", &directory, "");
    post(&world.manager, &stranger, &one).refused(401, "session_not_found");
    assert_eq!(names(&directory), ["closed", "file"]);
}

fn a_large_file_costs_no_memory(world: &SshWorld, engine: &str) {
    // A server of its own: the other tests' transfers would be counted too.
    let manager = Manager::start();
    let id = manager.ssh(&world.sshd, engine);
    let directory = world.sshd.mkdir(&unique());
    let large = noise(64 << 20);
    let body = form(&[("small", b"x"), ("large", &large), ("last", b"y")]);
    let before = memory(manager.pid(), "VmRSS:");
    post(&manager, &target(&id, &directory, ""), &body).ok();
    let cost = memory(manager.pid(), "VmHWM:").saturating_sub(before);
    assert!(cost < COST, "{cost} KiB more than before");
    assert!(fs::read(directory.join("large")).unwrap() == large);
    assert_eq!(names(&directory), ["large", "last", "small"]);
}

#[test]
fn a_lost_server_ends_the_form_with_what_was_stored() {
    for engine in ENGINES {
        let sshd = Sshd::start();
        let manager = Manager::start();
        let directory = sshd.mkdir(&unique());
        let id = manager.ssh(&sshd, engine);
        let body = form(&[
            ("first", b"1"),
            ("second", &noise(4 << 20)),
            ("third", b"3"),
        ]);
        let length = format!("Content-Length: {}", body.len());
        let target = target(&id, &directory, "");
        let call = Call::send(&manager, "POST", &target, &[KIND, &length]);
        let call = call.body(&body[..1 << 20]);
        eventually(PATIENCE, "the second file began", || {
            names(&directory).len() == 2
        });
        sshd.kill_connections();
        let reply = call.body(&body[1 << 20..]).reply().ok();
        assert_eq!(reply["stored"].as_array().unwrap().len(), 1, "{reply}");
        let errors = reply["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{reply}");
        assert_eq!(errors[0]["name"], "second");
        assert_eq!(errors[0]["code"], "connection_lost", "{engine}");
        let detail = errors[0]["detail"].as_str().unwrap();
        assert!(detail.ends_with("were not read"), "{detail}");
        assert!(!directory.join("third").exists());
        assert!(!directory.join("second").exists());
    }
}

#[test]
fn the_size_limit_is_each_files_own() {
    let manager = Manager::builder().flag("--max-file-size", "1000").start();
    let sshd = Sshd::start();
    let id = manager.ssh(&sshd, "russh");
    let directory = sshd.mkdir("limited");
    let body = form(&[
        ("a", &noise(1000)),
        ("b", &noise(300_000)),
        ("c", &noise(1000)),
    ]);
    let reply = post(&manager, &target(&id, &directory, ""), &body).ok();
    assert_eq!(reply["errors"][0]["name"], "b");
    assert_eq!(reply["errors"][0]["code"], "too_large");
    assert_eq!(names(&directory), ["a", "c"]);
}

#[test]
fn a_form_that_stands_still_is_given_up() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), "body_timeout = 1\n").unwrap();
    let manager = Manager::builder().home(home).start();
    let sshd = Sshd::start();
    let id = manager.ssh(&sshd, "russh");
    let directory = sshd.mkdir("still");
    let target = target(&id, &directory, "");
    let call = Call::send(&manager, "POST", &target, &[KIND, "Content-Length: 9999"]);
    let call = call
        .body(&part(b"name=\"f\"; filename=\"a\""))
        .body(b"half");
    call.reply().refused(408, "request_timed_out");
    assert!(names(&directory).is_empty());
}

/// The same on FTP.
pub(crate) fn on_ftp(world: &FtpWorld) {
    let id = world.manager.ftp(&*world.server);
    let (local, remote) = world.directory();
    let large = noise(5 << 20);
    let target = target(&id, Path::new(&remote), "&overwrite=false&checksum=sha256");
    fs::write(local.join("kept"), "theirs").unwrap();
    let body = form(&[("a", &large), ("kept", &large), ("c", b"")]);
    let reply = post(&world.manager, &target, &body).ok();
    assert_eq!(reply["stored"][0]["sha256"], sha256(&large));
    assert_eq!(reply["errors"][0]["code"], "already_exists", "{reply}");
    assert_eq!(names(&local), ["a", "c", "kept"]);
    assert!(fs::read(local.join("a")).unwrap() == large);
    assert_eq!(fs::read(local.join("kept")).unwrap(), b"theirs");
}
