//! Payout with its transactions → payout.

use std::collections::BTreeSet;

use connector_core::model::{Currency, Money, Payout, PayoutStatus, PayoutTransaction};
use connector_core::{Model, Record, Result};

use super::{Mapped, in_currency, skipped, unique};
use crate::api;

/// A payout with the transactions that are in it.
///
/// # Errors
/// [`Skipped`](connector_core::Skipped) when an amount is no amount of money.
pub fn payout(payout: &api::Payout, transactions: &[api::Transaction]) -> Mapped {
    match map(payout, transactions) {
        Ok(model) => Ok(Record::upsert(
            payout.payout_id.clone(),
            None,
            Model::Payout(Box::new(model)),
        )),
        Err(error) => Err(skipped(&payout.payout_id, &error)),
    }
}

fn map(payout: &api::Payout, transactions: &[api::Transaction]) -> Result<Payout> {
    let net = payout.amount.money()?;
    let mut known = BTreeSet::new();
    let transactions = transactions
        .iter()
        .map(|transaction| map_transaction(transaction, net.currency, &mut known))
        .collect::<Result<Vec<_>>>()?;
    let sent_at_once = in_currency(net.currency, payout.total_fee.as_ref())?;
    let fees = fees(&transactions, sent_at_once, net.currency);
    Ok(Payout {
        status: status(payout.payout_status.as_deref()),
        platform_status: payout.payout_status.clone(),
        net,
        gross: fees
            .and_then(|fees| Some(Money::new(net.minor.checked_add(fees.minor)?, net.currency))),
        fees,
        issued_on: payout.payout_date.map(|at| at.date_naive()),
        issued_at: payout.payout_date,
        derived: false,
        transactions,
    })
}

/// What eBay kept of everything in it, less what it gave back; `None` where that can't be said in
/// the payout's currency, and where it gave back more than it kept.
fn fees(
    transactions: &[PayoutTransaction],
    sent_at_once: Option<Money>,
    currency: Currency,
) -> Option<Money> {
    let parts = transactions
        .iter()
        .filter_map(|transaction| transaction.fee);
    let mut minor = 0_i64;
    for part in parts.chain(sent_at_once) {
        if part.currency != currency {
            return None;
        }
        minor = minor.checked_add(part.minor)?;
    }
    (minor >= 0).then(|| Money::new(minor, currency))
}

/// One part of a payout. eBay's amount is what remains after its fees, without a sign; with a refund
/// it gives a part of the fees back, so that the fee of one is less than nothing.
fn map_transaction(
    transaction: &api::Transaction,
    currency: Currency,
    known: &mut BTreeSet<String>,
) -> Result<PayoutTransaction> {
    let amount = transaction.amount.money_or(currency)?;
    let sign = if transaction.booking_entry.as_deref() == Some("DEBIT") {
        -1
    } else {
        1
    };
    let net = Money::new(amount.minor * sign, amount.currency);
    let fee = in_currency(amount.currency, transaction.total_fee_amount.as_ref())?
        .map(|fee| Money::new(fee.minor.saturating_mul(sign), fee.currency));
    let gross = net.minor.saturating_add(fee.map_or(0, |fee| fee.minor));
    let kind = transaction.transaction_type.to_ascii_lowercase();
    // A sale has its order's number, and so may a refund.
    let id = format!("{kind}/{}", transaction.transaction_id);
    Ok(PayoutTransaction {
        external_id: unique(id, known),
        kind,
        order_external_id: transaction.order().map(str::to_owned),
        amount: Money::new(gross, amount.currency),
        fee,
        net: Some(net),
        processed_at: transaction.transaction_date,
    })
}

fn status(word: Option<&str>) -> PayoutStatus {
    match word {
        Some("INITIATED") => PayoutStatus::InTransit,
        Some("SUCCEEDED") => PayoutStatus::Paid,
        Some("RETRYABLE_FAILED" | "TERMINAL_FAILED" | "REVERSED") => PayoutStatus::Failed,
        _ => PayoutStatus::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector_core::Change;
    use serde_json::json;

    fn read(json: serde_json::Value, transactions: serde_json::Value) -> Payout {
        let transactions: Vec<api::Transaction> = serde_json::from_value(transactions).unwrap();
        let read = serde_json::from_value(json).unwrap();
        match payout(&read, &transactions).unwrap().change {
            Change::Upsert(Model::Payout(payout)) => *payout,
            other => panic!("{other:?}"),
        }
    }

    fn gbp(value: &str) -> serde_json::Value {
        json!({"value": value, "currency": "GBP"})
    }

    #[test]
    fn the_parts_make_up_the_payout_with_their_signs() {
        let payout = read(
            json!({"payoutId": "7", "payoutStatus": "SUCCEEDED", "amount": gbp("50.00"),
                   "payoutDate": "2026-05-01T10:00:00.000Z"}),
            json!([
                {"transactionId": "o-1", "orderId": "o-1", "transactionType": "SALE", "bookingEntry": "CREDIT",
                 "amount": gbp("87.20"), "totalFeeAmount": gbp("12.80")},
                {"transactionId": "o-1", "orderId": "o-1", "transactionType": "REFUND", "bookingEntry": "DEBIT",
                 "amount": gbp("35.20"), "totalFeeAmount": {"value": "4.80"}},
                {"transactionId": "f-1", "transactionType": "NON_SALE_CHARGE", "bookingEntry": "DEBIT",
                 "amount": gbp("2.00"), "references": [{"referenceId": "o-1", "referenceType": "ORDER_ID"}]},
            ]),
        );
        let sum: i64 = payout
            .transactions
            .iter()
            .filter_map(|part| part.net)
            .map(|net| net.minor)
            .sum();
        assert_eq!(sum, payout.net.minor);
        assert_eq!(payout.fees.unwrap().minor, 1_280 - 480);
        assert_eq!(payout.gross.unwrap().minor, 5_800);
        let [sale, refund, charge] = payout.transactions.as_slice() else {
            panic!("three parts")
        };
        assert_eq!(sale.amount.minor, 10_000);
        assert_eq!(
            (refund.amount.minor, refund.net.unwrap().minor),
            (-4_000, -3_520)
        );
        assert_eq!(charge.order_external_id.as_deref(), Some("o-1"));
        assert_ne!(sale.external_id, refund.external_id);
        assert_eq!(payout.status, PayoutStatus::Paid);
    }

    #[test]
    fn a_payout_with_nothing_known_of_it_has_its_amount() {
        let payout = read(json!({"payoutId": "7", "amount": gbp("1")}), json!([]));
        assert_eq!(
            (payout.net.minor, payout.status),
            (100, PayoutStatus::Unknown)
        );
    }
}
