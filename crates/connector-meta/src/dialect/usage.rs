//! How much of each budget is used, by what the headers of an answer say: in percent, where 100 is the
//! end. They come with every answer, so there is time to slow down before Meta refuses.
//!
//! Source: developers.facebook.com, "Rate limits" of the Graph API and the Marketing API, read in
//! November 2026. From which percentage on to wait is taken from what other clients do.

use std::collections::BTreeMap;
use std::time::Duration;

use connector_core::Operation;
use http::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// From here on every call waits a little.
const HIGH: f64 = 85.0;
/// From here on every call waits long.
const HIGHEST: f64 = 95.0;

/// How budgets stand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Usage {
    /// The share of the most used one, in percent.
    pub(super) percent: f64,
    /// After how long a used-up one is there again, where Meta says so.
    pub(super) regained_in: Option<Duration>,
}

impl Usage {
    /// How long to hold calls back; `None` while there is no need.
    pub(super) fn pause(self) -> Option<Duration> {
        if self.regained_in.is_some() {
            return self.regained_in;
        }
        if self.percent >= HIGHEST {
            Some(Duration::from_secs(10 * 60))
        } else if self.percent >= HIGH {
            Some(Duration::from_secs(2 * 60))
        } else {
            None
        }
    }

    fn count(&mut self, percent: f64, regained_in: Option<Duration>) {
        // Not a number counts for nothing.
        self.percent = self.percent.max(percent);
        self.regained_in = self
            .regained_in
            .max(regained_in.filter(|wait| !wait.is_zero()));
    }
}

/// `X-App-Usage`, and one entry of `X-Business-Use-Case-Usage`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Calls {
    call_count: f64,
    total_time: f64,
    total_cputime: f64,
    /// In minutes.
    estimated_time_to_regain_access: u64,
}

/// `X-Ad-Account-Usage` and `X-FB-Ads-Insights-Throttle`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Utilisation {
    acc_id_util_pct: f64,
    app_id_util_pct: f64,
    /// In seconds. It is told while calls are answered, too.
    reset_time_duration: u64,
}

/// What the headers of an answer say.
pub(super) fn read(headers: &HeaderMap) -> Usage {
    let mut usage = Usage::default();
    let mut calls = |calls: &Calls| {
        let percent = calls.call_count.max(calls.total_time);
        let minutes = calls.estimated_time_to_regain_access.min(24 * 60);
        usage.count(
            percent.max(calls.total_cputime),
            Some(Duration::from_secs(minutes * 60)),
        );
    };
    if let Some(app) = json::<Calls>(headers, "x-app-usage") {
        calls(&app);
    }
    let cases: Option<BTreeMap<String, Vec<Calls>>> = json(headers, "x-business-use-case-usage");
    cases
        .iter()
        .flat_map(BTreeMap::values)
        .flatten()
        .for_each(calls);
    for name in ["x-ad-account-usage", "x-fb-ads-insights-throttle"] {
        if let Some(account) = json::<Utilisation>(headers, name) {
            let percent = account.acc_id_util_pct.max(account.app_id_util_pct);
            let spent = percent >= 100.0;
            let seconds = account.reset_time_duration.min(24 * 60 * 60);
            usage.count(percent, spent.then(|| Duration::from_secs(seconds)));
        }
    }
    usage
}

fn json<T: DeserializeOwned>(headers: &HeaderMap, name: &str) -> Option<T> {
    serde_json::from_slice(headers.get(name)?.as_bytes()).ok()
}

/// Which budget an operation draws on, by the names of `X-Business-Use-Case-Usage`.
pub(super) fn bucket(operation: Operation) -> &'static str {
    match operation.name {
        "page/conversations" => "messenger",
        "page/leadgen_forms" | "form/leads" | "lead" => "leadgen",
        "ad_account/insights" | "report" | "report/insights" => "ads_insights",
        name if name.starts_with("ad_account/") => "ads_management",
        name if name.starts_with("page") || name.starts_with("post") => "pages",
        name if name.starts_with("instagram") => "instagram",
        name if name.starts_with("catalog") || name.starts_with("product") => "catalog_management",
        _ => "app",
    }
}
