//! Keys made by `ssh-keygen` and `openssl`, in every type and format, read here; what
//! comes out is given back to `ssh-keygen`, whose public half decides.

use super::*;
use proptest::prelude::*;
use std::collections::HashMap;
use std::process::Command;
use std::sync::{Mutex, OnceLock};

const PASSPHRASE: &str = "correct horse";
/// Types with the options of `ssh-keygen` that make them.
const TYPES: [(&str, &[&str]); 5] = [
    ("rsa", &["-t", "rsa", "-b", "2048"]),
    ("p256", &["-t", "ecdsa", "-b", "256"]),
    ("p384", &["-t", "ecdsa", "-b", "384"]),
    ("p521", &["-t", "ecdsa", "-b", "521"]),
    ("ed25519", &["-t", "ed25519"]),
];

struct Workshop {
    dir: tempfile::TempDir,
}

impl Workshop {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.dir.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{program} {arguments:?}: {output:?}"
        );
        String::from_utf8(output.stdout).unwrap()
    }

    fn keygen(&self, name: &str, passphrase: &str, options: &[&str]) -> String {
        let fixed = ["-q", "-C", "a comment", "-N", passphrase, "-f", name];
        self.run("ssh-keygen", &[&fixed, options].concat());
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Type and public key, of a key file that is not encrypted.
    fn public(&self, key: &[u8]) -> String {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = self.path(&format!("converted{number}"));
        std::fs::write(&path, key).unwrap();
        restrict(&path);
        let line = self.run(
            "ssh-keygen",
            &["-y", "-P", "", "-f", path.to_str().unwrap()],
        );
        two_words(&line)
    }

    /// Type and public key, as written beside a key made by `keygen`.
    fn public_beside(&self, name: &str) -> String {
        two_words(&self.read(&format!("{name}.pub")))
    }
}

fn restrict(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

fn two_words(line: &str) -> String {
    line.split_whitespace()
        .take(2)
        .collect::<Vec<_>>()
        .join(" ")
}

fn wiped(passphrases: &[&str]) -> Vec<Wiped> {
    passphrases
        .iter()
        .map(|p| Zeroizing::new(p.as_bytes().to_vec()))
        .collect()
}

fn open(text: &str, passphrases: &[&str]) -> Result<Secret> {
    convert(text.as_bytes(), &wiped(passphrases))
}

fn refusal(text: &str, passphrases: &[&str]) -> (ErrorKind, String) {
    let error = open(text, passphrases).err().unwrap();
    assert_eq!(error.side(), Side::Local);
    assert!(!error.to_string().contains(PASSPHRASE));
    (error.kind(), error.message().to_owned())
}

/// Opens an unencrypted key and checks what comes out.
fn opens(workshop: &Workshop, text: &str, public: &str) {
    let converted = open(text, &[]).unwrap();
    assert_eq!(workshop.public(converted.expose()), public);
    // A passphrase that is not needed does no harm, and the form is final.
    let again = open(converted.expose_str().unwrap(), &["unused"]).unwrap();
    assert!(again.expose() == converted.expose());
    // The reader that the engine russh uses wants exactly this form.
    let read = ssh_key::PrivateKey::from_openssh(converted.expose()).unwrap();
    assert!(!read.is_encrypted());
}

/// Opens an encrypted key in each way a caller may try.
fn opens_encrypted(workshop: &Workshop, text: &str, public: &str) {
    let converted = open(text, &["wrong", PASSPHRASE]).unwrap();
    assert_eq!(workshop.public(converted.expose()), public);
    assert_eq!(refusal(text, &[]).0, ErrorKind::PassphraseRequired);
    for wrong in ["wrong", "correct horse ", "nul\0inside", "Correct horse"] {
        assert_eq!(refusal(text, &[wrong]).0, ErrorKind::PassphraseWrong);
    }
}

/// The text of one plain key of each type in OpenSSH's format, for tests that bend it.
fn sample(kind: &str) -> String {
    static KEYS: OnceLock<Mutex<HashMap<String, String>>> = OnceLock::new();
    let mut keys = KEYS.get_or_init(Mutex::default).lock().unwrap();
    let make = || {
        let options = TYPES.iter().find(|(name, _)| *name == kind).unwrap().1;
        Workshop::new().keygen("k", "", options)
    };
    keys.entry(kind.to_owned()).or_insert_with(make).clone()
}

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
    let bend: [(&str, fn(&str) -> String); 6] = [
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
        ("PuTTY-User-Key-File-3: ssh-ed25519\n", "puttygen"),
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

#[tokio::test]
async fn files_that_cannot_be_read() {
    let w = Workshop::new();
    std::fs::write(w.path("file"), "x").unwrap();
    w.run("mkfifo", &["fifo"]);
    let large = std::fs::File::create(w.path("large")).unwrap();
    large.set_len(MAX_SIZE + 1).unwrap();
    for (name, os_error) in [
        ("missing", Some(libc::ENOENT)),
        (".", Some(libc::EISDIR)),
        ("file/below", Some(libc::ENOTDIR)),
        ("fifo", None),
        ("large", None),
    ] {
        let path = w.path(name);
        let source = PrivateKeySource::File(path.clone());
        let error = load_private_key(&source, &[]).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::KeyUnreadable, "{name}");
        assert_eq!(error.side(), Side::Local);
        assert_eq!(error.os_error(), os_error, "{name}");
        assert_eq!(error.context("local_path"), path.to_str());
    }
}

#[tokio::test]
async fn from_a_file_and_from_memory() {
    let w = Workshop::new();
    let options = ["-t", "ed25519", "-a", "1"];
    let text = w.keygen("k", PASSPHRASE, &options);
    let right = Secret::from(PASSPHRASE);
    let empty = Secret::from("");
    let file = PrivateKeySource::File(w.path("k"));
    let memory = PrivateKeySource::Memory(Secret::from(text));
    for source in [&file, &memory] {
        let converted = load_private_key(source, &[&empty, &right]).await.unwrap();
        assert_eq!(w.public(converted.expose()), w.public_beside("k"));
        let error = load_private_key(source, &[&empty]).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::PassphraseRequired);
    }
    let large = PrivateKeySource::Memory(Secret::from(vec![b'x'; 1024 * 1024 + 1]));
    let error = load_private_key(&large, &[]).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::KeyInvalid);
}

#[test]
fn a_tilde_is_the_home_directory() {
    let home = || Some(PathBuf::from("/home/me"));
    for (path, expected) in [
        ("~/.ssh/id_rsa", "/home/me/.ssh/id_rsa"),
        ("~", "/home/me"),
        ("~other/key", "~other/key"),
        ("/a/~/b", "/a/~/b"),
        ("key", "key"),
    ] {
        assert_eq!(expand_home(Path::new(path), home), Path::new(expected));
    }
    assert_eq!(expand_home(Path::new("~/k"), || None), Path::new("~/k"));
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
