//! One layer of raw settings: what a command line with its environment, or a TOML file,
//! says. Nothing is checked here beyond the form of a value.

use super::ConfigError;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// A time in seconds, with a fraction if need be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seconds(pub Duration);

impl Seconds {
    fn from_f64(seconds: f64) -> Result<Self, String> {
        Duration::try_from_secs_f64(seconds)
            .map(Self)
            .map_err(|_| format!("{seconds} is not a time in seconds"))
    }
}

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let seconds: f64 = text
            .parse()
            .map_err(|_| format!("{text:?} is not a number of seconds"))?;
        Self::from_f64(seconds)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_f64(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.subsec_nanos() == 0 {
            serializer.serialize_u64(self.0.as_secs())
        } else {
            serializer.serialize_f64(self.0.as_secs_f64())
        }
    }
}

/// Makes the layer, and how one lies over another, from the one list of its settings.
macro_rules! layer {
    ($(#[$about:meta])* pub struct $layer:ident {
        $($(#[$setting:meta])* pub $name:ident: Option<$value:ty>,)*
    }) => {
        $(#[$about])*
        pub struct $layer {
            $($(#[$setting])* pub $name: Option<$value>,)*
        }

        impl $layer {
            fn or(self, below: Self) -> Self {
                Self {
                    $($name: self.$name.or(below.$name),)*
                }
            }
        }
    };
}

layer! {
/// The settings of one source; what it does not mention is `None`.
#[derive(Default, clap::Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Address to listen on; other than loopback needs an access token [default: 127.0.0.1]
    #[arg(long, env = "CONNECTION_MANAGER_HOST", value_name = "ADDRESS")]
    pub host: Option<String>,

    /// Port to listen on; 0 takes a free one [default: 8000]
    #[arg(long, env = "CONNECTION_MANAGER_PORT", value_name = "PORT")]
    pub port: Option<u16>,

    /// File with the access token every request must carry [default: none]
    #[arg(long, env = "CONNECTION_MANAGER_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,

    /// The access token itself.
    #[arg(skip)]
    pub token: Option<String>,

    /// Access tokens by the name of their holder; each holder has sessions of their own.
    #[arg(skip)]
    pub tokens: Option<BTreeMap<String, String>>,

    /// Seconds after which an unused session is closed [default: 1800]
    #[arg(
        long,
        env = "CONNECTION_MANAGER_SESSION_TIMEOUT",
        value_name = "SECONDS"
    )]
    pub session_timeout: Option<Seconds>,

    /// Sessions at once [default: 20]
    #[arg(long, env = "CONNECTION_MANAGER_MAX_SESSIONS", value_name = "COUNT")]
    pub max_sessions: Option<usize>,

    /// Seconds to connect and log in, where the request names none [default: 30]
    #[arg(
        long,
        env = "CONNECTION_MANAGER_DEFAULT_TIMEOUT",
        value_name = "SECONDS"
    )]
    pub default_timeout: Option<Seconds>,

    /// Largest file downloaded or uploaded, in bytes [default: unlimited]
    #[arg(long, env = "CONNECTION_MANAGER_MAX_FILE_SIZE", value_name = "BYTES")]
    pub max_file_size: Option<u64>,

    /// Seconds after which a command is ended [default: never]
    #[arg(long, env = "CONNECTION_MANAGER_EXEC_TIMEOUT", value_name = "SECONDS")]
    pub exec_timeout: Option<Seconds>,

    /// Bytes of output after which a command is ended [default: 67108864]
    #[arg(
        long,
        env = "CONNECTION_MANAGER_EXEC_OUTPUT_LIMIT",
        value_name = "BYTES"
    )]
    pub exec_output_limit: Option<u64>,

    /// Implementation of SSH: russh or libssh2 [default: russh]
    #[arg(long, env = "CONNECTION_MANAGER_ENGINE", value_name = "ENGINE")]
    pub engine: Option<String>,

    /// What happens to a server that is not on record: accept-new records it, strict refuses it
    /// [default: accept-new]
    #[arg(long, env = "CONNECTION_MANAGER_TRUST", value_name = "POLICY")]
    pub trust: Option<String>,

    /// Directory with known_hosts, known_certificates and config.toml
    /// [default: connection-manager in $XDG_CONFIG_HOME or ~/.config]
    #[arg(long, env = "CONNECTION_MANAGER_CONFIG_DIR", value_name = "DIRECTORY")]
    pub config_dir: Option<PathBuf>,

    /// Local directory that downloads, uploads and keys may lie in; may be repeated
    /// [default: the home directory and the temporary directory]
    #[arg(
        long = "local-root",
        env = "CONNECTION_MANAGER_LOCAL_ROOTS",
        value_name = "DIRECTORY",
        value_delimiter = ','
    )]
    pub local_roots: Option<Vec<PathBuf>>,

    /// Origin besides localhost whose pages may call the API, such as `https://app.example.com`;
    /// may be repeated, * means any [default: none]
    #[arg(
        long = "cors-origin",
        env = "CONNECTION_MANAGER_CORS_ORIGINS",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub cors_origins: Option<Vec<String>>,

    /// Host name this server may be called by, besides localhost and the address it listens on;
    /// may be repeated, * means any [default: none]
    #[arg(
        long = "allowed-host",
        env = "CONNECTION_MANAGER_ALLOWED_HOSTS",
        value_name = "NAME",
        value_delimiter = ','
    )]
    pub allowed_hosts: Option<Vec<String>>,

    /// HTTP connections at once; more wait [default: 512]
    #[arg(long, env = "CONNECTION_MANAGER_MAX_CONNECTIONS", value_name = "COUNT")]
    pub max_connections: Option<usize>,

    /// WebSockets at once, which no longer count as connections [default: 256]
    #[arg(long, env = "CONNECTION_MANAGER_MAX_WEBSOCKETS", value_name = "COUNT")]
    pub max_websockets: Option<usize>,

    /// Terminals of one session that run at once [default: 32]
    #[arg(long, env = "CONNECTION_MANAGER_MAX_TERMINALS", value_name = "COUNT")]
    pub max_terminals: Option<usize>,

    /// Newest bytes kept of each terminal, for who attaches again [default: 1048576]
    #[arg(long, env = "CONNECTION_MANAGER_TERMINAL_REPLAY", value_name = "BYTES")]
    pub terminal_replay: Option<usize>,

    /// Seconds after which a terminal that nobody is attached to is closed [default: 1800]
    #[arg(
        long,
        env = "CONNECTION_MANAGER_TERMINAL_TIMEOUT",
        value_name = "SECONDS"
    )]
    pub terminal_timeout: Option<Seconds>,

    /// Who may open tunnels: loopback is programs of this machine, on is every caller, off is
    /// nobody [default: loopback]
    #[arg(long, env = "CONNECTION_MANAGER_TUNNELS", value_name = "WHO")]
    pub tunnels: Option<String>,

    /// Addresses of this machine's side that tunnels may listen on and connect to: loopback or
    /// any [default: loopback]
    #[arg(long, env = "CONNECTION_MANAGER_TUNNEL_HOSTS", value_name = "REACH")]
    pub tunnel_hosts: Option<String>,

    /// Seconds a client has to send a request's head [default: 10]
    #[arg(
        long,
        env = "CONNECTION_MANAGER_HEADER_TIMEOUT",
        value_name = "SECONDS"
    )]
    pub header_timeout: Option<Seconds>,

    /// Seconds a client has to send a request's JSON body [default: 30]
    #[arg(long, env = "CONNECTION_MANAGER_BODY_TIMEOUT", value_name = "SECONDS")]
    pub body_timeout: Option<Seconds>,

    /// Seconds that requests in progress get to end when the server stops; 5 s later the
    /// program has ended whatever hangs [default: 10]
    #[arg(long, env = "CONNECTION_MANAGER_DRAIN_TIMEOUT", value_name = "SECONDS")]
    pub drain_timeout: Option<Seconds>,

    /// Directory for recordings of terminals [default: none, and nothing is recorded]
    #[arg(
        long,
        env = "CONNECTION_MANAGER_RECORDING_DIR",
        value_name = "DIRECTORY"
    )]
    pub recording_dir: Option<PathBuf>,

    /// Which terminals are recorded: never, on-request or always
    /// [default: on-request where there is a directory]
    #[arg(long, env = "CONNECTION_MANAGER_RECORD", value_name = "POLICY")]
    pub record: Option<String>,

    /// Whether what is typed is recorded too, passwords included [default: false]
    #[arg(long, env = "CONNECTION_MANAGER_RECORD_INPUT", value_name = "BOOL")]
    pub record_input: Option<bool>,

    /// Largest recording, in bytes [default: 1073741824]
    #[arg(
        long,
        env = "CONNECTION_MANAGER_RECORDING_MAX_SIZE",
        value_name = "BYTES"
    )]
    pub recording_max_size: Option<u64>,

    /// Most bytes of all recordings together; where they are reached nothing more is recorded,
    /// and nothing is deleted [default: 10737418240]
    #[arg(
        long,
        env = "CONNECTION_MANAGER_RECORDING_TOTAL_SIZE",
        value_name = "BYTES"
    )]
    pub recording_total_size: Option<u64>,

    /// Form of the log on standard error: text or json [default: text]
    #[arg(long, env = "CONNECTION_MANAGER_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<String>,

    /// Least severe level logged, or filter directives such as info,connection_core=debug
    /// [default: info]
    #[arg(long, env = "CONNECTION_MANAGER_LOG_LEVEL", value_name = "LEVEL")]
    pub log_level: Option<String>,
}
}

// By hand, because a derived one would show the tokens.
impl std::fmt::Debug for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Layer")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl Layer {
    /// Reads a TOML file.
    ///
    /// # Errors
    /// The file cannot be read, is not TOML, or holds an unknown key; the text names it.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| ConfigError::new(format!("cannot read {}: {e}", path.display())))?;
        Self::parse(&text).map_err(|e| ConfigError::new(format!("{}: {e}", path.display())))
    }

    /// Parses TOML.
    ///
    /// # Errors
    /// As [`Layer::read`]. The text never quotes the file, which may hold a token.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|e| {
            let line = e
                .span()
                .and_then(|span| text.get(..span.start))
                .map_or(1, |before| before.matches('\n').count() + 1);
            ConfigError::new(format!("line {line}: {}", e.message()))
        })
    }

    /// This layer, with `below` where it says nothing.
    #[must_use]
    pub fn over(self, mut below: Self) -> Self {
        // A source that names a token replaces every token of the weaker one.
        if self.token.is_some() || self.tokens.is_some() || self.token_file.is_some() {
            (below.token, below.tokens, below.token_file) = (None, None, None);
        }
        self.or(below)
    }
}
