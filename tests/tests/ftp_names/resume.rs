//! Going on with transfers that were cut off.

use super::{connect, path, target};
use connection_core::ErrorKind;
use connection_core::fs::{RemoteFs, WriteMode, WriteOptions};
use connection_core::path::{RemoteName, RemotePath};
use connection_core::transfer::{RemoteUpload, UploadOptions};
use connection_tests::wait::PATIENCE;
use connection_tests::{FtpServer, ProFtpd, PureFtpd, Pyftpdlib, Vsftpd, eventually};
use sha2::{Digest, Sha256};
use std::sync::Arc;

fn servers() -> [Box<dyn FtpServer>; 4] {
    [
        Box::new(Vsftpd::start()),
        Box::new(ProFtpd::start()),
        Box::new(PureFtpd::start()),
        Box::new(Pyftpdlib::start()),
    ]
}

/// Bytes whose place in the file can be told from them.
fn content(len: u32) -> Vec<u8> {
    (0..len / 4).flat_map(u32::to_le_bytes).collect()
}

async fn begin(fs: &Arc<dyn RemoteFs>, to: &RemotePath, offset: u64) -> RemoteUpload {
    let partial = RemoteName::new("up.part");
    RemoteUpload::resume(fs, to, &partial, offset, UploadOptions::default())
        .await
        .unwrap_or_else(|e| panic!("{e:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_where_the_server_has_it() {
    let content = content(9 << 20);
    for server in servers() {
        let name = server.name();
        let (to, partial) = (path("/up"), path("/up.part"));
        let mut offset = 0;
        // Cut off twice: by the network, and by the server's end of all connections.
        for (round, end) in [3 << 20, 6 << 20].into_iter().enumerate() {
            let connection = connect(&target(&*server)).await;
            let fs = connection.fs();
            let mut upload = begin(&fs, &to, offset).await;
            let from = usize::try_from(offset).unwrap();
            upload
                .write(content[from..end].to_vec().into())
                .await
                .unwrap();
            let local = server.home().join("up.part");
            eventually(PATIENCE, "much of it has arrived", || {
                std::fs::metadata(&local).is_ok_and(|m| m.len() > offset)
            });
            if round == 0 {
                connection.close().await;
            } else {
                server.kill_connections();
            }
            drop(upload);
            connection.close().await;
            // The server's own process may still be writing what had arrived.
            eventually(PATIENCE, "the server is done with it", || {
                server.children() == 0 && server.open_sockets() == 0
            });
            let connection = connect(&target(&*server)).await;
            let seen = connection.fs().lstat(&partial).await.unwrap();
            offset = seen.size.unwrap();
            assert!(offset > 0 && offset <= end as u64, "{name}: {offset}");
            connection.close().await;
        }
        let connection = connect(&target(&*server)).await;
        let fs = connection.fs();
        let mut upload = begin(&fs, &to, offset)
            .await
            .expecting(content.len() as u64);
        let from = usize::try_from(offset).unwrap();
        upload.write(content[from..].to_vec().into()).await.unwrap();
        upload.finish().await.unwrap();
        let there = std::fs::read(server.home().join("up")).unwrap();
        assert_eq!(Sha256::digest(&there), Sha256::digest(&content), "{name}");
        assert!(!server.home().join("up.part").exists());
        connection.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_someone_else_wrote_to_is_not_taken_for_whole() {
    // This one tells another length afterwards than what was appended makes.
    let server = Pyftpdlib::builder()
        .without(&["MLSD", "MLST"])
        .reply("SIZE", "213 50")
        .start();
    server.write_file("file", b"12345");
    let connection = connect(&target(&server)).await;
    let options = WriteOptions {
        mode: WriteMode::At(5),
        permissions: None,
    };
    let writer = connection.fs().open_write(&path("/file"), options).await;
    let mut writer = writer.unwrap();
    writer.write(b"678"[..].into()).await.unwrap();
    let error = writer.finish().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete, "{error:?}");
    connection.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn offsets_beyond_four_gibibytes_are_exact() {
    const FAR: u64 = (4 << 30) + 12_345;
    for server in servers() {
        let name = server.name();
        let place = server.write_file("far", b"");
        let file = std::fs::File::options().write(true).open(&place).unwrap();
        file.set_len(FAR).unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, b"the end", FAR).unwrap();
        drop(file);
        let connection = connect(&target(&*server)).await;
        let fs = connection.fs();
        assert_eq!(fs.stat(&path("/far")).await.unwrap().size, Some(FAR + 7));
        let mut reader = fs.open_read(&path("/far"), FAR - 1).await.unwrap();
        let mut read = Vec::new();
        while let Some(bytes) = reader.next_chunk().await.unwrap() {
            read.extend_from_slice(&bytes);
        }
        assert_eq!(read, b"\0the end", "{name}");
        // And one is gone on with from there.
        std::fs::rename(&place, server.home().join("up.part")).unwrap();
        let mut upload = begin(&fs, &path("/up"), FAR + 7).await;
        upload.write(b", now"[..].into()).await.unwrap();
        upload.finish().await.unwrap();
        let file = std::fs::File::open(server.home().join("up")).unwrap();
        let mut tail = [0; 12];
        std::os::unix::fs::FileExt::read_exact_at(&file, &mut tail, FAR).unwrap();
        assert_eq!(&tail, b"the end, now", "{name}");
        assert_eq!(file.metadata().unwrap().len(), FAR + 12, "{name}");
        connection.close().await;
    }
}
