//! What the platforms' consent pages share: where an app may send people back to, the form that
//! carries what came with them, and the way back.

use bytes::Bytes;
use http::{Response, StatusCode};
use url::Url;

use crate::answer::{self, escape};
use crate::platform::Call;

/// Whether an app may have people sent here: any `https` address, and `http` on this machine. (RFC
/// 6749, 3.1.2 allows no fragment.)
pub(crate) fn is_allowed(url: &Url) -> bool {
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    url.fragment().is_none() && (url.scheme() == "https" || (url.scheme() == "http" && local))
}

/// A form of some content and buttons, the agreeing one first. Everything in `carried` comes back with
/// it, to be checked again.
pub(crate) fn form<'a>(
    call: &Call<'_>,
    platform: &str,
    carried: impl IntoIterator<Item = (&'a str, &'a str)>,
    content: &str,
    buttons: &[(&str, &str)],
) -> String {
    let carried: String = carried
        .into_iter()
        .map(|(name, value)| hidden(name, value))
        .collect();
    let buttons: String = buttons
        .iter()
        .map(|(decision, words)| {
            format!("<button name=\"decision\" value=\"{decision}\">{words}</button>\n")
        })
        .collect();
    let action = format!(
        "{}/_sandbox/pages/{platform}/consent",
        call.sandbox.as_str().trim_end_matches('/')
    );
    format!(
        "<form method=\"post\" action=\"{}\">\n{carried}{content}{buttons}</form>",
        escape(&action)
    )
}

/// A field that nobody sees.
pub(crate) fn hidden(name: &str, value: &str) -> String {
    format!(
        "<input type=\"hidden\" name=\"{}\" value=\"{}\">\n",
        escape(name),
        escape(value)
    )
}

/// What a form's target got, from the form or else from the address.
pub(crate) struct Posted(Vec<(String, String)>);

impl Posted {
    pub(crate) fn read(call: &Call<'_>) -> Self {
        let form = url::form_urlencoded::parse(call.body).into_owned();
        Self(form.chain(call.query.iter().cloned()).collect())
    }

    /// The first value with this name.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        self.all(name).next().map(str::to_owned)
    }

    /// Every value with this name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.0.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    }
}

/// Sends the browser back to the app.
pub(crate) fn back(to: &Url) -> Response<Bytes> {
    let mut response = answer::empty(StatusCode::FOUND);
    answer::set(&mut response, "location", to.as_str());
    answer::set(&mut response, "cache-control", "no-store");
    response
}
