//! Money in millionths of a currency, as Google counts it.

use connector_core::model::{Currency, Money};

/// So many millionths. More than the minor unit can say is rounded.
pub(super) fn money(micros: i64, currency: Currency) -> Option<Money> {
    let sign = if micros < 0 { "-" } else { "" };
    let micros = micros.unsigned_abs();
    let text = format!("{sign}{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    Money::from_decimal(&text, currency).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn millionths_become_minor_units() {
        let of = |micros, code| money(micros, Currency::from_code(code).unwrap());
        let minor = |micros, code| of(micros, code).map(|money| money.minor);
        assert_eq!(minor(33_450_000, "USD"), Some(3_345));
        assert_eq!(minor(5_400_000_000, "JPY"), Some(5_400));
        assert_eq!(minor(1_234_000, "KWD"), Some(1_234));
        assert_eq!(minor(-500_000, "EUR"), Some(-50));
        // A third of a cent is rounded.
        assert_eq!(minor(23_333_333, "EUR"), Some(2_333));
        assert_eq!(minor(0, "EUR"), Some(0));
    }
}
