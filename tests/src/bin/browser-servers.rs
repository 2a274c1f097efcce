//! The servers the browser tests connect to: an sshd that takes a password and keys, and FTP
//! servers of several makes without TLS, with explicit and with implicit TLS, on loopback, until
//! its standard input ends. It says on standard output, as one line of JSON, how to reach them, and then
//! does what each line of standard input asks, answering `done`:
//!
//! - `change-host-key`: the sshd starts anew with other host keys
//! - `cut`: the sshd's connections are killed, its listener stays
//! - `pause`, `resume`: the sshd stops answering, and goes on
//!
//! It knows nothing of the connection manager.

use connection_tests::{
    HostKeys, KeyFormat, KeyKind, ProFtpd, Pyftpdlib, Service, Sshd, Tls, Vsftpd,
};
use serde_json::{Value, json};
use std::io::{self, BufRead, Write};

/// Passphrase of the encrypted key.
const PASSPHRASE: &str = "correct horse";

fn main() -> io::Result<()> {
    let sshd = Sshd::start();
    let locked = sshd.add_key(KeyKind::Ed25519, KeyFormat::OpenSsh, Some(PASSPHRASE));
    let stranger = sshd.stranger_key(KeyKind::Ed25519, KeyFormat::OpenSsh, None);
    let ftp = Pyftpdlib::start();
    let explicit = Pyftpdlib::builder().tls(Tls::Required).start();
    let implicit = ProFtpd::builder().tls(Tls::Implicit).start();
    let vsftpd = Vsftpd::start();
    // As it comes: each data connection must resume the TLS session of its control connection.
    let vsftpd_explicit = Vsftpd::builder()
        .tls(Tls::Required)
        .session_reuse(true)
        .start();

    let mut ssh = account(&sshd);
    if let Some(fields) = ssh.as_object_mut() {
        fields.insert("key".into(), json!(sshd.key().path()));
        fields.insert("keyText".into(), json!(sshd.key().private_text()));
        fields.insert("lockedKeyText".into(), json!(locked.private_text()));
        fields.insert("passphrase".into(), json!(PASSPHRASE));
        fields.insert("strangerKeyText".into(), json!(stranger.private_text()));
    }
    say(&json!({
        "ssh": ssh,
        "ftp": account(&ftp),
        "ftpsExplicit": account(&explicit),
        "ftpsImplicit": account(&implicit),
        "vsftpd": account(&vsftpd),
        "vsftpdExplicit": account(&vsftpd_explicit),
    }))?;
    for line in io::stdin().lock().lines() {
        match line?.as_str() {
            "change-host-key" => sshd.restart_with(HostKeys::usual()),
            "cut" => sshd.kill_connections(),
            "pause" => sshd.pause(),
            "resume" => sshd.resume(),
            unknown => {
                let text = format!("{unknown} is nothing these servers can do");
                return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
            }
        }
        say(&json!("done"))?;
    }
    Ok(())
}

fn account(service: &Service) -> Value {
    json!({
        "host": service.host(),
        "port": service.port(),
        "user": service.user(),
        "password": service.password(),
        "home": service.home(),
        "uid": service.uid(),
    })
}

/// Prints a line in one piece: a reader never sees half of it.
fn say(value: &Value) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(format!("{value}\n").as_bytes())?;
    out.flush()
}
