//! What this engine asks of the library: algorithms and their order, windows, probes.

use crate::ssh::engine::ConnectSpec;
use ::russh::client::Config;
use ::russh::keys::{Algorithm, EcdsaCurve, HashAlg};
use ::russh::{Limits, Preferred, SshId, cipher, compression, kex, mac};
use std::borrow::Cow;
use std::time::Duration;

/// Bytes the server may send on a channel ahead of its reader. At 50 ms of round trip the
/// library's 2 MiB holds a download at 19 MB/s, and 16 MiB lets it reach 128.
const WINDOW: u32 = 16 * 1024 * 1024;

/// Longest data packet the server may send: what every implementation handles.
const MAX_PACKET: u32 = 32 * 1024;

/// Messages the library keeps for a reader that pauses before its session task waits for
/// that reader: 8 MiB of full packets.
const CHANNEL_BUFFER: usize = 256;

/// The most the library lets a key carry in one direction.
const MAX_REKEY: usize = 1 << 30;

/// Longest life of a key: what RFC 4253 section 9 recommends.
const REKEY_TIME: Duration = Duration::from_secs(3600);

const KEX: &[kex::Name] = &[
    kex::MLKEM768X25519_SHA256,
    kex::CURVE25519,
    kex::CURVE25519_PRE_RFC_8731,
    kex::ECDH_SHA2_NISTP256,
    kex::ECDH_SHA2_NISTP384,
    kex::ECDH_SHA2_NISTP521,
    kex::DH_GEX_SHA256,
    kex::DH_G18_SHA512,
    kex::DH_G16_SHA512,
    kex::DH_G14_SHA256,
    kex::EXTENSION_SUPPORT_AS_CLIENT,
    kex::EXTENSION_OPENSSH_STRICT_KEX_AS_CLIENT,
];

const CIPHERS_AES_FIRST: &[cipher::Name] = &[
    cipher::AES_128_GCM,
    cipher::AES_256_GCM,
    cipher::CHACHA20_POLY1305,
    cipher::AES_256_CTR,
    cipher::AES_192_CTR,
    cipher::AES_128_CTR,
];

const CIPHERS_CHACHA_FIRST: &[cipher::Name] = &[
    cipher::CHACHA20_POLY1305,
    cipher::AES_256_GCM,
    cipher::AES_128_GCM,
    cipher::AES_256_CTR,
    cipher::AES_192_CTR,
    cipher::AES_128_CTR,
];

const MACS: &[mac::Name] = &[
    mac::HMAC_SHA256_ETM,
    mac::HMAC_SHA512_ETM,
    mac::HMAC_SHA256,
    mac::HMAC_SHA512,
];

/// The library's configuration for one connection.
pub(super) fn config(spec: &ConnectSpec, wished_host_keys: &[String]) -> Config {
    let rekey = usize::try_from(spec.rekey_bytes).map_or(MAX_REKEY, |b| b.min(MAX_REKEY));
    Config {
        client_id: SshId::Standard(Cow::Borrowed(concat!(
            "SSH-2.0-ConnectionManager_",
            env!("CARGO_PKG_VERSION")
        ))),
        window_size: WINDOW,
        maximum_packet_size: MAX_PACKET,
        channel_buffer_size: CHANNEL_BUFFER,
        preferred: Preferred {
            kex: Cow::Borrowed(KEX),
            key: Cow::Owned(host_keys(wished_host_keys)),
            // The pinned key is the key itself, not one inside a certificate.
            host_key_certificates: Cow::Borrowed(&[]),
            cipher: Cow::Borrowed(if has_aes() {
                CIPHERS_AES_FIRST
            } else {
                CIPHERS_CHACHA_FIRST
            }),
            mac: Cow::Borrowed(MACS),
            compression: Cow::Borrowed(&[compression::NONE]),
        },
        // The library only sends the probes; `Wire::watch` decides, because it counts
        // bytes where the library counts whole packets of some kinds.
        keepalive_interval: spec.timeouts.keepalive,
        keepalive_max: 0,
        inactivity_timeout: None,
        nodelay: true,
        limits: Limits::new(rekey, rekey, REKEY_TIME),
        ..Config::default()
    }
}

/// Wished types first, then the rest; RSA signatures with SHA-1 never.
fn host_keys(wished: &[String]) -> Vec<Algorithm> {
    let rsa = [HashAlg::Sha512, HashAlg::Sha256].map(|h| Algorithm::Rsa { hash: Some(h) });
    let mut all = vec![
        Algorithm::Ed25519,
        Algorithm::Ecdsa {
            curve: EcdsaCurve::NistP256,
        },
        Algorithm::Ecdsa {
            curve: EcdsaCurve::NistP384,
        },
        Algorithm::Ecdsa {
            curve: EcdsaCurve::NistP521,
        },
    ];
    all.extend(rsa.iter().cloned());
    let mut order: Vec<Algorithm> = Vec::new();
    for name in wished {
        let named: Vec<Algorithm> = match name.as_str() {
            // A record of an RSA key carries the name of the key's type.
            "ssh-rsa" => rsa.to_vec(),
            name => all.iter().filter(|a| a.as_str() == name).cloned().collect(),
        };
        order.extend(named);
    }
    order.extend(all);
    let mut unique = Vec::with_capacity(order.len());
    for algorithm in order {
        if !unique.contains(&algorithm) {
            unique.push(algorithm);
        }
    }
    unique
}

/// Whether the processor has AES instructions; without them AES-GCM is the slow one.
fn has_aes() -> bool {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    {
        std::arch::is_x86_feature_detected!("aes")
    }
    #[cfg(target_arch = "aarch64")]
    {
        std::arch::is_aarch64_feature_detected!("aes")
    }
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64")))]
    {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_types_come_first_and_sha1_never() {
        let wished = ["ssh-rsa", "ssh-dss", "ecdsa-sha2-nistp384"].map(str::to_owned);
        let order: Vec<String> = host_keys(&wished)
            .iter()
            .map(|a| a.as_str().to_owned())
            .collect();
        assert_eq!(
            order,
            [
                "rsa-sha2-512",
                "rsa-sha2-256",
                "ecdsa-sha2-nistp384",
                "ssh-ed25519",
                "ecdsa-sha2-nistp256",
                "ecdsa-sha2-nistp521",
            ]
        );
        assert_eq!(host_keys(&[]).len(), 6);
    }
}
