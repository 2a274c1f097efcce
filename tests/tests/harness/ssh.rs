//! sshd and its variants, seen by the OpenSSH client and paramiko.

use std::fs::{self, Permissions};
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use connection_tests::{HostKeys, KeyFormat, KeyKind, Sshd, UserKey, eventually};

use crate::{printed, python};

const SOON: Duration = Duration::from_secs(60);

/// The OpenSSH client, logging in by key and trusting exactly the server's host keys.
fn client(program: &str, sshd: &Sshd, key: &UserKey) -> Command {
    let known_hosts = sshd.dir().join("known_hosts");
    fs::write(&known_hosts, sshd.known_hosts()).unwrap();
    let mut command = Command::new(program);
    command.args([
        "-F",
        "none",
        "-o",
        "BatchMode=yes",
        "-o",
        "IdentitiesOnly=yes",
    ]);
    command.arg("-i").arg(key.path());
    command
        .arg("-o")
        .arg(format!("UserKnownHostsFile={}", known_hosts.display()));
    command.arg("-o").arg(format!("Port={}", sshd.port()));
    command.stdin(Stdio::null());
    command
}

fn target(sshd: &Sshd) -> String {
    format!("{}@{}", sshd.user(), sshd.host())
}

fn execute(sshd: &Sshd, key: &UserKey, script: &str) -> Output {
    client("ssh", sshd, key)
        .arg(target(sshd))
        .arg(script)
        .output()
        .unwrap()
}

/// A connection that stays until it is killed.
fn long_login(sshd: &Sshd) -> Child {
    client("ssh", sshd, sshd.key())
        .arg(target(sshd))
        .arg("echo ready; sleep 600")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Logs in with paramiko by `method` (`password` or `interactive`) and prints `whoami`'s answer.
fn paramiko(sshd: &Sshd, method: &str, password: &str) -> Output {
    let script = r#"
import sys, paramiko
port, user, password, method = sys.argv[1:]
transport = paramiko.Transport(("127.0.0.1", int(port)))
transport.start_client(timeout=60)
if method == "password":
    transport.auth_password(user, password, fallback=False)
else:
    transport.auth_interactive(user, lambda title, text, prompts: [password for _ in prompts])
channel = transport.open_session()
channel.exec_command("whoami")
print(channel.makefile().read().decode().strip())
transport.close()
"#;
    python(
        script,
        &[&sshd.port().to_string(), sshd.user(), password, method],
    )
}

#[test]
fn a_key_logs_in_as_a_user_whose_home_is_the_tests() {
    let sshd = Sshd::start();
    sshd.write_file("dir/a.txt", "hello");
    let answer = printed(&execute(&sshd, sshd.key(), "whoami; pwd; cat dir/a.txt"));
    assert_eq!(
        answer,
        format!("{}\n{}\nhello", sshd.user(), sshd.home().display())
    );
    assert!(sshd.log().contains("Accepted publickey"), "{}", sshd.log());
}

#[test]
fn permission_bits_count_for_the_login_user() {
    let sshd = Sshd::start();
    assert!(sshd.unprivileged() && sshd.uid() != 0);
    let secret = sshd.write_file("secret", "x");
    fs::set_permissions(&secret, Permissions::from_mode(0o000)).unwrap();
    let output = execute(&sshd, sshd.key(), "cat secret");
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("Permission denied"),
        "{output:?}"
    );
    printed(&execute(&sshd, sshd.key(), "touch mine"));
    assert_eq!(
        Some(fs::metadata(sshd.home().join("mine")).unwrap().uid()),
        Some(sshd.uid())
    );
}

#[test]
fn the_machines_account_files_are_untouched() {
    let before = fs::read("/etc/passwd").unwrap();
    let sshd = Sshd::start();
    printed(&execute(&sshd, sshd.key(), "true"));
    assert_eq!(fs::read("/etc/passwd").unwrap(), before);
    assert!(!String::from_utf8_lossy(&before).contains(&format!("{}:", sshd.user())));
}

#[test]
fn every_key_type_and_format_logs_in() {
    let sshd = Sshd::builder().key_only().start();
    for kind in KeyKind::ALL {
        for format in KeyFormat::ALL
            .into_iter()
            .filter(|format| format.holds(kind))
        {
            let key = sshd.add_key(kind, format, None);
            let output = execute(&sshd, &key, "echo in");
            // The client reads PKCS#8 of Ed25519 in newer versions only; openssl wrote it.
            if kind == KeyKind::Ed25519 && format == KeyFormat::Pkcs8 && !output.status.success() {
                assert!(
                    key.private_text()
                        .starts_with("-----BEGIN PRIVATE KEY-----")
                );
                continue;
            }
            assert_eq!(printed(&output), "in", "{kind:?} {format:?}");
        }
    }
}

#[test]
fn a_passphrase_is_needed_for_an_encrypted_key_of_every_type_and_format() {
    let dir = tempfile::tempdir().unwrap();
    for kind in KeyKind::ALL {
        for format in KeyFormat::ALL
            .into_iter()
            .filter(|format| format.holds(kind))
        {
            let key = UserKey::generate(dir.path(), kind, format, Some("open sesame"));
            let public = |passphrase: &str| {
                // openssl reads what OpenSSH does not, and the reverse.
                let (program, args): (_, &[&str]) = match format {
                    KeyFormat::Pkcs8 => ("openssl", &["pkey", "-noout", "-passin"]),
                    _ => ("ssh-keygen", &["-y", "-P"]),
                };
                let mut command = Command::new(program);
                command.args(args);
                match format {
                    KeyFormat::Pkcs8 => command.arg(format!("pass:{passphrase}")).arg("-in"),
                    _ => command.args([passphrase, "-f"]),
                };
                command.arg(key.path()).output().unwrap()
            };
            assert!(
                public("open sesame").status.success(),
                "{kind:?} {format:?}"
            );
            assert!(!public("wrong").status.success(), "{kind:?} {format:?}");
        }
    }
}

#[test]
fn a_strangers_key_is_refused() {
    let sshd = Sshd::start();
    let key = sshd.stranger_key(KeyKind::Ed25519, KeyFormat::OpenSsh, None);
    assert_eq!(execute(&sshd, &key, "true").status.code(), Some(255));
}

#[test]
fn the_password_logs_in_and_another_does_not() {
    let sshd = Sshd::builder().password_only().start();
    assert_eq!(
        printed(&paramiko(&sshd, "password", sshd.password())),
        sshd.user()
    );
    assert!(!paramiko(&sshd, "password", "wrong").status.success());
    assert_eq!(execute(&sshd, sshd.key(), "true").status.code(), Some(255));
}

#[test]
fn keyboard_interactive_asks_for_the_password() {
    let sshd = Sshd::builder().keyboard_interactive_only().start();
    assert_eq!(
        printed(&paramiko(&sshd, "interactive", sshd.password())),
        sshd.user()
    );
    assert!(!paramiko(&sshd, "interactive", "wrong").status.success());
    assert!(
        !paramiko(&sshd, "password", sshd.password())
            .status
            .success()
    );
}

/// Runs `pwd` in the sftp client.
fn sftp(sshd: &Sshd) -> Output {
    let mut command = client("sftp", sshd, sshd.key());
    let batch = sshd.dir().join("batch");
    fs::write(&batch, "pwd\n").unwrap();
    command
        .arg("-b")
        .arg(batch)
        .arg(target(sshd))
        .output()
        .unwrap()
}

#[test]
fn sftp_is_internal_external_or_absent() {
    use connection_tests::Sftp;
    for choice in [Sftp::Internal, Sftp::External] {
        let sshd = Sshd::builder().sftp(choice).start();
        let answer = printed(&sftp(&sshd));
        assert!(answer.ends_with(sshd.home().to_str().unwrap()), "{answer}");
    }
    let sshd = Sshd::builder().no_sftp().start();
    assert!(!sftp(&sshd).status.success());
    printed(&execute(&sshd, sshd.key(), "true"));
}

#[test]
fn a_forced_sftp_runs_no_command() {
    let sshd = Sshd::builder().force_sftp().start();
    printed(&sftp(&sshd));
    let output = execute(&sshd, sshd.key(), "echo ran");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("ran"));
}

#[test]
fn lines_of_the_builder_win() {
    let sshd = Sshd::builder()
        .max_sessions(1)
        .line("RekeyLimit 1M")
        .line("LogLevel DEBUG1")
        .start();
    printed(&execute(&sshd, sshd.key(), "true"));
    assert!(sshd.log().contains("debug1"), "{}", sshd.log());
}

#[test]
fn a_restart_keeps_the_port_and_changes_the_host_key() {
    let sshd = Sshd::start();
    let (port, before) = (sshd.port(), sshd.host_fingerprint(KeyKind::Ed25519));
    sshd.restart_with(HostKeys::usual());
    assert_eq!(sshd.port(), port);
    assert_ne!(sshd.host_fingerprint(KeyKind::Ed25519), before);
    printed(&execute(&sshd, sshd.key(), "true"));
    sshd.restart_with(HostKeys::new(&[KeyKind::Rsa]));
    assert!(
        sshd.host_public_lines()
            .iter()
            .all(|line| line.starts_with("ssh-rsa "))
    );
    printed(&execute(&sshd, sshd.key(), "true"));
}

#[test]
fn connections_are_counted_paused_and_killed() {
    let sshd = Sshd::start();
    assert_eq!(sshd.connections(), 0);
    let mut clients = [long_login(&sshd), long_login(&sshd)];
    eventually(SOON, "two sessions", || sshd.connections() == 2);
    assert_eq!(sshd.open_sockets(), 2);
    eventually(SOON, "both logged in", || {
        sshd.log().matches("Accepted publickey").count() == 2
    });

    sshd.pause();
    TcpStream::connect(sshd.addr()).unwrap();
    assert_eq!(sshd.connections(), 2);
    assert!(sshd.running());
    sshd.resume();
    printed(&execute(&sshd, sshd.key(), "true"));

    sshd.kill_connections();
    for client in &mut clients {
        assert_eq!(client.wait().unwrap().code(), Some(255));
    }
    eventually(SOON, "no session", || sshd.connections() == 0);
    printed(&execute(&sshd, sshd.key(), "true"));
}

#[test]
fn a_dropped_server_is_gone_with_its_sessions() {
    let sshd = Sshd::start();
    let mut client = long_login(&sshd);
    eventually(SOON, "a session", || sshd.connections() == 1);
    let (addr, dir) = (sshd.addr(), sshd.dir().to_owned());
    drop(sshd);
    assert!(TcpStream::connect(addr).is_err());
    assert_eq!(client.wait().unwrap().code(), Some(255));
    assert!(!dir.exists());
    assert_eq!(processes_mentioning(dir.to_str().unwrap()), 0);
}

#[test]
fn a_stopped_server_refuses_and_restarts() {
    let sshd = Sshd::start();
    sshd.stop();
    assert!(!sshd.running());
    assert!(TcpStream::connect(sshd.addr()).is_err());
    sshd.restart();
    printed(&execute(&sshd, sshd.key(), "true"));
}

fn processes_mentioning(word: &str) -> usize {
    fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
        .filter(|line| String::from_utf8_lossy(line).contains(word))
        .count()
}
