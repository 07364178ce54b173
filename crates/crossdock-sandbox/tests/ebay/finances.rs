//! Money: signatures, filters, and that everything adds up.

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};

use super::signing::{KEYS, Key};
use super::{Ebay, cents, encoded, hundredths};

const ROOT: &str = "apiz.ebay.com/sell/finances/v1";

/// An amount as it was before it was converted.
fn original(amount: &Value) -> i64 {
    match amount["convertedFromValue"].as_str() {
        Some(before) => hundredths(before),
        None => cents(amount),
    }
}

fn signed(transaction: &Value) -> i64 {
    let sign = if transaction["bookingEntry"] == "DEBIT" {
        -1
    } else {
        1
    };
    sign * cents(&transaction["amount"])
}

#[test]
fn a_payout_is_the_sum_of_its_transactions() {
    let mut ebay = Ebay::new();
    let key = Key::new(&mut ebay);
    let transactions = key.all(
        &mut ebay,
        &format!("{ROOT}/transaction?limit=50"),
        "transactions",
    );
    let payouts = key.all(&mut ebay, &format!("{ROOT}/payout"), "payouts");
    assert_eq!(payouts.len(), ebay.count("payouts"));
    for payout in &payouts {
        let its: Vec<&Value> = transactions
            .iter()
            .filter(|known| known["payoutId"] == payout["payoutId"])
            .collect();
        assert_eq!(payout["transactionCount"], its.len());
        assert_eq!(
            cents(&payout["amount"]),
            its.iter().map(|known| signed(known)).sum::<i64>()
        );
    }
    for status in ["INITIATED", "SUCCEEDED", "RETRYABLE_FAILED"] {
        assert!(
            payouts
                .iter()
                .any(|payout| payout["payoutStatus"] == status),
            "{status}"
        );
    }
    for status in [
        "FUNDS_ON_HOLD",
        "FUNDS_PROCESSING",
        "FUNDS_AVAILABLE_FOR_PAYOUT",
        "PAYOUT",
    ] {
        assert!(
            transactions
                .iter()
                .any(|known| known["transactionStatus"] == status),
            "{status}"
        );
    }
    for currency in ["USD", "EUR"] {
        assert!(
            transactions
                .iter()
                .any(|known| known["amount"]["convertedFromCurrency"] == currency)
        );
    }
}

#[test]
fn an_order_and_its_money_agree_to_the_penny() {
    let mut ebay = Ebay::new();
    let key = Key::new(&mut ebay);
    let transactions = key.all(
        &mut ebay,
        &format!("{ROOT}/transaction?limit=1000"),
        "transactions",
    );
    let from = (ebay.now - TimeDelta::days(729)).to_rfc3339_opts(SecondsFormat::Millis, true);
    let filter = encoded(&format!("creationdate:[{from}..]"));
    let (orders, _) = ebay.pages(
        &format!("api.ebay.com/sell/fulfillment/v1/order?filter={filter}"),
        "orders",
    );
    let mut compared = 0;
    for order in &orders {
        let of = |kind: &str| -> Vec<&Value> {
            transactions
                .iter()
                .filter(|it| it["orderId"] == order["orderId"] && it["transactionType"] == kind)
                .collect()
        };
        let pricing = &order["pricingSummary"];
        let part = |name: &str| pricing.get(name).map_or(0, cents);
        let total = part("total");
        assert_eq!(
            total,
            part("priceSubtotal") + part("priceDiscount") + part("deliveryCost")
        );
        let lines = order["lineItems"].as_array().unwrap();
        assert_eq!(
            total,
            lines.iter().map(|line| cents(&line["total"])).sum::<i64>()
        );
        let sales = of("SALE");
        let [sale] = sales.as_slice() else {
            assert!(matches!(
                order["orderPaymentStatus"].as_str(),
                Some("PENDING" | "FAILED")
            ));
            continue;
        };
        compared += 1;
        let fee = cents(&order["totalMarketplaceFee"]);
        assert_eq!(original(&sale["totalFeeBasisAmount"]), total);
        assert_eq!(original(&sale["totalFeeAmount"]), fee);
        assert_eq!(original(&sale["amount"]), total - fee);
        assert_eq!(
            cents(&sale["amount"]),
            cents(&sale["totalFeeBasisAmount"]) - cents(&sale["totalFeeAmount"])
        );
        let fees = sale["orderLineItems"].as_array().unwrap().iter();
        let fees = fees.flat_map(|line| line["marketplaceFees"].as_array().unwrap());
        assert_eq!(
            fees.map(|fee| cents(&fee["amount"])).sum::<i64>(),
            cents(&sale["totalFeeAmount"])
        );
        let taxes: i64 = lines
            .iter()
            .filter_map(|line| line["ebayCollectAndRemitTaxes"].as_array())
            .flatten()
            .map(|tax| cents(&tax["amount"]))
            .sum();
        assert_eq!(
            sale.get("ebayCollectedTaxAmount").map_or(0, original),
            taxes
        );
        let refunds = order["paymentSummary"]["refunds"].as_array().unwrap();
        let given: i64 = refunds.iter().map(|refund| cents(&refund["amount"])).sum();
        let booked = of("REFUND");
        let basis = |it: &&Value| original(&it["totalFeeBasisAmount"]);
        assert_eq!(booked.iter().map(basis).sum::<i64>(), given);
        let net: i64 = booked.iter().map(|it| original(&it["amount"])).sum();
        let due = cents(&order["paymentSummary"]["totalDueSeller"]);
        assert_eq!(due, total - fee - net);
    }
    assert!(compared > 60, "only {compared}");
}

#[test]
fn who_must_sign_must_sign_rightly() {
    let mut ebay = Ebay::new();
    let key = Key::new(&mut ebay);
    let payouts = format!("{ROOT}/payout");
    assert_eq!(
        ebay.call("GET", &payouts, &[], None).error(),
        (403, 215_001)
    );
    let wrong = key.call_as(&mut ebay, "GET", &payouts, "api.example.com", None);
    assert_eq!(wrong.error(), (403, 215_122));
    assert_eq!(
        key.call(&mut ebay, "GET", &format!("{payouts}?limit=1"), None)
            .status,
        200
    );
    let other = Key {
        jwe: "made up".to_owned(),
        secret: key.secret.clone(),
    };
    assert_eq!(
        other.call(&mut ebay, "GET", &payouts, None).error(),
        (403, 215_120)
    );

    // A client that signs where it connects to, with and without the port.
    let reached = [
        ("127.0.0.1:9400", "127.0.0.1:9400"),
        ("127.0.0.1:9400", "127.0.0.1"),
    ];
    for (host, authority) in reached {
        let mut headers = key.headers("GET", &payouts, authority, "");
        headers.push(("host".to_owned(), host.to_owned()));
        let headers: Vec<_> = headers
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            ebay.call("GET", &payouts, &headers, None).status,
            200,
            "{authority}"
        );
    }

    ebay.control("seller/domicile", &json!({"country": "US"}));
    assert_eq!(ebay.call("GET", &payouts, &[], None).status, 200);
    let enforced = [("x-ebay-enforce-signature", "true")];
    assert_eq!(
        ebay.call("GET", &payouts, &enforced, None).error(),
        (403, 215_001)
    );
}

#[test]
fn a_refund_is_signed_pending_and_then_booked() {
    let mut ebay = Ebay::new();
    let key = Key::new(&mut ebay);
    let order = ebay.control("order/create", &json!({}))["order"].clone();
    let path = format!(
        "api.ebay.com/sell/fulfillment/v1/order/{}",
        order.as_str().unwrap()
    );
    let total = ebay.get(&path)["pricingSummary"]["total"].clone();
    let refund = format!("{path}/issue_refund");
    let body = json!({"reasonForRefund": "BUYER_RETURN", "orderLevelRefundAmount": total});
    assert_eq!(
        ebay.call("POST", &refund, &[], Some(&body)).error(),
        (403, 215_001)
    );
    let mut other = key.headers("POST", &refund, "api.ebay.com", "{\"another\":\"body\"}");
    let other: Vec<_> = other
        .iter_mut()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    assert_eq!(
        ebay.call("POST", &refund, &other, Some(&body)).error(),
        (403, 215_104)
    );

    let much = json!({"value": "99999.0", "currency": total["currency"]});
    let much = json!({"reasonForRefund": "BUYER_RETURN", "orderLevelRefundAmount": much});
    assert_eq!(
        key.call(&mut ebay, "POST", &refund, Some(&much)).error(),
        (400, 34915)
    );
    let issued = key.call(&mut ebay, "POST", &refund, Some(&body));
    assert_eq!(
        (issued.status, &issued.body["refundStatus"]),
        (200, &json!("PENDING"))
    );
    assert_eq!(
        key.call(&mut ebay, "POST", &refund, Some(&body)).error(),
        (400, 34922)
    );
    ebay.advance(TimeDelta::minutes(2));
    let after = ebay.get(&path);
    assert_eq!(after["orderPaymentStatus"], "FULLY_REFUNDED");
    assert_eq!(
        after["paymentSummary"]["refunds"][0]["refundStatus"],
        "REFUNDED"
    );
    assert_eq!(
        key.call(&mut ebay, "POST", &refund, Some(&body)).error(),
        (400, 34917)
    );
    let filter = encoded(&format!(
        "orderId:{{{}}},transactionType:{{REFUND}}",
        order.as_str().unwrap()
    ));
    let booked = key.all(
        &mut ebay,
        &format!("{ROOT}/transaction?filter={filter}"),
        "transactions",
    );
    assert_eq!(booked.len(), 1);

    let before = ebay.count("payouts");
    ebay.control("order/create", &json!({}));
    ebay.control("payout/create", &json!({}));
    assert_eq!(ebay.count("payouts"), before + 1);
}

#[test]
fn nothing_found_is_no_content() {
    let mut ebay = Ebay::new();
    let key = Key::new(&mut ebay);
    for (path, filter) in [
        ("transaction", "orderId:{none}"),
        ("payout", "payoutStatus:{REVERSED}"),
    ] {
        let path = format!("{ROOT}/{path}?filter={}", encoded(filter));
        let answer = key.call(&mut ebay, "GET", &path, None);
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    }
    let gone = key.call(&mut ebay, "GET", &format!("{ROOT}/payout/1"), None);
    assert_eq!(gone.error(), (404, 135_001));
}

#[test]
fn ranges_sorting_and_what_is_wrong_with_them() {
    let mut ebay = Ebay::new();
    let key = Key::new(&mut ebay);
    let at =
        |days: i64| (ebay.now - TimeDelta::days(days)).to_rfc3339_opts(SecondsFormat::Millis, true);
    // Without an end, ninety days.
    let open = encoded(&format!("transactionDate:[{}..]", at(400)));
    let closed = encoded(&format!("transactionDate:[{}..{}]", at(400), at(310)));
    let four = encoded(&format!("transactionDate:[{}..{}]", at(1_500), at(1)));
    let old = encoded(&format!("payoutDate:[{}..{}]", at(2_000), at(1_990)));
    let list = |ebay: &mut Ebay, filter: &str, sort: &str| {
        let path = format!("{ROOT}/transaction?limit=1000&filter={filter}{sort}");
        key.all(ebay, &path, "transactions")
    };
    let found = list(&mut ebay, &open, "");
    assert_eq!(found, list(&mut ebay, &closed, ""));
    let mut ascending = list(&mut ebay, &open, "&sort=transactionDate");
    assert_ne!(found, ascending);
    ascending.reverse();
    assert_eq!(found, ascending);
    for (query, number) in [
        (format!("transaction?filter={four}"), 135_008),
        (format!("payout?filter={old}"), 135_004),
        ("transaction?limit=1001".to_owned(), 135_003),
        ("payout?limit=201".to_owned(), 135_003),
        ("transaction?sort=amount".to_owned(), 135_005),
        (
            format!("transaction?filter={}", encoded("transactionType:{GIFT}")),
            135_006,
        ),
        (
            format!("transaction?filter={}", encoded("transactionStatus:{GONE}")),
            135_007,
        ),
        (
            format!("transaction?filter={}", encoded("transactionId:{1}")),
            135_009,
        ),
        (
            format!("payout?filter={}", encoded("payoutStatus:{GONE}")),
            135_002,
        ),
        ("transaction_summary".to_owned(), 135_011),
    ] {
        let refused = key.call(&mut ebay, "GET", &format!("{ROOT}/{query}"), None);
        assert_eq!(refused.error(), (400, number), "{query}");
    }
}

#[test]
fn sums_are_those_of_the_lists() {
    let mut ebay = Ebay::new();
    let key = Key::new(&mut ebay);
    let payouts = key.all(&mut ebay, &format!("{ROOT}/payout?limit=200"), "payouts");
    let sum = key
        .call(&mut ebay, "GET", &format!("{ROOT}/payout_summary"), None)
        .body;
    assert_eq!(sum["payoutCount"], payouts.len());
    let amounts = payouts
        .iter()
        .map(|payout| cents(&payout["amount"]))
        .sum::<i64>();
    assert_eq!(cents(&sum["amount"]), amounts);
    let filter = encoded("transactionStatus:{PAYOUT}");
    let kinds = key
        .call(
            &mut ebay,
            "GET",
            &format!("{ROOT}/transaction_summary?filter={filter}"),
            None,
        )
        .body;
    let of = |name: &str| {
        let sign = if kinds[format!("{name}BookingEntry")] == "DEBIT" {
            -1
        } else {
            1
        };
        kinds
            .get(format!("{name}Amount"))
            .map_or(0, |amount| sign * cents(amount))
    };
    let all = ["credit", "refund", "nonSaleCharge", "shippingLabel"].map(of);
    assert_eq!(all.iter().sum::<i64>(), amounts);
    let funds = key
        .call(
            &mut ebay,
            "GET",
            &format!("{ROOT}/seller_funds_summary"),
            None,
        )
        .body;
    assert_eq!(
        cents(&funds["totalFunds"]),
        ["availableFunds", "fundsOnHold", "processingFunds"]
            .map(|name| cents(&funds[name]))
            .iter()
            .sum::<i64>()
    );
}

#[test]
fn a_key_tells_its_secret_once() {
    let mut ebay = Ebay::new();
    let key = Key::new(&mut ebay);
    let known = ebay.app("GET", KEYS, None).body;
    assert_eq!(known["signingKeys"][0]["jwe"], key.jwe);
    assert!(known["signingKeys"][0].get("privateKey").is_none());
    let odd = ebay.app("POST", KEYS, Some(&json!({"signingKeyCipher": "ROT13"})));
    assert_eq!(odd.error(), (400, 210_001));
    assert_eq!(
        ebay.app("GET", &format!("{KEYS}/none"), None).error(),
        (404, 210_002)
    );
}
