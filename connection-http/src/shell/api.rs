//! The few requests the client makes beside its socket.
//!
//! They are made as HTTP/1.0, to which a server answers whole and then closes, so that
//! reading an answer is reading to the end; a client library would be more than the program.

use super::Failure;
use poem::http::Uri;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longest time for an answer.
const WITHIN: Duration = Duration::from_secs(30);

/// Largest answer, in bytes.
const LARGEST: u64 = 16 << 20;

/// The server and how it is spoken to.
pub(super) struct Server {
    /// `host:port`.
    pub(super) authority: String,
    /// What the API's paths are appended to; without a slash at the end.
    pub(super) prefix: String,
    token: Option<String>,
}

/// A session, as far as the client needs to know it.
#[derive(Debug, Deserialize)]
pub(super) struct SessionEntry {
    #[serde(rename = "session_id")]
    pub(super) id: String,
    session_name: Option<String>,
}

/// A terminal, as far as the client needs to know it.
#[derive(Debug, Deserialize)]
pub(super) struct TerminalEntry {
    pub(super) terminal_id: String,
    pub(super) name: String,
    pub(super) cols: u32,
    pub(super) rows: u32,
    pub(super) running: bool,
    pub(super) viewers: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Sessions {
    sessions: Vec<SessionEntry>,
}

#[derive(Deserialize)]
struct Terminals {
    terminals: Vec<TerminalEntry>,
}

#[derive(Deserialize)]
struct Refusal {
    detail: String,
}

impl Server {
    pub(super) fn new(url: &str, token: Option<String>) -> Result<Self, Failure> {
        let wrong = || Failure::new(format!("{url} is no address such as http://127.0.0.1:8000"));
        let parsed: Uri = url.parse().map_err(|_| wrong())?;
        match parsed.scheme_str() {
            Some("http") => {}
            Some("https") => {
                return Err(Failure::new(
                    "https is not spoken by this client; reach the server through a tunnel",
                ));
            }
            _ => return Err(wrong()),
        }
        let host = parsed.host().filter(|host| !host.is_empty());
        let host = host.ok_or_else(wrong)?;
        let visible = |token: &String| token.bytes().all(|b| b.is_ascii_graphic());
        if token.as_ref().is_some_and(|token| !visible(token)) {
            return Err(Failure::new(
                "the access token is not one: it has odd characters",
            ));
        }
        Ok(Self {
            authority: format!("{host}:{}", parsed.port_u16().unwrap_or(80)),
            prefix: parsed.path().trim_end_matches('/').to_owned(),
            token: token.filter(|token| !token.is_empty()),
        })
    }

    /// The value of the header `Authorization`.
    pub(super) fn authorization(&self) -> Option<String> {
        self.token.as_ref().map(|token| format!("Bearer {token}"))
    }

    pub(super) async fn connect(&self) -> Result<TcpStream, Failure> {
        let connecting = TcpStream::connect(&self.authority);
        let stream = match timeout(WITHIN, connecting).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                return Err(Failure::new(format!(
                    "no server at {}: {error}",
                    self.authority
                )));
            }
            Err(_) => {
                return Err(Failure::new(format!(
                    "no server at {}: it does not answer",
                    self.authority
                )));
            }
        };
        // Keys go out one by one, at once.
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    /// The session of this id, of the only id that begins so, or of this name.
    pub(super) async fn session(&self, named: &str) -> Result<SessionEntry, Failure> {
        let Sessions { sessions } = self.get("/connections").await?;
        let by_name = |s: &SessionEntry| s.session_name.as_deref() == Some(named);
        let count = |is: &dyn Fn(&SessionEntry) -> bool| sessions.iter().filter(|s| is(s)).count();
        let by_id = |s: &SessionEntry| s.id.starts_with(named);
        let is: &dyn Fn(&SessionEntry) -> bool = match (count(&by_name), count(&by_id)) {
            (1, _) => &by_name,
            (_, 1) => &by_id,
            (0, 0) => return Err(Failure::new(format!("there is no session {named}"))),
            _ => return Err(Failure::new(format!("{named} is more than one session"))),
        };
        let found = sessions.iter().position(is);
        let mut sessions = sessions;
        found
            .map(|index| sessions.swap_remove(index))
            .ok_or_else(|| Failure::new(format!("there is no session {named}")))
    }

    pub(super) async fn terminals(&self, session: &str) -> Result<Vec<TerminalEntry>, Failure> {
        let path = format!("/connections/{session}/terminals");
        let Terminals { terminals } = self.get(&path).await?;
        Ok(terminals)
    }

    /// The id of the only terminal whose id begins so.
    pub(super) async fn terminal(&self, session: &str, named: &str) -> Result<String, Failure> {
        let terminals = self.terminals(session).await?;
        let mut found = terminals
            .into_iter()
            .filter(|t| t.terminal_id.starts_with(named));
        match (found.next(), found.next()) {
            (Some(terminal), None) => Ok(terminal.terminal_id),
            (None, _) => Err(Failure::new(format!("there is no terminal {named}"))),
            (Some(_), Some(_)) => Err(Failure::new(format!("{named} is more than one terminal"))),
        }
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        let mut stream = self.connect().await?;
        let authorization = self
            .authorization()
            .map(|value| format!("Authorization: {value}\r\n"))
            .unwrap_or_default();
        let request = format!(
            "GET {}{path} HTTP/1.0\r\nHost: {}\r\n{authorization}Accept: application/json\r\n\r\n",
            self.prefix, self.authority
        );
        let asking = async {
            stream.write_all(request.as_bytes()).await?;
            let mut answer = Vec::new();
            stream.take(LARGEST).read_to_end(&mut answer).await?;
            Ok::<_, std::io::Error>(answer)
        };
        let answer = match timeout(WITHIN, asking).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(Failure::new(format!("the server broke off: {error}"))),
            Err(_) => return Err(Failure::new("the server does not answer")),
        };
        let unreadable = || Failure::new(format!("{} is no connection-manager", self.authority));
        let (status, body) = taken_apart(&answer).ok_or_else(unreadable)?;
        if status != 200 {
            return Err(refusal(status, body));
        }
        serde_json::from_slice(body).map_err(|_| unreadable())
    }
}

/// Status and body of a whole answer.
fn taken_apart(answer: &[u8]) -> Option<(u16, &[u8])> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(answer.get(..end)?).ok()?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?;
    Some((status.parse().ok()?, answer.get(end + 4..)?))
}

/// What a refusal says, for a person.
pub(super) fn refusal(status: u16, body: &[u8]) -> Failure {
    let detail = match serde_json::from_slice::<Refusal>(body) {
        Ok(refusal) => refusal.detail.escape_debug().to_string(),
        Err(_) => format!("the server answers {status}"),
    };
    Failure::new(match status {
        401 => {
            format!("{detail} (--token-file or CONNECTION_MANAGER_TOKEN names the access token)")
        }
        _ => detail,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let parts = |url| Server::new(url, None).map(|s| (s.authority, s.prefix)).ok();
        let some = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(parts("http://127.0.0.1:8000"), some("127.0.0.1:8000", ""));
        assert_eq!(parts("http://a/b/"), some("a:80", "/b"));
        assert_eq!(parts("http://[::1]:1"), some("[::1]:1", ""));
        for no in ["", "127.0.0.1:8000", "https://a", "ftp://a", "http://"] {
            assert_eq!(parts(no), None, "{no}");
        }
        assert!(Server::new("http://a", Some("a\r\nb".to_owned())).is_err());
    }

    #[test]
    fn answers() {
        assert_eq!(
            taken_apart(b"HTTP/1.0 200 OK\r\nA: b\r\n\r\n{}"),
            Some((200, &b"{}"[..]))
        );
        assert_eq!(taken_apart(b"SSH-2.0-x\r\n\r\n"), None);
        assert_eq!(taken_apart(b""), None);
    }
}
