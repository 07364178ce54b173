//! Money: the Finances API. Every call is signed where the connection has a key.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Operation, Request, Response, Result, endpoint};
use serde::Deserialize;

use super::amount::Amount;
use super::call::{instant, object, object_or_nothing};
use super::link::{Link, encoded};
use crate::environment::{Environment, Server};
use connector_core::Entry;

const PAYOUT: &str = "/sell/finances/v1/payout";

/// A page of payouts. The answer is `None` where there are none: eBay says so with status 204.
#[derive(Clone, Debug)]
pub struct GetPayouts {
    /// Which page.
    pub page: Link,
}

impl GetPayouts {
    /// The payouts of a time, both ends included, the oldest first. The range may be 36 months, and
    /// begin five years ago; it needs an end, as eBay makes one up after 90 days.
    ///
    /// # Errors
    /// Those of [`Link::first`].
    pub fn between(
        environment: Environment,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        limit: u32,
    ) -> Result<Self> {
        let filter = format!("payoutDate:[{}..{}]", instant(from), instant(to));
        let limit = limit.to_string();
        let query = [
            ("filter", &*filter),
            ("sort", "payoutDate"),
            ("limit", &limit),
        ];
        let page = Link::first(environment, Server::Apiz, PAYOUT, &query)?;
        Ok(Self { page })
    }
}

/// Payouts.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PayoutPage {
    /// How many there are on all pages.
    pub total: Option<u64>,
    /// Where the next page is.
    pub next: Option<String>,
    /// The payouts.
    #[serde(default)]
    pub payouts: Vec<Entry<Payout>>,
}

/// Money that was sent to the seller.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Payout {
    /// eBay's id.
    pub payout_id: String,
    /// `SUCCEEDED`.
    pub payout_status: Option<String>,
    /// What arrives.
    pub amount: Amount,
    /// When eBay began to send it.
    pub payout_date: Option<DateTime<Utc>>,
    /// When it last failed.
    pub last_attempted_payout_date: Option<DateTime<Utc>>,
    /// How many transactions it is made of.
    pub transaction_count: Option<u64>,
    /// What eBay keeps for sending it at once to a card.
    pub total_fee: Option<Amount>,
}

impl Endpoint for GetPayouts {
    const OPERATION: Operation = Operation::read("getPayouts");
    type Response = Option<PayoutPage>;

    fn request(&self) -> Result<Request> {
        endpoint::get(self.page.as_str())
    }

    fn parse(&self, response: &Response) -> Result<Option<PayoutPage>> {
        object_or_nothing(response)
    }
}

/// One payout.
#[derive(Clone, Debug)]
pub struct GetPayout {
    /// Where the account lives.
    pub environment: Environment,
    /// eBay's id.
    pub id: String,
}

impl Endpoint for GetPayout {
    const OPERATION: Operation = Operation::read("getPayout");
    type Response = Entry<Payout>;

    fn request(&self) -> Result<Request> {
        let root = self.environment.root(Server::Apiz);
        endpoint::get(format!("{root}{PAYOUT}/{}", encoded(&self.id)))
    }

    fn parse(&self, response: &Response) -> Result<Entry<Payout>> {
        object(response)
    }
}

/// A page of transactions; `None` where there are none.
#[derive(Clone, Debug)]
pub struct GetTransactions {
    /// Which page.
    pub page: Link,
}

impl GetTransactions {
    /// What a payout is made of, the oldest first.
    ///
    /// # Errors
    /// Those of [`Link::first`].
    pub fn of_payout(environment: Environment, payout: &str) -> Result<Self> {
        Self::all(environment, &format!("payoutId:{{{payout}}}"))
    }

    /// What became of an order's money, the oldest first.
    ///
    /// # Errors
    /// Those of [`Link::first`].
    pub fn of_order(environment: Environment, order: &str) -> Result<Self> {
        Self::all(environment, &format!("orderId:{{{order}}}"))
    }

    fn all(environment: Environment, filter: &str) -> Result<Self> {
        let query = [
            ("filter", filter),
            ("sort", "transactionDate"),
            ("limit", "1000"),
        ];
        let path = "/sell/finances/v1/transaction";
        let page = Link::first(environment, Server::Apiz, path, &query)?;
        Ok(Self { page })
    }
}

/// Transactions.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransactionPage {
    /// How many there are on all pages.
    pub total: Option<u64>,
    /// Where the next page is.
    pub next: Option<String>,
    /// The transactions.
    #[serde(default)]
    pub transactions: Vec<Entry<Transaction>>,
}

/// Money that moved.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Transaction {
    /// eBay's id, unique within its type: a sale has its order's.
    pub transaction_id: String,
    /// `SALE`, `REFUND`, `NON_SALE_CHARGE`.
    pub transaction_type: String,
    /// Where its money is: `PAYOUT`.
    pub transaction_status: Option<String>,
    /// When.
    pub transaction_date: Option<DateTime<Utc>>,
    /// How much, after fees; never less than nothing.
    pub amount: Amount,
    /// `CREDIT` for the seller, or `DEBIT`.
    pub booking_entry: Option<String>,
    /// The payout that it is in.
    pub payout_id: Option<String>,
    /// The order that it belongs to.
    pub order_id: Option<String>,
    /// What the fees were worked out from.
    pub total_fee_basis_amount: Option<Amount>,
    /// What eBay kept of it, or gave back with it.
    pub total_fee_amount: Option<Amount>,
    /// The tax that eBay collected. The contract writes the name with a capital B.
    #[serde(alias = "eBayCollectedTaxAmount")]
    pub ebay_collected_tax_amount: Option<Amount>,
    /// What kind of fee it is, where it is one: `AD_FEE`.
    pub fee_type: Option<String>,
    /// The fees, line by line.
    #[serde(default)]
    pub order_line_items: Vec<TransactionLine>,
    /// What else it belongs to.
    #[serde(default)]
    pub references: Vec<Reference>,
}

/// The fees of one line of an order.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransactionLine {
    /// The line's id.
    pub line_item_id: Option<String>,
    /// The fees.
    #[serde(default)]
    pub marketplace_fees: Vec<Fee>,
}

/// A fee.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Fee {
    /// `FINAL_VALUE_FEE`.
    pub fee_type: Option<String>,
    /// How much; sometimes without its currency.
    pub amount: Option<Amount>,
}

/// What a transaction belongs to.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Reference {
    /// The id.
    pub reference_id: Option<String>,
    /// Of what: `ORDER_ID`, `ITEM_ID`.
    pub reference_type: Option<String>,
}

impl Transaction {
    /// The order that it belongs to: its own, or the one that it refers to.
    #[must_use]
    pub fn order(&self) -> Option<&str> {
        self.order_id.as_deref().or_else(|| {
            self.references
                .iter()
                .find(|reference| reference.reference_type.as_deref() == Some("ORDER_ID"))
                .and_then(|reference| reference.reference_id.as_deref())
        })
    }
}

impl Endpoint for GetTransactions {
    const OPERATION: Operation = Operation::read("getTransactions");
    type Response = Option<TransactionPage>;

    fn request(&self) -> Result<Request> {
        endpoint::get(self.page.as_str())
    }

    fn parse(&self, response: &Response) -> Result<Option<TransactionPage>> {
        object_or_nothing(response)
    }
}
