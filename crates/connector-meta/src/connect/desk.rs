//! The calls that connecting and renewing are made of, before there is a session: each is sent once, as
//! whoever asked decides what to do about a reply that is lost.

use connector_core::{
    Context, Dialect as _, Endpoint, Error, ErrorKind, Request, Response, Result, SecretString,
    Verdict, endpoint,
};
use url::Url;

use crate::api::{
    Accounts, DebugToken, EXCHANGE_TOKEN, SharedPage, TokenFacts, Tokens, exchange_code,
    exchange_token,
};
use crate::config::Config;
use crate::credential::{InstagramAccount, MetaCredential, PageGrant, TokenKind};
use crate::dialect::{Failure, MetaDialect};

/// The most pages of the list of pages that are read: with a hundred each, nobody shares more.
const MOST: usize = 50;

/// What the calls need.
#[derive(Clone, Copy)]
pub(super) struct Desk<'d> {
    pub(super) config: &'d Config,
    pub(super) dialect: &'d MetaDialect,
    pub(super) ctx: &'d Context,
}

impl Desk<'_> {
    /// Trades the code of a consent.
    pub(super) async fn code(self, code: &str, return_to: &Url) -> Result<Tokens> {
        self.token(exchange_code(self.config, code, return_to)?, |failure| {
            failure.name(Error::input(
                "code",
                "Meta says that this consent is used up or expired: start again",
            ))
        })
        .await
    }

    /// Trades a living token for one that lasts longer.
    pub(super) async fn exchange(self, token: &SecretString, sixty_days: bool) -> Result<Tokens> {
        self.token(exchange_token(self.config, token, sixty_days)?, |failure| {
            failure.name(Error::new(
                ErrorKind::ReconnectRequired,
                "Meta doesn't exchange the token: it has ended or was taken back; connect again",
            ))
        })
        .await
    }

    /// What a token opens: whose it is, until when, what was granted, and the pages with theirs.
    pub(super) async fn credential(self, token: SecretString) -> Result<MetaCredential> {
        let mut credential = MetaCredential {
            kind: TokenKind::User,
            user_id: String::new(),
            access_token: token,
            token_ends: None,
            data_access_ends: None,
            taken_at: self.ctx.now(),
            scopes: Vec::new(),
            pages: Vec::new(),
        };
        let facts = self.ask(&credential, &DebugToken).await?;
        self.take(&mut credential, facts)?;
        let mut accounts = Accounts::default();
        for _ in 0..MOST {
            let list = self.ask(&credential, &accounts).await?;
            let next = list.next()?;
            let shared = list.data.into_iter();
            // A page that can't be read can't be spoken for either.
            let shared = shared.filter_map(|entry| entry.into_parts().0.ok());
            credential.pages.extend(shared.filter_map(grant));
            match next {
                Some(next) => accounts.from = Some(next),
                None => return Ok(credential),
            }
        }
        Err(Error::contract("Meta's list of pages has no end"))
    }

    /// Takes over what Meta says of the token.
    fn take(self, credential: &mut MetaCredential, facts: TokenFacts) -> Result<()> {
        let (app, _secret) = self.config.require_app()?;
        let refused =
            |message: &'static str| Err(Error::new(ErrorKind::ReconnectRequired, message));
        if !facts.is_valid {
            return refused("Meta says that the token doesn't work: connect again");
        }
        if facts.app_id.as_deref().is_some_and(|of| of != app) {
            return refused("the token is of another app: connect again with one of this app");
        }
        credential.kind = match facts.kind.as_deref() {
            Some("USER") => TokenKind::User,
            Some("SYSTEM_USER") => TokenKind::SystemUser,
            _ => {
                return refused(
                    "the token is neither a person's nor a system user's: connect again with such a \
                     one",
                );
            }
        };
        credential.token_ends = facts.token_ends();
        credential.data_access_ends = facts.data_access_ends();
        credential.user_id = facts
            .user_id
            .ok_or_else(|| Error::contract("Meta doesn't say whose the token is"))?;
        credential.scopes = facts.scopes;
        Ok(())
    }

    async fn ask<E: Endpoint>(
        self,
        credential: &MetaCredential,
        endpoint: &E,
    ) -> Result<E::Response> {
        let mut request = endpoint.request()?;
        request.extensions_mut().insert(E::OPERATION);
        let now = self.ctx.now();
        self.dialect.authorize(credential, &mut request, now)?;
        let response = self.ctx.transport.send(request).await?;
        let answered = match self.dialect.judge(E::OPERATION, &response, now) {
            Verdict::Failure(error) => Err(error),
            Verdict::Answer => endpoint.parse(&response),
            // A credential that is just being made has nothing to be renewed with.
            _ => Err(Error::new(
                ErrorKind::ReconnectRequired,
                "Meta refuses the token: connect again",
            )),
        };
        answered.map_err(|error| error.with("operation", E::OPERATION.name))
    }

    /// Sends a request for a token. `refused` is what it means that the code or token isn't taken.
    async fn token(
        self,
        request: Request,
        refused: impl FnOnce(&Failure) -> Error + Send,
    ) -> Result<Tokens> {
        let response: Response = self.ctx.transport.send(request).await?;
        if let Some(failure) = Failure::read(response.body()) {
            match failure.code {
                1 if failure.says("client secret") => {
                    return Err(failure.name(Error::new(
                        ErrorKind::ConfigInvalid,
                        "Meta refuses the app: check its secret",
                    )));
                }
                100 | 102 | 190 => return Err(refused(&failure)),
                _ => {}
            }
        }
        match self
            .dialect
            .judge(EXCHANGE_TOKEN, &response, self.ctx.now())
        {
            Verdict::Answer => endpoint::json(response.body()),
            Verdict::Failure(error) => Err(error),
            _ => Err(refused(&Failure::default())),
        }
    }
}

/// A page with the token that speaks for it; `None` where the person's role gives none.
fn grant(page: SharedPage) -> Option<PageGrant> {
    let instagram = page.instagram_business_account.map(|it| InstagramAccount {
        id: it.id,
        username: it.username,
    });
    Some(PageGrant {
        name: page.name.unwrap_or_else(|| page.id.clone()),
        id: page.id,
        access_token: page.access_token?,
        instagram,
    })
}
