//! Alias's API in its own words: all 34 documented operations as [`Endpoint`](connector_core::Endpoint)
//! values, with typed answers.
//!
//! Useful without the rest of this crate: make one, and hand it to
//! [`Session::call`](connector_core::Session::call).
//!
//! Facts are from docs.alias.org (1.3.4), and from recorded answers where those differ: 64-bit
//! integers come as strings or as numbers, a price of `"0"` means that there is none, enumerations
//! grow. Everything that alias may leave out is an [`Option`] here, and every entry of a list is an
//! [`Entry`], so that one odd entry costs no more than itself.

mod batches;
mod bulk;
mod call;
mod catalog;
mod listings;
mod orders;
mod pictures;
mod pricing;
mod status;
mod test;
mod wire;
mod words;

pub use batches::{
    Batch, BatchCreateRequest, BatchCreateResult, BatchListingId, BatchOperation,
    BatchOperationPage, BatchPage, BatchQuota, BatchUpdateResult, BatchUpdated, GetBatch,
    GetBatchOperationQuota, GetBatchOperations, ListBatches,
};
pub use bulk::{
    AcceptedBatch, BatchActivateListings, BatchCreateListings, BatchDeactivateListings,
    BatchDeleteListings, BatchUpdateListings, ListingChange, NewListing, ValueChange,
};
pub use catalog::{
    AllowedSize, CatalogItem, CatalogItemAnswer, CatalogPage, GetCatalogItem, RequestedPicture,
    SearchCatalog,
};
pub use connector_core::Entry;
pub use listings::{
    ActivateListing, CreateListing, CreateListingMetadata, DeactivateListing, DeleteListing,
    DeleteListingMetadata, Deleted, GetListing, Listing, ListingAnswer, ListingPage,
    ListingPagination, SearchListing, UpdateListing,
};
pub use orders::{
    CancelOrder, ConfirmOrder, CustomsDeclaration, GenerateLabel, GetOrder, Order, OrderAnswer,
    OrderPage, OrderPagination, RegenerateLabel, SearchOrders, ShipOrder,
};
pub use pictures::{CreatePicture, DeletePicture, Picture, PictureAnswer, PictureSource};
pub use pricing::{
    Availability, AvailabilityAnswer, AvailabilityVariant, AvailabilityVariants, GetAvailability,
    GetOfferHistogram, ListAvailabilities, ListRecentSales, OfferBin, OfferHistogram,
    OfferHistogramAnswer, RecentSale, RecentSales,
};
pub use status::Status;
pub use test::{Test, TestAnswer};
pub use words::{
    BatchOperationStatus, BatchStatus, BatchType, Condition, ConditionOperator, FulfillmentStatus,
    LabelType, ListingDefect, ListingOrder, ListingSort, ListingStatus, OrderStatus,
    PackagingCondition, PictureType, ProductCondition, SizeUnit,
};

/// Where the API is.
pub const BASE: &str = "https://api.alias.org/api/v1";
