//! `LIST` of MVS and Tandem: columns that mean nothing without the heading above them.
//!
//! Sizes on MVS are tracks or records and so no sizes, and the date a data set was referred
//! to is not that of its last change.

use super::time::{self, Stamp};
use super::{Listed, number, text};
use crate::fs::{FileType, Metadata};

/// What a heading announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Columns {
    /// Data sets of MVS.
    DataSets,
    /// Members of a partitioned data set of MVS.
    Members,
    /// Files of Tandem Guardian.
    Tandem,
}

impl Columns {
    /// The columns a heading announces.
    pub(super) fn of_heading(line: &[u8]) -> Option<Self> {
        let words: Vec<_> = words(line).take(4).collect();
        match words.as_slice() {
            [b"Volume", b"Unit", b"Referred", ..] | [b"Volume", b"Referred", b"Ext", ..] => {
                Some(Self::DataSets)
            }
            [b"Name", b"VV.MM", b"Created", ..] => Some(Self::Members),
            [b"File", b"Code", b"EOF", b"Last"] => Some(Self::Tandem),
            _ => None,
        }
    }

    /// One line below the heading, `None` when it does not fit.
    pub(super) fn parse(self, line: &[u8]) -> Option<Listed> {
        match self {
            Self::DataSets => data_set(line),
            Self::Members => member(line),
            Self::Tandem => tandem(line),
        }
    }
}

fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|b| *b == b' ').filter(|word| !word.is_empty())
}

/// `WYOSPT 3420   2003/05/21  1  200  FB      80  8053  PS  'ANN.FILE'`,
/// `Migrated                                                ANN.OLD`,
/// `ARCIVE Not Direct Access Device                         ANN.TAPE`,
/// `                            Pseudo Directory            ANN`.
fn data_set(line: &[u8]) -> Option<Listed> {
    let all: Vec<_> = words(line).take(12).collect();
    let (kind, name) = match all.as_slice() {
        [b"Migrated", name] => (FileType::Other, *name),
        [_, b"Not", b"Direct", b"Access", b"Device", name] => (FileType::Other, *name),
        [b"Pseudo", b"Directory", name] => (FileType::Directory, *name),
        [_, _, referred, .., organisation, name]
            if *referred == b"**NONE**" || time::iso_date(referred).is_some() =>
        {
            let kind = match *organisation {
                b"PO" | b"PO-E" | b"POE" => FileType::Directory,
                b"PS" | b"PS-E" | b"PS-L" => FileType::File,
                _ => FileType::Other,
            };
            (kind, *name)
        }
        _ => return None,
    };
    let name = name
        .strip_prefix(b"'")
        .and_then(|name| name.strip_suffix(b"'"))
        .filter(|name| !name.is_empty())
        .unwrap_or(name);
    Some(Listed::new(name, Metadata::of_type(kind), None))
}

/// ` MAIN      01.02 2003/05/21 2003/05/22 10:11    67    66     0 ANN`, or a name alone for
/// a member without statistics.
fn member(line: &[u8]) -> Option<Listed> {
    let all: Vec<_> = words(line).take(9).collect();
    let mut metadata = Metadata::of_type(FileType::File);
    match all.as_slice() {
        [name] => Some(Listed::new(name, metadata, None)),
        [name, version, created, changed, clock, rest @ ..] => {
            if !version.contains(&b'.') || time::iso_date(created).is_none() {
                return None;
            }
            let stamp = Stamp::local(time::iso_date(changed)?, time::clock(clock)?);
            metadata.owner = rest.get(3).map(|owner| text(owner));
            Some(Listed::new(name, metadata, Some(stamp)))
        }
        _ => None,
    }
}

/// `ALIST    O      101          16354 18-Mar-09 15:09:12 244, 10 "nnnn"`; the `O` says that
/// the file is open.
fn tandem(line: &[u8]) -> Option<Listed> {
    let mut words = words(line);
    let name = words.next()?;
    let mut code = words.next()?;
    if code == b"O" {
        code = words.next()?;
    }
    number::<u32>(code)?;
    let size = number(words.next()?)?;
    let date = time::day_month_year(words.next()?)?;
    let clock = time::clock(words.next()?)?;
    let owner: Vec<_> = words.take_while(|word| !word.starts_with(b"\"")).collect();
    let mut metadata = Metadata::of_type(FileType::File);
    metadata.size = Some(size);
    metadata.owner = (!owner.is_empty()).then(|| text(&owner.concat()));
    Some(Listed::new(name, metadata, Some(Stamp::local(date, clock))))
}
