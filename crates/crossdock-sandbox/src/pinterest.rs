//! Pinterest: boards and pins, their numbers, ads with reports that are jobs, and catalogues.
//!
//! What it does is what the description of API v5 (5.28.0) and the guides say, and recorded answers
//! show; where a module says "inferred", neither does.
//!
//! The app is `1000001` (secret `sandbox-pinterest-secret`), the business account is
//! `sandbox_studio`. The refresh token `sbx_pinterest_refresh_demo` is its, with every scope, and
//! doesn't end when it is used. The hosts `api.pinterest.com` and `api-sandbox.pinterest.com` have
//! the same data but tokens of their own; the second has no analytics and no reports, as
//! Pinterest's own sandbox has none.

mod ads;
mod analytics;
mod catalogs;
mod consent;
mod generate;
mod limits;
mod load;
mod numbers;
mod oauth;
mod organic;
mod paging;
mod params;
mod refusal;
mod reports;
mod verbs;

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use http::{Method, Response, StatusCode};
use serde_json::Value;

use crate::answer;
use crate::platform::{Call, ControlError, Platform, SeedFile, SeedOutcome, Size};
use crate::world::World;

use self::limits::Limits;
use self::oauth::Authority;
use self::refusal::{Outcome, Refusal};
use self::reports::Reports;

/// The platform's id.
pub(crate) const ID: &str = "pinterest";

/// The host of the programming interface.
const API: &str = "api.pinterest.com";

/// The host of Pinterest's own sandbox.
const TRIAL: &str = "api-sandbox.pinterest.com";

/// The host of the consent page.
const CONSENT: &str = "www.pinterest.com";

/// Objects in the words of the API, by their numeric id.
type Shelf = BTreeMap<u64, Value>;

/// What the business account has.
#[derive(Debug, Default)]
struct Data {
    /// What numbers follow from.
    seed: u64,
    /// Whether everything was made up, so that numbers are made up, too.
    made_up: bool,
    /// The first day of the business account: days before it have no numbers.
    since: Option<NaiveDate>,
    account: Value,
    boards: Shelf,
    pins: Shelf,
    ad_accounts: Shelf,
    campaigns: Shelf,
    catalogs: Shelf,
    feeds: Shelf,
    /// What became of each feed's last runs, by the feed's id.
    results: BTreeMap<u64, Shelf>,
    groups: Shelf,
    /// Products by the number of their pin, with the product groups that they are in.
    products: BTreeMap<u64, (Vec<u64>, Value)>,
    /// Recorded days of the account.
    account_days: BTreeMap<String, Value>,
    /// Recorded rows of campaigns, by campaign and day.
    campaign_rows: BTreeMap<(u64, String), Value>,
}

/// The emulated platform.
#[derive(Debug, Default)]
pub(crate) struct Pinterest {
    data: Data,
    authority: Authority,
    limits: Limits,
    reports: Reports,
}

impl Pinterest {
    /// Answers a call to the interface, after what all operations check.
    fn serve(&mut self, call: &Call<'_>, path: &[&str], world: &World) -> Outcome<Value> {
        let operation = operation(call.method, path).ok_or_else(|| Refusal::no_such(call))?;
        let grant = self.authority.authenticate(call, world)?;
        let named = operation.category;
        self.limits
            .count(&grant.client, &grant.subject, named, call.now)?;
        if !operation.scopes.iter().all(|scope| grant.allows(scope)) {
            return Err(Refusal::scope());
        }
        if call.host == TRIAL && named.ends_with("analytics") {
            return Err(Refusal::new(
                StatusCode::FORBIDDEN,
                29,
                "You are not permitted to access that resource.",
            ));
        }
        match path {
            ["user_account", "analytics"] => analytics::of_account(&self.data, call),
            ["pins", "analytics"] => analytics::of_pins(&self.data, call),
            ["pins", id, "analytics"] => analytics::of_pin(&self.data, call, id),
            ["ad_accounts", rest @ ..] => ads::answer(&self.data, &mut self.reports, call, rest),
            ["catalogs", rest @ ..] => catalogs::answer(&self.data, call, rest),
            rest => organic::answer(&self.data, call, rest),
        }
    }
}

/// What an operation needs, and which limit it counts against.
struct Operation {
    scopes: &'static [&'static str],
    category: &'static str,
}

/// The operations, with the scopes and the category that the description names for each.
fn operation(method: &Method, path: &[&str]) -> Option<Operation> {
    let post = matches!(path, ["ad_accounts", _, "reports"]) && method == Method::POST;
    if method != Method::GET && !post {
        return None;
    }
    let (category, scopes): (_, &[&str]) = match path {
        ["user_account"] => ("org_read", &["user_accounts:read"]),
        ["user_account", "analytics"] => ("org_analytics", &["user_accounts:read"]),
        ["boards"] | ["boards", _] => ("org_read", &["boards:read"]),
        ["pins", "analytics"] | ["pins", _, "analytics"] => {
            ("org_analytics", &["boards:read", "pins:read"])
        }
        ["boards", _, "pins"] | ["pins"] | ["pins", _] => {
            ("org_read", &["boards:read", "pins:read"])
        }
        ["ad_accounts"]
        | ["ad_accounts", _]
        | ["ad_accounts", _, "campaigns"]
        | ["ad_accounts", _, "campaigns", _] => match path.last() {
            Some(&"analytics") => ("ads_analytics", &["ads:read"]),
            _ => ("ads_read", &["ads:read"]),
        },
        ["ad_accounts", _, "analytics" | "reports"] => ("ads_analytics", &["ads:read"]),
        ["catalogs"]
        | ["catalogs", "feeds" | "product_groups"]
        | ["catalogs", "feeds", _]
        | ["catalogs", "feeds", _, "processing_results"] => ("catalogs_read", &["catalogs:read"]),
        ["catalogs", "product_groups", _, "products"] => (
            "catalogs_read",
            &["boards:read", "catalogs:read", "pins:read"],
        ),
        _ => return None,
    };
    Some(Operation { scopes, category })
}

/// Puts on what every answer of the interface carries.
fn dress(response: &mut Response<Bytes>, limits: &Limits, world: &mut World) {
    let rid = world.request_id().replace('-', "");
    answer::set(response, "pinterest-version", "sandbox");
    answer::set(response, "x-pinterest-rid-128bit", &rid);
    answer::set(response, "x-cdn", "fastly");
    let short = u64::from_str_radix(rid.get(..15).unwrap_or_default(), 16).unwrap_or_default();
    answer::set(response, "x-pinterest-rid", &short.to_string());
    limits.tell(response);
}

impl Platform for Pinterest {
    fn id(&self) -> &'static str {
        ID
    }

    fn serves(&self, host: &str) -> bool {
        [API, TRIAL, CONSENT, reports::HOST].contains(&host)
    }

    fn answer(&mut self, call: &Call<'_>, world: &mut World) -> Response<Bytes> {
        match (call.host, call.path) {
            ("_sandbox", "/consent") => return consent::decided(call, &mut self.authority, world),
            (CONSENT, "/oauth/" | "/oauth") => return consent::page(call),
            (reports::HOST, _) => return self.reports.download(call, world),
            (API | TRIAL, _) => {}
            _ => return answer::empty(StatusCode::NOT_FOUND),
        }
        let path: Vec<&str> = call.path.split('/').skip(1).collect();
        self.limits.forget();
        let mut response = match path.as_slice() {
            ["v5", "oauth", "token"] => oauth::token(call, &mut self.authority, world),
            ["v5", path @ ..] => match self.serve(call, path, world) {
                Ok(body) => answer::json(StatusCode::OK, &body),
                Err(refusal) => refusal.response(),
            },
            _ => Refusal::no_such(call).response(),
        };
        dress(&mut response, &self.limits, world);
        response
    }

    fn refusal(&self, status: StatusCode, _world: &mut World) -> Response<Bytes> {
        Refusal::of_status(status).response()
    }

    fn generate(&mut self, size: &Size, world: &mut World) {
        generate::fill(&mut self.data, size, world);
    }

    fn load(&mut self, file: &SeedFile<'_>) -> SeedOutcome {
        load::load(&mut self.data, file)
    }

    fn settle(&mut self, world: &mut World) {
        load::settle(&mut self.data, world);
    }

    fn census(&self) -> Vec<(&'static str, u64)> {
        let count = |number: usize| u64::try_from(number).unwrap_or(0);
        // Numbers of days are absent: how many there are depends on the clock, and on how far back
        // a sync reads.
        vec![
            ("boards", count(self.data.boards.len())),
            ("pins", count(self.data.pins.len())),
            ("ad_campaigns", count(self.data.campaigns.len())),
            ("products", count(self.data.products.len())),
            ("catalog_feeds", count(self.data.feeds.len())),
        ]
    }

    fn control(
        &mut self,
        verb: &str,
        body: &Value,
        world: &mut World,
    ) -> Result<Value, ControlError> {
        verbs::control(self, verb, body, world)
    }
}

/// An instant as boards and pins write it: without a zone, and UTC.
fn naive(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Sets a field of an object.
fn set(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(fields) = object {
        fields.insert(name.to_owned(), value);
    }
}
