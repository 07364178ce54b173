//! Global ids: `gid://shopify/Product/632910392`.

use serde::{Deserialize, Serialize};

/// A global id as Shopify writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Gid(pub String);

impl Gid {
    /// The last part without parameters: `632910392`. It is what the REST API, webhooks and the
    /// public feed call the id, and what records are known by.
    ///
    /// ```
    /// use connector_shopify::api::Gid;
    ///
    /// let level = Gid("gid://shopify/InventoryLevel/52?inventory_item_id=7".to_owned());
    /// assert_eq!((level.kind(), level.tail()), ("InventoryLevel", "52"));
    /// assert_eq!(Gid::new("Product", "632910392").0, "gid://shopify/Product/632910392");
    /// ```
    #[must_use]
    pub fn tail(&self) -> &str {
        let last = self.0.rsplit('/').next().unwrap_or_default();
        last.split('?').next().unwrap_or_default()
    }

    /// What it is the id of: `Product`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.0.rsplit('/').nth(1).unwrap_or_default()
    }

    /// The global id of a thing of this kind.
    #[must_use]
    pub fn new(kind: &str, tail: &str) -> Self {
        Self(format!("gid://shopify/{kind}/{tail}"))
    }
}

/// A thing of which only the id was selected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ref {
    /// Its id.
    pub id: Gid,
}

impl Ref {
    /// The number of its id, as text.
    #[must_use]
    pub fn tail(&self) -> String {
        self.id.tail().to_owned()
    }
}
