//! Lines of asciicast v2 (<https://docs.asciinema.org/manual/asciicast/v2>): what a
//! terminal shows becomes events of text. Pure; knows no file and no terminal.
//!
//! An event is `[seconds, code, text]`: `o` was shown, `i` was typed, `r` is a new size,
//! `m` a marker. The format has no place for bytes, so they become text here and nowhere
//! else: a character that is cut in two is kept for the next event of its kind, and what is
//! no UTF-8 becomes U+FFFD, exactly as if all the bytes had come at once.

use std::io::Write;
use std::time::Duration;

/// Writes the events of one recording, in the order they happened.
#[derive(Debug, Default)]
pub(super) struct Asciicast {
    shown: Decoder,
    typed: Decoder,
    /// Time of the last event: the format wants them in order.
    last: Duration,
}

impl Asciicast {
    /// Bytes the terminal showed. Appends a line, or none when they are only a part of a
    /// character.
    pub(super) fn shown(&mut self, at: Duration, bytes: &[u8], lines: &mut Vec<u8>) {
        let text = self.shown.decode(bytes);
        self.text(at, 'o', &text, lines);
    }

    /// Bytes that were typed, like [`Self::shown`].
    pub(super) fn typed(&mut self, at: Duration, bytes: &[u8], lines: &mut Vec<u8>) {
        let text = self.typed.decode(bytes);
        self.text(at, 'i', &text, lines);
    }

    /// The terminal has this size now.
    pub(super) fn resized(&mut self, at: Duration, columns: u32, rows: u32, lines: &mut Vec<u8>) {
        self.event(at, 'r', &format!("{columns}x{rows}"), lines);
    }

    /// This many bytes are not in the recording. What follows does not go on where the last
    /// event ended.
    pub(super) fn gap(&mut self, at: Duration, lost: u64, lines: &mut Vec<u8>) {
        self.flush(at, lines);
        self.marker(at, &format!("{lost} bytes lost"), lines);
    }

    /// A remark for whoever watches the recording.
    pub(super) fn marker(&mut self, at: Duration, text: &str, lines: &mut Vec<u8>) {
        self.event(at, 'm', text, lines);
    }

    /// Nothing follows: a character that was begun will not be finished.
    pub(super) fn flush(&mut self, at: Duration, lines: &mut Vec<u8>) {
        let shown = self.shown.flush();
        self.text(at, 'o', shown, lines);
        let typed = self.typed.flush();
        self.text(at, 'i', typed, lines);
    }

    /// Time of the last event, from the beginning of the recording.
    pub(super) fn last(&self) -> Duration {
        self.last
    }

    fn text(&mut self, at: Duration, code: char, text: &str, lines: &mut Vec<u8>) {
        if !text.is_empty() {
            self.event(at, code, text, lines);
        }
    }

    fn event(&mut self, at: Duration, code: char, text: &str, lines: &mut Vec<u8>) {
        self.last = self.last.max(at);
        let (seconds, micros) = (self.last.as_secs(), self.last.subsec_micros());
        // Writing to memory cannot fail.
        let _ = write!(lines, "[{seconds}.{micros:06},\"{code}\",\"");
        for c in text.chars() {
            escape(c, lines);
        }
        lines.extend_from_slice(b"\"]\n");
    }
}

/// Appends a character of a JSON string. Control characters are escaped, those above
/// ASCII too, which JSON itself would let through: a recording that somebody looks at with
/// `cat` must not drive their terminal.
fn escape(c: char, line: &mut Vec<u8>) {
    match c {
        '"' => line.extend_from_slice(b"\\\""),
        '\\' => line.extend_from_slice(b"\\\\"),
        '\n' => line.extend_from_slice(b"\\n"),
        '\r' => line.extend_from_slice(b"\\r"),
        '\t' => line.extend_from_slice(b"\\t"),
        c if c.is_control() => drop(write!(line, "\\u{:04x}", u32::from(c))),
        c => line.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

/// Makes text of bytes that come in pieces.
#[derive(Debug, Default)]
struct Decoder {
    /// The beginning of a character: at most 3 bytes.
    begun: Vec<u8>,
}

impl Decoder {
    fn decode(&mut self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len() + self.begun.len());
        let joined;
        let mut rest = bytes;
        if !self.begun.is_empty() {
            self.begun.extend_from_slice(bytes);
            joined = std::mem::take(&mut self.begun);
            rest = &joined;
        }
        loop {
            let error = match std::str::from_utf8(rest) {
                Ok(valid) => {
                    text.push_str(valid);
                    return text;
                }
                Err(error) => error,
            };
            let (valid, after) = rest.split_at(error.valid_up_to());
            text.push_str(std::str::from_utf8(valid).unwrap_or_default());
            match error.error_len() {
                // The end of the bytes, where more can still make it a character.
                None => {
                    self.begun = after.to_vec();
                    return text;
                }
                Some(length) => {
                    text.push(char::REPLACEMENT_CHARACTER);
                    rest = after.get(length..).unwrap_or_default();
                }
            }
        }
    }

    fn flush(&mut self) -> &'static str {
        if std::mem::take(&mut self.begun).is_empty() {
            ""
        } else {
            "\u{fffd}"
        }
    }
}

#[cfg(test)]
#[path = "tests/asciicast.rs"]
mod tests;
