//! What a request for insights of ads asks for.

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::super::super::error::{GraphError, Outcome};
use super::super::super::fields;
use super::super::super::filter;
use super::super::super::graph::{Kind, Node};

/// How far back insights reach, in months.
const KEPT: u32 = 37;

/// What a row has when no fields are asked for, besides its dates.
const USUAL: &[&str] = &["account_id", "clicks", "impressions", "spend"];

/// The windows in which actions can be counted. Those of 7 and 28 days after a view ended in
/// 2026-01: they are still taken, and count nothing.
const WINDOWS: &[&str] = &[
    "1d_click",
    "7d_click",
    "28d_click",
    "1d_view",
    "1d_ev",
    "7d_view",
    "28d_view",
    "dda",
    "default",
];

/// Breakdowns: values, and the percentage of everything that each has.
const BREAKDOWNS: &[(&str, &[(&str, u64)])] = &[
    ("age", &[("18-24", 20), ("25-34", 45), ("35-44", 35)]),
    ("country", &[("DK", 15), ("IS", 70), ("JP", 15)]),
    ("gender", &[("female", 60), ("male", 35), ("unknown", 5)]),
    (
        "device_platform",
        &[("desktop", 15), ("mobile_app", 80), ("mobile_web", 5)],
    ),
    ("publisher_platform", &[("facebook", 55), ("instagram", 45)]),
];

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Account,
    Campaign,
    AdSet,
    Ad,
}

/// How many days a row has.
#[derive(Clone, Copy, Debug)]
enum Increment {
    All,
    Days(i64),
    Month,
}

/// A part of what was delivered, by breakdowns.
#[derive(Clone, Debug)]
pub(super) struct Share {
    pub(super) values: Vec<(&'static str, &'static str)>,
    /// In hundredths of a percent.
    pub(super) percent: u64,
}

/// A request, read.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) level: Level,
    pub(super) ranges: Vec<(NaiveDate, NaiveDate)>,
    increment: Increment,
    pub(super) fields: Vec<String>,
    pub(super) windows: Vec<String>,
    pub(super) shares: Vec<Share>,
    conditions: filter::Conditions,
}

#[derive(Deserialize)]
struct Range {
    since: NaiveDate,
    until: NaiveDate,
}

impl Query {
    /// Reads the parameters of a request for an object of this kind.
    pub(super) fn read(
        kind: Kind,
        account: &Node,
        parameters: &[(String, String)],
        now: DateTime<Utc>,
    ) -> Outcome<Self> {
        let get = |name: &str| {
            let found = parameters
                .iter()
                .find(|(key, text)| key == name && !text.is_empty());
            found.map(|(_, text)| text.as_str())
        };
        let own = match kind {
            Kind::Campaign => Level::Campaign,
            Kind::AdSet => Level::AdSet,
            Kind::Ad => Level::Ad,
            _ => Level::Account,
        };
        let level = match get("level").map(|text| text.trim_matches('"')) {
            None => own,
            Some("account") => Level::Account,
            Some("campaign") => Level::Campaign,
            Some("adset") => Level::AdSet,
            Some("ad") => Level::Ad,
            Some(_) => {
                return Err(GraphError::parameter(
                    "Param level must be one of {ad, adset, campaign, account}",
                ));
            }
        };
        let fields = match get("fields") {
            None => USUAL.iter().map(|name| (*name).to_owned()).collect(),
            Some(text) => names(text),
        };
        if let Some(unknown) = fields
            .iter()
            .find(|name| !fields::exists("AdsInsights", name))
        {
            return Err(GraphError::parameter(format!(
                "{unknown} is not valid for fields param. please check \
                 https://developers.facebook.com/docs/marketing-api/reference/ads-insights/ for all valid values"
            )));
        }
        let windows = names(get("action_attribution_windows").unwrap_or_default());
        if let Some(unknown) = windows
            .iter()
            .find(|name| !WINDOWS.contains(&name.as_str()))
        {
            return Err(GraphError::parameter(format!(
                "Param action_attribution_windows must be one of {{{}}} - got \"{unknown}\".",
                WINDOWS.join(", ")
            )));
        }
        Ok(Self {
            level,
            ranges: ranges(&get, today(account, now))?,
            increment: increment(get("time_increment"))?,
            fields,
            windows,
            shares: shares(&names(get("breakdowns").unwrap_or_default()))?,
            conditions: filter::Conditions::read(get("filtering"))?,
        })
    }

    /// Whether an object has rows of its own.
    pub(super) fn shows(&self, node: &Node) -> bool {
        self.conditions.allow_advertising(node)
    }

    /// The spans of days that rows are for.
    pub(super) fn spans(&self) -> Vec<(NaiveDate, NaiveDate)> {
        let mut spans = Vec::new();
        for (since, until) in &self.ranges {
            let mut from = *since;
            while from <= *until {
                let to = match self.increment {
                    Increment::All => *until,
                    Increment::Days(days) => from + TimeDelta::days(days - 1),
                    Increment::Month => last_of_month(from),
                }
                .min(*until);
                spans.push((from, to));
                from = to + TimeDelta::days(1);
            }
        }
        spans
    }
}

/// The day that it is in an ad account. Its time zone knows no summer time.
pub(super) fn today(account: &Node, now: DateTime<Utc>) -> NaiveDate {
    let hours = account
        .fields
        .get("timezone_offset_hours_utc")
        .and_then(Value::as_i64)
        .unwrap_or(0);
    (now + TimeDelta::hours(hours)).date_naive()
}

fn last_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1)
        .and_then(|first| first.checked_add_months(Months::new(1)))
        .map_or(day, |next| next - TimeDelta::days(1))
}

/// Names in commas, or a JSON array of them.
fn names(text: &str) -> Vec<String> {
    text.trim_matches(['[', ']'])
        .split(',')
        .map(|name| name.trim().trim_matches('"').to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

fn increment(text: Option<&str>) -> Outcome<Increment> {
    match text.map(|text| text.trim_matches('"')) {
        None | Some("all_days") => Ok(Increment::All),
        Some("monthly") => Ok(Increment::Month),
        Some(text) => text
            .parse()
            .ok()
            .filter(|days| (1..=90).contains(days))
            .map(Increment::Days)
            .ok_or_else(|| {
                GraphError::parameter(
                    "Param time_increment must be monthly, all_days or an integer from 1 to 90",
                )
            }),
    }
}

fn ranges<'p>(
    get: &impl Fn(&str) -> Option<&'p str>,
    today: NaiveDate,
) -> Outcome<Vec<(NaiveDate, NaiveDate)>> {
    let back = |first: i64, last: i64| {
        (
            today - TimeDelta::days(first),
            today - TimeDelta::days(last),
        )
    };
    let fault =
        |name: &str| GraphError::parameter(format!("Param {name} must be a valid time range"));
    let ranges: Vec<(NaiveDate, NaiveDate)> = if let Some(text) = get("time_ranges") {
        let ranges: Vec<Range> = serde_json::from_str(text)
            .ok()
            .ok_or_else(|| fault("time_ranges"))?;
        ranges
            .into_iter()
            .map(|range| (range.since, range.until))
            .collect()
    } else if let Some(text) = get("time_range") {
        let range: Range = serde_json::from_str(text)
            .ok()
            .ok_or_else(|| fault("time_range"))?;
        vec![(range.since, range.until)]
    } else {
        let first_of_month = today.with_day(1).unwrap_or(today);
        vec![match get("date_preset").unwrap_or("last_30d") {
            "today" => back(0, 0),
            "yesterday" => back(1, 1),
            "last_3d" => back(3, 1),
            "last_7d" => back(7, 1),
            "last_14d" => back(14, 1),
            "last_28d" => back(28, 1),
            "last_30d" => back(30, 1),
            "last_90d" => back(90, 1),
            "this_month" => (first_of_month, today),
            "last_month" => {
                let last = first_of_month - TimeDelta::days(1);
                (last.with_day(1).unwrap_or(last), last)
            }
            "maximum" => (earliest(today), today),
            other => {
                return Err(GraphError::parameter(format!(
                    "Param date_preset must be one of {{today, yesterday, last_7d, last_28d, last_30d, last_90d, this_month, last_month, maximum}} - got \"{other}\"."
                )));
            }
        }]
    };
    for (since, until) in &ranges {
        if since > until {
            return Err(GraphError::parameter(
                "Must be a date representation in the format YYYY-MM-DD, with since before until",
            )
            .subcode(1_487_534));
        }
        if *since < earliest(today) {
            return Err(GraphError::new(
                3018,
                "(#3018) The start date of the time range cannot be beyond 37 months from the current date",
            ));
        }
    }
    Ok(ranges)
}

fn earliest(today: NaiveDate) -> NaiveDate {
    today.checked_sub_months(Months::new(KEPT)).unwrap_or(today)
}

/// Everything, divided by one or two breakdowns.
fn shares(names: &[String]) -> Outcome<Vec<Share>> {
    let mut shares = vec![Share {
        values: Vec::new(),
        percent: 10_000,
    }];
    for name in names {
        let (name, parts) = BREAKDOWNS
            .iter()
            .find(|(known, _)| known == name)
            .ok_or_else(|| {
                let known: Vec<&str> = BREAKDOWNS.iter().map(|(known, _)| *known).collect();
                GraphError::parameter(format!(
                    "Param breakdowns must be one of {{{}}} - got \"{name}\".",
                    known.join(", ")
                ))
            })?;
        shares = shares
            .iter()
            .flat_map(|share| {
                parts.iter().map(move |(value, percent)| {
                    let mut values = share.values.clone();
                    values.push((*name, *value));
                    Share {
                        values,
                        percent: share.percent * percent / 100,
                    }
                })
            })
            .collect();
    }
    Ok(shares)
}
