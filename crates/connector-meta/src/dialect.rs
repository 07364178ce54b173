//! Meta's manners: a token and its own proof on every call, failures told apart by code and subcode,
//! and headers that say how much of each budget is used.

mod failure;
mod usage;

use chrono::{DateTime, Utc};
use connector_core::{
    Charge, Dialect, Error, ErrorKind, ExposeSecret as _, Operation, QuotaSignal, Request,
    Response, Result, SecretString, Verdict,
};
use http::{HeaderValue, Method, Uri, header};

use crate::api::{AsksAboutToken, Speaker};
use crate::config::Config;
use crate::credential::MetaCredential;
use crate::proof::appsecret_proof;

pub(crate) use failure::{Failure, Meaning};

/// Meta's manners, for one app.
#[derive(Clone, Debug)]
pub struct MetaDialect {
    config: Config,
}

impl MetaDialect {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            config: config.clone(),
        }
    }
}

impl Dialect<MetaCredential> for MetaDialect {
    fn authorize(
        &self,
        credential: &MetaCredential,
        request: &mut Request,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let (id, secret) = self.config.require_app()?;
        let speaker = request.extensions().get::<Speaker>().cloned();
        let speaker = speaker.unwrap_or_default();
        // Without access to data Meta answers with empty lists, which would pass for all there is.
        let ended = credential.data_access_ends.is_some_and(|end| end <= now);
        if ended && request.method() == Method::GET && speaker != Speaker::App {
            return Err(Error::new(
                ErrorKind::ReconnectRequired,
                "Meta lets no data be read any more, as the person who connected hasn't used the app \
                 for 90 days: connect again",
            ));
        }
        let token = match &speaker {
            Speaker::User => credential.access_token.clone(),
            Speaker::Page(page) => match credential.page(page) {
                Some(page) => page.access_token.clone(),
                None => {
                    return Err(Error::new(
                        ErrorKind::PermissionDenied,
                        "this page isn't shared with the app",
                    )
                    .with("page", page));
                }
            },
            Speaker::App => format!("{id}|{}", secret.expose_secret()).into(),
        };
        request
            .headers_mut()
            .insert(header::AUTHORIZATION, bearer(&token)?);
        if speaker != Speaker::App {
            add(
                request,
                "appsecret_proof",
                &appsecret_proof(secret, &token)?,
            )?;
        }
        if request.extensions().get::<AsksAboutToken>().is_some() {
            add(
                request,
                "input_token",
                credential.access_token.expose_secret(),
            )?;
        }
        Ok(())
    }

    fn judge(&self, _operation: Operation, response: &Response, now: DateTime<Utc>) -> Verdict {
        failure::judge(response, now)
    }

    /// Meta doesn't say how much there is of a budget, only how much of it is used: so nothing is
    /// counted here, and a pause that an answer asks for is kept.
    fn quota(&self, operation: Operation, _request: &Request) -> Option<Charge> {
        Some(Charge {
            bucket: usage::bucket(operation),
            amount: 0.0,
            capacity: 1.0,
            per_second: 1.0,
        })
    }

    fn observe(&self, operation: Operation, response: &Response) -> Option<QuotaSignal> {
        Some(QuotaSignal {
            bucket: usage::bucket(operation),
            remaining: None,
            capacity: None,
            per_second: None,
            pause: Some(usage::read(response.headers()).pause()?),
        })
    }
}

fn bearer(token: &SecretString) -> Result<HeaderValue> {
    let text = format!("Bearer {}", token.expose_secret());
    let mut value = HeaderValue::from_str(&text).map_err(|_cause| {
        // The cause is left out: it may quote the token.
        Error::input("token", "the access token has characters that no token has")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Adds a parameter to a request's query.
fn add(request: &mut Request, name: &str, value: &str) -> Result<()> {
    let uri = request.uri();
    let separator = if uri.query().is_some() { '&' } else { '?' };
    let pair = url::form_urlencoded::Serializer::new(String::new())
        .append_pair(name, value)
        .finish();
    let address: Uri = format!("{uri}{separator}{pair}")
        .parse()
        .map_err(|_cause| {
            // The cause is left out: it may quote what is secret.
            Error::new(
                ErrorKind::Unexpected,
                "a request's address can't be extended",
            )
        })?;
    *request.uri_mut() = address;
    Ok(())
}

#[cfg(test)]
mod tests;
