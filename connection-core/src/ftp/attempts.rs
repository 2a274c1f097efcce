//! What earlier logins teach about the next one: when to be patient with a refusal, and
//! when not to knock at all. Knows nothing of connections.

use crate::error::{Error, ErrorKind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// In an error's context: the attempt was not made, and when one will be.
const RETRY_AFTER: &str = "retry_after_secs";
/// How long a server may still count a connection that was just ended.
const LINGER: Duration = Duration::from_secs(3);
/// First pause before a refusal within that time is tried again; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// Pause before a refused password is: the only time, since servers count those.
const DENIED_PAUSE: Duration = Duration::from_secs(1);
/// How long a login refused for its password is not tried again, when no other connection
/// shows that the password is right; doubled each time. Servers lock accounts, and ban
/// addresses, after a handful of these.
const FIRST_BAR: Duration = Duration::from_secs(5);
/// Longest such time.
const LONGEST_BAR: Duration = Duration::from_secs(600);

/// How long a server that said it has enough connections is not asked for one more at first.
const SPOKEN_WAIT: Duration = Duration::from_secs(30);
/// The same when it said that the password is wrong, though others of the same login work:
/// `530` is how some say that there are too many, and what a server says whose password was
/// changed meanwhile. Each attempt may count towards a lock.
const DENIED_WAIT: Duration = Duration::from_secs(300);
/// The same when it did not answer at all.
const UNSPOKEN_WAIT: Duration = Duration::from_secs(5);

/// Whether the server itself refused one more connection, and how long it is not asked
/// again for now.
pub(super) fn wait_after(error: &Error) -> (bool, Duration) {
    match error.kind() {
        ErrorKind::AuthenticationFailed => (true, DENIED_WAIT),
        ErrorKind::LimitReached | ErrorKind::PermissionDenied => (true, SPOKEN_WAIT),
        _ => (false, UNSPOKEN_WAIT),
    }
}

/// The memory of one login's attempts.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    ended: Option<Instant>,
    denied: Option<Denied>,
}

#[derive(Debug)]
struct Denied {
    operation: &'static str,
    message: String,
    reply_code: Option<String>,
    bar: Duration,
    until: Instant,
}

/// Pauses between the attempts of one operation.
#[derive(Debug, Default)]
pub(super) struct Patience {
    pauses: u32,
    denials: u32,
}

impl Attempts {
    /// A connection of ours was ended on this side.
    pub(super) fn ended_one(&self) {
        self.lock().ended = Some(Instant::now());
    }

    /// How long to pause before this refusal is tried again: the server may still count a
    /// connection that was just ended. `None` when it is final.
    pub(super) fn pause(&self, error: &Error, patience: &mut Patience) -> Option<Duration> {
        if error.context(RETRY_AFTER).is_some() {
            return None;
        }
        let ended = self.lock().ended?;
        let left = LINGER.checked_sub(ended.elapsed())?;
        match error.kind() {
            ErrorKind::AuthenticationFailed => {
                patience.denials += 1;
                (patience.denials == 1).then_some(DENIED_PAUSE)
            }
            ErrorKind::LimitReached | ErrorKind::PermissionDenied | ErrorKind::ConnectionLost => {
                let pause = FIRST_PAUSE * 2_u32.saturating_pow(patience.pauses);
                patience.pauses += 1;
                Some(pause.min(left))
            }
            _ => None,
        }
    }

    /// No connection is left, and none could be opened. A refused login bars the next.
    pub(super) fn failed(&self, error: &Error) {
        if error.kind() != ErrorKind::AuthenticationFailed || error.context(RETRY_AFTER).is_some() {
            return;
        }
        let mut state = self.lock();
        let before = state.denied.as_ref().map(|denied| denied.bar);
        let bar = before.map_or(FIRST_BAR, |bar| (bar * 2).min(LONGEST_BAR));
        state.denied = Some(Denied {
            operation: error.operation(),
            message: error.message().to_owned(),
            reply_code: error.context("reply_code").map(str::to_owned),
            bar,
            until: Instant::now() + bar,
        });
    }

    /// The login works.
    pub(super) fn let_in(&self) {
        self.lock().denied = None;
    }

    /// The last refusal again, while it is too early for another attempt.
    pub(super) fn barred(&self) -> Option<Error> {
        let state = self.lock();
        let denied = state.denied.as_ref()?;
        let left = denied.until.checked_duration_since(Instant::now())?;
        let error = Error::new(
            ErrorKind::AuthenticationFailed,
            denied.operation,
            denied.message.clone(),
        )
        .with(RETRY_AFTER, left.as_secs().max(1).to_string());
        Some(match &denied.reply_code {
            Some(code) => error.with("reply_code", code.clone()),
            None => error,
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(kind: ErrorKind) -> Error {
        Error::new(kind, "log in", "530 no").with("reply_code", "530")
    }

    #[test]
    fn a_refused_password_is_not_offered_again_at_once() {
        let attempts = Attempts::default();
        assert!(attempts.barred().is_none());
        attempts.failed(&refusal(ErrorKind::AuthenticationFailed));
        let again = attempts.barred().unwrap();
        assert_eq!(again.kind(), ErrorKind::AuthenticationFailed);
        assert_eq!(
            (again.message(), again.context("reply_code")),
            ("530 no", Some("530"))
        );
        let wait = attempts.lock().denied.as_ref().unwrap().bar;
        attempts.failed(&again);
        assert_eq!(attempts.lock().denied.as_ref().unwrap().bar, wait);
        attempts.let_in();
        assert!(attempts.barred().is_none());
    }

    #[test]
    fn only_a_connection_just_ended_excuses_a_refusal() {
        let attempts = Attempts::default();
        let mut patience = Patience::default();
        let full = refusal(ErrorKind::LimitReached);
        assert_eq!(attempts.pause(&full, &mut patience), None);
        attempts.ended_one();
        let first = attempts.pause(&full, &mut patience).unwrap();
        assert!(attempts.pause(&full, &mut patience).unwrap() > first);
        let wrong = refusal(ErrorKind::AuthenticationFailed);
        assert!(attempts.pause(&wrong, &mut patience).is_some());
        assert_eq!(attempts.pause(&wrong, &mut patience), None);
        let gone = refusal(ErrorKind::ConnectionRefused);
        assert_eq!(attempts.pause(&gone, &mut patience), None);
    }
}
