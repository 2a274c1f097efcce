//! What an archive lacks, for its last entry: a line each, and no more of them than fit.

use crate::error::Error;
use crate::path::RemotePath;
use std::fmt::Write;

/// Name of the entry.
pub(super) const NAME: &str = "NOT-INCLUDED.txt";

/// Bytes of lines; what comes after is only counted.
const MOST: usize = 256 << 10;

/// Characters of a server's reason.
const LONGEST_REASON: usize = 300;

/// The list.
#[derive(Default)]
pub(super) struct LeftOut {
    lines: String,
    count: u64,
    shown: u64,
    first: Option<Error>,
}

impl LeftOut {
    /// Adds what an error kept out.
    pub(super) fn add(&mut self, path: &RemotePath, error: Error) {
        let reason = match error.message() {
            "" => error.kind().code(),
            message => message,
        };
        self.add_line(path, reason);
        self.first.get_or_insert(error);
    }

    /// The first error, once.
    pub(super) fn take_first(&mut self) -> Option<Error> {
        self.first.take()
    }

    fn add_line(&mut self, path: &RemotePath, reason: &str) {
        self.count += 1;
        if self.lines.len() > MOST {
            return;
        }
        self.shown += 1;
        let path = path.to_text();
        let reason = reason.chars().take(LONGEST_REASON);
        for c in path.chars().chain(": ".chars()).chain(reason) {
            // A name must not make a line of its own.
            match c.is_control() {
                true => self.lines.extend(c.escape_default()),
                false => self.lines.push(c),
            }
        }
        self.lines.push('\n');
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// The content of the entry; `None` when nothing is missing.
    pub(super) fn text(&self) -> Option<String> {
        if self.count == 0 {
            return None;
        }
        let mut text = String::from("Not in this archive, or not all of it:\n\n");
        text.push_str(&self.lines);
        let more = self.count - self.shown;
        if more > 0 {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "\nand {more} more");
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn each_line_stays_one_and_all_of_them_are_bounded() {
        let mut list = LeftOut::default();
        let path = RemotePath::from_text("/a\nb").unwrap();
        list.add(&path, Error::new(ErrorKind::Failure, "x", "no\r\nway"));
        list.add(&path, Error::new(ErrorKind::Failure, "x", ""));
        for _ in 0..100_000 {
            list.add_line(&path, &"x".repeat(1000));
        }
        assert_eq!(list.count(), 100_002);
        let text = list.text().unwrap();
        assert!(text.len() < MOST + 2000, "{}", text.len());
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(lines[0], "/a\\nb: no\\r\\nway");
        assert_eq!(lines[1], "/a\\nb: failure");
        assert!(lines.last().unwrap().starts_with("and "));
        assert_eq!(LeftOut::default().text(), None);
    }
}
