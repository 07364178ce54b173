//! Google: one consent, and the interfaces of seven products behind it.
//!
//! What it does is what the discovery documents (and, for Google Ads, its protocol buffers) and the
//! guides say, and recorded answers show; where a module says "inferred", neither does.
//!
//! The app `sandbox-google-client.apps.googleusercontent.com` (secret `sandbox-google-secret`) is
//! published; `sandbox-google-testing.apps.googleusercontent.com` (same secret) is still being
//! tested, so that its refresh tokens end after seven days. The account `owner@sandbox.example`
//! has everything that is generated or loaded, `empty@sandbox.example` (as `login_hint`) nothing.
//! The refresh token `sbx_google_refresh_demo` is the owner's, with every scope.

mod ads;
mod analytics;
mod business;
mod calendar;
mod generate;
mod load;
mod merchant;
mod oauth;
mod params;
mod refusal;
mod search;
mod series;
mod service;
mod verbs;
mod youtube;

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::Value;

use crate::answer;
use crate::platform::{Call, ControlError, Platform, SeedFile, SeedOutcome, Size};
use crate::world::World;

use self::ads::Ads;
use self::analytics::Analytics;
use self::business::Business;
use self::calendar::Calendars;
use self::merchant::Merchant;
use self::oauth::Authority;
use self::refusal::{Outcome, Refusal, Style, json_answer};
use self::search::Search;
use self::service::{CALENDAR, Meters, Service};
use self::youtube::YouTube;

/// The platform's id.
pub(crate) const ID: &str = "google";

/// The account that has the data.
const OWNER: &str = "owner@sandbox.example";

/// The accounts: the second has nothing.
const ACCOUNTS: &[&str] = &[OWNER, "empty@sandbox.example"];

/// Hosts without an interface of their own.
const SHARED_HOSTS: &[&str] = &[
    "accounts.google.com",
    "oauth2.googleapis.com",
    "www.googleapis.com",
];

/// What one account has.
#[derive(Debug, Default)]
struct Data {
    analytics: Analytics,
    search: Search,
    calendars: Calendars,
    business: Business,
    merchant: Merchant,
    ads: Ads,
    youtube: YouTube,
}

/// The emulated platform.
#[derive(Debug)]
pub(crate) struct Google {
    accounts: BTreeMap<String, Data>,
    authority: Authority,
    meters: Meters,
    /// Interfaces that are turned off in the app's Cloud project.
    disabled: BTreeSet<&'static str>,
}

impl Default for Google {
    fn default() -> Self {
        Self {
            accounts: ACCOUNTS
                .iter()
                .map(|account| ((*account).to_owned(), Data::default()))
                .collect(),
            authority: Authority::default(),
            meters: Meters::default(),
            disabled: BTreeSet::new(),
        }
    }
}

impl Google {
    /// The account that has the data.
    fn owner(&mut self) -> &mut Data {
        self.accounts.entry(OWNER.to_owned()).or_default()
    }

    /// Answers a call to one of the interfaces, after what all of them check.
    fn serve(
        &mut self,
        service: &'static Service,
        call: &Call<'_>,
        world: &mut World,
    ) -> Outcome<Response<Bytes>> {
        let grant = self.authority.authenticate(call, world)?;
        if self.disabled.contains(service.host) {
            return Err(Refusal::disabled(service));
        }
        service.check_scopes(call.path, &grant.scopes)?;
        self.meters.count(service, call.now)?;
        let data = self.accounts.entry(grant.account).or_default();
        let body = match service.host {
            "www.googleapis.com" => return data.calendars.answer(call, world),
            "analyticsadmin.googleapis.com" => data.analytics.admin(call)?,
            "analyticsdata.googleapis.com" => data.analytics.data(call, world)?,
            "searchconsole.googleapis.com" => data.search.answer(call, world)?,
            "mybusinessaccountmanagement.googleapis.com" => data.business.accounts(call)?,
            "mybusinessbusinessinformation.googleapis.com" => data.business.information(call)?,
            "businessprofileperformance.googleapis.com" => {
                data.business.performance(call, world)?
            }
            "mybusiness.googleapis.com" => data.business.v4(call)?,
            "merchantapi.googleapis.com" => data.merchant.answer(call)?,
            "googleads.googleapis.com" => return Ok(data.ads.answer(call, world)),
            "youtube.googleapis.com" => data.youtube.answer(call, world)?,
            "youtubeanalytics.googleapis.com" => youtube::report(&data.youtube, call, world)?,
            _ => return Err(Refusal::not_found("Method not found.")),
        };
        Ok(json_answer(StatusCode::OK, &body))
    }
}

/// The interface that a call is for.
fn service_of(call: &Call<'_>) -> Option<&'static Service> {
    match call.host {
        "www.googleapis.com" => call.path.starts_with("/calendar/v3/").then_some(&CALENDAR),
        host => Service::at(host),
    }
}

impl Platform for Google {
    fn id(&self) -> &'static str {
        ID
    }

    fn serves(&self, host: &str) -> bool {
        SHARED_HOSTS.contains(&host) || Service::at(host).is_some()
    }

    fn answer(&mut self, call: &Call<'_>, world: &mut World) -> Response<Bytes> {
        if call.host == "_sandbox" {
            return if call.path == "/consent" {
                oauth::consent(call, &mut self.authority, world)
            } else {
                answer::empty(StatusCode::NOT_FOUND)
            };
        }
        if let Some(response) = oauth::answer(call, &mut self.authority, world) {
            return response;
        }
        let Some(service) = service_of(call) else {
            return answer::with_body(
                StatusCode::NOT_FOUND,
                "text/html; charset=UTF-8",
                "<!DOCTYPE html>\n<title>Error 404 (Not Found)!!1</title>\n",
            );
        };
        self.serve(service, call, world).unwrap_or_else(|refusal| {
            // The one stream that answers an array words its errors so, too.
            if call.path.ends_with(":searchStream") {
                ads::refuse(&refusal, true)
            } else {
                refusal.response(service.style)
            }
        })
    }

    fn refusal(&self, status: StatusCode, _world: &mut World) -> Response<Bytes> {
        Refusal::of_status(status).response(Style::Both)
    }

    fn generate(&mut self, size: &Size, world: &mut World) {
        generate::fill(self.owner(), size, world);
    }

    fn load(&mut self, file: &SeedFile<'_>) -> SeedOutcome {
        load::load(self.owner(), file)
    }

    fn settle(&mut self, _world: &mut World) {
        load::settle(self.owner());
    }

    fn census(&self) -> Vec<(&'static str, u64)> {
        let count = |of: fn(&Data) -> usize| {
            self.accounts
                .values()
                .map(|data| u64::try_from(of(data)).unwrap_or(0))
                .sum()
        };
        // Metrics are absent: there is a number for every day up to today, so how many a sync
        // must find depends on the clock and on how far back it reads.
        vec![
            ("bookings", count(|data| data.calendars.count())),
            ("reviews", count(|data| data.business.review_count())),
            ("products", count(|data| data.merchant.products.len())),
            ("ad_campaigns", count(|data| data.ads.campaign_count())),
            ("videos", count(|data| data.youtube.videos.len())),
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
