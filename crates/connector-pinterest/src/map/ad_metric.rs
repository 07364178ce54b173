//! Numbers of campaigns, from the rows of a report.

use chrono::{NaiveDate, TimeDelta};
use connector_core::model::{AdMetric, CommonMetric, Currency, Measurement, MetricUnit};
use connector_core::{Model, Record, Skipped};
use serde_json::Value;

use super::Mapped;
use crate::api::{Entry, ReportRow, Windows};

/// What is asked for, and in which words it is kept: the closed set of names of the stream.
pub const AD_COLUMNS: &[&str] = &[
    "CAMPAIGN_ID",
    "SPEND_IN_MICRO_DOLLAR",
    "TOTAL_IMPRESSION",
    "TOTAL_IMPRESSION_USER",
    "PAID_IMPRESSION",
    "TOTAL_CLICKTHROUGH",
    "OUTBOUND_CLICK_1",
    "TOTAL_ENGAGEMENT",
    "TOTAL_VIDEO_MRC_VIEWS",
    "TOTAL_CONVERSIONS",
    "TOTAL_PAGE_VISIT",
    "TOTAL_SIGNUP",
    "TOTAL_LEAD",
    "TOTAL_ADD_TO_CART",
    "TOTAL_CHECKOUT",
    "TOTAL_CHECKOUT_VALUE_IN_MICRO_DOLLAR",
];

/// Which actions count as caused by an advertisement: Pinterest's own defaults.
pub const WINDOWS: Windows = Windows {
    click: 30,
    engagement: 30,
    view: 1,
};

/// [`WINDOWS`], as a measurement says it.
const WINDOW: &str = "30d_click_30d_engagement_1d_view";

/// For how many days conversions are still credited to a day: the longest of [`WINDOWS`].
pub const GROWS_FOR: TimeDelta = TimeDelta::days(30);

/// For how many days spend and impressions settle. Pinterest names no figure; this one is assumed.
const SETTLES_IN: TimeDelta = TimeDelta::days(3);

/// A row was counted for this ad account, and read on this day in UTC.
#[derive(Clone, Copy, Debug)]
pub struct RowOf<'a> {
    /// The ad account's id.
    pub account: &'a str,
    /// The currency of all its money.
    pub currency: Option<Currency>,
    /// What the report says that the row is about: the campaign's id.
    pub subject: &'a str,
    /// When it was read.
    pub today: NaiveDate,
}

/// The numbers of one entry of a report, each with the entry's JSON where that is wanted.
#[must_use]
pub fn ad_entry(row: &Entry<ReportRow>, keep_raw: bool, of: RowOf<'_>) -> Vec<Mapped> {
    let raw = || keep_raw.then(|| row.raw().to_owned());
    match row.value() {
        Ok(numbers) => ad_row(of, numbers)
            .into_iter()
            .map(|mapped| mapped.map(|record| record.with_raw(raw())))
            .collect(),
        Err(error) => vec![Err(Skipped::unreadable(error, row.raw(), &["CAMPAIGN_ID"]))],
    }
}

/// The numbers of one campaign on one day. Columns that weren't asked for are left out.
#[must_use]
pub fn ad_row(of: RowOf<'_>, row: &ReportRow) -> Vec<Mapped> {
    let campaign = row.get("CAMPAIGN_ID").and_then(id_of);
    let campaign = campaign.unwrap_or_else(|| of.subject.to_owned());
    let date = row.get("DATE").and_then(Value::as_str);
    let Some(date) = date.and_then(|date| date.parse::<NaiveDate>().ok()) else {
        return vec![Err(Skipped::new(&campaign, "a row of it has no day"))];
    };
    AD_COLUMNS
        .iter()
        .filter(|column| **column != "CAMPAIGN_ID")
        .filter_map(|column| {
            let value = row.get(*column).filter(|value| !value.is_null())?;
            Some(number(of, &campaign, date, column, value))
        })
        .collect()
}

fn number(of: RowOf<'_>, campaign: &str, date: NaiveDate, column: &str, value: &Value) -> Mapped {
    let odd = |why: &str| Skipped::new(&format!("{campaign}/{date}/{column}"), why);
    let value = match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_f64(),
    };
    let value = value.filter(|value: &f64| value.is_finite());
    let value = value.ok_or_else(|| odd("it is no number"))?;
    let mut measurement = Measurement::count(date, column, value);
    measurement.time_zone = Some("UTC".to_owned());
    measurement.common = common(column);
    let age = of.today - date;
    if is_attributed(column) {
        measurement.attribution_window = Some(WINDOW.to_owned());
        measurement.provisional = age < GROWS_FOR;
    } else {
        measurement.provisional = age < SETTLES_IN;
    }
    if column.ends_with("_IN_MICRO_DOLLAR") {
        // In the ad account's currency, whatever the name says.
        measurement.unit = MetricUnit::Money;
        measurement.value = value / 1_000_000.0;
        let currency = of.currency;
        let currency = currency.ok_or_else(|| odd("its currency isn't known"))?;
        measurement.currency = Some(currency);
    }
    let id = measurement.external_id(campaign);
    let metric = AdMetric {
        account_external_id: of.account.to_owned(),
        campaign_external_id: Some(campaign.to_owned()),
        ad_group_external_id: None,
        ad_external_id: None,
        measurement,
    };
    Ok(Record::upsert(id, None, Model::AdMetric(Box::new(metric))))
}

/// Whether a number is of actions that are credited to an advertisement.
fn is_attributed(column: &str) -> bool {
    matches!(
        column,
        "TOTAL_CONVERSIONS"
            | "TOTAL_PAGE_VISIT"
            | "TOTAL_SIGNUP"
            | "TOTAL_LEAD"
            | "TOTAL_ADD_TO_CART"
            | "TOTAL_CHECKOUT"
            | "TOTAL_CHECKOUT_VALUE_IN_MICRO_DOLLAR"
    )
}

/// Conversions have no common name: Pinterest counts visits of pages among them, which nobody else
/// calls a goal.
fn common(column: &str) -> Option<CommonMetric> {
    Some(match column {
        "SPEND_IN_MICRO_DOLLAR" => CommonMetric::Spend,
        "TOTAL_IMPRESSION" => CommonMetric::Impressions,
        "TOTAL_IMPRESSION_USER" => CommonMetric::Reach,
        "TOTAL_CLICKTHROUGH" => CommonMetric::Clicks,
        "OUTBOUND_CLICK_1" => CommonMetric::LinkClicks,
        "TOTAL_VIDEO_MRC_VIEWS" => CommonMetric::Views,
        _ => return None,
    })
}

/// An id, which is a text by the description and was a number, with or without a fraction, in
/// recorded reports.
fn id_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => number
            .as_u64()
            .map(|id| id.to_string())
            .or_else(|| number.as_f64().map(|id| format!("{id:.0}"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use connector_core::Change;

    use super::*;

    fn of(row: &str) -> Vec<Mapped> {
        let of = RowOf {
            account: "7",
            currency: Some("EUR".parse().unwrap()),
            subject: "1",
            today: "2026-11-21".parse().unwrap(),
        };
        ad_row(of, &serde_json::from_str(row).unwrap())
    }

    fn numbers(row: &str) -> Vec<(String, AdMetric)> {
        of(row)
            .into_iter()
            .map(|mapped| {
                let record = mapped.unwrap();
                match record.change {
                    Change::Upsert(Model::AdMetric(metric)) => (record.external_id, *metric),
                    other => panic!("{other:?}"),
                }
            })
            .collect()
    }

    #[test]
    fn a_row_is_a_number_for_each_column_that_has_one() {
        let numbers = numbers(
            r#"{"DATE":"2026-11-01","CAMPAIGN_ID":547602124502,"SPEND_IN_MICRO_DOLLAR":30000000,"TOTAL_CLICKTHROUGH":216.0,"TOTAL_CHECKOUT":2,"TOTAL_ENGAGEMENT":null,"CAMPAIGN_NAME":"x"}"#,
        );
        let ids: Vec<&str> = numbers.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(
            ids,
            [
                "547602124502/2026-11-01/SPEND_IN_MICRO_DOLLAR",
                "547602124502/2026-11-01/TOTAL_CLICKTHROUGH",
                "547602124502/2026-11-01/TOTAL_CHECKOUT/30d_click_30d_engagement_1d_view",
            ]
        );
        let spend = &numbers[0].1.measurement;
        assert_eq!((spend.value, spend.unit), (30.0, MetricUnit::Money));
        assert_eq!(spend.currency.unwrap().code(), "EUR");
        assert!(!spend.provisional);
        // Conversions of a day grow for thirty days.
        assert!(numbers[2].1.measurement.provisional);
        let old = self::numbers(r#"{"DATE":"2026-10-22","TOTAL_CHECKOUT":2}"#);
        assert!(!old[0].1.measurement.provisional);
        assert_eq!(old[0].1.campaign_external_id.as_deref(), Some("1"));
    }

    #[test]
    fn what_is_no_number_and_what_has_no_day_is_said() {
        let odd = of(r#"{"DATE":"2026-11-20","TOTAL_IMPRESSION":"many","PAID_IMPRESSION":"7"}"#);
        let why = odd[0].as_ref().unwrap_err();
        let id = why.external_id.as_deref();
        assert_eq!(id, Some("1/2026-11-20/TOTAL_IMPRESSION"));
        assert!(odd[1].is_ok());
        let undated = of(r#"{"CAMPAIGN_ID":"9","TOTAL_IMPRESSION":1}"#);
        let why = undated[0].as_ref().unwrap_err();
        assert_eq!(why.external_id.as_deref(), Some("9"));
    }

    #[test]
    fn an_id_is_a_text_a_number_or_a_fraction() {
        for json in [r#""626744128982""#, "626744128982", "626744128982.0"] {
            let value: Value = serde_json::from_str(json).unwrap();
            assert_eq!(id_of(&value).as_deref(), Some("626744128982"), "{json}");
        }
    }
}
