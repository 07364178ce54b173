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
    /// Amazon: the application of Login with Amazon.
    #[cfg(feature = "amazon-spapi")]
    #[serde(alias = "amazon-spapi")]
    pub amazon_spapi: connector_amazon_spapi::Config,
    /// eBay: the keysets of the developer portal.
    #[cfg(feature = "ebay")]
    pub ebay: connector_ebay::Config,
    /// Google: the OAuth client of a Google Cloud project.
    #[cfg(feature = "google")]
    pub google: connector_google::Config,
    /// Meta: the app at developers.facebook.com.
    #[cfg(feature = "meta")]
    pub meta: connector_meta::Config,
    /// Pinterest: the app at developers.pinterest.com.
    #[cfg(feature = "pinterest")]
    pub pinterest: connector_pinterest::Config,
    /// Shopify: the app for OAuth and webhooks.
    #[cfg(feature = "shopify")]
    pub shopify: connector_shopify::Config,
}

/// Every platform that was built in.
#[must_use]
#[cfg_attr(
    not(any(
        feature = "amazon-spapi",
        feature = "ebay",
        feature = "google",
        feature = "meta",
        feature = "pinterest",
        feature = "shopify"
    )),
    expect(
        unused_variables,
        reason = "no platform that was built in has anything to configure"
    )
)]
pub fn builtin(config: &Config) -> Registry {
    let registry = Registry::default();
    #[cfg(feature = "alias")]
    let registry = registry.with(connector_alias::Alias);
    #[cfg(feature = "amazon-spapi")]
    let registry = registry.with(connector_amazon_spapi::AmazonSpapi::new(
        config.amazon_spapi.clone(),
    ));
    #[cfg(feature = "ebay")]
    let registry = registry.with(connector_ebay::Ebay::new(config.ebay.clone()));
    #[cfg(feature = "google")]
    let registry = registry.with(connector_google::Google::new(config.google.clone()));
    #[cfg(feature = "meta")]
    let registry = registry.with(connector_meta::Meta::new(config.meta.clone()));
    #[cfg(feature = "pinterest")]
    let registry = registry.with(connector_pinterest::Pinterest::new(
        config.pinterest.clone(),
    ));
    #[cfg(feature = "shopify")]
    let registry = registry.with(connector_shopify::Shopify::new(config.shopify.clone()));
    registry
}
