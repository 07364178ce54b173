//! What prices are about: one item in one size and condition. Alias has no id for it, so it gets one here,
//! and is read back from it.

use std::fmt;

use super::size;
use crate::api::{PackagingCondition, ProductCondition};

/// What stands in an id for a condition that alias doesn't tell.
const ANY: &str = "any";

/// One item in one size and condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kind {
    /// The item.
    pub(crate) catalog_id: String,
    /// The US size.
    pub(crate) size: f64,
    /// The item's condition, in alias's short word.
    pub(crate) condition: String,
    /// The box's condition, in alias's short word.
    pub(crate) packaging: String,
}

impl Kind {
    /// A kind whose conditions alias may not have told.
    pub(crate) fn new(
        catalog_id: &str,
        size: f64,
        condition: Option<&str>,
        packaging: Option<&str>,
    ) -> Self {
        Self {
            catalog_id: catalog_id.to_owned(),
            size,
            condition: condition.unwrap_or(ANY).to_owned(),
            packaging: packaging.unwrap_or(ANY).to_owned(),
        }
    }

    /// Reads an id back; `None` for what can't be one.
    pub(crate) fn parse(id: &str) -> Option<Self> {
        let mut parts = id.rsplitn(4, '/');
        let (packaging, condition) = (parts.next()?, parts.next()?);
        let size: f64 = parts.next()?.parse().ok()?;
        let catalog_id = parts.next()?;
        let is_whole = [catalog_id, condition, packaging]
            .iter()
            .all(|part| !part.is_empty());
        (is_whole && (0.0..10_000.0).contains(&size))
            .then(|| Self::new(catalog_id, size, Some(condition), Some(packaging)))
    }

    /// Whether alias tells both conditions.
    pub(crate) fn is_told(&self) -> bool {
        self.condition != ANY && self.packaging != ANY
    }

    /// As pricing has it.
    pub(crate) fn product_condition(&self) -> ProductCondition {
        format!("PRODUCT_CONDITION_{}", self.condition.to_ascii_uppercase()).into()
    }

    /// As pricing has it.
    pub(crate) fn packaging_condition(&self) -> PackagingCondition {
        format!(
            "PACKAGING_CONDITION_{}",
            self.packaging.to_ascii_uppercase()
        )
        .into()
    }
}

/// Its id: `catalog_id/size/condition/packaging`.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            catalog_id,
            condition,
            packaging,
            ..
        } = self;
        write!(
            f,
            "{catalog_id}/{}/{condition}/{packaging}",
            size(self.size)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back() {
        for id in [
            "shoe-1/7.5/new/good_condition",
            "shoe-1/0/any/any",
            "odd/shoe/10/used/missing_lid",
        ] {
            assert_eq!(Kind::parse(id).unwrap().to_string(), id);
        }
        let odd = Kind::parse("odd/shoe/10/used/missing_lid").unwrap();
        assert_eq!((odd.catalog_id.as_str(), odd.size), ("odd/shoe", 10.0));
        let words = (odd.product_condition(), odd.packaging_condition());
        assert_eq!(
            words,
            (ProductCondition::USED, PackagingCondition::MISSING_LID)
        );
    }

    #[test]
    fn what_can_be_no_id_is_none() {
        for id in [
            "",
            "shoe-1",
            "shoe-1/7.5",
            "shoe-1/7.5/new",
            "shoe-1/wide/new/good_condition",
            "shoe-1/NaN/new/good_condition",
            "shoe-1/-1/new/good_condition",
            "/7.5/new/good_condition",
            "shoe-1/7.5//good_condition",
            "shoe-1/7.5/new/",
        ] {
            assert_eq!(Kind::parse(id), None, "{id}");
        }
    }

    #[test]
    fn a_kind_is_told_by_both_conditions() {
        let is_told = |id: &str| Kind::parse(id).unwrap().is_told();
        assert!(is_told("shoe-1/7.5/new/good_condition"));
        for id in ["shoe-1/7.5/any/good_condition", "shoe-1/7.5/new/any"] {
            assert!(!is_told(id), "{id}");
        }
    }
}
