//! How a browser is told to take a file: its media type and `Content-Disposition`.
//!
//! The name and the bytes are a remote machine's, so neither may run as a page of this
//! server: markup and scripts are never sent as what they are, and only types that carry
//! no script are ever shown in place.

use connection_core::path::RemoteName;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// Characters of RFC 8187's `attr-char` besides letters and digits.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";

/// Types that a browser may show in place when it is asked to.
const SHOWN: [&str; 9] = [
    TEXT,
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/bmp",
    "image/x-icon",
    "application/pdf",
];

/// The media type of a file, guessed by its name.
pub(crate) fn media_type(name: &RemoteName) -> String {
    let name = String::from_utf8_lossy(name.as_bytes());
    let guess = mime_guess::from_path(name.as_ref()).first_or_octet_stream();
    let (kind, subtype) = (guess.type_().as_str(), guess.subtype().as_str());
    let markup = |word| guess.essence_str().contains(word);
    if kind == "text" {
        // HTML, style sheets, scripts and vCards alike: text to read.
        return TEXT.to_owned();
    }
    let passes = ["image", "audio", "video", "font", "application"].contains(&kind);
    let active = ["xml", "html", "svg", "script", "wasm", "flash"]
        .into_iter()
        .any(markup);
    if !passes || active || subtype == "x-msdownload" {
        return BYTES.to_owned();
    }
    guess.essence_str().to_owned()
}

/// The header `Content-Disposition` of a file of this name and type. Only what carries no
/// script is shown in place, however much the client asks for it.
pub(crate) fn content_disposition(name: &RemoteName, media_type: &str, inline: bool) -> String {
    let how = if inline && SHOWN.contains(&media_type) {
        "inline"
    } else {
        "attachment"
    };
    let text = String::from_utf8_lossy(name.as_bytes());
    // A quote would end the name, a line break the header; `%` is taken for an escape by
    // some browsers.
    let fallback: String = text
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' | '/' => '_',
            ' '..='~' => c,
            _ => '_',
        })
        .collect();
    let exact = percent_encode(text.as_bytes(), PLAIN);
    format!("{how}; filename=\"{fallback}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(bytes: &[u8]) -> RemoteName {
        RemoteName::new(bytes)
    }

    #[test]
    fn nothing_that_runs_is_sent_as_what_it_is() {
        for (file, want) in [
            ("a.txt", TEXT),
            ("a.html", TEXT),
            ("a.HTM", TEXT),
            ("a.css", TEXT),
            ("a.js", TEXT),
            ("a.svg", BYTES),
            ("a.xhtml", BYTES),
            ("a.atom", BYTES),
            ("a.wasm", BYTES),
            ("a.swf", BYTES),
            ("a.png", "image/png"),
            ("a.jpg", "image/jpeg"),
            ("a.pdf", "application/pdf"),
            ("a.json", "application/json"),
            ("a.mp4", "video/mp4"),
            ("a.eml", BYTES),
            ("a", BYTES),
            (".bashrc", BYTES),
        ] {
            assert_eq!(media_type(&name(file.as_bytes())), want, "{file}");
        }
        for file in ["a.xml", "a.xsl", "a.rss", "a.xht", "a.mjs"] {
            let kind = media_type(&name(file.as_bytes()));
            assert!([TEXT, BYTES].contains(&kind.as_str()), "{file}: {kind}");
        }
    }

    #[test]
    fn only_harmless_types_are_shown() {
        let how = |file: &str, inline| {
            let kind = media_type(&name(file.as_bytes()));
            content_disposition(&name(file.as_bytes()), &kind, inline)
        };
        assert!(how("a.png", true).starts_with("inline;"));
        assert!(how("a.txt", true).starts_with("inline;"));
        assert!(how("a.png", false).starts_with("attachment;"));
        assert!(how("a.svg", true).starts_with("attachment;"));
        assert!(how("a.zip", true).starts_with("attachment;"));
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        for (bytes, want) in [
            (
                &b"a b.txt"[..],
                "attachment; filename=\"a b.txt\"; filename*=UTF-8''a%20b.txt",
            ),
            (
                b"x\"; y=\"\\.txt",
                "attachment; filename=\"x_; y=__.txt\"; filename*=UTF-8''x%22%3B%20y%3D%22%5C.txt",
            ),
            (
                b"a\r\nSet-Cookie: x",
                "attachment; filename=\"a__Set-Cookie: x\"; \
                 filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x",
            ),
            (
                "grün.txt".as_bytes(),
                "attachment; filename=\"gr_n.txt\"; filename*=UTF-8''gr%C3%BCn.txt",
            ),
            (
                b"\xff.bin",
                "attachment; filename=\"_.bin\"; filename*=UTF-8''%EF%BF%BD.bin",
            ),
        ] {
            assert_eq!(content_disposition(&name(bytes), BYTES, false), want);
        }
    }
}
