//! The usage plan of every operation that this crate calls.
//!
//! Source: the "Usage Plan" of each operation in amzn/selling-partner-api-models, August 2026. They
//! are what a seller has by default; the header of an answer says what this seller has.

/// How often an operation may be called, per application and selling partner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// Requests per second in the long run.
    pub per_second: f64,
    /// Requests at once.
    pub burst: f64,
}

/// The usage plan of an operation, by Amazon's name for it; `None` for one that isn't known here.
#[must_use]
pub fn limit_of(operation: &str) -> Option<Limit> {
    let (per_second, burst) = match operation {
        "searchOrders" => (0.0056, 20.0),
        "getOrder" => (0.5, 30.0),
        "getListingsItem" | "putListingsItem" => (5.0, 10.0),
        "searchListingsItems" | "patchListingsItem" | "deleteListingsItem" => (5.0, 5.0),
        "getInventorySummaries" | "searchCatalogItems" | "getCatalogItem" => (2.0, 2.0),
        "getMarketplaceParticipations" | "getAccount" => (0.016, 15.0),
        "createRestrictedDataToken" => (1.0, 10.0),
        "getCompetitiveSummary" | "getFeaturedOfferExpectedPriceBatch" => (0.033, 1.0),
        "getItemOffersBatch" => (0.1, 1.0),
        "createReport" | "getReportDocument" => (0.0167, 15.0),
        "getReport" => (2.0, 15.0),
        "getReports" | "cancelReport" | "getReportSchedules" => (0.0222, 10.0),
        "listTransactions"
        | "listBalances"
        | "listSummary"
        | "listPayouts"
        | "listExpectedPayouts" => (0.5, 10.0),
        "listFinancialEventGroups"
        | "listFinancialEventsByGroupId"
        | "listFinancialEventsByOrderId"
        | "listFinancialEvents"
        | "getPaymentMethods" => (0.5, 30.0),
        "createSubscription"
        | "getSubscription"
        | "getSubscriptions"
        | "getSubscriptionById"
        | "deleteSubscriptionById"
        | "sendTestNotification"
        | "createDestination"
        | "getDestination"
        | "getDestinations"
        | "deleteDestination" => (1.0, 5.0),
        _ => return None,
    };
    Some(Limit { per_second, burst })
}
