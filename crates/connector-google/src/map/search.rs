//! Rows of Search Console as metrics.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use connector_core::Record;
use connector_core::model::{CommonMetric, Measurement, Metric, MetricUnit, Model};
use serde::{Deserialize, Serialize};

use super::{Mapped, Skipped};
use crate::api::SearchRow;

/// What a site's numbers are split by, besides the day. Google hides rare queries, so that only the
/// numbers that aren't split are whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Split {
    /// Nothing.
    #[default]
    Whole,
    /// What was searched for.
    Query,
    /// The page that was shown.
    Page,
}

impl Split {
    /// The one after it; `None` after the last.
    pub(crate) const fn next(self) -> Option<Self> {
        match self {
            Self::Whole => Some(Self::Query),
            Self::Query => Some(Self::Page),
            Self::Page => None,
        }
    }

    /// The dimensions to ask for.
    pub(crate) fn dimensions(self) -> Vec<&'static str> {
        match self {
            Self::Whole => vec!["DATE"],
            Self::Query => vec!["DATE", "QUERY"],
            Self::Page => vec!["DATE", "PAGE"],
        }
    }

    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Whole => None,
            Self::Query => Some("query"),
            Self::Page => Some("page"),
        }
    }
}

/// The numbers of a row. Those of `first_incomplete` and of the days after it still change.
///
/// A click in Search Console is one that leads to the site
/// (support.google.com/webmasters/answer/7042828), so it is a link click.
#[must_use]
pub fn search_row(
    row: &SearchRow,
    site: &str,
    split: Split,
    provisional: impl Fn(NaiveDate) -> bool,
) -> Vec<Mapped> {
    let mut keys = row.keys.iter();
    let date = keys.next().and_then(|day| day.parse::<NaiveDate>().ok());
    let Some(date) = date else {
        return vec![Err(Skipped::new(site, "the row's day can't be read"))];
    };
    let mut dimensions = BTreeMap::new();
    if let Some(name) = split.name() {
        let Some(value) = keys.next() else {
            return vec![Err(Skipped::new(site, "the row doesn't say what it is of"))];
        };
        dimensions.insert(name.to_owned(), value.clone());
    }
    let numbers = [
        (
            "clicks",
            row.clicks,
            MetricUnit::Count,
            CommonMetric::LinkClicks,
        ),
        (
            "impressions",
            row.impressions,
            MetricUnit::Count,
            CommonMetric::Impressions,
        ),
        (
            "ctr",
            row.ctr,
            MetricUnit::Ratio,
            CommonMetric::ClickThroughRate,
        ),
        (
            "position",
            row.position,
            MetricUnit::Position,
            CommonMetric::AveragePosition,
        ),
    ];
    numbers
        .into_iter()
        // What wasn't shown had no place.
        .filter(|(_, value, unit, _)| *unit != MetricUnit::Position || *value >= 1.0)
        .map(|(name, value, unit, common)| {
            let measurement = Measurement {
                time_zone: Some("America/Los_Angeles".to_owned()),
                common: Some(common),
                unit,
                dimensions: dimensions.clone(),
                provisional: provisional(date),
                ..Measurement::count(date, name, value)
            };
            Ok(Record::upsert(
                measurement.external_id(site),
                None,
                Model::Metric(Box::new(Metric {
                    subject_external_id: Some(site.to_owned()),
                    measurement,
                })),
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(keys: &[&str], position: f64) -> SearchRow {
        SearchRow {
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            clicks: 2.0,
            impressions: 40.0,
            ctr: 0.05,
            position,
        }
    }

    #[test]
    fn a_row_gives_four_numbers_and_no_place_for_what_was_not_shown() {
        let site = "sc-domain:example.com";
        let of = |row: &SearchRow, split| search_row(row, site, split, |_| true);
        let mapped = of(&row(&["2026-11-01", "bröllop"], 3.4), Split::Query);
        let ids: Vec<_> = mapped
            .iter()
            .map(|it| it.as_ref().unwrap().external_id.as_str())
            .collect();
        assert_eq!(ids.len(), 4);
        assert_eq!(
            ids[0],
            "sc-domain:example.com/2026-11-01/clicks/query=bröllop"
        );
        assert_eq!(of(&row(&["2026-11-01"], 0.0), Split::Whole).len(), 3);
        assert!(of(&row(&["2026-11-01"], 1.0), Split::Page)[0].is_err());
        assert!(of(&row(&["(other)"], 1.0), Split::Whole)[0].is_err());
    }
}
