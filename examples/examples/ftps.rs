//! Lists a directory over FTP with TLS, and asks before it trusts a certificate that no
//! authority vouches for. What was trusted is on record in CONFIG the next time.
//!
//! `EXAMPLE_PASSWORD=… cargo run -p connection-examples --example ftps -- HOST PORT USER CONFIG PATH`

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

use connection_core::path::{RemotePath, text_to_bytes};
use connection_core::secret::Secret;
use connection_core::session::{Owner, SessionStore, StoreConfig};
use connection_core::target::{FtpSecurity, FtpTarget};
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_core::{Error, ErrorKind};
use std::fs::{OpenOptions, create_dir_all};
use std::io::Write;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port, user, config, path] = arguments.as_slice() else {
        return Err("usage: HOST PORT USER CONFIG PATH".into());
    };
    let password = Secret::from(std::env::var("EXAMPLE_PASSWORD")?);
    let target = FtpTarget::new(host, user, password)?
        .port(port.parse()?)
        .security(FtpSecurity::Explicit);
    let trust = TrustStore::open(config, TrustPolicy::Strict);
    let store = SessionStore::new(StoreConfig::default(), trust);
    let me = Owner::new("example");

    let id = match store.open_ftp(&me, &target, None).await {
        Err(unknown) if unknown.kind() == ErrorKind::HostUnknown => {
            // Nothing of the login was sent yet.
            create_dir_all(config)?;
            trusted(&unknown)?;
            store.open_ftp(&me, &target, None).await?
        }
        opened => opened?,
    };

    let session = store.get(&me, id)?;
    let fs = session.fs();
    let path = RemotePath::parse(&text_to_bytes(path), &fs.home().await?)?;
    for entry in fs.list(&path).await?.collect(10_000).await? {
        println!("{}", entry.name.to_text());
    }

    drop(session);
    drop(fs);
    store.shutdown().await;
    Ok(())
}

/// Puts a server on record if the person says so. The file is read at every check.
fn trusted(unknown: &Error) -> Result<(), Box<dyn std::error::Error>> {
    let fact = |name| unknown.context(name).unwrap_or_default();
    eprintln!("{}\n{}", unknown.message(), fact("presented"));
    eprint!("Trust it? [yes/no] ");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if answer.trim() != "yes" {
        return Err("not trusted".into());
    }
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(fact("file"))?;
    writeln!(file, "{} {}", fact("host"), fact("presented"))?;
    Ok(())
}
