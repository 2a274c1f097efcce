//! GET and HEAD.

use crate::client::{get, head, target};
use crate::{noise, sha256};
use connection_tests::manager::{ENGINES, Manager, SshWorld};
use connection_tests::on_both_engines;
use connection_tests::servers::asyncssh::{AsyncSsh, Fault};
use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

on_both_engines![
    a_whole_file_arrives,
    parts_of_a_file,
    a_copy_that_is_as_good_is_not_sent_again,
    a_download_does_not_go_on_with_another_file,
    a_page_of_another_origin_reads_what_it_needs_to_go_on,
    odd_names_stay_inside_their_header,
    nothing_that_runs_is_shown,
    reasons_why_a_file_is_not_sent,
    a_file_without_a_size_is_sent_whole,
];

fn a_whole_file_arrives(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let path = world.directory().join("big.bin");
    let bytes = noise(20 << 20);
    fs::write(&path, &bytes).unwrap();
    let reply = get(&world.manager, &target(&id, &path, ""), &[]);
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-length"), (20 << 20).to_string());
    assert_eq!(sha256(&reply.body), sha256(&bytes));
    for (name, value) in [
        ("content-type", "application/octet-stream"),
        ("accept-ranges", "bytes"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        (
            "content-disposition",
            "attachment; filename=\"big.bin\"; filename*=UTF-8''big.bin",
        ),
    ] {
        assert_eq!(reply.header(name), value, "{name}");
    }
    let empty = path.with_file_name("empty");
    fs::write(&empty, "").unwrap();
    let ask = |lines: &[&str]| get(&world.manager, &target(&id, &empty, ""), lines);
    // The last bytes of it are all of it (RFC 9110, section 14.1.2); it has no first one.
    for lines in [&[][..], &["Range: bytes=-5"]] {
        let reply = ask(lines);
        assert_eq!((reply.status, reply.header("content-length")), (200, "0"));
        assert!(reply.whole);
    }
    ask(&["Range: bytes=0-"]).refused(416, "invalid_input");
}

fn parts_of_a_file(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let path = world.directory().join("part.bin");
    let bytes = noise(1_000_000);
    fs::write(&path, &bytes).unwrap();
    let target = target(&id, &path, "");
    for (range, first, last) in [
        ("0-0", 0, 0),
        ("0-999", 0, 999),
        ("500000-700000", 500_000, 700_000),
        ("999999-", 999_999, 999_999),
        ("300000-", 300_000, 999_999),
        ("-1", 999_999, 999_999),
        ("-400000", 600_000, 999_999),
        ("999000-5000000", 999_000, 999_999),
        ("-5000000", 0, 999_999),
    ] {
        let reply = get(&world.manager, &target, &[&format!("Range: bytes={range}")]);
        assert_eq!(reply.status, 206, "{range}");
        let want = format!("bytes {first}-{last}/1000000");
        assert_eq!(reply.header("content-range"), want, "{range}");
        assert!(reply.body == bytes[first..=last], "{range}");
        assert!(reply.whole);
    }
    for range in ["bytes=1000000-", "bytes=-0"] {
        let reply = get(&world.manager, &target, &[&format!("Range: {range}")]);
        reply.refused(416, "invalid_input");
        assert_eq!(reply.header("content-range"), "bytes */1000000", "{range}");
    }
    for range in ["bytes=0-1,5-6", "bytes=9-3", "lines=1-2"] {
        let reply = get(&world.manager, &target, &[&format!("Range: {range}")]);
        assert_eq!(reply.status, 200, "{range}");
        assert!(reply.body == bytes, "{range}");
    }
}

fn a_copy_that_is_as_good_is_not_sent_again(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let path = world.directory().join("a.txt");
    fs::write(&path, "hello, world").unwrap();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(time)
        .unwrap();
    let target = target(&id, &path, "");
    let date = "Tue, 14 Nov 2023 22:13:20 GMT";
    let ask = |lines: &[&str]| get(&world.manager, &target, lines);
    let first = ask(&[]);
    assert_eq!(first.header("last-modified"), date);
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"'), "{tag}");
    for condition in [
        format!("If-None-Match: {tag}"),
        "If-None-Match: *".to_owned(),
        format!("If-Modified-Since: {date}"),
    ] {
        let reply = ask(&[&condition]);
        assert_eq!((reply.status, reply.whole), (304, true), "{condition}");
        assert_eq!(reply.header("etag"), tag);
        assert_eq!(head(&world.manager, &target, &[&condition]).status, 304);
    }
    for condition in [
        "If-None-Match: \"other\"",
        "If-Modified-Since: Tue, 14 Nov 2023 22:13:19 GMT",
    ] {
        assert_eq!(ask(&[condition]).status, 200, "{condition}");
    }
    let part = "Range: bytes=0-4";
    for (condition, status) in [
        (format!("If-Range: {tag}"), 206),
        (format!("If-Range: {date}"), 206),
        ("If-Range: \"other\"".to_owned(), 200),
        ("If-Range: Tue, 14 Nov 2023 22:13:21 GMT".to_owned(), 200),
    ] {
        assert_eq!(ask(&[part, &condition]).status, status, "{condition}");
    }
    fs::write(&path, "another text").unwrap();
    let reply = ask(&[part, &format!("If-Range: {tag}")]);
    assert_eq!((reply.status, &reply.body[..]), (200, &b"another text"[..]));
    assert_ne!(reply.header("etag"), tag);
}

fn a_download_does_not_go_on_with_another_file(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let path = world.directory().join("a.iso");
    fs::write(&path, "first version").unwrap();
    let target = target(&id, &path, "");
    let ask = |lines: &[&str]| get(&world.manager, &target, lines);
    let first = ask(&[]);
    let (tag, date) = (first.header("etag"), first.header("last-modified"));
    let same = [
        format!("If-Match: {tag}"),
        format!("If-Unmodified-Since: {date}"),
    ];
    let part = "Range: bytes=6-";
    // So a Firefox goes on that was interrupted.
    let rest = ask(&[part, &same[0], &same[1]]);
    assert_eq!((rest.status, &rest.body[..]), (206, &b"version"[..]));

    fs::write(&path, "second edition").unwrap();
    let long_ago = "If-Unmodified-Since: Tue, 14 Nov 2023 22:13:20 GMT";
    for condition in [same[0].as_str(), "If-Match: \"x\"", long_ago] {
        ask(&[part, condition]).refused(412, "precondition_failed");
        let looked = head(&world.manager, &target, &[condition]);
        assert_eq!((looked.status, looked.whole), (412, true), "{condition}");
    }
    // Before anything else is looked at.
    ask(&["If-None-Match: *", &same[0]]).refused(412, "precondition_failed");
    ask(&["Range: bytes=99-", &same[0]]).refused(412, "precondition_failed");
    assert_eq!(ask(&["If-Match: *", part]).status, 206);
    assert_eq!(ask(&["If-Unmodified-Since: soon"]).status, 200);
}

fn a_page_of_another_origin_reads_what_it_needs_to_go_on(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let path = world.directory().join("a.txt");
    fs::write(&path, "hello").unwrap();
    let target = target(&id, &path, "");
    let lines = ["Origin: http://localhost:3000", "Range: bytes=0-1"];
    let reply = get(&world.manager, &target, &lines);
    assert_eq!(reply.status, 206);
    let exposed = reply.header("access-control-expose-headers");
    let exposed: Vec<&str> = exposed.split(", ").collect();
    for name in [
        "Accept-Ranges",
        "Content-Disposition",
        "Content-Range",
        "ETag",
        "X-Error-Code",
        "X-Error-Field",
        "X-Request-Id",
    ] {
        assert!(exposed.contains(&name), "{name} is not in {exposed:?}");
        let is_there = !reply.header(name).is_empty();
        assert!(is_there || name.starts_with("X-Error"), "{name}");
    }
}

fn odd_names_stay_inside_their_header(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    for (name, fallback, exact) in [
        (&b"a\"b;c.txt"[..], "a_b;c.txt", "a%22b%3Bc.txt"),
        (
            b"line\r\nX-Evil: 1",
            "line__X-Evil: 1",
            "line%0D%0AX-Evil%3A%201",
        ),
        (
            "grün 日.txt".as_bytes(),
            "gr_n _.txt",
            "gr%C3%BCn%20%E6%97%A5.txt",
        ),
        (
            b"<img onerror=x>",
            "<img onerror=x>",
            "%3Cimg%20onerror%3Dx%3E",
        ),
    ] {
        let path = directory.join(OsStr::from_bytes(name));
        fs::write(&path, "x").unwrap();
        let reply = get(&world.manager, &target(&id, &path, ""), &[]);
        assert_eq!((reply.status, &reply.body[..]), (200, &b"x"[..]));
        let want = format!("attachment; filename=\"{fallback}\"; filename*=UTF-8''{exact}");
        assert_eq!(reply.header("content-disposition"), want);
        assert_eq!(reply.header("x-evil"), "");
    }
}

fn nothing_that_runs_is_shown(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    for (name, kind, how) in [
        ("a.html", "text/plain; charset=utf-8", "inline"),
        ("a.svg", "application/octet-stream", "attachment"),
        ("a.js", "text/plain; charset=utf-8", "inline"),
        ("a.png", "image/png", "inline"),
        ("a.zip", "application/zip", "attachment"),
    ] {
        let path = directory.join(name);
        fs::write(&path, "<script>alert(1)</script>").unwrap();
        let reply = get(&world.manager, &target(&id, &path, "&inline=true"), &[]);
        assert_eq!(reply.header("content-type"), kind, "{name}");
        let disposition = reply.header("content-disposition");
        assert!(disposition.starts_with(how), "{name}: {disposition}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert!(reply.header("content-security-policy").contains("sandbox"));
    }
}

fn reasons_why_a_file_is_not_sent(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let directory = world.directory();
    let ask = |path: &Path| get(&world.manager, &target(&id, path, ""), &[]);
    ask(&directory).refused(400, "is_a_directory");
    ask(Path::new("/")).refused(400, "is_a_directory");
    ask(&directory.join("nope")).refused(404, "not_found");
    ask(Path::new("")).refused(404, "not_found");
    ask(Path::new("/dev/zero")).refused(400, "invalid_input");
    ask(Path::new("/a\0b")).refused(400, "invalid_input");
    let secret = directory.join("secret");
    fs::write(&secret, "x").unwrap();
    fs::set_permissions(&secret, Permissions::from_mode(0o000)).unwrap();
    if world.sshd.unprivileged() {
        ask(&secret).refused(403, "permission_denied");
    }
    let stranger = target("00000000-0000-4000-8000-000000000000", &secret, "");
    get(&world.manager, &stranger, &[]).refused(401, "session_not_found");
    assert_eq!(head(&world.manager, &stranger, &[]).status, 401);
}

fn a_file_without_a_size_is_sent_whole(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let path = Path::new("/proc/version");
    let reply = get(&world.manager, &target(&id, path, ""), &[]);
    assert_eq!((reply.status, reply.whole), (200, true));
    let text = String::from_utf8_lossy(&reply.body);
    assert!(text.contains("Linux version"), "{text}");
}

#[test]
fn head_opens_no_file() {
    // On this server opening fails, so whoever opens is found out.
    let server = AsyncSsh::builder()
        .fault(Fault::status("open", 4, "nobody may open"))
        .start();
    let path = server.write_file("a.txt", "hello");
    let manager = Manager::start();
    for engine in ENGINES {
        let id = manager.ssh(&server, engine);
        let target = target(&id, &path, "");
        let reply = head(&manager, &target, &[]);
        assert_eq!((reply.status, reply.whole), (200, true));
        assert_eq!(reply.header("content-length"), "5");
        assert_eq!(reply.header("accept-ranges"), "bytes");
        assert_ne!(reply.header("etag"), "");
        get(&manager, &target, &[]).refused(500, "failure");
    }
}

#[test]
fn the_token_is_asked_for() {
    let manager = Manager::builder().token("let-me-in").start();
    let sshd = connection_tests::Sshd::start();
    let path = sshd.write_file("a.txt", "hello");
    let target = target(&manager.ssh(&sshd, "russh"), &path, "");
    assert_eq!(get(&manager, &target, &[]).status, 401);
    assert_eq!(crate::client::put(&manager, &target, b"x").status, 401);
    let token = "Authorization: Bearer let-me-in";
    assert_eq!(get(&manager, &target, &[token]).body, b"hello");
    let foreign = "Origin: https://evil.example";
    let lines = [token, foreign, "Content-Length: 0"];
    let put = crate::client::Call::send(&manager, "PUT", &target, &lines).reply();
    assert_eq!(put.status, 403);
    assert_eq!(fs::read(&path).unwrap(), b"hello");
}
