//! Money as eBay writes it.

use connector_core::Result;
use connector_core::model::{Currency, Money};
use serde::Deserialize;

/// An amount: decimal text and a currency, with what it was before it was converted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Amount {
    /// `9.99`.
    pub value: String,
    /// ISO 4217. The fees of some transactions come without: they are in that of the transaction.
    pub currency: Option<String>,
    /// What it was in the buyer's currency, where that is another.
    pub converted_from_value: Option<String>,
    /// The buyer's currency, where that is another.
    pub converted_from_currency: Option<String>,
}

impl Amount {
    /// The amount in minor units.
    ///
    /// # Errors
    /// [`ContractBroken`](connector_core::ErrorKind::ContractBroken) where it is none.
    pub fn money(&self) -> Result<Money> {
        Money::from_decimal(&self.value, self.currency()?)
    }

    /// The amount in minor units, in this currency where it names none.
    ///
    /// # Errors
    /// As [`Amount::money`].
    pub fn money_or(&self, currency: Currency) -> Result<Money> {
        match &self.currency {
            Some(_) => self.money(),
            None => Money::from_decimal(&self.value, currency),
        }
    }

    /// The amount before it was converted, where it was.
    ///
    /// # Errors
    /// As [`Amount::money`].
    pub fn original(&self) -> Result<Option<Money>> {
        match (&self.converted_from_value, &self.converted_from_currency) {
            (Some(value), Some(currency)) => {
                Money::from_decimal(value, Currency::from_code(currency)?).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn currency(&self) -> Result<Currency> {
        Currency::from_code(self.currency.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Amount {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_amount_knows_what_it_was_before() {
        let amount = read(
            r#"{"value":"7.90","currency":"GBP","convertedFromValue":"9.99","convertedFromCurrency":"USD"}"#,
        );
        assert_eq!(amount.money().unwrap().to_string(), "7.90 GBP");
        let original = amount.original().unwrap().unwrap();
        assert_eq!(original.to_string(), "9.99 USD");
    }

    #[test]
    fn an_amount_without_a_currency_takes_the_one_around_it() {
        let fee = read(r#"{"value":"500.0"}"#);
        assert!(fee.money().is_err());
        let yen = "JPY".parse().unwrap();
        assert_eq!(fee.money_or(yen).unwrap().minor, 500);
        assert_eq!(fee.original().unwrap(), None);
    }
}
