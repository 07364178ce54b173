//! Prices that Meta writes for people: `$10.00`, `¥3,500`, `1.234,50 €`.
//!
//! Which sign parts the whole from the rest depends on who wrote it, so it is found out by the digits
//! that follow; a text that can be read in two ways, or names another currency, is no price.

use connector_core::model::{Currency, Money};

/// How many letters stand on one side of a price at the most: `USD`, `kr`, `Kčs`.
const MOST_LETTERS: usize = 4;

/// The price that a text says, in this currency.
pub(super) fn price(text: &str, currency: Currency) -> Option<Money> {
    let is_digit = |letter: char| letter.is_ascii_digit();
    let begin = text.find(is_digit)?;
    let end = text.rfind(is_digit)? + 1;
    let (before, after) = (text.get(..begin)?, text.get(end..)?);
    let names_another = |part: &str| {
        let mut words = part.split(|letter: char| !letter.is_ascii_uppercase());
        words.any(|word| Currency::from_code(word).is_ok_and(|named| named != currency))
    };
    // A sign or a code may stand beside a price; more than that is a sentence with a number in it.
    let letters = |part: &str| part.chars().filter(|letter| letter.is_alphabetic()).count();
    if letters(before).max(letters(after)) > MOST_LETTERS {
        return None;
    }
    if before.contains(['-', '−']) || names_another(before) || names_another(after) {
        return None;
    }
    // Spaces and apostrophes stand between thousands and nowhere else.
    let part = text.get(begin..end)?.chars();
    let number: String = part
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '\'' | '’'))
        .collect();
    let (whole, fraction) = parts(&number, currency.exponent())?;
    let minor = usize::try_from(currency.exponent()).ok()?;
    let beyond = fraction.get(minor..).unwrap_or_default();
    if beyond.bytes().any(|digit| digit != b'0') {
        return None;
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    Money::from_decimal(&format!("{whole}.{fraction}"), currency).ok()
}

/// A number's whole part, with what stands between its thousands, and the rest.
fn parts(number: &str, exponent: u32) -> Option<(&str, &str)> {
    let (whole, fraction) = match number.rfind(['.', ',']) {
        Some(at) if parts_the_rest(number, at, exponent) => {
            (number.get(..at)?, number.get(at + 1..)?)
        }
        _ => (number, ""),
    };
    let mut between = whole.chars().filter(|letter| !letter.is_ascii_digit());
    let sign = between.next();
    let one_sign = between.all(|other| Some(other) == sign);
    let same_as_last = !fraction.is_empty() && sign.is_some() && sign == sign_after(number, whole);
    let mut groups = whole.split(['.', ',']).rev();
    // Thousands have three digits; in India those before them have two.
    let in_groups = sign.is_none()
        || (groups.next().is_some_and(|last| last.len() == 3)
            && groups.all(|group| (1..=3).contains(&group.len())));
    let plain = whole
        .chars()
        .chain(fraction.chars())
        .all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ','));
    let is_number =
        one_sign && !same_as_last && in_groups && plain && !fraction.contains(['.', ',']);
    is_number.then_some((whole, fraction))
}

/// Whether the last sign of a number parts the whole from the rest, by what else is in it and how many
/// digits follow.
fn parts_the_rest(number: &str, at: usize, exponent: u32) -> bool {
    let follow = number.len() - at - 1;
    let before = number.get(..at).unwrap_or_default();
    let last = number.get(at..=at).unwrap_or_default();
    if before.contains(['.', ',']) {
        // Two signs of one kind stand between thousands; the last of two kinds doesn't.
        return !before.contains(last);
    }
    follow != 3 || exponent == 3
}

/// What stands between the whole part and the rest.
fn sign_after(number: &str, whole: &str) -> Option<char> {
    number.get(whole.len()..)?.chars().next()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn minor(text: &str, currency: &str) -> Option<i64> {
        price(text, currency.parse().unwrap()).map(|price| price.minor)
    }

    #[test]
    fn prices_are_read_however_they_are_written() {
        for (text, currency, expected) in [
            ("$10.00", "USD", 1_000),
            ("€9.90", "EUR", 990),
            ("9,90 €", "EUR", 990),
            ("9.9 EUR", "EUR", 990),
            ("€1,234.50", "EUR", 123_450),
            ("1.234,50 €", "EUR", 123_450),
            ("1 234,50 kr", "DKK", 123_450),
            ("CHF 1’234.50", "CHF", 123_450),
            ("€1.234", "EUR", 123_400),
            ("₹1,00,000.00", "INR", 10_000_000),
            ("¥3,500", "JPY", 3_500),
            ("¥500", "JPY", 500),
            ("¥500.00", "JPY", 500),
            ("1,234,567 円", "JPY", 1_234_567),
            ("1.500 KWD", "KWD", 1_500),
            ("$0.00", "USD", 0),
        ] {
            assert_eq!(minor(text, currency), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_price_or_could_be_two_is_none() {
        for (text, currency) in [
            ("", "USD"),
            ("free", "USD"),
            ("-$5.00", "USD"),
            ("2 for $10", "USD"),
            ("9.90 USD", "EUR"),
            ("¥9.90", "JPY"),
            ("1.234.56", "USD"),
            ("12,34,5", "USD"),
            ("1,2.345", "USD"),
        ] {
            assert_eq!(minor(text, currency), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,20}") {
            let price = minor(&text, "EUR");
            prop_assert!(price.is_none_or(|minor| minor >= 0));
        }

        #[test]
        fn what_is_written_with_thousands_reads_back(cents in 0_i64..1_000_000_000) {
            let (whole, rest) = (cents / 100, cents % 100);
            let digits = whole.to_string();
            let grouped: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap()).collect();
            prop_assert_eq!(minor(&format!("${}.{rest:02}", grouped.join(",")), "USD"), Some(cents));
            prop_assert_eq!(minor(&format!("{},{rest:02} €", grouped.join(".")), "EUR"), Some(cents));
        }
    }
}
