//! `LIST` in the form of `ls -l`.
//!
//! The date is the anchor: link counts, owners and groups may be missing or hold spaces,
//! and the name starts one space behind the date.

use super::time::{Stamp, Today};
use super::unix_date::date;
use super::{Listed, number, text};
use crate::fs::{FileType, Metadata};

/// Words looked at before a date must have come; a name is not split up further.
const MAX_WORDS: usize = 24;

/// `total 12`, the first line of `ls -l`, in any language; also `total 12K`.
pub(super) fn is_total(line: &[u8]) -> bool {
    let mut words = line.split(|b| *b == b' ').filter(|word| !word.is_empty());
    let (Some(word), Some(blocks), None) = (words.next(), words.next(), words.next()) else {
        return false;
    };
    let (digits, unit) = match blocks {
        [digits @ .., unit] if unit.is_ascii_alphabetic() => (digits, Some(unit)),
        _ => (blocks, None),
    };
    let is_size = match unit {
        None => number::<u64>(digits).is_some(),
        Some(unit) => {
            b"KMGTkmgtB".contains(unit) && digits.iter().all(|b| b"0123456789.,".contains(b))
        }
    };
    is_size && super::words::is_total(word)
}

/// A word of the line and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) text: &'a [u8],
    pub(super) start: usize,
    pub(super) end: usize,
}

/// One line, `None` when it is not of this form.
pub(super) fn parse(line: &[u8], today: Today) -> Option<Listed> {
    let (file_type, permissions, rest) = mode(line)?;
    let mut room = [Word {
        text: b"",
        start: 0,
        end: 0,
    }; MAX_WORDS];
    let count = words(line, rest, &mut room);
    let words = room.get(..count)?;
    let Some(permissions) = permissions else {
        return unseen(line, file_type, words);
    };
    let (at, stamp, end) = (1..words.len()).find_map(|at| {
        // The word before the date is the size, or a device's minor number.
        let size = words.get(at - 1)?;
        if !is_size(size.text) {
            return None;
        }
        let (stamp, end) = date(line, words.get(at..)?, today)?;
        Some((at, stamp, end))
    })?;
    let name = line.get(end..)?.strip_prefix(b" ")?;
    if name.is_empty() {
        return None;
    }

    let before = words.get(..at)?;
    let last = before.last()?.text;
    let major_apart = before
        .get(at.wrapping_sub(2))
        .is_some_and(|major| major.text.ends_with(b","));
    let is_device = major_apart || last.contains(&b',');
    let mut metadata = Metadata::of_type(file_type);
    // A rounded size, as of `ls -h`, is no size.
    metadata.size = if is_device { None } else { number(last) };
    metadata.permissions = Some(permissions);
    owners(
        line,
        before.get(..at - 1 - usize::from(major_apart))?,
        &mut metadata,
    );
    Some(named(name, metadata, stamp))
}

/// The entry, its name split from the target of a link.
fn named(name: &[u8], metadata: Metadata, stamp: Option<Stamp>) -> Listed {
    match metadata.file_type {
        FileType::Symlink => {
            let (name, target) = split_link(name, metadata.size);
            Listed::new(name, metadata, stamp).to(target)
        }
        // `ls -F` and `ls -p` mark directories; no name holds a slash.
        FileType::Directory => Listed::new(
            match name.strip_suffix(b"/") {
                Some(bare) if !bare.is_empty() && !bare.contains(&b'/') => bare,
                _ => name,
            },
            metadata,
            stamp,
        ),
        FileType::File | FileType::Other => Listed::new(name, metadata, stamp),
    }
}

/// `d?????????   ? ?    ?       ?            ? name`: what `ls` shows of an entry that it may
/// not look at.
fn unseen(line: &[u8], file_type: FileType, words: &[Word<'_>]) -> Option<Listed> {
    let marks = words.iter().take(6).take_while(|word| word.text == b"?");
    let last = marks.enumerate().last().filter(|(at, _)| *at >= 3)?.1;
    let name = line.get(last.end..)?.strip_prefix(b" ")?;
    let file_type = match file_type {
        // A type that is not known either is shown as that of a file.
        FileType::File => FileType::Other,
        known => known,
    };
    (!name.is_empty()).then(|| named(name, Metadata::of_type(file_type), None))
}

/// `drwxr-sr-x+`: type, permission bits where they are known, and where the rest starts.
fn mode(line: &[u8]) -> Option<(FileType, Option<u32>, usize)> {
    let (kind, bits) = line.get(..10)?.split_first()?;
    let file_type = match kind {
        b'-' => FileType::File,
        b'd' => FileType::Directory,
        b'l' => FileType::Symlink,
        // Devices, pipes, sockets, doors, ports, shared memory, and what systems invent.
        kind if kind.is_ascii_alphabetic() || *kind == b'?' => FileType::Other,
        _ => return None,
    };
    let mut permissions = Some(0);
    if bits == b"?????????" {
        permissions = None;
    }
    if let Some(known) = &mut permissions {
        for (place, bit) in bits.iter().enumerate() {
            let plain = 0o400 >> place;
            let special = [0o4000, 0o2000, 0o1000].get(place / 3)?;
            *known |= match (place % 3, bit) {
                (_, b'-') => 0,
                (0, b'r') | (1, b'w') | (2, b'x') => plain,
                (2, b's' | b't') => plain | special,
                (2, b'S' | b'T' | b'l' | b'L') => *special,
                _ => return None,
            };
        }
    }
    // Marks of access control lists and labels follow without a space.
    let marks = line
        .get(10..)?
        .iter()
        .take_while(|b| matches!(b, b'+' | b'.' | b'@' | b'*' | b'['))
        .count();
    let rest = 10 + marks;
    (line.get(rest)? == &b' ').then_some((file_type, permissions, rest))
}

/// The words from a place on, into `room`; answers how many.
fn words<'a>(line: &'a [u8], from: usize, room: &mut [Word<'a>]) -> usize {
    let mut at = from;
    let mut count = 0;
    for word in room {
        let rest = line.get(at..).unwrap_or_default();
        let Some(gap) = rest.iter().position(|b| *b != b' ') else {
            break;
        };
        let start = at + gap;
        let text = line.get(start..).unwrap_or_default();
        // The last word of a line can only be part of a name.
        let Some(length) = text.iter().position(|b| *b == b' ') else {
            break;
        };
        at = start + length;
        *word = Word {
            text: line.get(start..at).unwrap_or_default(),
            start,
            end: at,
        };
        count += 1;
    }
    count
}

/// A size: digits, a device's minor number, or what `ls -h` makes of it.
fn is_size(text: &[u8]) -> bool {
    match text {
        [digits @ .., b'K' | b'M' | b'G' | b'T' | b'P' | b'k'] => {
            !digits.is_empty() && digits.iter().all(|b| b"0123456789.,".contains(b))
        }
        _ => {
            !text.is_empty()
                && text.iter().all(|b| b.is_ascii_digit() || *b == b',')
                && text.last() != Some(&b',')
        }
    }
}

/// Link count, owner and group, as far as they are there.
fn owners(line: &[u8], words: &[Word<'_>], metadata: &mut Metadata) {
    let words = match words.split_first() {
        // A directory of a NetPresenz server: `folder` and the number of its entries.
        Some((first, [])) if first.text == b"folder" => return,
        // A link count, or an owner's number.
        Some((first, [])) if number::<u64>(first.text).is_some() => return,
        // A file of NetPresenz: the sizes of its two forks.
        Some((resource, [data])) if are_forks(resource, data, metadata.size) => return,
        // The first word is the link count, where there is one.
        Some((first, others)) if number::<u64>(first.text).is_some() && !others.is_empty() => {
            others
        }
        _ => words,
    };
    let (owner, group) = owner_and_group(line, words);
    match owner.map(|word| (number(word), word)) {
        Some((Some(uid), _)) => metadata.uid = Some(uid),
        Some((None, word)) => metadata.owner = Some(text(word)),
        None => {}
    }
    match group.map(|word| (number(word), word)) {
        Some((Some(gid), _)) => metadata.gid = Some(gid),
        Some((None, word)) => metadata.group = Some(text(word)),
        None => {}
    }
}

fn are_forks(resource: &Word<'_>, data: &Word<'_>, size: Option<u64>) -> bool {
    let (Some(resource), Some(data)) = (number::<u64>(resource.text), number(data.text)) else {
        return false;
    };
    resource.checked_add(data) == size
}

/// Two words are owner and group. More of them are divided where the line gives a reason,
/// else before the last one.
fn owner_and_group<'a>(line: &'a [u8], words: &[Word<'a>]) -> (Option<&'a [u8]>, Option<&'a [u8]>) {
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return (None, None);
    };
    if words.len() == 1 {
        return (Some(first.text), None);
    }
    let at = division(words).unwrap_or(words.len() - 1);
    let owner = at
        .checked_sub(1)
        .and_then(|before| words.get(before))
        .and_then(|word| line.get(first.start..word.end));
    let group = words
        .get(at)
        .and_then(|word| line.get(word.start..last.end));
    (owner, group)
}

/// Where the group begins among three or more words.
fn division(words: &[Word<'_>]) -> Option<usize> {
    if words.len() < 3 {
        return None;
    }
    let has_domain = |word: &Word<'_>| word.text.contains(&b'\\');
    // `DOMAIN\Ann Lee DOMAIN\Domain Users`, and `ann DOMAIN\Domain Users`.
    if let Some(at) = words.iter().skip(1).position(has_domain) {
        return Some(at + 1);
    }
    // `Ann Lee Domain Users`, the groups every Windows domain has.
    if let [before @ .., domain, members] = words
        && !before.is_empty()
        && domain.text == b"Domain"
        && matches!(
            members.text,
            b"Users" | b"Admins" | b"Guests" | b"Computers"
        )
    {
        return Some(before.len());
    }
    // Columns are filled up with spaces: one gap wider than the others divides.
    let mut wide = words
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| matches!(pair, [a, b] if b.start - a.end > 1));
    match (wide.next(), wide.next()) {
        (Some((at, _)), None) => Some(at + 1),
        // `DOMAIN\ann Research and Sales`: names of accounts seldom hold spaces.
        _ => words.first().filter(|word| has_domain(word)).map(|_| 1),
    }
}

/// `name -> target`, divided at the first arrow, unless the size of the link, which is the
/// length of its target, tells another one.
fn split_link(name: &[u8], size: Option<u64>) -> (&[u8], Option<&[u8]>) {
    const ARROW: &[u8] = b" -> ";
    let splits = || {
        name.windows(ARROW.len())
            .enumerate()
            .filter(|(at, window)| *window == ARROW && *at > 0)
            .filter_map(|(at, _)| Some((name.get(..at)?, name.get(at + ARROW.len()..)?)))
    };
    let fits = |target: &[u8]| u64::try_from(target.len()).ok() == size;
    match splits()
        .find(|(_, target)| fits(target))
        .or_else(|| splits().next())
    {
        Some((link, target)) => (link, Some(target)),
        None => (name, None),
    }
}
