//! One call to the API: from the path to the answer, with everything that is checked on the way.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::Value;

use crate::answer;
use crate::platform::Call;
use crate::world::World;

use super::auth::Caller;
use super::hosts::Region;
use super::operations::{self, Found, Name, Operation};
use super::params::Params;
use super::refusal::{Outcome, Refusal};
use super::{
    AmazonSpApi, catalog, finances, inventory, limits, listings, notifications, orders, pricing,
    reports, sellers, tokens,
};

/// The most characters that `User-Agent` may have.
const AGENT_LENGTH: usize = 500;

impl AmazonSpApi {
    /// Answers a call to an API host.
    pub(super) fn api(
        &mut self,
        call: &Call<'_>,
        region: Region,
        sandbox: bool,
        world: &mut World,
    ) -> Response<Bytes> {
        let (operation, path) = match operations::find(call.method, call.path) {
            Found::Operation(operation, path) => (operation, path),
            Found::OtherMethod => {
                return Refusal::new(
                    StatusCode::METHOD_NOT_ALLOWED,
                    "MethodNotAllowed",
                    "The path has no operation with this method.",
                    "",
                )
                .response();
            }
            // Where tokens are asked for at the wrong host.
            Found::Nothing if call.path.starts_with("/auth/") => {
                let code = "MissingAuthenticationToken";
                return Refusal::new(
                    StatusCode::FORBIDDEN,
                    code,
                    "Missing Authentication Token",
                    "",
                )
                .response();
            }
            Found::Nothing => {
                return Refusal::not_found("There is no operation at this path.").response();
            }
        };
        let plan = limits::plan(operation.rate, operation.burst, sandbox);
        let answered = self.judged(call, operation, &path, (region, sandbox), plan, world);
        let mut response = match answered {
            Ok((status, Value::Null)) => answer::empty(status),
            Ok((status, body)) => answer::json(status, &body),
            Err(refusal) => refusal.response(),
        };
        let status = response.status();
        let told = status.is_success()
            || matches!(status, StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND);
        if told {
            let rate = limits::header(plan.0);
            answer::set(&mut response, "x-amzn-ratelimit-limit", &rate);
        }
        response
    }

    /// Everything that stands between a call and its operation.
    fn judged(
        &mut self,
        call: &Call<'_>,
        operation: &'static Operation,
        path: &[String],
        (region, sandbox): (Region, bool),
        plan: (f64, f64),
        world: &mut World,
    ) -> Outcome<(StatusCode, Value)> {
        let agent = call.header("user-agent").unwrap_or_default();
        if agent.is_empty() || agent.len() > AGENT_LENGTH {
            return Err(Refusal::input(format!(
                "The User-Agent must have between 1 and {AGENT_LENGTH} characters."
            )));
        }
        let has_body = !call.body.is_empty() || call.header("content-length").is_some();
        if *call.method == Method::GET && has_body {
            return Err(Refusal::input("A GET request has no body and no length."));
        }
        let token = call.header("x-amz-access-token");
        let caller = self
            .authority
            .check(token, operation, call.method, call.path, world)?;
        let owner = match &caller {
            Caller::Seller(seller) => seller.as_str(),
            Caller::App => "",
        };
        let now = call.now;
        if !self.limits.take(owner, operation.id, plan, sandbox, now) {
            return Err(Refusal::quota());
        }
        let account = self
            .accounts
            .iter()
            .position(|account| account.region == region)
            .and_then(|index| self.accounts.get_mut(index))
            .ok_or_else(Refusal::denied)?;
        if let Caller::Seller(seller) = &caller
            && (account.seller != seller || !account.allows(operation.roles))
        {
            // A token of another region, or a role that the app does not have.
            return Err(Refusal::denied());
        }
        account.settle(now);
        self.perform(operation.name, call, (region, sandbox), path, world)
    }

    /// Performs an operation.
    fn perform(
        &mut self,
        name: Name,
        call: &Call<'_>,
        (region, sandbox): (Region, bool),
        path: &[String],
        world: &mut World,
    ) -> Outcome<(StatusCode, Value)> {
        let params = Params(call);
        let part = |index: usize| path.get(index).map_or("", String::as_str);
        let destinations = &mut self.destinations;
        if name == Name::DeleteDestination {
            let accounts = self.accounts.iter();
            let body = notifications::delete_destination(destinations, accounts, part(0))?;
            return Ok((StatusCode::OK, body));
        }
        let account = self
            .accounts
            .iter_mut()
            .find(|account| account.region == region)
            .ok_or_else(Refusal::denied)?;
        let mut status = StatusCode::OK;
        let body = match name {
            Name::Participations => sellers::participations(account),
            Name::Account => sellers::account(account),
            Name::SearchOrders => orders::search(account, params)?,
            Name::Order => orders::get(account, part(0), params)?,
            Name::SearchListings => listings::search(account, part(0), params)?,
            Name::Listing => listings::get(account, part(0), part(1), params)?,
            Name::PutListing => listings::put(account, (part(0), part(1)), params, world)?,
            Name::PatchListing => listings::patch(account, (part(0), part(1)), params, world)?,
            Name::DeleteListing => listings::delete(account, (part(0), part(1)), params, world)?,
            Name::SearchCatalog => catalog::search(account, params)?,
            Name::CatalogItem => catalog::get(account, part(0), params)?,
            Name::Inventory => inventory::summaries(account, params)?,
            Name::CompetitiveSummary => pricing::competitive_summary(account, params)?,
            Name::EventGroups => finances::groups(account, params)?,
            Name::EventsByGroup => finances::events(account, part(0), params)?,
            Name::Transactions => finances::transactions(account, params)?,
            Name::Balances => finances::balances(account, params)?,
            Name::Payouts => finances::payouts(account, params)?,
            Name::ExpectedPayouts => finances::expected(account, params)?,
            Name::Reports => reports::search(account, params)?,
            Name::CreateReport => {
                status = StatusCode::ACCEPTED;
                reports::create(account, params, world)?
            }
            Name::Report => reports::get(account, part(0), params)?,
            Name::CancelReport => reports::cancel(account, part(0), params)?,
            Name::ReportDocument => reports::document(account, part(0), params)?,
            Name::RestrictedToken => tokens::create(account, params, world)?,
            Name::Destinations | Name::DeleteDestination => {
                notifications::destinations(destinations)
            }
            Name::CreateDestination => {
                notifications::create_destination(destinations, params, world)?
            }
            Name::Destination => notifications::destination(destinations, part(0))?,
            Name::Subscriptions => notifications::search(account, params)?,
            Name::Subscription => notifications::of_type(account, part(0), params)?,
            Name::CreateSubscription => {
                notifications::create(account, destinations, part(0), params, world)?
            }
            Name::SubscriptionById => notifications::get(account, part(0), part(1))?,
            Name::DeleteSubscription => notifications::delete(account, part(0), part(1))?,
            Name::TestNotification => notifications::test(destinations, part(0), sandbox, params)?,
        };
        Ok((status, body))
    }
}
