//! eBay's Sell APIs in their own words, as far as the streams read them, with what else an
//! application needs: its keys, its notifications, its limits.
//!
//! Useful without the rest of this crate: make one, and hand it to
//! [`Session::call`](connector_core::Session::call). Lists are read from a [`Link`]: the first is made
//! by the endpoint's `all` or the like, the next ones are those that eBay gives, as its offsets count
//! pages in one list and entries in another.
//!
//! Facts are from eBay's contracts: Inventory 1.18.5, Fulfillment 1.20.7, Finances 1.19.0, Analytics,
//! Identity, Account, Key Management and Notification v1, Developer Analytics v1 beta. Whatever eBay
//! may leave out is an [`Option`] here, enumerations are their words as text, amounts are decimal
//! text, and every entry of a list is an [`Entry`], so that one odd entry costs no more than itself.

mod account;
mod amount;
mod analytics;
mod call;
mod finances;
mod fulfillment;
mod inventory;
mod keys;
mod limits;
mod link;
mod notification;
mod offers;

pub use account::{Business, GetPrivileges, GetUser, Privileges, User};
pub use amount::Amount;
pub use analytics::{
    Definition, GetTrafficReport, ReportHeader, ReportValue, TrafficRecord, TrafficReport,
};
pub use connector_core::Entry;
pub use finances::{
    Fee, GetPayout, GetPayouts, GetTransactions, Payout, PayoutPage, Reference, Transaction,
    TransactionLine, TransactionPage,
};
pub use fulfillment::{
    Buyer, CancelRequest, CancelStatus, CollectedTax, ContactAddress, GetOrder, GetOrders,
    Instructions, LineItem, LineItemInstructions, Order, OrderPage, OrderRefund, Payment,
    PaymentSummary, PricingSummary, Promotion, ShippingStep, ShippingTo, Tax, VariationAspect,
};
pub use inventory::{
    Availability, BulkPrice, BulkUpdatePriceQuantity, Distribution, GetInventoryItem,
    GetInventoryItems, GetInventoryLocation, GetInventoryLocations, InventoryItem,
    InventoryItemPage, InventoryLocation, LocationPage, PackageWeight, Place, PlaceAddress,
    Product, ShipToHome, Weight,
};
pub use keys::{CreateSigningKey, MadeKey};
pub use limits::{ApiLimits, GetRateLimits, Rate, RateLimits, ResourceLimits};
pub use link::Link;
pub use notification::{
    CreateDestination, CreateSubscription, Created, DeleteSubscription, DeliveryConfig,
    Destination, DestinationPage, GetConfig, GetDestinations, GetPublicKey, GetSubscriptions,
    GetTopic, NotificationConfig, PayloadDetail, PublicKey, Subscription, SubscriptionPage, Topic,
    UpdateConfig,
};
pub use offers::{
    GetOffer, GetOffers, Offer, OfferListing, OfferPage, OfferPricing, PublishOffer, Published,
    WithdrawOffer,
};
