//! Rate limits: budgets per app and per use case, told in headers, refused with codes.
//!
//! Every answer says how much of each budget is used, in percent. What is over it is refused with
//! HTTP 400 and a code of its own, never with 429. (Guide to rate limits, read 2026-11: 200 calls
//! per user and hour for an app; per hour 190,000 calls for insights of ads and 100,000 for
//! managing them, with full access; per day 4,800 for each engaged user of a page.)

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::Response;
use serde_json::{Value, json};

use super::error::GraphError;
use super::graph::{Kind, Node};
use super::wire;
use crate::answer;

/// Which budget a call draws on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum UseCase {
    /// The app's own, for what belongs to no page and no account.
    App,
    AdsInsights,
    AdsManagement,
    Catalog,
    Instagram,
    Leads,
    Messenger,
    Pages,
}

/// All of them, for the control API.
pub(super) const USE_CASES: [UseCase; 8] = [
    UseCase::App,
    UseCase::AdsInsights,
    UseCase::AdsManagement,
    UseCase::Catalog,
    UseCase::Instagram,
    UseCase::Leads,
    UseCase::Messenger,
    UseCase::Pages,
];

impl UseCase {
    /// The budget of a call for a node (`edge` empty) or one of its edges.
    pub(super) fn of(node: &Node, edge: &str) -> Self {
        match (node.kind, edge) {
            (Kind::AdAccount | Kind::Campaign | Kind::AdSet | Kind::Ad, "insights")
            | (Kind::ReportRun, _) => Self::AdsInsights,
            (Kind::Form | Kind::Ad, "leads") | (Kind::Lead | Kind::Form, _) => Self::Leads,
            (Kind::AdAccount | Kind::Campaign | Kind::AdSet | Kind::Ad | Kind::Creative, _) => {
                Self::AdsManagement
            }
            (Kind::Page, "conversations") | (Kind::Thread | Kind::Message, _) => Self::Messenger,
            (Kind::Page, "leadgen_forms") => Self::Leads,
            (Kind::Page | Kind::Post | Kind::Rating, _) => Self::Pages,
            (Kind::InstagramUser | Kind::Media, _) => Self::Instagram,
            (Kind::Catalog | Kind::Product, _) => Self::Catalog,
            (Kind::User | Kind::Business | Kind::App, _) => Self::App,
        }
    }

    /// The name that headers have for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::AdsInsights => "ads_insights",
            Self::AdsManagement => "ads_management",
            Self::Catalog => "catalog_management",
            Self::Instagram => "instagram",
            Self::Leads => "leadgen",
            Self::Messenger => "messenger",
            Self::Pages => "pages",
        }
    }

    /// How many calls there can be within [`UseCase::window`].
    fn budget(self) -> u64 {
        match self {
            // Two hundred for each of the demo app's five hundred users.
            Self::App => 100_000,
            Self::AdsInsights => 190_000,
            Self::AdsManagement => 100_000,
            Self::Catalog => 20_000,
            Self::Instagram | Self::Leads | Self::Messenger | Self::Pages => 480_000,
        }
    }

    fn window(self) -> TimeDelta {
        match self {
            Self::Instagram | Self::Leads | Self::Messenger | Self::Pages => TimeDelta::hours(24),
            Self::App | Self::AdsInsights | Self::AdsManagement | Self::Catalog => {
                TimeDelta::hours(1)
            }
        }
    }

    fn refusal(self) -> GraphError {
        let (code, subcode, what) = match self {
            Self::App => return GraphError::new(4, "(#4) Application request limit reached"),
            Self::AdsInsights => (80000, Some(2_446_079), "this ad-account"),
            Self::Pages => (80001, None, "this Page account"),
            Self::Instagram => (80002, None, "this Instagram account"),
            Self::AdsManagement => (80004, Some(2_446_079), "this ad-account"),
            Self::Leads => (80005, None, "this leadgen account"),
            Self::Messenger => (80006, None, "this Messenger account"),
            Self::Catalog => (80009, None, "this catalog account"),
        };
        let message = format!(
            "(#{code}) There have been too many calls to {what}. Wait a bit and try again. For more \
             info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting."
        );
        GraphError {
            subcode,
            ..GraphError::new(code, message)
        }
    }
}

/// The calls within the windows, by use case and by what they were for.
#[derive(Debug, Default)]
pub(super) struct Usage {
    calls: BTreeMap<(UseCase, String), VecDeque<DateTime<Utc>>>,
    /// Budgets that the control API set.
    pub(super) budgets: BTreeMap<UseCase, u64>,
    /// Use cases that are throttled until a time, and with which code where not the usual one.
    pub(super) held: BTreeMap<UseCase, (DateTime<Utc>, Option<u32>)>,
}

/// How a budget stands.
#[derive(Debug)]
pub(super) struct Standing {
    use_case: UseCase,
    /// The page, account or business.
    asset: String,
    percent: u64,
    /// Minutes until calls are answered again; zero while they are.
    minutes: i64,
}

impl Usage {
    /// Counts a call and says how its budget stands, with the refusal where it is used up.
    pub(super) fn count(
        &mut self,
        use_case: UseCase,
        asset: &str,
        now: DateTime<Utc>,
    ) -> (Standing, Option<GraphError>) {
        let budget = self
            .budgets
            .get(&use_case)
            .copied()
            .unwrap_or_else(|| use_case.budget());
        let calls = self.calls.entry((use_case, asset.to_owned())).or_default();
        while calls
            .front()
            .is_some_and(|at| now - *at >= use_case.window())
        {
            calls.pop_front();
        }
        let before = u64::try_from(calls.len()).unwrap_or(u64::MAX);
        let held = self.held.get(&use_case).filter(|(until, _)| *until > now);
        let (until, code) = match held {
            Some((until, code)) => (Some(*until), *code),
            None if before >= budget => (calls.front().map(|at| *at + use_case.window()), None),
            None => (None, None),
        };
        if until.is_none() {
            calls.push_back(now);
        }
        let used = u64::try_from(calls.len()).unwrap_or(u64::MAX);
        let percent = match until {
            Some(_) => 100,
            None => used.saturating_mul(100) / budget.max(1),
        };
        let standing = Standing {
            use_case,
            asset: asset.to_owned(),
            percent,
            minutes: until.map_or(0, |until| {
                (until - now).num_seconds().max(0).div_euclid(60) + 1
            }),
        };
        let refusal = until.map(|_| match code {
            Some(code) => throttled(code),
            None => use_case.refusal(),
        });
        (standing, refusal)
    }
}

/// The refusals of older and narrower limits, which a test can ask for by their code.
fn throttled(code: u32) -> GraphError {
    match code {
        4 => GraphError::new(4, "(#4) Application request limit reached"),
        17 => GraphError::new(17, "(#17) User request limit reached").subcode(2_446_079),
        32 => GraphError::new(32, "(#32) Page request limit reached"),
        613 => GraphError::new(
            613,
            "(#613) Calls to this api have exceeded the rate limit.",
        )
        .subcode(1_487_742),
        code => GraphError::new(
            code,
            format!("(#{code}) There have been too many calls. Wait a bit and try again."),
        ),
    }
}

impl Standing {
    /// Says how the budget stands, in the headers that the use case has.
    pub(super) fn tell(&self, response: &mut Response<Bytes>) {
        let percent = self.percent;
        let usage =
            json!({ "call_count": percent, "total_time": percent, "total_cputime": percent });
        if self.use_case == UseCase::App {
            answer::set(response, "x-app-usage", &wire::ascii(&usage));
            return;
        }
        let mut entry = json!({
            "type": self.use_case.name(),
            "call_count": percent,
            "total_cputime": percent,
            "total_time": percent,
            "estimated_time_to_regain_access": self.minutes,
        });
        let ads = matches!(self.use_case, UseCase::AdsInsights | UseCase::AdsManagement);
        if let (true, Value::Object(entry)) = (ads, &mut entry) {
            entry.insert("ads_api_access_tier".to_owned(), "standard_access".into());
        }
        let asset = self.asset.strip_prefix("act_").unwrap_or(&self.asset);
        let body = json!({ asset: [entry] });
        answer::set(response, "x-business-use-case-usage", &wire::ascii(&body));
        if ads {
            let account = json!({
                "acc_id_util_pct": percent,
                "reset_time_duration": self.minutes * 60,
                "ads_api_access_tier": "standard_access",
            });
            answer::set(response, "x-ad-account-usage", &wire::ascii(&account));
        }
        if self.use_case == UseCase::AdsInsights {
            let throttle = json!({
                "app_id_util_pct": percent,
                "acc_id_util_pct": percent,
                "ads_api_access_tier": "standard_access",
            });
            answer::set(
                response,
                "x-fb-ads-insights-throttle",
                &wire::ascii(&throttle),
            );
        }
    }
}
