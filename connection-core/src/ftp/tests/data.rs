//! What is told of data connections.

use super::*;
use crate::ErrorKind;
use crate::ftp::data::DataDialer;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Keeps the warnings of one thread.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.push_str(&format!("{field}={value:?} "));
    }
}

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(text.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn an_address_of_another_host_is_told_once_and_not_used() {
    let server: SocketAddr = "127.0.0.1:21".parse().unwrap();
    let this: SocketAddr = "127.0.0.1:50000".parse().unwrap();
    let dialer = DataDialer::new(server, this, &target(21, "ann", false), Arc::default());
    let warnings = Warnings::default();
    tracing::subscriber::with_default(warnings.clone(), || {
        let port = std::net::TcpListener::bind(this.ip().to_string() + ":0").unwrap();
        for _ in 0..3 {
            // The port is that of this listener, whatever the address says.
            let mut named: SocketAddr = "169.254.169.254:0".parse().unwrap();
            named.set_port(port.local_addr().unwrap().port());
            let stream = dialer.connect(named).unwrap();
            assert_eq!(stream.peer_addr().unwrap(), port.local_addr().unwrap());
        }
        let error = dialer.connect("127.0.0.1:0".parse().unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol);
    });
    let told = warnings.0.lock().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("named=169.254.169.254 used=127.0.0.1"));
}
