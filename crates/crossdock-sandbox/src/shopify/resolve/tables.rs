//! The lists of the query root: what they can be searched and sorted by.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::graphql::{Cursor, Field, Resolved, Search, SortKey, Term, page};
use super::super::objects::{BalanceTransaction, InventoryItem, Location, Order, Payout, Product};
use super::{Answer, Context, Object};

/// How far back an app sees orders unless it has `read_all_orders`.
const ORDER_WINDOW: TimeDelta = TimeDelta::days(60);

fn search(field: &Field) -> Search {
    Search::parse(field.args.str("query").unwrap_or_default())
}

fn sort<'f>(field: &'f Field, otherwise: &'f str) -> &'f str {
    field.args.str("sortKey").unwrap_or(otherwise)
}

fn by_number(id: u64) -> SortKey {
    SortKey::Number(i64::try_from(id).unwrap_or(i64::MAX))
}

/// A page of a table: filter, sort key and id of each row, and the object that it becomes.
fn table<'a, T: Copy>(
    field: &Field,
    cx: &Context<'_>,
    rows: impl Iterator<Item = T>,
    key: impl Fn(T) -> (u64, SortKey),
    object: impl Fn(T) -> Object<'a>,
) -> Answer<'a> {
    let rows = rows.map(|row| {
        let (id, key) = key(row);
        (Cursor { key, id }, row)
    });
    page(&field.args, cx.unlimited, rows, object).map(Resolved::Connection)
}

pub(super) fn products<'a>(field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    let (search, sort) = (search(field), sort(field, "ID"));
    let rows = cx
        .shop
        .store
        .products()
        .values()
        .filter(|row| finds_product(&search, row));
    let key = |row: &'a Product| {
        let key = match sort {
            "CREATED_AT" => SortKey::Time(row.created_at),
            "UPDATED_AT" => SortKey::Time(row.updated_at),
            "PUBLISHED_AT" => SortKey::Time(row.published_at.unwrap_or(DateTime::<Utc>::MIN_UTC)),
            "TITLE" => SortKey::Text(row.title.clone()),
            "VENDOR" => SortKey::Text(row.vendor.to_string()),
            "PRODUCT_TYPE" => SortKey::Text(row.product_type.to_string()),
            "INVENTORY_TOTAL" => SortKey::Number(
                row.variants
                    .iter()
                    .filter_map(|variant| cx.shop.store.quantity(variant))
                    .sum(),
            ),
            _ => by_number(row.id),
        };
        (row.id, key)
    };
    table(field, cx, rows, key, Object::Product)
}

pub(super) fn count_products(search: &Search, cx: &Context<'_>) -> usize {
    cx.shop
        .store
        .products()
        .values()
        .filter(|row| finds_product(search, row))
        .count()
}

fn finds_product(search: &Search, product: &Product) -> bool {
    search.matches(&|term: &Term| {
        Some(match term.field.as_str() {
            "id" => term.number(product.id.into()),
            "title" => term.word(&product.title),
            "handle" => term.text(&product.handle),
            "vendor" => term.text(&product.vendor),
            "product_type" => term.text(&product.product_type),
            "status" => term
                .value
                .split(',')
                .any(|s| s.eq_ignore_ascii_case(&product.status)),
            "tag" => product.tags.iter().any(|tag| term.text(tag)),
            "tag_not" => !product.tags.iter().any(|tag| term.text(tag)),
            "created_at" => term.time(product.created_at),
            "updated_at" => term.time(product.updated_at),
            "published_at" => product.published_at.is_some_and(|time| term.time(time)),
            "sku" => product
                .variants
                .iter()
                .any(|v| v.sku.as_deref().is_some_and(|s| term.text(s))),
            "" => term.word(&product.title) || term.word(&product.vendor),
            _ => return None,
        })
    })
}

pub(super) fn variants<'a>(field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    let (search, sort) = (search(field), sort(field, "ID"));
    let store = &cx.shop.store;
    let rows = store
        .variants()
        .keys()
        .filter_map(|id| store.variant(*id))
        .filter(|(product, _, variant)| {
            search.matches(&|term: &Term| {
                Some(match term.field.as_str() {
                    "id" => term.number(variant.id.into()),
                    "product_id" => term.number(product.id.into()),
                    "sku" => variant.sku.as_deref().is_some_and(|sku| term.text(sku)),
                    "barcode" => variant
                        .barcode
                        .as_deref()
                        .is_some_and(|code| term.text(code)),
                    "title" => term.word(&variant.title),
                    "vendor" => term.text(&product.vendor),
                    "updated_at" => term.time(variant.updated_at),
                    "created_at" => term.time(variant.created_at),
                    "" => term.word(&variant.title) || term.word(&product.title),
                    _ => return None,
                })
            })
        });
    let key = |(_, position, variant): (&'a Product, usize, &'a super::Variant)| {
        let key = match sort {
            "SKU" => SortKey::Text(variant.sku.clone().unwrap_or_default()),
            "TITLE" | "NAME" | "FULL_TITLE" => SortKey::Text(variant.title.clone()),
            "POSITION" => SortKey::Number(i64::try_from(position).unwrap_or(i64::MAX)),
            "INVENTORY_QUANTITY" => SortKey::Number(store.quantity(variant).unwrap_or(0)),
            _ => by_number(variant.id),
        };
        (variant.id, key)
    };
    table(field, cx, rows, key, |(product, at, variant)| {
        Object::Variant(product, at, variant)
    })
}

pub(super) fn items<'a>(field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    let search = search(field);
    let rows = cx.shop.store.items.values().filter(|row| {
        search.matches(&|term: &Term| {
            Some(match term.field.as_str() {
                "id" => term.number(row.id.into()),
                "sku" | "" => row.sku.as_deref().is_some_and(|sku| term.text(sku)),
                "created_at" => term.time(row.created_at),
                "updated_at" => term.time(row.updated_at),
                _ => return None,
            })
        })
    });
    table(
        field,
        cx,
        rows,
        |row: &InventoryItem| (row.id, by_number(row.id)),
        Object::Item,
    )
}

pub(super) fn locations<'a>(field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    let (search, sort) = (search(field), sort(field, "NAME"));
    let inactive = field.args.flag("includeInactive");
    let rows = cx
        .shop
        .store
        .locations
        .values()
        .filter(|row| (inactive || row.is_active) && finds_location(&search, row));
    let key = |row: &'a Location| match sort {
        "ID" => (row.id, by_number(row.id)),
        _ => (row.id, SortKey::Text(row.name.clone())),
    };
    table(field, cx, rows, key, Object::Location)
}

pub(super) fn count_locations(search: &Search, cx: &Context<'_>) -> usize {
    cx.shop
        .store
        .locations
        .values()
        .filter(|row| finds_location(search, row))
        .count()
}

fn finds_location(search: &Search, location: &Location) -> bool {
    search.matches(&|term: &Term| {
        Some(match term.field.as_str() {
            "location_id" | "id" => term.number(location.id.into()),
            "active" => term.text(if location.is_active { "true" } else { "false" }),
            "name" | "" => term.word(&location.name),
            "created_at" => term.time(location.created_at),
            "updated_at" => term.time(location.updated_at),
            _ => return None,
        })
    })
}

/// Whether the app may see an order of this age.
fn in_window(order: &Order, cx: &Context<'_>) -> bool {
    order.processed_at >= cx.now - ORDER_WINDOW || cx.grant.allows("read_all_orders")
}

/// The order with this id, if the app may see one of its age.
pub(super) fn visible_order<'a>(cx: &'a Context<'a>, id: u64) -> Option<&'a Order> {
    cx.shop
        .store
        .orders
        .get(&id)
        .filter(|order| in_window(order, cx))
}

pub(super) fn orders<'a>(field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    let (search, sort) = (search(field), sort(field, "PROCESSED_AT"));
    let rows = cx
        .shop
        .store
        .orders
        .values()
        .filter(|row| in_window(row, cx) && finds_order(&search, row));
    let key = |row: &'a Order| {
        let key = match sort {
            "PROCESSED_AT" => SortKey::Time(row.processed_at),
            "CREATED_AT" => SortKey::Time(row.created_at),
            "UPDATED_AT" => SortKey::Time(row.updated_at),
            "ORDER_NUMBER" => SortKey::Number(row.number),
            "TOTAL_PRICE" => SortKey::Number(row.total.shop.key()),
            "CURRENT_TOTAL_PRICE" => SortKey::Number(row.current_total().shop.key()),
            "TOTAL_ITEMS_QUANTITY" => {
                SortKey::Number(row.lines.iter().map(|line| line.quantity).sum())
            }
            "FINANCIAL_STATUS" => SortKey::Text(row.financial.as_deref().unwrap_or("").to_owned()),
            "FULFILLMENT_STATUS" => SortKey::Text(row.fulfillment.to_string()),
            "CUSTOMER_NAME" => SortKey::Text(
                row.customer
                    .as_ref()
                    .and_then(|c| c.last_name.clone())
                    .unwrap_or_default(),
            ),
            "PO_NUMBER" => SortKey::Text(row.po_number.clone().unwrap_or_default()),
            _ => by_number(row.id),
        };
        (row.id, key)
    };
    table(field, cx, rows, key, Object::Order)
}

pub(super) fn count_orders(search: &Search, cx: &Context<'_>) -> usize {
    let rows = cx.shop.store.orders.values();
    rows.filter(|row| in_window(row, cx) && finds_order(search, row))
        .count()
}

fn finds_order(search: &Search, order: &Order) -> bool {
    search.matches(&|term: &Term| {
        Some(match term.field.as_str() {
            "id" => term.number(order.id.into()),
            "name" => term.text(&order.name) || term.text(order.name.trim_start_matches('#')),
            "created_at" => term.time(order.created_at),
            "updated_at" => term.time(order.updated_at),
            "processed_at" => term.time(order.processed_at),
            "status" => match term.value.to_ascii_lowercase().as_str() {
                "open" => order.closed_at.is_none() && order.cancelled_at.is_none(),
                "closed" => order.closed_at.is_some(),
                "cancelled" => order.cancelled_at.is_some(),
                "not_closed" => order.closed_at.is_none(),
                _ => true,
            },
            "financial_status" => order
                .financial
                .as_deref()
                .is_some_and(|status| term.text(status)),
            "fulfillment_status" => term.text(&order.fulfillment),
            "test" => term.text(if order.test { "true" } else { "false" }),
            "email" => order.email.as_deref().is_some_and(|email| term.text(email)),
            "tag" => order.tags.iter().any(|tag| term.text(tag)),
            "tag_not" => !order.tags.iter().any(|tag| term.text(tag)),
            "customer_id" => order
                .customer
                .as_ref()
                .is_some_and(|customer| term.number(customer.id.into())),
            "sku" => order
                .lines
                .iter()
                .any(|l| l.sku.as_deref().is_some_and(|sku| term.text(sku))),
            "source_name" => order
                .source_name
                .as_deref()
                .is_some_and(|name| term.text(name)),
            "" => term.word(&order.name) || order.email.as_deref().is_some_and(|e| term.word(e)),
            _ => return None,
        })
    })
}

pub(super) fn payouts<'a>(field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    let (search, sort) = (search(field), sort(field, "ISSUED_AT"));
    let withdrawals = field
        .args
        .str("transactionType")
        .map(|kind| kind == "WITHDRAWAL");
    let rows = cx.shop.store.payouts.values().filter(|row| {
        withdrawals.is_none_or(|wanted| wanted == (row.net.signum() < 0))
            && search.matches(&|term: &Term| {
                Some(match term.field.as_str() {
                    "id" => term.number(row.id.into()),
                    "issued_at" => term.time(row.issued_at),
                    "status" => term.text(&row.status),
                    "currency" => term.text(row.currency.as_str()),
                    _ => return None,
                })
            })
    });
    let key = |row: &'a Payout| {
        let key = match sort {
            "ISSUED_AT" => SortKey::Time(row.issued_at),
            "AMOUNT" => SortKey::Number(row.net.key()),
            "STATUS" => SortKey::Text(row.status.to_string()),
            _ => by_number(row.id),
        };
        (row.id, key)
    };
    table(field, cx, rows, key, Object::Payout)
}

pub(super) fn balance<'a>(field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    let (search, sort) = (search(field), sort(field, "PROCESSED_AT"));
    let hide_transfers = field.args.flag("hideTransfers");
    let rows = cx.shop.store.balance.values().filter(|row| {
        !(hide_transfers && &*row.kind == "TRANSFER")
            && search.matches(&|term: &Term| {
                Some(match term.field.as_str() {
                    "id" => term.number(row.id.into()),
                    "processed_at" => term.time(row.at),
                    "payments_transfer_id" => row.payout.is_some_and(|id| term.number(id.into())),
                    "transaction_type" => term.text(&row.kind),
                    "order_name" => row
                        .order
                        .and_then(|id| cx.shop.store.orders.get(&id))
                        .is_some_and(|order| term.text(&order.name)),
                    _ => return None,
                })
            })
    });
    let key = |row: &'a BalanceTransaction| {
        let key = match sort {
            "PROCESSED_AT" => SortKey::Time(row.at),
            "AMOUNT" => SortKey::Number(row.amount.key()),
            "NET" => SortKey::Number(row.net.key()),
            "FEE" => SortKey::Number(row.fee.key()),
            _ => by_number(row.id),
        };
        (row.id, key)
    };
    table(field, cx, rows, key, Object::Balance)
}

pub(super) fn bulk_operations<'a>(field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    let search = search(field);
    let completed = sort(field, "CREATED_AT") == "COMPLETED_AT";
    let rows = cx.shop.bulk.of_app(&cx.grant.app).filter(|row| {
        search.matches(&|term: &Term| {
            Some(match term.field.as_str() {
                "id" => term.number(row.id.into()),
                "status" => term.text(row.status.name()),
                "operation_type" => term.text("query"),
                "created_at" => term.time(row.created_at),
                "completed_at" => row.completed_at.is_some_and(|time| term.time(time)),
                _ => return None,
            })
        })
    });
    let key = |row: &'a super::BulkOperation| {
        let time = if completed {
            row.completed_at
        } else {
            Some(row.created_at)
        };
        (
            row.id,
            SortKey::Time(time.unwrap_or(DateTime::<Utc>::MIN_UTC)),
        )
    };
    table(field, cx, rows, key, Object::Bulk)
}

pub(super) fn subscriptions<'a>(field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    let topics = field
        .args
        .get("topics")
        .and_then(|topics| topics.as_array());
    let rows = cx.shop.webhooks.of_app(&cx.grant.app).filter(|row| {
        topics.is_none_or(|topics| topics.iter().any(|topic| topic == row.topic.as_str()))
            && field.args.str("uri").is_none_or(|uri| uri == row.uri)
            && field
                .args
                .str("format")
                .is_none_or(|format| format == "JSON")
    });
    let key = |row: &'a super::Subscription| (row.id, SortKey::Time(row.created_at));
    table(field, cx, rows, key, Object::Subscription)
}
