//! The Selling Partner API in its own words: operations as values, with typed answers.
//!
//! Useful without the rest of this crate: make one, ask it of a [`Server`](crate::Server), and hand
//! that to [`Session::call`](connector_core::Session::call).
//!
//! Facts are from Amazon's machine-readable models (amzn/selling-partner-api-models, August 2026).
//! Whatever a model leaves optional is an [`Option`] here, enumerations are texts, as they grow, and
//! every entry of a list is an [`Entry`], so that one odd entry costs no more than itself.

mod amount;
mod call;
mod catalog;
mod finances;
mod inventory;
mod listings;
mod notifications;
mod orders;
mod pricing;
mod reports;
mod sales_and_traffic;
mod sellers;
mod tokens;

pub use amount::{Amount, Decimal};
pub(crate) use call::AccessToken;
pub use call::{Asked, Call, Payload};
pub use catalog::{
    CatalogIdentifier, CatalogIdentifiers, CatalogImage, CatalogImages, CatalogItem, CatalogPage,
    CatalogSummary, CatalogType, GetCatalogItem, MOST_IDENTIFIERS, SearchCatalogItems,
};
pub use connector_core::Entry;
pub use finances::{
    Breakdown, EventGroupPage, FinancialEventGroup, ListFinancialEventGroups, ListTransactions,
    RelatedIdentifier, Transaction, TransactionPage,
};
pub use inventory::{
    GetInventorySummaries, InventoryDetails, InventoryPage, InventoryResult, InventorySummary,
    ResearchingQuantity, ReservedQuantity, UnfulfillableQuantity,
};
pub use listings::{
    FulfillmentAvailability, GetListingsItem, ListingOffer, ListingPage, ListingSummary,
    ListingsItem, MOST_LISTINGS, SearchListingsItems,
};
pub use notifications::{
    CreateDestination, CreateSubscription, DeleteSubscription, Destination, EventBus,
    GetDestinations, GetSubscription, ProcessingDirective, Queue, Resource, SCOPE, Subscription,
};
pub use orders::{
    Buyer, Cancellation, CancellationWords, DateTimeRange, DeliveryAddress, Fulfillment, GetOrder,
    IncludedData, ItemBreakdown, ItemExpense, ItemPrice, ItemProceeds, Order, OrderAnswer,
    OrderBreakdown, OrderItem, OrderPackage, OrderPage, OrderProceeds, PackageStatus, Pagination,
    PointsCost, PointsGranted, Product, Recipient, SalesChannel, SearchOrders,
};
pub use pricing::{
    AnswerStatus, CONDITIONS, CompetingOffer, CompetitiveAnswer, CompetitiveAnswers,
    CompetitiveQuestion, CompetitiveSummary, GetCompetitiveSummary, LowestPricedOffers,
    MOST_QUESTIONS, OffersInput, ReferencePrice,
};
pub use reports::{
    CreateReport, GetReport, GetReportDocument, GetReports, Report, ReportCreated, ReportDocument,
    ReportPage,
};
pub use sales_and_traffic::{Figures, SalesAndTrafficByAsin, SalesAndTrafficByDate};
pub use sellers::{
    GetMarketplaceParticipations, Marketplace, MarketplaceParticipation, Participation,
};
pub use tokens::{CreateRestrictedDataToken, RestrictedDataToken, RestrictedResource};

use connector_core::Operation;

/// Fetching a document from the address that Amazon handed out: without any credential.
pub const DOCUMENT: Operation = Operation::read("document");
