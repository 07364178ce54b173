//! What is connected is synced, read back, looked up and left.

use crate::bench::{Crossdock, Sandbox, text};

#[test]
fn a_token_is_typed_everything_is_synced_and_read_back() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    let output = crossdock.connect_alias("sbx_pat_demo");
    assert!(output.status.success(), "{}", text(&output.stderr));

    let tested = crossdock.json(&["test", "alias"]);
    assert_eq!(tested[0]["account"]["name"], "Test");

    let synced = crossdock.json(&["sync", "--stream", "listings", "--stream", "orders"]);
    let streams = synced[0][0]["streams"].as_array().unwrap();
    assert_eq!(streams.len(), 2);
    for stream in streams {
        assert_eq!(stream["status"], "completed", "{stream}");
        assert!(stream["inserted"].as_u64().unwrap() > 0, "{stream}");
    }

    let orders = crossdock.json(&["records", "orders", "--limit", "0"]);
    assert_eq!(orders.len(), 15);
    assert!(
        orders
            .iter()
            .all(|order| order["value"]["currency"] == "USD")
    );
    let csv = crossdock.succeed(&["records", "orders", "--output", "csv", "--limit", "0"]);
    assert_eq!(csv.lines().count(), 16);

    let changes = crossdock.json(&["changes", "--after", "0", "--limit", "10000"]);
    let numbers: Vec<_> = changes
        .iter()
        .map(|c| c["sequence"].as_u64().unwrap())
        .collect();
    assert_eq!(
        numbers,
        (1..=u64::try_from(changes.len()).unwrap()).collect::<Vec<_>>()
    );

    let again = crossdock.json(&["sync", "--stream", "listings", "--stream", "orders"]);
    for stream in again[0][0]["streams"].as_array().unwrap() {
        assert_eq!(
            (&stream["inserted"], &stream["updated"]),
            (&0.into(), &0.into()),
            "{stream}"
        );
    }
    let last = numbers.last().unwrap().to_string();
    assert!(crossdock.json(&["changes", "--after", &last]).is_empty());
    assert_eq!(crossdock.json(&["runs"])[0].as_array().unwrap().len(), 4);
}

#[test]
fn samples_are_looked_up_and_are_what_was_stored() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    assert!(crossdock.connect_alias("sbx_pat_demo").status.success());
    crossdock.json(&["sync", "--stream", "listings", "--stream", "orders"]);
    let checks = crossdock.json(&["verify", "alias", "--sample", "5"]);
    for stream in ["listings", "orders"] {
        let check = checks[0]
            .as_array()
            .unwrap()
            .iter()
            .find(|c| c["stream"] == stream)
            .unwrap();
        assert_eq!(
            (&check["looked_up"], &check["equal"]),
            (&5.into(), &5.into()),
            "{check}"
        );
    }

    // The platform moves on; the store doesn't know yet.
    let listing = crossdock
        .json(&["records", "listings", "--limit", "1"])
        .remove(0);
    sandbox.control(
        "alias/listing/price",
        &serde_json::json!({ "id": listing["external_id"], "price_cents": 98700 }),
    );
    let (code, said) = crossdock.fail(&["verify", "alias", "--sample", "1"]);
    assert_eq!(code, 75, "{said}");
    assert!(said.contains("differs"), "{said}");
}

#[test]
fn what_a_platform_can_not_do_is_said_and_leaving_says_what_became_of_the_grant() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    assert!(crossdock.connect_alias("sbx_pat_demo").status.success());
    let (code, said) = crossdock.fail(&["webhooks", "list", "alias"]);
    assert_eq!(code, 64, "{said}");
    let (code, said) = crossdock.fail(&["webhooks", "subscribe", "alias"]);
    assert_eq!(code, 64);
    assert!(said.contains("--deliver-to"), "{said}");
    let left = crossdock.json(&["disconnect", "alias", "--yes"]);
    assert_eq!(left[0]["outcome"]["grant"], "stays");
}

#[test]
fn a_token_of_an_older_system_is_imported() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    let file = crossdock.data_dir().join("token");
    std::fs::write(&file, "sbx_pat_demo\n").unwrap();
    let words = [
        "keys",
        "import",
        "alias",
        "--field",
        "account_name=Old",
        "--from",
    ];
    let mut words: Vec<&str> = words.to_vec();
    words.push(file.to_str().unwrap());
    crossdock.succeed(&words);
    assert_eq!(
        crossdock.json(&["test", "alias"])[0]["account"]["name"],
        "Old"
    );
}
