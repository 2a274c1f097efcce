//! What the contract says of an open session, and that sessions of another caller are not
//! there. The remote side is an FTP server that logs everyone in and can do nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may end at the first thing that is not as it should be"
)]

mod common;

use common::Server;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Starts the FTP server; it ends with the test's runtime.
async fn ftp() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream));
        }
    });
    port
}

async fn talk(stream: TcpStream) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 ready\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let reply = match line.split(' ').next().unwrap_or_default() {
            "USER" => "331 password",
            "PASS" => "230 in",
            "TYPE" | "NOOP" | "OPTS" => "200 ok",
            "PWD" => "257 \"/home/u\"",
            "QUIT" => "221 bye",
            _ => "502 not implemented",
        };
        write
            .write_all(format!("{reply}\r\n").as_bytes())
            .await
            .ok()?;
    }
    Some(())
}

fn login(port: u16) -> Value {
    json!({"host": "127.0.0.1", "port": port, "username": "u", "password": "p"})
}

async fn open(server: &Server, login: &Value) -> String {
    let answer = server.post("/connections/ftp", &login.to_string()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    assert_eq!(body.as_object().unwrap().len(), 1);
    body["session_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_session_as_the_list_shows_it() {
    let port = ftp().await;
    let server = Server::start().await;
    let start = std::time::Instant::now();
    let id = open(&server, &login(port)).await;
    assert_eq!(uuid::Uuid::parse_str(&id).unwrap().to_string(), id);

    let list = server.get("/connections").await.json();
    let session = &list["sessions"][0];
    let mut keys: Vec<_> = session
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
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
            "username",
        ]
    );
    assert_eq!(session["session_id"], id);
    assert_eq!(session["type"], "ftp");
    assert_eq!(session["port"], port);
    assert_eq!(session["session_name"], "u@127.0.0.1");
    assert_eq!(session["is_active"], true);
    let remaining = session["time_remaining_seconds"].as_u64().unwrap();
    let least = 1799 - start.elapsed().as_secs();
    assert!((least..=1799).contains(&remaining), "{session}");
    for time in ["connected_at", "expires_at", "last_activity"] {
        let text = session[time].as_str().unwrap();
        assert_eq!(text.len(), "2024-01-01T00:00:00".len(), "{time}: {text}");
        assert_eq!(text.as_bytes()[10], b'T');
    }
    let one = server.get(&format!("/connections/{id}")).await.json();
    assert_eq!(one["session_id"], id);
    assert_eq!(one.as_object().unwrap().len(), 11);

    let path = format!("DELETE /connections/{id}");
    let gone = server.ask(&path, &[], "").await;
    assert_eq!(gone.json(), json!({"message": "Session disconnected"}));
    server
        .ask(&path, &[], "")
        .await
        .is_problem(404, "Session not found");
    assert_eq!(
        server.get("/connections").await.json(),
        json!({"sessions": []})
    );
}

#[tokio::test]
async fn names_and_ports_as_they_were_given_in_the_order_of_opening() {
    let port = ftp().await;
    let server = Server::start().await;
    for (name, want) in [
        (Some(json!("Büro")), json!("Büro")),
        (Some(json!("")), json!("")),
        (Some(json!(null)), json!(null)),
        (None, json!("u@127.0.0.1")),
    ] {
        let mut login = login(port);
        login["port"] = json!(port.to_string());
        if let Some(name) = name {
            login["sessionName"] = name;
        }
        let id = open(&server, &login).await;
        let list = server.get("/connections").await.json();
        let last = list["sessions"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["session_id"], id);
        assert_eq!(last["session_name"], want);
        assert_eq!(last["port"], port, "digits are kept as a number");
    }
}

#[tokio::test]
async fn a_session_is_renamed_by_its_owner_alone() {
    let port = ftp().await;
    let server = Server::with("[tokens]\nann = \"a\"\nbob = \"b\"").await;
    let json = ("Content-Type", "application/json");
    let ann = ("Authorization", "Bearer a");
    let opened = server
        .ask(
            "POST /connections/ftp",
            &[json, ann],
            &login(port).to_string(),
        )
        .await;
    let id = opened.json()["session_id"].as_str().unwrap().to_owned();
    let line = format!("PATCH /connections/{id}");

    let body = json!({"sessionName": "Büro"}).to_string();
    let renamed = server.ask(&line, &[json, ann], &body).await;
    assert_eq!(renamed.status, 200, "{renamed:?}");
    assert_eq!(renamed.json()["session_name"], "Büro");
    assert_eq!(renamed.json().as_object().unwrap().len(), 11);

    for wrong in [
        json!({"sessionName": ""}),
        json!({"sessionName": null}),
        json!({"sessionName": 3}),
        json!({"sessionName": "a\nb"}),
        json!({"sessionName": "x".repeat(201)}),
        json!({"other": "x"}),
        json!({}),
    ] {
        let refused = server.ask(&line, &[json, ann], &wrong.to_string()).await;
        assert_eq!(refused.status, 400, "{wrong} {refused:?}");
        assert_eq!(refused.json()["code"], "invalid_input", "{wrong}");
    }
    let bob = ("Authorization", "Bearer b");
    let foreign = server.ask(&line, &[json, bob], &body).await;
    let unknown = server
        .ask("PATCH /connections/x", &[json, bob], &body)
        .await;
    assert_eq!(foreign.status, 401);
    assert_eq!(foreign.body, unknown.body, "not theirs is not there");

    let list = server.ask("GET /connections", &[ann], "").await.json();
    assert_eq!(list["sessions"][0]["session_name"], "Büro");
}

#[tokio::test]
async fn operations_check_their_body_and_the_local_side_first() {
    let dir = tempfile::tempdir().unwrap();
    let port = ftp().await;
    let server = Server::with(&format!("local_roots = [{:?}]", dir.path())).await;
    let id = open(&server, &login(port)).await;
    let inside = dir.path().join("missing");
    let inside = inside.to_str().unwrap();
    let missing = format!("Local file not found: {inside}");
    let outside = "/etc/passwd is outside the allowed local directories (setting local_roots)";
    let both = "localPath and remotePath are required";
    for (operation, body, status, detail) in [
        (
            "execute",
            json!({"command": "id"}),
            400,
            "Not an SSH session",
        ),
        ("execute", json!({}), 400, "Not an SSH session"),
        ("download", json!({}), 400, "remotePath is required"),
        ("download", json!(null), 400, "remotePath is required"),
        (
            "download",
            json!({"remotePath": 3}),
            400,
            "remotePath must be a string",
        ),
        (
            "download",
            json!({"remotePath": "/a", "localPath": 3}),
            400,
            "localPath must be a string",
        ),
        (
            "download",
            json!([1]),
            400,
            "Request body must be a JSON object",
        ),
        (
            "download",
            json!({"remotePath": "/a", "localPath": "/etc/passwd"}),
            403,
            outside,
        ),
        (
            "download",
            json!({"remotePath": "/a\0b"}),
            500,
            "Download failed: the path contains a NUL byte",
        ),
        ("upload", json!({}), 400, both),
        ("upload", json!(null), 400, both),
        ("upload", json!({"remotePath": "/a"}), 400, both),
        ("upload", json!({"localPath": "/a"}), 400, both),
        (
            "upload",
            json!({"localPath": null, "remotePath": "/a"}),
            400,
            both,
        ),
        (
            "upload",
            json!({"localPath": [], "remotePath": "/a"}),
            400,
            "localPath must be a string",
        ),
        (
            "upload",
            json!({"localPath": inside, "remotePath": "/a"}),
            404,
            &missing,
        ),
        (
            "upload",
            json!({"localPath": "", "remotePath": "/a"}),
            404,
            "Local file not found: ",
        ),
        (
            "upload",
            json!({"localPath": "/etc/passwd", "remotePath": "/a"}),
            403,
            outside,
        ),
    ] {
        let path = format!("/connections/{id}/{operation}");
        server
            .post(&path, &body.to_string())
            .await
            .is_problem(status, detail);
    }
    let path = format!("/connections/{id}/files?path=/a%00b");
    let detail = "Failed to list files: the path contains a NUL byte";
    server.get(&path).await.is_problem(500, detail);
}

#[tokio::test]
async fn a_session_of_another_caller_is_not_there() {
    let port = ftp().await;
    let server = Server::with("[tokens]\nann = \"a\"\nbob = \"b\"").await;
    let json = ("Content-Type", "application/json");
    let body = login(port).to_string();
    let ann = ("Authorization", "Bearer a");
    let bob = ("Authorization", "Bearer b");
    let opened = server
        .ask("POST /connections/ftp", &[ann, json], &body)
        .await;
    let id = opened.json()["session_id"].as_str().unwrap().to_owned();

    let listed = server.ask("GET /connections", &[bob], "").await;
    assert_eq!(listed.json(), json!({"sessions": []}));
    let unknown = "00000000-0000-4000-8000-000000000000";
    for line in [
        "GET /connections/ID",
        "DELETE /connections/ID",
        "GET /connections/ID/files",
        "POST /connections/ID/execute",
        "POST /connections/ID/download",
        "POST /connections/ID/upload",
    ] {
        let theirs = server
            .ask(&line.replace("ID", &id), &[bob, json], "{}")
            .await;
        let nobodys = server
            .ask(&line.replace("ID", unknown), &[bob, json], "{}")
            .await;
        assert_eq!(
            (theirs.status, &theirs.body),
            (nobodys.status, &nobodys.body),
            "{line}"
        );
        assert!(matches!(theirs.status, 401 | 404), "{line}");
    }
    let mine = server
        .ask(&format!("GET /connections/{id}"), &[ann], "")
        .await;
    assert_eq!(mine.status, 200);
}

#[tokio::test]
async fn no_more_sessions_than_allowed() {
    let port = ftp().await;
    let server = Server::start().await;
    for _ in 0..20 {
        open(&server, &login(port)).await;
    }
    let refused = server
        .post("/connections/ftp", &login(port).to_string())
        .await;
    refused.is_problem(400, "Maximum sessions (20) reached");
}
