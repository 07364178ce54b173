//! Amounts: whole hundredths inside, decimal text with a currency on the wire.
//!
//! eBay writes amounts as a program prints a floating-point number: without a trailing zero, but
//! with one decimal at least (recorded replies: `2.0`, `0.44`, `195.0`). Requests may write them in
//! any number of decimals up to two.

use serde_json::{Value, json};

/// Hundredths as eBay writes them: `2.0`, `12.5`, `-0.44`.
pub(super) fn text(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let (whole, rest) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    if rest.is_multiple_of(10) {
        format!("{sign}{whole}.{}", rest / 10)
    } else {
        format!("{sign}{whole}.{rest:02}")
    }
}

/// An amount.
pub(super) fn amount(cents: i64, currency: &str) -> Value {
    json!({"value": text(cents), "currency": currency})
}

/// The hundredths of a decimal text; `None` where it isn't one, or has more than two decimals.
pub(super) fn parse(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(decimals) || decimals.len() > 2 {
        return None;
    }
    let scale = if decimals.len() == 1 { 10 } else { 1 };
    let cents = whole.parse::<i64>().ok()?.checked_mul(100)?;
    let cents = cents.checked_add(decimals.parse::<i64>().ok()?.checked_mul(scale)?)?;
    Some(if negative { -cents } else { cents })
}

/// The hundredths of an amount; `None` where it has no readable value.
pub(super) fn cents(amount: &Value) -> Option<i64> {
    parse(amount.get("value")?.as_str()?)
}

/// The currency of an amount; empty where it names none.
pub(super) fn currency(amount: &Value) -> &str {
    amount
        .get("currency")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_recorded() {
        for (cents, written) in [(200, "2.0"), (44, "0.44"), (1_250, "12.5"), (-5, "-0.05")] {
            assert_eq!(text(cents), written);
            assert_eq!(parse(written), Some(cents));
        }
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for wrong in [
            "",
            "1.",
            ".5",
            "1.234",
            "1,5",
            "--1",
            "1e3",
            "99999999999999999999",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        assert_eq!(parse("7"), Some(700));
    }
}
