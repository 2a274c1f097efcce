//! The decision about one SSH server's host key, from the text of `known_hosts`.
//!
//! OpenSSH's rules, with these on the safe side of it:
//! - A host on record under any key is known: a key of another type is a changed key, not
//!   a new one. (OpenSSH takes it for new and `accept-new` would accept it.)
//! - A damaged line that covers the host is not skipped as if the host had never been
//!   seen: unless another line vouches for the very key, nothing is trusted. A damaged
//!   revocation, or a marker nobody knows, weighs more than any line that vouches.
//! - A file that is not text at all trusts nobody.
//! - A revocation of the host name holds on every port of it.
//!
//! As with OpenSSH, a server on another port than 22 that nothing is on record of may
//! present the key its host has on port 22.

use super::TrustPolicy;
use super::fingerprint::HostKey;
use super::known_hosts::{self, Entry, Line, Marker};
use super::name::Name;
use super::store::{Change, Text};
use crate::error::{Error, ErrorKind, Result, Side};

const OPERATION: &str = "check host key";
/// How many keys on record an error names.
const MAX_NAMED: usize = 8;
/// Plain key algorithms, most wanted first: modern and quick before old and slow. Host
/// certificates are not among them, since no authority is configured.
const ALGORITHMS: [(&str, &str); 6] = [
    ("ssh-ed25519", "ssh-ed25519"),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256"),
    ("ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384"),
    ("ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521"),
    // One key type, two signature algorithms (RFC 8332).
    ("ssh-rsa", "rsa-sha2-512"),
    ("ssh-rsa", "rsa-sha2-256"),
];

/// What the record says of a key.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Known,
    Unknown,
    Revoked(usize),
    /// Numbers and keys of the lines that cover the host.
    Changed(Vec<(usize, String, String)>),
    /// The line that stands in the way.
    Unreadable(usize),
}

/// Checks a presented key, and puts it on record if the policy lets it.
pub(super) fn check(text: &Text, policy: TrustPolicy, name: &Name, blob: &[u8]) -> Result<()> {
    let key = HostKey::presented(blob)?;
    let mut verdict = judge(&text.read()?, name, &key);
    if verdict == Verdict::Unknown && policy == TrustPolicy::AcceptNew {
        // Judged once more where nobody else can write: of two first contacts with
        // different keys, one has to lose.
        verdict = text.update(|content| {
            let verdict = judge(content, name, &key);
            let change = if verdict == Verdict::Unknown {
                Change::Append(known_hosts::write(&name.ssh, &key))
            } else {
                Change::Keep
            };
            Ok((verdict, change))
        })?;
        if verdict == Verdict::Unknown {
            tracing::info!(host = name.ssh, key = %key, "host key recorded at first sight");
            return Ok(());
        }
    }
    match verdict {
        Verdict::Known => {
            tracing::debug!(host = name.ssh, key = %key, "host key is the one on record");
            Ok(())
        }
        refused => {
            let error = refusal(refused, text, name, &key);
            tracing::warn!(host = name.ssh, key = %key, error = %error, "host key refused");
            Err(error)
        }
    }
}

/// Algorithms to offer: those of keys on record first, then all others.
pub(super) fn preferred_algorithms(text: &Text, name: &Name) -> Vec<String> {
    // An unreadable record is the check's to report.
    let content = text.read().unwrap_or_default();
    let mut on_record = types_on_record(&content, &name.ssh);
    if on_record.is_empty() && name.has_port() {
        on_record = types_on_record(&content, &name.host);
    }
    let (first, rest): (Vec<_>, Vec<_>) = ALGORITHMS
        .into_iter()
        .partition(|(kind, _)| on_record.iter().any(|k| k == kind));
    first
        .into_iter()
        .chain(rest)
        .map(|(_, algorithm)| algorithm.to_owned())
        .collect()
}

fn types_on_record(content: &[u8], name: &str) -> Vec<String> {
    known_hosts::lines(content)
        .filter_map(|(_, line)| match known_hosts::parse(line) {
            Line::Entry(e) if e.marker == Marker::Host && known_hosts::covers(e.hosts, name) => {
                Some(e.key.kind().to_owned())
            }
            _ => None,
        })
        .collect()
}

fn judge(content: &[u8], name: &Name, key: &HostKey) -> Verdict {
    let mut known = false;
    let mut known_by_host = false;
    let mut others = Vec::new();
    let mut damaged = None;
    for (number, line) in known_hosts::lines(content) {
        match known_hosts::parse(line) {
            Line::Nothing => {}
            Line::Garbled => return Verdict::Unreadable(number),
            Line::Entry(entry) => {
                let covered = known_hosts::covers(entry.hosts, &name.ssh);
                let host_covered =
                    covered || (name.has_port() && known_hosts::covers(entry.hosts, &name.host));
                let Entry {
                    marker, key: own, ..
                } = entry;
                match marker {
                    Marker::Authority => {}
                    Marker::Revoked if host_covered && own == *key => {
                        return Verdict::Revoked(number);
                    }
                    Marker::Revoked => {}
                    Marker::Host if own == *key => {
                        known |= covered;
                        known_by_host |= host_covered;
                    }
                    Marker::Host if covered => {
                        others.push((number, own.kind().to_owned(), own.to_string()));
                    }
                    Marker::Host => {}
                }
            }
            Line::Damaged { hosts, marker } => {
                let covered = known_hosts::covers(hosts, &name.ssh)
                    || (marker != Some(Marker::Host) && known_hosts::covers(hosts, &name.host));
                if covered && marker != Some(Marker::Host) {
                    return Verdict::Unreadable(number);
                } else if covered {
                    damaged.get_or_insert(number);
                } else {
                    tracing::debug!(
                        line = number,
                        "line of known_hosts ignored: no readable key"
                    );
                }
            }
        }
    }
    match (known, damaged) {
        (true, _) => Verdict::Known,
        _ if !others.is_empty() => Verdict::Changed(others),
        (_, Some(number)) => Verdict::Unreadable(number),
        _ if known_by_host => Verdict::Known,
        _ => Verdict::Unknown,
    }
}

fn refusal(verdict: Verdict, text: &Text, name: &Name, key: &HostKey) -> Error {
    let file = text.name();
    let error = match verdict {
        // Accepted verdicts do not come here; refusing them is the safe mistake.
        Verdict::Unknown | Verdict::Known => Error::new(
            ErrorKind::HostUnknown,
            OPERATION,
            format!(
                "the server's key is not on record, and the policy is to refuse unknown servers: \
                 compare its fingerprint with the server's, then add its line to {file}, as \
                 ssh-keyscan prints it"
            ),
        ),
        Verdict::Revoked(line) => Error::new(
            ErrorKind::HostRevoked,
            OPERATION,
            format!("the server's key is revoked by line {line} of {file}"),
        )
        .with("line", line.to_string()),
        Verdict::Changed(others) => changed(&others, &file, key),
        Verdict::Unreadable(line) => Error::new(
            ErrorKind::TrustStore,
            OPERATION,
            format!(
                "line {line} of {file} cannot be read, and may be about this server: \
                 correct or remove it"
            ),
        )
        .with("line", line.to_string())
        .on(Side::Local),
    };
    error
        .with("host", &name.ssh)
        .with("presented", key.to_string())
        .with("file", file)
}

fn changed(others: &[(usize, String, String)], file: &str, key: &HostKey) -> Error {
    let what = if others.iter().any(|(_, kind, _)| kind == key.kind()) {
        "the server presented another key than the one on record"
    } else {
        "the server presented a key of another type than the one on record"
    };
    let join = |items: Vec<String>| items.join(", ");
    let named = || others.iter().take(MAX_NAMED);
    let lines = join(named().map(|(line, _, _)| line.to_string()).collect());
    let noun = if others.len() == 1 { "line" } else { "lines" };
    Error::new(
        ErrorKind::HostChanged,
        OPERATION,
        format!(
            "{what}: someone may be in between, or the server was set up anew; \
             only if that is certain, remove {noun} {lines} of {file}"
        ),
    )
    .with("line", lines)
    .with(
        "expected",
        join(named().map(|(_, _, k)| k.clone()).collect()),
    )
}
