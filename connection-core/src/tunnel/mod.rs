//! Tunnels: TCP connections carried through a session's SSH connection.
//!
//! Three kinds, as of `ssh -L`, `-D` and `-R`. A session owns its tunnels: each
//! has one task that accepts connections and one for each connection, and all end with the
//! tunnel or the session, within a second. An open connection is activity of the session;
//! an idle listener is not.
//!
//! ```no_run
//! use connection_core::tunnel::{Endpoint, TunnelKind, TunnelRequest};
//!
//! # async fn example(session: connection_core::session::ActiveSession) -> connection_core::Result<()> {
//! let database = TunnelKind::Local(Endpoint::new("db.internal", 5432)?);
//! let tunnel = session.open_tunnel(TunnelRequest::new(database)).await?;
//! // `tunnel.listens_on` is a port of this machine that leads there.
//! session.close_tunnel(tunnel.id).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Who may reach what
//! A tunnel makes this machine listen or dial because someone asked for it. [`Reach`] says
//! where: on this machine alone, unless the embedding program decides otherwise. What is
//! dialled is judged by its resolved address. Where the *server* listens and connects is for
//! the server and its account to allow.
//!
//! # What piles up
//! Towards the server a connection holds what the engine's window lets it. From the server,
//! `libssh2` is simply not read while the client takes nothing, and the server waits. With
//! `russh` a receiver must always be read, whatever its client does: what comes piles up
//! here, at most [`MAX_PILED`] for a connection and [`MAX_PILED_TOGETHER`] for a session, and
//! past that the connection is ended by a reset, which no client takes for the end of its
//! data.
//!
//! It knows the narrow interface of SSH, and nothing of sessions, owners and HTTP.

mod connection;
mod counters;
mod pile;
mod relay;
mod request;
mod serve;
mod set;
mod socks;

pub use connection::{TunnelConnection, TunnelInput, TunnelOutput};
pub use pile::{MAX_PILED, MAX_PILED_TOGETHER};
pub use request::{
    DEFAULT_CONNECTIONS, Endpoint, MAX_CONNECTIONS, Reach, TunnelKind, TunnelRequest,
};
pub use set::{MAX_SESSION_CONNECTIONS, MAX_TUNNELS, TunnelId, TunnelInfo};

pub(crate) use set::{Hold, Tunnels};

use std::any::Any;

/// Something that is kept as long as a connection is open.
pub(crate) type Held = Box<dyn Any + Send>;
