//! The fields of a request for an FTP session that say how to connect, and the target they
//! make. A wrong one is answered with its name and with what would be right.

use crate::error::{Outcome, Problem};
use crate::fields::Fields;
use connection_core::target::{FtpDataMode, FtpSecurity, FtpTarget};
use std::num::NonZeroUsize;

/// Most control connections a request may ask for: eight times what most servers allow one
/// address, and few enough that a session is no flood.
const MAX_CONNECTIONS: u64 = 64;

/// How the connection is secured: `useTLS`, and `tlsMode` with it.
pub(crate) fn security(fields: &mut Fields) -> Outcome<FtpSecurity> {
    let wanted = fields.flag("useTLS")?;
    let mode = fields.filled("tlsMode")?;
    match (wanted, mode.as_deref()) {
        (false, None) => Ok(FtpSecurity::None),
        (true, None | Some("explicit")) => Ok(FtpSecurity::Explicit),
        (true, Some("implicit")) => Ok(FtpSecurity::Implicit),
        // Whoever names the way of TLS wants TLS: going without it would send the password
        // readable.
        (false, Some("explicit" | "implicit")) => {
            Err(Problem::wrong_field("tlsMode", "needs useTLS to be true"))
        }
        (_, Some(_)) => Err(Problem::wrong_field(
            "tlsMode",
            "must be explicit or implicit",
        )),
    }
}

/// The target with everything else that the request says of it.
pub(crate) fn with_options(fields: &mut Fields, mut target: FtpTarget) -> Outcome<FtpTarget> {
    if let Some(mode) = fields.filled("dataMode")? {
        target = target.data_mode(match mode.as_str() {
            "passive" => FtpDataMode::Passive,
            "active" => FtpDataMode::Active,
            _ => {
                return Err(Problem::wrong_field(
                    "dataMode",
                    "must be passive or active",
                ));
            }
        });
    }
    if let Some(label) = fields.filled("charset")? {
        target = target.charset(&label).map_err(|_| {
            let what = "must be a character set of file names, such as utf-8, windows-1252 or \
                        shift_jis";
            Problem::wrong_field("charset", what)
        })?;
    }
    if let Some(account) = fields.secret("account")? {
        target = target
            .account(account)
            .map_err(|_| Problem::wrong_field("account", "must not contain CR, LF or NUL"))?;
    }
    if let Some(host) = fields.filled("virtualHost")? {
        target = target.virtual_host(&host).map_err(|_| {
            Problem::wrong_field(
                "virtualHost",
                "must be a host name without control characters",
            )
        })?;
    }
    if let Some(most) = connections(fields)? {
        target = target.connections(most);
    }
    Ok(target)
}

fn connections(fields: &mut Fields) -> Outcome<Option<NonZeroUsize>> {
    let Some(number) = fields.whole("maxConnections")? else {
        return Ok(None);
    };
    usize::try_from(number)
        .ok()
        .filter(|_| number <= MAX_CONNECTIONS)
        .and_then(NonZeroUsize::new)
        .map(Some)
        .ok_or_else(|| {
            let what = format!("must be a whole number from 1 to {MAX_CONNECTIONS}");
            Problem::wrong_field("maxConnections", &what)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use connection_core::secret::Secret;
    use serde_json::{Value, json};

    fn fields(value: Value) -> Fields {
        Fields::required(value).unwrap_or_else(|p| panic!("{p:?}"))
    }

    #[test]
    fn tls_is_never_less_than_what_was_named() {
        for (given, want) in [
            (json!({"x": 1}), Ok(FtpSecurity::None)),
            (json!({"useTLS": true}), Ok(FtpSecurity::Explicit)),
            (
                json!({"useTLS": true, "tlsMode": "explicit"}),
                Ok(FtpSecurity::Explicit),
            ),
            (
                json!({"useTLS": true, "tlsMode": "implicit"}),
                Ok(FtpSecurity::Implicit),
            ),
            (
                json!({"tlsMode": "implicit"}),
                Err("tlsMode needs useTLS to be true"),
            ),
            (
                json!({"useTLS": false, "tlsMode": "explicit"}),
                Err("tlsMode needs useTLS to be true"),
            ),
            (
                json!({"useTLS": true, "tlsMode": "Implicit"}),
                Err("tlsMode must be explicit or implicit"),
            ),
            (
                json!({"tlsMode": "none"}),
                Err("tlsMode must be explicit or implicit"),
            ),
            (
                json!({"useTLS": true, "tlsMode": 1}),
                Err("tlsMode must be a string"),
            ),
        ] {
            let got = security(&mut fields(given.clone()));
            assert_eq!(
                got.as_ref().map_err(Problem::detail),
                want.as_ref().map_err(|e| *e),
                "{given}"
            );
        }
    }

    #[test]
    fn a_wrong_option_is_answered_with_its_name() {
        let target = || FtpTarget::new("h", "u", Secret::from("p")).unwrap();
        for right in [
            json!({"dataMode": "active", "charset": "Shift_JIS", "account": "a b"}),
            json!({"dataMode": "passive", "virtualHost": "a.example", "maxConnections": 1}),
            json!({"maxConnections": 64, "charset": null, "account": "", "dataMode": null}),
        ] {
            assert!(with_options(&mut fields(right), target()).is_ok());
        }
        for (field, wrong, words) in [
            ("dataMode", json!("PASV"), "must be passive or active"),
            ("dataMode", json!(true), "must be a string"),
            ("charset", json!("klingon"), "must be a character set"),
            ("charset", json!("utf-16le"), "must be a character set"),
            ("account", json!("a\r\nDELE x"), "must not contain CR"),
            ("account", json!(7), "must be a string"),
            ("virtualHost", json!("a\nb"), "must be a host name"),
            ("virtualHost", json!(["a"]), "must be a string"),
            ("maxConnections", json!(0), "must be a whole number from 1"),
            ("maxConnections", json!(65), "must be a whole number from 1"),
            ("maxConnections", json!(1.5), "must be a whole number"),
            ("maxConnections", json!("8"), "must be a whole number"),
        ] {
            let problem = with_options(&mut fields(json!({ field: wrong })), target());
            let detail = problem.err().unwrap().detail().to_owned();
            assert!(
                detail.starts_with(&format!("{field} {words}")),
                "{field} {wrong}: {detail}"
            );
        }
    }
}
