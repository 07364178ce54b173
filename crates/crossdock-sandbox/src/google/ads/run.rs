//! Runs a query over an account: which rows there are, counted, filtered, ordered.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::cells::{self, Cell, Counts};
use super::error::Fault;
use super::fields::{self, RESOURCES, SEGMENTS};
use super::query::{Condition, Operator, Query, camel};
use super::{Account, Ads, Fields};
use crate::google::params::{date, today};

/// What a query is run over.
pub(super) struct Source<'a> {
    pub(super) ads: &'a Ads,
    pub(super) id: &'a str,
    pub(super) account: &'a Account,
    pub(super) seed: u64,
    pub(super) now: DateTime<Utc>,
}

/// All rows of a query.
pub(super) fn run(source: &Source<'_>, query: &Query) -> Result<Vec<Value>, Fault> {
    check(source, query)?;
    let mut entities = entities(source, &query.resource);
    let names = || {
        let ordered = query.order.iter().map(|(field, _)| field);
        let filtered = query.conditions.iter().map(|condition| &condition.field);
        query.fields.iter().chain(ordered).chain(filtered)
    };
    // Only what is asked for goes on: rows are many, and fields are too.
    for row in &mut entities {
        row.retain(|name, _| name.ends_with(".resource_name") || names().any(|it| it == name));
    }
    let counted = names().any(|name| name.starts_with("metrics.") || name.starts_with("segments."));
    let mut rows: Vec<Fields> = if counted {
        count(source, query, &entities)?
    } else {
        entities
    };
    let on_rows = |condition: &&Condition| !condition.field.starts_with("segments.");
    rows.retain(|row| {
        let mut conditions = query.conditions.iter().filter(on_rows);
        conditions.all(|condition| condition.holds(row.get(&condition.field), source))
    });
    if !query.order.is_empty() {
        rows.sort_by(|one, two| {
            let by = |(field, down): &(String, bool)| {
                let order = compare(one.get(field), two.get(field));
                if *down { order.reverse() } else { order }
            };
            let mut orders = query.order.iter().map(by);
            orders
                .find(|order| *order != Ordering::Equal)
                .unwrap_or(Ordering::Equal)
        });
    }
    rows.truncate(query.limit.unwrap_or(usize::MAX));
    Ok(rows.iter().map(|row| wire(query, row)).collect())
}

/// Refuses what can't be selected, or not together.
fn check(source: &Source<'_>, query: &Query) -> Result<(), Fault> {
    let found = RESOURCES
        .iter()
        .find(|(name, _, _)| *name == query.resource);
    let Some((_, along, counted)) = found else {
        let words = format!("Unrecognized or unsupported resource '{}'.", query.resource);
        return Err(Fault("BAD_RESOURCE_TYPE_IN_FROM_CLAUSE", words));
    };
    let ordered = query.order.iter().map(|(field, _)| field);
    let filtered = query.conditions.iter().map(|condition| &condition.field);
    for field in query.fields.iter().chain(ordered).chain(filtered) {
        let unknown = || {
            let words = format!("Unrecognized field in the query: '{field}'.");
            Err(Fault("UNRECOGNIZED_FIELD", words))
        };
        let Some((group, name)) = field.split_once('.') else {
            return unknown();
        };
        match group {
            "metrics" if Counts::default().metric(name).is_none() => return unknown(),
            "segments" if !SEGMENTS.contains(&name) => return unknown(),
            "metrics" | "segments" if !counted => {
                let words = format!("'{field}' can't be selected from {}.", query.resource);
                return Err(Fault("PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE", words));
            }
            "metrics" if source.account.manager => {
                let words = "Metrics cannot be requested for a manager account. To retrieve metrics, issue separate requests against each client account under the manager account.";
                return Err(Fault("REQUESTED_METRICS_FOR_MANAGER", words.to_owned()));
            }
            "metrics" | "segments" => {}
            _ if !fields::exists(field) => return unknown(),
            group if !along.contains(&group) => {
                let words = format!("'{field}' can't be selected from {}.", query.resource);
                return Err(Fault("PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE", words));
            }
            _ => {}
        }
    }
    for (field, _) in &query.order {
        if !query.fields.contains(field) {
            let words = format!("'{field}' must be selected to be ordered by.");
            return Err(Fault("EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE", words));
        }
    }
    Ok(())
}

/// The rows that there are before anything is counted.
fn entities(source: &Source<'_>, resource: &str) -> Vec<Fields> {
    let account = source.account;
    let with_account = |fields: &Fields| {
        let mut row = account.fields.clone();
        row.extend(fields.clone());
        row
    };
    match resource {
        "campaign" => account.campaigns.iter().map(with_account).collect(),
        "ad_group" => account
            .groups
            .iter()
            .map(|group| {
                let name = group.get("ad_group.campaign");
                let campaign = account
                    .campaigns
                    .iter()
                    .find(|campaign| campaign.get("campaign.resource_name") == name);
                let mut row = campaign.map_or_else(|| account.fields.clone(), with_account);
                row.extend(group.clone());
                row
            })
            .collect(),
        "campaign_budget" => {
            let budget = |campaign: &Fields| {
                let own = campaign
                    .iter()
                    .filter(|(name, _)| name.starts_with("campaign_budget."));
                let own: Fields = own
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                own.contains_key("campaign_budget.resource_name")
                    .then(|| with_account(&own))
            };
            account.campaigns.iter().filter_map(budget).collect()
        }
        "customer_client" => {
            let clients = account.clients.iter().map(|id| (id.as_str(), "1"));
            let all = std::iter::once((source.id, "0")).chain(clients);
            all.filter_map(|(id, level)| {
                let client = source.ads.accounts.get(id)?;
                Some(with_account(&client_row(source.id, id, level, client)))
            })
            .collect()
        }
        _ => vec![account.fields.clone()],
    }
}

/// An account as its manager sees it.
fn client_row(manager: &str, id: &str, level: &str, client: &Account) -> Fields {
    let mut row = Fields::new();
    for (field, value) in &client.fields {
        let name = field.strip_prefix("customer.").unwrap_or(field);
        if matches!(
            name,
            "id" | "descriptive_name" | "currency_code" | "time_zone" | "manager" | "test_account"
        ) {
            row.insert(format!("customer_client.{name}"), value.clone());
        }
    }
    let status = if client.closed { "CLOSED" } else { "ENABLED" };
    for (name, value) in [
        (
            "resource_name",
            json!(format!("customers/{manager}/customerClients/{id}")),
        ),
        ("client_customer", json!(format!("customers/{id}"))),
        ("level", json!(level)),
        ("hidden", json!(false)),
        ("status", json!(status)),
    ] {
        row.insert(format!("customer_client.{name}"), value);
    }
    row
}

/// Rows with numbers: one for every entity and every combination of the selected segments.
fn count(source: &Source<'_>, query: &Query, entities: &[Fields]) -> Result<Vec<Fields>, Fault> {
    let segments: Vec<&str> = query
        .fields
        .iter()
        .filter_map(|field| field.strip_prefix("segments."))
        .collect();
    let range = range(source, query, !segments.is_empty())?;
    let passes = |cell: &Cell| {
        query.conditions.iter().all(|condition| {
            let name = condition.field.strip_prefix("segments.");
            name.is_none_or(|name| {
                let value = Value::from(cell.segment(name));
                condition.holds(Some(&value), source)
            })
        })
    };
    let mut sums: BTreeMap<(usize, Vec<String>), Counts> = BTreeMap::new();
    if segments.is_empty() {
        // Without segments every entity has its row, zeros and all.
        for index in 0..entities.len() {
            sums.insert((index, Vec::new()), Counts::default());
        }
    }
    let now = source.now;
    for cell in cells::cells(source.account, &query.resource, range, source.seed, now) {
        if passes(&cell) {
            let key = segments.iter().map(|name| cell.segment(name)).collect();
            sums.entry((cell.entity, key)).or_default().add(cell.counts);
        }
    }
    let metrics: Vec<&str> = query
        .fields
        .iter()
        .chain(query.conditions.iter().map(|condition| &condition.field))
        .filter_map(|field| field.strip_prefix("metrics."))
        .collect();
    let kept = sums
        .into_iter()
        .filter(|(_, counts)| segments.is_empty() || !counts.is_zero());
    Ok(kept
        .filter_map(|((entity, key), counts)| {
            let mut row = entities.get(entity)?.clone();
            for (name, value) in segments.iter().zip(key) {
                let value = match *name {
                    "year" => value.parse::<i32>().map_or(Value::Null, Value::from),
                    _ => value.into(),
                };
                row.insert(format!("segments.{name}"), value);
            }
            for name in &metrics {
                if let Some(value) = counts.metric(name) {
                    row.insert(format!("metrics.{name}"), value);
                }
            }
            Some(row)
        })
        .collect())
}

/// The days that a query is for: what its conditions on `segments.date` leave. Selected segments
/// need both ends.
fn range(
    source: &Source<'_>,
    query: &Query,
    segmented: bool,
) -> Result<(NaiveDate, NaiveDate), Fault> {
    let today = today(source.account.zone, source.now);
    let (mut first, mut last) = (None, None);
    for condition in query
        .conditions
        .iter()
        .filter(|it| it.field == "segments.date")
    {
        let (from, until) = condition.days(today)?;
        first = first.max(from);
        last = match (last, until) {
            (Some(one), Some(two)) => Some(std::cmp::min::<NaiveDate>(one, two)),
            (one, two) => one.or(two),
        };
    }
    let ends = first.zip(last);
    if segmented && ends.is_none() {
        let words = "A query by segments must be filtered to a finite range of dates.".to_owned();
        return Err(Fault("EXPECTED_FILTERS_ON_DATE_RANGE", words));
    }
    let oldest = today - TimeDelta::days(3 * 365);
    let (first, last) = (first.unwrap_or(oldest), last.unwrap_or(today));
    if first > last {
        let words = "The range of dates ends before it begins.".to_owned();
        return Err(Fault("DATE_RANGE_TOO_NARROW", words));
    }
    // What was recorded may be older than what is made up.
    let first = if source.account.recorded.is_some() {
        first
    } else {
        first.max(oldest)
    };
    Ok((first, last))
}

type Ends = (Option<NaiveDate>, Option<NaiveDate>);

impl Condition {
    /// The days that a condition on `segments.date` allows; `None` for an open end.
    fn days(&self, today: NaiveDate) -> Result<Ends, Fault> {
        if self.operator == Operator::During {
            return during(self.values.first().map_or("", String::as_str), today);
        }
        let mut values = Vec::new();
        for value in &self.values {
            values.push(date(value).ok_or_else(|| {
                let words = format!("Invalid date '{value}'. Dates are YYYY-MM-DD.");
                Fault("INVALID_DATE_FORMAT", words)
            })?);
        }
        let day = TimeDelta::days(1);
        Ok(match (self.operator, values.as_slice()) {
            (Operator::Equal, [value]) => (Some(*value), Some(*value)),
            (Operator::Between, [from, until]) => (Some(*from), Some(*until)),
            (Operator::GreaterOrEqual, [value]) => (Some(*value), None),
            (Operator::Greater, [value]) => (Some(*value + day), None),
            (Operator::LessOrEqual, [value]) => (None, Some(*value)),
            (Operator::Less, [value]) => (None, Some(*value - day)),
            (Operator::In, values) => (values.iter().min().copied(), values.iter().max().copied()),
            _ => (None, None),
        })
    }

    /// Whether a row's value fits.
    fn holds(&self, held: Option<&Value>, source: &Source<'_>) -> bool {
        let held = held.filter(|held| !held.is_null());
        match self.operator {
            Operator::IsNull => return held.is_none(),
            Operator::IsNotNull => return held.is_some(),
            Operator::During => {
                let day = held.and_then(Value::as_str).and_then(date);
                let ends = self
                    .days(today(source.account.zone, source.now))
                    .unwrap_or_default();
                return day.is_some_and(|day| {
                    ends.0.is_none_or(|from| day >= from) && ends.1.is_none_or(|until| day <= until)
                });
            }
            _ => {}
        }
        let Some(held) = held else {
            return matches!(
                self.operator,
                Operator::NotEqual | Operator::NotIn | Operator::NotLike
            );
        };
        let against = |value: &String| compare(Some(held), Some(&Value::from(value.as_str())));
        let first = self.values.first().map(against);
        let same = |value: &String| against(value) == Ordering::Equal;
        let like = || {
            let text = held.as_str().unwrap_or_default().to_lowercase();
            let pattern = self
                .values
                .first()
                .map(|it| it.to_lowercase())
                .unwrap_or_default();
            matches_like(&text, &pattern)
        };
        match self.operator {
            Operator::Equal => first == Some(Ordering::Equal),
            Operator::NotEqual => first != Some(Ordering::Equal),
            Operator::Less => first == Some(Ordering::Less),
            Operator::LessOrEqual => first != Some(Ordering::Greater),
            Operator::Greater => first == Some(Ordering::Greater),
            Operator::GreaterOrEqual => first != Some(Ordering::Less),
            Operator::In => self.values.iter().any(same),
            Operator::NotIn => !self.values.iter().any(same),
            Operator::Between => {
                let last = self.values.get(1).map(against);
                first != Some(Ordering::Less) && last != Some(Ordering::Greater)
            }
            Operator::Like => like(),
            Operator::NotLike => !like(),
            Operator::IsNull | Operator::IsNotNull | Operator::During => true,
        }
    }
}

/// `%` stands for any text.
fn matches_like(text: &str, pattern: &str) -> bool {
    match pattern.split_once('%') {
        None => text == pattern,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            let mut rests = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            rests.any(|at| rest.get(at..).is_some_and(|rest| matches_like(rest, after)))
        }),
    }
}

/// The named ranges of days. "Last" ones end yesterday.
fn during(name: &str, today: NaiveDate) -> Result<Ends, Fault> {
    let ago = |days: i64| Some(today - TimeDelta::days(days));
    let month = today.with_day(1).unwrap_or(today);
    let before = month - TimeDelta::days(1);
    Ok(match name.to_ascii_uppercase().as_str() {
        "TODAY" => (ago(0), ago(0)),
        "YESTERDAY" => (ago(1), ago(1)),
        "LAST_7_DAYS" => (ago(7), ago(1)),
        "LAST_14_DAYS" => (ago(14), ago(1)),
        "LAST_30_DAYS" => (ago(30), ago(1)),
        "THIS_MONTH" => (Some(month), ago(0)),
        "LAST_MONTH" => (before.with_day(1), Some(before)),
        _ => {
            let words = format!("Unknown range of dates '{name}'.");
            return Err(Fault("INVALID_VALUE_WITH_DURING_OPERATOR", words));
        }
    })
}

/// Compares numbers as numbers, whichever way they are written, and everything else as text.
fn compare(one: Option<&Value>, two: Option<&Value>) -> Ordering {
    let text = |value: Option<&Value>| match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let (one, two) = (text(one), text(two));
    match (one.parse::<f64>(), two.parse::<f64>()) {
        (Ok(one), Ok(two)) => one.total_cmp(&two),
        _ => one.cmp(&two),
    }
}

/// A row as answers have it: the selected fields, and the name of every resource among them. What
/// has no value is left out.
fn wire(query: &Query, row: &Fields) -> Value {
    let mut names: Vec<String> = vec![format!("{}.resource_name", query.resource)];
    for field in &query.fields {
        let group = field.split('.').next().unwrap_or_default();
        names.push(format!("{group}.resource_name"));
        names.push(field.clone());
    }
    let mut shown = Map::new();
    for name in &names {
        if let Some(value) = row.get(name).filter(|value| !value.is_null()) {
            insert(&mut shown, &camel(name), value.clone());
        }
    }
    Value::Object(shown)
}

/// Puts a value in at a path.
fn insert(object: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            object.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = object.entry(first.to_owned()).or_insert_with(|| json!({}));
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}
