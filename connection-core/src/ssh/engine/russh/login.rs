//! The authentication methods of RFC 4252, one call each.

use super::forwards::Forwards;
use super::handler::Mailboxes;
use super::link::RusshLink;
use super::translate::translate;
use super::wire::Wire;
use super::{KillOnDrop, handler::Callbacks};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use crate::ssh::auth::LOG_IN;
use crate::ssh::engine::{AuthMethod, AuthReply, Handshaken, Link, Negotiated, Prompt};
use crate::target::Timeouts;
use ::russh::MethodSet;
use ::russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse as Interactive};
use ::russh::keys::{HashAlg, PrivateKey, PrivateKeyWithHashAlg};
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;

/// Rounds of questions one keyboard-interactive login may have.
const MAX_ROUNDS: usize = 16;

/// Questions one round may have.
const MAX_PROMPTS: usize = 32;

/// Longest text of a question that is kept.
const MAX_PROMPT: usize = 4 * 1024;

/// How long the end of the session task may lag behind the reply that announces it.
const LAG: Duration = Duration::from_millis(500);

pub(super) struct Login {
    pub(super) handle: Handle<Callbacks>,
    pub(super) wire: Arc<Wire>,
    pub(super) mailboxes: Arc<Mailboxes>,
    pub(super) forwards: Arc<Forwards>,
    pub(super) negotiated: Negotiated,
    pub(super) timeouts: Timeouts,
    pub(super) guard: KillOnDrop,
}

#[async_trait]
impl Handshaken for Login {
    async fn authenticate(&mut self, user: &str, method: AuthMethod<'_>) -> Result<AuthReply> {
        let clock = self.timeouts.connect;
        match tokio::time::timeout(clock, self.attempt(user, method)).await {
            Ok(reply) => reply,
            Err(_) => Err(Error::new(
                ErrorKind::TimedOut,
                LOG_IN,
                "the server did not answer the login in time",
            )),
        }
    }

    fn into_link(self: Box<Self>) -> Arc<dyn Link> {
        let this = *self;
        if let Some(interval) = this.timeouts.keepalive {
            this.wire
                .tasks
                .spawn_on(this.wire.clone().watch(interval), &this.wire.runtime);
        }
        Arc::new(RusshLink::new(
            this.handle,
            this.wire,
            this.mailboxes,
            this.forwards,
            this.negotiated,
            this.guard,
        ))
    }
}

impl Login {
    async fn attempt(&mut self, user: &str, method: AuthMethod<'_>) -> Result<AuthReply> {
        match method {
            AuthMethod::None => {
                let result = self.handle.authenticate_none(user).await;
                self.reply(result).await
            }
            AuthMethod::Password(password) => {
                let result = self
                    .handle
                    .authenticate_password(user, text(password)?)
                    .await;
                self.reply(result).await
            }
            AuthMethod::PublicKey(key) => self.public_key(user, key).await,
            AuthMethod::KeyboardInteractive(answer) => self.interactive(user, answer).await,
        }
    }

    async fn public_key(&mut self, user: &str, key: &Secret) -> Result<AuthReply> {
        let key = key
            .expose_str()
            .and_then(|text| PrivateKey::from_openssh(text).ok())
            .ok_or_else(|| {
                Error::new(ErrorKind::KeyInvalid, LOG_IN, "not an OpenSSH private key")
            })?;
        let key = Arc::new(key);
        let hashes: &[Option<HashAlg>] = if key.algorithm().is_rsa() {
            match self.handle.best_supported_rsa_hash().await {
                Ok(Some(Some(HashAlg::Sha256))) => &[Some(HashAlg::Sha256)],
                // Without the server's word both are tried, never SHA-1.
                Ok(_) => &[Some(HashAlg::Sha512), Some(HashAlg::Sha256)],
                Err(error) => return Err(self.broken(error)),
            }
        } else {
            &[None]
        };
        let mut last = AuthReply::Failure {
            remaining: Vec::new(),
            partial: false,
        };
        for hash in hashes {
            let key = PrivateKeyWithHashAlg::new(key.clone(), *hash);
            let result = self.handle.authenticate_publickey(user, key).await;
            last = self.reply(result).await?;
            let again = matches!(
                &last,
                AuthReply::Failure { partial: false, remaining }
                    if remaining.iter().any(|m| m == "publickey")
            );
            if !again {
                break;
            }
        }
        Ok(last)
    }

    async fn interactive(
        &mut self,
        user: &str,
        answer: &(dyn Fn(&[Prompt]) -> Vec<Secret> + Send + Sync),
    ) -> Result<AuthReply> {
        let mut response = self
            .handle
            .authenticate_keyboard_interactive_start(user, None)
            .await;
        for _ in 0..MAX_ROUNDS {
            let prompts = match response {
                Ok(Interactive::Success) => return Ok(AuthReply::Success),
                Ok(Interactive::Failure {
                    remaining_methods,
                    partial_success,
                }) => return self.failure(&remaining_methods, partial_success).await,
                Ok(Interactive::InfoRequest { prompts, .. }) => prompts,
                Err(error) => return Err(self.broken(error)),
            };
            if prompts.len() > MAX_PROMPTS {
                return Err(too_many("questions in one round of the login"));
            }
            let asked: Vec<Prompt> = prompts
                .into_iter()
                .map(|p| Prompt {
                    text: clip(p.prompt),
                    echo: p.echo,
                })
                .collect();
            let answers = answer(&asked)
                .iter()
                .map(text)
                .collect::<Result<Vec<_>>>()?;
            response = self
                .handle
                .authenticate_keyboard_interactive_respond(answers)
                .await;
        }
        Err(too_many("rounds of questions in the login"))
    }

    async fn reply(&self, result: Result<AuthResult, ::russh::Error>) -> Result<AuthReply> {
        match result {
            Ok(AuthResult::Success) => Ok(AuthReply::Success),
            Ok(AuthResult::Failure {
                remaining_methods,
                partial_success,
            }) => self.failure(&remaining_methods, partial_success).await,
            Err(error) => Err(self.broken(error)),
        }
    }

    /// The library answers «failed, nothing remains» for a refusal without alternatives
    /// and for a link that died alike, and ends its task in both cases.
    async fn failure(&self, remaining: &MethodSet, partial: bool) -> Result<AuthReply> {
        if remaining.is_empty() {
            let _ = tokio::time::timeout(LAG, self.wire.gone.cancelled()).await;
            let refused = self.wire.reason().is_none_or(|lost| lost.no_auth_method);
            if !refused {
                return Err(self.wire.lost_error(LOG_IN));
            }
        }
        Ok(AuthReply::Failure {
            remaining: remaining.iter().map(String::from).collect(),
            partial,
        })
    }

    fn broken(&self, error: ::russh::Error) -> Error {
        if self.wire.is_alive() {
            translate(error, LOG_IN)
        } else {
            self.wire.lost_error(LOG_IN)
        }
    }
}

/// The library takes text only. It wipes passwords after use.
fn text(secret: &Secret) -> Result<String> {
    secret
        .expose_str()
        .map(str::to_owned)
        .ok_or_else(|| Error::invalid("password", "the password is not UTF-8 text"))
}

fn clip(mut text: String) -> String {
    let mut end = MAX_PROMPT.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

fn too_many(what: &str) -> Error {
    Error::new(
        ErrorKind::Protocol,
        LOG_IN,
        format!("the server asks for too many {what}"),
    )
}
