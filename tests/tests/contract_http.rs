//! The contract of the facade where no remote machine takes part: shapes of the answers
//! about the service itself, bodies, statuses, routes, and the headers for pages.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers fail the test, as the test itself does"
)]

use connection_tests::manager::{Answer, Manager, Shared, keys};
use serde_json::json;

static MANAGER: Shared<Manager> = Shared::new(Manager::start);

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";
const CONNECT: [&str; 2] = ["/connections/ssh", "/connections/ftp"];

#[test]
fn health() {
    let answer = MANAGER.get().get("/health");
    let want = json!({"status": "ok", "service": "coreastra-connection-manager"});
    assert_eq!(answer.ok(), want);
}

#[test]
fn the_root_describes_the_service_to_scripts() {
    let body = MANAGER.get().get("/").ok();
    assert_eq!(keys(&body), ["endpoints", "service", "version"]);
    assert_eq!(body["service"], "CoreAstra Connection Manager");
    assert_eq!(body["version"], "1.0.0");
    let endpoints = [
        ("cleanup", "POST", "/connections/cleanup"),
        ("disconnect", "DELETE", "/connections/{session_id}"),
        ("download", "POST", "/connections/{session_id}/download"),
        (
            "execute_command",
            "POST",
            "/connections/{session_id}/execute",
        ),
        ("ftp_connect", "POST", "/connections/ftp"),
        ("health", "GET", "/health"),
        ("list_files", "GET", "/connections/{session_id}/files"),
        ("list_sessions", "GET", "/connections"),
        ("ssh_connect", "POST", "/connections/ssh"),
        ("upload", "POST", "/connections/{session_id}/upload"),
    ];
    assert_eq!(keys(&body["endpoints"]), endpoints.map(|(key, _, _)| key));
    for (key, method, path) in endpoints {
        let text = body["endpoints"][key].as_str().unwrap();
        assert!(
            text.contains(method) && text.ends_with(path),
            "{key}: {text}"
        );
    }
}

#[test]
fn the_root_shows_a_page_to_browsers() {
    let manager = MANAGER.get();
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let page = manager.send("GET", "/", |r| r.header("accept", browser));
    assert_eq!(page.status, 200);
    assert!(
        page.header("content-type").starts_with("text/html"),
        "{:?}",
        page.headers
    );
    let curl = manager.send("GET", "/", |r| r.header("accept", "*/*"));
    assert_eq!(curl.ok()["version"], "1.0.0");
}

#[test]
fn no_sessions_are_an_empty_list() {
    assert_eq!(
        Manager::start().get("/connections").ok(),
        json!({"sessions": []})
    );
}

#[test]
fn cleanup_counts_nothing_and_ignores_its_body() {
    let manager = Manager::start();
    let want = json!({"cleaned": 0, "message": "Cleaned up 0 expired sessions"});
    let json = Some("application/json");
    for (name, kind, body) in [
        ("no body", None, ""),
        ("an object", json, "{}"),
        ("invalid JSON", json, "{nope"),
        ("text", Some("text/plain"), "hello"),
    ] {
        let answer = manager.post_raw("/connections/cleanup", kind, body);
        assert_eq!(answer.ok(), want, "{name}");
    }
}

#[test]
fn an_empty_body_is_no_login() {
    let manager = MANAGER.get();
    for path in CONNECT {
        for body in ["{}", "null", "[]", "\"\"", "0"] {
            let answer = manager.post_raw(path, Some("application/json"), body);
            answer.fails(400, "Request body required");
        }
    }
}

#[test]
fn a_login_that_is_no_object_is_refused_in_words() {
    let manager = MANAGER.get();
    for path in CONNECT {
        for body in ["[1]", "\"x\"", "5", "true"] {
            let answer = manager.post_raw(path, Some("application/json"), body);
            assert!(!answer.detail(400).is_empty(), "{path} {body}");
        }
    }
}

#[test]
fn ssh_needs_host_and_username() {
    let manager = MANAGER.get();
    for (name, body) in [
        ("no host", json!({"username": "u", "password": "p"})),
        (
            "empty host",
            json!({"host": "", "username": "u", "password": "p"}),
        ),
        (
            "null host",
            json!({"host": null, "username": "u", "password": "p"}),
        ),
        ("no username", json!({"host": "h", "password": "p"})),
        (
            "empty username",
            json!({"host": "h", "username": "", "password": "p"}),
        ),
        (
            "null username",
            json!({"host": "h", "username": null, "password": "p"}),
        ),
    ] {
        eprintln!("{name}");
        let answer = manager.post("/connections/ssh", &body);
        answer.fails(400, "host and username are required");
    }
}

#[test]
fn ftp_needs_host_username_and_password() {
    let manager = MANAGER.get();
    for field in ["host", "username", "password"] {
        for value in [None, Some(json!("")), Some(json!(null))] {
            eprintln!("{field}: {value:?}");
            let mut body = json!({"host": "h", "username": "u", "password": "p"});
            match value {
                None => drop(body.as_object_mut().unwrap().remove(field)),
                Some(value) => body[field] = value,
            }
            let answer = manager.post("/connections/ftp", &body);
            answer.fails(400, "host, username, and password are required");
        }
    }
}

#[test]
fn ssh_needs_a_password_or_a_key() {
    let manager = MANAGER.get();
    for (name, body) in [
        ("neither", json!({"host": "h", "username": "u"})),
        (
            "empty",
            json!({"host": "h", "username": "u", "password": "", "keyPath": ""}),
        ),
        (
            "null",
            json!({"host": "h", "username": "u", "password": null, "keyPath": null}),
        ),
    ] {
        eprintln!("{name}");
        let answer = manager.post("/connections/ssh", &body);
        answer.fails(
            400,
            "Connection error: Either password or key_path must be provided",
        );
    }
}

#[test]
fn what_is_not_json_is_a_bad_request() {
    let manager = MANAGER.get();
    for path in CONNECT {
        for body in [
            "",
            "{nope",
            "{\"host\":\"h\",}",
            "\u{feff}{}",
            "{\"host\":\"\\ud8\"}",
        ] {
            let answer = manager.post_raw(path, Some("application/json"), body);
            answer.fails_with(400, "Failed to decode JSON object");
        }
    }
}

#[test]
fn another_content_type_is_refused() {
    let manager = MANAGER.get();
    for path in CONNECT {
        for kind in [
            None,
            Some("text/plain"),
            Some("application/x-www-form-urlencoded"),
        ] {
            assert!(
                !manager.post_raw(path, kind, "{}").detail(415).is_empty(),
                "{kind:?}"
            );
        }
        for kind in [
            "application/json; charset=utf-8",
            "application/vnd.api+json",
            "APPLICATION/JSON",
        ] {
            manager
                .post_raw(path, Some(kind), "{}")
                .fails(400, "Request body required");
        }
    }
}

#[test]
fn unknown_routes_and_methods_are_told_in_json() {
    let manager = MANAGER.get();
    for path in ["/nope", "/connections/x/nope", "/console", "/health/x"] {
        assert!(!manager.get(path).detail(404).is_empty(), "{path}");
    }
    for (method, path, allow) in [
        ("PUT", "/connections", "GET"),
        ("GET", "/connections/cleanup/x", ""),
        ("DELETE", "/health", "GET"),
        ("POST", "/connections", "GET"),
        ("GET", "/connections/x/execute", "POST"),
        ("PUT", "/connections/x/files", "GET"),
    ] {
        let answer = manager.send(method, path, |r| r);
        if allow.is_empty() {
            answer.detail(404);
            continue;
        }
        assert!(!answer.detail(405).is_empty(), "{method} {path}");
        assert!(
            answer.header("allow").contains(allow),
            "{method} {path}: {:?}",
            answer.headers
        );
    }
}

#[test]
fn an_unknown_session_is_refused_before_the_body_is_read() {
    let manager = MANAGER.get();
    for id in [NOBODY, "x", "not-a-uuid", "%00", "..%2f.."] {
        manager
            .get(&format!("/connections/{id}/files?path=/"))
            .fails(401, "Session expired or not found");
        for route in ["download", "upload", "execute"] {
            let path = format!("/connections/{id}/{route}");
            for (kind, body) in [
                (Some("application/json"), "{nope"),
                (Some("text/plain"), ""),
                (None, ""),
            ] {
                manager
                    .post_raw(&path, kind, body)
                    .fails(401, "Session expired or not found");
            }
        }
    }
}

#[test]
fn closing_what_is_not_there() {
    let manager = MANAGER.get();
    for id in [NOBODY, "x", "ssh", "ftp", "cleanup"] {
        manager
            .delete(&format!("/connections/{id}"))
            .fails(404, "Session not found");
    }
}

// Headers for pages.

fn from_page(manager: &Manager, method: &str, path: &str, origin: &str) -> Answer {
    manager.send(method, path, |r| r.header("origin", origin))
}

fn allowed(answer: &Answer) -> &str {
    answer.header("access-control-allow-origin")
}

#[test]
fn the_react_client_may_read_every_answer_below_connections() {
    let manager = MANAGER.get();
    let page = "http://localhost:3000";
    for (method, path, status) in [
        ("GET", "/connections", 200),
        ("POST", "/connections/ssh", 415),
        ("DELETE", "/connections/x", 404),
        ("PUT", "/connections", 405),
        ("GET", "/connections/x/nope", 404),
        ("GET", "/connections/x/files", 401),
    ] {
        let answer = from_page(&manager, method, path, page);
        assert_eq!(answer.status, status, "{method} {path}");
        assert_eq!(allowed(&answer), page, "{method} {path}");
        assert!(
            answer.header("vary").to_lowercase().contains("origin"),
            "{method} {path}"
        );
    }
}

#[test]
fn the_service_routes_have_no_cors_headers() {
    let manager = MANAGER.get();
    for path in ["/", "/health"] {
        let answer = from_page(&manager, "GET", path, "http://localhost:3000");
        assert_eq!(answer.status, 200);
        let cors = |name: &str| name.starts_with("access-control-");
        assert!(
            !answer.headers.keys().any(|n| cors(n.as_str())),
            "{:?}",
            answer.headers
        );
    }
}

fn preflight(manager: &Manager, origin: &str, method: &str, headers: &str) -> Answer {
    manager.send("OPTIONS", "/connections/ssh", |r| {
        r.header("origin", origin)
            .header("access-control-request-method", method)
            .header("access-control-request-headers", headers)
            .header("access-control-request-private-network", "true")
    })
}

#[test]
fn a_preflight_of_the_react_client_is_granted() {
    let manager = MANAGER.get();
    let answer = preflight(
        &manager,
        "http://localhost:3000",
        "POST",
        "content-type, x-other,authorization",
    );
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    assert_eq!(allowed(&answer), "http://localhost:3000");
    assert_eq!(
        answer.header("access-control-allow-methods"),
        "DELETE, GET, OPTIONS, POST"
    );
    let headers = answer.header("access-control-allow-headers").to_lowercase();
    assert_eq!(headers, "content-type, authorization");
    assert_eq!(
        answer.header("access-control-allow-private-network"),
        "true"
    );
    assert!(answer.headers.get("access-control-max-age").is_none());
    assert!(
        answer
            .headers
            .get("access-control-allow-credentials")
            .is_none()
    );
}

#[test]
fn a_preflight_for_an_unlisted_method_is_not_granted() {
    let answer = preflight(
        &MANAGER.get(),
        "http://localhost:3000",
        "PUT",
        "content-type",
    );
    assert_eq!(answer.status, 200);
    assert!(answer.headers.get("access-control-allow-methods").is_none());
    assert!(answer.headers.get("access-control-allow-headers").is_none());
}

#[test]
fn a_foreign_page_gets_nothing_unless_configured() {
    let foreign = "https://app.example.com";
    let manager = MANAGER.get();
    assert_eq!(
        allowed(&from_page(&manager, "GET", "/connections", foreign)),
        ""
    );
    assert_eq!(
        allowed(&preflight(&manager, foreign, "POST", "content-type")),
        ""
    );
    from_page(&manager, "DELETE", "/connections/x", foreign).detail(403);
    let listed = Manager::builder().flag("--cors-origin", foreign).start();
    assert_eq!(
        allowed(&from_page(&listed, "GET", "/connections", foreign)),
        foreign
    );
    from_page(&listed, "DELETE", "/connections/x", foreign).fails(404, "Session not found");
}

#[test]
fn every_page_may_read_only_on_request() {
    let manager = Manager::builder().flag("--cors-origin", "*").start();
    for origin in ["https://a.example", "null"] {
        let answer = from_page(&manager, "GET", "/connections", origin);
        assert!(
            ["*", origin].contains(&allowed(&answer)),
            "{:?}",
            answer.headers
        );
    }
}

#[test]
fn one_session_that_is_not_there() {
    let answer = MANAGER.get().get(&format!("/connections/{NOBODY}"));
    answer.fails(401, "Session expired or not found");
}
