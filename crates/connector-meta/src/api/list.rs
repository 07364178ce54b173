//! A page of a list, and where the next one is.
//!
//! `cursors.after` is there on the last page too, so only a missing `next` ends a list; a page may be
//! empty and have a next one. `next` is an address with the token in it: what is kept of it is where
//! it goes on, and nothing else. (developers.facebook.com, "Paginated results"; facts of 2026-11.)

use std::collections::BTreeMap;

use connector_core::{Error, Response, Result, endpoint};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use url::Url;

use super::route::HOST;
use connector_core::Entry;

/// The parameters that say where a list goes on; all others of an address are ours, or secret.
const OF_PAGES: [&str; 6] = [
    "after",
    "before",
    "since",
    "until",
    "offset",
    "__paging_token",
];

/// A page of a list.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
pub struct List<T> {
    /// What is on it.
    pub data: Vec<Entry<T>>,
    #[serde(default)]
    paging: Option<Paging>,
    /// The version that answered, by the header `facebook-api-version`.
    #[serde(skip)]
    pub served: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Paging {
    cursors: Option<Cursors>,
    next: Option<String>,
}

// The address has the token in it.
impl std::fmt::Debug for Paging {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Paging").finish_non_exhaustive()
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cursors {
    after: Option<String>,
}

/// Where a list goes on: parameters of its next page, without token or proof.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Continuation(BTreeMap<String, String>);

impl Continuation {
    /// The continuation of these parameters.
    #[must_use]
    pub fn new<'p>(parameters: impl IntoIterator<Item = (&'p str, &'p str)>) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self(parameters.into_iter().map(owned).collect())
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<T: DeserializeOwned> List<T> {
    /// Reads an answer, with the version that it came in.
    ///
    /// # Errors
    /// [`ContractBroken`](connector_core::ErrorKind::ContractBroken) when it is no list.
    pub fn read(response: &Response) -> Result<Self> {
        let mut list: Self = endpoint::json(response.body())?;
        let served = response.headers().get("facebook-api-version");
        list.served = served
            .and_then(|version| version.to_str().ok())
            .map(str::to_owned);
        Ok(list)
    }
}

impl<T> List<T> {
    /// Where the list goes on; `None` at its end.
    ///
    /// # Errors
    /// [`ContractBroken`](connector_core::ErrorKind::ContractBroken) when the address of the next page
    /// is of another host, or says nothing.
    pub fn next(&self) -> Result<Option<Continuation>> {
        let Some(paging) = &self.paging else {
            return Ok(None);
        };
        // An empty one is none too, as some recorded pages have it.
        let Some(next) = paging.next.as_ref().filter(|next| !next.is_empty()) else {
            return Ok(None);
        };
        let odd = || Error::contract("the address of the next page is none of Meta's");
        let url = Url::parse(next).map_err(|_cause| odd())?;
        if url.scheme() != "https" || url.host_str() != Some(HOST) {
            return Err(odd());
        }
        let after = paging.cursors.as_ref().and_then(|it| it.after.as_deref());
        let mut parameters: BTreeMap<String, String> = url
            .query_pairs()
            .filter(|(name, _)| OF_PAGES.contains(&name.as_ref()))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        if let Some(after) = after.filter(|after| !after.is_empty()) {
            parameters.insert("after".to_owned(), after.to_owned());
        }
        if parameters.is_empty() {
            return Err(Error::contract(
                "the address of the next page doesn't say where it goes on",
            ));
        }
        Ok(Some(Continuation(parameters)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list(json: &str) -> List<serde_json::Value> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_list_ends_where_next_is_missing_and_not_where_the_cursor_is() {
        let last = list(r#"{"data":[{}],"paging":{"cursors":{"before":"MA","after":"MQ"}}}"#);
        assert_eq!(last.next().unwrap(), None);
        assert_eq!(list(r#"{"data":[]}"#).next().unwrap(), None);
        let blank = list(r#"{"data":[{}],"paging":{"next":""}}"#);
        assert_eq!(blank.next().unwrap(), None);
        let empty = list(
            r#"{"data":[],"paging":{"cursors":{"after":"MQ"},"next":"https://graph.facebook.com/v26.0/1/feed?access_token=made-up&after=MQ&limit=5"}}"#,
        );
        let next = empty.next().unwrap().unwrap();
        assert_eq!(next, Continuation::new([("after", "MQ")]));
    }

    #[test]
    fn a_list_by_time_goes_on_by_time_and_keeps_no_token() {
        let by_time = list(
            r#"{"data":[],"paging":{"next":"https://graph.facebook.com/v26.0/1/feed?access_token=made-up&appsecret_proof=made-up&limit=25&until=1793000000&__paging_token=enc_x"}}"#,
        );
        let next = by_time.next().unwrap().unwrap();
        assert_eq!(
            serde_json::to_string(&next).unwrap(),
            r#"{"__paging_token":"enc_x","until":"1793000000"}"#
        );
        assert!(!format!("{by_time:?}").contains("made-up"));
    }

    #[test]
    fn the_next_page_is_metas() {
        for next in [
            "https://graph.facebook.com.example/v26.0/1/feed?after=MQ",
            "http://graph.facebook.com/v26.0/1/feed?after=MQ",
            "https://graph.facebook.com/v26.0/1/feed?access_token=made-up",
            "/1/feed?after=MQ",
        ] {
            let odd = list(&format!(r#"{{"data":[],"paging":{{"next":"{next}"}}}}"#));
            let error = odd.next().unwrap_err();
            assert!(!format!("{error:?}").contains("made-up"), "{error:?}");
        }
    }

    proptest! {
        #[test]
        fn no_address_panics_or_leaks(query in "[a-z_=&%0-9]{0,60}") {
            let json = serde_json::json!({"data": [], "paging": {"next": format!("https://{HOST}/v26.0/1/feed?access_token=made-up&{query}")}});
            if let Ok(Some(next)) = list(&json.to_string()).next() {
                prop_assert!(next.parameters().all(|(name, value)| OF_PAGES.contains(&name) && value != "made-up"));
            }
        }
    }
}
