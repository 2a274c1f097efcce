//! What the description of the API says beyond the types of the routes: what the ids in a path
//! are, and an example of each order whose form does not speak for itself. None has a secret.

use serde_json::{Map, Value, json};

/// Ids in a path and where they come from.
const IDS: [(&str, &str); 6] = [
    ("session_id", "The session, as opening it answered."),
    ("exec_id", "The command, as `GET …/exec` lists it."),
    ("terminal_id", "The terminal, as opening it answered."),
    ("share_id", "The share, as making it answered."),
    ("tunnel_id", "The tunnel, as opening it answered."),
    (
        "recording_id",
        "The recording, as `GET /recordings` lists it.",
    ),
];

/// Examples, by the name of their schema.
fn examples() -> [(&'static str, Value); 14] {
    [
        (
            "Attributes",
            json!({ "path": "/srv/app.conf", "permissions": "640", "modified": "2024-01-31T12:00:00Z" }),
        ),
        ("ChangeTerminal", json!({ "cols": 120, "rows": 40 })),
        (
            "CopyOrder",
            json!({
                "from": "/srv/site", "to": "backup/site", "recursive": true,
                "to_session": "7b2c5a4e-0d5e-4f0e-9a52-0a52b5a1c0de",
            }),
        ),
        ("Delete", json!({ "path": "/srv/old", "recursive": true })),
        (
            "DownloadOrder",
            json!({ "paths": ["/var/www", "/etc/nginx"], "format": "zip" }),
        ),
        (
            "ExecOrder",
            json!({
                "command": "sort | uniq -c", "stdin": "b\na\nb\n", "directory": "/srv/data",
                "env": { "LC_ALL": "C" }, "timeout": 60,
            }),
        ),
        (
            "FromTo",
            json!({ "from": "/srv/new.conf", "to": "/srv/app.conf", "overwrite": true }),
        ),
        (
            "MakeDirectory",
            json!({ "path": "/srv/a/b", "parents": true }),
        ),
        (
            "MakeLink",
            json!({ "target": "releases/7", "link": "/srv/current" }),
        ),
        (
            "OpenTerminal",
            json!({ "cols": 120, "rows": 40, "command": "htop", "name": "load" }),
        ),
        (
            "OpenTunnel",
            json!({ "kind": "local", "bind_port": 5433, "host": "db.internal", "port": 5432 }),
        ),
        ("SessionChange", json!({ "sessionName": "staging" })),
        ("ShareTerminal", json!({ "expires_in": 600 })),
        (
            "TicketOrder",
            json!({ "path": "/ws/terminal/7b2c5a4e-0d5e-4f0e-9a52-0a52b5a1c0de" }),
        ),
    ]
}

/// Adds them to the description.
pub(crate) fn describe(description: &mut Value) {
    for (schema, example) in examples() {
        let schema = description.pointer_mut(&format!("/components/schemas/{schema}"));
        if let Some(schema) = schema.and_then(Value::as_object_mut) {
            schema.insert("example".to_owned(), example);
        }
    }
    let paths = description.get_mut("paths").and_then(Value::as_object_mut);
    let parameters = paths
        .into_iter()
        .flat_map(Map::values_mut)
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut)
        .filter_map(|operation| operation.get_mut("parameters")?.as_array_mut())
        .flatten()
        .filter_map(Value::as_object_mut);
    for parameter in parameters {
        let name = parameter.get("name").and_then(Value::as_str);
        let about = IDS.iter().find(|(id, _)| Some(*id) == name);
        if let Some((_, about)) = about {
            parameter.insert("description".to_owned(), Value::from(*about));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_example_is_of_its_schema_and_each_parameter_is_described() {
        let description: Value = serde_json::from_str(&crate::run::describe().unwrap()).unwrap();
        for (name, example) in examples() {
            let schema = &description["components"]["schemas"][name];
            assert_eq!(schema["example"], example, "{name}");
            let fields = example.as_object().unwrap();
            for field in fields.keys() {
                assert!(schema["properties"][field].is_object(), "{name}: {field}");
            }
            for field in schema["required"].as_array().into_iter().flatten() {
                assert!(
                    fields.contains_key(field.as_str().unwrap()),
                    "{name}: {field}"
                );
            }
        }
        for (path, operations) in description["paths"].as_object().unwrap() {
            let operations = operations.as_object().unwrap().values();
            for parameter in operations
                .flat_map(|o| o["parameters"].as_array())
                .flatten()
            {
                let text = parameter["description"].as_str().unwrap_or_default();
                assert!(!text.is_empty(), "{path}: {}", parameter["name"]);
            }
        }
    }
}
