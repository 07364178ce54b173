//! Pages of lists: cursors, and the address of the next page.
//!
//! `cursors.after` is on the last page too: the end is where `next` is missing. `next` holds the
//! token but not the proof, which a client must add. (Paging guide of the Graph API; for the proof,
//! facebook-nodejs-business-sdk issue 316.)

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::error::{GraphError, Outcome};

/// How many items a page has when `limit` isn't given.
const DEFAULT: usize = 25;

/// Parameters that a page's address doesn't repeat.
const NOT_REPEATED: &[&str] = &[
    "access_token",
    "after",
    "appsecret_proof",
    "appsecret_time",
    "before",
];

/// Where a list is read: the beginning of the addresses of its pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    /// `v26.0`.
    pub(super) version: &'p str,
    /// The node's id and the edge's name.
    pub(super) node: &'p str,
    pub(super) edge: &'p str,
    pub(super) token: &'p str,
    /// All parameters of the request.
    pub(super) parameters: &'p [(String, String)],
}

impl Place<'_> {
    /// The address of this list with other parameters in place of some of its own.
    pub(super) fn address(&self, changed: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("access_token", self.token);
        for (name, value) in self.parameters {
            let replaced = changed.iter().any(|(changed, _)| changed == name);
            if !replaced && !NOT_REPEATED.contains(&name.as_str()) {
                query.append_pair(name, value);
            }
        }
        query.extend_pairs(changed);
        format!(
            "https://graph.facebook.com/{}/{}/{}?{}",
            self.version,
            self.node,
            self.edge,
            query.finish()
        )
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A page of a list: the items, and what `paging` says.
#[derive(Debug)]
pub(super) struct Page<'i, T> {
    pub(super) items: &'i [T],
    pub(super) paging: Option<Value>,
}

/// Cuts the page that is asked for. `id` names an item; `most` is how many a page can have.
pub(super) fn cut<'i, T>(
    items: &'i [T],
    id: impl Fn(&T) -> String,
    most: usize,
    place: Place<'_>,
) -> Outcome<Page<'i, T>> {
    let limit = match place.get("limit") {
        None | Some("") => DEFAULT,
        Some(text) => text
            .parse::<usize>()
            .ok()
            .filter(|limit| *limit > 0)
            .ok_or_else(|| GraphError::parameter("Param limit must be a positive integer"))?,
    }
    .min(most);
    // A cursor names an item and where it was: a list can grow or shrink between two pages.
    let find = |text: &str| -> Outcome<usize> {
        let fault = || GraphError::parameter(format!("Invalid cursors values: {text}"));
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().ok_or_else(fault)?;
        let plain = String::from_utf8(bytes).ok().ok_or_else(fault)?;
        let (index, name) = plain.split_once(':').ok_or_else(fault)?;
        let index: usize = index.parse().ok().ok_or_else(fault)?;
        if items.get(index).is_some_and(|item| id(item) == name) {
            return Ok(index);
        }
        Ok(items
            .iter()
            .position(|item| id(item) == name)
            .unwrap_or(index))
    };
    let given = |name| place.get(name).filter(|text| !text.is_empty());
    let (start, end) = match (given("after"), given("before")) {
        (Some(after), _) => {
            let start = (find(after)? + 1).min(items.len());
            (start, (start + limit).min(items.len()))
        }
        (None, Some(before)) => {
            let end = find(before)?.min(items.len());
            (end.saturating_sub(limit), end)
        }
        (None, None) => (0, limit.min(items.len())),
    };
    let page = items.get(start..end).unwrap_or_default();
    let cursor = |index: usize| {
        let item = items.get(index)?;
        Some(URL_SAFE_NO_PAD.encode(format!("{index}:{}", id(item))))
    };
    let (Some(before), Some(after)) = (cursor(start), end.checked_sub(1).and_then(cursor)) else {
        return Ok(Page {
            items: page,
            paging: None,
        });
    };
    if page.is_empty() {
        return Ok(Page {
            items: page,
            paging: None,
        });
    }
    let mut paging = json!({ "cursors": { "before": before, "after": after } });
    if let Value::Object(paging) = &mut paging {
        if end < items.len() {
            paging.insert(
                "next".to_owned(),
                place.address(&[("after", &after)]).into(),
            );
        }
        if start > 0 {
            let address = place.address(&[("before", &before)]);
            paging.insert("previous".to_owned(), address.into());
        }
    }
    Ok(Page {
        items: page,
        paging: Some(paging),
    })
}

/// A page as it is sent.
pub(super) fn body(data: &[Value], paging: Option<Value>) -> Value {
    match paging {
        Some(paging) => json!({ "data": data, "paging": paging }),
        None => json!({ "data": data }),
    }
}
