//! A login on an FTP server, and servers that do not know MLSD.

use connection_core::fs::{Entry, RemoteFs};
use connection_core::path::{RemoteName, RemotePath};
use connection_core::secret::Secret;
use connection_core::session::{Owner, SessionStore, StoreConfig};
use connection_core::target::FtpTarget;
use connection_core::trust::{TrustPolicy, TrustStore};
use connection_tests::servers::service::Service;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

/// An open session. The store closes it when dropped.
pub(crate) struct Login {
    pub(crate) fs: Arc<dyn RemoteFs>,
    _store: SessionStore,
}

impl Login {
    pub(crate) async fn to(server: &Service) -> Self {
        Self::by(server, server.port()).await
    }

    /// Logs in through another port than the server's own.
    pub(crate) async fn by(server: &Service, port: u16) -> Self {
        let store = SessionStore::new(
            StoreConfig::default(),
            TrustStore::in_memory(TrustPolicy::AcceptNew),
        );
        let owner = Owner::new("test");
        let target = FtpTarget::new(
            server.host(),
            server.user(),
            Secret::from(server.password()),
        )
        .unwrap()
        .port(port);
        let id = store.open_ftp(&owner, &target, None).await.unwrap();
        let fs = store.get(&owner, id).unwrap().fs();
        Self { fs, _store: store }
    }

    pub(crate) async fn list(&self, path: &RemotePath) -> Vec<Entry> {
        let pages = self.fs.list(path).await.unwrap();
        pages.collect(1_000_000).await.unwrap()
    }

    /// The names in a directory, sorted.
    pub(crate) async fn names(&self, path: &RemotePath) -> Vec<Vec<u8>> {
        let entries = self.list(path).await;
        let mut names: Vec<_> = entries.iter().map(|e| e.name.as_bytes().to_vec()).collect();
        names.sort();
        names
    }

    /// What a listing says of a name.
    pub(crate) async fn listed(&self, directory: &RemotePath, name: &str) -> Entry {
        let entries = self.list(directory).await;
        let wanted = RemoteName::new(name);
        let found = entries.iter().find(|entry| entry.name == wanted);
        found
            .unwrap_or_else(|| panic!("{name} is not in {entries:?}"))
            .clone()
    }
}

pub(crate) fn path(text: &str) -> RemotePath {
    RemotePath::from_text(text).unwrap()
}

/// Hides MLSD in a server's answer to FEAT: the control connection goes through here, data
/// connections go to the server itself. Gives the port to log in to.
pub(crate) fn without_mlsd(server: SocketAddr) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let server = TcpStream::connect(server).unwrap();
            relay(client.try_clone().unwrap(), server.try_clone().unwrap());
            relay(server, client);
        }
    });
    port
}

/// Passes lines on, but for those that announce MLSD.
fn relay(from: TcpStream, mut to: TcpStream) {
    std::thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            let announces = line.starts_with(b" MLST") || line.starts_with(b" MLSD");
            if !announces && to.write_all(&line).is_err() {
                break;
            }
            line.clear();
        }
        // The other end may be gone already.
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
}
