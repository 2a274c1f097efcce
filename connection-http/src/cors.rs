//! Which pages may call the API: the CORS headers of the contract for a list of origins
//! instead of for everyone, and the refusal of changes that a foreign page asks for.

use crate::codes;
use crate::error::{Outcome, Problem};
use crate::host_check::{host_of, shown};
use poem::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{IntoResponse, Request, Response};
use std::net::IpAddr;

const METHODS: &str = "DELETE, GET, OPTIONS, POST";
/// Request headers a page may send: those of the contract, the conditions of content, and what
/// goes on with a download.
const HEADERS: [&str; 6] = [
    "content-type",
    "authorization",
    "if-match",
    "if-none-match",
    "if-range",
    "range",
];
/// What a page of another origin may read of an answer besides its body and what it always may:
/// how it failed, and of content what goes on with a download or keeps an edit from undoing
/// another.
const EXPOSED: &str = "Accept-Ranges, Content-Disposition, Content-Range, ETag, X-Error-Code, \
                       X-Error-Field, X-Request-Id";
const REQUEST_PRIVATE: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// The policy.
pub(crate) struct Cors {
    any: bool,
    origins: Vec<String>,
}

/// What the policy says of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    /// Path of the API: the service's own have no CORS headers, and sockets know none.
    applies: bool,
    /// Value of `Access-Control-Allow-Origin`.
    origin: Option<HeaderValue>,
    /// An origin was sent and is not allowed.
    foreign: Option<String>,
    /// An origin was sent that no page has to itself: of a file, or of a frame in a sandbox.
    nobodys: bool,
}

impl Cors {
    /// Loopback pages on any port, and `origins` (`*` is any).
    pub(crate) fn new(origins: &[String]) -> Self {
        Self {
            any: origins.iter().any(|o| o == "*"),
            origins: origins.iter().map(|o| o.to_ascii_lowercase()).collect(),
        }
    }

    /// Judges a request.
    pub(crate) fn judge(&self, request: &Request) -> Grant {
        let path = request.uri().path();
        let applies = [
            "/connections",
            "/tickets",
            "/shares",
            "/recordings",
            "/about",
        ]
        .iter()
        .any(|prefix| path.starts_with(prefix));
        let origin = request.headers().get(header::ORIGIN);
        let allowed = origin.filter(|o| self.allows(o, request.header(header::HOST)));
        Grant {
            applies,
            origin: if self.any {
                Some(HeaderValue::from_static("*"))
            } else {
                allowed.cloned()
            },
            foreign: match (origin, allowed) {
                (Some(origin), None) => Some(shown(&String::from_utf8_lossy(origin.as_bytes()))),
                _ => None,
            },
            nobodys: origin.is_some_and(|origin| origin == "null"),
        }
    }

    fn allows(&self, origin: &HeaderValue, host: Option<&str>) -> bool {
        let Ok(origin) = origin.to_str() else {
            return false;
        };
        let origin = origin.to_ascii_lowercase();
        if self.any || self.origins.contains(&origin) {
            return true;
        }
        let Some((scheme, authority)) = origin.split_once("://") else {
            return false;
        };
        // The server's own page. `Host` has been checked against the allowed names.
        if host.is_some_and(|host| host.eq_ignore_ascii_case(authority)) {
            return true;
        }
        let name = host_of(authority);
        scheme == "http"
            && (name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()))
    }
}

impl Grant {
    /// Refuses a change that a page of a foreign origin asks for. The browser would keep
    /// the answer from that page, but the change would be done.
    ///
    /// # Errors
    /// 403, naming the origin.
    pub(crate) fn check(&self, method: &Method) -> Outcome<()> {
        let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
        match &self.foreign {
            Some(origin) if !reads => Err(refused(origin)),
            _ => Ok(()),
        }
    }

    /// Refuses a socket to a page of a foreign origin: no browser keeps what comes over a
    /// socket from the page, or asks before it is opened. `null` is refused even where any
    /// origin is allowed. Programs send no origin.
    ///
    /// # Errors
    /// 403, naming the origin.
    pub(crate) fn check_socket(&self) -> Outcome<()> {
        match &self.foreign {
            Some(origin) => Err(refused(origin)),
            None if self.nobodys => Err(refused("null")),
            None => Ok(()),
        }
    }

    /// The answer to a preflight request; `None` when it is none. `allow` are the methods
    /// of the path: those beyond the contract's are granted only where there is a route.
    pub(crate) fn preflight(
        &self,
        request: &Request,
        allow: Option<&HeaderValue>,
    ) -> Option<Response> {
        let headers = request.headers();
        let wanted = headers.get(header::ACCESS_CONTROL_REQUEST_METHOD)?;
        if !self.applies
            || *request.method() != Method::OPTIONS
            || !headers.contains_key(header::ORIGIN)
        {
            return None;
        }
        let mut response = ""
            .with_content_type("text/html; charset=utf-8")
            .into_response();
        let among = |methods: &str| {
            methods
                .split(", ")
                .any(|m| wanted.as_bytes().eq_ignore_ascii_case(m.as_bytes()))
        };
        let granted = if among(METHODS) {
            Some(HeaderValue::from_static(METHODS))
        } else {
            allow
                .filter(|allow| allow.to_str().is_ok_and(among))
                .cloned()
        };
        if self.origin.is_some()
            && let Some(methods) = granted
        {
            let out = response.headers_mut();
            out.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
            if let Some(allowed) = allowed_headers(headers) {
                out.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
            }
            if headers.get(REQUEST_PRIVATE).is_some_and(|v| v == "true") {
                out.insert(ALLOW_PRIVATE, HeaderValue::from_static("true"));
            }
        }
        Some(response)
    }

    /// Adds the headers to an answer.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        if !self.applies {
            return;
        }
        // Also without an origin: a cache must not hand this answer to a page.
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = &self.origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            let exposed = HeaderValue::from_static(EXPOSED);
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    }
}

fn refused(origin: &str) -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        format!(
            "Origin {origin} is not allowed; the setting cors_origins lists the origins that may \
             use this server"
        ),
    )
    .named(codes::ORIGIN_NOT_ALLOWED)
}

/// The requested headers that are allowed, in the requested order and spelling.
fn allowed_headers(headers: &HeaderMap) -> Option<HeaderValue> {
    let requested = headers
        .get(header::ACCESS_CONTROL_REQUEST_HEADERS)?
        .to_str()
        .ok()?;
    let allowed: Vec<&str> = requested
        .split(',')
        .map(str::trim)
        .filter(|name| HEADERS.iter().any(|h| name.eq_ignore_ascii_case(h)))
        .collect();
    if allowed.is_empty() {
        return None;
    }
    HeaderValue::from_str(&allowed.join(", ")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(cors: &Cors, origin: &'static str) -> bool {
        cors.allows(
            &HeaderValue::from_static(origin),
            Some("files.example.com:8000"),
        )
    }

    #[test]
    fn loopback_pages_configured_pages_and_the_own_page() {
        let cors = Cors::new(&["https://app.example.com".to_owned()]);
        for yes in [
            "http://localhost:3000",
            "http://localhost",
            "http://127.0.0.1:5173",
            "http://[::1]:3000",
            "https://app.example.com",
            "http://files.example.com:8000",
        ] {
            assert!(allows(&cors, yes), "{yes}");
        }
        for no in [
            "null",
            "https://evil.example",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "https://app.example.com.evil.example",
            "https://app.example.com:444",
            "http://files.example.com:9000",
            "",
        ] {
            assert!(!allows(&cors, no), "{no}");
        }
        assert!(allows(&Cors::new(&["*".to_owned()]), "null"));
    }

    #[test]
    fn a_socket_is_for_no_foreign_page_and_for_no_nobody() {
        let judge = |origins: &[&str], origin: Option<&'static str>| {
            let origins: Vec<String> = origins.iter().map(|&o| o.to_owned()).collect();
            let mut request = Request::builder().uri_str("/ws/x").finish();
            if let Some(origin) = origin {
                let value = HeaderValue::from_static(origin);
                request.headers_mut().insert(header::ORIGIN, value);
            }
            Cors::new(&origins).judge(&request).check_socket().is_ok()
        };
        assert!(judge(&[], None) && judge(&[], Some("http://localhost:3000")));
        assert!(!judge(&[], Some("https://evil.example")) && !judge(&[], Some("null")));
        assert!(judge(&["*"], Some("https://any.example")) && !judge(&["*"], Some("null")));
    }
}
