//! Whole files through the core's own API, on both engines and on FTP: what is replaced,
//! what stays, and what is left when a transfer fails or is given up.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test's helpers fail the test, as the test itself does"
)]

use connection_core::ErrorKind;
use connection_core::fs::RemoteFs;
use connection_core::path::{RemoteName, RemotePath, text_to_bytes};
use connection_core::secret::Secret;
use connection_core::session::{ActiveSession, Owner, SessionStore, StoreConfig};
use connection_core::target::{FtpTarget, PrivateKeySource, SshCredentials, SshEngine, SshTarget};
use connection_core::transfer::{self, RemoteUpload, TransferOptions, UploadOptions};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::{Pyftpdlib, Service, Sshd, Vsftpd};
use futures::FutureExt;
use std::fs::Permissions;
use std::ops::Deref;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long something that is sure to happen may take on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// More than every queue and window on the way together.
const LARGE: usize = 24 << 20;

/// What kind of session a test runs on.
#[derive(Clone, Copy)]
enum Over {
    Ssh(SshEngine),
    Vsftpd,
    Pyftpdlib,
}

/// A session on a server of its own, and a local directory.
struct World {
    server: Box<dyn Deref<Target = Service> + Send + Sync>,
    store: SessionStore,
    session: ActiveSession,
    base: RemotePath,
    local: tempfile::TempDir,
}

impl World {
    async fn new(over: Over) -> Self {
        let store = SessionStore::new(
            StoreConfig::default(),
            TrustStore::in_memory(TrustPolicy::AcceptNew),
        );
        let owner = Owner::new("test");
        let (id, base, server): (_, _, Box<dyn Deref<Target = Service> + Send + Sync>) = match over
        {
            Over::Ssh(engine) => {
                let sshd = Sshd::start();
                let login = SshCredentials {
                    key: Some(PrivateKeySource::File(sshd.key().path().to_owned())),
                    ..SshCredentials::default()
                };
                let target = SshTarget::new(sshd.host(), sshd.user(), login)
                    .unwrap()
                    .port(sshd.port())
                    .engine(engine);
                let id = store.open_ssh(&owner, &target, None).await.unwrap();
                let home = sshd.home().to_str().unwrap().to_owned();
                (id, home, Box::new(sshd))
            }
            Over::Vsftpd => {
                let server = Vsftpd::start();
                let id = ftp(&store, &owner, &server).await;
                (id, "/".to_owned(), Box::new(server))
            }
            Over::Pyftpdlib => {
                let server = Pyftpdlib::start();
                let id = ftp(&store, &owner, &server).await;
                (id, "/".to_owned(), Box::new(server))
            }
        };
        let session = store.get(&owner, id).unwrap();
        let base = RemotePath::parse(&text_to_bytes(&base), &RemotePath::root()).unwrap();
        Self {
            server,
            store,
            session,
            base,
            local: tempfile::tempdir().unwrap(),
        }
    }

    fn fs(&self) -> Arc<dyn RemoteFs> {
        self.session.fs()
    }

    fn remote(&self, name: &str) -> RemotePath {
        RemotePath::parse(&text_to_bytes(name), &self.base).unwrap()
    }

    /// The server's file, seen from here.
    fn there(&self, name: &str) -> PathBuf {
        self.server.home().join(name)
    }

    /// Makes a local file.
    fn here(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.local.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    async fn upload(&self, from: &Path, to: &str) -> connection_core::Result<u64> {
        let options = TransferOptions::default();
        transfer::upload(&self.fs(), from, &self.remote(to), options).await
    }

    /// The session still works, and closes.
    async fn end(self) {
        self.fs().stat(&self.base).await.unwrap();
        drop(self.session);
        self.store.shutdown().await;
    }
}

async fn ftp(
    store: &SessionStore,
    owner: &Owner,
    server: &Service,
) -> connection_core::session::SessionId {
    let password = Secret::from(server.password());
    let target = FtpTarget::new(server.host(), server.user(), password)
        .unwrap()
        .port(server.port());
    store.open_ftp(owner, &target, None).await.unwrap()
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + SOON;
    while !holds() {
        assert!(Instant::now() < end, "not within {SOON:?}: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

macro_rules! over_everything {
    ($($test:ident),* $(,)?) => {
        over_everything!(@ russh, super::Over::Ssh(super::SshEngine::Russh), $($test)*);
        over_everything!(@ libssh2, super::Over::Ssh(super::SshEngine::Libssh2), $($test)*);
        over_everything!(@ vsftpd, super::Over::Vsftpd, $($test)*);
        over_everything!(@ pyftpdlib, super::Over::Pyftpdlib, $($test)*);
    };
    (@ $name:ident, $over:expr, $($test:ident)*) => {
        mod $name {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() { super::$test($over).await; })*
        }
    };
}

over_everything![
    a_replaced_file_keeps_its_mode,
    a_dropped_upload_leaves_the_old_file_and_no_other,
    an_upload_that_was_dropped_goes_on_from_its_partial_file,
    an_upload_dropped_at_any_moment_leaves_whole_files_only,
    a_failed_upload_leaves_the_old_file,
    a_write_given_up_halfway_is_never_the_end_of_a_file,
    a_dropped_download_leaves_the_old_file_and_no_other,
    a_failed_download_leaves_the_old_file_and_no_other,
    a_file_that_shrinks_is_no_short_success,
];

async fn a_replaced_file_keeps_its_mode(over: Over) {
    let world = World::new(over).await;
    let old = world.server.write_file("d/file", "the old content");
    std::fs::set_permissions(&old, Permissions::from_mode(0o640)).unwrap();
    let new = world.here("new", b"new");
    assert_eq!(world.upload(&new, "d/file").await.unwrap(), 3);
    assert_eq!(std::fs::read(&old).unwrap(), b"new");
    assert_eq!(world.upload(&new, "d/fresh").await.unwrap(), 3);
    if !matches!(over, Over::Ssh(_)) || world.fs().capabilities().set_permissions {
        // A server that lists no mode and takes none cannot be asked to keep it.
        let kept = world.fs().capabilities().set_permissions;
        assert!(!kept || mode(&old) == 0o640, "{:o}", mode(&old));
    }
    assert_eq!(names(&world.there("d")), ["file", "fresh"]);
    world.end().await;
}

async fn a_dropped_upload_leaves_the_old_file_and_no_other(over: Over) {
    let world = World::new(over).await;
    let old = world.server.write_file("d/file", "old");
    let fs = world.fs();
    let mut upload = RemoteUpload::create(&fs, &world.remote("d/file"))
        .await
        .unwrap();
    upload.write(vec![b'x'; 300_000].into()).await.unwrap();
    assert_eq!(names(&world.there("d")).len(), 2, "beside its place");
    drop(upload);
    eventually("the partial file is removed", || {
        names(&world.there("d")) == ["file"]
    })
    .await;
    assert_eq!(std::fs::read(&old).unwrap(), b"old");
    world.end().await;
}

async fn an_upload_that_was_dropped_goes_on_from_its_partial_file(over: Over) {
    let world = World::new(over).await;
    let old = world.server.write_file("d/file", "old");
    let (fs, path) = (world.fs(), world.remote("d/file"));
    let name = RemoteName::new("file.part");
    let options = UploadOptions::default();
    let mut upload = RemoteUpload::resume(&fs, &path, &name, 0, options)
        .await
        .unwrap();
    upload.write(vec![b'x'; 300_000].into()).await.unwrap();
    upload.write(vec![b'y'; 10].into()).await.unwrap();
    drop(upload);
    let partial = world.there("d/file.part");
    eventually("what was written is there", || {
        std::fs::metadata(&partial).is_ok_and(|m| m.len() == 300_010)
    })
    .await;
    assert_eq!(std::fs::read(&old).unwrap(), b"old");
    let beyond = RemoteUpload::resume(&fs, &path, &name, 300_011, options).await;
    let error = beyond.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::OffsetMismatch);
    assert_eq!(error.context("size"), Some("300010"));
    let upload = RemoteUpload::resume(&fs, &path, &name, 300_010, options).await;
    let mut upload = upload.unwrap().expecting(300_015);
    upload.write(vec![b'z'; 4].into()).await.unwrap();
    assert_eq!(upload.size(), 300_014);
    let early = upload.finish().await.unwrap_err();
    assert_eq!(early.kind(), ErrorKind::Incomplete);
    assert_eq!(std::fs::metadata(&partial).unwrap().len(), 300_014);
    let upload = RemoteUpload::resume(&fs, &path, &name, 300_014, options).await;
    let mut upload = upload.unwrap().expecting(300_015);
    upload.write(vec![b'!'; 1].into()).await.unwrap();
    upload.finish().await.unwrap();
    let content = std::fs::read(&old).unwrap();
    assert!(content.ends_with(b"xyyyyyyyyyyzzzz!") && content.len() == 300_015);
    assert_eq!(names(&world.there("d")), ["file"]);
    world.end().await;
}

async fn an_upload_dropped_at_any_moment_leaves_whole_files_only(over: Over) {
    let world = World::new(over).await;
    world.server.write_file("d/file", "old");
    let new = world.here("new", &[b'n'; 100_000]);
    let mut done = 0;
    for wait in (0..40).map(|n| Duration::from_micros(n * n * 12)) {
        let outcome = tokio::time::timeout(wait, world.upload(&new, "d/file")).await;
        done += usize::from(outcome.is_ok());
        let content = std::fs::read(world.there("d/file")).unwrap();
        assert!(content == b"old" || content == [b'n'; 100_000]);
    }
    eventually(&format!("only the file is left ({done} ended)"), || {
        names(&world.there("d")) == ["file"]
    })
    .await;
    world.end().await;
}

async fn a_write_given_up_halfway_is_never_the_end_of_a_file(over: Over) {
    let world = World::new(over).await;
    let old = world.server.write_file("d/file", "old");
    let fs = world.fs();
    let mut upload = RemoteUpload::create(&fs, &world.remote("d/file"))
        .await
        .unwrap();
    world.server.pause();
    // Given up as soon as the server has to be waited for.
    let written = upload.write(vec![b'x'; LARGE].into()).now_or_never();
    assert!(written.is_none());
    world.server.resume();
    let error = upload.finish().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
    assert_eq!(std::fs::read(&old).unwrap(), b"old");
    assert_eq!(names(&world.there("d")), ["file"]);
    world.end().await;
}

async fn a_failed_upload_leaves_the_old_file(over: Over) {
    let world = World::new(over).await;
    if !world.server.unprivileged() {
        return;
    }
    let old = world.server.write_file("d/file", "old");
    let directory = world.there("d");
    std::fs::set_permissions(&directory, Permissions::from_mode(0o555)).unwrap();
    let new = world.here("new", b"new");
    let error = world.upload(&new, "d/file").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
    assert_eq!(std::fs::read(&old).unwrap(), b"old");
    assert_eq!(names(&directory), ["file"]);
    std::fs::set_permissions(&directory, Permissions::from_mode(0o755)).unwrap();

    let error = world.upload(&new, "nowhere/file").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    world.upload(&new, "d").await.unwrap_err();
    let limit = TransferOptions {
        max_size: Some(2),
        ..TransferOptions::default()
    };
    let refused = transfer::upload(&world.fs(), &new, &world.remote("d/file"), limit).await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::TooLarge);
    assert_eq!(names(&directory), ["file"]);
    world.end().await;
}

async fn a_dropped_download_leaves_the_old_file_and_no_other(over: Over) {
    let world = World::new(over).await;
    world.server.write_file("large", vec![b'x'; LARGE]);
    let here = world.here("file", b"old");
    let begun = Arc::new(AtomicBool::new(false));
    let aborted = Arc::new(AtomicBool::new(false));
    let options = TransferOptions {
        progress: Some(Box::new({
            let (begun, aborted) = (Arc::clone(&begun), Arc::clone(&aborted));
            move |_, _| {
                begun.store(true, Ordering::Release);
                // Held where it is, or it could be over before it is dropped.
                let end = Instant::now() + SOON;
                while !aborted.load(Ordering::Acquire) && Instant::now() < end {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
        })),
        ..TransferOptions::default()
    };
    let (fs, remote) = (world.fs(), world.remote("large"));
    let (partial, path) = (world.local.path().to_owned(), here.clone());
    let running =
        tokio::spawn(async move { transfer::download(&fs, &remote, &path, options).await });
    eventually("bytes arrive", || begun.load(Ordering::Acquire)).await;
    running.abort();
    aborted.store(true, Ordering::Release);
    if let Ok(done) = running.await {
        panic!("it was to be cut: {done:?}");
    }
    eventually("the partial file is removed", || {
        names(&partial) == ["file"]
    })
    .await;
    assert_eq!(std::fs::read(&here).unwrap(), b"old");
    world.end().await;
}

async fn a_failed_download_leaves_the_old_file_and_no_other(over: Over) {
    let world = World::new(over).await;
    world.server.write_file("file", [b'x'; 1000]);
    world.server.mkdir("directory");
    let here = world.here("file", b"old");
    for (name, max_size, kind) in [
        ("missing", None, ErrorKind::NotFound),
        ("directory", None, ErrorKind::IsADirectory),
        ("file", Some(999), ErrorKind::TooLarge),
    ] {
        let options = TransferOptions {
            max_size,
            ..TransferOptions::default()
        };
        let outcome = transfer::download(&world.fs(), &world.remote(name), &here, options).await;
        assert_eq!(outcome.unwrap_err().kind(), kind, "{name}");
        assert_eq!(std::fs::read(&here).unwrap(), b"old");
        assert_eq!(names(world.local.path()), ["file"]);
    }
    world.end().await;
}

async fn a_file_that_shrinks_is_no_short_success(over: Over) {
    let world = World::new(over).await;
    let large = world.server.write_file("large", vec![b'x'; LARGE]);
    let here = world.local.path().join("file");
    let options = TransferOptions {
        progress: Some(Box::new(move |_, _| {
            let file = std::fs::File::options().write(true).open(&large);
            file.and_then(|file| file.set_len(1000)).unwrap();
        })),
        ..TransferOptions::default()
    };
    let outcome = transfer::download(&world.fs(), &world.remote("large"), &here, options).await;
    match outcome {
        Err(error) => assert!(names(world.local.path()).is_empty(), "{error}"),
        // The server may have read it all before it shrank.
        Ok(size) => assert_eq!(size, LARGE as u64),
    }
    world.end().await;
}

/// Only SFTP says where a link leads.
async fn a_link_stays_a_link(engine: SshEngine) {
    let world = World::new(Over::Ssh(engine)).await;
    let file = world.server.write_file("d/file", "old");
    world.server.mkdir("elsewhere/deep");
    symlink("file", world.there("d/link")).unwrap();
    symlink("new", world.there("d/dangling")).unwrap();
    symlink("loop", world.there("d/loop")).unwrap();
    symlink("elsewhere/deep", world.there("way")).unwrap();
    symlink("../target", world.there("elsewhere/deep/up")).unwrap();
    let target = world.server.write_file("elsewhere/target", "old");

    let new = world.here("new", b"new");
    world.upload(&new, "d/link").await.unwrap();
    world.upload(&new, "d/dangling").await.unwrap();
    world.upload(&new, "d/loop").await.unwrap_err();
    assert_eq!(std::fs::read(&file).unwrap(), b"new");
    assert_eq!(std::fs::read(world.there("d/new")).unwrap(), b"new");
    assert_eq!(
        names(&world.there("d")),
        ["dangling", "file", "link", "loop", "new"]
    );
    for link in ["d/link", "d/dangling", "d/loop"] {
        assert!(world.there(link).is_symlink(), "{link}");
    }

    // A link whose target leads up from behind another link: the file it means, or none.
    match world.upload(&new, "way/up").await {
        Ok(_) => assert_eq!(std::fs::read(&target).unwrap(), b"new"),
        Err(_) => assert_eq!(std::fs::read(&target).unwrap(), b"old"),
    }
    assert!(
        !world.there("target").exists(),
        "nothing where it does not lead"
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_stays_a_link_over_russh() {
    a_link_stays_a_link(SshEngine::Russh).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_stays_a_link_over_libssh2() {
    a_link_stays_a_link(SshEngine::Libssh2).await;
}
