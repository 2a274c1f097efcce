//! The conversation: keys there, bytes here, and attaching again after a cut.

use super::api::Server;
use super::held::Held;
use super::keys::{self, Escapes};
use super::link::{Heard, Link, NoLink, ServerFrame, Wanted};
use super::old::Old;
use super::raw::{self, RawMode};
use super::screen::Screen;
use super::{FAILED, Failure, say};
use serde_json::json;
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;

/// First and longest wait before attaching again, and when to give up.
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
const GIVE_UP: Duration = Duration::from_secs(300);

/// Ctrl-C and Ctrl-D.
const INTERRUPT: u8 = 3;
const END_OF_INPUT: u8 = 4;

/// How a socket's part of the conversation ended.
enum Part {
    /// What ran in the terminal ended, with this exit code.
    Exited(u8),
    /// The person leaves, or a signal of this number ends the program.
    Left(Option<u8>),
    /// The connection is gone, the terminal not.
    Cut,
    Failed(Failure),
}

/// Everything that outlives a socket.
struct Talk {
    server: Server,
    session: String,
    wanted: Wanted,
    keyboard: Keyboard,
    read_only: bool,
    /// Whether the typing ended in the middle of a line.
    mid_line: bool,
    screen: Screen,
    /// Offset after the last byte that came.
    offset: u64,
    acknowledged: u64,
    window: u64,
    old: Old,
    signals: Signals,
}

/// What is typed here.
struct Keyboard {
    /// `None` after the end of the input.
    keys: Option<mpsc::Receiver<Vec<u8>>>,
    /// `None` where input is no terminal.
    escapes: Option<Escapes>,
    /// What was typed while there was no connection.
    held: Held,
}

struct Signals {
    resized: Signal,
    ends: [(Signal, u8); 4],
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            resized: signal(SignalKind::window_change())?,
            ends: [
                (signal(SignalKind::hangup())?, 1),
                (signal(SignalKind::interrupt())?, 2),
                (signal(SignalKind::quit())?, 3),
                (signal(SignalKind::terminate())?, 15),
            ],
        })
    }

    /// The number of a signal that ends the program.
    async fn ended(ends: &mut [(Signal, u8); 4]) -> u8 {
        let [(a, one), (b, two), (c, three), (d, four)] = ends;
        tokio::select! {
            _ = a.recv() => *one,
            _ = b.recv() => *two,
            _ = c.recv() => *three,
            _ = d.recv() => *four,
        }
    }
}

/// Shows a terminal until it ends or is left; answers the exit code.
pub(super) async fn talk(server: Server, session: String, wanted: Wanted) -> Result<u8, Failure> {
    let link = match Link::open(&server, &session, &wanted, raw::size()).await {
        Ok(link) => link,
        Err(NoLink::Refused(failure) | NoLink::Away(failure)) => return Err(failure),
    };
    let signals = Signals::new().map_err(|e| Failure::new(format!("cannot start: {e}")))?;
    let raw = RawMode::enter();
    let mut talk = Talk {
        read_only: matches!(
            &wanted,
            Wanted::Attach {
                read_only: true,
                ..
            }
        ),
        keyboard: Keyboard {
            keys: Some(keys::read()),
            escapes: raw.is_some().then(Escapes::new),
            held: Held::default(),
        },
        server,
        session,
        wanted,
        mid_line: false,
        screen: Screen::start(),
        offset: 0,
        acknowledged: 0,
        window: 0,
        old: Old::Unknown,
        signals,
    };
    let ended = talk.over_and_over(link).await;
    if let Ok(Part::Exited(_)) = &ended {
        talk.screen.finish();
    }
    drop(raw);
    match ended? {
        Part::Exited(code) => Ok(code),
        Part::Left(None) => {
            if let Wanted::Attach { terminal, .. } = &talk.wanted {
                say(&format!("left terminal {terminal}, which goes on"));
            }
            Ok(0)
        }
        Part::Left(Some(signal)) => Ok(128 + signal),
        Part::Cut => Ok(FAILED),
        Part::Failed(failure) => Err(failure),
    }
}

impl Talk {
    async fn over_and_over(&mut self, mut link: Link) -> Result<Part, Failure> {
        loop {
            let mut outbox = VecDeque::new();
            match self.over(&mut link, &mut outbox).await {
                Part::Cut => {
                    for message in outbox {
                        if let Message::Binary(typed) = message {
                            self.keyboard.held.put_back(&typed);
                        }
                    }
                }
                Part::Left(signal) => {
                    link.close().await;
                    return Ok(Part::Left(signal));
                }
                end => return Ok(end),
            }
            match self.again().await {
                Ok(again) => link = again,
                Err(end) => return Ok(end),
            }
        }
    }

    /// Attaches again, with waits between the attempts.
    async fn again(&mut self) -> Result<Link, Part> {
        let Wanted::Attach { from, .. } = &mut self.wanted else {
            let text = "the connection was cut before the terminal was opened";
            return Err(Part::Failed(Failure::new(text)));
        };
        *from = Some(self.offset);
        say("the connection was cut; attaching again");
        let begun = Instant::now();
        let mut wait = FIRST_WAIT;
        loop {
            {
                let ends = Signals::ended(&mut self.signals.ends);
                tokio::select! {
                    () = sleep(wait) => {}
                    signal = ends => return Err(Part::Left(Some(signal))),
                    () = hold(&mut self.keyboard, &self.old, self.read_only) => {
                        return Err(Part::Left(None));
                    }
                }
            }
            let opening = Link::open(&self.server, &self.session, &self.wanted, raw::size());
            let opened = tokio::select! {
                opened = opening => opened,
                () = hold(&mut self.keyboard, &self.old, self.read_only) => {
                    return Err(Part::Left(None));
                }
            };
            match opened {
                Ok(link) => return Ok(link),
                Err(NoLink::Refused(failure)) => return Err(Part::Failed(failure)),
                Err(NoLink::Away(failure)) if begun.elapsed() > GIVE_UP => {
                    return Err(Part::Failed(failure));
                }
                Err(NoLink::Away(_)) => wait = (wait * 2).min(LONGEST_WAIT),
            }
        }
    }

    /// One socket from its first frame to its end.
    async fn over(&mut self, link: &mut Link, outbox: &mut VecDeque<Message>) -> Part {
        let mut attached = false;
        let mut refused: Option<Failure> = None;
        let mut exit = None;
        loop {
            let half = self.window / 2;
            let written = *self.screen.written.borrow_and_update();
            self.old.written(written);
            if attached && written > self.acknowledged && written >= self.acknowledged + half / 2 {
                self.acknowledged = written;
                let ack = json!({ "type": "ack", "offset": written });
                outbox.push_back(Message::text(ack.to_string()));
            }
            let outgoing = link.outgoing().clone();
            let takes_keys = attached && outbox.is_empty();
            tokio::select! {
                heard = link.next() => match heard {
                    Heard::Data(data) => {
                        self.offset += data.len() as u64;
                        self.screen.show(data, self.offset);
                    }
                    Heard::Frame(frame) => {
                        self.frame(frame, outbox, &mut attached, &mut refused, &mut exit);
                    }
                    Heard::Closed(code, reason) => {
                        return ended(code, &reason, exit, refused);
                    }
                    Heard::Cut => return exit.map_or(Part::Cut, Part::Exited),
                },
                permit = outgoing.reserve(), if !outbox.is_empty() => match permit {
                    Ok(permit) => {
                        if let Some(message) = outbox.pop_front() {
                            permit.send(message);
                        }
                    }
                    // The other direction tells.
                    Err(_) => outbox.clear(),
                },
                typed = next_key(&mut self.keyboard.keys), if takes_keys => {
                    if self.typed(typed, outbox) {
                        return Part::Left(None);
                    }
                }
                progress = self.screen.written.changed() => if progress.is_err() {
                    return Part::Failed(Failure::new("standard output is closed"));
                },
                _ = self.signals.resized.recv() => if attached && !self.read_only {
                    outbox.push_back(resize(raw::size()));
                },
                signal = Signals::ended(&mut self.signals.ends) => return Part::Left(Some(signal)),
            }
        }
    }

    fn frame(
        &mut self,
        frame: ServerFrame,
        outbox: &mut VecDeque<Message>,
        attached: &mut bool,
        refused: &mut Option<Failure>,
        exit: &mut Option<u8>,
    ) {
        match frame {
            ServerFrame::Opened {
                terminal_id,
                mode,
                cols,
                rows,
                window,
                end,
            } => {
                *attached = true;
                // What is shown after a cut is new to everybody.
                if matches!(self.old, Old::Unknown) {
                    // Without a terminal here, nobody answers.
                    self.old = match end {
                        0 => Old::None,
                        end if self.keyboard.escapes.is_some() => Old::Until(end),
                        _ => Old::None,
                    };
                }
                self.window = window;
                self.read_only |= mode == "read";
                self.wanted = Wanted::Attach {
                    terminal: terminal_id,
                    from: Some(self.offset),
                    read_only: self.read_only,
                };
                let size = raw::size();
                // Without a terminal here, the size is nobody's wish.
                if self.keyboard.escapes.is_some() && !self.read_only && size != (cols, rows) {
                    outbox.push_back(resize(size));
                }
                let held = self.keyboard.held.take();
                if !held.is_empty() && !self.read_only {
                    outbox.push_back(Message::binary(held));
                }
            }
            ServerFrame::Offset { offset, lost } => {
                if lost > 0 {
                    say(&format!("{lost} bytes came too fast and are gone"));
                }
                self.offset = offset;
                self.acknowledged = offset;
            }
            ServerFrame::Exit { status, signal } => *exit = Some(exit_code(status, signal)),
            ServerFrame::Error { code, message } => {
                let text = message.escape_debug().to_string();
                if *attached {
                    say(&text);
                }
                tracing::debug!(code, "refused");
                *refused = Some(Failure::new(text));
            }
            ServerFrame::Other => {}
        }
    }

    /// Takes what was typed; says whether to leave.
    fn typed(&mut self, typed: Option<Vec<u8>>, outbox: &mut VecDeque<Message>) -> bool {
        let Some(typed) = typed else {
            self.keyboard.keys = None;
            if !self.read_only {
                // In the middle of a line the first one only hands the line over.
                let count = if self.mid_line { 2 } else { 1 };
                outbox.push_back(Message::binary(vec![END_OF_INPUT; count]));
            }
            return false;
        };
        let (out, leave) = match &mut self.keyboard.escapes {
            Some(escapes) => escapes.filter(&typed),
            None => (typed, false),
        };
        if self.old.is_answered() && keys::is_answer(&out) {
            return leave;
        }
        if self.read_only {
            return leave || out.contains(&INTERRUPT);
        }
        if let Some(last) = out.last() {
            self.mid_line = *last != b'\n';
            outbox.push_back(Message::binary(out));
        }
        leave
    }
}

/// The next typed bytes; `None` at the end of the input, after which nothing comes.
async fn next_key(keys: &mut Option<mpsc::Receiver<Vec<u8>>>) -> Option<Vec<u8>> {
    match keys {
        Some(keys) => keys.recv().await,
        None => std::future::pending().await,
    }
}

/// Keeps what is typed into nothing, until the keys that leave are. A script's input is left
/// where it is.
async fn hold(keyboard: &mut Keyboard, old: &Old, read_only: bool) {
    let Some(escapes) = &mut keyboard.escapes else {
        return std::future::pending().await;
    };
    loop {
        let Some(typed) = next_key(&mut keyboard.keys).await else {
            keyboard.keys = None;
            continue;
        };
        let (out, leave) = escapes.filter(&typed);
        if leave || (read_only && out.contains(&INTERRUPT)) {
            return;
        }
        if read_only || (old.is_answered() && keys::is_answer(&out)) {
            continue;
        }
        if keyboard.held.keep(&out) {
            say("too much was typed meanwhile: what comes now is dropped");
        }
    }
}

fn resize((cols, rows): (u32, u32)) -> Message {
    Message::text(json!({ "type": "resize", "cols": cols, "rows": rows }).to_string())
}

/// What the close frame comes to.
fn ended(code: u16, reason: &str, exit: Option<u8>, refused: Option<Failure>) -> Part {
    let failed = |text: &str| Part::Failed(Failure::new(text));
    match (code, exit) {
        (_, Some(exit)) => Part::Exited(exit),
        // It stops, was silent, or had to give this viewer up: the terminal may be there.
        (1001 | 1006 | 1011 | 1012 | 1013 | 4007 | 4008, None) => Part::Cut,
        (4001, None) => failed("the session was closed"),
        (4002, None) => failed("the terminal was closed"),
        (4003, None) => failed("the share is over"),
        (4004, None) => Part::Failed(
            refused.unwrap_or_else(|| Failure::new("the terminal could not be opened")),
        ),
        (4005, None) => failed("the connection to the remote machine is lost"),
        (4006, None) => failed("the terminal was closed: nobody was attached"),
        _ => failed(&format!(
            "the server ended it: {code} {}",
            reason.escape_debug()
        )),
    }
}

/// The exit code of a shell for what ended so.
fn exit_code(status: Option<u32>, signal: Option<String>) -> u8 {
    /// In the order of their numbers on every Linux, from 1.
    const SIGNALS: [&str; 15] = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
        "PIPE", "ALRM", "TERM",
    ];
    match (status, signal) {
        // What the remote system gave is one byte already.
        (Some(status), _) => u8::try_from(status & 0xff).unwrap_or(FAILED),
        (None, Some(signal)) => SIGNALS
            .iter()
            .zip(1..)
            .find(|(name, _)| **name == signal)
            .map_or(FAILED, |(_, number)| 128 + number),
        (None, None) => FAILED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_those_of_a_shell() {
        assert_eq!(exit_code(Some(7), None), 7);
        assert_eq!(exit_code(Some(256), None), 0);
        assert_eq!(exit_code(None, Some("KILL".to_owned())), 137);
        assert_eq!(exit_code(None, Some("TERM".to_owned())), 143);
        assert_eq!(exit_code(None, Some("x@y".to_owned())), 255);
        assert_eq!(exit_code(None, None), 255);
    }
}
