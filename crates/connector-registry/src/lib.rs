#![doc = include_str!("../README.md")]

mod sandbox_accounts;

pub use sandbox_accounts::{SandboxAccount, sandbox_accounts};

use connector_core::Registry;
use serde::Deserialize;

/// What an operator configures, a section per platform. A section that is left out is as by default.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// Shopify: the app for OAuth and webhooks.
    #[cfg(feature = "shopify")]
    pub shopify: connector_shopify::Config,
}

/// Every platform that was built in.
#[must_use]
#[cfg_attr(
    not(feature = "shopify"),
    expect(
        unused_variables,
        reason = "no platform that was built in has anything to configure"
    )
)]
pub fn builtin(config: &Config) -> Registry {
    let registry = Registry::default();
    #[cfg(feature = "alias")]
    let registry = registry.with(connector_alias::Alias);
    #[cfg(feature = "shopify")]
    let registry = registry.with(connector_shopify::Shopify::new(config.shopify.clone()));
    registry
}
