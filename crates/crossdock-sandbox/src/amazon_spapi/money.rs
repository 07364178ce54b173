//! Amounts, and the five ways in which the API writes them.

use serde_json::{Number, Value, json};

/// An amount in the smallest unit of its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Money {
    /// Cents, or yen.
    pub(super) minor: i64,
    /// ISO 4217.
    pub(super) currency: &'static str,
}

impl Money {
    /// An amount of this many smallest units.
    pub(super) const fn new(minor: i64, currency: &'static str) -> Self {
        Self { minor, currency }
    }

    /// Reads a decimal number as this currency has them; nothing where it is none.
    pub(super) fn read(text: &str, currency: &'static str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = if currency == "JPY" { 0 } else { 2 };
        (part.len() <= digits)
            .then(|| format!("{whole}{part:0<digits$}").parse().ok())
            .flatten()
            .map(|minor| Self::new(minor, currency))
    }

    /// The decimal number: `12.34`, and `1234` of yen.
    pub(super) fn text(self) -> String {
        if self.currency == "JPY" {
            return self.minor.to_string();
        }
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        format!("{sign}{}.{:02}", minor / 100, minor % 100)
    }

    /// The decimal number as JSON has numbers.
    pub(super) fn number(self) -> Value {
        if self.currency == "JPY" {
            return self.minor.into();
        }
        let number = self.text().parse().ok().and_then(Number::from_f64);
        number.map_or(Value::Null, Value::Number)
    }

    /// As orders and listings write it: the amount is a text.
    pub(super) fn decimal(self) -> Value {
        json!({"amount": self.text(), "currencyCode": self.currency})
    }

    /// As pricing and the sales report write it: the amount is a number.
    pub(super) fn numeric(self) -> Value {
        json!({"amount": self.number(), "currencyCode": self.currency})
    }

    /// As finances 2024-06-19 and transfers write it.
    pub(super) fn currency(self) -> Value {
        json!({"currencyCode": self.currency, "currencyAmount": self.number()})
    }

    /// As finances v0 writes it.
    pub(super) fn old_currency(self) -> Value {
        json!({"CurrencyCode": self.currency, "CurrencyAmount": self.number()})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_their_cents_and_yen_have_none() {
        let text = |minor, currency| Money::new(minor, currency).text();
        assert_eq!(text(-5, "USD"), "-0.05");
        assert_eq!(text(123_456, "EUR"), "1234.56");
        assert_eq!(text(-1980, "JPY"), "-1980");
        let read = |text, currency| Money::read(text, currency).map(|money| money.minor);
        assert_eq!(read("12.3", "USD"), Some(1230));
        assert_eq!(read("-0.05", "USD"), Some(-5));
        assert_eq!(read("1980", "JPY"), Some(1980));
        assert_eq!(read("1.980", "USD"), None);
        assert_eq!(
            Money::new(1999, "USD").numeric().to_string(),
            r#"{"amount":19.99,"currencyCode":"USD"}"#
        );
    }
}
