//! A request to the Graph API, from wherever it comes: an HTTP call, or a part of a batch.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use http::Method;
use serde_json::Value;

use super::error::{GraphError, Outcome};
use super::version;
use crate::platform::Call;

/// A request, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    /// The version that answers.
    pub(super) version: &'static str,
    /// The path's parts after the version.
    pub(super) segments: Vec<String>,
    /// The query's pairs, then those of the form.
    pub(super) parameters: Vec<(String, String)>,
    /// The token, from a parameter or the header.
    pub(super) token: Option<String>,
}

impl Request {
    /// Reads an HTTP call.
    pub(super) fn from_call(call: &Call<'_>) -> Outcome<Self> {
        let mut parameters = call.query.clone();
        parameters.extend(body_pairs(call)?);
        let bearer = call.header("authorization").and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            ["bearer", "oauth"]
                .contains(&scheme.to_ascii_lowercase().as_str())
                .then(|| token.trim().to_owned())
        });
        Self::new(call.method.clone(), call.path, parameters, bearer, call.now)
    }

    /// Reads a part of a batch: a relative address and a form.
    pub(super) fn from_batch(
        method: Method,
        relative: &str,
        body: &str,
        token: Option<String>,
        now: DateTime<Utc>,
    ) -> Outcome<Self> {
        let (path, query) = relative.split_once('?').unwrap_or((relative, ""));
        let parameters = [query, body]
            .into_iter()
            .flat_map(|text| url::form_urlencoded::parse(text.as_bytes()).into_owned())
            .collect();
        Self::new(method, path, parameters, token, now)
    }

    fn new(
        method: Method,
        path: &str,
        parameters: Vec<(String, String)>,
        token: Option<String>,
        now: DateTime<Utc>,
    ) -> Outcome<Self> {
        let mut segments: Vec<String> = path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(decoded)
            .collect();
        let asked = segments
            .first()
            .filter(|first| version::is_version(first))
            .cloned();
        let answering = match &asked {
            Some(asked) => {
                segments.remove(0);
                version::answering(asked, now).ok_or_else(|| {
                    GraphError::new(2500, format!("Unknown path components: {path}"))
                })?
            }
            None => version::NEWEST,
        };
        let named = parameters
            .iter()
            .find(|(name, _)| name == "access_token")
            .map(|(_, token)| token.clone());
        Ok(Self {
            method,
            version: answering,
            segments,
            token: named.or(token).filter(|token| !token.is_empty()),
            parameters,
        })
    }

    /// A parameter's value.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The pairs of a form, or of a JSON object.
fn body_pairs(call: &Call<'_>) -> Outcome<Vec<(String, String)>> {
    let kind = call.header("content-type").unwrap_or_default();
    if call.body.is_empty() {
        return Ok(Vec::new());
    }
    if kind.starts_with("application/json") {
        let read: Option<serde_json::Map<String, Value>> = serde_json::from_slice(call.body).ok();
        let object = read.ok_or_else(|| GraphError::parameter("The body is not a JSON object"))?;
        return Ok(object
            .into_iter()
            .map(|(name, value)| match value {
                Value::String(text) => (name, text),
                other => (name, other.to_string()),
            })
            .collect());
    }
    Ok(url::form_urlencoded::parse(call.body)
        .into_owned()
        .collect())
}

/// A path's part without percent encoding.
fn decoded(part: &str) -> String {
    let plus_safe: Cow<'_, str> = if part.contains('+') {
        part.replace('+', "%2B").into()
    } else {
        part.into()
    };
    // The form decoder also reads percent escapes; a part without `=` is one name.
    url::form_urlencoded::parse(plus_safe.replace('=', "%3D").as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}
