//! Servers that are not who they were.

use connection_tests::manager::{Login, Manager, SshWorld};
use connection_tests::{
    FtpServer, HostKeys, KeyKind, Pyftpdlib, Sshd, Tls, Vsftpd, on_both_engines,
};

on_both_engines![
    a_changed_host_key_is_refused_before_any_credential,
    a_host_key_of_another_type_is_refused_too,
    an_open_session_keeps_its_server,
    strict_refuses_the_unknown,
    the_record_outlives_the_server,
];

/// Checks that nobody tried to log in since the log was this long.
#[track_caller]
fn nobody_logged_in(sshd: &Sshd, before: usize) {
    let log = sshd.log();
    let since = &log[before..];
    assert!(
        since.contains("Connection from"),
        "it was never reached:\n{since}"
    );
    for word in [
        sshd.user(),
        "password",
        "publickey",
        "none for",
        "authenticating",
    ] {
        assert!(
            !since.contains(word),
            "{word:?} in the log of sshd:\n{since}"
        );
    }
}

fn a_changed_host_key_is_refused_before_any_credential(world: &SshWorld, engine: &str) {
    let sshd = Sshd::start();
    let kinds = [KeyKind::Ed25519, KeyKind::EcdsaP256];
    let id = world.manager.ssh(&sshd, engine);
    world.manager.close(&id).ok();
    let old = kinds.map(|kind| sshd.host_fingerprint(kind));
    sshd.restart_with(HostKeys::new(&kinds));
    let new = kinds.map(|kind| sshd.host_fingerprint(kind));
    for login in [Login::ssh(&sshd, engine), Login::key(&sshd, engine)] {
        let before = sshd.log().len();
        let answer = world.manager.connect_ssh(&login);
        let detail = answer.fails_with(400, "SSH connection failed: ");
        assert!(
            old.iter().any(|print| detail.contains(print)),
            "{detail}\nold: {old:?}"
        );
        assert!(
            new.iter().any(|print| detail.contains(print)),
            "{detail}\nnew: {new:?}"
        );
        nobody_logged_in(&sshd, before);
    }
}

fn a_host_key_of_another_type_is_refused_too(world: &SshWorld, engine: &str) {
    let sshd = Sshd::builder()
        .host_keys(HostKeys::new(&[KeyKind::Ed25519]))
        .start();
    let id = world.manager.ssh(&sshd, engine);
    world.manager.close(&id).ok();
    let old = sshd.host_fingerprint(KeyKind::Ed25519);
    sshd.restart_with(HostKeys::new(&[KeyKind::EcdsaP384]));
    let new = sshd.host_fingerprint(KeyKind::EcdsaP384);
    let before = sshd.log().len();
    let detail = world
        .manager
        .connect_ssh(&Login::ssh(&sshd, engine))
        .detail(400);
    assert!(
        detail.contains(&old) && detail.contains(&new),
        "{detail}\n{old} {new}"
    );
    nobody_logged_in(&sshd, before);
}

fn an_open_session_keeps_its_server(world: &SshWorld, engine: &str) {
    // More host keys than the one seen first are no change.
    let sshd = Sshd::start();
    for _ in 0..3 {
        let id = world.manager.ssh(&sshd, engine);
        world.manager.close(&id).ok();
    }
}

fn strict_refuses_the_unknown(_: &SshWorld, engine: &str) {
    let sshd = Sshd::start();
    let manager = Manager::builder().flag("--trust", "strict").start();
    let before = sshd.log().len();
    let answer = manager.connect_ssh(&Login::ssh(&sshd, engine));
    let detail = answer.fails_with(400, "SSH connection failed: ");
    assert!(detail.contains("SHA256:"), "{detail}");
    nobody_logged_in(&sshd, before);
    // What OpenSSH would trust is trusted.
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("config")).unwrap();
    std::fs::write(home.path().join("config/known_hosts"), sshd.known_hosts()).unwrap();
    let manager = Manager::builder()
        .home(home)
        .flag("--trust", "strict")
        .start();
    manager.ssh(&sshd, engine);
}

fn the_record_outlives_the_server(_: &SshWorld, engine: &str) {
    let sshd = Sshd::start();
    let config = tempfile::tempdir().unwrap();
    let start = || Manager::builder().config_dir(config.path()).start();
    start().ssh(&sshd, engine);
    sshd.restart_with(HostKeys::new(&[KeyKind::Ed25519]));
    let answer = start().connect_ssh(&Login::ssh(&sshd, engine));
    answer.fails_with(400, "SSH connection failed: ");
}

fn a_changed_certificate(server: &dyn FtpServer) {
    let manager = Manager::start();
    manager.ftp(server);
    manager.ftp(server);
    let old = server.cert_fingerprint_sha256();
    server.restart_with_new_cert();
    let new = server.cert_fingerprint_sha256();
    let before = server.log().len();
    let answer = manager.connect_ftp(&Login::ftp(server));
    let detail = answer.fails_with(400, "FTP connection failed: ");
    assert!(
        detail.contains(&old) && detail.contains(&new),
        "{detail}\n{old} {new}"
    );
    let log = server.log();
    assert!(!log[before..].contains(server.user()), "{log}");
}

#[test]
fn a_changed_certificate_of_vsftpd_is_refused() {
    a_changed_certificate(&Vsftpd::builder().tls(Tls::Required).start());
}

#[test]
fn a_changed_certificate_of_pyftpdlib_is_refused() {
    a_changed_certificate(&Pyftpdlib::builder().tls(Tls::Required).start());
}
