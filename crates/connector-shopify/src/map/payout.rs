//! Payouts of Shopify Payments.

use connector_core::model::{Money, Payout, PayoutStatus, PayoutTransaction};
use connector_core::{Model, Record, Result};

use super::{Mapped, money, skipped};
use crate::api;

/// A payout with the balance transactions that are in it.
///
/// # Errors
/// [`Skipped`](connector_core::Skipped) when an amount is no amount of money.
pub fn payout(payout: &api::Payout, transactions: &[api::BalanceTransaction]) -> Mapped {
    match map(payout, transactions) {
        Ok(model) => Ok(Record::upsert(
            payout.id.tail(),
            None,
            Model::Payout(Box::new(model)),
        )),
        Err(error) => Err(skipped(&payout.id, &error)),
    }
}

fn map(payout: &api::Payout, transactions: &[api::BalanceTransaction]) -> Result<Payout> {
    let summary = &payout.summary;
    let net = money(&payout.net)?;
    Ok(Payout {
        status: status(&payout.status),
        platform_status: Some(payout.status.clone()),
        net,
        gross: total(
            net,
            &[
                &summary.adjustments_gross,
                &summary.advance_gross,
                &summary.charges_gross,
                &summary.refunds_fee_gross,
                &summary.reserved_funds_gross,
                &summary.retried_payouts_gross,
            ],
        )?,
        fees: total(
            net,
            &[
                &summary.adjustments_fee,
                &summary.advance_fees,
                &summary.charges_fee,
                &summary.refunds_fee,
                &summary.reserved_funds_fee,
                &summary.retried_payouts_fee,
            ],
        )?,
        issued_on: Some(payout.issued_at.date_naive()),
        issued_at: Some(payout.issued_at.to_utc()),
        derived: false,
        transactions: transactions
            .iter()
            .map(transaction)
            .collect::<Result<_>>()?,
    })
}

/// The sum of the parts, `None` where one is in another currency than the payout.
fn total(net: Money, parts: &[&api::MoneyV2]) -> Result<Option<Money>> {
    let mut minor = Some(0_i64);
    for part in parts {
        let part = money(part)?;
        minor = minor
            .filter(|_| part.currency == net.currency)
            .and_then(|sum| sum.checked_add(part.minor));
    }
    Ok(minor.map(|minor| Money::new(minor, net.currency)))
}

fn transaction(transaction: &api::BalanceTransaction) -> Result<PayoutTransaction> {
    Ok(PayoutTransaction {
        external_id: transaction.id.tail().to_owned(),
        kind: transaction.kind.to_ascii_lowercase(),
        order_external_id: transaction.associated_order.as_ref().map(api::Ref::tail),
        amount: money(&transaction.amount)?,
        fee: Some(money(&transaction.fee)?),
        net: Some(money(&transaction.net)?),
        processed_at: Some(transaction.transaction_date),
    })
}

fn status(word: &str) -> PayoutStatus {
    match word {
        "SCHEDULED" => PayoutStatus::Scheduled,
        "IN_TRANSIT" => PayoutStatus::InTransit,
        "PAID" => PayoutStatus::Paid,
        "FAILED" => PayoutStatus::Failed,
        "CANCELED" => PayoutStatus::Cancelled,
        _ => PayoutStatus::Unknown,
    }
}
