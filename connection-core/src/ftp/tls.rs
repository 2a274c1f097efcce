//! TLS for control and data connections, on OpenSSL.
//!
//! Own code instead of `suppaftp`'s connectors, because a data connection must *resume*
//! the control connection's TLS session: vsftpd's default (`require_ssl_reuse=YES`),
//! ProFTPD and FileZilla Server refuse it otherwise, and it is what ties the data
//! connection to the login. It is also where the server is checked: the control
//! connection's certificate goes to the trust policy before any credential is sent, and
//! a data connection either resumes that session or shows that same certificate.
//!
//! TLS 1.2 is offered first. With TLS 1.3 a session is resumed by tickets the server sends
//! *after* the handshake, and an upload never reads from its connection, so the tickets run
//! out: vsftpd refuses the third upload in a row. TLS 1.2 resumes one session for ever. Its
//! versions here are the forward-secret AEAD suites OpenSSL offers. A server that speaks
//! only TLS 1.3 is spoken to in TLS 1.3, and keeps the limit.

use super::reply::io_error;
use crate::error::{Error, ErrorKind, Result};
use openssl::ex_data::Index;
use openssl::ssl::{
    self, ErrorCode, HandshakeError, Ssl, SslConnector, SslMethod, SslSession, SslSessionCacheMode,
    SslStream, SslVerifyMode, SslVersion,
};
use openssl::x509::X509VerifyResult;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use suppaftp::{FtpError, FtpResult, TlsConnector, TlsStream};

/// What all connections of one login share: the context and the policy.
pub(super) struct TlsClient {
    context: SslConnector,
    slot: Index<Ssl, Slot>,
    version_13: bool,
    host: String,
    check: CertificateCheck,
}

/// Decides about the server by its certificate (DER) and what verifying its chain said.
pub(super) type CertificateCheck =
    Arc<dyn Fn(&[u8], std::result::Result<(), String>) -> Result<()> + Send + Sync>;

/// State of one control connection and its data connections.
type Slot = Arc<Mutex<Shared>>;

#[derive(Default)]
struct Shared {
    /// The certificate (DER) the control connection was accepted with.
    leaf: Option<Vec<u8>>,
    session: Option<SslSession>,
    /// The typed error behind the text `suppaftp` passes on.
    error: Option<Error>,
}

impl TlsClient {
    /// A client for this server; `version_13` allows TLS 1.3 besides TLS 1.2.
    ///
    /// # Errors
    /// `Internal` when OpenSSL cannot be set up.
    pub(super) fn new(host: &str, check: CertificateCheck, version_13: bool) -> Result<Self> {
        let set_up = || {
            let slot: Index<Ssl, Slot> = Ssl::new_ex_index()?;
            let mut builder = SslConnector::builder(SslMethod::tls_client())?;
            builder.set_min_proto_version(Some(SslVersion::TLS1_2))?;
            let newest = if version_13 {
                SslVersion::TLS1_3
            } else {
                SslVersion::TLS1_2
            };
            builder.set_max_proto_version(Some(newest))?;
            builder.set_session_cache_mode(
                SslSessionCacheMode::CLIENT | SslSessionCacheMode::NO_INTERNAL,
            );
            if version_13 {
                builder.set_new_session_callback(move |ssl, session| {
                    if let Some(shared) = ssl.ex_data(slot) {
                        lock(shared).session = Some(session);
                    }
                });
            }
            Ok((builder.build(), slot))
        };
        let (context, slot) = set_up().map_err(|error: openssl::error::ErrorStack| {
            Error::new(ErrorKind::Internal, "set up TLS", error.to_string()).caused_by(error)
        })?;
        Ok(Self {
            context,
            slot,
            version_13,
            host: host.to_owned(),
            check,
        })
    }

    fn handshake(&self, shared: &Slot, stream: TcpStream) -> Result<SslStream<TcpStream>> {
        let chain_error: Arc<Mutex<Option<X509VerifyResult>>> = Arc::default();
        let first_error = chain_error.clone();
        let (known_leaf, session) = {
            let state = lock(shared);
            (state.leaf.clone(), state.session.clone())
        };
        let ssl = self
            .prepare(shared, session.as_ref(), move |ok, error| {
                if !ok {
                    first_error
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .get_or_insert(error);
                }
            })
            .map_err(|error| internal(&error))?;
        let stream = ssl.connect(stream).map_err(handshake_error)?;

        let leaf = stream
            .ssl()
            .peer_certificate()
            .map(|certificate| certificate.to_der())
            .transpose()
            .map_err(|error| internal(&error))?;
        match known_leaf {
            Some(known) if stream.ssl().session_reused() || leaf.as_ref() == Some(&known) => {}
            Some(_) => {
                return Err(Error::new(
                    ErrorKind::HostChanged,
                    "open data connection",
                    "the data connection's certificate is not the control connection's",
                ));
            }
            None => {
                let leaf = leaf.ok_or_else(|| {
                    Error::new(
                        ErrorKind::Protocol,
                        "check certificate",
                        "the server sent no certificate",
                    )
                })?;
                let chain = chain_error
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .take();
                let chain = chain.map_or(Ok(()), |error| Err(error.error_string().to_owned()));
                (self.check)(&leaf, chain)?;
                let mut state = lock(shared);
                state.leaf = Some(leaf);
                if !self.version_13 || stream.ssl().version_str() != "TLSv1.3" {
                    state.session = stream.ssl().session().map(ToOwned::to_owned);
                }
            }
        }
        Ok(stream)
    }

    fn prepare(
        &self,
        shared: &Slot,
        session: Option<&SslSession>,
        on_chain: impl Fn(bool, X509VerifyResult) + Send + Sync + 'static,
    ) -> std::result::Result<Ssl, openssl::error::ErrorStack> {
        let mut ssl = self.context.configure()?.into_ssl(&self.host)?;
        ssl.set_ex_data(self.slot, shared.clone());
        // The chain's verdict is one of the facts the trust policy decides on, so the
        // handshake goes on and the connection is judged before anything is sent on it.
        ssl.set_verify_callback(SslVerifyMode::PEER, move |ok, chain| {
            on_chain(ok, chain.error());
            true
        });
        if let Some(session) = session {
            resume(&mut ssl, session)?;
        }
        Ok(ssl)
    }
}

#[allow(
    unsafe_code,
    reason = "OpenSSL has no other way to resume a session; the one condition is met by construction"
)]
fn resume(
    ssl: &mut Ssl,
    session: &SslSession,
) -> std::result::Result<(), openssl::error::ErrorStack> {
    // SAFETY: the session must belong to the same SslContext as `ssl`. A session only ever
    // comes from a stream, or the callback, of the one context of the `TlsClient` that also
    // makes this `ssl`, and the two never leave that `TlsClient`.
    unsafe { ssl.set_session(session) }
}

fn lock(shared: &Slot) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn internal(error: &openssl::error::ErrorStack) -> Error {
    Error::new(ErrorKind::Internal, "set up TLS", error.to_string())
}

/// Reason codes of OpenSSL's SSL library (`sslerr.h`) that mean "nothing in common".
const NOTHING_IN_COMMON: [i32; 6] = [191, 193, 258, 1040, 1070, 1071];
/// `SSL_R_UNEXPECTED_EOF_WHILE_READING`: the connection ended without `close_notify`.
const UNEXPECTED_EOF: i32 = 294;

fn handshake_error(error: HandshakeError<TcpStream>) -> Error {
    let error = match error {
        HandshakeError::SetupFailure(error) => return internal(&error),
        HandshakeError::Failure(mid) | HandshakeError::WouldBlock(mid) => mid.into_error(),
    };
    let kind = if has_reason(&error, &NOTHING_IN_COMMON) {
        ErrorKind::NoCommonAlgorithm
    } else {
        ErrorKind::Protocol
    };
    match into_io(error) {
        Ok(io) => io_error("TLS handshake", io),
        Err(error) => Error::new(kind, "TLS handshake", error.to_string()).caused_by(error),
    }
}

fn has_reason(error: &ssl::Error, reasons: &[i32]) -> bool {
    error.ssl_error().is_some_and(|stack| {
        stack
            .errors()
            .iter()
            .any(|e| reasons.contains(&e.reason_code()))
    })
}

/// The socket's error beneath, or the end of the connection as one; TLS errors come back.
fn into_io(error: ssl::Error) -> std::result::Result<io::Error, ssl::Error> {
    if has_reason(&error, &[UNEXPECTED_EOF]) || is_silent_end(&error) {
        return Ok(io::ErrorKind::UnexpectedEof.into());
    }
    error.into_io_error()
}

fn is_silent_end(error: &ssl::Error) -> bool {
    error.code() == ErrorCode::ZERO_RETURN
        || (error.code() == ErrorCode::SYSCALL && error.io_error().is_none())
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

    /// The error behind `suppaftp`'s `SecureError`.
    pub(super) fn take_error(&self) -> Option<Error> {
        lock(&self.shared).error.take()
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
        match self.client.handshake(&self.shared, stream) {
            Ok(stream) => Ok(TlsSocket {
                inner: Session {
                    stream,
                    cut_off: Arc::default(),
                },
                farewell: true,
            }),
            Err(error) => {
                let text = error.message().to_owned();
                lock(&self.shared).error = Some(error);
                Err(FtpError::SecureError(text))
            }
        }
    }
}

/// A TLS connection that says goodbye when dropped: a server takes an upload that ends
/// without `close_notify` for a cut one.
#[derive(Debug)]
pub(super) struct TlsSocket {
    inner: Session,
    farewell: bool,
}

/// The readable and writable side of it.
#[derive(Debug)]
pub(super) struct Session {
    stream: SslStream<TcpStream>,
    cut_off: Arc<AtomicBool>,
}

impl TlsSocket {
    /// Set once the connection ended without `close_notify`: whoever sits on the network
    /// can have cut it, so the length has to be checked by other means.
    pub(super) fn cut_off(&self) -> Arc<AtomicBool> {
        self.inner.cut_off.clone()
    }
}

impl TlsStream for TlsSocket {
    type InnerStream = Session;

    fn tcp_stream(mut self) -> FtpResult<TcpStream> {
        self.farewell = false;
        self.inner
            .stream
            .get_ref()
            .try_clone()
            .map_err(FtpError::ConnectionError)
    }

    fn get_ref(&self) -> &TcpStream {
        self.inner.stream.get_ref()
    }

    fn mut_ref(&mut self) -> &mut Session {
        &mut self.inner
    }
}

impl Drop for TlsSocket {
    fn drop(&mut self) {
        if self.farewell {
            // Best effort: the peer may be gone, and the outcome is told by the control
            // connection's last reply.
            let _ = self.inner.stream.shutdown();
        }
    }
}

impl Read for Session {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let error = match self.stream.ssl_read(buf) {
                Ok(n) => return Ok(n),
                Err(error) => error,
            };
            if error.code() == ErrorCode::ZERO_RETURN {
                return Ok(0);
            }
            if has_reason(&error, &[UNEXPECTED_EOF]) || is_silent_end(&error) {
                self.cut_off.store(true, Ordering::Release);
                return Ok(0);
            }
            if error.code() == ErrorCode::WANT_READ && error.io_error().is_none() {
                continue;
            }
            return Err(error.into_io_error().unwrap_or_else(io::Error::other));
        }
    }
}

impl Write for Session {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.stream.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
