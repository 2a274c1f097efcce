//! Everything about a terminal that changes, behind one lock, and what a viewer is to be
//! told next. Does nothing by itself: no task, no clock, no channel.

use super::info::{CloseReason, TerminalLimits, ViewerId, ViewerInfo, ViewerMode};
use super::recorded::Recording;
use super::share::{Share, ShareId};
use super::viewer::ViewerEvent;
use crate::exec::ExitStatus;
use crate::ring::Ring;
use chrono::{DateTime, Utc};
use std::time::Instant;

/// Bytes handed to a viewer at once.
const PIECE: usize = 64 * 1024;

/// A terminal's state.
pub(super) struct State {
    pub(super) ring: Ring,
    pub(super) window: u64,
    pub(super) name: String,
    pub(super) columns: u32,
    pub(super) rows: u32,
    /// Counts the changes of size, so that a viewer sees one it was not told of.
    pub(super) sizes: u64,
    pub(super) viewers: Vec<Slot>,
    /// Counts the changes of who is attached.
    pub(super) changes: u64,
    pub(super) next_viewer: u64,
    pub(super) shares: Vec<Share>,
    pub(super) end: Option<End>,
    /// Since when nobody has been attached; meaningless while somebody is.
    pub(super) detached_at: Instant,
    /// Typed bytes wait for the remote side.
    pub(super) input_waits: usize,
    pub(super) recording: Recording,
}

/// How a terminal ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// What ran in it did.
    Exited(ExitStatus),
    /// It was ended.
    Closed(CloseReason),
}

/// A viewer's place.
pub(super) struct Slot {
    pub(super) id: ViewerId,
    pub(super) mode: ViewerMode,
    pub(super) share: Option<(ShareId, Instant)>,
    pub(super) address: Option<String>,
    pub(super) attached_at: DateTime<Utc>,
    /// Offset of the next byte for it.
    pub(super) position: u64,
    /// Every byte before this offset was drawn.
    pub(super) acknowledged: u64,
    /// How much of the stream before its position it has to be told that it is gone;
    /// `None` once it was told where it is.
    pub(super) place: Option<u64>,
    pub(super) sizes_told: u64,
    pub(super) changes_told: u64,
    pub(super) recording_told: u64,
    pub(super) exit_told: bool,
}

impl State {
    /// Of a terminal before anything runs in it.
    pub(super) fn new(name: String, (columns, rows): (u32, u32), limits: &TerminalLimits) -> Self {
        Self {
            ring: Ring::new(limits.replay),
            window: limits.window(),
            name,
            columns,
            rows,
            sizes: 0,
            viewers: Vec::new(),
            changes: 0,
            next_viewer: 1,
            shares: Vec::new(),
            end: None,
            detached_at: Instant::now(),
            input_waits: 0,
            recording: Recording::default(),
        }
    }

    /// Whether a viewer that types still has credit, or holding the sender back is no use.
    pub(super) fn wants_more(&self) -> bool {
        let mut writers = self
            .viewers
            .iter()
            .filter(|v| v.mode == ViewerMode::Write)
            .peekable();
        writers.peek().is_none()
            || self.input_waits > 0
            || self.end.is_some()
            || writers.any(|v| self.ring.end() < v.acknowledged.saturating_add(self.window))
    }

    /// Who is attached, the longest first.
    pub(super) fn viewers(&self) -> Vec<ViewerInfo> {
        let info = |v: &Slot| ViewerInfo {
            id: v.id,
            mode: v.mode,
            share: v.share.map(|(id, _)| id),
            address: v.address.clone(),
            attached_at: v.attached_at,
            behind: self.ring.end().saturating_sub(v.position),
        };
        self.viewers.iter().map(info).collect()
    }

    /// Takes a viewer out.
    pub(super) fn leave(&mut self, id: ViewerId) {
        let before = self.viewers.len();
        self.viewers.retain(|v| v.id != id);
        if self.viewers.len() < before {
            self.changes += 1;
        }
        if self.viewers.is_empty() {
            self.detached_at = Instant::now();
        }
    }

    /// Takes out everyone who came by this share.
    pub(super) fn revoke(&mut self, share: ShareId) {
        self.shares.retain(|s| s.info.id != share);
        let before = self.viewers.len();
        self.viewers
            .retain(|v| v.share.is_none_or(|(id, _)| id != share));
        if self.viewers.len() < before {
            self.changes += 1;
            self.detached_at = Instant::now();
        }
    }

    /// What a viewer is to be told now; `None` when it has to wait. After a `Closed` it is
    /// attached no longer.
    pub(super) fn next_for(&mut self, id: ViewerId) -> Option<ViewerEvent> {
        let event = self.look_for(id);
        if let Some(ViewerEvent::Closed(_)) = event {
            self.leave(id);
        }
        event
    }

    fn look_for(&mut self, id: ViewerId) -> Option<ViewerEvent> {
        let (start, end) = (self.ring.start(), self.ring.end());
        let (sizes, changes) = (self.sizes, self.changes);
        let recordings = self.recording.changes();
        let Some(index) = self.viewers.iter().position(|v| v.id == id) else {
            return Some(ViewerEvent::Closed(CloseReason::Revoked));
        };
        let viewer = self.viewers.get_mut(index)?;
        if viewer
            .share
            .is_some_and(|(_, until)| Instant::now() >= until)
        {
            return Some(ViewerEvent::Closed(CloseReason::Revoked));
        }
        if viewer.position < start {
            if viewer.mode == ViewerMode::Read && viewer.place.is_none() {
                return Some(ViewerEvent::Closed(CloseReason::TooSlow));
            }
            // Told of every gap, who takes nothing would be given the flood in pieces: so a
            // gap gives no credit, and takes none away. It waits for half of it, which is
            // what a client may use up before it acknowledges anything behind the gap.
            let given = viewer.position.saturating_sub(viewer.acknowledged);
            if given <= self.window / 2 || viewer.place.is_some() {
                let lost = start - viewer.position;
                viewer.place = Some(viewer.place.unwrap_or(0) + lost);
                viewer.position = start;
                viewer.acknowledged = start.saturating_sub(given);
            }
        }
        if let Some(lost) = viewer.place.take() {
            let offset = viewer.position;
            return Some(ViewerEvent::Offset { offset, lost });
        }
        if viewer.sizes_told != sizes {
            viewer.sizes_told = sizes;
            let (columns, rows) = (self.columns, self.rows);
            return Some(ViewerEvent::Resized { columns, rows });
        }
        if viewer.changes_told != changes {
            viewer.changes_told = changes;
            return Some(ViewerEvent::Viewers(self.viewers()));
        }
        if viewer.recording_told != recordings {
            viewer.recording_told = recordings;
            if let Some(state) = self.recording.state() {
                return Some(ViewerEvent::Recording(state));
            }
        }
        let credit = viewer
            .acknowledged
            .saturating_add(self.window)
            .saturating_sub(viewer.position);
        let most = usize::try_from(credit).unwrap_or(usize::MAX).min(PIECE);
        if most > 0 && viewer.position < end {
            let data = self.ring.read(viewer.position, most);
            viewer.position += data.len() as u64;
            return Some(ViewerEvent::Data(data));
        }
        match &self.end {
            None => None,
            Some(End::Closed(reason)) => Some(ViewerEvent::Closed(*reason)),
            Some(End::Exited(_)) if viewer.position < end => None,
            Some(End::Exited(_)) if viewer.exit_told => {
                Some(ViewerEvent::Closed(CloseReason::Exited))
            }
            Some(End::Exited(status)) => {
                viewer.exit_told = true;
                Some(ViewerEvent::Exited(status.clone()))
            }
        }
    }
}
