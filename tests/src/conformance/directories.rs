//! Directories: make, list, remove.

use super::{Case, Place, kind};
use connection_core::ErrorKind;
use connection_core::fs::FileType;
use futures::FutureExt;

pub(super) const CASES: &[Case] = &[
    Case::always("the home is an absolute directory", |p| home(p).boxed()),
    Case::always("an empty directory lists nothing", |p| empty(p).boxed()),
    Case::always("a listing has types and sizes", |p| listing(p).boxed()),
    Case::always("a listing has hidden names and no dots", |p| {
        hidden(p).boxed()
    }),
    Case::always("listing a file is an error", |p| list_file(p).boxed()),
    Case::always("a large directory comes in full", |p| large(p).boxed()),
    Case::always("create dir refuses an existing one", |p| {
        create_existing(p).boxed()
    }),
    Case::always("remove dir removes an empty one", |p| remove(p).boxed()),
    Case::always("remove dir refuses a full one", |p| remove_full(p).boxed()),
    Case::always("a dropped listing harms nothing", |p| dropped(p).boxed()),
];

async fn home(p: Place) {
    let home = p.fs.home().await.unwrap();
    assert!(p.fs.stat(&home).await.unwrap().is_dir(), "{home}");
}

async fn empty(p: Place) {
    assert!(p.list(&p.remote).await.unwrap().is_empty());
}

async fn listing(p: Place) {
    std::fs::create_dir(p.local.join("directory")).unwrap();
    p.write(&p.path("file"), b"12345").await.unwrap();
    let entries = p.list(&p.remote).await.unwrap();
    let [directory, file] = entries.as_slice() else {
        panic!("two entries, not {entries:?}");
    };
    assert_eq!(directory.name.as_bytes(), b"directory");
    assert_eq!(directory.metadata.file_type, FileType::Directory);
    assert_eq!(file.name.as_bytes(), b"file");
    assert_eq!(file.metadata.file_type, FileType::File);
    assert_eq!(file.metadata.size, Some(5));
    let age = file
        .metadata
        .modified
        .expect("every server tells the time of the last change")
        .elapsed()
        .unwrap_or_default();
    assert!(
        age.as_secs() < 86_400 * 2,
        "{age:?}: a time zone apart at most"
    );
}

async fn hidden(p: Place) {
    p.write(&p.path(".hidden"), b"x").await.unwrap();
    p.write(&p.path("..almost"), b"x").await.unwrap();
    assert_eq!(
        p.names(&p.remote).await,
        [b"..almost".to_vec(), b".hidden".to_vec()]
    );
}

async fn list_file(p: Place) {
    let path = p.path("file");
    p.write(&path, b"x").await.unwrap();
    assert_eq!(kind(p.list(&path).await), ErrorKind::NotADirectory);
}

async fn large(p: Place) {
    // Fewer would fit one page of any server.
    let mut want: Vec<Vec<u8>> = Vec::new();
    for number in 0..2500 {
        let name = format!("a file with a rather long name, number {number:05}");
        std::fs::write(p.local.join(&name), b"").unwrap();
        want.push(name.into_bytes());
    }
    assert!(p.names(&p.remote).await == want, "every name once");
}

async fn create_existing(p: Place) {
    let path = p.path("directory");
    p.fs.create_dir(&path).await.unwrap();
    assert_eq!(kind(p.fs.create_dir(&path).await), ErrorKind::AlreadyExists);
    let file = p.path("file");
    p.write(&file, b"x").await.unwrap();
    assert_eq!(kind(p.fs.create_dir(&file).await), ErrorKind::AlreadyExists);
}

async fn remove(p: Place) {
    let path = p.path("directory");
    p.fs.create_dir(&path).await.unwrap();
    p.fs.remove_dir(&path).await.unwrap();
    assert_eq!(kind(p.fs.stat(&path).await), ErrorKind::NotFound);
}

async fn remove_full(p: Place) {
    let path = p.path("directory");
    p.fs.create_dir(&path).await.unwrap();
    std::fs::write(p.local.join("directory/file"), b"x").unwrap();
    assert_eq!(
        kind(p.fs.remove_dir(&path).await),
        ErrorKind::DirectoryNotEmpty
    );
    assert!(p.local.join("directory/file").exists());
}

async fn dropped(p: Place) {
    for number in 0..500 {
        std::fs::write(p.local.join(format!("file-{number}")), b"").unwrap();
    }
    for _ in 0..20 {
        let mut pages = p.fs.list(&p.remote).await.unwrap();
        let first = pages.next_page().await.unwrap();
        assert!(first.is_some());
        drop(pages);
    }
    assert_eq!(p.names(&p.remote).await.len(), 500);
}
