//! Properties of every listing, whatever its bytes: nothing panics, no line is lost, and
//! what was written is what is read.

use super::*;
use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;

fn now() -> SystemTime {
    DateTime::parse_from_rfc3339("2026-11-21T12:00:00Z")
        .unwrap()
        .to_utc()
        .into()
}

/// What lines come to, and how many of them came to nothing.
pub(super) fn read(form: Form, lines: &[&[u8]]) -> (Vec<Listed>, usize) {
    let mut listing = Listing::new(form, now());
    let mut listed = Vec::new();
    let mut nothing = 0;
    for line in lines {
        let had_half = listing.half.is_some();
        let [earlier, this] = listing.line(line);
        let has_half = listing.half.is_some();
        if this.is_none() && !has_half {
            assert!(may_come_to_nothing(line), "{}", line.escape_ascii());
            nothing += 1;
        }
        assert!(earlier.is_none() || had_half);
        listed.extend(earlier);
        listed.extend(this);
    }
    listed.extend(listing.end());
    (listed, nothing)
}

/// Whether there is anything in a line for which it could be no entry: a dot for a name, a
/// total or a word of a heading. Laxer than the parsers, and written without them.
fn may_come_to_nothing(line: &[u8]) -> bool {
    let line = line.to_ascii_lowercase();
    let has = |part: &[u8]| line.windows(part.len()).any(|window| window == part);
    let words = || {
        line.split(|b| b" \t'/".contains(b))
            .filter(|w| !w.is_empty())
    };
    line.is_empty()
        || words().any(|word| matches!(word, b"." | b"..") || word.ends_with(b".dir;1"))
        || words().count() == 2
        || [&b"type=cdir"[..], b"type=pdir", b"directory ", b"total of "]
            .iter()
            .any(|part| has(part))
        || [&b"volume"[..], b"vv.mm", b"code", b"size", b"----"]
            .iter()
            .any(|part| has(part))
}

fn one(form: Form, line: &[u8]) -> Entry {
    let (mut listed, _) = read(form, &[line]);
    assert_eq!(listed.len(), 1, "{}", line.escape_ascii());
    listed.remove(0).entry
}

/// Any name a server can send in a line.
fn names() -> impl Strategy<Value = Vec<u8>> {
    let byte = any::<u8>().prop_filter("a line end", |b| !matches!(b, b'\r' | b'\n'));
    let name = proptest::collection::vec(byte, 1..60);
    name.prop_filter("no entry", |name| !matches!(name.as_slice(), b"." | b".."))
}

fn dates() -> impl Strategy<Value = NaiveDate> {
    (1970..2100i32, 1..=366u32)
        .prop_filter_map("no such day", |(y, d)| NaiveDate::from_yo_opt(y, d))
}

const LETTERS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn mode_text(mode: u32) -> String {
    let mut text = String::new();
    for (place, special) in [(6, 0o4000), (3, 0o2000), (0, 0o1000)] {
        let bits = mode >> place;
        text.push(if bits & 4 == 0 { '-' } else { 'r' });
        text.push(if bits & 2 == 0 { '-' } else { 'w' });
        let (small, large) = if special == 0o1000 {
            ('t', 'T')
        } else {
            ('s', 'S')
        };
        text.push(match (bits & 1 != 0, mode & special != 0) {
            (false, false) => '-',
            (true, false) => 'x',
            (true, true) => small,
            (false, true) => large,
        });
    }
    text
}

proptest! {
    #[test]
    fn no_line_panics_or_vanishes(
        lines in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..120), 1..6),
    ) {
        for form in [Form::Mlsd, Form::List] {
            let lines: Vec<_> = lines.iter().map(Vec::as_slice).collect();
            let (listed, nothing) = read(form, &lines);
            prop_assert_eq!(listed.len() + nothing, lines.len());
            for listed in listed {
                let name = listed.entry.name;
                prop_assert!(lines.iter().any(|l| l.windows(name.as_bytes().len().max(1)).any(|w| w == name.as_bytes())));
            }
        }
    }

    #[test]
    fn nearly_valid_lines_do_not_panic(line in "[-dlbcps?][-rwxstST?]{9}[.+@]? {0,3}[0-9]{0,4} [a-z0-9 ]{0,20} [0-9,]{0,12} (Feb|Jan|Dec|31|29|2024-02-30|1月) {0,2}[0-9]{0,3} [0-9:]{0,6} .{0,10}") {
        let (listed, nothing) = read(Form::List, &[line.as_bytes()]);
        prop_assert_eq!(listed.len() + nothing, 1);
    }

    #[test]
    fn nearly_valid_lines_of_old_systems_do_not_panic(line in "(\\+|[A-Z.]{1,6};[0-9]{1,3}|[dA-] \\[[RW-]{0,8}\\]|[0-9]{2}[-/.][0-9]{2}[-/.][0-9]{2,4}| *[0-9]{1,4} )( {1,3}([0-9]{1,4}/[0-9]{0,4}|[0-9]{1,2}-[A-Z]{3}-[0-9]{2,4}|[A-Z][a-z]{2}-[0-9]{2}-[0-9]{4}|[0-9]{1,2}:[0-9]{2}(AM|:[0-9]{2})?|<DIR>|\\*STMF|[0-9]{1,8}|\\[[A-Z, ]{1,5}\\]?)){0,6} .{0,10}") {
        let (listed, nothing) = read(Form::List, &[line.as_bytes()]);
        prop_assert_eq!(listed.len() + nothing, 1);
    }

    #[test]
    fn nearly_valid_facts_do_not_panic(line in "(type=(file|dir|OS.unix=slink:.{0,5});|modify=[0-9.]{0,20};|size=[0-9]{0,25};|unix.mode=[0-9]{0,8};){0,5} ?.{0,10}") {
        let (listed, nothing) = read(Form::Mlsd, &[line.as_bytes()]);
        prop_assert_eq!(listed.len() + nothing, 1);
    }

    #[test]
    fn facts_come_through_as_they_are(
        name in names(),
        size in any::<u64>(),
        mode in 0..0o10000u32,
        date in dates(),
        second in 0..86_400u32,
    ) {
        let time = date.and_time(
            chrono::NaiveTime::from_num_seconds_from_midnight_opt(second, 0).unwrap(),
        );
        let mut line = format!(
            "type=file;size={size};modify={};UNIX.mode={mode:04o}; ",
            time.format("%Y%m%d%H%M%S")
        )
        .into_bytes();
        line.extend_from_slice(&name);
        let entry = one(Form::Mlsd, &line);
        prop_assert_eq!(entry.name.as_bytes(), name.as_slice());
        prop_assert_eq!(entry.metadata.size, Some(size));
        prop_assert_eq!(entry.metadata.permissions, Some(mode));
        prop_assert_eq!(entry.metadata.modified, Some(time.and_utc().into()));
    }

    #[test]
    fn unix_lines_come_through_as_they_are(
        name in names(),
        size in any::<u64>(),
        mode in 0..0o10000u32,
        date in dates(),
        kind in 0..2usize,
        mark in 0..3usize,
    ) {
        use chrono::Datelike;
        let kind_letter = ["-", "d"][kind];
        // A directory's name may come with a mark that is not part of it.
        prop_assume!(kind == 0 || !name.ends_with(b"/"));
        let mut line = format!(
            "{kind_letter}{}{}   1 ann      staff    {size:>12} {} {:>2}  {} ",
            mode_text(mode),
            ["", "+", "."][mark],
            LETTERS[date.month0() as usize],
            date.day(),
            date.year(),
        )
        .into_bytes();
        line.extend_from_slice(&name);
        let entry = one(Form::List, &line);
        prop_assert_eq!(entry.name.as_bytes(), name.as_slice());
        prop_assert_eq!(entry.metadata.size, Some(size));
        prop_assert_eq!(entry.metadata.permissions, Some(mode));
        prop_assert_eq!(entry.metadata.owner.as_deref(), Some("ann"));
        prop_assert_eq!(entry.metadata.group.as_deref(), Some("staff"));
        let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc();
        prop_assert_eq!(entry.metadata.modified, Some(midnight.into()));
    }

    #[test]
    fn a_date_without_a_year_is_never_far_in_the_future(
        days in 0..182i64,
        minute in 0..1440u32,
    ) {
        let today = DateTime::<Utc>::from(now());
        let time = (today - chrono::TimeDelta::days(days)).date_naive()
            .and_time(chrono::NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0).unwrap());
        let line = format!("-rw-r--r-- 1 a b 1 {} x", time.format("%b %e %H:%M"));
        let entry = one(Form::List, line.as_bytes());
        prop_assert_eq!(entry.metadata.modified, Some(time.and_utc().into()));
    }

    #[test]
    fn dos_lines_come_through_as_they_are(
        name in names(),
        size in any::<u64>(),
        date in dates(),
        minute in 0..1440u32,
    ) {
        let time = date.and_time(
            chrono::NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0).unwrap(),
        );
        for format in ["%m-%d-%Y  %I:%M%p", "%m-%d-%Y  %H:%M", "%Y-%m-%d  %H:%M", "%d.%m.%Y  %H:%M"] {
            let mut line = format!("{} {size:>20} ", time.format(format)).into_bytes();
            line.extend_from_slice(&name);
            let entry = one(Form::List, &line);
            prop_assert_eq!(entry.name.as_bytes(), name.as_slice());
            prop_assert_eq!(entry.metadata.size, Some(size));
            prop_assert_eq!(entry.metadata.modified, Some(time.and_utc().into()));
        }
    }
}
