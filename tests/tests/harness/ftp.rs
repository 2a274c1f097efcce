//! Every FTP server, plain and with TLS, seen by Python's ftplib.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::MetadataExt as _;
use std::process::Output;
use std::time::{Duration, Instant};

use connection_tests::{FtpServer, ProFtpd, PureFtpd, Pyftpdlib, Tls, Vsftpd, eventually};

use crate::{printed, python};

const SOON: Duration = Duration::from_secs(60);

/// Logs in, runs `script` with `ftp` bound to the connection, prints what it prints. `tls` is
/// `off`, `mute` (off, and no greeting is awaited for long), `explicit`, `implicit` or `resume`
/// (explicit, data connections resume the session).
fn ftplib(server: &dyn FtpServer, tls: &str, script: &str) -> Output {
    let prelude = r#"
import sys, ftplib, hashlib, io, socket, ssl
port, user, password, tls, script = sys.argv[1:]
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
class Resuming(ftplib.FTP_TLS):
    def ntransfercmd(self, cmd, rest=None):
        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        session = self.sock.session
        return self.context.wrap_socket(conn, server_hostname=self.host, session=session), size
class Implicit(ftplib.FTP_TLS):
    def connect(self, host, port, timeout=60):
        self.host = host
        self.sock = self.context.wrap_socket(socket.create_connection((host, port), timeout))
        self.af, self.file = self.sock.family, self.sock.makefile("r", encoding="utf-8")
        self.welcome = self.getresp()
        return self.welcome
clear = tls in ("off", "mute")
if clear:
    ftp = ftplib.FTP(timeout=60)
else:
    kind = {"explicit": ftplib.FTP_TLS, "resume": Resuming, "implicit": Implicit}[tls]
    if tls == "resume":
        # Under TLS 1.3 ftplib has the ticket only after it has read once more.
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    ftp = kind(timeout=10, context=context)
ftp.connect("127.0.0.1", int(port), timeout=3 if tls == "mute" else 60)
if tls in ("explicit", "resume"):
    ftp.auth()
ftp.login(user, password)
if not clear:
    ftp.prot_p()
exec(script)
ftp.quit()
"#;
    let port = server.port().to_string();
    python(
        prelude,
        &[&port, server.user(), server.password(), tls, script],
    )
}

const ROUND_TRIP: &str = r#"
lines, data = [], []
assert ftp.pwd() == "/", ftp.pwd()
ftp.storbinary("STOR up.bin", io.BytesIO(b"x" * 100000))
ftp.retrlines("LIST", lines.append)
assert any(line.endswith(" up.bin") for line in lines), lines
ftp.retrbinary("RETR down.bin", data.append)
assert b"".join(data) == b"from the test", data
ftp.mkd("dir")
try:
    print(hashlib.sha256(ftp.sock.getpeercert(True)).hexdigest())
except AttributeError:
    print("plain")
"#;

/// Uploads, lists and downloads over a server; its files belong to the throw-away user.
#[track_caller]
fn round_trip(server: &dyn FtpServer, tls: &str) -> String {
    server.write_file("down.bin", "from the test");
    let answer = printed(&ftplib(server, tls, ROUND_TRIP));
    let uploaded = server.home().join("up.bin");
    assert_eq!(
        fs::read(&uploaded).unwrap(),
        vec![b'x'; 100_000],
        "{}",
        server.name()
    );
    assert_eq!(
        fs::metadata(&uploaded).unwrap().uid(),
        server.uid(),
        "{}",
        server.name()
    );
    assert!(server.home().join("dir").is_dir());
    let what = format!("{} logs the upload", server.name());
    eventually(SOON, &what, || {
        let log = server.log();
        log.contains("up.bin") && log.contains(server.user())
    });
    answer
}

#[track_caller]
fn gone_after_drop(server: Box<dyn FtpServer>) {
    let (addr, dir) = (server.addr(), server.dir().to_owned());
    drop(server);
    assert!(TcpStream::connect(addr).is_err());
    assert!(!dir.exists());
}

/// A server without TLS: files go both ways, a wrong password is refused, and it is gone after.
#[track_caller]
fn plain(server: impl FtpServer + 'static) {
    assert_eq!(round_trip(&server, "off"), "plain");
    assert!(
        !ftplib(&server, "explicit", "").status.success(),
        "TLS refused"
    );
    let wrong = r#"
try:
    ftplib.FTP.login(ftp, user, "wrong")
except ftplib.error_perm as error:
    print(str(error)[:3])
"#;
    // Some servers refuse a second login on a connection, so on a new one.
    let script = format!("ftp.quit()\nftp.connect('127.0.0.1', int(port))\n{wrong}");
    assert_eq!(
        printed(&ftplib(&server, "off", &script)),
        "530",
        "{}",
        server.log()
    );
    gone_after_drop(Box::new(server));
}

/// A server with TLS required: the certificate is the one named, also after a change of it.
#[track_caller]
fn tls_required(server: impl FtpServer + 'static, tls: &str) {
    assert_eq!(round_trip(&server, tls), server.cert_fingerprint_sha256());
    // Where TLS comes first, who waits for a greeting in clear text waits for ever.
    let clear = if tls == "implicit" { "mute" } else { "off" };
    assert!(
        !ftplib(&server, clear, "").status.success(),
        "clear text refused"
    );
    let before = server.cert_fingerprint_sha256();
    server.restart_with_new_cert();
    assert_ne!(server.cert_fingerprint_sha256(), before);
    let script = "print(hashlib.sha256(ftp.sock.getpeercert(True)).hexdigest())";
    assert_eq!(
        printed(&ftplib(&server, tls, script)),
        server.cert_fingerprint_sha256()
    );
    gone_after_drop(Box::new(server));
}

#[test]
fn vsftpd_plain() {
    plain(Vsftpd::start());
}

#[test]
fn vsftpd_tls() {
    tls_required(Vsftpd::builder().tls(Tls::Required).start(), "explicit");
}

#[test]
fn vsftpd_implicit_tls() {
    tls_required(Vsftpd::builder().tls(Tls::Implicit).start(), "implicit");
}

#[test]
fn vsftpd_insists_on_resumed_sessions() {
    let server = Vsftpd::builder()
        .tls(Tls::Required)
        .session_reuse(true)
        .start();
    round_trip(&server, "resume");
    assert!(
        !ftplib(&server, "explicit", "ftp.retrlines('LIST', print)")
            .status
            .success()
    );
}

#[test]
fn pure_ftpd_plain() {
    plain(PureFtpd::start());
}

#[test]
fn pure_ftpd_tls() {
    tls_required(PureFtpd::builder().tls(Tls::Required).start(), "explicit");
}

#[test]
fn proftpd_plain() {
    plain(ProFtpd::start());
}

#[test]
fn proftpd_tls() {
    let lax = ProFtpd::builder().tls(Tls::Required).session_reuse(false);
    tls_required(lax.start(), "explicit");
}

#[test]
fn proftpd_implicit_tls() {
    let lax = ProFtpd::builder().tls(Tls::Implicit).session_reuse(false);
    tls_required(lax.start(), "implicit");
}

#[test]
fn proftpd_insists_on_resumed_sessions() {
    let server = ProFtpd::builder()
        .tls(Tls::Required)
        .session_reuse(true)
        .start();
    round_trip(&server, "resume");
    assert!(
        !ftplib(&server, "explicit", "ftp.retrlines('LIST', print)")
            .status
            .success()
    );
}

#[test]
fn pyftpdlib_plain() {
    plain(Pyftpdlib::start());
}

#[test]
fn pyftpdlib_tls() {
    tls_required(Pyftpdlib::builder().tls(Tls::Required).start(), "explicit");
}

#[test]
fn pyftpdlib_implicit_tls() {
    tls_required(Pyftpdlib::builder().tls(Tls::Implicit).start(), "implicit");
}

#[test]
fn offered_tls_may_be_left_out() {
    let servers: [Box<dyn FtpServer>; 4] = [
        Box::new(Vsftpd::builder().tls(Tls::Offered).start()),
        Box::new(PureFtpd::builder().tls(Tls::Offered).start()),
        Box::new(ProFtpd::builder().tls(Tls::Offered).start()),
        Box::new(Pyftpdlib::builder().tls(Tls::Offered).start()),
    ];
    for server in &servers {
        for tls in ["off", "explicit"] {
            let output = ftplib(server.as_ref(), tls, "print(ftp.pwd())");
            assert_eq!(printed(&output), "/", "{} {tls}", server.name());
        }
    }
}

#[test]
fn connections_are_counted_and_killed() {
    let server = ProFtpd::start();
    let idle = TcpStream::connect(server.addr()).unwrap();
    eventually(SOON, "a session", || {
        server.children() == 1 && server.open_sockets() == 1
    });
    server.kill_connections();
    eventually(SOON, "no session", || {
        server.children() == 0 && server.open_sockets() == 0
    });
    drop(idle);
    round_trip(&server, "off");
}

#[test]
fn pyftpdlib_lacks_commands_and_answers_as_told() {
    let server = Pyftpdlib::builder()
        .without(&["MLSD", "MLST"])
        .banner("odd server")
        .reply("STOR", "552 Quota exceeded.")
        .list_lines(&["total 1", "caf\u{e9}"])
        .close_on(&["NOOP"])
        .delay("SYST", Duration::from_millis(300))
        .start();
    let start = Instant::now();
    let script = r#"
print(ftp.welcome)
print("MLST" in ftp.sendcmd("FEAT"))
def attempt(action):
    try:
        action()
    except (ftplib.Error, EOFError) as error:
        print(repr(str(error)))
attempt(lambda: ftp.storbinary("STOR a", io.BytesIO(b"x")))
ftp.encoding = "latin-1"
ftp.retrlines("LIST", print)
ftp.sendcmd("SYST")
attempt(lambda: ftp.sendcmd("NOOP"))
sys.exit()
"#;
    let answer = printed(&ftplib(&server, "off", script));
    let expected = "220 odd server\nFalse\n'552 Quota exceeded.'\ntotal 1\ncaf\u{e9}\n''";
    assert_eq!(answer, expected, "{}", server.log());
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[test]
fn pyftpdlib_cuts_transfers() {
    let server = Pyftpdlib::builder()
        .cut_downloads_after(1000)
        .cut_uploads_after(70_000)
        .start();
    server.write_file("big", vec![0; 500_000]);
    let script = r#"
total = 0
def count(data):
    global total
    total += len(data)
for action in (lambda: ftp.retrbinary("RETR big", count),
               lambda: ftp.storbinary("STOR up", io.BytesIO(bytes(5000000)))):
    try:
        action()
    except (ftplib.Error, OSError) as error:
        print(type(error).__name__, str(error)[:3])
print(total)
sys.exit()
"#;
    let answer = printed(&ftplib(&server, "off", script));
    let lines: Vec<&str> = answer.lines().collect();
    assert_eq!((lines[0], lines[2]), ("error_temp 426", "1000"), "{answer}");
    eventually(SOON, "it logs the cut", || server.log().contains("552"));
}

#[test]
fn pyftpdlib_closes_idle_connections() {
    let server = Pyftpdlib::builder().idle_timeout(3).start();
    let script = "print(ftp.file.readline().strip())\nsys.exit()";
    assert_eq!(
        printed(&ftplib(&server, "off", script)),
        "421 Control connection timed out."
    );
}
