//! A selling partner as the streams see one: a session, and the marketplaces to read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Error, Result, Session};

use crate::api::{Call, GetMarketplaceParticipations, Marketplace, MarketplaceParticipation};
use crate::credential::AmazonCredential;
use crate::descriptor::{MARKET_MARKETPLACES, MARKETPLACES};
use crate::marketplace;
use crate::region::Server;

/// How long an answer of `getMarketplaceParticipations` is used. Amazon gives one a minute, and each
/// stream of each run wants it.
const KEPT: TimeDelta = TimeDelta::hours(1);

/// The largest marketplace of each region, and the next one of Europe: an account's own where nobody
/// said which it is.
const LARGEST: [&str; 4] = [
    "ATVPDKIKX0DER",
    "A1PA6795UKMFR9",
    "A1F83G8C2ARO7P",
    "A1VC38T7YXB528",
];

/// What was answered when, by server and selling partner. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Participations(Arc<Mutex<HashMap<(Server, String), Known>>>);

#[derive(Clone, Debug)]
struct Known {
    at: DateTime<Utc>,
    participations: Vec<MarketplaceParticipation>,
}

/// A selling partner. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Seller {
    session: Session<AmazonCredential>,
    participations: Participations,
}

impl Seller {
    pub(crate) fn new(session: Session<AmazonCredential>, participations: Participations) -> Self {
        Self {
            session,
            participations,
        }
    }

    /// The session, for what is no operation of the API.
    pub(crate) fn session(&self) -> &Session<AmazonCredential> {
        &self.session
    }

    /// This instant.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.session.now()
    }

    /// The seller id, which listings are asked for with.
    pub(crate) fn id(&self) -> String {
        self.session.credential().selling_partner_id.clone()
    }

    /// Calls an operation where this seller's data is.
    pub(crate) async fn call<C: Call>(&self, call: C) -> Result<C::Response> {
        let server = self.session.credential().server;
        self.session.call(&server.ask(call)).await
    }

    /// Asks where the account sells, and remembers it.
    pub(crate) async fn ask_participations(&self) -> Result<Vec<MarketplaceParticipation>> {
        let answer = self.call(GetMarketplaceParticipations).await?;
        let known = Known {
            at: self.now(),
            participations: answer.payload.clone(),
        };
        self.participations.lock().insert(self.key(), known);
        Ok(answer.payload)
    }

    /// The marketplaces to read: those that the connection names, or all that are known here and in
    /// which the account takes part. In the order of their ids, so that a cursor can go through them.
    pub(crate) async fn marketplaces(&self) -> Result<Vec<Marketplace>> {
        choose(
            self.participations().await?,
            MARKETPLACES,
            self.session.settings().lines(MARKETPLACES),
        )
    }

    /// The marketplaces whose prices to read: those that the connection names, or the account's own
    /// among those that are read.
    pub(crate) async fn markets(&self) -> Result<Vec<Marketplace>> {
        let settings = self.session.settings();
        if settings.lines(MARKET_MARKETPLACES).next().is_some() {
            let participations = self.participations().await?;
            let named = settings.lines(MARKET_MARKETPLACES);
            return choose(participations, MARKET_MARKETPLACES, named);
        }
        let home = self.session.credential().home.clone();
        Ok(own(self.marketplaces().await?, home.as_deref()))
    }

    /// The marketplaces to read, the account's own first.
    pub(crate) async fn marketplaces_from_home(&self) -> Result<Vec<Marketplace>> {
        let home = self.session.credential().home.clone();
        let mut all = self.marketplaces().await?;
        if let Some(own) = own(all.clone(), home.as_deref()).pop() {
            all.sort_by_key(|one| one.id != own.id);
        }
        Ok(all)
    }

    async fn participations(&self) -> Result<Vec<MarketplaceParticipation>> {
        let known = self.participations.lock().get(&self.key()).cloned();
        let fresh = known.filter(|known| self.now() - known.at < KEPT);
        match fresh {
            Some(known) => Ok(known.participations),
            None => self.ask_participations().await,
        }
    }

    fn key(&self) -> (Server, String) {
        let credential = self.session.credential();
        (credential.server, credential.selling_partner_id.clone())
    }
}

impl Participations {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(Server, String), Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Those that were named, each of which the account must have; without a name, those in which it
/// takes part. Amazon lists shops outside of its marketplaces too, which no other operation knows:
/// they are left out unless they are named.
fn choose<'a>(
    participations: Vec<MarketplaceParticipation>,
    setting: &'static str,
    named: impl Iterator<Item = &'a str>,
) -> Result<Vec<Marketplace>> {
    let named: Vec<&str> = named.collect();
    let mut chosen: Vec<Marketplace> = Vec::new();
    if named.is_empty() {
        let taking_part = participations.into_iter().filter(|one| {
            one.participation.is_participating && marketplace::find(&one.marketplace.id).is_some()
        });
        chosen.extend(taking_part.map(|one| one.marketplace));
    } else {
        for name in named {
            let id = marketplace::find(name).map_or(name, |known| known.id);
            let found = participations
                .iter()
                .find(|one| one.marketplace.id.eq_ignore_ascii_case(id));
            let Some(found) = found else {
                return Err(Error::input(
                    setting,
                    "the account can't sell in this marketplace: name its country or its id",
                )
                .with("marketplace", name));
            };
            chosen.push(found.marketplace.clone());
        }
    }
    chosen.sort_by(|one, other| one.id.cmp(&other.id));
    chosen.dedup_by(|one, other| one.id == other.id);
    Ok(chosen)
}

/// The account's own marketplace, or what comes closest to it; none of none.
fn own(marketplaces: Vec<Marketplace>, home: Option<&str>) -> Vec<Marketplace> {
    let mut wanted = home.into_iter().chain(LARGEST);
    let found = wanted.find_map(|id| marketplaces.iter().position(|one| one.id == id));
    let found = marketplaces.into_iter().nth(found.unwrap_or(0));
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn participations() -> Vec<MarketplaceParticipation> {
        let one = |id: &str, country: &str, participating: bool| {
            serde_json::json!({
                "marketplace": {
                    "id": id, "name": "x", "countryCode": country,
                    "defaultCurrencyCode": "USD", "defaultLanguageCode": "en_US",
                    "domainName": "www.example.com",
                },
                "participation": {"isParticipating": participating, "hasSuspendedListings": false},
                "storeName": "Shop",
            })
        };
        serde_json::from_value(serde_json::json!([
            one("ATVPDKIKX0DER", "US", true),
            one("A2EUQ1WTGCTBG2", "CA", true),
            one("A1AM78C64UM0Y8", "MX", false),
            one("A1MADEUPSHOP00", "US", true),
        ]))
        .unwrap()
    }

    fn ids(named: &[&str]) -> Vec<String> {
        let chosen = choose(participations(), MARKETPLACES, named.iter().copied()).unwrap();
        chosen.into_iter().map(|one| one.id).collect()
    }

    #[test]
    fn without_names_all_marketplaces_in_which_the_account_sells() {
        assert_eq!(ids(&[]), ["A2EUQ1WTGCTBG2", "ATVPDKIKX0DER"]);
    }

    #[test]
    fn names_are_countries_or_ids_each_once() {
        assert_eq!(
            ids(&["mx", "A1AM78C64UM0Y8", "A1MADEUPSHOP00"]),
            ["A1AM78C64UM0Y8", "A1MADEUPSHOP00"]
        );
        let error = choose(participations(), MARKETPLACES, ["DE"].into_iter()).unwrap_err();
        assert_eq!(error.field(), Some(MARKETPLACES));
    }

    #[test]
    fn an_account_s_own_marketplace_is_where_it_was_connected() {
        let own = |home| {
            let all = choose(participations(), MARKETPLACES, [].into_iter()).unwrap();
            own(all, home).pop().unwrap().id
        };
        assert_eq!(own(Some("A2EUQ1WTGCTBG2")), "A2EUQ1WTGCTBG2");
        // Nobody said so, or it isn't read: then the largest one.
        assert_eq!(own(None), "ATVPDKIKX0DER");
        assert_eq!(own(Some("A1AM78C64UM0Y8")), "ATVPDKIKX0DER");
        assert_eq!(super::own(Vec::new(), None), []);
    }
}
