//! Business Profile: accounts, locations, daily numbers (v1 of three interfaces) and reviews (v4).
//!
//! v1 names a location `locations/2`, v4 names it `accounts/1/locations/2`.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;

use super::date::Date;
use super::int64::Int64;
use super::route::{Route, parts};
use connector_core::Entry;

/// `accounts.list`: twenty to a page at the most.
#[derive(Clone, Debug, Default)]
pub struct ListBusinessAccounts {
    /// The page; the first where there is none.
    pub page_token: Option<String>,
}

impl Endpoint for ListBusinessAccounts {
    const OPERATION: Operation = Operation::read("mybusinessaccountmanagement.accounts.list");
    type Response = BusinessAccountPage;

    fn request(&self) -> Result<Request> {
        let host = "mybusinessaccountmanagement.googleapis.com";
        Route::get(host, &["v1", "accounts"])
            .with("pageSize", 20)
            .maybe("pageToken", self.page_token.as_deref())
            .request()
    }
}

/// A page of accounts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BusinessAccountPage {
    /// The accounts.
    pub accounts: Vec<BusinessAccount>,
    /// The next page's token.
    pub next_page_token: Option<String>,
}

/// An account.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BusinessAccount {
    /// `accounts/1`.
    pub name: String,
    /// What it is called.
    pub account_name: Option<String>,
}

/// `accounts.locations.list`: a hundred to a page at the most.
#[derive(Clone, Debug)]
pub struct ListLocations {
    /// `accounts/1`.
    pub account: String,
    /// The page; the first where there is none.
    pub page_token: Option<String>,
}

impl Endpoint for ListLocations {
    const OPERATION: Operation =
        Operation::read("mybusinessbusinessinformation.accounts.locations.list");
    type Response = LocationPage;

    fn request(&self) -> Result<Request> {
        let mut path = vec!["v1"];
        path.extend(parts(&self.account));
        path.push("locations");
        Route::get("mybusinessbusinessinformation.googleapis.com", &path)
            .with("readMask", "name,title,storeCode")
            .with("pageSize", 100)
            .maybe("pageToken", self.page_token.as_deref())
            .request()
    }
}

/// A page of locations.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LocationPage {
    /// The locations.
    pub locations: Vec<Location>,
    /// The next page's token.
    pub next_page_token: Option<String>,
}

/// A place of business.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Location {
    /// `locations/2`.
    pub name: String,
    /// What it is called.
    pub title: Option<String>,
    /// Its code, where the merchant gave it one.
    pub store_code: Option<String>,
}

/// `locations.fetchMultiDailyMetricsTimeSeries`.
#[derive(Clone, Debug)]
pub struct FetchDailyMetrics {
    /// `locations/2`.
    pub location: String,
    /// What to count.
    pub metrics: Vec<&'static str>,
    /// The first day.
    pub first: NaiveDate,
    /// The last day, included.
    pub last: NaiveDate,
}

impl Endpoint for FetchDailyMetrics {
    const OPERATION: Operation =
        Operation::read("businessprofileperformance.locations.fetchMultiDailyMetricsTimeSeries");
    type Response = SeriesAnswer;

    fn request(&self) -> Result<Request> {
        let mut path = vec!["v1"];
        path.extend(parts(&self.location));
        let mut route = Route::get("businessprofileperformance.googleapis.com", &path)
            .verb("fetchMultiDailyMetricsTimeSeries");
        for metric in &self.metrics {
            route = route.with("dailyMetrics", metric);
        }
        for (which, day) in [("startDate", self.first), ("endDate", self.last)] {
            route = route
                .with(&format!("dailyRange.{which}.year"), day.year())
                .with(&format!("dailyRange.{which}.month"), day.month())
                .with(&format!("dailyRange.{which}.day"), day.day());
        }
        route.request()
    }
}

/// Series of days.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SeriesAnswer {
    /// One for all metrics.
    pub multi_daily_metric_time_series: Vec<MultiSeries>,
}

/// The series of several metrics.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MultiSeries {
    /// One for each metric.
    pub daily_metric_time_series: Vec<DailySeries>,
}

/// One metric's days.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DailySeries {
    /// The metric's name.
    pub daily_metric: String,
    /// Its days.
    pub time_series: TimeSeries,
}

/// Days with values.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TimeSeries {
    /// The days.
    pub dated_values: Vec<Entry<DatedValue>>,
}

/// One day's value, which is absent when it is 0 and when it isn't known yet.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DatedValue {
    /// The day.
    pub date: Date,
    /// The value.
    pub value: Option<Int64>,
}

/// `accounts.locations.reviews.list` (v4): fifty to a page, the last changed first.
#[derive(Clone, Debug)]
pub struct ListReviews {
    /// `accounts/1/locations/2`.
    pub location: String,
    /// The page; the first where there is none.
    pub page_token: Option<String>,
}

impl Endpoint for ListReviews {
    const OPERATION: Operation = Operation::read("mybusiness.accounts.locations.reviews.list");
    type Response = ReviewPage;

    fn request(&self) -> Result<Request> {
        let mut path = vec!["v4"];
        path.extend(parts(&self.location));
        path.push("reviews");
        Route::get("mybusiness.googleapis.com", &path)
            .with("pageSize", 50)
            .with("orderBy", "update_time desc")
            .maybe("pageToken", self.page_token.as_deref())
            .request()
    }
}

/// `accounts.locations.reviews.get` (v4).
#[derive(Clone, Debug)]
pub struct GetReview {
    /// `accounts/1/locations/2/reviews/3`.
    pub name: String,
}

impl Endpoint for GetReview {
    const OPERATION: Operation = Operation::read("mybusiness.accounts.locations.reviews.get");
    type Response = Entry<Review>;

    fn request(&self) -> Result<Request> {
        let mut path = vec!["v4"];
        path.extend(parts(&self.name));
        Route::get("mybusiness.googleapis.com", &path).request()
    }
}

/// A page of reviews.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReviewPage {
    /// The reviews.
    pub reviews: Vec<Entry<Review>>,
    /// How many there are in all.
    pub total_review_count: u64,
    /// The next page's token.
    pub next_page_token: Option<String>,
}

/// A review.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Review {
    /// `accounts/1/locations/2/reviews/3`.
    pub name: String,
    /// Who wrote it.
    #[serde(default)]
    pub reviewer: Reviewer,
    /// `ONE` to `FIVE`.
    #[serde(default)]
    pub star_rating: Option<String>,
    /// What was written; absent for a rating without words.
    #[serde(default)]
    pub comment: Option<String>,
    /// When it was written.
    #[serde(default)]
    pub create_time: Option<DateTime<Utc>>,
    /// When it last changed.
    #[serde(default)]
    pub update_time: Option<DateTime<Utc>>,
    /// What the merchant answered.
    #[serde(default)]
    pub review_reply: Option<ReviewReply>,
}

/// Who wrote a review.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Reviewer {
    /// The name that is shown.
    pub display_name: Option<String>,
    /// Whether the writer wants no name shown.
    pub is_anonymous: bool,
}

/// What the merchant answered.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReviewReply {
    /// The text.
    pub comment: Option<String>,
    /// When it last changed.
    pub update_time: Option<DateTime<Utc>>,
}
