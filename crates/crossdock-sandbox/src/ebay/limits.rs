//! Calls in a day, for each application and API, and the two operations that tell about them.
//!
//! The window ends at midnight in Los Angeles, which is taken for seven hours after midnight UTC
//! the whole year. An answer says nothing of the limit, not even a refusal.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;

use super::refusal::{Outcome, Refusal};
use super::service::Service;

/// The length of the window in seconds.
const DAY: i64 = 86_400;

/// How far after midnight UTC the window ends, in seconds.
const RESET: i64 = 7 * 3_600;

/// Counted calls, and limits that the control API changed.
#[derive(Debug, Default)]
pub(super) struct Limits {
    /// By application and API: which day, and how many calls.
    used: BTreeMap<(String, Service), (i64, u64)>,
    changed: BTreeMap<Service, u64>,
}

impl Limits {
    /// Counts a call.
    ///
    /// # Errors
    /// 2001 with status 429 where the day's calls are used up.
    pub(super) fn count(
        &mut self,
        client: &str,
        service: Service,
        now: DateTime<Utc>,
    ) -> Outcome<()> {
        let limit = self.limit(service);
        let today = day(now);
        let (day, used) = self
            .used
            .entry((client.to_owned(), service))
            .or_insert((today, 0));
        if *day != today {
            (*day, *used) = (today, 0);
        }
        if *used >= limit {
            let status = StatusCode::TOO_MANY_REQUESTS;
            return Err(Refusal::new(status, 2001, "ACCESS", "Too many requests"));
        }
        *used += 1;
        Ok(())
    }

    /// Changes an API's limit.
    pub(super) fn set(&mut self, service: Service, limit: u64) {
        self.changed.insert(service, limit);
    }

    fn limit(&self, service: Service) -> u64 {
        self.changed
            .get(&service)
            .copied()
            .unwrap_or_else(|| service.daily_limit())
    }

    /// `GET rate_limit/` and `GET user_rate_limit/`. Users have no limits of their own here, so
    /// both say the same.
    pub(super) fn answer(
        &self,
        call: &Call<'_>,
        path: &[&str],
        client: &str,
    ) -> Outcome<Response<Bytes>> {
        let known = matches!(path, ["rate_limit" | "user_rate_limit"]);
        if !known || *call.method != Method::GET {
            return Err(Refusal::no_such_resource());
        }
        let wanted = |name: &str, value: &str| {
            call.query(name)
                .is_none_or(|asked| asked.eq_ignore_ascii_case(value))
        };
        let limits: Vec<Value> = Service::ALL
            .into_iter()
            .filter(|service| {
                let (context, name, _) = service.root();
                wanted("api_context", context) && wanted("api_name", name)
            })
            .map(|service| self.told(service, client, call.now))
            .collect();
        if limits.is_empty() {
            return Ok(answer::empty(StatusCode::NO_CONTENT));
        }
        Ok(answer::json(StatusCode::OK, &json!({"rateLimits": limits})))
    }

    fn told(&self, service: Service, client: &str, now: DateTime<Utc>) -> Value {
        let today = day(now);
        let used = self
            .used
            .get(&(client.to_owned(), service))
            .filter(|(day, _)| *day == today)
            .map_or(0, |(_, used)| *used);
        let limit = self.limit(service);
        let reset = DateTime::from_timestamp((today + 1) * DAY + RESET, 0)
            .unwrap_or(now + TimeDelta::days(1));
        let (context, name, version) = service.root();
        json!({
            "apiContext": context,
            "apiName": name,
            "apiVersion": version,
            "resources": [{
                "name": format!("{context}.{name}"),
                "rates": [{
                    "count": used,
                    "limit": limit,
                    "remaining": limit.saturating_sub(used),
                    "reset": reset.to_rfc3339_opts(SecondsFormat::Millis, true),
                    "timeWindow": DAY,
                }],
            }],
        })
    }
}

/// The running number of the window that a point in time lies in.
fn day(now: DateTime<Utc>) -> i64 {
    (now.timestamp() - RESET).div_euclid(DAY)
}
