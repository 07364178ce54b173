//! Numbers by day: of the account, and of pins.
//!
//! A day is one in UTC. It says itself how far it can be trusted: `PROCESSING` and `ESTIMATE` still
//! change, all other words are final. Days are asked for 90 days back at the most (API v5,
//! `user_account/analytics`, `pins/analytics`, `DataStatus`).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use connector_core::{Endpoint, Entry, Operation, Request, Result};
use serde::Deserialize;
use serde_json::Value;

use super::route::Route;

/// Which days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first one: 90 days back at the most.
    pub first: NaiveDate,
    /// The last one.
    pub last: NaiveDate,
}

/// `GET /user_account/analytics`: every number that there is. A 403 for what is no business account.
#[derive(Clone, Copy, Debug)]
pub struct AccountAnalytics {
    /// Which days.
    pub days: Days,
}

/// `GET /pins/{pin_id}/analytics`.
#[derive(Clone, Debug)]
pub struct PinAnalytics {
    /// The pin.
    pub id: String,
    /// Which days.
    pub days: Days,
    /// Which numbers, such as `IMPRESSION`.
    pub metrics: Vec<String>,
}

/// `GET /pins/analytics`: of 100 pins at the most. Not open to every app; a pin that is gone fails it
/// for all of them.
#[derive(Clone, Debug)]
pub struct SomePinsAnalytics {
    /// The pins.
    pub ids: Vec<String>,
    /// Which days.
    pub days: Days,
    /// Which numbers.
    pub metrics: Vec<String>,
}

/// Numbers, by what they were split by; `all` where they weren't.
#[derive(Debug, Deserialize)]
pub struct Analytics {
    /// Those of everything.
    pub all: Table,
}

/// The numbers of several pins, by pin.
pub type PinsAnalytics = BTreeMap<String, Entry<Analytics>>;

/// Days with their numbers.
#[derive(Debug, Deserialize)]
pub struct Table {
    /// By day.
    #[serde(default)]
    pub daily_metrics: Vec<Entry<Day>>,
}

/// A day's numbers.
#[derive(Clone, Debug, Deserialize)]
pub struct Day {
    /// The day, in UTC.
    pub date: NaiveDate,
    /// How far it can be trusted.
    #[serde(default)]
    pub data_status: Option<String>,
    /// The numbers by their names, in upper case. Empty where there are none.
    #[serde(default)]
    pub metrics: BTreeMap<String, Value>,
}

impl Day {
    /// Whether Pinterest still changes it.
    #[must_use]
    pub fn is_provisional(&self) -> bool {
        matches!(self.data_status.as_deref(), Some("PROCESSING" | "ESTIMATE"))
    }
}

fn over(route: Route, days: Days) -> Route {
    route
        .with("start_date", days.first)
        .with("end_date", days.last)
}

impl Endpoint for AccountAnalytics {
    const OPERATION: Operation = Operation::read("user_account/analytics");
    type Response = Analytics;

    fn request(&self) -> Result<Request> {
        over(Route::to(&["user_account", "analytics"]), self.days).get()
    }
}

impl Endpoint for PinAnalytics {
    const OPERATION: Operation = Operation::read("pins/analytics");
    type Response = Analytics;

    fn request(&self) -> Result<Request> {
        over(Route::to(&["pins", &self.id, "analytics"]), self.days)
            .with("metric_types", self.metrics.join(","))
            .get()
    }
}

impl Endpoint for SomePinsAnalytics {
    const OPERATION: Operation = Operation::read("multi_pins/analytics");
    type Response = PinsAnalytics;

    fn request(&self) -> Result<Request> {
        let route = over(Route::to(&["pins", "analytics"]), self.days);
        // One parameter for each pin, as the description has it.
        let ids = self.ids.iter();
        ids.fold(route, |route, id| route.with("pin_ids", id))
            .with("metric_types", self.metrics.join(","))
            .get()
    }
}
