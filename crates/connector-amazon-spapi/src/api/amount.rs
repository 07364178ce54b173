//! Money as the Selling Partner API writes it: a decimal, which is a text in some APIs and a number in
//! others, and never goes through a float here.

use connector_core::model::{Currency, Money};
use connector_core::{Error, Result};
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// An amount with its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Amount {
    /// The amount in major units.
    #[serde(alias = "currencyAmount", alias = "CurrencyAmount", alias = "Amount")]
    pub amount: Decimal,
    /// ISO 4217.
    #[serde(alias = "CurrencyCode")]
    pub currency_code: String,
}

impl Amount {
    /// The same in minor units.
    ///
    /// # Errors
    /// [`ContractBroken`](connector_core::ErrorKind::ContractBroken) for what is no amount, or in no
    /// currency.
    pub fn money(&self) -> Result<Money> {
        self.amount.money(Currency::from_code(&self.currency_code)?)
    }
}

/// A decimal number, digit by digit as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Decimal(String);

impl Decimal {
    /// The digits as they came: `12.50`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// So much of a currency, in minor units.
    ///
    /// # Errors
    /// [`ContractBroken`](connector_core::ErrorKind::ContractBroken) for what is no decimal number,
    /// or one that doesn't fit.
    pub fn money(&self, currency: Currency) -> Result<Money> {
        match self.0.split_once(['e', 'E']) {
            None => Money::from_decimal(&self.0, currency),
            Some((digits, exponent)) => {
                let plain = shift(digits, exponent)
                    .ok_or_else(|| Error::contract("this is not an amount of money"))?;
                Money::from_decimal(&plain, currency)
            }
        }
    }
}

impl From<&str> for Decimal {
    fn from(digits: &str) -> Self {
        Self(digits.to_owned())
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        if text.starts_with('"') {
            return serde_json::from_str(text)
                .map(Self)
                .map_err(D::Error::custom);
        }
        if text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            return Ok(Self(text.to_owned()));
        }
        Err(D::Error::custom("a decimal is a text or a number"))
    }
}

/// Moves the point of `digits` by an exponent, so that it can be written without one.
fn shift(digits: &str, exponent: &str) -> Option<String> {
    /// More than any amount of money has.
    const MOST: i32 = 30;

    let exponent: i32 = exponent.parse().ok()?;
    if exponent.abs() > MOST {
        return None;
    }
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let all: Vec<char> = whole.chars().chain(fraction.chars()).collect();
    let mut plain = String::from(sign);
    if point <= 0 {
        plain.push_str("0.");
        plain.extend(std::iter::repeat_n('0', point.unsigned_abs() as usize));
        plain.extend(all);
        return Some(plain);
    }
    let point = usize::try_from(point).ok()?;
    for place in 0..all.len().max(point) {
        if place == point {
            plain.push('.');
        }
        plain.push(all.get(place).copied().unwrap_or('0'));
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn minor(json: &str) -> Option<i64> {
        let amount: Amount = serde_json::from_str(json).ok()?;
        amount.money().ok().map(|money| money.minor)
    }

    #[test]
    fn texts_and_numbers_are_the_same_money() {
        for (amount, currency, cents) in [
            ("\"12.50\"", "USD", 1250),
            ("12.5", "USD", 1250),
            ("-0.01", "EUR", -1),
            ("\"1200\"", "JPY", 1200),
            ("1.2E+3", "JPY", 1200),
            ("1e-2", "USD", 1),
            ("-12.5e1", "USD", -12_500),
            ("0.1e-1", "USD", 1),
            ("90071992547409.93", "USD", 9_007_199_254_740_993),
        ] {
            let json = format!(r#"{{"currencyCode":"{currency}","amount":{amount}}}"#);
            assert_eq!(minor(&json), Some(cents), "{json}");
        }
        let finances = r#"{"currencyCode":"USD","currencyAmount":3.2}"#;
        assert_eq!(minor(finances), Some(320));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for amount in [
            "\"\"",
            "\"x\"",
            "null",
            "[]",
            "true",
            "\"1e999\"",
            "\"1,5\"",
        ] {
            let json = format!(r#"{{"currencyCode":"USD","amount":{amount}}}"#);
            assert_eq!(minor(&json), None, "{json}");
        }
        assert_eq!(minor(r#"{"currencyCode":"???","amount":"1"}"#), None);
    }

    proptest! {
        #[test]
        fn an_exponent_moves_the_point_and_nothing_else(cents in -1_000_000_i64..1_000_000, exponent in 0_i32..8) {
            let currency = Currency::USD;
            let plain = Decimal(format!("{cents}e-2")).money(currency).unwrap();
            prop_assert_eq!(plain.minor, cents);
            let scaled = Decimal(format!("{cents}e{exponent}")).money(currency).unwrap();
            prop_assert_eq!(scaled.minor, cents * 10_i64.pow(exponent.unsigned_abs() + 2));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            drop(Decimal(text).money(Currency::USD));
        }
    }
}
