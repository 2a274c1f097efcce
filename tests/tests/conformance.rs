//! The rules of `RemoteFs`, on every backend and every server.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use connection_core::Result;
use connection_core::fs::RemoteFs;
use connection_core::path::{RemoteName, RemotePath, text_to_bytes};
use connection_core::session::{Owner, SessionId, SessionStore, StoreConfig};
use connection_core::target::{
    FtpDataMode, PrivateKeySource, SshCredentials, SshEngine, SshTarget,
};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::conformance::{self, Subject};
use connection_tests::manager::{Login, Manager};
use connection_tests::servers::ftp::FtpServer;
use connection_tests::wait::PATIENCE;
use connection_tests::{HttpFs, ProFtpd, PureFtpd, Pyftpdlib, Sftp, Sshd, Tls, Vsftpd, eventually};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const WORK: &str = "conformance";

/// Runs the suite in a session's file system, in a fresh directory of the account's home.
async fn run(
    name: &str,
    store: SessionStore,
    opened: (Owner, Result<SessionId>),
    home: (&str, &Path),
    server_breaks: &[(&'static str, &'static str)],
) {
    let (owner, id) = opened;
    let id = id.unwrap_or_else(|e| panic!("{name}: connect: {e}"));
    let session = store.get(&owner, id).expect("the session just opened");
    let base = RemotePath::parse(&text_to_bytes(home.0), &RemotePath::root()).expect("a path");
    let remote = RemotePath::parse(WORK.as_bytes(), &base).expect("a path");
    let fs = session.fs();
    fs.create_dir(&remote)
        .await
        .unwrap_or_else(|e| panic!("{name}: make {remote}: {e}"));
    conformance::run(Subject {
        name: name.to_owned(),
        fs,
        remote,
        local: home.1.join(WORK),
        server_breaks: server_breaks.to_vec(),
    })
    .await;
    drop(session);
    store.shutdown().await;
}

fn store() -> SessionStore {
    SessionStore::new(
        StoreConfig::default(),
        TrustStore::in_memory(TrustPolicy::AcceptNew),
    )
}

async fn sftp(name: &str, engine: SshEngine, sshd: &Sshd) {
    let store = store();
    let owner = Owner::new("test");
    let credentials = SshCredentials {
        key: Some(PrivateKeySource::File(sshd.key().path().to_owned())),
        ..SshCredentials::default()
    };
    let target = SshTarget::new(sshd.host(), sshd.user(), credentials)
        .expect("a target")
        .port(sshd.port())
        .engine(engine);
    let id = store.open_ssh(&owner, &target, None).await;
    let home = sshd.home().to_str().expect("a plain path").to_owned();
    run(name, store, (owner, id), (&home, sshd.home()), &[]).await;
}

/// A server that does not copy files itself.
fn without_copy_data() -> Sshd {
    let subsystem = "Subsystem sftp internal-sftp -P copy-data";
    Sshd::builder().no_sftp().line(subsystem).start()
}

async fn ftp(name: &str, server: &dyn FtpServer) {
    ftp_in(name, FtpDataMode::Passive, server).await;
}

async fn ftp_in(name: &str, mode: FtpDataMode, server: &dyn FtpServer) {
    let store = store();
    let owner = Owner::new("test");
    let target = server.target().data_mode(mode);
    let id = store.open_ftp(&owner, &target, None).await;
    let breaks = ftp_breaks(server.name());
    run(name, store, (owner, id), ("/", server.home()), breaks).await;
}

/// What no client gets out of this FTP server.
fn ftp_breaks(server: &str) -> &'static [(&'static str, &'static str)] {
    match server {
        "pure-ftpd" => &[
            (
                "a trailing space goes the whole way",
                "Pure-FTPd stores a trailing space as an underscore",
            ),
            (
                "a control character goes the whole way",
                "Pure-FTPd stores control characters as underscores",
            ),
            (
                "a backslash goes the whole way",
                "Pure-FTPd prohibits backslashes in names",
            ),
        ],
        "pyftpdlib" => &[(
            "names that are not utf-8 go the whole way",
            "pyftpdlib decodes names and loses what is not UTF-8",
        )],
        _ => &[],
    }
}

/// Runs the suite on a session of our own server, over its HTTP API.
async fn http(
    name: &str,
    manager: &Manager,
    session: &str,
    home: (&str, &Path),
    server_breaks: &[(&'static str, &'static str)],
) {
    let fs = HttpFs::open(manager.base(), session)
        .await
        .unwrap_or_else(|e| panic!("{name}: {e}"));
    let remote = RemotePath::parse(&text_to_bytes(home.0), &RemotePath::root())
        .and_then(|home| home.join(&RemoteName::new(WORK)))
        .expect("a path");
    fs.create_dir(&remote)
        .await
        .unwrap_or_else(|e| panic!("{name}: make {remote}: {e}"));
    let mut breaks = server_breaks.to_vec();
    breaks.push((
        "an aborted writer harms nothing",
        "an upload over HTTP that is given up leaves nothing to remove",
    ));
    conformance::run(Subject {
        name: name.to_owned(),
        fs: Arc::new(fs),
        remote,
        local: home.1.join(WORK),
        server_breaks: breaks,
    })
    .await;
    let work = home.1.join(WORK);
    eventually(
        PATIENCE,
        "no upload that was given up has left anything",
        || partials(&work).is_empty(),
    );
}

/// Unfinished uploads in a directory and below.
fn partials(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).expect("list a directory");
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        match path.symlink_metadata() {
            Ok(metadata) if metadata.is_dir() => found.extend(partials(&path)),
            Ok(_) if path.extension().is_some_and(|e| e == "part") => found.push(path),
            _ => {}
        }
    }
    found
}

/// As [`http`], from a test without a runtime: opening a session waits in its own.
fn http_sftp(name: &str, engine: &str, sshd: &Sshd) {
    let manager = Manager::start();
    let session = manager.connect_ssh(&Login::key(sshd, engine)).ok();
    let session = session["session_id"].as_str().expect("an id").to_owned();
    let home = sshd.home().to_str().expect("a plain path").to_owned();
    runtime().block_on(http(name, &manager, &session, (&home, sshd.home()), &[]));
}

fn http_ftp(name: &str, server: &dyn FtpServer) {
    let manager = Manager::start();
    let session = manager.ftp(server);
    let breaks = ftp_breaks(server.name());
    runtime().block_on(http(name, &manager, &session, ("/", server.home()), breaks));
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
}

/// One test: a name, and what it runs.
macro_rules! conforms {
    ($test:ident, |$name:ident| $body:block) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            let $name = stringify!($test);
            $body
        }
    };
}

conforms!(sftp_over_russh, |name| {
    sftp(name, SshEngine::Russh, &Sshd::start()).await;
});
conforms!(sftp_over_libssh2, |name| {
    sftp(name, SshEngine::Libssh2, &Sshd::start()).await;
});
conforms!(sftp_server_program_over_russh, |name| {
    let sshd = Sshd::builder().sftp(Sftp::External).start();
    sftp(name, SshEngine::Russh, &sshd).await;
});
conforms!(sftp_forced_over_russh, |name| {
    let sshd = Sshd::builder().force_sftp().start();
    sftp(name, SshEngine::Russh, &sshd).await;
});
conforms!(sftp_without_copy_data_over_russh, |name| {
    sftp(name, SshEngine::Russh, &without_copy_data()).await;
});
conforms!(sftp_without_copy_data_over_libssh2, |name| {
    sftp(name, SshEngine::Libssh2, &without_copy_data()).await;
});
conforms!(sftp_with_frequent_rekeys_over_libssh2, |name| {
    let sshd = Sshd::builder().line("RekeyLimit 1M").start();
    sftp(name, SshEngine::Libssh2, &sshd).await;
});
conforms!(sftp_with_frequent_rekeys_over_russh, |name| {
    let sshd = Sshd::builder().line("RekeyLimit 1M").start();
    sftp(name, SshEngine::Russh, &sshd).await;
});
conforms!(ftp_on_vsftpd, |name| {
    ftp(name, &Vsftpd::start()).await;
});
conforms!(ftps_on_vsftpd, |name| {
    let server = Vsftpd::builder()
        .tls(Tls::Required)
        .session_reuse(true)
        .start();
    ftp(name, &server).await;
});
conforms!(ftp_on_pure_ftpd, |name| {
    ftp(name, &PureFtpd::start()).await;
});
conforms!(ftps_on_pure_ftpd, |name| {
    let server = PureFtpd::builder().tls(Tls::Required).start();
    ftp(name, &server).await;
});
conforms!(ftp_on_pyftpdlib, |name| {
    ftp(name, &Pyftpdlib::start()).await;
});
conforms!(ftps_on_pyftpdlib, |name| {
    let server = Pyftpdlib::builder().tls(Tls::Required).start();
    ftp(name, &server).await;
});
conforms!(ftp_without_mlsd_on_pyftpdlib, |name| {
    let server = Pyftpdlib::builder().without(&["MLSD", "MLST"]).start();
    ftp(name, &server).await;
});
conforms!(ftp_on_proftpd, |name| {
    ftp(name, &ProFtpd::start()).await;
});
conforms!(ftps_on_proftpd, |name| {
    ftp(name, &ProFtpd::builder().tls(Tls::Required).start()).await;
});
conforms!(implicit_ftps_on_vsftpd, |name| {
    let server = Vsftpd::builder().tls(Tls::Implicit).session_reuse(true);
    ftp(name, &server.start()).await;
});
conforms!(implicit_ftps_on_proftpd, |name| {
    ftp(name, &ProFtpd::builder().tls(Tls::Implicit).start()).await;
});
conforms!(implicit_ftps_on_pyftpdlib, |name| {
    ftp(name, &Pyftpdlib::builder().tls(Tls::Implicit).start()).await;
});
conforms!(ftp_active_on_vsftpd, |name| {
    let server = Vsftpd::start();
    ftp_in(name, FtpDataMode::Active, &server).await;
});
conforms!(ftps_active_on_vsftpd, |name| {
    let server = Vsftpd::builder()
        .tls(Tls::Required)
        .session_reuse(true)
        .start();
    ftp_in(name, FtpDataMode::Active, &server).await;
});
conforms!(ftps_active_on_pyftpdlib, |name| {
    let server = Pyftpdlib::builder().tls(Tls::Required).start();
    ftp_in(name, FtpDataMode::Active, &server).await;
});

/// One test over HTTP.
macro_rules! conforms_over_http {
    ($test:ident, |$name:ident| $body:expr) => {
        #[test]
        fn $test() {
            let $name = stringify!($test);
            $body;
        }
    };
}

conforms_over_http!(http_of_sftp_over_russh, |name| {
    http_sftp(name, "russh", &Sshd::start())
});
conforms_over_http!(http_of_sftp_over_libssh2, |name| {
    http_sftp(name, "libssh2", &Sshd::start())
});
conforms_over_http!(http_of_ftp_on_vsftpd, |name| {
    http_ftp(name, &Vsftpd::start())
});
conforms_over_http!(http_of_ftp_on_pure_ftpd, |name| {
    http_ftp(name, &PureFtpd::start())
});
conforms_over_http!(http_of_ftps_on_vsftpd, |name| {
    http_ftp(name, &Vsftpd::builder().tls(Tls::Required).start())
});
conforms_over_http!(http_of_ftps_on_pyftpdlib, |name| {
    http_ftp(name, &Pyftpdlib::builder().tls(Tls::Required).start())
});
