//! Servers that stall, trickle, or never say that they are done: each wait ends in time and
//! with a type, and the session goes on.

use super::scripted::{CONTENT, Scripted, Talk, Then, say};
use super::*;
use connection_core::ErrorKind;
use connection_tests::Pyftpdlib;
use std::io::{Read, Write};

/// A session with a server that misbehaves on its first connection only.
async fn session(
    misbehave: impl Fn(&mut Talk, &str) -> Then + Send + Sync + 'static,
) -> (Scripted, FtpConnection) {
    let server = Scripted::start(move |talk, line| match talk.number {
        0 => misbehave(talk, line),
        _ => Then::Usual,
    });
    let connection = connected(&server.target().timeouts(quick())).await;
    (server, connection)
}

/// The session works, on a connection of its own.
async fn goes_on(server: &Scripted, connection: &FtpConnection) {
    let fs = connection.fs();
    assert_eq!(within(SOON, get(&*fs, "/file")).await.unwrap(), CONTENT);
    assert_eq!(
        server.seen().connections(),
        2,
        "the other one is not used again"
    );
    assert!(connection.is_alive());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_reply_never_comes() {
    for verb in ["RETR", "STOR", "LIST"] {
        let (server, connection) = session(move |talk, line| {
            if !line.starts_with(verb) {
                return Then::Usual;
            }
            talk.tell("150 ok");
            if let Some(mut data) = talk.data() {
                match verb {
                    "RETR" => data.write_all(CONTENT).unwrap(),
                    "STOR" => drop(data.read_to_end(&mut Vec::new())),
                    _ => {}
                }
            }
            talk.wait_for_the_end();
            Then::Close
        })
        .await;
        let fs = connection.fs();
        let outcome = match verb {
            "RETR" => get(&*fs, "/file").await.map(drop),
            "STOR" => put(&*fs, "/file", b"x").await,
            _ => list(&*fs, "/").await.map(drop),
        };
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut, "{verb}: {error:?}");
        assert_eq!(error.context("last_reply"), Some("missing"), "{verb}");
        goes_on(&server, &connection).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_control_connection_is_gone_when_the_data_has_ended() {
    let (server, connection) = session(|talk, line| {
        if line.starts_with("RETR") {
            talk.tell("150 ok");
            talk.data().unwrap().write_all(CONTENT).unwrap();
            return Then::Close;
        }
        Then::Usual
    })
    .await;
    let error = get(&*connection.fs(), "/file").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error:?}");
    assert_eq!(error.context("last_reply"), Some("missing"));
    assert_eq!(error.context("received"), Some("19"), "as long as the file");
    goes_on(&server, &connection).await;
}

/// Sends a byte every 100 ms until the client is gone.
fn trickle(to: &mut dyn Write, byte: &[u8]) {
    while to.write_all(byte).and_then(|()| to.flush()).is_ok() {
        std::thread::sleep(Duration::from_millis(100));
    }
}

struct Control<'a>(&'a mut Talk);

impl Write for Control<'_> {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        self.0.send(buf).map(|()| buf.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_that_trickles_ends_in_time() {
    for verb in ["MKD", "RETR"] {
        let (server, connection) = session(move |talk, line| {
            if !line.starts_with(verb) {
                return Then::Usual;
            }
            talk.send(b"150-").unwrap();
            trickle(&mut Control(talk), b"x");
            Then::Close
        })
        .await;
        let fs = connection.fs();
        let started = Instant::now();
        let made = match verb {
            "MKD" => fs.create_dir(&path("/d")).await,
            _ => get(&*fs, "/file").await.map(drop),
        };
        let error = made.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut, "{verb}: {error:?}");
        assert!(started.elapsed() < SOON / 2, "{verb}");
        goes_on(&server, &connection).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_that_stalls_ends_in_time() {
    let (server, connection) = session(|talk, line| {
        if line.starts_with("RETR") {
            talk.tell("150 ok");
            let mut data = talk.data().unwrap();
            data.write_all(b"what").unwrap();
            talk.wait_for_the_end();
            return Then::Close;
        }
        Then::Usual
    })
    .await;
    let error = within(SOON, get(&*connection.fs(), "/file"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut, "{error:?}");
    goes_on(&server, &connection).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_that_may_take_so_long_takes_no_longer() {
    let server = Scripted::start(|talk, line| {
        if talk.number == 0 && line.starts_with("RETR") {
            talk.tell("150 ok");
            let mut data = talk.data().unwrap();
            trickle(&mut data, b"x");
            return say("226 done");
        }
        Then::Usual
    });
    let limit = Duration::from_secs(1);
    let target = server.target().transfer_limit(limit);
    let connection = connected(&target).await;
    let started = Instant::now();
    let error = within(SOON, get(&*connection.fs(), "/file"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut, "{error:?}");
    assert!((limit..SOON).contains(&started.elapsed()));
    goes_on(&server, &connection).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stands_still_is_left_and_found_again() {
    let server = Pyftpdlib::builder().throttle(4 << 20).start();
    server.write_file("file", noise(LONG));
    let connection = connected(&target(&server).timeouts(quick())).await;
    let fs = connection.fs();
    let mut reader = fs.open_read(&path("/file"), 0).await.unwrap();
    reader.next_chunk().await.unwrap().unwrap();
    server.pause();
    let error = loop {
        match within(SOON, reader.next_chunk()).await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("a short success"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::TimedOut, "{error:?}");
    let stopped = within(SOON, fs.stat(&path("/file"))).await.unwrap_err();
    assert_eq!(stopped.kind(), ErrorKind::TimedOut, "{stopped:?}");
    server.resume();
    let seen = within(SOON, fs.stat(&path("/file"))).await.unwrap();
    assert_eq!(seen.size, Some(LONG as u64));
}
