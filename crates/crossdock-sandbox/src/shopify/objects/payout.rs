//! Payouts of Shopify Payments, and the transactions that they are made of.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Amount, Currency};

/// Money that went to the merchant's bank.
#[derive(Clone, Debug)]
pub(crate) struct Payout {
    pub(crate) id: u64,
    /// A value of `ShopifyPaymentsPayoutStatus`.
    pub(crate) status: Arc<str>,
    pub(crate) issued_at: DateTime<Utc>,
    pub(crate) currency: Currency,
    pub(crate) net: Amount,
    pub(crate) charges_gross: Amount,
    pub(crate) charges_fee: Amount,
    pub(crate) refunds_gross: Amount,
    pub(crate) refunds_fee: Amount,
    pub(crate) adjustments_gross: Amount,
    pub(crate) adjustments_fee: Amount,
    pub(crate) reserved_gross: Amount,
    pub(crate) reserved_fee: Amount,
    pub(crate) retried_gross: Amount,
    pub(crate) retried_fee: Amount,
}

/// One movement of the account's balance.
#[derive(Clone, Debug)]
pub(crate) struct BalanceTransaction {
    pub(crate) id: u64,
    /// A value of `ShopifyPaymentsTransactionType`.
    pub(crate) kind: Arc<str>,
    /// A value of `ShopifyPaymentsSourceType`.
    pub(crate) source_type: Option<Arc<str>>,
    pub(crate) source: Option<u64>,
    /// The order and the order's transaction.
    pub(crate) order: Option<u64>,
    pub(crate) order_transaction: Option<u64>,
    pub(crate) payout: Option<u64>,
    pub(crate) currency: Currency,
    pub(crate) amount: Amount,
    pub(crate) fee: Amount,
    pub(crate) net: Amount,
    pub(crate) test: bool,
    pub(crate) at: DateTime<Utc>,
}
