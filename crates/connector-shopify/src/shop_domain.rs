//! A shop's permanent domain, and nothing else.
//!
//! Requests with a credential go to `https://{domain}`, so what a person types and what a callback
//! says must not be able to name another host.

use std::fmt;

use connector_core::{Error, Result};
use serde::{Deserialize, Serialize};

const SUFFIX: &str = ".myshopify.com";

/// The longest label that DNS allows (RFC 1035, 2.3.4).
const LONGEST_LABEL: usize = 63;

/// A shop's permanent domain: `NAME.myshopify.com`, lower case.
///
/// ```
/// use connector_shopify::ShopDomain;
///
/// let shop = ShopDomain::from_input("https://admin.shopify.com/store/Black-Tees/orders")?;
/// assert_eq!(shop.as_str(), "black-tees.myshopify.com");
/// # Ok::<(), connector_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShopDomain(String);

impl ShopDomain {
    /// The domain exactly as Shopify writes it, in either case.
    ///
    /// # Errors
    /// [`InputInvalid`](connector_core::ErrorKind::InputInvalid) for the field `shop` when it is
    /// anything but one label of letters, digits, `-` and `_`, followed by `.myshopify.com`.
    pub fn parse(domain: &str) -> Result<Self> {
        let lower = domain.to_ascii_lowercase();
        match lower.strip_suffix(SUFFIX) {
            Some(name) if is_label(name) => Ok(Self(lower)),
            _ => Err(Error::input(
                "shop",
                "this is not the domain of a shop: it should look like NAME.myshopify.com",
            )),
        }
    }

    /// What a person may type: the name alone, the domain, an address in the shop, or the address
    /// of its admin (`admin.shopify.com/store/NAME`).
    ///
    /// # Errors
    /// As [`ShopDomain::parse`].
    pub fn from_input(typed: &str) -> Result<Self> {
        let typed = typed.trim();
        let rest = typed
            .strip_prefix("https://")
            .or_else(|| typed.strip_prefix("http://"))
            .unwrap_or(typed);
        let rest = rest
            .strip_prefix("admin.shopify.com/store/")
            .unwrap_or(rest);
        let name = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if name.contains('.') {
            Self::parse(name)
        } else {
            Self::parse(&format!("{name}{SUFFIX}"))
        }
    }

    /// The domain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_label(name: &str) -> bool {
    name.len() <= LONGEST_LABEL
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

impl fmt::Debug for ShopDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ShopDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ShopDomain {
    type Error = Error;

    fn try_from(domain: String) -> Result<Self> {
        Self::parse(&domain)
    }
}

impl From<ShopDomain> for String {
    fn from(shop: ShopDomain) -> Self {
        shop.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_type_is_understood() {
        for typed in [
            "black-tees",
            " Black-Tees ",
            "black-tees.myshopify.com",
            "BLACK-TEES.MYSHOPIFY.COM",
            "https://black-tees.myshopify.com",
            "https://black-tees.myshopify.com/admin/products?x=1",
            "http://black-tees.myshopify.com/",
            "admin.shopify.com/store/black-tees",
            "https://admin.shopify.com/store/black-tees/settings",
        ] {
            let shop = ShopDomain::from_input(typed).unwrap();
            assert_eq!(shop.as_str(), "black-tees.myshopify.com", "{typed}");
        }
        assert!(ShopDomain::parse("dev-shop-.myshopify.com").is_ok());
    }

    #[test]
    fn what_could_name_another_host_is_refused() {
        for typed in [
            "",
            "store.myshopify.com.evil.com",
            "/foo/bar",
            "%0a123.myshopify.io ",
            "foo.bar.myshopify.io",
            "foo.bar.myshopify.com",
            "myshopify.com",
            ".myshopify.com",
            "two words",
            "-invalid.myshopify.com",
            "shop.myshopify.io",
            "shop.shopify.com",
            "user@evil.com",
            "evil.com#.myshopify.com",
            "evil.com/.myshopify.com",
            "evil.com\\.myshopify.com",
            "shop.myshopify.com:8443",
            "shop\n.myshopify.com",
            "ſhop.myshopify.com",
            "https://https://shop.myshopify.com",
        ] {
            let error = ShopDomain::from_input(typed).unwrap_err();
            assert_eq!(error.field(), Some("shop"), "{typed}");
        }
        assert!(ShopDomain::parse("black-tees").is_err());
        assert!(ShopDomain::parse(&format!("{}.myshopify.com", "a".repeat(64))).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_a_host_of_shopify(typed in "\\PC*|[a-z0-9./:@#?%-]{0,30}(\\.myshopify\\.com)?[/.:a-z]{0,9}") {
            if let Ok(shop) = ShopDomain::from_input(&typed) {
                let url = url::Url::parse(&format!("https://{shop}/admin")).unwrap();
                prop_assert_eq!(url.host_str(), Some(shop.as_str()));
                prop_assert!(shop.as_str().ends_with(".myshopify.com"));
                prop_assert_eq!(shop.as_str().matches('.').count(), 2);
            }
        }
    }
}
