//! Ending a blocked thread: shutting down the sockets it waits on.
//!
//! The protocol runs on threads that block in the socket. Nothing but the socket's end
//! wakes them, so each connection keeps a second handle on its sockets here.

use socket2::SockRef;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The way to end one connection from outside, at any moment.
#[derive(Debug, Default)]
pub(super) struct Interrupt {
    fired: CancellationToken,
    sockets: Mutex<Sockets>,
}

#[derive(Debug, Default)]
struct Sockets {
    control: Option<TcpStream>,
    data: Option<TcpStream>,
    listener: Option<TcpListener>,
}

impl Interrupt {
    /// Takes a handle on the control connection's socket.
    pub(super) fn guard_control(&self, socket: &TcpStream) -> std::io::Result<()> {
        let handle = socket.try_clone()?;
        self.lock().control = Some(handle);
        self.shut_if_fired();
        Ok(())
    }

    /// Takes a handle on the data connection's socket.
    pub(super) fn guard_data(&self, socket: &TcpStream) -> std::io::Result<()> {
        let handle = socket.try_clone()?;
        self.lock().data = Some(handle);
        self.shut_if_fired();
        Ok(())
    }

    /// Takes a handle on the socket the server is expected to connect to.
    pub(super) fn guard_listener(&self, socket: &TcpListener) -> std::io::Result<()> {
        let handle = socket.try_clone()?;
        self.lock().listener = Some(handle);
        self.shut_if_fired();
        Ok(())
    }

    /// Lets go of the listener; nobody can connect to it any more.
    pub(super) fn release_listener(&self) {
        self.lock().listener = None;
    }

    /// Lets go of the data connection. Must come before the transfer is finished: the
    /// server sees the end of an upload only when every handle is closed.
    pub(super) fn release_data(&self) {
        let mut sockets = self.lock();
        sockets.data = None;
        sockets.listener = None;
    }

    /// Ends the connection: whoever waits on its sockets returns at once.
    pub(super) fn fire(&self) {
        self.fired.cancel();
        self.shut_if_fired();
    }

    /// Whether it was ended.
    pub(super) fn is_fired(&self) -> bool {
        self.fired.is_cancelled()
    }

    /// Whether something lies unread on the idle control connection: its end, a farewell,
    /// or bytes nobody asked for. In each case the connection is of no use any more.
    pub(super) fn has_unread(&self) -> bool {
        let sockets = self.lock();
        let Some(control) = &sockets.control else {
            return true;
        };
        if control.set_nonblocking(true).is_err() {
            return true;
        }
        let seen = control.peek(&mut [0]);
        let restored = control.set_nonblocking(false);
        restored.is_err()
            || !matches!(seen, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
    }

    fn shut_if_fired(&self) {
        if self.is_fired() {
            let sockets = self.lock();
            // Closed with a reset: a server that sends into a full window sees nothing of
            // a FIN and would keep the file open for a minute, and it would take the end of
            // an upload that was given up for the end of the file.
            if let Some(data) = &sockets.data {
                // Fails only on a socket that is not connected any more.
                let _ = SockRef::from(data).set_linger(Some(Duration::ZERO));
            }
            for socket in [&sockets.control, &sockets.data].into_iter().flatten() {
                // Fails only on a socket that is not connected any more.
                let _ = socket.shutdown(Shutdown::Both);
            }
            if let Some(listener) = &sockets.listener {
                // Wakes whoever waits in `accept` on Linux; elsewhere the wait is in slices.
                let _ = SockRef::from(listener).shutdown(Shutdown::Both);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Sockets> {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The caller's side of one operation: ends whichever connection works for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Abort(Arc<AbortState>);

#[derive(Debug, Default)]
struct AbortState {
    given_up: CancellationToken,
    connection: Mutex<Option<Arc<Interrupt>>>,
}

impl Abort {
    /// From now on this connection works for the operation.
    pub(super) fn attach(&self, interrupt: &Arc<Interrupt>) {
        *self.connection() = Some(interrupt.clone());
        if self.is_given_up() {
            interrupt.fire();
        }
    }

    /// The connection works for others again.
    pub(super) fn detach(&self) {
        *self.connection() = None;
    }

    /// Gives the operation up.
    pub(super) fn give_up(&self) {
        self.0.given_up.cancel();
        if let Some(interrupt) = self.connection().as_ref() {
            interrupt.fire();
        }
    }

    /// Ends the connection that works for the operation, without giving the operation up.
    pub(super) fn end_connection(&self) {
        if let Some(interrupt) = self.connection().as_ref() {
            interrupt.fire();
        }
    }

    /// A handle that does not keep the operation known.
    pub(super) fn downgrade(&self) -> WeakAbort {
        WeakAbort(Arc::downgrade(&self.0))
    }

    /// Whether the operation was given up.
    pub(super) fn is_given_up(&self) -> bool {
        self.0.given_up.is_cancelled()
    }

    /// Cancelled when the operation is given up.
    pub(super) fn token(&self) -> &CancellationToken {
        &self.0.given_up
    }

    fn connection(&self) -> MutexGuard<'_, Option<Arc<Interrupt>>> {
        self.0
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// An operation that may have ended meanwhile.
#[derive(Debug)]
pub(super) struct WeakAbort(Weak<AbortState>);

impl WeakAbort {
    /// The operation, while it runs.
    pub(super) fn upgrade(&self) -> Option<Abort> {
        self.0.upgrade().map(Abort)
    }
}

/// Gives the operation up when dropped: with the future or stream its caller held.
#[derive(Debug)]
pub(super) struct GiveUpOnDrop(pub(super) Abort);

impl Drop for GiveUpOnDrop {
    fn drop(&mut self) {
        // After the operation's end nothing is attached and this does nothing.
        self.0.give_up();
    }
}
