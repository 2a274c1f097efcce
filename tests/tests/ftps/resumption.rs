//! Data connections resume the control connection's TLS session: fifty transfers of each kind
//! in a row on every server with its defaults, and servers where resumption fails.

use crate::Login;
use connection_core::ErrorKind;
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::wait::PATIENCE;
use connection_tests::{FtpServer, ProFtpd, PureFtpd, Pyftpdlib, Tls, Vsftpd, eventually};

const TIMES: usize = 50;
/// What the servers' logs say of a refused data connection.
const REFUSED: &str = "522 SSL connection failed";

/// Uploads, downloads and listings, each kind in a row, with their content.
async fn fifty_of_each(server: &dyn FtpServer) {
    let login = Login::new(server).await;
    for turn in 0..TIMES {
        let data = format!("upload {turn}").repeat(turn * turn);
        let outcome = login.put(&format!("up-{turn}"), data.as_bytes()).await;
        outcome.unwrap_or_else(|error| panic!("upload {turn}: {error:?}\n{}", server.log()));
    }
    for turn in 0..TIMES {
        let data = format!("upload {turn}").repeat(turn * turn);
        let there = std::fs::read(server.home().join(format!("up-{turn}"))).unwrap();
        assert!(there == data.as_bytes(), "upload {turn} holds other bytes");
        let outcome = login.get(&format!("up-{turn}")).await;
        let got =
            outcome.unwrap_or_else(|error| panic!("download {turn}: {error:?}\n{}", server.log()));
        assert!(got == data.as_bytes(), "download {turn} holds other bytes");
    }
    for turn in 0..TIMES {
        let outcome = login.list("").await;
        let names =
            outcome.unwrap_or_else(|error| panic!("listing {turn}: {error:?}\n{}", server.log()));
        assert_eq!(names.len(), TIMES, "{names:?}");
    }
    login.close().await;
}

/// One test: its name, the server, and what its log says of a data connection that resumed
/// the session, and of one that did not.
macro_rules! fifty {
    ($test:ident, $server:expr, $resumed:expr, $anew:expr) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            let server = $server;
            fifty_of_each(&server).await;
            let count = |what: &str| server.log().matches(what).count();
            eventually(PATIENCE, "all have resumed", || {
                count($resumed) >= 3 * TIMES
            });
            assert_eq!(count($anew), 0, "{}", server.log());
        }
    };
}

fn vsftpd(tls: Tls) -> Vsftpd {
    Vsftpd::builder().tls(tls).session_reuse(true).start()
}

fifty!(on_vsftpd, vsftpd(Tls::Required), ", reused", REFUSED);
fifty!(
    on_vsftpd_implicit,
    vsftpd(Tls::Implicit),
    ", reused",
    REFUSED
);
const PROFTPD_RESUMED: &str = "client reused TLS session for data connection";
fifty!(
    on_proftpd,
    ProFtpd::builder().tls(Tls::Required).start(),
    PROFTPD_RESUMED,
    "client did not reuse"
);
fifty!(
    on_proftpd_implicit,
    ProFtpd::builder().tls(Tls::Implicit).start(),
    PROFTPD_RESUMED,
    "client did not reuse"
);
fifty!(
    on_proftpd_in_tls_12,
    ProFtpd::builder()
        .tls(Tls::Required)
        .line("TLSProtocol TLSv1.2")
        .start(),
    PROFTPD_RESUMED,
    "client did not reuse"
);
// Pure-FTPd does not say which connections resumed.
fifty!(
    on_pure_ftpd,
    PureFtpd::builder().tls(Tls::Required).start(),
    "TLS: Enabled",
    "TLS error"
);
const PYFTPDLIB_13: &str = "data connection in TLSv1.3, resumed";
fifty!(
    on_pyftpdlib,
    Pyftpdlib::builder().tls(Tls::Required).start(),
    PYFTPDLIB_13,
    "not resumed"
);
fifty!(
    on_pyftpdlib_implicit,
    Pyftpdlib::builder().tls(Tls::Implicit).start(),
    PYFTPDLIB_13,
    "not resumed"
);
fifty!(
    on_pyftpdlib_in_tls_12,
    Pyftpdlib::builder()
        .tls(Tls::Required)
        .tls_versions("TLS1_2_VERSION", "TLS1_2_VERSION")
        .start(),
    "data connection in TLSv1.2, resumed",
    "not resumed"
);
fifty!(
    on_pyftpdlib_in_tls_13,
    Pyftpdlib::builder()
        .tls(Tls::Required)
        .tls_versions("TLS1_3_VERSION", "TLS1_3_VERSION")
        .start(),
    PYFTPDLIB_13,
    "not resumed"
);

/// A server where resumption holds in TLS 1.2 alone.
fn only_in_tls_12() -> Pyftpdlib {
    Pyftpdlib::builder()
        .tls(Tls::Required)
        .require_resumption_in(&["TLSv1.2"])
        .start()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_tls_13_does_not_hold_nobody_notices() {
    let server = only_in_tls_12();
    fifty_of_each(&server).await;
    let refused = |log: &str| log.matches(REFUSED).count();
    assert_eq!(refused(&server.log()), 1, "{}", server.log());
    assert!(
        server.log().matches("in TLSv1.2, resumed").count() >= 3 * TIMES,
        "{}",
        server.log()
    );
    // The next login knows.
    let login = Login::new(&server).await;
    login.put("again", b"x").await.unwrap();
    assert_eq!(refused(&server.log()), 1, "{}", server.log());
    login.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_command_is_repeated_where_it_was() {
    let server = only_in_tls_12();
    server.write_file("below/deep", "x");
    let login = Login::new(&server).await;
    // The listing changes to the directory first.
    assert_eq!(login.list("below").await.unwrap(), ["deep"]);
    assert_eq!(server.log().matches(REFUSED).count(), 1, "{}", server.log());
    login.close().await;

    let server = only_in_tls_12();
    server.write_file("file", "0123456789");
    let login = Login::new(&server).await;
    assert_eq!(login.get_from("file", 4).await.unwrap(), b"456789");
    login.append("file", 10, b"ab").await.unwrap();
    let held = std::fs::read(server.home().join("file")).unwrap();
    assert_eq!(held, b"0123456789ab");
    assert_eq!(server.log().matches(REFUSED).count(), 1, "{}", server.log());
    login.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_allows_one_connection_gets_one_after_the_other() {
    for _ in 0..5 {
        let server = Pyftpdlib::builder()
            .tls(Tls::Required)
            .require_resumption_in(&["TLSv1.2"])
            .max_connections(1)
            .start();
        let login = Login::new(&server).await;
        login.put("file", b"x").await.unwrap();
        assert_eq!(login.get("file").await.unwrap(), b"x");
        login.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_the_server_forgot_are_replaced() {
    let server = Pyftpdlib::builder()
        .tls(Tls::Required)
        .require_resumption_in(&["TLSv1.2", "TLSv1.3"])
        .forget_sessions_after(60)
        .start();
    fifty_of_each(&server).await;
    let log = server.log();
    assert_eq!(log.matches(REFUSED).count(), 1, "{log}");
    assert_eq!(log.matches("in TLSv1.2").count(), 0, "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_takes_sessions_it_has_not_kept_is_served_all_the_same() {
    let server = Pyftpdlib::builder()
        .tls(Tls::Required)
        .forget_sessions_after(60)
        .start();
    fifty_of_each(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_never_content_is_named() {
    for versions in [
        ("TLS1_2_VERSION", "TLS1_3_VERSION"),
        ("TLS1_3_VERSION", "TLS1_3_VERSION"),
        ("TLS1_2_VERSION", "TLS1_2_VERSION"),
    ] {
        let server = Pyftpdlib::builder()
            .tls(Tls::Required)
            .tls_versions(versions.0, versions.1)
            .require_resumption_in(&[])
            .start();
        let login = Login::new(&server).await;
        for _ in 0..2 {
            let error = login.put("file", b"x").await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error:?}");
            assert_eq!(
                error.message(),
                "522 SSL connection failed: session reuse required."
            );
        }
        login.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_transfers_resume_their_own_sessions() {
    let server = vsftpd(Tls::Required);
    let trust = TrustStore::in_memory(TrustPolicy::AcceptNew);
    let login = Login::open(&(&server as &dyn FtpServer).target(), trust)
        .await
        .unwrap();
    let puts = (0..40).map(|turn| {
        let login = &login;
        async move {
            let data = vec![turn; 5000];
            login.put(&format!("p-{turn}"), &data).await
        }
    });
    for outcome in futures::future::join_all(puts).await {
        outcome.unwrap_or_else(|error| panic!("{error:?}\n{}", server.log()));
    }
    assert_eq!(server.log().matches(REFUSED).count(), 0, "{}", server.log());
    login.close().await;
}
