//! Secrets: passwords, passphrases and private keys in memory.
//!
//! A [`Secret`] has no `Debug`, no `Display`, no `Clone` and no serialisation, and is
//! wiped when dropped, so that a secret can only leave through a visible call of
//! [`Secret::expose`]. Share one by `Arc<Secret>`.

use zeroize::Zeroizing;

/// Secret bytes that are wiped when dropped.
///
/// ```
/// use connection_core::secret::Secret;
/// let password = Secret::from("correct horse".to_owned());
/// assert_eq!(password.expose(), b"correct horse");
/// ```
///
/// It cannot be printed:
/// ```compile_fail
/// # use connection_core::secret::Secret;
/// println!("{:?}", Secret::from(String::new()));
/// ```
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// The bytes, for the one call that needs them.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as text, or `None` where they are not UTF-8.
    pub fn expose_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A token that cannot be guessed: 244 random bits, two random UUIDs, as 64 hexadecimal
/// digits.
pub fn random_token() -> String {
    let [first, second] = [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()];
    format!("{}{}", first.simple(), second.simple())
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text.into_bytes()))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.as_bytes().to_vec()))
    }
}

impl From<Vec<u8>> for Secret {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}
