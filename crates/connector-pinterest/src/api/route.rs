//! Builds requests of API v5: paths whose parts can't break out of their place, and queries.

use std::fmt::Display;

use connector_core::{Error, ErrorKind, Request, Result, endpoint};

use super::list::Paged;

/// Where the API is. Nothing else is ever sent a token.
pub const HOST: &str = "api.pinterest.com";

/// The API's root.
pub const API: &str = "https://api.pinterest.com/v5";

/// A request that is being built.
#[derive(Debug)]
pub(crate) struct Route {
    /// The address so far, or the part that can't be in one.
    address: Result<String>,
    query: Vec<(String, String)>,
}

impl Route {
    /// A path of these parts below the root.
    pub(crate) fn to(path: &[&str]) -> Self {
        Self {
            address: address(path),
            query: Vec::new(),
        }
    }

    /// Adds a parameter.
    pub(crate) fn with(mut self, name: &str, value: impl Display) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    /// Adds which page of a list.
    pub(crate) fn page(self, paged: &Paged) -> Self {
        let route = self.with("page_size", paged.size);
        match &paged.bookmark {
            Some(bookmark) => route.with("bookmark", bookmark),
            None => route,
        }
    }

    /// The address with its query.
    pub(crate) fn url(self) -> Result<String> {
        let mut address = self.address?;
        if !self.query.is_empty() {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&self.query)
                .finish();
            address.push('?');
            address.push_str(&query);
        }
        Ok(address)
    }

    /// A request that reads.
    pub(crate) fn get(self) -> Result<Request> {
        endpoint::get(self.url()?)
    }
}

fn address(path: &[&str]) -> Result<String> {
    let mut address = API.to_owned();
    for part in path {
        // Ids are digits, names are letters: a part with anything else addresses something else.
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if part.is_empty() || !part.bytes().all(fits) {
            return Err(Error::new(
                ErrorKind::InputInvalid,
                "this can't be an id of Pinterest's",
            )
            .with("id", part.escape_debug()));
        }
        address.push('/');
        address.push_str(part);
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_is_asked_for_by_its_bookmark() {
        let paged = Paged {
            size: 3,
            bookmark: Some("P2Mt=&x".to_owned()),
        };
        let request = Route::to(&["boards"]).page(&paged).get().unwrap();
        assert_eq!(
            request.uri(),
            "https://api.pinterest.com/v5/boards?page_size=3&bookmark=P2Mt%3D%26x"
        );
    }

    proptest! {
        #[test]
        fn no_part_breaks_out_of_its_place(part in ".*") {
            if let Ok(request) = Route::to(&["pins", &part]).get() {
                prop_assert_eq!(request.uri().host(), Some(HOST));
                let expected = format!("/v5/pins/{part}");
                prop_assert_eq!(request.uri().path(), expected.as_str());
            }
        }
    }
}
