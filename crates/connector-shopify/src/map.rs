//! From Shopify's words to the unified models: pure and total.
//!
//! What can't be mapped is [`Skipped`] with its reason and never fails what came with it. Ids are
//! the number at the end of a global id, which is what webhooks and the public feed carry; a stock
//! level's is `ITEM/LOCATION`.

mod account;
mod feed;
mod inventory;
mod location;
mod order;
mod payout;
mod product;

use connector_core::model::{Currency, Money};
use connector_core::{Error, Skipped};

use crate::api::{Gid, MoneyBag, MoneyV2};

pub use account::account;
pub use feed::feed_product;
pub use inventory::{inventory_level, inventory_level_id};
pub use location::location;
pub use order::order;
pub use payout::payout;
pub use product::product;

/// What a thing became: a record, or why it didn't.
pub type Mapped = Result<connector_core::Record, Skipped>;

/// Money, or the reason why it is none.
fn money(money: &MoneyV2) -> connector_core::Result<Money> {
    Money::from_decimal(&money.amount, Currency::from_code(&money.currency_code)?)
}

fn shop_money(bag: &MoneyBag) -> connector_core::Result<Money> {
    money(&bag.shop_money)
}

/// Why a thing could not become a record.
fn skipped(id: &Gid, error: &Error) -> Skipped {
    Skipped {
        external_id: Some(id.tail().to_owned()),
        reason: error.to_string(),
    }
}

/// Text, unless there is none.
fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}
