//! Sessions beside each other.

use super::SOON;
use connection_tests::manager::{ENGINES, Login, Manager, SshWorld};
use connection_tests::{Sshd, eventually, on_both_engines};
use serde_json::json;
use std::net::TcpStream;

on_both_engines![
    the_twenty_first_session_is_refused_before_connecting,
    failed_logins_leave_nothing_behind,
    a_dead_server_harms_no_other_session,
    many_sessions_at_once,
    closing_ends_the_connection_and_its_commands,
    fields_of_the_wrong_type_are_told,
];

fn the_twenty_first_session_is_refused_before_connecting(_: &SshWorld, engine: &str) {
    let manager = Manager::start();
    let sshd = Sshd::start();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..5).for_each(|_| drop(manager.ssh(&sshd, engine))));
        }
    });
    let before = sshd.log().matches("Connection from").count();
    assert_eq!((before, sshd.connections()), (20, 20));
    let answer = manager.connect_ssh(&Login::ssh(&sshd, engine));
    answer.fails(400, "Maximum sessions (20) reached");
    // Once a later connection is in the log, one before it would be, too.
    let later = TcpStream::connect(sshd.addr()).unwrap();
    let port = later.local_addr().unwrap().port();
    let line = format!("Connection from 127.0.0.1 port {port} ");
    eventually(SOON, "the later connection is logged", || {
        sshd.log().contains(&line)
    });
    drop(later);
    assert_eq!(sshd.log().matches("Connection from").count(), before + 1);
    eventually(SOON, "twenty are left", || sshd.connections() == 20);
    drop(manager);
    eventually(SOON, "none is left", || sshd.connections() == 0);
}

fn failed_logins_leave_nothing_behind(world: &SshWorld, engine: &str) {
    let sshd = Sshd::start();
    for _ in 0..5 {
        let wrong = Login::ssh(&sshd, engine).with("password", "wrong");
        world.manager.connect_ssh(&wrong).detail(400);
    }
    eventually(SOON, "no connection is left", || {
        sshd.connections() == 0 && sshd.open_sockets() == 0
    });
}

fn a_dead_server_harms_no_other_session(world: &SshWorld, engine: &str) {
    let doomed = Sshd::start();
    let manager = &world.manager;
    let dead = manager.ssh(&doomed, engine);
    let others = ENGINES.map(|engine| manager.ssh(&world.sshd, engine));
    doomed.kill();
    eventually(SOON, "it is known to be dead", || {
        manager
            .listed(&dead)
            .is_some_and(|session| session["is_active"] == false)
    });
    manager
        .list(&dead, "/")
        .fails(500, "Failed to list files: Socket is closed");
    for other in &others {
        assert_eq!(manager.listed(other).unwrap()["is_active"], true);
        manager.list(other, "/").ok();
        assert_eq!(manager.execute(other, "echo x").ok()["output"], "x");
    }
}

fn many_sessions_at_once(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    std::thread::scope(|scope| {
        for number in 0..6 {
            scope.spawn(move || {
                let id = manager.ssh(&world.sshd, engine);
                for _ in 0..3 {
                    let body = manager.execute(&id, &format!("echo {number}")).ok();
                    assert_eq!(body["output"], number.to_string());
                    manager.list(&id, "/").ok();
                }
                manager.close(&id).ok();
            });
        }
    });
}

fn closing_ends_the_connection_and_its_commands(world: &SshWorld, engine: &str) {
    let sshd = Sshd::start();
    let id = world.manager.ssh(&sshd, engine);
    let seconds = format!("600.{}", uuid::Uuid::new_v4().as_u128());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let answer = world.manager.execute(&id, &format!("sleep {seconds}"));
            answer.fails_with(500, "Command execution failed: ");
        });
        eventually(SOON, "the command runs", || super::processes(&seconds) > 0);
        world.manager.close(&id).ok();
    });
    eventually(SOON, "its connection is closed", || sshd.connections() == 0);
}

fn fields_of_the_wrong_type_are_told(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    for (field, value) in [
        ("keyPath", json!(3)),
        ("keyPath", json!(true)),
        ("keyPath", json!([])),
        ("host", json!(5)),
        ("username", json!({"a": 1})),
        ("password", json!(123)),
        ("port", json!("ssh")),
        ("port", json!(0)),
        ("port", json!(70_000)),
        ("port", json!(-1)),
        ("port", json!(22.5)),
        ("sessionName", json!(1)),
        ("sessionName", json!({})),
        ("timeout", json!("soon")),
        ("timeout", json!(-1)),
        ("engine", json!("putty")),
    ] {
        let answer = manager.connect_ssh(&Login::ssh(&world.sshd, engine).with(field, value));
        assert!(
            answer.detail(400).contains(field),
            "{field}: {}",
            answer.text
        );
    }
    let id = manager.ssh(&world.sshd, engine);
    for (route, body) in [
        (
            "download",
            json!({"remotePath": "/etc/passwd", "localPath": 3}),
        ),
        ("download", json!({"remotePath": 3})),
        ("upload", json!({"localPath": 3, "remotePath": "/x"})),
        ("upload", json!({"localPath": [], "remotePath": "/x"})),
        ("execute", json!({"command": 3})),
        ("execute", json!({"command": ["ls"]})),
    ] {
        manager
            .post(&format!("/connections/{id}/{route}"), &body)
            .detail(400);
    }
    // The server is there, as it was not after `keyPath: 3`.
    manager.get("/health").ok();
    manager.list(&id, "/").ok();
}
