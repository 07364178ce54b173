//! Hosts, regions and marketplaces: which account a request can be about, and in which currency.
//!
//! From the developer guide's tables of endpoints, Seller Central addresses and marketplace ids.

/// A selling region: one account of a seller, one refresh token, one endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Region {
    /// The Americas.
    NorthAmerica,
    /// Europe, with the Middle East, Africa and India.
    Europe,
    /// Japan, Australia and Singapore.
    FarEast,
}

impl Region {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::NorthAmerica, Self::Europe, Self::FarEast];

    /// As hosts spell it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::NorthAmerica => "na",
            Self::Europe => "eu",
            Self::FarEast => "fe",
        }
    }

    /// Where report documents of this region are downloaded.
    pub(super) const fn document_host(self) -> &'static str {
        match self {
            Self::NorthAmerica => "tortuga-prod-na.s3-external-1.amazonaws.com",
            Self::Europe => "tortuga-prod-eu.s3-eu-west-1.amazonaws.com",
            Self::FarEast => "tortuga-prod-fe.s3-us-west-2.amazonaws.com",
        }
    }
}

/// What a host is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// Login with Amazon: tokens of all regions.
    Login,
    /// The Selling Partner API.
    Api {
        /// Whose accounts it serves.
        region: Region,
        /// Whether it is the host of Amazon's own sandbox, which has limits of its own.
        sandbox: bool,
    },
    /// Seller Central: the consent page.
    SellerCentral(Region),
    /// Files behind addresses that expire.
    Documents(Region),
}

/// What a host is for, where it is one of Amazon's that the sandbox serves.
pub(super) fn host(name: &str) -> Option<Host> {
    if name == "api.amazon.com" {
        return Some(Host::Login);
    }
    for region in Region::ALL {
        if name == region.document_host() {
            return Some(Host::Documents(region));
        }
        let (bare, sandbox) = name
            .strip_prefix("sandbox.")
            .map_or((name, false), |bare| (bare, true));
        let word = bare
            .strip_prefix("sellingpartnerapi-")
            .and_then(|rest| rest.strip_suffix(".amazon.com"));
        if word == Some(region.word()) {
            return Some(Host::Api { region, sandbox });
        }
    }
    MARKETPLACES
        .iter()
        .find(|marketplace| marketplace.seller_central == name)
        .map(|marketplace| Host::SellerCentral(marketplace.region))
}

/// One of Amazon's stores.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marketplace {
    /// As every operation names it.
    pub(super) id: &'static str,
    /// ISO 3166.
    pub(super) country: &'static str,
    /// As orders and participations name it.
    pub(super) name: &'static str,
    /// ISO 4217.
    pub(super) currency: &'static str,
    /// As in `en_US`.
    pub(super) language: &'static str,
    /// Where its accounts are served.
    pub(super) region: Region,
    /// The host of its consent page. Those of Ireland and South Africa are not in Amazon's own list,
    /// but in those of others who integrate it.
    pub(super) seller_central: &'static str,
}

impl Marketplace {
    /// The shop's host.
    pub(super) fn domain(&self) -> String {
        format!("www.{}", self.name.to_ascii_lowercase())
    }
}

/// The marketplace with this id.
pub(super) fn marketplace(id: &str) -> Option<&'static Marketplace> {
    MARKETPLACES.iter().find(|marketplace| marketplace.id == id)
}

const EUROPEAN: &str = "sellercentral-europe.amazon.com";

/// Every marketplace.
#[rustfmt::skip]
pub(super) static MARKETPLACES: &[Marketplace] = &[
    m("ATVPDKIKX0DER", "US", "Amazon.com", "USD", "en_US", Region::NorthAmerica, "sellercentral.amazon.com"),
    m("A2EUQ1WTGCTBG2", "CA", "Amazon.ca", "CAD", "en_CA", Region::NorthAmerica, "sellercentral.amazon.ca"),
    m("A1AM78C64UM0Y8", "MX", "Amazon.com.mx", "MXN", "es_MX", Region::NorthAmerica, "sellercentral.amazon.com.mx"),
    m("A2Q3Y263D00KWC", "BR", "Amazon.com.br", "BRL", "pt_BR", Region::NorthAmerica, "sellercentral.amazon.com.br"),
    m("A28R8C7NBKEWEA", "IE", "Amazon.ie", "EUR", "en_IE", Region::Europe, "sellercentral.amazon.ie"),
    m("A1RKKUPIHCS9HS", "ES", "Amazon.es", "EUR", "es_ES", Region::Europe, EUROPEAN),
    m("A1F83G8C2ARO7P", "GB", "Amazon.co.uk", "GBP", "en_GB", Region::Europe, EUROPEAN),
    m("A13V1IB3VIYZZH", "FR", "Amazon.fr", "EUR", "fr_FR", Region::Europe, EUROPEAN),
    m("AMEN7PMS3EDWL", "BE", "Amazon.com.be", "EUR", "fr_BE", Region::Europe, "sellercentral.amazon.com.be"),
    m("A1805IZSGTT6HS", "NL", "Amazon.nl", "EUR", "nl_NL", Region::Europe, "sellercentral.amazon.nl"),
    m("A1PA6795UKMFR9", "DE", "Amazon.de", "EUR", "de_DE", Region::Europe, EUROPEAN),
    m("APJ6JRA9NG5V4", "IT", "Amazon.it", "EUR", "it_IT", Region::Europe, EUROPEAN),
    m("A2NODRKZP88ZB9", "SE", "Amazon.se", "SEK", "sv_SE", Region::Europe, "sellercentral.amazon.se"),
    m("AE08WJ6YKNBMC", "ZA", "Amazon.co.za", "ZAR", "en_ZA", Region::Europe, "sellercentral.amazon.co.za"),
    m("A1C3SOZRARQ6R3", "PL", "Amazon.pl", "PLN", "pl_PL", Region::Europe, "sellercentral.amazon.pl"),
    m("ARBP9OOSHTCHU", "EG", "Amazon.eg", "EGP", "ar_EG", Region::Europe, "sellercentral.amazon.eg"),
    m("A33AVAJ2PDY3EV", "TR", "Amazon.com.tr", "TRY", "tr_TR", Region::Europe, "sellercentral.amazon.com.tr"),
    m("A17E79C6D8DWNP", "SA", "Amazon.sa", "SAR", "ar_SA", Region::Europe, "sellercentral.amazon.sa"),
    m("A2VIGQ35RCS4UG", "AE", "Amazon.ae", "AED", "ar_AE", Region::Europe, "sellercentral.amazon.ae"),
    m("A21TJRUUN4KGV", "IN", "Amazon.in", "INR", "en_IN", Region::Europe, "sellercentral.amazon.in"),
    m("A19VAU5U5O7RUS", "SG", "Amazon.sg", "SGD", "en_SG", Region::FarEast, "sellercentral.amazon.sg"),
    m("A39IBJ37TRP1C6", "AU", "Amazon.com.au", "AUD", "en_AU", Region::FarEast, "sellercentral.amazon.com.au"),
    m("A1VC38T7YXB528", "JP", "Amazon.co.jp", "JPY", "ja_JP", Region::FarEast, "sellercentral.amazon.co.jp"),
];

/// One line of the table.
const fn m(
    id: &'static str,
    country: &'static str,
    name: &'static str,
    currency: &'static str,
    language: &'static str,
    region: Region,
    seller_central: &'static str,
) -> Marketplace {
    Marketplace {
        id,
        country,
        name,
        currency,
        language,
        region,
        seller_central,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_apart() {
        assert_eq!(host("api.amazon.com"), Some(Host::Login));
        assert_eq!(
            host("sandbox.sellingpartnerapi-fe.amazon.com"),
            Some(Host::Api {
                region: Region::FarEast,
                sandbox: true
            })
        );
        assert_eq!(
            host("sellercentral-europe.amazon.com"),
            Some(Host::SellerCentral(Region::Europe))
        );
        assert_eq!(
            host("tortuga-prod-na.s3-external-1.amazonaws.com"),
            Some(Host::Documents(Region::NorthAmerica))
        );
        for other in ["", "amazon.com", "sellingpartnerapi-xx.amazon.com"] {
            assert_eq!(host(other), None, "{other}");
        }
    }
}
