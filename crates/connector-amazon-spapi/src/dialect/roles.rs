//! Which role of an application an operation needs, so that a refusal can name it.
//!
//! Source: developer-docs.amazon.com, "Role Mappings for SP-API Operations" and "… Types", read in
//! November 2026. Several roles open most operations; the one named here is that of their use here.

/// The role that opens an operation, by Amazon's name for it; `None` where it depends on what is
/// asked for, or is not known here.
#[must_use]
pub fn role_of(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "searchOrders" | "getOrder" => "Inventory and Order Tracking",
        "getListingsItem"
        | "putListingsItem"
        | "patchListingsItem"
        | "deleteListingsItem"
        | "searchListingsItems"
        | "searchCatalogItems"
        | "getCatalogItem" => "Product Listing",
        "getInventorySummaries" => "Amazon Fulfillment",
        "getMarketplaceParticipations" | "getAccount" => "Selling Partner Insights",
        "getCompetitiveSummary" | "getFeaturedOfferExpectedPriceBatch" | "getItemOffersBatch" => {
            "Pricing"
        }
        "listTransactions"
        | "listBalances"
        | "listSummary"
        | "listPayouts"
        | "listExpectedPayouts"
        | "listFinancialEventGroups"
        | "listFinancialEventsByGroupId"
        | "listFinancialEventsByOrderId"
        | "listFinancialEvents" => "Finance and Accounting",
        "createRestrictedDataToken" => "Direct to Consumer Shipping (Restricted)",
        _ => return None,
    })
}
