//! Sums: of transactions by their type, of payouts, and of what isn't paid out yet.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

use crate::answer;
use crate::platform::Call;

use super::super::refusal::Outcome;
use super::super::state::{State, text};
use super::super::{ledger, money};
use super::{bad, criteria, payouts, transactions};

/// What the sums of a type of transactions are called. Sales count among the credits.
const NAMES: [(&str, &[&str]); 10] = [
    ("credit", &["SALE", "CREDIT"]),
    ("refund", &["REFUND"]),
    ("dispute", &["DISPUTE"]),
    ("shippingLabel", &["SHIPPING_LABEL"]),
    ("transfer", &["TRANSFER"]),
    ("nonSaleCharge", &["NON_SALE_CHARGE"]),
    ("adjustment", &["ADJUSTMENT"]),
    ("withdrawal", &["WITHDRAWAL"]),
    ("loanRepayment", &["LOAN_REPAYMENT"]),
    ("purchase", &["PURCHASE"]),
];

/// `GET transaction_summary`.
pub(super) fn transactions(state: &State, call: &Call<'_>) -> Outcome<Response<Bytes>> {
    let filter = criteria(call, 135_008)?;
    if filter.get("transactionStatus").is_none() {
        return Err(bad(135_011, "The transaction status is missing."));
    }
    let found = transactions::matching(state, &filter, call.now)?;
    let mut body = Map::new();
    for (name, types) in NAMES {
        let of_type: Vec<i64> = found
            .iter()
            .filter(|known| types.contains(&text(known, "transactionType")))
            .map(|known| ledger::signed(known))
            .collect();
        let sum: i64 = of_type.iter().sum();
        body.insert(format!("{name}Count"), json!(of_type.len()));
        if !of_type.is_empty() {
            let entry = if sum < 0 { "DEBIT" } else { "CREDIT" };
            body.insert(format!("{name}BookingEntry"), json!(entry));
            body.insert(
                format!("{name}Amount"),
                money::amount(sum.abs(), currency(&found)),
            );
        }
    }
    Ok(answer::json(StatusCode::OK, &Value::Object(body)))
}

/// `GET payout_summary`.
pub(super) fn payouts(state: &State, call: &Call<'_>) -> Outcome<Response<Bytes>> {
    let filter = criteria(call, 135_004)?;
    let found = payouts::matching(state, &filter, call.now)?;
    let sum: i64 = found
        .iter()
        .filter_map(|known| money::cents(known.get("amount")?))
        .sum();
    let count: u64 = found
        .iter()
        .filter_map(|known| known.get("transactionCount")?.as_u64())
        .sum();
    let mut body = json!({"payoutCount": found.len(), "transactionCount": count});
    if let (Value::Object(fields), false) = (&mut body, found.is_empty()) {
        fields.insert("amount".to_owned(), money::amount(sum, currency(&found)));
    }
    Ok(answer::json(StatusCode::OK, &body))
}

/// `GET seller_funds_summary`: nothing where nothing is left to be paid out.
pub(super) fn funds(state: &State) -> Response<Bytes> {
    let sum = |status: &str| {
        let of_status = state
            .transactions
            .iter()
            .filter(|known| text(known, "transactionStatus") == status);
        of_status.map(ledger::signed).sum::<i64>()
    };
    let held = sum("FUNDS_ON_HOLD");
    let processing = sum("FUNDS_PROCESSING");
    let available = sum("FUNDS_AVAILABLE_FOR_PAYOUT");
    let total = held + processing + available;
    if total == 0 {
        return answer::empty(StatusCode::NO_CONTENT);
    }
    let amount = |pence| money::amount(pence, ledger::HOME);
    let body = json!({
        "totalFunds": amount(total),
        "availableFunds": amount(available),
        "fundsOnHold": amount(held),
        "processingFunds": amount(processing),
    });
    answer::json(StatusCode::OK, &body)
}

/// The currency of what is summed: a seller is paid in one.
fn currency<'d>(documents: &[&'d Value]) -> &'d str {
    documents
        .iter()
        .find_map(|known| known.get("amount"))
        .map_or(ledger::HOME, money::currency)
}
