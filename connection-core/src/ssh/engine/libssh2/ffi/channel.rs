//! Channels of libssh2.

use super::super::error::Stop;
use super::{Session, bytes, length32};
use libc::{c_char, c_int, size_t};
use libssh2_sys::{self as raw, LIBSSH2_CHANNEL};
use std::ptr::NonNull;

// In libssh2's public header and not in libssh2-sys 0.3.4.
unsafe extern "C" {
    fn libssh2_channel_signal_ex(
        channel: *mut LIBSSH2_CHANNEL,
        name: *const c_char,
        length: size_t,
    ) -> c_int;
    fn libssh2_channel_has_exit_status(channel: *mut LIBSSH2_CHANNEL) -> c_int;
}

/// An open channel. Freed when dropped: once closed, or on a cut wire, that waits for
/// nothing; else libssh2 frees it with the session.
pub(crate) struct RawChannel {
    channel: NonNull<LIBSSH2_CHANNEL>,
    /// Keeps the session alive longer than its channel.
    session: Session,
}

/// Which stream of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Data.
    Out = 0,
    /// Extended data of type 1.
    Err = 1,
}

// SAFETY of every call below: the channel is alive until `drop`, pointers and lengths
// describe live slices, and the `Rc` in the session keeps all calls on one thread.
impl RawChannel {
    /// Takes over a channel that this session has opened.
    pub(super) fn new(channel: NonNull<LIBSSH2_CHANNEL>, session: Session) -> Self {
        Self { channel, session }
    }

    /// Reads; 0 bytes of buffer only take packets off the socket. `Ok(0)`: nothing will come.
    pub(crate) fn read(&mut self, stream: Stream, buffer: &mut [u8]) -> Result<usize, Stop> {
        // SAFETY: see above.
        Stop::check_length(unsafe {
            raw::libssh2_channel_read_ex(
                self.channel.as_ptr(),
                stream as c_int,
                buffer.as_mut_ptr().cast(),
                buffer.len(),
            )
        })
    }

    /// Writes a part of the data; repeated with the same data after `Again`.
    pub(crate) fn write(&mut self, data: &[u8]) -> Result<usize, Stop> {
        // SAFETY: see above.
        Stop::check_length(unsafe {
            raw::libssh2_channel_write_ex(
                self.channel.as_ptr(),
                0,
                data.as_ptr().cast(),
                data.len(),
            )
        })
    }

    /// Bytes the server is ready to take.
    pub(crate) fn write_window(&self) -> usize {
        // SAFETY: see above.
        let window = unsafe {
            raw::libssh2_channel_window_write_ex(self.channel.as_ptr(), std::ptr::null_mut())
        };
        usize::try_from(window).unwrap_or(usize::MAX)
    }

    /// Sends EOF.
    pub(crate) fn send_eof(&mut self) -> Result<(), Stop> {
        // SAFETY: see above.
        Stop::check(unsafe { raw::libssh2_channel_send_eof(self.channel.as_ptr()) })
    }

    /// Whether the server has closed the channel, `None` before its EOF.
    pub(crate) fn remote_closed(&mut self) -> Result<Option<bool>, Stop> {
        // SAFETY: see above.
        match unsafe { raw::libssh2_channel_wait_closed(self.channel.as_ptr()) } {
            0 => Ok(Some(true)),
            raw::LIBSSH2_ERROR_EAGAIN => Ok(Some(false)),
            raw::LIBSSH2_ERROR_INVAL => Ok(None),
            code => Err(Stop::from_code(code)),
        }
    }

    /// Sends EOF and CLOSE and waits for the server's CLOSE.
    pub(crate) fn close(&mut self) -> Result<(), Stop> {
        // SAFETY: see above.
        Stop::check(unsafe { raw::libssh2_channel_close(self.channel.as_ptr()) })
    }

    /// The command's exit code, once the server has told it.
    pub(crate) fn exit_status(&self) -> Option<u32> {
        // SAFETY: see above.
        unsafe {
            (libssh2_channel_has_exit_status(self.channel.as_ptr()) != 0).then(|| {
                raw::libssh2_channel_get_exit_status(self.channel.as_ptr()).cast_unsigned()
            })
        }
    }

    /// The name of the signal that killed the command, once the server has told it.
    pub(crate) fn exit_signal(&self) -> Option<String> {
        let none = std::ptr::null_mut::<*mut c_char>();
        let no_length = std::ptr::null_mut::<size_t>();
        let mut name: *mut c_char = std::ptr::null_mut();
        let mut length: size_t = 0;
        // SAFETY: see above; the name is libssh2's to free, after it was copied.
        unsafe {
            raw::libssh2_channel_get_exit_signal(
                self.channel.as_ptr(),
                &mut name,
                &mut length,
                none,
                no_length,
                none,
                no_length,
            );
            if name.is_null() {
                return None;
            }
            let text = String::from_utf8_lossy(bytes(name.cast(), length)).into_owned();
            raw::libssh2_free(self.session.handle(), name.cast());
            Some(text)
        }
    }

    /// One step of a `pty-req`.
    pub(crate) fn pty(&mut self, term: &str, columns: u32, rows: u32) -> Result<(), Stop> {
        // SAFETY: see above.
        Stop::check(unsafe {
            raw::libssh2_channel_request_pty_ex(
                self.channel.as_ptr(),
                term.as_ptr().cast(),
                length32(term.len()),
                std::ptr::null(),
                0,
                columns.cast_signed(),
                rows.cast_signed(),
                0,
                0,
            )
        })
    }

    /// One step of an `env` request.
    pub(crate) fn env(&mut self, name: &str, value: &str) -> Result<(), Stop> {
        // SAFETY: see above.
        Stop::check(unsafe {
            raw::libssh2_channel_setenv_ex(
                self.channel.as_ptr(),
                name.as_ptr().cast(),
                length32(name.len()),
                value.as_ptr().cast(),
                length32(value.len()),
            )
        })
    }

    /// One step of `exec`, `shell` or `subsystem`; `None` as message sends no string.
    pub(crate) fn start(&mut self, kind: &str, message: Option<&[u8]>) -> Result<(), Stop> {
        let (text, length) = message.map_or((std::ptr::null(), 0), |m| (m.as_ptr(), m.len()));
        // SAFETY: see above.
        Stop::check(unsafe {
            raw::libssh2_channel_process_startup(
                self.channel.as_ptr(),
                kind.as_ptr().cast(),
                length32(kind.len()),
                text.cast(),
                length32(length),
            )
        })
    }

    /// Sends a `window-change`.
    pub(crate) fn resize(&mut self, columns: u32, rows: u32) -> Result<(), Stop> {
        // SAFETY: see above.
        Stop::check(unsafe {
            raw::libssh2_channel_request_pty_size_ex(
                self.channel.as_ptr(),
                columns.cast_signed(),
                rows.cast_signed(),
                0,
                0,
            )
        })
    }

    /// Sends a `signal`.
    pub(crate) fn signal(&mut self, name: &str) -> Result<(), Stop> {
        // SAFETY: see above.
        Stop::check(unsafe {
            libssh2_channel_signal_ex(self.channel.as_ptr(), name.as_ptr().cast(), name.len())
        })
    }
}

impl Drop for RawChannel {
    fn drop(&mut self) {
        // SAFETY: the channel is not used again. `EAGAIN` (not closed yet, wire not cut)
        // leaves it in the session's list, where the session's end frees it.
        unsafe {
            raw::libssh2_channel_free(self.channel.as_ptr());
        }
    }
}
