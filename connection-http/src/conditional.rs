//! Validators of a file's content and the conditions a request puts on them (RFC 9110,
//! sections 8.8 and 13). Knows no file beyond its size and time.

use crate::codes;
use crate::error::{Outcome, Problem};
use poem::http::{HeaderMap, HeaderName, StatusCode, header};
use std::time::{Duration, SystemTime};

/// The last second a date in a header can name: the year has four digits.
const LAST_SECOND: u64 = 253_402_300_799;

/// What a client may compare its copy of a file by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Validators {
    etag: Option<String>,
    modified: Option<SystemTime>,
}

impl Validators {
    /// The validators of a file: its tag is made of size and time, and there is none unless
    /// both are known. Servers tell the time in seconds, so two changes within one that
    /// keep the size cannot be told apart.
    pub(crate) fn new(size: Option<u64>, modified: Option<SystemTime>) -> Self {
        let since = modified.and_then(|m| m.duration_since(SystemTime::UNIX_EPOCH).ok());
        let seconds = since
            .map(|s| s.as_secs())
            .filter(|seconds| *seconds <= LAST_SECOND);
        Self {
            etag: size
                .zip(since)
                .map(|(size, since)| format!("\"{size:x}-{:x}\"", since.as_nanos())),
            modified: seconds
                .and_then(|s| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(s))),
        }
    }

    /// The headers `ETag` and `Last-Modified`, as far as known.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (HeaderName, String)> {
        let modified = self.modified.map(httpdate::fmt_http_date);
        [
            self.etag.clone().map(|tag| (header::ETAG, tag)),
            modified.map(|date| (header::LAST_MODIFIED, date)),
        ]
        .into_iter()
        .flatten()
    }

    /// Whether the client's copy is as good as the file: `If-None-Match`, and without it
    /// `If-Modified-Since`.
    fn not_modified(&self, request: &HeaderMap) -> bool {
        if request.contains_key(header::IF_NONE_MATCH) {
            return values(request, &header::IF_NONE_MATCH).any(|list| self.in_list(list));
        }
        let since = date(request, header::IF_MODIFIED_SINCE);
        self.modified
            .zip(since)
            .is_some_and(|(modified, since)| modified <= since)
    }

    /// Whether a range may be answered with a part: `If-Range`.
    pub(crate) fn range_applies(&self, request: &HeaderMap) -> bool {
        let Some(value) = request.get(header::IF_RANGE) else {
            return true;
        };
        let tag = value.to_str().unwrap_or_default().trim();
        if tag.starts_with('"') || tag.starts_with("W/") {
            // A weak tag never matches here.
            return self.etag.as_deref() == Some(tag);
        }
        self.modified.is_some() && self.modified == date(request, header::IF_RANGE)
    }

    /// Whether a request that reads the file is told that its copy is as good. The order of the
    /// conditions is that of RFC 9110, section 13.2.2.
    ///
    /// # Errors
    /// 412 when the file is not the one the request is about: a download that goes on must not
    /// come out as the beginning of one file and the end of another.
    pub(crate) fn copy_is_good(&self, request: &HeaderMap) -> Outcome<bool> {
        match is_as_known(Some(self), request) {
            true => Ok(self.not_modified(request)),
            false => Err(failed_condition()),
        }
    }

    fn in_list(&self, list: &str) -> bool {
        list.trim() == "*"
            || tags(list)
                .any(|tag| self.etag.as_deref() == Some(tag.strip_prefix("W/").unwrap_or(tag)))
    }

    /// As [`Self::in_list`], but a weak tag never matches.
    fn in_strong_list(&self, list: &str) -> bool {
        list.trim() == "*" || tags(list).any(|tag| self.etag.as_deref() == Some(tag))
    }
}

/// The answer when a file is not as a request's conditions want it.
pub(crate) fn failed_condition() -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "the file on the server is not as the request's conditions want it",
    )
    .with_code(codes::PRECONDITION_FAILED)
}

/// Whether a request to change a file has conditions.
pub(crate) fn has_conditions_to_change(request: &HeaderMap) -> bool {
    [
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::IF_UNMODIFIED_SINCE,
    ]
    .iter()
    .any(|name| request.contains_key(name))
}

/// Whether the file may only come into being: `If-None-Match: *`.
pub(crate) fn wants_none(request: &HeaderMap) -> bool {
    values(request, &header::IF_NONE_MATCH).any(|list| list.trim() == "*")
}

/// Whether the file is the one the request is about: `If-Match`, and without it
/// `If-Unmodified-Since`.
fn is_as_known(file: Option<&Validators>, request: &HeaderMap) -> bool {
    if request.contains_key(header::IF_MATCH) {
        return file.is_some_and(|file| {
            values(request, &header::IF_MATCH).any(|list| file.in_strong_list(list))
        });
    }
    date(request, header::IF_UNMODIFIED_SINCE).is_none_or(|since| {
        file.and_then(|file| file.modified)
            .is_some_and(|modified| modified <= since)
    })
}

/// Whether the file, or its absence, is as a request to change it wants it: `If-Match`, and
/// without it `If-Unmodified-Since`; then `If-None-Match`.
pub(crate) fn may_change(file: Option<&Validators>, request: &HeaderMap) -> bool {
    is_as_known(file, request)
        && !file.is_some_and(|file| {
            values(request, &header::IF_NONE_MATCH).any(|list| file.in_list(list))
        })
}

fn values<'a>(request: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    request
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
}

/// Our tags hold no comma, so a foreign one that does cannot split into one of ours.
fn tags(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim)
}

fn date(request: &HeaderMap, name: HeaderName) -> Option<SystemTime> {
    let value = request.get(name)?.to_str().ok()?;
    httpdate::parse_http_date(value.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use poem::http::HeaderValue;

    fn file() -> Validators {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        Validators::new(Some(10), Some(time))
    }

    fn asks(name: HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
        headers
    }

    #[test]
    fn a_copy_is_compared_by_tag_and_else_by_date() {
        let tag = file().etag.unwrap();
        for (value, want) in [
            (tag.clone(), true),
            (format!("W/{tag}"), true),
            (format!("\"x\", {tag}"), true),
            ("*".to_owned(), true),
            ("\"x\"".to_owned(), false),
        ] {
            let headers = asks(header::IF_NONE_MATCH, &value);
            assert_eq!(file().not_modified(&headers), want, "{value}");
        }
        for (value, want) in [
            ("Tue, 14 Nov 2023 22:13:20 GMT", true),
            ("Tue, 14 Nov 2023 22:13:19 GMT", false),
            ("yesterday", false),
        ] {
            let headers = asks(header::IF_MODIFIED_SINCE, value);
            assert_eq!(file().not_modified(&headers), want, "{value}");
            let mut both = headers;
            both.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"x\""));
            assert!(!file().not_modified(&both), "the tag decides");
        }
    }

    #[test]
    fn a_part_needs_the_same_file() {
        let tag = file().etag.unwrap();
        for (value, want) in [
            (tag.clone(), true),
            (format!("W/{tag}"), false),
            ("\"x\"".to_owned(), false),
            ("Tue, 14 Nov 2023 22:13:20 GMT".to_owned(), true),
            ("Tue, 14 Nov 2023 22:13:21 GMT".to_owned(), false),
            ("nonsense".to_owned(), false),
        ] {
            let headers = asks(header::IF_RANGE, &value);
            assert_eq!(file().range_applies(&headers), want, "{value}");
        }
        assert!(file().range_applies(&HeaderMap::new()));
        let unknown = Validators::new(None, None);
        assert!(!unknown.range_applies(&asks(header::IF_RANGE, "nonsense")));
    }

    #[test]
    fn a_change_wants_the_file_as_it_was_known() {
        let tag = file().etag.unwrap();
        let unknown = Validators::new(Some(10), None);
        for (name, value, there, gone, unclear) in [
            (header::IF_MATCH, tag.clone(), true, false, false),
            (
                header::IF_MATCH,
                format!("\"x\", {tag}"),
                true,
                false,
                false,
            ),
            (header::IF_MATCH, format!("W/{tag}"), false, false, false),
            (header::IF_MATCH, "\"x\"".to_owned(), false, false, false),
            (header::IF_MATCH, String::new(), false, false, false),
            (header::IF_MATCH, "*".to_owned(), true, false, true),
            (header::IF_NONE_MATCH, "*".to_owned(), false, true, false),
            (header::IF_NONE_MATCH, tag.clone(), false, true, true),
            (header::IF_NONE_MATCH, "\"x\"".to_owned(), true, true, true),
            (
                header::IF_UNMODIFIED_SINCE,
                "Tue, 14 Nov 2023 22:13:20 GMT".to_owned(),
                true,
                false,
                false,
            ),
            (
                header::IF_UNMODIFIED_SINCE,
                "Tue, 14 Nov 2023 22:13:19 GMT".to_owned(),
                false,
                false,
                false,
            ),
            (
                header::IF_UNMODIFIED_SINCE,
                "soon".to_owned(),
                true,
                true,
                true,
            ),
        ] {
            let headers = asks(name.clone(), &value);
            assert!(has_conditions_to_change(&headers));
            let may = |file: Option<&Validators>| may_change(file, &headers);
            let got = (may(Some(&file())), may(None), may(Some(&unknown)));
            assert_eq!(got, (there, gone, unclear), "{name}: {value}");
            assert_eq!(
                wants_none(&headers),
                name == header::IF_NONE_MATCH && value == "*"
            );
        }
        assert!(may_change(None, &HeaderMap::new()));
        assert!(!has_conditions_to_change(&HeaderMap::new()));
    }

    #[test]
    fn absurd_times_are_no_dates() {
        for seconds in [LAST_SECOND + 1, 1 << 60] {
            let far = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
            let validators = Validators::new(Some(1), far);
            assert!(validators.headers().all(|(n, _)| n == header::ETAG));
        }
        let early = SystemTime::UNIX_EPOCH.checked_sub(Duration::from_secs(5));
        assert_eq!(Validators::new(Some(1), early).headers().count(), 0);
    }
}
