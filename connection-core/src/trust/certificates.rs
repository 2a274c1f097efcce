//! The decision about one TLS server's certificate, and the file `known_certificates`.
//!
//! A line is `[host]:port sha256:<hexadecimal> <first seen>`: the name in lower case, the
//! SHA-256 of the leaf certificate in DER form, and a date for people (UTC). With
//! `authority:` before the fingerprint it says that an authority vouched for the server's
//! certificate, the first of which had that fingerprint: such a server may renew it at
//! will, and is not taken for a new one when it comes with one nobody vouches for. Blank
//! lines and lines that begin with `#` are nothing.

use super::TrustPolicy;
use super::fingerprint::certificate_fingerprint;
use super::name::Name;
use super::store::{Change, Text};
use crate::error::{Error, ErrorKind, Result, Side};
use std::fmt;

const OPERATION: &str = "check certificate";
/// Key of a fact of a `HostUnknown` error: what is wrong with a certificate for which an
/// authority does vouch, so that it is not the lack of a record alone that refuses it.
pub const OBJECTION: &str = "objection";
/// Before the fingerprint of a certificate an authority vouched for.
const AUTHORITY: &str = "authority:";

/// What verifying a certificate by the system's authorities and the host's name objects to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Objection {
    /// No authority known here vouches for it. It may be the server's own all the same.
    NoAuthority(String),
    /// An authority does, and it is another host's, expired, or not meant for this.
    Wrong(String),
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAuthority(text) | Self::Wrong(text) => f.write_str(text),
        }
    }
}

/// A line of the file.
pub(super) enum Line<'a> {
    /// Blank or a comment.
    Nothing,
    /// A server's fingerprint.
    Pin { name: &'a str, fingerprint: &'a str },
    /// An authority vouched for the server's certificate, first for this one.
    Vouched { name: &'a str, fingerprint: &'a str },
    /// The name can be told, but not the fingerprint.
    Damaged { name: &'a str },
    /// Not text: the file is not what it should be.
    Garbled,
}

/// Reads one line, without its line feed.
pub(super) fn parse(line: &[u8]) -> Line<'_> {
    let Ok(line) = std::str::from_utf8(line) else {
        return Line::Garbled;
    };
    if line.contains('\0') {
        return Line::Garbled;
    }
    let mut fields = line.split_ascii_whitespace();
    match (fields.next(), fields.next()) {
        (None, _) => Line::Nothing,
        (Some(name), _) if name.starts_with('#') => Line::Nothing,
        (Some(name), Some(fingerprint)) if is_fingerprint(fingerprint) => {
            Line::Pin { name, fingerprint }
        }
        (Some(name), Some(field)) if field.strip_prefix(AUTHORITY).is_some_and(is_fingerprint) => {
            Line::Vouched {
                name,
                fingerprint: field.strip_prefix(AUTHORITY).unwrap_or_default(),
            }
        }
        (Some(name), _) => Line::Damaged { name },
    }
}

fn is_fingerprint(text: &str) -> bool {
    text.strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Known,
    Unknown,
    Changed(usize, String),
    /// An authority vouched for the server's certificate so far.
    WasVouched(usize, String),
    Unreadable(usize),
}

/// Checks a leaf certificate (DER), and puts it on record if the policy lets it. `chain`
/// is what the system's authorities and the name in the certificate say.
pub(super) fn check(
    text: &Text,
    policy: TrustPolicy,
    name: &Name,
    leaf: &[u8],
    chain: std::result::Result<(), Objection>,
) -> Result<()> {
    let presented = certificate_fingerprint(leaf);
    let Err(objection) = chain else {
        note_vouched(text, policy, name, &presented);
        return Ok(());
    };
    let mut verdict = judge(&text.read()?, name, &presented);
    let may_record =
        policy == TrustPolicy::AcceptNew && matches!(objection, Objection::NoAuthority(_));
    if verdict == Verdict::Unknown && may_record {
        verdict = record(text, name, &presented, "")?;
        if verdict == Verdict::Unknown {
            tracing::info!(
                host = name.full,
                certificate = presented,
                %objection,
                "certificate recorded at first sight"
            );
            return Ok(());
        }
    }
    match verdict {
        Verdict::Known => {
            tracing::debug!(host = name.full, "certificate is the one on record");
            Ok(())
        }
        refused => {
            let error = refusal(refused, text, name, presented, &objection);
            tracing::warn!(host = name.full, error = %error, "certificate refused");
            Err(error)
        }
    }
}

/// Puts a certificate on record if nothing is there of the server, judged once more where
/// nobody else can write, as for host keys.
fn record(text: &Text, name: &Name, presented: &str, mark: &str) -> Result<Verdict> {
    text.update(|content| {
        let verdict = judge(content, name, presented);
        let change = if verdict == Verdict::Unknown {
            let today = chrono::Utc::now().format("%Y-%m-%d");
            Change::Append(format!("{} {mark}{presented} {today}\n", name.full))
        } else {
            Change::Keep
        };
        Ok((verdict, change))
    })
}

/// An authority's word is enough, whatever is on record and whether or not it can be
/// recorded; but a record it overrules is worth a line in the log.
fn note_vouched(text: &Text, policy: TrustPolicy, name: &Name, presented: &str) {
    let verdict = match text.read().map(|content| judge(&content, name, presented)) {
        Ok(Verdict::Unknown) if policy == TrustPolicy::AcceptNew => {
            record(text, name, presented, AUTHORITY)
        }
        verdict => verdict,
    };
    match verdict {
        Ok(Verdict::Unknown | Verdict::Known | Verdict::WasVouched(..)) => {}
        Ok(Verdict::Changed(line, expected)) => tracing::warn!(
            host = name.full,
            line,
            expected,
            presented,
            "certificate differs from the one on record and is vouched for by an authority"
        ),
        Ok(Verdict::Unreadable(line)) => {
            tracing::warn!(host = name.full, line, "record of certificates is damaged");
        }
        Err(error) => tracing::warn!(%error, "record of certificates cannot be used"),
    }
}

fn judge(content: &[u8], name: &Name, presented: &str) -> Verdict {
    let mut changed = None;
    let mut vouched = None;
    let mut damaged = None;
    for (index, line) in content.split(|b| *b == b'\n').enumerate() {
        let number = index + 1;
        match parse(line) {
            Line::Garbled => return Verdict::Unreadable(number),
            Line::Pin {
                name: own,
                fingerprint,
            } if own.eq_ignore_ascii_case(&name.full) => {
                if fingerprint.eq_ignore_ascii_case(presented) {
                    return Verdict::Known;
                }
                changed.get_or_insert((number, fingerprint.to_owned()));
            }
            Line::Vouched {
                name: own,
                fingerprint,
            } if own.eq_ignore_ascii_case(&name.full) => {
                vouched.get_or_insert((number, fingerprint.to_owned()));
            }
            Line::Damaged { name: own } if own.eq_ignore_ascii_case(&name.full) => {
                damaged.get_or_insert(number);
            }
            Line::Nothing | Line::Pin { .. } | Line::Vouched { .. } | Line::Damaged { .. } => {}
        }
    }
    match (changed, vouched, damaged) {
        (Some((line, expected)), ..) => Verdict::Changed(line, expected),
        (None, Some((line, expected)), _) => Verdict::WasVouched(line, expected),
        (None, None, Some(line)) => Verdict::Unreadable(line),
        (None, None, None) => Verdict::Unknown,
    }
}

fn refusal(
    verdict: Verdict,
    text: &Text,
    name: &Name,
    presented: String,
    objection: &Objection,
) -> Error {
    let file = text.name();
    let error = match (verdict, objection) {
        (Verdict::Unreadable(line), _) => Error::new(
            ErrorKind::TrustStore,
            OPERATION,
            format!(
                "line {line} of {file} cannot be read, and may be about this server: \
                 correct or remove it"
            ),
        )
        .with("line", line.to_string())
        .on(Side::Local),
        (Verdict::Changed(line, expected), _) => Error::new(
            ErrorKind::HostChanged,
            OPERATION,
            format!(
                "the server presented another certificate than the one on record, and no \
                 authority vouches for it ({objection}): someone may be in between, or it was \
                 renewed; only if that is certain, remove line {line} of {file}"
            ),
        )
        .with("line", line.to_string())
        .with("expected", expected),
        (Verdict::WasVouched(line, expected), Objection::NoAuthority(_)) => Error::new(
            ErrorKind::HostChanged,
            OPERATION,
            format!(
                "the server presented a certificate no authority vouches for ({objection}), \
                 and one did so far: someone may be in between; only if it is certain that \
                 the server changed, remove line {line} of {file}"
            ),
        )
        .with("line", line.to_string())
        .with("expected", expected),
        (_, Objection::Wrong(_)) => Error::new(
            ErrorKind::HostUnknown,
            OPERATION,
            format!(
                "the server's certificate is not valid here ({objection}); if it is certain \
                 that it is the server's own, add the line `{} {presented}` to {file}",
                name.full
            ),
        )
        .with(OBJECTION, objection.to_string()),
        // Accepted verdicts do not come here; refusing them is the safe mistake.
        (Verdict::Unknown | Verdict::Known, Objection::NoAuthority(_)) => Error::new(
            ErrorKind::HostUnknown,
            OPERATION,
            format!(
                "no authority vouches for the server's certificate ({objection}), it is not on \
                 record, and the policy is to refuse unknown servers"
            ),
        ),
    };
    error
        .with("host", &name.full)
        .with("presented", presented)
        .with("file", file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FIRST: &[u8] = b"first certificate";
    const OTHER: &[u8] = b"other certificate";

    fn refuse() -> std::result::Result<(), Objection> {
        Err(Objection::NoAuthority("self-signed".to_owned()))
    }

    fn expired() -> std::result::Result<(), Objection> {
        Err(Objection::Wrong("expired".to_owned()))
    }

    fn kind(result: Result<()>) -> Option<ErrorKind> {
        result.err().map(|e| e.kind())
    }

    #[test]
    fn an_authority_needs_no_record() {
        let text = Text::memory();
        let name = Name::new("h", 21).unwrap();
        check(&text, TrustPolicy::Strict, &name, FIRST, Ok(())).unwrap();
        assert_eq!(text.read().unwrap(), b"");
    }

    #[test]
    fn a_server_an_authority_vouched_for_renews_at_will_and_never_falls_back() {
        let text = Text::memory();
        let name = Name::new("h", 21).unwrap();
        let accept = TrustPolicy::AcceptNew;
        check(&text, accept, &name, FIRST, Ok(())).unwrap();
        check(&text, accept, &name, OTHER, Ok(())).unwrap();
        let lines = String::from_utf8(text.read().unwrap()).unwrap();
        assert_eq!(lines.lines().count(), 1, "{lines}");
        assert!(lines.starts_with("[h]:21 authority:sha256:"), "{lines}");
        for leaf in [FIRST, b"self-signed by someone"] {
            let error = check(&text, accept, &name, leaf, refuse()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::HostChanged);
            assert_eq!(
                error.context("expected"),
                Some(certificate_fingerprint(FIRST).as_str())
            );
        }
        // A person may know better.
        let pin = format!("[h]:21 {}\n", certificate_fingerprint(OTHER));
        text.update(|_| Ok(((), Change::Append(pin)))).unwrap();
        check(&text, accept, &name, OTHER, refuse()).unwrap();
    }

    #[test]
    fn an_expired_or_foreign_certificate_is_accepted_from_a_record_only() {
        let text = Text::memory();
        let name = Name::new("h", 21).unwrap();
        for policy in [TrustPolicy::Strict, TrustPolicy::AcceptNew] {
            let error = check(&text, policy, &name, FIRST, expired()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::HostUnknown);
            let fingerprint = certificate_fingerprint(FIRST);
            let line = format!("`[h]:21 {fingerprint}`");
            assert!(error.message().contains(&line), "{error:?}");
            assert_eq!(error.context("presented"), Some(fingerprint.as_str()));
        }
        assert_eq!(text.read().unwrap(), b"");
        check(&text, TrustPolicy::AcceptNew, &name, FIRST, Ok(())).unwrap();
        let error = check(&text, TrustPolicy::AcceptNew, &name, FIRST, expired()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HostUnknown);
        let pin = format!("[h]:21 {}\n", certificate_fingerprint(FIRST));
        text.update(|_| Ok(((), Change::Append(pin)))).unwrap();
        check(&text, TrustPolicy::Strict, &name, FIRST, expired()).unwrap();
        let error = check(&text, TrustPolicy::Strict, &name, OTHER, expired()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HostChanged);
    }

    #[test]
    fn strict_refuses_what_nobody_vouches_for() {
        let text = Text::memory();
        let name = Name::new("h", 21).unwrap();
        let error = check(&text, TrustPolicy::Strict, &name, FIRST, refuse()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HostUnknown);
        assert_eq!(
            error.context("presented"),
            Some(certificate_fingerprint(FIRST).as_str())
        );
        assert!(error.message().contains("self-signed"));
    }

    #[test]
    fn the_first_certificate_is_expected_from_then_on() {
        let text = Text::memory();
        let name = Name::new("Host", 21).unwrap();
        let accept = TrustPolicy::AcceptNew;
        check(&text, accept, &name, FIRST, refuse()).unwrap();
        check(&text, accept, &name, FIRST, refuse()).unwrap();
        check(&text, TrustPolicy::Strict, &name, FIRST, refuse()).unwrap();
        let error = check(&text, accept, &name, OTHER, refuse()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HostChanged);
        assert_eq!(
            error.context("expected"),
            Some(certificate_fingerprint(FIRST).as_str())
        );
        assert_eq!(
            error.context("presented"),
            Some(certificate_fingerprint(OTHER).as_str())
        );
        // An authority overrules the record; another port is another server.
        check(&text, accept, &name, OTHER, Ok(())).unwrap();
        let port = Name::new("host", 2121).unwrap();
        check(&text, accept, &port, OTHER, refuse()).unwrap();
        let lines = String::from_utf8(text.read().unwrap()).unwrap();
        assert_eq!(lines.lines().count(), 2, "{lines}");
        assert!(lines.starts_with("[host]:21 sha256:"), "{lines}");
    }

    #[test]
    fn a_damaged_line_about_the_server_is_not_a_first_contact() {
        let name = Name::new("h", 21).unwrap();
        for (line, expected) in [
            ("[h]:21\n", Some(ErrorKind::TrustStore)),
            ("[h]:21 sha256:abc\n", Some(ErrorKind::TrustStore)),
            ("[x]:21 sha256:abc\n", None),
            ("# [h]:21 sha256:abc\n\n", None),
            ("\0\0\0\0", Some(ErrorKind::TrustStore)),
        ] {
            let text = Text::memory();
            text.update(|_| Ok(((), Change::Append(line.to_owned()))))
                .unwrap();
            let result = check(&text, TrustPolicy::AcceptNew, &name, FIRST, refuse());
            assert_eq!(kind(result), expected, "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn no_line_panics(content in proptest::collection::vec(any::<u8>(), 0..200)) {
            judge(&content, &Name::new("h", 21).unwrap(), "sha256:00");
        }
    }
}
