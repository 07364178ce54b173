//! A page of a list, and the bookmark of the next one.
//!
//! A page may be short, or empty, and have a bookmark: only a bookmark that is null ends a list. A
//! missing or empty one is the same as null. (API v5, `Paginated`; recorded answers of pins.)

use connector_core::Entry;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Which page of a list is asked for. A bookmark is good for the same other parameters alone, and
/// not for long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged {
    /// How many at the most: 1 to 250.
    pub size: u8,
    /// Where the page before left off; `None` for the first page.
    pub bookmark: Option<String>,
}

impl Paged {
    /// The most that Pinterest gives at once.
    pub const MOST: u8 = 250;

    /// As much as there can be, from a bookmark on.
    #[must_use]
    pub fn from(bookmark: Option<String>) -> Self {
        Self {
            size: Self::MOST,
            bookmark,
        }
    }
}

/// A page of a list.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
pub struct List<T> {
    /// What is on it.
    pub items: Vec<Entry<T>>,
    /// Where the list goes on, as Pinterest wrote it.
    #[serde(default)]
    pub bookmark: Option<String>,
}

impl<T> List<T> {
    /// Where the list goes on; `None` at its end.
    #[must_use]
    pub fn next(&self) -> Option<String> {
        let bookmark = self.bookmark.clone();
        bookmark.filter(|bookmark| !bookmark.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bookmark_ends_a_list() {
        let next = |json: &str| serde_json::from_str::<List<u8>>(json).unwrap().next();
        for end in [
            r#"{"items":[1],"bookmark":null}"#,
            r#"{"items":[1]}"#,
            r#"{"items":[],"bookmark":""}"#,
        ] {
            assert_eq!(next(end), None, "{end}");
        }
        let empty = next(r#"{"items":[],"bookmark":"P2Mt"}"#);
        assert_eq!(empty.as_deref(), Some("P2Mt"));
    }
}
