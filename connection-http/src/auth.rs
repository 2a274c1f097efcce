//! Who is calling: the access token of a request becomes a [`Caller`], and a handler says
//! in its signature that it needs one.

use crate::codes;
use crate::config::{AccessToken, Settings};
use crate::error::{Outcome, Problem};
use crate::ws::tickets::{Bearer, SocketTickets};
use connection_core::session::Owner;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// Name of the scheme in the OpenAPI description.
const SCHEME: &str = "token";

/// Whoever made the request, allowed to make it.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Owner of the sessions it opens and sees.
    pub owner: Owner,
}

/// Checks access tokens.
pub(crate) struct Gate {
    settings: Arc<Settings>,
}

impl Gate {
    /// A gate for the configured tokens; without any, everyone is the one owner `local`.
    pub(crate) fn new(settings: Arc<Settings>) -> Self {
        Self { settings }
    }

    /// Makes a request a caller.
    ///
    /// # Errors
    /// 401 when tokens are configured and the request carries none of them.
    pub(crate) fn admit(&self, request: &Request) -> Outcome<Caller> {
        let tokens = &self.settings.tokens;
        if tokens.is_empty() {
            return Ok(Caller {
                owner: Owner::new(crate::config::DEFAULT_HOLDER),
            });
        }
        let given = request
            .header(header::AUTHORIZATION)
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        let Some(given) = given else {
            return Err(refused(
                "An access token is required",
                codes::TOKEN_REQUIRED,
            ));
        };
        match holder(tokens, given.as_bytes()) {
            Some(token) => Ok(Caller {
                owner: Owner::new(&token.holder),
            }),
            None => Err(refused(
                "The access token is not valid",
                codes::TOKEN_INVALID,
            )),
        }
    }

    /// Admits the request for a socket: by a ticket in the query if there is one, else as
    /// any other request. Who comes by a share is no caller.
    ///
    /// # Errors
    /// 401 when the ticket is not valid, or as [`Gate::admit`].
    pub(crate) fn admit_socket(
        &self,
        request: &Request,
        tickets: &SocketTickets,
    ) -> Outcome<Bearer> {
        let given = request
            .uri()
            .query()
            .into_iter()
            .flat_map(|query| query.split('&'))
            .find_map(|field| field.strip_prefix("ticket="));
        match given {
            Some(ticket) => tickets
                .redeem(ticket)
                .filter(|opening| opening.path == request.uri().path())
                .map(|opening| opening.bearer)
                .ok_or_else(|| refused("The ticket is not valid", codes::TICKET_INVALID)),
            None => self.admit(request).map(Bearer::Caller),
        }
    }
}

/// The token that equals `given`. Every one is compared, each in constant time, so that
/// the time tells neither how much matched nor which came close.
fn holder<'a>(tokens: &'a [AccessToken], given: &[u8]) -> Option<&'a AccessToken> {
    tokens.iter().fold(None, |found, token| {
        if bool::from(token.secret.expose().ct_eq(given)) {
            Some(token)
        } else {
            found
        }
    })
}

/// A 401 that says what is wanted.
pub(crate) fn refused(detail: &str, name: &'static str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, detail)
        .named(name)
        .with_header(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"connection-manager\""),
        )
}

impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        registry.create_security_scheme(
            SCHEME,
            MetaSecurityScheme {
                ty: "http",
                description: Some("Needed when the server is configured with access tokens."),
                name: None,
                key_in: None,
                scheme: Some("bearer"),
                bearer_format: None,
                flows: None,
                openid_connect_url: None,
            },
        );
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    fn has_security_fallback() -> bool {
        true
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        // Put there by the gate, which no request passes around.
        request
            .extensions()
            .get::<Self>()
            .cloned()
            .ok_or_else(|| refused("An access token is required", codes::TOKEN_REQUIRED).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connection_core::secret::Secret;

    #[test]
    fn each_token_finds_its_holder_and_nothing_else_does() {
        let token = |holder: &str, text: &str| AccessToken {
            holder: holder.to_owned(),
            secret: Secret::from(text),
        };
        let tokens = [token("ann", "aaa"), token("bob", "bbb")];
        let who = |given: &str| holder(&tokens, given.as_bytes()).map(|t| t.holder.as_str());
        assert_eq!(who("aaa"), Some("ann"));
        assert_eq!(who("bbb"), Some("bob"));
        for no in ["", "aa", "aaaa", "aab", "AAA"] {
            assert_eq!(who(no), None, "{no}");
        }
    }
}
