//! The one list of emulated platforms. A new platform is its module and a line here.

use crate::alias::Alias;
use crate::amazon_spapi::AmazonSpApi;
use crate::ebay::Ebay;
use crate::google::Google;
use crate::meta::Meta;
use crate::pinterest::Pinterest;
use crate::platform::Platform;
use crate::shopify::Shopify;

/// One of each, without data.
pub(crate) fn all() -> Vec<Box<dyn Platform>> {
    vec![
        Box::<Alias>::default(),
        Box::<AmazonSpApi>::default(),
        Box::<Shopify>::default(),
        Box::<Ebay>::default(),
        Box::<Google>::default(),
        Box::<Meta>::default(),
        Box::<Pinterest>::default(),
    ]
}
