//! What a session answers whose server is gone, and what a full house answers.

use connection_tests::manager::{Login, Manager, SshWorld, text};
use connection_tests::{Sshd, eventually, on_both_engines};
use std::fs;
use std::time::Duration;

on_both_engines![
    the_server_is_gone,
    the_house_is_full,
    an_expired_session_is_unknown,
    cleanup_counts_what_it_closed,
];

const SOON: Duration = connection_tests::wait::PATIENCE;

fn the_server_is_gone(world: &SshWorld, engine: &str) {
    let sshd = Sshd::start();
    let id = world.manager.ssh(&sshd, engine);
    let local = world.manager.local("up");
    fs::write(&local, "x").unwrap();
    sshd.kill();
    eventually(SOON, "the session is known to be dead", || {
        world
            .manager
            .listed(&id)
            .is_some_and(|session| session["is_active"] == false)
    });
    let manager = &world.manager;
    manager
        .execute(&id, "true")
        .fails(500, "Command execution failed: SSH session not active");
    manager
        .list(&id, "/")
        .fails(500, "Failed to list files: Socket is closed");
    manager
        .download(&id, "/etc/passwd", &manager.local("down"))
        .fails(500, "Download failed: Socket is closed");
    manager
        .upload(&id, &local, "/x")
        .fails(500, "Upload failed: Socket is closed");
    manager.close(&id).ok();
}

fn the_house_is_full(_: &SshWorld, engine: &str) {
    let manager = Manager::builder().flag("--max-sessions", "2").start();
    let sshd = Sshd::start();
    let first = manager.ssh(&sshd, engine);
    manager.ssh(&sshd, engine);
    let login = Login::ssh(&sshd, engine);
    manager
        .connect_ssh(&login)
        .fails(400, "Maximum sessions (2) reached");
    manager.close(&first).ok();
    manager.connect_ssh(&login).ok();
}

fn an_expired_session_is_unknown(_: &SshWorld, engine: &str) {
    let manager = Manager::builder().flag("--session-timeout", "0.5").start();
    let sshd = Sshd::start();
    let path = sshd.write_file("a", "x");
    let id = manager.ssh(&sshd, engine);
    // Looking at the list does not count as a use.
    eventually(SOON, "the session expires", || {
        manager.listed(&id).is_none()
    });
    manager
        .list(&id, text(&path))
        .fails(401, "Session expired or not found");
    manager.close(&id).fails(404, "Session not found");
    eventually(SOON, "its connection is closed", || sshd.connections() == 0);
}

fn cleanup_counts_what_it_closed(_: &SshWorld, engine: &str) {
    let manager = Manager::builder().flag("--session-timeout", "1").start();
    let sshd = Sshd::start();
    let cleanup = || {
        let id = manager.ssh(&sshd, engine);
        eventually(SOON, "the session expires", || {
            manager.listed(&id).is_none()
        });
        let answer = manager.post("/connections/cleanup", &serde_json::json!({}));
        eventually(SOON, "its connection is closed", || sshd.connections() == 0);
        answer.ok()
    };
    // The sweep in the background comes first now and then, but not every time.
    let counted = (0..50).map(|_| cleanup()).find(|body| body["cleaned"] != 0);
    let want = serde_json::json!({"cleaned": 1, "message": "Cleaned up 1 expired sessions"});
    assert_eq!(counted, Some(want));
}
