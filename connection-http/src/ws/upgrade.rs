//! The HTTP side of a WebSocket: the request to upgrade and its answer (RFC 6455 section 4.2).
//!
//! Written here and not taken from the framework because its own answers errors as plain
//! text, takes two spellings of `websocket` only, and runs the socket in a task nobody
//! waits for.

use crate::error::Problem;
use poem::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Body, FromRequest, IntoResponse, OnUpgrade, Request, RequestBody, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaResponse, MetaResponses, Registry};
use std::net::{IpAddr, SocketAddr};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// Length of a key: 16 bytes in base64.
const KEY_LENGTH: usize = 24;

/// A request to upgrade that can be granted.
pub struct Upgrade {
    accept: HeaderValue,
    upgraded: OnUpgrade,
    peer: Option<IpAddr>,
}

impl Upgrade {
    /// Where the request came from: the client, or a proxy before this server.
    pub fn peer(&self) -> Option<String> {
        self.peer.map(|address| address.to_string())
    }

    /// The answer that grants it.
    pub(super) fn grant(self) -> (Switching, OnUpgrade) {
        (Switching(self.accept), self.upgraded)
    }
}

impl<'a> FromRequest<'a> for Upgrade {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let accept = accept(request.method(), request.headers())?;
        let upgraded = request.take_upgrade().map_err(|_| wanted())?;
        let peer = request.remote_addr().as_socket_addr();
        Ok(Self {
            accept,
            upgraded,
            peer: peer.map(SocketAddr::ip),
        })
    }
}

/// Checks a request and answers the value of `Sec-WebSocket-Accept`.
fn accept(method: &Method, headers: &HeaderMap) -> Result<HeaderValue, Problem> {
    if *method != Method::GET
        || !lists(headers, header::CONNECTION, "upgrade")
        || !lists(headers, header::UPGRADE, "websocket")
    {
        return Err(wanted());
    }
    let version = headers.get(header::SEC_WEBSOCKET_VERSION);
    if version.is_none_or(|version| version != "13") {
        return Err(Problem::new(
            StatusCode::UPGRADE_REQUIRED,
            "Only version 13 of WebSocket is spoken here",
        )
        .with_code("unsupported")
        .with_header(
            header::SEC_WEBSOCKET_VERSION,
            HeaderValue::from_static("13"),
        ));
    }
    headers
        .get(header::SEC_WEBSOCKET_KEY)
        .filter(|key| key.len() == KEY_LENGTH)
        .and_then(|key| HeaderValue::try_from(derive_accept_key(key.as_bytes())).ok())
        .ok_or_else(|| {
            Problem::bad_request("Sec-WebSocket-Key is missing or wrong").with_code("invalid_input")
        })
}

/// Whether a header's list holds a token, in any case.
fn lists(headers: &HeaderMap, name: HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|each| each.trim().eq_ignore_ascii_case(token))
}

fn wanted() -> Problem {
    Problem::new(
        StatusCode::UPGRADE_REQUIRED,
        "This address is a WebSocket: the request must ask for the upgrade",
    )
    .with_code("unsupported")
    .with_header(header::UPGRADE, HeaderValue::from_static("websocket"))
}

/// The answer that turns the connection into a WebSocket.
pub struct Switching(HeaderValue);

impl IntoResponse for Switching {
    fn into_response(self) -> Response {
        Response::builder()
            .status(StatusCode::SWITCHING_PROTOCOLS)
            .header(header::CONNECTION, "upgrade")
            .header(header::UPGRADE, "websocket")
            .header(header::SEC_WEBSOCKET_ACCEPT, self.0)
            .body(Body::empty())
    }
}

impl ApiResponse for Switching {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "The connection is a WebSocket from here on.",
                status: Some(101),
                status_range: None,
                content: vec![],
                headers: vec![],
            }],
        }
    }

    fn register(_: &mut Registry) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(pairs: &[(&'static str, &'static str)]) -> Result<HeaderValue, StatusCode> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        accept(&Method::GET, &headers).map_err(|problem| problem.status())
    }

    #[test]
    fn only_a_whole_handshake_is_granted() {
        let usual = [
            ("connection", "keep-alive, Upgrade"),
            ("upgrade", "WebSocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        // The example of RFC 6455 section 1.3.
        assert_eq!(judged(&usual).unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        for left_out in ["connection", "upgrade", "sec-websocket-version"] {
            let rest: Vec<_> = usual.into_iter().filter(|(n, _)| *n != left_out).collect();
            assert_eq!(judged(&rest), Err(StatusCode::UPGRADE_REQUIRED));
        }
        for wrong in [
            ("connection", "upgrades"),
            ("upgrade", "h2c"),
            ("sec-websocket-version", "8"),
        ] {
            let mut changed = usual;
            for pair in &mut changed {
                if pair.0 == wrong.0 {
                    *pair = wrong;
                }
            }
            assert_eq!(judged(&changed), Err(StatusCode::UPGRADE_REQUIRED));
        }
        assert_eq!(judged(&usual[..3]), Err(StatusCode::BAD_REQUEST));
        let mut changed = usual;
        changed[3].1 = "short";
        assert_eq!(judged(&changed), Err(StatusCode::BAD_REQUEST));
    }
}
