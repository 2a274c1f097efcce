//! An FTP server that does what a test says, and otherwise what a plain one does, with one
//! file in one directory.

use connection_core::secret::Secret;
use connection_core::target::FtpTarget;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the file holds.
pub(crate) const CONTENT: &[u8] = b"what the file holds";

/// A running server. Its threads end with the connections they serve, and with the process.
pub(crate) struct Scripted {
    port: u16,
    seen: Arc<Seen>,
}

/// What the server saw.
#[derive(Default)]
pub(crate) struct Seen {
    connections: AtomicUsize,
    open: AtomicUsize,
    commands: Mutex<Vec<String>>,
}

impl Seen {
    /// Connections so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Connections that are open.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// How often this command came.
    pub(crate) fn count(&self, verb: &str) -> usize {
        let commands = self.commands.lock().unwrap();
        let of = |line: &&String| line.split(' ').next() == Some(verb);
        commands.iter().filter(of).count()
    }
}

/// What happens after a command.
pub(crate) enum Then {
    /// What a plain server does.
    Usual,
    /// This is sent.
    Say(String),
    /// The connection is closed.
    Close,
}

/// `Then::Say`, with the line's end.
pub(crate) fn say(line: &str) -> Then {
    Then::Say(format!("{line}\r\n"))
}

/// One control connection.
pub(crate) struct Talk {
    /// The connections before this one.
    pub(crate) number: usize,
    pub(crate) seen: Arc<Seen>,
    control: TcpStream,
    passive: Option<TcpListener>,
    active: Option<SocketAddr>,
}

impl Talk {
    /// Sends a line.
    pub(crate) fn tell(&mut self, line: &str) {
        let _ = self.control.write_all(format!("{line}\r\n").as_bytes());
    }

    /// Sends bytes as they are.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.control.write_all(bytes)
    }

    /// Listens for a data connection and returns its port.
    pub(crate) fn listen(&mut self) -> u16 {
        let ip = self.control.local_addr().unwrap().ip();
        let listener = TcpListener::bind((ip, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        self.passive = Some(listener);
        port
    }

    /// The data connection of the transfer, in either mode.
    pub(crate) fn data(&mut self) -> Option<TcpStream> {
        if let Some(address) = self.active.take() {
            return TcpStream::connect(address).ok();
        }
        Some(self.passive.take()?.accept().ok()?.0)
    }

    /// Where the client listens.
    pub(crate) fn named(&self) -> Option<SocketAddr> {
        self.active
    }

    /// Blocks until the client closes the control connection.
    pub(crate) fn wait_for_the_end(&mut self) {
        let _ = self.control.read_to_end(&mut Vec::new());
    }

    fn usual(&mut self, line: &str) -> Then {
        let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
        match verb {
            "USER" => say("331 password"),
            "PASS" => say("230 in"),
            "FEAT" => say("211-Features:\r\n SIZE\r\n MDTM\r\n211 End"),
            "PWD" => say("257 \"/\" is it"),
            "TYPE" | "NOOP" => say("200 ok"),
            "CWD" => say("250 ok"),
            "MKD" => say("257 made"),
            "SIZE" => say(&format!("213 {}", CONTENT.len())),
            "EPSV" => {
                let port = self.listen();
                say(&format!("229 here (|||{port}|)"))
            }
            "PASV" => {
                let [high, low] = self.listen().to_be_bytes();
                say(&format!("227 here (127,0,0,1,{high},{low})"))
            }
            "EPRT" => {
                let fields: Vec<_> = argument.split('|').collect();
                self.active = Some(SocketAddr::new(
                    fields[2].parse().unwrap(),
                    fields[3].parse().unwrap(),
                ));
                say("200 ok")
            }
            "PORT" => {
                let n: Vec<u8> = argument.split(',').map(|n| n.parse().unwrap()).collect();
                let ip = Ipv4Addr::new(n[0], n[1], n[2], n[3]);
                self.active = Some((ip, u16::from_be_bytes([n[4], n[5]])).into());
                say("200 ok")
            }
            "LIST" => {
                self.tell("150 coming");
                if let Some(mut data) = self.data() {
                    let _ = data.write_all(
                        b"drwxr-xr-x 2 u g 4096 Jan  1  2020 .\r\n-rw-r--r-- 1 u g 19 Jan  1  2020 file\r\n",
                    );
                }
                say("226 done")
            }
            "RETR" => {
                self.tell("150 coming");
                if let Some(mut data) = self.data() {
                    let _ = data.write_all(CONTENT);
                }
                say("226 done")
            }
            "STOR" => {
                self.tell("150 go on");
                if let Some(mut data) = self.data() {
                    let _ = data.read_to_end(&mut Vec::new());
                }
                say("226 done")
            }
            _ => say("500 unknown"),
        }
    }
}

impl Scripted {
    /// Starts one. `answer` decides about each command; `GREETING` stands for the connection
    /// itself.
    pub(crate) fn start(answer: impl Fn(&mut Talk, &str) -> Then + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::<Seen>::default();
        let (answer, told) = (Arc::new(answer), seen.clone());
        std::thread::spawn(move || {
            for control in listener.incoming().map_while(Result::ok) {
                let (answer, seen) = (answer.clone(), told.clone());
                let number = seen.connections.fetch_add(1, Ordering::SeqCst);
                seen.open.fetch_add(1, Ordering::SeqCst);
                std::thread::spawn(move || {
                    serve(number, control, &seen, &*answer);
                    seen.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { port, seen }
    }

    /// What it saw so far.
    pub(crate) fn seen(&self) -> &Seen {
        &self.seen
    }

    /// The way to it.
    pub(crate) fn target(&self) -> FtpTarget {
        FtpTarget::new("127.0.0.1", "ann", Secret::from("secret"))
            .unwrap()
            .port(self.port)
            .timeouts(super::clocks())
    }
}

fn serve(
    number: usize,
    control: TcpStream,
    seen: &Arc<Seen>,
    answer: &(dyn Fn(&mut Talk, &str) -> Then + Send + Sync),
) {
    // No test waits so long.
    let _ = control.set_read_timeout(Some(Duration::from_secs(60)));
    let Ok(reader) = control.try_clone() else {
        return;
    };
    let mut talk = Talk {
        number,
        seen: seen.clone(),
        control,
        passive: None,
        active: None,
    };
    let greeting = std::iter::once(Ok("GREETING".to_owned()));
    for line in greeting.chain(BufReader::new(reader).lines()) {
        let Ok(line) = line else { return };
        if line != "GREETING" {
            seen.commands.lock().unwrap().push(line.clone());
        }
        let then = match answer(&mut talk, &line) {
            Then::Usual if line == "GREETING" => say("220 hi"),
            Then::Usual => talk.usual(&line),
            then => then,
        };
        match then {
            Then::Say(text) => {
                if talk.control.write_all(text.as_bytes()).is_err() {
                    return;
                }
            }
            Then::Usual | Then::Close => return,
        }
    }
}
