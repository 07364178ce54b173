//! Forms of other sites: told apart by a token that only our pages hold, and by what the browser
//! says of where the form was.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::{HOST, ORIGIN};
use crossdock_vault::Vault;
use url::Url;

use crate::failure::Answer;

const LABEL: &str = "console-form";

/// Makes and checks the token of a form: a keyed hash of what the browser's own cookie says.
#[derive(Debug)]
pub(crate) struct Csrf {
    vault: Arc<Vault>,
}

impl Csrf {
    pub(crate) fn new(vault: Arc<Vault>) -> Self {
        Self { vault }
    }

    /// The token for forms on pages that this browser is shown.
    pub(crate) fn token(&self, browser: &str) -> Answer<String> {
        Ok(self.vault.fingerprint(LABEL, browser.as_bytes())?)
    }

    /// Whether a token was made for this browser.
    pub(crate) fn is_valid(&self, browser: &str, token: &str) -> Answer<bool> {
        Ok(self.vault.verify(LABEL, browser.as_bytes(), token)?)
    }
}

/// Whether a form was sent from a page of ours, as far as the browser says.
///
/// Browsers say it by `Sec-Fetch-Site`; older ones by `Origin`. A program that says neither holds no
/// cookie that others could use, and still needs the form's token.
pub(crate) fn is_same_origin(request: &HttpRequest, public_url: &Url) -> bool {
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    if let Some(site) = header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = header(ORIGIN.as_str()) else {
        return true;
    };
    let Ok(origin) = Url::parse(origin) else {
        return false;
    };
    // Behind a proxy the scheme isn't ours to know, the host is.
    let by_host = header(HOST.as_str()).is_some_and(|host| origin.authority() == host);
    origin.origin() == public_url.origin() || by_host
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use crossdock_vault::KeyRing;

    use super::*;

    #[test]
    fn a_token_is_for_one_browser() {
        let vault = Vault::new(&KeyRing::generate().unwrap()).unwrap();
        let csrf = Csrf::new(Arc::new(vault));
        let token = csrf.token("one").unwrap();
        assert!(csrf.is_valid("one", &token).unwrap());
        assert!(!csrf.is_valid("other", &token).unwrap());
        assert!(!csrf.is_valid("one", "").unwrap());
    }

    #[test]
    fn browsers_say_where_a_form_was() {
        let public: Url = "https://dock.example".parse().unwrap();
        for (headers, same) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "none")], true),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("sec-fetch-site", "cross-site")], false),
            (
                vec![
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "https://dock.example"),
                ],
                false,
            ),
            (vec![("origin", "https://dock.example")], true),
            (vec![("origin", "https://dock.example.evil.example")], false),
            (vec![("origin", "null")], false),
            (
                vec![
                    ("origin", "http://10.0.0.5:9300"),
                    ("host", "10.0.0.5:9300"),
                ],
                true,
            ),
            (
                vec![("origin", "http://evil.example"), ("host", "10.0.0.5:9300")],
                false,
            ),
            (vec![], true),
        ] {
            let mut request = TestRequest::post();
            for header in &headers {
                request = request.insert_header(*header);
            }
            let request = request.to_http_request();
            assert_eq!(is_same_origin(&request, &public), same, "{headers:?}");
        }
    }
}
