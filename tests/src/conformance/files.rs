//! Single files: create, overwrite, stat, remove, rename.

use super::{Case, Place, kind};
use connection_core::ErrorKind;
use connection_core::fs::{FileType, Overwrite, WriteMode, WriteOptions};
use futures::FutureExt;

pub(super) const CASES: &[Case] = &[
    Case::always("a written file reads back", |p| round_trip(p).boxed()),
    Case::always("an empty file is a file", |p| empty(p).boxed()),
    Case::always("truncate replaces longer contents", |p| truncate(p).boxed()),
    Case::always("create new refuses an existing file", |p| {
        create_new(p).boxed()
    }),
    Case::always("stat tells size and type", |p| stat(p).boxed()),
    Case::always("a missing file is not found", |p| missing(p).boxed()),
    Case::always("a missing parent is not found", |p| {
        missing_parent(p).boxed()
    }),
    Case::always("remove file removes it", |p| remove(p).boxed()),
    Case::always("remove file refuses a directory", |p| {
        remove_directory(p).boxed()
    }),
    Case::always("rename moves a file", |p| rename(p).boxed()),
    Case::always("rename refuse keeps both", |p| rename_refuse(p).boxed()),
    Case::always("rename replace replaces", |p| rename_replace(p).boxed()),
    Case::always("rename replace takes no directory and gives none", |p| {
        rename_kinds(p).boxed()
    }),
    Case::always("rename of a missing file is not found", |p| {
        rename_missing(p).boxed()
    }),
    Case::always("rename moves a directory with its contents", |p| {
        rename_directory(p).boxed()
    }),
];

async fn round_trip(p: Place) {
    let path = p.path("file");
    p.write(&path, b"hello\r\nworld\n\0\xff").await.unwrap();
    assert_eq!(p.read(&path, 0).await.unwrap(), b"hello\r\nworld\n\0\xff");
    assert_eq!(
        std::fs::read(p.local.join("file")).unwrap(),
        b"hello\r\nworld\n\0\xff",
        "bytes on the disk are the bytes sent: no text mode"
    );
}

async fn empty(p: Place) {
    let path = p.path("empty");
    let options = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: None,
    };
    let writer = p.fs.open_write(&path, options).await.unwrap();
    writer.finish().await.unwrap();
    assert_eq!(p.fs.stat(&path).await.unwrap().size, Some(0));
    assert_eq!(p.read(&path, 0).await.unwrap(), b"");
}

async fn truncate(p: Place) {
    let path = p.path("file");
    p.write(&path, b"a long first version").await.unwrap();
    p.write(&path, b"short").await.unwrap();
    assert_eq!(p.read(&path, 0).await.unwrap(), b"short");
}

async fn create_new(p: Place) {
    let path = p.path("file");
    p.write(&path, b"first").await.unwrap();
    let options = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: None,
    };
    let refused = p.fs.open_write(&path, options).await.map(drop);
    assert_eq!(kind(refused), ErrorKind::AlreadyExists);
    assert_eq!(p.read(&path, 0).await.unwrap(), b"first");
}

async fn stat(p: Place) {
    let path = p.path("file");
    p.write(&path, b"twelve bytes").await.unwrap();
    for metadata in [
        p.fs.stat(&path).await.unwrap(),
        p.fs.lstat(&path).await.unwrap(),
    ] {
        assert_eq!(metadata.file_type, FileType::File);
        assert_eq!(metadata.size, Some(12));
    }
    let metadata = p.fs.stat(&p.remote).await.unwrap();
    assert_eq!(metadata.file_type, FileType::Directory);
}

async fn missing(p: Place) {
    let path = p.path("missing");
    assert_eq!(kind(p.fs.stat(&path).await), ErrorKind::NotFound);
    assert_eq!(kind(p.fs.lstat(&path).await), ErrorKind::NotFound);
    assert_eq!(kind(p.read(&path, 0).await), ErrorKind::NotFound);
    assert_eq!(kind(p.fs.remove_file(&path).await), ErrorKind::NotFound);
    assert_eq!(kind(p.fs.remove_dir(&path).await), ErrorKind::NotFound);
    assert_eq!(kind(p.list(&path).await), ErrorKind::NotFound);
}

async fn missing_parent(p: Place) {
    let path = p
        .path("missing")
        .join(&connection_core::path::RemoteName::new("file"))
        .unwrap();
    assert_eq!(kind(p.write(&path, b"x").await), ErrorKind::NotFound);
    assert_eq!(kind(p.fs.create_dir(&path).await), ErrorKind::NotFound);
}

async fn remove(p: Place) {
    let path = p.path("file");
    p.write(&path, b"x").await.unwrap();
    p.fs.remove_file(&path).await.unwrap();
    assert_eq!(kind(p.fs.stat(&path).await), ErrorKind::NotFound);
    assert!(!p.local.join("file").exists());
}

async fn remove_directory(p: Place) {
    let path = p.path("directory");
    p.fs.create_dir(&path).await.unwrap();
    assert_eq!(kind(p.fs.remove_file(&path).await), ErrorKind::IsADirectory);
    assert!(p.local.join("directory").is_dir());
}

async fn rename(p: Place) {
    let (from, to) = (p.path("from"), p.path("to"));
    p.write(&from, b"contents").await.unwrap();
    p.fs.rename(&from, &to, Overwrite::Refuse).await.unwrap();
    assert_eq!(kind(p.fs.stat(&from).await), ErrorKind::NotFound);
    assert_eq!(p.read(&to, 0).await.unwrap(), b"contents");
}

async fn rename_refuse(p: Place) {
    let (from, to) = (p.path("from"), p.path("to"));
    p.write(&from, b"new").await.unwrap();
    p.write(&to, b"old").await.unwrap();
    let refused = p.fs.rename(&from, &to, Overwrite::Refuse).await;
    assert_eq!(kind(refused), ErrorKind::AlreadyExists);
    assert_eq!(p.read(&from, 0).await.unwrap(), b"new");
    assert_eq!(p.read(&to, 0).await.unwrap(), b"old");
}

async fn rename_replace(p: Place) {
    let (from, to) = (p.path("from"), p.path("to"));
    p.write(&from, b"new").await.unwrap();
    p.write(&to, b"old").await.unwrap();
    p.fs.rename(&from, &to, Overwrite::Replace).await.unwrap();
    assert_eq!(p.read(&to, 0).await.unwrap(), b"new");
    assert_eq!(
        p.names(&p.remote).await,
        [b"to".to_vec()],
        "nothing else is left"
    );
}

async fn rename_kinds(p: Place) {
    let (file, directory) = (p.path("file"), p.path("directory"));
    p.write(&file, b"precious").await.unwrap();
    p.fs.create_dir(&directory).await.unwrap();
    let inner = connection_core::path::RemoteName::new("inner");
    p.write(&directory.join(&inner).unwrap(), b"x")
        .await
        .unwrap();
    for (from, to) in [(&directory, &file), (&file, &directory)] {
        let renamed = p.fs.rename(from, to, Overwrite::Replace).await;
        assert!(renamed.is_err(), "{from} took the place of {to}");
        assert_eq!(p.read(&file, 0).await.unwrap(), b"precious");
        assert_eq!(p.list(&directory).await.unwrap().len(), 1);
    }
    assert_eq!(
        p.names(&p.remote).await,
        [b"directory".to_vec(), b"file".to_vec()],
        "nothing else is left"
    );
}

async fn rename_missing(p: Place) {
    for overwrite in [Overwrite::Refuse, Overwrite::Replace] {
        let result = p.fs.rename(&p.path("a"), &p.path("b"), overwrite).await;
        assert_eq!(kind(result), ErrorKind::NotFound);
    }
}

async fn rename_directory(p: Place) {
    let (from, to) = (p.path("from"), p.path("to"));
    p.fs.create_dir(&from).await.unwrap();
    let inner = connection_core::path::RemoteName::new("inner");
    p.write(&from.join(&inner).unwrap(), b"x").await.unwrap();
    p.fs.rename(&from, &to, Overwrite::Refuse).await.unwrap();
    assert_eq!(p.read(&to.join(&inner).unwrap(), 0).await.unwrap(), b"x");
}
