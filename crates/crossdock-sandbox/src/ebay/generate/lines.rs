//! The lines of an order: what was bought, what it cost, what eBay takes of it.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::super::ledger::LineFees;
use super::super::money;
use super::super::state::{text, written};

/// One line before it is written: amounts in hundredths of the order's currency.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) id: String,
    /// The offer that was bought from.
    pub(super) offer: Value,
    pub(super) title: String,
    pub(super) quantity: u64,
    pub(super) cost: i64,
    /// Not more than nothing.
    pub(super) discount: i64,
    pub(super) delivery: i64,
    /// What eBay collects for the state, in per cent of the line.
    pub(super) tax_rate: i64,
}

impl Line {
    /// What the buyer pays for it, but for the tax that eBay collects.
    pub(super) fn total(&self) -> i64 {
        self.cost + self.discount + self.delivery
    }

    /// The tax that eBay collects.
    pub(super) fn tax(&self) -> i64 {
        (self.total() * self.tax_rate + 50) / 100
    }

    /// What eBay takes: a part of the line with its tax, a little for each order on its first
    /// line, and another part from orders abroad.
    pub(super) fn fees(&self, first: bool, abroad: bool) -> LineFees {
        let basis = self.total() + self.tax();
        let mut fees = vec![("FINAL_VALUE_FEE".to_owned(), (basis * 128 + 500) / 1_000)];
        if first {
            fees.push(("FINAL_VALUE_FEE_FIXED_PER_ORDER".to_owned(), 30));
        }
        if abroad {
            fees.push(("INTERNATIONAL_FEE".to_owned(), (basis * 15 + 500) / 1_000));
        }
        LineFees {
            line: self.id.clone(),
            basis,
            fees,
        }
    }

    /// As the order carries it.
    pub(super) fn document(&self, currency: &str, created: DateTime<Utc>) -> Value {
        let site = text(&self.offer, "marketplaceId");
        let (least, most) = (created + TimeDelta::days(3), created + TimeDelta::days(6));
        let mut line = json!({
            "lineItemId": self.id,
            "legacyItemId": self.offer.pointer("/listing/listingId"),
            "sku": text(&self.offer, "sku"),
            "title": self.title,
            "lineItemCost": money::amount(self.cost, currency),
            "quantity": self.quantity,
            "soldFormat": text(&self.offer, "format"),
            "listingMarketplaceId": site,
            "purchaseMarketplaceId": site,
            "lineItemFulfillmentStatus": "NOT_STARTED",
            "total": money::amount(self.total(), currency),
            "deliveryCost": {"shippingCost": money::amount(self.delivery, currency)},
            "appliedPromotions": [],
            "taxes": [],
            "refunds": [],
            "properties": {"buyerProtection": true},
            "lineItemFulfillmentInstructions": {
                "minEstimatedDeliveryDate": written(least),
                "maxEstimatedDeliveryDate": written(most),
                "shipByDate": written(created + TimeDelta::days(2)),
                "guaranteedDelivery": false,
            },
            "itemLocation": {"location": "London", "countryCode": "GB", "postalCode": "E14 0XX"},
        });
        if let Value::Object(fields) = &mut line {
            if self.discount < 0 {
                let promotion = json!({
                    "promotionId": "5000001",
                    "description": "Tenner off",
                    "discountAmount": money::amount(-self.discount, currency),
                });
                fields.insert("appliedPromotions".to_owned(), json!([promotion]));
                let cost = money::amount(self.cost + self.discount, currency);
                fields.insert("discountedLineItemCost".to_owned(), cost);
            }
            if self.tax() > 0 {
                let kind = if site == "EBAY_US" {
                    "STATE_SALES_TAX"
                } else {
                    "VAT"
                };
                let tax = json!({
                    "taxType": kind,
                    "amount": money::amount(self.tax(), currency),
                    "collectionMethod": "NET",
                });
                fields.insert("ebayCollectAndRemitTaxes".to_owned(), json!([tax]));
            }
        }
        line
    }
}
