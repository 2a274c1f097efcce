//! The settings of tunnels: who may open them, and where to.

use super::ConfigError;
use connection_core::tunnel::Reach;
use std::net::IpAddr;

/// Who may open tunnels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TunnelsFor {
    /// Nobody.
    Nobody,
    /// Callers whose connection comes from this machine.
    Loopback,
    /// Every caller.
    Everyone,
}

impl TunnelsFor {
    /// Its name as a setting.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nobody => "off",
            Self::Loopback => "loopback",
            Self::Everyone => "on",
        }
    }
}

/// What tunnels may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TunnelRules {
    /// Who may open them.
    pub who: TunnelsFor,
    /// Which addresses of this machine's side they may use.
    pub reach: Reach,
}

impl TunnelRules {
    pub(super) fn parse(who: Option<&str>, hosts: Option<&str>) -> Result<Self, ConfigError> {
        let who = match who {
            None | Some("loopback") => TunnelsFor::Loopback,
            Some("on") => TunnelsFor::Everyone,
            Some("off") => TunnelsFor::Nobody,
            Some(other) => {
                let text = format!("tunnels: {other:?} is none of loopback, on and off");
                return Err(ConfigError::new(text));
            }
        };
        let reach = match hosts {
            None | Some("loopback") => Reach::Loopback,
            Some("any") => Reach::Any,
            Some(other) => {
                let text = format!("tunnel_hosts: {other:?} is neither loopback nor any");
                return Err(ConfigError::new(text));
            }
        };
        Ok(Self { who, reach })
    }

    pub(super) fn hosts_name(self) -> &'static str {
        match self.reach {
            Reach::Loopback => "loopback",
            Reach::Any => "any",
        }
    }

    /// Why a caller whose connection comes from this address may open no tunnel; `None`
    /// when it may.
    pub fn refusal(self, peer: Option<IpAddr>) -> Option<&'static str> {
        match self.who {
            TunnelsFor::Everyone => None,
            TunnelsFor::Loopback if is_here(peer) => None,
            TunnelsFor::Loopback => Some(
                "Tunnels are for programs on the server's own machine; the setting tunnels = on \
                 opens them to every caller",
            ),
            TunnelsFor::Nobody => {
                Some("Tunnels are switched off on this server (the setting tunnels)")
            }
        }
    }

    /// Why a caller whose connection comes from this address may not have this machine
    /// connect somewhere.
    pub fn dial_refusal(self, peer: Option<IpAddr>) -> Option<&'static str> {
        match self.reach {
            Reach::Any => None,
            Reach::Loopback if is_here(peer) => None,
            // What listens on loopback here is not meant for who is elsewhere.
            Reach::Loopback => Some(
                "Remote tunnels end on the server's own machine and are for programs there; the \
                 setting tunnel_hosts = any opens them to every caller",
            ),
        }
    }
}

fn is_here(peer: Option<IpAddr>) -> bool {
    peer.is_some_and(|peer| peer.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_depends_on_where_the_connection_comes_from() {
        let here = ["127.0.0.1", "::1", "::ffff:127.0.0.1"].map(|a| a.parse().ok());
        let elsewhere = [Some("10.0.0.1".parse().unwrap()), "::".parse().ok(), None];
        let rules = |who, hosts| TunnelRules::parse(who, hosts).unwrap();
        for (who, near, far) in [
            (None, true, false),
            (Some("loopback"), true, false),
            (Some("on"), true, true),
            (Some("off"), false, false),
        ] {
            let rules = rules(who, None);
            assert!(here.iter().all(|p| rules.refusal(*p).is_none() == near));
            assert!(elsewhere.iter().all(|p| rules.refusal(*p).is_none() == far));
        }
        let closed = rules(Some("on"), None);
        assert!(here.iter().all(|p| closed.dial_refusal(*p).is_none()));
        assert!(elsewhere.iter().all(|p| closed.dial_refusal(*p).is_some()));
        let open = rules(Some("on"), Some("any"));
        assert!(elsewhere.iter().all(|p| open.dial_refusal(*p).is_none()));
    }
}
