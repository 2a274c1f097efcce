//! The OpenAPI description and the page that shows it, made from the routes themselves.

use crate::routes::{self, Api, State};
use crate::{codes, examples};
use poem_openapi::OpenApiService;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Version of the API, as `GET /` names it.
const VERSION: &str = "1.0.0";

/// The routes with their description.
pub(crate) fn service(state: &Arc<State>) -> OpenApiService<Api, ()> {
    OpenApiService::new(routes::api(state), "Connection Manager", VERSION)
        .summary("Remote files and commands over SSH/SFTP and FTP/FTPS.")
        .description(
            "A session is one authenticated connection; it is opened once, used by its id, and \
             expires when nobody uses it. Every error is `{\"detail\": \"…\"}`, with its stable name in \
             the header `X-Error-Code`: see the schema `ErrorCode`.",
        )
}

/// The description as JSON, indented and with sorted keys, so that a change shows as one.
pub(crate) fn description(service: &OpenApiService<Api, ()>) -> String {
    let spec = service.spec();
    let Ok(mut value) = serde_json::from_str::<Value>(&spec) else {
        return spec;
    };
    require_nullable(&mut value, "SessionObject", "session_name");
    codes::describe(&mut value);
    examples::describe(&mut value);
    let mut text = serde_json::to_string_pretty(&sorted(value)).unwrap_or(spec);
    text.push('\n');
    text
}

/// The page that shows the description. Everything is in it: it works offline.
pub(crate) fn page(service: &OpenApiService<Api, ()>) -> String {
    service
        .swagger_ui_html()
        .replace(&service.spec(), &description(service))
}

/// The generator can say of a field that it may be absent, never that it is always there
/// and may be null.
fn require_nullable(description: &mut Value, schema: &str, field: &str) {
    let Some(schema) = description.pointer_mut(&format!("/components/schemas/{schema}")) else {
        return;
    };
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.push(Value::from(field));
    }
    let pointer = format!("/properties/{field}");
    if let Some(property) = schema.pointer_mut(&pointer).and_then(Value::as_object_mut) {
        property.insert("nullable".to_owned(), Value::Bool(true));
    }
}

/// Sorts the keys, whichever order this build of the JSON library keeps.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let ordered: BTreeMap<String, Value> =
                map.into_iter().map(|(k, v)| (k, sorted(v))).collect();
            Value::Object(ordered.into_iter().collect())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(sorted).collect()),
        other => other,
    }
}
