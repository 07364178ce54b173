//! What records must be, whatever platform they come from.

mod marketing;
mod measurement;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use connector_core::model::{
    Currency, Listing, MarketSnapshot, Model, Money, Order, Origin, Payout, Product,
};
use connector_core::{Change, Record};

use super::sync::whole;
use crate::harness::Harness;
use crate::lab::Lab;
use crate::outcome::{Failure, Outcome, Verdict, ensure};
use crate::suite::Subject;

/// Every record of a stream is valid, and an id names one thing.
pub(super) async fn valid<H: Harness>(lab: &Lab<H>, subject: &Subject) -> Outcome {
    let walk = whole(lab, subject.stream()?.id).await?;
    let horizon = Horizon::of(lab.ctx.now());
    for record in walk.pages.iter().flat_map(|page| &page.records) {
        let id = &record.external_id;
        record_is_valid(record, horizon)
            .map_err(|why| Failure::new(format!("record `{id}` is not valid: {why}")))?;
    }
    for page in &walk.pages {
        let ids: BTreeSet<_> = page
            .records
            .iter()
            .map(|record| &record.external_id)
            .collect();
        ensure!(
            ids.len() == page.records.len(),
            "a page has the same record twice"
        );
    }
    Ok(Verdict::Holds)
}

/// What is too late to be true.
#[derive(Clone, Copy)]
struct Horizon {
    /// For what was counted: the day is over, or it is today somewhere.
    counted: NaiveDate,
    /// For what happened, or is about to.
    happened: DateTime<Utc>,
    /// For what is planned: platforms end what never ends in 2037.
    planned: DateTime<Utc>,
}

impl Horizon {
    fn of(now: DateTime<Utc>) -> Self {
        Self {
            counted: (now + TimeDelta::days(1)).date_naive(),
            happened: now + TimeDelta::days(366),
            planned: now + TimeDelta::days(20 * 366),
        }
    }
}

fn record_is_valid(record: &Record, horizon: Horizon) -> Result<(), Failure> {
    let latest = horizon.happened;
    id("external id", &record.external_id)?;
    time("updated_at", record.updated_at, latest)?;
    match &record.change {
        Change::Gone => Ok(()),
        Change::Upsert(model) => match model {
            Model::Product(product) => product_is_valid(product, latest),
            Model::Listing(listing) => listing_is_valid(listing, latest),
            Model::Order(order) => order_is_valid(order, latest),
            Model::Payout(payout) => payout_is_valid(payout),
            Model::MarketSnapshot(snapshot) => snapshot_is_valid(snapshot),
            Model::InventoryLevel(level) => {
                id("inventory item", &level.inventory_item_id)?;
                id("location", &level.location_id)
            }
            Model::Location(location) => {
                ensure!(
                    !location.name.trim().is_empty(),
                    "a location without a name"
                );
                country(location.country_code.as_deref())
            }
            Model::Metric(metric) => measurement::metric_is_valid(metric, horizon),
            Model::ContentMetric(metric) => measurement::content_metric_is_valid(metric, horizon),
            Model::AdMetric(metric) => measurement::ad_metric_is_valid(metric, horizon),
            Model::Content(content) => marketing::content_is_valid(content, latest),
            Model::AdCampaign(campaign) => marketing::campaign_is_valid(campaign, horizon),
            Model::Review(review) => marketing::review_is_valid(review, latest),
            Model::Inquiry(inquiry) => marketing::inquiry_is_valid(inquiry, latest),
            Model::Booking(booking) => marketing::booking_is_valid(booking, horizon),
            Model::Native(native) => {
                ensure!(!native.kind.is_empty(), "a native record without a kind");
                ensure!(!native.body.is_null(), "a native record without a body");
                Ok(())
            }
            other => Err(Failure::new(format!(
                "{:?} is not known here",
                other.kind()
            ))),
        },
    }
}

fn product_is_valid(product: &Product, latest: DateTime<Utc>) -> Result<(), Failure> {
    ensure!(
        !product.title.trim().is_empty(),
        "a product without a title"
    );
    ordered(product.created_at, product.updated_at)?;
    time("created_at", product.created_at, latest)?;
    none_negative("retail price", [product.retail_price])?;
    unique(
        "variant",
        product
            .variants
            .iter()
            .map(|variant| variant.external_id.as_str()),
    )?;
    for variant in &product.variants {
        let prices = [variant.price, variant.compare_at_price, variant.unit_cost];
        none_negative("variant's price", prices)?;
        let (values, options) = (variant.option_values.len(), product.options.len());
        ensure!(
            values == options,
            "{values} option values for {options} options"
        );
        ensure!(
            variant.weight_grams.is_none_or(|weight| weight >= 0),
            "a negative weight"
        );
    }
    Ok(())
}

fn listing_is_valid(listing: &Listing, latest: DateTime<Utc>) -> Result<(), Failure> {
    none_negative("price", [listing.price])?;
    ensure!(
        listing.quantity.is_none_or(|quantity| quantity >= 0),
        "a negative quantity"
    );
    ensure!(
        !listing.platform_status.is_empty(),
        "a listing without the platform's status"
    );
    ordered(listing.created_at, listing.updated_at)?;
    time("created_at", listing.created_at, latest)
}

fn order_is_valid(order: &Order, latest: DateTime<Utc>) -> Result<(), Failure> {
    let totals = [
        order.subtotal,
        order.discount_total,
        order.tax_total,
        order.shipping_total,
        order.total,
        order.refunded_total,
        order.fee_total,
        order.net_total,
    ];
    in_currency("total", order.currency, totals)?;
    let [subtotal, discount, tax, shipping, _, refunded, fees, _] = totals;
    // Not total and net: a merchant can owe.
    none_negative("total", [subtotal, discount, tax, shipping, refunded, fees])?;
    none_negative("fee", order.fees.iter().map(|fee| Some(fee.amount)))?;
    country(order.buyer_country.as_deref())?;
    country(
        order
            .ship_to
            .as_ref()
            .and_then(|to| to.country_code.as_deref()),
    )?;
    unique(
        "line",
        order.lines.iter().map(|line| line.external_id.as_str()),
    )?;
    unique(
        "refund",
        order
            .refunds
            .iter()
            .map(|refund| refund.external_id.as_str()),
    )?;
    unique(
        "transaction",
        order.transactions.iter().map(|it| it.external_id.as_str()),
    )?;
    for line in &order.lines {
        in_currency(
            "line",
            order.currency,
            [line.unit_price, line.discount, line.tax, line.total],
        )?;
    }
    known(order.origin.as_ref())?;
    ordered(order.created_at, order.updated_at)?;
    time("placed_at", order.placed_at, latest)?;
    time("created_at", order.created_at, latest)
}

fn payout_is_valid(payout: &Payout) -> Result<(), Failure> {
    none_negative("fees", [payout.fees])?;
    in_currency("amount", payout.net.currency, [payout.gross, payout.fees])?;
    unique(
        "transaction",
        payout.transactions.iter().map(|it| it.external_id.as_str()),
    )
}

fn snapshot_is_valid(snapshot: &MarketSnapshot) -> Result<(), Failure> {
    id("product", &snapshot.product_external_id)?;
    let prices = [
        snapshot.lowest_ask,
        snapshot.highest_bid,
        snapshot.last_sale,
        snapshot.reference_price,
    ];
    for price in prices.into_iter().flatten() {
        ensure!(
            price.minor > 0,
            "a price of {price}: what there is none of is None"
        );
    }
    Ok(())
}

fn id(what: &str, id: &str) -> Result<(), Failure> {
    ensure!(
        !id.is_empty() && id.trim() == id,
        "the {what} is empty or padded: `{id}`"
    );
    Ok(())
}

fn id_or_none(what: &str, found: Option<&str>) -> Result<(), Failure> {
    found.map_or(Ok(()), |found| id(what, found))
}

/// Of what led somebody there, something is known, or else it is `None`.
fn known(origin: Option<&Origin>) -> Result<(), Failure> {
    let says_something = origin.is_none_or(|origin| !origin.is_empty());
    ensure!(says_something, "the origin says nothing, and is not None");
    Ok(())
}

fn unique<'a>(what: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    for one in ids {
        id(what, one)?;
        ensure!(seen.insert(one), "the {what} `{one}` is there twice");
    }
    Ok(())
}

fn none_negative(
    what: &str,
    amounts: impl IntoIterator<Item = Option<Money>>,
) -> Result<(), Failure> {
    for amount in amounts.into_iter().flatten() {
        ensure!(amount.minor >= 0, "the {what} is {amount}");
    }
    Ok(())
}

fn in_currency(
    what: &str,
    currency: Currency,
    amounts: impl IntoIterator<Item = Option<Money>>,
) -> Result<(), Failure> {
    for amount in amounts.into_iter().flatten() {
        ensure!(
            amount.currency == currency,
            "the {what} is {amount}, all else {currency}"
        );
    }
    Ok(())
}

fn country(code: Option<&str>) -> Result<(), Failure> {
    let valid = code.is_none_or(|code| {
        code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase())
    });
    ensure!(valid, "{code:?} is no country code");
    Ok(())
}

fn time(what: &str, at: Option<DateTime<Utc>>, latest: DateTime<Utc>) -> Result<(), Failure> {
    // Seconds read as milliseconds, or the other way round, land outside of this.
    let earliest = DateTime::from_timestamp(631_152_000, 0);
    let valid = at.is_none_or(|at| Some(at) >= earliest && at <= latest);
    ensure!(valid, "{what} is {at:?}");
    Ok(())
}

fn ordered(created: Option<DateTime<Utc>>, updated: Option<DateTime<Utc>>) -> Result<(), Failure> {
    if let (Some(created), Some(updated)) = (created, updated) {
        ensure!(
            created <= updated,
            "updated at {updated}, before it was made at {created}"
        );
    }
    Ok(())
}
