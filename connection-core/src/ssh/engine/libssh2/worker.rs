//! The owner thread of a link: everything that touches the libssh2 session, drops included.
//!
//! It works in passes: every channel and the control operation get one turn, terminals
//! first. It sleeps in `poll` only after a pass in which nothing moved and no byte came,
//! because any call of libssh2 takes any channel's packets off the socket.
//!
//! libssh2 must be called for a packet to be seen. While there is no channel and no
//! operation nothing would do that, so bytes that come then are answered by a probe, a
//! round trip of our own, which reads them.

use super::control::Control;
use super::error::describe_end;
use super::ffi::{self, Session};
use super::lane::{Grant, Lane};
use super::login::{Command, Login};
use super::shared::{Shared, Stage, WakeEnd};
use crate::error::Result;
use crate::ssh::engine::{HostKeyCheck, Negotiated};
use crate::target::Timeouts;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// What a pass may do: (bytes read, unsent bytes before writes wait, bytes of one read).
const WIDE: (usize, usize, usize) = (1024 * 1024, 256 * 1024, 64 * 1024);
/// The same while a terminal is open: a key stroke waits for less.
const NARROW: (usize, usize, usize) = (128 * 1024, 64 * 1024, 32 * 1024);

/// Longest time spent on taking leave of the server.
const FAREWELL: Duration = Duration::from_millis(300);

/// An operation unanswered for this many times the no-progress clock, on a link that is
/// otherwise alive, will not be answered.
const PATIENCE: u32 = 3;

/// Ends the link even if the thread panics.
struct Finish(Arc<Shared>);

impl Drop for Finish {
    fn drop(&mut self) {
        self.0.end("the connection was ended");
        self.0.advance(Stage::Gone);
    }
}

/// The owner thread, from the handshake to the end.
pub(super) fn run(
    stream: TcpStream,
    shared: Arc<Shared>,
    wake: WakeEnd,
    timeouts: Timeouts,
    host_key: Arc<dyn HostKeyCheck>,
    greeted: oneshot::Sender<Result<Negotiated>>,
    commands: mpsc::Receiver<Command>,
) {
    // Dropped last: the socket is closed before anyone hears that the thread is done.
    let finish = Finish(shared.clone());
    let greeting = Login::greet(stream, shared, wake, host_key.as_ref());
    drop(host_key);
    match greeting {
        Ok((mut login, negotiated)) => {
            if greeted.send(Ok(negotiated)).is_ok() && log_in(&mut login, &commands) {
                Worker::new(login, timeouts).serve();
            } else {
                let shared = login.shared.clone();
                take_leave(login.session, login.wake, &shared, Vec::new());
            }
        }
        Err(error) => {
            // An asker that is gone has given up on the connection.
            let _ = greeted.send(Err(error));
        }
    }
    drop(commands);
    drop(finish);
}

/// Serves the login; true when the link begins.
fn log_in(login: &mut Login, commands: &mpsc::Receiver<Command>) -> bool {
    while let Ok(command) = commands.recv() {
        match command {
            Command::Start => return true,
            Command::Authenticate {
                user,
                method,
                reply,
            } => {
                let _ = reply.send(login.authenticate(&user, method));
            }
        }
    }
    false
}

/// Says goodbye, waits a moment for the socket to take it, then cuts the connection and
/// frees everything.
fn take_leave(session: Session, mut wake: WakeEnd, shared: &Shared, mut lanes: Vec<Lane>) {
    if session.wire().end().is_none() {
        let deadline = Instant::now() + FAREWELL;
        session.wire().begin_pass(WIDE.0);
        for lane in &mut lanes {
            lane.say_goodbye();
        }
        // A disconnect that cannot be sent is replaced by the end of the socket.
        let _ = session.ssh2().disconnect(None, "closed", None);
        loop {
            let mut wire = session.wire();
            wire.flush();
            let left = deadline.saturating_duration_since(Instant::now());
            if wire.unsent() == 0 || wire.end().is_some() || left.is_zero() {
                break;
            }
            let fd = wire.fd();
            drop(wire);
            wake.clear();
            ffi::poll(fd, false, true, wake.fd(), left);
        }
    }
    session.wire().cut();
    drop(lanes);
    drop(session);
    drop(wake);
    shared.advance(Stage::Ended);
}

struct Worker {
    session: Session,
    shared: Arc<Shared>,
    wake: WakeEnd,
    timeouts: Timeouts,
    lanes: Vec<Lane>,
    control: Control,
    scratch: Vec<u8>,
    turn: usize,
    probes: Option<Probes>,
}

/// Probes that nothing has answered yet.
struct Probes {
    first: Instant,
    last: Instant,
}

impl Worker {
    fn new(login: Login, timeouts: Timeouts) -> Self {
        // libssh2's own limit would leave its state and ours apart; it comes after ours.
        let limit = timeouts
            .no_progress
            .saturating_mul(PATIENCE)
            .saturating_add(Duration::from_secs(60))
            .as_secs();
        login
            .session
            .set_read_timeout(u32::try_from(limit).unwrap_or(u32::MAX));
        login.session.ssh2().set_keepalive(true, 1);
        Self {
            session: login.session,
            shared: login.shared,
            wake: login.wake,
            timeouts,
            lanes: Vec::new(),
            control: Control::default(),
            scratch: vec![0; WIDE.2],
            turn: 0,
            probes: None,
        }
    }

    fn serve(mut self) {
        let reason = loop {
            // First, so that nothing set from here on is slept over.
            self.wake.clear();
            if self.shared.closing() {
                break "the connection was closed from this side".to_owned();
            }
            match self.pass() {
                Ok(true) => {}
                Ok(false) => {
                    if let Err(reason) = self.rest() {
                        break reason;
                    }
                }
                Err(words) => break self.end_reason(words),
            }
        };
        tracing::debug!(reason, "ssh link ends");
        self.shared.end(&reason);
        self.control.extend(self.shared.take_operations());
        self.control.fail(&reason);
        for lane in &mut self.lanes {
            lane.fail();
        }
        take_leave(self.session, self.wake, &self.shared, self.lanes);
    }

    /// One turn for everyone; true when anything moved.
    fn pass(&mut self) -> Result<bool, String> {
        let narrow = self.lanes.iter().any(Lane::is_shell);
        let (allowance, unsent_limit, read) = if narrow { NARROW } else { WIDE };
        self.session.wire().begin_pass(allowance);
        let before = self.session.wire().received();
        self.control.extend(self.shared.take_operations());
        let busy = self.control.busy_lane();

        let mut progress = false;
        let count = self.lanes.len();
        self.turn = self.turn.wrapping_add(1);
        for shells in [true, false] {
            for position in 0..count {
                let index = (position + self.turn) % count;
                let Some(lane) = self.lanes.get_mut(index) else {
                    continue;
                };
                if lane.is_shell() != shells {
                    continue;
                }
                let mut grant = Grant {
                    scratch: self.scratch.get_mut(..read).unwrap_or_default(),
                    unsent_limit,
                    busy: busy == Some(lane.key()),
                };
                progress |= lane.step(&self.session, &mut grant)?;
            }
            // What a terminal has to say leaves before the others fill the socket.
            if shells && narrow {
                self.session.wire().flush();
            }
        }
        progress |= self
            .control
            .step(&self.session, &self.shared, &mut self.lanes)?;
        self.lanes.retain(|lane| !lane.is_gone());

        let mut wire = self.session.wire();
        progress |= wire.flush();
        Ok(progress | (wire.received() > before))
    }

    /// Sleeps until something can move. `Err`: why the link is dead.
    fn rest(&mut self) -> Result<(), String> {
        let (fd, unsent, paused) = {
            let wire = self.session.wire();
            if let Some(end) = wire.end() {
                return Err(describe_end(end, wire.farewell()));
            }
            (wire.fd(), wire.unsent() > 0, wire.reading_paused())
        };
        let sleep = self.watch_clocks()?;
        // A probe that was just begun is sent by a pass.
        let Some(sleep) = sleep else { return Ok(()) };
        let readable = ffi::poll(fd, !paused, unsent, self.wake.fd(), sleep);
        if readable && !paused && self.lanes.is_empty() && self.control.is_idle() {
            self.control.probe();
        }
        Ok(())
    }

    /// Looks at the clocks: how long to sleep, `None` when there is something to do now.
    fn watch_clocks(&mut self) -> Result<Option<Duration>, String> {
        let now = Instant::now();
        let received_at = self.session.wire().received_at();
        let mut sleep = Duration::from_secs(3600);

        if let Some((since, is_open)) = self.control.waiting_since() {
            let limit = self.timeouts.no_progress;
            let silence = now.duration_since(since.max(received_at));
            if silence >= limit {
                return Err(format!(
                    "the server sent nothing for {} s while an answer was due",
                    silence.as_secs()
                ));
            }
            sleep = sleep.min(limit - silence);
            let waited = now.duration_since(since);
            let patience = limit.saturating_mul(PATIENCE);
            if waited >= patience {
                if is_open {
                    return Err(format!(
                        "the server left a channel open unanswered for {} s",
                        waited.as_secs()
                    ));
                }
                let key = self.control.give_up_request(waited);
                for lane in &mut self.lanes {
                    if Some(lane.key()) == key {
                        lane.close();
                    }
                }
                return Ok(None);
            }
            sleep = sleep.min(patience - waited);
        }

        let Some(keepalive) = self.timeouts.keepalive else {
            return Ok(Some(sleep));
        };
        let silence = now.duration_since(received_at);
        if self.probes.as_ref().is_some_and(|p| received_at > p.first) {
            self.probes = None;
        }
        if silence < keepalive {
            return Ok(Some(sleep.min(keepalive - silence)));
        }
        match &mut self.probes {
            // After a sleep of the whole machine the silence is long and proves nothing
            // before a probe has had its time.
            Some(probes)
                if silence >= keepalive.saturating_mul(3)
                    && now.duration_since(probes.first) >= keepalive.saturating_mul(2) =>
            {
                Err(format!(
                    "the server was silent for {:.1} s and answered no probe",
                    silence.as_secs_f32()
                ))
            }
            Some(probes) if now.duration_since(probes.last) < keepalive => {
                Ok(Some(sleep.min(keepalive - now.duration_since(probes.last))))
            }
            probes => {
                probes
                    .get_or_insert(Probes {
                        first: now,
                        last: now,
                    })
                    .last = now;
                if !self.control.probe() {
                    // The operation that has the token may be slow and the server well:
                    // a request beside it, whose answer is only counted as life.
                    let _ = self.session.ssh2().keepalive_send();
                    self.control.expect_stray_answer();
                    self.session.wire().flush();
                }
                Ok(None)
            }
        }
    }

    fn end_reason(&self, words: String) -> String {
        let wire = self.session.wire();
        match (wire.farewell(), wire.end()) {
            (Some(text), _) => format!("the server disconnected: {text}"),
            (None, Some(end)) => describe_end(end, None),
            (None, None) => words,
        }
    }
}
