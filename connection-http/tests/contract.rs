//! The contract's answers that need no remote server.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may end at the first thing that is not as it should be"
)]

mod common;

use common::Server;

const UNKNOWN: &str = "/connections/00000000-0000-4000-8000-000000000000";

#[tokio::test]
async fn health_and_the_service_itself() {
    let server = Server::start().await;
    let health = server.get("/health").await;
    assert_eq!(
        health.json(),
        serde_json::json!({"status": "ok", "service": "coreastra-connection-manager"})
    );
    assert_eq!(health.header("access-control-allow-origin"), None);
    assert!(health.header("x-request-id").is_some());

    let root = server.get("/").await.json();
    assert_eq!(root["service"], "CoreAstra Connection Manager");
    assert_eq!(root["version"], "1.0.0");
    let keys: Vec<_> = root["endpoints"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let mut want = [
        "health",
        "ssh_connect",
        "ftp_connect",
        "list_sessions",
        "disconnect",
        "execute_command",
        "list_files",
        "download",
        "upload",
        "cleanup",
    ]
    .map(str::to_owned);
    want.sort();
    let mut keys = keys;
    keys.sort();
    assert_eq!(keys, want);

    let browser = [("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    let page = server.ask("GET /", &browser, "").await;
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    // With the page built in or without.
    assert!(page.body.contains("<title>Connection Manager</title>"));
}

#[tokio::test]
async fn no_sessions_yet() {
    let server = Server::start().await;
    assert_eq!(
        server.get("/connections").await.json(),
        serde_json::json!({"sessions": []})
    );
    let cleaned = serde_json::json!({"cleaned": 0, "message": "Cleaned up 0 expired sessions"});
    for body in ["", "{", "{}"] {
        assert_eq!(
            server.post("/connections/cleanup", body).await.json(),
            cleaned,
            "{body:?}"
        );
    }
    let untyped = server.ask("POST /connections/cleanup", &[], "").await;
    assert_eq!(untyped.json(), cleaned);
}

#[tokio::test]
async fn an_unknown_session() {
    let server = Server::start().await;
    let gone = "Session expired or not found";
    server.get(UNKNOWN).await.is_problem(401, gone);
    server
        .get(&format!("{UNKNOWN}/files?path=/"))
        .await
        .is_problem(401, gone);
    for id in ["not-a-uuid", "%FF", "%00", "a%2Fb"] {
        let path = format!("/connections/{id}/files");
        server.get(&path).await.is_problem(401, gone);
    }
    for operation in ["download", "upload", "execute"] {
        // Before the body is looked at: neither its type nor its form matters.
        let path = format!("{UNKNOWN}/{operation}");
        server.post(&path, "{").await.is_problem(401, gone);
        server
            .ask(&format!("POST {path}"), &[], "x")
            .await
            .is_problem(401, gone);
    }
    for id in [
        UNKNOWN,
        "/connections/x",
        "/connections/%FF",
        "/connections/%00",
        "/connections/ssh",
        "/connections/ftp",
        "/connections/cleanup",
    ] {
        let answer = server.ask(&format!("DELETE {id}"), &[], "").await;
        answer.is_problem(404, "Session not found");
        server.get(id).await.is_problem(401, gone);
    }
}

#[tokio::test]
async fn bodies_that_are_not_a_login() {
    let server = Server::start().await;
    for path in ["/connections/ssh", "/connections/ftp"] {
        for empty in ["{}", "null", "[]", "\"\"", "0", " false "] {
            server
                .post(path, empty)
                .await
                .is_problem(400, "Request body required");
        }
        for other in ["[1]", "\"x\"", "5", "true"] {
            let detail = "Request body must be a JSON object";
            server.post(path, other).await.is_problem(400, detail);
        }
        for broken in ["", "{", "{\"host\": }", "\u{feff}{}", "nul"] {
            let answer = server.post(path, broken).await;
            assert_eq!(answer.status, 400, "{broken:?} {answer:?}");
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(
                detail.starts_with("Failed to decode JSON object: "),
                "{detail}"
            );
        }
        let line = format!("POST {path}");
        for headers in [
            &[][..],
            &[("Content-Type", "text/plain")],
            &[("Content-Type", "application/xml")],
        ] {
            let answer = server.ask(&line, headers, "{\"a\":1}").await;
            answer.is_problem(415, "Content-Type must be application/json");
        }
        server
            .ask(&line, &[], "")
            .await
            .is_problem(415, "Content-Type must be application/json");
        let answer = server
            .ask(&line, &[("Content-Type", "application/vnd.x+json")], "{}")
            .await;
        answer.is_problem(400, "Request body required");
        let deep = "[".repeat(100_000);
        assert_eq!(server.post(path, &deep).await.status, 400);
    }
}

#[tokio::test]
async fn logins_with_something_missing_or_wrong() {
    let server = Server::start().await;
    let required = "host and username are required";
    for (body, detail) in [
        (r#"{"host": "h"}"#, required),
        (r#"{"username": "u"}"#, required),
        (r#"{"host": "", "username": "u"}"#, required),
        (r#"{"host": null, "username": "u"}"#, required),
        (r#"{"host": "h", "username": ""}"#, required),
        (r#"{"host": 1, "username": "u"}"#, "host must be a string"),
        (
            r#"{"host": "h", "username": ["u"]}"#,
            "username must be a string",
        ),
        (
            r#"{"host": "h", "username": "u"}"#,
            "Connection error: Either password or key_path must be provided",
        ),
        (
            r#"{"host": "h", "username": "u", "password": ""}"#,
            "Connection error: Either password or key_path must be provided",
        ),
        (
            r#"{"host": "h", "username": "u", "password": 1}"#,
            "password must be a string",
        ),
        (
            r#"{"host": "x", "username": "y", "keyPath": 3}"#,
            "keyPath must be a string",
        ),
        (
            r#"{"host": "x", "username": "y", "keyPath": "id_rsa"}"#,
            "Connection error: Could not load private key from id_rsa",
        ),
        (
            r#"{"host": "x", "username": "y", "keyPath": "~other/id"}"#,
            "Connection error: Could not load private key from ~other/id",
        ),
        (
            r#"{"host": "x", "username": "y", "privateKey": {}}"#,
            "privateKey must be a string",
        ),
        (
            r#"{"host": "x", "username": "y", "privateKey": "k", "keyPath": "/k"}"#,
            "keyPath and privateKey exclude each other",
        ),
        (
            r#"{"host": "h", "username": "u", "password": "p", "passphrase": 1}"#,
            "passphrase must be a string",
        ),
        (
            r#"{"host": "h", "username": "u", "password": "p", "port": 0}"#,
            "port must be a whole number from 1 to 65535",
        ),
        (
            r#"{"host": "h", "username": "u", "password": "p", "port": 70000}"#,
            "port must be a whole number from 1 to 65535",
        ),
        (
            r#"{"host": "h", "username": "u", "password": "p", "port": "ssh"}"#,
            "port must be a number",
        ),
        (
            r#"{"host": "h", "username": "u", "password": "p", "sessionName": 5}"#,
            "sessionName must be a string",
        ),
        (
            r#"{"host": "h", "username": "u", "password": "p", "timeout": "5"}"#,
            "timeout must be a number",
        ),
        (
            r#"{"host": "h", "username": "u", "password": "p", "timeout": 0}"#,
            "timeout must be more than 0 and at most 3600 seconds",
        ),
        (
            r#"{"host": "h", "username": "u", "password": "p", "engine": "putty"}"#,
            "engine must be russh or libssh2",
        ),
        (
            r#"{"host": "h\u0000", "username": "u", "password": "p"}"#,
            "Connection error: host contains a control character",
        ),
    ] {
        server
            .post("/connections/ssh", body)
            .await
            .is_problem(400, detail);
    }
    let required = "host, username, and password are required";
    for (body, detail) in [
        (r#"{"host": "h", "username": "u"}"#, required),
        (
            r#"{"host": "h", "username": "u", "password": ""}"#,
            required,
        ),
        (
            r#"{"host": "h", "username": "u", "password": null}"#,
            required,
        ),
        (r#"{"username": "u", "password": "p"}"#, required),
        (
            r#"{"host": "h", "username": "u", "password": 1}"#,
            "password must be a string",
        ),
        (
            r#"{"host": "h", "username": "u", "password": "p", "useTLS": "yes"}"#,
            "useTLS must be true or false",
        ),
        (
            r#"{"host": "h", "username": "u", "password": "p", "port": -1}"#,
            "port must be a whole number from 1 to 65535",
        ),
        (
            r#"{"host": "h", "username": "u", "password": "p\r\nDELE x"}"#,
            "FTP connection failed: the password contains CR, LF or NUL",
        ),
    ] {
        server
            .post("/connections/ftp", body)
            .await
            .is_problem(400, detail);
    }
}

#[tokio::test]
async fn a_key_outside_the_local_roots_is_refused_whether_it_exists_or_not() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("root");
    std::fs::create_dir(&root).unwrap();
    let server = Server::with(&format!("local_roots = [{root:?}]")).await;
    for path in ["/etc/passwd", "/nonexistent/key"] {
        let body = format!(r#"{{"host": "h", "username": "u", "keyPath": "{path}"}}"#);
        let detail =
            format!("{path} is outside the allowed local directories (setting local_roots)");
        server
            .post("/connections/ssh", &body)
            .await
            .is_problem(403, &detail);
    }
}

#[tokio::test]
async fn bodies_too_large_or_too_slow() {
    let server = Server::start().await;
    let large = format!("{{\"host\": \"{}\"}}", "x".repeat(3 << 20));
    let detail = "The request body is larger than 1048576 bytes";
    server
        .post("/connections/ssh", &large)
        .await
        .is_problem(413, detail);
    let announced = |server: &Server, length: u32| {
        format!(
            "POST /connections/ssh HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{{",
            server.address
        )
    };
    let request = announced(&server, 99_999_999);
    server.raw(request.as_bytes()).await.is_problem(413, detail);
    let server = Server::with("body_timeout = 0.2").await;
    let slow = announced(&server, 100);
    let detail = "The request body did not arrive in time";
    server.raw(slow.as_bytes()).await.is_problem(408, detail);
}

#[tokio::test]
async fn routes_and_methods_that_are_not_there() {
    let server = Server::start().await;
    for path in [
        "/nope",
        "/connections/",
        "/connections/x/nope",
        "/connections/x/files/",
        "//",
        "/health/",
    ] {
        server.get(path).await.is_problem(404, "Not Found");
    }
    for (line, allow) in [
        ("POST /connections", "GET, HEAD, OPTIONS"),
        ("PUT /connections/ssh", "DELETE, GET, HEAD, OPTIONS, POST"),
        ("POST /connections/x", "DELETE, GET, HEAD, OPTIONS, PATCH"),
        ("GET /connections/x/execute", "OPTIONS, POST"),
        ("DELETE /health", "GET, HEAD, OPTIONS"),
        ("POST /docs", "GET, HEAD, OPTIONS"),
        ("POST /openapi.json", "GET, HEAD, OPTIONS"),
        ("BREW /", "GET, HEAD, OPTIONS"),
    ] {
        let answer = server
            .ask(line, &[("Origin", "http://localhost:3000")], "")
            .await;
        answer.is_problem(405, "Method Not Allowed");
        assert_eq!(answer.header("allow"), Some(allow), "{line}");
    }
    let options = server.ask("OPTIONS /connections", &[], "").await;
    assert_eq!(
        (options.status, options.header("allow")),
        (200, Some("GET, HEAD, OPTIONS"))
    );
    let head = server.ask("HEAD /connections", &[], "").await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[tokio::test]
async fn the_description_and_its_page_work_offline() {
    let server = Server::start().await;
    let spec = server.get("/openapi.json").await.json();
    assert_eq!(spec["openapi"], "3.0.0");
    let docs = server.get("/docs").await;
    assert_eq!(docs.status, 200);
    assert!(docs.body.contains("connectSsh"));
    for tag in ["<script src=\"http", "<link rel=\"stylesheet\" href=\"http"] {
        assert!(!docs.body.contains(tag), "{tag}");
    }
}
