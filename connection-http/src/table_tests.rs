//! The table against the texts of the contract.

use super::*;
use connection_core::Side;
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
        assert_eq!(problem, Problem::bad_request(text), "{error:?}");
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
        assert_eq!(
            connect_problem(&error, &FTP),
            Problem::bad_request(want),
            "{error:?}"
        );
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
        assert_eq!(problem, Problem::failed(text), "{error:?}");
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
    assert_eq!(
        problem,
        Problem::failed("Download failed: 550 Failed to open file.")
    );
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
