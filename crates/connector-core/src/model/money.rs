//! Money: whole minor units and a currency, never a float, never a bare number.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result};

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The United States dollar.
    pub const USD: Self = Self(iso_currency::Currency::USD);

    /// The currency with this alphabetic code, in either case.
    ///
    /// # Errors
    /// [`ContractBroken`](crate::ErrorKind::ContractBroken) when ISO 4217 has no such code.
    pub fn from_code(code: &str) -> Result<Self> {
        let upper = code.to_ascii_uppercase();
        iso_currency::Currency::from_code(&upper)
            .map(Self)
            .ok_or_else(|| Error::contract("there is no currency with this code"))
    }

    /// The alphabetic code: `USD`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many digits the minor unit has: 2 for USD, 0 for JPY, 3 for KWD.
    #[must_use]
    pub fn exponent(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(0))
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = Error;

    fn from_str(code: &str) -> Result<Self> {
        Self::from_code(code)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_code(&code).map_err(serde::de::Error::custom)
    }
}

/// An amount: minor units of a currency.
///
/// ```
/// use connector_core::model::{Currency, Money};
///
/// let price = Money::from_decimal("129.90", Currency::USD)?;
/// assert_eq!(price.minor, 12_990);
/// assert_eq!(Money::from_decimal("500", "JPY".parse()?)?.minor, 500);
/// assert_eq!(price.to_string(), "129.90 USD");
/// # Ok::<(), connector_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: cents for USD, yen for JPY, fils for KWD.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// So many minor units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// An amount in major units as platforms write it: `129.90`, `-3`, `10.0`.
    ///
    /// Digits beyond the minor unit are allowed when they are zeros (`10.0` yen); others are rounded
    /// half away from zero, as unit costs come with more digits than can be paid.
    ///
    /// # Errors
    /// [`ContractBroken`](crate::ErrorKind::ContractBroken) when it isn't a decimal number, or one
    /// that doesn't fit.
    pub fn from_decimal(amount: &str, currency: Currency) -> Result<Self> {
        parse_minor(amount.trim(), currency.exponent())
            .map(|minor| Self { minor, currency })
            .ok_or_else(|| Error::contract("this is not an amount of money"))
    }
}

fn parse_minor(amount: &str, exponent: u32) -> Option<i64> {
    let (negative, digits) = match amount.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, amount),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let mut minor: i64 = 0;
    for byte in whole.bytes() {
        minor = minor.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
    }
    let mut fraction = fraction.bytes();
    for _ in 0..exponent {
        let digit = fraction.next().map_or(0, |byte| i64::from(byte - b'0'));
        minor = minor.checked_mul(10)?.checked_add(digit)?;
    }
    if fraction.next().is_some_and(|byte| byte >= b'5') {
        minor = minor.checked_add(1)?;
    }
    Some(if negative { -minor } else { minor })
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = self.currency.exponent();
        let sign = if self.minor < 0 { "-" } else { "" };
        let scale = 10_u64.pow(exponent);
        let minor = self.minor.unsigned_abs();
        if exponent == 0 {
            write!(f, "{sign}{minor} {}", self.currency)
        } else {
            let width = exponent as usize;
            write!(
                f,
                "{sign}{}.{:0width$} {}",
                minor / scale,
                minor % scale,
                self.currency
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn minor(amount: &str, currency: &str) -> Option<i64> {
        Money::from_decimal(amount, currency.parse().unwrap())
            .ok()
            .map(|money| money.minor)
    }

    #[test]
    fn decimals_become_minor_units_by_the_currency() {
        assert_eq!(minor("129.90", "USD"), Some(12_990));
        assert_eq!(minor("129.9", "USD"), Some(12_990));
        assert_eq!(minor("129", "USD"), Some(12_900));
        assert_eq!(minor(".5", "USD"), Some(50));
        assert_eq!(minor("-0.01", "USD"), Some(-1));
        assert_eq!(minor("500.0", "JPY"), Some(500));
        assert_eq!(minor("1.234", "KWD"), Some(1_234));
        assert_eq!(minor("12.3456", "USD"), Some(1_235));
        assert_eq!(minor("-12.345", "USD"), Some(-1_235));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for amount in [
            "",
            "-",
            ".",
            "1,00",
            "1e3",
            "+1",
            "NaN",
            "1.2.3",
            "92233720368547758.08",
        ] {
            assert_eq!(minor(amount, "USD"), None, "{amount}");
        }
        assert!(Currency::from_code("ZZZ").is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(minor in -1_000_000_000_000_i64..1_000_000_000_000, code in prop::sample::select(vec!["USD", "JPY", "KWD", "EUR"])) {
            let money = Money::new(minor, code.parse().unwrap());
            let text = money.to_string();
            let (amount, currency) = text.split_once(' ').unwrap();
            prop_assert_eq!(Money::from_decimal(amount, currency.parse().unwrap()).unwrap(), money);
        }

        #[test]
        fn no_text_panics(amount in ".*") {
            drop(Money::from_decimal(&amount, Currency::USD));
        }
    }
}
