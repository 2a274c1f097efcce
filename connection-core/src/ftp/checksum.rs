//! Checksums by whichever command the server has: `XCRC`, `XMD5`, `XSHA…` of many servers,
//! `MD5` and `HASH` of the drafts `twine-ftpmd5` and `bryan-ftpext-hash`.
//!
//! Which, `FEAT` says. The older commands take a beginning and an end behind the name:
//! ProFTPD answers `XCRC /a 2` with the checksum of what follows the second byte of `/a`. So
//! a name with a space goes to `HASH`, which takes the rest of the line for the name, and
//! without that in quotes, as Serv-U and ProFTPD read it. `HASH` comes last otherwise: it
//! works by an option of the connection, which has to be set before each use.

use super::facts::Features;
use super::link::Link;
use super::lookup::{Purpose, explain};
use super::reply::{Reply, Wire, refusal_as};
use crate::checksum::{ChecksumAlgorithm, ChecksumAlgorithms};
use crate::error::{Error, ErrorKind, Result};
use crate::path::RemotePath;

const OPERATION: &str = "checksum";

/// The commands that answer with a checksum right away.
const fn commands(algorithm: ChecksumAlgorithm) -> &'static [&'static str] {
    match algorithm {
        ChecksumAlgorithm::Crc32 => &["XCRC"],
        ChecksumAlgorithm::Md5 => &["XMD5", "MD5"],
        ChecksumAlgorithm::Sha1 => &["XSHA1", "XSHA"],
        ChecksumAlgorithm::Sha256 => &["XSHA256"],
        ChecksumAlgorithm::Sha512 => &["XSHA512"],
    }
}

/// The algorithm's name for `HASH`.
const fn hash_name(algorithm: ChecksumAlgorithm) -> &'static str {
    match algorithm {
        ChecksumAlgorithm::Crc32 => "CRC32",
        ChecksumAlgorithm::Md5 => "MD5",
        ChecksumAlgorithm::Sha1 => "SHA-1",
        ChecksumAlgorithm::Sha256 => "SHA-256",
        ChecksumAlgorithm::Sha512 => "SHA-512",
    }
}

/// The algorithms of a server.
pub(super) fn offered(features: &Features) -> ChecksumAlgorithms {
    let all = ChecksumAlgorithm::ALL.into_iter();
    all.filter(|algorithm| {
        has_hash(features, *algorithm) || commands(*algorithm).iter().any(|c| features.has(c))
    })
    .collect()
}

/// `HASH SHA-256*;SHA-512;MD5`, the star at the one that is set.
fn has_hash(features: &Features, algorithm: ChecksumAlgorithm) -> bool {
    features.find("HASH").is_some_and(|names| {
        names
            .split(';')
            .any(|name| name.trim().trim_end_matches('*') == hash_name(algorithm))
    })
}

/// Asks for a file's checksum.
pub(super) fn compute(
    link: &mut Link,
    path: &RemotePath,
    algorithm: ChecksumAlgorithm,
) -> Result<Vec<u8>> {
    let facts = link.facts();
    let has_hash = has_hash(&facts.features, algorithm);
    let argument = argument(path).filter(|_| !(has_hash && has_space(path)));
    let mut unknown = None;
    for command in commands(algorithm) {
        let Some(argument) = argument.as_ref().filter(|_| facts.features.has(command)) else {
            continue;
        };
        let reply = ask(link, &format!("{command} {argument}"))?;
        if !is_unknown(&reply) {
            return read(link, &reply, path, algorithm, None);
        }
        unknown = Some(reply);
    }
    if has_hash {
        let name = hash_name(algorithm);
        let set = ask(link, &format!("OPTS HASH {name}"))?;
        if set.code == 200 {
            let reply = ask(link, &format!("HASH {}", path.to_text()))?;
            return read(link, &reply, path, algorithm, Some(name));
        }
        unknown = Some(set);
    }
    Err(match unknown {
        Some(reply) => refusal_as(ErrorKind::Unsupported, OPERATION, &reply),
        None => Error::new(
            ErrorKind::Unsupported,
            OPERATION,
            format!("the server does not compute {algorithm} of a file of this name"),
        ),
    })
}

fn has_space(path: &RemotePath) -> bool {
    path.as_bytes().iter().any(|b| matches!(b, b' ' | b'\t'))
}

/// The path as the older commands take it; `None` when there is no form of it that all of
/// them would take for one name.
fn argument(path: &RemotePath) -> Option<String> {
    if !has_space(path) {
        return Some(path.to_text());
    }
    let is_quotable = !path.as_bytes().iter().any(|b| matches!(b, b'"' | b'\\'));
    is_quotable.then(|| format!("\"{}\"", path.to_text()))
}

fn ask(link: &mut Link, command: &str) -> Result<Reply> {
    let reply = link
        .ask(OPERATION, command)
        .map_err(|wire| wire.into_error(OPERATION))?;
    match reply.code {
        421 => Err(Wire::Refused(reply).into_error(OPERATION)),
        _ => Ok(reply),
    }
}

/// 501 is ProFTPD's answer for an empty file, of which `HASH` can tell the checksum.
fn is_unknown(reply: &Reply) -> bool {
    matches!(reply.code, 202 | 500..=502 | 504)
}

fn read(
    link: &mut Link,
    reply: &Reply,
    path: &RemotePath,
    algorithm: ChecksumAlgorithm,
    hash: Option<&str>,
) -> Result<Vec<u8>> {
    if reply.is_refusal() {
        return Err(explain(link, OPERATION, reply, path, Purpose::Read));
    }
    let line = reply.lines().next_back().unwrap_or_default();
    let text = line.get(4..).unwrap_or_default();
    let found = match hash {
        Some(name) => hash_answer(text, name, algorithm),
        None => bare_answer(text, algorithm),
    };
    found.ok_or_else(|| {
        refusal_as(ErrorKind::Protocol, OPERATION, reply).with("path", path.to_text())
    })
}

/// `SHA-256 0-49 6867… name`. The algorithm must be the one that was set.
fn hash_answer(text: &[u8], name: &str, algorithm: ChecksumAlgorithm) -> Option<Vec<u8>> {
    let mut words = words(text);
    let is_it = words.next()?.eq_ignore_ascii_case(name.as_bytes());
    let _range = words.next()?;
    words
        .next()
        .filter(|_| is_it)
        .and_then(|word| checksum(word, algorithm))
}

/// The checksum alone, or `"the name" checksum`, which `MD5` answers; a quoted name may look
/// like a checksum.
fn bare_answer(text: &[u8], algorithm: ChecksumAlgorithm) -> Option<Vec<u8>> {
    let behind_name = match text.strip_prefix(b"\"") {
        Some(rest) => {
            let end = rest.iter().rposition(|b| *b == b'"')?;
            rest.get(end + 1..)?
        }
        None => text,
    };
    words(behind_name).find_map(|word| checksum(word, algorithm))
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|b| *b == b' ' || *b == b'\t')
        .filter(|word| !word.is_empty())
}

/// Hexadecimal digits in any case. Some servers print a CRC as a number, without its leading
/// zeros.
fn checksum(word: &[u8], algorithm: ChecksumAlgorithm) -> Option<Vec<u8>> {
    let digits = algorithm.byte_len() * 2;
    let is_length = match algorithm {
        ChecksumAlgorithm::Crc32 => (1..=digits).contains(&word.len()),
        _ => word.len() == digits,
    };
    if !is_length {
        return None;
    }
    let value = |b: u8| {
        char::from(b)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    let mut nibbles = vec![0; digits - word.len()];
    for byte in word {
        nibbles.push(value(*byte)?);
    }
    let pairs = nibbles.chunks(2);
    Some(
        pairs
            .map(|pair| pair.iter().fold(0, |all, n| all << 4 | n))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ChecksumAlgorithm::{Crc32, Md5, Sha1, Sha256, Sha512};

    fn features(lines: &str) -> Features {
        let text = format!("211-F:\r\n{lines}211 End\r\n");
        Features::of(Reply::parse(text.into_bytes()).as_ref())
    }

    #[test]
    fn what_is_offered_follows_from_feat() {
        for (lines, want) in [
            (" XCRC\r\n xmd5\r\n", vec![Crc32, Md5]),
            (" HASH SHA-256*;SHA-512;MD5\r\n", vec![Md5, Sha256, Sha512]),
            (" HASH CRC32;SHA-1*\r\n XSHA\r\n", vec![Crc32, Sha1]),
            (" XSHA256 path\r\n SIZE\r\n", vec![Sha256]),
            ("", vec![]),
        ] {
            let found: Vec<_> = offered(&features(lines)).iter().collect();
            assert_eq!(found, want, "{lines}");
        }
    }

    #[test]
    fn answers_of_servers_are_read() {
        let md5 = "D41D8CD98F00B204E9800998ECF8427E";
        let want = Some(vec![
            0xd4, 0x1d, 0x8c, 0xd9, 0x8f, 0x00, 0xb2, 0x04, 0xe9, 0x80, 0x09, 0x98, 0xec, 0xf8,
            0x42, 0x7e,
        ]);
        for answer in [
            md5.to_owned(),
            format!("XMD5 {}", md5.to_lowercase()),
            format!("\"/a 0cc175b9c0f1b6a831c399e269772661 \"\" b\" {md5}"),
        ] {
            assert_eq!(bare_answer(answer.as_bytes(), Md5), want, "{answer}");
        }
        let hash = format!("MD5 0-0 {md5} name");
        assert_eq!(hash_answer(hash.as_bytes(), "MD5", Md5), want);
        assert_eq!(hash_answer(hash.as_bytes(), "SHA-256", Sha256), None);
        assert_eq!(bare_answer(b"abc", Md5), None);
        assert_eq!(bare_answer(b"1f", Crc32), Some(vec![0, 0, 0, 0x1f]));
        assert_eq!(bare_answer(b"computed", Crc32), None);
    }
}
