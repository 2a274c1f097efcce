//! What a tunnel is asked to be, and whether it may be that.

use crate::error::{Error, Result};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Connections through a tunnel at once, where the request does not say.
pub const DEFAULT_CONNECTIONS: usize = 64;

/// Most connections through one tunnel that a request may ask for.
pub const MAX_CONNECTIONS: usize = 256;

/// Longest host name: of DNS, and one byte less than a SOCKS request can carry.
const MAX_HOST: usize = 253;

/// Which addresses of this machine's side a tunnel may listen on and connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// This machine's loopback interface alone.
    #[default]
    Loopback,
    /// Any address.
    Any,
}

impl Reach {
    /// Whether the address is within reach, in whatever form it is written.
    pub fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::Any => true,
            Self::Loopback => address.to_canonical().is_loopback(),
        }
    }
}

/// A host and a TCP port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Host name or address, as it was given.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl Endpoint {
    /// A place to connect to.
    ///
    /// # Errors
    /// `InvalidInput` for what can be no host, and for port 0.
    pub fn new(host: &str, port: u16) -> Result<Self> {
        if !is_host(host) {
            return Err(Error::invalid("host", "host is not a host name or address"));
        }
        if port == 0 {
            return Err(Error::invalid("port", "port must be from 1 to 65535"));
        }
        Ok(Self {
            host: host.to_owned(),
            port,
        })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

/// The direction of a tunnel, and where its connections end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TunnelKind {
    /// Listens here; the server connects to the end (`ssh -L`).
    Local(Endpoint),
    /// Listens here as a SOCKS5 proxy; the server connects to where each client asks, and
    /// looks names up (`ssh -D`).
    Dynamic,
    /// The server listens; this machine connects to the end (`ssh -R`).
    Remote(Endpoint),
}

impl TunnelKind {
    /// Its name: `local`, `dynamic` or `remote`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Local(_) => "local",
            Self::Dynamic => "dynamic",
            Self::Remote(_) => "remote",
        }
    }

    /// Where its connections end, unless each has an end of its own.
    pub fn end(&self) -> Option<&Endpoint> {
        match self {
            Self::Local(end) | Self::Remote(end) => Some(end),
            Self::Dynamic => None,
        }
    }
}

/// A tunnel to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TunnelRequest {
    /// Direction and end.
    pub kind: TunnelKind,
    /// Address to listen on: of this machine a literal address or `localhost`, of the
    /// server whatever it takes.
    pub bind_host: String,
    /// Port to listen on; 0 has a free one chosen.
    pub bind_port: u16,
    /// Connections at once, from 1 to [`MAX_CONNECTIONS`].
    pub max_connections: usize,
    /// Which addresses of this machine may be used.
    pub reach: Reach,
}

impl TunnelRequest {
    /// A tunnel on a free port of the loopback interface, with the default limit.
    pub fn new(kind: TunnelKind) -> Self {
        Self {
            kind,
            bind_host: "127.0.0.1".to_owned(),
            bind_port: 0,
            max_connections: DEFAULT_CONNECTIONS,
            reach: Reach::Loopback,
        }
    }

    /// Refuses what cannot be, or may not be.
    ///
    /// # Errors
    /// `InvalidInput`.
    pub(super) fn check(&self) -> Result<()> {
        if !(1..=MAX_CONNECTIONS).contains(&self.max_connections) {
            let text = format!("max_connections must be from 1 to {MAX_CONNECTIONS}");
            return Err(Error::invalid("max_connections", text));
        }
        if let Some(end) = self.kind.end() {
            Endpoint::new(&end.host, end.port)?;
        }
        match self.kind {
            TunnelKind::Local(_) | TunnelKind::Dynamic => self.listens_on().map(drop),
            TunnelKind::Remote(_) => match is_host(&self.bind_host) {
                true => Ok(()),
                false => Err(Error::invalid("bind_host", "bind_host is no address")),
            },
        }
    }

    /// The address of this machine to listen on.
    ///
    /// # Errors
    /// `InvalidInput`.
    pub(super) fn listens_on(&self) -> Result<SocketAddr> {
        let address = match self.bind_host.as_str() {
            "localhost" => IpAddr::V4(Ipv4Addr::LOCALHOST),
            text => text.parse().map_err(|_| {
                let text = "bind_host must be an address such as 127.0.0.1 or ::1, or localhost";
                Error::invalid("bind_host", text)
            })?,
        };
        if !self.reach.allows(address) {
            return Err(Error::invalid(
                "bind_host",
                "bind_host must be a loopback address: others are not allowed here",
            ));
        }
        Ok(SocketAddr::new(address, self.bind_port))
    }
}

/// Whether the text can name a host. It is resolved by others, so it is only kept from
/// being something else.
pub(super) fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_HOST
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '%'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn loopback_is_loopback_however_it_is_written() {
        for inside in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
            assert!(Reach::Loopback.allows(inside.parse().unwrap()), "{inside}");
        }
        for outside in [
            "0.0.0.0",
            "::",
            "10.0.0.1",
            "169.254.169.254",
            "::ffff:10.0.0.1",
        ] {
            let address = outside.parse().unwrap();
            assert!(!Reach::Loopback.allows(address), "{outside}");
            assert!(Reach::Any.allows(address), "{outside}");
        }
    }

    #[test]
    fn what_cannot_or_may_not_be_is_refused_with_its_field() {
        let good = TunnelRequest::new(TunnelKind::Dynamic);
        good.check().unwrap();
        let field = |change: fn(&mut TunnelRequest)| {
            let mut request = good.clone();
            change(&mut request);
            let error = request.check().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            error.context("field").unwrap().to_owned()
        };
        assert_eq!(field(|r| r.bind_host = "0.0.0.0".into()), "bind_host");
        assert_eq!(field(|r| r.bind_host = "example.com".into()), "bind_host");
        assert_eq!(field(|r| r.max_connections = 0), "max_connections");
        assert_eq!(field(|r| r.max_connections = 257), "max_connections");
        let to = |host: &str, port| {
            TunnelKind::Remote(Endpoint {
                host: host.to_owned(),
                port,
            })
        };
        for (host, port) in [
            ("", 80),
            ("a b", 80),
            ("a\0b", 80),
            ("http://x/", 80),
            ("x", 0),
        ] {
            let request = TunnelRequest::new(to(host, port));
            assert!(request.check().is_err(), "{host:?}:{port}");
        }
        TunnelRequest::new(to("db.internal", 5432)).check().unwrap();
        let mut open = good.clone();
        (open.bind_host, open.reach) = ("0.0.0.0".to_owned(), Reach::Any);
        open.check().unwrap();
    }
}
