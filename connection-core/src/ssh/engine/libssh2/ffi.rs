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

use super::error::Stop;
use super::prompts::Asker;
use super::wire::Wire;
use libc::{c_char, c_int, c_long, c_uint, c_void, size_t, ssize_t};
use libssh2_sys::{self as raw, LIBSSH2_CHANNEL, LIBSSH2_SESSION};
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
    fn libssh2_channel_signal_ex(
        channel: *mut LIBSSH2_CHANNEL,
        name: *const c_char,
        length: size_t,
    ) -> c_int;
    fn libssh2_channel_has_exit_status(channel: *mut LIBSSH2_CHANNEL) -> c_int;
}

const CALLBACK_DISCONNECT: c_int = 2;
const CALLBACK_SEND: c_int = 5;
const CALLBACK_RECEIVE: c_int = 6;

/// Longest text kept of a disconnect message.
const FAREWELL_LIMIT: usize = 1024;

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
            Some(channel) => Ok(RawChannel {
                channel,
                _session: self.clone(),
            }),
            None => Err(Stop::from_code(self.last_code())),
        }
    }
}

/// An open channel. Freed when dropped: once closed, or on a cut wire, that waits for
/// nothing; else libssh2 frees it with the session.
pub(super) struct RawChannel {
    channel: NonNull<LIBSSH2_CHANNEL>,
    /// Keeps the session alive longer than its channel.
    _session: Session,
}

/// Which stream of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    /// Data.
    Out = 0,
    /// Extended data of type 1.
    Err = 1,
}

// SAFETY of every call below: the channel is alive until `drop`, pointers and lengths
// describe live slices, and the `Rc` in the session keeps all calls on one thread.
impl RawChannel {
    /// Reads; 0 bytes of buffer only take packets off the socket. `Ok(0)`: nothing will come.
    pub(super) fn read(&mut self, stream: Stream, buffer: &mut [u8]) -> Result<usize, Stop> {
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
    pub(super) fn write(&mut self, data: &[u8]) -> Result<usize, Stop> {
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
    pub(super) fn write_window(&self) -> usize {
        // SAFETY: see above.
        let window = unsafe {
            raw::libssh2_channel_window_write_ex(self.channel.as_ptr(), std::ptr::null_mut())
        };
        usize::try_from(window).unwrap_or(usize::MAX)
    }

    /// Sends EOF.
    pub(super) fn send_eof(&mut self) -> Result<(), Stop> {
        // SAFETY: see above.
        Stop::check(unsafe { raw::libssh2_channel_send_eof(self.channel.as_ptr()) })
    }

    /// Whether the server has closed the channel, `None` before its EOF.
    pub(super) fn remote_closed(&mut self) -> Result<Option<bool>, Stop> {
        // SAFETY: see above.
        match unsafe { raw::libssh2_channel_wait_closed(self.channel.as_ptr()) } {
            0 => Ok(Some(true)),
            raw::LIBSSH2_ERROR_EAGAIN => Ok(Some(false)),
            raw::LIBSSH2_ERROR_INVAL => Ok(None),
            code => Err(Stop::from_code(code)),
        }
    }

    /// Sends EOF and CLOSE and waits for the server's CLOSE.
    pub(super) fn close(&mut self) -> Result<(), Stop> {
        // SAFETY: see above.
        Stop::check(unsafe { raw::libssh2_channel_close(self.channel.as_ptr()) })
    }

    /// The command's exit code, once the server has told it.
    pub(super) fn exit_status(&self) -> Option<u32> {
        // SAFETY: see above.
        unsafe {
            (libssh2_channel_has_exit_status(self.channel.as_ptr()) != 0).then(|| {
                raw::libssh2_channel_get_exit_status(self.channel.as_ptr()).cast_unsigned()
            })
        }
    }

    /// The name of the signal that killed the command, once the server has told it.
    pub(super) fn exit_signal(&self) -> Option<String> {
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
            raw::libssh2_free(self._session.handle(), name.cast());
            Some(text)
        }
    }

    /// One step of a `pty-req`.
    pub(super) fn pty(&mut self, term: &str, columns: u32, rows: u32) -> Result<(), Stop> {
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
    pub(super) fn env(&mut self, name: &str, value: &str) -> Result<(), Stop> {
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
    pub(super) fn start(&mut self, kind: &str, message: Option<&[u8]>) -> Result<(), Stop> {
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
    pub(super) fn resize(&mut self, columns: u32, rows: u32) -> Result<(), Stop> {
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
    pub(super) fn signal(&mut self, name: &str) -> Result<(), Stop> {
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

type SendCallback =
    unsafe extern "C" fn(c_int, *const c_void, size_t, c_int, *mut *mut c_void) -> ssize_t;
type ReceiveCallback =
    unsafe extern "C" fn(c_int, *mut c_void, size_t, c_int, *mut *mut c_void) -> ssize_t;
type DisconnectCallback = unsafe extern "C" fn(
    *mut LIBSSH2_SESSION,
    c_int,
    *const c_char,
    c_int,
    *const c_char,
    c_int,
    *mut *mut c_void,
);

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

unsafe fn context<'a>(user: *mut *mut c_void) -> &'a Context {
    // SAFETY: set in `Session::new` to a context that outlives the session.
    unsafe { &*(*user).cast_const().cast::<Context>() }
}

unsafe extern "C" fn on_send(
    _socket: c_int,
    buffer: *const c_void,
    length: size_t,
    _flags: c_int,
    user: *mut *mut c_void,
) -> ssize_t {
    // SAFETY: libssh2 hands in a packet of this length and the session's user pointer.
    let (context, packet) = unsafe { (context(user), bytes(buffer.cast(), length)) };
    match context.wire.try_borrow_mut() {
        Ok(mut wire) => wire.send(packet),
        Err(_) => -(libc::EIO as ssize_t),
    }
}

unsafe extern "C" fn on_receive(
    _socket: c_int,
    buffer: *mut c_void,
    length: size_t,
    _flags: c_int,
    user: *mut *mut c_void,
) -> ssize_t {
    if buffer.is_null() {
        return -(libc::EIO as ssize_t);
    }
    // SAFETY: libssh2 hands in an initialised buffer of this length and the session's
    // user pointer.
    let (context, buffer) = unsafe {
        (
            context(user),
            std::slice::from_raw_parts_mut(buffer.cast::<u8>(), length),
        )
    };
    match context.wire.try_borrow_mut() {
        Ok(mut wire) => wire.receive(buffer),
        Err(_) => -(libc::EIO as ssize_t),
    }
}

unsafe extern "C" fn on_disconnect(
    _session: *mut LIBSSH2_SESSION,
    _reason: c_int,
    message: *const c_char,
    length: c_int,
    _language: *const c_char,
    _language_length: c_int,
    user: *mut *mut c_void,
) {
    let length = usize::try_from(length).unwrap_or(0).min(FAREWELL_LIMIT);
    // SAFETY: libssh2 hands in the text of this length and the session's user pointer.
    let (context, text) = unsafe { (context(user), bytes(message.cast(), length)) };
    if let Ok(mut wire) = context.wire.try_borrow_mut() {
        wire.set_farewell(String::from_utf8_lossy(text).into_owned());
    }
}

extern "C" fn on_prompts(
    _name: *const c_char,
    _name_length: c_int,
    _instruction: *const c_char,
    _instruction_length: c_int,
    count: c_int,
    prompts: *const raw::LIBSSH2_USERAUTH_KBDINT_PROMPT,
    responses: *mut raw::LIBSSH2_USERAUTH_KBDINT_RESPONSE,
    user: *mut *mut c_void,
) {
    // SAFETY: libssh2 hands in the session's user pointer and two arrays of this length,
    // which are null when there are no prompts.
    let (context, prompts, responses) = unsafe {
        let count = usize::try_from(count).unwrap_or(0);
        let (prompts, responses) = if prompts.is_null() || responses.is_null() || count == 0 {
            (&[][..], &mut [][..])
        } else {
            (
                std::slice::from_raw_parts(prompts, count),
                std::slice::from_raw_parts_mut(responses, count),
            )
        };
        (context(user), prompts, responses)
    };
    let questions = prompts
        .iter()
        // SAFETY: an empty prompt has a null text, which `bytes` takes.
        .map(|p| (unsafe { bytes(p.text, p.length) }, p.echo != 0));
    let answers = match context.asker.try_borrow_mut() {
        Ok(mut asker) => asker.as_mut().and_then(|asker| asker.ask(questions)),
        Err(_) => None,
    };
    let Some(answers) = answers else {
        // Nothing to say: no answer leaves, the attempt ends with an error.
        if let Ok(mut wire) = context.wire.try_borrow_mut() {
            wire.cut();
        }
        return;
    };
    for (response, answer) in responses.iter_mut().zip(&answers) {
        let answer = answer.expose();
        // SAFETY: the copy is as long as the answer; libssh2 frees it with the `free`
        // that belongs to this `malloc`, because the session has the default allocator.
        unsafe {
            let copy = libc::malloc(answer.len().max(1)).cast::<u8>();
            if copy.is_null() {
                continue;
            }
            std::ptr::copy_nonoverlapping(answer.as_ptr(), copy, answer.len());
            response.text = copy.cast();
            response.length = length32(answer.len());
        }
    }
}

#[cfg(test)]
#[path = "tests/ffi.rs"]
mod tests;
