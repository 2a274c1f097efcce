//! What is no key, is damaged, or is made to cost.

use super::*;
use proptest::prelude::*;

#[test]
fn an_openssh_key_that_would_take_a_year_is_refused() {
    let w = Workshop::new();
    let text = w.keygen("k", PASSPHRASE, &["-t", "ed25519", "-a", "16"]);
    let Found::OpenSsh(mut block) = armor::find(text.as_bytes()) else {
        panic!("no key");
    };
    // The length of the salt, the salt, the rounds: 16, 16 bytes, 16.
    let sixteen = [0, 0, 0, 16];
    let salt = block.data.windows(4).position(|b| b == sixteen).unwrap();
    let rounds = salt + 20..salt + 24;
    assert_eq!(block.data[rounds.clone()], sixteen);
    block.data[rounds].copy_from_slice(&u32::MAX.to_be_bytes());
    let error = openssh::decode(&block.data, &wiped(&[PASSPHRASE]))
        .err()
        .unwrap();
    assert_eq!(error.kind(), ErrorKind::KeyInvalid);
    assert!(error.message().contains("rounds"), "{error}");
}

#[test]
fn a_pkcs8_key_that_would_take_hours_is_refused() {
    let w = Workshop::new();
    w.run(
        "openssl",
        &["genpkey", "-algorithm", "ed25519", "-out", "ed"],
    );
    w.run(
        "openssl",
        &[
            "pkcs8",
            "-topk8",
            "-in",
            "ed",
            "-out",
            "k",
            "-passout",
            "pass:x",
            "-v2",
            "aes-128-cbc",
            "-iter",
            "100000",
        ],
    );
    let Found::Pem(mut block) = armor::find(w.read("k").as_bytes()) else {
        panic!("no key");
    };
    assert!(pem::decode(&block, &wiped(&["x"])).is_ok());
    // A salt of eight bytes, then the rounds; a byte of the salt makes them 2^30.
    let rounds = [2, 3, 0x01, 0x86, 0xa0];
    let at = block.data.windows(5).position(|b| b == rounds).unwrap();
    assert_eq!(block.data[at - 10..at - 8], [4, 8]);
    block.data[at - 9] = 7;
    block.data[at - 1..at + 5].copy_from_slice(&[2, 4, 0x40, 0, 0, 0]);
    let error = pem::decode(&block, &wiped(&["x"])).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::KeyInvalid);
    assert!(error.message().contains("costs"), "{error}");
}

#[test]
fn what_is_no_private_key_is_named() {
    let w = Workshop::new();
    w.keygen("k", "", &["-t", "ed25519"]);
    w.run(
        "ssh-keygen",
        &["-q", "-s", "k", "-I", "id", "-n", "me", "k.pub"],
    );
    w.run(
        "openssl",
        &["genpkey", "-algorithm", "x25519", "-out", "x25519"],
    );
    w.run(
        "openssl",
        &["ecparam", "-name", "secp256k1", "-genkey", "-out", "k1"],
    );
    w.run("openssl", &["genrsa", "-out", "short", "512"]);
    w.run(
        "openssl",
        &["pkey", "-in", "short", "-pubout", "-out", "pub.pem"],
    );
    w.run("openssl", &["dsaparam", "-genkey", "-out", "dsa", "1024"]);
    let rfc4716 = w.run("ssh-keygen", &["-e", "-f", "k.pub"]);
    let whole = w.read("k");
    let cut = &whole[..whole.len() / 2];
    for (text, expected) in [
        (w.read("k.pub").as_str(), "a public key"),
        (&rfc4716, "a public key"),
        (&w.read("pub.pem"), "a public key"),
        (&w.read("k-cert.pub"), "an OpenSSH certificate"),
        ("", "empty"),
        (" \r\n\t", "empty"),
        ("hello", "text of another kind"),
        (cut, "cut off"),
        (&w.read("x25519"), "type that is not supported"),
        (&w.read("k1"), "type that is not supported"),
        (&w.read("short"), "512 bits"),
        (&w.read("dsa"), "DSA"),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
            "damaged",
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\n!!\n-----END RSA PRIVATE KEY-----",
            "damaged",
        ),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
            "damaged",
        ),
    ] {
        let (kind, message) = refusal(text, &[PASSPHRASE]);
        assert_eq!(kind, ErrorKind::KeyInvalid, "{expected}");
        assert!(message.contains(expected), "{message:?} for {expected:?}");
    }
    for (content, expected) in [
        (&b"\x30\x82\x01\x00\xff"[..], "DER"),
        (b"\xff\xfe-\0-\0", "UTF-16"),
        (b"\xff\xff", "binary"),
    ] {
        let error = convert(content, &[]).err().unwrap();
        assert!(error.message().contains(expected), "{error}");
    }
}

#[test]
fn halves_that_do_not_belong_together_are_refused() {
    for (kind, _) in TYPES {
        let Found::OpenSsh(block) = armor::find(sample(kind).as_bytes()) else {
            panic!("no key");
        };
        let mut keypair = openssh::decode(&block.data, &[]).unwrap();
        keypair.check().unwrap();
        let bent = match &mut keypair {
            keypair::KeyPair::Ed25519 { seed, .. } => seed,
            keypair::KeyPair::Ecdsa { secret, .. } => secret,
            keypair::KeyPair::Rsa(numbers) => &mut numbers.d,
        };
        *bent.last_mut().unwrap() ^= 2;
        let error = keypair.check().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::KeyInvalid, "{kind}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_garbage_panics(content in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = convert(&content, &wiped(&["x"]));
    }

    #[test]
    fn no_garbage_between_the_markers_panics(
        label in "(OPENSSH |RSA |EC |ENCRYPTED |)PRIVATE KEY",
        header in "(Proc-Type: 4,ENCRYPTED\nDEK-Info: (AES-128-CBC|DES-EDE3-CBC|X),[0-9A-Fa-f+é]{0,33}\n\n)?",
        data in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        use base64::Engine as _;
        let body = base64::engine::general_purpose::STANDARD.encode(&data);
        let text = format!("-----BEGIN {label}-----\n{header}{body}\n-----END {label}-----\n");
        let _ = convert(text.as_bytes(), &wiped(&["x"]));
    }

    #[test]
    fn no_bent_key_panics(
        kind in prop::sample::select(&["rsa", "p256", "p521", "ed25519"][..]),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        keep in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let Found::OpenSsh(mut block) = armor::find(sample(kind).as_bytes()) else {
            panic!("no key");
        };
        for (at, byte) in edits {
            let at = at.index(block.data.len());
            block.data[at] = byte;
        }
        if cut {
            let length = keep.index(block.data.len());
            block.data.truncate(length);
        }
        if let Ok(keypair) = openssh::decode(&block.data, &wiped(&["x"])) {
            let _ = keypair.check();
            let _ = openssh::encode(&keypair);
        }
    }
}
