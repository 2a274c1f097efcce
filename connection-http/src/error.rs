//! [`Problem`]: a refusal or failure as the client sees it, a status and a `detail`.

use crate::codes;
use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::Object;
use serde::Serialize;
use serde_json::{Map, Value};

/// The body of every answer that is not a success.
#[derive(Debug, Object, Serialize)]
pub(crate) struct Detail {
    /// What went wrong, in words for a person.
    detail: String,
}

/// A status and its `detail`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    detail: String,
    code: Option<&'static str>,
    /// The name where the body has no room for it.
    name: Option<&'static str>,
    field: Option<Box<str>>,
    size: Option<u64>,
    // Boxed, so that results stay small.
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

/// Result of a step that can end a request.
pub(crate) type Outcome<T> = std::result::Result<T, Problem>;

impl Problem {
    /// A problem of this status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            code: None,
            name: None,
            field: None,
            size: None,
            header: None,
        }
    }

    /// 400: the request itself is wrong, or the connection it asks for cannot be made.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 400: a field of the request is wrong; `what` is said of it.
    pub fn wrong_field(field: &str, what: &str) -> Self {
        Self::bad_request(format!("{field} {what}")).about(field)
    }

    /// 500: an operation on a session failed.
    pub fn failed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    }

    /// 500 for a mistake of this program; what it was is only logged.
    pub fn internal() -> Self {
        Self::failed("Internal server error")
    }

    /// Adds a header that the status asks for.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some(Box::new((name, value)));
        self
    }

    /// Gives it a stable name, of [`codes::LIST`], in the header alone: answers of the contract
    /// have no room for it in the body. Where there is one in the body too, that one counts.
    #[must_use]
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// Names the field of the request that it is about.
    #[must_use]
    pub fn about(mut self, field: &str) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Adds the stable name of what went wrong to the body, which answers of the contract never
    /// carry there.
    #[must_use]
    pub fn with_code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Adds the name if there is none yet.
    #[must_use]
    pub fn or_code(self, code: &'static str) -> Self {
        match self.code {
            Some(_) => self,
            None => self.with_code(code),
        }
    }

    /// Adds the bytes that a partial file has, where a client may go on.
    #[must_use]
    pub fn with_size(mut self, size: u64) -> Self {
        self.size = Some(size);
        self
    }

    /// The same in other words.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Its stable name, if it has one.
    pub fn code(&self) -> Option<&'static str> {
        self.code
    }

    /// The name it has in the header.
    pub fn name(&self) -> &'static str {
        let own = self.code.or(self.name);
        own.unwrap_or_else(|| codes::of_status(self.status))
    }

    /// The field of the request that it is about.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// Its text.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let name = self.name();
        let mut body = Map::new();
        body.insert("detail".to_owned(), self.detail.into());
        if let Some(code) = self.code {
            body.insert("code".to_owned(), code.into());
        }
        if let Some(size) = self.size {
            body.insert("size".to_owned(), size.into());
        }
        let mut response = Response::builder()
            .status(self.status)
            .content_type("application/json")
            .body(Value::Object(body).to_string());
        let headers = response.headers_mut();
        headers.insert(codes::ERROR_CODE, HeaderValue::from_static(name));
        if let Some(field) = self.field.and_then(|f| HeaderValue::from_str(&f).ok()) {
            headers.insert(codes::ERROR_FIELD, field);
        }
        if let Some((name, value)) = self.header.map(|header| *header) {
            response.headers_mut().insert(name, value);
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .entry(header::CACHE_CONTROL)
                .or_insert(HeaderValue::from_static("no-store"));
        }
        response
    }
}

// So that a problem can pass through poem's own machinery; the response is made here.
impl From<Problem> for poem::Error {
    fn from(problem: Problem) -> Self {
        Self::from_response(problem.into_response())
    }
}
