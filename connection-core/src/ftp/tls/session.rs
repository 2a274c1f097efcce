//! The TLS sessions a control connection hands to its data connections. Knows no socket.
//!
//! TLS 1.2 resumes one session any number of times. TLS 1.3 resumes by tickets, which the
//! server sends after the handshake, on control and data connections alike; each is used
//! once, the oldest first, so that the one that is left is the youngest. A server that
//! sends fewer tickets than there are data connections gets the last one again and again:
//! RFC 8446 (appendix C.4) advises against that because an observer could tell that two
//! connections belong together, which FTP's data connections show by themselves.

use openssl::error::ErrorStack;
use openssl::ssl::{Ssl, SslSession, SslVersion};
use std::collections::VecDeque;
use std::time::{SystemTime, UNIX_EPOCH};

/// Tickets kept; OpenSSL sends two at once, and a server could send them for ever.
const MOST_TICKETS: usize = 8;

/// What there is to resume.
#[derive(Default)]
pub(super) struct Sessions {
    /// Of TLS 1.2: the control connection's own.
    lasting: Option<SslSession>,
    /// Of TLS 1.3, the youngest last.
    tickets: VecDeque<SslSession>,
}

impl Sessions {
    /// Keeps the session of a control connection in TLS 1.2.
    pub(super) fn keep(&mut self, session: SslSession) {
        self.lasting = Some(session);
    }

    /// Takes in a ticket; sessions of TLS 1.2, which come by the same way, are passed over.
    pub(super) fn add(&mut self, session: SslSession) {
        if session.protocol_version() != SslVersion::TLS1_3 {
            return;
        }
        if self.tickets.len() == MOST_TICKETS {
            self.tickets.pop_front();
        }
        self.tickets.push_back(session);
    }

    /// The session for the next data connection.
    pub(super) fn next(&mut self) -> Option<SslSession> {
        if let Some(session) = &self.lasting {
            return Some(session.clone());
        }
        while self.tickets.len() > 1 {
            match self.tickets.pop_front() {
                Some(session) if is_fresh(&session) => return Some(session),
                _ => {}
            }
        }
        // A copy: OpenSSL marks a ticket that was used and would not offer it again.
        let last = self.tickets.front()?;
        last.to_der()
            .and_then(|der| SslSession::from_der(&der))
            .ok()
    }
}

fn is_fresh(session: &SslSession) -> bool {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs());
    i64::try_from(now).is_ok_and(|now| now < session.time().saturating_add(session.timeout()))
}

/// Offers this session in the handshake to come.
#[allow(
    unsafe_code,
    reason = "OpenSSL has no other way to resume a session; the one condition is met by construction"
)]
pub(super) fn offer(ssl: &mut Ssl, session: &SslSession) -> Result<(), ErrorStack> {
    // SAFETY: the session must not belong to another SslContext than `ssl`. A session only
    // ever comes from a stream, or the callback, of the one context of the `TlsClient` that
    // also makes this `ssl`, or is a copy that belongs to none; they never leave that
    // `TlsClient` and its links.
    unsafe { ssl.set_session(session) }
}
