//! The application without any I/O of its own: a request goes in, an answer comes out.
//!
//! The order of the steps is the order of trust: the name the server was called by, the
//! page that asks, the access token, and only then a route. Every error, a panic included,
//! leaves as `{"detail": …}` with the same headers as a success, and its name in one more.

use crate::auth::Gate;
use crate::codes;
use crate::config::Settings;
use crate::cors::{Cors, Grant};
use crate::error::{Outcome, Problem};
use crate::host_check::HostCheck;
use crate::page::{self, Page};
use crate::routes::{self, State};
use crate::ws;
use crate::ws::tickets::Bearer;
use crate::{openapi, query};
use connection_core::ErrorKind;
use connection_core::session::SessionStore;
use futures::FutureExt;
use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, EndpointExt, IntoEndpoint, IntoResponse, Request, Response};
use poem_openapi::OpenApi;
use poem_openapi::error::ParseParamError;
use std::collections::{BTreeSet, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;
use tracing::{Instrument, info, info_span};
use uuid::Uuid;

pub use crate::ws::Sockets;

/// Names a request in its answer and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Where a ticket fetches a download. A `HEAD` would use it up and bring nothing.
const DOWNLOADS: &str = "/downloads";

/// Paths that need no access token: one tells nothing, the others ask for a token of their own.
const OPEN: [&str; 3] = ["/health", "/shares/tickets", DOWNLOADS];

/// The application.
pub struct App {
    state: Arc<State>,
    gate: Gate,
    cors: Cors,
    hosts: HostCheck,
    page: Page,
    routes: BoxEndpoint<'static, Response>,
    allowed: Allowed,
    description: String,
    docs: String,
}

impl App {
    /// An application on these settings and this store.
    pub fn new(settings: Arc<Settings>, store: SessionStore) -> Self {
        let state = Arc::new(State::new(Arc::clone(&settings), store));
        let service = openapi::service(&state);
        Self {
            cors: Cors::new(&settings.cors_origins),
            hosts: HostCheck::new(&settings.host, &settings.allowed_hosts),
            gate: Gate::new(settings),
            page: Page::built_in(),
            allowed: Allowed::of(&state),
            description: openapi::description(&service),
            docs: openapi::page(&service),
            routes: service.into_endpoint().map_to_response().boxed(),
            state,
        }
    }

    /// Its WebSockets, which outlive the requests they began as.
    pub fn sockets(&self) -> &Sockets {
        self.state.sockets()
    }

    /// The OpenAPI description.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Answers a request.
    pub async fn handle(&self, request: Request) -> Response {
        let id = Uuid::new_v4();
        let span = info_span!(
            "request",
            method = %request.method(),
            path = request.uri().path(),
            %id,
        );
        async {
            let mut end = LoggedEnd::started();
            let grant = self.cors.judge(&request);
            let socket = ws::is_socket(request.uri().path());
            let step = AssertUnwindSafe(self.respond(request, &grant)).catch_unwind();
            let mut response = match step.await {
                Ok(Ok(response)) => response,
                Ok(Err(problem)) if socket => coded(problem).into_response(),
                Ok(Err(problem)) => problem.into_response(),
                // The panic's own message went to the log through the panic hook.
                Err(_) => Problem::internal().into_response(),
            };
            let status = response.status();
            let headers = response.headers_mut();
            if status.is_client_error() || status.is_server_error() {
                // What no problem was made of has a name all the same.
                let name = HeaderValue::from_static(codes::of_status(status));
                headers.entry(codes::ERROR_CODE).or_insert(name);
            }
            grant.apply(headers);
            if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
                headers.insert(REQUEST_ID, id);
            }
            headers.insert(
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            );
            end.answered(status);
            response
        }
        .instrument(span)
        .await
    }

    async fn respond(&self, mut request: Request, grant: &Grant) -> Outcome<Response> {
        self.hosts.check(&request)?;
        grant.check(request.method())?;
        let path = request.uri().path().to_owned();
        if ws::is_socket(&path) {
            grant.check_socket()?;
        }
        let allow = self.allowed.of_path(&path);
        if let Some(preflight) = grant.preflight(&request, allow.as_ref()) {
            return Ok(preflight);
        }
        if let Some(uri) = query::readable(request.uri()) {
            *request.uri_mut() = uri;
        }
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        if reads && let Some(answer) = self.page.answer(&request) {
            return Ok(answer);
        }
        if ws::is_socket(&path) {
            match self.gate.admit_socket(&request, self.state.tickets())? {
                Bearer::Caller(caller) => request.extensions_mut().insert(caller).is_some(),
                Bearer::Share(token) => request.extensions_mut().insert(token).is_some(),
            };
        } else if !OPEN.contains(&path.as_str()) {
            let caller = self.gate.admit(&request)?;
            request.extensions_mut().insert(caller);
        }
        match (path.as_str(), allow) {
            ("/docs", _) if reads => Ok(page::html(self.docs.clone())),
            ("/openapi.json", _) if reads => Ok(Response::builder()
                .content_type("application/json")
                .body(self.description.clone())),
            (_, None) => Err(Problem::new(StatusCode::NOT_FOUND, "Not Found")),
            (_, Some(allow)) if *request.method() == Method::OPTIONS => {
                Ok(Response::builder().header(header::ALLOW, allow).finish())
            }
            (_, Some(allow)) if !lists(&allow, request.method()) => {
                let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
                Err(problem
                    .named(codes::METHOD_NOT_ALLOWED)
                    .with_header(header::ALLOW, allow))
            }
            (_, Some(_)) => self.routed(request).await,
        }
    }

    async fn routed(&self, request: Request) -> Outcome<Response> {
        let error = match self.routes.call(request).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        if error.is_from_response() {
            return Ok(error.into_response());
        }
        // Only routes beside the contract have parameters that can be wrong.
        if let Some(wrong) = error.downcast_ref::<ParseParamError>() {
            let problem = Problem::bad_request(wrong.to_string()).about(wrong.name);
            return Err(problem.with_code(ErrorKind::InvalidInput.code()));
        }
        Err(match error.status() {
            status if status.is_client_error() => Problem::new(status, error.to_string()),
            status => {
                tracing::error!(%status, %error, "a route failed");
                Problem::internal()
            }
        })
    }
}

/// A refusal of a socket by a step before its route, with the code that those of a route have.
fn coded(problem: Problem) -> Problem {
    match problem.status() {
        StatusCode::UNAUTHORIZED => problem.or_code("unauthorized"),
        StatusCode::FORBIDDEN => problem.or_code(ErrorKind::PermissionDenied.code()),
        StatusCode::NOT_FOUND => problem.or_code(ErrorKind::NotFound.code()),
        StatusCode::METHOD_NOT_ALLOWED => problem.or_code(ErrorKind::InvalidInput.code()),
        _ => problem,
    }
}

/// The methods of every route, for the header `Allow`.
struct Allowed(Vec<(Vec<String>, BTreeSet<String>)>);

impl Allowed {
    fn of(state: &Arc<State>) -> Self {
        let mut table = HashMap::new();
        routes::api(state).add_routes(&mut table);
        let mut all: Vec<_> = table
            .into_iter()
            .map(|(path, methods)| {
                let mut names: BTreeSet<String> =
                    methods.keys().map(|m| m.as_str().to_owned()).collect();
                if names.contains("GET") && path != DOWNLOADS {
                    names.insert("HEAD".to_owned());
                }
                names.insert("OPTIONS".to_owned());
                (segments(&path), names)
            })
            .collect();
        let reads = ["GET", "HEAD", "OPTIONS"].map(str::to_owned);
        for path in ["/docs", "/openapi.json"] {
            all.push((segments(path), reads.clone().into()));
        }
        // Fixed names before parameters, as the router has it.
        all.sort_by_key(|(path, _)| path.iter().any(|s| s.starts_with(':')));
        Self(all)
    }

    /// `None` when no route has this path.
    fn of_path(&self, path: &str) -> Option<HeaderValue> {
        let path = segments(path);
        let matches = |route: &[String]| {
            route.len() == path.len()
                && route
                    .iter()
                    .zip(&path)
                    .all(|(r, p)| r == p || (r.starts_with(':') && !p.is_empty()))
        };
        let (_, methods) = self.0.iter().find(|(route, _)| matches(route))?;
        let list: Vec<&str> = methods.iter().map(String::as_str).collect();
        HeaderValue::from_str(&list.join(", ")).ok()
    }
}

/// Whether a method is among those of `Allow`.
fn lists(allow: &HeaderValue, method: &Method) -> bool {
    let names = allow.to_str().unwrap_or_default();
    names.split(", ").any(|name| name == method.as_str())
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').skip(1).map(str::to_owned).collect()
}

/// Logs how a request ended, also when it was given up because the client went away.
struct LoggedEnd {
    started: Instant,
    status: Option<StatusCode>,
}

impl LoggedEnd {
    fn started() -> Self {
        Self {
            started: Instant::now(),
            status: None,
        }
    }

    fn answered(&mut self, status: StatusCode) {
        self.status = Some(status);
    }
}

impl Drop for LoggedEnd {
    fn drop(&mut self) {
        let ms = self.started.elapsed().as_millis();
        match self.status {
            Some(status) => info!(status = status.as_u16(), ms, "answered"),
            None => info!(ms, "given up: the client went away or the server stops"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connection_core::session::StoreConfig;
    use connection_core::trust::{TrustPolicy, TrustStore};

    fn app() -> App {
        let trust = TrustStore::in_memory(TrustPolicy::Strict);
        let store = SessionStore::new(StoreConfig::default(), trust);
        App::new(Arc::new(Settings::defaults().unwrap()), store)
    }

    #[tokio::test]
    async fn a_panic_is_a_json_500_with_the_same_headers() {
        let mut app = app();
        app.routes = poem::endpoint::make_sync(|_| -> Response { panic!("canary") }).boxed();
        let request = Request::builder()
            .uri_str("/connections")
            .header(header::HOST, "localhost")
            .header(header::ORIGIN, "http://localhost:3000")
            .finish();
        let mut answer = app.handle(request).await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(
            answer.headers().get("access-control-allow-origin").unwrap(),
            "http://localhost:3000"
        );
        let body = answer.take_body().into_string().await.unwrap();
        assert_eq!(body, r#"{"detail":"Internal server error"}"#);
    }

    #[tokio::test]
    async fn the_table_of_methods_knows_every_route() {
        let app = app();
        let allow = |path| {
            let value = app.allowed.of_path(path)?;
            Some(value.to_str().unwrap().to_owned())
        };
        for (path, methods) in [
            ("/", "GET, HEAD, OPTIONS"),
            ("/health", "GET, HEAD, OPTIONS"),
            ("/docs", "GET, HEAD, OPTIONS"),
            ("/connections", "GET, HEAD, OPTIONS"),
            ("/connections/ssh", "DELETE, GET, HEAD, OPTIONS, POST"),
            ("/connections/x", "DELETE, GET, HEAD, OPTIONS, PATCH"),
            ("/connections/x/files", "GET, HEAD, OPTIONS"),
            ("/connections/ssh/files", "GET, HEAD, OPTIONS"),
            ("/connections/x/execute", "OPTIONS, POST"),
            ("/connections/x/content", "GET, HEAD, OPTIONS, POST, PUT"),
        ] {
            assert_eq!(allow(path).as_deref(), Some(methods), "{path}");
        }
        for path in [
            "/nope",
            "/connections/",
            "/connections/x/",
            "/connections/x/y",
            "",
        ] {
            assert_eq!(allow(path), None, "{path}");
        }
    }
}
