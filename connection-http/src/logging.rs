//! The log: `tracing` events to standard error, as text or JSON.
//!
//! A library that prints passwords at its finest levels is capped here, whatever the
//! configured filter says.

use crate::config::LogFormat;
use std::io::IsTerminal;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{FilterExt, FilterFn, LevelFilter, ParseError};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, registry};

/// Targets of libraries that are only heard when something is wrong, unless the filter
/// names them.
const QUIET: [&str; 5] = ["russh", "ssh2", "suppaftp", "hyper", "tungstenite"];

/// Libraries that print what passes through them at their finest levels: every command of
/// FTP, `PASS` with the password included; every frame of a terminal, with what is typed.
const INDISCREET: [&str; 3] = ["suppaftp", "tungstenite", "tokio_tungstenite"];

/// Checks filter directives.
///
/// # Errors
/// The text of what cannot be parsed.
pub(crate) fn check_filter(directives: &str) -> Result<(), ParseError> {
    filter(directives).map(drop)
}

fn filter(directives: &str) -> Result<EnvFilter, ParseError> {
    let mut all = String::new();
    for target in QUIET {
        all.push_str(&format!("{target}=warn,"));
    }
    all.push_str(directives);
    EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .parse(all)
}

/// Whether an event may be logged at all.
fn harmless(metadata: &Metadata<'_>) -> bool {
    let indiscreet = INDISCREET
        .iter()
        .any(|library| metadata.target().starts_with(library));
    !indiscreet || *metadata.level() <= Level::INFO
}

/// A subscriber that writes to `writer`.
///
/// # Errors
/// The filter cannot be parsed.
pub(crate) fn subscriber<W>(
    directives: &str,
    format: LogFormat,
    writer: W,
    colours: bool,
) -> Result<impl tracing::Subscriber + Send + Sync, ParseError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        .with_ansi(colours);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    let filter = filter(directives)?.and(FilterFn::new(harmless));
    Ok(registry().with(lines.with_filter(filter)))
}

/// Installs the log of this process, events of the `log` crate included.
///
/// # Errors
/// The filter cannot be parsed, or a log is installed already.
pub(crate) fn install(
    directives: &str,
    format: LogFormat,
) -> Result<(), Box<dyn std::error::Error>> {
    let colours = std::io::stderr().is_terminal();
    subscriber(directives, format, std::io::stderr, colours)?.try_init()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, data: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(data);
            Ok(data.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_library_prints_a_password_whatever_the_filter() {
        for directives in ["trace", "suppaftp=trace", "trace,suppaftp::sync=trace"] {
            let kept = Kept::default();
            let writer = kept.clone();
            let log = subscriber(directives, LogFormat::Text, move || writer.clone(), false);
            tracing::subscriber::with_default(log.unwrap(), || {
                tracing::trace!(target: "suppaftp::sync_ftp", "CC OUT: PASS canary");
                tracing::debug!(target: "suppaftp", "canary");
                tracing::trace!(target: "tungstenite::protocol", "canary");
                tracing::trace!(target: "tokio_tungstenite", "canary");
                tracing::warn!(target: "suppaftp", "heard");
            });
            let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
            assert!(!text.contains("canary"), "{directives}: {text}");
            assert!(text.contains("heard"), "{directives}: {text}");
        }
    }
}
