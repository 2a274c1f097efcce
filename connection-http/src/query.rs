//! Addresses that are not UTF-8. A file's name may be any bytes, and a client that escapes them
//! in a query as they are (`caf%E9`) means just those; read as text they would become a
//! replacement character, which is another file's name. In a path they are an id like any other
//! that names nothing.

use connection_core::path::bytes_to_text;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use poem::http::Uri;

/// The same address with every such value in the reversible text form that the routes take;
/// `None` when there is none.
pub(crate) fn readable(uri: &Uri) -> Option<Uri> {
    let path = readable_path(uri.path());
    let query = uri.query().and_then(readable_query);
    if path.is_none() && query.is_none() {
        return None;
    }
    let mut whole = path.unwrap_or_else(|| uri.path().to_owned());
    if let Some(query) = query.as_deref().or(uri.query()) {
        whole.push('?');
        whole.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(whole.parse().ok()?);
    Uri::from_parts(parts).ok()
}

fn readable_path(path: &str) -> Option<String> {
    let readable: Vec<Option<String>> = path.split('/').map(readable_text).collect();
    readable.iter().any(Option::is_some).then(|| {
        let segments = readable.into_iter().zip(path.split('/'));
        let segments = segments.map(|(readable, sent)| readable.unwrap_or_else(|| sent.to_owned()));
        segments.collect::<Vec<_>>().join("/")
    })
}

/// The reversible text form of what is escaped here, escaped; `None` when it is text.
fn readable_text(escaped: &str) -> Option<String> {
    let bytes: Vec<u8> = percent_decode_str(escaped).collect();
    if std::str::from_utf8(&bytes).is_ok() {
        return None;
    }
    let text = bytes_to_text(&bytes);
    Some(utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string())
}

fn readable_query(query: &str) -> Option<String> {
    let mut changed = false;
    let fields = query.split('&').map(|field| {
        let (name, value) = field.split_once('=')?;
        let value = readable_text(&value.replace('+', "%20"))?;
        changed = true;
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
    fn an_id_of_other_bytes_is_one_all_the_same() {
        for (sent, path, query) in [
            ("/a/%FF/%C3%BC", "/a/%EF%9F%BF/%C3%BC", None),
            ("/%ff?b=%C3%BC", "/%EF%9F%BF", Some("b=%C3%BC")),
            ("/a%2Fb/%fe?b=%E9", "/a%2Fb/%EF%9F%BE", Some("b=%EF%9F%A9")),
        ] {
            let uri = readable(&sent.parse().unwrap()).unwrap();
            assert_eq!((uri.path(), uri.query()), (path, query), "{sent}");
        }
    }

    #[test]
    fn text_is_left_as_it_is() {
        for sent in ["/x", "/x?", "/x?a", "/x?path=%C3%BC+%zz&b=%", "/x?%E9"] {
            assert_eq!(readable(&sent.parse().unwrap()), None, "{sent}");
        }
    }
}
