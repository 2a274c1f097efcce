//! The prompts of `keyboard-interactive`, carried from the owner thread to the task that
//! waits for the login, and the answers back. Bounded, because the server chooses them.

use crate::secret::Secret;
use crate::ssh::engine::Prompt;
use tokio::sync::{mpsc, oneshot};

/// Rounds of questions in one login.
pub(super) const MAX_ROUNDS: usize = 16;
/// Questions in one round.
pub(super) const MAX_PROMPTS: usize = 32;
/// Bytes of one question; the rest is cut off.
const MAX_TEXT: usize = 4096;

/// One round: the questions, and where the answers go.
pub(super) type Round = (Vec<Prompt>, oneshot::Sender<Vec<Secret>>);

/// The owner thread's end.
pub(super) struct Asker {
    rounds: mpsc::Sender<Round>,
    asked: usize,
    refusal: Option<&'static str>,
}

impl Asker {
    /// An asker and the receiver that gets its rounds.
    pub(super) fn new() -> (Self, mpsc::Receiver<Round>) {
        let (rounds, receiver) = mpsc::channel(1);
        let asker = Self {
            rounds,
            asked: 0,
            refusal: None,
        };
        (asker, receiver)
    }

    /// Why a round was not answered.
    pub(super) fn refusal(&self) -> Option<&'static str> {
        self.refusal
    }

    /// Asks one round and waits for the answers: one for each question. `None` when the
    /// bounds are passed or nobody is there to answer; the login cannot go on then.
    pub(super) fn ask<'a>(
        &mut self,
        questions: impl ExactSizeIterator<Item = (&'a [u8], bool)>,
    ) -> Option<Vec<Secret>> {
        let count = questions.len();
        self.asked += 1;
        if self.asked > MAX_ROUNDS {
            self.refusal = Some("the server asked too many rounds of questions");
            return None;
        }
        if count > MAX_PROMPTS {
            self.refusal = Some("the server asked too many questions at once");
            return None;
        }
        let prompts = questions
            .map(|(text, echo)| Prompt {
                text: bounded_text(text),
                echo,
            })
            .collect();
        let (reply, answers) = oneshot::channel();
        let answers = match self.rounds.blocking_send((prompts, reply)) {
            Ok(()) => answers.blocking_recv().ok(),
            Err(_) => None,
        };
        let Some(mut answers) = answers else {
            self.refusal = Some("the login was given up");
            return None;
        };
        answers.truncate(count);
        answers.resize_with(count, || Secret::from(""));
        Some(answers)
    }
}

/// The text, at most [`MAX_TEXT`] bytes of it even where bytes that are not UTF-8 grew.
fn bounded_text(bytes: &[u8]) -> String {
    let mut text = String::new();
    for character in String::from_utf8_lossy(bytes.get(..MAX_TEXT).unwrap_or(bytes)).chars() {
        if text.len() + character.len_utf8() > MAX_TEXT {
            break;
        }
        text.push(character);
    }
    text
}
