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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lesson {
    /// It transfers on data connections that resume nothing.
    ResumptionNotNeeded,
    /// It insists on resumption, which does not hold in TLS 1.3 there.
    NeedsTls12,
    /// It insists on resumption and speaks nothing but TLS 1.3.
    OnlyTls13,
}

type Lessons = HashMap<(String, u16), (Lesson, Instant)>;

/// What is known of this server.
pub(super) fn about(host: &str, port: u16) -> Option<Lesson> {
    let lessons = lock();
    let (lesson, since) = lessons.get(&(host.to_owned(), port))?;
    (since.elapsed() < LIFETIME).then_some(*lesson)
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
        assert_eq!(about("learned.test", 1), None);
        remember("learned.test", 1, Lesson::NeedsTls12);
        remember("learned.test", 1, Lesson::OnlyTls13);
        assert_eq!(about("learned.test", 1), Some(Lesson::OnlyTls13));
        assert_eq!(about("learned.test", 2), None);
        for port in 1000..2000 {
            remember("learned.test", port, Lesson::ResumptionNotNeeded);
        }
        assert!(lock().len() <= MOST_SERVERS);
        assert!(about("learned.test", 1999).is_some());
    }
}
