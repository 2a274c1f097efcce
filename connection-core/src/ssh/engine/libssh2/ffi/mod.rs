//! The one place that calls C: a safe face on the parts of libssh2 the engine uses.
//!
//! `ssh2` owns the session. Everything it does not bind, or binds in a way that bites, is
//! called through `libssh2-sys` here: channels (its `Channel` frees itself without a lock
//! and hides its handle), the method list (it panics on bytes that are not UTF-8),
//! keyboard-interactive (an empty prompt becomes a slice over a null pointer), the key
//! login (it copies the key unwiped), the transport callbacks.
//!
//! The types hold `Rc`s, so the compiler keeps them on the thread that made them.
//! It knows nothing of threads, queues or futures.
#![allow(
    unsafe_code,
    reason = "libssh2 is a C library; every call into it is made in this file"
)]

mod callbacks;
mod channel;
mod listener;

pub(super) use channel::{RawChannel, Stream};
pub(super) use listener::RawListener;

use super::error::Stop;
use super::prompts::Asker;
use super::wire::Wire;
use callbacks::{
    DisconnectCallback, ReceiveCallback, SendCallback, on_disconnect, on_prompts, on_receive,
    on_send,
};
use libc::{c_char, c_int, c_long, c_uint, c_void};
use libssh2_sys::{self as raw, LIBSSH2_SESSION};
use std::cell::{RefCell, RefMut};
use std::net::TcpStream;
use std::os::fd::{AsRawFd, RawFd};
use std::ptr::NonNull;
use std::rc::Rc;

type AnyCallback = unsafe extern "C" fn();

// In libssh2's public header and not in libssh2-sys 0.3.4.
unsafe extern "C" {
    fn libssh2_session_callback_set2(
        session: *mut LIBSSH2_SESSION,
        kind: c_int,
        callback: Option<AnyCallback>,
    ) -> Option<AnyCallback>;
    fn libssh2_session_set_read_timeout(session: *mut LIBSSH2_SESSION, seconds: c_long);
}

const CALLBACK_DISCONNECT: c_int = 2;
const CALLBACK_SEND: c_int = 5;
const CALLBACK_RECEIVE: c_int = 6;

/// What the callbacks find behind the session's user pointer.
struct Context {
    wire: RefCell<Wire>,
    asker: RefCell<Option<Asker>>,
}

/// Declared in this order: the session is freed while its callbacks still have a context.
struct Inner {
    ssh2: ssh2::Session,
    context: Rc<Context>,
}

struct Descriptor(RawFd);

impl AsRawFd for Descriptor {
    fn as_raw_fd(&self) -> RawFd {
        self.0
    }
}

/// A non-blocking libssh2 session on its socket.
#[derive(Clone)]
pub(super) struct Session(Rc<Inner>);

impl Session {
    /// A session that has not spoken yet, on a socket in non-blocking mode.
    pub(super) fn new(stream: TcpStream) -> Result<Self, Stop> {
        let mut ssh2 = ssh2::Session::new().map_err(|e| Stop::from(&e))?;
        ssh2.set_blocking(false);
        ssh2.set_tcp_stream(Descriptor(stream.as_raw_fd()));
        let context = Rc::new(Context {
            wire: RefCell::new(Wire::new(stream)),
            asker: RefCell::new(None),
        });
        let session = Self(Rc::new(Inner { ssh2, context }));
        let handle = session.handle();
        // SAFETY: the context lives in an `Rc` that `Inner` drops after the session; the
        // three functions have the signatures libssh2's header gives for these kinds.
        unsafe {
            *raw::libssh2_session_abstract(handle) =
                Rc::as_ptr(&session.0.context).cast_mut().cast::<c_void>();
            libssh2_session_callback_set2(
                handle,
                CALLBACK_SEND,
                Some(std::mem::transmute::<SendCallback, AnyCallback>(on_send)),
            );
            libssh2_session_callback_set2(
                handle,
                CALLBACK_RECEIVE,
                Some(std::mem::transmute::<ReceiveCallback, AnyCallback>(
                    on_receive,
                )),
            );
            libssh2_session_callback_set2(
                handle,
                CALLBACK_DISCONNECT,
                Some(std::mem::transmute::<DisconnectCallback, AnyCallback>(
                    on_disconnect,
                )),
            );
        }
        Ok(session)
    }

    fn handle(&self) -> *mut LIBSSH2_SESSION {
        &raw mut *self.0.ssh2.raw()
    }

    /// The safe part of the API.
    pub(super) fn ssh2(&self) -> &ssh2::Session {
        &self.0.ssh2
    }

    /// The socket. Never held across a call of libssh2.
    pub(super) fn wire(&self) -> RefMut<'_, Wire> {
        self.0.context.wire.borrow_mut()
    }

    /// Sets how long libssh2 itself waits for an answer before it gives up with code -9.
    pub(super) fn set_read_timeout(&self, seconds: u32) {
        // SAFETY: the handle is alive as long as `self`.
        unsafe { libssh2_session_set_read_timeout(self.handle(), c_long::from(seconds)) }
    }

    /// One step of the handshake.
    pub(super) fn handshake(&self) -> Result<(), Stop> {
        self.ssh2().clone().handshake().map_err(|e| Stop::from(&e))
    }

    /// libssh2's own words for the last error.
    pub(super) fn last_words(&self) -> String {
        let mut text: *mut c_char = std::ptr::null_mut();
        let mut length: c_int = 0;
        // SAFETY: libssh2 fills in a pointer to its own storage, copied before any other call.
        unsafe {
            raw::libssh2_session_last_error(self.handle(), &mut text, &mut length, 0);
            let length = usize::try_from(length).unwrap_or(0);
            String::from_utf8_lossy(bytes(text.cast(), length)).into_owned()
        }
    }

    fn last_code(&self) -> c_int {
        // SAFETY: the handle is alive as long as `self`.
        unsafe { raw::libssh2_session_last_errno(self.handle()) }
    }

    /// One step of the method `none`: the methods that may go on, or `None` when logged in.
    pub(super) fn methods_for(&self, user: &str) -> Result<Option<Vec<String>>, Stop> {
        // SAFETY: user and length describe one slice; the answer is NUL-terminated, belongs
        // to the session and is copied before any other call.
        unsafe {
            let list = raw::libssh2_userauth_list(
                self.handle(),
                user.as_ptr().cast(),
                length32(user.len()),
            );
            if list.is_null() {
                if raw::libssh2_userauth_authenticated(self.handle()) != 0 {
                    return Ok(None);
                }
                return Err(Stop::from_code(self.last_code()));
            }
            let text = std::ffi::CStr::from_ptr(list).to_string_lossy();
            Ok(Some(
                text.split(',')
                    .filter(|m| !m.is_empty())
                    .map(str::to_owned)
                    .collect(),
            ))
        }
    }

    /// One step of the method `password`.
    pub(super) fn password(&self, user: &str, password: &[u8]) -> Result<(), Stop> {
        // SAFETY: pointers and lengths describe live slices.
        Stop::check(unsafe {
            raw::libssh2_userauth_password_ex(
                self.handle(),
                user.as_ptr().cast(),
                length32(user.len()),
                password.as_ptr().cast(),
                length32(password.len()),
                None,
            )
        })
    }

    /// One step of the method `publickey`, with an unencrypted private key.
    pub(super) fn public_key(&self, user: &str, key: &[u8]) -> Result<(), Stop> {
        // SAFETY: pointers and lengths describe live slices; no public key and no
        // passphrase are given.
        Stop::check(unsafe {
            raw::libssh2_userauth_publickey_frommemory(
                self.handle(),
                user.as_ptr().cast(),
                user.len(),
                std::ptr::null(),
                0,
                key.as_ptr().cast(),
                key.len(),
                std::ptr::null(),
            )
        })
    }

    /// Says who answers the prompts of [`Session::keyboard_interactive`]; gives back the
    /// one who did.
    pub(super) fn set_asker(&self, asker: Option<Asker>) -> Option<Asker> {
        self.0.context.asker.replace(asker)
    }

    /// One step of the method `keyboard-interactive`.
    pub(super) fn keyboard_interactive(&self, user: &str) -> Result<(), Stop> {
        // SAFETY: user and length describe one slice; the callback finds its context
        // behind the session's user pointer.
        Stop::check(unsafe {
            raw::libssh2_userauth_keyboard_interactive_ex(
                self.handle(),
                user.as_ptr().cast(),
                length32(user.len()),
                Some(on_prompts),
            )
        })
    }

    /// One step of opening a channel. `kind` and `message` are the same in every step.
    pub(super) fn open(&self, kind: &str, window: u32, message: &[u8]) -> Result<RawChannel, Stop> {
        // SAFETY: pointers and lengths describe live slices; a channel that is returned
        // belongs to the caller until it is freed.
        let channel = unsafe {
            raw::libssh2_channel_open_ex(
                self.handle(),
                kind.as_ptr().cast(),
                length32(kind.len()),
                window,
                raw::LIBSSH2_CHANNEL_PACKET_DEFAULT,
                message.as_ptr().cast(),
                length32(message.len()),
            )
        };
        match NonNull::new(channel) {
            Some(channel) => Ok(RawChannel::new(channel, self.clone())),
            None => Err(Stop::from_code(self.last_code())),
        }
    }
}

/// Waits until the socket can do what is asked, a byte is in the wake pipe, or the time
/// is over. True when the socket has something to read, or an error.
pub(super) fn poll(
    socket: RawFd,
    read: bool,
    write: bool,
    wake: RawFd,
    timeout: std::time::Duration,
) -> bool {
    let mut events = 0;
    if read {
        events |= libc::POLLIN;
    }
    if write {
        events |= libc::POLLOUT;
    }
    let mut waits = [
        libc::pollfd {
            fd: socket,
            events,
            revents: 0,
        },
        libc::pollfd {
            fd: wake,
            events: libc::POLLIN,
            revents: 0,
        },
    ];
    // One more millisecond: a wait cut down to whole ones would spin through the last.
    let timeout = c_int::try_from(timeout.as_millis() + 1).unwrap_or(c_int::MAX);
    // SAFETY: the array is two entries long. An interrupted wait is one that ended early.
    let ready = unsafe { libc::poll(waits.as_mut_ptr(), 2, timeout) };
    let [socket, _] = waits;
    ready > 0 && socket.revents & !libc::POLLOUT != 0
}

/// A slice over C memory; empty where the pointer is null.
unsafe fn bytes<'a>(start: *const u8, length: usize) -> &'a [u8] {
    if start.is_null() || length == 0 {
        return &[];
    }
    // SAFETY: the caller says that `length` bytes are there.
    unsafe { std::slice::from_raw_parts(start, length) }
}

/// libssh2 takes lengths as 32 bits; nothing here comes near that.
fn length32(length: usize) -> c_uint {
    c_uint::try_from(length).unwrap_or(c_uint::MAX)
}

#[cfg(test)]
#[path = "../tests/ffi.rs"]
mod tests;
