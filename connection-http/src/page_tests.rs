//! The page is answered to browsers, its files to everyone, each with what a cache needs.

use super::*;

const SCRIPT: File = File {
    path: "/assets/index-abc.js",
    plain: b"plain script",
    gzip: Some(b"packed"),
};

fn page() -> Page {
    let index = File {
        path: "/index.html",
        plain: b"<!doctype html>",
        gzip: None,
    };
    let icon = File {
        path: "/icon.svg",
        plain: b"<svg/>",
        gzip: None,
    };
    Page::of(&[index, icon, SCRIPT])
}

fn get(page: &Page, path: &str, headers: &[(&str, &str)]) -> Option<Response> {
    let request = Request::builder().uri_str(path);
    let request = headers.iter().fold(request, |r, (n, v)| r.header(*n, *v));
    page.answer(&request.finish())
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

const BROWSER: (&str, &str) = (
    "Accept",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
);

#[test]
fn browsers_get_the_page_and_scripts_get_json() {
    for (accept, want) in [
        (BROWSER.1, true),
        ("*/*", false),
        ("application/json", false),
        ("application/json, text/html;q=0.5", false),
        ("text/html;q=0", false),
        ("", false),
    ] {
        let answer = get(&page(), "/", &[("Accept", accept)]);
        assert_eq!(answer.is_some(), want, "{accept}");
    }
    assert!(get(&page(), "/", &[]).is_none());
}

#[test]
fn the_page_is_asked_for_anew_each_time_and_allows_no_script_of_its_own() {
    let answer = get(&page(), "/", &[BROWSER]).unwrap();
    assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
    assert_eq!(header(&answer, "cache-control"), "no-cache");
    assert!(header(&answer, "vary").contains("Accept"));
    let policy = header(&answer, "content-security-policy");
    assert!(policy.contains("script-src 'self';"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let tag = header(&answer, "etag").to_owned();
    let again = get(&page(), "/", &[BROWSER, ("If-None-Match", &tag)]).unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header(&again, "etag"), tag);
}

#[tokio::test]
async fn a_file_with_a_hash_in_its_name_is_kept_and_compressed_where_asked() {
    let plain = get(&page(), SCRIPT.path, &[]).unwrap();
    assert_eq!(
        header(&plain, "content-type"),
        "text/javascript; charset=utf-8"
    );
    assert!(header(&plain, "cache-control").contains("immutable"));
    let tag = header(&plain, "etag").to_owned();
    assert_eq!(
        plain.into_body().into_string().await.unwrap(),
        "plain script"
    );

    let gzip = ("Accept-Encoding", "br, gzip;q=0.5");
    let packed = get(&page(), SCRIPT.path, &[gzip]).unwrap();
    assert_eq!(header(&packed, "content-encoding"), "gzip");
    assert_ne!(header(&packed, "etag"), tag, "two forms, two tags");
    assert_eq!(packed.into_body().into_string().await.unwrap(), "packed");

    let refused = ("Accept-Encoding", "gzip;q=0");
    let plain = get(&page(), SCRIPT.path, &[refused]).unwrap();
    assert_eq!(header(&plain, "content-encoding"), "");
}

#[test]
fn what_is_no_file_of_the_page_is_left_to_the_routes() {
    for path in [
        "/assets/",
        "/assets/x.js",
        "/index.html",
        "/connections",
        "/icon.svg/",
    ] {
        assert!(get(&page(), path, &[BROWSER]).is_none(), "{path}");
    }
    let icon = get(&page(), "/icon.svg", &[]).unwrap();
    assert_eq!(header(&icon, "content-type"), "image/svg+xml");
}

#[tokio::test]
async fn without_a_built_page_a_browser_is_told_how_to_get_it() {
    let answer = get(&Page::of(&[]), "/", &[BROWSER]).unwrap();
    let text = answer.into_body().into_string().await.unwrap();
    assert!(text.contains("make page"), "{text}");
}

#[test]
fn no_file_of_this_build_is_larger_compressed() {
    for file in FILES {
        let gzip = file.gzip.map_or(0, <[u8]>::len);
        assert!(gzip <= file.plain.len(), "{}", file.path);
    }
}
