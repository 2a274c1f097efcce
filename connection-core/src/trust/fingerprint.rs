//! What a server presents — a public key or a certificate — and its fingerprint as
//! OpenSSH and OpenSSL print it. Knows no file and no policy.

use crate::error::{Error, ErrorKind, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest, Sha256};
use std::fmt;

/// Longest name of a key type. OpenSSH's longest is 50 characters.
const MAX_TYPE_LENGTH: usize = 64;

/// A public key in the wire encoding of RFC 4253 section 6.6: its type as a string, then
/// what the type needs. Equal when every byte is.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct HostKey {
    kind: String,
    blob: Vec<u8>,
}

impl HostKey {
    /// The key in `blob`, if it begins with a plausible type name.
    pub(super) fn parse(blob: &[u8]) -> Option<Self> {
        let (length, rest) = blob.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        if length == 0 || length > MAX_TYPE_LENGTH {
            return None;
        }
        let (kind, data) = rest.split_at_checked(length)?;
        if data.is_empty() || !kind.iter().all(|b| b.is_ascii_graphic() && *b != b',') {
            return None;
        }
        Some(Self {
            kind: String::from_utf8(kind.to_vec()).ok()?,
            blob: blob.to_vec(),
        })
    }

    /// The key a server presented.
    ///
    /// # Errors
    /// `Protocol` when it is not a public key, or is a certificate: those are never
    /// negotiated here, since no authority is configured that could vouch for one.
    pub(super) fn presented(blob: &[u8]) -> Result<Self> {
        let key = Self::parse(blob).ok_or_else(|| {
            Error::new(
                ErrorKind::Protocol,
                "check host key",
                "the server presented a host key that cannot be read",
            )
        })?;
        if key.kind.contains("-cert-v") {
            return Err(Error::new(
                ErrorKind::Protocol,
                "check host key",
                "the server presented a host certificate where a plain key was negotiated",
            )
            .with("presented", key.kind));
        }
        Ok(key)
    }

    /// The key's type, such as `ssh-ed25519`.
    pub(super) fn kind(&self) -> &str {
        &self.kind
    }

    /// The wire encoding.
    pub(super) fn blob(&self) -> &[u8] {
        &self.blob
    }

    /// `SHA256:` and the digest in base64 without padding, as `ssh-keygen -l` prints it.
    pub(super) fn fingerprint(&self) -> String {
        format!(
            "SHA256:{}",
            STANDARD_NO_PAD.encode(Sha256::digest(&self.blob))
        )
    }
}

/// Fingerprint and type: `SHA256:... (ssh-ed25519)`.
impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.fingerprint(), self.kind)
    }
}

/// `sha256:` and the digest of a DER certificate in lower-case hexadecimal, as
/// `openssl x509 -fingerprint -sha256` prints it, without colons.
pub(crate) fn certificate_fingerprint(der: &[u8]) -> String {
    use fmt::Write as _;
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(der) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_without_a_plausible_type_is_no_key() {
        for blob in [
            &b""[..],
            b"\0\0\0",
            b"\0\0\0\0rest",
            b"\0\0\0\x09short",
            b"\xff\xff\xff\xffssh-rsa",
            b"\0\0\0\x03a bdata",
            b"\0\0\0\x03a,bdata",
            b"\0\0\0\x03abc",
        ] {
            assert!(HostKey::parse(blob).is_none(), "{blob:?}");
        }
        let key = HostKey::parse(b"\0\0\0\x03abcd").unwrap();
        assert_eq!(key.kind(), "abc");
        assert_eq!(key.blob(), b"\0\0\0\x03abcd");
    }

    #[test]
    fn a_certificate_is_not_a_plain_key() {
        let mut blob = Vec::from(28u32.to_be_bytes());
        blob.extend_from_slice(b"ssh-ed25519-cert-v01@openssh");
        blob.push(1);
        let error = HostKey::presented(&blob).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Protocol);
    }

    #[test]
    fn certificate_fingerprints_read_as_openssl_prints_them() {
        assert_eq!(
            certificate_fingerprint(b""),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
