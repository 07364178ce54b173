//! How many calls an application has left today: the Developer Analytics API. Asked with the
//! application's own token.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Operation, Request, Response, Result, endpoint};
use serde::Deserialize;

use super::call::object_or_nothing;
use crate::environment::{Environment, Server};

/// The limits of one API.
#[derive(Clone, Copy, Debug)]
pub struct GetRateLimits {
    /// Which keyset's.
    pub environment: Environment,
    /// `sell`.
    pub context: &'static str,
    /// `inventory`.
    pub name: &'static str,
}

/// Limits, by API.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RateLimits {
    /// One per API and version.
    pub rate_limits: Vec<ApiLimits>,
}

/// The limits of an API.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ApiLimits {
    /// `inventory`.
    pub api_name: Option<String>,
    /// One per group of operations.
    pub resources: Vec<ResourceLimits>,
}

/// The limits of a group of operations.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ResourceLimits {
    /// `sell.inventory`.
    pub name: Option<String>,
    /// One per window.
    pub rates: Vec<Rate>,
}

/// One limit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Rate {
    /// Calls in a window.
    pub limit: Option<i64>,
    /// Calls that are left in this one.
    pub remaining: Option<i64>,
    /// When this one ends.
    pub reset: Option<DateTime<Utc>>,
}

impl RateLimits {
    /// When calls can be made again: the latest end of a window that has none left. `None` where all
    /// have some.
    #[must_use]
    pub fn reset(&self) -> Option<DateTime<Utc>> {
        self.rate_limits
            .iter()
            .flat_map(|api| &api.resources)
            .flat_map(|resource| &resource.rates)
            .filter(|rate| rate.remaining.is_some_and(|left| left <= 0))
            .filter_map(|rate| rate.reset)
            .max()
    }
}

impl Endpoint for GetRateLimits {
    const OPERATION: Operation = Operation::read("getRateLimits");
    type Response = RateLimits;

    fn request(&self) -> Result<Request> {
        let root = self.environment.root(Server::Api);
        let Self { context, name, .. } = self;
        endpoint::get(format!(
            "{root}/developer/analytics/v1_beta/rate_limit/?api_context={context}&api_name={name}"
        ))
    }

    fn parse(&self, response: &Response) -> Result<RateLimits> {
        object_or_nothing(response).map(Option::unwrap_or_default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_window_that_is_used_up_has_to_end() {
        let limits: RateLimits = serde_json::from_str(
            r#"{"rateLimits":[{"apiName":"inventory","resources":[
                {"name":"a","rates":[{"limit":9,"remaining":4,"reset":"2026-01-03T07:00:00.000Z"}]},
                {"name":"b","rates":[{"limit":9,"remaining":0,"reset":"2026-01-02T07:00:00.000Z"}]}]}]}"#,
        )
        .unwrap();
        assert_eq!(
            limits.reset().unwrap().to_rfc3339(),
            "2026-01-02T07:00:00+00:00"
        );
        assert_eq!(RateLimits::default().reset(), None);
    }
}
