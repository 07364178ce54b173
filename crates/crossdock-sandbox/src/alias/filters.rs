//! The filters of a search for listings.

use super::listing::Listing;
use super::listings::is_shown;
use super::params::Params;
use super::size::Size;
use super::status::{Outcome, Refusal};

/// All filters of one search; a listing must pass every one.
#[derive(Debug)]
pub(super) struct Filters {
    facets: Vec<Facet>,
    bounds: Vec<(Field, Ordering, i64)>,
}

#[derive(Debug)]
enum Facet {
    Status(String),
    Consigned(bool),
    Metadata(String, String),
}

#[derive(Clone, Copy, Debug)]
enum Field {
    Price,
    Size,
}

/// What `>=` and its kind let pass: what is less, equal, greater.
type Ordering = (bool, bool, bool);

const OPERATORS: &[(&str, Ordering)] = &[
    ("<=", (true, true, false)),
    (">=", (false, true, true)),
    ("<", (true, false, false)),
    (">", (false, false, true)),
    ("=", (false, true, false)),
];

impl Filters {
    /// Reads `facet_filters` (`status:active`, `consigned:false`, `metadata:key=value`) and
    /// `numeric_filters` (`price_cents<10000`, `size=7.5`). Spaces around the signs do not count.
    pub(super) fn read(params: Params<'_>) -> Outcome<Self> {
        let facet = |text: &&str| {
            facet(text).ok_or_else(|| Refusal::invalid("facet_filters", "not a known facet"))
        };
        let bound = |text: &&str| {
            bound(text).ok_or_else(|| Refusal::invalid("numeric_filters", "not a known comparison"))
        };
        Ok(Self {
            facets: params
                .list("facet_filters")
                .iter()
                .map(facet)
                .collect::<Outcome<_>>()?,
            bounds: params
                .list("numeric_filters")
                .iter()
                .map(bound)
                .collect::<Outcome<_>>()?,
        })
    }

    /// Whether a listing passes. Deleted ones pass only where the status is asked for.
    pub(super) fn take(&self, listing: &Listing) -> bool {
        let any_status = !self
            .facets
            .iter()
            .any(|facet| matches!(facet, Facet::Status(_)));
        (!any_status || is_shown(listing))
            && self.facets.iter().all(|facet| match facet {
                Facet::Status(status) => listing.status.facet() == status,
                Facet::Consigned(consigned) => !consigned,
                Facet::Metadata(key, value) => listing.offer.metadata.get(key) == Some(value),
            })
            && self
                .bounds
                .iter()
                .all(|(field, (less, equal, greater), bound)| {
                    let value = match field {
                        Field::Price => listing.offer.price_cents,
                        Field::Size => i64::from(listing.offer.size.hundredths()),
                    };
                    match value.cmp(bound) {
                        std::cmp::Ordering::Less => *less,
                        std::cmp::Ordering::Equal => *equal,
                        std::cmp::Ordering::Greater => *greater,
                    }
                })
    }
}

fn facet(text: &str) -> Option<Facet> {
    let (name, value) = text.split_once(':')?;
    let value = value.trim();
    match name.trim() {
        "status" => {
            let known = ["active", "inactive", "pending", "sold", "deleted"];
            known
                .contains(&value)
                .then(|| Facet::Status(value.to_owned()))
        }
        "consigned" => value.parse().ok().map(Facet::Consigned),
        "metadata" => {
            let (key, value) = value.split_once('=')?;
            Some(Facet::Metadata(
                key.trim().to_owned(),
                value.trim().to_owned(),
            ))
        }
        _ => None,
    }
}

fn bound(text: &str) -> Option<(Field, Ordering, i64)> {
    let (sign, ordering) = OPERATORS.iter().find(|(sign, _)| text.contains(sign))?;
    let (field, value) = text.split_once(sign)?;
    let value = value.trim();
    match field.trim() {
        "price_cents" => Some((Field::Price, *ordering, value.parse().ok()?)),
        "size" => Some((
            Field::Size,
            *ordering,
            i64::from(Size::parse(value)?.hundredths()),
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_are_read_with_and_without_spaces() {
        let read = |text| bound(text).map(|(_, ordering, value)| (ordering, value));
        assert_eq!(
            read("price_cents<10000"),
            Some(((true, false, false), 10_000))
        );
        assert_eq!(
            read("price_cents >= 1000"),
            Some(((false, true, true), 1_000))
        );
        assert_eq!(read("size = 7.5"), Some(((false, true, false), 750)));
        for wrong in ["price_cents", "color=1", "price_cents=x", "size<x", ""] {
            assert!(bound(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn facets_are_read_with_and_without_spaces() {
        assert!(
            matches!(facet("status: active"), Some(Facet::Status(status)) if status == "active")
        );
        assert!(matches!(
            facet("consigned:false"),
            Some(Facet::Consigned(false))
        ));
        assert!(matches!(
            facet("metadata: ext_tag = 1:2"),
            Some(Facet::Metadata(key, value)) if key == "ext_tag" && value == "1:2"
        ));
        for wrong in [
            "status:ACTIVE",
            "status",
            "metadata:x",
            "brand:nike",
            "consigned:1",
        ] {
            assert!(facet(wrong).is_none(), "{wrong}");
        }
    }
}
