//! Where a page of a list is.

use std::fmt;

use connector_core::{Error, Result};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::environment::{Environment, Server};

/// The address of a page of one of eBay's lists.
///
/// A token is sent there, so it is only ever an address that this crate made, or one that eBay gave
/// as the next and that leads to the same list on the same server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link(Url);

impl Link {
    /// The first page of a list. Values of the query are encoded: brackets, braces and bars too.
    ///
    /// # Errors
    /// [`InputInvalid`](connector_core::ErrorKind::InputInvalid) where that makes no address.
    pub fn first(
        environment: Environment,
        server: Server,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Self> {
        let mut address = format!("{}{path}", environment.root(server));
        for (number, (name, value)) in query.iter().enumerate() {
            let sign = if number == 0 { '?' } else { '&' };
            address.push(sign);
            address.push_str(name);
            address.push('=');
            address.push_str(&encoded(value));
        }
        Url::parse(&address)
            .map(Self)
            .map_err(|cause| Error::input("path", "this can't be an address").with_source(cause))
    }

    /// The next page, as eBay gives it: an address, or the part of one that comes after the server.
    ///
    /// # Errors
    /// [`ContractBroken`](connector_core::ErrorKind::ContractBroken) where that leads to another
    /// server or another list, or back to this page.
    pub fn next(&self, given: &str) -> Result<Self> {
        let next = self
            .0
            .join(given)
            .map_err(|cause| Error::contract("the next page has no address").with_source(cause))?;
        let stays = next.origin() == self.0.origin()
            && next.path().trim_end_matches('/') == self.0.path().trim_end_matches('/')
            && next.username().is_empty()
            && next.password().is_none();
        if !stays {
            return Err(Error::contract(
                "the next page is elsewhere than this one, and is not followed",
            )
            .with("host", next.host_str().unwrap_or_default()));
        }
        let mut next = Self(next);
        next.tidy();
        if next == *self {
            return Err(Error::contract("the next page of a list is this one again"));
        }
        Ok(next)
    }

    /// Encodes what an address may not have in its query, which eBay's own links sometimes do.
    fn tidy(&mut self) {
        let tidied: Option<String> = self.0.query().map(|query| {
            query.chars().fold(String::new(), |mut tidied, letter| {
                match letter {
                    '[' | ']' | '{' | '}' | '|' => {
                        tidied.push_str(&encoded(letter.encode_utf8(&mut [0; 4])));
                    }
                    _ => tidied.push(letter),
                }
                tidied
            })
        });
        self.0.set_query(tidied.as_deref());
        self.0.set_fragment(None);
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text as a part of an address: everything encoded but letters, digits and `-._~`.
pub(crate) fn encoded(text: &str) -> String {
    use std::fmt::Write as _;

    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // A String takes all that is written to it.
            let _infallible = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector_core::ErrorKind;
    use proptest::prelude::*;

    fn first() -> Link {
        Link::first(
            Environment::Production,
            Server::Api,
            "/sell/fulfillment/v1/order",
            &[
                ("filter", "lastmodifieddate:[2026-01-01T00:00:00.000Z..]"),
                ("limit", "50"),
            ],
        )
        .unwrap()
    }

    #[test]
    fn a_query_is_encoded() {
        assert_eq!(
            first().as_str(),
            "https://api.ebay.com/sell/fulfillment/v1/order?filter=lastmodifieddate%3A%5B2026-01-01T00%3A00%3A00.000Z..%5D&limit=50"
        );
    }

    #[test]
    fn a_next_page_is_on_the_same_list_of_the_same_server() {
        let page = "https://api.ebay.com/sell/fulfillment/v1/order?limit=50&offset=50";
        assert_eq!(first().next(page).unwrap().as_str(), page);
        let relative = "/sell/fulfillment/v1/order?limit=50&offset=50";
        assert_eq!(first().next(relative).unwrap().as_str(), page);
        let raw = first().next("?filter=a:[1..]&x={B|C}").unwrap();
        assert!(
            raw.as_str().ends_with("?filter=a:%5B1..%5D&x=%7BB%7CC%7D"),
            "{raw}"
        );
        for elsewhere in [
            "https://api.ebay.com.evil.example/sell/fulfillment/v1/order?offset=50",
            "https://evil.example/sell/fulfillment/v1/order?offset=50",
            "//evil.example/sell/fulfillment/v1/order?offset=50",
            "http://api.ebay.com/sell/fulfillment/v1/order?offset=50",
            "https://api.ebay.com:8443/sell/fulfillment/v1/order?offset=50",
            "https://api.sandbox.ebay.com/sell/fulfillment/v1/order?offset=50",
            "https://user:word@api.ebay.com/sell/fulfillment/v1/order?offset=50",
            "https://api.ebay.com/sell/finances/v1/payout?offset=50",
            "https://[",
            first().as_str(),
        ] {
            let error = first().next(elsewhere).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ContractBroken, "{elsewhere}");
        }
    }

    proptest! {
        #[test]
        fn no_text_leads_away(given in ".*") {
            if let Ok(next) = first().next(&given) {
                prop_assert!(next.as_str().starts_with("https://api.ebay.com/sell/fulfillment/v1/order"));
                prop_assert!(next.as_str().parse::<http::Uri>().is_ok());
            }
        }

        #[test]
        fn what_is_encoded_decodes(text in ".*") {
            let query = format!("a={}", encoded(&text));
            let decoded = url::form_urlencoded::parse(query.as_bytes()).next().unwrap().1;
            prop_assert_eq!(decoded, text);
        }
    }
}
