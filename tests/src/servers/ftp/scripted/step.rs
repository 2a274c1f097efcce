//! What a scripted server does, step by step, as data.

use std::time::Duration;

/// The place of a rule for what the server says first.
pub const GREETING: &str = "(greeting)";

/// One step. Text of the control connection is gathered and sent in one piece when the next
/// step waits for something, so that several replies arrive together.
///
/// In it, `{port}` is the number of the passive port that was opened last, and `{p1},{p2}` its
/// two bytes.
#[derive(Clone, Debug)]
pub enum Step {
    /// What the server would have done without the rule.
    Usual,
    /// Says this on the control connection, byte for byte.
    Say(Vec<u8>),
    /// Sends what was said so far.
    Flush,
    /// Says this over and over until the client leaves.
    SayForEver(Vec<u8>),
    /// Says this one byte at a time, with a pause between two.
    Dribble(Vec<u8>, Duration),
    /// Takes TLS up on the control connection, as after `AUTH TLS`.
    StartTls,
    /// Opens a passive port.
    Listen,
    /// Connects to the passive port itself, ahead of the client, and sends this.
    Steal(Vec<u8>),
    /// Takes the data connection.
    Take,
    /// Sends this on it.
    Send(Vec<u8>),
    /// Sends this on it over and over, so many times or until the client leaves.
    Repeat(Vec<u8>, usize),
    /// Reads it to its end and stores what came as the file the command names.
    Receive,
    /// Reads so many bytes of it and stores them, as a server does whose upload was cut.
    ReceiveSome(usize),
    /// Closes the data connection, and the passive port.
    EndData,
    /// Closes the data connection below TLS, without its end mark.
    CutData,
    /// Resets the data connection.
    ResetData,
    /// Does nothing until the client leaves.
    Hang,
    /// Closes the control connection, after everything that was said has been sent.
    Close,
    /// Resets the control connection.
    Reset,
}

/// [`Step::Say`].
pub fn say(text: impl AsRef<[u8]>) -> Step {
    Step::Say(text.as_ref().to_owned())
}

/// [`Step::Send`].
pub fn send(data: impl AsRef<[u8]>) -> Step {
    Step::Send(data.as_ref().to_owned())
}

/// The steps of a command that opens a data connection, sends this on it, and ends well.
pub fn sends(data: impl AsRef<[u8]>) -> Vec<Step> {
    vec![
        say("150 here it comes\r\n"),
        Step::Take,
        send(data),
        Step::EndData,
        say("226 done\r\n"),
    ]
}

/// When a rule holds, and what then happens.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// A verb, or a whole command, or [`GREETING`].
    pub(super) on: String,
    /// How often, on all connections together.
    pub(super) times: usize,
    pub(super) steps: Vec<Step>,
}

impl Rule {
    /// Whether it is about this command.
    pub(super) fn is_about(&self, command: &[u8]) -> bool {
        let on = self.on.as_bytes();
        command
            .get(..on.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(on))
            && matches!(command.get(on.len()), None | Some(b' '))
    }
}
