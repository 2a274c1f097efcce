//! The terminal this program runs in: its size, and raw mode, which ends however the program
//! does.

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

/// The size of a terminal that is none.
const USUAL: (u32, u32) = (80, 24);

/// Keys go through as they are typed, while it lives; also a panic ends it.
pub(super) struct RawMode(Termios);

impl RawMode {
    /// Nothing when standard input is no terminal.
    pub(super) fn enter() -> Option<Self> {
        let stdin = std::io::stdin();
        let before = tcgetattr(&stdin).ok()?;
        let mut raw = before.clone();
        // Drained and not flushed: what was typed ahead is meant for what runs there.
        raw.make_raw();
        tcsetattr(&stdin, OptionalActions::Drain, &raw).ok()?;
        Some(Self(before))
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing restored.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &self.0);
    }
}

/// Columns and rows, within what a terminal there may have.
pub(super) fn size() -> (u32, u32) {
    let size = tcgetwinsize(std::io::stdout())
        .or_else(|_| tcgetwinsize(std::io::stdin()))
        .map(|size| (u32::from(size.ws_col), u32::from(size.ws_row)));
    match size {
        Ok((columns, rows)) if columns > 0 && rows > 0 => (columns.min(500), rows.min(200)),
        _ => USUAL,
    }
}
