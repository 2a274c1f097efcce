//! The owner thread before there is a link: handshake, the server's key, the login.
//!
//! libssh2 reads the server's failure message and keeps nothing of it: neither the methods
//! that may go on nor the partial-success flag. So after a refusal the methods are asked
//! for once more, which costs one of the server's allowed attempts, and a method counts as
//! partly successful when it changed that list. A chain that asks for the same method
//! twice is the one case this cannot tell.

use super::error::{Stop, describe_end, lost, translate};
use super::ffi::{self, Session};
use super::prompts::Asker;
use super::shared::{Shared, WakeEnd};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use crate::ssh::engine::{AuthReply, HostKeyCheck, Negotiated};
use libssh2_sys as raw;
use ssh2::MethodType;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// Ciphers, best first: libssh2 decrypts AES one 16-byte block per call, ChaCha20 a packet.
const CIPHERS: &str = "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,\
    aes128-gcm@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr";

/// MACs, those over the encrypted packet first.
const MACS: &str = "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,\
    hmac-sha2-256,hmac-sha2-512";

/// Plain host keys in the default order. Certificates are not offered: a certificate is
/// not the key that is on record.
const HOST_KEYS: [&str; 6] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
];

/// Bytes one pass reads while nothing else is going on.
const ALLOWANCE: usize = 1024 * 1024;

/// Longest sleep before the wish to close is looked at again; a wake-up ends it anyway.
const NAP: Duration = Duration::from_secs(5);

/// An authentication method, owned.
pub(super) enum Method {
    /// `none`.
    None,
    /// `password`.
    Password(Secret),
    /// `publickey`.
    PublicKey(Secret),
    /// `keyboard-interactive`.
    KeyboardInteractive(Asker),
}

/// What the async side asks of a connection that is not a link yet.
pub(super) enum Command {
    /// Try a method.
    Authenticate {
        /// As whom.
        user: String,
        /// With what.
        method: Method,
        /// Where the answer goes.
        reply: oneshot::Sender<Result<AuthReply>>,
    },
    /// Become a link.
    Start,
}

/// A connection that is not a link yet.
pub(super) struct Login {
    pub(super) session: Session,
    pub(super) shared: Arc<Shared>,
    pub(super) wake: WakeEnd,
    methods: Option<Vec<String>>,
}

/// Why a step of the login did not succeed.
enum Halt {
    Code(i32),
    Error(Error),
}

impl Login {
    /// Makes the handshake and has the server's key checked.
    pub(super) fn greet(
        stream: TcpStream,
        shared: Arc<Shared>,
        wake: WakeEnd,
        host_key: &dyn HostKeyCheck,
    ) -> Result<(Self, Negotiated)> {
        const DOING: &str = "ssh handshake";
        let session = Session::new(stream)
            .map_err(|stop| Error::new(ErrorKind::Internal, DOING, format!("libssh2: {stop:?}")))?;
        let mut login = Self {
            session,
            shared,
            wake,
            methods: None,
        };
        login.prefer(&host_key.preferred_algorithms())?;
        login
            .drive(DOING, Session::handshake)
            .map_err(|halt| login.error(DOING, halt))?;
        let key = login
            .session
            .ssh2()
            .host_key()
            .map(|(key, _)| key.to_vec())
            .ok_or_else(|| Error::new(ErrorKind::Protocol, DOING, "the server has shown no key"))?;
        host_key.check(&key)?;
        let negotiated = login.negotiated();
        Ok((login, negotiated))
    }

    fn prefer(&self, wished: &[String]) -> Result<()> {
        let mut keys: Vec<&str> = wished
            .iter()
            .filter_map(|w| HOST_KEYS.into_iter().find(|k| k == w))
            .collect();
        for key in HOST_KEYS {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let keys = keys.join(",");
        for (kind, list) in [
            (MethodType::HostKey, keys.as_str()),
            (MethodType::CryptCs, CIPHERS),
            (MethodType::CryptSc, CIPHERS),
            (MethodType::MacCs, MACS),
            (MethodType::MacSc, MACS),
        ] {
            self.session
                .ssh2()
                .method_pref(kind, list)
                .map_err(|e| Error::new(ErrorKind::Internal, "choose algorithms", e.to_string()))?;
        }
        Ok(())
    }

    fn negotiated(&self) -> Negotiated {
        let ssh2 = self.session.ssh2();
        let method = |kind| ssh2.methods(kind).unwrap_or_default().to_owned();
        let cipher = method(MethodType::CryptCs);
        // libssh2 names a MAC beside an AEAD cipher too, and does not use it.
        let aead = cipher.contains("gcm") || cipher.contains("poly1305");
        Negotiated {
            engine: "libssh2",
            server_version: ssh2
                .banner_bytes()
                .map(|b| String::from_utf8_lossy(b).into_owned())
                .unwrap_or_default(),
            key_exchange: method(MethodType::Kex),
            host_key: method(MethodType::HostKey),
            mac: if aead {
                String::new()
            } else {
                method(MethodType::MacCs)
            },
            cipher,
        }
    }

    /// Repeats a call until it is answered.
    fn drive<T>(
        &mut self,
        operation: &'static str,
        mut call: impl FnMut(&Session) -> Result<T, Stop>,
    ) -> Result<T, Halt> {
        loop {
            self.wake.clear();
            if self.shared.closing() {
                return Err(Halt::Error(Error::new(
                    ErrorKind::Cancelled,
                    operation,
                    "the connection was closed from this side",
                )));
            }
            self.session.wire().begin_pass(ALLOWANCE);
            let before = self.session.wire().received();
            let result = call(&self.session);
            let mut wire = self.session.wire();
            wire.flush();
            if wire.identified() {
                self.shared.set_identified();
            }
            match result {
                Ok(value) => return Ok(value),
                Err(Stop::Failed(code)) => return Err(Halt::Code(code)),
                Err(Stop::Again) => {}
            }
            if wire.received() > before {
                continue;
            }
            if let Some(refusal) = wire.take_refusal() {
                return Err(Halt::Error(refusal));
            }
            if let Some(end) = wire.end() {
                let error = lost(operation, &describe_end(end, wire.farewell()));
                return Err(Halt::Error(disconnected(error, wire.farewell_reason())));
            }
            let (fd, unsent) = (wire.fd(), wire.unsent() > 0);
            let read = !wire.reading_paused();
            drop(wire);
            ffi::poll(fd, read, unsent, self.wake.fd(), NAP);
        }
    }

    fn error(&self, operation: &'static str, halt: Halt) -> Error {
        match halt {
            Halt::Error(error) => error,
            Halt::Code(code) => match self.broken() {
                Some(reason) => {
                    let said = self.session.wire().farewell_reason();
                    disconnected(lost(operation, &reason), said)
                }
                None => translate(operation, code, &self.session.last_words()),
            },
        }
    }

    /// Why the connection is gone, if it is. libssh2 reports a login that the server cut
    /// short as a failed one.
    fn broken(&self) -> Option<String> {
        let wire = self.session.wire();
        match (wire.farewell(), wire.end()) {
            (Some(text), _) => Some(format!("the server disconnected: {text}")),
            (None, Some(end)) => Some(describe_end(end, None)),
            (None, None) => None,
        }
    }

    /// Tries a method.
    pub(super) fn authenticate(&mut self, user: &str, method: Method) -> Result<AuthReply> {
        const DOING: &str = "log in";
        if user.contains('\0') {
            return Err(Error::invalid("username", "the user name contains NUL"));
        }
        if self.methods.is_none() || matches!(method, Method::None) {
            // The C function takes the name with its length; a NUL never gets here.
            match self
                .drive(DOING, |s| s.methods_for(user))
                .map_err(|halt| self.error(DOING, halt))?
            {
                None => return Ok(AuthReply::Success),
                Some(methods) => self.methods = Some(methods),
            }
        }
        let tried = match method {
            Method::None => {
                return Ok(AuthReply::Failure {
                    remaining: self.methods.clone().unwrap_or_default(),
                    partial: false,
                });
            }
            Method::Password(password) => {
                self.drive(DOING, |s| s.password(user, password.expose()))
            }
            Method::PublicKey(key) => self.drive(DOING, |s| s.public_key(user, key.expose())),
            Method::KeyboardInteractive(asker) => {
                self.session.set_asker(Some(asker));
                let result = self.drive(DOING, |s| s.keyboard_interactive(user));
                let asker = self.session.set_asker(None);
                if let Some(refusal) = asker.and_then(|a| a.refusal()) {
                    return Err(Error::new(ErrorKind::Protocol, DOING, refusal));
                }
                result
            }
        };
        match tried {
            Ok(()) => Ok(AuthReply::Success),
            Err(Halt::Code(code)) if is_refusal(code) && self.broken().is_none() => {
                self.refused(user)
            }
            Err(halt) => Err(self.error(DOING, halt)),
        }
    }

    fn refused(&mut self, user: &str) -> Result<AuthReply> {
        let before = self.methods.take().unwrap_or_default();
        match self.drive("log in", |s| s.methods_for(user)) {
            Ok(None) => Ok(AuthReply::Success),
            Ok(Some(remaining)) => {
                let partial = remaining != before;
                self.methods = Some(remaining.clone());
                Ok(AuthReply::Failure { remaining, partial })
            }
            // The refusal stands, and was the last one the server had patience for.
            Err(_) => Ok(AuthReply::Failure {
                remaining: Vec::new(),
                partial: false,
            }),
        }
    }
}

/// Whether the server said goodbye, and why, is what tells a refusal from a broken line.
fn disconnected(error: Error, reason: Option<i32>) -> Error {
    match reason {
        Some(reason) => error.with("disconnect", reason.to_string()),
        None => error,
    }
}

fn is_refusal(code: i32) -> bool {
    matches!(
        code,
        raw::LIBSSH2_ERROR_AUTHENTICATION_FAILED
            | raw::LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED
            | raw::LIBSSH2_ERROR_PASSWORD_EXPIRED
    )
}
