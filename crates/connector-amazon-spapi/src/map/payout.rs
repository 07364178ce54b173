//! Event group with its transactions → payout.

use std::collections::BTreeSet;

use connector_core::model::{Currency, Model, Money, Payout, PayoutStatus, PayoutTransaction};
use connector_core::{Record, Result};

use super::{Mapped, Skipped, text};
use crate::api::{Breakdown, FinancialEventGroup, Transaction};

/// A group with the transactions that are in it: the payout that it was or will be.
///
/// The amount is in the currency of the marketplace, as its transactions are.
///
/// # Errors
/// [`Skipped`] when an amount is no amount of money.
pub fn payout(group: &FinancialEventGroup, transactions: &[Transaction]) -> Mapped {
    let id = group.financial_event_group_id.as_str();
    if id.is_empty() {
        return Err(Skipped::new("", "it has no id"));
    }
    match map(group, transactions) {
        Ok(payout) => {
            let model = Model::Payout(Box::new(payout));
            Ok(Record::upsert(id, None, model))
        }
        Err(error) => Err(Skipped::new(id, error.message())),
    }
}

fn map(group: &FinancialEventGroup, transactions: &[Transaction]) -> Result<Payout> {
    let net = group.original_total.money()?;
    let mut known = BTreeSet::new();
    let transactions = transactions
        .iter()
        .map(|transaction| map_transaction(transaction, &mut known))
        .collect::<Result<Vec<_>>>()?;
    let fees = fees(&transactions, net.currency);
    Ok(Payout {
        status: status(group),
        platform_status: text(group.fund_transfer_status.clone())
            .or_else(|| text(group.processing_status.clone())),
        gross: fees
            .and_then(|fees| Some(Money::new(net.minor.checked_add(fees.minor)?, net.currency))),
        net,
        fees,
        issued_on: group.fund_transfer_date.map(|at| at.date_naive()),
        issued_at: group.fund_transfer_date,
        derived: false,
        transactions,
    })
}

/// Where it stands. The model says of the transfer's status only that it is one, so a word that was
/// never seen is unknown.
fn status(group: &FinancialEventGroup) -> PayoutStatus {
    let is = |word: &Option<String>, wanted: &str| {
        word.as_deref()
            .is_some_and(|word| word.eq_ignore_ascii_case(wanted))
    };
    let transfer = &group.fund_transfer_status;
    if is(&group.processing_status, "Open") {
        PayoutStatus::Scheduled
    } else if is(transfer, "Succeeded") {
        PayoutStatus::Paid
    } else if is(transfer, "Processing") || is(transfer, "Initiated") {
        PayoutStatus::InTransit
    } else if is(transfer, "Failed") {
        PayoutStatus::Failed
    } else {
        PayoutStatus::Unknown
    }
}

/// What Amazon kept of everything in it, less what it gave back; `None` where that can't be said in
/// the payout's currency, and where it gave back more than it kept.
fn fees(transactions: &[PayoutTransaction], currency: Currency) -> Option<Money> {
    let mut minor = 0_i64;
    for fee in transactions.iter().filter_map(|part| part.fee) {
        if fee.currency != currency {
            return None;
        }
        minor = minor.checked_add(fee.minor)?;
    }
    (minor >= 0).then(|| Money::new(minor, currency))
}

/// One part of a payout. Amazon's amount is what remains after its fees, with its sign; with a refund
/// it may give a part of the fees back, so that the fee of one is less than nothing.
fn map_transaction(
    transaction: &Transaction,
    known: &mut BTreeSet<String>,
) -> Result<PayoutTransaction> {
    let net = transaction.total_amount.money()?;
    let kept = kept(&transaction.breakdowns, net.currency)?;
    let kind = transaction.transaction_type.as_deref().unwrap_or("unknown");
    let kind = kind.to_ascii_lowercase();
    let order = transaction.order().map(str::to_owned);
    // Not all have an id; what there is of one tells them apart well enough within their payout.
    let id = text(transaction.transaction_id.clone()).unwrap_or_else(|| {
        let at = transaction.posted_date.map(|at| at.timestamp().to_string());
        let parts = [Some(kind.clone()), order.clone(), at];
        parts.into_iter().flatten().collect::<Vec<_>>().join("/")
    });
    Ok(PayoutTransaction {
        external_id: unique(&id, known),
        kind,
        order_external_id: order,
        amount: match kept {
            Some(kept) => Money::new(net.minor.saturating_sub(kept), net.currency),
            None => net,
        },
        fee: kept.map(|kept| Money::new(kept.saturating_neg(), net.currency)),
        net: Some(net),
        processed_at: transaction.posted_date,
    })
}

/// What Amazon's fees add to an amount, in minor units: less than nothing most of the time. `None`
/// where Amazon breaks nothing down.
fn kept(parts: &[Breakdown], currency: Currency) -> Result<Option<i64>> {
    if parts.is_empty() {
        return Ok(None);
    }
    let mut found = Vec::new();
    named(parts, "amazonfees", &mut found);
    if found.is_empty() {
        // Where nothing is called a fee, all expenses are.
        found.extend(parts.iter().filter(|part| is(part, "expenses")));
    }
    let mut sum = 0_i64;
    for amount in found
        .iter()
        .filter_map(|part| part.breakdown_amount.as_ref())
    {
        let money = amount.money()?;
        if money.currency != currency {
            return Ok(None);
        }
        sum = sum.saturating_add(money.minor);
    }
    Ok(Some(sum))
}

/// The parts with this name, and not their parts again.
fn named<'b>(parts: &'b [Breakdown], name: &str, into: &mut Vec<&'b Breakdown>) {
    for part in parts {
        if is(part, name) {
            into.push(part);
        } else {
            named(&part.breakdowns, name, into);
        }
    }
}

/// Whether a part has this name, which Amazon writes with spaces and without.
fn is(part: &Breakdown, name: &str) -> bool {
    let kind = part.breakdown_type.as_deref().unwrap_or_default();
    kind.chars()
        .filter(|letter| letter.is_alphanumeric())
        .map(|letter| letter.to_ascii_lowercase())
        .eq(name.chars())
}

/// An id that none before it has: what is there twice gets a number.
fn unique(id: &str, known: &mut BTreeSet<String>) -> String {
    let mut own = id.to_owned();
    let mut number = 2;
    while !known.insert(own.clone()) {
        own = format!("{id}#{number}");
        number += 1;
    }
    own
}

#[cfg(test)]
mod tests {
    use connector_core::Change;
    use serde_json::{Value, json};

    use super::*;

    fn usd(amount: f64) -> Value {
        json!({"currencyCode": "USD", "currencyAmount": amount})
    }

    fn mapped(group: Value, transactions: Value) -> Result<Payout, Skipped> {
        let transactions: Vec<Transaction> = serde_json::from_value(transactions).unwrap();
        match payout(&serde_json::from_value(group).unwrap(), &transactions)?.change {
            Change::Upsert(Model::Payout(payout)) => Ok(*payout),
            other => panic!("{other:?}"),
        }
    }

    fn group(change: impl FnOnce(&mut Value)) -> Value {
        let mut group = json!({
            "FinancialEventGroupId": "g", "ProcessingStatus": "Closed", "FundTransferStatus": "Succeeded",
            "OriginalTotal": {"CurrencyCode": "USD", "CurrencyAmount": 48.5},
            "FundTransferDate": "2026-05-01T10:00:00Z",
        });
        change(&mut group);
        group
    }

    #[test]
    fn the_parts_make_up_the_payout_with_their_signs() {
        let fee = |name: &str, amount: f64| json!({"breakdownType": name, "breakdownAmount": usd(amount)});
        let transactions = json!([
            {"transactionType": "Shipment", "transactionId": "a", "totalAmount": usd(85.0),
             "relatedIdentifiers": [{"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": "o-1"}],
             "breakdowns": [{"breakdownType": "Expenses", "breakdownAmount": usd(-18.0),
                 "breakdowns": [fee("Amazon Fees", -15.0), fee("Promotional Rebates", -3.0)]}]},
            {"transactionType": "Refund", "transactionId": "a", "totalAmount": usd(-34.5),
             "breakdowns": [fee("Expenses", 5.5)]},
            {"transactionType": "Other", "totalAmount": usd(-2.0), "postedDate": "2026-04-20T10:00:00Z"},
        ]);
        let payout = mapped(group(|_| {}), transactions).unwrap();
        let nets = payout.transactions.iter().filter_map(|part| part.net);
        assert_eq!(nets.map(|net| net.minor).sum::<i64>(), payout.net.minor);
        let [sale, refund, other] = payout.transactions.as_slice() else {
            panic!("three parts")
        };
        assert_eq!(
            (sale.amount.minor, sale.fee.unwrap().minor),
            (10_000, 1_500)
        );
        assert_eq!(sale.order_external_id.as_deref(), Some("o-1"));
        assert_eq!(
            (refund.amount.minor, refund.fee.unwrap().minor),
            (-4_000, -550)
        );
        assert_eq!(refund.external_id, "a#2");
        assert_eq!((other.amount.minor, other.fee), (-200, None));
        assert_eq!(other.external_id, "other/1776679200");
        assert_eq!(payout.fees.unwrap().minor, 950);
        assert_eq!(payout.gross.unwrap().minor, 5_800);
    }

    #[test]
    fn where_a_payout_stands() {
        let status = |processing: &str, transfer: Value| {
            let group = group(|group| {
                group["ProcessingStatus"] = json!(processing);
                group["FundTransferStatus"] = transfer;
            });
            let payout = mapped(group, json!([])).unwrap();
            (payout.status, payout.platform_status.unwrap())
        };
        for (processing, transfer, expected, word) in [
            ("Open", Value::Null, PayoutStatus::Scheduled, "Open"),
            (
                "Closed",
                json!("Succeeded"),
                PayoutStatus::Paid,
                "Succeeded",
            ),
            ("Closed", json!("Failed"), PayoutStatus::Failed, "Failed"),
            (
                "Closed",
                json!("Processing"),
                PayoutStatus::InTransit,
                "Processing",
            ),
            ("Closed", json!("Unknown"), PayoutStatus::Unknown, "Unknown"),
        ] {
            assert_eq!(status(processing, transfer), (expected, word.to_owned()));
        }
    }

    #[test]
    fn an_odd_amount_names_its_payout() {
        let odd = group(|group| group["OriginalTotal"]["CurrencyCode"] = json!("?"));
        let odd = mapped(odd, json!([])).unwrap_err();
        assert_eq!(odd.external_id.as_deref(), Some("g"));
    }
}
