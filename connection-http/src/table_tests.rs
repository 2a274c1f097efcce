//! The table against the texts of the contract.

use super::*;
use connection_core::Side;
use connection_core::ftp::{SECURE, TLS_HANDSHAKE, WANTS_TLS};
use connection_core::ssh::{LOG_IN, OPEN_SFTP, PEER_SAID, SERVER_SAID};
use connection_core::trust::OBJECTION;
use std::io;
use std::path::Path;

const SSH: Connecting<'static> = Connecting {
    kind: SessionKind::Ssh,
    host: "127.0.0.1",
    port: 1,
    key_path: Some("~/k"),
};
const FTP: Connecting<'static> = Connecting {
    kind: SessionKind::Ftp,
    key_path: None,
    ..SSH
};

/// Status and text; the name is another test's.
fn said(problem: &Problem) -> (u16, &str) {
    (problem.status().as_u16(), problem.detail())
}

fn e(kind: ErrorKind, operation: &'static str, message: &str) -> Error {
    Error::new(kind, operation, message)
}

fn os(kind: ErrorKind, number: i32) -> Error {
    e(kind, "connect", "x").caused_by(io::Error::from_raw_os_error(number))
}

#[test]
fn connecting_over_ssh() {
    use ErrorKind as K;
    for (error, text) in [
        (
            e(K::HostNotFound, "connect", "x"),
            "Connection error: [Errno -2] Name or service not known",
        ),
        (
            e(K::ConnectionRefused, "connect", "x"),
            "Connection error: [Errno None] Unable to connect to port 1 on 127.0.0.1",
        ),
        (
            os(K::Unreachable, 101),
            "Connection error: [Errno 101] Network is unreachable",
        ),
        (
            os(K::Unreachable, 113),
            "Connection error: [Errno None] Unable to connect to port 1 on 127.0.0.1",
        ),
        (
            e(K::TimedOut, "connect", "x"),
            "Connection error: timed out",
        ),
        (
            e(K::TimedOut, "read banner", "x"),
            "SSH connection failed: No existing session",
        ),
        (
            e(
                K::Protocol,
                "read banner",
                "Error reading SSH protocol banner",
            ),
            "SSH connection failed: Error reading SSH protocol banner",
        ),
        (
            e(K::AuthenticationFailed, "log in", "x"),
            "Authentication failed - check username/password/key",
        ),
        (
            e(K::KeyInvalid, "log in", "x"),
            "Connection error: Could not load private key from ~/k",
        ),
        (
            e(K::PassphraseRequired, "log in", "x"),
            "Connection error: Could not load private key from ~/k",
        ),
        (
            e(K::Unsupported, "open sftp", "x"),
            "SSH connection failed: Channel closed.",
        ),
        (
            e(
                K::LimitReached,
                "open session",
                "Maximum sessions (20) reached",
            )
            .on(Side::Local),
            "Maximum sessions (20) reached",
        ),
        (
            e(K::HostChanged, "check", "changed")
                .with("expected", "SHA256:a")
                .with("presented", "SHA256:b"),
            "SSH connection failed: changed; expected: SHA256:a; presented: SHA256:b",
        ),
        (
            e(K::HostUnknown, "check", "unknown SHA256:b").with("presented", "SHA256:b"),
            "SSH connection failed: unknown SHA256:b",
        ),
    ] {
        let problem = connect_problem(&error, &SSH);
        assert_eq!(said(&problem), (400, text), "{error:?}");
    }
    let in_memory = Connecting {
        key_path: None,
        ..SSH
    };
    let problem = connect_problem(&e(K::KeyInvalid, "log in", "not a key"), &in_memory);
    assert_eq!(
        problem.detail(),
        "Connection error: Could not load private key: not a key"
    );
}

#[test]
fn connecting_over_ftp() {
    use ErrorKind as K;
    for (error, text) in [
        (
            e(K::HostNotFound, "connect", "x"),
            "[Errno -2] Name or service not known",
        ),
        (
            e(K::ConnectionRefused, "connect", "x"),
            "[Errno 111] Connection refused",
        ),
        (e(K::TimedOut, "connect", "x"), "timed out"),
        (
            e(K::AuthenticationFailed, "log in", "530 Login incorrect."),
            "530 Login incorrect.",
        ),
        (
            e(
                K::Unsupported,
                "secure",
                "500 Command \"AUTH\" not understood.",
            ),
            "500 Command \"AUTH\" not understood.",
        ),
        (
            os(K::ConnectionLost, 104),
            "[Errno 104] Connection reset by peer",
        ),
        (e(K::ConnectionLost, "log in", ""), ""),
    ] {
        let want = format!("FTP connection failed: {text}");
        let problem = connect_problem(&error, &FTP);
        assert_eq!(said(&problem), (400, want.as_str()), "{error:?}");
    }
}

#[test]
fn operations_over_ssh() {
    use ErrorKind as K;
    use Operation::{Download, Execute, List, Upload};
    for (operation, error, text) in [
        (
            List,
            e(K::NotFound, "o", "gone"),
            "Failed to list files: [Errno 2] No such file",
        ),
        (
            List,
            e(K::NotADirectory, "o", "x"),
            "Failed to list files: [Errno 2] No such file",
        ),
        (
            List,
            e(K::PermissionDenied, "o", "x"),
            "Failed to list files: [Errno 13] Permission denied",
        ),
        (
            List,
            e(K::ConnectionLost, "o", "x"),
            "Failed to list files: Socket is closed",
        ),
        (
            Download,
            e(K::NotFound, "o", "x"),
            "Download failed: [Errno 2] No such file",
        ),
        (
            Download,
            e(K::IsADirectory, "o", "the path is a directory"),
            "Download failed: Failure",
        ),
        (Download, e(K::Failure, "o", ""), "Download failed: Failure"),
        (
            Download,
            e(K::TooLarge, "o", "too large"),
            "Download failed: too large",
        ),
        (
            Upload,
            e(K::PermissionDenied, "o", "x"),
            "Upload failed: [Errno 13] Permission denied",
        ),
        (
            Upload,
            e(K::NoSpace, "o", "disk full"),
            "Upload failed: disk full",
        ),
        (
            Execute,
            e(K::ConnectionLost, "o", "x"),
            "Command execution failed: SSH session not active",
        ),
    ] {
        let problem = operation_problem(operation, SessionKind::Ssh, &error, Some("/l"));
        assert_eq!(said(&problem), (500, text), "{error:?}");
    }
}

#[test]
fn the_local_side_quotes_the_path_as_it_was_sent() {
    for (number, text) in [
        (2, "[Errno 2] No such file or directory: './l'"),
        (13, "[Errno 13] Permission denied: './l'"),
        (20, "[Errno 20] Not a directory: './l'"),
        (21, "[Errno 21] Is a directory: './l'"),
        (28, "[Errno 28] No space left on device: './l'"),
    ] {
        let error = Error::local(
            "o",
            Path::new("/abs/l"),
            io::Error::from_raw_os_error(number),
        );
        for kind in [SessionKind::Ssh, SessionKind::Ftp] {
            let problem = operation_problem(Operation::Download, kind, &error, Some("./l"));
            assert_eq!(problem.detail(), format!("Download failed: {text}"));
        }
    }
}

#[test]
fn operations_over_ftp_quote_the_server() {
    let error = e(ErrorKind::NotFound, "o", "550 Failed to open file.");
    let problem = operation_problem(Operation::Download, SessionKind::Ftp, &error, None);
    let want = (500, "Download failed: 550 Failed to open file.");
    assert_eq!(said(&problem), want);
}

#[test]
fn every_kind_has_a_client_error_or_a_server_error_everywhere() {
    for kind in ErrorKind::ALL {
        let error = e(*kind, "o", "m");
        for sent in [&SSH, &FTP] {
            let status = connect_problem(&error, sent).status().as_u16();
            assert!(matches!(status, 400 | 500), "{kind}");
        }
        for session in [SessionKind::Ssh, SessionKind::Ftp] {
            let problem = operation_problem(Operation::Execute, session, &error, None);
            assert!(
                matches!(problem.status().as_u16(), 400 | 401 | 500),
                "{kind}"
            );
        }
    }
}

#[test]
fn what_to_do_is_told_by_name() {
    use ErrorKind as K;
    let ssh = |error: Error| connect_problem(&error, &SSH);
    let ftp = |error: Error| connect_problem(&error, &FTP);
    let name = |problem: Problem| (problem.name(), problem.field().map(str::to_owned));
    let own = |text: &str| Some(text.to_owned());
    let banner = || e(K::Protocol, READ_BANNER, "x");
    for (problem, want) in [
        (
            ssh(banner().with(PEER_SAID, "220 hello")),
            ("not_ssh", None),
        ),
        (ssh(banner()), ("connection_lost", None)),
        (ssh(e(K::TimedOut, READ_BANNER, "x")), ("timed_out", None)),
        (ssh(e(K::Unsupported, OPEN_SFTP, "x")), ("no_sftp", None)),
        (
            ssh(e(K::AuthenticationFailed, LOG_IN, "x")),
            ("authentication_failed", None),
        ),
        (
            ssh(e(K::AuthenticationFailed, LOG_IN, "x").with(SERVER_SAID, "enough")),
            ("too_many_attempts", None),
        ),
        (
            ssh(e(K::KeyInvalid, "o", "x")),
            ("key_invalid", own("keyPath")),
        ),
        (
            ssh(e(K::PassphraseWrong, "o", "x")),
            ("passphrase_wrong", own("passphrase")),
        ),
        (
            ssh(Error::invalid("host", "x")),
            ("invalid_input", own("host")),
        ),
        (
            ssh(e(K::LimitReached, "o", "x").on(Side::Local)),
            ("session_limit", None),
        ),
        (ftp(e(K::LimitReached, "o", "421 x")), ("server_busy", None)),
        (
            ftp(e(K::Unsupported, SECURE, "500 x")),
            ("tls_refused", None),
        ),
        (
            ftp(e(K::Unsupported, CONNECT, "500 x")),
            ("unsupported", None),
        ),
        (
            ftp(e(K::PermissionDenied, LOG_IN, "550 x").with(WANTS_TLS, "yes")),
            ("tls_required", None),
        ),
        (
            ftp(e(K::AuthenticationFailed, LOG_IN, "332 x").with("field", "account")),
            ("account_required", own("account")),
        ),
        (
            ftp(e(K::ConnectionLost, TLS_HANDSHAKE, "")),
            ("tls_failed", None),
        ),
        (ftp(e(K::Protocol, CONNECT, "x")), ("not_ftp", None)),
        (
            ftp(e(K::Protocol, CONNECT, "x").with("reply_code", "331")),
            ("protocol_error", None),
        ),
        (
            ftp(e(K::HostUnknown, "o", "x").with(OBJECTION, "expired")),
            ("certificate_invalid", None),
        ),
        (
            ftp(Error::invalid("virtual_host", "x")),
            ("invalid_input", own("virtualHost")),
        ),
    ] {
        assert_eq!(name(problem.clone()), want, "{problem:?}");
    }
    let gone = io::Error::from_raw_os_error(2);
    let local = Error::local("o", Path::new("/l"), gone);
    let problem = operation_problem(Operation::Download, SessionKind::Ssh, &local, None);
    assert_eq!(problem.name(), "local_not_found");
    let remote = e(K::NotFound, "o", "x");
    let problem = operation_problem(Operation::Download, SessionKind::Ssh, &remote, None);
    assert_eq!(problem.name(), "not_found");
    assert!(problem.code().is_none(), "the body stays as it was");
}
