//! Peers that are no SSH or FTP servers at all: silent, rude, endless, or not even reachable.

use std::io::Write as _;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, Type};

use super::ports;
use crate::wait;

/// What an HTTP server sends to a client that did not speak HTTP.
const HTTP: &str = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// How long an endless writer waits for its client before it looks whether it should end.
const LOOK: Duration = Duration::from_millis(50);

/// How long a connection that hangs is watched before it counts as unanswered.
const UNANSWERED: Duration = Duration::from_millis(200);

/// What happens to a client.
#[derive(Clone)]
enum Manners {
    /// It is told this, and nothing ever after.
    Say(Vec<u8>),
    /// It is told this over and over.
    Repeat(Vec<u8>),
    /// It is told this, and the connection is closed.
    SayAndClose(Vec<u8>),
    /// The connection is reset.
    Reset,
}

/// A TCP listener on loopback that treats every client alike.
///
/// ```no_run
/// use connection_tests::TcpServer;
///
/// let silent = TcpServer::silent();
/// println!("connects, then nothing: {}", silent.addr());
/// ```
pub struct TcpServer {
    addr: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    /// What keeps an unreachable server so.
    _held: Vec<Socket>,
}

#[derive(Default)]
struct Shared {
    ending: AtomicBool,
    accepted: AtomicUsize,
    /// Connections that must stay open.
    open: Mutex<Vec<TcpStream>>,
}

impl TcpServer {
    /// Takes connections and never says a word.
    pub fn silent() -> Self {
        Self::start(Manners::Say(Vec::new()))
    }

    /// Says this and is silent from then on: a server that dies in the middle of a greeting.
    pub fn says(text: impl AsRef<[u8]>) -> Self {
        Self::start(Manners::Say(text.as_ref().to_owned()))
    }

    /// Says this and closes the connection.
    pub fn says_and_closes(text: impl AsRef<[u8]>) -> Self {
        Self::start(Manners::SayAndClose(text.as_ref().to_owned()))
    }

    /// Answers as an HTTP server does to what is not HTTP, and closes.
    pub fn http() -> Self {
        Self::says_and_closes(HTTP)
    }

    /// Closes every connection at once.
    pub fn closes() -> Self {
        Self::says_and_closes("")
    }

    /// Resets every connection at once.
    pub fn resets() -> Self {
        Self::start(Manners::Reset)
    }

    /// Sends lines that are no SSH version for ever; RFC 4253 allows lines before the version.
    pub fn endless_banner() -> Self {
        Self::repeats("welcome to a server that likes to talk\r\n")
    }

    /// Sends one line for ever, that is, bytes without a line end.
    pub fn endless_line() -> Self {
        Self::repeats([b'x'; 1024])
    }

    /// Sends this over and over.
    pub fn repeats(text: impl AsRef<[u8]>) -> Self {
        Self::start(Manners::Repeat(text.as_ref().to_owned()))
    }

    /// Does not even take the connection: to connect hangs, as it does to a host that is gone.
    pub fn unreachable() -> Self {
        // A listener with the shortest queue that nobody takes connections from: once the queue
        // is full, the kernel drops the packets of those who try.
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).expect("create a socket");
        listener
            .bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())
            .expect("bind");
        listener.listen(0).expect("listen");
        let addr = listener
            .local_addr()
            .ok()
            .and_then(|addr| addr.as_socket())
            .expect("address");
        let mut held = vec![listener];
        loop {
            let client = Socket::new(Domain::IPV4, Type::STREAM, None).expect("create a socket");
            let connected = client.connect_timeout(&addr.into(), UNANSWERED).is_ok();
            held.push(client);
            if !connected {
                break;
            }
        }
        Self {
            addr,
            shared: Arc::default(),
            thread: None,
            _held: held,
        }
    }

    /// Refuses every connection, as a port nobody listens on does; but nobody else gets the
    /// port either, as it is bound.
    pub fn refuses() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("create a socket");
        socket
            .bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())
            .expect("bind");
        let addr = socket
            .local_addr()
            .ok()
            .and_then(|addr| addr.as_socket())
            .expect("address");
        Self {
            addr,
            shared: Arc::default(),
            thread: None,
            _held: vec![socket],
        }
    }

    fn start(manners: Manners) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("bind");
        let addr = listener.local_addr().expect("address");
        let shared = Arc::<Shared>::default();
        let thread = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || serve(&listener, &shared, &manners)
        });
        Self {
            addr,
            shared,
            thread: Some(thread),
            _held: Vec::new(),
        }
    }

    /// The address to connect to.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The address to connect to, always `127.0.0.1`.
    pub fn host(&self) -> &'static str {
        "127.0.0.1"
    }

    /// The TCP port.
    pub fn port(&self) -> u16 {
        self.addr.port()
    }

    /// Number of connections taken so far.
    pub fn accepted(&self) -> usize {
        self.shared.accepted.load(Ordering::SeqCst)
    }

    /// Number of connections clients have not closed (nor has the server).
    pub fn open_sockets(&self) -> usize {
        ports::established(self.addr.port())
    }
}

impl Drop for TcpServer {
    fn drop(&mut self) {
        self.shared.ending.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // Wakes the listener up.
            let _ = TcpStream::connect_timeout(&self.addr, wait::PATIENCE);
            let _ = thread.join();
        }
    }
}

fn serve(listener: &TcpListener, shared: &Arc<Shared>, manners: &Manners) {
    let mut writers = Vec::new();
    for client in listener.incoming().flatten() {
        if shared.ending.load(Ordering::SeqCst) {
            break;
        }
        shared.accepted.fetch_add(1, Ordering::SeqCst);
        // A client that is gone already is no failure of the server.
        match manners {
            Manners::Say(text) => {
                let _ = (&client).write_all(text);
                shared
                    .open
                    .lock()
                    .expect("no panic while held")
                    .push(client);
            }
            Manners::SayAndClose(text) if text.is_empty() => {}
            Manners::SayAndClose(text) => {
                // To close with bytes of the client unread would be a reset, and the client could
                // lose what it is told.
                let _ = (&client).write_all(text);
                let _ = client.shutdown(Shutdown::Write);
                shared
                    .open
                    .lock()
                    .expect("no panic while held")
                    .push(client);
            }
            Manners::Reset => {
                let _ = SockRef::from(&client).set_linger(Some(Duration::ZERO));
            }
            Manners::Repeat(text) => {
                let (shared, text) = (Arc::clone(shared), text.clone());
                writers.push(std::thread::spawn(move || repeat(&client, &text, &shared)));
            }
        }
    }
    for writer in writers {
        let _ = writer.join();
    }
}

fn repeat(mut client: &TcpStream, text: &[u8], shared: &Shared) {
    let _ = client.set_write_timeout(Some(LOOK));
    while !shared.ending.load(Ordering::SeqCst) {
        match client.write(text) {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}
