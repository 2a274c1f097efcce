//! What a request asks to be run: its fields, checked.

use crate::config::Settings;
use crate::error::{Outcome, Problem};
use crate::exec::models::ExecEncoding;
use crate::fields::Fields;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connection_core::exec::ExecRequest;
use connection_core::path::text_to_bytes;

/// Largest body taken, in bytes: input is meant to be an answer or a script; what is
/// larger is uploaded and read from its file.
pub(crate) const BODY_LIMIT: usize = 16 << 20;

/// A terminal's size where the request leaves it out.
const SIZE: (u64, u64) = (80, 24);

/// A command to run.
pub(crate) struct Order {
    /// What the request calls it.
    pub command: String,
    /// With everything it runs with.
    pub request: ExecRequest,
    /// How its output is written.
    pub encoding: ExecEncoding,
}

impl Order {
    /// Takes an order out of a body.
    ///
    /// # Errors
    /// 400 for a field that is missing or of the wrong form.
    pub(crate) fn read(mut fields: Fields, settings: &Settings) -> Outcome<Self> {
        let command = fields
            .text("command")?
            .ok_or_else(|| Problem::wrong_field("command", "is required"))?;
        let encoding = match fields.text("encoding")?.as_deref() {
            None | Some("utf-8") => ExecEncoding::Utf8,
            Some("base64") => ExecEncoding::Base64,
            Some(_) => {
                return Err(Problem::wrong_field("encoding", "must be utf-8 or base64"));
            }
        };
        let asked = fields.seconds("timeout")?;
        let timeout = match (asked, settings.exec_timeout) {
            (Some(asked), Some(most)) => Some(asked.min(most)),
            (asked, most) => asked.or(most),
        };
        let most = settings.exec_output_limit;
        let limit = fields
            .whole("output_limit")?
            .map_or(most, |asked| asked.min(most));
        let mut request = ExecRequest::new(command.clone())
            .timeout(timeout)
            .output_limit(limit);
        if let Some(input) = fields.text("stdin")? {
            request = request.stdin(input_bytes(input, encoding)?);
        }
        if let Some(env) = fields.object("env")? {
            for (name, value) in env.into_texts("env")? {
                request = request.env(name, value);
            }
        }
        if let Some(directory) = fields.text("directory")? {
            request = request.directory(text_to_bytes(&directory));
        }
        if let Some(mut pty) = fields.object("pty")? {
            let columns = side(pty.whole("cols")?.unwrap_or(SIZE.0));
            let rows = side(pty.whole("rows")?.unwrap_or(SIZE.1));
            request = request.pty(Some((columns, rows)));
            if let Some(term) = pty.text("term")? {
                request = request.term(term);
            }
        }
        Ok(Self {
            command,
            request,
            encoding,
        })
    }
}

/// A side of a terminal; what is far too large is refused like what is too large.
fn side(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn input_bytes(input: String, encoding: ExecEncoding) -> Outcome<Vec<u8>> {
    match encoding {
        ExecEncoding::Utf8 => Ok(input.into_bytes()),
        ExecEncoding::Base64 => STANDARD
            .decode(input)
            .map_err(|_| Problem::wrong_field("stdin", "must be base64, as encoding says")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(body: Value) -> Outcome<Order> {
        let settings = Settings::defaults().unwrap();
        Order::read(Fields::optional(body).unwrap(), &settings)
    }

    #[test]
    fn a_wrong_field_is_named() {
        for (body, detail) in [
            (json!({}), "command is required"),
            (json!({"command": 1}), "command must be a string"),
            (
                json!({"command": "x", "stdin": 1}),
                "stdin must be a string",
            ),
            (
                json!({"command": "x", "stdin": "?", "encoding": "base64"}),
                "stdin must be base64, as encoding says",
            ),
            (
                json!({"command": "x", "encoding": "latin1"}),
                "encoding must be utf-8 or base64",
            ),
            (json!({"command": "x", "env": []}), "env must be an object"),
            (
                json!({"command": "x", "env": {"A": 1}}),
                "env.A must be a string",
            ),
            (
                json!({"command": "x", "pty": true}),
                "pty must be an object",
            ),
            (
                json!({"command": "x", "pty": {"cols": "80"}}),
                "cols must be a whole number",
            ),
            (
                json!({"command": "x", "output_limit": -1}),
                "output_limit must be a whole number",
            ),
            (
                json!({"command": "x", "timeout": 0}),
                "timeout must be more than 0 and at most 3600 seconds",
            ),
        ] {
            let problem = read(body).err().unwrap();
            assert_eq!((problem.status().as_u16(), problem.detail()), (400, detail));
            assert!(problem.field().is_some(), "{detail}");
        }
    }

    #[test]
    fn a_whole_order_is_taken() {
        let order = read(json!({
            "command": "x", "stdin": "AP8=", "encoding": "base64", "env": {"A": "b"},
            "directory": "/d", "pty": {}, "timeout": 1.5, "output_limit": 10,
        }));
        let order = order.unwrap_or_else(|problem| panic!("{problem:?}"));
        assert_eq!(order.command, "x");
        assert_eq!(order.encoding, ExecEncoding::Base64);
        let shown = format!("{:?}", order.request);
        for part in ["stdin: 2", "[\"A\"]", "(80, 24)", "limit: 10", "1.5s"] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
    }

    #[test]
    fn what_is_configured_is_the_most() {
        let mut settings = Settings::defaults().unwrap();
        settings.exec_timeout = Some(std::time::Duration::from_secs(2));
        settings.exec_output_limit = 100;
        for (body, timeout, limit) in [
            (json!({"command": "x"}), "2s", 100),
            (
                json!({"command": "x", "timeout": 60, "output_limit": 1000}),
                "2s",
                100,
            ),
            (
                json!({"command": "x", "timeout": 1, "output_limit": 99}),
                "1s",
                99,
            ),
        ] {
            let order = Order::read(Fields::optional(body).unwrap(), &settings);
            let shown = format!("{:?}", order.unwrap_or_else(|p| panic!("{p:?}")).request);
            assert!(
                shown.contains(&format!("output_limit: {limit}, ")),
                "{shown}"
            );
            assert!(shown.contains(&format!("Some({timeout})")), "{shown}");
        }
    }
}
