//! Queries whose values are not UTF-8. A file's name may be any bytes, and a client that
//! escapes them as they are (`caf%E9`) means just those; read as text they would become a
//! replacement character, which is another file's name.

use connection_core::path::bytes_to_text;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use poem::http::Uri;

/// The same address with every such value in the reversible text form that the routes take;
/// `None` when there is none.
pub fn readable(uri: &Uri) -> Option<Uri> {
    let query = readable_query(uri.query()?)?;
    let mut parts = uri.clone().into_parts();
    let whole = format!("{}?{query}", uri.path());
    parts.path_and_query = Some(whole.parse().ok()?);
    Uri::from_parts(parts).ok()
}

fn readable_query(query: &str) -> Option<String> {
    let mut changed = false;
    let fields = query.split('&').map(|field| {
        let (name, value) = field.split_once('=')?;
        let spaced = value.replace('+', "%20");
        let bytes: Vec<u8> = percent_decode_str(&spaced).collect();
        if std::str::from_utf8(&bytes).is_ok() {
            return None;
        }
        changed = true;
        let text = bytes_to_text(&bytes);
        let value = utf8_percent_encode(&text, NON_ALPHANUMERIC);
        Some(format!("{name}={value}"))
    });
    let fields: Vec<String> = fields
        .zip(query.split('&'))
        .map(|(readable, field)| readable.unwrap_or_else(|| field.to_owned()))
        .collect();
    changed.then(|| fields.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use connection_core::path::text_to_bytes;

    #[test]
    fn bytes_that_are_no_text_stay_those_bytes() {
        let sent = "/x?a=1&path=/d+d/caf%E9+%F7%ef%9f%a9&b=%2B+";
        let uri = readable(&sent.parse().unwrap()).unwrap();
        assert_eq!(uri.path(), "/x");
        let fields: Vec<&str> = uri.query().unwrap().split('&').collect();
        assert_eq!((fields[0], fields[2]), ("a=1", "b=%2B+"));
        let value = fields[1].strip_prefix("path=").unwrap();
        let text = percent_decode_str(value).decode_utf8().unwrap();
        assert_eq!(text_to_bytes(&text), b"/d d/caf\xe9 \xf7\xef\x9f\xa9");
    }

    #[test]
    fn text_is_left_as_it_is() {
        for sent in ["/x", "/x?", "/x?a", "/x?path=%C3%BC+%zz&b=%", "/x?%E9"] {
            assert_eq!(readable(&sent.parse().unwrap()), None, "{sent}");
        }
    }
}
