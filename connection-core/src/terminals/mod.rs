//! Terminals that belong to a session and not to who looks at them.
//!
//! A [`SharedTerminal`] goes on when nobody is attached, for a while; a viewer that comes
//! back says where it was and gets exactly what it missed, or is told how much is gone.
//! Several may watch and type at once. Knows sessions only by what it is handed, and
//! nothing of sockets.
//!
//! ```no_run
//! # async fn example(session: &connection_core::session::Session) -> connection_core::Result<()> {
//! use connection_core::terminal::TerminalRequest;
//! use connection_core::terminals::{Attach, TerminalOptions, ViewerEvent, ViewerMode};
//!
//! let request = TerminalRequest::new(80, 24);
//! let terminal = session.start_terminal(request, TerminalOptions::default()).await?;
//! let mut viewer = terminal.attach(Attach::new(ViewerMode::Write))?;
//! viewer.input.write("uptime; exit\n").await?;
//! let mut shown = 0;
//! loop {
//!     match viewer.output.next().await {
//!         ViewerEvent::Data(bytes) => {
//!             print!("{}", String::from_utf8_lossy(&bytes));
//!             shown += bytes.len() as u64;
//!             viewer.input.ack(shown)?; // there may be more
//!         }
//!         ViewerEvent::Closed(_) => break,
//!         _ => {}
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Bytes have offsets
//! Every byte the terminal shows has a number, from 0. The newest are kept in a ring, of
//! one size whatever happens; a viewer is a position in it. So a flood costs no memory,
//! nobody waits for anybody, and attaching again is nothing but naming a position.
//!
//! # Credit
//! A viewer is given [`window`](TerminalLimits::window) bytes beyond what it has
//! acknowledged. While every viewer that types is out of credit, the sender on the remote
//! machine is held back where the engine can do that for one channel (libssh2). With
//! russh, and with nobody attached, the oldest bytes make room: who types is told of the
//! gap and goes on, who only reads is sent away ([`CloseReason::TooSlow`]). Typed bytes
//! that the remote side does not take release the hold, since a program may first want to
//! be rid of its output.
//!
//! # Recording
//! A recorder is told everything that is put into the ring, where it cannot hold anything
//! up (see [`crate::recording`]). It ends with the terminal.
//!
//! # Escape sequences
//! The bytes are passed on as they came and interpreted by nobody here.

mod info;
mod input;
mod recorded;
mod set;
mod share;
mod shared;
mod state;
mod viewer;

pub use info::{
    CloseReason, TerminalId, TerminalInfo, TerminalLimits, TerminalOptions, ViewerId, ViewerInfo,
    ViewerMode,
};
pub(crate) use set::Terminals;
pub use share::{ShareId, ShareInfo};
pub use shared::SharedTerminal;
pub use viewer::{Attach, Viewer, ViewerEvent, ViewerInput, ViewerOutput};
