//! Amazon's marketplaces: their ids, currency and region, and where a seller of each consents.
//!
//! Source: developer-docs.amazon.com, "Marketplace IDs" and "Seller Central URLs", read in November
//! 2026. Seller Central of Ireland and South Africa are from the list of another integrator, as
//! Amazon's own list that could be read is older than these two.

use crate::region::Region;

/// One marketplace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marketplace {
    /// The country, ISO 3166-1 alpha-2: `GB`.
    pub country: &'static str,
    /// Amazon's id: `ATVPDKIKX0DER`.
    pub id: &'static str,
    /// The currency of its prices, ISO 4217.
    pub currency: &'static str,
    /// The region that it is part of.
    pub region: Region,
    /// The host of its Seller Central.
    pub seller_central: &'static str,
}

const EUROPE: &str = "sellercentral-europe.amazon.com";

const fn marketplace(
    country: &'static str,
    id: &'static str,
    currency: &'static str,
    region: Region,
    seller_central: &'static str,
) -> Marketplace {
    Marketplace {
        country,
        id,
        currency,
        region,
        seller_central,
    }
}

/// Every marketplace, by region.
#[rustfmt::skip]
pub const MARKETPLACES: [Marketplace; 23] = [
    marketplace("US", "ATVPDKIKX0DER", "USD", Region::NorthAmerica, "sellercentral.amazon.com"),
    marketplace("CA", "A2EUQ1WTGCTBG2", "CAD", Region::NorthAmerica, "sellercentral.amazon.ca"),
    marketplace("MX", "A1AM78C64UM0Y8", "MXN", Region::NorthAmerica, "sellercentral.amazon.com.mx"),
    marketplace("BR", "A2Q3Y263D00KWC", "BRL", Region::NorthAmerica, "sellercentral.amazon.com.br"),
    marketplace("IE", "A28R8C7NBKEWEA", "EUR", Region::Europe, "sellercentral.amazon.ie"),
    marketplace("ES", "A1RKKUPIHCS9HS", "EUR", Region::Europe, EUROPE),
    marketplace("GB", "A1F83G8C2ARO7P", "GBP", Region::Europe, EUROPE),
    marketplace("FR", "A13V1IB3VIYZZH", "EUR", Region::Europe, EUROPE),
    marketplace("BE", "AMEN7PMS3EDWL", "EUR", Region::Europe, "sellercentral.amazon.com.be"),
    marketplace("NL", "A1805IZSGTT6HS", "EUR", Region::Europe, "sellercentral.amazon.nl"),
    marketplace("DE", "A1PA6795UKMFR9", "EUR", Region::Europe, EUROPE),
    marketplace("IT", "APJ6JRA9NG5V4", "EUR", Region::Europe, EUROPE),
    marketplace("SE", "A2NODRKZP88ZB9", "SEK", Region::Europe, "sellercentral.amazon.se"),
    marketplace("ZA", "AE08WJ6YKNBMC", "ZAR", Region::Europe, "sellercentral.amazon.co.za"),
    marketplace("PL", "A1C3SOZRARQ6R3", "PLN", Region::Europe, "sellercentral.amazon.pl"),
    marketplace("EG", "ARBP9OOSHTCHU", "EGP", Region::Europe, "sellercentral.amazon.eg"),
    marketplace("TR", "A33AVAJ2PDY3EV", "TRY", Region::Europe, "sellercentral.amazon.com.tr"),
    marketplace("SA", "A17E79C6D8DWNP", "SAR", Region::Europe, "sellercentral.amazon.sa"),
    marketplace("AE", "A2VIGQ35RCS4UG", "AED", Region::Europe, "sellercentral.amazon.ae"),
    marketplace("IN", "A21TJRUUN4KGV", "INR", Region::Europe, "sellercentral.amazon.in"),
    marketplace("SG", "A19VAU5U5O7RUS", "SGD", Region::FarEast, "sellercentral.amazon.sg"),
    marketplace("AU", "A39IBJ37TRP1C6", "AUD", Region::FarEast, "sellercentral.amazon.com.au"),
    marketplace("JP", "A1VC38T7YXB528", "JPY", Region::FarEast, "sellercentral.amazon.co.jp"),
];

/// The marketplace of a country or with an id, in either case. `UK` is understood too, as Amazon
/// itself writes it.
#[must_use]
pub fn find(text: &str) -> Option<&'static Marketplace> {
    let wanted = if text.eq_ignore_ascii_case("UK") {
        "GB"
    } else {
        text
    };
    MARKETPLACES.iter().find(|marketplace| {
        marketplace.country.eq_ignore_ascii_case(wanted)
            || marketplace.id.eq_ignore_ascii_case(wanted)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_and_countries_are_each_one_marketplace() {
        let ids: BTreeSet<_> = MARKETPLACES.iter().map(|found| found.id).collect();
        let countries: BTreeSet<_> = MARKETPLACES.iter().map(|found| found.country).collect();
        assert_eq!((ids.len(), countries.len()), (23, 23));
    }

    #[test]
    fn every_currency_is_one() {
        for found in MARKETPLACES {
            assert!(connector_core::model::Currency::from_code(found.currency).is_ok());
        }
    }

    #[test]
    fn a_marketplace_is_found_by_country_or_id() {
        for text in ["GB", "uk", "A1F83G8C2ARO7P", "a1f83g8c2aro7p"] {
            assert_eq!(find(text).unwrap().id, "A1F83G8C2ARO7P", "{text}");
        }
        assert_eq!(find("XX"), None);
        assert_eq!(find(""), None);
    }
}
