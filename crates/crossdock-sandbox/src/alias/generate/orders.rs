//! Made-up orders.

use chrono::{DateTime, TimeDelta, Utc};

use crate::alias::State;
use crate::alias::order::{Order, OrderStatus, Sale};
use crate::alias::orders::label;
use crate::random::Random;

use super::offer;

/// How far back orders reach.
const ORDERS_REACH: TimeDelta = TimeDelta::days(60);

/// One of so many orders, the newest first, as far on its way as its age allows. The newest ones
/// sold listings that can still be seen; older ones name listings that are gone.
pub(super) fn add(
    state: &mut State,
    seed: u64,
    (number, of): (u32, u32),
    (ids, sold): (&[String], Option<String>),
    now: DateTime<Utc>,
) {
    let mut random = Random::for_thing(seed, &["alias", "order", &number.to_string()]);
    let slot = ORDERS_REACH.num_seconds() / i64::from(of.max(1));
    let within = i64::try_from(random.between(0, 99)).unwrap_or(0) * slot / 100;
    let age = TimeDelta::seconds(slot * i64::from(number) + within);
    let sold_at = now - age;

    let sale = match sold.and_then(|id| state.listings.get_mut(&id)) {
        Some(listing) => {
            listing.sell(sold_at);
            Some((listing.offer.clone(), listing.id.clone()))
        }
        None => random
            .pick(ids)
            .and_then(|id| offer(state, seed, u32::MAX - number, id))
            .map(|offer| (offer, random.uuid())),
    };
    let Some((offer, listing_id)) = sale else {
        return;
    };
    let Ok(item) = state.catalog.get(&offer.catalog_id) else {
        return;
    };
    let sale = Sale {
        item,
        listing_id,
        size: offer.size,
        price_cents: offer.price_cents,
        channel: if random.chance(80) { "GOAT" } else { "Alias" },
        purchase_order: format!("PO-{:06}", random.between(0, 999_999)),
    };
    let mut order = Order::new(random.uuid(), sale, sold_at);
    let label = label("LABEL_TYPE_SHIPPING", random.next(), sold_at + age / 6);
    let share = number * 100 / of.max(1);
    let aim = match share {
        0..=3 => OrderStatus::NeedsConfirmation,
        4..=6 => OrderStatus::Confirmed,
        7..=8 => OrderStatus::LabelGenerated,
        9..=15 => OrderStatus::InTransit,
        _ if number.is_multiple_of(7) => OrderStatus::Canceled,
        _ => OrderStatus::Completed,
    };
    // Each step is one that the present state allows, so none of them is refused.
    let steps = |order: &mut Order| {
        if aim == OrderStatus::NeedsConfirmation {
            return Ok(());
        }
        order.confirm(sold_at + age / 8)?;
        match aim {
            OrderStatus::NeedsConfirmation | OrderStatus::Confirmed => return Ok(()),
            OrderStatus::Canceled => return order.cancel(sold_at + age / 7),
            OrderStatus::LabelGenerated | OrderStatus::InTransit | OrderStatus::Completed => {}
        }
        order.label(label)?;
        if aim == OrderStatus::LabelGenerated {
            return Ok(());
        }
        order.ship(sold_at + age / 4)?;
        let carried = if aim == OrderStatus::Completed {
            3
        } else {
            number % 3
        };
        (0..carried).try_for_each(|_| order.carry(sold_at + age / 2))
    };
    if steps(&mut order).is_ok() {
        state.orders.insert(order.id.clone(), order);
    }
}
