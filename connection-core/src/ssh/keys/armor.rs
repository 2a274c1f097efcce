//! Finding the private key in a text, and telling what the text is when it holds none.

use super::{Wiped, ppk};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// What a text holds.
pub(super) enum Found<'a> {
    /// A key in OpenSSH's format.
    OpenSsh(Block),
    /// A key in one of the formats of OpenSSL.
    Pem(Block),
    /// A key in PuTTY's format, as it stands.
    Ppk(&'a str),
    /// Something else, in words that end a sentence.
    Other(&'static str),
}

/// The decoded text between `-----BEGIN label-----` and `-----END label-----`.
pub(super) struct Block {
    pub(super) label: String,
    pub(super) data: Wiped,
    /// Cipher and parameter in hexadecimal, of a PEM block encrypted after RFC 1421.
    pub(super) encryption: Option<(String, String)>,
}

/// The first private key in a text.
pub(super) fn find(content: &[u8]) -> Found<'_> {
    let Ok(text) = std::str::from_utf8(content) else {
        return Found::Other(not_text(content));
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.starts_with(ppk::HEADER) {
        return Found::Ppk(text);
    }
    let mut rest = text;
    while let Some((label, body, after)) = next_block(rest) {
        if label == "OPENSSH PRIVATE KEY" || is_pem_key(label) {
            return match decode(label, body) {
                Some(block) if is_pem_key(label) => Found::Pem(block),
                Some(block) => Found::OpenSsh(block),
                None => Found::Other("it begins as one, and is damaged"),
            };
        }
        rest = after;
    }
    Found::Other(describe(text))
}

fn is_pem_key(label: &str) -> bool {
    matches!(
        label,
        "PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY"
    )
}

/// Label and body of the next whole block, and what follows it.
fn next_block(text: &str) -> Option<(&str, &str, &str)> {
    let (_, from_label) = text.split_once(BEGIN)?;
    let (label, from_body) = from_label.split_once(DASHES)?;
    let end = format!("-----END {label}{DASHES}");
    let (body, after) = from_body.split_once(end.as_str())?;
    Some((label, body, after))
}

/// Blanks and line ends mean nothing: they are what a clipboard changes first.
fn decode(label: &str, body: &str) -> Option<Block> {
    let mut words = body.split_ascii_whitespace().peekable();
    let mut encryption = None;
    if words.next_if_eq(&"Proc-Type:").is_some() {
        words.next_if_eq(&"4,ENCRYPTED")?;
        words.next_if_eq(&"DEK-Info:")?;
        let (cipher, parameter) = words.next()?.split_once(',')?;
        encryption = Some((cipher.to_owned(), parameter.to_owned()));
    }
    let mut base64 = Zeroizing::new(String::with_capacity(body.len()));
    words.for_each(|word| base64.push_str(word));
    // Room for all of it at once: a growing buffer would leave unwiped copies.
    let mut data = Zeroizing::new(Vec::with_capacity(base64.len()));
    STANDARD.decode_vec(base64.as_bytes(), &mut data).ok()?;
    Some(Block {
        label: label.to_owned(),
        data,
        encryption,
    })
}

fn not_text(content: &[u8]) -> &'static str {
    match content {
        [0x30, length, ..] if *length >= 0x80 => {
            "binary (DER) data; convert it to PEM with `openssl pkey`"
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "text in UTF-16; save it as plain text",
        _ => "binary data",
    }
}

/// What a trimmed text without a private key is.
fn describe(text: &str) -> &'static str {
    let first_word = text.split_ascii_whitespace().next().unwrap_or("");
    let has = |part: &str| text.contains(part);
    if text.is_empty() {
        "it is empty"
    } else if first_word.contains("-cert-v01@") {
        "an OpenSSH certificate; the private key is in the file of that name without -cert.pub"
    } else if first_word.starts_with("ssh-")
        || first_word.starts_with("ecdsa-")
        || first_word.starts_with("sk-")
        || has("PUBLIC KEY-----")
        || has("BEGIN SSH2 PUBLIC KEY")
    {
        "a public key; the private key is in the file of that name without .pub"
    } else if has("BEGIN DSA PRIVATE KEY") {
        DSA
    } else if has("BEGIN CERTIFICATE") {
        "an X.509 certificate"
    } else if has("BEGIN SSH2 ENCRYPTED PRIVATE KEY") {
        "a key of ssh.com; convert it with `ssh-keygen -i`"
    } else if text.starts_with("SSH PRIVATE KEY FILE FORMAT 1.1") {
        "a key of SSH protocol 1, which no server of today takes"
    } else if has("BEGIN PGP") {
        "an OpenPGP block"
    } else if has("PRIVATE KEY-----") {
        "it begins as one, and is cut off"
    } else {
        "text of another kind"
    }
}

/// Said of DSA keys, in whichever format they come.
pub(super) const DSA: &str = "a DSA key, which is not supported: servers of today refuse them";

/// The bytes written as hexadecimal digits.
pub(super) fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}
