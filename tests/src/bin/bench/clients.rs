//! The programs compared at copying files: one file a program, all behind one trait. Knows
//! how each is called, not what is measured with it.

mod curl;
mod http;
mod lftp;
mod library;
mod openssh;
mod python;
mod rclone;

use crate::Result;
use crate::facade::Facade;
use crate::results::Metrics;
use crate::site::Site;
use crate::worker::Login;
use connection_core::target::SshEngine;
use std::path::Path;

pub(crate) use curl::CurlFtp;
pub(crate) use http::{Http, curl_parallel};
pub(crate) use lftp::Lftp;
pub(crate) use library::Library;
pub(crate) use openssh::{OpenSsh, options as openssh_options};
pub(crate) use python::Python;
pub(crate) use rclone::Rclone;

/// Protocol of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Sftp,
    Ftp,
}

/// Which way a file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Download,
    Upload,
}

impl Way {
    pub(crate) const BOTH: [Self; 2] = [Self::Download, Self::Upload];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Download => "download",
            Self::Upload => "upload",
        }
    }
}

/// A program that copies files.
pub(crate) trait FileClient {
    /// Its short name.
    fn name(&self) -> String;

    /// Copies one file, login included unless the module says otherwise. `remote` is a name
    /// in the login's directory.
    fn copy(&self, way: Way, local: &Path, remote: &str) -> Result<Metrics>;
}

/// Every client for SFTP, ours first.
pub(crate) fn sftp<'a>(site: &Site, facade: &'a Facade) -> Result<Vec<Box<dyn FileClient + 'a>>> {
    let mut clients: Vec<Box<dyn FileClient + 'a>> = Vec::new();
    for engine in SshEngine::ALL {
        clients.push(Box::new(Library::new(site, Login::key(engine))));
    }
    clients.push(Box::new(Http::open(facade, site, Protocol::Sftp)?));
    clients.push(Box::new(OpenSsh::new(site, None)));
    clients.push(Box::new(OpenSsh::aes(site)));
    clients.push(Box::new(Python::new(site, "paramiko")));
    clients.push(Box::new(Python::new(site, "asyncssh")));
    clients.push(Box::new(Rclone::new(site)));
    clients.push(Box::new(Lftp::new(site, Protocol::Sftp)));
    Ok(clients)
}

/// Every client for FTP, ours first.
pub(crate) fn ftp<'a>(site: &Site, facade: &'a Facade) -> Result<Vec<Box<dyn FileClient + 'a>>> {
    Ok(vec![
        Box::new(Library::new(site, Login::Ftp)),
        Box::new(Http::open(facade, site, Protocol::Ftp)?),
        Box::new(CurlFtp::new(site)),
        Box::new(Lftp::new(site, Protocol::Ftp)),
    ])
}
