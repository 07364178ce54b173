//! Payouts of Shopify Payments and what they are made of.

use chrono::{DateTime, FixedOffset, Utc};
use connector_core::Operation;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::admin::connection_cost;
use super::{Connection, Gid, MoneyV2, Query, Ref};

/// The cost of a payout with all that is selected of it.
const PAYOUT_COST: f64 = 15.0;

/// Payouts that match a search, by the day on which they were issued.
#[derive(Clone, Debug, Serialize)]
pub struct PayoutsQuery {
    /// How many, at most 250.
    pub first: u32,
    /// The end of the page before.
    pub after: Option<String>,
    /// The search; times in it must be in single quotes. `None` for all.
    pub query: Option<String>,
}

impl Query for PayoutsQuery {
    const OPERATION: Operation = Operation::read("shopifyPaymentsAccount");
    const DOCUMENT: &'static str = concat!(
        include_str!("graphql/payouts.graphql"),
        include_str!("graphql/payout.graphql"),
    );
    type Data = Payouts;

    fn cost(&self) -> f64 {
        1.0 + connection_cost(self.first, PAYOUT_COST)
    }
}

/// The answer to a [`PayoutsQuery`].
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payouts {
    /// `None` when the shop doesn't use Shopify Payments.
    pub shopify_payments_account: Option<PayoutAccount>,
}

/// An account's payouts.
#[derive(Debug, Deserialize)]
pub struct PayoutAccount {
    /// The payouts, each to be read as a [`Payout`].
    pub payouts: Connection<Box<RawValue>>,
}

/// One payout.
///
/// There is no field for that but `node`. The account is asked for beside it, so that an app without
/// the scopes is denied whatever `node` makes of that.
#[derive(Clone, Debug, Serialize)]
pub struct PayoutQuery {
    /// The payout.
    pub id: Gid,
}

impl Query for PayoutQuery {
    const OPERATION: Operation = Operation::read("shopifyPaymentsAccount");
    const DOCUMENT: &'static str = concat!(
        include_str!("graphql/payout_by_id.graphql"),
        include_str!("graphql/payout.graphql"),
    );
    type Data = PayoutData;

    fn cost(&self) -> f64 {
        1.0 + PAYOUT_COST
    }
}

/// The answer to a [`PayoutQuery`].
#[derive(Debug, Deserialize)]
pub struct PayoutData {
    /// `None` when there is none.
    #[serde(rename = "node")]
    pub payout: Option<Payout>,
}

/// Balance transactions that match a search.
#[derive(Clone, Debug, Serialize)]
pub struct BalanceTransactionsQuery {
    /// How many, at most 250.
    pub first: u32,
    /// The end of the page before.
    pub after: Option<String>,
    /// The search: `payments_transfer_id:123` for those of a payout.
    pub query: String,
}

impl Query for BalanceTransactionsQuery {
    const OPERATION: Operation = Operation::read("shopifyPaymentsAccount");
    const DOCUMENT: &'static str = include_str!("graphql/balance_transactions.graphql");
    type Data = BalanceTransactions;

    fn cost(&self) -> f64 {
        1.0 + connection_cost(self.first, 6.0)
    }
}

/// The answer to a [`BalanceTransactionsQuery`].
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BalanceTransactions {
    /// `None` when the shop doesn't use Shopify Payments.
    pub shopify_payments_account: Option<BalanceAccount>,
}

/// An account's balance transactions.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BalanceAccount {
    /// The transactions.
    pub balance_transactions: Connection<BalanceTransaction>,
}

/// A payout.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payout {
    /// Its id.
    pub id: Gid,
    /// `SCHEDULED`, `PAID`.
    pub status: String,
    /// When it was issued, on the clock of whoever counts its day.
    pub issued_at: DateTime<FixedOffset>,
    /// What arrives.
    pub net: MoneyV2,
    /// What it is made of.
    pub summary: PayoutSummary,
}

/// What a payout is made of: amounts before fees, and fees.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are all that the schema says, too")]
pub struct PayoutSummary {
    pub adjustments_fee: MoneyV2,
    pub adjustments_gross: MoneyV2,
    pub advance_fees: MoneyV2,
    pub advance_gross: MoneyV2,
    pub charges_fee: MoneyV2,
    pub charges_gross: MoneyV2,
    pub refunds_fee: MoneyV2,
    pub refunds_fee_gross: MoneyV2,
    pub reserved_funds_fee: MoneyV2,
    pub reserved_funds_gross: MoneyV2,
    pub retried_payouts_fee: MoneyV2,
    pub retried_payouts_gross: MoneyV2,
}

/// A movement on the account.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BalanceTransaction {
    /// Its id.
    pub id: Gid,
    /// `CHARGE`, `REFUND`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When.
    pub transaction_date: DateTime<Utc>,
    /// Before the fee.
    pub amount: MoneyV2,
    /// The fee.
    pub fee: MoneyV2,
    /// After the fee.
    pub net: MoneyV2,
    /// The order, where it is about one.
    #[serde(default)]
    pub associated_order: Option<Ref>,
    /// The payout that it is in.
    pub associated_payout: AssociatedPayout,
}

/// The payout that a transaction is in.
#[derive(Clone, Debug, Deserialize)]
pub struct AssociatedPayout {
    /// `None` until there is one.
    pub id: Option<Gid>,
}
