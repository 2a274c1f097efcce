//! Listings: lines of `MLSD` and `LIST` to entries.
//!
//! Own parsers, because names must stay the bytes the server sent, and because no line may
//! be lost: one that cannot be understood becomes an entry of unknown type whose name is
//! the line. Pure functions; they know no connection.
//!
//! `LIST` has no form of its own. Its lines are those of `ls -l`, of DOS, or of one of the
//! systems below; the form that fitted a line is tried first on the next one. A fact that a
//! form does not state plainly is left out: blocks are no size, and a date that says when
//! something was read is not that of its last change.

#[cfg(test)]
mod corpus;
mod eplf;
#[cfg(test)]
mod fuzz;
mod list_dos;
mod list_unix;
mod mainframe;
mod mlsx;
mod old_systems;
#[cfg(test)]
mod properties;
mod time;
mod unix_date;
mod vms;
mod words;

use crate::fs::{Entry, FileType, Metadata};
use crate::path::{RemoteName, bytes_to_text};
use mainframe::Columns;
use std::time::SystemTime;
use time::{Stamp, Today};

pub(super) use mlsx::parse_facts;

/// The command the lines answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `MLSD`, RFC 3659.
    Mlsd,
    /// `LIST`: whatever the server likes.
    List,
}

/// An entry, and how its time is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// The entry.
    pub(super) entry: Entry,
    /// Its time is a time of day in the server's zone, here read as UTC.
    pub(super) local: bool,
}

impl Listed {
    fn new(name: &[u8], mut metadata: Metadata, stamp: Option<Stamp>) -> Self {
        metadata.modified = stamp.map(|stamp| stamp.time);
        Self {
            entry: Entry {
                name: RemoteName::new(name),
                metadata,
                link_target: None,
            },
            local: stamp.is_some_and(|stamp| stamp.local),
        }
    }

    /// The same, a link that leads there.
    fn to(mut self, target: Option<&[u8]>) -> Self {
        self.entry.link_target = target.map(<[u8]>::to_vec);
        self
    }

    /// A line nobody understands.
    fn unknown(line: &[u8]) -> Self {
        Self::new(line, Metadata::of_type(FileType::Other), None)
    }
}

/// What a line came to.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    Listed(Listed),
    /// `.`, the directory itself.
    Itself,
    /// `..`, a total, a heading.
    NoEntry,
    /// The first half of an entry.
    Half,
}

/// The forms of `LIST` that a line shows by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Unix,
    Dos,
    Eplf,
    NetWare,
    Vms,
    Os400,
    VxWorks,
    /// Announced by a heading.
    Under(Columns),
}

const STYLES: [Style; 7] = [
    Style::Unix,
    Style::Dos,
    Style::Eplf,
    Style::NetWare,
    Style::Vms,
    Style::Os400,
    Style::VxWorks,
];

/// A listing being read, line by line.
#[derive(Debug)]
pub(super) struct Listing {
    form: Form,
    today: Today,
    /// The form of the last line that had one.
    style: Option<Style>,
    day_first: bool,
    half: Option<Vec<u8>>,
    has_self: bool,
    /// Something was listed.
    begun: bool,
}

impl Listing {
    /// A listing that begins; dates without a year are told from `now`.
    pub(super) fn new(form: Form, now: SystemTime) -> Self {
        Self {
            form,
            today: Today::at(now),
            style: None,
            day_first: false,
            half: None,
            has_self: false,
            begun: false,
        }
    }

    /// Reads the next line. Gives what it is, and before that the line before it, where that
    /// one turned out to be no half of an entry.
    pub(super) fn line(&mut self, line: &[u8]) -> [Option<Listed>; 2] {
        let mut earlier = None;
        if let Some(half) = self.half.take() {
            if line.starts_with(b" ")
                && let Some(whole) = vms::parse(&[&half, line].concat())
            {
                return [None, Some(whole)];
            }
            earlier = Some(Listed::unknown(&half));
        }
        let listed = match self.read(line) {
            Line::Listed(listed) => Some(listed),
            Line::Itself => {
                self.has_self = true;
                None
            }
            Line::NoEntry => None,
            Line::Half => {
                self.half = Some(line.to_vec());
                None
            }
        };
        self.begun |= listed.is_some();
        [earlier, listed]
    }

    /// What is left at the end.
    pub(super) fn end(&mut self) -> Option<Listed> {
        self.half.take().map(|half| Listed::unknown(&half))
    }

    /// Whether the directory listed itself.
    pub(super) fn has_self(&self) -> bool {
        self.has_self
    }

    fn read(&mut self, line: &[u8]) -> Line {
        if line.is_empty() {
            return Line::NoEntry;
        }
        let listed = match self.form {
            Form::Mlsd => match mlsx::parse(line) {
                mlsx::Parsed::Entry(listed) => listed,
                mlsx::Parsed::Itself => return Line::Itself,
                mlsx::Parsed::Parent => return Line::NoEntry,
                mlsx::Parsed::Unknown => Listed::unknown(line),
            },
            Form::List => match self.list(line) {
                Some(listed) => listed,
                None if self.is_no_entry(line) => return Line::NoEntry,
                None if vms::is_name(line) => return Line::Half,
                None => Listed::unknown(line),
            },
        };
        match listed.entry.name.as_bytes() {
            b"." => Line::Itself,
            b".." => Line::NoEntry,
            _ => Line::Listed(listed),
        }
    }

    fn list(&mut self, line: &[u8]) -> Option<Listed> {
        if let Some(style) = self.style
            && let Some(listed) = self.parse(style, line)
        {
            return Some(listed);
        }
        let last = self.style;
        let (style, listed) = STYLES
            .into_iter()
            .filter(|style| Some(*style) != last)
            .find_map(|style| Some((style, self.parse(style, line)?)))?;
        // What a heading announced goes on behind a line that looks like another form.
        if !matches!(self.style, Some(Style::Under(_))) {
            self.style = Some(style);
        }
        Some(listed)
    }

    fn parse(&mut self, style: Style, line: &[u8]) -> Option<Listed> {
        match style {
            Style::Unix => list_unix::parse(line, self.today),
            Style::Dos => list_dos::parse(line, &mut self.day_first),
            Style::Eplf => eplf::parse(line),
            Style::NetWare => old_systems::netware(line, self.today),
            Style::Vms => vms::parse(line),
            Style::Os400 => old_systems::os400(line),
            Style::VxWorks => old_systems::vxworks(line),
            Style::Under(columns) => columns.parse(line),
        }
    }

    /// Totals and headings.
    fn is_no_entry(&mut self, line: &[u8]) -> bool {
        if let Some(columns) = Columns::of_heading(line) {
            self.style = Some(Style::Under(columns));
            return true;
        }
        (!self.begun && list_unix::is_total(line))
            || vms::is_heading(line)
            || (self.style == Some(Style::Vms) && vms::is_footing(line))
            || old_systems::is_vxworks_heading(line)
    }
}

/// Digits to a number; `None` when empty, not digits, or too large.
fn number<T: TryFrom<u64>>(digits: &[u8]) -> Option<T> {
    if digits.is_empty() {
        return None;
    }
    let mut value = 0_u64;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value
            .checked_mul(10)?
            .checked_add(u64::from(digit - b'0'))?;
    }
    T::try_from(value).ok()
}

/// The name of an owner or a group, in the reversible text form; most are plain letters.
fn text(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(plain) if name.is_ascii() => plain.to_owned(),
        _ => bytes_to_text(name),
    }
}

/// Permission bits of octal digits; higher bits, the type, are left out.
fn octal(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 8 || !digits.iter().all(|b| (b'0'..=b'7').contains(b)) {
        return None;
    }
    let mode = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()?;
    Some(mode & 0o7777)
}
