//! Reading and writing: offsets, order, the end, giving up.

use super::{Case, Place, kind};
use bytes::Bytes;
use connection_core::ErrorKind;
use connection_core::fs::{Overwrite, WriteMode, WriteOptions};
use connection_core::tree::copy_file;
use futures::FutureExt;

pub(super) const CASES: &[Case] = &[
    Case::always("a large file survives both ways", |p| large(p).boxed()),
    Case::always("odd chunk sizes keep their order", |p| chunks(p).boxed()),
    Case::always("reading starts at the offset", |p| offset(p).boxed()),
    Case::always("reading past the end gives nothing", |p| {
        past_end(p).boxed()
    }),
    Case::always("reading a directory is an error", |p| directory(p).boxed()),
    Case::always("writing to a directory is an error", |p| {
        write_directory(p).boxed()
    }),
    Case::always("a dropped reader harms nothing", |p| {
        dropped_reader(p).boxed()
    }),
    Case::always("a dropped writer harms nothing", |p| {
        dropped_writer(p).boxed()
    }),
    Case::always("an aborted writer harms nothing", |p| {
        aborted_writer(p).boxed()
    }),
    Case::when(
        "writing at an offset keeps the rest",
        |c| c.write_at,
        |p| write_at(p).boxed(),
    ),
    Case::when(
        "writing at an offset needs the file",
        |c| c.write_at,
        |p| write_at_missing(p).boxed(),
    ),
    Case::when(
        "writing at the end appends",
        |c| c.write_at,
        |p| append(p).boxed(),
    ),
    Case::when(
        "a file is taken over on the server",
        |c| c.server_copy,
        |p| taken_over(p).boxed(),
    ),
    Case::when(
        "without a server that copies it says so and goes on",
        |c| !c.server_copy,
        |p| not_taken_over(p).boxed(),
    ),
    Case::always("a copied file is the same", |p| copied(p).boxed()),
];

/// Bytes that repeat at no power of two, so that a chunk in the wrong place shows.
fn pattern(length: usize) -> Vec<u8> {
    (0..length)
        .map(|i| (i % 251) as u8 ^ (i / 251 % 241) as u8)
        .collect()
}

async fn large(p: Place) {
    let data = pattern(9_000_001);
    p.write(&p.path("up"), &data).await.unwrap();
    assert!(std::fs::read(p.local.join("up")).unwrap() == data, "upload");
    assert!(p.read(&p.path("up"), 0).await.unwrap() == data, "download");
}

async fn chunks(p: Place) {
    let data = pattern(700_000);
    let options = WriteOptions {
        mode: WriteMode::Truncate,
        permissions: None,
    };
    let mut writer = p.fs.open_write(&p.path("file"), options).await.unwrap();
    let mut rest = Bytes::from(data.clone());
    for size in [1, 0, 7, 32_768, 32_769, 100_000, 255 * 1024, 3]
        .into_iter()
        .cycle()
    {
        let take = size.min(rest.len());
        writer.write(rest.split_to(take)).await.unwrap();
        if rest.is_empty() {
            break;
        }
    }
    writer.finish().await.unwrap();
    assert!(p.read(&p.path("file"), 0).await.unwrap() == data);
}

async fn offset(p: Place) {
    let data = pattern(300_000);
    p.write(&p.path("file"), &data).await.unwrap();
    for offset in [1_usize, 32_768, 32_769, 299_999] {
        let read = p.read(&p.path("file"), offset as u64).await.unwrap();
        assert!(
            read == data[offset..],
            "from {offset}: {} bytes",
            read.len()
        );
    }
}

async fn past_end(p: Place) {
    p.write(&p.path("file"), b"12345").await.unwrap();
    assert_eq!(p.read(&p.path("file"), 5).await.unwrap(), b"");
    assert_eq!(p.read(&p.path("file"), 5000).await.unwrap(), b"");
}

async fn directory(p: Place) {
    assert_eq!(kind(p.read(&p.remote, 0).await), ErrorKind::IsADirectory);
}

async fn write_directory(p: Place) {
    let path = p.path("directory");
    p.fs.create_dir(&path).await.unwrap();
    let result = p.write(&path, b"x").await;
    assert!(result.is_err(), "a directory took bytes");
    assert!(p.local.join("directory").is_dir());
}

async fn dropped_reader(p: Place) {
    let data = pattern(3_000_000);
    p.write(&p.path("file"), &data).await.unwrap();
    for _ in 0..5 {
        let mut reader = p.fs.open_read(&p.path("file"), 0).await.unwrap();
        reader.next_chunk().await.unwrap().expect("some bytes");
        drop(reader);
    }
    assert!(p.read(&p.path("file"), 0).await.unwrap() == data);
}

async fn dropped_writer(p: Place) {
    let options = WriteOptions {
        mode: WriteMode::Truncate,
        permissions: None,
    };
    for _ in 0..5 {
        let mut writer = p.fs.open_write(&p.path("partial"), options).await.unwrap();
        writer.write(Bytes::from(pattern(500_000))).await.unwrap();
        drop(writer);
    }
    p.write(&p.path("whole"), b"whole").await.unwrap();
    assert_eq!(p.read(&p.path("whole"), 0).await.unwrap(), b"whole");
}

async fn aborted_writer(p: Place) {
    let options = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: None,
    };
    let mut writer = p.fs.open_write(&p.path("partial"), options).await.unwrap();
    writer.write(Bytes::from(pattern(500_000))).await.unwrap();
    writer.abort().await;
    // What was written stays for the caller to remove, which must work at once.
    p.fs.remove_file(&p.path("partial")).await.unwrap();
    assert!(p.list(&p.remote).await.unwrap().is_empty());
}

async fn write_at(p: Place) {
    p.write(&p.path("file"), b"0123456789").await.unwrap();
    let options = WriteOptions {
        mode: WriteMode::At(4),
        permissions: None,
    };
    let mut writer = p.fs.open_write(&p.path("file"), options).await.unwrap();
    writer.write(Bytes::from_static(b"abc")).await.unwrap();
    writer.finish().await.unwrap();
    let read = p.read(&p.path("file"), 0).await.unwrap();
    assert_eq!(read, b"0123abc789", "{}", String::from_utf8_lossy(&read));
}

async fn write_at_missing(p: Place) {
    let options = WriteOptions {
        mode: WriteMode::At(0),
        permissions: None,
    };
    let result = async {
        let mut writer = p.fs.open_write(&p.path("missing"), options).await?;
        writer.write(Bytes::from_static(b"x")).await?;
        writer.finish().await
    };
    assert_eq!(kind(result.await), ErrorKind::NotFound);
}

async fn append(p: Place) {
    p.write(&p.path("file"), b"head").await.unwrap();
    let options = WriteOptions {
        mode: WriteMode::At(4),
        permissions: None,
    };
    let mut writer = p.fs.open_write(&p.path("file"), options).await.unwrap();
    writer.write(Bytes::from_static(b"-tail")).await.unwrap();
    writer.finish().await.unwrap();
    assert_eq!(p.read(&p.path("file"), 0).await.unwrap(), b"head-tail");
}

async fn taken_over(p: Place) {
    let data = pattern(6_000_001);
    p.write(&p.path("from"), &data).await.unwrap();
    let options = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: None,
    };
    let mut writer = p.fs.open_write(&p.path("to"), options).await.unwrap();
    writer.write(Bytes::from_static(b"head")).await.unwrap();
    let missing = writer.copy_from(&p.path("missing")).await;
    assert_eq!(kind(missing), ErrorKind::NotFound);
    let taken = writer.copy_from(&p.path("from")).await.unwrap();
    assert_eq!(taken, data.len() as u64);
    writer.write(Bytes::from_static(b"tail")).await.unwrap();
    writer.finish().await.unwrap();
    let read = p.read(&p.path("to"), 0).await.unwrap();
    assert!(read == [b"head", &data[..], b"tail"].concat());
}

async fn not_taken_over(p: Place) {
    p.write(&p.path("from"), b"not this").await.unwrap();
    let options = WriteOptions {
        mode: WriteMode::Truncate,
        permissions: None,
    };
    let mut writer = p.fs.open_write(&p.path("to"), options).await.unwrap();
    let refused = writer.copy_from(&p.path("from")).await;
    assert_eq!(kind(refused), ErrorKind::Unsupported);
    writer.write(Bytes::from_static(b"but this")).await.unwrap();
    writer.finish().await.unwrap();
    assert_eq!(p.read(&p.path("to"), 0).await.unwrap(), b"but this");
}

async fn copied(p: Place) {
    let data = pattern(6_000_001);
    p.write(&p.path("from"), &data).await.unwrap();
    let (from, to) = (p.path("from"), p.path("to"));
    let size = copy_file(&p.fs, &from, &to, Overwrite::Refuse).await;
    assert_eq!(size.unwrap(), data.len() as u64);
    assert!(p.read(&to, 0).await.unwrap() == data);
    let again = copy_file(&p.fs, &from, &to, Overwrite::Refuse).await;
    assert_eq!(kind(again), ErrorKind::AlreadyExists);
    p.write(&from, b"new").await.unwrap();
    let size = copy_file(&p.fs, &from, &to, Overwrite::Replace).await;
    assert_eq!(size.unwrap(), 3);
    assert_eq!(p.read(&to, 0).await.unwrap(), b"new");
    assert_eq!(
        p.names(&p.remote).await,
        [b"from".to_vec(), b"to".to_vec()],
        "nothing else is left"
    );
}
