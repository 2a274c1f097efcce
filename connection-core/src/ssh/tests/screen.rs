//! A terminal as a test looks at it: it waits for what is to be shown.

use crate::exec::ExitStatus;
use crate::ssh::{SshConnection, TerminalInput, TerminalOutput};
use crate::terminal::{TerminalEvent, TerminalRequest};
use std::time::Duration;

/// How long something that is sure to be shown may take on a busy machine. A login shell's
/// start-up files may take a minute.
const SOON: Duration = Duration::from_secs(90);

pub(super) struct Screen {
    pub(super) input: TerminalInput,
    pub(super) output: TerminalOutput,
    shown: Vec<u8>,
}

impl Screen {
    pub(super) async fn open(connection: &SshConnection, request: TerminalRequest) -> Self {
        let terminal = connection.open_terminal(request).await.unwrap();
        Self {
            input: terminal.input,
            output: terminal.output,
            shown: Vec::new(),
        }
    }

    /// Waits until this is shown, and forgets what was shown up to there.
    pub(super) async fn until(&mut self, text: &str) {
        self.until_any(&[text]).await;
    }

    /// Waits until one of these is shown, and says which.
    pub(super) async fn until_any(&mut self, texts: &[&str]) -> usize {
        let waiting = tokio::time::timeout(SOON, async {
            loop {
                for (which, text) in texts.iter().enumerate() {
                    let at = self
                        .shown
                        .windows(text.len())
                        .position(|w| w == text.as_bytes());
                    if let Some(at) = at {
                        self.shown.drain(..at + text.len());
                        return which;
                    }
                }
                match self.output.next().await.unwrap() {
                    Some(TerminalEvent::Data(data)) => self.shown.extend_from_slice(&data),
                    other => panic!("{other:?} before {texts:?}, {}", self.view()),
                }
            }
        });
        match waiting.await {
            Ok(which) => which,
            Err(_) => panic!("{texts:?} was not shown: {}", self.view()),
        }
    }

    /// Waits for exactly these bytes, and no other before or between them.
    pub(super) async fn exactly(&mut self, bytes: &[u8]) {
        let waiting = tokio::time::timeout(SOON, async {
            while self.shown.len() < bytes.len() {
                match self.output.next().await.unwrap() {
                    Some(TerminalEvent::Data(data)) => self.shown.extend_from_slice(&data),
                    other => panic!("{other:?} before {} bytes", bytes.len()),
                }
            }
        });
        if waiting.await.is_err() {
            panic!("{} bytes were not shown: {}", bytes.len(), self.view());
        }
        let shown: Vec<u8> = self.shown.drain(..bytes.len()).collect();
        assert!(
            shown == bytes,
            "{:?} in place of {:?}",
            String::from_utf8_lossy(&shown),
            String::from_utf8_lossy(bytes)
        );
    }

    /// What is shown up to the end, and the end.
    pub(super) async fn rest(&mut self) -> (String, ExitStatus) {
        let (shown, status) = self.rest_bytes().await;
        (String::from_utf8_lossy(&shown).into_owned(), status)
    }

    pub(super) async fn rest_bytes(&mut self) -> (Vec<u8>, ExitStatus) {
        let waiting = tokio::time::timeout(SOON, async {
            loop {
                match self.output.next().await.unwrap() {
                    Some(TerminalEvent::Data(data)) => self.shown.extend_from_slice(&data),
                    Some(TerminalEvent::Exit(status)) => return status,
                    other => panic!("{other:?} before the end, {}", self.view()),
                }
            }
        });
        let Ok(status) = waiting.await else {
            panic!("no end: {}", self.view());
        };
        assert_eq!(self.output.next().await.unwrap(), None);
        (std::mem::take(&mut self.shown), status)
    }

    fn view(&self) -> String {
        String::from_utf8_lossy(&self.shown).into_owned()
    }
}
