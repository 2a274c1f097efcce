//! The names of what went wrong, beside the contract: in the header and in the body alike.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may end at the first thing that is not as it should be"
)]

mod common;

use common::{Answer, Server};

/// Checks status, code and the field that is wrong (empty for none).
#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str, field: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.json()["code"], code, "{answer:?}");
    assert_eq!(answer.header("x-error-code"), Some(code), "{answer:?}");
    let named = answer.header("x-error-field").unwrap_or_default();
    assert_eq!(named, field, "{answer:?}");
}

#[tokio::test]
async fn what_is_wrong_with_a_body() {
    let server = Server::with("body_timeout = 0.3").await;
    let path = |path: &str| format!("{{\"path\": \"{path}\"}}");
    for (body, code, field) in [
        ("{".to_owned(), "invalid_json", ""),
        ("{}".to_owned(), "invalid_input", ""),
        ("[1]".to_owned(), "invalid_input", ""),
        ("{\"x\": 1}".to_owned(), "invalid_input", "path"),
        ("{\"path\": 1}".to_owned(), "invalid_input", "path"),
        (path("/connections"), "invalid_input", "path"),
    ] {
        refused(&server.post("/tickets", &body).await, 400, code, field);
    }
    for route in ["/tickets", "/shares/tickets"] {
        let line = format!("POST {route}");
        let text = server.ask(&line, &[("Content-Type", "text/plain")], "x");
        refused(&text.await, 415, "unsupported_media_type", "");
        let json = [("Content-Type", "application/json")];
        let large = path(&"x".repeat(5000));
        refused(
            &server.ask(&line, &json, &large).await,
            413,
            "too_large",
            "",
        );
        let missing = [json[0], ("Content-Length", "9")];
        let late = server.ask(&line, &missing, "").await;
        refused(&late, 408, "request_timed_out", "");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_query() {
    let server = Server::start().await;
    for (path, field) in [
        ("/connections/x/entries?limit=many", "limit"),
        ("/connections/x/stat?follow=maybe", "follow"),
        ("/connections/x/archive?path=/&format=rar", "format"),
        ("/connections/x/content", "path"),
        ("/downloads", "ticket"),
    ] {
        refused(&server.get(path).await, 400, "invalid_input", field);
    }
    let unknown = server.get("/connections/x/entries").await;
    refused(&unknown, 401, "session_not_found", "");
}

#[tokio::test]
async fn a_ticket_that_is_none() {
    let server = Server::with("token = \"secret\"").await;
    let answer = server.get("/downloads?ticket=x").await;
    refused(&answer, 401, "ticket_invalid", "");
    for line in ["HEAD /downloads?ticket=x", "POST /downloads?ticket=x"] {
        let answer = server.ask(line, &[], "").await;
        assert_eq!(answer.status, 405, "{line}");
        assert_eq!(answer.header("allow"), Some("GET, OPTIONS"), "{line}");
        let name = answer.header("x-error-code");
        assert_eq!(name, Some("method_not_allowed"), "{line}");
    }
}
