//! Orders and what belongs to them.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Amount, Bag, Currency};

/// An order.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) id: u64,
    /// `#1001`.
    pub(crate) name: String,
    pub(crate) number: i64,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) processed_at: DateTime<Utc>,
    pub(crate) cancelled_at: Option<DateTime<Utc>>,
    pub(crate) closed_at: Option<DateTime<Utc>>,
    /// A value of `OrderCancelReason`.
    pub(crate) cancel_reason: Option<Arc<str>>,
    pub(crate) currency: Currency,
    pub(crate) presentment: Currency,
    /// A value of `OrderDisplayFinancialStatus`.
    pub(crate) financial: Option<Arc<str>>,
    /// A value of `OrderDisplayFulfillmentStatus`.
    pub(crate) fulfillment: Arc<str>,
    pub(crate) test: bool,
    pub(crate) confirmed: bool,
    pub(crate) taxes_included: bool,
    pub(crate) note: Option<String>,
    pub(crate) tags: Vec<Arc<str>>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) po_number: Option<String>,
    pub(crate) source_name: Option<Arc<str>>,
    /// The visit to the shop in which it was bought, where it was seen.
    pub(crate) visit: Option<Box<Visit>>,
    pub(crate) gateways: Vec<Arc<str>>,
    pub(crate) customer: Option<Box<Customer>>,
    pub(crate) billing: Option<Box<Address>>,
    pub(crate) shipping: Option<Box<Address>>,
    pub(crate) subtotal: Bag,
    pub(crate) discounts: Bag,
    pub(crate) shipping_price: Bag,
    pub(crate) tax: Bag,
    pub(crate) tip: Bag,
    pub(crate) total: Bag,
    /// What is left of the total after refunds and edits, where a recording states it.
    pub(crate) current_total: Option<Bag>,
    pub(crate) discount_codes: Vec<String>,
    pub(crate) discount_applications: Vec<Discount>,
    pub(crate) tax_lines: Vec<TaxLine>,
    pub(crate) lines: Vec<LineItem>,
    pub(crate) shipping_lines: Vec<ShippingLine>,
    pub(crate) transactions: Vec<Transaction>,
    pub(crate) refunds: Vec<Refund>,
    pub(crate) fulfillments: Vec<Fulfillment>,
}

/// A visit to the shop.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) id: u64,
    pub(crate) occurred_at: DateTime<Utc>,
    pub(crate) landing_page: String,
    pub(crate) referrer: Option<&'static str>,
    /// Source, medium and campaign, where the link that was followed carried them.
    pub(crate) utm: Option<[&'static str; 3]>,
}

/// One line of an order.
#[derive(Clone, Debug)]
pub(crate) struct LineItem {
    pub(crate) id: u64,
    pub(crate) title: Arc<str>,
    pub(crate) variant_title: Option<Arc<str>>,
    pub(crate) sku: Option<Arc<str>>,
    pub(crate) vendor: Option<Arc<str>>,
    /// The product and the variant, where they still exist.
    pub(crate) product: Option<u64>,
    pub(crate) variant: Option<u64>,
    pub(crate) quantity: i64,
    /// How many were removed or refunded.
    pub(crate) removed: i64,
    pub(crate) unfulfilled: i64,
    pub(crate) price: Bag,
    /// Over all pieces.
    pub(crate) discount: Bag,
    pub(crate) tax_lines: Vec<TaxLine>,
    pub(crate) requires_shipping: bool,
    pub(crate) taxable: bool,
    pub(crate) is_gift_card: bool,
}

/// A tax on a line or an order.
#[derive(Clone, Debug)]
pub(crate) struct TaxLine {
    pub(crate) title: Arc<str>,
    /// In thousandths: 80 for 8 %.
    pub(crate) rate: i64,
    pub(crate) price: Bag,
}

/// What an order pays for shipping.
#[derive(Clone, Debug)]
pub(crate) struct ShippingLine {
    pub(crate) id: u64,
    pub(crate) title: Arc<str>,
    pub(crate) code: Option<Arc<str>>,
    pub(crate) price: Bag,
    pub(crate) discounted: Bag,
}

/// A discount on an order.
#[derive(Clone, Debug)]
pub(crate) struct Discount {
    /// The object's type: `DiscountCodeApplication`, `ManualDiscountApplication`.
    pub(crate) kind: &'static str,
    /// The code, or the title.
    pub(crate) name: String,
    /// In percent, or else an amount.
    pub(crate) percentage: Option<f64>,
    pub(crate) amount: Amount,
}

/// A movement of money.
#[derive(Clone, Debug)]
pub(crate) struct Transaction {
    pub(crate) id: u64,
    /// A value of `OrderTransactionKind`.
    pub(crate) kind: Arc<str>,
    /// A value of `OrderTransactionStatus`.
    pub(crate) status: Arc<str>,
    pub(crate) gateway: Option<Arc<str>>,
    pub(crate) amount: Bag,
    pub(crate) parent: Option<u64>,
    /// The platform's own fee, where it handled the payment.
    pub(crate) fee: Option<Amount>,
    pub(crate) test: bool,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) processed_at: Option<DateTime<Utc>>,
}

/// Money and goods that went back.
#[derive(Clone, Debug)]
pub(crate) struct Refund {
    pub(crate) id: u64,
    pub(crate) note: Option<String>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) total: Bag,
    /// The part of the total that was paid for shipping.
    pub(crate) shipping: Bag,
    pub(crate) lines: Vec<RefundLine>,
    /// Transactions of the order, by id.
    pub(crate) transactions: Vec<u64>,
}

/// A line of an order in a refund.
#[derive(Clone, Debug)]
pub(crate) struct RefundLine {
    pub(crate) id: u64,
    /// The order's line.
    pub(crate) line: u64,
    pub(crate) quantity: i64,
    /// A value of `RefundLineItemRestockType`.
    pub(crate) restock: Arc<str>,
    pub(crate) location: Option<u64>,
    pub(crate) subtotal: Bag,
    pub(crate) tax: Bag,
}

/// Goods that went out.
#[derive(Clone, Debug)]
pub(crate) struct Fulfillment {
    pub(crate) id: u64,
    pub(crate) name: String,
    /// A value of `FulfillmentStatus`.
    pub(crate) status: Arc<str>,
    pub(crate) location: Option<u64>,
    pub(crate) tracking_company: Option<String>,
    pub(crate) tracking_number: Option<String>,
    pub(crate) tracking_url: Option<String>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    /// Lines of the order, and how many pieces of each.
    pub(crate) lines: Vec<(u64, i64)>,
}

/// Who bought.
#[derive(Clone, Debug)]
pub(crate) struct Customer {
    pub(crate) id: u64,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// A postal address, of a person or of a place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Address {
    pub(crate) id: u64,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) company: Option<String>,
    pub(crate) address1: Option<String>,
    pub(crate) address2: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) province: Option<String>,
    pub(crate) province_code: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) country_code: Option<String>,
    pub(crate) zip: Option<String>,
    pub(crate) phone: Option<String>,
}

impl Order {
    /// What was given back.
    pub(crate) fn refunded(&self) -> Bag {
        self.refunds.iter().map(|refund| refund.total).sum()
    }

    /// What came in by transactions that succeeded.
    pub(crate) fn received(&self) -> Bag {
        self.transactions
            .iter()
            .filter(|transaction| {
                &*transaction.status == "SUCCESS"
                    && matches!(&*transaction.kind, "SALE" | "CAPTURE")
            })
            .map(|transaction| transaction.amount)
            .sum()
    }

    /// The total as it stands after refunds.
    pub(crate) fn current_total(&self) -> Bag {
        self.current_total
            .unwrap_or_else(|| self.total - self.refunded())
    }

    /// The line with this id.
    pub(crate) fn line(&self, id: u64) -> Option<&LineItem> {
        self.lines.iter().find(|line| line.id == id)
    }

    /// The transaction with this id.
    pub(crate) fn transaction(&self, id: u64) -> Option<&Transaction> {
        self.transactions
            .iter()
            .find(|transaction| transaction.id == id)
    }
}

impl LineItem {
    /// Price times quantity.
    pub(crate) fn original_total(&self) -> Bag {
        self.price * self.quantity
    }
}

impl Address {
    /// First and last name; `None` without both.
    pub(crate) fn name(&self) -> Option<String> {
        let parts: Vec<&str> = [&self.first_name, &self.last_name]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// The lines of a label.
    pub(crate) fn formatted(&self) -> Vec<String> {
        let town: Vec<&str> = [&self.city, &self.province_code, &self.zip]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let mut lines: Vec<String> = [&self.address1, &self.address2]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        if !town.is_empty() {
            lines.push(town.join(" "));
        }
        lines.extend(self.country.clone());
        lines
    }
}
