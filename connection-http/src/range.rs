//! The `Range` of a request for part of a file (RFC 9110, section 14). Knows no file.

use std::ops::RangeInclusive;

/// What a request wants of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All of it.
    Whole,
    /// These bytes, the last one included.
    Part(RangeInclusive<u64>),
    /// No byte that is there: answered with 416.
    Nothing,
}

/// What a header asks of a file of this size.
///
/// What is no range of bytes is ignored, as the RFC wants; so are several ranges at once,
/// which a server may always answer with the whole.
pub fn wanted(header: Option<&str>, size: u64) -> Wanted {
    let one = header
        .and_then(|value| value.trim().split_once('='))
        .filter(|(unit, _)| unit.trim().eq_ignore_ascii_case("bytes"))
        .and_then(|(_, range)| range.trim().split_once('-'));
    let Some((first, last)) = one else {
        return Wanted::Whole;
    };
    let Some(end) = size.checked_sub(1) else {
        // Of an empty file only the suffix form asks for something there could be.
        return match (first, number(first), number(last)) {
            ("", _, Some(_)) => Wanted::Nothing,
            (_, Some(_), _) => Wanted::Nothing,
            _ => Wanted::Whole,
        };
    };
    match (first, last) {
        ("", suffix) => match number(suffix) {
            None => Wanted::Whole,
            Some(0) => Wanted::Nothing,
            Some(length) => Wanted::Part(size.saturating_sub(length)..=end),
        },
        (first, "") => match number(first) {
            None => Wanted::Whole,
            Some(first) if first > end => Wanted::Nothing,
            Some(first) => Wanted::Part(first..=end),
        },
        (first, last) => match (number(first), number(last)) {
            (Some(first), Some(last)) if first > last => Wanted::Whole,
            (Some(first), Some(_)) if first > end => Wanted::Nothing,
            (Some(first), Some(last)) => Wanted::Part(first..=last.min(end)),
            _ => Wanted::Whole,
        },
    }
}

/// Digits only; more than fit are as good as the largest.
fn number(digits: &str) -> Option<u64> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_range() {
        for (header, want) in [
            ("bytes=0-0", Wanted::Part(0..=0)),
            ("bytes=2-5", Wanted::Part(2..=5)),
            ("Bytes = 2-5", Wanted::Part(2..=5)),
            ("bytes=2-", Wanted::Part(2..=9)),
            ("bytes=9-", Wanted::Part(9..=9)),
            ("bytes=2-99999999999999999999999", Wanted::Part(2..=9)),
            ("bytes=-3", Wanted::Part(7..=9)),
            ("bytes=-99", Wanted::Part(0..=9)),
            ("bytes=10-", Wanted::Nothing),
            ("bytes=10-12", Wanted::Nothing),
            ("bytes=99999999999999999999999-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=5-2", Wanted::Whole),
            ("bytes=0-1,3-4", Wanted::Whole),
            ("bytes=", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("lines=1-2", Wanted::Whole),
            ("", Wanted::Whole),
        ] {
            assert_eq!(wanted(Some(header), 10), want, "{header}");
        }
        assert_eq!(wanted(None, 10), Wanted::Whole);
    }

    #[test]
    fn an_empty_file_has_no_part() {
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Nothing);
        assert_eq!(wanted(Some("bytes=-1"), 0), Wanted::Nothing);
        assert_eq!(wanted(Some("bytes=x"), 0), Wanted::Whole);
        assert_eq!(wanted(None, 0), Wanted::Whole);
    }
}
