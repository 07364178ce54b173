//! Numbers: by day of a page, over the life of a post.

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
