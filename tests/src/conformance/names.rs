//! Names: bytes all the way, from the listing to the removal.

use super::{Case, Place, kind};
use connection_core::ErrorKind;
use connection_core::fs::Overwrite;
use futures::FutureExt;

pub(super) const CASES: &[Case] = &[
    Case::always("awkward names go the whole way", |p| awkward(p).boxed()),
    Case::always("a backslash goes the whole way", |p| backslash(p).boxed()),
    Case::always("a control character goes the whole way", |p| {
        control(p).boxed()
    }),
    Case::always("a trailing space goes the whole way", |p| {
        trailing_space(p).boxed()
    }),
    Case::when(
        "names that are not utf-8 go the whole way",
        |c| c.byte_names,
        |p| not_utf8(p).boxed(),
    ),
    Case::always("a long name goes the whole way", |p| long(p).boxed()),
    Case::always("glob characters match only themselves", |p| {
        globs(p).boxed()
    }),
];

async fn whole_way(p: &Place, name: &[u8]) {
    let shown = String::from_utf8_lossy(name).into_owned();
    let path = p.path(name);
    p.write(&path, name)
        .await
        .unwrap_or_else(|e| panic!("write {shown:?}: {e}"));
    assert_eq!(p.names(&p.remote).await, [name.to_vec()], "list {shown:?}");
    let size =
        p.fs.stat(&path)
            .await
            .unwrap_or_else(|e| panic!("stat {shown:?}: {e}"))
            .size;
    assert_eq!(size, Some(name.len() as u64), "stat {shown:?}");
    let read = p
        .read(&path, 0)
        .await
        .unwrap_or_else(|e| panic!("read {shown:?}: {e}"));
    assert_eq!(read, name, "read {shown:?}");
    let mut other = name.to_vec();
    other.insert(0, b'x');
    let other = p.path(&other);
    p.fs.rename(&path, &other, Overwrite::Refuse)
        .await
        .unwrap_or_else(|e| panic!("rename {shown:?}: {e}"));
    p.fs.rename(&other, &path, Overwrite::Refuse)
        .await
        .unwrap_or_else(|e| panic!("rename back {shown:?}: {e}"));
    p.fs.remove_file(&path)
        .await
        .unwrap_or_else(|e| panic!("remove {shown:?}: {e}"));
}

async fn awkward(p: Place) {
    for name in [
        " leading",
        "two  spaces",
        "-dash",
        "--help",
        "a'b\"c",
        "$(touch x)",
        "semi;colon",
        "name -> other",
        "100%",
        "ünïcödé",
        "日本語",
        "~",
        "#hash",
        "total 12",
    ] {
        whole_way(&p, name.as_bytes()).await;
    }
}

async fn backslash(p: Place) {
    whole_way(&p, b"back\\slash").await;
}

async fn control(p: Place) {
    whole_way(&p, b"tab\there").await;
}

async fn trailing_space(p: Place) {
    whole_way(&p, b"trailing ").await;
}

async fn not_utf8(p: Place) {
    whole_way(&p, b"caf\xe9").await;
    whole_way(&p, b"\xfe\x80 \xc3\x28").await;
}

async fn long(p: Place) {
    whole_way(&p, "n".repeat(200).as_bytes()).await;
}

async fn globs(p: Place) {
    std::fs::write(p.local.join("other"), b"x").unwrap();
    std::fs::write(p.local.join("o"), b"x").unwrap();
    for name in ["*", "?", "[a-z]", "{a,b}"] {
        assert_eq!(
            kind(p.fs.remove_file(&p.path(name)).await),
            ErrorKind::NotFound,
            "{name}"
        );
        p.write(&p.path(name), b"glob").await.unwrap();
        assert_eq!(p.read(&p.path(name), 0).await.unwrap(), b"glob");
        p.fs.remove_file(&p.path(name)).await.unwrap();
    }
    assert_eq!(p.names(&p.remote).await, [b"o".to_vec(), b"other".to_vec()]);
}
