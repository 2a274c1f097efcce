//! What libssh2 calls: the transport, the server's goodbye, the prompts of a login.
//!
//! Nothing here may panic: an unwind cannot cross C.

use super::{Context, bytes, length32};
use libc::{c_char, c_int, c_void, size_t, ssize_t};
use libssh2_sys::{self as raw, LIBSSH2_SESSION};

/// Longest text kept of a disconnect message.
const FAREWELL_LIMIT: usize = 1024;

pub(super) type SendCallback =
    unsafe extern "C" fn(c_int, *const c_void, size_t, c_int, *mut *mut c_void) -> ssize_t;
pub(super) type ReceiveCallback =
    unsafe extern "C" fn(c_int, *mut c_void, size_t, c_int, *mut *mut c_void) -> ssize_t;
pub(super) type DisconnectCallback = unsafe extern "C" fn(
    *mut LIBSSH2_SESSION,
    c_int,
    *const c_char,
    c_int,
    *const c_char,
    c_int,
    *mut *mut c_void,
);

unsafe fn context<'a>(user: *mut *mut c_void) -> &'a Context {
    // SAFETY: set in `Session::new` to a context that outlives the session.
    unsafe { &*(*user).cast_const().cast::<Context>() }
}

pub(super) unsafe extern "C" fn on_send(
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

pub(super) unsafe extern "C" fn on_receive(
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

pub(super) unsafe extern "C" fn on_disconnect(
    _session: *mut LIBSSH2_SESSION,
    reason: c_int,
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
        wire.set_farewell(reason, String::from_utf8_lossy(text).into_owned());
    }
}

pub(super) extern "C" fn on_prompts(
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
