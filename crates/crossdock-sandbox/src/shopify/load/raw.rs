//! Reading and merging what was recorded, whichever words it uses.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::Value;

use super::Raw;
use crate::platform::SeedFile;
use crate::shopify::objects::{Amount, Bag, Currency};

/// The JSON values of a file: one, or one a line.
pub(super) fn read(file: &SeedFile<'_>) -> Result<Vec<Value>, String> {
    let text = std::str::from_utf8(file.bytes).map_err(|error| format!("Not text: {error}."))?;
    if file.path.ends_with(".jsonl") {
        return text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| serde_json::from_str(line).map_err(|error| format!("Not JSON: {error}.")))
            .collect();
    }
    if !file.path.ends_with(".json") {
        return Err("It is no JSON.".to_owned());
    }
    serde_json::from_str(text)
        .map(|value| vec![value])
        .map_err(|error| format!("Not JSON: {error}."))
}

/// Adds what is said to what was said: what is new wins, but null says nothing, and lists of
/// objects are joined by their ids.
pub(super) fn merge(into: &mut Raw, said: Raw) {
    for (key, value) in said {
        match (into.get_mut(&key), value) {
            (Some(_), Value::Null) => {}
            (Some(Value::Object(known)), Value::Object(new)) => merge(known, new),
            (Some(Value::Array(known)), Value::Array(new)) if has_ids(known) && has_ids(&new) => {
                for item in new {
                    join(known, item);
                }
            }
            (Some(known), value) => *known = value,
            (None, value) => {
                into.insert(key, value);
            }
        }
    }
}

fn has_ids(items: &[Value]) -> bool {
    !items.is_empty()
        && items
            .iter()
            .all(|item| item.get("id").is_some_and(|id| !id.is_null()))
}

fn join(known: &mut Vec<Value>, item: Value) {
    let id = item.get("id").and_then(number);
    let place = known
        .iter_mut()
        .find(|other| other.get("id").and_then(number) == id);
    match (place, item) {
        (Some(Value::Object(known)), Value::Object(item)) => merge(known, item),
        (_, item) => known.push(item),
    }
}

/// The number of an id: a number, digits, or what a gid ends in.
pub(super) fn number(id: &Value) -> Option<u64> {
    match id {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.rsplit('/').next()?.split('?').next()?.parse().ok(),
        _ => None,
    }
}

/// What the first of several names says, other than null.
pub(super) fn get<'r>(raw: &'r Raw, names: &[&str]) -> Option<&'r Value> {
    names
        .iter()
        .filter_map(|name| raw.get(*name))
        .find(|value| !value.is_null())
}

/// A number under one of several names.
pub(super) fn id(raw: &Raw, names: &[&str]) -> Option<u64> {
    get(raw, names).and_then(|value| match value {
        Value::Object(inner) => inner.get("id").and_then(number),
        value => number(value),
    })
}

/// A text.
pub(super) fn text<'r>(raw: &'r Raw, names: &[&str]) -> Option<&'r str> {
    get(raw, names).and_then(Value::as_str)
}

/// A text of its own.
pub(super) fn owned(raw: &Raw, names: &[&str]) -> Option<String> {
    text(raw, names).map(str::to_owned)
}

/// A flag.
pub(super) fn flag(raw: &Raw, names: &[&str]) -> Option<bool> {
    get(raw, names).and_then(Value::as_bool)
}

/// A whole number.
pub(super) fn int(raw: &Raw, names: &[&str]) -> Option<i64> {
    get(raw, names).and_then(Value::as_i64)
}

/// A point in time, or a day.
pub(super) fn time(raw: &Raw, names: &[&str]) -> Option<DateTime<Utc>> {
    let text = text(raw, names)?;
    let time = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
    let day = || {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(day.and_time(NaiveTime::MIN).and_utc())
    };
    time.ok().or_else(day)
}

/// The objects of a list, a connection of nodes or one of edges.
pub(super) fn list<'r>(raw: &'r Raw, names: &[&str]) -> Vec<&'r Raw> {
    let Some(value) = get(raw, names) else {
        return vec![];
    };
    let items = |value: &'r Value| value.as_array().into_iter().flatten();
    if value.is_array() {
        return items(value).filter_map(Value::as_object).collect();
    }
    let nodes = value.get("nodes").into_iter().flat_map(items);
    let edges = value
        .get("edges")
        .into_iter()
        .flat_map(items)
        .filter_map(|edge| edge.get("node"));
    nodes.chain(edges).filter_map(Value::as_object).collect()
}

/// The texts of a list, or of one text with commas.
pub(super) fn texts(raw: &Raw, names: &[&str]) -> Vec<String> {
    match get(raw, names) {
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect(),
        Some(Value::String(text)) => text
            .split(',')
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect(),
        _ => vec![],
    }
}

/// An amount: plain, or a money object's.
pub(super) fn amount(raw: &Raw, names: &[&str]) -> Option<Amount> {
    get(raw, names).and_then(|value| match value {
        Value::Object(money) => money.get("amount").and_then(Amount::from_json),
        value => Amount::from_json(value),
    })
}

/// An amount in both currencies: a set, or one plain amount for both.
pub(super) fn bag(raw: &Raw, names: &[&str]) -> Option<Bag> {
    names.iter().find_map(|name| {
        let value = raw.get(*name)?;
        let part = |names: [&str; 2]| {
            let money = names.iter().find_map(|name| value.get(*name))?;
            money.get("amount").and_then(Amount::from_json)
        };
        if value.is_object() {
            let shop = part(["shopMoney", "shop_money"])?;
            let presentment = part(["presentmentMoney", "presentment_money"]).unwrap_or(shop);
            return Some(Bag { shop, presentment });
        }
        Amount::from_json(value).map(Bag::same)
    })
}

/// A currency: plain, or that of a set's half.
pub(super) fn currency(raw: &Raw, names: &[&str]) -> Option<Currency> {
    text(raw, names).and_then(Currency::parse)
}

/// The currency of one half of a set.
pub(super) fn set_currency(raw: &Raw, set: &[&str], half: &[&str]) -> Option<Currency> {
    let money = get(raw, set)?.as_object()?;
    let money = get(money, half)?.as_object()?;
    currency(money, &["currencyCode", "currency_code"])
}

/// The location of a level.
pub(super) fn location(level: &Raw) -> Option<u64> {
    id(level, &["location", "location_id"])
}
