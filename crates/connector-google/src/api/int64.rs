//! 64-bit integers, which Google writes as text.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};

/// A whole number of 64 bits, read from text or from a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int64(pub i64);

impl<'de> Deserialize<'de> for Int64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;

        impl Visitor<'_> for Read {
            type Value = Int64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, as text or as a number")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Int64, E> {
                text.trim()
                    .parse()
                    .map(Int64)
                    .map_err(|_cause| E::custom("this is no whole number of 64 bits"))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Int64, E> {
                Ok(Int64(number))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Int64, E> {
                i64::try_from(number)
                    .map(Int64)
                    .map_err(|_cause| E::custom("this is no whole number of 64 bits"))
            }
        }

        deserializer.deserialize_any(Read)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn both_forms_are_read(number in any::<i64>()) {
            let text: Int64 = serde_json::from_str(&format!("\"{number}\"")).unwrap();
            let bare: Int64 = serde_json::from_str(&number.to_string()).unwrap();
            prop_assert_eq!((text.0, bare.0), (number, number));
        }

        #[test]
        fn nothing_else_is(text in "[^0-9]{0,6}") {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert!(serde_json::from_str::<Int64>(&json).is_err());
        }
    }
}
