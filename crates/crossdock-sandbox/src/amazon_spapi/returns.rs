//! What buyers sent back. No operation reads it: there are reports, one for each of the two ways in
//! which things were sent to them.

use chrono::{DateTime, Utc};

/// One row of a report.
#[derive(Clone, Debug)]
pub(super) struct Return {
    /// Whether Amazon took it back; otherwise the seller does.
    pub(super) by_amazon: bool,
    /// The day that reports go by.
    pub(super) at: DateTime<Utc>,
    pub(super) marketplace: &'static str,
    pub(super) order: String,
    /// When the order was placed.
    pub(super) ordered: DateTime<Utc>,
    pub(super) sku: String,
    pub(super) asin: String,
    pub(super) name: String,
    pub(super) quantity: i64,
    /// The amount that was given back, as a decimal number.
    pub(super) refunded: String,
    pub(super) currency: &'static str,
    /// Tells it apart from every other return.
    pub(super) number: String,
    pub(super) reason: &'static str,
}

/// The columns of `GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA`.
const BY_AMAZON: &[&str] = &[
    "return-date",
    "order-id",
    "sku",
    "asin",
    "fnsku",
    "product-name",
    "quantity",
    "fulfillment-center-id",
    "detailed-disposition",
    "reason",
    "status",
    "license-plate-number",
    "customer-comments",
];

/// The columns of `GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE`.
const BY_SELLER: &[&str] = &[
    "Order ID",
    "Order date",
    "Return request date",
    "Return request status",
    "Amazon RMA ID",
    "Merchant RMA ID",
    "Label type",
    "Label cost",
    "Currency code",
    "Return carrier",
    "Tracking ID",
    "Label to be paid by",
    "A-to-Z Claim",
    "Is prime",
    "ASIN",
    "Merchant SKU",
    "Item Name",
    "Return quantity",
    "Return Reason",
    "In policy",
    "Return type",
    "Resolution",
    "Invoice number",
    "Return delivery date",
    "Order Amount",
    "Order quantity",
    "Refunded Amount",
];

impl Return {
    fn cells(&self) -> Vec<String> {
        let day = |time: DateTime<Utc>| time.format("%d-%b-%Y").to_string();
        let word = |word: &str| word.to_owned();
        let quantity = self.quantity.to_string();
        if self.by_amazon {
            return vec![
                self.at.format("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
                self.order.clone(),
                self.sku.clone(),
                self.asin.clone(),
                format!("X00{}", self.asin.trim_start_matches('B')),
                self.name.clone(),
                quantity,
                word("SBX1"),
                word("SELLABLE"),
                word(self.reason),
                word("Unit returned to inventory"),
                format!("LPN{}", self.number),
                String::new(),
            ];
        }
        vec![
            self.order.clone(),
            day(self.ordered),
            day(self.at),
            word("Approved"),
            format!("D{}RRMA", self.number),
            String::new(),
            word("AmazonUnPaidLabel"),
            word("0.00"),
            word(self.currency),
            word("Sandbox Parcel"),
            format!("SBX{}", self.number),
            word("Seller"),
            word("N"),
            word("N"),
            self.asin.clone(),
            self.sku.clone(),
            self.name.clone(),
            quantity.clone(),
            word(self.reason),
            word("Y"),
            word("C-Returns"),
            word("StandardRefund"),
            String::new(),
            String::new(),
            self.refunded.clone(),
            quantity,
            self.refunded.clone(),
        ]
    }
}

/// A report of some returns: a line of columns, and a line for each, with tabs between cells.
pub(super) fn table(returns: &[&Return], by_amazon: bool) -> String {
    let columns = if by_amazon { BY_AMAZON } else { BY_SELLER };
    let mut table = columns.join("\t");
    for entry in returns {
        table.push_str("\r\n");
        let cells: Vec<String> = entry
            .cells()
            .iter()
            .map(|cell| cell.replace(['\t', '\r', '\n'], " "))
            .collect();
        table.push_str(&cells.join("\t"));
    }
    table.push_str("\r\n");
    table
}
