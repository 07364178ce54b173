//! Shopify's Admin GraphQL API in its own words: documents, answers, and how they are called.
//!
//! Useful alone: `session.call(&admin.ask(&query))` gives a typed [`Answer`]. The documents are in
//! `api/graphql/`. Fields that the schema calls nullable are `Option`s, enums are their words as
//! text (a new word never fails an answer), money is decimal text, and fields that are not selected
//! are not here.

mod admin;
mod bulk_operation;
mod gid;
mod inventory;
mod location;
mod money;
mod order;
mod page;
mod payout;
mod product;
mod shop;

pub(crate) use admin::Cost;
pub use admin::{Admin, Answer, Asked, Query};
pub use bulk_operation::{
    BULK_FILE, BulkOperation, BulkOperationData, BulkOperationQuery, BulkOperations,
    BulkOperationsQuery, CancelBulkOperation, Canceled, RecentBulkOperation, RunBulkQuery, Started,
    StartedBulkOperation,
};
pub use gid::{Gid, Ref};
pub use inventory::{
    INVENTORY_BULK, INVENTORY_BULK_PLAIN, InventoryItem, InventoryLevel, InventoryQuantity,
    LevelData, LevelOfItem, LevelQuery, LevelsChanged, LevelsPage, LocationLevels,
};
pub use location::{
    Location, LocationAddress, LocationData, LocationQuery, Locations, LocationsQuery,
};
pub use money::{MoneyBag, MoneyV2};
pub use order::{
    CustomerJourneySummary, CustomerVisit, Fulfillment, LineItem, MailingAddress, ORDERS_BULK,
    ORDERS_BULK_PLAIN, Order, OrderData, OrderLineItems, OrderLines, OrderQuery, OrderTransaction,
    OrdersChanged, OrdersPage, Refund, TaxLine, TrackingInfo, TransactionFee, UtmParameters,
};
pub use page::{Connection, PageInfo};
pub use payout::{
    AssociatedPayout, BalanceAccount, BalanceTransaction, BalanceTransactions,
    BalanceTransactionsQuery, Payout, PayoutAccount, PayoutData, PayoutQuery, PayoutSummary,
    Payouts, PayoutsQuery,
};
pub use product::{
    FeaturedMedia, Image, InventoryItemOfVariant, Measurement, MediaPreview, PRODUCTS_BULK,
    PriceRange, Product, ProductData, ProductOption, ProductQuery, ProductVariantsData,
    ProductVariantsQuery, ProductsChanged, ProductsPage, SelectedOption, Variant,
    VariantsOfProduct, Weight,
};
pub use shop::{AccessScope, AppInstallation, Shop, ShopData, ShopQuery};
