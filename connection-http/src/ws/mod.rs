//! WebSockets: what every socket has in common, whatever runs over it. Knows neither
//! sessions nor terminals.
//!
//! Whatever is below `/ws/` has been checked before a route sees it: `Host`, `Origin` (a
//! foreign page is refused, also for a GET), and an access token or a [ticket](tickets).
//! The layer answers pings and sends its own, closes a client that went silent, bounds what
//! comes in and what waits to go out, and ends every socket when the server stops.
//!
//! # Adding a route
//! A route takes an [`Upgrade`] beside its parameters, refuses what it must while it still
//! can answer with a status, and hands the rest to [`Sockets::accept`]: a function from a
//! [`Socket`] to the [`Close`] it is to end with.
//!
//! ```ignore
//! #[oai(path = "/ws/echo/:session_id", method = "get", operation_id = "echoSocket")]
//! async fn echo(&self, caller: Caller, session_id: Path<String>, upgrade: Upgrade)
//!     -> std::result::Result<Switching, Refused<Upgrading>>
//! {
//!     let session = self.0.socket_session(&caller, &session_id)?;
//!     Ok(self.0.sockets.accept(upgrade, move |mut socket| async move {
//!         while let Some(frame) = socket.next().await {
//!             let Frame::Binary(data) = frame else { return Close::PROTOCOL };
//!             if socket.writer.binary(data).await.is_err() {
//!                 break;
//!             }
//!         }
//!         drop(session);
//!         Close::new(1000, "done")
//!     })?)
//! }
//! ```
//!
//! The function is dropped when the server stops, and a moment after the client has gone:
//! what it must not leave behind belongs in a `Drop`. [`Socket::next`] is cancel-safe, and
//! [`Writer`] can be cloned, so both directions can run side by side; they should, or a
//! client that reads slowly is not heard either.

mod close;
mod pumps;
mod socket;
mod sockets;
pub(crate) mod tickets;
mod upgrade;

pub(crate) use close::Close;
pub(crate) use socket::{Frame, Gone, Socket, Writer};
pub(crate) use sockets::Clocks;
pub use sockets::Sockets;
pub(crate) use upgrade::{Switching, Upgrade};

#[cfg(test)]
mod tests;

/// Whether a path is one of sockets, which have stricter rules.
pub(crate) fn is_socket(path: &str) -> bool {
    path.starts_with("/ws/")
}
