//! Listeners on the server's side, in libssh2.

use super::super::error::Stop;
use super::{RawChannel, Session};
use libc::c_int;
use libssh2_sys::{self as raw, LIBSSH2_LISTENER};
use std::ffi::CStr;
use std::ptr::NonNull;

/// A port the server listens on. Dropped without [`RawListener::cancel`], it is freed with
/// the session.
pub(crate) struct RawListener {
    /// `None` once libssh2 has freed it.
    listener: Option<NonNull<LIBSSH2_LISTENER>>,
    /// Keeps the session alive longer than its listener.
    session: Session,
}

impl Session {
    /// One step of a `tcpip-forward`; the same arguments in every step. Past `queue`
    /// connections that nobody has accepted libssh2 refuses more by itself.
    pub(crate) fn listen(
        &self,
        host: &CStr,
        port: u16,
        queue: usize,
    ) -> Result<(RawListener, u16), Stop> {
        let mut bound: c_int = 0;
        // SAFETY: the text ends with a NUL and is copied; the listener belongs to the
        // session, which `RawListener` keeps alive.
        let listener = unsafe {
            raw::libssh2_channel_forward_listen_ex(
                self.handle(),
                host.as_ptr(),
                c_int::from(port),
                &mut bound,
                c_int::try_from(queue).unwrap_or(c_int::MAX),
            )
        };
        match NonNull::new(listener) {
            Some(listener) => {
                let listener = RawListener {
                    listener: Some(listener),
                    session: self.clone(),
                };
                Ok((listener, u16::try_from(bound).unwrap_or(0)))
            }
            None => Err(Stop::from_code(self.last_code())),
        }
    }
}

// SAFETY of every call below: the listener is alive until `cancel` has ended, and the `Rc`
// in the session keeps all calls on one thread.
impl RawListener {
    /// The next connection, after everything on the socket was taken.
    pub(crate) fn accept(&mut self) -> Result<RawChannel, Stop> {
        let Some(listener) = self.listener else {
            return Err(Stop::Again);
        };
        // SAFETY: see above; a channel that is returned belongs to the caller.
        let channel = unsafe { raw::libssh2_channel_forward_accept(listener.as_ptr()) };
        match NonNull::new(channel) {
            Some(channel) => Ok(RawChannel::new(channel, self.session.clone())),
            None => Err(Stop::from_code(self.session.last_code())),
        }
    }

    /// One step of a `cancel-tcpip-forward`, which has no answer. Connections that nobody
    /// accepted are closed with it, which does wait for the server.
    pub(crate) fn cancel(&mut self) -> Result<(), Stop> {
        let Some(listener) = self.listener else {
            return Ok(());
        };
        // SAFETY: see above; after any other answer than "again" it is freed.
        let result = Stop::check(unsafe { raw::libssh2_channel_forward_cancel(listener.as_ptr()) });
        if result != Err(Stop::Again) {
            self.listener = None;
        }
        result
    }
}
