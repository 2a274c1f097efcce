//! The page a browser gets at `/`.

use poem::http::header;
use poem::{Request, Response};

/// Names the service and leads to its description. It needs no script.
const PAGE: &str = include_str!("page.html");

/// Whether a request wants a page more than JSON: a browser names `text/html`, while
/// scripts ask for `*/*` or for JSON.
pub fn wanted(request: &Request) -> bool {
    let Some(accept) = request.header(header::ACCEPT) else {
        return false;
    };
    let quality = |wanted: &str| {
        accept
            .split(',')
            .find_map(|range| {
                let mut parts = range.split(';').map(str::trim);
                if !parts.next()?.eq_ignore_ascii_case(wanted) {
                    return None;
                }
                let q = parts.find_map(|p| p.strip_prefix("q="));
                Some(q.map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0)))
            })
            .unwrap_or(0.0)
    };
    quality("text/html") > quality("application/json")
}

/// The page.
pub fn page() -> Response {
    html(PAGE.to_owned())
}

/// An HTML answer that may use nothing from elsewhere.
pub fn html(body: String) -> Response {
    Response::builder()
        .content_type("text/html; charset=utf-8")
        .header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; \
             base-uri 'none'; form-action 'self'",
        )
        .body(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_get_the_page_and_scripts_get_json() {
        for (accept, want) in [
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                true,
            ),
            ("*/*", false),
            ("application/json", false),
            ("application/json, text/html;q=0.5", false),
            ("text/html;q=0", false),
            ("", false),
        ] {
            let request = Request::builder().header(header::ACCEPT, accept).finish();
            assert_eq!(wanted(&request), want, "{accept}");
        }
        assert!(!wanted(&Request::builder().finish()));
    }
}
