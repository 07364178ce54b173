//! The objects of a shop, typed: what the GraphQL answers, the public feed and the webhooks are
//! all written from.

mod inventory;
mod money;
mod order;
mod payout;
mod product;
mod shop;

pub(crate) use inventory::{InventoryItem, Level, Location, Quantities};
pub(crate) use money::{Amount, Bag, Currency};
pub(crate) use order::{
    Address, Customer, Discount, Fulfillment, LineItem, Order, Refund, RefundLine, ShippingLine,
    TaxLine, Transaction, Visit,
};
pub(crate) use payout::{BalanceTransaction, Payout};
pub(crate) use product::{Image, Product, ProductOption, Variant};
pub(crate) use shop::ShopInfo;
