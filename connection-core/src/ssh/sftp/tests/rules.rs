//! The rules of [`RemoteFs`] against OpenSSH's own server: directories, links, attributes,
//! renames, and what their errors say.

use super::support::{Proxy, World};
use crate::error::{Error, ErrorKind};
use crate::fs::{FileType, Overwrite, RemoteFs, SetAttributes};
use crate::path::RemotePath;
use std::fmt::Debug;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::time::{Duration, UNIX_EPOCH};

#[track_caller]
fn error<T>(outcome: Result<T, Error>, kind: ErrorKind, message: &str) {
    match outcome {
        Ok(_) => panic!("it succeeded"),
        Err(error) => {
            assert_eq!(error.kind(), kind, "{error:?}");
            assert_eq!(error.message(), message, "{error:?}");
        }
    }
}

#[track_caller]
fn kind<T: Debug>(outcome: Result<T, Error>, kind: ErrorKind) {
    assert_eq!(outcome.unwrap_err().kind(), kind);
}

#[tokio::test]
async fn the_server_offers_what_openssh_offers() {
    let world = World::new().await;
    let capabilities = world.fs.capabilities();
    assert!(capabilities.atomic_replace && capabilities.fsync && capabilities.space);
    assert!(capabilities.byte_names && capabilities.symlinks && capabilities.write_at);
    assert!(world.fs.extensions().has("posix-rename@openssh.com", "1"));
    assert_eq!(world.fs.limits.read, 255 * 1024);
    assert_eq!(world.fs.home().await.unwrap(), world.root());
}

#[tokio::test]
async fn stat_follows_links_and_lstat_does_not() {
    let world = World::new().await;
    std::fs::write(world.local("file"), b"12345").unwrap();
    symlink("file", world.local("link")).unwrap();
    symlink("nowhere", world.local("broken")).unwrap();
    let fs = &world.fs;
    let found = fs.stat(&world.path("link")).await.unwrap();
    assert_eq!((found.file_type, found.size), (FileType::File, Some(5)));
    let itself = fs.lstat(&world.path("link")).await.unwrap();
    assert_eq!(
        (itself.file_type, itself.size),
        (FileType::Symlink, Some(4))
    );
    error(
        fs.stat(&world.path("broken")).await,
        ErrorKind::NotFound,
        "No such file",
    );
    assert!(fs.lstat(&world.path("broken")).await.is_ok());
    assert_eq!(fs.read_link(&world.path("link")).await.unwrap(), b"file");
    error(
        fs.stat(&world.path("gone")).await,
        ErrorKind::NotFound,
        "No such file",
    );
}

#[tokio::test]
async fn links_are_made_with_the_target_as_it_is() {
    let world = World::new().await;
    let link = world.path("link");
    world.fs.symlink(b"../any\xff where", &link).await.unwrap();
    assert_eq!(
        world.fs.read_link(&link).await.unwrap(),
        b"../any\xff where"
    );
    error(
        world.fs.symlink(b"x", &link).await,
        ErrorKind::AlreadyExists,
        "Failure",
    );
    kind(world.fs.symlink(b"", &link).await, ErrorKind::InvalidInput);
    kind(
        world.fs.symlink(b"a\0b", &link).await,
        ErrorKind::InvalidInput,
    );
}

#[tokio::test]
async fn directories_say_why_they_are_not_made_or_removed() {
    let world = World::new().await;
    let fs = &world.fs;
    let path = world.path("d");
    fs.create_dir(&path).await.unwrap();
    error(
        fs.create_dir(&path).await,
        ErrorKind::AlreadyExists,
        "Failure",
    );
    error(
        fs.create_dir(&world.path("no").join(&path.file_name().unwrap()).unwrap())
            .await,
        ErrorKind::NotFound,
        "No such file",
    );
    std::fs::write(world.local("d/.hidden"), b"").unwrap();
    error(
        fs.remove_dir(&path).await,
        ErrorKind::DirectoryNotEmpty,
        "Failure",
    );
    error(
        fs.remove_file(&path).await,
        ErrorKind::IsADirectory,
        "Failure",
    );
    std::fs::remove_file(world.local("d/.hidden")).unwrap();
    fs.remove_dir(&path).await.unwrap();
    error(
        fs.remove_dir(&path).await,
        ErrorKind::NotFound,
        "No such file",
    );
    std::fs::write(world.local("f"), b"").unwrap();
    error(
        fs.remove_dir(&world.path("f")).await,
        ErrorKind::NotADirectory,
        "No such file",
    );
}

#[tokio::test]
async fn removing_a_link_leaves_its_target() {
    let world = World::new().await;
    std::fs::create_dir(world.local("kept")).unwrap();
    symlink("kept", world.local("link")).unwrap();
    world.fs.remove_file(&world.path("link")).await.unwrap();
    assert!(world.local("kept").is_dir());
    error(
        world.fs.remove_file(&world.path("link")).await,
        ErrorKind::NotFound,
        "No such file",
    );
}

#[tokio::test]
async fn listing_a_file_is_an_error_in_the_servers_words() {
    let world = World::new().await;
    std::fs::write(world.local("file"), b"").unwrap();
    let fs = &world.fs;
    error(
        fs.list(&world.path("file")).await,
        ErrorKind::NotADirectory,
        "No such file",
    );
    error(
        fs.list(&world.path("gone")).await,
        ErrorKind::NotFound,
        "No such file",
    );
}

#[tokio::test]
async fn an_account_without_rights_is_told_so() {
    let world = World::unprivileged().await;
    let closed = world.local("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::write(world.local("closed/file"), b"").unwrap();
    std::fs::set_permissions(world.directory.path(), PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::set_permissions(&closed, PermissionsExt::from_mode(0o000)).unwrap();
    let fs = &world.fs;
    let inside = RemotePath::parse(b"file", &world.path("closed")).unwrap();
    let denied = "Permission denied";
    error(fs.stat(&inside).await, ErrorKind::PermissionDenied, denied);
    error(
        fs.open_read(&inside, 0).await,
        ErrorKind::PermissionDenied,
        denied,
    );
    error(
        fs.list(&world.path("closed")).await,
        ErrorKind::PermissionDenied,
        denied,
    );
    std::fs::set_permissions(&closed, PermissionsExt::from_mode(0o700)).unwrap();
}

#[tokio::test]
async fn a_rename_that_refuses_never_replaces() {
    let world = World::new().await;
    std::fs::write(world.local("a"), b"new").unwrap();
    std::fs::write(world.local("b"), b"old").unwrap();
    let (a, b) = (world.path("a"), world.path("b"));
    kind(
        world.fs.rename(&a, &b, Overwrite::Refuse).await,
        ErrorKind::AlreadyExists,
    );
    assert_eq!(std::fs::read(world.local("b")).unwrap(), b"old");
    let c = world.path("c");
    world.fs.rename(&a, &c, Overwrite::Refuse).await.unwrap();
    assert_eq!(std::fs::read(world.local("c")).unwrap(), b"new");
    kind(
        world.fs.rename(&a, &c, Overwrite::Replace).await,
        ErrorKind::NotFound,
    );
}

async fn replacing(world: World) {
    let fs = &world.fs;
    std::fs::write(world.local("a"), b"new").unwrap();
    std::fs::write(world.local("b"), b"old").unwrap();
    let (a, b, d) = (world.path("a"), world.path("b"), world.path("d"));
    fs.rename(&a, &b, Overwrite::Replace).await.unwrap();
    assert_eq!(std::fs::read(world.local("b")).unwrap(), b"new");
    fs.rename(&b, &b, Overwrite::Replace).await.unwrap();
    assert_eq!(std::fs::read(world.local("b")).unwrap(), b"new");
    std::fs::create_dir(world.local("d")).unwrap();
    kind(
        fs.rename(&b, &d, Overwrite::Replace).await,
        ErrorKind::IsADirectory,
    );
    kind(
        fs.rename(&d, &b, Overwrite::Replace).await,
        ErrorKind::NotADirectory,
    );
    kind(
        fs.rename(&a, &b, Overwrite::Replace).await,
        ErrorKind::NotFound,
    );
    assert_eq!(std::fs::read(world.local("b")).unwrap(), b"new");
    fs.rename(&d, &world.path("e"), Overwrite::Replace)
        .await
        .unwrap();
    let mut left: Vec<_> = std::fs::read_dir(world.directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["b", "e"]);
}

#[tokio::test]
async fn a_rename_that_replaces_replaces_files_only() {
    replacing(World::new().await).await;
}

/// A server of plain version 3.
struct Plain;

impl Proxy for Plain {
    fn reply(&mut self, packet: Vec<u8>) -> Vec<Vec<u8>> {
        match packet[0] {
            2 => vec![packet[..5].to_vec()],
            _ => vec![packet],
        }
    }
}

#[tokio::test]
async fn without_extensions_files_are_replaced_all_the_same() {
    let world = World::behind(Plain).await;
    let capabilities = world.fs.capabilities();
    assert!(!capabilities.atomic_replace && !capabilities.fsync && !capabilities.space);
    assert_eq!(world.fs.limits.read, 32 * 1024);
    let root = world.root();
    kind(world.fs.space(&root).await, ErrorKind::Unsupported);
    replacing(world).await;
}

/// A plain server on which the second rename of a replacement fails.
struct NoSecondRename(u32);

impl Proxy for NoSecondRename {
    fn reply(&mut self, packet: Vec<u8>) -> Vec<Vec<u8>> {
        Plain.reply(packet)
    }

    fn request(&mut self, mut packet: Vec<u8>) -> Vec<Vec<u8>> {
        if packet[0] == 18 {
            self.0 += 1;
            // 1: onto the target, refused anyway. 2: the target aside. 3: into place.
            if self.0 == 3 {
                let at = packet.len() - 1;
                // Onto the directory instead of the name in it.
                packet[at] = b'/';
            }
        }
        vec![packet]
    }
}

#[tokio::test]
async fn a_replacement_that_fails_halfway_puts_the_old_file_back() {
    let world = World::behind(NoSecondRename(0)).await;
    std::fs::write(world.local("a"), b"new").unwrap();
    std::fs::write(world.local("b"), b"old").unwrap();
    let outcome = world
        .fs
        .rename(&world.path("a"), &world.path("b"), Overwrite::Replace)
        .await;
    assert!(outcome.is_err());
    assert_eq!(std::fs::read(world.local("a")).unwrap(), b"new");
    assert_eq!(std::fs::read(world.local("b")).unwrap(), b"old");
    assert_eq!(
        std::fs::read_dir(world.directory.path()).unwrap().count(),
        2
    );
}

#[tokio::test]
async fn attributes_are_set_and_seen() {
    let world = World::new().await;
    std::fs::write(world.local("f"), b"0123456789").unwrap();
    let path = world.path("f");
    let time = UNIX_EPOCH + Duration::from_secs(1_500_000_000);
    let changes = SetAttributes {
        permissions: Some(0o640),
        modified: Some(time),
        size: Some(4),
        ..SetAttributes::default()
    };
    world.fs.set_attributes(&path, &changes).await.unwrap();
    let found = world.fs.stat(&path).await.unwrap();
    assert_eq!(found.permissions, Some(0o640));
    assert_eq!(found.size, Some(4));
    let later = UNIX_EPOCH + Duration::from_secs(1_600_000_000);
    let changes = SetAttributes {
        accessed: Some(later),
        modified: Some(time),
        ..SetAttributes::default()
    };
    world.fs.set_attributes(&path, &changes).await.unwrap();
    let found = world.fs.stat(&path).await.unwrap();
    assert_eq!((found.modified, found.accessed), (Some(time), Some(later)));
    let local = std::fs::metadata(world.local("f")).unwrap();
    assert_eq!(
        (found.uid, found.gid),
        (Some(local.uid()), Some(local.gid()))
    );
    let nothing = SetAttributes::default();
    world.fs.set_attributes(&path, &nothing).await.unwrap();
    let changes = SetAttributes {
        modified: Some(UNIX_EPOCH - Duration::from_secs(1)),
        ..SetAttributes::default()
    };
    kind(
        world.fs.set_attributes(&path, &changes).await,
        ErrorKind::InvalidInput,
    );
}

#[tokio::test]
async fn space_is_that_of_the_file_system() {
    let world = World::new().await;
    let space = world.fs.space(&world.root()).await.unwrap();
    assert!(space.total >= space.free && space.free >= space.available);
    assert!(space.total > 1024 * 1024, "{space:?}");
}
