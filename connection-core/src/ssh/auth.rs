//! The login, above the engines: which method is tried when, with which credential.
//!
//! - A key is used alone. The password beside it is a second factor, for a server that
//!   accepts the key and asks for more.
//! - Without a key the server is asked for its methods (`none`, which now and then is
//!   enough), then `password` is tried and then `keyboard-interactive`, each once and only
//!   where offered.
//! - Hidden questions are answered with the password, visible ones with nothing: a server
//!   that asks for a name or a code on screen does not get the password.

use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use crate::ssh::engine::{AuthMethod, AuthReply, Handshaken, Prompt};

/// [`Error::operation`] of the login.
pub const LOG_IN: &str = "log in";

/// Key of a fact of an `AuthenticationFailed` error: the server's last words, when it ended
/// the connection over a credential instead of refusing it, as one does that has had enough.
pub const SERVER_SAID: &str = "server_said";

const PASSWORD: &str = "password";
const INTERACTIVE: &str = "keyboard-interactive";

/// Logs in with an unencrypted private key in OpenSSH text form, or with a password.
///
/// # Errors
/// `AuthenticationFailed` with the methods `tried` and those `offered` last, besides those
/// of the link.
pub(crate) async fn login(
    server: &mut dyn Handshaken,
    user: &str,
    key: Option<&Secret>,
    password: Option<&Secret>,
) -> Result<()> {
    let mut attempts = Attempts {
        server,
        user,
        tried: Vec::new(),
        offered: Vec::new(),
        partial: false,
    };
    match key {
        Some(key) => {
            if attempts.go("publickey", AuthMethod::PublicKey(key)).await? {
                return Ok(());
            }
            if !attempts.partial {
                return Err(attempts.refused());
            }
        }
        None => {
            if attempts.go("none", AuthMethod::None).await? {
                return Ok(());
            }
        }
    }
    let Some(password) = password else {
        return Err(attempts.refused());
    };
    let answer = |prompts: &[Prompt]| answers(prompts, password);
    while let Some(method) = [PASSWORD, INTERACTIVE]
        .into_iter()
        .find(|m| attempts.is_open(m))
    {
        let with = match method {
            PASSWORD => AuthMethod::Password(password),
            _ => AuthMethod::KeyboardInteractive(&answer),
        };
        if attempts.go(method, with).await? {
            return Ok(());
        }
    }
    Err(attempts.refused())
}

fn answers(prompts: &[Prompt], password: &Secret) -> Vec<Secret> {
    prompts
        .iter()
        .map(|prompt| {
            let answer = if prompt.echo { &[] } else { password.expose() };
            Secret::from(answer.to_vec())
        })
        .collect()
}

struct Attempts<'a> {
    server: &'a mut dyn Handshaken,
    user: &'a str,
    tried: Vec<&'static str>,
    offered: Vec<String>,
    partial: bool,
}

impl Attempts<'_> {
    fn is_open(&self, method: &str) -> bool {
        !self.tried.contains(&method) && self.offered.iter().any(|o| o == method)
    }

    /// Tries a method; says whether that was the login.
    async fn go(&mut self, name: &'static str, method: AuthMethod<'_>) -> Result<bool> {
        self.tried.push(name);
        match self.server.authenticate(self.user, method).await {
            Ok(AuthReply::Success) => Ok(true),
            Ok(AuthReply::Failure { remaining, partial }) => {
                self.offered = remaining;
                self.partial = partial;
                Ok(false)
            }
            // A server that has had enough attempts says so by disconnecting.
            Err(error) if name != "none" && error.context("disconnect").is_some() => {
                let server_said = error.message().to_owned();
                Err(self
                    .refused()
                    .with(SERVER_SAID, server_said)
                    .caused_by(error))
            }
            Err(error) => Err(error),
        }
    }

    fn refused(&self) -> Error {
        Error::new(
            ErrorKind::AuthenticationFailed,
            LOG_IN,
            "Authentication failed - check username/password/key",
        )
        .with("tried", self.tried.join(","))
        .with(
            "offered",
            // The server's words, in an error that people read.
            self.offered
                .iter()
                .take(16)
                .map(|o| o.chars().take(64).collect::<String>())
                .collect::<Vec<_>>()
                .join(","),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ssh::engine::Link;
    use async_trait::async_trait;
    use std::sync::Arc;

    /// A server that answers by a script and notes what it was shown.
    struct Script {
        replies: Vec<Result<AuthReply>>,
        seen: Vec<String>,
        prompts: Vec<Prompt>,
    }

    #[async_trait]
    impl Handshaken for Script {
        async fn authenticate(&mut self, _: &str, method: AuthMethod<'_>) -> Result<AuthReply> {
            self.seen.push(match method {
                AuthMethod::None => "none".to_owned(),
                AuthMethod::Password(p) => format!("password {}", p.expose_str().unwrap()),
                AuthMethod::PublicKey(_) => "publickey".to_owned(),
                AuthMethod::KeyboardInteractive(answer) => {
                    let given = answer(&self.prompts);
                    let texts: Vec<_> = given.iter().map(|s| s.expose_str().unwrap()).collect();
                    format!("interactive {texts:?}")
                }
            });
            self.replies.remove(0)
        }

        fn into_link(self: Box<Self>) -> Arc<dyn Link> {
            unreachable!("the login needs no link")
        }
    }

    fn no(remaining: &[&str], partial: bool) -> Result<AuthReply> {
        Ok(AuthReply::Failure {
            remaining: remaining.iter().map(|&m| m.to_owned()).collect(),
            partial,
        })
    }

    fn script(replies: Vec<Result<AuthReply>>) -> Script {
        let prompt = |text: &str, echo| Prompt {
            text: text.to_owned(),
            echo,
        };
        Script {
            replies,
            seen: Vec::new(),
            prompts: vec![prompt("Name:", true), prompt("Password:", false)],
        }
    }

    async fn run(script: &mut Script, key: bool, password: bool) -> Result<()> {
        let (k, p) = (Secret::from("k"), Secret::from("secret-pw"));
        login(script, "u", key.then_some(&k), password.then_some(&p)).await
    }

    #[tokio::test]
    async fn a_password_goes_where_it_is_asked_for() {
        let mut s = script(vec![no(&["password"], false), Ok(AuthReply::Success)]);
        run(&mut s, false, true).await.unwrap();
        assert_eq!(s.seen, ["none", "password secret-pw"]);

        let mut s = script(vec![
            no(&["publickey", "keyboard-interactive"], false),
            Ok(AuthReply::Success),
        ]);
        run(&mut s, false, true).await.unwrap();
        assert_eq!(s.seen, ["none", "interactive [\"\", \"secret-pw\"]"]);

        let mut s = script(vec![no(&["publickey"], false)]);
        let error = run(&mut s, false, true).await.unwrap_err();
        assert_eq!(s.seen, ["none"], "a password nobody takes is not sent");
        assert_eq!(error.kind(), ErrorKind::AuthenticationFailed);
        assert_eq!(error.context("offered"), Some("publickey"));
    }

    #[tokio::test]
    async fn each_method_is_tried_once() {
        let both = ["password", "keyboard-interactive"];
        let mut s = script(vec![no(&both, false), no(&both, false), no(&both, false)]);
        let error = run(&mut s, false, true).await.unwrap_err();
        assert_eq!(
            error.context("tried"),
            Some("none,password,keyboard-interactive")
        );
        assert!(!format!("{error:?}").contains("secret-pw"));
    }

    #[tokio::test]
    async fn a_key_stands_alone_unless_more_is_asked_for() {
        let mut s = script(vec![no(&["publickey", "password"], false)]);
        assert!(run(&mut s, true, true).await.is_err());
        assert_eq!(s.seen, ["publickey"]);

        let mut s = script(vec![no(&["password"], true), Ok(AuthReply::Success)]);
        run(&mut s, true, true).await.unwrap();
        assert_eq!(s.seen, ["publickey", "password secret-pw"]);

        let mut s = script(vec![no(&["password"], true)]);
        assert!(run(&mut s, true, false).await.is_err());
    }

    #[tokio::test]
    async fn a_disconnect_after_a_credential_is_a_refusal() {
        let cut = || {
            Err(Error::new(ErrorKind::ConnectionLost, LOG_IN, "too many").with("disconnect", "2"))
        };
        let mut s = script(vec![no(&["password"], false), cut()]);
        let error = run(&mut s, false, true).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AuthenticationFailed);
        assert_eq!(error.context("server_said"), Some("too many"));

        let mut s = script(vec![cut()]);
        let error = run(&mut s, false, true).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    }
}
