//! A connection with everything at once on it: an upload, a download, commands, and a
//! terminal in which somebody types, each checked byte by byte.

use super::screen::Screen;
use crate::exec::{ExecRequest, ExitStatus};
use crate::fs::{WriteMode, WriteOptions};
use crate::path::RemotePath;
use crate::ssh::SshConnection;
use crate::ssh::test_sshd::Sshd;
use crate::terminal::TerminalRequest;
use bytes::{Bytes, BytesMut};
use sha2::{Digest, Sha256};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

/// Bytes handled at once.
const PIECE: u64 = 1 << 20;

/// How long all of it may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(900);

/// A file's contents: every piece is zeros with its own number in several places, so that
/// a piece that is lost, doubled or out of place changes the sum.
#[derive(Clone, Copy)]
pub(super) struct Content {
    size: u64,
}

impl Content {
    pub(super) fn new(size: u64) -> Self {
        assert_eq!(size % PIECE, 0);
        Self { size }
    }

    fn marks(number: u64) -> impl Iterator<Item = (u64, [u8; 16])> {
        [0, 4096, 65_528, PIECE - 16].into_iter().map(move |at| {
            let mut mark = [0xA5; 16];
            mark[..8].copy_from_slice(&(number + 1).to_be_bytes());
            mark[8..12].copy_from_slice(&(at as u32).to_be_bytes());
            (at, mark)
        })
    }

    fn piece(number: u64) -> Bytes {
        let mut piece = BytesMut::zeroed(PIECE as usize);
        for (at, mark) in Self::marks(number) {
            piece[at as usize..][..16].copy_from_slice(&mark);
        }
        piece.freeze()
    }

    fn sum(self) -> String {
        let mut sum = Sha256::new();
        for number in 0..self.size / PIECE {
            sum.update(Self::piece(number));
        }
        hex(sum)
    }

    /// A file of this content that takes little room.
    fn store(self, path: &Path) {
        let mut file = std::fs::File::create(path).unwrap();
        file.set_len(self.size).unwrap();
        for number in 0..self.size / PIECE {
            for (at, mark) in Self::marks(number) {
                file.seek(SeekFrom::Start(number * PIECE + at)).unwrap();
                file.write_all(&mark).unwrap();
            }
        }
    }
}

fn hex(sum: Sha256) -> String {
    let sum = sum.finalize();
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sum_of(path: &Path) -> String {
    let mut sum = Sha256::new();
    let mut file = std::fs::File::open(path).unwrap();
    let mut piece = vec![0; PIECE as usize];
    loop {
        match file.read(&mut piece).unwrap() {
            0 => return hex(sum),
            count => sum.update(&piece[..count]),
        }
    }
}

/// Runs all of it to its end, and says how many lines were typed meanwhile.
pub(super) async fn all_at_once(
    sshd: &Sshd,
    connection: &SshConnection,
    content: Content,
) -> usize {
    let expected = tokio::task::spawn_blocking(move || content.sum());
    let expected = expected.await.unwrap();
    let down = sshd.directory.path().join("down");
    let up = sshd.directory.path().join("up");
    content.store(&down);
    let (over, is_over) = tokio::sync::watch::channel(false);
    let transfers = async {
        let (downloaded, ()) = tokio::join!(
            download(connection, &down),
            upload(connection, &up, content)
        );
        over.send_replace(true);
        downloaded
    };
    let all = async {
        let commands = commands(connection, is_over.clone());
        tokio::join!(transfers, typing(connection, is_over), commands)
    };
    let outcome = tokio::time::timeout(PATIENCE, all).await;
    let Ok((downloaded, lines, ())) = outcome else {
        panic!("it does not end\n{}", sshd.log());
    };
    assert_eq!(downloaded, expected, "the download\n{}", sshd.log());
    let uploaded = tokio::task::spawn_blocking(move || sum_of(&up));
    assert_eq!(
        uploaded.await.unwrap(),
        expected,
        "the upload\n{}",
        sshd.log()
    );
    lines
}

fn remote(path: &Path) -> RemotePath {
    let base = RemotePath::parse(b"/", &RemotePath::root()).unwrap();
    RemotePath::parse(path.as_os_str().as_encoded_bytes(), &base).unwrap()
}

async fn download(connection: &SshConnection, from: &Path) -> String {
    let mut file = connection.fs().open_read(&remote(from), 0).await.unwrap();
    let mut sum = Sha256::new();
    while let Some(chunk) = file.next_chunk().await.unwrap() {
        sum.update(&chunk);
    }
    hex(sum)
}

async fn upload(connection: &SshConnection, to: &Path, content: Content) {
    let options = WriteOptions {
        mode: WriteMode::CreateNew,
        permissions: None,
    };
    let fs = connection.fs();
    let mut file = fs.open_write(&remote(to), options).await.unwrap();
    for number in 0..content.size / PIECE {
        file.write(Content::piece(number)).await.unwrap();
    }
    file.finish().await.unwrap();
}

/// Runs one command after the other until it is over: channels come and go.
async fn commands(connection: &SshConnection, over: tokio::sync::watch::Receiver<bool>) {
    let mut number = 0;
    while !*over.borrow() {
        number += 1;
        let request = ExecRequest::new(format!("echo {number}; exit 3"));
        let output = connection.exec(request).await.unwrap();
        assert_eq!(output.stdout, format!("{number}\n").into_bytes());
        assert_eq!(output.status, ExitStatus::Code(3));
    }
}

/// Types numbered lines, one key at a time and many lines at once, until it is over; every
/// byte must come back, once and in its place.
async fn typing(connection: &SshConnection, over: tokio::sync::watch::Receiver<bool>) -> usize {
    let request = TerminalRequest::default().command("stty raw -echo; echo ready; exec cat");
    let mut screen = Screen::open(connection, request).await;
    screen.until("ready\n").await;
    let mut line = 0;
    loop {
        line += 1;
        let text = format!("line {line:06} of many\n");
        for key in text.as_bytes() {
            screen.input.write(vec![*key]).await.unwrap();
        }
        screen.exactly(text.as_bytes()).await;
        let mut many = String::new();
        for _ in 0..40 {
            line += 1;
            many += &format!("line {line:06}\n");
        }
        screen.input.write(many.clone()).await.unwrap();
        screen.exactly(many.as_bytes()).await;
        if *over.borrow() {
            break;
        }
    }
    screen.input.write("\x04").await.unwrap();
    screen.exactly(b"\x04").await;
    screen.input.close().await;
    let (shown, status) = screen.rest().await;
    assert_eq!(shown, "");
    assert!(!matches!(status, ExitStatus::Code(_)), "{status:?}");
    line
}
