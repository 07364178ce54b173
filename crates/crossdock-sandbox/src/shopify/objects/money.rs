//! Amounts and currencies, as the platform writes them.

use std::fmt::{self, Write as _};
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

/// An amount of money in ten-thousandths of the currency's unit, which holds every amount of the
/// platform exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Amount(i64);

const SCALE: i64 = 10_000;

impl Amount {
    /// Nothing.
    pub(crate) const ZERO: Self = Self(0);

    /// An amount in hundredths.
    #[must_use]
    pub(crate) const fn cents(cents: i64) -> Self {
        Self(cents.saturating_mul(SCALE / 100))
    }

    /// Reads `12`, `-12.5`, `12.3456`. Digits beyond the fourth are dropped.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let number = |digits: &str| {
            if digits.is_empty() {
                return Some(0);
            }
            digits
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| digits.parse::<i64>().ok())?
        };
        number(fraction)?;
        let padded: String = fraction.chars().chain("0000".chars()).take(4).collect();
        let value = number(whole)?
            .checked_mul(SCALE)?
            .checked_add(number(&padded)?)?;
        Some(Self(if negative { -value } else { value }))
    }

    /// Reads a JSON text or number.
    pub(crate) fn from_json(value: &serde_json::Value) -> Option<Self> {
        match value {
            serde_json::Value::String(text) => Self::parse(text),
            serde_json::Value::Number(number) => Self::parse(&number.to_string()),
            _ => None,
        }
    }

    /// The sign: below, at or above zero.
    pub(crate) const fn signum(self) -> i64 {
        self.0.signum()
    }

    /// A share of the amount in thousandths, rounded down to hundredths.
    #[must_use]
    pub(crate) const fn thousandths(self, share: i64) -> Self {
        Self(self.0.saturating_mul(share) / 1000 / 100 * 100)
    }

    /// One of `parts` equal parts, rounded towards zero to hundredths; nothing of no parts.
    #[must_use]
    pub(crate) const fn share(self, parts: i64) -> Self {
        match self.0.checked_div(parts) {
            Some(share) => Self(share / 100 * 100),
            None => Self::ZERO,
        }
    }

    /// A number that sorts as the amount does.
    pub(crate) const fn key(self) -> i64 {
        self.0
    }

    /// The amount with at least this many decimals, and no more than it needs.
    fn decimals(self, least: usize) -> Decimals {
        Decimals {
            value: self.0,
            least,
        }
    }

    /// As in `MoneyV2.amount`: `12.0`, `12.35`.
    pub(crate) fn decimal(self) -> impl fmt::Display {
        self.decimals(1)
    }

    /// As in a `Money` field and everywhere in REST: `12.00`, `12.35`.
    pub(crate) fn price(self) -> impl fmt::Display {
        self.decimals(2)
    }
}

struct Decimals {
    value: i64,
    least: usize,
}

impl fmt::Display for Decimals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.value.unsigned_abs();
        let (whole, mut fraction) = (
            magnitude / SCALE.unsigned_abs(),
            magnitude % SCALE.unsigned_abs(),
        );
        let mut width = 4;
        while width > self.least && fraction % 10 == 0 {
            fraction /= 10;
            width -= 1;
        }
        if self.value < 0 {
            formatter.write_char('-')?;
        }
        write!(formatter, "{whole}.{fraction:0width$}")
    }
}

impl Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Amount {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl SubAssign for Amount {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Mul<i64> for Amount {
    type Output = Self;

    fn mul(self, factor: i64) -> Self {
        Self(self.0.saturating_mul(factor))
    }
}

impl Neg for Amount {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// An amount in the shop's currency, and in the one that the customer saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bag {
    /// In the shop's currency.
    pub(crate) shop: Amount,
    /// In the customer's currency; where the two currencies are one, the same.
    pub(crate) presentment: Amount,
}

impl Bag {
    /// The same amount in both.
    pub(crate) const fn same(amount: Amount) -> Self {
        Self {
            shop: amount,
            presentment: amount,
        }
    }
}

impl Add for Bag {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            shop: self.shop + other.shop,
            presentment: self.presentment + other.presentment,
        }
    }
}

impl Sub for Bag {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            shop: self.shop - other.shop,
            presentment: self.presentment - other.presentment,
        }
    }
}

impl Mul<i64> for Bag {
    type Output = Self;

    fn mul(self, factor: i64) -> Self {
        Self {
            shop: self.shop * factor,
            presentment: self.presentment * factor,
        }
    }
}

impl std::iter::Sum for Bag {
    fn sum<I: Iterator<Item = Self>>(bags: I) -> Self {
        bags.fold(Self::default(), Add::add)
    }
}

/// A currency's code. Four letters are enough for all that the platform has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Currency([u8; 4]);

impl Currency {
    /// The dollar of the United States: what a shop has unless it says otherwise.
    pub(crate) const USD: Self = Self(*b"USD\0");
    /// The euro.
    pub(crate) const EUR: Self = Self(*b"EUR\0");
    /// The pound.
    pub(crate) const GBP: Self = Self(*b"GBP\0");
    /// The Canadian dollar.
    pub(crate) const CAD: Self = Self(*b"CAD\0");

    /// Reads a code of three or four letters.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut code = [0; 4];
        if !(3..=4).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return None;
        }
        for (place, byte) in code.iter_mut().zip(text.bytes()) {
            *place = byte.to_ascii_uppercase();
        }
        Some(Self(code))
    }

    /// The code.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0)
            .unwrap_or_default()
            .trim_end_matches('\0')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_amounts() {
        for (text, decimal, price) in [
            ("12", "12.0", "12.00"),
            ("-0.5", "-0.5", "-0.50"),
            ("12.3456", "12.3456", "12.3456"),
            ("0.00", "0.0", "0.00"),
            (".75", "0.75", "0.75"),
            ("9.990", "9.99", "9.99"),
        ] {
            let amount = Amount::parse(text).unwrap();
            assert_eq!(amount.decimal().to_string(), decimal);
            assert_eq!(amount.price().to_string(), price);
        }
        for text in ["", ".", "-", "1,2", "1e3", "x", "1.2.3"] {
            assert_eq!(Amount::parse(text), None, "{text}");
        }
    }

    #[test]
    fn reads_currencies() {
        assert_eq!(Currency::parse("usd"), Some(Currency::USD));
        assert_eq!(Currency::parse("USDC").unwrap().as_str(), "USDC");
        assert_eq!(Currency::parse("$"), None);
    }
}
