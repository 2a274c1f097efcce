//! Giving up: connections, threads and sockets are gone, and the next operation works at once.

use super::*;
use connection_core::ErrorKind;
use connection_tests::{ChaosProxy, PureFtpd, Pyftpdlib, Vsftpd};

/// Threads of FTP operations, of all sessions of this process.
fn threads() -> usize {
    std::fs::read_dir("/proc/self/task")
        .unwrap()
        .flatten()
        .filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok())
        .filter(|name| name.trim() == "ftp")
        .count()
}

fn servers() -> [Box<dyn FtpServer>; 4] {
    [
        Box::new(Vsftpd::start()),
        Box::new(
            Vsftpd::builder()
                .tls(Tls::Required)
                .session_reuse(true)
                .start(),
        ),
        Box::new(PureFtpd::start()),
        Box::new(Pyftpdlib::builder().tls(Tls::Required).start()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_given_up_leaves_nothing_behind() {
    for server in &servers() {
        server.write_file("file", noise(LONG));
        for n in 0..1000 {
            std::fs::write(server.home().join(format!("n{n}")), "").unwrap();
        }
        let name = server.name();
        let connection = connected(&target(&**server)).await;
        let fs = connection.fs();
        for round in 0..3 {
            let mut reader = fs.open_read(&path("/file"), 0).await.unwrap();
            reader.next_chunk().await.unwrap().unwrap();
            drop(reader);
            stat_at_once(&*fs, name, round).await;

            let mut pages = fs.list(&path("/")).await.unwrap();
            pages.next_page().await.unwrap().unwrap();
            drop(pages);
            stat_at_once(&*fs, name, round).await;

            let mut writer = fs.open_write(&path("/part"), ANEW).await.unwrap();
            writer.write(Bytes::from(noise(1 << 20))).await.unwrap();
            drop(writer);
            stat_at_once(&*fs, name, round).await;
        }
        // Futures dropped at any moment.
        for n in 0..40 {
            let file = path("/file");
            let moment = Duration::from_micros(n * 100);
            let _ = tokio::time::timeout(moment, fs.open_read(&file, 0)).await;
            let _ = tokio::time::timeout(moment, fs.stat(&file)).await;
        }
        stat_at_once(&*fs, name, 99).await;
        until("only what is idle is open", || {
            ours(server.port()) == connection.connections().open
                && connection.connections().busy == 0
        })
        .await;
        until("the server has closed the rest", || {
            server.open_sockets() <= connection.connections().open
        })
        .await;
        within(Duration::from_secs(1), connection.close()).await;
        assert_eq!(connection.connections().open, 0, "{name}");
        until("the server has no connection", || {
            server.open_sockets() == 0
        })
        .await;
    }
}

async fn stat_at_once(fs: &dyn RemoteFs, server: &str, round: usize) {
    let started = Instant::now();
    let seen = fs.stat(&path("/file")).await;
    let took = started.elapsed();
    let seen = seen.unwrap_or_else(|error| panic!("{server}, round {round}: {error:?}"));
    assert_eq!(seen.size, Some(LONG as u64));
    assert!(took < SOON / 2, "{server}, round {round}: {took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_closed_ends_every_thread_whatever_it_waits_for() {
    let server = Pyftpdlib::start();
    server.write_file("file", noise(LONG));
    let proxy = ChaosProxy::start(server.addr());
    let through = target(&server).port(proxy.port());
    let connection = connected(&through).await;
    let fs = connection.fs();
    // One reads, one writes, and of those behind a way that is stalled one waits for a reply
    // and others for a login.
    let mut reader = fs.open_read(&path("/file"), 0).await.unwrap();
    reader.next_chunk().await.unwrap().unwrap();
    let mut writer = fs.open_write(&path("/part"), ANEW).await.unwrap();
    writer.write(Bytes::from(noise(1 << 20))).await.unwrap();
    proxy.stall_all();
    let waiting: Vec<_> = (0..4)
        .map(|_| {
            let fs = connection.fs();
            tokio::spawn(async move { list(&*fs, "/").await.map(drop) })
        })
        .collect();
    until("they wait", || connection.connections().busy >= 3).await;
    let started = Instant::now();
    connection.close().await;
    assert!(started.elapsed() < Duration::from_secs(1));
    for waiting in waiting {
        let error = within(SOON, waiting).await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{error:?}");
    }
    assert_eq!(connection.connections().open, 0);
    assert_eq!(ours(proxy.port()), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connect_that_is_given_up_is_gone() {
    let server = Vsftpd::start();
    let proxy = ChaosProxy::start(server.addr());
    for bytes in [0, 30, 60, 90] {
        proxy.stall_all();
        let through = target(&server).port(proxy.port());
        let mut connecting = Box::pin(connect(&through));
        let early = tokio::time::timeout(Duration::from_millis(100 + bytes), &mut connecting).await;
        assert!(early.is_err());
        drop(connecting);
        until("its socket is closed", || ours(proxy.port()) == 0).await;
        proxy.resume();
    }
    until("the server has no connection", || {
        server.open_sockets() == 0
    })
    .await;
}

/// In a process of its own: those of other tests would be counted as well.
#[test]
fn threads_end_with_what_they_worked_for() {
    let alone = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "cancel::threads_are_counted"])
        .output()
        .unwrap();
    assert!(alone.status.success(), "{alone:?}");
    assert!(String::from_utf8_lossy(&alone.stdout).contains("1 passed"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "counts the threads of its process, so it runs in one of its own"]
async fn threads_are_counted() {
    let server = Vsftpd::start();
    server.write_file("file", noise(LONG));
    for _ in 0..3 {
        let connection = connected(&target(&server)).await;
        let fs = connection.fs();
        let mut readers = Vec::new();
        for _ in 0..4 {
            readers.push(fs.open_read(&path("/file"), 0).await.unwrap());
        }
        // The thread that logged in may still be on its way out.
        until("one is left for each reader", || threads() == 4).await;
        drop(readers);
        until("the threads of the readers end", || threads() == 0).await;
        let _waiting = fs.open_read(&path("/file"), 0).await.unwrap();
        drop(connection);
        until("a dropped session ends its threads", || threads() == 0).await;
    }
    until("the server has no connection", || {
        server.open_sockets() == 0
    })
    .await;
}
