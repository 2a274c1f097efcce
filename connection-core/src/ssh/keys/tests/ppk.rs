//! Keys in PuTTY's format. The files were made by `puttygen` 0.78 from keys of
//! `ssh-keygen` 9.2, whose public halves lie beside them; they open nothing.

use super::*;
use proptest::prelude::*;

macro_rules! sample {
    ($name:literal) => {
        (
            include_str!(concat!("ppk/", $name, ".ppk")),
            include_str!(concat!("ppk/", $name, ".pub")).trim_ascii(),
        )
    };
}

const ENCRYPTED: (&str, &str) = sample!("ed25519-v3-encrypted");
const PLAIN: (&str, &str) = sample!("ed25519-v3");

#[test]
fn plain_keys_of_putty() {
    let w = Workshop::new();
    for (text, public) in [PLAIN, sample!("p256-v2"), sample!("rsa-v3")] {
        opens(&w, text, public);
        opens(&w, &text.replace('\n', "\r\n"), public);
        opens(&w, &format!("\u{feff}\n{}", text.trim_end()), public);
    }
}

#[test]
fn encrypted_keys_of_putty() {
    let w = Workshop::new();
    for (text, public) in [
        ENCRYPTED,
        sample!("ed25519-v3-argon2d"),
        sample!("p521-v3-encrypted"),
        sample!("rsa-v2-encrypted"),
    ] {
        opens_encrypted(&w, text, public);
    }
}

#[test]
fn a_putty_key_that_was_changed_is_damaged() {
    for (from, to) in [
        ("a comment", "b comment"),
        ("Private-Lines: 1", "Private-Lines: 9"),
        ("Encryption: none", "Encryption:"),
        ("File-3", "File-1"),
        ("ssh-ed25519", "ssh-rsa"),
        ("Private-MAC: ", "Private-MAC: é"),
    ] {
        let changed = PLAIN.0.replacen(from, to, 1);
        assert_ne!(changed, PLAIN.0);
        let (kind, message) = refusal(&changed, &[]);
        assert_eq!(kind, ErrorKind::KeyInvalid, "{message}");
        assert!(message.contains("PuTTY"), "{message}");
    }
}

#[test]
fn a_putty_key_that_asks_for_too_much_is_refused() {
    for (from, to) in [
        ("Memory: 1024", "Memory: 4294967295"),
        ("Passes: 3", "Passes: 4294967295"),
        ("Parallelism: 1", "Parallelism: 100"),
    ] {
        let (kind, message) = refusal(&ENCRYPTED.0.replace(from, to), &[PASSPHRASE]);
        assert_eq!(kind, ErrorKind::KeyInvalid);
        assert!(message.contains("more than is granted"), "{message}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bent_putty_key_panics(
        encrypted in any::<bool>(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), "[ -~\n]"), 1..4),
    ) {
        let mut text = if encrypted { ENCRYPTED.0 } else { PLAIN.0 }.to_owned();
        for (at, with) in edits {
            let at = at.index(text.len());
            text.replace_range(at..=at, &with);
        }
        // Costly on purpose only where the numbers were bent.
        prop_assume!(!encrypted || text.contains("Passes: 3\n") && text.contains("Memory: 1024\n"));
        let _ = open(&text, &["x"]);
    }
}
