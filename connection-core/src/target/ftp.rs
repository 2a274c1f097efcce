//! An FTP server, the login on it, and what differs from the usual.

use super::{Timeouts, check_text};
use crate::error::{Error, Result};
use crate::secret::Secret;
use encoding_rs::Encoding;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

/// Control connections of one login at once, unless the target says otherwise. Servers
/// commonly allow eight or more for one address (pure-ftpd's example configuration allows
/// eight).
const CONNECTIONS: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// How an FTP connection is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FtpSecurity {
    /// No encryption at all: the password crosses the network as it is.
    #[default]
    None,
    /// `AUTH TLS` on the ordinary port, before the login; never falls back to clear text.
    Explicit,
    /// TLS from the first byte, on a port for that alone.
    Implicit,
}

impl FtpSecurity {
    /// The port that belongs to it: 990 for implicit TLS, else 21.
    pub const fn default_port(self) -> u16 {
        match self {
            Self::None | Self::Explicit => 21,
            Self::Implicit => 990,
        }
    }
}

/// Who connects to whom for data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FtpDataMode {
    /// The client to the server: `EPSV`, or `PASV` where the server lacks it.
    #[default]
    Passive,
    /// The server to the client: `EPRT`, or `PORT` where the server lacks it. For servers
    /// whose passive ports are closed; works only where the server can reach this machine.
    Active,
}

/// An FTP server and the login on it.
#[derive(Clone)]
pub struct FtpTarget {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) user: String,
    pub(crate) password: Arc<Secret>,
    pub(crate) account: Option<Arc<Secret>>,
    pub(crate) virtual_host: Option<String>,
    pub(crate) security: FtpSecurity,
    pub(crate) data_mode: FtpDataMode,
    pub(crate) charset: Option<&'static Encoding>,
    pub(crate) connections: NonZeroUsize,
    pub(crate) transfer_limit: Option<Duration>,
    pub(crate) timeouts: Timeouts,
}

impl FtpTarget {
    /// A target on port 21, without encryption, with the default timeouts.
    ///
    /// # Errors
    /// `InvalidInput` naming `host`, `username` or `password` when it is empty (host and
    /// user) or holds a control character: CR and LF would end the FTP command early.
    pub fn new(host: &str, user: &str, password: Secret) -> Result<Self> {
        check_text("host", host)?;
        check_text("username", user)?;
        check_secret("password", &password)?;
        Ok(Self {
            host: host.to_owned(),
            port: 21,
            user: user.to_owned(),
            password: Arc::new(password),
            account: None,
            virtual_host: None,
            security: FtpSecurity::default(),
            data_mode: FtpDataMode::default(),
            charset: None,
            connections: CONNECTIONS,
            transfer_limit: None,
            timeouts: Timeouts::default(),
        })
    }

    /// Sets the TCP port.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the encryption. The port stays: see [`FtpSecurity::default_port`].
    #[must_use]
    pub fn security(mut self, security: FtpSecurity) -> Self {
        self.security = security;
        self
    }

    /// Sets who opens data connections.
    #[must_use]
    pub fn data_mode(mut self, mode: FtpDataMode) -> Self {
        self.data_mode = mode;
        self
    }

    /// Sets the character set of the server's names, by a label of the
    /// [WHATWG Encoding Standard](https://encoding.spec.whatwg.org/#names-and-labels):
    /// `windows-1252`, `shift_jis`, `gbk`. Without one, names are the server's bytes, shown
    /// as UTF-8.
    ///
    /// # Errors
    /// `InvalidInput` naming `charset` when no such character set is known, or when it is
    /// none that file names can be sent in: UTF-16, the replacement encoding, and ISO-2022-JP,
    /// whose characters contain the byte of `/`.
    pub fn charset(mut self, label: &str) -> Result<Self> {
        let charset = Encoding::for_label(label.as_bytes())
            .filter(|charset| charset.output_encoding() == *charset)
            .filter(|charset| charset.is_ascii_compatible())
            .ok_or_else(|| {
                let text = format!("{label:?} is no character set that file names can be sent in");
                Error::invalid("charset", text)
            })?;
        self.charset = Some(charset).filter(|charset| *charset != encoding_rs::UTF_8);
        Ok(self)
    }

    /// Sets what is sent when the server asks for an account (`ACCT`) besides user and
    /// password.
    ///
    /// # Errors
    /// `InvalidInput` naming `account` when it holds CR, LF or NUL.
    pub fn account(mut self, account: Secret) -> Result<Self> {
        check_secret("account", &account)?;
        self.account = Some(Arc::new(account));
        Ok(self)
    }

    /// Sets the virtual host named to the server (`HOST`, RFC 7151) before the login, on
    /// servers that know several. Without one, nothing is named.
    ///
    /// # Errors
    /// `InvalidInput` naming `virtual_host` when it is empty or holds a control character.
    pub fn virtual_host(mut self, host: &str) -> Result<Self> {
        check_text("virtual_host", host)?;
        self.virtual_host = Some(host.to_owned());
        Ok(self)
    }

    /// Sets how many control connections may be open at once; eight at first. The server
    /// may allow fewer: that is learned from its refusals.
    #[must_use]
    pub fn connections(mut self, most: NonZeroUsize) -> Self {
        self.connections = most;
        self
    }

    /// Sets how long one transfer (a download, an upload, a listing) may take in all: from
    /// its command to the server's last reply, the time its caller makes it wait included.
    /// At first there is no such limit: a transfer takes as long as bytes come, see
    /// [`Timeouts::no_progress`]. Everything else that is waited for has a total clock of its
    /// own.
    #[must_use]
    pub fn transfer_limit(mut self, most: Duration) -> Self {
        self.transfer_limit = Some(most);
        self
    }

    /// Sets the clocks.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }
}

fn check_secret(field: &'static str, secret: &Secret) -> Result<()> {
    let breaks = |b: &u8| matches!(b, b'\r' | b'\n' | 0);
    if secret.expose().iter().any(breaks) {
        let text = format!("the {field} contains CR, LF or NUL");
        return Err(Error::invalid(field, text));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_an_ftp_command_that_could_end_it() {
        assert!(FtpTarget::new("h", "a\r\nDELE x", Secret::from("p")).is_err());
        assert!(FtpTarget::new("h", "a", Secret::from("p\nDELE x")).is_err());
        assert!(FtpTarget::new("h\0", "a", Secret::from("p")).is_err());
        let target = || FtpTarget::new("h", "a", Secret::from("p")).unwrap();
        assert!(target().account(Secret::from("x\r\nDELE x")).is_err());
        assert!(target().virtual_host("x\r\nDELE x").is_err());
    }

    #[test]
    fn charsets_are_those_that_names_can_be_sent_in() {
        let target = || FtpTarget::new("h", "a", Secret::from("p")).unwrap();
        let latin = target().charset("latin1").unwrap();
        assert_eq!(latin.charset, Some(encoding_rs::WINDOWS_1252));
        assert_eq!(target().charset("UTF-8").unwrap().charset, None);
        for label in ["utf-16le", "iso-2022-jp", "replacement", "klingon", ""] {
            let error = target().charset(label).err().unwrap();
            assert_eq!(error.context("field"), Some("charset"), "{label}");
        }
    }
}
