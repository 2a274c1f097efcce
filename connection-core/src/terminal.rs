//! Terminals: what is asked for and what comes of it. Knows no protocol.

use crate::error::{Error, Result};
use crate::exec::ExitStatus;
use bytes::Bytes;

/// Widest terminal, in columns.
pub const MAX_COLUMNS: u32 = 500;

/// Highest terminal, in rows.
pub const MAX_ROWS: u32 = 200;

/// Environment variables one request may carry.
pub const MAX_ENV: usize = 64;

/// Longest name and longest value of an environment variable, each, in bytes: a request
/// with both fits one packet of every server (RFC 4253 section 6.1).
const MAX_ENV_TEXT: usize = 8 * 1024;

/// The type of a terminal that nobody named one for.
pub(crate) const DEFAULT_TERM: &str = "xterm-256color";

/// Longest terminal type, in bytes.
const MAX_TERM: usize = 64;

/// Longest name of a signal, in bytes.
const MAX_SIGNAL: usize = 64;

/// A terminal on the remote machine, with the account's shell or a command in it.
#[derive(Debug, Clone)]
pub struct TerminalRequest {
    pub(crate) term: String,
    pub(crate) columns: u32,
    pub(crate) rows: u32,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) command: Option<Vec<u8>>,
}

impl Default for TerminalRequest {
    /// The account's shell in an `xterm-256color` of 80 columns and 24 rows.
    fn default() -> Self {
        Self {
            term: DEFAULT_TERM.to_owned(),
            columns: 80,
            rows: 24,
            env: Vec::new(),
            command: None,
        }
    }
}

impl TerminalRequest {
    /// The account's shell in a terminal of this many columns and rows.
    pub fn new(columns: u32, rows: u32) -> Self {
        Self {
            columns,
            rows,
            ..Self::default()
        }
    }

    /// The terminal's type, the value of `TERM`.
    #[must_use]
    pub fn term(mut self, term: impl Into<String>) -> Self {
        self.term = term.into();
        self
    }

    /// An environment variable for what runs in the terminal. Servers refuse most names
    /// (OpenSSH's `AcceptEnv`), and a refusal is no error.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Runs this instead of the account's shell, as the account's shell understands it.
    #[must_use]
    pub fn command(mut self, command: impl Into<Vec<u8>>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// Checks everything before a byte is sent.
    ///
    /// # Errors
    /// `InvalidInput` with the field.
    pub(crate) fn check(&self) -> Result<()> {
        check_size(self.columns, self.rows)?;
        check_term(&self.term)?;
        check_env(&self.env)?;
        if self.command.as_ref().is_some_and(|c| c.contains(&0)) {
            return Err(Error::invalid("command", "the command contains a NUL"));
        }
        Ok(())
    }
}

/// Checks a terminal's size.
///
/// # Errors
/// `InvalidInput` with the field.
pub(crate) fn check_size(columns: u32, rows: u32) -> Result<()> {
    for (field, value, most) in [("columns", columns, MAX_COLUMNS), ("rows", rows, MAX_ROWS)] {
        if !(1..=most).contains(&value) {
            return Err(Error::invalid(
                field,
                format!("{value} is not within 1 to {most}"),
            ));
        }
    }
    Ok(())
}

/// Checks a terminal's type.
///
/// # Errors
/// `InvalidInput`.
pub(crate) fn check_term(term: &str) -> Result<()> {
    if term.is_empty() || term.len() > MAX_TERM || !term.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Error::invalid(
            "term",
            format!("a terminal type is 1 to {MAX_TERM} visible ASCII characters"),
        ));
    }
    Ok(())
}

/// Checks environment variables.
///
/// # Errors
/// `InvalidInput`.
pub(crate) fn check_env(env: &[(String, String)]) -> Result<()> {
    if env.len() > MAX_ENV {
        return Err(Error::invalid(
            "env",
            format!("more than {MAX_ENV} environment variables"),
        ));
    }
    for (name, value) in env {
        if name.is_empty()
            || name.len() > MAX_ENV_TEXT
            || value.len() > MAX_ENV_TEXT
            || name.contains(['=', '\0'])
            || value.contains('\0')
        {
            return Err(Error::invalid(
                "env",
                format!(
                    "an environment variable has a name without = or NUL and a value \
                     without NUL, of at most {MAX_ENV_TEXT} bytes each"
                ),
            ));
        }
    }
    Ok(())
}

/// Checks a signal's name.
///
/// # Errors
/// `InvalidInput`.
pub(crate) fn check_signal(name: &str) -> Result<()> {
    if name.is_empty()
        || name.len() > MAX_SIGNAL
        || name.starts_with("SIG")
        || !name.bytes().all(|b| b.is_ascii_graphic())
    {
        return Err(Error::invalid(
            "signal",
            "a signal is named as in RFC 4254, without SIG, such as INT or TERM",
        ));
    }
    Ok(())
}

/// Something that came from a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TerminalEvent {
    /// Bytes for the screen, as they came; a character may be cut in two. Never empty.
    Data(Bytes),
    /// This many bytes that came before what follows were dropped, because nobody took
    /// them and more came than is kept. What follows may begin inside a
    /// character or a control sequence: whoever draws a screen has it drawn anew.
    Lost(u64),
    /// What ran in the terminal ended. Comes once, after the last of its bytes.
    Exit(ExitStatus),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(request: &TerminalRequest) -> Option<String> {
        let error = request.check().err()?;
        error.context("field").map(str::to_owned)
    }

    #[test]
    fn sizes_have_bounds() {
        for (columns, rows, wrong) in [
            (1, 1, None),
            (500, 200, None),
            (0, 24, Some("columns")),
            (501, 24, Some("columns")),
            (80, 0, Some("rows")),
            (80, 201, Some("rows")),
            (u32::MAX, u32::MAX, Some("columns")),
        ] {
            let request = TerminalRequest::new(columns, rows);
            assert_eq!(field(&request).as_deref(), wrong, "{columns}x{rows}");
        }
    }

    #[test]
    fn texts_have_bounds() {
        let request = TerminalRequest::default;
        assert_eq!(field(&request()), None);
        for term in ["", "a b", "x\ny", "\u{e9}", &"x".repeat(65)] {
            assert_eq!(field(&request().term(term)).as_deref(), Some("term"));
        }
        let long = "x".repeat(MAX_ENV_TEXT + 1);
        for (name, value) in [
            ("", "x"),
            ("A=B", "x"),
            ("A", "\0"),
            (&long, ""),
            ("A", &long),
        ] {
            let request = request().env(name, value);
            assert_eq!(field(&request).as_deref(), Some("env"));
        }
        let many = (0..=MAX_ENV).fold(request(), |r, n| r.env(format!("N{n}"), ""));
        assert_eq!(field(&many).as_deref(), Some("env"));
        assert_eq!(field(&request().env("A", "= \u{e9}")), None);
        assert_eq!(
            field(&request().command("a\0b")).as_deref(),
            Some("command")
        );
        assert!(check_signal("INT").is_ok() && check_signal("x@example.com").is_ok());
        for name in ["", "SIGINT", "I T", &"X".repeat(65)] {
            assert!(check_signal(name).is_err(), "{name}");
        }
    }
}
