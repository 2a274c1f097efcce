//! Permissions, times, owner, length, links, space: promised and kept, or denied and
//! `Unsupported`.

use super::{Case, Place, kind};
use connection_core::ErrorKind;
use connection_core::fs::{FileType, SetAttributes};
use futures::FutureExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::time::{Duration, SystemTime};

pub(super) const CASES: &[Case] = &[
    Case::when(
        "permissions are set",
        |c| c.set_permissions,
        |p| permissions(p).boxed(),
    ),
    Case::when(
        "no permissions means unsupported",
        |c| !c.set_permissions,
        |p| no_permissions(p).boxed(),
    ),
    Case::when("times are set", |c| c.set_times, |p| times(p).boxed()),
    Case::when(
        "no times means unsupported",
        |c| !c.set_times,
        |p| no_times(p).boxed(),
    ),
    Case::when(
        "the owner is kept when set to itself",
        |c| c.set_owner,
        |p| owner(p).boxed(),
    ),
    Case::when(
        "no owner means unsupported",
        |c| !c.set_owner,
        |p| no_owner(p).boxed(),
    ),
    Case::when(
        "truncate cuts and fills",
        |c| c.truncate,
        |p| truncate(p).boxed(),
    ),
    Case::when(
        "no truncate means unsupported",
        |c| !c.truncate,
        |p| no_truncate(p).boxed(),
    ),
    Case::always("attributes of a missing file are not found", |p| {
        missing(p).boxed()
    }),
    Case::when(
        "links are made and read",
        |c| c.symlinks,
        |p| links(p).boxed(),
    ),
    Case::when(
        "stat follows links and lstat does not",
        |c| c.symlinks,
        |p| follow(p).boxed(),
    ),
    Case::when(
        "a broken link is there and leads nowhere",
        |c| c.symlinks,
        |p| broken(p).boxed(),
    ),
    Case::when(
        "removing a link keeps its target",
        |c| c.symlinks,
        |p| remove_link(p).boxed(),
    ),
    Case::when(
        "no links means unsupported",
        |c| !c.symlinks,
        |p| no_links(p).boxed(),
    ),
    Case::when("space is told", |c| c.space, |p| space(p).boxed()),
    Case::when(
        "no space means unsupported",
        |c| !c.space,
        |p| no_space(p).boxed(),
    ),
];

async fn file(p: &Place) -> connection_core::path::RemotePath {
    let path = p.path("file");
    p.write(&path, b"0123456789").await.unwrap();
    path
}

async fn permissions(p: Place) {
    let path = file(&p).await;
    for mode in [0o640, 0o700, 0o444, 0o600] {
        let changes = SetAttributes {
            permissions: Some(mode),
            ..SetAttributes::default()
        };
        p.fs.set_attributes(&path, &changes).await.unwrap();
        let on_disk = std::fs::metadata(p.local.join("file")).unwrap();
        assert_eq!(on_disk.permissions().mode() & 0o7777, mode);
        let told = p.fs.stat(&path).await.unwrap().permissions;
        assert!(
            told.is_none() || told == Some(mode),
            "{told:?} is not {mode:o}"
        );
    }
}

async fn no_permissions(p: Place) {
    unsupported(
        &p,
        SetAttributes {
            permissions: Some(0o600),
            ..SetAttributes::default()
        },
    )
    .await;
}

async fn times(p: Place) {
    let path = file(&p).await;
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_234_567_890);
    let changes = SetAttributes {
        modified: Some(then),
        ..SetAttributes::default()
    };
    p.fs.set_attributes(&path, &changes).await.unwrap();
    assert_eq!(
        std::fs::metadata(p.local.join("file")).unwrap().mtime(),
        1_234_567_890
    );
    assert_eq!(p.fs.stat(&path).await.unwrap().modified, Some(then));
}

async fn no_times(p: Place) {
    unsupported(
        &p,
        SetAttributes {
            modified: Some(SystemTime::UNIX_EPOCH),
            ..SetAttributes::default()
        },
    )
    .await;
}

async fn owner(p: Place) {
    let path = file(&p).await;
    let metadata = p.fs.stat(&path).await.unwrap();
    let owner = (metadata.uid.unwrap(), metadata.gid.unwrap());
    let changes = SetAttributes {
        owner: Some(owner),
        ..SetAttributes::default()
    };
    p.fs.set_attributes(&path, &changes).await.unwrap();
    let metadata = p.fs.stat(&path).await.unwrap();
    assert_eq!((metadata.uid, metadata.gid), (Some(owner.0), Some(owner.1)));
}

async fn no_owner(p: Place) {
    unsupported(
        &p,
        SetAttributes {
            owner: Some((0, 0)),
            ..SetAttributes::default()
        },
    )
    .await;
}

async fn truncate(p: Place) {
    let path = file(&p).await;
    for (size, want) in [(4, &b"0123"[..]), (6, b"0123\0\0"), (0, b"")] {
        let changes = SetAttributes {
            size: Some(size),
            ..SetAttributes::default()
        };
        p.fs.set_attributes(&path, &changes).await.unwrap();
        assert_eq!(p.read(&path, 0).await.unwrap(), want);
    }
}

async fn no_truncate(p: Place) {
    unsupported(
        &p,
        SetAttributes {
            size: Some(1),
            ..SetAttributes::default()
        },
    )
    .await;
}

async fn unsupported(p: &Place, changes: SetAttributes) {
    let path = file(p).await;
    let before = std::fs::metadata(p.local.join("file")).unwrap();
    assert_eq!(
        kind(p.fs.set_attributes(&path, &changes).await),
        ErrorKind::Unsupported
    );
    let after = std::fs::metadata(p.local.join("file")).unwrap();
    assert_eq!(
        (before.mode(), before.mtime(), before.len(), before.uid()),
        (after.mode(), after.mtime(), after.len(), after.uid())
    );
}

async fn missing(p: Place) {
    let can = p.can;
    if !(can.set_permissions || can.set_times) {
        return;
    }
    let changes = SetAttributes {
        permissions: can.set_permissions.then_some(0o600),
        modified: (!can.set_permissions).then_some(SystemTime::UNIX_EPOCH),
        ..SetAttributes::default()
    };
    let result = p.fs.set_attributes(&p.path("missing"), &changes).await;
    assert_eq!(kind(result), ErrorKind::NotFound);
}

async fn links(p: Place) {
    let path = file(&p).await;
    let link = p.path("link");
    p.fs.symlink(b"file", &link).await.unwrap();
    assert_eq!(
        std::fs::read_link(p.local.join("link"))
            .unwrap()
            .as_os_str(),
        "file"
    );
    assert_eq!(p.fs.read_link(&link).await.unwrap(), b"file");
    assert_eq!(p.read(&link, 0).await.unwrap(), b"0123456789");
    assert!(p.fs.read_link(&path).await.is_err(), "a file is no link");
    assert_eq!(
        kind(p.fs.symlink(b"file", &link).await),
        ErrorKind::AlreadyExists
    );
}

async fn follow(p: Place) {
    file(&p).await;
    p.fs.create_dir(&p.path("directory")).await.unwrap();
    p.fs.symlink(b"file", &p.path("to-file")).await.unwrap();
    p.fs.symlink(b"directory", &p.path("to-directory"))
        .await
        .unwrap();
    for (link, behind) in [
        ("to-file", FileType::File),
        ("to-directory", FileType::Directory),
    ] {
        let path = p.path(link);
        assert_eq!(
            p.fs.lstat(&path).await.unwrap().file_type,
            FileType::Symlink
        );
        assert_eq!(p.fs.stat(&path).await.unwrap().file_type, behind);
    }
    let entries = p.list(&p.remote).await.unwrap();
    let links = entries
        .iter()
        .filter(|e| e.metadata.file_type == FileType::Symlink)
        .count();
    assert_eq!(links, 2, "a listing shows links as links");
}

async fn broken(p: Place) {
    let link = p.path("broken");
    p.fs.symlink(b"nowhere", &link).await.unwrap();
    assert_eq!(
        p.fs.lstat(&link).await.unwrap().file_type,
        FileType::Symlink
    );
    assert_eq!(kind(p.fs.stat(&link).await), ErrorKind::NotFound);
    assert_eq!(p.names(&p.remote).await, [b"broken".to_vec()]);
    p.fs.remove_file(&link).await.unwrap();
}

async fn remove_link(p: Place) {
    let path = file(&p).await;
    let link = p.path("link");
    p.fs.symlink(b"file", &link).await.unwrap();
    p.fs.remove_file(&link).await.unwrap();
    assert_eq!(p.read(&path, 0).await.unwrap(), b"0123456789");
}

async fn no_links(p: Place) {
    let link = p.path("link");
    assert_eq!(
        kind(p.fs.symlink(b"file", &link).await),
        ErrorKind::Unsupported
    );
    assert!(p.list(&p.remote).await.unwrap().is_empty());
}

async fn space(p: Place) {
    let space = p.fs.space(&p.remote).await.unwrap();
    assert!(
        space.total > 0 && space.available <= space.total,
        "{space:?}"
    );
}

async fn no_space(p: Place) {
    assert_eq!(kind(p.fs.space(&p.remote).await), ErrorKind::Unsupported);
}
