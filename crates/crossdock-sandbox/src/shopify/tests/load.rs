//! Recorded replies become the shop.

use super::*;

fn file<'a>(path: &'a str, bytes: &'a [u8]) -> SeedFile<'a> {
    SeedFile {
        path,
        bytes,
        exchange: None,
    }
}

fn counts(bench: &Bench) -> Vec<u64> {
    bench
        .shopify
        .census()
        .into_iter()
        .map(|(_, count)| count)
        .collect()
}

#[test]
fn what_several_replies_say_of_an_object_is_joined() {
    let mut bench = Bench::new();
    let graphql = json!({ "data": { "product": { "id": "gid://shopify/Product/7", "title": "Mat",
        "variants": { "nodes": [{ "id": "gid://shopify/ProductVariant/70", "price": "9.5",
          "inventoryItem": { "id": "gid://shopify/InventoryItem/700", "inventoryLevels": { "edges": [
            { "node": { "id": "gid://shopify/InventoryLevel/5?inventory_item_id=700",
              "location": { "id": "gid://shopify/Location/3" },
              "quantities": [{ "name": "available", "quantity": 4 }] } }] } } }] } } } });
    let rest = json!({ "products": [{ "id": 7, "vendor": "Kite", "tags": "a, b", "title": null,
        "variants": [{ "id": 70, "product_id": 7, "sku": "M-1" }] }] });
    let level = json!({ "inventory_level": { "inventory_item_id": 700, "location_id": 3,
        "available": 6 } });
    for (path, value) in [
        ("shopify/admin-graphql/products/a.json", &graphql),
        ("shopify/admin-rest/products/b.json", &rest),
        ("shopify/admin-rest/inventory/c.json", &level),
    ] {
        let outcome = bench
            .shopify
            .load(&file(path, value.to_string().as_bytes()));
        assert!(
            matches!(outcome, SeedOutcome::Taken { .. }),
            "{path}: {outcome:?}"
        );
    }
    bench.shopify.settle(&mut bench.world);
    assert_eq!(counts(&bench), [1, 1, 0, 1, 0]);
    let store = &bench.shopify.shops[DEMO].store;
    let product = &store.products()[&7];
    assert_eq!((product.title.as_str(), &*product.vendor), ("Mat", "Kite"));
    assert_eq!(product.tags.len(), 2);
    assert_eq!(product.variants[0].sku.as_deref(), Some("M-1"));
    assert_eq!(
        product.variants[0].price,
        objects::Amount::parse("9.50").unwrap()
    );
}

#[test]
fn files_of_others_are_left_and_what_is_no_stream_is_passed() {
    let mut bench = Bench::new();
    for path in ["alias/catalog/a.json", "INDEX.md", "ebay/webhooks/a.json"] {
        assert_eq!(
            bench.shopify.load(&file(path, b"{}")),
            SeedOutcome::NotMine,
            "{path}"
        );
    }
    for (path, body) in [
        (
            "shopify/admin-rest/customers/a.json",
            "{\"customer\":{\"id\":1}}",
        ),
        ("shopify/admin-graphql/products/a.expected.json", "{}"),
        ("shopify/admin-graphql/products/a.json", "no json"),
        ("scale/uci-online-retail-2010-2011.csv.gz", ""),
    ] {
        let outcome = bench.shopify.load(&file(path, body.as_bytes()));
        assert!(
            matches!(outcome, SeedOutcome::Passed { .. }),
            "{path}: {outcome:?}"
        );
    }
    bench.shopify.settle(&mut bench.world);
    assert_eq!(
        counts(&bench)[0],
        40,
        "what was made up stays where nothing was loaded"
    );
}

/// Every recorded object is served once. Skipped where the recordings are absent.
#[test]
fn the_recordings_are_all_there() {
    let root =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/shopify");
    if !root.is_dir() {
        println!("skipped: {} is absent", root.display());
        return;
    }
    let (mut paths, mut folders) = (vec![], vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.to_string_lossy().ends_with(".http.json") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let mut bench = Bench::new();
    for path in &paths {
        let name = path
            .strip_prefix(&root)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        let bytes = std::fs::read(path).unwrap();
        let outcome = bench.shopify.load(&file(&name, &bytes));
        assert_ne!(outcome, SeedOutcome::NotMine, "{name}");
    }
    bench.shopify.settle(&mut bench.world);
    // Counted by hand over the files: products, levels by item and place, orders, places, payouts.
    assert_eq!(counts(&bench), [331, 17, 9, 12, 3]);
}
