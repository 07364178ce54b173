//! eBay's two worlds: production, and its own sandbox, with keysets and tokens that the other refuses.
//!
//! Source: the servers in eBay's contracts, and the copies of its OAuth guide; the sandbox's hosts are
//! the same names with `.sandbox` in them.

use connector_core::{Error, Result};
use serde::{Deserialize, Serialize};

/// Where an account lives.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// `ebay.com`.
    #[default]
    Production,
    /// `sandbox.ebay.com`: eBay's own place to try things out.
    Sandbox,
}

impl Environment {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Production, Self::Sandbox];

    /// What a person typed: `production` or `sandbox`, and production where nothing was typed.
    ///
    /// # Errors
    /// [`InputInvalid`](connector_core::ErrorKind::InputInvalid) for anything else.
    pub fn from_input(typed: Option<&str>) -> Result<Self> {
        match typed.map(str::trim).unwrap_or_default() {
            "" => Ok(Self::Production),
            word if word.eq_ignore_ascii_case("production") => Ok(Self::Production),
            word if word.eq_ignore_ascii_case("sandbox") => Ok(Self::Sandbox),
            _ => Err(Error::input(
                "environment",
                "the environment is production or sandbox",
            )),
        }
    }

    /// The address of one of eBay's servers: `https://api.ebay.com`.
    #[must_use]
    pub const fn root(self, server: Server) -> &'static str {
        match (self, server) {
            (Self::Production, Server::Auth) => "https://auth.ebay.com",
            (Self::Production, Server::Api) => "https://api.ebay.com",
            (Self::Production, Server::Apiz) => "https://apiz.ebay.com",
            (Self::Sandbox, Server::Auth) => "https://auth.sandbox.ebay.com",
            (Self::Sandbox, Server::Api) => "https://api.sandbox.ebay.com",
            (Self::Sandbox, Server::Apiz) => "https://apiz.sandbox.ebay.com",
        }
    }
}

/// One of eBay's servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// The consent page.
    Auth,
    /// Tokens, stock, orders, traffic, notifications.
    Api,
    /// Identity, money, keys.
    Apiz,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_is_one_of_two_and_production_unless_said() {
        for (typed, environment) in [
            (None, Environment::Production),
            (Some("  "), Environment::Production),
            (Some("Production"), Environment::Production),
            (Some(" sandbox "), Environment::Sandbox),
        ] {
            assert_eq!(Environment::from_input(typed).unwrap(), environment);
        }
        let error = Environment::from_input(Some("staging")).unwrap_err();
        assert_eq!(error.field(), Some("environment"));
    }

    #[test]
    fn no_server_of_one_environment_is_one_of_the_other() {
        for server in [Server::Auth, Server::Api, Server::Apiz] {
            let [one, other] = Environment::ALL.map(|environment| environment.root(server));
            assert_ne!(one, other);
        }
    }
}
