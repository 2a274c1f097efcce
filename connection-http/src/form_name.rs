//! The file name in a part of a browser's form.
//!
//! Browsers write the name's bytes as they are, but for `"`, CR and LF, which become `%22`,
//! `%0D` and `%0A` (HTML, «multipart form data»); a name that really holds such a text cannot
//! be told apart. Older curl writes `\"`. Other clients send `filename*` (RFC 8187), which
//! RFC 7578 forbids here and which is clear nevertheless.

use connection_core::path::RemoteName;
use percent_encoding::percent_decode;

/// The name of the file, if the part is one; empty for a file input without a file.
pub(crate) fn file_name(disposition: &[u8]) -> Option<RemoteName> {
    let mut plain = None;
    let mut rest = after(disposition, b';')?;
    loop {
        let (name, value, next) = parameter(rest)?;
        if name.eq_ignore_ascii_case(b"filename*")
            && let Some(exact) = extended(&value)
        {
            return Some(RemoteName::new(exact));
        }
        if name.eq_ignore_ascii_case(b"filename") && plain.is_none() {
            plain = Some(unescaped(&value));
        }
        match next {
            Some(next) => rest = next,
            None => return plain.map(RemoteName::new),
        }
        // A `;` at the end begins no parameter.
        if rest.trim_ascii().is_empty() {
            return plain.map(RemoteName::new);
        }
    }
}

type Parameter<'a> = (&'a [u8], Vec<u8>, Option<&'a [u8]>);

/// Name and value of the first parameter, and what follows its `;`.
fn parameter(text: &[u8]) -> Option<Parameter<'_>> {
    let equals = text.iter().position(|b| *b == b'=')?;
    let name = text.get(..equals)?.trim_ascii();
    let value = text.get(equals + 1..)?.trim_ascii_start();
    if let Some(quoted) = value.strip_prefix(b"\"") {
        let (value, rest) = quoted_value(quoted)?;
        return Some((name, value, after(rest, b';')));
    }
    let end = value.iter().position(|b| *b == b';');
    let token = value.get(..end.unwrap_or(value.len()))?.trim_ascii();
    Some((name, token.to_vec(), after(value, b';')))
}

/// What is within the quotes, and what follows them. A backslash before a quote belongs to
/// it only when another quote closes the value: a browser sends a name that ends in a
/// backslash just so.
fn quoted_value(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut value = Vec::new();
    let mut rest = text;
    loop {
        match rest {
            [b'\\', b'"', after @ ..] if after.contains(&b'"') => {
                value.push(b'"');
                rest = after;
            }
            [b'"', after @ ..] => return Some((value, after)),
            [byte, after @ ..] => {
                value.push(*byte);
                rest = after;
            }
            [] => return None,
        }
    }
}

fn unescaped(value: &[u8]) -> Vec<u8> {
    let mut name = Vec::with_capacity(value.len());
    let mut rest = value;
    while let [byte, after @ ..] = rest {
        let escaped = match rest {
            [b'%', b'2', b'2', ..] => Some(b'"'),
            [b'%', b'0', b'D' | b'd', ..] => Some(b'\r'),
            [b'%', b'0', b'A' | b'a', ..] => Some(b'\n'),
            _ => None,
        };
        name.push(escaped.unwrap_or(*byte));
        rest = match escaped {
            Some(_) => rest.get(3..).unwrap_or_default(),
            None => after,
        };
    }
    name
}

/// The value of an extended parameter in UTF-8.
fn extended(value: &[u8]) -> Option<Vec<u8>> {
    let (charset, rest) = split(value, b'\'')?;
    let (_language, encoded) = split(rest, b'\'')?;
    charset
        .eq_ignore_ascii_case(b"utf-8")
        .then(|| percent_decode(encoded).collect())
}

fn split(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let position = text.iter().position(|b| *b == at)?;
    Some((text.get(..position)?, text.get(position + 1..)?))
}

fn after(text: &[u8], at: u8) -> Option<&[u8]> {
    split(text, at).map(|(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_clients_write_them() {
        for (sent, want) in [
            (
                &br#"form-data; name="f"; filename="a b.txt""#[..],
                &b"a b.txt"[..],
            ),
            (
                br#"form-data; name="f"; filename="a;b=c.txt""#,
                b"a;b=c.txt",
            ),
            (br#"form-data; name="f"; filename="""#, b""),
            (br#"form-data; filename=plain.txt; name=f"#, b"plain.txt"),
            (br#"form-data; name="f"; FileName = "x";"#, b"x"),
            (
                "form-data; filename=\"grün.txt\"".as_bytes(),
                "grün.txt".as_bytes(),
            ),
            (b"form-data; filename=\"\xff\xfe\"", b"\xff\xfe"),
            (
                br#"form-data; filename="a%22b%0D%0a%41%"; name="f""#,
                b"a\"b\r\n%41%",
            ),
            (br#"form-data; filename="a\"b""#, br#"a"b"#),
            (br#"form-data; filename="dir\file""#, br"dir\file"),
            (br#"form-data; filename="ends\""#, br"ends\"),
            (
                br#"form-data; filename="../../etc/passwd""#,
                b"../../etc/passwd",
            ),
            (
                br#"form-data; filename="u.txt"; filename*=utf-8''%C3%BC.txt"#,
                "ü.txt".as_bytes(),
            ),
            (br#"form-data; filename*=utf-16''x; filename="y""#, b"y"),
        ] {
            let text = String::from_utf8_lossy(sent);
            assert_eq!(file_name(sent), Some(RemoteName::new(want)), "{text}");
        }
    }

    #[test]
    fn what_is_no_file_has_no_name() {
        for sent in [
            &b""[..],
            b"form-data",
            b"form-data; name=\"filename\"",
            b"form-data; name=\"x; filename=y\"",
            b"form-data; xfilename=\"a\"",
            b"form-data; filename=\"never closed",
            b"form-data; filename",
        ] {
            assert_eq!(file_name(sent), None, "{}", String::from_utf8_lossy(sent));
        }
    }
}
