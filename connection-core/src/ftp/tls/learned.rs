//! What servers turned out to need of TLS, remembered as long as the process lives: every
//! login on the same server would have to find it out anew otherwise. Knows names and
//! verdicts, no connection. Nothing in it lowers the protection of anything: TLS 1.2 as it
//! is spoken here is forward secret and authenticated too, and the lowest there is.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Servers remembered.
const MOST_SERVERS: usize = 256;
/// How long: a server may be replaced by one that does better.
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// What is known of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Lesson {
    /// The versions to offer.
    pub(super) version: Version,
    /// It completed a transfer on a data connection that resumed a session.
    pub(super) takes_resumed: bool,
    /// It completed a transfer on a data connection that resumed none.
    pub(super) takes_anew: bool,
}

/// Versions of TLS to offer to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Version {
    /// TLS 1.3 and 1.2.
    #[default]
    Either,
    /// TLS 1.2: it insists on resumption, which does not hold in TLS 1.3 there.
    Tls12,
    /// TLS 1.3, although it refuses data connections: it speaks nothing else.
    Tls13,
}

type Lessons = HashMap<(String, u16), (Lesson, Instant)>;

/// What is known of this server.
pub(super) fn about(host: &str, port: u16) -> Lesson {
    let lessons = lock();
    match lessons.get(&(host.to_owned(), port)) {
        Some((lesson, since)) if since.elapsed() < LIFETIME => *lesson,
        _ => Lesson::default(),
    }
}

/// Remembers it, in place of what was known before.
pub(super) fn remember(host: &str, port: u16, lesson: Lesson) {
    let mut lessons = lock();
    lessons.retain(|_, (_, since)| since.elapsed() < LIFETIME);
    if lessons.len() >= MOST_SERVERS {
        let oldest = lessons
            .iter()
            .min_by_key(|(_, (_, since))| *since)
            .map(|(server, _)| server.clone());
        if let Some(oldest) = oldest {
            lessons.remove(&oldest);
        }
    }
    lessons.insert((host.to_owned(), port), (lesson, Instant::now()));
}

fn lock() -> MutexGuard<'static, Lessons> {
    static LESSONS: OnceLock<Mutex<Lessons>> = OnceLock::new();
    LESSONS
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_lesson_counts_and_the_number_is_bounded() {
        assert_eq!(about("learned.test", 1), Lesson::default());
        for version in [Version::Tls12, Version::Tls13] {
            let lesson = Lesson {
                version,
                ..Lesson::default()
            };
            remember("learned.test", 1, lesson);
            assert_eq!(about("learned.test", 1), lesson);
        }
        assert_eq!(about("learned.test", 2), Lesson::default());
        let lesson = Lesson {
            takes_anew: true,
            ..Lesson::default()
        };
        for port in 1000..2000 {
            remember("learned.test", port, lesson);
        }
        assert!(lock().len() <= MOST_SERVERS);
        assert_eq!(about("learned.test", 1999), lesson);
    }
}
