//! What a field resolves to, before it is written.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::super::objects::Amount;
use super::super::resolve::Object;
use super::error::GraphqlError;
use super::plan::{Args, Field};
use super::schema::Schema;

/// What a field resolves to.
#[derive(Debug)]
pub(crate) enum Resolved<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Str(Cow<'a, str>),
    /// The gid of a type's object.
    Gid(&'static str, u64),
    /// A number that is written as a text.
    Digits(u64),
    Time(DateTime<Utc>),
    /// As in `MoneyV2`.
    Decimal(Amount),
    /// As in a `Money` field.
    Price(Amount),
    Object(Object<'a>),
    List(Vec<Self>),
    Connection(Page<'a>),
    /// Written as it is, but for the selection. A text where the field answers with an object is
    /// the gid of one.
    Json(Cow<'a, Value>),
}

impl<'a> Resolved<'a> {
    /// A text.
    pub(crate) fn str(text: &'a str) -> Self {
        Self::Str(Cow::Borrowed(text))
    }

    /// A text or null.
    pub(crate) fn opt(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::str)
    }

    /// A point in time or null.
    pub(crate) fn opt_time(time: Option<DateTime<Utc>>) -> Self {
        time.map_or(Self::Null, Self::Time)
    }

    /// An object or null.
    pub(crate) fn opt_object(object: Option<Object<'a>>) -> Self {
        object.map_or(Self::Null, Self::Object)
    }

    /// A made-up value.
    pub(crate) fn json(value: Value) -> Self {
        Self::Json(Cow::Owned(value))
    }
}

impl<'a> Resolved<'a> {
    /// The object, where it is one that the shop holds.
    pub(crate) fn into_object(self) -> Option<Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Shows the value as a page, where it is a connection or a list that was made up.
    pub(crate) fn with_page(&self, field: &Field, show: impl FnOnce(&Page<'_>)) {
        match self {
            Self::Connection(page) => show(page),
            Self::Json(value) => {
                if let Some(items) = value.as_array() {
                    show(&Page::made(items, field));
                }
            }
            _ => {}
        }
    }
}

/// One page of a connection.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) nodes: Vec<(Cursor, Object<'a>)>,
    pub(crate) has_next: bool,
    pub(crate) has_previous: bool,
}

impl<'a> Page<'a> {
    /// The first so many of a list that was made up.
    pub(crate) fn made(items: &'a [Value], field: &Field) -> Self {
        let node = field.ty.name.trim_end_matches("Connection");
        let first = field
            .args
            .int("first")
            .and_then(|first| usize::try_from(first).ok());
        let first = first.unwrap_or(usize::MAX);
        let nodes = items.iter().take(first).zip(0..).filter_map(|(item, id)| {
            let named = item
                .get("__typename")
                .and_then(Value::as_str)
                .unwrap_or(node);
            let name = Schema::served().get(named)?.name;
            let key = SortKey::Number(i64::try_from(id).unwrap_or(i64::MAX));
            Some((Cursor { key, id }, Object::Made(name, item)))
        });
        Self {
            nodes: nodes.collect(),
            has_next: items.len() > first,
            has_previous: false,
        }
    }
}

/// What lists are sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SortKey {
    Number(i64),
    Time(DateTime<Utc>),
    Text(String),
}

/// A place in a sorted list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cursor {
    pub(crate) key: SortKey,
    pub(crate) id: u64,
}

impl Cursor {
    /// The cursor as it is sent.
    pub(crate) fn encode(&self) -> String {
        let value = match &self.key {
            SortKey::Number(number) => number.to_string(),
            SortKey::Time(time) => time.to_rfc3339_opts(SecondsFormat::Micros, true),
            SortKey::Text(text) => text.clone(),
        };
        STANDARD.encode(json!({ "last_id": self.id, "last_value": value }).to_string())
    }

    /// Reads a cursor of a list that is sorted by keys like `like`.
    fn decode(text: &str, like: &SortKey) -> Option<Self> {
        let bytes = STANDARD.decode(text).ok()?;
        let cursor: Value = serde_json::from_slice(&bytes).ok()?;
        let value = cursor.get("last_value")?.as_str()?;
        let key = match like {
            SortKey::Number(_) => SortKey::Number(value.parse().ok()?),
            SortKey::Time(_) => SortKey::Time(DateTime::parse_from_rfc3339(value).ok()?.to_utc()),
            SortKey::Text(_) => SortKey::Text(value.to_owned()),
        };
        Some(Self {
            key,
            id: cursor.get("last_id")?.as_u64()?,
        })
    }
}

/// Cuts one page out of a list by the arguments `first`, `last`, `after`, `before` and `reverse`.
///
/// Only the page is put in order, not the whole list: of a large table, that is what counts.
///
/// # Errors
/// A cursor that is none of this list's.
pub(crate) fn page<'a, T: Copy>(
    args: &Args,
    unlimited: bool,
    items: impl Iterator<Item = (Cursor, T)>,
    object: impl Fn(T) -> Object<'a>,
) -> Result<Page<'a>, GraphqlError> {
    let reverse = args.flag("reverse");
    let mut items: Vec<(Cursor, T)> = items.collect();
    let Some(like) = items.first().map(|(cursor, _)| cursor.key.clone()) else {
        return Ok(Page {
            nodes: vec![],
            has_next: false,
            has_previous: false,
        });
    };
    let read = |name: &str| {
        args.str(name)
            .map(|text| {
                Cursor::decode(text, &like).ok_or_else(|| {
                    GraphqlError::bare("Invalid cursor for current pagination sort.")
                })
            })
            .transpose()
    };
    let (after, before) = (read("after")?, read("before")?);
    let total = items.len();
    // In a reversed list, `after` a cursor is below it.
    let (low, high) = if reverse {
        (&before, &after)
    } else {
        (&after, &before)
    };
    items.retain(|(cursor, _)| {
        low.as_ref().is_none_or(|low| cursor > low) && high.as_ref().is_none_or(|h| cursor < h)
    });
    let cut = total - items.len();
    let order = |(left, _): &(Cursor, T), (right, _): &(Cursor, T)| {
        if reverse {
            right.cmp(left)
        } else {
            left.cmp(right)
        }
    };
    let size = |name: &str| args.int(name).and_then(|size| usize::try_from(size).ok());
    let (mut has_next, mut has_previous) =
        (before.is_some() && cut > 0, after.is_some() && cut > 0);
    match (size("first"), size("last")) {
        _ if unlimited => items.sort_unstable_by(order),
        (Some(first), _) => {
            if items.len() > first {
                has_next = true;
                if first > 0 {
                    items.select_nth_unstable_by(first - 1, order);
                }
                items.truncate(first);
            }
            items.sort_unstable_by(order);
        }
        (None, last) => {
            items.sort_unstable_by(order);
            let surplus = items.len().saturating_sub(last.unwrap_or(usize::MAX));
            has_previous |= surplus > 0;
            items.drain(..surplus);
        }
    }
    let nodes = items
        .into_iter()
        .map(|(cursor, item)| (cursor, object(item)))
        .collect();
    Ok(Page {
        nodes,
        has_next,
        has_previous,
    })
}
