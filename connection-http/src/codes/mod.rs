//! The stable names of what can go wrong: the one list of them, the headers that carry them,
//! and how both are described. Every answer that is no success has a name in
//! [`ERROR_CODE`], also those whose body has room for a text alone. Knows no route.

mod of_errors;

pub(crate) use of_errors::{connecting, field_of, operating};

use connection_core::ErrorKind;
use poem::http::{HeaderName, StatusCode};
use serde_json::{Map, Value, json};

/// The header with the name of what went wrong, one of [`LIST`].
pub(crate) const ERROR_CODE: HeaderName = HeaderName::from_static("x-error-code");

/// The header with the field of the request that is wrong, as the request calls it.
pub(crate) const ERROR_FIELD: HeaderName = HeaderName::from_static("x-error-field");

/// No access token was sent.
pub(crate) const TOKEN_REQUIRED: &str = "token_required";
/// The access token that was sent is none.
pub(crate) const TOKEN_INVALID: &str = "token_invalid";
/// The ticket for a socket is none.
pub(crate) const TICKET_INVALID: &str = "ticket_invalid";
/// The name in `Host` is not one of this server.
pub(crate) const HOST_NOT_ALLOWED: &str = "host_not_allowed";
/// The page that asks is not one that may.
pub(crate) const ORIGIN_NOT_ALLOWED: &str = "origin_not_allowed";
/// A local path outside the directories that may be used.
pub(crate) const OUTSIDE_LOCAL_ROOTS: &str = "outside_local_roots";
/// The path has no such method.
pub(crate) const METHOD_NOT_ALLOWED: &str = "method_not_allowed";
/// The body is no JSON.
pub(crate) const INVALID_JSON: &str = "invalid_json";
/// The body is of another type than the route takes.
pub(crate) const UNSUPPORTED_MEDIA_TYPE: &str = "unsupported_media_type";
/// The request took too long to arrive.
pub(crate) const REQUEST_TIMED_OUT: &str = "request_timed_out";
/// The file is not the one the request is about.
pub(crate) const PRECONDITION_FAILED: &str = "precondition_failed";
/// A file of this server's machine is not there.
pub(crate) const LOCAL_NOT_FOUND: &str = "local_not_found";

/// Every name and what it means.
pub(crate) const LIST: &[(&str, &str)] = &[
    // Of the request.
    (
        "invalid_input",
        "A value of the request is missing or wrong; `X-Error-Field` names it where it is one field.",
    ),
    (INVALID_JSON, "The body is not JSON."),
    (
        UNSUPPORTED_MEDIA_TYPE,
        "The body's `Content-Type` is not one the route takes.",
    ),
    (
        REQUEST_TIMED_OUT,
        "The request's body did not arrive in time.",
    ),
    (
        METHOD_NOT_ALLOWED,
        "The route has no such method; `Allow` lists those it has.",
    ),
    (
        PRECONDITION_FAILED,
        "The file is not as `If-Match`, `If-None-Match` or `If-Unmodified-Since` wants it.",
    ),
    // Of who asks.
    (TOKEN_REQUIRED, "An access token is required."),
    (TOKEN_INVALID, "The access token is not valid."),
    (TICKET_INVALID, "The ticket is not valid (any more)."),
    (
        "unauthorized",
        "A WebSocket was asked for without a valid token or ticket.",
    ),
    (
        HOST_NOT_ALLOWED,
        "The server is not called by the name in `Host` (setting `allowed_hosts`).",
    ),
    (
        ORIGIN_NOT_ALLOWED,
        "The page in `Origin` may not use this server (setting `cors_origins`).",
    ),
    (
        OUTSIDE_LOCAL_ROOTS,
        "The local path lies outside the allowed directories (setting `local_roots`).",
    ),
    // Of the way to the remote machine.
    ("host_not_found", "The host's name does not resolve."),
    (
        "connection_refused",
        "The host answers, and nothing listens on the port.",
    ),
    (
        "unreachable",
        "There is no way to the host, or the network is down.",
    ),
    ("timed_out", "The remote machine did not answer in time."),
    (
        "connection_lost",
        "The remote machine closed the connection.",
    ),
    ("not_ssh", "What answers on the port does not speak SSH."),
    ("not_ftp", "What answers on the port does not speak FTP."),
    ("protocol_error", "The remote machine broke the protocol."),
    (
        "no_common_algorithm",
        "The two sides have no algorithm or TLS version in common.",
    ),
    (
        "tls_refused",
        "TLS was asked for, and the FTP server refuses it.",
    ),
    ("tls_failed", "The TLS handshake failed."),
    ("tls_required", "The FTP server lets nobody in without TLS."),
    // Of trust.
    (
        "host_unknown",
        "The server's key or certificate is not on record, and the policy is `strict`.",
    ),
    (
        "host_changed",
        "The server's key or certificate is another than the one on record.",
    ),
    ("host_revoked", "The server's key is marked as revoked."),
    (
        "certificate_invalid",
        "The server's certificate is another host's, expired, or not meant for this.",
    ),
    (
        "trust_store",
        "The record of known servers cannot be read or written.",
    ),
    // Of the login.
    ("key_unreadable", "The private key's file cannot be read."),
    (
        "key_invalid",
        "What was given is no private key of a known format.",
    ),
    (
        "passphrase_required",
        "The private key is encrypted, and no passphrase was given.",
    ),
    (
        "passphrase_wrong",
        "The private key is encrypted with another passphrase.",
    ),
    (
        "authentication_failed",
        "The server refused user name, password or key.",
    ),
    (
        "too_many_attempts",
        "The server ended the connection over the login, as it does after too many attempts or with a locked account.",
    ),
    (
        "account_required",
        "The FTP server asks for an account besides the password.",
    ),
    (
        "server_busy",
        "The FTP server takes no more connections now, or closed the connection at the login.",
    ),
    ("no_sftp", "The SSH server has no SFTP."),
    (
        "session_limit",
        "This server has as many sessions as it may (setting `max_sessions`).",
    ),
    // Of sessions.
    (
        "session_not_found",
        "No such session is open: unknown, closed, expired, or another's.",
    ),
    (
        "wrong_session_type",
        "The session's protocol has no such feature.",
    ),
    (
        "channel_refused",
        "The server opens no further channel on this connection.",
    ),
    ("limit_reached", "A configured limit is reached."),
    (
        "cancelled",
        "It was given up: by its caller, or because the session or the server ended.",
    ),
    // Of files.
    (
        "not_found",
        "The remote path, or what was named, does not exist.",
    ),
    ("permission_denied", "The account may not do that."),
    ("already_exists", "Something of that name exists already."),
    ("not_a_directory", "The path is no directory."),
    ("is_a_directory", "The path is a directory."),
    ("directory_not_empty", "The directory still has entries."),
    ("no_space", "The remote disk is full."),
    ("quota_exceeded", "The account's quota is used up."),
    ("too_large", "It is larger than a limit allows."),
    ("incomplete", "It ended before all of it had come."),
    (
        "offset_mismatch",
        "The partial file is not as long as the request takes it to be.",
    ),
    ("unsupported", "The server or the protocol cannot do that."),
    ("failure", "The remote server failed and did not say why."),
    (
        LOCAL_NOT_FOUND,
        "A file on the machine of this server does not exist.",
    ),
    (
        "local_permission_denied",
        "This server may not use a file on its machine.",
    ),
    (
        "local_no_space",
        "The disk of this server's machine is full.",
    ),
    (
        "local_io",
        "A file on the machine of this server cannot be used.",
    ),
    ("internal", "A mistake of this server."),
];

/// The name of a problem that says no more than its status.
pub(crate) fn of_status(status: StatusCode) -> &'static str {
    let kind = match status.as_u16() {
        401 => ErrorKind::SessionNotFound,
        403 => ErrorKind::PermissionDenied,
        404 => ErrorKind::NotFound,
        408 => ErrorKind::TimedOut,
        409 => ErrorKind::AlreadyExists,
        413 => ErrorKind::TooLarge,
        400..500 => ErrorKind::InvalidInput,
        _ => ErrorKind::Internal,
    };
    kind.code()
}

/// Puts the headers of refusals into the description of the API, which the generator cannot:
/// it takes a schema that only headers refer to for one that nobody does.
pub(crate) fn describe(description: &mut Value) {
    let paths = description.get_mut("paths").and_then(Value::as_object_mut);
    let operations = paths
        .into_iter()
        .flat_map(Map::values_mut)
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut);
    for operation in operations {
        let responses = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        for (status, response) in responses.into_iter().flatten() {
            if !status.starts_with(['4', '5']) {
                continue;
            }
            let mut headers = Map::new();
            headers.insert("X-Error-Code".to_owned(), reference("headers/X-Error-Code"));
            if status == "400" {
                headers.insert(
                    "X-Error-Field".to_owned(),
                    reference("headers/X-Error-Field"),
                );
            }
            if let Some(response) = response.as_object_mut() {
                response.insert("headers".to_owned(), Value::Object(headers));
            }
        }
    }
    let code = json!({
        "description": "The stable name of what went wrong.",
        "required": true,
        "schema": reference("schemas/ErrorCode"),
    });
    let field = json!({
        "description": "The field of the request that is wrong, where it is one.",
        "schema": { "type": "string" },
    });
    let Some(components) = description
        .get_mut("components")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    components.insert(
        "headers".to_owned(),
        json!({ "X-Error-Code": code, "X-Error-Field": field }),
    );
    if let Some(schemas) = components.get_mut("schemas").and_then(Value::as_object_mut) {
        schemas.insert("ErrorCode".to_owned(), schema());
    }
}

fn reference(component: &str) -> Value {
    json!({ "$ref": format!("#/components/{component}") })
}

/// The names and what they mean.
fn schema() -> Value {
    let mut text = "The stable name of what went wrong, in the header `X-Error-Code` of every \
                    answer that is no success. More names may come: take one you do not know by \
                    the status.\n"
        .to_owned();
    for (code, meaning) in LIST {
        text.push_str(&format!("\n* `{code}`: {meaning}"));
    }
    let names: Vec<&str> = LIST.iter().map(|(code, _)| *code).collect();
    json!({ "type": "string", "description": text, "enum": names })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_name_is_there_once_and_every_kind_has_one() {
        let names: HashSet<&str> = LIST.iter().map(|(code, _)| *code).collect();
        assert_eq!(names.len(), LIST.len(), "each once");
        for kind in ErrorKind::ALL {
            assert!(names.contains(kind.code()), "{kind}");
        }
        for name in names {
            let plain = |c: char| c.is_ascii_lowercase() || c == '_';
            assert!(name.chars().all(plain), "{name}");
        }
    }
}
