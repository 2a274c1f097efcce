//! Every type in every format.

use super::*;

#[test]
fn every_type_and_format_of_ssh_keygen() {
    let w = Workshop::new();
    for (kind, options) in TYPES {
        for format in ["RFC4716", "PEM", "PKCS8"] {
            let options = [options, &["-m", format]].concat();
            let plain = format!("{kind}-{format}");
            let text = w.keygen(&plain, "", &options);
            opens(&w, &text, &w.public_beside(&plain));
            let encrypted = format!("{plain}-encrypted");
            let text = w.keygen(&encrypted, PASSPHRASE, &options);
            opens_encrypted(&w, &text, &w.public_beside(&encrypted));
        }
    }
}

#[test]
fn every_cipher_of_openssh() {
    let w = Workshop::new();
    for cipher in [
        "aes128-cbc",
        "aes192-cbc",
        "aes256-cbc",
        "aes128-ctr",
        "aes192-ctr",
        "aes256-ctr",
        "aes128-gcm@openssh.com",
        "aes256-gcm@openssh.com",
        "chacha20-poly1305@openssh.com",
    ] {
        let text = w.keygen(
            cipher,
            PASSPHRASE,
            &["-t", "ed25519", "-a", "1", "-Z", cipher],
        );
        opens_encrypted(&w, &text, &w.public_beside(cipher));
    }
    let options = ["-t", "ed25519", "-a", "1", "-Z", "3des-cbc"];
    let text = w.keygen("3des", PASSPHRASE, &options);
    assert_eq!(refusal(&text, &[PASSPHRASE]).0, ErrorKind::KeyInvalid);
}

#[test]
fn keys_of_openssl() {
    let w = Workshop::new();
    w.run(
        "openssl",
        &["genpkey", "-algorithm", "ed25519", "-out", "ed"],
    );
    w.run("openssl", &["genrsa", "-out", "rsa", "2048"]);
    w.run(
        "openssl",
        &["ecparam", "-name", "secp384r1", "-genkey", "-out", "ec"],
    );
    assert!(w.read("ec").contains("BEGIN EC PARAMETERS"));
    for name in ["ed", "rsa", "ec"] {
        // The public half by way of OpenSSL, which reads every form.
        w.run(
            "openssl",
            &["pkey", "-in", name, "-pubout", "-out", "public"],
        );
        let public = match name {
            "ed" => w.public(open(&w.read("ed"), &[]).unwrap().expose()),
            _ => two_words(&w.run("ssh-keygen", &["-i", "-m", "PKCS8", "-f", "public"])),
        };
        opens(&w, &w.read(name), &public);
        let pass = format!("pass:{PASSPHRASE}");
        for (label, options) in [
            (
                "aes",
                &["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256"][..],
            ),
            ("des3", &["-v2", "des3"]),
            ("scrypt", &["-scrypt"]),
            ("many", &["-v2", "aes-128-cbc", "-iter", "100000"]),
            ("pkcs12", &["-v1", "PBE-SHA1-3DES"]),
        ] {
            let out = format!("{name}-{label}");
            let fixed = [
                "pkcs8", "-topk8", "-in", name, "-out", &out, "-passout", &pass,
            ];
            w.run("openssl", &[&fixed, options].concat());
            opens_encrypted(&w, &w.read(&out), &public);
        }
        if name == "ed" {
            continue;
        }
        for cipher in ["-aes128", "-aes192", "-aes256", "-des3"] {
            let program = if name == "ec" { "ec" } else { "rsa" };
            let out = format!("{name}{cipher}");
            let mut options = vec![
                program, "-in", name, "-out", &out, cipher, "-passout", &pass,
            ];
            if name == "rsa" {
                options.push("-traditional");
            }
            w.run("openssl", &options);
            assert!(w.read(&out).contains("DEK-Info"), "{}", w.read(&out));
            opens_encrypted(&w, &w.read(&out), &public);
        }
    }
}

#[test]
fn the_public_half_is_the_one_openssl_derives() {
    // `ssh-keygen -y` trusts the public half in the file; OpenSSL derives it.
    let w = Workshop::new();
    w.run(
        "openssl",
        &["genpkey", "-algorithm", "ed25519", "-out", "ed"],
    );
    let der = Command::new("openssl")
        .args(["pkey", "-in", "ed", "-pubout", "-outform", "DER"])
        .current_dir(w.dir.path())
        .output()
        .unwrap()
        .stdout;
    let ours = ssh_key::PrivateKey::from_openssh(open(&w.read("ed"), &[]).unwrap().expose())
        .unwrap()
        .public_key()
        .to_bytes()
        .unwrap();
    assert_eq!(ours[ours.len() - 32..], der[der.len() - 32..]);
}

#[test]
fn keys_with_leading_zeros_in_the_secret() {
    // A secret below 2^248 is written by OpenSSH with 31 bytes or fewer.
    for (curve, zeros) in [
        (keypair::Curve::P256, 1),
        (keypair::Curve::P256, 10),
        (keypair::Curve::P384, 2),
        (keypair::Curve::P521, 1),
        (keypair::Curve::P521, 3),
    ] {
        let w = Workshop::new();
        let mut secret = vec![0; zeros];
        secret.resize(curve.size(), 0x55);
        let group = openssl::ec::EcGroup::from_curve_name(curve.nid()).unwrap();
        let number = openssl::bn::BigNum::from_slice(&secret).unwrap();
        let mut context = openssl::bn::BigNumContext::new().unwrap();
        let mut point = openssl::ec::EcPoint::new(&group).unwrap();
        point.mul_generator2(&group, &number, &mut context).unwrap();
        let key = openssl::ec::EcKey::from_private_components(&group, &number, &point).unwrap();
        let pem = String::from_utf8(key.private_key_to_pem().unwrap()).unwrap();
        std::fs::write(w.path("k"), &pem).unwrap();
        restrict(&w.path("k"));
        let public = two_words(&w.run("ssh-keygen", &["-y", "-f", "k"]));
        opens(&w, &pem, &public);
        // Rewritten by OpenSSH in its own format, without the zeros.
        w.run("ssh-keygen", &["-p", "-q", "-P", "", "-N", "", "-f", "k"]);
        assert!(w.read("k").contains("BEGIN OPENSSH"));
        opens(&w, &w.read("k"), &public);
    }
}

#[test]
fn a_key_that_went_through_a_clipboard() {
    let w = Workshop::new();
    let options = ["-t", "ecdsa", "-m", "PEM"];
    let encrypted = w.keygen("e", PASSPHRASE, &options);
    assert!(encrypted.contains("DEK-Info"));
    let plain = sample("ed25519");
    let public = w.public(plain.as_bytes());
    type Bend = fn(&str) -> String;
    let bend: [(&str, Bend); 6] = [
        ("CRLF", |t| t.replace('\n', "\r\n")),
        ("CR", |t| t.replace('\n', "\r")),
        ("one line", |t| t.replace('\n', " ")),
        ("indented", |t| t.replace('\n', "\n    ")),
        ("around", |t| {
            format!("\u{feff}Key of mine:\n\n{t}\n\nBye.\n")
        }),
        ("no last line feed", |t| t.trim_end().to_owned()),
    ];
    for (label, bend) in bend {
        opens(&w, &bend(&plain), &public);
        let converted = open(&bend(&encrypted), &[PASSPHRASE]);
        let converted = converted.unwrap_or_else(|e| panic!("{label}: {e}"));
        assert_eq!(
            w.public(converted.expose()),
            w.public_beside("e"),
            "{label}"
        );
    }
}
