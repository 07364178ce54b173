//! The Merchant API.

use serde_json::json;

use crate::Google;

const PRODUCTS: &str = "merchantapi.googleapis.com/products/v1/accounts/500100200/products";

#[test]
fn products_are_read_whole_and_one_by_one() {
    let mut google = Google::new();
    let accounts = google.get("merchantapi.googleapis.com/accounts/v1/accounts");
    assert_eq!(accounts["accounts"][0]["accountId"], "500100200");
    assert_eq!(
        google.get(PRODUCTS)["products"].as_array().unwrap().len(),
        25
    );
    let large = google.get(&format!("{PRODUCTS}?pageSize=5000"));
    assert_eq!(large["products"].as_array().unwrap().len(), 1_000);
    let all = google.pages(&format!("{PRODUCTS}?pageSize=1000"), "products");
    assert_eq!(all.len(), google.count("products"));
    assert!(
        all.iter()
            .any(|it| it["productAttributes"]["price"]["currencyCode"] == "JPY")
    );
    assert!(
        all.iter()
            .any(|it| it["productStatus"]["itemLevelIssues"].is_array())
    );
    assert!(all.iter().any(|it| it["legacyLocal"] == true));
    let odd = all
        .iter()
        .find(|it| it["offerId"].as_str().unwrap().contains('/'))
        .unwrap();
    let encoded = odd["base64EncodedName"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap();
    assert_eq!(&google.get(&format!("{PRODUCTS}/{encoded}")), odd);
    assert_eq!(
        google.call(&format!("{PRODUCTS}/da~DK~none"), None).status,
        404
    );
    assert_eq!(
        google
            .call(&PRODUCTS.replace("500100200", "1"), None)
            .status,
        403
    );
    let token = google.get(PRODUCTS)["nextPageToken"]
        .as_str()
        .unwrap()
        .to_owned();
    let foreign = format!("merchantapi.googleapis.com/accounts/v1/accounts?pageToken={token}");
    assert_eq!(google.call(&foreign, None).status, 400);
}

#[test]
fn everything_is_refused_until_the_project_is_registered() {
    let mut google = Google::new();
    google.control("merchant/register", &json!({"registered": false}));
    assert_eq!(google.call(PRODUCTS, None).status, 401);
    let register = "merchantapi.googleapis.com/accounts/v1/accounts/500100200/developerRegistration:registerGcp";
    google.post(
        register,
        &json!({"developerEmail": "owner@sandbox.example"}),
    );
    google.get(PRODUCTS);
}

#[test]
fn the_control_api_makes_changes_and_takes_products_away() {
    let mut google = Google::new();
    let before = google.count("products");
    let made = google.control("product/create", &json!({"title": "Ny kjole"}));
    let name = made["name"].as_str().unwrap();
    google.control(
        "product/update",
        &json!({"name": name, "availability": "OUT_OF_STOCK"}),
    );
    let shown = google.get(&format!(
        "{PRODUCTS}/{}",
        name.replace(' ', "%20").replace('/', "%2F")
    ));
    assert_eq!(shown["productAttributes"]["title"], "Ny kjole");
    assert_eq!(shown["productAttributes"]["availability"], "OUT_OF_STOCK");
    google.control("product/delete", &json!({ "name": name }));
    assert_eq!(google.count("products"), before);
}
