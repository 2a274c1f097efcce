//! Links for watching.

use connection_tests::manager::{Manager, SshWorld};
use connection_tests::wait::PATIENCE;
use connection_tests::{Sshd, TerminalSocket, eventually, on_both_engines};
use serde_json::json;

on_both_engines!(a_share_shows_and_nothing_else, a_share_ends);

const TOKEN: &str = "a-token-that-nobody-guesses";

fn a_share_shows_and_nothing_else(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    let session = manager.ssh(&world.sshd, engine);
    let mut own = TerminalSocket::open(manager, &session, 80, 24);
    let base = format!("/connections/{session}/terminals/{}", own.terminal_id());
    let shares = format!("{base}/shares");
    let share = manager.post(&shares, &json!({ "expires_in": 60 })).ok();
    let token = share["share"].as_str().unwrap();
    let mut watcher = TerminalSocket::watch(manager, token);
    assert_eq!(watcher.opened()["mode"], "read");
    let viewers = own.until_viewers(2);
    assert_eq!(viewers["viewers"][1]["shared"], true);
    own.send("echo lo''ok\n");
    watcher.until("look");
    watcher.send("echo in''trusion\n");
    assert_eq!(watcher.until_frame("error")["code"], "read_only");
    own.send("echo af''ter\n");
    own.until("after");
    assert!(!own.text().contains("intrusion"), "{}", own.text());
    // The token is told once; who looks at the shares sees what revokes it.
    let listed = manager.get(&shares).ok();
    assert_eq!(listed["shares"].as_array().unwrap().len(), 1);
    assert_eq!(listed["shares"][0]["share_id"], share["share_id"]);
    assert!(!listed.to_string().contains(token));
    assert!(!manager.log().contains(token));
    let seen = manager.get(&base).ok();
    assert_eq!(seen["viewers"][1]["share_id"], share["share_id"]);
    // Revoked, it shows nothing, to nobody.
    let path = format!("{shares}/{}", share["share_id"].as_str().unwrap());
    manager.delete(&path).ok();
    assert_eq!(watcher.closed(), (4003, "revoked".to_owned()));
    let again = manager.post("/shares/tickets", &json!({ "share": token }));
    let never = manager.post("/shares/tickets", &json!({ "share": "never" }));
    assert_eq!(
        (again.status, &again.json()["code"]),
        (404, &json!("not_found"))
    );
    assert_eq!((again.status, &again.text), (never.status, &never.text));
    assert_eq!(manager.delete(&path).status, 404);
    own.send("echo st''ill\n");
    own.until("still");
}

fn a_share_ends(world: &SshWorld, engine: &str) {
    let manager = &world.manager;
    let session = manager.ssh(&world.sshd, engine);
    let own = TerminalSocket::open(manager, &session, 80, 24);
    let shares = format!(
        "/connections/{session}/terminals/{}/shares",
        own.terminal_id()
    );
    let short = manager.post(&shares, &json!({ "expires_in": 2 })).ok();
    let token = short["share"].as_str().unwrap();
    // A ticket does not outlive the share it was given for.
    let late = manager
        .post("/shares/tickets", &json!({ "share": token }))
        .ok();
    let mut watcher = TerminalSocket::watch(manager, token);
    assert_eq!(watcher.closed(), (4003, "revoked".to_owned()));
    let late = format!("/ws/share?ticket={}", late["ticket"].as_str().unwrap());
    let answer = manager.refused_socket(&late, &[]);
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (404, &json!("not_found"))
    );
    for wrong in [
        json!(0),
        json!(2_592_001),
        json!(-1),
        json!("60"),
        json!(1.5),
    ] {
        let answer = manager.post(&shares, &json!({ "expires_in": wrong }));
        assert_eq!(answer.status, 400, "{wrong}: {}", answer.text);
    }
    // Its terminal's end is its end.
    let share = manager.post(&shares, &json!({})).ok();
    let mut watcher = TerminalSocket::watch(manager, share["share"].as_str().unwrap());
    manager.close(&session).ok();
    assert_eq!(watcher.closed(), (4001, "session_closed".to_owned()));
    let body = json!({ "share": share["share"] });
    eventually(PATIENCE, "the share is gone", || {
        manager.post("/shares/tickets", &body).status == 404
    });
}

#[test]
fn a_share_needs_no_access_token_and_opens_nothing_else() {
    let (manager, sshd) = (Manager::builder().token(TOKEN).start(), Sshd::start());
    let session = manager.ssh(&sshd, "russh");
    let own = TerminalSocket::open(&manager, &session, 80, 24);
    let shares = format!(
        "/connections/{session}/terminals/{}/shares",
        own.terminal_id()
    );
    let share = manager.post(&shares, &json!({})).ok();
    let token = share["share"].as_str().unwrap();
    let nobody = |path: &str, body: &serde_json::Value| {
        let client = reqwest::Client::new();
        let sent = client
            .post(format!("{}{path}", manager.base()))
            .json(body)
            .send();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let answer = sent.await.unwrap();
            (
                answer.status().as_u16(),
                answer.json::<serde_json::Value>().await.unwrap(),
            )
        })
    };
    let (status, answer) = nobody("/shares/tickets", &json!({ "share": token }));
    assert_eq!((status, &answer["expires_in"]), (200, &json!(30)));
    let ticket = answer["ticket"].as_str().unwrap();
    let connect = |path: &str| TerminalSocket::connect_to(manager.addr(), path, &[]);
    // Neither the ticket nor the token of a share opens the terminal itself.
    for path in [
        format!("/ws/terminal/{session}?ticket={token}"),
        "/ws/share".to_owned(),
        format!("/ws/share?ticket={token}"),
    ] {
        assert!(connect(&path).is_err(), "{path}");
    }
    assert!(connect(&format!("/ws/share?ticket={ticket}")).is_ok());
    assert!(
        connect(&format!("/ws/share?ticket={ticket}")).is_err(),
        "once"
    );
    let (_, answer) = nobody("/shares/tickets", &json!({ "share": token }));
    let ticket = answer["ticket"].as_str().unwrap();
    assert!(connect(&format!("/ws/terminal/{session}?ticket={ticket}")).is_err());
    assert_eq!(nobody("/tickets", &json!({ "path": "/ws/share" })).0, 401);
    assert_eq!(nobody("/shares/tickets", &json!({ "share": TOKEN })).0, 404);
}
