//! What a person sees in a terminal: a screen that takes the bytes a terminal shows, a viewer
//! in front of it, and the full-screen programs that draw on it.
//!
//! Knows terminals by what their viewers are told, and nothing of SSH or sockets.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::Duration;

use connection_core::exec::ExitStatus;
use connection_core::terminals::{
    Attach, CloseReason, SharedTerminal, Viewer, ViewerEvent, ViewerMode,
};
use tokio::time::{Instant, timeout_at};

use crate::servers::install;
use crate::servers::sshd::Sshd;

/// How long something that is sure to be drawn may take on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// The screen of a terminal.
pub struct Screen {
    parser: vt100::Parser<Beside>,
    /// Columns and rows of the terminal. The parsed screen has at least two of each: the
    /// parser breaks where a line cannot go on in a next row.
    size: (u32, u32),
    /// The beginning of a character whose end has not come: the parser swallows what follows
    /// the end in the same piece.
    begun: Vec<u8>,
}

/// What a terminal is told that is not on its screen.
#[derive(Default)]
struct Beside {
    title: String,
    /// What a terminal answers to programs that ask it something.
    answers: Vec<u8>,
}

impl vt100::Callbacks for Beside {
    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        self.title = String::from_utf8_lossy(title).into_owned();
    }

    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        first: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        end: char,
    ) {
        match (first, params, end) {
            // A VT220, as xterm says it.
            (None, _, 'c') => self.answers.extend(b"\x1b[?62;22c"),
            (Some(b'>'), _, 'c') => self.answers.extend(b"\x1b[>41;276;0c"),
            (None, [[6]], 'n') => {
                let (row, column) = screen.cursor_position();
                let answer = format!("\x1b[{};{}R", row + 1, column + 1);
                self.answers.extend(answer.as_bytes());
            }
            _ => {}
        }
    }
}

impl Screen {
    /// An empty one of this size.
    pub fn new(columns: u32, rows: u32) -> Self {
        let size = (columns, rows);
        let (rows, columns) = (extent(rows), extent(columns));
        let parser = vt100::Parser::new_with_callbacks(rows, columns, 0, Beside::default());
        Self {
            parser,
            size,
            begun: Vec::new(),
        }
    }

    /// Takes bytes; a character or a sequence may be cut between two calls.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.begun.extend_from_slice(bytes);
        let whole = self.begun.len() - unfinished(&self.begun);
        self.parser.process(&self.begun[..whole]);
        self.begun.drain(..whole);
    }

    /// Gives it another size.
    pub fn resize(&mut self, columns: u32, rows: u32) {
        self.size = (columns, rows);
        let screen = self.parser.screen_mut();
        screen.set_size(extent(rows), extent(columns));
    }

    /// Columns and rows.
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// Everything that is to be seen, a line for a row, without blanks at the ends.
    pub fn text(&self) -> String {
        let (_, columns) = self.parser.screen().size();
        let rows = self.parser.screen().rows(0, columns);
        let rows: Vec<String> = rows.map(|row| row.trim_end().to_owned()).collect();
        rows.join("\n")
    }

    /// A row, from 0, without blanks at its end; empty past the last.
    pub fn row(&self, row: u32) -> String {
        let text = self.text();
        text.split('\n')
            .nth(row as usize)
            .unwrap_or_default()
            .into()
    }

    /// The last row.
    pub fn last_row(&self) -> String {
        self.row(self.size().1 - 1)
    }

    /// Whether this is to be seen, within one row.
    pub fn has(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// What stands in a cell, from 0; empty past the edges.
    pub fn cell(&self, column: u32, row: u32) -> String {
        let cell = self.parser.screen().cell(cells(row), cells(column));
        cell.map(|cell| cell.contents().to_owned())
            .unwrap_or_default()
    }

    /// The parsed screen with everything it knows of cells and modes.
    pub fn parsed(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// Everything that makes two screens the same: cells with their colours, cursor, modes and
    /// the window's title.
    pub fn state(&self) -> Vec<u8> {
        let mut state = self.parser.screen().state_formatted();
        state.extend(self.title().as_bytes());
        state
    }

    /// The window's title.
    pub fn title(&self) -> &str {
        &self.parser.callbacks().title
    }

    /// What the terminal has to answer to questions since the last call.
    pub fn answers(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.parser.callbacks_mut().answers)
    }
}

/// How many bytes at the end are the beginning of a character.
fn unfinished(bytes: &[u8]) -> usize {
    let last = bytes.len().saturating_sub(3);
    let cut = (last..bytes.len()).find(|at| {
        std::str::from_utf8(&bytes[*at..])
            .is_err_and(|e| e.error_len().is_none() && e.valid_up_to() == 0)
    });
    cut.map_or(0, |at| bytes.len() - at)
}

/// What the parsed screen has of a terminal's columns or rows.
fn extent(count: u32) -> u16 {
    cells(count).max(2)
}

fn cells(count: u32) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// Somebody in front of a terminal, with a screen and, in write mode, a keyboard.
pub struct Seat {
    viewer: Viewer,
    /// What is to be seen.
    pub screen: Screen,
    /// Offset after the last byte.
    pub offset: u64,
    /// Bytes that were gone before they could be seen.
    pub lost: u64,
    /// How what ran in the terminal ended.
    pub exit: Option<ExitStatus>,
    /// Why there is nothing more.
    pub closed: Option<CloseReason>,
    /// Every byte that was shown.
    pub bytes: Vec<u8>,
}

impl Seat {
    /// Somebody who types, before everything that is kept.
    #[track_caller]
    pub fn writer(terminal: &Arc<SharedTerminal>) -> Self {
        Self::attach(terminal, Attach::new(ViewerMode::Write))
    }

    /// Somebody who watches, before everything that is kept.
    #[track_caller]
    pub fn reader(terminal: &Arc<SharedTerminal>) -> Self {
        Self::attach(terminal, Attach::new(ViewerMode::Read))
    }

    /// Somebody before an empty screen.
    ///
    /// # Panics
    /// When the terminal refuses.
    #[track_caller]
    pub fn attach(terminal: &Arc<SharedTerminal>, how: Attach) -> Self {
        let info = terminal.info();
        let viewer = terminal.attach(how).expect("attach to the terminal");
        Self {
            viewer,
            screen: Screen::new(info.columns, info.rows),
            offset: 0,
            lost: 0,
            exit: None,
            closed: None,
            bytes: Vec::new(),
        }
    }

    /// Presses keys.
    ///
    /// # Panics
    /// When the terminal takes none.
    pub async fn keys(&self, keys: impl AsRef<[u8]>) {
        let keys = keys.as_ref().to_vec();
        self.viewer.input.write(keys).await.expect("press keys");
    }

    /// Presses keys that end the program, which may have ended by itself or by earlier ones.
    pub async fn last_keys(&self, keys: &str) {
        let _ = self.viewer.input.write(keys.to_owned()).await;
    }

    /// Gives the window another size. The screen has it from the moment the terminal says so.
    ///
    /// # Panics
    /// When the terminal refuses.
    pub async fn resize(&self, columns: u32, rows: u32) {
        let resized = self.viewer.input.resize(columns, rows).await;
        resized.expect("resize the terminal");
    }

    /// Takes what comes next and acknowledges it.
    ///
    /// # Panics
    /// When nothing comes for long; the message shows the screen and what is awaited.
    pub async fn step(&mut self, awaited: &str) {
        self.step_until(Instant::now() + SOON, awaited).await;
    }

    /// Takes what comes for a while, or to the end.
    pub async fn pause(&mut self, time: Duration) {
        let deadline = Instant::now() + time;
        while self.closed.is_none() {
            match timeout_at(deadline, self.viewer.output.next()).await {
                Ok(event) => self.take(event).await,
                Err(_) => return,
            }
        }
    }

    async fn step_until(&mut self, deadline: Instant, awaited: &str) {
        let Ok(event) = timeout_at(deadline, self.viewer.output.next()).await else {
            self.give_up("not within the time", awaited);
        };
        self.take(event).await;
    }

    async fn take(&mut self, event: ViewerEvent) {
        match event {
            ViewerEvent::Offset { offset, lost } => {
                self.offset = offset;
                self.lost += lost;
            }
            ViewerEvent::Data(data) => {
                self.offset += data.len() as u64;
                self.bytes.extend_from_slice(&data);
                self.screen.feed(&data);
                let drawn = self.viewer.input.ack(self.offset);
                drawn.expect("acknowledge what was given");
                let answers = self.screen.answers();
                if self.viewer.input.mode() == ViewerMode::Write && !answers.is_empty() {
                    // A program that asked and is gone meanwhile needs no answer.
                    let _ = self.viewer.input.write(answers).await;
                }
            }
            ViewerEvent::Resized { columns, rows } => self.screen.resize(columns, rows),
            ViewerEvent::Exited(status) => self.exit = Some(status),
            ViewerEvent::Closed(reason) => self.closed = Some(reason),
            _ => {}
        }
    }

    /// Waits until the screen is as awaited.
    ///
    /// # Panics
    /// When it is not in time, or when the terminal ends before; the message shows the screen.
    pub async fn until(&mut self, awaited: &str, mut holds: impl FnMut(&Screen) -> bool) {
        let deadline = Instant::now() + SOON;
        while !holds(&self.screen) {
            if self.closed.is_some() {
                self.give_up("it ended before", awaited);
            }
            self.step_until(deadline, awaited).await;
        }
    }

    /// Waits until this is to be seen, within one row.
    ///
    /// # Panics
    /// As [`Seat::until`].
    pub async fn shows(&mut self, text: &str) {
        self.until(text, |screen| screen.has(text)).await;
    }

    /// Waits until everything before this offset was drawn.
    ///
    /// # Panics
    /// As [`Seat::until`].
    pub async fn drawn(&mut self, offset: u64) {
        let deadline = Instant::now() + SOON;
        while self.offset < offset {
            self.step_until(deadline, &format!("offset {offset}")).await;
        }
    }

    /// Waits until what runs in the terminal has ended by itself.
    ///
    /// # Panics
    /// When it does not in time, or otherwise than with this status.
    pub async fn exits(&mut self, status: u32) {
        let deadline = Instant::now() + SOON;
        while self.closed.is_none() {
            self.step_until(deadline, "its end").await;
        }
        if self.exit != Some(ExitStatus::Code(status)) {
            self.give_up(&format!("it ended with {:?}", self.exit), "another end");
        }
    }

    fn give_up(&self, why: &str, awaited: &str) -> ! {
        let (columns, rows) = self.screen.size();
        let last = self.bytes.len().saturating_sub(2000);
        panic!(
            "{why}: {awaited:?}; {} bytes, exit {:?}, closed {:?}\n--- {columns}x{rows}:\n{}\n\
             --- the last bytes:\n{}\n---",
            self.offset,
            self.exit,
            self.closed,
            self.screen.text(),
            self.bytes[last..].escape_ascii()
        );
    }
}

/// Full-screen programs on the far side, put where the login user of an sshd can run them.
pub struct Programs {
    /// Exported before a program runs.
    setting: String,
}

impl Programs {
    /// Puts `vim`, `nano`, `less`, `htop`, `top` and `tmux` on the far side.
    ///
    /// # Panics
    /// When they are not installed; the message names the script that does it.
    #[track_caller]
    pub fn put(sshd: &Sshd) -> Self {
        let directory = sshd.dir().join("programs");
        fs::create_dir(&directory).expect("create a directory for programs");
        // Copies: the login user may not be able to reach the repository.
        for (name, file) in [
            ("vim", "usr/bin/vim.tiny"),
            ("nano", "bin/nano"),
            ("less", "usr/bin/less"),
            ("htop", "usr/bin/htop"),
            ("top", "usr/bin/top"),
            ("tmux", "usr/bin/tmux"),
        ] {
            let copy = directory.join(name);
            fs::copy(install::find(&format!("screens/{file}")), &copy).expect("copy a program");
            let everyone = Permissions::from_mode(0o755);
            fs::set_permissions(&copy, everyone).expect("chmod");
        }
        let home = sshd.home().display();
        let setting = format!(
            "export LC_ALL=C.UTF-8 PATH={}:/usr/bin:/bin TMUX_TMPDIR={home}; cd {home}",
            directory.display()
        );
        Self { setting }
    }

    /// A command for a terminal that becomes this program, in the home directory, with UTF-8.
    pub fn run(&self, program: &str) -> String {
        format!("{}; exec {program}", self.setting)
    }
}
