//! A `/dev/log` for servers that log nowhere else: what they send is appended to a file.

use std::fs::{File, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The socket's name in the sandbox directory; the sandbox script looks for it.
pub(crate) const SOCKET: &str = "syslog";

/// How often the receiver looks whether it should end.
const LOOK: Duration = Duration::from_millis(200);

/// The longest message kept; the C library sends shorter ones.
const LONGEST: usize = 8 * 1024;

/// Receives until it is dropped.
pub(crate) struct Syslog(Arc<AtomicBool>);

impl Syslog {
    /// Binds the socket of a sandbox and appends what it receives to `log`.
    pub(crate) fn start(sandbox: &Path, log: &Path) -> Self {
        let path = sandbox.join(SOCKET);
        let socket = UnixDatagram::bind(&path).expect("bind the log socket");
        // Servers log as the login user, too.
        std::fs::set_permissions(&path, Permissions::from_mode(0o666)).expect("chmod");
        socket.set_read_timeout(Some(LOOK)).expect("set a timeout");
        let mut log = File::options()
            .create(true)
            .append(true)
            .open(log)
            .expect("open the log");
        let ending = Arc::new(AtomicBool::new(false));
        std::thread::spawn({
            let ending = Arc::clone(&ending);
            move || {
                let mut buffer = vec![0; LONGEST];
                while !ending.load(Ordering::SeqCst) {
                    if let Ok(length) = socket.recv(&mut buffer) {
                        // Only the test's own log suffers if this fails.
                        let _ = log.write_all(&[&buffer[..length], b"\n"].concat());
                    }
                }
            }
        });
        Self(ending)
    }
}

impl Drop for Syslog {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}
