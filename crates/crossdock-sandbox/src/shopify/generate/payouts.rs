//! Payouts made out of the orders' transactions: one for every day on which money moved.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::super::objects::{Amount, BalanceTransaction, Payout};
use super::super::store::Store;

const PAYOUTS: u64 = 110_000_000_000;
const BALANCE: u64 = 3_200_000_000_000;

/// How long money stays in the balance.
const DELAY: TimeDelta = TimeDelta::days(2);

/// Pays out what was paid by Shopify Payments until two days before.
pub(super) fn payouts(store: &mut Store, before: DateTime<Utc>) {
    let mut days: BTreeMap<NaiveDate, Vec<BalanceTransaction>> = BTreeMap::new();
    let mut id = BALANCE;
    for order in store.orders.values() {
        for transaction in &order.transactions {
            let refund = &*transaction.kind == "REFUND";
            let amount = if refund {
                -transaction.amount.shop
            } else {
                transaction.amount.shop
            };
            let fee = transaction.fee.unwrap_or(Amount::ZERO);
            id += 1;
            days.entry((transaction.created_at + DELAY).date_naive())
                .or_default()
                .push(BalanceTransaction {
                    id,
                    kind: if refund { "REFUND" } else { "CHARGE" }.into(),
                    source_type: Some(if refund { "REFUND" } else { "CHARGE" }.into()),
                    source: Some(transaction.id),
                    order: Some(order.id),
                    order_transaction: Some(transaction.id),
                    payout: None,
                    currency: order.currency,
                    amount,
                    fee,
                    net: amount - fee,
                    test: false,
                    at: transaction.created_at,
                });
        }
    }
    for ((day, transactions), id) in days.into_iter().zip(PAYOUTS..) {
        let issued_at = day.and_time(NaiveTime::MIN).and_utc();
        let issued = issued_at <= before;
        if issued {
            store
                .payouts
                .insert(id, payout(store, id, issued_at, &transactions));
        }
        for mut transaction in transactions {
            transaction.payout = issued.then_some(id);
            store.balance.insert(transaction.id, transaction);
        }
    }
}

fn payout(
    store: &Store,
    id: u64,
    issued_at: DateTime<Utc>,
    transactions: &[BalanceTransaction],
) -> Payout {
    let of = |kind: &'static str| transactions.iter().filter(move |t| &*t.kind == kind);
    Payout {
        id,
        status: "PAID".into(),
        issued_at,
        currency: store.info.currency,
        net: transactions.iter().map(|transaction| transaction.net).sum(),
        charges_gross: of("CHARGE").map(|t| t.amount).sum(),
        charges_fee: of("CHARGE").map(|t| t.fee).sum(),
        refunds_gross: of("REFUND").map(|t| t.amount).sum(),
        refunds_fee: of("REFUND").map(|t| t.fee).sum(),
        adjustments_gross: Amount::ZERO,
        adjustments_fee: Amount::ZERO,
        reserved_gross: Amount::ZERO,
        reserved_fee: Amount::ZERO,
        retried_gross: Amount::ZERO,
        retried_fee: Amount::ZERO,
    }
}
