//! Pages and their tokens, the same below all five dialects.
//!
//! A token holds the position of the last entry that was given out, not a number of entries: what is
//! added or removed between two pages neither repeats an entry nor skips one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::status::{Outcome, Refusal};

/// One page.
#[derive(Debug)]
pub(super) struct Page<'a, T> {
    /// The entries, in order.
    pub(super) items: Vec<&'a T>,
    /// The token of the next page; empty when there is none.
    pub(super) next: String,
    /// How many entries there are on all pages.
    pub(super) total: usize,
}

impl<T> Page<'_, T> {
    pub(super) fn has_more(&self) -> bool {
        !self.next.is_empty()
    }
}

/// Cuts one page out of entries in any order, each with its position. `list` keeps the token of one
/// list from being used for another.
pub(super) fn page<'a, T, K>(
    list: &str,
    entries: impl Iterator<Item = (K, &'a T)>,
    token: Option<&str>,
    limit: usize,
) -> Outcome<Page<'a, T>>
where
    K: Ord + Serialize + DeserializeOwned,
{
    let after: Option<K> = token.map(|token| read(list, token)).transpose()?;
    let mut total = 0;
    let mut rest: Vec<(K, &T)> = entries
        .inspect(|_| total += 1)
        .filter(|(position, _)| after.as_ref().is_none_or(|after| position > after))
        .collect();
    let more = rest.len() > limit;
    if more {
        // Only the page itself needs sorting: a list may be long and is read page by page.
        rest.select_nth_unstable_by(limit, |one, two| one.0.cmp(&two.0));
        rest.truncate(limit);
    }
    rest.sort_unstable_by(|one, two| one.0.cmp(&two.0));
    let last = rest.last().filter(|_| more);
    let next = last
        .map(|(position, _)| write(list, position))
        .unwrap_or_default();
    Ok(Page {
        items: rest.into_iter().map(|(_, item)| item).collect(),
        next,
        total,
    })
}

fn write<K: Serialize>(list: &str, position: &K) -> String {
    // Positions are numbers and texts: they always serialise.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&(list, position)).unwrap_or_default())
}

fn read<K: DeserializeOwned>(list: &str, token: &str) -> Outcome<K> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (of, position): (String, K) = serde_json::from_slice(&bytes).ok()?;
        (of == list).then_some(position)
    };
    read().ok_or_else(|| Refusal::invalid("pagination_token", "not a token of this list"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(list: &[u32], token: Option<&str>) -> (Vec<u32>, String) {
        let page = page("numbers", list.iter().map(|n| (*n, n)), token, 3).unwrap();
        (page.items.into_iter().copied().collect(), page.next)
    }

    #[test]
    fn pages_hold_everything_once_in_order() {
        let (first, token) = take(&[5, 1, 7, 3, 4], None);
        assert_eq!(first, [1, 3, 4]);
        assert_eq!(
            take(&[5, 1, 7, 3, 4], Some(&token)),
            (vec![5, 7], String::new())
        );
        assert_eq!(take(&[1, 2, 3], None), (vec![1, 2, 3], String::new()));
        assert_eq!(take(&[], None), (vec![], String::new()));
    }

    #[test]
    fn inserts_and_deletes_between_pages_neither_repeat_nor_skip() {
        let (_, token) = take(&[1, 3, 4, 5, 7], None);
        assert_eq!(take(&[0, 1, 2, 5, 6, 7], Some(&token)).0, [5, 6, 7]);
    }

    #[test]
    fn foreign_and_broken_tokens_are_refused() {
        let (_, token) = take(&[1, 2, 3, 4], None);
        let list = [1_u32];
        let other = page("others", list.iter().map(|n| (*n, n)), Some(&token), 3);
        assert!(other.is_err());
        for wrong in ["x", "!!!", "AAAA"] {
            assert!(page("numbers", list.iter().map(|n| (*n, n)), Some(wrong), 3).is_err());
        }
    }
}
