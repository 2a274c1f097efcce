//! The fields of a request's body, taken out one by one so that a wrong one is answered
//! with its name.

use crate::error::{Outcome, Problem};
use crate::time::from_rfc3339;
use connection_core::secret::Secret;
use serde_json::{Map, Value};
use std::time::{Duration, SystemTime};

/// The fields of a body. Those nobody took are wiped with it: a request that is refused
/// for its port has a password all the same.
pub(crate) struct Fields(Map<String, Value>);

impl Drop for Fields {
    fn drop(&mut self) {
        for (_, value) in std::mem::take(&mut self.0) {
            if let Value::String(text) = value {
                drop(Secret::from(text));
            }
        }
    }
}

impl Fields {
    /// The fields of a body that must have some: `null` and the empty values of every type
    /// are `Request body required`.
    pub(crate) fn required(body: Value) -> Outcome<Self> {
        let empty = match &body {
            Value::Null | Value::Bool(false) => true,
            Value::Number(n) => n.as_f64() == Some(0.0),
            Value::String(s) => s.is_empty(),
            Value::Array(a) => a.is_empty(),
            Value::Object(o) => o.is_empty(),
            Value::Bool(true) => false,
        };
        if empty {
            return Err(Problem::bad_request("Request body required"));
        }
        Self::of(body)
    }

    /// The fields of a body that may have none: `null` is an empty object.
    pub(crate) fn optional(body: Value) -> Outcome<Self> {
        match body {
            Value::Null => Ok(Self(Map::new())),
            body => Self::of(body),
        }
    }

    fn of(body: Value) -> Outcome<Self> {
        match body {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(Problem::bad_request("Request body must be a JSON object")),
        }
    }

    /// A string; `None` when it is absent or null.
    pub(crate) fn text(&mut self, field: &str) -> Outcome<Option<String>> {
        match self.0.remove(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Problem::wrong_field(field, "must be a string")),
        }
    }

    /// A string that is not empty.
    pub(crate) fn filled(&mut self, field: &str) -> Outcome<Option<String>> {
        Ok(self.text(field)?.filter(|text| !text.is_empty()))
    }

    /// A secret that is not empty. The text is moved, not copied, so that it is wiped.
    pub(crate) fn secret(&mut self, field: &str) -> Outcome<Option<Secret>> {
        Ok(self.filled(field)?.map(Secret::from))
    }

    /// A string that may be null, or `None` when the field is not there at all.
    pub(crate) fn nullable(&mut self, field: &str) -> Outcome<Option<Option<String>>> {
        if self.0.contains_key(field) {
            self.text(field).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Fields within a field; `None` when it is absent or null.
    pub(crate) fn object(&mut self, field: &str) -> Outcome<Option<Self>> {
        match self.0.remove(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(fields)) => Ok(Some(Self(fields))),
            Some(_) => Err(Problem::wrong_field(field, "must be an object")),
        }
    }

    /// All fields with their texts, of the object of this name.
    pub(crate) fn into_texts(mut self, object: &str) -> Outcome<Vec<(String, String)>> {
        let names: Vec<String> = self.0.keys().cloned().collect();
        let text = |name: String| match self.0.remove(&name) {
            Some(Value::String(text)) => Ok((name, text)),
            _ => {
                Err(Problem::bad_request(format!("{object}.{name} must be a string")).about(object))
            }
        };
        names.into_iter().map(text).collect()
    }

    /// Strings; none when the field is absent or null.
    pub(crate) fn list(&mut self, field: &str) -> Outcome<Vec<String>> {
        let wrong = || Problem::wrong_field(field, "must be a list of strings");
        let text = |value| match value {
            Value::String(text) => Ok(text),
            _ => Err(wrong()),
        };
        match self.0.remove(field) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(values)) => values.into_iter().map(text).collect(),
            Some(_) => Err(wrong()),
        }
    }

    /// A yes or no; no when it is absent or null.
    pub(crate) fn flag(&mut self, field: &str) -> Outcome<bool> {
        match self.0.remove(field) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(Problem::wrong_field(field, "must be true or false")),
        }
    }

    /// A whole number that is not negative.
    pub(crate) fn whole(&mut self, field: &str) -> Outcome<Option<u64>> {
        match self.0.remove(field) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_u64() {
                Some(number) => Ok(Some(number)),
                None => Err(Problem::wrong_field(field, "must be a whole number")),
            },
        }
    }

    /// A numeric owner or group.
    pub(crate) fn account(&mut self, field: &str) -> Outcome<Option<u32>> {
        let too_large = |_| Problem::wrong_field(field, "must be below 4294967296");
        let number = self.whole(field)?;
        number.map(u32::try_from).transpose().map_err(too_large)
    }

    /// Permission bits as octal digits.
    pub(crate) fn permissions(&mut self, field: &str) -> Outcome<Option<u32>> {
        let Some(text) = self.text(field)? else {
            return Ok(None);
        };
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        u32::from_str_radix(&text, 8)
            .ok()
            .filter(|bits| digits && *bits <= 0o7777)
            .map(Some)
            .ok_or_else(|| {
                Problem::wrong_field(field, "must be octal digits from \"0\" to \"7777\"")
            })
    }

    /// A moment, written as RFC 3339.
    pub(crate) fn moment(&mut self, field: &str) -> Outcome<Option<SystemTime>> {
        let Some(text) = self.text(field)? else {
            return Ok(None);
        };
        from_rfc3339(&text).map(Some).ok_or_else(|| {
            Problem::wrong_field(field, "must be a time such as 2024-01-31T12:00:00Z")
        })
    }

    /// A TCP port, as a number or as its digits.
    pub(crate) fn port(&mut self, default: u16) -> Outcome<u16> {
        let number = match self.0.remove("port") {
            None | Some(Value::Null) => return Ok(default),
            Some(Value::Number(n)) => n.as_u64(),
            Some(Value::String(s)) if !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit()) => {
                s.parse().ok()
            }
            Some(_) => return Err(Problem::wrong_field("port", "must be a number")),
        };
        number
            .and_then(|n| u16::try_from(n).ok())
            .filter(|port| *port != 0)
            .ok_or_else(|| Problem::wrong_field("port", "must be a whole number from 1 to 65535"))
    }

    /// A time in seconds, at most an hour.
    pub(crate) fn seconds(&mut self, field: &str) -> Outcome<Option<Duration>> {
        let seconds = match self.0.remove(field) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Number(n)) => n.as_f64().unwrap_or(-1.0),
            Some(_) => return Err(Problem::wrong_field(field, "must be a number")),
        };
        if !(seconds > 0.0 && seconds <= 3600.0) {
            return Err(Problem::wrong_field(
                field,
                "must be more than 0 and at most 3600 seconds",
            ));
        }
        Duration::try_from_secs_f64(seconds)
            .map(Some)
            .map_err(|_| Problem::wrong_field(field, "must be a number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: Value) -> Fields {
        Fields::required(value).unwrap_or_else(|p| panic!("{p:?}"))
    }

    #[test]
    fn empty_values_of_every_type_are_no_body() {
        for empty in [
            json!({}),
            json!(null),
            json!([]),
            json!(""),
            json!(0),
            json!(false),
        ] {
            let problem = Fields::required(empty).err().unwrap();
            assert_eq!(problem.detail(), "Request body required");
        }
        for other in [json!([1]), json!("x"), json!(5), json!(true)] {
            let problem = Fields::required(other).err().unwrap();
            assert_eq!(problem.detail(), "Request body must be a JSON object");
        }
    }

    #[test]
    fn ports_are_numbers_or_digits_in_range() {
        for (given, want) in [
            (json!({"port": 2322}), Ok(2322)),
            (json!({"port": "2322"}), Ok(2322)),
            (json!({"port": null}), Ok(22)),
            (json!({"x": 1}), Ok(22)),
            (
                json!({"port": 0}),
                Err("port must be a whole number from 1 to 65535"),
            ),
            (
                json!({"port": 65536}),
                Err("port must be a whole number from 1 to 65535"),
            ),
            (
                json!({"port": -1}),
                Err("port must be a whole number from 1 to 65535"),
            ),
            (
                json!({"port": 2.5}),
                Err("port must be a whole number from 1 to 65535"),
            ),
            (
                json!({"port": "99999999999999999999"}),
                Err("port must be a whole number from 1 to 65535"),
            ),
            (json!({"port": "ssh"}), Err("port must be a number")),
            (json!({"port": ""}), Err("port must be a number")),
            (json!({"port": [1]}), Err("port must be a number")),
        ] {
            let got = fields(given.clone()).port(22);
            assert_eq!(
                got.as_ref().map_err(Problem::detail),
                want.as_ref().map_err(|e| *e),
                "{given}"
            );
        }
    }

    #[test]
    fn a_wrong_type_names_its_field() {
        let mut f = fields(json!({"host": 1, "useTLS": "yes", "timeout": "1", "a": null}));
        assert_eq!(
            f.text("host").unwrap_err().detail(),
            "host must be a string"
        );
        assert_eq!(
            f.flag("useTLS").unwrap_err().detail(),
            "useTLS must be true or false"
        );
        assert_eq!(
            f.seconds("timeout").unwrap_err().detail(),
            "timeout must be a number"
        );
        assert_eq!(f.nullable("a").unwrap(), Some(None));
        assert_eq!(f.nullable("b").unwrap(), None);
    }

    #[test]
    fn permissions_are_octal_digits_and_nothing_else() {
        for (given, want) in [("644", 0o644), ("0644", 0o644), ("7777", 0o7777), ("0", 0)] {
            let got = fields(json!({ "p": given })).permissions("p");
            assert_eq!(got.unwrap(), Some(want), "{given}");
        }
        for bad in [
            json!("8"),
            json!("10000"),
            json!("+644"),
            json!(""),
            json!(420),
        ] {
            assert!(fields(json!({ "p": bad })).permissions("p").is_err());
        }
        for bad in [json!(-1), json!(1.5), json!("1"), json!(1_u64 << 32)] {
            assert!(fields(json!({ "uid": bad })).account("uid").is_err());
        }
    }
}
