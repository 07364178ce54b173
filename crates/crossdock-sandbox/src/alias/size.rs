//! Shoe sizes: decimal numbers that must compare exactly, so not floating point.

use serde_json::{Number, Value};

/// A size in hundredths: 7.5 is 750.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Size(i32);

impl Size {
    /// The size that stands for all sizes together in availabilities.
    pub(super) const ANY: Self = Self(0);

    /// Reads `10`, `7.5`, `6.25`; nothing negative.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || whole.len() > 4 {
            return None;
        }
        let hundredths = fraction.trim_end_matches('0');
        if hundredths.len() > 2 {
            return None;
        }
        let hundredths: i32 = format!("{hundredths:0<2}").parse().ok()?;
        Some(Self(whole.parse::<i32>().ok()? * 100 + hundredths))
    }

    /// Reads a JSON number.
    pub(super) fn from_json(json: &Value) -> Option<Self> {
        Self::parse(&json.as_number()?.to_string())
    }

    pub(super) const fn from_hundredths(hundredths: i32) -> Self {
        Self(hundredths)
    }

    pub(super) const fn hundredths(self) -> i32 {
        self.0
    }

    /// A JSON number, whole where the size is.
    pub(super) fn to_json(self) -> Value {
        if self.0 % 100 == 0 {
            return Value::from(self.0 / 100);
        }
        Number::from_f64(f64::from(self.0) / 100.0).map_or(Value::Null, Value::Number)
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.to_json())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_survive_the_way_through_text_and_json() {
        for (text, hundredths) in [
            ("0", 0),
            ("7.5", 750),
            ("10", 1000),
            ("6.25", 625),
            ("40", 4000),
        ] {
            let size = Size::parse(text).unwrap();
            assert_eq!((size.0, size.to_string().as_str()), (hundredths, text));
            assert_eq!(Size::from_json(&size.to_json()), Some(size));
        }
        assert_eq!(Size::parse("10.0"), Size::parse("10"));
        assert_eq!(Size::parse("7.50"), Size::parse("7.5"));
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for wrong in ["", "-1", "1.234", "x", "1.", ".5", "1e3", "99999", "1.x"] {
            assert_eq!(Size::parse(wrong), None, "{wrong}");
        }
    }
}
