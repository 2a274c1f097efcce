//! Idle connections: asked whether they live, closed when there are too many, replaced.

use super::hostile::{login_answer, script, talk};
use super::servers::Pyftpd;
use super::*;
use crate::ftp::keepalive::Upkeep;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

async fn kept(target: &FtpTarget, probe: u64, surplus: Duration) -> FtpConnection {
    let upkeep = Upkeep {
        probe: (probe > 0).then(|| Duration::from_millis(probe)),
        surplus,
    };
    FtpConnection::connect_kept(target, trusting(), upkeep)
        .await
        .unwrap()
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_needed_any_more_is_closed_but_for_one() {
    let server = Pyftpd::default().start();
    std::fs::write(server.root.join("long"), noise(8 << 20)).unwrap();
    let target = target(server.port, "ann", false);
    for probe in [0, 20] {
        let connection = kept(&target, probe, Duration::from_millis(200)).await;
        let fs = connection.fs();
        let mut readers = Vec::new();
        for _ in 0..4 {
            readers.push(fs.open_read(&path(&server, "long"), 0).await.unwrap());
        }
        assert!(connection.connections().open >= 4);
        for mut reader in readers {
            while reader.next_chunk().await.unwrap().is_some() {}
        }
        until("one is left", || connection.connections().open == 1).await;
        assert_eq!(list(&fs, &path(&server, ".")).await.unwrap().len(), 1);
        // One that is just being probed is not waited for.
        until("one is left again", || connection.connections().open == 1).await;
    }
}

/// Answers `RETR` while `held`, and counts `NOOP`s, of which those during a transfer apart.
struct Probed {
    port: u16,
    held: Arc<AtomicBool>,
    noops: Arc<AtomicUsize>,
    amid: Arc<AtomicUsize>,
    logins: Arc<AtomicUsize>,
}

fn probed(answer: &'static str) -> Probed {
    let held = Arc::new(AtomicBool::new(true));
    let [noops, amid, logins] = std::array::from_fn(|_| Arc::new(AtomicUsize::new(0)));
    let (holding, counted, wrong, count) =
        (held.clone(), noops.clone(), amid.clone(), logins.clone());
    let port = script(move |stream| {
        count.fetch_add(1, Ordering::SeqCst);
        let passive: Mutex<Option<TcpListener>> = Mutex::new(None);
        let control = stream.try_clone().unwrap();
        talk(stream, "220 hi\r\n", |line| {
            if line == "EPSV" {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
                let port = listener.local_addr().unwrap().port();
                *passive.lock().unwrap() = Some(listener);
                return Some(format!("229 here (|||{port}|)\r\n"));
            }
            if line.starts_with("RETR") {
                let listener = passive.lock().unwrap().take().unwrap();
                let (mut data, _) = listener.accept().unwrap();
                (&control).write_all(b"150 coming\r\n").unwrap();
                data.write_all(b"some").unwrap();
                control
                    .set_read_timeout(Some(Duration::from_millis(5)))
                    .unwrap();
                while holding.load(Ordering::SeqCst) {
                    if control.peek(&mut [0]).is_ok() {
                        wrong.fetch_add(1, Ordering::SeqCst);
                        return None;
                    }
                }
                control.set_read_timeout(None).unwrap();
                return Some("226 done\r\n".to_owned());
            }
            if line == "NOOP" {
                counted.fetch_add(1, Ordering::SeqCst);
                return (!answer.is_empty()).then(|| format!("{answer}\r\n"));
            }
            login_answer(line)
        });
    });
    Probed {
        port,
        held,
        noops,
        amid,
        logins,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_in_use_is_left_alone_and_an_idle_one_is_asked() {
    let server = probed("200 ok");
    let connection = kept(&target(server.port, "ann", false), 10, Duration::MAX / 4).await;
    let fs = connection.fs();
    let mut reader = fs
        .open_read(&RemotePath::from_text("/x").unwrap(), 0)
        .await
        .unwrap();
    reader.next_chunk().await.unwrap().unwrap();
    // Many times the interval; the other connection shows that probes run.
    fs.stat(&RemotePath::root()).await.unwrap();
    until("probes run beside it", || {
        server.noops.load(Ordering::SeqCst) >= 5
    })
    .await;
    assert_eq!(server.amid.load(Ordering::SeqCst), 0);
    server.held.store(false, Ordering::SeqCst);
    assert!(reader.next_chunk().await.unwrap().is_none());
    let now = server.noops.load(Ordering::SeqCst);
    until("both are asked", || {
        server.noops.load(Ordering::SeqCst) > now + 5
    })
    .await;
    assert_eq!(server.logins.load(Ordering::SeqCst), 2);
    assert!(connection.is_alive());
}

#[tokio::test(flavor = "multi_thread")]
async fn any_answer_to_a_probe_is_life_but_for_a_farewell() {
    for (answer, replaced) in [
        ("250 ok", false),
        ("502 NOOP not implemented", false),
        ("421 Timeout", true),
        ("", true),
    ] {
        let server = probed(answer);
        let connection = kept(&target(server.port, "ann", false), 10, Duration::MAX / 4).await;
        until("it was asked often", || {
            server.noops.load(Ordering::SeqCst) >= 5
        })
        .await;
        let logins = server.logins.load(Ordering::SeqCst);
        assert_eq!(logins > 1, replaced, "{answer}: {logins}");
        connection.fs().stat(&RemotePath::root()).await.unwrap();
        assert!(connection.is_alive());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_and_operations_together_do_not_wear_a_refused_password_out() {
    let [logins, passwords] = std::array::from_fn(|_| Arc::new(AtomicUsize::new(0)));
    let (count, offered) = (logins.clone(), passwords.clone());
    let port = script(move |stream| {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        talk(stream, "220 hi\r\n", |line| match line {
            // The only connection that ever worked ends.
            "NOOP" => None,
            line if line.starts_with("PASS") => {
                offered.fetch_add(1, Ordering::SeqCst);
                Some(if first { "230 in\r\n" } else { "530 no\r\n" }.to_owned())
            }
            line => login_answer(line),
        });
    });
    let connection = kept(&target(port, "ann", false), 5, Duration::MAX / 4).await;
    until("it is out", || !connection.is_alive()).await;
    let started = Instant::now();
    while started.elapsed() < Duration::from_millis(500) {
        let error = connection.fs().stat(&RemotePath::root()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.message()),
            (crate::ErrorKind::AuthenticationFailed, "530 no")
        );
    }
    // The good one, the one that was refused, and once more for a server that may count the
    // connection that just ended.
    let offered = passwords.load(Ordering::SeqCst);
    assert!(offered <= 3, "{offered}");
}
