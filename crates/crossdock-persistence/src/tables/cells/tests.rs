//! What a row is made of, and what is refused. That every model fits its table, and comes back as it
//! was, is tested on databases.

use serde_json::json;

use super::*;

const FIELDS: &[Field] = &[
    ("title", Kind::Text),
    ("price", Kind::Money),
    ("tags", Kind::Json),
    ("quantity", Kind::Int),
    ("at", Kind::Time),
    (
        "size",
        Kind::Group(&[("width", Kind::Real), ("cost", Kind::Money)]),
    ),
];

const TABLE: Table = Table {
    name: "things",
    model: connector_core::ModelKind::Native,
    fields: FIELDS,
    children: Some(&Children {
        field: "parts",
        name: "thing_parts",
        parent: "thing_id",
        fields: &[("sku", Kind::Text), ("cost", Kind::Money)],
    }),
};

/// A struct with these fields, of these values, made on the spot.
macro_rules! cells {
    ($($field:ident: $kind:ty = $value:expr),* $(,)?) => {{
        #[derive(Serialize)]
        struct Thing {
            $($field: $kind,)*
        }
        Cells::of_content(&Thing { $($field: $value,)* }, &TABLE)
    }};
}

#[derive(Serialize)]
struct Amount {
    minor: i64,
    currency: &'static str,
}

#[derive(Serialize)]
struct Size {
    width: f64,
    cost: Option<Amount>,
}

#[derive(Serialize)]
struct Part {
    sku: &'static str,
    cost: Option<Amount>,
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn amount() -> Amount {
    Amount {
        minor: 5,
        currency: "JPY",
    }
}

#[test]
fn each_field_is_in_its_cells_and_each_part_after_the_other() {
    let parts = [("a", None), ("b", Some(amount()))];
    let cells = cells! {
        title: &'static str = "x\0y",
        price: Amount = amount(),
        parts: Vec<Part> = parts.into_iter().map(|(sku, cost)| Part { sku, cost }).collect(),
        tags: serde_json::Value = json!(["a\0"]),
        at: &'static str = "2026-11-21T10:00:00.123456789Z",
    };
    assert_eq!(
        cells.unwrap(),
        Cells {
            own: vec![
                text("x\u{fffd}y"),
                Cell::Int(5),
                text("JPY"),
                text("[\"a\u{fffd}\"]"),
                Cell::Null,
                text("2026-11-21T10:00:00.123456+00:00"),
                Cell::Null,
                Cell::Null,
                Cell::Null,
            ],
            parts: vec![
                text("a"),
                Cell::Null,
                Cell::Null,
                text("b"),
                Cell::Int(5),
                text("JPY")
            ],
        }
    );
}

#[test]
fn an_object_of_a_group_is_in_cells_of_its_own() {
    let size = |width, cost| Size { width, cost };
    let cells = |size| cells! { size: Size = size }.map(|mut cells| cells.own.split_off(6));
    assert_eq!(
        cells(size(0.5, Some(amount()))).unwrap(),
        [Cell::Real(0.5), Cell::Int(5), text("JPY")]
    );
    assert_eq!(
        cells(size(-2.0, None)).unwrap(),
        [Cell::Real(-2.0), Cell::Null, Cell::Null]
    );
    for width in [f64::NAN, f64::INFINITY] {
        let refusal = cells(size(width, None)).map_err(|error| error.to_string());
        let why = StoreError::PageInvalid("a number is infinite, or none at all");
        assert_eq!(refusal, Err(why.to_string()));
    }
}

fn refused(why: &'static str) -> Result<Cells, String> {
    Err(StoreError::PageInvalid(why).to_string())
}

#[test]
fn what_has_no_column_is_refused() {
    let no_column = "a record has a field that this version of the store has no column for";
    let other_kind = "a field is not of its column's kind";
    for (cells, why) in [
        (cells! { unheard_of: bool = true }, no_column),
        (
            cells! { price: Option<Amount> = None, title: &'static str = "late" },
            no_column,
        ),
        (cells! { title: bool = true }, other_kind),
        (cells! { quantity: f64 = 1.0 }, other_kind),
        (cells! { price: i64 = 1 }, other_kind),
        (cells! { at: Vec<i64> = Vec::new() }, other_kind),
        (
            cells! { quantity: u64 = u64::MAX },
            "a number doesn't fit in 64 bits",
        ),
    ] {
        assert_eq!(cells.map_err(|error| error.to_string()), refused(why));
    }
}

#[test]
fn an_amount_without_its_currency_is_refused() {
    #[derive(Serialize)]
    struct Bare {
        minor: i64,
    }

    let cells = cells! { price: Bare = Bare { minor: 5 } };
    assert_eq!(
        cells.map_err(|error| error.to_string()),
        refused("an amount has no currency")
    );
}
