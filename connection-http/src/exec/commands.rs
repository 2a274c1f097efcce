//! The commands that run: named so that another request can list and cancel them. Knows
//! who asked for what, and nothing of how it is run.

use crate::exec::models::ExecObject;
use chrono::{DateTime, SecondsFormat, Utc};
use connection_core::session::SessionId;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Characters of a command that are shown.
const SHOWN: usize = 1000;

/// The commands of all sessions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Commands(Arc<Mutex<Table>>);

#[derive(Debug, Default)]
struct Table {
    asked: u64,
    /// By the order they were asked for.
    running: BTreeMap<u64, Entry>,
}

#[derive(Debug)]
struct Entry {
    session: SessionId,
    id: Uuid,
    command: String,
    since: DateTime<Utc>,
    cancelled: CancellationToken,
}

/// A command's entry; dropping it removes it.
#[derive(Debug)]
pub(crate) struct Listed {
    commands: Commands,
    number: u64,
    id: Uuid,
    cancelled: CancellationToken,
}

impl Commands {
    /// Lists a command of a session.
    pub(crate) fn enter(&self, session: SessionId, command: &str) -> Listed {
        let (id, cancelled) = (Uuid::new_v4(), CancellationToken::new());
        let mut table = self.lock();
        table.asked += 1;
        let number = table.asked;
        let entry = Entry {
            session,
            id,
            command: command.chars().take(SHOWN).collect(),
            since: Utc::now(),
            cancelled: cancelled.clone(),
        };
        table.running.insert(number, entry);
        Listed {
            commands: self.clone(),
            number,
            id,
            cancelled,
        }
    }

    /// The commands of a session.
    pub(crate) fn of(&self, session: SessionId) -> Vec<ExecObject> {
        let table = self.lock();
        let own = table.running.values().filter(|e| e.session == session);
        own.map(|entry| ExecObject {
            exec_id: entry.id.to_string(),
            command: entry.command.clone(),
            since: entry.since.to_rfc3339_opts(SecondsFormat::Millis, true),
        })
        .collect()
    }

    /// Cancels a command of a session; says whether there is one of this name.
    pub(crate) fn cancel(&self, session: SessionId, id: &str) -> bool {
        let Ok(id) = Uuid::parse_str(id) else {
            return false;
        };
        let table = self.lock();
        let found = table
            .running
            .values()
            .find(|entry| entry.session == session && entry.id == id);
        if let Some(entry) = found {
            entry.cancelled.cancel();
        }
        found.is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listed {
    /// Its name.
    pub(crate) fn id(&self) -> Uuid {
        self.id
    }

    /// Waits until someone cancels it.
    pub(crate) async fn cancelled(&self) {
        self.cancelled.cancelled().await;
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.commands.lock().running.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> SessionId {
        SessionId::parse(&Uuid::new_v4().to_string()).unwrap()
    }

    #[tokio::test]
    async fn each_session_sees_and_cancels_its_own() {
        let commands = Commands::default();
        let (ann, bob) = (session(), session());
        let first = commands.enter(ann, "one");
        let second = commands.enter(ann, &"\u{e9}".repeat(2000));
        let names: Vec<_> = commands.of(ann).into_iter().map(|c| c.exec_id).collect();
        assert_eq!(names, [first.id().to_string(), second.id().to_string()]);
        assert_eq!(commands.of(ann)[1].command.chars().count(), SHOWN);
        assert!(commands.of(bob).is_empty());

        assert!(!commands.cancel(bob, &first.id().to_string()));
        assert!(!commands.cancel(ann, "x"));
        assert!(!first.cancelled.is_cancelled());
        assert!(commands.cancel(ann, &first.id().to_string()));
        first.cancelled().await;
        assert!(!second.cancelled.is_cancelled());

        drop(first);
        assert_eq!(commands.of(ann).len(), 1);
        drop(second);
        assert!(commands.of(ann).is_empty());
    }
}
