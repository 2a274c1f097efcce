//! One terminal of a session, from its opening until it is forgotten.

use super::info::{
    CloseReason, TerminalId, TerminalInfo, TerminalLimits, TerminalOptions, ViewerId, ViewerMode,
    check_name,
};
use super::input::{Input, PIECES};
use super::share::{Share, ShareId, ShareInfo, TokenHash};
use super::state::{End, Slot, State};
use super::viewer::{Attach, USE_TERMINAL, Viewer, ViewerEvent, ViewerInput, ViewerOutput};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::ExitStatus;
use crate::secret::Secret;
use crate::ssh::Taker;
use crate::terminal::{TerminalRequest, check_signal, check_size};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;

/// Longest life of a share: 30 days.
const MAX_SHARE: Duration = Duration::from_secs(30 * 24 * 3600);

/// A terminal that several may look at and that outlives each of them. Reached through
/// [`crate::session::Session::terminal`].
pub struct SharedTerminal {
    id: TerminalId,
    term: String,
    command: Option<Vec<u8>>,
    opened_at: DateTime<Utc>,
    limits: TerminalLimits,
    state: Mutex<State>,
    /// Something changed that a viewer may have to be told, or that ends a hold.
    pub(super) changed: watch::Sender<()>,
    /// The last viewer may have left.
    pub(super) left: Notify,
    /// What ran in it has ended, however.
    pub(super) ended: CancellationToken,
    pub(super) input: mpsc::Sender<Input>,
    /// Ends the terminal.
    pub(super) over: CancellationToken,
}

impl SharedTerminal {
    /// A terminal before anything runs in it, and the end of its input.
    ///
    /// # Errors
    /// `InvalidInput` with the field.
    pub(super) fn new(
        request: &TerminalRequest,
        options: TerminalOptions,
        limits: TerminalLimits,
        number: u64,
    ) -> Result<(Self, mpsc::Receiver<Input>)> {
        let name = options.name.unwrap_or_else(|| format!("Terminal {number}"));
        check_name(&name)?;
        let (input, inputs) = mpsc::channel(PIECES);
        let state = State::new(name, (request.columns, request.rows), &limits);
        let terminal = Self {
            id: TerminalId::random(),
            term: request.term.clone(),
            command: request.command.clone(),
            opened_at: Utc::now(),
            limits,
            state: Mutex::new(state),
            changed: watch::Sender::new(()),
            left: Notify::new(),
            ended: CancellationToken::new(),
            input,
            over: CancellationToken::new(),
        };
        Ok((terminal, inputs))
    }

    /// Its name for programs.
    pub fn id(&self) -> TerminalId {
        self.id
    }

    /// Bytes a viewer is given beyond what it has acknowledged.
    pub fn window(&self) -> u64 {
        self.limits.window()
    }

    /// What can be told of it now.
    pub fn info(&self) -> TerminalInfo {
        let deadline = self.deadline();
        let state = self.lock();
        let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
        TerminalInfo {
            id: self.id,
            name: state.name.clone(),
            term: self.term.clone(),
            command: self.command.clone(),
            columns: state.columns,
            rows: state.rows,
            opened_at: self.opened_at,
            start: state.ring.start(),
            end: state.ring.end(),
            exit: match &state.end {
                Some(End::Exited(status)) => Some(status.clone()),
                _ => None,
            },
            is_running: state.end.is_none(),
            expires_at: left.and_then(|left| {
                let left = chrono::TimeDelta::from_std(left).ok()?;
                Utc::now().checked_add_signed(left)
            }),
            viewers: state.viewers(),
            recording: state.recording.id(),
            recording_state: state.recording.state(),
        }
    }

    /// Gives it another name for people.
    ///
    /// # Errors
    /// `InvalidInput` with the field `name`.
    pub fn rename(&self, name: &str) -> Result<()> {
        check_name(name)?;
        self.lock().name = name.to_owned();
        Ok(())
    }

    /// Gives it this size, for everyone.
    ///
    /// # Errors
    /// `InvalidInput` outside of 1 to [`crate::terminal::MAX_COLUMNS`] and
    /// [`crate::terminal::MAX_ROWS`]; `ConnectionLost` once it has ended.
    pub async fn resize(&self, columns: u32, rows: u32) -> Result<()> {
        check_size(columns, rows)?;
        let place = self.place().await?;
        // Under the lock: of two at once, the one told last here is the last there.
        let mut state = self.lock();
        place.send(Input::Resize(columns, rows));
        if (state.columns, state.rows) != (columns, rows) {
            (state.columns, state.rows) = (columns, rows);
            state.sizes += 1;
            state.recording.resized(columns, rows);
            drop(state);
            self.changed.send_replace(());
        }
        Ok(())
    }

    /// Sends a signal, named as in RFC 4254 without `SIG`. Servers may ignore it.
    ///
    /// # Errors
    /// `InvalidInput` for what is no signal's name; `ConnectionLost` once it has ended.
    pub async fn signal(&self, name: &str) -> Result<()> {
        check_signal(name)?;
        self.put(Input::Signal(name.to_owned())).await
    }

    /// Attaches a viewer. What has ended can be looked at until it is forgotten.
    ///
    /// # Errors
    /// `InvalidInput` for an offset beyond what was ever shown; `LimitReached` with too
    /// many viewers; `NotFound` by a share that is no longer valid; `ConnectionLost` when
    /// the terminal was closed.
    pub fn attach(self: &Arc<Self>, how: Attach) -> Result<Viewer> {
        let mut state = self.lock();
        // A lost connection still leaves what was shown before.
        if let Some(End::Closed(reason)) = state.end
            && reason != CloseReason::ConnectionLost
        {
            return Err(ended());
        }
        let share = match how.share {
            None => None,
            Some(id) => {
                let share = state.shares.iter().find(|s| s.info.id == id);
                let share = share.filter(|s| s.is_valid()).ok_or_else(no_share)?;
                Some((id, share.until))
            }
        };
        if state.viewers.len() >= self.limits.viewers {
            let most = self.limits.viewers;
            return Err(limit(format!(
                "the terminal has {most} viewers, which is the most"
            )));
        }
        let (start, end) = (state.ring.start(), state.ring.end());
        let from = how.from.unwrap_or(start);
        if from > end {
            return Err(Error::invalid(
                "from",
                format!("{from} is beyond the {end} bytes shown so far"),
            ));
        }
        let id = ViewerId(state.next_viewer);
        state.next_viewer += 1;
        let mode = match share {
            Some(_) => ViewerMode::Read,
            None => how.mode,
        };
        let slot = Slot {
            id,
            mode,
            share,
            address: how.address,
            attached_at: Utc::now(),
            position: from,
            acknowledged: from,
            place: Some(0),
            sizes_told: state.sizes,
            changes_told: state.changes,
            recording_told: state.recording.changes(),
            exit_told: false,
        };
        state.viewers.push(slot);
        state.changes += 1;
        let changed = self.changed.subscribe();
        drop(state);
        self.changed.send_replace(());
        Ok(Viewer {
            input: ViewerInput {
                terminal: Arc::clone(self),
                id,
                mode,
            },
            output: ViewerOutput {
                terminal: Arc::clone(self),
                id,
                changed,
            },
        })
    }

    /// Closes it: what runs in it is told (`SIGHUP`), viewers learn that someone closed it,
    /// and it is forgotten.
    pub fn close(&self) {
        self.end_with(End::Closed(CloseReason::Closed));
        self.over.cancel();
    }

    /// Makes a link for watching, and the token that opens it, which nobody can get again.
    ///
    /// # Errors
    /// `InvalidInput` for no time at all or more than 30 days; `LimitReached`.
    pub fn share(&self, lifetime: Duration) -> Result<(ShareInfo, Secret)> {
        if lifetime.is_zero() || lifetime > MAX_SHARE {
            return Err(Error::invalid(
                "expires_in",
                "a share lasts for more than nothing and at most 30 days",
            ));
        }
        let mut state = self.lock();
        state.shares.retain(Share::is_valid);
        if state.shares.len() >= self.limits.shares {
            let most = self.limits.shares;
            return Err(limit(format!(
                "the terminal has {most} shares, which is the most"
            )));
        }
        let (share, token) = Share::new(lifetime);
        let info = share.info.clone();
        state.shares.push(share);
        Ok((info, token))
    }

    /// The links that are valid.
    pub fn shares(&self) -> Vec<ShareInfo> {
        let state = self.lock();
        let valid = state.shares.iter().filter(|s| s.is_valid());
        valid.map(|s| s.info.clone()).collect()
    }

    /// Revokes a link; who came by it is sent away.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn revoke(&self, share: ShareId) -> Result<()> {
        let mut state = self.lock();
        if !state
            .shares
            .iter()
            .any(|s| s.info.id == share && s.is_valid())
        {
            return Err(no_share());
        }
        state.revoke(share);
        drop(state);
        self.changed.send_replace(());
        self.left.notify_one();
        Ok(())
    }

    /// The valid share of this token.
    pub(super) fn share_of(&self, token: TokenHash) -> Option<ShareId> {
        let state = self.lock();
        let mut valid = state.shares.iter().filter(|s| s.is_valid());
        valid.find(|s| s.token == token).map(|s| s.info.id)
    }

    /// Whether someone closed it: it is there no more, although the remote side may still
    /// have to be told.
    pub(super) fn is_closed(&self) -> bool {
        self.over.is_cancelled()
    }

    /// Whether nothing runs in it any more.
    pub(super) fn has_ended(&self) -> bool {
        self.lock().end.is_some()
    }

    /// When it is over unless somebody attaches; `None` while somebody is attached.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let state = self.lock();
        if !state.viewers.is_empty() {
            return None;
        }
        state.detached_at.checked_add(self.limits.detached)
    }

    /// Ends it, unless it has ended; the first reason is the one that counts.
    pub(super) fn end_with(&self, how: End) {
        let mut state = self.lock();
        state.recording.finish();
        if state.end.is_none() {
            if state.viewers.is_empty() {
                state.detached_at = Instant::now();
            }
            state.end = Some(how);
        } else if let (Some(End::Exited(_)), End::Closed(_)) = (&state.end, &how) {
            // Viewers that are still behind are told that there is no more.
            state.end = Some(how);
        }
        drop(state);
        self.ended.cancel();
        self.changed.send_replace(());
        self.left.notify_one();
    }

    pub(super) fn next_for(&self, viewer: ViewerId) -> (Option<ViewerEvent>, Option<Instant>) {
        let mut state = self.lock();
        let until = state
            .viewers
            .iter()
            .find(|v| v.id == viewer)
            .and_then(|v| v.share.map(|(_, until)| until));
        let event = state.next_for(viewer);
        drop(state);
        if let Some(ViewerEvent::Closed(_)) = event {
            self.changed.send_replace(());
            self.left.notify_one();
        }
        (event, until)
    }

    pub(super) fn leave(&self, viewer: ViewerId) {
        self.lock().leave(viewer);
        self.changed.send_replace(());
        self.left.notify_one();
    }

    pub(super) fn acknowledge(&self, viewer: ViewerId, offset: u64) -> Result<()> {
        let mut state = self.lock();
        let Some(slot) = state.viewers.iter_mut().find(|v| v.id == viewer) else {
            // It has left; its last words are no error.
            return Ok(());
        };
        if offset > slot.position {
            let given = slot.position;
            return Err(Error::invalid(
                "offset",
                format!("{offset} is beyond the {given} bytes given so far"),
            ));
        }
        slot.acknowledged = slot.acknowledged.max(offset);
        drop(state);
        self.changed.send_replace(());
        Ok(())
    }

    /// A panic while the lock is held leaves nothing half-done behind.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Taker for SharedTerminal {
    fn take(&self, data: &[u8]) {
        let mut state = self.lock();
        state.ring.push(data);
        state.recording.shown(data);
        drop(state);
        self.changed.send_replace(());
    }

    fn finish(&self, how: Result<ExitStatus>) {
        self.end_with(match how {
            Ok(status) => End::Exited(status),
            Err(error) => {
                tracing::debug!(%error, "a terminal lost its connection");
                End::Closed(CloseReason::ConnectionLost)
            }
        });
    }

    async fn wants_more(&self) {
        let mut changed = None;
        while !self.lock().wants_more() {
            let changed = changed.get_or_insert_with(|| self.changed.subscribe());
            // Seen from here on; then the look that decides, and only then the wait.
            changed.mark_unchanged();
            if self.lock().wants_more() {
                return;
            }
            // The sender lives as long as this terminal.
            let _ = changed.changed().await;
        }
    }
}

pub(super) fn ended() -> Error {
    Error::new(
        ErrorKind::ConnectionLost,
        USE_TERMINAL,
        "the terminal has ended",
    )
}

fn no_share() -> Error {
    Error::new(ErrorKind::NotFound, USE_TERMINAL, "Share not found").on(crate::Side::Local)
}

fn limit(text: String) -> Error {
    Error::new(ErrorKind::LimitReached, USE_TERMINAL, text).on(crate::Side::Local)
}
