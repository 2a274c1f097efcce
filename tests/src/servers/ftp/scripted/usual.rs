//! What a scripted server does where no rule says otherwise: a small FTP server that behaves.

use std::io;

use super::conversation::Conversation;
use super::step::{GREETING, Step, say, sends};

/// What `FEAT` lists, unless the server is to go without.
const FEATURES: [&str; 7] = [
    "UTF8",
    "MLST type*;size*;modify*;UNIX.mode*;",
    "SIZE",
    "MDTM",
    "REST STREAM",
    "MFMT",
    "EPSV",
];

/// When every file was last changed.
const MODIFIED: &str = "20240229120000";

/// Answers a command as a server should.
pub(super) fn answer(talk: &mut Conversation<'_>, command: &[u8]) -> io::Result<()> {
    let text = String::from_utf8_lossy(command).into_owned();
    let word = text.split(' ').next().unwrap_or_default();
    let verb = if word == GREETING {
        GREETING.to_owned()
    } else {
        word.to_ascii_uppercase()
    };
    let shared = talk.shared;
    if shared.without.contains(&verb) {
        talk.say(b"500 not here\r\n");
        return Ok(());
    }
    let path = talk.path_of(command);
    let steps: Vec<Step> = match verb.as_str() {
        GREETING => vec![say("220 ready\r\n")],
        "USER" => vec![say("331 and the password?\r\n")],
        "PASS" | "ACCT" => vec![say("230 in\r\n")],
        "AUTH" if shared.acceptor.is_some() => vec![say("234 go on\r\n"), Step::StartTls],
        "PBSZ" if shared.acceptor.is_some() => vec![say("200 ok\r\n")],
        "PROT" if shared.acceptor.is_some() => {
            talk.private = command.ends_with(b" P");
            vec![say("200 ok\r\n")]
        }
        "FEAT" => vec![say(features(talk))],
        "SITE" => vec![say("214 HELP\r\n")],
        "OPTS" | "TYPE" | "NOOP" | "CLNT" => vec![say("200 ok\r\n")],
        "PWD" => vec![say("257 \"/\" it is\r\n")],
        "QUIT" => vec![say("221 bye\r\n"), Step::Close],
        "CWD" if shared.tree().is_directory(&path) => {
            talk.directory = path;
            vec![say("250 there\r\n")]
        }
        "EPSV" => vec![Step::Listen, say("229 here (|||{port}|)\r\n")],
        "PASV" => vec![Step::Listen, say("227 here (127,0,0,1,{p1},{p2})\r\n")],
        "REST" => {
            talk.offset = text_of(&text).parse().unwrap_or(0);
            vec![say("350 from there\r\n")]
        }
        "MLSD" | "LIST" => sends(listing(talk, verb == "MLSD")),
        "RETR" => match shared.tree().file(&path) {
            Some(content) => {
                let offset = std::mem::take(&mut talk.offset);
                sends(content.get(offset..).unwrap_or_default())
            }
            None => vec![missing()],
        },
        "STOR" | "APPE" => vec![
            say("150 go on\r\n"),
            Step::Take,
            Step::Receive,
            Step::EndData,
            say("226 done\r\n"),
        ],
        "MLST" => match facts(talk, &path) {
            Some(facts) => vec![say(format!("250-Facts\r\n {facts}\r\n250 End\r\n"))],
            None => vec![missing()],
        },
        "SIZE" => match shared.tree().file(&path) {
            Some(content) => vec![say(format!("213 {}\r\n", content.len()))],
            None => vec![missing()],
        },
        "MDTM" if shared.tree().file(&path).is_some() => {
            vec![say(format!("213 {MODIFIED}\r\n"))]
        }
        "MFMT" => vec![say("213 changed\r\n")],
        "DELE" if shared.tree().remove_file(&path) => vec![say("250 gone\r\n")],
        "MKD" if shared.tree().make(&path) => vec![say("257 made\r\n")],
        "RMD" if shared.tree().remove_directory(&path) => vec![say("250 gone\r\n")],
        "RNFR" if shared.tree().file(&path).is_some() => {
            talk.from = Some(path);
            vec![say("350 to what?\r\n")]
        }
        "RNTO" => match talk.from.take() {
            Some(from) if shared.tree().rename(&from, &path) => vec![say("250 renamed\r\n")],
            _ => vec![missing()],
        },
        "CWD" | "MDTM" | "DELE" | "MKD" | "RMD" | "RNFR" => vec![missing()],
        _ => vec![say("500 unknown\r\n")],
    };
    for step in steps {
        talk.take(step, command)?;
    }
    Ok(())
}

/// Stores what an upload brought.
pub(super) fn store(talk: &mut Conversation<'_>, command: &[u8], path: &[u8], content: &[u8]) {
    let offset = std::mem::take(&mut talk.offset);
    let mut tree = talk.shared.tree();
    let mut whole = tree.file(path).map(<[u8]>::to_vec).unwrap_or_default();
    if !command.starts_with(b"APPE") {
        whole.resize(offset, 0);
    }
    whole.extend_from_slice(content);
    tree.write(path, &whole);
}

fn missing() -> Step {
    say("550 nothing of that name\r\n")
}

fn text_of(command: &str) -> &str {
    command.split_once(' ').map_or("", |(_, text)| text)
}

fn features(talk: &Conversation<'_>) -> String {
    let known = |feature: &&str| {
        let verb = feature.split(' ').next().unwrap_or_default();
        !talk.shared.without.iter().any(|other| other == verb)
    };
    let more = talk.shared.features.iter().map(String::as_str);
    let lines: String = FEATURES
        .into_iter()
        .filter(known)
        .chain(more)
        .map(|feature| format!(" {feature}\r\n"))
        .collect();
    format!("211-Features:\r\n{lines}211 End\r\n")
}

fn facts(talk: &Conversation<'_>, path: &[u8]) -> Option<String> {
    let tree = talk.shared.tree();
    let name = String::from_utf8_lossy(path).into_owned();
    match tree.file(path) {
        Some(content) => Some(format!("{} {name}", file_facts(content))),
        None if tree.is_directory(path) => Some(format!("{} {name}", directory_facts())),
        None => None,
    }
}

fn file_facts(content: &[u8]) -> String {
    format!(
        "type=file;size={};modify={MODIFIED};UNIX.mode=0644;",
        content.len()
    )
}

fn directory_facts() -> String {
    format!("type=dir;modify={MODIFIED};UNIX.mode=0755;")
}

fn listing(talk: &Conversation<'_>, machine: bool) -> Vec<u8> {
    let tree = talk.shared.tree();
    let mut lines = Vec::new();
    for (name, content) in tree.names(&talk.directory) {
        let facts = match (machine, content) {
            (true, Some(content)) => file_facts(content),
            (true, None) => directory_facts(),
            (false, Some(content)) => {
                format!("-rw-r--r--   1 ftp ftp {:>12} Feb 29  2024", content.len())
            }
            (false, None) => "drwxr-xr-x   2 ftp ftp            0 Feb 29  2024".to_owned(),
        };
        lines.extend_from_slice(facts.as_bytes());
        lines.push(b' ');
        lines.extend_from_slice(&name);
        lines.extend_from_slice(b"\r\n");
    }
    lines
}
