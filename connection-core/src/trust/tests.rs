//! The store as its users see it, beside OpenSSH's own answers about the same files.

use super::fingerprint::HostKey;
use super::known_hosts::{self, Entry, Line};
use super::*;
use crate::error::ErrorKind;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::OnceLock;

/// A public key of ours: the line `type base64`, and its wire encoding.
struct Key {
    text: String,
    blob: Vec<u8>,
}

impl Key {
    fn shown(&self) -> String {
        HostKey::parse(&self.blob).unwrap().to_string()
    }
}

struct Keys {
    ed: Key,
    other_ed: Key,
    ecdsa: Key,
    rsa: Key,
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(
        output.status.success() || output.status.code() == Some(1),
        "{command:?}: {output:?}"
    );
    output
}

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let make = |name: &str, options: &[&str]| {
            let path = dir.path().join(name);
            run(Command::new("ssh-keygen")
                .args(["-q", "-N", "", "-C", "", "-f"])
                .arg(&path)
                .args(options));
            let public = std::fs::read_to_string(path.with_extension("pub")).unwrap();
            let mut fields = public.split_whitespace();
            let (kind, blob) = (fields.next().unwrap(), fields.next().unwrap());
            Key {
                text: format!("{kind} {blob}"),
                blob: STANDARD.decode(blob).unwrap(),
            }
        };
        Keys {
            ed: make("ed", &["-t", "ed25519"]),
            other_ed: make("other", &["-t", "ed25519"]),
            ecdsa: make("ec", &["-t", "ecdsa"]),
            rsa: make("rsa", &["-t", "rsa", "-b", "2048"]),
        }
    })
}

/// Numbers of the lines OpenSSH finds for a name.
fn openssh_finds(file: &Path, name: &str) -> Vec<usize> {
    let output = run(Command::new("ssh-keygen")
        .args(["-F", name, "-f"])
        .arg(file));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| {
            let number = line.split_once(" found: line ")?.1;
            number.split_whitespace().next()?.parse().ok()
        })
        .collect()
}

fn we_find(file: &Path, name: &str) -> Vec<usize> {
    let content = std::fs::read(file).unwrap();
    known_hosts::lines(&content)
        .filter_map(|(number, line)| match known_hosts::parse(line) {
            // `ssh-keygen -F` does not read keys, so it finds damaged lines too.
            Line::Entry(Entry { hosts, .. }) | Line::Damaged { hosts, .. } => {
                known_hosts::covers(hosts, name).then_some(number)
            }
            _ => None,
        })
        .collect()
}

struct Fixture {
    dir: tempfile::TempDir,
}

impl Fixture {
    fn new(known_hosts: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("known_hosts"), known_hosts).unwrap();
        Self { dir }
    }

    fn file(&self) -> std::path::PathBuf {
        self.dir.path().join("known_hosts")
    }

    fn store(&self, policy: TrustPolicy) -> TrustStore {
        TrustStore::open(self.dir.path(), policy)
    }

    fn content(&self) -> String {
        std::fs::read_to_string(self.file()).unwrap()
    }

    /// The kind of the refusal under `policy`, if it is refused.
    fn refusal(&self, policy: TrustPolicy, host: &str, port: u16, key: &Key) -> Option<ErrorKind> {
        self.store(policy)
            .host_key_check(host, port)
            .check(&key.blob)
            .err()
            .map(|e| e.kind())
    }
}

const STRICT: TrustPolicy = TrustPolicy::Strict;
const ACCEPT: TrustPolicy = TrustPolicy::AcceptNew;

#[test]
fn matching_agrees_with_openssh() {
    let k = keys();
    let lines = [
        format!("plain {}", k.ed.text),
        format!("UPPER.Case {} comment here", k.ed.text),
        format!("a.example,b.example,10.1.2.3 {}", k.ed.text),
        format!("[plain]:2222 {}", k.other_ed.text),
        format!("[multi]:22 {}", k.ed.text),
        format!("*.wild.example,!bad.wild.example {}", k.ecdsa.text),
        format!("!first.wild2,*.wild2 {}", k.ecdsa.text),
        format!("10.0.?.1 {}", k.rsa.text),
        format!("@revoked *.wild.example {}", k.rsa.text),
        format!("@cert-authority *.wild.example {}", k.ed.text),
        "# plain ssh-ed25519 AAAA".to_owned(),
        String::new(),
        format!("  \tindented\t{}", k.ed.text),
        "damaged ssh-ed25519 AAAAC3Nz".to_owned(),
        format!("mismatch ssh-rsa {}", k.ed.text.split(' ').nth(1).unwrap()),
        format!("[*]:2200 {}", k.ed.text),
        format!("::1,[fe80::1%eth0]:2022 {}", k.ed.text),
        format!("crlf {}\r", k.ed.text),
    ];
    let fixture = Fixture::new(&(lines.join("\n") + "\n"));
    let names = [
        "plain",
        "upper.case",
        "a.example",
        "b.example",
        "10.1.2.3",
        "[plain]:2222",
        "[plain]:2223",
        "multi",
        "[multi]:22",
        "x.wild.example",
        "bad.wild.example",
        "wild.example",
        "first.wild2",
        "second.wild2",
        "10.0.7.1",
        "10.0.77.1",
        "indented",
        "damaged",
        "mismatch",
        "[any]:2200",
        "[plain]:2200",
        "::1",
        "[fe80::1%eth0]:2022",
        "crlf",
        "nobody",
    ];
    let compare = |stage: &str| {
        let mut found = 0;
        for name in names {
            let ours = we_find(&fixture.file(), name);
            let theirs = openssh_finds(&fixture.file(), name);
            assert_eq!(ours, theirs, "{stage}: {name}\n{}", fixture.content());
            found += ours.len();
        }
        assert!(found >= 10, "{stage}: hardly anything was found");
    };
    compare("plain");
    run(Command::new("ssh-keygen")
        .arg("-H")
        .arg("-f")
        .arg(fixture.file()));
    assert!(fixture.content().contains("|1|"));
    compare("hashed");
}

#[test]
fn fingerprints_agree_with_openssh() {
    let k = keys();
    let fixture = Fixture::new(&format!("h {}\nh {}\n", k.ed.text, k.rsa.text));
    let output = run(Command::new("ssh-keygen").arg("-lf").arg(fixture.file()));
    let theirs = String::from_utf8(output.stdout).unwrap();
    let records = fixture.store(STRICT).records().unwrap();
    assert_eq!(records.len(), 2);
    for record in records {
        assert!(theirs.contains(&record.fingerprint), "{record:?}\n{theirs}");
    }
}

#[test]
fn first_contact_is_refused_or_recorded() {
    let k = keys();
    let fixture = Fixture::new("");
    let error = fixture
        .store(STRICT)
        .host_key_check("Host.Example", 2222)
        .check(&k.ed.blob)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HostUnknown);
    assert_eq!(error.context("presented"), Some(k.ed.shown().as_str()));
    let file = error.context("file").unwrap();
    assert!(error.message().contains(&format!("add its line to {file}")));
    assert_eq!(fixture.content(), "");

    assert_eq!(fixture.refusal(ACCEPT, "Host.Example", 2222, &k.ed), None);
    assert_eq!(fixture.refusal(ACCEPT, "plain.example", 22, &k.rsa), None);
    assert_eq!(
        fixture.content(),
        format!(
            "[host.example]:2222 {}\nplain.example {}\n",
            k.ed.text, k.rsa.text
        )
    );
    assert_eq!(fixture.refusal(STRICT, "HOST.example", 2222, &k.ed), None);
    assert_eq!(openssh_finds(&fixture.file(), "[host.example]:2222"), [1]);
    assert_eq!(openssh_finds(&fixture.file(), "plain.example"), [2]);
}

#[test]
fn another_key_is_refused_with_both_fingerprints() {
    let k = keys();
    let line = format!("a,h,b {}\n", k.ed.text);
    let fixture = Fixture::new(&format!("# mine\n{line}"));
    for (policy, presented) in [
        (STRICT, &k.other_ed),
        (ACCEPT, &k.other_ed),
        (ACCEPT, &k.rsa),
    ] {
        let error = fixture
            .store(policy)
            .host_key_check("h", 22)
            .check(&presented.blob)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HostChanged);
        assert_eq!(error.context("expected"), Some(k.ed.shown().as_str()));
        assert_eq!(error.context("presented"), Some(presented.shown().as_str()));
        assert_eq!(error.context("line"), Some("2"));
        let place = format!("line 2 of {}", fixture.file().display());
        assert!(error.message().contains(&place), "{error}");
    }
    assert_eq!(fixture.content(), format!("# mine\n{line}"));
}

#[test]
fn several_keys_of_one_host_are_all_good() {
    let k = keys();
    let fixture = Fixture::new(&format!(
        "h {}\nh {}\nh {}\n",
        k.ed.text, k.rsa.text, k.ecdsa.text
    ));
    for key in [&k.ed, &k.rsa, &k.ecdsa] {
        assert_eq!(fixture.refusal(STRICT, "h", 22, key), None);
    }
    let changed = fixture.refusal(ACCEPT, "h", 22, &k.other_ed);
    assert_eq!(changed, Some(ErrorKind::HostChanged));
}

#[test]
fn a_revoked_key_is_refused_wherever_it_stands() {
    let k = keys();
    for content in [
        format!("@revoked h {0}\nh {0}\n", k.ed.text),
        format!("h {0}\n@revoked * {0}\n", k.ed.text),
        format!("@revoked h {}\n", k.ed.text),
    ] {
        let fixture = Fixture::new(&content);
        for port in [22, 2222] {
            assert_eq!(
                fixture.refusal(ACCEPT, "h", port, &k.ed),
                Some(ErrorKind::HostRevoked),
                "{content} {port}"
            );
        }
        // Another host's key, or another key of this host, is not revoked by it.
        assert_eq!(fixture.content(), content);
    }
    let fixture = Fixture::new(&format!("@revoked h {}\n", k.ed.text));
    assert_eq!(fixture.refusal(ACCEPT, "h", 22, &k.rsa), None);
    assert_eq!(fixture.refusal(ACCEPT, "i", 22, &k.ed), None);
}

#[test]
fn an_authority_is_not_the_hosts_key() {
    let k = keys();
    let fixture = Fixture::new(&format!("@cert-authority * {}\n", k.ed.text));
    let unknown = Some(ErrorKind::HostUnknown);
    assert_eq!(fixture.refusal(STRICT, "h", 22, &k.ed), unknown);
    assert_eq!(fixture.refusal(STRICT, "h", 22, &k.rsa), unknown);
}

#[test]
fn the_key_of_port_22_is_good_on_a_port_nothing_is_on_record_of() {
    let k = keys();
    let fixture = Fixture::new(&format!("h {}\n[h]:2222 {}\n", k.ed.text, k.rsa.text));
    assert_eq!(fixture.refusal(STRICT, "h", 2200, &k.ed), None);
    assert_eq!(
        fixture.refusal(STRICT, "h", 2200, &k.rsa),
        Some(ErrorKind::HostUnknown)
    );
    assert_eq!(
        fixture.refusal(ACCEPT, "h", 2222, &k.ed),
        Some(ErrorKind::HostChanged)
    );
    assert_eq!(
        fixture.refusal(ACCEPT, "h", 22, &k.rsa),
        Some(ErrorKind::HostChanged)
    );
}

#[test]
fn a_damaged_line_about_the_host_is_not_a_first_contact() {
    let k = keys();
    let store = Some(ErrorKind::TrustStore);
    for (content, expected) in [
        ("h ssh-ed25519 AAAA\n".to_owned(), store),
        ("h\n".to_owned(), store),
        ("*,!x ssh-ed25519 AAAA\n".to_owned(), store),
        ("x ssh-ed25519 AAAA\n".to_owned(), None),
        ("h 1024 35 1234567 old\n".to_owned(), None),
        (format!("h ssh-ed25519 AAAA\nh {}\n", k.ed.text), None),
        (format!("@revoked h AAAA\nh {}\n", k.ed.text), store),
        (format!("@news h {0}\nh {0}\n", k.ed.text), store),
        (format!("@cert-authority h AAAA\nh {}\n", k.ed.text), None),
        (format!("\0\0\0\0\nh {}\n", k.ed.text), store),
    ] {
        let fixture = Fixture::new(&content);
        assert_eq!(
            fixture.refusal(ACCEPT, "h", 22, &k.ed),
            expected,
            "{content:?}"
        );
    }
}

#[test]
fn what_cannot_be_read_trusts_nobody() {
    let k = keys();
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("known_hosts")).unwrap();
    let store = TrustStore::open(dir.path(), ACCEPT);
    let error = store.host_key_check("h", 22).check(&k.ed.blob).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TrustStore);
    assert_eq!(store.records().unwrap_err().kind(), ErrorKind::TrustStore);
}

#[test]
fn types_on_record_are_offered_first() {
    let k = keys();
    let fixture = Fixture::new(&format!(
        "h {}\n@revoked h {}\nw {}\n",
        k.rsa.text, k.ecdsa.text, k.ecdsa.text
    ));
    let store = fixture.store(ACCEPT);
    let first = |host: &str, port: u16| {
        let all = store.host_key_check(host, port).preferred_algorithms();
        assert_eq!(all.len(), 6, "{all:?}");
        all.into_iter().take(2).collect::<Vec<_>>()
    };
    assert_eq!(first("h", 22), ["rsa-sha2-512", "rsa-sha2-256"]);
    assert_eq!(first("h", 2222), ["rsa-sha2-512", "rsa-sha2-256"]);
    assert_eq!(first("w", 22), ["ecdsa-sha2-nistp256", "ssh-ed25519"]);
    assert_eq!(first("x", 22), ["ssh-ed25519", "ecdsa-sha2-nistp256"]);
}

#[test]
fn a_pattern_is_no_host_name() {
    let store = TrustStore::in_memory(ACCEPT);
    let error = store
        .host_key_check("*.example.com", 22)
        .check(&keys().ed.blob)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(store.records().unwrap().is_empty());
}

#[test]
fn a_forgotten_host_may_come_back_with_another_key() {
    let k = keys();
    let fixture = Fixture::new(&format!(
        "# kept\nh,other {0}\nx {0}\nh {1}\n@revoked h {2}\n[h]:2222 {0}\n",
        k.ed.text, k.rsa.text, k.ecdsa.text
    ));
    let store = fixture.store(ACCEPT);
    store
        .check_certificate(
            "h",
            22,
            b"leaf",
            Err(Objection::NoAuthority("self-signed".to_owned())),
        )
        .unwrap();
    assert_eq!(store.records().unwrap().len(), 6);
    assert_eq!(store.forget("H", 22).unwrap(), 3);
    assert_eq!(
        fixture.content(),
        format!(
            "# kept\nother {0}\nx {0}\n@revoked h {1}\n[h]:2222 {0}\n",
            k.ed.text, k.ecdsa.text
        )
    );
    assert_eq!(store.forget("h", 22).unwrap(), 0);
    assert_eq!(fixture.refusal(ACCEPT, "h", 22, &k.other_ed), None);
    assert_eq!(
        fixture.refusal(ACCEPT, "other", 22, &k.other_ed),
        Some(ErrorKind::HostChanged)
    );

    run(Command::new("ssh-keygen")
        .arg("-H")
        .arg("-f")
        .arg(fixture.file()));
    assert_eq!(store.forget("x", 22).unwrap(), 1);
    assert_eq!(openssh_finds(&fixture.file(), "x"), Vec::<usize>::new());
    assert_eq!(openssh_finds(&fixture.file(), "other").len(), 1);
}

#[test]
fn of_two_first_contacts_with_different_keys_one_loses() {
    let k = keys();
    let dir = tempfile::tempdir().unwrap();
    for round in 0..30 {
        let host = format!("h{round}");
        // Stores of their own: as two processes, they share the lock file only.
        let accepted: Vec<bool> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|i| {
                    let key = if i % 2 == 0 { &k.ed } else { &k.other_ed };
                    let store = TrustStore::open(dir.path().join("new"), ACCEPT);
                    let host = &host;
                    scope.spawn(move || store.host_key_check(host, 22).check(&key.blob).is_ok())
                })
                .collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        let even = accepted.iter().step_by(2).filter(|ok| **ok).count();
        let odd = accepted.iter().skip(1).step_by(2).filter(|ok| **ok).count();
        assert!(
            (even == 4 && odd == 0) || (even == 0 && odd == 4),
            "{accepted:?}"
        );
    }
    let content = std::fs::read_to_string(dir.path().join("new/known_hosts")).unwrap();
    assert_eq!(content.lines().count(), 30, "{content}");
}

#[test]
fn memory_serialises_first_contacts_too() {
    let k = keys();
    let store = TrustStore::in_memory(ACCEPT);
    let accepted = std::thread::scope(|scope| {
        let threads: Vec<_> = [&k.ed, &k.other_ed]
            .into_iter()
            .map(|key| {
                let check = store.host_key_check("h", 22);
                scope.spawn(move || check.check(&key.blob).is_ok())
            })
            .collect();
        threads
            .into_iter()
            .map(|t| t.join().unwrap())
            .filter(|ok| *ok)
            .count()
    });
    assert_eq!(accepted, 1);
    assert_eq!(store.records().unwrap().len(), 1);
}
