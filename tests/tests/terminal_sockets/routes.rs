//! The terminals of a session as routes.

use connection_tests::manager::{ENGINES, Manager, SshWorld};
use connection_tests::wait::PATIENCE;
use connection_tests::{Sshd, TerminalSocket, eventually, eventually_value, on_both_engines};
use serde_json::{Value, json};

on_both_engines!(
    opened_listed_changed_and_closed,
    one_that_ended_can_be_looked_at
);

fn opened_listed_changed_and_closed(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    let session = manager.ssh(&world.sshd, engine);
    let base = format!("/connections/{session}/terminals");
    let first = manager
        .post(&base, &json!({ "cols": 100, "rows": 30, "name": "build" }))
        .ok();
    let second = manager
        .post(&base, &json!({ "cols": 80, "rows": 24, "command": "cat" }))
        .ok();
    let id = first["terminal_id"].as_str().unwrap();
    let listed = manager.get(&base).ok();
    let names: Vec<_> = listed["terminals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| &t["name"])
        .collect();
    assert_eq!(names, ["build", "Terminal 2"]);
    assert_eq!(second["command"], "cat");
    assert_eq!(
        (&first["running"], &first["cols"], &first["viewers"]),
        (&json!(true), &json!(100), &json!([]))
    );
    assert!(
        first["expires_at"].is_string() && first.get("exit").is_none(),
        "{first}"
    );

    let path = format!("{base}/{id}");
    let mut viewer = TerminalSocket::attach(manager, &session, id, "");
    let seen = manager.get(&path).ok();
    assert_eq!(seen["viewers"][0]["viewer_id"], viewer.viewer_id());
    assert_eq!(seen["viewers"][0]["address"], "127.0.0.1");
    assert!(seen.get("expires_at").is_none(), "{seen}");

    let change = |body: Value| manager.send("PATCH", &path, |request| request.json(&body));
    let changed = change(json!({ "name": "r\u{e9}novation", "cols": 120, "rows": 40 })).ok();
    assert_eq!(
        (&changed["name"], &changed["cols"]),
        (&json!("r\u{e9}novation"), &json!(120))
    );
    assert_eq!(viewer.until_frame("resize")["cols"], 120);
    viewer.send("stty size\n");
    viewer.until("40 120");
    for wrong in [
        json!({}),
        json!({ "cols": 10 }),
        json!({ "cols": 0, "rows": 24 }),
        json!({ "name": "" }),
        json!({ "name": "\u{1b}[2J" }),
        json!({ "name": 7 }),
    ] {
        let answer = change(wrong.clone());
        assert_eq!(answer.status, 400, "{wrong}: {}", answer.text);
        assert_eq!(answer.json()["code"], "invalid_input", "{wrong}");
    }
    for wrong in [
        json!({}),
        json!({ "cols": 80 }),
        json!({ "cols": 80, "rows": 1000 }),
        json!([]),
    ] {
        let answer = manager.post(&base, &wrong);
        assert_eq!(answer.status, 400, "{wrong}: {}", answer.text);
        assert_eq!(answer.json()["code"], "invalid_input", "{wrong}");
    }
    manager.delete(&path).ok();
    assert_eq!(viewer.closed(), (4002, "closed".to_owned()));
    // It is forgotten once the remote side was told.
    eventually(PATIENCE, "it is forgotten", || {
        manager.delete(&path).status == 404
    });
    assert_eq!(
        manager.get(&base).ok()["terminals"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

fn one_that_ended_can_be_looked_at(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    let session = manager.ssh(&world.sshd, engine);
    let base = format!("/connections/{session}/terminals");
    let order = json!({ "cols": 80, "rows": 24, "command": "echo last words; exit 4" });
    let opened = manager.post(&base, &order).ok();
    let id = opened["terminal_id"].as_str().unwrap();
    let ended = eventually_value(
        PATIENCE,
        "it ends",
        || manager.get(&format!("{base}/{id}")).ok(),
        |terminal| terminal["running"] == false,
    );
    assert_eq!(ended["exit"], json!({ "status": 4 }));
    let mut late = TerminalSocket::attach(manager, &session, id, "mode=read");
    assert_eq!(late.until_frame("exit")["status"], 4);
    assert!(late.text().contains("last words"));
    assert_eq!(late.closed(), (1000, "exited".to_owned()));
}

#[test]
fn so_many_terminals_of_a_session() {
    let manager = Manager::builder().flag("--max-terminals", "2").start();
    let sshd = Sshd::start();
    let session = manager.ssh(&sshd, ENGINES[0]);
    let base = format!("/connections/{session}/terminals");
    let order = json!({ "cols": 80, "rows": 24 });
    let first = manager.post(&base, &order).ok();
    manager.post(&base, &order).ok();
    let refused = manager.post(&base, &order);
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (503, &json!("limit_reached"))
    );
    let mut socket = TerminalSocket::connect(&manager, &format!("/ws/terminal/{session}"));
    socket.order(order.clone());
    assert_eq!(socket.until_frame("error")["code"], "limit_reached");
    assert_eq!(socket.closed(), (4004, "not_opened".to_owned()));
    manager
        .delete(&format!(
            "{base}/{}",
            first["terminal_id"].as_str().unwrap()
        ))
        .ok();
    manager.post(&base, &order).ok();
}
