//! What a report is asked for: its dimension, metrics, filter and order.

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};

use crate::platform::Call;

use super::super::filter::{Demand, Filter};
use super::super::refusal::{Outcome, Refusal};
use super::figures::Figures;
use super::{DOMAIN, days};

/// The longest range of days.
const LONGEST: i64 = 90;

/// How far back a range may begin, in days.
const MEMORY: i64 = 730;

/// How many listings can be asked for.
const MOST_LISTINGS: usize = 200;

/// The sites that can be reported on.
const MARKETPLACES: [&str; 8] = [
    "EBAY_AU",
    "EBAY_DE",
    "EBAY_ES",
    "EBAY_FR",
    "EBAY_GB",
    "EBAY_IT",
    "EBAY_US",
    "EBAY_MOTORS_US",
];

/// What the rows of a report are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dimension {
    Day,
    Listing,
}

impl Dimension {
    /// As the report's header says it.
    pub(super) fn definition(self) -> Value {
        match self {
            Self::Day => json!({"key": "DAY", "localizedName": "Day", "dataType": "DATE"}),
            Self::Listing => {
                json!({"key": "LISTING", "localizedName": "Listing", "dataType": "STRING"})
            }
        }
    }
}

/// One metric: its key, what it is called, and how it follows from the figures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Metric {
    key: &'static str,
    name: &'static str,
    /// A count, or what a rate divides.
    count: fn(&Figures) -> u64,
    /// What a rate divides by.
    by: Option<fn(&Figures) -> u64>,
}

const fn count(key: &'static str, name: &'static str, count: fn(&Figures) -> u64) -> Metric {
    Metric {
        key,
        name,
        count,
        by: None,
    }
}

/// All metrics.
const METRICS: [Metric; 13] = [
    Metric {
        key: "CLICK_THROUGH_RATE",
        name: "Click-through rate",
        count: |it| it.opened_from_search,
        by: Some(|it| it.seen_in_search),
    },
    Metric {
        key: "SALES_CONVERSION_RATE",
        name: "Sales conversion rate",
        count: |it| it.transactions,
        by: Some(Figures::opened),
    },
    count(
        "LISTING_IMPRESSION_SEARCH_RESULTS_PAGE",
        "Seen in search",
        |it| it.seen_in_search,
    ),
    count("LISTING_IMPRESSION_STORE", "Seen in the store", |it| {
        it.seen_in_store
    }),
    count("LISTING_IMPRESSION_TOTAL", "Seen", Figures::seen),
    count("TOTAL_IMPRESSION_TOTAL", "Seen in all", Figures::seen),
    count("LISTING_VIEWS_SOURCE_DIRECT", "Opened directly", |it| {
        it.opened_directly
    }),
    count(
        "LISTING_VIEWS_SOURCE_OFF_EBAY",
        "Opened from outside",
        |it| it.opened_from_outside,
    ),
    count(
        "LISTING_VIEWS_SOURCE_OTHER_EBAY",
        "Opened from other pages",
        |it| it.opened_from_elsewhere_on_ebay,
    ),
    count(
        "LISTING_VIEWS_SOURCE_SEARCH_RESULTS_PAGE",
        "Opened from search",
        |it| it.opened_from_search,
    ),
    count(
        "LISTING_VIEWS_SOURCE_STORE",
        "Opened from the store",
        |it| it.opened_from_store,
    ),
    count("LISTING_VIEWS_TOTAL", "Opened", Figures::opened),
    count("TRANSACTION", "Transactions", |it| it.transactions),
];

impl Metric {
    /// The metric of a key, whose case doesn't matter.
    fn of(key: &str) -> Option<Self> {
        METRICS
            .into_iter()
            .find(|metric| metric.key.eq_ignore_ascii_case(key))
    }

    /// As the report's header says it.
    pub(super) fn definition(&self) -> Value {
        json!({"key": self.key, "localizedName": self.name, "dataType": "NUMBER"})
    }

    /// The figure to sort by.
    pub(super) fn number(&self, figures: &Figures) -> f64 {
        let float = |count: u64| u32::try_from(count).map_or(f64::MAX, f64::from);
        let count = float((self.count)(figures));
        match self.by.map(|by| by(figures)) {
            None => count,
            Some(0) => 0.0,
            Some(by) => count / float(by),
        }
    }

    /// As a record carries it. A rate of nothing isn't applicable.
    pub(super) fn value(&self, figures: &Figures) -> Value {
        match self.by.map(|by| by(figures)) {
            None => json!({"value": (self.count)(figures), "applicable": true}),
            Some(0) => json!({"value": 0, "applicable": false}),
            Some(_) => json!({"value": self.number(figures), "applicable": true}),
        }
    }
}

/// Everything that a report is asked for.
pub(super) struct Query {
    pub(super) dimension: Dimension,
    pub(super) metrics: Vec<Metric>,
    pub(super) marketplace: Option<String>,
    pub(super) listings: Vec<String>,
    /// The first day.
    pub(super) from: NaiveDate,
    /// The last day.
    pub(super) to: NaiveDate,
    /// The metric to sort by, and whether the greatest come first.
    pub(super) sort: Option<(Metric, bool)>,
}

impl Query {
    /// Reads and checks the query of a call.
    pub(super) fn read(call: &Call<'_>) -> Outcome<Self> {
        let dimension = match call.query("dimension") {
            Some("DAY") => Dimension::Day,
            Some("LISTING") => Dimension::Listing,
            _ => return Err(bad(50001, "The dimension is invalid.")),
        };
        let metrics = call
            .query("metric")
            .unwrap_or_default()
            .split(',')
            .filter(|key| !key.trim().is_empty())
            .map(|key| {
                let unknown = || bad(50002, "A metric is invalid.").with("metricName", key);
                Metric::of(key.trim()).ok_or_else(unknown)
            })
            .collect::<Outcome<Vec<Metric>>>()?;
        if metrics.is_empty() {
            return Err(bad(50008, "A metric is needed."));
        }
        if call.query("filter").is_none_or(str::is_empty) {
            return Err(bad(50005, "A filter is needed."));
        }
        let filter = Filter::parse(call.query_all("filter"))
            .map_err(|part| bad(50033, "A filter can't be read.").with("filter", part))?;
        if let Some(unknown) = filter.unknown(&["date_range", "listing_ids", "marketplace_ids"]) {
            return Err(bad(50021, "A filter field is invalid.").with("filterField", unknown));
        }
        let marketplace = marketplace(&filter, dimension)?;
        let listings = match filter.get("listing_ids") {
            None => Vec::new(),
            Some(Demand::OneOf(ids)) => ids.clone(),
            Some(Demand::Range { .. }) => return Err(bad(50034, "The listing IDs can't be read.")),
        };
        if listings.len() > MOST_LISTINGS {
            return Err(bad(50028, "Too many listing IDs."));
        }
        let is_number = |id: &String| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
        if let Some(wrong) = listings.iter().find(|id| !is_number(id)) {
            return Err(bad(50029, "A listing ID is invalid.").with("listingId", wrong));
        }
        let (from, to) = range(&filter, call)?;
        Ok(Self {
            dimension,
            sort: sort(call, &metrics)?,
            metrics,
            marketplace,
            listings,
            from,
            to,
        })
    }

    /// The days that the report covers.
    pub(super) fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let to = self.to;
        self.from.iter_days().take_while(move |day| *day <= to)
    }
}

fn bad(id: u32, message: &str) -> Refusal {
    Refusal::bad(id, DOMAIN, message)
}

fn marketplace(filter: &Filter, dimension: Dimension) -> Outcome<Option<String>> {
    match filter.value("marketplace_ids") {
        Some(known) if MARKETPLACES.contains(&known) => Ok(Some(known.to_owned())),
        Some(unknown) => {
            Err(bad(50024, "The marketplace ID is invalid.").with("marketplaceId", unknown))
        }
        None if dimension == Dimension::Day => Err(bad(50022, "A marketplace ID is needed.")),
        None => Ok(None),
    }
}

/// The days of a range, cut at the last that was counted.
fn range(filter: &Filter, call: &Call<'_>) -> Outcome<(NaiveDate, NaiveDate)> {
    let (from, to) = match filter.get("date_range") {
        Some(Demand::Range { from, to }) => (from, to),
        Some(Demand::OneOf(_)) => return Err(bad(50033, "The date range can't be read.")),
        None => return Err(bad(50031, "A date range is needed.")),
    };
    let from = day(from).ok_or_else(|| bad(50013, "The start date can't be read."))?;
    let to = day(to).ok_or_else(|| bad(50014, "The end date can't be read."))?;
    let today = days::local(call.now);
    if from > to {
        return Err(bad(50004, "The start date is after the end date."));
    }
    if from > today || to > today {
        return Err(bad(50018, "A date is in the future."));
    }
    if (to - from).num_days() > LONGEST {
        return Err(bad(50026, "The date range is too long."));
    }
    if from < today - TimeDelta::days(MEMORY) {
        return Err(bad(50025, "The start date is too far back."));
    }
    let last = days::last_counted(call.now);
    if from > last {
        return Err(bad(50037, "There is no data for the date range yet."));
    }
    Ok((from, to.min(last)))
}

/// `20260131`, or the day of `2026-01-31T02:00:00.000-05:00`.
fn day(text: &str) -> Option<NaiveDate> {
    if text.len() == 8 {
        return NaiveDate::parse_from_str(text, "%Y%m%d").ok();
    }
    let at = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    Some(at.date_naive())
}

fn sort(call: &Call<'_>, metrics: &[Metric]) -> Outcome<Option<(Metric, bool)>> {
    let Some(text) = call.query("sort") else {
        return Ok(None);
    };
    let (key, descending) = match text.strip_prefix('-') {
        Some(key) => (key, true),
        None => (text, false),
    };
    let metric = Metric::of(key)
        .filter(|metric| metric.key != "SALES_CONVERSION_RATE")
        .ok_or_else(|| bad(50006, "The sort field is invalid.").with("sortField", key))?;
    if !metrics.iter().any(|asked| asked.key == metric.key) {
        return Err(bad(50035, "The sort field isn't among the metrics."));
    }
    if metric.key == "TRANSACTION" && !descending {
        return Err(bad(50036, "The metric can't be sorted in ascending order."));
    }
    Ok(Some((metric, descending)))
}
