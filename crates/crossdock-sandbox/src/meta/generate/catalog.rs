//! The business's catalogue.

use serde_json::{Value, json};

use super::super::graph::{Kind, Node};
use super::{BUSINESS, Maker};

/// The catalogue of prints and vouchers.
pub(in super::super) const CATALOG: &str = "500000000000001";

/// What is sold.
const GOODS: &[&str] = &[
    "Prent 30×40 „Haustljós“",
    "Gjafabréf – portrett",
    "Photo book, linen",
    "額装プリント",
    "Ramme, eg",
];

pub(super) fn fill(maker: &mut Maker<'_>) {
    let count = u64::from(maker.size.products);
    let fields =
        json!({ "name": "Ljósbrot vörur", "product_count": count, "vertical": "commerce" });
    let node = Node::new(Kind::Catalog, CATALOG, BUSINESS, fields).link("business", BUSINESS);
    maker
        .graph
        .append(node, &[(BUSINESS, "owned_product_catalogs")]);
    for number in 1..=count {
        let id = format!("6000000000{number:06}");
        let index = usize::try_from(number).unwrap_or(0) % GOODS.len();
        let name = GOODS.get(index).copied().unwrap_or_default();
        let (currency, price) = match number % 7 {
            3 => ("JPY", format!("¥{}", maker.random.between(2, 30) * 500)),
            5 => ("USD", format!("${}.00", maker.random.between(10, 400))),
            _ => (
                "EUR",
                format!(
                    "€{}.{:02}",
                    maker.random.between(10, 400),
                    maker.random.between(0, 99)
                ),
            ),
        };
        let availability = match number % 9 {
            2 => "out of stock",
            6 => "preorder",
            8 => "discontinued",
            _ => "in stock",
        };
        let mut fields = json!({
            "retailer_id": format!("LJB-{number:04}"),
            "name": format!("{name} no. {number}"),
            "price": price,
            "currency": currency,
            "availability": availability,
            "condition": "new",
            "url": format!("https://ljosbrot.example/prent/{number}?utm_source=facebook&utm_medium=shop"),
            "image_url": format!("https://scontent.example/products/{id}.jpg"),
            "review_status": if number % 11 == 4 { "rejected" } else { "approved" },
            "visibility": if number % 13 == 5 { "staging" } else { "published" },
        });
        if let Value::Object(fields) = &mut fields {
            if number % 4 != 0 {
                fields.insert("description".to_owned(), "Prentað á bómullarpappír.".into());
                fields.insert("brand".to_owned(), "Ljósbrot".into());
            }
            if number % 3 == 0 {
                fields.insert("inventory".to_owned(), maker.random.between(0, 40).into());
            }
            if number % 5 == 0 {
                let sale = match currency {
                    "JPY" => "¥900",
                    "USD" => "$9.90",
                    _ => "€9.90",
                };
                fields.insert("sale_price".to_owned(), sale.into());
            }
        }
        let node = Node::new(Kind::Product, &id, BUSINESS, fields).link("product_catalog", CATALOG);
        maker.graph.append(node, &[(CATALOG, "products")]);
    }
}
