//! What the server sends on a control connection, cut into replies.
//!
//! Stands between the socket and `suppaftp`, whose reader takes whatever lies in the socket
//! at once and lets any line with a code and a space end a reply of several lines. So a reply
//! too many would be taken for the answer to the next command, unseen, and a line of a banner
//! for its end. Here one reply is handed out at a time, in a form that can be read in one way
//! only, and what lies behind it can be asked for.
//!
//! A reply has a longest length and, once it has begun, one clock for the whole of it: a
//! server that sends a byte now and then is as stuck as one that sends none.

use std::io::{self, Read};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Longest reply, all its lines together: far more than any server's banner or list of
/// features, and what `suppaftp` takes at most.
const MAX_REPLY_BYTES: usize = 256 * 1024;
/// Bytes read at once.
const BLOCK_BYTES: usize = 4096;
/// How long a reply of several lines waits for more after a line that could end another
/// reply. Some servers (glFTPd) end theirs under another code than they began it with, and
/// then say nothing more.
const GRACE: Duration = Duration::from_secs(1);

/// A connection that replies are read from.
pub(super) trait Source: Read {
    /// Its socket, whose read timeout is the clock.
    fn socket(&self) -> &TcpStream;
}

/// Where replies are read.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    behind: Behind,
    /// The reply being handed out.
    reply: io::Cursor<Vec<u8>>,
}

/// What arrived behind the replies handed out so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Behind(Arc<Mutex<Vec<u8>>>);

impl Behind {
    /// The first line of it, if there is anything: a reply that no command is waiting for.
    pub(super) fn line(&self) -> Option<Vec<u8>> {
        let bytes = self.lock();
        let line = bytes.split(|byte| *byte == b'\n').next()?;
        (!bytes.is_empty()).then(|| line.to_vec())
    }

    /// Drops the first line of it.
    pub(super) fn skip_line(&self) {
        let mut bytes = self.lock();
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let end = end.map_or(bytes.len(), |at| at + 1);
        bytes.drain(..end);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inbox {
    /// A handle on what arrives behind the replies.
    pub(super) fn behind(&self) -> Behind {
        self.behind.clone()
    }

    /// Hands out more of the current reply, and reads the next one when there is no more.
    pub(super) fn read(&mut self, source: &mut impl Source, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.reply.read(buf)?;
        if read > 0 || buf.is_empty() {
            return Ok(read);
        }
        let reply = self.next(source)?;
        self.reply = io::Cursor::new(reply);
        self.reply.read(buf)
    }

    /// The next reply, in the form `suppaftp` cannot misread; empty at the connection's end.
    ///
    /// # Errors
    /// Of the socket; `TimedOut` when the reply is not complete in time; `UnexpectedEof` in
    /// its middle; `InvalidData` for one too long.
    pub(super) fn next(&mut self, source: &mut impl Source) -> io::Result<Vec<u8>> {
        let Some(clock) = self.begin(source)? else {
            return Ok(Vec::new());
        };
        let read = self.read_reply(source, &clock);
        // Set for every wait of the reply; what follows has the whole clock again.
        source.socket().set_read_timeout(clock.whole)?;
        read
    }

    /// Waits for a reply's first byte; `None` when the connection ends instead.
    fn begin(&mut self, source: &mut impl Source) -> io::Result<Option<Clock>> {
        let whole = source.socket().read_timeout()?;
        if self.behind.lock().is_empty() && self.fill(source)? == 0 {
            return Ok(None);
        }
        Ok(Some(Clock {
            whole,
            deadline: whole.and_then(|whole| Instant::now().checked_add(whole)),
        }))
    }

    fn read_reply(&mut self, source: &mut impl Source, clock: &Clock) -> io::Result<Vec<u8>> {
        let first = self.line(source, clock, 0)?;
        let code = match Shape::of(&first) {
            Shape::Last(_) => return Ok(first),
            Shape::Bare(code) => return Ok([&code[..], b" \r\n"].concat()),
            Shape::First(code) => code,
            // `suppaftp` and `reply` know it as no reply.
            Shape::Text => return Ok(b"?\r\n".to_vec()),
        };
        let mut body = first;
        loop {
            let line = self.line(source, clock, body.len())?;
            match Shape::of(&line) {
                Shape::Last(other) if other == code || self.falls_silent(source, clock)? => {
                    body.extend_from_slice(&line);
                    return Ok(body);
                }
                // Told from an end by a space, as the standard asks servers to do.
                Shape::Last(_) => body.push(b' '),
                Shape::First(_) | Shape::Bare(_) | Shape::Text => {}
            }
            body.extend_from_slice(&line);
        }
    }

    /// The next line with its end; `taken` bytes of the reply came before.
    fn line(
        &mut self,
        source: &mut impl Source,
        clock: &Clock,
        taken: usize,
    ) -> io::Result<Vec<u8>> {
        let mut searched = 0;
        loop {
            {
                let mut behind = self.behind.lock();
                let rest = behind.get(searched..).unwrap_or_default();
                if let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
                    let end = searched + at + 1;
                    if taken + end > MAX_REPLY_BYTES {
                        return Err(too_long());
                    }
                    return Ok(behind.drain(..end).collect());
                }
                searched = behind.len();
            }
            if taken + searched > MAX_REPLY_BYTES {
                return Err(too_long());
            }
            source.socket().set_read_timeout(clock.left()?)?;
            if self.fill(source)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// Whether nothing more comes for a while.
    fn falls_silent(&mut self, source: &mut impl Source, clock: &Clock) -> io::Result<bool> {
        if !self.behind.lock().is_empty() {
            return Ok(false);
        }
        let grace = clock.left()?.map_or(GRACE, |left| left.min(GRACE));
        source.socket().set_read_timeout(Some(grace))?;
        match self.fill(source) {
            Ok(read) => Ok(read == 0),
            Err(error) if is_timeout(&error) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Reads what is there; 0 at the end.
    fn fill(&mut self, source: &mut impl Source) -> io::Result<usize> {
        let mut block = [0; BLOCK_BYTES];
        loop {
            match source.read(&mut block) {
                Ok(read) => {
                    let came = block.get(..read).unwrap_or_default();
                    self.behind.lock().extend_from_slice(came);
                    return Ok(read);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// The clock of one reply.
struct Clock {
    whole: Option<Duration>,
    deadline: Option<Instant>,
}

impl Clock {
    fn left(&self) -> io::Result<Option<Duration>> {
        let Some(deadline) = self.deadline else {
            return Ok(None);
        };
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(Some(left))
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

fn too_long() -> io::Error {
    let text = format!("the server sent a reply larger than {MAX_REPLY_BYTES} bytes");
    io::Error::new(io::ErrorKind::InvalidData, text)
}

/// What a line may be to a reply.
enum Shape {
    /// `250 text`: the only line, or the last one.
    Last([u8; 3]),
    /// `250-text`: the first of several.
    First([u8; 3]),
    /// `250` alone: a last line if it is the first, else text.
    Bare([u8; 3]),
    /// Anything else.
    Text,
}

impl Shape {
    fn of(line: &[u8]) -> Self {
        let Some((code, rest)) = line.split_first_chunk::<3>() else {
            return Self::Text;
        };
        if !code.iter().all(u8::is_ascii_digit) {
            return Self::Text;
        }
        match rest {
            [b' ', ..] => Self::Last(*code),
            [b'-', ..] => Self::First(*code),
            b"\r\n" | b"\n" => Self::Bare(*code),
            _ => Self::Text,
        }
    }
}
