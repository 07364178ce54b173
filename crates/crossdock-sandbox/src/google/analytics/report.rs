//! `properties.runReport`: what is asked, counted, ordered, and cut into pages.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::fields::{self, Counts};
use super::filter::holds;
use super::quota::Quota;
use super::{Property, RecordedRow, traffic};
use crate::google::params::{body, date, number, put, today};
use crate::google::refusal::{Outcome, Refusal};
use crate::google::series::days;
use crate::platform::Call;
use crate::world::World;

/// A row: its dimensions, and its metrics.
pub(super) type Row = (Vec<String>, Vec<f64>);

/// How many rows a page has unless it is asked for, and at most.
const DEFAULT_LIMIT: i64 = 10_000;
const MOST: i64 = 250_000;

/// A range of days with its name.
#[derive(Debug)]
struct Range {
    name: String,
    first: NaiveDate,
    last: NaiveDate,
}

/// What a report is asked to be.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) dimensions: Vec<String>,
    pub(super) metrics: Vec<String>,
    ranges: Vec<Range>,
    limit: usize,
    offset: usize,
    keep_empty: bool,
    quota: bool,
    orders: Vec<Value>,
    dimension_filter: Option<Value>,
    metric_filter: Option<Value>,
    aggregations: Vec<String>,
    now: DateTime<Utc>,
}

impl Asked {
    /// Reads a request, or refuses it.
    pub(super) fn read(call: &Call<'_>, property: &Property, now: DateTime<Utc>) -> Outcome<Self> {
        let fields = body(call)?;
        let recorded = property.recorded.as_deref();
        let dimensions = names(&fields, "dimensions");
        let metrics = names(&fields, "metrics");
        if dimensions.len() > 9 {
            return Err(Refusal::invalid("Requests are limited to 9 dimensions."));
        }
        if metrics.is_empty() || metrics.len() > 10 {
            return Err(Refusal::invalid("Requests need 1 to 10 metrics."));
        }
        for name in &dimensions {
            let known = recorded
                .is_some_and(|rows| rows.iter().any(|row| row.dimensions.contains_key(name)));
            if !known && !fields::is_dimension(name) {
                return Err(Refusal::invalid(format!(
                    "Field {name} is not a valid dimension. For a list of valid dimensions and metrics, see the properties.getMetadata method."
                )));
            }
        }
        for name in &metrics {
            let known =
                recorded.is_some_and(|rows| rows.iter().any(|row| row.metrics.contains_key(name)));
            if !known && fields::metric(name).is_none() {
                return Err(Refusal::invalid(format!(
                    "Field {name} is not a valid metric. For a list of valid dimensions and metrics, see the properties.getMetadata method."
                )));
            }
        }
        let limit = number(&fields, "limit")?.filter(|limit| *limit != 0);
        let limit = limit.unwrap_or(DEFAULT_LIMIT).min(MOST);
        let offset = number(&fields, "offset")?.unwrap_or(0);
        let (Ok(limit), Ok(offset)) = (usize::try_from(limit), usize::try_from(offset)) else {
            return Err(Refusal::invalid("limit and offset must not be negative."));
        };
        let flag = |name: &str| fields.get(name).and_then(Value::as_bool) == Some(true);
        let list = |name: &str| {
            let list = fields.get(name).and_then(Value::as_array);
            list.cloned().unwrap_or_default()
        };
        Ok(Self {
            ranges: ranges(&list("dateRanges"), today(property.zone, now))?,
            limit,
            offset,
            keep_empty: flag("keepEmptyRows"),
            quota: flag("returnPropertyQuota"),
            orders: list("orderBys"),
            dimension_filter: fields.get("dimensionFilter").cloned(),
            metric_filter: fields.get("metricFilter").cloned(),
            aggregations: list("metricAggregations")
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            dimensions,
            metrics,
            now,
        })
    }

    /// How many days all ranges have.
    pub(super) fn days(&self) -> usize {
        let days = |range: &Range| (range.last - range.first).num_days() + 1;
        usize::try_from(self.ranges.iter().map(days).sum::<i64>()).unwrap_or(0)
    }

    /// Whether Google may hold rows back, so that nobody can be recognised.
    pub(super) fn is_thresholded(&self) -> bool {
        self.dimensions
            .iter()
            .any(|name| matches!(name.as_str(), "userAgeBracket" | "userGender"))
    }

    /// Whether pages are told apart and some day has too many of them.
    fn has_other_row(&self) -> bool {
        let pages = |name: &String| matches!(name.as_str(), "landingPage" | "pagePath");
        self.dimensions.iter().any(pages)
            && self
                .ranges
                .iter()
                .any(|range| days(range.first, range.last).any(traffic::has_other_row))
    }

    /// Whether the report is so large that only a sample of the events is counted.
    fn is_sampled(&self) -> bool {
        self.days() > 366 && self.dimensions.len() > 3
    }
}

fn names(fields: &Map<String, Value>, list: &str) -> Vec<String> {
    let list = fields.get(list).and_then(Value::as_array);
    let name = |entry: &Value| entry.get("name")?.as_str().map(str::to_owned);
    list.into_iter().flatten().filter_map(name).collect()
}

fn ranges(list: &[Value], today: NaiveDate) -> Outcome<Vec<Range>> {
    if list.is_empty() || list.len() > 4 {
        return Err(Refusal::invalid("Requests need 1 to 4 date ranges."));
    }
    let mut ranges = Vec::new();
    for (index, entry) in list.iter().enumerate() {
        let day = |name: &str| {
            let written = entry.get(name).and_then(Value::as_str).unwrap_or_default();
            let ago = |days: i64| today.checked_sub_signed(TimeDelta::try_days(days)?);
            let day = match written {
                "today" => Some(today),
                "yesterday" => ago(1),
                other => match other.strip_suffix("daysAgo") {
                    Some(days) => days.parse().ok().and_then(ago),
                    None => date(other),
                },
            };
            day.ok_or_else(|| {
                Refusal::invalid(format!(
                    "Invalid {name}: {written}. Dates are YYYY-MM-DD, NdaysAgo, yesterday or today."
                ))
            })
        };
        let (first, last) = (day("startDate")?, day("endDate")?);
        if first > last {
            return Err(Refusal::invalid("startDate must not be after endDate."));
        }
        let name = entry.get("name").and_then(Value::as_str);
        ranges.push(Range {
            name: name.map_or_else(|| format!("date_range_{index}"), str::to_owned),
            first,
            last,
        });
    }
    Ok(ranges)
}

/// All rows of a report, ordered.
pub(super) fn run(
    asked: &Asked,
    property: &Property,
    id: &str,
    world: &World,
) -> Outcome<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::new();
    for range in &asked.ranges {
        let counted = match &property.recorded {
            Some(recorded) => recorded_rows(asked, range, recorded)?,
            None => counted_rows(asked, range, property, id, world)?,
        };
        for (mut key, metrics) in counted {
            if asked.ranges.len() > 1 {
                key.push(range.name.clone());
            }
            rows.push((key, metrics));
        }
    }
    let is_zero = |metrics: &[f64]| metrics.iter().all(|value| value.abs() < f64::EPSILON);
    rows.retain(|(_, metrics)| asked.keep_empty || !is_zero(metrics));
    if let Some(filter) = &asked.metric_filter {
        let mut kept = Vec::new();
        for row in rows {
            let value = |name: &str| {
                let index = asked.metrics.iter().position(|metric| metric == name)?;
                row.1.get(index).map(f64::to_string)
            };
            if holds(filter, &value)? {
                kept.push(row);
            }
        }
        rows = kept;
    }
    rows.sort_by(|one, two| compare(asked, one, two));
    Ok(rows)
}

fn counted_rows(
    asked: &Asked,
    range: &Range,
    property: &Property,
    id: &str,
    world: &World,
) -> Outcome<BTreeMap<Vec<String>, Vec<f64>>> {
    let mut sums: BTreeMap<Vec<String>, Counts> = BTreeMap::new();
    let last = range.last.min(today(property.zone, asked.now));
    for day in days(range.first, last) {
        for cell in traffic::cells(property, id, day, world.seed, asked.now) {
            if let Some(filter) = &asked.dimension_filter {
                let value = |name: &str| fields::is_dimension(name).then(|| cell.dimension(name));
                if !holds(filter, &value)? {
                    continue;
                }
            }
            let key = asked.dimensions.iter().map(|name| cell.dimension(name));
            sums.entry(key.collect()).or_default().add(cell.counts);
        }
    }
    let read = |counts: &Counts| {
        let value = |name: &String| fields::metric(name).map_or(0.0, |(_, read)| read(counts));
        asked.metrics.iter().map(value).collect()
    };
    Ok(sums
        .into_iter()
        .map(|(key, counts)| (key, read(&counts)))
        .collect())
}

/// What was recorded: each metric from the recorded report that tells it by just these dimensions,
/// or by the fewest more.
fn recorded_rows(
    asked: &Asked,
    range: &Range,
    recorded: &[RecordedRow],
) -> Outcome<BTreeMap<Vec<String>, Vec<f64>>> {
    let (first, last) = (
        range.first.format("%Y%m%d").to_string(),
        range.last.format("%Y%m%d").to_string(),
    );
    let inside = |row: &&RecordedRow| {
        let day = row.dimensions.get("date");
        day.is_none_or(|day| *day >= first && *day <= last)
            && asked
                .dimensions
                .iter()
                .all(|it| row.dimensions.contains_key(it))
    };
    let mut sums: BTreeMap<Vec<String>, Vec<f64>> = BTreeMap::new();
    for (index, metric) in asked.metrics.iter().enumerate() {
        let with_metric = || {
            let rows = recorded.iter().filter(inside);
            rows.filter(|row| row.metrics.contains_key(metric))
        };
        let best = with_metric().min_by_key(|row| row.dimensions.len());
        let Some(best) = best.map(|row| row.report.as_str()) else {
            continue;
        };
        for row in with_metric().filter(|row| row.report == best) {
            if let Some(filter) = &asked.dimension_filter {
                let value =
                    |name: &str| Some(row.dimensions.get(name).cloned().unwrap_or_default());
                if !holds(filter, &value)? {
                    continue;
                }
            }
            let key = asked
                .dimensions
                .iter()
                .map(|name| row.dimensions.get(name).cloned().unwrap_or_default())
                .collect();
            let sums = sums
                .entry(key)
                .or_insert_with(|| vec![0.0; asked.metrics.len()]);
            if let (Some(sum), Some(value)) = (sums.get_mut(index), row.metrics.get(metric)) {
                *sum += value;
            }
        }
    }
    Ok(sums)
}

/// The order that is asked for; without one, the first metric from the top, as Google does.
fn compare(asked: &Asked, one: &Row, two: &Row) -> Ordering {
    for order in &asked.orders {
        let by = |kind: &str, field: &str| order.get(kind)?.get(field)?.as_str();
        let compared = if let Some(name) = by("dimension", "dimensionName") {
            let index = asked.dimensions.iter().position(|known| known == name);
            index.map(|index| one.0.get(index).cmp(&two.0.get(index)))
        } else {
            let name = by("metric", "metricName").unwrap_or_default();
            let index = asked.metrics.iter().position(|known| known == name);
            index.and_then(|index| one.1.get(index).partial_cmp(&two.1.get(index)))
        };
        let compared = compared.unwrap_or(Ordering::Equal);
        let desc = order.get("desc").and_then(Value::as_bool) == Some(true);
        let compared = if desc { compared.reverse() } else { compared };
        if compared != Ordering::Equal {
            return compared;
        }
    }
    let top = if asked.orders.is_empty() {
        two.1.first().partial_cmp(&one.1.first())
    } else {
        None
    };
    top.unwrap_or(Ordering::Equal)
        .then_with(|| one.0.cmp(&two.0))
}

/// The answer's body. A report without rows has neither `rows` nor `rowCount`.
pub(super) fn answer(asked: &Asked, property: &Property, table: &[Row], quota: &Quota) -> Value {
    let mut headers: Vec<Value> = asked
        .dimensions
        .iter()
        .map(|name| json!({ "name": name }))
        .collect();
    if asked.ranges.len() > 1 {
        headers.push(json!({"name": "dateRange"}));
    }
    let metrics: Vec<Value> = asked
        .metrics
        .iter()
        .map(|name| {
            let kind = fields::metric(name).map_or("TYPE_FLOAT", |(kind, _)| kind.name());
            json!({"name": name, "type": kind})
        })
        .collect();
    let mut metadata = json!({
        "currencyCode": property.currency, "timeZone": property.zone.name(),
    });
    let other = asked.has_other_row() && property.recorded.is_none();
    put(&mut metadata, "dataLossFromOtherRow", other.then_some(true));
    let hidden = asked.is_thresholded();
    put(
        &mut metadata,
        "subjectToThresholding",
        hidden.then_some(true),
    );
    let sampled = json!([{"samplesReadCount": "500000", "samplingSpaceSize": "1250000"}]);
    put(
        &mut metadata,
        "samplingMetadatas",
        asked.is_sampled().then_some(sampled),
    );
    let mut body = json!({"kind": "analyticsData#runReport", "metadata": metadata});
    put(
        &mut body,
        "dimensionHeaders",
        (!headers.is_empty()).then_some(headers),
    );
    put(&mut body, "metricHeaders", Some(metrics));
    put(
        &mut body,
        "propertyQuota",
        asked.quota.then(|| quota.json()),
    );
    if table.is_empty() {
        return body;
    }
    for (name, field) in [
        ("TOTAL", "totals"),
        ("MAXIMUM", "maximums"),
        ("MINIMUM", "minimums"),
    ] {
        if asked.aggregations.iter().any(|asked| asked == name) {
            let row = aggregate(asked, table, name);
            put(&mut body, field, Some(json!([row])));
        }
    }
    put(&mut body, "rowCount", Some(table.len()));
    let rows: Vec<Value> = table
        .iter()
        .skip(asked.offset)
        .take(asked.limit)
        .map(wire)
        .collect();
    put(&mut body, "rows", (!rows.is_empty()).then_some(rows));
    body
}

fn wire((dimensions, metrics): &Row) -> Value {
    let values: Vec<Value> = metrics
        .iter()
        .map(|value| json!({"value": value.to_string()}))
        .collect();
    let dimensions: Vec<Value> = dimensions
        .iter()
        .map(|value| json!({ "value": value }))
        .collect();
    let mut row = json!({"metricValues": values});
    put(
        &mut row,
        "dimensionValues",
        (!dimensions.is_empty()).then_some(dimensions),
    );
    row
}

fn aggregate(asked: &Asked, table: &[Row], kind: &str) -> Value {
    let fold = |index: usize| {
        let values = table.iter().filter_map(|(_, metrics)| metrics.get(index));
        match kind {
            "MAXIMUM" => values.copied().fold(f64::MIN, f64::max),
            "MINIMUM" => values.copied().fold(f64::MAX, f64::min),
            _ => values.sum(),
        }
    };
    let width = asked.dimensions.len() + usize::from(asked.ranges.len() > 1);
    let key = vec![format!("RESERVED_{kind}"); width];
    let metrics = (0..asked.metrics.len()).map(fold).collect();
    wire(&(key, metrics))
}
