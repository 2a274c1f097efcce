//! What is on record, for people who administer it: listing and forgetting.

use super::certificates;
use super::known_hosts::{self, Line, Marker};
use super::name::Name;
use super::store::{Change, Text};
use crate::error::Result;

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrustRecordKind {
    /// A host's SSH key.
    HostKey,
    /// An SSH key that is never to be accepted.
    RevokedHostKey,
    /// An SSH key that signs host certificates. Kept and not used.
    HostAuthority,
    /// A TLS server's certificate.
    Certificate,
    /// That an authority vouches for a TLS server's certificates; the fingerprint is that of
    /// the first.
    VouchedCertificate,
}

/// One line on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustRecord {
    /// What it is about.
    pub kind: TrustRecordKind,
    /// Its hosts as they are written: names, patterns, or a hash.
    pub hosts: String,
    /// The key's type, such as `ssh-ed25519`; `x509` for a certificate.
    pub key_type: String,
    /// `SHA256:` and base64 for a key, `sha256:` and hexadecimal for a certificate.
    pub fingerprint: String,
    /// Number of the line in its file, from 1.
    pub line: usize,
}

/// The readable records of `known_hosts`.
pub(super) fn host_keys(text: &Text) -> Result<Vec<TrustRecord>> {
    let content = text.read()?;
    let records = known_hosts::lines(&content).filter_map(|(line, bytes)| {
        let Line::Entry(entry) = known_hosts::parse(bytes) else {
            return None;
        };
        Some(TrustRecord {
            kind: match entry.marker {
                Marker::Host => TrustRecordKind::HostKey,
                Marker::Revoked => TrustRecordKind::RevokedHostKey,
                Marker::Authority => TrustRecordKind::HostAuthority,
            },
            hosts: entry.hosts.to_owned(),
            key_type: entry.key.kind().to_owned(),
            fingerprint: entry.key.fingerprint(),
            line,
        })
    });
    Ok(records.collect())
}

/// The readable records of `known_certificates`.
pub(super) fn pins(text: &Text) -> Result<Vec<TrustRecord>> {
    let content = text.read()?;
    let records = known_hosts::lines(&content).filter_map(|(line, bytes)| {
        let (kind, name, fingerprint) = match certificates::parse(bytes) {
            certificates::Line::Pin { name, fingerprint } => {
                (TrustRecordKind::Certificate, name, fingerprint)
            }
            certificates::Line::Vouched { name, fingerprint } => {
                (TrustRecordKind::VouchedCertificate, name, fingerprint)
            }
            _ => return None,
        };
        Some(TrustRecord {
            kind,
            hosts: name.to_owned(),
            key_type: "x509".to_owned(),
            fingerprint: fingerprint.to_owned(),
            line,
        })
    });
    Ok(records.collect())
}

/// Takes this very name off `known_hosts`, and says from how many lines.
pub(super) fn forget_host_keys(text: &Text, name: &Name) -> Result<usize> {
    rewrite(text, |line| match known_hosts::parse(line) {
        Line::Entry(e) if e.marker == Marker::Host && known_hosts::names(e.hosts, &name.ssh) => {
            Some(without_name(line, e.hosts, &name.ssh))
        }
        Line::Damaged {
            hosts,
            marker: Some(Marker::Host),
        } if known_hosts::names(hosts, &name.ssh) => Some(without_name(line, hosts, &name.ssh)),
        _ => None,
    })
}

/// Takes a server off `known_certificates`, and says from how many lines.
pub(super) fn forget_pins(text: &Text, name: &Name) -> Result<usize> {
    rewrite(text, |line| match certificates::parse(line) {
        certificates::Line::Pin { name: own, .. }
        | certificates::Line::Vouched { name: own, .. }
        | certificates::Line::Damaged { name: own }
            if own.eq_ignore_ascii_case(&name.full) =>
        {
            Some(None)
        }
        _ => None,
    })
}

/// A line that loses a name keeps the others: to forget one host must not open the door
/// to another.
fn without_name(line: &[u8], hosts: &str, name: &str) -> Option<Vec<u8>> {
    if hosts.starts_with('|') {
        return None;
    }
    let others: Vec<&str> = hosts
        .split(',')
        .filter(|one| !one.eq_ignore_ascii_case(name))
        .collect();
    // What is left may only exclude, and then matches nothing.
    if others
        .iter()
        .all(|one| one.is_empty() || one.starts_with('!'))
    {
        return None;
    }
    let start = line.iter().position(|b| !matches!(b, b' ' | b'\t'))?;
    let rest = line.get(start + hosts.len()..)?;
    Some([others.join(",").as_bytes(), rest].concat())
}

/// Replaces lines: `None` keeps a line, `Some(None)` drops it.
fn rewrite(text: &Text, edit: impl Fn(&[u8]) -> Option<Option<Vec<u8>>>) -> Result<usize> {
    text.update(|content| {
        let mut edited = 0;
        let mut lines: Vec<Vec<u8>> = Vec::new();
        for (_, line) in known_hosts::lines(content) {
            match edit(line) {
                None => lines.push(line.to_vec()),
                Some(other) => {
                    edited += 1;
                    lines.extend(other);
                }
            }
        }
        let change = if edited == 0 {
            Change::Keep
        } else {
            Change::Replace(lines.join(&b'\n'))
        };
        Ok((edited, change))
    })
}
