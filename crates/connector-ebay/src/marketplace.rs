//! eBay's sites: their ids, the language that each is written in, and where buyers see a listing.
//!
//! Source: eBay's table of marketplace ids and locales. The ids of the Nordic countries are in the
//! contracts' enumerations and reserved for the future, so they are left out.

use std::fmt;

use connector_core::{Error, Result};
use serde::{Deserialize, Serialize};

/// Id, locale, and the address of the site.
const SITES: [(&str, &str, &str); 17] = [
    ("EBAY_US", "en-US", "www.ebay.com"),
    ("EBAY_MOTORS_US", "en-US", "www.ebay.com"),
    ("EBAY_GB", "en-GB", "www.ebay.co.uk"),
    ("EBAY_DE", "de-DE", "www.ebay.de"),
    ("EBAY_FR", "fr-FR", "www.ebay.fr"),
    ("EBAY_IT", "it-IT", "www.ebay.it"),
    ("EBAY_ES", "es-ES", "www.ebay.es"),
    ("EBAY_AT", "de-AT", "www.ebay.at"),
    ("EBAY_CH", "de-CH", "www.ebay.ch"),
    ("EBAY_BE", "nl-BE", "www.benl.ebay.be"),
    ("EBAY_NL", "nl-NL", "www.ebay.nl"),
    ("EBAY_PL", "pl-PL", "www.ebay.pl"),
    ("EBAY_IE", "en-IE", "www.ebay.ie"),
    ("EBAY_CA", "en-CA", "www.ebay.ca"),
    ("EBAY_AU", "en-AU", "www.ebay.com.au"),
    ("EBAY_HK", "zh-HK", "www.ebay.com.hk"),
    ("EBAY_SG", "en-SG", "www.ebay.com.sg"),
];

/// The sites that have traffic reports (Analytics API, `getTrafficReport`).
const WITH_TRAFFIC: [&str; 8] = [
    "EBAY_AU",
    "EBAY_DE",
    "EBAY_ES",
    "EBAY_FR",
    "EBAY_GB",
    "EBAY_IT",
    "EBAY_US",
    "EBAY_MOTORS_US",
];

/// One of eBay's sites: `EBAY_GB`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct Marketplace(&'static (&'static str, &'static str, &'static str));

impl Marketplace {
    /// What a person typed, in either case, with or without the `EBAY_` in front: `gb`.
    ///
    /// # Errors
    /// [`InputInvalid`](connector_core::ErrorKind::InputInvalid) naming `field` for what is none of
    /// eBay's sites.
    pub fn from_input(field: &'static str, typed: &str) -> Result<Self> {
        let upper = typed.trim().to_ascii_uppercase();
        Self::known(&upper)
            .or_else(|| Self::known(&format!("EBAY_{upper}")))
            .ok_or_else(|| {
                Error::input(
                    field,
                    "this is none of eBay's sites: they are called EBAY_US, EBAY_GB, EBAY_DE and so on",
                )
            })
    }

    /// The site with this id; `None` for one that isn't known here.
    #[must_use]
    pub fn known(id: &str) -> Option<Self> {
        SITES.iter().find(|(known, _, _)| *known == id).map(Self)
    }

    /// `EBAY_GB`.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.0.0
    }

    /// The site's language, as headers name it: `en-GB`.
    #[must_use]
    pub fn locale(self) -> &'static str {
        self.0.1
    }

    /// Where a buyer sees a listing.
    #[must_use]
    pub fn listing_url(self, listing_id: &str) -> String {
        format!("https://{}/itm/{listing_id}", self.0.2)
    }

    /// Whether eBay reports the traffic of this site.
    #[must_use]
    pub fn has_traffic(self) -> bool {
        WITH_TRAFFIC.contains(&self.id())
    }
}

impl fmt::Debug for Marketplace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl fmt::Display for Marketplace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl TryFrom<String> for Marketplace {
    type Error = &'static str;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        Self::known(&id).ok_or("this is none of eBay's sites")
    }
}

impl From<Marketplace> for &'static str {
    fn from(marketplace: Marketplace) -> Self {
        marketplace.id()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_known_by_its_id_however_it_is_typed() {
        for typed in ["EBAY_GB", " ebay_gb ", "gb"] {
            let site = Marketplace::from_input("marketplace", typed).unwrap();
            assert_eq!((site.id(), site.locale()), ("EBAY_GB", "en-GB"));
        }
        for typed in ["", "EBAY_SE", "Germany"] {
            let error = Marketplace::from_input("marketplace", typed).unwrap_err();
            assert_eq!(error.field(), Some("marketplace"), "{typed}");
        }
    }

    #[test]
    fn ids_are_what_is_stored() {
        let site = Marketplace::known("EBAY_DE").unwrap();
        let json = serde_json::to_string(&site).unwrap();
        assert_eq!(json, "\"EBAY_DE\"");
        assert_eq!(serde_json::from_str::<Marketplace>(&json).unwrap(), site);
        assert!(serde_json::from_str::<Marketplace>("\"EBAY_MOON\"").is_err());
        assert_eq!(site.listing_url("1"), "https://www.ebay.de/itm/1");
        assert!(site.has_traffic() && !Marketplace::known("EBAY_PL").unwrap().has_traffic());
    }
}
