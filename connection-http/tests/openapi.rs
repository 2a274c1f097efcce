//! The committed description is the one this code makes.

#![allow(
    clippy::unwrap_used,
    reason = "a test may end where something is missing"
)]

use serde_json::Value;

const COMMITTED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../frontend-contract/openapi.json"
);

#[test]
fn the_committed_description_is_up_to_date() {
    let committed = std::fs::read_to_string(COMMITTED).unwrap_or_default();
    let now = connection_http::run::describe().unwrap();
    assert!(
        committed == now,
        "frontend-contract/openapi.json is stale; write it anew with `make openapi`"
    );
}

#[test]
fn every_operation_lists_its_failures_with_the_one_form() {
    let spec: Value = serde_json::from_str(&connection_http::run::describe().unwrap()).unwrap();
    let mut operations = 0;
    for (path, methods) in spec["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations += 1;
            let responses = operation["responses"].as_object().unwrap();
            // A WebSocket begins where HTTP ends.
            let success = match path.starts_with("/ws/") {
                true => "101",
                false => "200",
            };
            for status in [success, "403", "405", "500"] {
                assert!(
                    responses.contains_key(status),
                    "{method} {path} lacks {status}"
                );
            }
            assert_eq!(
                responses.contains_key("401"),
                path != "/health",
                "{method} {path}"
            );
            for (status, response) in responses {
                let schema = &response["content"]["application/json"]["schema"]["$ref"];
                match status.as_str() {
                    // Not every success is JSON: a file is bytes, and 304 is nothing.
                    "200" => assert!(response["content"].is_object(), "{method} {path}"),
                    "101" | "206" | "304" => {}
                    _ => assert!(
                        schema == "#/components/schemas/Detail"
                            || schema == "#/components/schemas/CodedDetail",
                        "{method} {path} {status}"
                    ),
                }
            }
        }
    }
    assert_eq!(operations, 57);
}
