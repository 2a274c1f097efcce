//! Paramiko and asyncssh, with their own defaults, driven by a script as their users would.
//! Their time begins with the login, inside the process: neither the interpreter's start nor
//! the imports count. Processor time and memory are the whole process's.

use super::{FileClient, Way};
use crate::Result;
use crate::measure;
use crate::results::Metrics;
use crate::site::Site;
use connection_tests::servers::install;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// The script, below the `tests` folder.
const SCRIPT: &str = "tests/bench/peers.py";

/// One of the libraries.
pub(crate) struct Python {
    site: Site,
    tool: &'static str,
}

impl Python {
    /// `paramiko` or `asyncssh`.
    pub(crate) fn new(site: &Site, tool: &'static str) -> Self {
        Self {
            site: site.clone(),
            tool,
        }
    }

    /// Does what the script knows by this name.
    pub(crate) fn work(&self, action: &str, arguments: &Value) -> Result<Metrics> {
        let site = serde_json::to_string(&self.site)?;
        let mut python = Command::new(install::python());
        python.arg(install::repository().join(SCRIPT)).args([
            self.tool,
            action,
            &site,
            &arguments.to_string(),
        ]);
        measure::run(&mut python)?.own_metrics()
    }
}

impl FileClient for Python {
    fn name(&self) -> String {
        self.tool.to_owned()
    }

    fn copy(&self, way: Way, local: &Path, remote: &str) -> Result<Metrics> {
        let action = match way {
            Way::Download => "get",
            Way::Upload => "put",
        };
        let remote = self.site.home.join(remote);
        self.work(action, &json!({ "local": local, "remote": remote }))
    }
}
