//! The page a browser gets at `/`, and the files it is made of. It is the same for everyone
//! and holds no secret, so it needs no access token: the page itself asks for one.
//!
//! # Content-Security-Policy
//! Scripts come from this server's files alone; none is in the page, and none can be put into
//! it. Styles may be in the page too: Mantine writes its variables and xterm.js its sizes into
//! style elements, and xterm.js takes no nonce. What a style could give away it could only
//! send to this server, since images, fonts and requests go nowhere else.

use crate::page_files::{FILES, File};
use poem::http::{HeaderMap, StatusCode, header};
use poem::{Request, Response};
use sha2::{Digest, Sha256};

/// What a browser gets when the page was not built: how to get it, and where the API is.
const MISSING: &str = include_str!("page_missing.html");

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; \
     worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The policy of pages whose script and style are in them.
const POLICY_INLINE: &str = "default-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// The bundler puts a hash of the content into these names: another content is another name.
const HASHED: &str = "/assets/";

/// The page with its files.
pub(crate) struct Page {
    files: Vec<(File, String)>,
}

impl Page {
    /// The page in this program.
    pub(crate) fn built_in() -> Self {
        Self::of(FILES)
    }

    fn of(files: &[File]) -> Self {
        let with_tag = |file: &File| {
            let digest = Sha256::digest(file.plain);
            let hex: String = digest.iter().take(12).map(|b| format!("{b:02x}")).collect();
            (*file, hex)
        };
        Self {
            files: files.iter().map(with_tag).collect(),
        }
    }

    /// The answer to a request that reads the page or a file of it; `None` for any other.
    pub(crate) fn answer(&self, request: &Request) -> Option<Response> {
        match request.uri().path() {
            "/" if wanted(request) => Some(match self.file("/index.html", request.headers()) {
                Some(page) => page,
                None => html(MISSING.to_owned()),
            }),
            "/index.html" => None,
            path => self.file(path, request.headers()),
        }
    }

    fn file(&self, path: &str, asked: &HeaderMap) -> Option<Response> {
        let (file, hash) = self.files.iter().find(|(file, _)| file.path == path)?;
        let gzip = file.gzip.filter(|_| accepts_gzip(asked));
        // Each form of a file has a tag of its own.
        let tag = match gzip {
            Some(_) => format!("\"{hash}-gzip\""),
            None => format!("\"{hash}\""),
        };
        let keep = match path.starts_with(HASHED) {
            true => "public, max-age=31536000, immutable",
            false => "no-cache",
        };
        let mut answer = Response::builder()
            .header(header::CACHE_CONTROL, keep)
            .header(header::ETAG, &tag)
            .header(header::VARY, "Accept, Accept-Encoding");
        if matches(asked, &tag) {
            return Some(answer.status(StatusCode::NOT_MODIFIED).finish());
        }
        let kind = mime_guess::from_path(path).first_or_octet_stream();
        let charset = match kind.type_() == mime_guess::mime::TEXT {
            true => "; charset=utf-8",
            false => "",
        };
        answer = answer
            .content_type(format!("{kind}{charset}"))
            .header(header::CONTENT_SECURITY_POLICY, POLICY)
            .header(header::REFERRER_POLICY, "no-referrer")
            .header("cross-origin-opener-policy", "same-origin");
        Some(match gzip {
            Some(bytes) => answer.header(header::CONTENT_ENCODING, "gzip").body(bytes),
            None => answer.body(file.plain),
        })
    }
}

/// Whether a request wants a page more than JSON: a browser names `text/html`, while
/// scripts ask for `*/*` or for JSON.
fn wanted(request: &Request) -> bool {
    let Some(accept) = request.header(header::ACCEPT) else {
        return false;
    };
    let quality = |wanted: &str| quality(accept, wanted).unwrap_or(0.0);
    quality("text/html") > quality("application/json")
}

fn accepts_gzip(asked: &HeaderMap) -> bool {
    asked
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .and_then(|list| quality(list, "gzip"))
        .is_some_and(|q| q > 0.0)
}

/// The weight a list such as `text/html, */*;q=0.8` gives to a name; `None` when it does not
/// have it.
fn quality(list: &str, wanted: &str) -> Option<f32> {
    list.split(',').find_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        if !parts.next()?.eq_ignore_ascii_case(wanted) {
            return None;
        }
        let q = parts.find_map(|p| p.strip_prefix("q="));
        Some(q.map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0)))
    })
}

/// Whether the client's copy is this one.
fn matches(asked: &HeaderMap, tag: &str) -> bool {
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == tag || one == "*")
}

/// A page whose script and style are in it. It may use nothing from elsewhere.
pub(crate) fn html(body: String) -> Response {
    Response::builder()
        .content_type("text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, POLICY_INLINE)
        .body(body)
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
