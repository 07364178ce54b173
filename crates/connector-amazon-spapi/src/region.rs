//! Where a selling partner's data is: a region, and whether it is the real thing or Amazon's sandbox.
//!
//! Source: developer-docs.amazon.com, "SP-API Endpoints" and "The Selling Partner API sandbox".

use std::fmt;
use std::str::FromStr;

use connector_core::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::marketplace;

/// One of the three parts into which Amazon divides the world. A grant is good in one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// Canada, the United States, Mexico and Brazil.
    NorthAmerica,
    /// Europe, the Middle East, India, Egypt and South Africa.
    Europe,
    /// Singapore, Australia and Japan.
    FarEast,
}

impl Region {
    /// Every region.
    pub const ALL: [Self; 3] = [Self::NorthAmerica, Self::Europe, Self::FarEast];

    /// Amazon's short name for it: `na`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NorthAmerica => "na",
            Self::Europe => "eu",
            Self::FarEast => "fe",
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Region {
    type Err = Error;

    /// Reads what a person types: `na`, `EU`, or anything that names a marketplace.
    ///
    /// # Errors
    /// [`InputInvalid`](connector_core::ErrorKind::InputInvalid) on the field `region`.
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|region| region.code().eq_ignore_ascii_case(text))
            .or_else(|| marketplace::find(text).map(|found| found.region))
            .ok_or_else(|| Error::input("region", "a region is na, eu or fe"))
    }
}

/// Whether calls reach the account, or Amazon's own static sandbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// The account.
    #[default]
    Production,
    /// Fixed answers to fixed questions, with the account's own tokens.
    Sandbox,
}

impl FromStr for Environment {
    type Err = Error;

    /// Reads what a person types.
    ///
    /// # Errors
    /// [`InputInvalid`](connector_core::ErrorKind::InputInvalid) on the field `environment`.
    fn from_str(text: &str) -> Result<Self> {
        match text.to_ascii_lowercase().as_str() {
            "production" => Ok(Self::Production),
            "sandbox" => Ok(Self::Sandbox),
            _ => Err(Error::input(
                "environment",
                "an environment is production or sandbox",
            )),
        }
    }
}

/// Where calls go: one host per region and environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Server {
    /// The region.
    pub region: Region,
    /// The environment.
    pub environment: Environment,
}

impl Server {
    /// The server of a region and an environment.
    #[must_use]
    pub const fn new(region: Region, environment: Environment) -> Self {
        Self {
            region,
            environment,
        }
    }

    /// Its host.
    #[must_use]
    pub const fn host(self) -> &'static str {
        match (self.environment, self.region) {
            (Environment::Production, Region::NorthAmerica) => "sellingpartnerapi-na.amazon.com",
            (Environment::Production, Region::Europe) => "sellingpartnerapi-eu.amazon.com",
            (Environment::Production, Region::FarEast) => "sellingpartnerapi-fe.amazon.com",
            (Environment::Sandbox, Region::NorthAmerica) => {
                "sandbox.sellingpartnerapi-na.amazon.com"
            }
            (Environment::Sandbox, Region::Europe) => "sandbox.sellingpartnerapi-eu.amazon.com",
            (Environment::Sandbox, Region::FarEast) => "sandbox.sellingpartnerapi-fe.amazon.com",
        }
    }

    /// The server of the same region in production: where restricted data tokens are made, for the
    /// sandbox too.
    #[must_use]
    pub const fn production(self) -> Self {
        Self::new(self.region, Environment::Production)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_named_by_its_code_or_by_a_marketplace() {
        for (text, region) in [
            ("na", Region::NorthAmerica),
            ("EU", Region::Europe),
            ("JP", Region::FarEast),
            ("A1PA6795UKMFR9", Region::Europe),
            ("uk", Region::Europe),
        ] {
            assert_eq!(text.parse::<Region>().unwrap(), region, "{text}");
        }
        let error = "mars".parse::<Region>().unwrap_err();
        assert_eq!(error.field(), Some("region"));
    }

    #[test]
    fn an_environment_is_one_of_two() {
        assert_eq!(
            "Sandbox".parse::<Environment>().unwrap(),
            Environment::Sandbox
        );
        let error = "staging".parse::<Environment>().unwrap_err();
        assert_eq!(error.field(), Some("environment"));
    }

    #[test]
    fn every_server_has_a_host_of_its_own() {
        let servers = Region::ALL.into_iter().flat_map(|region| {
            [Environment::Production, Environment::Sandbox]
                .map(|environment| Server::new(region, environment))
        });
        let hosts: std::collections::BTreeSet<_> = servers.map(Server::host).collect();
        assert_eq!(hosts.len(), 6);
        assert!(hosts.iter().all(|host| host.ends_with(".amazon.com")));
    }
}
