//! Numbers: by day of a page or an account of Instagram, over the life of a post.

use chrono::{DateTime, NaiveDate, Utc};
use connector_core::{Endpoint, Operation, Request, Response, Result};
use serde::Deserialize;
use serde_json::Value;

use super::list::List;
use super::route::Route;
use super::time;

/// `GET /{page}/insights` by day, for 90 days at the most.
///
/// Its `next` and `previous` are windows of time that never end: the windows are ours to choose.
#[derive(Clone, Debug)]
pub struct PageInsights {
    /// The page, which also speaks.
    pub page: String,
    /// Which numbers. One that Meta doesn't know fails the request.
    pub metrics: Vec<String>,
    /// The first day, in Pacific time.
    pub since: NaiveDate,
    /// The day after the last one.
    pub until: NaiveDate,
}

impl Endpoint for PageInsights {
    const OPERATION: Operation = Operation::read("page/insights");
    type Response = List<Insight>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.page, "insights"])
            .by_page(&self.page)
            .with("metric", self.metrics.join(","))
            .with("period", "day")
            .with("since", self.since)
            .with("until", self.until)
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<Insight>> {
        List::read(response)
    }
}

/// `GET /{ig-user}/insights` by day, for 30 days at the most.
///
/// Its `next` and `previous` are windows of time that never end: the windows are ours to choose.
#[derive(Clone, Debug)]
pub struct AccountInsights {
    /// The page that the account is linked to, which speaks.
    pub page: String,
    /// The account.
    pub account: String,
    /// Which numbers. One that Meta doesn't know, or not in this form, fails the request.
    pub metrics: Vec<String>,
    /// In which form.
    pub metric_type: MetricType,
    /// When the first day begins, in Pacific time.
    pub since: DateTime<Utc>,
    /// When the last day ends.
    pub until: DateTime<Utc>,
}

/// In which form numbers of an account of Instagram come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricType {
    /// One number for all of the time.
    TotalValue,
    /// A number for each day; few metrics have it.
    TimeSeries,
}

impl Endpoint for AccountInsights {
    const OPERATION: Operation = Operation::read("instagram_user/insights");
    type Response = List<Insight>;

    fn request(&self) -> Result<Request> {
        let form = match self.metric_type {
            MetricType::TotalValue => "total_value",
            MetricType::TimeSeries => "time_series",
        };
        Route::get(&[&self.account, "insights"])
            .by_page(&self.page)
            .with("metric", self.metrics.join(","))
            .with("period", "day")
            .with("metric_type", form)
            .at("since", Some(self.since))
            .at("until", Some(self.until))
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<Insight>> {
        List::read(response)
    }
}

/// A number, once or by day.
#[derive(Clone, Debug, Deserialize)]
pub struct Insight {
    /// Which number it is.
    pub name: String,
    /// `day`, `lifetime` and others.
    #[serde(default)]
    pub period: Option<String>,
    /// The values.
    #[serde(default)]
    pub values: Vec<InsightValue>,
    /// The total, in the place of values.
    #[serde(default)]
    pub total_value: Option<TotalValue>,
}

/// A total of the time that was asked for.
#[derive(Clone, Debug, Deserialize)]
pub struct TotalValue {
    /// The value.
    #[serde(default)]
    pub value: Value,
}

/// A value: a number, or an object of numbers by what they were split by.
#[derive(Clone, Debug, Deserialize)]
pub struct InsightValue {
    /// The value.
    #[serde(default)]
    pub value: Value,
    /// The *end* of the day that it is of: midnight in Pacific time, at which the next day begins.
    #[serde(default, deserialize_with = "time::maybe")]
    pub end_time: Option<DateTime<Utc>>,
}
