//! Restricted data tokens: what opens data about buyers, where the application may have it and the
//! connection asks for it.
//!
//! Off by default. An application without a restricted role is refused such a token; a sync goes on
//! without the data then, and says so.

use connector_core::{ErrorKind, Result, SecretString, Session};

use crate::api::{CreateRestrictedDataToken, RestrictedResource};
use crate::credential::AmazonCredential;
use crate::descriptor::RESTRICTED_DATA;

/// What a person is told where the application may not have what the connection asks for.
pub(crate) const WITHOUT: &str = "Amazon doesn't give this application data about buyers: it lacks a restricted role, so they \
     are left out";

/// The types of report whose documents need a token of their own (developer-docs.amazon.com, "Tokens
/// API", read in November 2026). None of the streams reads one.
pub const REPORT_TYPES: [&str; 16] = [
    "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_INVOICING",
    "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_TAX",
    "GET_EASYSHIP_DOCUMENTS",
    "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING",
    "GET_FLAT_FILE_ORDER_REPORT_DATA_INVOICING",
    "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING",
    "GET_FLAT_FILE_ORDER_REPORT_DATA_TAX",
    "GET_FLAT_FILE_ORDERS_RECONCILIATION_DATA_INVOICING",
    "GET_FLAT_FILE_ORDERS_RECONCILIATION_DATA_SHIPPING",
    "GET_FLAT_FILE_ORDERS_RECONCILIATION_DATA_TAX",
    "GET_GST_MTR_B2B_CUSTOM",
    "GET_ORDER_REPORT_DATA_INVOICING",
    "GET_ORDER_REPORT_DATA_SHIPPING",
    "GET_ORDER_REPORT_DATA_TAX",
    "GET_VAT_TRANSACTION_DATA",
    "SC_VAT_TAX_REPORT",
];

/// Whether the connection asks for data about buyers.
#[must_use]
pub fn is_wanted(session: &Session<AmazonCredential>) -> bool {
    session.settings().is_on(RESTRICTED_DATA)
}

/// A token that opens these resources for an hour; `None` where the connection doesn't ask for such
/// data, or the application may not have it.
///
/// # Errors
/// Those of [`Session::call`] but a refusal.
pub async fn token(
    session: &Session<AmazonCredential>,
    resources: Vec<RestrictedResource>,
) -> Result<Option<SecretString>> {
    if !is_wanted(session) {
        return Ok(None);
    }
    let call = CreateRestrictedDataToken {
        restricted_resources: resources,
    };
    match session.call(&session.credential().server.ask(call)).await {
        Ok(answer) => Ok(Some(answer.restricted_data_token)),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(None),
        Err(error) => Err(error),
    }
}

/// A token for the document of a report, where its type needs one and the connection asks for such
/// data. Amazon gives it for this one document alone.
///
/// # Errors
/// Those of [`token`].
pub async fn for_document(
    session: &Session<AmazonCredential>,
    report_type: &str,
    document_id: &str,
) -> Result<Option<SecretString>> {
    if !REPORT_TYPES.contains(&report_type) {
        return Ok(None);
    }
    let resource = RestrictedResource {
        method: "GET",
        path: format!("/reports/2021-06-30/documents/{document_id}"),
        data_elements: Vec::new(),
    };
    token(session, vec![resource]).await
}
