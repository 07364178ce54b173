//! The Google Ads API over REST: which accounts a user reaches, and `googleAds:search` and
//! `googleAds:searchStream` over them.
//!
//! What an account holds is kept by field, as the query language names them (`campaign.name`), in
//! the form that answers have. (The protocol buffers of v26; recorded answers of v21.)

mod cells;
mod error;
mod fields;
mod query;
mod run;

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;
use crate::world::World;

use super::params::{body, put, seal, text, unseal};
use super::refusal::{Outcome, Refusal, json_answer};

pub(super) use cells::{Counts, Recorded};
pub(super) use fields::exists as field_exists;

use error::Failure;
use query::Query;

/// The versions that are served in November 2026; older ones are shut.
const VERSIONS: &[&str] = &["v23", "v24", "v25", "v26"];

/// How many rows a page, or a chunk of a stream, has.
const PAGE: usize = 10_000;

/// How long a page token lasts: about two hours.
const TOKEN_LIFE: TimeDelta = TimeDelta::hours(2);

/// How many operations a project has in twenty-four hours (basic access).
const OPERATIONS: usize = 15_000;

/// Values by field: `campaign.name`.
pub(super) type Fields = BTreeMap<String, Value>;

/// One account.
#[derive(Clone, Debug)]
pub(super) struct Account {
    /// `customer.…`
    pub(super) fields: Fields,
    pub(super) zone: Tz,
    /// Whether it manages others, and has no campaigns of its own.
    pub(super) manager: bool,
    /// Whether it is closed, and can't be asked for anything.
    pub(super) closed: bool,
    /// Accounts that it manages.
    pub(super) clients: BTreeSet<String>,
    /// `campaign.…` and `campaign_budget.…` of each campaign.
    pub(super) campaigns: Vec<Fields>,
    /// `ad_group.…` of each ad group.
    pub(super) groups: Vec<Fields>,
    /// Micros of the currency that a click typically costs.
    pub(super) click_cost: u64,
    /// What was recorded, in place of made-up numbers.
    pub(super) recorded: Option<Vec<Recorded>>,
}

/// All that a user reaches.
#[derive(Debug, Default)]
pub(super) struct Ads {
    pub(super) accounts: BTreeMap<String, Account>,
    /// The accounts that the user is a user of.
    pub(super) accessible: BTreeSet<String>,
    /// When operations were counted, the oldest first.
    operations: Vec<DateTime<Utc>>,
    /// A quota error for calls to come: its code, after how many seconds to come again, how often.
    pub(super) spoil: Option<(String, u32, u32)>,
}

/// What a page token stands for.
type PageToken = (String, String, usize, i64);

impl Ads {
    /// Answers one call. Every answer has its request's id.
    pub(super) fn answer(&mut self, call: &Call<'_>, world: &mut World) -> Response<Bytes> {
        let id: String = world
            .request_id()
            .replace('-', "")
            .chars()
            .take(22)
            .collect();
        let stream = call.path.ends_with(":searchStream");
        let answered = self.operate(call, &id, world);
        let mut response = match answered {
            Ok(body) => json_answer(StatusCode::OK, &body),
            Err(refusal) => refuse(&refusal, stream),
        };
        answer::set(&mut response, "request-id", &id);
        response
    }

    /// How many campaigns there are in all accounts, removed ones included.
    pub(super) fn campaign_count(&self) -> usize {
        let open = self.accounts.values().filter(|account| !account.closed);
        open.map(|account| account.campaigns.len()).sum()
    }

    fn operate(&mut self, call: &Call<'_>, id: &str, world: &World) -> Outcome<Value> {
        let rest = call.path.trim_start_matches('/');
        let (version, rest) = rest.split_once('/').unwrap_or((rest, ""));
        let failure = Failure { version, id };
        if !VERSIONS.contains(&version) {
            let words = "The version of the API is not served any more, or not yet.";
            return Err(failure.refuse(400, "requestError", "UNSUPPORTED_VERSION", words));
        }
        if self.accessible.is_empty() {
            let words = "User in the cookie is not a valid Ads user.";
            return Err(failure.refuse(401, "authenticationError", "NOT_ADS_USER", words));
        }
        self.count(&failure, call.now)?;
        match (call.method.as_str(), rest) {
            ("GET", "customers:listAccessibleCustomers") => {
                let names: Vec<String> = self
                    .accessible
                    .iter()
                    .map(|id| format!("customers/{id}"))
                    .collect();
                Ok(json!({ "resourceNames": names }))
            }
            ("POST", rest) => {
                let (customer, method) = rest
                    .strip_prefix("customers/")
                    .and_then(|rest| rest.split_once('/'))
                    .ok_or_else(|| Refusal::not_found("Method not found."))?;
                match method {
                    "googleAds:searchStream" => self.stream(customer, call, &failure, world),
                    "googleAds:search" => self.search(customer, call, &failure, world),
                    _ => Err(Refusal::not_found("Method not found.")),
                }
            }
            _ => Err(Refusal::not_found("Method not found.")),
        }
    }

    /// Counts one operation, or refuses it.
    fn count(&mut self, failure: &Failure<'_>, now: DateTime<Utc>) -> Outcome<()> {
        if let Some((code, seconds, times)) = &mut self.spoil
            && *times > 0
        {
            *times -= 1;
            return Err(failure.quota(code, *seconds));
        }
        let since = now - TimeDelta::hours(24);
        self.operations.retain(|at| *at > since);
        if self.operations.len() >= OPERATIONS {
            return Err(failure.quota("RESOURCE_EXHAUSTED", 3_600));
        }
        self.operations.push(now);
        Ok(())
    }

    /// The account that a call is for, where the user reaches it: directly, or through the manager
    /// that `login-customer-id` names.
    fn account(&self, id: &str, call: &Call<'_>, failure: &Failure<'_>) -> Outcome<&Account> {
        let is_id = |id: &str| id.len() == 10 && id.bytes().all(|byte| byte.is_ascii_digit());
        if !is_id(id) {
            let words = format!("Invalid customer ID '{id}'.");
            return Err(failure.refuse(400, "requestError", "INVALID_CUSTOMER_ID", &words));
        }
        let login = call.header("login-customer-id");
        if login.is_some_and(|login| !is_id(login)) {
            let words = "The login customer ID must be ten digits, without hyphens.";
            return Err(failure.refuse(400, "headerError", "INVALID_LOGIN_CUSTOMER_ID", words));
        }
        let login = login.unwrap_or(id);
        let reaches = self.accessible.contains(login)
            && (login == id
                || self
                    .accounts
                    .get(login)
                    .is_some_and(|manager| manager.manager && manager.clients.contains(id)));
        let account = self.accounts.get(id).filter(|_| reaches).ok_or_else(|| {
            let words = "User doesn't have permission to access customer. Note: If you're accessing a client customer, the manager's customer id must be set in the 'login-customer-id' header.";
            failure.refuse(403, "authorizationError", "USER_PERMISSION_DENIED", words)
        })?;
        if account.closed {
            let words = "The customer account can't be accessed because it is not yet enabled or has been deactivated.";
            return Err(failure.refuse(403, "authorizationError", "CUSTOMER_NOT_ENABLED", words));
        }
        Ok(account)
    }

    /// The rows of a query, as answers have them.
    fn rows(
        &self,
        customer: &str,
        call: &Call<'_>,
        query: &Query,
        failure: &Failure<'_>,
        world: &World,
    ) -> Outcome<Vec<Value>> {
        let account = self.account(customer, call, failure)?;
        let source = run::Source {
            ads: self,
            id: customer,
            account,
            seed: world.seed,
            now: call.now,
        };
        run::run(&source, query).map_err(|fault| failure.query(&fault))
    }

    /// `googleAds:searchStream`: an array of chunks.
    fn stream(
        &self,
        customer: &str,
        call: &Call<'_>,
        failure: &Failure<'_>,
        world: &World,
    ) -> Outcome<Value> {
        let fields = body(call)?;
        let query = read(text(&fields, "query"), failure)?;
        let rows = self.rows(customer, call, &query, failure, world)?;
        let consumption = consumption(rows.len());
        let chunk = |rows: Option<&[Value]>| {
            let mut chunk = json!({
                "fieldMask": query.mask(), "requestId": failure.id,
                "queryResourceConsumption": consumption,
            });
            put(&mut chunk, "results", rows.map(<[Value]>::to_vec));
            chunk
        };
        if rows.is_empty() {
            return Ok(json!([chunk(None)]));
        }
        Ok(rows.chunks(PAGE).map(|rows| chunk(Some(rows))).collect())
    }

    /// `googleAds:search`: one page.
    fn search(
        &self,
        customer: &str,
        call: &Call<'_>,
        failure: &Failure<'_>,
        world: &World,
    ) -> Outcome<Value> {
        let fields = body(call)?;
        if fields.contains_key("pageSize") || fields.contains_key("page_size") {
            let words = "Setting the page size is not supported: pages have 10000 rows.";
            return Err(failure.refuse(400, "requestError", "PAGE_SIZE_NOT_SUPPORTED", words));
        }
        let written = text(&fields, "query").unwrap_or_default();
        let query = read(Some(written), failure)?;
        let start = match text(&fields, "pageToken").filter(|token| !token.is_empty()) {
            None => 0,
            Some(token) => {
                let read = unseal::<PageToken>(token);
                let read = read.filter(|(of, asked, _, _)| of == customer && asked == written);
                let Some((_, _, start, issued)) = read else {
                    let words = "The page token is invalid, or belongs to another query.";
                    return Err(failure.refuse(400, "requestError", "INVALID_PAGE_TOKEN", words));
                };
                if call.now.timestamp() - issued >= TOKEN_LIFE.num_seconds() {
                    let words = "The page token has expired.";
                    return Err(failure.refuse(400, "requestError", "EXPIRED_PAGE_TOKEN", words));
                }
                start
            }
        };
        let rows = self.rows(customer, call, &query, failure, world)?;
        let total = rows.len();
        let page: Vec<Value> = rows.into_iter().skip(start).take(PAGE).collect();
        let end = start + page.len();
        let mut answer = json!({
            "fieldMask": query.mask(), "queryResourceConsumption": consumption(page.len()),
        });
        put(&mut answer, "results", (!page.is_empty()).then_some(page));
        let token: PageToken = (
            customer.to_owned(),
            written.to_owned(),
            end,
            call.now.timestamp(),
        );
        put(
            &mut answer,
            "nextPageToken",
            (end < total).then(|| seal(&token)),
        );
        let settings = fields.get("searchSettings").and_then(Value::as_object);
        let counted = settings.and_then(|settings| settings.get("returnTotalResultsCount"));
        if counted == Some(&Value::Bool(true)) {
            put(&mut answer, "totalResultsCount", Some(total.to_string()));
        }
        Ok(answer)
    }
}

/// What a query cost. Google doesn't publish how it reckons; more rows cost more.
fn consumption(rows: usize) -> String {
    (90 + rows * 2).to_string()
}

fn read(query: Option<&str>, failure: &Failure<'_>) -> Outcome<Query> {
    let query = query.unwrap_or_default();
    query::parse(query).map_err(|fault| failure.query(&fault))
}

/// A refusal; `searchStream` wraps its own in an array.
pub(super) fn refuse(refusal: &Refusal, stream: bool) -> Response<Bytes> {
    let style = super::refusal::Style::Status;
    let mut response = refusal.response(style);
    if stream {
        *response.body_mut() = json!([refusal.body(style)]).to_string().into();
    }
    response
}
