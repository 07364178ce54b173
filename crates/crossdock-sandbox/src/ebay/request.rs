//! What the operations read of a call: its body, its languages, its page.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::answer;
use crate::platform::Call;

use super::refusal::{Outcome, Refusal};

/// The locales of eBay's sites, as headers name them.
const LOCALES: [&str; 25] = [
    "en-US", "en-CA", "fr-CA", "en-GB", "en-AU", "en-IN", "de-AT", "fr-BE", "fr-FR", "de-DE",
    "it-IT", "nl-BE", "nl-NL", "es-ES", "de-CH", "fi-FI", "zh-HK", "hu-HU", "en-PH", "pl-PL",
    "pt-PT", "ru-RU", "en-SG", "en-IE", "en-MY",
];

/// Whether the edge turns a request away because nobody said how long its body is.
pub(super) fn lacks_length(call: &Call<'_>) -> bool {
    let writes = *call.method == Method::POST || *call.method == Method::PUT;
    writes
        && call.body.is_empty()
        && call.header("content-length").is_none()
        && call.header("transfer-encoding").is_none()
}

/// The body as a JSON object.
///
/// # Errors
/// 2004 where it isn't one; 415 where the request doesn't say that it is JSON.
pub(super) fn body(call: &Call<'_>) -> Outcome<Value> {
    let kind = call.header("content-type").unwrap_or_default();
    let is_json = kind
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if !is_json {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Refusal::new(status, 2004, "ACCESS", "Invalid request"));
    }
    serde_json::from_slice::<Value>(call.body)
        .ok()
        .filter(Value::is_object)
        .ok_or_else(Refusal::unreadable)
}

/// Checks `Accept-Language` as the Inventory API does: absent, or a locale of a site. Many HTTP
/// clients send `*` of their own accord.
pub(super) fn check_accept_language(call: &Call<'_>) -> Outcome<()> {
    match call.header("accept-language") {
        None => Ok(()),
        Some(language) => locale(language).map(|_| ()).ok_or_else(|| {
            Refusal::bad(
                25709,
                "API_INVENTORY",
                "Invalid value for header Accept-Language.",
            )
            .with("fieldName", "Accept-Language")
        }),
    }
}

/// The locale in `Content-Language`, as bodies name it: `en_GB`.
pub(super) fn content_language(call: &Call<'_>) -> Outcome<String> {
    call.header("content-language")
        .and_then(locale)
        .map(|locale| locale.replace('-', "_"))
        .ok_or_else(|| {
            Refusal::bad(
                25709,
                "API_INVENTORY",
                "Invalid value for header Content-Language.",
            )
            .with("fieldName", "Content-Language")
        })
}

fn locale(header: &str) -> Option<&'static str> {
    let first = header.split([',', ';']).next().unwrap_or_default().trim();
    LOCALES
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(first))
}

/// A number in the query; the default where there is none, `None` where it isn't one of the range.
pub(super) fn number(
    call: &Call<'_>,
    name: &str,
    default: usize,
    (least, most): (usize, usize),
) -> Option<usize> {
    match call.query(name) {
        None => Some(default),
        Some(text) => text
            .parse()
            .ok()
            .filter(|number| (least..=most).contains(number)),
    }
}

/// How an offset counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offset {
    /// Entries to skip.
    Entries,
    /// Pages to skip: how the lists of the Inventory API count.
    Pages,
}

/// One page of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    pub(super) limit: usize,
    pub(super) offset: usize,
    pub(super) counts: Offset,
}

impl Page {
    /// How many entries come before it.
    pub(super) fn start(&self) -> usize {
        match self.counts {
            Offset::Entries => self.offset,
            Offset::Pages => self.offset.saturating_mul(self.limit),
        }
    }

    /// Its entries.
    pub(super) fn cut<T: Clone>(&self, all: &[T]) -> Vec<T> {
        all.iter()
            .skip(self.start())
            .take(self.limit)
            .cloned()
            .collect()
    }

    /// The addresses `href`, `next` and `prev`, with the other parameters of the request.
    pub(super) fn links(&self, call: &Call<'_>, total: usize) -> Vec<(&'static str, Value)> {
        let step = match self.counts {
            Offset::Entries => self.limit,
            Offset::Pages => 1,
        };
        let mut links = vec![("href", json!(self.at(call, self.offset)))];
        if self.start() + self.limit < total {
            links.push(("next", json!(self.at(call, self.offset + step))));
        }
        if self.offset > 0 {
            links.push((
                "prev",
                json!(self.at(call, self.offset.saturating_sub(step))),
            ));
        }
        links
    }

    fn at(&self, call: &Call<'_>, offset: usize) -> String {
        let mut query: String = call
            .query
            .iter()
            .filter(|(name, _)| name != "limit" && name != "offset")
            .map(|(name, value)| format!("{name}={}&", encoded(value)))
            .collect();
        query.push_str(&format!("limit={}&offset={offset}", self.limit));
        format!("https://{}{}?{query}", call.host, call.path)
    }
}

/// A list's answer: the links, what else is said of the page, and the entries.
pub(super) fn list(
    links: Vec<(&'static str, Value)>,
    said: Value,
    name: &str,
    entries: Vec<Value>,
) -> Response<Bytes> {
    let mut body = said;
    if let Value::Object(fields) = &mut body {
        fields.extend(
            links
                .into_iter()
                .map(|(name, link)| (name.to_owned(), link)),
        );
        fields.insert(name.to_owned(), Value::Array(entries));
    }
    answer::json(StatusCode::OK, &body)
}

/// A value in a link's query. Recorded links leave colons as they are and encode brackets.
fn encoded(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes())
        .collect::<String>()
        .replace("%3A", ":")
        .replace("%2C", ",")
        .replace('+', "%20")
}

/// The answer to something created whose number stands in its address only.
pub(super) fn created(location: &str, body: Option<&Value>) -> Response<Bytes> {
    let mut response = match body {
        Some(body) => answer::json(StatusCode::CREATED, body),
        None => answer::empty(StatusCode::CREATED),
    };
    answer::set(&mut response, "location", location);
    response
}
