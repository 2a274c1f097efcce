//! Configuration: raw values from the command line, the environment and a TOML file, in
//! this order of strength, become one validated [`Settings`]. Only this module and the
//! program's start read the environment.

mod flags;
mod layer;
mod recordings;
mod settings;
mod tunnels;

pub use flags::{Cli, Command};
pub use layer::{Layer, Seconds};
pub(crate) use settings::DEFAULT_HOLDER;
pub use settings::{AccessToken, LogFormat, Settings};
pub use tunnels::{TunnelRules, TunnelsFor};

/// Environment variable with the access token: a flag would show in the process list.
pub const TOKEN_VARIABLE: &str = "CONNECTION_MANAGER_TOKEN";

/// A setting that cannot be used; the text names the setting.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub(crate) String);

impl ConfigError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}
