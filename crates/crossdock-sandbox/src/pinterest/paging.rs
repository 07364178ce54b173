//! Bookmarks. One names the last object of the page before it, and is bound to the request that it
//! came from. A list ends where the bookmark is null, and nowhere else: that of pins has one more
//! page, which is empty (recorded). That other parameters make a bookmark void, and that it ends
//! after an hour, is inferred: the guide says opaque and short-lived.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::platform::Call;
use crate::random::Random;

use super::refusal::{Outcome, Refusal};

/// How long a bookmark is good, in seconds.
const LIFE: i64 = 3_600;

/// The largest page.
const LARGEST: usize = 250;

/// In which order a list comes, and how it ends.
#[derive(Clone, Copy)]
pub(super) struct Order {
    pub(super) newest_first: bool,
    /// Whether a page that isn't empty always has a bookmark.
    pub(super) empty_last: bool,
}

/// Oldest first, ending with the last page.
pub(super) const PLAIN: Order = Order {
    newest_first: false,
    empty_last: false,
};

/// Newest first, ending with an empty page.
pub(super) const PINS: Order = Order {
    newest_first: true,
    empty_last: true,
};

fn invalid() -> Refusal {
    Refusal::parameter("Invalid bookmark.")
}

/// A number for everything else that was asked.
fn digest(call: &Call<'_>) -> u64 {
    let mut parts: Vec<&str> = vec![call.path];
    for (name, value) in &call.query {
        if name != "bookmark" {
            parts.extend([name.as_str(), value.as_str()]);
        }
    }
    Random::for_thing(0, &parts).next()
}

fn write(last: u64, call: &Call<'_>) -> String {
    let text = format!("{last}:{:x}:{}", digest(call), call.now.timestamp());
    URL_SAFE_NO_PAD.encode(text)
}

fn read(bookmark: &str, call: &Call<'_>, now: DateTime<Utc>) -> Option<u64> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(bookmark).ok()?).ok()?;
    let mut parts = text.split(':');
    let (last, bound, made) = (parts.next()?, parts.next()?, parts.next()?);
    let good = bound == format!("{:x}", digest(call))
        && now.timestamp() - made.parse::<i64>().ok()? < LIFE;
    good.then(|| last.parse().ok()).flatten()
}

/// The page that is asked for, of objects in the order of their ids.
pub(super) fn page<'a>(
    objects: impl DoubleEndedIterator<Item = (u64, &'a Value)>,
    order: Order,
    call: &Call<'_>,
) -> Outcome<Value> {
    let size = match call.query("page_size") {
        None => 25,
        Some(text) => {
            let size: usize = text.parse().map_err(|_cause| {
                Refusal::parameter(format!(
                    "Parameter 'page_size' was not numeric (was {text})"
                ))
            })?;
            if !(1..=LARGEST).contains(&size) {
                return Err(Refusal::parameter(format!(
                    "'page_size' value {size} must be from 1 to {LARGEST}"
                )));
            }
            size
        }
    };
    let after = match call.query("bookmark").filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => Some(read(text, call, call.now).ok_or_else(invalid)?),
    };
    let mut objects: Vec<(u64, &Value)> = objects.collect();
    if order.newest_first {
        objects.reverse();
    }
    let left: Vec<(u64, &Value)> = objects
        .into_iter()
        .filter(|(id, _)| {
            after.is_none_or(|after| {
                if order.newest_first {
                    *id < after
                } else {
                    *id > after
                }
            })
        })
        .collect();
    let items: Vec<&Value> = left.iter().take(size).map(|(_, object)| *object).collect();
    let last = left.iter().take(size).next_back().map(|(id, _)| *id);
    let bookmark = last
        .filter(|_| left.len() > size || order.empty_last)
        .map(|last| write(last, call));
    Ok(json!({"items": items, "bookmark": bookmark}))
}
