//! A scripted TLS server: other certificates on data connections, and bytes slipped in
//! before the handshake.

use super::hostile::{login_answer, script};
use super::servers::certificate;
use super::*;
use crate::error::ErrorKind;
use openssl::ssl::{SslAcceptor, SslFiletype, SslMethod, SslOptions, SslStream};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;

fn acceptor(pem: &Path) -> SslAcceptor {
    let mut builder = SslAcceptor::mozilla_intermediate(SslMethod::tls_server()).unwrap();
    builder.set_private_key_file(pem, SslFiletype::PEM).unwrap();
    builder
        .set_certificate_file(pem.with_file_name("only.pem"), SslFiletype::PEM)
        .unwrap();
    builder.set_options(SslOptions::NO_TICKET);
    builder.build()
}

/// Greets, answers `AUTH TLS` with `auth`, then talks over TLS; `MLSD` and `LIST` are sent
/// over a data connection with the acceptor `data`.
fn serve(
    stream: TcpStream,
    auth: &str,
    control: &SslAcceptor,
    data: &SslAcceptor,
    cut: bool,
) -> Option<()> {
    let mut plain = stream.try_clone().ok()?;
    plain.write_all(b"220 hi\r\n").ok()?;
    let mut line = String::new();
    // One byte at a time: what follows belongs to TLS.
    let mut byte = [0];
    while !line.ends_with('\n') {
        (&stream).read_exact(&mut byte).ok()?;
        line.push(char::from(byte[0]));
    }
    assert_eq!(line, "AUTH TLS\r\n");
    plain.write_all(auth.as_bytes()).ok()?;
    let mut control = BufReader::new(control.accept(stream).ok()?);
    let mut passive: Option<TcpListener> = None;
    loop {
        let mut line = String::new();
        if control.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        let reply = if line == "EPSV" {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
            let port = listener.local_addr().ok()?.port();
            passive = Some(listener);
            format!("229 here (|||{port}|)\r\n")
        } else if line.starts_with("LIST") || line.starts_with("RETR") {
            let (socket, _) = passive.take()?.accept().ok()?;
            control.get_mut().write_all(b"150 coming\r\n").ok()?;
            let sent: Option<SslStream<TcpStream>> = data.accept(socket).ok().and_then(|mut s| {
                s.write_all(b"-rw-r--r-- 1 a b 1 Jan  2 03:04 x\r\n").ok()?;
                if !cut {
                    s.shutdown().ok()?;
                }
                Some(s)
            });
            drop(sent);
            "226 done\r\n".to_owned()
        } else if line.starts_with("SIZE") {
            "213 1000\r\n".to_owned()
        } else if matches!(line, "PBSZ 0" | "PROT P") {
            "200 ok\r\n".to_owned()
        } else {
            login_answer(line)?
        };
        control.get_mut().write_all(reply.as_bytes()).ok()?;
    }
}

fn start(auth: &'static str, other_data_certificate: bool, cut: bool) -> (u16, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let other = directory.path().join("other");
    std::fs::create_dir(&other).unwrap();
    let control = acceptor(&certificate(directory.path()));
    let data = if other_data_certificate {
        acceptor(&certificate(&other))
    } else {
        control.clone()
    };
    let port = script(move |stream| {
        let _ = serve(stream, auth, &control, &data, cut);
    });
    (port, directory)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_connection_must_show_the_same_certificate() {
    let (port, _directory) = start("234 go\r\n", false, false);
    let connection = connect_to(&target(port, "ann", true)).await.unwrap();
    assert_eq!(
        names(&connection.fs(), &RemotePath::root()).await,
        [b"x".to_vec()]
    );

    let (port, _directory) = start("234 go\r\n", true, false);
    let connection = connect_to(&target(port, "ann", true)).await.unwrap();
    let error = list(&connection.fs(), &RemotePath::root())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HostChanged, "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_slipped_in_before_the_handshake_is_dropped() {
    let (port, _directory) = start(
        "234 go\r\n200 fine\r\n200 fine\r\n230 come in\r\n",
        false,
        false,
    );
    let connection = connect_to(&target(port, "ann", true)).await.unwrap();
    assert_eq!(
        names(&connection.fs(), &RemotePath::root()).await,
        [b"x".to_vec()]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn encrypted_data_that_was_cut_is_not_the_whole_file() {
    let (port, _directory) = start("234 go\r\n", false, true);
    let connection = connect_to(&target(port, "ann", true)).await.unwrap();
    let path = RemotePath::from_text("/x").unwrap();
    let error = get(&connection.fs(), &path, 0).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete, "{error:?}");
}
