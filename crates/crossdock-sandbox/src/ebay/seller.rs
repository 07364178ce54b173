//! Who the seller is: the Identity API's `user`, and what of the Account API tells about a seller.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;

use super::oauth::{Grant, USER};
use super::refusal::{Outcome, Refusal};

/// The name that the seller chose.
pub(super) const USERNAME: &str = "crossdock-demo-seller";

/// `GET user/`: what of the seller the token's scopes show.
pub(super) fn identity(call: &Call<'_>, path: &[&str], grant: &Grant) -> Outcome<Response<Bytes>> {
    if *call.method != Method::GET || path != ["user"] {
        return Err(Refusal::no_such_resource());
    }
    let user = grant.user.as_deref().unwrap_or(USER);
    let shows = |scope: &str| grant.allows(&[scope]);
    let mut business = json!({"doingBusinessAs": "Crossdock Demo"});
    if let Value::Object(fields) = &mut business {
        if shows("commerce.identity.name.readonly") {
            fields.insert("name".to_owned(), json!("Crossdock Demo Ltd"));
        }
        if shows("commerce.identity.email.readonly") {
            fields.insert("email".to_owned(), json!("seller@example.com"));
        }
        if shows("commerce.identity.phone.readonly") {
            let phone = json!({"countryCode": "44", "number": "2079460000", "phoneType": "MOBILE"});
            fields.insert("primaryPhone".to_owned(), phone);
        }
        if shows("commerce.identity.address.readonly") {
            let address = json!({
                "addressLine1": "1 Example Wharf",
                "city": "London",
                "postalCode": "E14 0XX",
                "country": "GB",
            });
            fields.insert("address".to_owned(), address);
        }
    }
    let body = json!({
        "userId": user,
        "username": USERNAME,
        "accountType": "BUSINESS",
        "registrationMarketplaceId": "EBAY_GB",
        "status": "CONFIRMED",
        "businessAccount": business,
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// The reading operations of the Account API: privileges, policies, programmes.
pub(super) fn account(call: &Call<'_>, path: &[&str]) -> Outcome<Response<Bytes>> {
    if *call.method != Method::GET {
        return Err(Refusal::no_such_resource());
    }
    let body = match path {
        ["privilege"] => json!({
            "sellerRegistrationCompleted": true,
            "sellingLimit": {"amount": {"value": "50000.0", "currency": "GBP"}, "quantity": 5_000},
        }),
        ["program", "get_opted_in_programs"] => {
            json!({"programs": [{"programType": "SELLING_POLICY_MANAGEMENT"}]})
        }
        [kind @ ("fulfillment_policy" | "payment_policy" | "return_policy")] => {
            policies(call, kind)?
        }
        _ => return Err(Refusal::no_such_resource()),
    };
    Ok(answer::json(StatusCode::OK, &body))
}

/// All policies of a kind on a site: one, here.
fn policies(call: &Call<'_>, kind: &str) -> Outcome<Value> {
    let missing = || {
        Refusal::bad(20401, "API_ACCOUNT", "marketplace_id is missing.")
            .with("fieldName", "marketplace_id")
    };
    let marketplace = call.query("marketplace_id").ok_or_else(missing)?;
    let (list, id, number) = match kind {
        "fulfillment_policy" => ("fulfillmentPolicies", "fulfillmentPolicyId", "1"),
        "payment_policy" => ("paymentPolicies", "paymentPolicyId", "2"),
        _ => ("returnPolicies", "returnPolicyId", "3"),
    };
    let mut policy = json!({
        "name": format!("Demo {}", kind.replace('_', " ")),
        "marketplaceId": marketplace,
        "categoryTypes": [{"name": "ALL_EXCLUDING_MOTORS_VEHICLES", "default": true}],
    });
    if let Value::Object(fields) = &mut policy {
        fields.insert(id.to_owned(), json!(policy_id(marketplace, number)));
        let own = match kind {
            "fulfillment_policy" => json!({
                "handlingTime": {"value": 1, "unit": "DAY"},
                "freightShipping": false,
                "globalShipping": false,
                "localPickup": false,
                "pickupDropOff": false,
            }),
            "payment_policy" => json!({"immediatePay": true}),
            _ => json!({"returnsAccepted": true}),
        };
        if let Value::Object(own) = own {
            fields.extend(own);
        }
    }
    let mut body = json!({"total": 1});
    if let Value::Object(fields) = &mut body {
        fields.insert(list.to_owned(), json!([policy]));
    }
    Ok(body)
}

/// The number of a site's policy of a kind.
pub(super) fn policy_id(marketplace: &str, kind: &str) -> String {
    let site = match marketplace {
        "EBAY_US" => "0",
        "EBAY_GB" => "3",
        "EBAY_DE" => "77",
        _ => "99",
    };
    format!("6{site:0>4}{kind}00000")
}
