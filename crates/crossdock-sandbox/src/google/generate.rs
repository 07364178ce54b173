//! Made-up data: what the owner of a photo studio with a boutique has at Google.

mod ads;
mod shop;

use chrono_tz::Tz;

use crate::platform::Size;
use crate::world::World;

use super::Data;
use super::analytics::{Analytics, Property};
use super::calendar;
use super::search::{Search, Site};

pub(super) use ads::account as ads_account;
pub(super) use shop::{MERCHANT, one_product, one_review, one_video};

/// Fills in everything.
pub(super) fn fill(data: &mut Data, size: &Size, world: &World) {
    analytics(&mut data.analytics);
    search(&mut data.search);
    let (seed, as_of) = (world.seed, world.now);
    calendar::fill(&mut data.calendars, size.orders, seed, as_of);
    ads::fill(&mut data.ads, seed);
    shop::business(&mut data.business, size.orders, seed, as_of);
    shop::merchant(&mut data.merchant, size.products, seed, as_of);
    shop::youtube(&mut data.youtube, size.products, seed, as_of);
}

/// Two properties, in two time zones and currencies.
fn analytics(analytics: &mut Analytics) {
    let account = "300100200";
    analytics
        .accounts
        .insert(account.to_owned(), "Sandkasse Studio".to_owned());
    for (id, name, zone, currency, visits) in [
        (
            "310000001",
            "sandbox.example",
            Tz::Europe__Copenhagen,
            "EUR",
            4_000,
        ),
        (
            "310000002",
            "サンドボックス東京",
            Tz::Asia__Tokyo,
            "JPY",
            1_500,
        ),
    ] {
        let property = Property {
            account: account.to_owned(),
            name: name.to_owned(),
            zone,
            currency: currency.to_owned(),
            visits,
            recorded: None,
        };
        analytics.properties.insert(id.to_owned(), property);
    }
}

/// Two sites: an address, and a whole domain.
fn search(search: &mut Search) {
    for (url, permission, weight) in [
        ("https://sandbox.example/", "siteOwner", 3_000),
        ("sc-domain:sandbox.example", "siteFullUser", 4_000),
    ] {
        let site = Site {
            permission: permission.to_owned(),
            weight,
            recorded: None,
        };
        search.sites.insert(url.to_owned(), site);
    }
}
