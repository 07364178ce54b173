//! The platform's enumerations. The position of a name is its number, which queries may use too.

pub(super) const PRODUCT_CONDITIONS: &[&str] = &[
    "PRODUCT_CONDITION_INVALID",
    "PRODUCT_CONDITION_NEW",
    "PRODUCT_CONDITION_USED",
    "PRODUCT_CONDITION_NEW_WITH_DEFECTS",
];

pub(super) const CONDITIONS: &[&str] = &[
    "CONDITION_INVALID",
    "CONDITION_NEW",
    "CONDITION_USED",
    "CONDITION_NEW_WITH_DEFECTS",
];

pub(super) const PACKAGING_CONDITIONS: &[&str] = &[
    "PACKAGING_CONDITION_INVALID",
    "PACKAGING_CONDITION_GOOD_CONDITION",
    "PACKAGING_CONDITION_MISSING_LID",
    "PACKAGING_CONDITION_BADLY_DAMAGED",
    "PACKAGING_CONDITION_NO_ORIGINAL_BOX",
];

pub(super) const SIZE_UNITS: &[&str] = &[
    "SIZE_UNIT_INVALID",
    "SIZE_UNIT_US",
    "SIZE_UNIT_UK",
    "SIZE_UNIT_IT",
    "SIZE_UNIT_FR",
    "SIZE_UNIT_EU",
    "SIZE_UNIT_JP",
];

pub(super) const DEFECTS: &[&str] = &[
    "LISTING_DEFECT_INVALID",
    "LISTING_DEFECT_HAS_ODOR",
    "LISTING_DEFECT_HAS_DISCOLORATION",
    "LISTING_DEFECT_HAS_MISSING_INSOLES",
    "LISTING_DEFECT_HAS_SCUFFS",
    "LISTING_DEFECT_HAS_TEARS",
    "LISTING_DEFECT_B_GRADE",
];

/// The first member really is spelled like that.
pub(super) const PICTURE_TYPES: &[&str] = &[
    "PICTURE_TYPE_PICTURE_TYPE_INVALID",
    "PICTURE_TYPE_OUTER",
    "PICTURE_TYPE_INNER",
    "PICTURE_TYPE_UNDER",
    "PICTURE_TYPE_TOP",
    "PICTURE_TYPE_BACK",
    "PICTURE_TYPE_TAG",
    "PICTURE_TYPE_PACKAGING",
    "PICTURE_TYPE_SIZE_TAG",
    "PICTURE_TYPE_INTERIOR",
    "PICTURE_TYPE_EXTRA",
];

pub(super) const LABEL_TYPES: &[&str] = &[
    "LABEL_TYPE_INVALID",
    "LABEL_TYPE_SHIPPING",
    "LABEL_TYPE_DROPOFF",
];

pub(super) const BATCH_STATUSES: &[&str] = &[
    "BATCH_STATUS_INVALID",
    "BATCH_STATUS_PENDING",
    "BATCH_STATUS_IN_PROGRESS",
    "BATCH_STATUS_COMPLETED",
];

pub(super) const BATCH_OPERATION_STATUSES: &[&str] = &[
    "BATCH_OPERATION_STATUS_INVALID",
    "BATCH_OPERATION_STATUS_PENDING",
    "BATCH_OPERATION_STATUS_IN_PROGRESS",
    "BATCH_OPERATION_STATUS_COMPLETED",
    "BATCH_OPERATION_STATUS_FAILED",
];

pub(super) const SORT_BY: &[&str] = &[
    "SEARCH_LISTING_REQUEST_ORDER_SORT_BY_INVALID",
    "SEARCH_LISTING_REQUEST_ORDER_SORT_BY_SIZE",
    "SEARCH_LISTING_REQUEST_ORDER_SORT_BY_PRICE",
    "SEARCH_LISTING_REQUEST_ORDER_SORT_BY_UPDATED_AT",
    "SEARCH_LISTING_REQUEST_ORDER_SORT_BY_CREATED_AT",
];

pub(super) const ORDER_BY: &[&str] = &[
    "SEARCH_LISTING_REQUEST_ORDER_ORDER_BY_INVALID",
    "SEARCH_LISTING_REQUEST_ORDER_ORDER_BY_ASC",
    "SEARCH_LISTING_REQUEST_ORDER_ORDER_BY_DESC",
];

/// The member with this name or number. The first member is no value that anyone may send.
pub(super) fn member(words: &'static [&'static str], text: &str) -> Option<&'static str> {
    let by_name = words.iter().position(|word| *word == text);
    let index = by_name
        .or_else(|| text.parse().ok())
        .filter(|index| *index > 0)?;
    words.get(index).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_have_names_and_numbers_but_zero_is_none() {
        assert_eq!(member(CONDITIONS, "CONDITION_USED"), Some("CONDITION_USED"));
        assert_eq!(member(CONDITIONS, "2"), Some("CONDITION_USED"));
        for wrong in [
            "0",
            "CONDITION_INVALID",
            "4",
            "-1",
            "",
            "PRODUCT_CONDITION_NEW",
        ] {
            assert_eq!(member(CONDITIONS, wrong), None, "{wrong}");
        }
    }
}
