//! The operations that are served: where, for whom, and how often.
//!
//! Rates and bursts are the defaults of the models (amzn/selling-partner-api-models, August 2026).
//! The roles are those that the guide names for each operation; any one of several is enough.

use http::Method;

use crate::route::percent_decoded;

/// What a seller grants to an app by authorising it, as far as operations are told apart by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    SellingPartnerInsights,
    InventoryAndOrderTracking,
    DirectToConsumer,
    ProductListing,
    Pricing,
    AmazonFulfillment,
    FinanceAndAccounting,
    BrandAnalytics,
}

impl Role {
    /// All roles.
    pub(super) const ALL: [Self; 8] = [
        Self::SellingPartnerInsights,
        Self::InventoryAndOrderTracking,
        Self::DirectToConsumer,
        Self::ProductListing,
        Self::Pricing,
        Self::AmazonFulfillment,
        Self::FinanceAndAccounting,
        Self::BrandAnalytics,
    ];

    /// As control verbs name it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::SellingPartnerInsights => "selling_partner_insights",
            Self::InventoryAndOrderTracking => "inventory_and_order_tracking",
            Self::DirectToConsumer => "direct_to_consumer_shipping",
            Self::ProductListing => "product_listing",
            Self::Pricing => "pricing",
            Self::AmazonFulfillment => "amazon_fulfillment",
            Self::FinanceAndAccounting => "finance_and_accounting",
            Self::BrandAnalytics => "brand_analytics",
        }
    }
}

/// Whose token opens an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// A seller's.
    Seller,
    /// The app's own, with this scope.
    Grantless(&'static str),
}

/// An operation's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Participations,
    Account,
    SearchOrders,
    Order,
    SearchListings,
    Listing,
    PutListing,
    PatchListing,
    DeleteListing,
    SearchCatalog,
    CatalogItem,
    Inventory,
    CompetitiveSummary,
    EventGroups,
    EventsByGroup,
    Transactions,
    Balances,
    Payouts,
    ExpectedPayouts,
    Reports,
    CreateReport,
    Report,
    CancelReport,
    ReportDocument,
    RestrictedToken,
    Destinations,
    CreateDestination,
    Destination,
    DeleteDestination,
    Subscriptions,
    Subscription,
    CreateSubscription,
    SubscriptionById,
    DeleteSubscription,
    TestNotification,
}

/// One operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) name: Name,
    /// As the models call it, with its API where two have the same name.
    pub(super) id: &'static str,
    method: Method,
    template: &'static str,
    /// Requests per second.
    pub(super) rate: f64,
    /// How many at once.
    pub(super) burst: f64,
    pub(super) access: Access,
    pub(super) roles: &'static [Role],
}

/// Whether a path is served, and by what.
#[derive(Debug)]
pub(super) enum Found {
    /// This operation, with the decoded parameters of its path.
    Operation(&'static Operation, Vec<String>),
    /// The path is, the method is not.
    OtherMethod,
    /// Nothing.
    Nothing,
}

/// What a request is for.
pub(super) fn find(method: &Method, path: &str) -> Found {
    let mut found = Found::Nothing;
    for operation in OPERATIONS {
        let Some(parameters) = matched(operation.template, path) else {
            continue;
        };
        if operation.method == *method {
            return Found::Operation(operation, parameters);
        }
        found = Found::OtherMethod;
    }
    found
}

/// The parameters of a path that has the form of a template.
fn matched(template: &str, path: &str) -> Option<Vec<String>> {
    let mut parameters = Vec::new();
    let (mut parts, mut segments) = (template.split('/'), path.split('/'));
    loop {
        match (parts.next(), segments.next()) {
            (None, None) => return Some(parameters),
            (Some("{}"), Some(segment)) if !segment.is_empty() => {
                parameters.push(percent_decoded(segment));
            }
            (Some(part), Some(segment)) if part == segment => {}
            _ => return None,
        }
    }
}

/// Whether a path is an example of another path's template, whose parameters stand in braces.
pub(super) fn is_example(template: &str, path: &str) -> bool {
    let (parts, segments): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    parts.len() == segments.len()
        && parts
            .iter()
            .zip(&segments)
            .all(|(part, segment)| part == segment || part.starts_with('{'))
}

const ORDERS: &[Role] = &[Role::InventoryAndOrderTracking, Role::DirectToConsumer];
const LISTINGS: &[Role] = &[Role::ProductListing];
const PRICING: &[Role] = &[Role::Pricing];
const STOCK: &[Role] = &[Role::AmazonFulfillment];
const FINANCE: &[Role] = &[Role::FinanceAndAccounting];
const INSIGHTS: &[Role] = &[Role::SellingPartnerInsights];
/// Which role a report takes depends on its type.
const ANY: &[Role] = &[];

const SELLER: Access = Access::Seller;
const NOTIFICATIONS: Access = Access::Grantless("sellingpartnerapi::notifications");

/// All operations.
#[rustfmt::skip]
static OPERATIONS: &[Operation] = &[
    op(Name::Participations, "getMarketplaceParticipations", Method::GET, "/sellers/v1/marketplaceParticipations", 0.016, 15.0, SELLER, INSIGHTS),
    op(Name::Account, "getAccount", Method::GET, "/sellers/v1/account", 0.016, 15.0, SELLER, INSIGHTS),
    op(Name::SearchOrders, "searchOrders", Method::GET, "/orders/2026-01-01/orders", 0.0056, 20.0, SELLER, ORDERS),
    op(Name::Order, "getOrder", Method::GET, "/orders/2026-01-01/orders/{}", 0.5, 30.0, SELLER, ORDERS),
    op(Name::SearchListings, "searchListingsItems", Method::GET, "/listings/2021-08-01/items/{}", 5.0, 5.0, SELLER, LISTINGS),
    op(Name::Listing, "getListingsItem", Method::GET, "/listings/2021-08-01/items/{}/{}", 5.0, 10.0, SELLER, LISTINGS),
    op(Name::PutListing, "putListingsItem", Method::PUT, "/listings/2021-08-01/items/{}/{}", 5.0, 10.0, SELLER, LISTINGS),
    op(Name::PatchListing, "patchListingsItem", Method::PATCH, "/listings/2021-08-01/items/{}/{}", 5.0, 5.0, SELLER, LISTINGS),
    op(Name::DeleteListing, "deleteListingsItem", Method::DELETE, "/listings/2021-08-01/items/{}/{}", 5.0, 5.0, SELLER, LISTINGS),
    op(Name::SearchCatalog, "searchCatalogItems", Method::GET, "/catalog/2022-04-01/items", 2.0, 2.0, SELLER, LISTINGS),
    op(Name::CatalogItem, "getCatalogItem", Method::GET, "/catalog/2022-04-01/items/{}", 2.0, 2.0, SELLER, LISTINGS),
    op(Name::Inventory, "getInventorySummaries", Method::GET, "/fba/inventory/v1/summaries", 2.0, 2.0, SELLER, STOCK),
    op(Name::CompetitiveSummary, "getCompetitiveSummary", Method::POST, "/batches/products/pricing/2022-05-01/items/competitiveSummary", 0.033, 1.0, SELLER, PRICING),
    op(Name::EventGroups, "listFinancialEventGroups", Method::GET, "/finances/v0/financialEventGroups", 0.5, 30.0, SELLER, FINANCE),
    op(Name::EventsByGroup, "listFinancialEventsByGroupId", Method::GET, "/finances/v0/financialEventGroups/{}/financialEvents", 0.5, 30.0, SELLER, FINANCE),
    op(Name::Transactions, "listTransactions", Method::GET, "/finances/2024-06-19/transactions", 0.5, 10.0, SELLER, FINANCE),
    op(Name::Balances, "listBalances", Method::GET, "/finances/2024-06-19/balances", 0.5, 10.0, SELLER, FINANCE),
    op(Name::Payouts, "listPayouts", Method::GET, "/finances/transfers/2024-06-01/payouts", 0.5, 10.0, SELLER, FINANCE),
    op(Name::ExpectedPayouts, "listExpectedPayouts", Method::GET, "/finances/transfers/2024-06-01/payouts/expected", 0.5, 10.0, SELLER, FINANCE),
    op(Name::Reports, "getReports", Method::GET, "/reports/2021-06-30/reports", 0.0222, 10.0, SELLER, ANY),
    op(Name::CreateReport, "createReport", Method::POST, "/reports/2021-06-30/reports", 0.0167, 15.0, SELLER, ANY),
    op(Name::Report, "getReport", Method::GET, "/reports/2021-06-30/reports/{}", 2.0, 15.0, SELLER, ANY),
    op(Name::CancelReport, "cancelReport", Method::DELETE, "/reports/2021-06-30/reports/{}", 0.0222, 10.0, SELLER, ANY),
    op(Name::ReportDocument, "getReportDocument", Method::GET, "/reports/2021-06-30/documents/{}", 0.0167, 15.0, SELLER, ANY),
    op(Name::RestrictedToken, "createRestrictedDataToken", Method::POST, "/tokens/2021-03-01/restrictedDataToken", 1.0, 10.0, SELLER, &[Role::DirectToConsumer]),
    op(Name::Destinations, "getDestinations", Method::GET, "/notifications/v1/destinations", 1.0, 5.0, NOTIFICATIONS, ANY),
    op(Name::CreateDestination, "createDestination", Method::POST, "/notifications/v1/destinations", 1.0, 5.0, NOTIFICATIONS, ANY),
    op(Name::Destination, "getDestination", Method::GET, "/notifications/v1/destinations/{}", 1.0, 5.0, NOTIFICATIONS, ANY),
    op(Name::DeleteDestination, "deleteDestination", Method::DELETE, "/notifications/v1/destinations/{}", 1.0, 5.0, NOTIFICATIONS, ANY),
    op(Name::Subscriptions, "getSubscriptions", Method::GET, "/notifications/v1/subscriptions", 1.0, 5.0, SELLER, ANY),
    op(Name::Subscription, "getSubscription", Method::GET, "/notifications/v1/subscriptions/{}", 1.0, 5.0, SELLER, ANY),
    op(Name::CreateSubscription, "createSubscription", Method::POST, "/notifications/v1/subscriptions/{}", 1.0, 5.0, SELLER, ANY),
    op(Name::SubscriptionById, "getSubscriptionById", Method::GET, "/notifications/v1/subscriptions/{}/{}", 1.0, 5.0, NOTIFICATIONS, ANY),
    op(Name::DeleteSubscription, "deleteSubscriptionById", Method::DELETE, "/notifications/v1/subscriptions/{}/{}", 1.0, 5.0, NOTIFICATIONS, ANY),
    op(Name::TestNotification, "sendTestNotification", Method::POST, "/notifications/v1/subscriptions/{}/testNotification", 1.0, 5.0, NOTIFICATIONS, ANY),
];

/// One line of the table.
#[expect(
    clippy::too_many_arguments,
    reason = "one for each column of the table"
)]
const fn op(
    name: Name,
    id: &'static str,
    method: Method,
    template: &'static str,
    rate: f64,
    burst: f64,
    access: Access,
    roles: &'static [Role],
) -> Operation {
    Operation {
        name,
        id,
        method,
        template,
        rate,
        burst,
        access,
        roles,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_apart_and_decoded() {
        let Found::Operation(operation, parameters) = find(
            &Method::GET,
            "/listings/2021-08-01/items/A0SELLER/LM%2F12%20A%2B",
        ) else {
            unreachable!("the path is served");
        };
        assert_eq!(operation.id, "getListingsItem");
        assert_eq!(parameters, ["A0SELLER", "LM/12 A+"]);
        assert!(matches!(
            find(&Method::POST, "/sellers/v1/account"),
            Found::OtherMethod
        ));
        assert!(matches!(
            find(&Method::GET, "/sellers/v1/accounts"),
            Found::Nothing
        ));
        assert!(matches!(
            find(&Method::GET, "/orders/2026-01-01/orders/"),
            Found::Nothing
        ));
    }
}
