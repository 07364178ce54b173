//! A seller's account in one region, and everything in it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::finances::Ledger;
use super::hosts::{Marketplace, Region, marketplace};
use super::listings::Listing;
use super::notifications::Subscription;
use super::operations::Role;
use super::orders::Order;
use super::params::{entries, text};
use super::reports::Report;
use super::returns::Return;

/// One account.
#[derive(Debug)]
pub(super) struct Account {
    /// The id that the consent page hands over: listings are asked for by it.
    pub(super) seller: &'static str,
    /// Where it is served.
    pub(super) region: Region,
    /// What buyers see.
    pub(super) store: &'static str,
    /// Where it sells, and where it could.
    pub(super) participations: Vec<(&'static Marketplace, bool)>,
    /// What the app may not do here.
    pub(super) without: BTreeSet<Role>,
    /// By Amazon's order id.
    pub(super) orders: BTreeMap<String, Order>,
    /// By the seller's SKU.
    pub(super) listings: BTreeMap<String, Listing>,
    /// Catalogue items by ASIN.
    pub(super) catalog: BTreeMap<String, Value>,
    /// Stock in Amazon's hands, by marketplace, SKU and condition.
    pub(super) stock: BTreeMap<(String, String, String), Value>,
    /// When each of them changed in a way that `startDateTime` notices.
    pub(super) stock_changed: BTreeMap<(String, String, String), DateTime<Utc>>,
    /// Competitive summaries by ASIN and marketplace.
    pub(super) markets: BTreeMap<(String, String), Value>,
    /// Money.
    pub(super) ledger: Ledger,
    /// What buyers sent back.
    pub(super) returns: Vec<Return>,
    /// By report id.
    pub(super) reports: BTreeMap<String, Report>,
    /// By subscription id.
    pub(super) subscriptions: BTreeMap<String, Subscription>,
}

impl Account {
    /// An account without data. Ids of marketplaces that do not exist are left out.
    pub(super) fn new(
        seller: &'static str,
        region: Region,
        store: &'static str,
        participations: &[(&str, bool)],
    ) -> Self {
        Self {
            seller,
            region,
            store,
            participations: participations
                .iter()
                .filter_map(|(id, selling)| Some((marketplace(id)?, *selling)))
                .collect(),
            without: BTreeSet::new(),
            orders: BTreeMap::new(),
            listings: BTreeMap::new(),
            catalog: BTreeMap::new(),
            stock: BTreeMap::new(),
            stock_changed: BTreeMap::new(),
            markets: BTreeMap::new(),
            ledger: Ledger::default(),
            returns: Vec::new(),
            reports: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
        }
    }

    /// Whether it sells in a marketplace.
    pub(super) fn sells_in(&self, marketplace: &Marketplace) -> bool {
        self.participations
            .iter()
            .any(|(known, selling)| known.id == marketplace.id && *selling)
    }

    /// The marketplaces where it sells.
    pub(super) fn marketplaces(&self) -> impl Iterator<Item = &'static Marketplace> {
        self.participations
            .iter()
            .filter(|(_, selling)| *selling)
            .map(|(marketplace, _)| *marketplace)
    }

    /// The ASINs that it lists anywhere, as far as the catalogue has them.
    pub(super) fn listed(&self) -> BTreeSet<&str> {
        let listings = self.listings.values();
        listings
            .flat_map(|listing| entries(&listing.json, "/summaries"))
            .filter_map(|summary| text(summary, "/asin"))
            .filter(|asin| self.catalog.contains_key(*asin))
            .collect()
    }

    /// What a connection asks the market about by default: the ASINs that it lists in its first
    /// marketplace, new, used and in the conditions in which it lists them.
    pub(super) fn asked_about(&self) -> BTreeMap<String, BTreeSet<String>> {
        let home = self.marketplaces().next().map(|home| home.id);
        let mut asked: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for listing in self.listings.values() {
            for summary in entries(&listing.json, "/summaries") {
                let (asin, place) = (text(summary, "/asin"), text(summary, "/marketplaceId"));
                let (Some(asin), Some(place)) = (asin, place.filter(|id| Some(*id) == home)) else {
                    continue;
                };
                if self
                    .markets
                    .contains_key(&(asin.to_owned(), place.to_owned()))
                {
                    let own = text(summary, "/conditionType").and_then(|it| it.split('_').next());
                    let conditions = ["new", "used"].into_iter().chain(own);
                    let conditions = conditions.map(str::to_ascii_lowercase);
                    asked.entry(asin.to_owned()).or_default().extend(conditions);
                }
            }
        }
        asked
    }

    /// Lets it sell in one more marketplace, because a recording says that it does.
    pub(super) fn join(&mut self, id: &str) {
        let Some(marketplace) = marketplace(id) else {
            return;
        };
        match self
            .participations
            .iter_mut()
            .find(|(known, _)| known.id == marketplace.id)
        {
            Some((_, selling)) => *selling = true,
            None => self.participations.push((marketplace, true)),
        }
    }

    /// Whether the app may do what takes one of these roles.
    pub(super) fn allows(&self, roles: &[Role]) -> bool {
        roles.is_empty() || roles.iter().any(|role| !self.without.contains(role))
    }

    /// Lets what was due by now happen: submissions that were accepted, reports that run.
    pub(super) fn settle(&mut self, now: DateTime<Utc>) {
        super::listings::settle(self, now);
    }
}
