//! Who is let in.

use connection_tests::manager::{ENGINES, Manager};
use connection_tests::wait::PATIENCE;
use connection_tests::{Sshd, TerminalSocket, eventually};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde_json::{Value, json};

const TOKEN: &str = "a-token-that-nobody-guesses";

/// A server with a token, and a session with a terminal on it.
struct Guarded {
    manager: Manager,
    session: String,
    path: String,
    _sshd: Sshd,
}

impl Guarded {
    fn start() -> Self {
        Self::with(Manager::builder().token(TOKEN))
    }

    fn with(builder: connection_tests::manager::ManagerBuilder) -> Self {
        let (manager, sshd) = (builder.start(), Sshd::start());
        let session = manager.ssh(&sshd, ENGINES[0]);
        Self {
            path: format!("/ws/terminal/{session}"),
            manager,
            session,
            _sshd: sshd,
        }
    }

    fn open(&self, query: &str, headers: &[(&'static str, &str)]) -> Result<TerminalSocket, u16> {
        let path = format!("{}{query}", self.path);
        TerminalSocket::connect_to(self.manager.addr(), &path, headers)
            .map_err(|error| status(&error))
    }
}

/// In place of the header that the manager's client sends.
fn wrong() -> HeaderMap {
    HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static("Bearer wrong"))])
}

fn status(error: &tokio_tungstenite::tungstenite::Error) -> u16 {
    match error {
        tokio_tungstenite::tungstenite::Error::Http(answer) => answer.status().as_u16(),
        other => panic!("{other}"),
    }
}

fn shell(socket: &mut TerminalSocket) {
    socket.order(json!({ "cols": 80, "rows": 24, "command": "echo in''side; sleep 1" }));
    socket.until("inside");
}

#[test]
fn with_tokens_a_socket_needs_the_header_or_a_ticket() {
    let world = Guarded::start();
    assert_eq!(world.open("", &[]).err(), Some(401));
    let bearer = format!("Bearer {TOKEN}");
    shell(&mut world.open("", &[("authorization", &bearer)]).unwrap());
    let ticket = world.manager.ticket(&world.path);
    shell(&mut world.open(&format!("?ticket={ticket}"), &[]).unwrap());
    // A token in the address is none.
    for query in [
        format!("?token={TOKEN}"),
        format!("?access_token={TOKEN}"),
        format!("?ticket={TOKEN}"),
        format!("?authorization=Bearer+{TOKEN}"),
    ] {
        assert_eq!(world.open(&query, &[]).err(), Some(401), "{query}");
    }
    // Neither came into the log, where addresses come.
    eventually(PATIENCE, "the log has their address", || {
        world.manager.log().contains(&world.path)
    });
    let log = world.manager.log();
    assert!(!log.contains(&ticket) && !log.contains(TOKEN), "{log}");
    // And who asks for a ticket must be someone.
    let asked = world.manager.send("POST", "/tickets", |request| {
        request
            .headers(wrong())
            .json(&json!({ "path": world.path }))
    });
    asked.fails(401, "The access token is not valid");
}

#[test]
fn a_ticket_opens_its_own_path_once() {
    let world = Guarded::start();
    let refused = |path: &str, ticket: &str| {
        let path = format!("{path}?ticket={ticket}");
        let answer = world
            .manager
            .send("GET", &path, |request| request.headers(wrong()));
        let body = answer.json();
        assert_eq!(
            (answer.status, &body["code"]),
            (401, &json!("unauthorized"))
        );
        assert_eq!(body["detail"], "The ticket is not valid");
    };
    let used = world.manager.ticket(&world.path);
    shell(&mut world.open(&format!("?ticket={used}"), &[]).unwrap());
    refused(&world.path, &used);
    // Another path uses it up as well.
    let other = world.manager.ticket(&world.path);
    refused("/ws/terminal/00000000-0000-4000-8000-000000000000", &other);
    refused(&world.path, &other);
    refused(&world.path, "");
    refused(&world.path, &"0".repeat(64));
    // A ticket of a caller shows no share.
    let share = world.manager.ticket("/ws/share");
    let answer = world
        .manager
        .refused_socket(&format!("/ws/share?ticket={share}"), &[]);
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (401, &json!("unauthorized"))
    );
    // A wrong ticket is refused whoever shows it.
    let answer = world
        .manager
        .refused_socket(&format!("{}?ticket=x", world.path), &[]);
    assert_eq!(answer.status, 401);
}

#[test]
fn a_ticket_is_for_a_socket_and_nothing_else() {
    let world = Guarded::start();
    for path in [
        "/connections",
        "/ws",
        "",
        "/ws/a?b",
        "/ws/a b",
        "//ws/a",
        "/ws/a#b",
    ] {
        let answer = world.manager.post("/tickets", &json!({ "path": path }));
        assert_eq!(answer.status, 400, "{path}");
        assert_eq!(answer.json()["code"], "invalid_input", "{path}");
    }
    let answer = world.manager.post("/tickets", &json!({}));
    assert_eq!(answer.status, 400);
    let ticket = world.manager.ticket(&world.path);
    let answer = world
        .manager
        .send("GET", &format!("/connections?ticket={ticket}"), |request| {
            request.headers(wrong())
        });
    assert_eq!(answer.status, 401);
    let answer = world
        .manager
        .post("/tickets", &json!({ "path": world.path }))
        .ok();
    assert_eq!(answer["expires_in"], 30);
    assert_eq!(answer["ticket"].as_str().unwrap().len(), 64);
}

#[test]
fn no_foreign_page_opens_a_socket() {
    let world = Guarded::with(Manager::builder().flag("--cors-origin", "https://app.example.com"));
    for origin in [
        "https://app.example.com",
        "http://localhost:5173",
        world.manager.base(),
    ] {
        let mut socket = world.open("", &[("origin", origin)]).unwrap();
        shell(&mut socket);
    }
    for origin in [
        "https://evil.example",
        "null",
        "https://app.example.com.evil.example",
        "",
        "file://",
    ] {
        let answer = world
            .manager
            .refused_socket(&world.path, &[("origin", origin)]);
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (403, &json!("permission_denied")),
            "{origin}"
        );
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
    // A page cannot get at it through a foreign name of this machine either.
    let answer = world
        .manager
        .refused_socket(&world.path, &[("host", "evil.example")]);
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (403, &json!("permission_denied"))
    );
    // Where any origin may call, nobody's may still not.
    let any = Guarded::with(Manager::builder().flag("--cors-origin", "*"));
    shell(&mut any.open("", &[("origin", "https://any.example")]).unwrap());
    assert_eq!(any.open("", &[("origin", "null")]).err(), Some(403));
}

#[test]
fn a_foreign_page_gets_no_ticket() {
    let world = Guarded::with(Manager::builder());
    for path in ["/tickets", "/shares/tickets"] {
        let answer = world.manager.send("POST", path, |request| {
            request
                .header("origin", "https://evil.example")
                .json(&json!({ "path": world.path, "share": "x" }))
        });
        assert_eq!(answer.status, 403, "{path}");
    }
    // And an allowed one may read the answer.
    let answer = world.manager.send("POST", "/tickets", |request| {
        request
            .header("origin", "http://localhost:5173")
            .json(&json!({ "path": world.path }))
    });
    answer.ok();
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "http://localhost:5173"
    );
}

/// Not the caller's answers as not there, at every door.
#[test]
fn what_is_not_the_callers_is_not_there() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("tokens.toml");
    std::fs::write(
        &config,
        "[tokens]\nann = \"token-of-ann\"\nbob = \"token-of-bob\"\n",
    )
    .unwrap();
    let manager = Manager::builder()
        .flag("--config", config.as_os_str())
        .start();
    let sshd = Sshd::start();
    let ann = [("authorization", "Bearer token-of-ann")];
    let bob = [("authorization", "Bearer token-of-bob")];
    let asked = |method: &str, path: &str, who: (&str, &str), body: Value| {
        manager.send(method, path, |request| {
            let request = request.header(who.0, who.1);
            if body.is_null() {
                request
            } else {
                request.json(&body)
            }
        })
    };
    let login = connection_tests::manager::Login::ssh(&sshd, ENGINES[0]);
    let session = asked("POST", "/connections/ssh", ann[0], login.body().clone()).ok();
    let session = session["session_id"].as_str().unwrap().to_owned();
    let terminals = format!("/connections/{session}/terminals");
    let order = json!({ "cols": 80, "rows": 24 });
    let terminal = asked("POST", &terminals, ann[0], order.clone()).ok();
    let terminal = terminal["terminal_id"].as_str().unwrap().to_owned();
    let nobody = "00000000-0000-4000-8000-000000000000";

    let text = |answer: connection_tests::manager::Answer| (answer.status, answer.text);
    // Bob and Ann's session, a session that is not there, and what is no id.
    let socket = |session: &str, who: &[(&str, &str)]| {
        let path = format!("/ws/terminal/{session}?terminal={terminal}");
        text(manager.refused_socket(&path, who))
    };
    let missing = socket(nobody, &bob);
    assert_eq!(missing.0, 404);
    assert!(missing.1.contains("session_not_found"), "{}", missing.1);
    assert_eq!(socket(&session, &bob), missing);
    assert_eq!(socket("nothing", &bob), missing);
    // Ann and a terminal that is not there, or no id.
    let unknown = |id: &str| {
        let path = format!("/ws/terminal/{session}?terminal={id}");
        text(manager.refused_socket(&path, &ann))
    };
    assert_eq!(unknown(nobody).0, 404);
    assert_eq!(unknown(nobody), unknown("nothing"));
    for (method, body) in [
        ("GET", Value::Null),
        ("PATCH", json!({ "name": "x" })),
        ("DELETE", Value::Null),
    ] {
        let path = |session: &str, id: &str| format!("/connections/{session}/terminals/{id}");
        let foreign = text(asked(
            method,
            &path(&session, &terminal),
            bob[0],
            body.clone(),
        ));
        assert_eq!(foreign.0, 401, "{method}");
        assert_eq!(
            foreign,
            text(asked(
                method,
                &path(nobody, &terminal),
                bob[0],
                body.clone()
            ))
        );
        let unknown = text(asked(method, &path(&session, nobody), ann[0], body.clone()));
        assert_eq!(unknown.0, 404, "{method}");
        assert_eq!(
            unknown,
            text(asked(
                method,
                &path(&session, "nothing"),
                ann[0],
                body.clone()
            ))
        );
    }
    for (method, body) in [("GET", Value::Null), ("POST", order)] {
        assert_eq!(asked(method, &terminals, bob[0], body).status, 401);
    }
    // A ticket of Bob's opens Bob's view of it: nothing.
    let path = format!("/ws/terminal/{session}");
    let ticket = asked("POST", "/tickets", bob[0], json!({ "path": path })).ok();
    let ticket = ticket["ticket"].as_str().unwrap();
    let answer = text(manager.refused_socket(&format!("{path}?ticket={ticket}"), &[]));
    assert_eq!(answer, missing);
    // It is all still there for Ann.
    asked(
        "GET",
        &format!("{terminals}/{terminal}"),
        ann[0],
        Value::Null,
    )
    .ok();
}

#[test]
fn what_is_wrong_is_said_before_the_upgrade() {
    let world = Guarded::with(Manager::builder());
    let path = &world.path;
    for (query, status) in [
        ("?mode=admin", 400),
        ("?from=1", 400),
        ("?mode=read", 400),
        ("?terminal=00000000-0000-4000-8000-000000000000", 404),
        ("?terminal=00000000-0000-4000-8000-000000000000&from=x", 400),
    ] {
        let answer = world.manager.refused_socket(&format!("{path}{query}"), &[]);
        assert_eq!(answer.status, status, "{query}: {}", answer.text);
        assert!(
            answer.json()["code"].is_string(),
            "{query}: {}",
            answer.text
        );
    }
    let plain = world.manager.get(path);
    assert_eq!((plain.status, plain.header("upgrade")), (426, "websocket"));
    let old = world
        .manager
        .refused_socket(path, &[("sec-websocket-version", "8")]);
    let wanted = old.header("sec-websocket-version");
    assert_eq!((old.status, wanted), (426, "13"));
    for path in ["/ws/nothing", "/ws/", &format!("{path}/x")] {
        let answer = world.manager.refused_socket(path, &[]);
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (404, &json!("not_found")),
            "{path}"
        );
    }
    assert_eq!(world.manager.post(path, &json!({})).status, 405);
    // A session of another protocol has no terminals.
    let ftp = connection_tests::Pyftpdlib::start();
    let session = world.manager.ftp(&ftp);
    let answer = world
        .manager
        .refused_socket(&format!("/ws/terminal/{session}"), &[]);
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (400, &json!("wrong_session_type"))
    );
    let _ = &world.session;
}

#[test]
fn so_many_sockets_at_once() {
    let world = Guarded::with(Manager::builder().flag("--max-websockets", "2"));
    let first = world.open("", &[]).unwrap();
    let _second = world.open("", &[]).unwrap();
    let answer = world.manager.refused_socket(&world.path, &[]);
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (503, &json!("limit_reached"))
    );
    // Other requests go on, and a place that is left is free.
    world.manager.get("/connections").ok();
    first.cut();
    connection_tests::eventually(connection_tests::wait::PATIENCE, "a place is free", || {
        world.open("", &[]).is_ok()
    });
}
