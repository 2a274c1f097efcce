//! Who logs in: `HOST`, `USER`, `PASS` and `ACCT`, once the server is trusted.

use super::facts::Features;
use super::link::Link;
use super::reply::{Reply, Wire, refusal_as, translate};
use crate::error::{Error, ErrorKind, Result};
use crate::target::FtpTarget;
use zeroize::Zeroizing;

const LOG_IN: &str = "log in";
/// The server wants an account besides user and password.
const NEEDS_ACCOUNT: u16 = 332;

/// Key of a fact of an error of logging in in clear text: the server offers TLS and refuses
/// the user before any password, as one does that lets nobody in without encryption.
pub const WANTS_TLS: &str = "wants_tls";

/// Logs in.
pub(super) fn sign_in(link: &mut Link, target: &FtpTarget) -> Result<()> {
    if let Some(host) = &target.virtual_host {
        name_host(link, host)?;
    }
    let names = link.facts().names;
    let user = names.credential("username", target.user.as_bytes())?;
    let password = Zeroizing::new(names.credential("password", target.password.expose())?);
    // Through `suppaftp`'s own function: what it sends for others it also writes to the log
    // at the level debug.
    let outcome = link.client().login(user.as_str(), password.as_str());
    let reply = match outcome.map_err(|error| translate(LOG_IN, error, names)) {
        Ok(()) => {
            keep_account(link, target);
            return Ok(());
        }
        Err(Wire::Broken(error)) => match code_of(&error) {
            // RFC 2228: no password is needed. RFC 959: it was superfluous.
            Some(232 | 202) => {
                keep_account(link, target);
                return Ok(());
            }
            Some(NEEDS_ACCOUNT) => return send_account(link, target, error),
            _ => return Err(error),
        },
        Err(Wire::Refused(reply)) => reply,
    };
    Err(refused(&reply))
}

/// Whether a login was refused because it was in clear text; `None` when the connection is
/// gone before that is known. No reply code says so (vsftpd sends 530, as for a wrong
/// password; pyftpdlib and ProFTPD 550, IIS 534, Pure-FTPd 421), but it is said to `USER`,
/// where a wrong password is said to `PASS`. So `USER` is sent by itself, to a server that
/// has TLS to offer.
pub(super) fn wants_tls(link: &mut Link, target: &FtpTarget) -> Option<bool> {
    let user = link.facts().names;
    let user = user.credential("username", target.user.as_bytes()).ok()?;
    let feat = link.ask(LOG_IN, "FEAT").ok()?;
    let offers_tls = |feature: &str| {
        let feature = feature.to_ascii_uppercase();
        feature.starts_with("AUTH ") && (feature.contains("TLS") || feature.contains("SSL"))
    };
    match feat.code {
        211 if Features::of(Some(&feat)).lines().any(offers_tls) => {}
        421 => return None,
        _ => return Some(false),
    }
    let reply = link.ask(LOG_IN, &format!("USER {user}")).ok()?;
    Some(reply.is_refusal())
}

/// Names the virtual host (RFC 7151), after TLS: the name is nobody else's business.
fn name_host(link: &mut Link, host: &str) -> Result<()> {
    // An IPv6 address stands in brackets there.
    let written = match host.parse::<std::net::Ipv6Addr>() {
        Ok(address) => format!("[{address}]"),
        Err(_) => host.to_owned(),
    };
    let reply = link
        .ask(LOG_IN, &format!("HOST {written}"))
        .map_err(|wire| wire.into_error(LOG_IN))?;
    let kind = match reply.code {
        220 | 200 => return Ok(()),
        421 => ErrorKind::LimitReached,
        // Without it the login would be one on another host than the one asked for. vsftpd
        // says to every command it does not know that one has to log in first.
        500 | 502 | 530 => ErrorKind::Unsupported,
        503 => ErrorKind::Protocol,
        _ if reply.is_refusal() => ErrorKind::InvalidInput,
        _ => ErrorKind::Protocol,
    };
    Err(refusal_as(kind, LOG_IN, &reply)
        .with("field", "virtual_host")
        .with("virtual_host", host))
}

/// Answers 332; `asked` is that reply as an error.
fn send_account(link: &mut Link, target: &FtpTarget, asked: Error) -> Result<()> {
    let Some(account) = &target.account else {
        return Err(Error::new(
            ErrorKind::AuthenticationFailed,
            LOG_IN,
            asked.message().to_owned(),
        )
        .with("field", "account"));
    };
    let names = link.facts().names;
    let account = Zeroizing::new(names.credential("account", account.expose())?);
    let command = Zeroizing::new(format!("ACCT {}", account.as_str()));
    let reply = link
        .ask(LOG_IN, &command)
        .map_err(|wire| wire.into_error(LOG_IN))?;
    match reply.code {
        230 | 202 => Ok(()),
        _ if reply.is_refusal() => Err(refused(&reply)),
        _ => Err(refusal_as(ErrorKind::Protocol, LOG_IN, &reply)),
    }
}

fn keep_account(link: &mut Link, target: &FtpTarget) {
    link.set_account(target.account.clone());
}

fn refused(reply: &Reply) -> Error {
    let kind = match reply.code {
        421 => ErrorKind::LimitReached,
        430 | 530 => ErrorKind::AuthenticationFailed,
        // "SSL/TLS required on the control channel", no anonymous logins and such.
        _ => ErrorKind::PermissionDenied,
    };
    refusal_as(kind, LOG_IN, reply)
}

fn code_of(error: &Error) -> Option<u16> {
    error.context("reply_code")?.parse().ok()
}
