//! The program as a process.

use super::SOON;
use connection_tests::manager::{ENGINES, Login, Manager, text};
use connection_tests::{ChaosProxy, Sshd, eventually};
use std::fs::{self, File};
use std::net::TcpStream;

#[test]
fn two_processes_know_their_own_sessions_and_share_their_record() {
    let config = tempfile::tempdir().unwrap();
    let both = [(), ()].map(|()| Manager::builder().config_dir(config.path()).start());
    let sshd = Sshd::start();
    let mut ids = Vec::new();
    std::thread::scope(|scope| {
        let opening: Vec<_> = both
            .iter()
            .zip(ENGINES)
            .map(|(manager, engine)| scope.spawn(|| manager.ssh(&sshd, engine)))
            .collect();
        ids.extend(opening.into_iter().map(|thread| thread.join().unwrap()));
    });
    for (manager, (own, others)) in both.iter().zip([(&ids[0], &ids[1]), (&ids[1], &ids[0])]) {
        manager.list(own, "/").ok();
        manager
            .list(others, "/")
            .fails(401, "Session expired or not found");
    }
    let record = fs::read_to_string(config.path().join("known_hosts")).unwrap();
    let lines: Vec<_> = record
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .collect();
    // Each engine may have been shown a key of its own type; none is there twice or by half.
    assert!((1..=2).contains(&lines.len()), "{record}");
    for line in &lines {
        let known = sshd.host_public_lines();
        assert!(
            known.iter().any(|key| line.contains(key.as_str())),
            "{record}"
        );
        assert_eq!(
            lines.iter().filter(|other| other == &line).count(),
            1,
            "{record}"
        );
    }
}

#[test]
fn sigterm_lets_a_download_end_and_closes_every_connection() {
    for engine in ENGINES {
        let manager = Manager::builder().flag("--drain-timeout", "60").start();
        let sshd = Sshd::start();
        let line = ChaosProxy::start(sshd.addr());
        let remote = sshd.write_file("long", "");
        let size = 40_000_000;
        File::options()
            .write(true)
            .open(&remote)
            .unwrap()
            .set_len(size)
            .unwrap();
        let login = Login::ssh(&sshd, engine).with("port", line.port());
        let id = manager.connect_ssh(&login).ok();
        let id = id["session_id"].as_str().unwrap();
        // It would take 40 seconds.
        line.throttle(1_000_000);
        let folder = manager.local("down");
        fs::create_dir(&folder).unwrap();
        let local = folder.join("long");
        std::thread::scope(|scope| {
            let download = scope.spawn(|| manager.download(id, text(&remote), &local).ok());
            eventually(SOON, "the download has begun", || {
                fs::read_dir(&folder).unwrap().flatten().any(|entry| {
                    entry
                        .metadata()
                        .is_ok_and(|metadata| metadata.len() > 100_000)
                })
            });
            manager.terminate();
            eventually(SOON, "it takes no new connection", || {
                TcpStream::connect(manager.addr()).is_err()
            });
            assert!(!download.is_finished(), "it was not cut");
            line.resume();
            assert_eq!(download.join().unwrap()["size"], size, "{engine}");
        });
        assert_eq!(fs::metadata(&local).unwrap().len(), size);
        let status = manager.ended(SOON);
        assert_eq!(
            status.and_then(|s| s.code()),
            Some(0),
            "{engine}\n{}",
            manager.log()
        );
        eventually(SOON, "no connection is left", || sshd.connections() == 0);
    }
}

#[test]
fn sigterm_without_work_ends_at_once_and_takes_the_sessions_along() {
    // The drain time is for work, and there is none.
    let manager = Manager::builder().flag("--drain-timeout", "600").start();
    let sshd = Sshd::start();
    for engine in ENGINES {
        manager.ssh(&sshd, engine);
    }
    manager.terminate();
    let status = manager.ended(SOON);
    assert_eq!(status.and_then(|s| s.code()), Some(0), "{}", manager.log());
    eventually(SOON, "no connection is left", || sshd.connections() == 0);
}

#[test]
fn a_transfer_that_does_not_end_is_cut_after_the_drain_time() {
    let manager = Manager::builder().flag("--drain-timeout", "1").start();
    let sshd = Sshd::start();
    let remote = sshd.write_file("long", "");
    File::options()
        .write(true)
        .open(&remote)
        .unwrap()
        .set_len(400_000_000)
        .unwrap();
    let id = manager.ssh(&sshd, "russh");
    let folder = manager.local("down");
    fs::create_dir(&folder).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let body = serde_json::json!({"remotePath": remote, "localPath": folder.join("a")});
            // An error answer or none at all: the process may be gone first.
            let answer = manager.try_send("POST", &format!("/connections/{id}/download"), |r| {
                r.header("content-type", "application/json")
                    .body(body.to_string())
            });
            assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status >= 500));
        });
        eventually(SOON, "the download has begun", || {
            fs::read_dir(&folder).unwrap().flatten().any(|entry| {
                entry
                    .metadata()
                    .is_ok_and(|metadata| metadata.len() > 100_000)
            })
        });
        sshd.pause();
        manager.terminate();
        let status = manager.ended(SOON);
        assert_eq!(status.and_then(|s| s.code()), Some(0), "{}", manager.log());
        sshd.resume();
    });
    assert!(!folder.join("a").exists());
}

#[test]
fn local_paths_outside_the_allowed_directories_are_out_of_reach() {
    let root = tempfile::tempdir().unwrap();
    let manager = Manager::builder().flag("--local-root", root.path()).start();
    let sshd = Sshd::start();
    let remote = sshd.write_file("a", "x");
    let id = manager.ssh(&sshd, "russh");
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret");
    fs::write(&secret, "precious").unwrap();
    std::os::unix::fs::symlink(outside.path(), root.path().join("link")).unwrap();
    let dots = format!("{}/../{}/secret", text(root.path()), name(outside.path()));
    for local in [secret.clone(), root.path().join("link/secret"), dots.into()] {
        manager.download(&id, text(&remote), &local).detail(403);
        manager
            .upload(&id, &local, text(&sshd.home().join("up")))
            .detail(403);
        let login = Login::key(&sshd, "russh").with("keyPath", text(&local));
        manager.connect_ssh(&login).detail(403);
    }
    assert_eq!(fs::read(&secret).unwrap(), b"precious");
    assert!(!sshd.home().join("up").exists());
    manager
        .download(&id, text(&remote), &root.path().join("a"))
        .ok();
}

fn name(path: &std::path::Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}
