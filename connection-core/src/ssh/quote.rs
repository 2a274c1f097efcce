//! One command line that any account's shell reads alike, whatever bytes are in it.
//!
//! SSH has no field for a working directory and servers refuse most environment variables
//! (OpenSSH's `AcceptEnv`), so both go to the account's shell as text. Accounts have all
//! kinds of shells: what quotes a newline in sh breaks the word in csh, which replaces `!`
//! within quotes as well, fish takes backslashes there, and bytes that are no UTF-8 are
//! not safe in every one. So the account's shell gets to see nothing but letters, digits
//! and punctuation that means the same in all of them, within single quotes, for `sh`,
//! where every other byte is an octal escape of `printf`:
//!
//! ```text
//! exec sh -c 'set -- "$(printf "/srv/a\040bx")" "$(printf "makex")";
//!   cd "${1%x}"||exit 125; exec "${SHELL:-/bin/sh}" -c "${2%x}"'
//! ```
//!
//! The `x` keeps `$( )` from cutting newlines off the end. The command itself is run by
//! the account's shell, as it would be without this. A shell that is not of Unix runs none
//! of it, and bsd-csh no more than it can hold in a word (1024 bytes): it says so.
//!
//! It knows bytes and shells, and nothing of channels.

use std::fmt::Write;

/// Exit code of a command whose directory could not be entered; `env` has the same for its
/// own `--chdir`.
pub(crate) const NO_DIRECTORY: u32 = 125;

/// The command in this directory and with these variables. What contains a NUL is the
/// caller's to refuse: no shell can be told it.
pub(crate) fn command_line(
    directory: Option<&[u8]>,
    env: &[(String, String)],
    command: &[u8],
) -> Vec<u8> {
    if directory.is_none() && env.is_empty() {
        return command.to_vec();
    }
    let mut words = Vec::new();
    let mut steps = String::new();
    if let Some(directory) = directory {
        // From where the login begins, whatever `CDPATH` says; and `-` is a name.
        let mut path = match directory.starts_with(b"/") {
            true => Vec::new(),
            false => b"./".to_vec(),
        };
        path.extend_from_slice(directory);
        words.push(path);
        // Writing to a string does not fail.
        let _ = write!(steps, "cd \"${{1%x}}\"||exit {NO_DIRECTORY};");
    }
    steps.push_str("exec ");
    if !env.is_empty() {
        // A program and not `export`: names need not be what sh takes for one.
        steps.push_str("env -- ");
        for (name, value) in env {
            words.push(format!("{name}={value}").into_bytes());
            let _ = write!(steps, "\"${{{}%x}}\" ", words.len());
        }
    }
    words.push(command.to_vec());
    let _ = write!(
        steps,
        "\"${{SHELL:-/bin/sh}}\" -c \"${{{}%x}}\"",
        words.len()
    );
    let words: String = words.iter().map(|bytes| word(bytes)).collect();
    format!("exec sh -c 'set --{words};{steps}'").into_bytes()
}

/// A word of sh that is these bytes and an `x`, made of characters that every shell leaves
/// alone within single quotes.
fn word(bytes: &[u8]) -> String {
    let mut word = String::with_capacity(bytes.len() + 16);
    word.push_str(" \"$(printf \"");
    for byte in bytes {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'/'
            | b'.'
            | b'_'
            | b','
            | b':'
            | b'='
            | b' ' => word.push(char::from(*byte)),
            other => {
                let _ = write!(word, "\\{other:03o}");
            }
        }
    }
    word.push_str("x\")\"");
    word
}

#[cfg(test)]
#[path = "quote_tests.rs"]
mod tests;
