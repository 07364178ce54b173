//! Alias's enumerations. All are open: a word that is not known here is kept as it came.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Makes a type of one enumeration: its words as constants, any other word allowed.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $($constant:ident = $word:literal)*) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            $(
                #[doc = concat!("`", $prefix, $word, "`")]
                pub const $constant: Self = Self(Cow::Borrowed(concat!($prefix, $word)));
            )*

            /// The word as alias writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The word without what all of its kind begin with, in lower case; `None` where it
            /// is the `INVALID` that alias sends for "not set".
            #[must_use]
            pub fn short(&self) -> Option<String> {
                let word = self.0.strip_prefix($prefix).unwrap_or(&self.0);
                let is_set = !word.is_empty() && !word.ends_with("INVALID");
                is_set.then(|| word.to_ascii_lowercase())
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                Self(Cow::Owned(word))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

words! {
    /// The condition of a listing. Pricing has its own: [`ProductCondition`].
    Condition, "CONDITION_",
    NEW = "NEW" USED = "USED" NEW_WITH_DEFECTS = "NEW_WITH_DEFECTS"
}
words! {
    /// The condition that pricing asks about. Listings have their own: [`Condition`].
    ProductCondition, "PRODUCT_CONDITION_",
    NEW = "NEW" USED = "USED" NEW_WITH_DEFECTS = "NEW_WITH_DEFECTS"
}
words! {
    /// The condition of the box.
    PackagingCondition, "PACKAGING_CONDITION_",
    GOOD_CONDITION = "GOOD_CONDITION" MISSING_LID = "MISSING_LID"
    BADLY_DAMAGED = "BADLY_DAMAGED" NO_ORIGINAL_BOX = "NO_ORIGINAL_BOX"
}
words! {
    /// The system of a size.
    SizeUnit, "SIZE_UNIT_",
    US = "US" UK = "UK" IT = "IT" FR = "FR" EU = "EU" JP = "JP"
}
words! {
    /// A flaw of a listed item.
    ListingDefect, "LISTING_DEFECT_",
    HAS_ODOR = "HAS_ODOR" HAS_DISCOLORATION = "HAS_DISCOLORATION"
    HAS_MISSING_INSOLES = "HAS_MISSING_INSOLES" HAS_SCUFFS = "HAS_SCUFFS" HAS_TEARS = "HAS_TEARS"
    B_GRADE = "B_GRADE"
}
words! {
    /// What a picture shows.
    PictureType, "PICTURE_TYPE_",
    OUTER = "OUTER" INNER = "INNER" UNDER = "UNDER" TOP = "TOP" BACK = "BACK" TAG = "TAG"
    PACKAGING = "PACKAGING" SIZE_TAG = "SIZE_TAG" INTERIOR = "INTERIOR" EXTRA = "EXTRA"
}
words! {
    /// Where a listing stands. `ACTIVE` is documented, `INACTIVE` and `DELETED` were seen, `PENDING`
    /// and `SOLD` follow from the documentation's prose.
    ListingStatus, "LISTING_STATUS_",
    ACTIVE = "ACTIVE" INACTIVE = "INACTIVE" PENDING = "PENDING" SOLD = "SOLD" DELETED = "DELETED"
}
words! {
    /// Where an order stands. The documentation's examples have these; its first state, before a
    /// seller confirms, is named nowhere.
    OrderStatus, "ORDER_STATUS_",
    CONFIRMED = "CONFIRMED" LABEL_GENERATED = "LABEL_GENERATED" IN_TRANSIT = "IN_TRANSIT"
    COMPLETED = "COMPLETED" CANCELED = "CANCELED"
}
words! {
    /// Where a parcel is. The documentation's examples have these; there are more.
    FulfillmentStatus, "FULFILLMENT_STATUS_",
    SELLER_SHIPPED = "SELLER_SHIPPED" IN_TRANSIT = "IN_TRANSIT" DELIVERED = "DELIVERED"
}
words! {
    /// How a parcel is handed over.
    LabelType, "LABEL_TYPE_",
    SHIPPING = "SHIPPING" DROPOFF = "DROPOFF"
}
words! {
    /// Where a batch stands.
    BatchStatus, "BATCH_STATUS_",
    PENDING = "PENDING" IN_PROGRESS = "IN_PROGRESS" COMPLETED = "COMPLETED"
}
words! {
    /// Where one operation of a batch stands.
    BatchOperationStatus, "BATCH_OPERATION_STATUS_",
    PENDING = "PENDING" IN_PROGRESS = "IN_PROGRESS" COMPLETED = "COMPLETED" FAILED = "FAILED"
}
words! {
    /// What a batch does. The documentation names no member.
    BatchType, "BATCH_TYPE_",
}
words! {
    /// How a value must compare for a batch to change it. The documentation names this one.
    ConditionOperator, "CONDITION_OPERATOR_",
    EQ = "EQ"
}
words! {
    /// What a search of listings is sorted by.
    ListingSort, "SEARCH_LISTING_REQUEST_ORDER_SORT_BY_",
    SIZE = "SIZE" PRICE = "PRICE" UPDATED_AT = "UPDATED_AT" CREATED_AT = "CREATED_AT"
}
words! {
    /// In which direction a search of listings is sorted.
    ListingOrder, "SEARCH_LISTING_REQUEST_ORDER_ORDER_BY_",
    ASC = "ASC" DESC = "DESC"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_nobody_knows_is_kept() {
        let status: OrderStatus = serde_json::from_str(r#""ORDER_STATUS_ON_HOLD""#).unwrap();
        assert_eq!(
            (status.as_str(), status.short()),
            ("ORDER_STATUS_ON_HOLD", Some("on_hold".to_owned()))
        );
        assert_eq!(
            OrderStatus::from("OTHER".to_owned()).short().as_deref(),
            Some("other")
        );
        let known: OrderStatus = serde_json::from_str(r#""ORDER_STATUS_COMPLETED""#).unwrap();
        assert_eq!(known, OrderStatus::COMPLETED);
        let unset = FulfillmentStatus::from("FULFILLMENT_STATUS_INVALID".to_owned());
        assert_eq!(unset.short(), None);
    }
}
