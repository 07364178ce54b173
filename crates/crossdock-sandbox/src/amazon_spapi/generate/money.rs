//! Postings of what was sent and taken back, in fortnights that are paid out, and the returns.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::random::Random;

use super::super::account::Account;
use super::super::finances::Event;
use super::super::hosts::{Marketplace, marketplace};
use super::super::money::Money;
use super::super::orders::Order;
use super::super::params::{entries, text, timestamp};
use super::super::returns::Return;
use super::{Source, price};

/// How long a group is open.
const FORTNIGHT: TimeDelta = TimeDelta::days(14);

/// How many groups were closed in each marketplace: more than lie in the longest window that anything
/// is found in, and few enough to be read at one in two seconds while somebody watches.
const CLOSED: i32 = 13;

/// How long money is held back.
const HELD: TimeDelta = TimeDelta::days(7);

const REASONS: &[&str] = &[
    "DEFECTIVE",
    "UNWANTED_ITEM",
    "NOT_AS_DESCRIBED",
    "ORDERED_WRONG_ITEM",
];

/// One item's part in a posting, in the smallest unit.
struct Line<'a> {
    item: &'a Value,
    goods: i64,
    shipping: i64,
    tax: i64,
    discount: i64,
    commission: i64,
    handling: i64,
}

impl Line<'_> {
    fn total(&self) -> i64 {
        self.goods + self.shipping + self.tax + self.discount + self.commission + self.handling
    }
}

/// What happened to an order's money.
struct Posting<'a> {
    order: &'a Order,
    lines: Vec<Line<'a>>,
    refund: bool,
    at: DateTime<Utc>,
    marketplace: &'static Marketplace,
    /// The open or closed group; none while the money is held back.
    group: Option<String>,
}

/// Makes up an account's money and returns, from its orders.
pub(super) fn fill(account: &mut Account, source: Source<'_>) {
    let orders: Vec<Order> = account.orders.values().cloned().collect();
    let marketplaces: Vec<&'static Marketplace> = account.marketplaces().collect();
    let mut totals: Vec<(String, i64)> = Vec::new();
    for (number, order) in (0_u32..).zip(&orders) {
        let Some(home) = marketplace(order.marketplace()) else {
            continue;
        };
        if !matches!(order.status(), "SHIPPED" | "PARTIALLY_SHIPPED") {
            continue;
        }
        let mut random = source.random("posting", number);
        let sent = posting(order, home, order.updated, false, source);
        let back = order.updated + TimeDelta::days(10);
        let is_back = random.chance(15) && back <= source.as_of;
        let back = is_back
            .then(|| posting(order, home, back, true, source))
            .flatten();
        for posting in [sent, back].into_iter().flatten() {
            if let Some(group) = &posting.group {
                let total = posting.lines.iter().map(Line::total).sum();
                totals.push((group.clone(), total));
            }
            keep(account, &posting);
            if posting.refund {
                account.returns.extend(returned(&posting, &mut random));
            }
        }
    }
    for home in marketplaces {
        for period in 0..=CLOSED {
            group(account, home, period, &totals, source);
        }
    }
}

/// The group of a time: counted from the open one, which is the first.
fn period(at: DateTime<Utc>, as_of: DateTime<Utc>) -> i32 {
    let open = as_of - TimeDelta::days(4);
    (0..=CLOSED)
        .find(|period| at >= open - FORTNIGHT * *period)
        .unwrap_or(CLOSED + 1)
}

fn group_id(home: &Marketplace, period: i32, source: Source<'_>) -> String {
    let number = u32::try_from(period).unwrap_or(0);
    let mut random = source.random(&format!("group {}", home.id), number);
    format!("{:016x}{:016x}", random.next(), random.next())
}

fn posting<'a>(
    order: &'a Order,
    home: &'static Marketplace,
    at: DateTime<Utc>,
    refund: bool,
    source: Source<'_>,
) -> Option<Posting<'a>> {
    let period = period(at, source.as_of);
    if period > CLOSED {
        return None;
    }
    let held = !refund && at > source.as_of - HELD;
    let by_amazon = text(&order.json, "/fulfillment/fulfilledBy") == Some("AMAZON");
    let sign = if refund { -1 } else { 1 };
    let lines: Vec<Line<'a>> = entries(&order.json, "/orderItems")
        .map(|item| {
            let part = |kind: &str| {
                entries(item, "/proceeds/breakdowns")
                    .find(|part| text(part, "/type") == Some(kind))
                    .and_then(|part| text(part, "/subtotal/amount"))
                    .and_then(|amount| Money::read(amount, home.currency))
                    .map_or(0, |money| money.minor * sign)
            };
            let goods = part("ITEM");
            let handling = if by_amazon && !refund {
                -price(350, home.currency).minor
            } else {
                0
            };
            Line {
                item,
                goods,
                shipping: part("SHIPPING"),
                tax: part("TAX"),
                discount: part("DISCOUNT"),
                commission: -(goods * 15 / 100),
                handling,
            }
        })
        .collect();
    Some(Posting {
        order,
        lines,
        refund,
        at,
        marketplace: home,
        group: (!held).then(|| group_id(home, period, source)),
    })
}

/// Adds a posting as a transaction and, once it is no longer held back, as an event.
fn keep(account: &mut Account, posting: &Posting<'_>) {
    let home = posting.marketplace;
    let money = |minor| Money::new(minor, home.currency);
    let by_amazon = text(&posting.order.json, "/fulfillment/fulfilledBy") == Some("AMAZON");
    let sum = |of: fn(&Line<'_>) -> i64| posting.lines.iter().map(of).sum::<i64>();
    let part = |kind: &str, minor: i64| json!({"breakdownType": kind, "breakdownAmount": money(minor).currency()});
    let sales = sum(|line| line.goods + line.shipping + line.tax + line.discount);
    let expenses = sum(|line| line.commission + line.handling);
    let kind = if posting.refund { "Refund" } else { "Shipment" };
    let mut identifiers = vec![json!({
        "relatedIdentifierName": "ORDER_ID",
        "relatedIdentifierValue": posting.order.id,
    })];
    if let Some(group) = &posting.group {
        identifiers.push(json!({
            "relatedIdentifierName": "FINANCIAL_EVENT_GROUP_ID",
            "relatedIdentifierValue": group,
        }));
    }
    let items: Vec<Value> = posting
        .lines
        .iter()
        .map(|line| {
            json!({
                "description": text(line.item, "/product/title"),
                "totalAmount": money(line.total()).currency(),
                "contexts": [{
                    "contextType": "ProductContext",
                    "asin": text(line.item, "/product/asin"),
                    "sku": text(line.item, "/product/sellerSku"),
                    "quantityShipped": quantity(line.item),
                    "fulfillmentNetwork": if by_amazon { "AFN" } else { "MFN" },
                }],
                "breakdowns": [
                    part("ProductCharges", line.goods),
                    part("Shipping", line.shipping),
                    part("Tax", line.tax),
                    part("Promotions", line.discount),
                    part("AmazonFees", line.commission + line.handling),
                ],
            })
        })
        .collect();
    let mut transaction = json!({
        "sellingPartnerMetadata": {
            "sellingPartnerId": account.seller,
            "accountType": "Standard Orders",
            "marketplaceId": home.id,
        },
        "relatedIdentifiers": identifiers,
        "transactionType": kind,
        "transactionId": format!("sbx-{kind}-{}", posting.order.id),
        "transactionStatus": if posting.group.is_none() { "DEFERRED" } else { "RELEASED" },
        "description": if posting.refund { "Refund Order" } else { "Order Payment" },
        "postedDate": timestamp(posting.at),
        "totalAmount": money(sales + expenses).currency(),
        "items": items,
        "breakdowns": [
            {
                "breakdownType": "Sales",
                "breakdownAmount": money(sales).currency(),
                "breakdowns": [
                    part("ProductCharges", sum(|line| line.goods)),
                    part("Shipping", sum(|line| line.shipping)),
                    part("Tax", sum(|line| line.tax)),
                    part("Promotions", sum(|line| line.discount)),
                ],
            },
            {
                "breakdownType": "Expenses",
                "breakdownAmount": money(expenses).currency(),
                "breakdowns": [
                    part("Commission", sum(|line| line.commission)),
                    part("FBAPerUnitFulfillmentFee", sum(|line| line.handling)),
                ],
            },
        ],
    });
    // What sellers in the US send themselves names no marketplace, so that a filter misses it.
    if let (Some(transaction), true) = (
        transaction.as_object_mut(),
        by_amazon || home.country != "US",
    ) {
        let details = json!({"marketplaceId": home.id, "marketplaceName": home.name});
        transaction.insert("marketplaceDetails".to_owned(), details);
    }
    account.ledger.transactions.push(transaction);
    if let Some(group) = &posting.group {
        account.ledger.events.push(Event {
            group: group.clone(),
            list: if posting.refund {
                "RefundEventList"
            } else {
                "ShipmentEventList"
            },
            posted: posting.at,
            json: event(posting),
        });
    }
}

fn quantity(item: &Value) -> u64 {
    item.pointer("/fulfillment/quantityFulfilled")
        .and_then(Value::as_u64)
        .unwrap_or(0)
}

/// The posting as version 0 tells it.
fn event(posting: &Posting<'_>) -> Value {
    let money = |minor| Money::new(minor, posting.marketplace.currency).old_currency();
    let items: Vec<Value> = posting
        .lines
        .iter()
        .map(|line| {
            let (charges, fees, promotions) = if posting.refund {
                (
                    "ItemChargeAdjustmentList",
                    "ItemFeeAdjustmentList",
                    "PromotionAdjustmentList",
                )
            } else {
                ("ItemChargeList", "ItemFeeList", "PromotionList")
            };
            json!({
                "SellerSKU": text(line.item, "/product/sellerSku"),
                "OrderItemId": text(line.item, "/orderItemId"),
                "QuantityShipped": quantity(line.item),
                charges: [
                    {"ChargeType": "Principal", "ChargeAmount": money(line.goods)},
                    {"ChargeType": "Tax", "ChargeAmount": money(line.tax)},
                    {"ChargeType": "ShippingCharge", "ChargeAmount": money(line.shipping)},
                ],
                fees: [
                    {"FeeType": "Commission", "FeeAmount": money(line.commission)},
                    {"FeeType": "FBAPerUnitFulfillmentFee", "FeeAmount": money(line.handling)},
                ],
                promotions: [{
                    "PromotionType": "PromotionMetaDataDefinitionValue",
                    "PromotionAmount": money(line.discount),
                }],
            })
        })
        .collect();
    let list = if posting.refund {
        "ShipmentItemAdjustmentList"
    } else {
        "ShipmentItemList"
    };
    json!({
        "AmazonOrderId": posting.order.id,
        "SellerOrderId": posting.order.id,
        "MarketplaceName": posting.marketplace.name,
        "PostedDate": timestamp(posting.at),
        list: items,
    })
}

/// One group, and what was or will be paid for it.
fn group(
    account: &mut Account,
    home: &'static Marketplace,
    period: i32,
    totals: &[(String, i64)],
    source: Source<'_>,
) {
    let id = group_id(home, period, source);
    let start = source.as_of - TimeDelta::days(4) - FORTNIGHT * period;
    let end = start + FORTNIGHT;
    let total = totals.iter().filter(|(group, _)| *group == id);
    let total = Money::new(total.map(|(_, minor)| minor).sum(), home.currency);
    let number = u32::try_from(period).unwrap_or(0);
    let mut random = source.random(&format!("payout {}", home.id), number);
    let partner = json!({
        "partnerId": account.seller,
        "accountType": "STANDARD_ORDERS",
        "marketplaceId": home.id,
    });
    let mut group = json!({
        "FinancialEventGroupId": id,
        "ProcessingStatus": if period == 0 { "Open" } else { "Closed" },
        "OriginalTotal": total.old_currency(),
        "BeginningBalance": Money::new(0, home.currency).old_currency(),
        "FinancialEventGroupStart": timestamp(start),
    });
    if period == 0 {
        account.ledger.groups.push(group);
        account.ledger.balances.push(json!({
            "partnerMetadata": partner,
            "balanceType": "AVAILABLE",
            "amount": total.currency(),
            "asOfDate": timestamp(source.as_of),
            "lastUpdatedTime": timestamp(source.as_of),
        }));
        account.ledger.expected.push(json!({
            "partnerMetadata": partner,
            "amount": total.currency(),
            "status": "SCHEDULED",
            "period": {"startDate": timestamp(start)},
            "scheduledDate": timestamp(end),
            "accountTail": "042",
            "paymentMethod": "BANK_ACCOUNT",
        }));
        return;
    }
    let failed = period % 9 == 5;
    let trace = format!("{:015}", random.between(0, 999_999_999_999_999));
    if let Some(group) = group.as_object_mut() {
        let status = if failed { "Failed" } else { "Succeeded" };
        group.insert("FundTransferStatus".to_owned(), status.into());
        group.insert("FundTransferDate".to_owned(), timestamp(end).into());
        group.insert("FinancialEventGroupEnd".to_owned(), timestamp(end).into());
        group.insert("AccountTail".to_owned(), "042".into());
        group.insert("TraceId".to_owned(), trace.clone().into());
    }
    account.ledger.groups.push(group);
    let last = if failed { "FAILED" } else { "PAID" };
    let settlement = random.between(10_000_000_000, 19_999_999_999).to_string();
    account.ledger.payouts.push(json!({
        "id": settlement,
        "partnerMetadata": partner,
        "currentStatus": last,
        "statusHistory": [
            {"status": "STARTED", "lastUpdatedDate": timestamp(end)},
            {"status": last, "lastUpdatedDate": timestamp((end + TimeDelta::days(2)).min(source.as_of))},
        ],
        "type": "SCHEDULED",
        "amount": total.currency(),
        "accountTail": "042",
        "paymentMethod": "BANK_ACCOUNT",
        "creationDate": timestamp(end),
        "traceId": trace,
        "period": {"startDate": timestamp(start), "endDate": timestamp(end)},
        "relatedIdentifiers": [{
            "relatedIdentifierName": "SETTLEMENT_ID",
            "relatedIdentifierValue": settlement,
        }],
    }));
}

/// The returns that a refund is for: two days before it.
fn returned(posting: &Posting<'_>, random: &mut Random) -> Vec<Return> {
    let by_amazon = text(&posting.order.json, "/fulfillment/fulfilledBy") == Some("AMAZON");
    posting
        .lines
        .iter()
        .filter(|line| quantity(line.item) > 0)
        .map(|line| {
            let own = |pointer: &str| text(line.item, pointer).unwrap_or_default().to_owned();
            Return {
                by_amazon,
                at: posting.at - TimeDelta::days(2),
                marketplace: posting.marketplace.id,
                order: posting.order.id.clone(),
                ordered: posting.order.created,
                sku: own("/product/sellerSku"),
                asin: own("/product/asin"),
                name: own("/product/title"),
                quantity: i64::try_from(quantity(line.item)).unwrap_or(1),
                refunded: Money::new(-line.goods, posting.marketplace.currency).text(),
                currency: posting.marketplace.currency,
                number: random.between(100_000_000_000, 999_999_999_999).to_string(),
                reason: random.pick(REASONS).copied().unwrap_or("UNWANTED_ITEM"),
            }
        })
        .collect()
}
