//! Opening, listing and closing sessions.

use connection_tests::manager::{ENGINES, Login, Manager, SshWorld, keys};
use connection_tests::{Sshd, on_both_engines};
use serde_json::{Value, json};
use std::process::Command;
use std::time::{Duration, Instant};

on_both_engines![
    connecting_answers_an_id_and_nothing_else,
    a_key_logs_in,
    a_session_without_a_name_is_called_user_at_host,
    names_are_echoed,
    a_port_may_be_a_numeric_string,
    closing_says_so_and_is_final,
    one_session_is_the_object_of_the_list,
    asking_what_it_can_do_keeps_it_alive,
];

fn connecting_answers_an_id_and_nothing_else(world: &SshWorld, engine: &str) {
    let answer = world.manager.connect_ssh(&Login::ssh(&world.sshd, engine));
    let body = answer.ok();
    assert_eq!(keys(&body), ["session_id"]);
    let id = body["session_id"].as_str().unwrap();
    let uuid = uuid::Uuid::parse_str(id).unwrap();
    assert_eq!(uuid.get_version_num(), 4, "{id}");
    assert_eq!(
        uuid.hyphenated().to_string(),
        id,
        "lower case, with hyphens"
    );
}

fn a_key_logs_in(world: &SshWorld, engine: &str) {
    let answer = world.manager.connect_ssh(&Login::key(&world.sshd, engine));
    assert_eq!(keys(&answer.ok()), ["session_id"]);
}

fn named(world: &SshWorld, engine: &str, name: Value) -> Value {
    let login = Login::ssh(&world.sshd, engine).with("sessionName", name);
    let body = world.manager.connect_ssh(&login).ok();
    world
        .manager
        .listed(body["session_id"].as_str().unwrap())
        .unwrap()
}

fn a_session_without_a_name_is_called_user_at_host(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let session = world.manager.listed(&id).unwrap();
    assert_eq!(
        session["session_name"],
        format!("{}@127.0.0.1", world.sshd.user())
    );
}

fn names_are_echoed(world: &SshWorld, engine: &str) {
    for name in [json!("Büro \"1\" \u{1f600}"), json!(""), json!(null)] {
        assert_eq!(named(world, engine, name.clone())["session_name"], name);
    }
}

fn a_port_may_be_a_numeric_string(world: &SshWorld, engine: &str) {
    let login = Login::ssh(&world.sshd, engine).with("port", world.sshd.port().to_string());
    let body = world.manager.connect_ssh(&login).ok();
    let session = world
        .manager
        .listed(body["session_id"].as_str().unwrap())
        .unwrap();
    assert_eq!(session["port"], world.sshd.port());
}

fn closing_says_so_and_is_final(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    assert_eq!(
        world.manager.close(&id).ok(),
        json!({"message": "Session disconnected"})
    );
    world.manager.close(&id).fails(404, "Session not found");
    world
        .manager
        .list(&id, "/")
        .fails(401, "Session expired or not found");
    assert_eq!(world.manager.listed(&id), None);
}

fn one_session_is_the_object_of_the_list(world: &SshWorld, engine: &str) {
    let id = world.manager.ssh(&world.sshd, engine);
    let mut one = world.manager.get(&format!("/connections/{id}")).ok();
    let mut listed = world.manager.listed(&id).unwrap();
    // A second may have passed between the two.
    for changing in ["time_remaining_seconds", "expires_at", "last_activity"] {
        one[changing].take();
        listed[changing].take();
    }
    assert_eq!(one, listed);
}

/// Seconds since 1970 of a documented time, taken as UTC.
fn seconds(value: &Value) -> i64 {
    let text = value.as_str().unwrap();
    let form: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    assert_eq!(form, "0000-00-00T00:00:00", "{text}");
    let output = Command::new("date")
        .args(["-u", "+%s", "-d", text])
        .output()
        .unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

#[test]
fn the_list_has_the_documented_keys_in_the_order_of_creation() {
    // An hour zone that no test machine is in shows that times are local.
    let manager = Manager::builder().env("TZ", "XXX-5:45").start();
    let sshd = Sshd::start();
    let start = Instant::now();
    let ids: Vec<String> = ENGINES
        .iter()
        .cycle()
        .take(4)
        .map(|e| manager.ssh(&sshd, e))
        .collect();
    let now = Command::new("date").args(["-u", "+%s"]).output().unwrap();
    let now: i64 = String::from_utf8(now.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    let local = now + 5 * 3600 + 45 * 60;

    let body = manager.get("/connections").ok();
    let took = i64::try_from(start.elapsed().as_secs()).unwrap();
    assert_eq!(keys(&body), ["sessions"]);
    let sessions = body["sessions"].as_array().unwrap();
    let listed: Vec<_> = sessions
        .iter()
        .map(|s| s["session_id"].as_str().unwrap())
        .collect();
    assert_eq!(listed, ids);
    for session in sessions {
        assert_eq!(
            keys(session),
            [
                "connected_at",
                "expires_at",
                "host",
                "is_active",
                "last_activity",
                "port",
                "session_id",
                "session_name",
                "time_remaining_seconds",
                "type",
                "username"
            ]
        );
        assert_eq!(session["type"], "ssh");
        assert_eq!(session["host"], "127.0.0.1");
        assert_eq!(session["port"], sshd.port());
        assert_eq!(session["username"], sshd.user());
        assert_eq!(session["is_active"], true);
        let remaining = session["time_remaining_seconds"].as_i64().unwrap();
        assert!((1799 - took..=1799).contains(&remaining), "{session}");
        let (connected, active, expires) = (
            seconds(&session["connected_at"]),
            seconds(&session["last_activity"]),
            seconds(&session["expires_at"]),
        );
        assert!(
            (local - connected).abs() <= 15 + took,
            "{connected} is not about {local}"
        );
        assert!(
            connected <= active + 1 && (local - active).abs() <= 15 + took,
            "{session}"
        );
        assert!((expires - active - 1800).abs() <= 1, "{session}");
    }
}

/// As the page keeps one alive: a request that asks the remote machine for nothing.
fn asking_what_it_can_do_keeps_it_alive(world: &SshWorld, engine: &str) {
    const LIFE: u64 = 6;
    let manager = Manager::builder()
        .flag("--session-timeout", LIFE.to_string())
        .start();
    let id = manager.ssh(&world.sshd, engine);
    let left = || {
        let session = manager.listed(&id).unwrap();
        session["time_remaining_seconds"].as_u64().unwrap()
    };
    for _ in 0..2 {
        let aged = || left() <= LIFE / 2;
        connection_tests::eventually(Duration::from_secs(LIFE), "its time passes", aged);
        manager.get(&format!("/connections/{id}/capabilities")).ok();
        // The server's truth, at once and not by the next request.
        let anew = left();
        assert!(anew > LIFE / 2, "{anew}");
    }
    // Looking at it, or at the server, is no use of it.
    connection_tests::eventually(Duration::from_secs(2 * LIFE), "it expires", || {
        manager.get("/about").ok();
        manager.get(&format!("/connections/{id}")).status == 401
    });
}
