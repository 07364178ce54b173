//! The one form in which the Selling Partner API says what is wrong.

use connector_core::Error;
use serde::Deserialize;

/// What an answer lists as wrong. One that is in another form lists nothing.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Failures {
    #[serde(default)]
    errors: Vec<Failure>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Failure {
    code: Option<String>,
    message: Option<String>,
    details: Option<String>,
}

impl Failures {
    pub(super) fn read(body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }

    /// Whether it is the token that is refused: expired, revoked or spoilt. Amazon answers 403 then
    /// as for a missing role, and only its words tell the two apart.
    pub(super) fn is_of_the_token(&self) -> bool {
        self.says(|text| {
            text.contains("access token")
                && ["expired", "revoked", "malformed", "invalid"]
                    .iter()
                    .any(|word| text.contains(word))
        })
    }

    /// Whether a page token is said to be of another search. It happens to good ones
    /// (amzn/selling-partner-api-models, issue 4977).
    pub(super) fn is_of_the_page(&self) -> bool {
        self.says(|text| text.contains("do not match the provided") && text.contains("pagetoken"))
    }

    /// Names the first code. The words are left out, as they may quote what was sent.
    pub(super) fn name(&self, error: Error) -> Error {
        match self
            .errors
            .iter()
            .find_map(|failure| failure.code.as_deref())
        {
            Some(code) if is_a_code(code) => error.with("code", code),
            _ => error,
        }
    }

    fn says(&self, what: impl Fn(&str) -> bool) -> bool {
        self.errors
            .iter()
            .flat_map(|failure| [&failure.message, &failure.details])
            .flatten()
            .any(|text| what(&text.to_lowercase()))
    }
}

fn is_a_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}
