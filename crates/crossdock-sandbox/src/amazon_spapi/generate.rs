//! Made-up data: the same for the same size and seed.
//!
//! Three accounts sell the same made-up things. The one in North America gets three times as many
//! orders as were asked for, so that `searchOrders`, with a hundred on a page, has several pages.

mod items;
mod money;
mod orders;
mod products;
mod words;

use chrono::{DateTime, Utc};

use crate::platform::Size;
use crate::random::Random;

use super::account::Account;
use super::hosts::Region;
use super::money::Money;
use super::orders::Order;

/// What all made-up things of one account follow from.
#[derive(Clone, Copy, Debug)]
struct Source<'a> {
    seed: u64,
    account: &'a str,
    /// When all of it was made: nothing lies after it.
    as_of: DateTime<Utc>,
}

impl Source<'_> {
    /// Numbers for one thing.
    fn random(&self, kind: &str, number: u32) -> Random {
        Random::for_thing(
            self.seed,
            &["amazon", self.account, kind, &number.to_string()],
        )
    }
}

/// Fills an account that has no data.
pub(super) fn fill(account: &mut Account, size: &Size, seed: u64, as_of: DateTime<Utc>) {
    let source = Source {
        seed,
        account: account.seller,
        as_of,
    };
    let products = products::all(seed, size.products);
    items::fill(account, &products, source);
    let orders = match account.region {
        Region::NorthAmerica => size.orders.saturating_mul(3),
        Region::Europe => size.orders,
        Region::FarEast => size.orders / 2,
    };
    orders::fill(account, &products, orders, source);
    money::fill(account, source);
}

/// One more order, placed now.
pub(super) fn one_order(
    account: &Account,
    mut random: Random,
    now: DateTime<Utc>,
) -> Option<Order> {
    let marketplace = account.marketplaces().next()?;
    let products = products::all(random.next(), 12);
    let product = random.pick(&products)?;
    orders::order(&[product], marketplace, now, now, &mut random)
}

/// A price in dollars, in about what it is elsewhere.
fn price(cents: i64, currency: &'static str) -> Money {
    let per_mille = match currency {
        "CAD" => 1350,
        "MXN" => 17_000,
        "BRL" => 5000,
        "GBP" => 790,
        "EUR" => 920,
        "SEK" => 10_400,
        // Yen have no smaller unit.
        "JPY" => 1500,
        _ => 1000,
    };
    let minor = cents.saturating_mul(per_mille) / 1000;
    Money::new(
        if currency == "JPY" {
            minor - minor % 10
        } else {
            minor
        },
        currency,
    )
}
