//! One line of a `known_hosts` file: reading it, matching it against a host, writing it.
//!
//! The format and its rules are those of sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT", and of
//! OpenSSH's `hostfile.c` and `match.c`. Knows neither files nor policy.

use super::fingerprint::HostKey;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Longest single pattern OpenSSH compares; a longer one matches nothing.
const MAX_PATTERN_LENGTH: usize = 1023;

/// What the word before the hosts says of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    /// No marker: the host's own key.
    Host,
    /// `@revoked`: never to be accepted.
    Revoked,
    /// `@cert-authority`: signs host certificates, and is no host's own key.
    Authority,
}

/// A line that could be read.
pub(super) struct Entry<'a> {
    pub(super) marker: Marker,
    pub(super) hosts: &'a str,
    pub(super) key: HostKey,
}

/// What a line is.
pub(super) enum Line<'a> {
    /// Blank, a comment, or a key of SSH protocol 1, which no server of today can present.
    Nothing,
    /// A key and its hosts.
    Entry(Entry<'a>),
    /// Hosts can be told, but not the key or not the marker.
    Damaged {
        /// The hosts the line is about.
        hosts: &'a str,
        /// The marker, or `None` for one nobody knows.
        marker: Option<Marker>,
    },
    /// Not text: the file is not what it should be.
    Garbled,
}

/// The lines of a file with their numbers, from 1.
pub(super) fn lines(content: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    content
        .split(|byte| *byte == b'\n')
        .enumerate()
        .map(|(index, line)| (index + 1, line))
}

/// Reads one line, without its line feed.
pub(super) fn parse(line: &[u8]) -> Line<'_> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (mut first, mut rest) = next_field(line);
    if first.is_empty() || first.starts_with(b"#") {
        return Line::Nothing;
    }
    let mut marker = Some(Marker::Host);
    if first.starts_with(b"@") {
        marker = match first {
            b"@revoked" => Some(Marker::Revoked),
            b"@cert-authority" => Some(Marker::Authority),
            _ => None,
        };
        (first, rest) = next_field(rest);
    }
    let (kind, rest) = next_field(rest);
    let (blob, _comment) = next_field(rest);
    let (Some(hosts), Some(kind), Some(blob)) = (text(first), text(kind), text(blob)) else {
        return Line::Garbled;
    };
    if !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_digit()) {
        return Line::Nothing;
    }
    match (marker, read_key(kind, blob)) {
        (Some(marker), Some(key)) => Line::Entry(Entry { marker, hosts, key }),
        // An authority is of no use here, so a damaged one takes nothing away.
        (Some(Marker::Authority), None) => Line::Nothing,
        (marker, _) => Line::Damaged { hosts, marker },
    }
}

/// The line that puts this key on record for this name, with its line feed.
pub(super) fn write(name: &str, key: &HostKey) -> String {
    format!("{name} {} {}\n", key.kind(), STANDARD.encode(key.blob()))
}

/// Whether the hosts of a line cover this name. The name is in lower case, and is
/// `[host]:port` for a port other than 22.
pub(super) fn covers(hosts: &str, name: &str) -> bool {
    match hosts.strip_prefix('|') {
        Some(hashed) => is_hash_of(hashed, name),
        None => in_patterns(hosts, name),
    }
}

/// Whether the hosts of a line hold exactly this name, without the help of a wildcard.
pub(super) fn names(hosts: &str, name: &str) -> bool {
    match hosts.strip_prefix('|') {
        Some(hashed) => is_hash_of(hashed, name),
        None => hosts.split(',').any(|one| one.eq_ignore_ascii_case(name)),
    }
}

/// The field up to the next blank, and what follows it.
fn next_field(text: &[u8]) -> (&[u8], &[u8]) {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = text.iter().position(|b| !blank(b)).unwrap_or(text.len());
    let text = text.split_at(start).1;
    text.split_at(text.iter().position(blank).unwrap_or(text.len()))
}

fn text(field: &[u8]) -> Option<&str> {
    std::str::from_utf8(field)
        .ok()
        .filter(|text| !text.chars().any(char::is_control))
}

fn read_key(kind: &str, blob: &str) -> Option<HostKey> {
    let key = HostKey::parse(&STANDARD.decode(blob).ok()?)?;
    // Some programs write the name of the signature algorithm where the type belongs.
    let same = kind == key.kind()
        || (key.kind() == "ssh-rsa" && matches!(kind, "rsa-sha2-256" | "rsa-sha2-512"));
    same.then_some(key)
}

/// `1|salt|hash`, both in base64: HMAC-SHA1 of the name under the salt.
fn is_hash_of(hashed: &str, name: &str) -> bool {
    let expected = || {
        let (salt, hash) = hashed.strip_prefix("1|")?.split_once('|')?;
        let salt: [u8; 20] = STANDARD.decode(salt).ok()?.try_into().ok()?;
        let mut mac = Hmac::<Sha1>::new_from_slice(&salt).ok()?;
        mac.update(name.as_bytes());
        let hash = STANDARD.decode(hash).ok()?;
        Some(mac.verify_slice(&hash).is_ok())
    };
    expected() == Some(true)
}

/// A comma list of patterns: one has to match, and none that begins with `!` may.
fn in_patterns(patterns: &str, name: &str) -> bool {
    let mut found = false;
    for pattern in patterns.split(',') {
        let (negated, pattern) = match pattern.strip_prefix('!') {
            Some(pattern) => (true, pattern),
            None => (false, pattern),
        };
        if pattern.len() <= MAX_PATTERN_LENGTH && like(pattern.as_bytes(), name.as_bytes()) {
            if negated {
                return false;
            }
            found = true;
        }
    }
    found
}

/// Whether `name` is like `pattern`, where `*` stands for any characters and `?` for one.
/// Goes back to the last `*` only, so that no pattern takes exponential time.
fn like(mut pattern: &[u8], mut name: &[u8]) -> bool {
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern.split_first(), name.split_first()) {
            (Some((b'*', rest)), _) => {
                retry = Some((rest, name));
                pattern = rest;
            }
            (Some((p, pattern_rest)), Some((n, name_rest)))
                if *p == b'?' || p.eq_ignore_ascii_case(n) =>
            {
                (pattern, name) = (pattern_rest, name_rest);
            }
            (None, None) => return true,
            _ => {
                // The last `*` takes one character more.
                let Some((after_star, tried)) = retry else {
                    return false;
                };
                let Some((_, shorter)) = tried.split_first() else {
                    return false;
                };
                retry = Some((after_star, shorter));
                (pattern, name) = (after_star, shorter);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIJN6eGMiA1mCxYv5XkTvYXgZ1iQZ0AqkkgKM5uXvXbPw";

    fn entry(line: &str) -> Option<(Marker, String, String)> {
        match parse(line.as_bytes()) {
            Line::Entry(e) => Some((e.marker, e.hosts.to_owned(), e.key.kind().to_owned())),
            _ => None,
        }
    }

    #[test]
    fn markers_blanks_and_comments() {
        let plain = (Marker::Host, "a,b".to_owned(), "ssh-ed25519".to_owned());
        for line in [
            format!("a,b ssh-ed25519 {KEY}"),
            format!("  a,b\t ssh-ed25519\t{KEY} some comment\r"),
        ] {
            assert_eq!(entry(&line), Some(plain.clone()), "{line:?}");
        }
        assert_eq!(
            entry(&format!("@revoked * ssh-ed25519 {KEY}")).unwrap().0,
            Marker::Revoked
        );
        assert_eq!(
            entry(&format!("@cert-authority\t* ssh-ed25519 {KEY}"))
                .unwrap()
                .0,
            Marker::Authority
        );
        for line in ["", "   ", "\t\r", "# a b c", "  #", "h 1024 35 123456 c"] {
            assert!(matches!(parse(line.as_bytes()), Line::Nothing), "{line:?}");
        }
    }

    #[test]
    fn a_line_whose_key_cannot_be_read_still_tells_its_hosts() {
        for line in [
            "h".to_owned(),
            "h ssh-ed25519".to_owned(),
            "h ssh-ed25519 AAAA".to_owned(),
            "h ssh-ed25519 !!!".to_owned(),
            format!("h ssh-rsa {KEY}"),
            format!("@foo h ssh-ed25519 {KEY}"),
            "@revoked h ssh-ed25519 AAAA".to_owned(),
        ] {
            match parse(line.as_bytes()) {
                Line::Damaged { hosts, .. } => assert_eq!(hosts, "h", "{line:?}"),
                _ => panic!("{line:?}"),
            }
        }
        assert!(matches!(parse(b"h\xff ssh-ed25519 AAAA"), Line::Garbled));
        assert!(matches!(parse(b"h\0 ssh-ed25519 AAAA"), Line::Garbled));
        // A comment may be in any encoding.
        let mut line = format!("h ssh-ed25519 {KEY} ").into_bytes();
        line.push(0xff);
        assert!(matches!(parse(&line), Line::Entry(_)));
    }

    #[test]
    fn patterns() {
        for (hosts, name, expected) in [
            ("a", "a", true),
            ("A", "a", true),
            ("a", "ab", false),
            ("a,b", "b", true),
            ("*", "anything", true),
            ("*.example.com", "www.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com,!bad.example.com", "bad.example.com", false),
            ("!bad.example.com,*.example.com", "bad.example.com", false),
            ("!bad.example.com", "good.example.com", false),
            ("10.0.?.1", "10.0.5.1", true),
            ("10.0.?.1", "10.0.55.1", false),
            ("[a]:2222", "[a]:2222", true),
            ("[a]:2222", "a", false),
            ("[*]:2222", "[abc]:2222", true),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
            ("", "a", false),
            ("a,,b", "", true),
        ] {
            assert_eq!(covers(hosts, name), expected, "{hosts} {name}");
        }
    }

    #[test]
    fn a_pattern_of_many_stars_is_quick() {
        let pattern = "*a".repeat(500);
        assert!(!covers(&pattern, &format!("{}b", "a".repeat(250))));
    }

    proptest! {
        #[test]
        fn no_line_panics(line in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Line::Entry(Entry { hosts, .. }) | Line::Damaged { hosts, .. } = parse(&line) {
                covers(hosts, "example.com");
                names(hosts, "example.com");
            }
        }

        #[test]
        fn no_almost_right_line_panics(
            line in "(@revoked |@cert-authority |@x )?[|1!*?a-c,=\\[\\]:]{0,20}( (ssh-rsa|[0-9]{1,3}))?( [A-Z+/=]{0,30})?( .*)?"
        ) {
            if let Line::Entry(Entry { hosts, .. }) | Line::Damaged { hosts, .. } = parse(line.as_bytes()) {
                covers(hosts, "abc");
            }
        }

        #[test]
        fn a_written_line_reads_back(
            host in "[a-z0-9.:-]{1,40}",
            kind in "[a-z0-9@.-]{1,64}",
            data in proptest::collection::vec(any::<u8>(), 1..300),
        ) {
            let mut blob = u32::try_from(kind.len()).unwrap().to_be_bytes().to_vec();
            blob.extend_from_slice(kind.as_bytes());
            blob.extend_from_slice(&data);
            let key = HostKey::parse(&blob).unwrap();
            let line = write(&host, &key);
            let line = line.strip_suffix('\n').unwrap();
            // A type of digits only would read as protocol 1; no such type exists.
            prop_assume!(!kind.bytes().all(|b| b.is_ascii_digit()));
            match parse(line.as_bytes()) {
                Line::Entry(e) => {
                    prop_assert!(e.key == key);
                    prop_assert!(e.marker == Marker::Host);
                    prop_assert!(covers(e.hosts, &host) && names(e.hosts, &host));
                }
                _ => prop_assert!(false, "{line:?}"),
            }
        }

        #[test]
        fn matching_agrees_with_the_obvious_definition(
            pattern in "[ab*?]{0,8}", name in "[ab]{0,8}"
        ) {
            fn obvious(p: &[u8], n: &[u8]) -> bool {
                match p.split_first() {
                    None => n.is_empty(),
                    Some((b'*', rest)) => (0..=n.len()).any(|i| obvious(rest, &n[i..])),
                    Some((c, rest)) => n
                        .split_first()
                        .is_some_and(|(d, m)| (*c == b'?' || c == d) && obvious(rest, m)),
                }
            }
            prop_assert_eq!(
                like(pattern.as_bytes(), name.as_bytes()),
                obvious(pattern.as_bytes(), name.as_bytes())
            );
        }
    }
}
