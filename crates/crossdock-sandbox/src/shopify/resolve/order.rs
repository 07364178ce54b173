//! Fields of orders.

use std::borrow::Cow;

use serde_json::json;

use super::super::graphql::{Field, Resolved};
use super::super::objects::{Address, Bag, Order};
use super::parts::{bag, discounts, shipping_line, tax_lines};
use super::{Answer, Context, Object, head, nested};

pub(super) fn order<'a>(order: &'a Order, field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    if let Some(amount) = amount(order, field.name) {
        return Ok(bag(order, amount));
    }
    Ok(match field.name {
        "id" => Resolved::Gid("Order", order.id),
        "legacyResourceId" => Resolved::Digits(order.id),
        "name" => Resolved::str(&order.name),
        "number" => Resolved::Int(order.number),
        "createdAt" => Resolved::Time(order.created_at),
        "updatedAt" => Resolved::Time(order.updated_at),
        "processedAt" => Resolved::Time(order.processed_at),
        "cancelledAt" => Resolved::opt_time(order.cancelled_at),
        "closedAt" => Resolved::opt_time(order.closed_at),
        "closed" => Resolved::Bool(order.closed_at.is_some()),
        "cancelReason" => Resolved::opt(order.cancel_reason.as_deref()),
        "cancellation" if order.cancelled_at.is_some() => {
            Resolved::json(json!({ "staffNote": null }))
        }
        "currencyCode" => Resolved::Str(Cow::Owned(order.currency.as_str().to_owned())),
        "presentmentCurrencyCode" => {
            Resolved::Str(Cow::Owned(order.presentment.as_str().to_owned()))
        }
        "displayFinancialStatus" => Resolved::opt(order.financial.as_deref()),
        "displayFulfillmentStatus" => Resolved::str(&order.fulfillment),
        "returnStatus" => Resolved::str("NO_RETURN"),
        "test" => Resolved::Bool(order.test),
        "confirmed" => Resolved::Bool(order.confirmed),
        "taxesIncluded" => Resolved::Bool(order.taxes_included),
        "capturable" | "edited" | "estimatedTaxes" | "taxExempt" => Resolved::Bool(false),
        "fulfillable" => Resolved::Bool(
            order.cancelled_at.is_none() && order.lines.iter().any(|line| line.unfulfilled > 0),
        ),
        "requiresShipping" => Resolved::Bool(order.lines.iter().any(|line| line.requires_shipping)),
        "refundable" => Resolved::Bool(order.current_total().shop.signum() > 0),
        "unpaid" => Resolved::Bool(outstanding(order).shop.signum() > 0),
        "fullyPaid" => Resolved::Bool(outstanding(order).shop.signum() <= 0),
        "billingAddressMatchesShippingAddress" => {
            Resolved::Bool(match (&order.billing, &order.shipping) {
                (Some(billing), Some(shipping)) => billing.formatted() == shipping.formatted(),
                (billing, shipping) => billing.is_none() && shipping.is_none(),
            })
        }
        "note" => Resolved::opt(order.note.as_deref()),
        "poNumber" => Resolved::opt(order.po_number.as_deref()),
        "email" => Resolved::opt(order.email.as_deref()),
        "phone" => Resolved::opt(order.phone.as_deref()),
        "sourceName" => Resolved::opt(order.source_name.as_deref()),
        "customerJourneySummary" => journey(order),
        "app" => order.source_name.as_ref().map_or(Resolved::Null, |name| {
            Resolved::json(json!({ "id": "gid://shopify/App/580111", "name": name }))
        }),
        "tags" => Resolved::List(order.tags.iter().map(|tag| Resolved::str(tag)).collect()),
        "paymentGatewayNames" => Resolved::List(
            order
                .gateways
                .iter()
                .map(|name| Resolved::str(name))
                .collect(),
        ),
        "discountCode" => Resolved::opt(order.discount_codes.first().map(String::as_str)),
        "discountCodes" => Resolved::List(
            order
                .discount_codes
                .iter()
                .map(|code| Resolved::str(code))
                .collect(),
        ),
        "customAttributes" => Resolved::List(vec![]),
        "statusPageUrl" => Resolved::Str(Cow::Owned(format!(
            "https://{}/{}/orders/{}",
            cx.shop.store.info.domain, cx.shop.store.info.id, order.id
        ))),
        "customer" => order
            .customer
            .as_deref()
            .map_or(Resolved::Null, |customer| {
                let time = |time: chrono::DateTime<chrono::Utc>| {
                    time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
                };
                let name: Vec<&str> = [&customer.first_name, &customer.last_name]
                    .into_iter()
                    .flatten()
                    .map(String::as_str)
                    .collect();
                Resolved::json(json!({
                    "id": format!("gid://shopify/Customer/{}", customer.id),
                    "legacyResourceId": customer.id.to_string(),
                    "firstName": customer.first_name,
                    "lastName": customer.last_name,
                    "displayName": if name.is_empty() {
                        customer.email.clone().unwrap_or_default()
                    } else {
                        name.join(" ")
                    },
                    "email": customer.email,
                    "phone": customer.phone,
                    "locale": "en",
                    "note": null,
                    "numberOfOrders": "1",
                    "tags": [],
                    "taxExempt": false,
                    "verifiedEmail": customer.email.is_some(),
                    "createdAt": time(customer.created_at),
                    "updatedAt": time(customer.updated_at),
                }))
            }),
        "billingAddress" => address(order.billing.as_deref()),
        "shippingAddress" => address(order.shipping.as_deref()),
        "displayAddress" => address(order.shipping.as_deref().or(order.billing.as_deref())),
        "totalWeight" => Resolved::Digits(0),
        "subtotalLineItemsQuantity" => {
            Resolved::Int(order.lines.iter().map(|line| line.quantity).sum())
        }
        "currentSubtotalLineItemsQuantity" => Resolved::Int(
            order
                .lines
                .iter()
                .map(|line| line.quantity - line.removed)
                .sum(),
        ),
        "taxLines" | "currentTaxLines" => tax_lines(order, order.tax_lines.iter()),
        "discountApplications" => Resolved::json(discounts(order)),
        "fulfillmentsCount" => {
            Resolved::json(json!({ "count": order.fulfillments.len(), "precision": "EXACT" }))
        }
        "transactionsCount" => {
            Resolved::json(json!({ "count": order.transactions.len(), "precision": "EXACT" }))
        }
        "lineItems" => nested(field, cx, order.lines.iter().map(|l| (l.id, l)), |line| {
            Object::Line(order, line)
        })?,
        "shippingLine" => order.shipping_lines.first().map_or(Resolved::Null, |line| {
            Resolved::json(shipping_line(order, line))
        }),
        "shippingLines" => Resolved::json(
            order
                .shipping_lines
                .iter()
                .map(|line| shipping_line(order, line))
                .collect(),
        ),
        "refunds" => objects(head(field, order.refunds.iter()), |r| {
            Object::Refund(order, r)
        }),
        "transactions" => objects(head(field, order.transactions.iter()), |transaction| {
            Object::Transaction(order, transaction)
        }),
        "fulfillments" => objects(head(field, order.fulfillments.iter()), |fulfillment| {
            Object::Fulfillment(order, fulfillment)
        }),
        _ => Resolved::Null,
    })
}

/// One visit is the first and the last one: the sandbox's buyers buy when they first come.
fn journey(order: &Order) -> Resolved<'_> {
    let visit = order.visit.as_deref().map(|visit| {
        json!({
            "id": format!("gid://shopify/CustomerVisit/{}", visit.id),
            "occurredAt": visit.occurred_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            "landingPage": visit.landing_page,
            "referrerUrl": visit.referrer,
            "source": visit.utm.map_or("direct", |[source, ..]| source),
            "utmParameters": visit.utm.map(|[source, medium, campaign]| json!({
                "source": source,
                "medium": medium,
                "campaign": campaign,
                "term": null,
                "content": null,
            })),
        })
    });
    Resolved::json(json!({ "ready": true, "firstVisit": visit, "lastVisit": visit }))
}

fn objects<'a, T>(items: Vec<T>, object: impl Fn(T) -> Object<'a>) -> Resolved<'a> {
    Resolved::List(
        items
            .into_iter()
            .map(|item| Resolved::Object(object(item)))
            .collect(),
    )
}

fn outstanding(order: &Order) -> Bag {
    let received = order.received();
    if order.cancelled_at.is_some() || received == Bag::default() && order.transactions.is_empty() {
        return match order.financial.as_deref() {
            Some("PENDING" | "AUTHORIZED" | "PARTIALLY_PAID") => order.total,
            _ => Bag::default(),
        };
    }
    order.total - received
}

fn amount(order: &Order, name: &str) -> Option<Bag> {
    Some(match name {
        "totalPriceSet" | "originalTotalPriceSet" => order.total,
        "currentTotalPriceSet" => order.current_total(),
        "subtotalPriceSet" => order.subtotal,
        "currentSubtotalPriceSet" => {
            order.subtotal
                - order
                    .refunds
                    .iter()
                    .flat_map(|refund| &refund.lines)
                    .map(|l| l.subtotal)
                    .sum()
        }
        "totalTaxSet" => order.tax,
        "currentTotalTaxSet" => {
            order.tax
                - order
                    .refunds
                    .iter()
                    .flat_map(|refund| &refund.lines)
                    .map(|l| l.tax)
                    .sum()
        }
        "totalDiscountsSet" | "currentTotalDiscountsSet" => order.discounts,
        "totalShippingPriceSet" => order.shipping_price,
        "currentShippingPriceSet" => {
            order.shipping_price - order.refunds.iter().map(|refund| refund.shipping).sum()
        }
        "totalRefundedShippingSet" => order.refunds.iter().map(|refund| refund.shipping).sum(),
        "totalRefundedSet" => order.refunded(),
        "totalReceivedSet" => order.received(),
        "netPaymentSet" => order.received() - order.refunded(),
        "totalOutstandingSet" => outstanding(order),
        "totalTipReceivedSet" => order.tip,
        "totalCapturableSet" | "refundDiscrepancySet" => Bag::default(),
        _ => return None,
    })
}

fn address<'a>(address: Option<&Address>) -> Resolved<'a> {
    let Some(address) = address else {
        return Resolved::Null;
    };
    let area: Vec<&str> = [&address.city, &address.province_code, &address.country]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    Resolved::json(json!({
        "id": format!("gid://shopify/MailingAddress/{}?model_name=Address", address.id),
        "firstName": address.first_name,
        "lastName": address.last_name,
        "name": address.name(),
        "company": address.company,
        "address1": address.address1,
        "address2": address.address2,
        "city": address.city,
        "province": address.province,
        "provinceCode": address.province_code,
        "country": address.country,
        "countryCode": address.country_code,
        "countryCodeV2": address.country_code,
        "zip": address.zip,
        "phone": address.phone,
        "latitude": null,
        "longitude": null,
        "timeZone": null,
        "coordinatesValidated": false,
        "formatted": address.formatted(),
        "formattedArea": area.join(", "),
    }))
}
