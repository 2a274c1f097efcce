//! The end of a file that is written: all that is left goes out at once, and costs one way
//! there and back.
//!
//! The last bytes, the attributes, `fsync` and CLOSE follow each other on one channel without
//! a wait in between. A server processes requests that are about one file in the order in
//! which they came (draft-ietf-secsh-filexfer-02, section 6.1); replies may come in any order,
//! and all are looked at. Not everything relies on that order:
//! - Channels are not in order with each other, so a file that goes over several is whole at
//!   the server before the rest is sent.
//! - Attributes that writing would undo wait for the bytes. Go's `pkg/sftp`, on which SFTPGo
//!   and `rclone serve sftp` stand, sets them while writes that came before are under way;
//!   only CLOSE waits for those there.

use super::super::attrs::Attrs;
use super::super::call::Call;
use super::super::reply::Reply;
use super::super::request::{FSYNC, Request};
use super::super::status::{BAD_MESSAGE, Fault, UNSUPPORTED};
use super::SftpWriter;
use crate::error::{Error, Result};
use crate::path::RemotePath;

/// What became of a file beside its being whole and closed.
pub(super) struct Ended {
    /// The server took the attributes, or there were none.
    pub(super) attributes_set: bool,
    /// Whether something is at the path that was to be looked at.
    pub(super) taken: Option<bool>,
}

impl SftpWriter {
    /// Brings everything to the disk, gives the file these attributes and closes it. A server
    /// that does not take the attributes of an open file is no error.
    ///
    /// `look_at` is looked at last, as near as can be to what follows from it.
    pub(super) async fn end(
        mut self: Box<Self>,
        attrs: Attrs,
        look_at: Option<&RemotePath>,
    ) -> Result<Ended> {
        self.check()?;
        self.send_gathered().await?;
        if self.stripes.count() > 1 || undone_by_writing(attrs) {
            self.settle_all().await?;
        }
        let setting = match attrs == Attrs::default() {
            true => None,
            false => Some(self.begin_setting(attrs).await?),
        };
        let syncing = self.begin_sync().await?;
        self.closed = true;
        let closing = self.stripes.begin_close();
        let looking = match look_at {
            Some(path) => Some(self.submit(Request::Lstat(path.as_bytes())).await?),
            None => None,
        };
        self.settle_all().await?;
        let attributes_set = match setting {
            None => true,
            Some(call) => self.were_set(call.done().await)?,
        };
        if let Some(call) = syncing
            && let Err(fault) = call.done().await
            && !tolerated(&fault)
        {
            return Err(self.fail(fault, 1).await);
        }
        for call in closing {
            let closed = match call {
                Ok(call) => call.done().await,
                Err(fault) => Err(fault),
            };
            if let Err(fault) = closed {
                // Some file systems tell only now that there is no room.
                return Err(self.fail(fault, 1).await);
            }
        }
        let taken = match looking {
            None => None,
            Some(call) => Some(self.is_there(call).await?),
        };
        Ok(Ended {
            attributes_set,
            taken,
        })
    }

    fn error_of(&self, fault: Fault) -> Error {
        self.doing().failed(fault)
    }

    async fn submit(&self, request: Request<'_>) -> Result<Call> {
        let submitted = self.stripes.first().client().submit(request).await;
        submitted.map_err(|fault| self.error_of(fault))
    }

    async fn begin_setting(&self, attrs: Attrs) -> Result<Call> {
        let handle = self.stripes.first().bytes();
        self.submit(Request::FsetStat { handle, attrs }).await
    }

    /// Has everything brought to the disk, on whatever channels it came; `None` where the
    /// server cannot.
    async fn begin_sync(&self) -> Result<Option<Call>> {
        if !self.fsync {
            return Ok(None);
        }
        let request = Request::Extended {
            name: FSYNC,
            strings: &[self.stripes.first().bytes()],
        };
        self.submit(request).await.map(Some)
    }

    fn were_set(&self, outcome: Result<(), Fault>) -> Result<bool> {
        match outcome {
            Ok(()) => Ok(true),
            Err(Fault::Status(status)) => {
                tracing::debug!(
                    code = status.code,
                    "the attributes of an open file are not set"
                );
                Ok(false)
            }
            Err(fault) => Err(self.error_of(fault)),
        }
    }

    async fn is_there(&self, mut call: Call) -> Result<bool> {
        match call.reply().await {
            Ok(Reply::Attrs(_)) => Ok(true),
            Ok(other) => Err(self.error_of(call.reject(&other))),
            Err(Fault::Status(_)) => Ok(false),
            Err(fault) => Err(self.error_of(fault)),
        }
    }
}

/// Whether a write that comes after them takes them away: it changes the time, and clears
/// set-user-id and set-group-id.
fn undone_by_writing(attrs: Attrs) -> bool {
    attrs.times.is_some() || attrs.mode.is_some_and(|bits| bits & 0o6000 != 0)
}

/// Devices and some network file systems have nothing to bring to a disk: ENOTSUP and
/// EINVAL, as OpenSSH translates them.
fn tolerated(fault: &Fault) -> bool {
    matches!(fault.code(), Some(UNSUPPORTED | BAD_MESSAGE))
}
