//! [`Settings`]: the validated configuration everything else is built from.

use super::layer::{Layer, Seconds};
use super::recordings::recordings;
use super::tunnels::TunnelRules;
use super::{Cli, ConfigError, TOKEN_VARIABLE};
use connection_core::exec::DEFAULT_OUTPUT_LIMIT;
use connection_core::recording::RecordingSettings;
use connection_core::secret::Secret;
use connection_core::target::SshEngine;
use connection_core::terminals::TerminalLimits;
use connection_core::trust::TrustPolicy;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A shared secret that opens the API, and whose it is.
pub struct AccessToken {
    /// Name of the holder, who owns the sessions opened with it.
    pub holder: String,
    /// The token.
    pub secret: Secret,
}

/// Form of the log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The effective configuration.
pub struct Settings {
    /// Host name or address to listen on.
    pub host: String,
    /// TCP port to listen on; 0 takes a free one.
    pub port: u16,
    /// Who may use the API; empty means everyone who can reach it.
    pub tokens: Vec<AccessToken>,
    /// How long an unused session lives.
    pub session_timeout: Duration,
    /// Sessions at once.
    pub max_sessions: usize,
    /// The connect clock of a request that names none.
    pub default_timeout: Duration,
    /// Largest file transferred, in bytes.
    pub max_file_size: Option<u64>,
    /// Longest time a command may run.
    pub exec_timeout: Option<Duration>,
    /// Most output of a command, in bytes.
    pub exec_output_limit: u64,
    /// Implementation of SSH.
    pub engine: SshEngine,
    /// What happens to unknown servers.
    pub trust: TrustPolicy,
    /// Where the record of known servers lies; `None` keeps it in memory.
    pub config_dir: Option<PathBuf>,
    /// Where local files may lie.
    pub local_roots: Vec<PathBuf>,
    /// Origins besides loopback whose pages may call the API.
    pub cors_origins: Vec<String>,
    /// Names the server may be called by, in lower case.
    pub allowed_hosts: Vec<String>,
    /// HTTP connections at once.
    pub max_connections: usize,
    /// WebSockets at once.
    pub max_websockets: usize,
    /// Limits of each session's terminals.
    pub terminals: TerminalLimits,
    /// Who may open tunnels, and where to.
    pub tunnels: TunnelRules,
    /// Longest time for a request's head.
    pub header_timeout: Duration,
    /// Longest time for a JSON body.
    pub body_timeout: Duration,
    /// Longest time for requests in progress at the end.
    pub drain_timeout: Duration,
    /// Recordings of terminals.
    pub recordings: Option<RecordingSettings>,
    /// Form of the log.
    pub log_format: LogFormat,
    /// Filter of the log.
    pub log_level: String,
}

/// Longest time a setting may name: more than a year is a slip of the pen.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

impl Settings {
    /// The settings when nothing is configured.
    ///
    /// # Errors
    /// None in practice: the defaults are valid.
    pub fn defaults() -> Result<Self, ConfigError> {
        Self::from_layer(Layer::default())
    }

    /// Brings the command line, the environment's token and the TOML file together.
    ///
    /// # Errors
    /// A file cannot be read or a value cannot be used; the text names it.
    pub fn load(cli: Cli, token: Option<String>) -> Result<Self, ConfigError> {
        let mut top = cli.settings;
        // The flag is the stronger of the two; both in one layer would be a contradiction.
        if top.token_file.is_none() {
            top.token = token;
        }
        let file = match cli.config {
            Some(path) => Layer::read(&path)?,
            None => {
                let dir = top.config_dir.clone().or_else(default_config_dir);
                match dir.map(|dir| dir.join("config.toml")) {
                    // One that cannot be looked at may say what must not be overlooked.
                    Some(path) if !matches!(path.try_exists(), Ok(false)) => Layer::read(&path)?,
                    _ => Layer::default(),
                }
            }
        };
        Self::from_layer(top.over(file))
    }

    /// Validates one merged layer.
    ///
    /// # Errors
    /// A value cannot be used; the text names the setting.
    pub fn from_layer(layer: Layer) -> Result<Self, ConfigError> {
        let recordings = recordings(&layer)?;
        let host = layer.host.unwrap_or_else(|| "127.0.0.1".to_owned());
        let tokens = tokens(layer.token, layer.token_file.as_deref(), layer.tokens)?;
        if tokens.is_empty() && !is_loopback(&host) {
            return Err(ConfigError::new(format!(
                "host: refusing to listen on {host} without an access token: everyone who reaches \
                 this address could use every session. Set --token-file, {TOKEN_VARIABLE} or token \
                 in the TOML file, or listen on 127.0.0.1"
            )));
        }
        let log_format = match layer.log_format.as_deref() {
            None | Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(other) => return Err(neither("log_format", other, "text", "json")),
        };
        let trust = match layer.trust.as_deref() {
            None | Some("accept-new") => TrustPolicy::AcceptNew,
            Some("strict") => TrustPolicy::Strict,
            Some(other) => return Err(neither("trust", other, "strict", "accept-new")),
        };
        let engine = match layer.engine {
            None => SshEngine::default(),
            Some(name) => name
                .parse()
                .map_err(|_| neither("engine", &name, "russh", "libssh2"))?,
        };
        let log_level = layer.log_level.unwrap_or_else(|| "info".to_owned());
        crate::logging::check_filter(&log_level)
            .map_err(|e| ConfigError::new(format!("log_level: {e}")))?;
        Ok(Self {
            host,
            port: layer.port.unwrap_or(8000),
            tokens,
            session_timeout: time("session_timeout", layer.session_timeout, 1800)?,
            max_sessions: at_least_one("max_sessions", layer.max_sessions, 20)?,
            default_timeout: time("default_timeout", layer.default_timeout, 30)?,
            max_file_size: layer.max_file_size,
            exec_timeout: layer
                .exec_timeout
                .map(|t| time("exec_timeout", Some(t), 0))
                .transpose()?,
            exec_output_limit: layer.exec_output_limit.unwrap_or(DEFAULT_OUTPUT_LIMIT),
            engine,
            trust,
            config_dir: layer.config_dir.or_else(default_config_dir),
            local_roots: local_roots(layer.local_roots)?,
            cors_origins: origins(layer.cors_origins.unwrap_or_default())?,
            allowed_hosts: layer
                .allowed_hosts
                .unwrap_or_default()
                .into_iter()
                .map(|name| name.to_ascii_lowercase())
                .collect(),
            max_connections: at_least_one("max_connections", layer.max_connections, 512)?,
            max_websockets: at_least_one("max_websockets", layer.max_websockets, 256)?,
            terminals: terminals(
                layer.max_terminals,
                layer.terminal_replay,
                layer.terminal_timeout,
            )?,
            tunnels: TunnelRules::parse(layer.tunnels.as_deref(), layer.tunnel_hosts.as_deref())?,
            header_timeout: time("header_timeout", layer.header_timeout, 10)?,
            body_timeout: time("body_timeout", layer.body_timeout, 30)?,
            drain_timeout: layer
                .drain_timeout
                .map_or(Duration::from_secs(10), |Seconds(t)| t.min(LONGEST)),
            recordings,
            log_format,
            log_level,
        })
    }

    /// The effective settings as TOML, every secret as `***`.
    ///
    /// # Errors
    /// A path is not UTF-8.
    pub fn to_toml(&self) -> Result<String, ConfigError> {
        const HIDDEN: &str = "***";
        let seconds = |t: Duration| Some(Seconds(t));
        let mut token = None;
        let mut named = BTreeMap::new();
        for each in &self.tokens {
            if each.holder == DEFAULT_HOLDER {
                token = Some(HIDDEN.to_owned());
            } else {
                named.insert(each.holder.clone(), HIDDEN.to_owned());
            }
        }
        let recordings = self.recordings.as_ref();
        let layer = Layer {
            host: Some(self.host.clone()),
            port: Some(self.port),
            token_file: None,
            token,
            tokens: (!named.is_empty()).then_some(named),
            session_timeout: seconds(self.session_timeout),
            max_sessions: Some(self.max_sessions),
            default_timeout: seconds(self.default_timeout),
            max_file_size: self.max_file_size,
            exec_timeout: self.exec_timeout.and_then(seconds),
            exec_output_limit: Some(self.exec_output_limit),
            engine: Some(self.engine.name().to_owned()),
            trust: Some(
                match self.trust {
                    TrustPolicy::Strict => "strict",
                    TrustPolicy::AcceptNew => "accept-new",
                }
                .to_owned(),
            ),
            config_dir: self.config_dir.clone(),
            local_roots: Some(self.local_roots.clone()),
            cors_origins: Some(self.cors_origins.clone()),
            allowed_hosts: Some(self.allowed_hosts.clone()),
            max_connections: Some(self.max_connections),
            max_websockets: Some(self.max_websockets),
            max_terminals: Some(self.terminals.per_session),
            terminal_replay: Some(self.terminals.replay),
            terminal_timeout: seconds(self.terminals.detached),
            tunnels: Some(self.tunnels.who.name().to_owned()),
            tunnel_hosts: Some(self.tunnels.hosts_name().to_owned()),
            header_timeout: seconds(self.header_timeout),
            body_timeout: seconds(self.body_timeout),
            drain_timeout: seconds(self.drain_timeout),
            recording_dir: recordings.map(|r| r.directory.clone()),
            record: recordings.map(|r| r.policy.name().to_owned()),
            record_input: recordings.map(|r| r.input),
            recording_max_size: recordings.map(|r| r.max_size),
            recording_total_size: recordings.map(|r| r.total_size),
            log_format: Some(
                match self.log_format {
                    LogFormat::Text => "text",
                    LogFormat::Json => "json",
                }
                .to_owned(),
            ),
            log_level: Some(self.log_level.clone()),
        };
        toml::to_string(&layer).map_err(|e| ConfigError::new(e.to_string()))
    }
}

/// Whose sessions are those of a server without named tokens.
pub(crate) const DEFAULT_HOLDER: &str = "local";

/// Whether only this machine can reach the address. A name other than `localhost` is taken
/// as not: what it resolves to is not ours to know.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn tokens(
    token: Option<String>,
    file: Option<&Path>,
    named: Option<BTreeMap<String, String>>,
) -> Result<Vec<AccessToken>, ConfigError> {
    let check = |setting: String, holder: &str, text: String| {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(ConfigError::new(format!(
                "{setting}: a token is one or more visible ASCII characters without spaces"
            )));
        }
        Ok(AccessToken {
            holder: holder.to_owned(),
            secret: Secret::from(text),
        })
    };
    let mut all = Vec::new();
    if let Some(text) = token {
        all.push(check("token".to_owned(), DEFAULT_HOLDER, text)?);
    } else if let Some(path) = file {
        let text = std::fs::read_to_string(path).map_err(|e| {
            ConfigError::new(format!("token_file: cannot read {}: {e}", path.display()))
        })?;
        all.push(check(
            format!("token_file {}", path.display()),
            DEFAULT_HOLDER,
            text.trim().to_owned(),
        )?);
    }
    for (holder, text) in named.unwrap_or_default() {
        if holder == DEFAULT_HOLDER && !all.is_empty() {
            return Err(ConfigError::new(format!(
                "tokens.{DEFAULT_HOLDER}: the name belongs to the unnamed token"
            )));
        }
        all.push(check(format!("tokens.{holder}"), &holder, text)?);
    }
    Ok(all)
}

fn time(setting: &str, value: Option<Seconds>, default: u64) -> Result<Duration, ConfigError> {
    let value = value.map_or(Duration::from_secs(default), |Seconds(t)| t);
    if value.is_zero() || value > LONGEST {
        return Err(ConfigError::new(format!(
            "{setting}: must be more than 0 and at most {} seconds",
            LONGEST.as_secs()
        )));
    }
    Ok(value)
}

fn at_least_one(setting: &str, value: Option<usize>, default: usize) -> Result<usize, ConfigError> {
    match value.unwrap_or(default) {
        0 => Err(ConfigError::new(format!("{setting}: must be at least 1"))),
        n => Ok(n),
    }
}

/// Least and most bytes kept of each terminal: a screen of the largest size, and what the
/// terminals of many sessions may fill.
const REPLAY: RangeInclusive<usize> = 128 * 1024..=16 * 1024 * 1024;

fn terminals(
    most: Option<usize>,
    replay: Option<usize>,
    timeout: Option<Seconds>,
) -> Result<TerminalLimits, ConfigError> {
    let usual = TerminalLimits::default();
    let replay = replay.unwrap_or(usual.replay);
    if !REPLAY.contains(&replay) {
        return Err(ConfigError::new(format!(
            "terminal_replay: must be from {} to {} bytes",
            REPLAY.start(),
            REPLAY.end()
        )));
    }
    Ok(TerminalLimits {
        per_session: at_least_one("max_terminals", most, usual.per_session)?,
        replay,
        detached: time("terminal_timeout", timeout, usual.detached.as_secs())?,
        ..usual
    })
}

fn neither(setting: &str, given: &str, one: &str, other: &str) -> ConfigError {
    ConfigError::new(format!("{setting}: {given:?} is neither {one} nor {other}"))
}

fn origins(list: Vec<String>) -> Result<Vec<String>, ConfigError> {
    for origin in &list {
        let ok = origin == "*"
            || origin
                .split_once("://")
                .is_some_and(|(_, rest)| !rest.is_empty() && !rest.contains('/'));
        if !ok {
            return Err(ConfigError::new(format!(
                "cors_origins: {origin:?} is not an origin such as https://app.example.com, without \
                 a path or a slash at the end"
            )));
        }
    }
    Ok(list)
}

fn local_roots(given: Option<Vec<PathBuf>>) -> Result<Vec<PathBuf>, ConfigError> {
    let roots = given.unwrap_or_else(|| {
        // Service accounts may have `/` as their home, which would be no limit at all.
        let home = std::env::home_dir().filter(|home| home.parent().is_some());
        let mut roots: Vec<_> = home.into_iter().collect();
        roots.push(std::env::temp_dir());
        roots
    });
    match roots.iter().find(|root| !root.is_absolute()) {
        Some(root) => Err(ConfigError::new(format!(
            "local_roots: {} is not an absolute path",
            root.display()
        ))),
        None => Ok(roots),
    }
}

fn default_config_dir() -> Option<PathBuf> {
    std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|dir| dir.is_absolute())
        .or_else(|| std::env::home_dir().map(|home| home.join(".config")))
        .map(|dir| dir.join("connection-manager"))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
