//! What a new connection is told after the login, and what its server is asked: binary
//! transfers, UTF-8 names, complete listings, features, the first directory.

use super::facts::Facts;
use super::link::Link;
use super::reply::{Reply, Wire, WireResult, translate};
use crate::error::{Error, ErrorKind};
use crate::path::RemotePath;
use std::sync::Arc;
use suppaftp::types::FileType;

const CONNECT: &str = "connect";
/// How this client calls itself where the server asks (`CLNT`).
const CLIENT: &str = concat!("CLNT connection-manager ", env!("CARGO_PKG_VERSION"));

/// Makes the connection ready. `facts` are those of an earlier connection of the same login;
/// without them the server is asked.
pub(super) fn settle(link: &mut Link, facts: Option<Arc<Facts>>) -> WireResult<()> {
    let facts = match facts {
        Some(facts) => {
            speak(link, &facts)?;
            facts
        }
        None => Arc::new(learn(link)?),
    };
    if let Some(options) = &facts.mlst_options {
        // Refused, the listing has fewer facts.
        link.ask(CONNECT, options)?;
    }
    // The protocol starts in ASCII, which rewrites line ends. Through `suppaftp`'s own
    // function, because it remembers the type too.
    let set = link.client().transfer_type(FileType::Binary);
    set.map_err(|error| translate(CONNECT, error, facts.names))?;
    link.set_facts(facts);
    Ok(())
}

/// Before the first name is heard or sent.
///
/// With a character set of the user's choice the server is not told to speak UTF-8: he chose
/// what it speaks when it is left alone.
fn speak(link: &mut Link, facts: &Facts) -> WireResult<()> {
    if facts.clnt {
        // Some servers want to know the client before they talk UTF-8 to it.
        link.ask(CONNECT, CLIENT)?;
    }
    if facts.utf8 && facts.names.charset().is_none() {
        // Servers that have UTF-8 always on refuse this.
        link.ask(CONNECT, "OPTS UTF8 ON")?;
    }
    Ok(())
}

fn learn(link: &mut Link) -> WireResult<Facts> {
    let names = link.facts().names;
    let feat = link.ask(CONNECT, "FEAT")?;
    let help = link.ask(CONNECT, "SITE HELP")?;
    let system = link.ask(CONNECT, "SYST")?;
    let feat = (feat.code == 211).then_some(&feat);
    let mut facts = Facts::new(feat, Some(&help), RemotePath::root());
    facts.names = names;
    facts.iac = link.facts().iac.clone();
    facts.tls = link.tls_agreed();
    if system.code == 215 {
        facts.system = Some(system.message().get(4..).unwrap_or_default().to_owned());
    }
    speak(link, &facts)?;
    let pwd = link.expect(CONNECT, "PWD", &[257])?;
    let home = quoted_path(&pwd)
        .and_then(|path| RemotePath::parse(&names.name_of(&path), &RemotePath::root()).ok());
    facts.home = home.ok_or_else(|| {
        Wire::Broken(Error::new(
            ErrorKind::Protocol,
            CONNECT,
            "the server's answer to PWD has no path",
        ))
    })?;
    Ok(facts)
}

/// `257 "/a ""b"" c" is the current directory`: quotes are doubled inside.
fn quoted_path(reply: &Reply) -> Option<Vec<u8>> {
    let line = super::reply::unescape_iac(reply.lines().next_back()?);
    let start = line.iter().position(|b| *b == b'"')? + 1;
    let mut path = Vec::new();
    let mut rest = line.get(start..)?.iter().peekable();
    while let Some(byte) = rest.next() {
        if *byte == b'"' && rest.next_if_eq(&&b'"').is_none() {
            return Some(path);
        }
        path.push(*byte);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_is_what_stands_in_quotes() {
        for (line, want) in [
            (&b"257 \"/\" is the current directory\r\n"[..], &b"/"[..]),
            (b"257 \"/a \"\"b\"\" c\"\r\n", b"/a \"b\" c"),
            (b"257 \"/\xff\xffx\" here\r\n", b"/\xffx"),
        ] {
            let reply = Reply::parse(line.to_vec()).unwrap();
            assert_eq!(quoted_path(&reply).unwrap(), want);
        }
        let bare = Reply::parse(b"257 /home\r\n".to_vec()).unwrap();
        assert!(quoted_path(&bare).is_none());
    }
}
