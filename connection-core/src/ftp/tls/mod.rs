//! TLS for control and data connections, on OpenSSL.
//!
//! Own code instead of `suppaftp`'s connectors, because a data connection must *resume*
//! the control connection's TLS session: vsftpd's default (`require_ssl_reuse=YES`),
//! ProFTPD's and FileZilla Server's refuse it otherwise, and it is what ties the data
//! connection to the login. It is also where the server is checked: the control
//! connection's certificate goes to the trust policy before any credential is sent, and
//! a data connection either resumes that session or shows that same certificate.
//!
//! TLS 1.3 and 1.2 are offered, 1.2 in the forward-secret AEAD suites OpenSSL has, and
//! nothing older. In TLS 1.3 the `session` module keeps the tickets, and `socket` collects
//! those that come after an upload. Where resumption does not hold in TLS 1.3 all the same,
//! the server says so by closing the data connection at once and refusing the command over
//! the control connection. Then nothing was transferred, and the link replaces its control
//! connection by one in TLS 1.2 and repeats the command; `learned` remembers the server.
//! Only such an answer, which TLS protects, lowers the version: a connection that merely
//! ends can be ended by anybody on the way. So that an upload does not begin on a connection
//! that is refused, data connections are watched for a moment first, until a transfer has
//! shown that the server takes those that resume, or those that do not.
//!
//! Measured with fifty uploads, downloads and listings in a row: vsftpd 3.0.3, ProFTPD 1.3.8,
//! Pure-FTPd 1.0.50 and pyftpdlib 2.2.0 all take TLS 1.3 with their defaults, and vsftpd,
//! ProFTPD and pyftpdlib, which log it, say that every data connection resumed. A client that
//! neither reads the tickets that come after an upload nor offers the last one again is
//! refused by vsftpd and ProFTPD once the two tickets of the control connection are used up.
//!
//! CCC, which takes the encryption off the control connection, is never sent.

mod failure;
mod learned;
mod session;
mod socket;

pub use failure::HANDSHAKE;
pub(super) use socket::{Start, TlsSocket};

use crate::error::{Error, ErrorKind, Result};
use crate::ftp::details::FtpTls;
use crate::trust::{Objection, certificate_fingerprint};
use learned::{Lesson, Version};
use openssl::error::ErrorStack;
use openssl::ex_data::Index;
use openssl::ssl::{
    Ssl, SslConnector, SslMethod, SslSession, SslSessionCacheMode, SslStream, SslVerifyMode,
    SslVersion,
};
use openssl::x509::X509VerifyResult;
use session::Sessions;
use std::fmt;
use std::net::TcpStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use suppaftp::{FtpError, FtpResult, TlsConnector};

/// How long a data connection is watched, in handshakes: a refusal
/// comes one round trip after the handshake, which takes at least one itself.
const WATCH_HANDSHAKES: u32 = 3;
/// Shortest watch: a busy server refuses late.
const SHORTEST_WATCH: Duration = Duration::from_millis(300);
/// Longest watch.
const LONGEST_WATCH: Duration = Duration::from_secs(3);

/// What all connections of one login share: the context and the policy.
pub(super) struct TlsClient {
    context: SslConnector,
    slot: Index<Ssl, Slot>,
    host: String,
    port: u16,
    check: CertificateCheck,
}

/// Decides about the server by its certificate (DER) and what verifying its chain said.
pub(super) type CertificateCheck =
    Arc<dyn Fn(&[u8], std::result::Result<(), Objection>) -> Result<()> + Send + Sync>;

/// State of one control connection and its data connections.
type Slot = Arc<Mutex<Shared>>;

#[derive(Default)]
struct Shared {
    /// What the control connection was accepted with.
    accepted: Option<Accepted>,
    sessions: Sessions,
    /// A transfer was completed on a data connection that resumed one of them.
    has_resumed: bool,
    /// The typed error behind the text `suppaftp` passes on.
    error: Option<Error>,
}

#[derive(Clone)]
struct Accepted {
    /// The certificate (DER).
    leaf: Vec<u8>,
    version: SslVersion,
    /// The same in words.
    agreed: FtpTls,
}

impl TlsClient {
    /// A client for this server.
    ///
    /// # Errors
    /// `Internal` when OpenSSL cannot be set up.
    pub(super) fn new(host: &str, port: u16, check: CertificateCheck) -> Result<Self> {
        let set_up = || {
            let slot: Index<Ssl, Slot> = Ssl::new_ex_index()?;
            let mut builder = SslConnector::builder(SslMethod::tls_client())?;
            builder.set_min_proto_version(Some(SslVersion::TLS1_2))?;
            builder.set_max_proto_version(Some(SslVersion::TLS1_3))?;
            builder.set_session_cache_mode(
                SslSessionCacheMode::CLIENT | SslSessionCacheMode::NO_INTERNAL,
            );
            // Tickets come with what is read after the handshake, so only on connections
            // that were accepted.
            builder.set_new_session_callback(move |ssl, session| {
                if let Some(shared) = ssl.ex_data(slot) {
                    lock(shared).sessions.add(session);
                }
            });
            Ok((builder.build(), slot))
        };
        let (context, slot) = set_up().map_err(|error: ErrorStack| failure::internal(&error))?;
        Ok(Self {
            context,
            slot,
            host: host.to_owned(),
            port,
            check,
        })
    }

    /// Gives up on TLS 1.2, which the server was thought to need; whether it was.
    pub(super) fn give_up_12(&self) -> bool {
        let was_thought = self.lesson().version == Version::Tls12;
        if was_thought {
            self.remember(Lesson {
                version: Version::Tls13,
                ..Lesson::default()
            });
        }
        was_thought
    }

    fn lesson(&self) -> Lesson {
        learned::about(&self.host, self.port)
    }

    fn remember(&self, lesson: Lesson) {
        learned::remember(&self.host, self.port, lesson);
    }

    /// Secures a control connection and has its server accepted.
    fn control(&self, shared: &Slot, stream: TcpStream) -> Result<TlsSocket> {
        let newest = match self.lesson().version {
            Version::Tls12 => SslVersion::TLS1_2,
            Version::Either | Version::Tls13 => SslVersion::TLS1_3,
        };
        let first_error: Arc<Mutex<Option<X509VerifyResult>>> = Arc::default();
        let seen = first_error.clone();
        let stream = self.handshake(shared, stream, newest, None, move |error| {
            let mut first = seen.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert(error);
        })?;
        let leaf = leaf_of(&stream)?.ok_or_else(|| {
            Error::new(
                ErrorKind::Protocol,
                "check certificate",
                "the server sent no certificate",
            )
        })?;
        let chain = first_error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let chain = chain.map_or(Ok(()), |error| Err(failure::objection(error)));
        (self.check)(&leaf, chain)?;
        let version = stream.ssl().version2().unwrap_or(SslVersion::TLS1_2);
        tracing::debug!(
            host = self.host,
            version = stream.ssl().version_str(),
            "control connection secured"
        );
        let mut state = lock(shared);
        if version != SslVersion::TLS1_3
            && let Some(session) = stream.ssl().session()
        {
            state.sessions.keep(session.to_owned());
        }
        let cipher = stream.ssl().current_cipher();
        let agreed = FtpTls {
            version: stream.ssl().version_str().to_owned(),
            cipher: cipher
                .map(|cipher| cipher.standard_name().unwrap_or(cipher.name()).to_owned())
                .unwrap_or_default(),
        };
        state.accepted = Some(Accepted {
            leaf,
            version,
            agreed,
        });
        drop(state);
        Ok(TlsSocket::control(stream))
    }

    /// Secures a data connection; it must belong to the control connection's server.
    fn data(&self, shared: &Slot, accepted: &Accepted, stream: TcpStream) -> Result<TlsSocket> {
        let session = lock(shared).sessions.next();
        let began = Instant::now();
        let stream = self.handshake(
            shared,
            stream,
            accepted.version,
            session.as_ref(),
            // The chain was judged with the control connection's certificate, which this
            // one has to be.
            |_| {},
        )?;
        let took = began.elapsed();
        let leaf = leaf_of(&stream)?;
        let resumed = stream.ssl().session_reused();
        if !resumed && leaf.as_ref() != Some(&accepted.leaf) {
            let presented = leaf.as_deref().map(certificate_fingerprint);
            return Err(Error::new(
                ErrorKind::HostChanged,
                "open data connection",
                "the data connection's certificate is not the control connection's: someone \
                 may be in between",
            )
            .with("host", self.host.as_str())
            .with("expected", certificate_fingerprint(&accepted.leaf))
            .with("presented", presented.unwrap_or_else(|| "none".to_owned())));
        }
        let mut socket = TlsSocket::data(stream);
        let lesson = self.lesson();
        let is_known = if resumed {
            lesson.takes_resumed
        } else {
            lesson.takes_anew
        };
        if !is_known {
            let patience = (took * WATCH_HANDSHAKES).clamp(SHORTEST_WATCH, LONGEST_WATCH);
            socket
                .watch(patience)
                .map_err(|error| super::reply::io_error("open data connection", error))?;
        }
        Ok(socket)
    }

    fn handshake(
        &self,
        shared: &Slot,
        stream: TcpStream,
        newest: SslVersion,
        session: Option<&SslSession>,
        on_objection: impl Fn(X509VerifyResult) + Send + Sync + 'static,
    ) -> Result<SslStream<TcpStream>> {
        let prepare = || {
            let mut ssl = self.context.configure()?.into_ssl(&self.host)?;
            ssl.set_max_proto_version(Some(newest))?;
            ssl.set_ex_data(self.slot, shared.clone());
            // The chain's verdict is one of the facts the trust policy decides on, so the
            // handshake goes on and the connection is judged before anything is sent on it.
            ssl.set_verify_callback(SslVerifyMode::PEER, move |ok, chain| {
                if !ok {
                    on_objection(chain.error());
                }
                true
            });
            if let Some(session) = session {
                session::offer(&mut ssl, session)?;
            }
            Ok(ssl)
        };
        let ssl = prepare().map_err(|error: ErrorStack| failure::internal(&error))?;
        ssl.connect(stream).map_err(failure::handshake)
    }
}

/// Whether a refusal of a data connection may mean that it had to resume the control
/// connection's TLS session: vsftpd says 522, ProFTPD and FileZilla Server 425, the older
/// FileZilla Server 450.
pub(super) fn may_mean_the_session(code: u16) -> bool {
    matches!(code, 425 | 450 | 522)
}

/// Whether a handshake failed because the server broke it off, in whatever way.
pub(super) fn was_broken_off(error: &Error) -> bool {
    error.operation() == failure::HANDSHAKE
        && matches!(
            error.kind(),
            ErrorKind::Protocol | ErrorKind::ConnectionLost
        )
}

fn leaf_of(stream: &SslStream<TcpStream>) -> Result<Option<Vec<u8>>> {
    let leaf = stream.ssl().peer_certificate();
    leaf.map(|certificate| certificate.to_der())
        .transpose()
        .map_err(|error| failure::internal(&error))
}

fn lock(shared: &Slot) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The connector of one control connection.
#[derive(Clone)]
pub(super) struct LinkTls {
    client: Arc<TlsClient>,
    shared: Slot,
}

impl LinkTls {
    /// A connector whose first connection is the control connection.
    pub(super) fn new(client: &Arc<TlsClient>) -> Self {
        Self {
            client: client.clone(),
            shared: Arc::default(),
        }
    }

    /// What the control connection agreed on.
    pub(super) fn agreed(&self) -> Option<FtpTls> {
        let state = lock(&self.shared);
        state
            .accepted
            .as_ref()
            .map(|accepted| accepted.agreed.clone())
    }

    /// The error behind `suppaftp`'s `SecureError`.
    pub(super) fn take_error(&self) -> Option<Error> {
        lock(&self.shared).error.take()
    }

    /// The server refused a data connection for its TLS session.
    pub(super) fn session_was_refused(&self) {
        let client = &self.client;
        let state = lock(&self.shared);
        let is_13 = state
            .accepted
            .as_ref()
            .is_some_and(|a| a.version == SslVersion::TLS1_3);
        // Where it did hold, the tickets were too old, and new ones will do.
        if is_13 && !state.has_resumed && client.lesson().version == Version::Either {
            tracing::info!(
                host = client.host,
                port = client.port,
                "the server refuses data connections in TLS 1.3: TLS 1.2 from now on"
            );
            client.remember(Lesson {
                version: Version::Tls12,
                ..Lesson::default()
            });
        }
    }

    /// The server completed a transfer on a data connection that began like this.
    pub(super) fn transfer_was_completed(&self, start: Start) {
        let mut lesson = self.client.lesson();
        let is_known = match start {
            Start::Resumed => {
                lock(&self.shared).has_resumed = true;
                &mut lesson.takes_resumed
            }
            Start::Anew => &mut lesson.takes_anew,
            // An empty file or a listing of nothing.
            Start::ClosedAtOnce => return,
        };
        if !*is_known {
            *is_known = true;
            self.client.remember(lesson);
        }
    }

    /// Secures a connection: the first one is the control connection, whose server is
    /// checked, and those after it are its data connections.
    ///
    /// # Errors
    /// Those of the handshake and of the trust policy.
    pub(super) fn secure(&self, stream: TcpStream) -> Result<TlsSocket> {
        let accepted = lock(&self.shared).accepted.clone();
        match accepted {
            None => self.client.control(&self.shared, stream),
            Some(accepted) => self.client.data(&self.shared, &accepted, stream),
        }
    }
}

impl fmt::Debug for LinkTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkTls").finish_non_exhaustive()
    }
}

impl TlsConnector for LinkTls {
    type Stream = TlsSocket;

    fn connect(&self, _domain: &str, stream: TcpStream) -> FtpResult<TlsSocket> {
        self.secure(stream).map_err(|error| {
            let text = error.message().to_owned();
            lock(&self.shared).error = Some(error);
            FtpError::SecureError(text)
        })
    }
}
