//! A connection of the scripted server, with TLS or without.

use openssl::ssl::{SslAcceptor, SslFiletype, SslMethod, SslStream, SslVersion};
use std::io::{self, Read, Write};
use std::net::TcpStream;

use crate::servers::certs::Certificate;

/// Plain, or with TLS.
pub(super) enum Wire {
    Plain(TcpStream),
    Tls(Box<SslStream<TcpStream>>),
}

impl Wire {
    /// The socket.
    pub(super) fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => stream.get_ref(),
        }
    }

    /// Shakes hands as the server; a client that does not want to is an error.
    pub(super) fn secure(socket: TcpStream, acceptor: &SslAcceptor) -> io::Result<Self> {
        let stream = acceptor.accept(socket).map_err(io::Error::other)?;
        Ok(Self::Tls(Box::new(stream)))
    }

    /// Ends it as it should end: with TLS's own end mark first.
    pub(super) fn end(mut self) {
        if let Self::Tls(stream) = &mut self {
            // The client may be gone.
            let _ = stream.shutdown();
        }
    }
}

impl Read for Wire {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buf),
            Self::Tls(stream) => stream.read(buf),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(buf),
            Self::Tls(stream) => stream.write(buf),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Shows this certificate. TLS 1.2 only, which resumes by tickets of the handshake itself.
pub(super) fn acceptor(certificate: &Certificate) -> SslAcceptor {
    let mut builder =
        SslAcceptor::mozilla_intermediate(SslMethod::tls_server()).expect("set up TLS");
    builder
        .set_max_proto_version(Some(SslVersion::TLS1_2))
        .expect("TLS 1.2");
    builder
        .set_certificate_file(certificate.path(), SslFiletype::PEM)
        .expect("read a certificate");
    builder
        .set_private_key_file(certificate.key_path(), SslFiletype::PEM)
        .expect("read a key");
    builder
        .set_session_id_context(b"scripted")
        .expect("name the sessions");
    builder.build()
}
