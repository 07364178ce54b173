//! Fields of Shopify Payments: the account, payouts, balance transactions.

use std::borrow::Cow;

use serde_json::json;

use super::super::graphql::{Field, Resolved};
use super::super::objects::{Amount, BalanceTransaction, Payout};
use super::{Answer, Context, Object, tables};

pub(super) fn account<'a>(field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    let info = &cx.shop.store.info;
    Ok(match field.name {
        "id" => Resolved::Gid("ShopifyPaymentsAccount", info.id),
        "activated" => Resolved::Bool(true),
        "onboardable" => Resolved::Bool(false),
        "country" => Resolved::str("US"),
        "defaultCurrency" => Resolved::Str(Cow::Owned(info.currency.as_str().to_owned())),
        "balance" => Resolved::List(vec![Resolved::Object(Object::Money(
            cx.shop
                .store
                .balance
                .values()
                .filter(|t| t.payout.is_none())
                .map(|t| t.net)
                .sum(),
            info.currency,
        ))]),
        "payoutSchedule" => Resolved::json(json!({ "interval": "DAILY", "monthlyAnchor": null })),
        "payouts" => tables::payouts(field, cx)?,
        "balanceTransactions" => tables::balance(field, cx)?,
        _ => Resolved::Null,
    })
}

pub(super) fn payout<'a>(payout: &'a Payout, field: &Field) -> Resolved<'a> {
    let money = |amount: Amount| Resolved::Object(Object::Money(amount, payout.currency));
    match field.name {
        "id" => Resolved::Gid("ShopifyPaymentsPayout", payout.id),
        "legacyResourceId" => Resolved::Digits(payout.id),
        "issuedAt" => Resolved::Time(payout.issued_at),
        "status" => Resolved::str(&payout.status),
        "transactionType" => Resolved::str(if payout.net.signum() < 0 {
            "WITHDRAWAL"
        } else {
            "DEPOSIT"
        }),
        "net" | "gross" => money(payout.net),
        "summary" => {
            let money = |amount: Amount| {
                json!({
                    "amount": amount.decimal().to_string(),
                    "currencyCode": payout.currency.as_str(),
                })
            };
            Resolved::json(json!({
                "adjustmentsFee": money(payout.adjustments_fee),
                "adjustmentsGross": money(payout.adjustments_gross),
                "advanceFees": money(Amount::ZERO),
                "advanceGross": money(Amount::ZERO),
                "chargesFee": money(payout.charges_fee),
                "chargesGross": money(payout.charges_gross),
                "refundsFee": money(payout.refunds_fee),
                "refundsFeeGross": money(payout.refunds_gross),
                "reservedFundsFee": money(payout.reserved_fee),
                "reservedFundsGross": money(payout.reserved_gross),
                "retriedPayoutsFee": money(payout.retried_fee),
                "retriedPayoutsGross": money(payout.retried_gross),
                "usdcRebateCreditAmount": money(Amount::ZERO),
            }))
        }
        _ => Resolved::Null,
    }
}

pub(super) fn balance<'a>(
    transaction: &'a BalanceTransaction,
    field: &Field,
    cx: &'a Context<'a>,
) -> Resolved<'a> {
    let store = &cx.shop.store;
    let money = |amount| Resolved::Object(Object::Money(amount, transaction.currency));
    match field.name {
        "id" => Resolved::Gid("ShopifyPaymentsBalanceTransaction", transaction.id),
        "type" => Resolved::str(&transaction.kind),
        "sourceType" => Resolved::opt(transaction.source_type.as_deref()),
        "sourceId" => transaction.source.map_or(Resolved::Null, Resolved::Digits),
        "sourceOrderTransactionId" => transaction
            .order_transaction
            .map_or(Resolved::Null, Resolved::Digits),
        "amount" => money(transaction.amount),
        "fee" => money(transaction.fee),
        "net" => money(transaction.net),
        "test" => Resolved::Bool(transaction.test),
        "transactionDate" => Resolved::Time(transaction.at),
        "associatedOrder" => match transaction.order.and_then(|id| store.orders.get(&id)) {
            Some(order) => Resolved::json(json!({
                "id": format!("gid://shopify/Order/{}", order.id),
                "name": order.name,
            })),
            None => Resolved::Null,
        },
        "associatedPayout" => {
            let payout = transaction.payout.and_then(|id| store.payouts.get(&id));
            Resolved::json(json!({
                "id": payout.map(|payout| format!("gid://shopify/ShopifyPaymentsPayout/{}", payout.id)),
                "status": payout.map_or("PENDING", |payout| &*payout.status),
            }))
        }
        _ => Resolved::Null,
    }
}
