//! The `Host` check. A page of another site can make its own name resolve to this machine
//! and then call this server as if it were its own («DNS rebinding»); what gives it away is
//! the name in `Host`.

use crate::codes;
use crate::error::{Outcome, Problem};
use poem::Request;
use poem::http::{StatusCode, header};
use std::net::IpAddr;

/// The names the server answers to.
pub(crate) struct HostCheck {
    bound: String,
    allowed: Vec<String>,
}

impl HostCheck {
    /// Loopback, the address the server listens on, and `allowed` (lower case; `*` is any).
    pub(crate) fn new(bound: &str, allowed: &[String]) -> Self {
        Self {
            bound: bound.to_ascii_lowercase(),
            allowed: allowed.to_vec(),
        }
    }

    /// Checks a request.
    ///
    /// # Errors
    /// 403, naming the host.
    pub(crate) fn check(&self, request: &Request) -> Outcome<()> {
        let header = request.header(header::HOST);
        // A request line with a full URL counts as much as the header.
        let named = request.original_uri().authority().map(|a| a.as_str());
        if header.is_none() && named.is_none() {
            return Err(forbidden("The Host header is missing"));
        }
        match [header, named]
            .into_iter()
            .flatten()
            .find(|authority| !self.allows(host_of(authority)))
        {
            None => Ok(()),
            Some(authority) => Err(forbidden(format!(
                "Host {} is not allowed; the setting allowed_hosts lists the names this server \
                 may be called by",
                shown(authority)
            ))),
        }
    }

    fn allows(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let host = host.strip_suffix('.').unwrap_or(&host);
        if host == "localhost" || host == self.bound {
            return true;
        }
        if self.allowed.iter().any(|a| a == "*" || a == host) {
            return true;
        }
        match host.parse::<IpAddr>() {
            Ok(ip) => {
                // An address cannot be rebound; on every address is on this one too.
                ip.is_loopback()
                    || self
                        .bound
                        .parse::<IpAddr>()
                        .is_ok_and(|bound| bound == ip || bound.is_unspecified())
            }
            Err(_) => false,
        }
    }
}

/// The host of `host`, `host:port`, `[v6]` or `[v6]:port`.
pub(crate) fn host_of(authority: &str) -> &str {
    if let Some(rest) = authority.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// A header's value, cut and without anything that could confuse a reader.
pub(crate) fn shown(value: &str) -> String {
    value
        .chars()
        .take(100)
        .flat_map(char::escape_debug)
        .collect()
}

fn forbidden(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, detail).named(codes::HOST_NOT_ALLOWED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_names() {
        let check = HostCheck::new("127.0.0.1", &["files.example.com".to_owned()]);
        for yes in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "127.0.0.1",
            "127.1.2.3",
            "::1",
            "files.example.com",
        ] {
            assert!(check.allows(yes), "{yes}");
        }
        for no in [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "192.0.2.1",
            "",
            "*",
        ] {
            assert!(!check.allows(no), "{no}");
        }
        let everywhere = HostCheck::new("0.0.0.0", &[]);
        assert!(everywhere.allows("192.0.2.1"));
        assert!(!everywhere.allows("evil.example"));
        assert!(HostCheck::new("0.0.0.0", &["*".to_owned()]).allows("evil.example"));
    }

    #[test]
    fn ports_and_brackets_are_no_part_of_the_host() {
        for (authority, host) in [
            ("a:80", "a"),
            ("a", "a"),
            ("[::1]:8000", "::1"),
            ("[::1]", "::1"),
            ("a:", "a"),
        ] {
            assert_eq!(host_of(authority), host);
        }
    }
}
