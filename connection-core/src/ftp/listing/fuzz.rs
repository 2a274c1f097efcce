//! A fuzzer of bounded length: lines of the corpus, mutated and mixed, must neither panic a
//! parser nor vanish.
//!
//! It is deterministic, so that a failure can be had again. `LISTING_FUZZ_SECONDS` lets it
//! run on, `LISTING_FUZZ_SEED` starts it elsewhere; what fails is printed with its seed.

use super::corpus::pieces;
use super::properties::read;
use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// Listings tried without `LISTING_FUZZ_SECONDS`: a second or two unoptimised.
const ROUNDS: u64 = 30_000;
const SEED: u64 = 0x5EED_1157;
/// Longest line made.
const MAX_LINE: usize = 512;

/// Pieces that mean something to one parser or another.
const TOKENS: [&[u8]; 32] = [
    b" ",
    b"  ",
    b";",
    b"=",
    b"; ",
    b" -> ",
    b".",
    b"..",
    b"/",
    b",",
    b"\t",
    b"\\",
    b"[",
    b"]",
    b"-",
    b"+",
    b"?",
    b"<DIR>",
    b"total 1",
    b"Jan",
    b"29 Feb",
    b"12:00",
    b"99999999999999999999",
    b"type=cdir;",
    b"type=OS.unix=slink:",
    b"UNIX.mode=7777777777;",
    b"0000-00-00",
    b"\xe6\x9c\x88",
    b"\xff",
    b"*DIR",
    b";1",
    b"drwxr-xr-x ",
];

/// Marsaglia's xorshift.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        all.get(self.below(all.len())).unwrap()
    }
}

fn mutate(line: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    let at = chance.below(line.len() + 1);
    match chance.below(8) {
        0 => line.truncate(at),
        1 => {
            let from = chance.below(at + 1);
            line.drain(from..at);
        }
        2 => {
            if let Some(byte) = line.get_mut(at) {
                *byte = chance.next().to_le_bytes()[0];
            }
        }
        3 => {
            if let Some(byte) = line.get_mut(at) {
                *byte ^= 1 << chance.below(8);
            }
        }
        4 => {
            let token = *chance.of(&TOKENS);
            line.splice(at..at, token.iter().copied());
        }
        5 => {
            let from = chance.below(other.len() + 1);
            line.truncate(at);
            line.extend_from_slice(other.get(from..).unwrap());
        }
        6 => {
            let from = chance.below(at + 1);
            let again = line.get(from..at).unwrap().to_vec();
            line.splice(at..at, again);
        }
        _ => {
            if let Some(byte) = line.get_mut(at).filter(|byte| byte.is_ascii_digit()) {
                *byte = b'0' + chance.next().to_le_bytes()[0] % 10;
            }
        }
    }
    line.retain(|b| !matches!(b, b'\r' | b'\n'));
    line.truncate(MAX_LINE);
}

fn check(form: Form, lines: &[Vec<u8>]) {
    let lines: Vec<_> = lines.iter().map(Vec::as_slice).collect();
    let (listed, nothing) = read(form, &lines);
    // A VMS entry in two lines is one entry.
    let halves = lines.iter().filter(|line| vms::is_name(line)).count();
    assert!(listed.len() + nothing <= lines.len());
    assert!(listed.len() + nothing + halves >= lines.len());
    for listed in &listed {
        let name = listed.entry.name.as_bytes();
        assert!(!name.is_empty() && !matches!(name, b"." | b".."));
        assert!(name.len() <= MAX_LINE);
        if let Some(time) = listed.entry.metadata.modified {
            // What cannot be shown panics.
            let _ = chrono::DateTime::<chrono::Utc>::from(time).to_rfc3339();
        }
        assert!(
            listed
                .entry
                .metadata
                .permissions
                .is_none_or(|mode| mode <= 0o7777)
        );
    }
    assert_eq!((listed, nothing), read(form, &lines));
}

#[test]
fn mutated_listings_neither_panic_nor_vanish() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().unwrap());
    let seed: u64 = number("LISTING_FUZZ_SEED").unwrap_or(SEED);
    let end = number("LISTING_FUZZ_SECONDS").map(|s| Instant::now() + Duration::from_secs(s));
    let pieces = pieces();
    let all: Vec<&[u8]> = pieces
        .iter()
        .flat_map(|piece| piece.lines.iter().map(Vec::as_slice))
        .collect();
    let mut round = 0;
    while match end {
        Some(end) => Instant::now() < end,
        None => round < ROUNDS,
    } {
        let round_seed = seed.wrapping_add(round).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut chance = Chance(round_seed);
        let piece = chance.of(&pieces);
        let form = if chance.below(8) == 0 {
            Form::List
        } else {
            piece.form
        };
        let count = 1 + chance.below(4);
        let mut lines = Vec::new();
        for _ in 0..count {
            let mut line = chance.of(&piece.lines).clone();
            for _ in 0..chance.below(5) {
                let other = all.get(chance.below(all.len())).copied().unwrap();
                mutate(&mut line, other, &mut chance);
            }
            if !line.is_empty() {
                lines.push(line);
            }
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| check(form, &lines)));
        if let Err(panic) = outcome {
            let shown: Vec<_> = lines.iter().map(|l| l.escape_ascii().to_string()).collect();
            let seed = seed.wrapping_add(round);
            panic!("LISTING_FUZZ_SEED={seed}: {form:?} {shown:#?}: {panic:?}");
        }
        round += 1;
    }
}
