//! Which cipher each client agreed on with sshd, told by the log of an sshd that tells more:
//! the same way for all, whatever a client says of itself.

use crate::clients::{self, Way};
use crate::facade::Facade;
use crate::ground::Ground;
use crate::plan::Options;
use crate::results::Agreed;
use crate::site::Servers;
use crate::{Result, fail};
use std::fs;

/// Name of the file copied for it.
const FILE: &str = "cipher";

/// Has every client copy a small file.
pub(crate) fn agreed(options: &Options, servers: &Servers, local: &Ground) -> Result<Vec<Agreed>> {
    let site = servers.telling_site();
    // A server of our own whose session ends with this.
    let facade = Facade::start(1);
    fs::write(site.home.join(FILE), "a few bytes")?;
    let mut ciphers = Vec::new();
    for client in clients::sftp(&site, &facade)? {
        let client_name = client.name();
        if !options.contender(&client_name) {
            continue;
        }
        let copy = local.local("cipher-copy");
        client.copy(Way::Download, &copy, FILE)?;
        fs::remove_file(copy)?;
        // Our server logged in before all others.
        let cipher = match client_name.as_str() {
            "http" => servers.told_cipher(true),
            _ => servers.told_cipher(false),
        };
        match cipher {
            Some(cipher) => ciphers.push(Agreed {
                client: client_name,
                cipher,
            }),
            None => return fail(format!("sshd tells no cipher of {client_name}")),
        }
    }
    Ok(ciphers)
}
