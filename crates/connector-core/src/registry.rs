//! The connectors that a program has: a value, not a global.

use std::collections::BTreeMap;

use crate::any::AnyConnector;
use crate::connector::Connector;
use crate::error::{Error, ErrorKind, Result};

/// A set of connectors, by their descriptor's id. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Registry(BTreeMap<&'static str, AnyConnector>);

impl Registry {
    /// The registry with one more connector. A later one replaces an earlier one of the same id.
    #[must_use]
    pub fn with(mut self, connector: impl Connector) -> Self {
        let connector = AnyConnector::new(connector);
        self.0.insert(connector.descriptor().id, connector);
        self
    }

    /// The connector with this id.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] naming those that there are.
    pub fn get(&self, id: &str) -> Result<&AnyConnector> {
        self.0.get(id).ok_or_else(|| {
            let known: Vec<&str> = self.0.keys().copied().collect();
            Error::new(ErrorKind::NotFound, "there is no such platform")
                .with("asked", id.escape_debug())
                .with("known", known.join(" "))
        })
    }

    /// All connectors, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &AnyConnector> {
        self.0.values()
    }
}
