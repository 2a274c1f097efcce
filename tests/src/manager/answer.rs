//! Requests to our server and what comes back, with checks that show both when they fail.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde_json::{Value, json};

use super::{Lines, Manager};

/// Longest wait for an answer: more than any test takes, less than a CI's patience.
const ANSWER: Duration = Duration::from_secs(60);

/// How long a connection is kept for the next request: half of what the program keeps it, or a
/// request could meet the close of its own connection.
const IDLE: Duration = Duration::from_secs(5);

/// Characters of a body shown when a test fails.
const SHOWN: usize = 4000;

pub(super) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .timeout(ANSWER)
        .pool_idle_timeout(IDLE)
        .build()
        .expect("build an HTTP client")
}

pub(crate) fn runtime() -> &'static tokio::runtime::Runtime {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("start a runtime")
    })
}

/// A request on its way.
type Pending = Pin<Box<dyn Future<Output = Result<Answer, reqwest::Error>> + Send>>;

/// What the server answered to one request.
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub text: String,
    request: String,
    log: Lines,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.text) {
            Ok(value) => value,
            Err(error) => self.fail(&format!("the body is not JSON: {error}")),
        }
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        self.is(200, "a success")
    }

    /// Checks the status and that the answer is JSON.
    #[track_caller]
    fn is(&self, status: u16, what: &str) -> Value {
        if self.status != status {
            self.fail(&format!("wanted {what} ({status})"));
        }
        let kind = self.header("content-type");
        if !kind.starts_with("application/json") {
            self.fail(&format!("wanted application/json, not {kind:?}"));
        }
        self.json()
    }

    /// Checks that the answer is `{"detail": …}` with this status; returns the text.
    #[track_caller]
    pub fn detail(&self, status: u16) -> String {
        let body = self.is(status, "a failure");
        if self.header("x-error-code").is_empty() {
            self.fail("wanted a failure with a name (X-Error-Code)");
        }
        match body.get("detail").and_then(Value::as_str) {
            Some(text) if body == json!({ "detail": text }) => text.to_owned(),
            _ => self.fail("wanted exactly {\"detail\": \"…\"}"),
        }
    }

    /// Checks status and exact text of a failure.
    #[track_caller]
    pub fn fails(&self, status: u16, detail: &str) {
        let got = self.detail(status);
        if got != detail {
            self.fail(&format!("wanted the detail {detail:?}"));
        }
    }

    /// Checks status and beginning of the text of a failure; returns the whole text.
    #[track_caller]
    pub fn fails_with(&self, status: u16, beginning: &str) -> String {
        let got = self.detail(status);
        if !got.starts_with(beginning) {
            self.fail(&format!("wanted a detail that begins with {beginning:?}"));
        }
        got
    }

    /// Checks the name of a failure of the contract, and the field it is about (empty for
    /// none), which stand in headers.
    #[track_caller]
    pub fn is_named(&self, code: &str, field: &str) {
        let status = self.status;
        self.detail(status);
        let got = (self.header("x-error-code"), self.header("x-error-field"));
        if got != (code, field) {
            self.fail(&format!("wanted {:?}, got {got:?}", (code, field)));
        }
    }

    /// A header's value, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Fails the test and shows the request, the answer and the server's log.
    #[track_caller]
    pub fn fail(&self, why: &str) -> ! {
        let shown: String = self.text.chars().take(SHOWN).collect();
        panic!(
            "{why}\n--- request: {}\n--- answer: {}\n{:?}\n{shown}\n--- log of connection-manager:\n{}\n---",
            self.request,
            self.status,
            self.headers,
            self.log.tail()
        );
    }
}

/// The keys of a JSON object, sorted.
///
/// # Panics
/// When it is no object.
#[track_caller]
pub fn keys(value: &Value) -> Vec<String> {
    match value.as_object() {
        Some(object) => {
            let sorted: BTreeSet<_> = object.keys().cloned().collect();
            sorted.into_iter().collect()
        }
        None => panic!("wanted a JSON object, got {value}"),
    }
}

impl Manager {
    /// Sends a request made by `make` on the server's address and this path.
    #[track_caller]
    pub fn send(
        &self,
        method: &str,
        path: &str,
        change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Answer {
        let request = format!("{method} {path}");
        match runtime().block_on(self.request(method, path, change)) {
            Ok(answer) => answer,
            Err(error) => panic!(
                "{request}: no answer: {error:?}\n--- log of connection-manager:\n{}\n---",
                self.stderr.tail()
            ),
        }
    }

    /// As [`Manager::send`], for a request that may get no answer.
    ///
    /// # Errors
    /// There was none.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Result<Answer, reqwest::Error> {
        runtime().block_on(self.request(method, path, change))
    }

    fn request(
        &self,
        method: &str,
        path: &str,
        change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Pending {
        let verb = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let mut builder = self.client.request(verb, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            builder = builder.bearer_auth(token);
        }
        let built = change(builder).build().expect("a request");
        let body = built.body().and_then(reqwest::Body::as_bytes);
        let body = String::from_utf8_lossy(body.unwrap_or_default());
        let shown: String = body.chars().take(SHOWN).collect();
        let request = format!("{method} {path} {shown}");
        let (client, log) = (self.client.clone(), self.stderr.clone());
        Box::pin(async move {
            let response = client.execute(built).await?;
            Ok(Answer {
                status: response.status().as_u16(),
                headers: response.headers().clone(),
                text: response.text().await?,
                request,
                log,
            })
        })
    }

    /// GET.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, |request| request)
    }

    /// DELETE.
    #[track_caller]
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, |request| request)
    }

    /// POST of a JSON body.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_raw(path, Some("application/json"), body.to_string())
    }

    /// POST of any body, with or without a type.
    #[track_caller]
    pub fn post_raw(
        &self,
        path: &str,
        kind: Option<&str>,
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        self.send("POST", path, |request| {
            let request = request.body(body);
            match kind {
                Some(kind) => request.header(CONTENT_TYPE, kind),
                None => request,
            }
        })
    }

    /// Sends a POST and goes away once `left` says so, without waiting for an answer.
    ///
    /// # Panics
    /// When the answer comes before.
    #[track_caller]
    pub fn post_and_leave(&self, path: &str, body: &Value, left: impl FnOnce()) {
        let text = body.to_string();
        let sent = self.request("POST", path, |request| {
            request.header(CONTENT_TYPE, "application/json").body(text)
        });
        let task = runtime().spawn(sent);
        left();
        assert!(
            !task.is_finished(),
            "POST {path} was answered before the client left"
        );
        task.abort();
        // Dropping the request is what closes the connection.
        let ended = runtime().block_on(task);
        assert!(
            ended.is_err(),
            "POST {path} was answered before the client left"
        );
    }

    // Operations on a session.

    /// Lists a directory.
    #[track_caller]
    pub fn list(&self, id: &str, path: &str) -> Answer {
        let url = format!("{}/connections/{id}/files", self.base);
        let url = reqwest::Url::parse_with_params(&url, [("path", path)]).expect("a URL");
        self.get(&format!(
            "{}?{}",
            url.path(),
            url.query().unwrap_or_default()
        ))
    }

    /// Runs a command.
    #[track_caller]
    pub fn execute(&self, id: &str, command: &str) -> Answer {
        self.post(
            &format!("/connections/{id}/execute"),
            &json!({ "command": command, "timeout": 30 }),
        )
    }

    /// Downloads a file.
    #[track_caller]
    pub fn download(&self, id: &str, remote: &str, local: &std::path::Path) -> Answer {
        self.post(
            &format!("/connections/{id}/download"),
            &json!({ "remotePath": remote, "localPath": local }),
        )
    }

    /// Uploads a file.
    #[track_caller]
    pub fn upload(&self, id: &str, local: &std::path::Path, remote: &str) -> Answer {
        self.post(
            &format!("/connections/{id}/upload"),
            &json!({ "localPath": local, "remotePath": remote }),
        )
    }

    /// Closes a session.
    #[track_caller]
    pub fn close(&self, id: &str) -> Answer {
        self.delete(&format!("/connections/{id}"))
    }

    /// The object of a session in the list of sessions; `None` when it is not listed.
    #[track_caller]
    pub fn listed(&self, id: &str) -> Option<Value> {
        let sessions = self.get("/connections").ok();
        let list = sessions["sessions"].as_array().cloned().unwrap_or_default();
        list.into_iter().find(|session| session["session_id"] == id)
    }
}
