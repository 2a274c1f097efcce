//! Changing a file's permissions and its time, by what the server says it can and by trial.
//!
//! Servers have four ways to set a time, some of which others take for something else without
//! a word. So a way that the server's `FEAT` does not name is believed once it was seen to
//! work: the time is read back, and the way remembered for the login.

use super::link::Link;
use super::lookup::{self, Purpose, explain};
use super::reply::{Reply, Wire, refusal_as};
use super::skills::{Skill, TimeWay};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::SetAttributes;
use crate::path::RemotePath;
use chrono::{DateTime, Utc};
use std::time::{Duration, SystemTime};

const SET_ATTRIBUTES: &str = "set attributes";

/// Changes permissions and time.
pub(super) fn set(link: &mut Link, path: &RemotePath, changes: &SetAttributes) -> Result<()> {
    // The time first: whether it can be set is known less often.
    if let Some(time) = changes.modified {
        set_time(link, path, time)?;
    }
    if let Some(mode) = changes.permissions {
        return match chmod(link, SET_ATTRIBUTES, path, mode) {
            Ok(Chmod::Done) => Ok(()),
            Ok(Chmod::Unknown(reply)) => {
                Err(refusal_as(ErrorKind::Unsupported, SET_ATTRIBUTES, &reply))
            }
            Err(Wire::Refused(reply)) => {
                Err(explain(link, SET_ATTRIBUTES, &reply, path, Purpose::Change))
            }
            Err(Wire::Broken(error)) => Err(error),
        };
    }
    Ok(())
}

/// What became of a `SITE CHMOD`.
pub(super) enum Chmod {
    /// The permissions are set.
    Done,
    /// The server does not know the command, which is remembered.
    Unknown(Reply),
}

/// `SITE CHMOD`.
pub(super) fn chmod(
    link: &mut Link,
    operation: &'static str,
    path: &RemotePath,
    mode: u32,
) -> Result<Chmod, Wire> {
    let command = format!("SITE CHMOD {:o} {}", mode & 0o7777, path.to_text());
    let reply = link.ask(operation, &command)?;
    match reply.code {
        // 202 says that the command means nothing here.
        200 | 250 => {
            link.facts().chmod.learn(Skill::Has);
            Ok(Chmod::Done)
        }
        202 | 500 | 502 | 504 if link.facts().chmod.skill() != Skill::Has => {
            link.facts().chmod.learn(Skill::Lacks);
            Ok(Chmod::Unknown(reply))
        }
        _ => Err(Wire::Refused(reply)),
    }
}

fn set_time(link: &mut Link, path: &RemotePath, time: SystemTime) -> Result<()> {
    let facts = link.facts();
    let written = DateTime::<Utc>::from(time)
        .format("%Y%m%d%H%M%S")
        .to_string();
    if let Some(way) = facts.times.known() {
        let reply = say(link, way, &written, path)?;
        return match is_done(&reply) {
            true => Ok(()),
            false => Err(explain(link, SET_ATTRIBUTES, &reply, path, Purpose::Change)),
        };
    }
    let mut refused = None;
    let mut set_wrongly = false;
    for (way, is_named) in facts.times.candidates() {
        let reply = say(link, way, &written, path)?;
        if is_done(&reply) {
            if way == TimeWay::Mfmt || reads_back(link, path, time)? {
                facts.times.learn(Some(way));
                return Ok(());
            }
            set_wrongly = true;
        } else if !matches!(reply.code, 202 | 500..=504) {
            // A server that names the command means the file; of one that does not, this may
            // be what it says to a command it does not know.
            let error = explain(link, SET_ATTRIBUTES, &reply, path, Purpose::Change);
            let is_about_the_file = is_named || error.kind() == ErrorKind::NotFound;
            if is_about_the_file || !link.is_usable() {
                return Err(error);
            }
            refused = Some(reply);
        }
    }
    if set_wrongly {
        let text = "the server set another time than the one asked for";
        return Err(
            Error::new(ErrorKind::Failure, SET_ATTRIBUTES, text).with("path", path.to_text())
        );
    }
    Err(match refused {
        Some(reply) => {
            refusal_as(ErrorKind::Unsupported, SET_ATTRIBUTES, &reply).with("path", path.to_text())
        }
        None => {
            facts.times.learn(None);
            Error::new(
                ErrorKind::Unsupported,
                SET_ATTRIBUTES,
                "the server cannot change times",
            )
        }
    })
}

fn say(link: &mut Link, way: TimeWay, time: &str, path: &RemotePath) -> Result<Reply> {
    let reply = link
        .ask(SET_ATTRIBUTES, &way.command(time, &path.to_text()))
        .map_err(|wire| wire.into_error(SET_ATTRIBUTES))?;
    match reply.code {
        421 => Err(Wire::Refused(reply).into_error(SET_ATTRIBUTES)),
        _ => Ok(reply),
    }
}

fn is_done(reply: &Reply) -> bool {
    matches!(reply.code, 200 | 213 | 250 | 253)
}

/// Whether the file's time is the one that was set. A server that cannot tell is believed.
fn reads_back(link: &mut Link, path: &RemotePath, wanted: SystemTime) -> Result<bool> {
    let seen = match link.facts().mdtm {
        true => lookup::modified(link, SET_ATTRIBUTES, path)
            .map_err(|wire| wire.into_error(SET_ATTRIBUTES))?,
        false => None,
    };
    Ok(seen.is_none_or(|seen| {
        let apart = seen
            .duration_since(wanted)
            .unwrap_or_else(|earlier| earlier.duration());
        apart < Duration::from_secs(2)
    }))
}
