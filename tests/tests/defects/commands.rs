//! Commands.

use super::{SOON, processes};
use connection_tests::manager::{Login, Manager, SshWorld};
use connection_tests::{Sshd, eventually, on_both_engines};
use serde_json::json;
use std::time::Instant;

on_both_engines![
    much_on_standard_error_first,
    a_nul_in_a_command_harms_nothing,
    a_command_outlives_the_session_timeout,
    a_client_that_leaves_ends_its_command,
    a_background_child_does_not_hold_the_answer_for_ever,
    a_configured_limit_ends_a_command,
    a_server_with_room_for_one_channel_serves_files_and_commands,
    without_a_second_login_a_command_is_told_so,
    a_server_that_runs_sftp_whatever_is_asked,
];

fn much_on_standard_error_first(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let command = "head -c 8388608 /dev/zero | tr '\\0' e >&2; echo out";
    let body = world.manager.execute(&id, command).ok();
    let output = body["output"].as_str().unwrap();
    assert_eq!(output.len(), "out\n\n".len() + 8_388_608);
    assert!(output.starts_with("out\n\neee") && output.ends_with("eee"));
}

fn a_nul_in_a_command_harms_nothing(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    world
        .manager
        .execute(&id, "echo a\0b")
        .fails_with(500, "Command execution failed: ");
    assert_eq!(
        world.manager.execute(&id, "echo alive").ok()["output"],
        "alive"
    );
    world.manager.list(&id, "/").ok();
}

fn a_command_outlives_the_session_timeout(_: &SshWorld, engine: &str) {
    let manager = Manager::builder().flag("--session-timeout", "1").start();
    let sshd = Sshd::start();
    let id = manager.ssh(&sshd, engine);
    std::thread::scope(|scope| {
        let command = scope.spawn(|| {
            manager
                .execute(&id, "echo first; sleep 2.5; echo last")
                .ok()
        });
        // The client polls the list meanwhile, as the page does.
        while !command.is_finished() {
            manager.get("/connections").ok();
            std::thread::yield_now();
        }
        assert_eq!(command.join().unwrap()["output"], "first\nlast");
    });
}

fn a_client_that_leaves_ends_its_command(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let seconds = format!("600.{}", uuid::Uuid::new_v4().as_u128());
    let path = format!("/connections/{id}/execute");
    let body = json!({"command": format!("sleep {seconds}")});
    world.manager.post_and_leave(&path, &body, || {
        eventually(SOON, "the command runs", || processes(&seconds) > 0);
    });
    eventually(SOON, "the remote process is gone", || {
        processes(&seconds) == 0
    });
    assert_eq!(
        world.manager.execute(&id, "echo alive").ok()["output"],
        "alive"
    );
}

fn a_background_child_does_not_hold_the_answer_for_ever(world: &SshWorld, engine: &str) {
    // A child that keeps the output open holds the answer; the client leaves, and the
    // session is as good as before.
    let id = world.manager.ssh(&world.sshd, engine);
    let seconds = format!("600.{}", uuid::Uuid::new_v4().as_u128());
    let path = format!("/connections/{id}/execute");
    let body = json!({"command": format!("(sleep {seconds} &) ; echo started")});
    world.manager.post_and_leave(&path, &body, || {
        eventually(SOON, "the child runs", || processes(&seconds) > 0);
    });
    assert_eq!(
        world.manager.execute(&id, "echo alive").ok()["output"],
        "alive"
    );
    world
        .manager
        .execute(&id, &format!("pkill -f {seconds}; true"))
        .ok();
}

fn a_configured_limit_ends_a_command(_: &SshWorld, engine: &str) {
    let manager = Manager::builder().flag("--exec-timeout", "0.7").start();
    let sshd = Sshd::start();
    let id = manager.ssh(&sshd, engine);
    let seconds = format!("600.{}", uuid::Uuid::new_v4().as_u128());
    let start = Instant::now();
    let answer = manager.execute(&id, &format!("sleep {seconds}"));
    answer.fails_with(500, "Command execution failed: ");
    assert!(start.elapsed() < SOON);
    eventually(SOON, "the remote process is gone", || {
        processes(&seconds) == 0
    });
    assert_eq!(manager.execute(&id, "echo alive").ok()["output"], "alive");
}

fn a_server_with_room_for_one_channel_serves_files_and_commands(world: &SshWorld, engine: &str) {
    let sshd = Sshd::builder().max_sessions(1).start();
    sshd.write_file("d/a", "x");
    let directory = sshd.home().join("d");
    let directory = directory.to_str().unwrap();
    let id = world.manager.ssh(&sshd, engine);
    let manager = &world.manager;
    std::thread::scope(|scope| {
        for _ in 0..3 {
            // There is no room for commands beside the files on one connection.
            scope.spawn(|| {
                let answer = manager.execute(&id, "echo ran");
                assert_eq!(answer.ok()["output"], "ran");
            });
            scope.spawn(|| {
                let body = manager.list(&id, directory).ok();
                assert_eq!(body["files"][0]["name"], "a");
            });
        }
    });
    assert_eq!(manager.list(&id, directory).ok()["files"][0]["name"], "a");
    assert_eq!(manager.listed(&id).unwrap()["is_active"], true);
    let path = format!("/connections/{id}/capabilities");
    let links = manager.get(&path).ok()["ssh"]["links"].as_u64().unwrap();
    assert!((2..=4).contains(&links), "{links}");
    manager.delete(&format!("/connections/{id}")).ok();
    eventually(SOON, "no connection is left", || sshd.connections() == 0);
}

/// A login that worked once need not work twice.
fn without_a_second_login_a_command_is_told_so(world: &SshWorld, engine: &str) {
    let sshd = Sshd::builder().max_sessions(1).key_only().start();
    let manager = &world.manager;
    let opened = manager.connect_ssh(&Login::key(&sshd, engine)).ok();
    let id = opened["session_id"].as_str().unwrap().to_owned();
    std::fs::remove_file(sshd.dir().join("authorized_keys")).unwrap();
    for _ in 0..3 {
        let answer = manager.execute(&id, "echo ran");
        answer.fails_with(500, "Command execution failed: ");
        assert!(answer.text.contains("no further link"), "{}", answer.text);
    }
    let home = sshd.home().to_str().unwrap();
    manager.list(&id, home).ok();
    assert_eq!(manager.listed(&id).unwrap()["is_active"], true);
}

fn a_server_that_runs_sftp_whatever_is_asked(world: &SshWorld, engine: &str) {
    let sshd = Sshd::builder().force_sftp().start();
    sshd.write_file("d/a", "x");
    let directory = sshd.home().join("d");
    let directory = directory.to_str().unwrap();
    let id = world.manager.ssh(&sshd, engine);
    assert_eq!(
        world.manager.list(&id, directory).ok()["files"][0]["name"],
        "a"
    );
    let start = Instant::now();
    let answer = world.manager.execute(&id, "echo ran");
    assert!(!answer.text.contains("ran"), "{}", answer.text);
    assert!(start.elapsed() < SOON);
    assert_eq!(
        world.manager.list(&id, directory).ok()["files"][0]["name"],
        "a"
    );
}
