//! Amounts of money.

use serde::Deserialize;

/// An amount in one currency.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MoneyV2 {
    /// Decimal text: `129.90`.
    pub amount: String,
    /// ISO 4217.
    pub currency_code: String,
}

/// An amount in the shop's currency and in the buyer's.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MoneyBag {
    /// In the shop's currency.
    pub shop_money: MoneyV2,
    /// In the buyer's currency, where it was selected.
    #[serde(default)]
    pub presentment_money: Option<MoneyV2>,
}
