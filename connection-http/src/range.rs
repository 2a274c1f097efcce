//! The `Range` of a request for part of a file (RFC 9110, section 14). Knows no file.

use crate::conditional::Validators;
use crate::error::{Outcome, Problem};
use poem::http::{HeaderMap, HeaderValue, StatusCode, header};
use std::ops::RangeInclusive;

/// The bytes of a file that a request is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// First and last byte, when they are only a part.
    pub part: Option<RangeInclusive<u64>>,
    /// The first byte.
    pub offset: u64,
    /// How many there are, if that is known.
    pub length: Option<u64>,
}

impl Span {
    /// Those that a request asks for, of a file with this size and these validators.
    ///
    /// # Errors
    /// 416 when none of them is in the file.
    pub(crate) fn asked(
        request: &HeaderMap,
        size: Option<u64>,
        validators: &Validators,
    ) -> Outcome<Self> {
        let whole = Self {
            part: None,
            offset: 0,
            length: size,
        };
        let Some(size) = size.filter(|_| validators.range_applies(request)) else {
            return Ok(whole);
        };
        let range = request.get(header::RANGE).and_then(|r| r.to_str().ok());
        match wanted(range, size) {
            Wanted::Whole => Ok(whole),
            Wanted::Part(part) => Ok(Self {
                offset: *part.start(),
                length: Some((part.end() - part.start()).saturating_add(1)),
                part: Some(part),
            }),
            Wanted::Nothing => Err(out_of_range(size)),
        }
    }
}

/// The answer to a range that no byte of a file of this size is in.
fn out_of_range(size: u64) -> Problem {
    let problem = Problem::new(
        StatusCode::RANGE_NOT_SATISFIABLE,
        format!("the file has only {size} bytes"),
    );
    match HeaderValue::from_str(&format!("bytes */{size}")) {
        Ok(value) => problem.with_header(header::CONTENT_RANGE, value),
        Err(_) => problem,
    }
}

/// What a request wants of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    /// All of it.
    Whole,
    /// These bytes, the last one included.
    Part(RangeInclusive<u64>),
    /// No byte that is there.
    Nothing,
}

/// What a header asks of a file of this size.
///
/// What is no range of bytes is ignored, as the RFC wants; so are several ranges at once,
/// which a server may always answer with the whole.
fn wanted(header: Option<&str>, size: u64) -> Wanted {
    let one = header
        .and_then(|value| value.trim().split_once('='))
        .filter(|(unit, _)| unit.trim().eq_ignore_ascii_case("bytes"))
        .and_then(|(_, range)| range.trim().split_once('-'));
    let Some((first, last)) = one else {
        return Wanted::Whole;
    };
    let Some(end) = size.checked_sub(1) else {
        // The last bytes of an empty file are all of it: only that much can be asked for.
        return match (first, number(first), number(last)) {
            ("", _, Some(0)) | (_, Some(_), _) => Wanted::Nothing,
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
        assert_eq!(wanted(Some("bytes=-0"), 0), Wanted::Nothing);
        assert_eq!(wanted(Some("bytes=-1"), 0), Wanted::Whole);
        assert_eq!(wanted(Some("bytes=x"), 0), Wanted::Whole);
        assert_eq!(wanted(None, 0), Wanted::Whole);
    }
}
