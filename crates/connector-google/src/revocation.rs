//! Giving a consent back.

use async_trait::async_trait;
use connector_core::{ExposeSecret as _, Operation, Request, Result, Revocation, Session, Verdict};
use http::header::CONTENT_TYPE;

use crate::connector::Google;
use crate::credential::GoogleCredential;

/// Where consents are given back (developers.google.com/identity/protocols/oauth2/web-server).
const REVOKE_URL: &str = "https://oauth2.googleapis.com/revoke";

const REVOKE: Operation = Operation::write("oauth/revoke").idempotent().sensitive();

/// Ends every scope that the person gave to any client of the same Google Cloud project.
#[async_trait]
impl Revocation<GoogleCredential> for Google {
    async fn revoke(&self, session: &Session<GoogleCredential>) -> Result<()> {
        let credential = session.credential();
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("token", credential.refresh_token.expose_secret())
            .finish();
        let mut request = Request::new(form.into());
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = http::Uri::from_static(REVOKE_URL);
        request.headers_mut().insert(
            CONTENT_TYPE,
            http::HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        request.extensions_mut().insert(REVOKE);
        // The token is its own proof, so the session, which would renew it first, is gone round.
        let ctx = session.context();
        let response = ctx.transport.send(request).await?;
        if response.status() == 400 {
            // Google says so of a token that has ended already.
            return Ok(());
        }
        match Verdict::by_status(&response, ctx.now()) {
            Verdict::Failure(error) => Err(error),
            _ => Ok(()),
        }
    }
}
