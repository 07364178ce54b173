//! The one list of emulated platforms. A new platform is its module and a line here.

use crate::alias::Alias;
use crate::platform::Platform;
use crate::shopify::Shopify;

/// One of each, without data.
pub(crate) fn all() -> Vec<Box<dyn Platform>> {
    vec![Box::<Alias>::default(), Box::<Shopify>::default()]
}
