//! Who may call: origins, host names and access tokens.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may end at the first thing that is not as it should be"
)]

mod common;

use common::{Answer, Server};

const UI: &str = "http://localhost:3000";
const EVIL: &str = "https://evil.example";

fn grants(answer: &Answer) -> Option<&str> {
    answer.header("access-control-allow-origin")
}

#[tokio::test]
async fn every_answer_below_connections_carries_cors_headers() {
    let server = Server::start().await;
    let json = ("Content-Type", "application/json");
    let origin = ("Origin", UI);
    for (line, headers, body, status) in [
        ("GET /connections", vec![origin], "", 200),
        ("POST /connections/ssh", vec![origin, json], "{", 400),
        (
            "POST /connections/ssh",
            vec![origin, json],
            "{\"host\":\"h\"}",
            400,
        ),
        ("POST /connections/ssh", vec![origin], "{}", 415),
        ("GET /connections/x/files", vec![origin], "", 401),
        ("GET /connections/x/nope", vec![origin], "", 404),
        ("PUT /connections", vec![origin], "", 405),
        (
            "GET /connections",
            vec![origin, ("Host", "evil.example")],
            "",
            403,
        ),
    ] {
        let answer = server.ask(line, &headers, body).await;
        assert_eq!(answer.status, status, "{line} {answer:?}");
        assert_eq!(grants(&answer), Some(UI), "{line} {answer:?}");
        assert_eq!(answer.header("vary"), Some("Origin"), "{line} {answer:?}");
    }
    for path in ["/", "/health", "/nope"] {
        let answer = server.ask(&format!("GET {path}"), &[origin], "").await;
        assert_eq!(grants(&answer), None, "{path}");
    }
    let without = server.get("/connections").await;
    assert_eq!((without.status, grants(&without)), (200, None));
}

#[tokio::test]
async fn a_foreign_page_may_not_change_anything_and_reads_nothing() {
    let server = Server::start().await;
    for origin in [EVIL, "null", "http://localhost.evil.example"] {
        let headers = [("Origin", origin), ("Content-Type", "application/json")];
        let read = server.ask("GET /connections", &headers, "").await;
        assert_eq!((read.status, grants(&read)), (200, None), "{origin}");
        for line in [
            "POST /connections/ssh",
            "POST /connections/cleanup",
            "DELETE /connections/x",
        ] {
            let answer = server.ask(line, &headers, "{}").await;
            assert_eq!(
                (answer.status, grants(&answer)),
                (403, None),
                "{line} {origin}"
            );
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains("cors_origins"), "{detail}");
        }
        // What a browser sends for a page of any site without asking first.
        for kind in [
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
            "text/plain",
        ] {
            let headers = [("Origin", origin), ("Content-Type", kind)];
            let line = "POST /connections/x/content?path=/";
            let answer = server.ask(line, &headers, "--x--").await;
            assert_eq!((answer.status, grants(&answer)), (403, None), "{kind}");
        }
    }
}

#[tokio::test]
async fn configured_origins() {
    let server = Server::with("cors_origins = [\"https://app.example.com\"]").await;
    let app = [("Origin", "https://app.example.com")];
    let answer = server.ask("POST /connections/cleanup", &app, "").await;
    assert_eq!(
        (answer.status, grants(&answer)),
        (200, Some("https://app.example.com"))
    );

    let server = Server::with("cors_origins = [\"*\"]").await;
    for headers in [&[("Origin", EVIL)][..], &[("Origin", "null")], &[]] {
        let answer = server.ask("POST /connections/cleanup", headers, "").await;
        assert_eq!(
            (answer.status, grants(&answer)),
            (200, Some("*")),
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn preflights() {
    let server = Server::with("token = \"secret\"").await;
    let asks = |origin: &'static str, method: &'static str| {
        [
            ("Origin", origin),
            ("Access-Control-Request-Method", method),
            (
                "Access-Control-Request-Headers",
                "Content-Type, X-Evil, authorization",
            ),
            ("Access-Control-Request-Private-Network", "true"),
        ]
    };
    for path in [
        "/connections",
        "/connections/x/execute",
        "/connections/nope/nope",
    ] {
        let line = format!("OPTIONS {path}");
        let answer = server.ask(&line, &asks(UI, "POST"), "").await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (200, ""),
            "{answer:?}"
        );
        assert_eq!(grants(&answer), Some(UI));
        for (header, value) in [
            (
                "access-control-allow-methods",
                Some("DELETE, GET, OPTIONS, POST"),
            ),
            (
                "access-control-allow-headers",
                Some("Content-Type, authorization"),
            ),
            ("access-control-allow-private-network", Some("true")),
            ("access-control-max-age", None),
            ("access-control-allow-credentials", None),
            ("vary", Some("Origin")),
        ] {
            assert_eq!(answer.header(header), value, "{header}");
        }
        let put = server.ask(&line, &asks(UI, "PUT"), "").await;
        assert_eq!((put.status, grants(&put)), (200, Some(UI)));
        assert_eq!(put.header("access-control-allow-methods"), None);
        assert_eq!(put.header("access-control-allow-headers"), None);
        let evil = server.ask(&line, &asks(EVIL, "POST"), "").await;
        assert_eq!((evil.status, grants(&evil)), (200, None));
        assert_eq!(evil.header("access-control-allow-methods"), None);
    }
    // A method beyond the contract's is granted where there is a route for it.
    let line = "OPTIONS /connections/x/content";
    let put = server.ask(line, &asks(UI, "PUT"), "").await;
    assert_eq!(
        put.header("access-control-allow-methods"),
        Some("GET, HEAD, OPTIONS, POST, PUT")
    );
    let mut conditional = asks(UI, "PUT");
    conditional[2].1 = "If-Match, if-none-match, if-evil, Range, if-range";
    assert_eq!(
        server
            .ask(line, &conditional, "")
            .await
            .header("access-control-allow-headers"),
        Some("If-Match, if-none-match, Range, if-range")
    );
    let evil = server.ask(line, &asks(EVIL, "PUT"), "").await;
    assert_eq!(evil.header("access-control-allow-methods"), None);
    for line in [
        "OPTIONS /recordings",
        "OPTIONS /tickets",
        "OPTIONS /shares/x",
    ] {
        let answer = server.ask(line, &asks(UI, "GET"), "").await;
        assert_eq!(grants(&answer), Some(UI), "{line}");
    }
    let no_preflight = server
        .ask("OPTIONS /connections", &[("Origin", UI)], "")
        .await;
    assert_eq!(no_preflight.status, 401, "a plain OPTIONS needs the token");
}

#[tokio::test]
async fn only_known_host_names() {
    let server = Server::with("allowed_hosts = [\"Files.example.com\"]").await;
    for host in [
        "localhost",
        "localhost:1234",
        "127.0.0.1",
        "[::1]:8000",
        "FILES.example.com:443",
    ] {
        let answer = server.ask("GET /health", &[("Host", host)], "").await;
        assert_eq!(answer.status, 200, "{host}");
    }
    for host in [
        "evil.example",
        "127.0.0.1.evil.example:8000",
        "192.0.2.1",
        "",
    ] {
        for line in ["GET /health", "GET /connections", "POST /connections/ssh"] {
            let answer = server.ask(line, &[("Host", host)], "").await;
            assert_eq!(answer.status, 403, "{host} {line}");
            assert!(
                answer.json()["detail"]
                    .as_str()
                    .unwrap()
                    .contains("allowed_hosts")
            );
        }
    }
    let absolute =
        "GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(server.raw(absolute.as_bytes()).await.status, 403);
    let none = "GET /health HTTP/1.0\r\n\r\n";
    assert_eq!(server.raw(none.as_bytes()).await.status, 403);
}

#[tokio::test]
async fn a_token_is_needed_for_everything_but_health() {
    let server = Server::with("token = \"one\"\n[tokens]\nann = \"two\"").await;
    assert_eq!(server.get("/health").await.status, 200);
    for path in [
        "/",
        "/docs",
        "/openapi.json",
        "/connections",
        "/connections/x",
        "/nope",
    ] {
        let answer = server.get(path).await;
        answer.is_problem(401, "An access token is required");
        assert!(
            answer
                .header("www-authenticate")
                .unwrap()
                .starts_with("Bearer")
        );
    }
    let browser = [("Accept", "text/html")];
    let page = server.ask("GET /", &browser, "").await;
    assert_eq!(page.status, 200, "the page asks for the token itself");
    for wrong in ["Bearer on", "Bearer onee", "Bearer ONE"] {
        let headers = [("Authorization", wrong), ("Origin", UI)];
        let answer = server.ask("GET /connections", &headers, "").await;
        answer.is_problem(401, "The access token is not valid");
        assert_eq!(grants(&answer), Some(UI));
    }
    for wrong in ["one", "Basic b25lOg=="] {
        let answer = server
            .ask("GET /connections", &[("Authorization", wrong)], "")
            .await;
        assert_eq!(answer.status, 401, "{wrong}");
    }
    for right in ["Bearer one", "bearer one", "Bearer two"] {
        let answer = server
            .ask("GET /connections", &[("Authorization", right)], "")
            .await;
        assert_eq!(answer.status, 200, "{right}");
    }
    let body = server
        .ask(
            "POST /connections/ssh",
            &[("Content-Type", "application/json")],
            "{",
        )
        .await;
    assert_eq!(body.status, 401, "before the body is looked at");
}
