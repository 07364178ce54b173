//! Made-up orders: paid and open, cancelled and refunded, in three currencies.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::super::objects::{
    Address, Amount, Bag, Currency, Customer, Discount, Fulfillment, LineItem, Order, Refund,
    RefundLine, ShippingLine, TaxLine, Transaction,
};
use super::super::store::Store;
use super::visits::visit;
use super::{VARIANTS, seconds, seeded};
use crate::random::Random;

/// Where the numbers of orders begin.
pub(super) const ORDERS: u64 = 5_800_000_000_000;

const LINES: u64 = 13_900_000_000_000;
const TRANSACTIONS: u64 = 6_900_000_000_000;
const REFUNDS: u64 = 900_000_000_000;
const CUSTOMERS: u64 = 7_400_000_000_000;

/// The most lines that an order has, and so the stride of their numbers.
const MAX_LINES: u64 = 4;

/// Four orders in five are this recent, the others older than the window that an app sees.
const RECENT: TimeDelta = TimeDelta::days(28);
const OLD: (TimeDelta, TimeDelta) = (TimeDelta::days(61), TimeDelta::days(400));

/// What a customer pays in another currency for a dollar, in thousandths.
const RATES: [(Currency, i64); 3] = [
    (Currency::USD, 1_000),
    (Currency::EUR, 920),
    (Currency::CAD, 1_360),
];

/// The tax, in thousandths.
const TAX: i64 = 80;

/// What Shopify Payments keeps: 2.9 % and 30 cents.
const FEE: (i64, Amount) = (29, Amount::cents(30));

const NAMES: [(&str, &str); 6] = [
    ("Ada", "Linden"),
    ("Noah", "Berg"),
    ("Mina", "Okafor"),
    ("Luis", "Prado"),
    ("Freya", "Holm"),
    ("Kenji", "Mori"),
];

/// Places to ship to: city, province and its code, country and its code, postal code.
const PLACES: [[&str; 6]; 4] = [
    ["Denver", "Colorado", "CO", "United States", "US", "80202"],
    ["Austin", "Texas", "TX", "United States", "US", "73301"],
    ["Hamburg", "Hamburg", "HH", "Germany", "DE", "20095"],
    ["Toronto", "Ontario", "ON", "Canada", "CA", "M5H 2N2"],
];

/// What becomes of an order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Fulfilled,
    PartlyFulfilled,
    Open,
    Unpaid,
    Cancelled,
    PartlyRefunded,
    Refunded,
}

/// Adds the order of an index; its id, unless there is nothing to sell.
pub(super) fn order(
    store: &mut Store,
    index: u64,
    seed: u64,
    before: DateTime<Utc>,
) -> Option<u64> {
    let mut random = seeded(seed, index, 2);
    let id = ORDERS + index;
    let age = if random.chance(80) {
        seconds(&mut random, RECENT)
    } else {
        OLD.0 + seconds(&mut random, OLD.1 - OLD.0)
    };
    let created_at = before - age;
    let later = |share: i32| created_at + age.min(TimeDelta::days(6)) * share / 10;
    let fate = match random.between(1, 20) {
        1 => Fate::Cancelled,
        2 | 3 => Fate::PartlyRefunded,
        4 => Fate::Refunded,
        5 => Fate::Unpaid,
        6 | 7 => Fate::PartlyFulfilled,
        8..=10 => Fate::Open,
        _ => Fate::Fulfilled,
    };
    let (presentment, rate) = match random.between(1, 10) {
        1 => RATES[1],
        2 => RATES[2],
        _ => RATES[0],
    };
    let bag = |amount: Amount| Bag {
        shop: amount,
        presentment: amount.thousandths(rate),
    };
    let discounted = random.chance(20);
    let lines = lines(store, index, discounted, &bag, &mut random)?;
    let shipping = bag(Amount::cents(if random.chance(30) { 0 } else { 695 }));
    let discounts: Bag = lines.iter().map(|line| line.discount).sum();
    let subtotal = lines.iter().map(LineItem::original_total).sum::<Bag>() - discounts;
    let tax: Bag = lines
        .iter()
        .flat_map(|line| &line.tax_lines)
        .map(|line| line.price)
        .sum();
    let total = subtotal + tax + shipping;
    let mut order = Order {
        id,
        name: format!("#{}", 1_001 + index),
        number: i64::try_from(1_001 + index).unwrap_or(i64::MAX),
        created_at,
        updated_at: created_at,
        processed_at: created_at,
        cancelled_at: None,
        closed_at: None,
        cancel_reason: None,
        currency: store.info.currency,
        presentment,
        financial: Some("PAID".into()),
        fulfillment: "UNFULFILLED".into(),
        test: false,
        confirmed: true,
        taxes_included: false,
        note: (index.is_multiple_of(9)).then(|| "Leave at the door".to_owned()),
        tags: if index.is_multiple_of(5) {
            vec!["vip".into()]
        } else {
            vec![]
        },
        email: None,
        phone: None,
        po_number: None,
        source_name: Some("web".into()),
        visit: visit(store, id, index, created_at),
        gateways: vec!["shopify_payments".into()],
        customer: None,
        billing: None,
        shipping: None,
        subtotal,
        discounts,
        shipping_price: shipping,
        tax,
        tip: Bag::default(),
        total,
        current_total: None,
        discount_codes: if discounted {
            vec!["WELCOME10".to_owned()]
        } else {
            vec![]
        },
        discount_applications: if discounted {
            vec![Discount {
                kind: "DiscountCodeApplication",
                name: "WELCOME10".to_owned(),
                percentage: Some(10.0),
                amount: Amount::ZERO,
            }]
        } else {
            vec![]
        },
        tax_lines: vec![TaxLine {
            title: "State Tax".into(),
            rate: TAX,
            price: tax,
        }],
        lines,
        shipping_lines: vec![ShippingLine {
            id: LINES + index,
            title: "Standard".into(),
            code: Some("standard".into()),
            price: shipping,
            discounted: shipping,
        }],
        transactions: vec![],
        refunds: vec![],
        fulfillments: vec![],
    };
    person(&mut order, index, &mut random);
    pay(&mut order, fate, later(1));
    fulfil(&mut order, fate, later(4), store);
    give_back(&mut order, fate, later(8), store);
    if fate == Fate::Fulfilled {
        order.closed_at = Some(later(5));
    }
    let events = order
        .refunds
        .iter()
        .map(|refund| refund.updated_at)
        .chain(
            order
                .fulfillments
                .iter()
                .map(|fulfillment| fulfillment.updated_at),
        )
        .chain(
            order
                .transactions
                .iter()
                .map(|transaction| transaction.created_at),
        )
        .chain(order.cancelled_at)
        .chain(order.closed_at);
    order.updated_at = events.max().unwrap_or(created_at);
    store.orders.insert(id, order);
    Some(id)
}

fn lines(
    store: &Store,
    index: u64,
    discounted: bool,
    bag: &dyn Fn(Amount) -> Bag,
    random: &mut Random,
) -> Option<Vec<LineItem>> {
    let last = store.variants().keys().next_back()?;
    let count = random.between(1, MAX_LINES);
    (0..count)
        .map(|place| {
            // The numbers of variants have gaps: the next one there is will do.
            let near = random.between(VARIANTS.min(*last), *last);
            let (variant, _) = store.variants().range(near..).next()?;
            let (product, _, variant) = store.variant(*variant)?;
            let quantity = i64::try_from(random.between(1, 3)).unwrap_or(1);
            let price = bag(variant.price);
            let full = price * quantity;
            let tenth = |bag: Bag| Bag {
                shop: bag.shop.thousandths(100),
                presentment: bag.presentment.thousandths(100),
            };
            let discount = if discounted {
                tenth(full)
            } else {
                Bag::default()
            };
            let paid = full - discount;
            let tax = Bag {
                shop: paid.shop.thousandths(TAX),
                presentment: paid.presentment.thousandths(TAX),
            };
            Some(LineItem {
                id: LINES + index * MAX_LINES + place,
                title: product.title.as_str().into(),
                variant_title: (variant.title != "Default Title")
                    .then(|| variant.title.as_str().into()),
                sku: variant.sku.as_deref().map(Arc::from),
                vendor: Some(Arc::clone(&product.vendor)),
                product: Some(product.id),
                variant: Some(variant.id),
                quantity,
                removed: 0,
                unfulfilled: quantity,
                price,
                discount,
                tax_lines: vec![TaxLine {
                    title: "State Tax".into(),
                    rate: TAX,
                    price: tax,
                }],
                requires_shipping: true,
                taxable: true,
                is_gift_card: false,
            })
        })
        .collect()
}

fn person(order: &mut Order, index: u64, random: &mut Random) {
    let (first, last) = random.pick(&NAMES).copied().unwrap_or_default();
    let [city, province, province_code, country, country_code, zip] =
        random.pick(&PLACES).copied().unwrap_or_default();
    let text = |text: &str| Some(text.to_owned());
    let email = format!(
        "{}.{}{}@example.com",
        first.to_lowercase(),
        last.to_lowercase(),
        index % 500
    );
    let address = Address {
        id: CUSTOMERS + index % 500,
        first_name: text(first),
        last_name: text(last),
        address1: Some(format!("{} Linden Street", 1 + index % 180)),
        city: text(city),
        province: text(province),
        province_code: text(province_code),
        country: text(country),
        country_code: text(country_code),
        zip: text(zip),
        ..Address::default()
    };
    order.customer = Some(Box::new(Customer {
        id: CUSTOMERS + index % 500,
        first_name: text(first),
        last_name: text(last),
        email: Some(email.clone()),
        phone: None,
        created_at: order.created_at,
        updated_at: order.created_at,
    }));
    order.email = Some(email);
    order.billing = Some(Box::new(address.clone()));
    order.shipping = Some(Box::new(address));
}

fn pay(order: &mut Order, fate: Fate, at: DateTime<Utc>) {
    if fate == Fate::Unpaid {
        order.financial = Some("PENDING".into());
        order.gateways = vec!["manual".into()];
        return;
    }
    order.transactions.push(Transaction {
        id: TRANSACTIONS + (order.id - ORDERS) * 2,
        kind: "SALE".into(),
        status: "SUCCESS".into(),
        gateway: order.gateways.first().cloned(),
        amount: order.total,
        parent: None,
        fee: Some(order.total.shop.thousandths(FEE.0) + FEE.1),
        test: false,
        created_at: at,
        processed_at: Some(at),
    });
}

fn fulfil(order: &mut Order, fate: Fate, at: DateTime<Utc>, store: &Store) {
    let all = matches!(
        fate,
        Fate::Fulfilled | Fate::PartlyRefunded | Fate::Refunded
    );
    if !all && (fate != Fate::PartlyFulfilled || order.lines.len() < 2) {
        return;
    }
    let count = if all { order.lines.len() } else { 1 };
    let mut lines = vec![];
    for line in order.lines.iter_mut().take(count) {
        lines.push((line.id, line.quantity));
        line.unfulfilled = 0;
    }
    order.fulfillment = if all {
        "FULFILLED".into()
    } else {
        "PARTIALLY_FULFILLED".into()
    };
    order.fulfillments.push(Fulfillment {
        id: order.id + 1_000_000_000,
        name: format!("{}.1", order.name),
        status: "SUCCESS".into(),
        location: store.locations.keys().next().copied(),
        tracking_company: Some("Parcel Express".to_owned()),
        tracking_number: Some(format!("PX{:010}", order.number)),
        tracking_url: Some(format!(
            "https://parcel.example.com/track/PX{:010}",
            order.number
        )),
        created_at: at,
        updated_at: at,
        lines,
    });
}

fn give_back(order: &mut Order, fate: Fate, at: DateTime<Utc>, store: &Store) {
    let whole = match fate {
        Fate::Cancelled | Fate::Refunded => true,
        Fate::PartlyRefunded => false,
        _ => return,
    };
    if fate == Fate::Cancelled {
        order.cancelled_at = Some(at);
        order.cancel_reason = Some("CUSTOMER".into());
    }
    let restock = if fate == Fate::Cancelled {
        "CANCEL"
    } else {
        "RETURN"
    };
    let count = if whole { order.lines.len() } else { 1 };
    let mut lines = vec![];
    for (line, place) in order.lines.iter_mut().take(count).zip(0..) {
        let quantity = if whole { line.quantity } else { 1 };
        let piece = |bag: Bag| Bag {
            shop: bag.shop.share(line.quantity),
            presentment: bag.presentment.share(line.quantity),
        };
        let (paid, tax) = (
            line.original_total() - line.discount,
            line.tax_lines.iter().map(|line| line.price).sum::<Bag>(),
        );
        lines.push(RefundLine {
            id: REFUNDS + (order.id - ORDERS) * MAX_LINES + place,
            line: line.id,
            quantity,
            restock: restock.into(),
            location: store.locations.keys().next().copied(),
            subtotal: if whole { paid } else { piece(paid) },
            tax: if whole { tax } else { piece(tax) },
        });
        line.removed = quantity;
        if whole {
            line.unfulfilled = 0;
        }
    }
    let shipping = if whole {
        order.shipping_price
    } else {
        Bag::default()
    };
    let total = lines
        .iter()
        .map(|line| line.subtotal + line.tax)
        .sum::<Bag>()
        + shipping;
    let sale = order.transactions.first().map(|transaction| transaction.id);
    let transaction = TRANSACTIONS + (order.id - ORDERS) * 2 + 1;
    order.transactions.push(Transaction {
        id: transaction,
        kind: "REFUND".into(),
        status: "SUCCESS".into(),
        gateway: order.gateways.first().cloned(),
        amount: total,
        parent: sale,
        fee: None,
        test: false,
        created_at: at,
        processed_at: Some(at),
    });
    order.refunds.push(Refund {
        id: REFUNDS + order.id - ORDERS,
        note: Some(if whole { "Whole order" } else { "Wrong size" }.to_owned()),
        created_at: at,
        updated_at: at,
        total,
        shipping,
        lines,
        transactions: vec![transaction],
    });
    order.financial = Some(
        if whole {
            "REFUNDED"
        } else {
            "PARTIALLY_REFUNDED"
        }
        .into(),
    );
}
