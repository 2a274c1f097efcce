//! Copies from one session to another.

use crate::ground::refused;
use connection_tests::manager::{Answer, Manager, text};
use connection_tests::servers::service::Service;
use connection_tests::{FtpServer, PureFtpd, Pyftpdlib, Sshd, Vsftpd};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

/// A directory of a server, and a session on it.
struct Place<'a> {
    name: &'static str,
    id: String,
    local: PathBuf,
    remote: String,
    server: &'a Service,
}

impl<'a> Place<'a> {
    fn ssh(manager: &Manager, server: &'a Sshd) -> Self {
        let local = server.mkdir("copies");
        Self {
            name: "openssh",
            id: manager.ssh(server, "russh"),
            remote: text(&local).to_owned(),
            local,
            server,
        }
    }

    fn ftp(manager: &Manager, server: &'a dyn FtpServer) -> Self {
        Self {
            name: server.name(),
            id: manager.ftp(server),
            local: server.mkdir("copies"),
            remote: "/copies".to_owned(),
            server,
        }
    }

    fn at(&self, name: &str) -> String {
        format!("{}/{name}", self.remote)
    }

    fn write(&self, name: &str, content: &[u8]) {
        let path = self.local.join(name);
        fs::write(&path, content).unwrap();
        self.server.own(&path);
    }

    fn mkdir(&self, name: &str) {
        let path = self.local.join(name);
        fs::create_dir(&path).unwrap();
        self.server.own(&path);
    }
}

#[track_caller]
fn copy(manager: &Manager, from: &Place<'_>, to: &Place<'_>, name: &str, more: Value) -> Answer {
    let mut body = json!({
        "from": from.at(name),
        "to": to.at(&format!("{name}-from-{}", from.name)),
        "to_session": to.id,
    });
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    manager.post(&format!("/connections/{}/copy", from.id), &body)
}

#[test]
fn files_and_trees_go_from_every_protocol_to_every_other() {
    let manager = Manager::start();
    let (sshd, vsftpd) = (Sshd::start(), Vsftpd::start());
    let (pure, pyftpd) = (PureFtpd::start(), Pyftpdlib::start());
    let places = [
        Place::ssh(&manager, &sshd),
        Place::ftp(&manager, &vsftpd),
        Place::ftp(&manager, &pure),
        Place::ftp(&manager, &pyftpd),
    ];
    let content: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    for place in &places {
        place.write("file", &content);
        for directory in ["tree", "tree/b", "tree/b/empty"] {
            place.mkdir(directory);
        }
        place.write("tree/a b", b"12345");
        place.write("tree/b/ünï", b"678");
        place.write("tree/b/.hidden", b"");
    }
    for from in &places {
        for to in places.iter().filter(|to| to.name != from.name) {
            let pair = format!("{} to {}", from.name, to.name);
            let copied = copy(&manager, from, to, "file", json!({})).ok();
            assert_eq!(copied, json!({ "size": 3_000_000 }), "{pair}");
            let name = format!("file-from-{}", from.name);
            assert!(fs::read(to.local.join(&name)).unwrap() == content, "{pair}");
            let again = copy(&manager, from, to, "file", json!({}));
            refused(&again, 409, "already_exists");

            let all = json!({ "recursive": true });
            let copied = copy(&manager, from, to, "tree", all).ok();
            let tree = &copied["tree"];
            assert_eq!(tree["errors"], json!([]), "{pair}");
            let counts = (&tree["files"], &tree["directories"], &tree["bytes"]);
            assert_eq!(counts, (&json!(3), &json!(3), &json!(8)), "{pair}");
            let top = to.local.join(format!("tree-from-{}", from.name));
            assert_eq!(fs::read(top.join("a b")).unwrap(), b"12345");
            assert_eq!(fs::read(top.join("b/ünï")).unwrap(), b"678");
            assert_eq!(fs::read(top.join("b/.hidden")).unwrap(), b"");
            assert!(top.join("b/empty").is_dir());
        }
    }
}

#[test]
fn copies_between_sessions_are_refused_where_they_must_be() {
    let manager = Manager::start();
    let (sshd, vsftpd) = (Sshd::start(), Vsftpd::start());
    let (ssh, ftp) = (Place::ssh(&manager, &sshd), Place::ftp(&manager, &vsftpd));
    ssh.write("file", b"new");
    ssh.mkdir("tree");
    symlink("nowhere", ssh.local.join("tree/link")).unwrap();
    ssh.write("tree/file", b"1");
    let nobody = uuid_of_nobody();
    for id in [nobody.as_str(), "not-an-id"] {
        let answer = copy(&manager, &ssh, &ftp, "file", json!({ "to_session": id }));
        refused(&answer, 401, "session_not_found");
    }
    let directory = copy(&manager, &ssh, &ftp, "tree", json!({}));
    refused(&directory, 400, "is_a_directory");
    let missing = copy(&manager, &ssh, &ftp, "none", json!({ "recursive": true }));
    refused(&missing, 404, "not_found");

    // FTP has no links: that one is told of, and the rest is copied.
    let copied = copy(&manager, &ssh, &ftp, "tree", json!({ "recursive": true })).ok();
    let tree = &copied["tree"];
    assert_eq!(
        (&tree["files"], &tree["error_count"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(tree["errors"][0]["code"], "unsupported", "{tree}");

    // A copy is not made into itself, and within one session links are links again.
    let route = format!("/connections/{}/copy", ssh.id);
    let mut body = json!({
        "from": ssh.at("tree"), "to": ssh.at("tree/inside"), "recursive": true,
    });
    refused(&manager.post(&route, &body), 400, "invalid_input");
    body["to"] = json!(ssh.at("beside"));
    body["to_session"] = json!(ssh.id);
    assert_eq!(
        manager.post(&route, &body).ok()["tree"]["errors"],
        json!([])
    );
    let link = fs::read_link(ssh.local.join("beside/link")).unwrap();
    assert_eq!(link, std::path::Path::new("nowhere"));

    ftp.write("file-from-openssh", b"old");
    let kept = copy(&manager, &ssh, &ftp, "file", json!({}));
    refused(&kept, 409, "already_exists");
    assert_eq!(
        fs::read(ftp.local.join("file-from-openssh")).unwrap(),
        b"old"
    );
    copy(&manager, &ssh, &ftp, "file", json!({ "overwrite": true })).ok();
    assert_eq!(
        fs::read(ftp.local.join("file-from-openssh")).unwrap(),
        b"new"
    );
}

fn uuid_of_nobody() -> String {
    "7b2c5a4e-0d5e-4f0e-9a52-0a52b5a1c0de".to_owned()
}

#[test]
fn a_large_copy_takes_no_memory() {
    const SIZE: u64 = 256 << 20;
    let manager = Manager::start();
    let (sshd, vsftpd) = (Sshd::start(), Vsftpd::start());
    let (ssh, ftp) = (Place::ssh(&manager, &sshd), Place::ftp(&manager, &vsftpd));
    ftp.write("large", b"");
    let large = fs::File::options()
        .write(true)
        .open(ftp.local.join("large"));
    large.unwrap().set_len(SIZE).unwrap();
    copy(&manager, &ftp, &ssh, "large", json!({})).ok();
    let name = "large-from-vsftpd";
    assert_eq!(fs::metadata(ssh.local.join(name)).unwrap().len(), SIZE);
    let status = fs::read_to_string(format!("/proc/{}/status", manager.pid())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.unwrap().trim().trim_end_matches(" kB");
    let peak: u64 = peak.parse().unwrap();
    assert!(peak < 128 << 10, "{peak} KiB at most in use");
}

#[test]
fn a_server_that_allows_one_connection_ends_no_copy_in_waiting_for_ever() {
    let manager = Manager::start();
    let server = Pyftpdlib::builder().max_connections(1).start();
    let place = Place::ftp(&manager, &server);
    // Read to its end before it is written.
    place.write("small", b"content");
    let to_itself = json!({ "to": place.at("copy") });
    copy(&manager, &place, &place, "small", to_itself.clone()).ok();
    assert_eq!(fs::read(place.local.join("copy")).unwrap(), b"content");
    fs::remove_file(place.local.join("copy")).unwrap();

    place.write("large", &vec![7; 32 << 20]);
    let answer = copy(&manager, &place, &place, "large", to_itself);
    refused(&answer, 503, "limit_reached");
    // The session works on, and nothing is left behind.
    manager.list(&place.id, &place.remote).ok();
    let names = fs::read_dir(&place.local).unwrap().count();
    assert_eq!(names, 2);
}
