//! Whom an FTPS login trusts: authorities, and what is on record, under both policies.

use crate::Login;
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_core::{Error, ErrorKind};
use connection_tests::manager::{self, Manager, ManagerBuilder};
use connection_tests::servers::certs::LOOPBACK_NAMES;
use connection_tests::{Authority, FtpServer, ProFtpd, PureFtpd, Pyftpdlib, Tls, Vsftpd};
use std::path::Path;

const MONTH: i32 = 30;

async fn open(server: &dyn FtpServer, directory: &Path, policy: TrustPolicy) -> Result<(), Error> {
    // Read anew, as by a program that was started again.
    let trust = TrustStore::open(directory, policy);
    let login = Login::open(&server.target(), trust).await?;
    // The data connection too.
    login.list("").await?;
    login.close().await;
    Ok(())
}

fn lines(directory: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(directory.join("known_certificates")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// The fingerprint of the server's certificate as errors and records write it.
fn fingerprint(server: &dyn FtpServer) -> String {
    format!("sha256:{}", server.cert_fingerprint_sha256())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_self_signed_certificate_is_pinned_and_a_changed_one_is_refused() {
    let servers: [Box<dyn FtpServer>; 7] = [
        Box::new(
            Vsftpd::builder()
                .tls(Tls::Required)
                .session_reuse(true)
                .start(),
        ),
        Box::new(
            Vsftpd::builder()
                .tls(Tls::Implicit)
                .session_reuse(true)
                .start(),
        ),
        Box::new(ProFtpd::builder().tls(Tls::Required).start()),
        Box::new(ProFtpd::builder().tls(Tls::Implicit).start()),
        Box::new(PureFtpd::builder().tls(Tls::Required).start()),
        Box::new(Pyftpdlib::builder().tls(Tls::Required).start()),
        Box::new(Pyftpdlib::builder().tls(Tls::Implicit).start()),
    ];
    for server in servers {
        let server = server.as_ref();
        let directory = tempfile::tempdir().unwrap();
        let directory = directory.path();
        let first = fingerprint(server);

        let error = open(server, directory, TrustPolicy::Strict)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HostUnknown, "{error:?}");
        assert_eq!(error.context("presented"), Some(first.as_str()));
        assert!(lines(directory).is_empty());
        assert!(!server.log().contains("USER"), "{}", server.log());

        open(server, directory, TrustPolicy::AcceptNew)
            .await
            .unwrap();
        let record = format!("[127.0.0.1]:{} {first} ", server.port());
        assert!(lines(directory)[0].starts_with(&record), "{record}");
        // Its record outlives the process, and is enough for the strict policy.
        open(server, directory, TrustPolicy::Strict).await.unwrap();

        server.restart_with_new_cert();
        for policy in [TrustPolicy::Strict, TrustPolicy::AcceptNew] {
            let error = open(server, directory, policy).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::HostChanged, "{error:?}");
            assert_eq!(error.context("expected"), Some(first.as_str()));
            assert_eq!(
                error.context("presented"),
                Some(fingerprint(server).as_str())
            );
        }
        assert_eq!(lines(directory).len(), 1);

        let trust = TrustStore::open(directory, TrustPolicy::AcceptNew);
        assert_eq!(trust.forget("127.0.0.1", server.port()).unwrap(), 1);
        open(server, directory, TrustPolicy::AcceptNew)
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_are_of_one_port() {
    let directory = tempfile::tempdir().unwrap();
    let servers = [0, 1].map(|_| Pyftpdlib::builder().tls(Tls::Required).start());
    for server in &servers {
        open(server, directory.path(), TrustPolicy::AcceptNew)
            .await
            .unwrap();
    }
    assert_eq!(lines(directory.path()).len(), 2);
}

/// Our server, which knows the authority, with this policy.
fn manager(authority: &Authority, policy: &str) -> Manager {
    builder(authority).flag("--trust", policy).start()
}

fn builder(authority: &Authority) -> ManagerBuilder {
    Manager::builder().env("SSL_CERT_FILE", manager::text(&authority.path()))
}

#[test]
fn a_certificate_of_an_authority_needs_no_record_and_is_renewed_freely() {
    let authority = Authority::generate();
    let server = Vsftpd::builder()
        .tls(Tls::Required)
        .session_reuse(true)
        .start();
    let issue = || authority.issue(server.dir(), LOOPBACK_NAMES, MONTH);
    server.restart_with(issue());
    server.write_file("here", "x");
    let (strict, accepting) = (
        manager(&authority, "strict"),
        manager(&authority, "accept-new"),
    );
    for _ in 0..2 {
        for manager in [&strict, &accepting] {
            let id = manager.ftp(&server);
            let body = manager.list(&id, "/").ok();
            assert_eq!(body["files"][0]["name"], "here");
        }
        // Renewed.
        server.restart_with(issue());
    }
    assert!(lines(&strict.config_dir()).is_empty());

    // From then on nothing less will do.
    server.restart_with_new_cert();
    let answer = accepting.connect_ftp(&manager::Login::ftp(&server));
    answer.fails_with(
        400,
        "FTP connection failed: the server presented a certificate no authority vouches for \
         (self-signed certificate), and one did so far",
    );
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    let recorded = lines(&accepting.config_dir()).remove(0);
    let expected = recorded
        .split(' ')
        .nth(1)
        .unwrap()
        .replace("authority:", "");
    for fingerprint in [expected, fingerprint(&server)] {
        assert!(detail.contains(&fingerprint), "{detail}");
    }
}

#[test]
fn an_expired_or_foreign_certificate_is_refused_until_it_is_put_on_record() {
    let authority = Authority::generate();
    let server = ProFtpd::builder().tls(Tls::Required).start();
    for (names, days, objection) in [
        (LOOPBACK_NAMES, -1, "certificate has expired"),
        ("DNS:another.example", MONTH, "IP address mismatch"),
    ] {
        server.restart_with(authority.issue(server.dir(), names, days));
        for policy in ["strict", "accept-new"] {
            let manager = manager(&authority, policy);
            let answer = manager.connect_ftp(&manager::Login::ftp(&server));
            let begin = "FTP connection failed: the server's certificate is not valid here";
            answer.fails_with(400, &format!("{begin} ({objection})"));
            assert!(lines(&manager.config_dir()).is_empty());

            std::fs::create_dir_all(manager.config_dir()).unwrap();
            let pin = format!("[127.0.0.1]:{} {}\n", server.port(), fingerprint(&server));
            std::fs::write(manager.config_dir().join("known_certificates"), pin).unwrap();
            let id = manager.ftp(&server);
            manager.list(&id, "/").ok();
        }
    }
}

#[test]
fn a_changed_certificate_is_told_over_http_with_both_fingerprints() {
    let server = PureFtpd::builder().tls(Tls::Required).start();
    let manager = Manager::start();
    manager.ftp(&server);
    let expected = fingerprint(&server);
    server.restart_with_new_cert();
    let answer = manager.connect_ftp(&manager::Login::ftp(&server));
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    let tail = format!(
        "; expected: {expected}; presented: {}",
        fingerprint(&server)
    );
    assert!(detail.ends_with(&tail), "{detail}");
    answer.fails_with(
        400,
        "FTP connection failed: the server presented another certificate",
    );
}
