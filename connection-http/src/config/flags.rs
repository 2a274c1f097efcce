//! The command line: the settings' flags and the few that are not settings.

use super::layer::Layer;
use std::path::PathBuf;

/// What is typed after `connection-manager`.
#[derive(Debug, Default, clap::Parser)]
#[command(
    name = "connection-manager",
    version,
    about = "Remote files and commands over SSH/SFTP and FTP/FTPS, as an HTTP API.",
    after_help = "A flag outweighs its environment variable, which outweighs the TOML file, which \
outweighs the default. The TOML keys are the flags with `_` for `-` (local_roots, cors_origins, \
allowed_hosts and the table [tokens] are plural).\n\n\
The access token is read from --token-file, from CONNECTION_MANAGER_TOKEN, or from the TOML keys \
token and [tokens]; never from a flag, which other users of this machine could see."
)]
pub struct Cli {
    /// Without one, the server runs.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The settings.
    #[command(flatten)]
    pub settings: Layer,

    /// TOML file with settings [default: config.toml in the configuration directory, if there]
    #[arg(long, env = "CONNECTION_MANAGER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Print the effective settings as TOML, secrets hidden, and exit
    #[arg(long)]
    pub print_config: bool,

    /// Print the OpenAPI description and exit
    #[arg(long)]
    pub print_openapi: bool,
}

/// What the program does instead of serving.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Show a terminal of a session of a running server in this one
    Shell(crate::shell::ShellArgs),
}
