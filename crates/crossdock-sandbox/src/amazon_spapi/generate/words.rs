//! Words that things and people are made of. None of them is anybody's.

pub(super) const THINGS: &[(&str, &str)] = &[
    ("Travel Mug", "DRINKING_CUP"),
    ("Café-Tasse »Nordlicht«", "DRINKING_CUP"),
    ("Desk Lamp", "LAMP"),
    ("Yoga Mat", "EXERCISE_MAT"),
    ("Matcha Bowl 抹茶碗", "BOWL"),
    ("Backpack", "BACKPACK"),
    ("Bread Basket Zürich", "BASKET"),
    ("Garden Shears", "PRUNING_SHEARS"),
    ("Notebook, dotted", "PAPER_PRODUCT"),
    ("Señorita Fan", "FAN"),
    ("Rain Jacket", "COAT"),
    ("Phone Stand", "PHONE_ACCESSORY"),
];

pub(super) const SHADES: &[&str] = &["Slate", "Rust", "Fern", "Sand", "Plum", "Ink", "Chalk"];

pub(super) const BRANDS: &[&str] = &["Lumen & Moss", "Kestrel Works", "Øresund", "Papelería Dos"];

pub(super) const PEOPLE: &[&str] = &[
    "Ada Testperson",
    "Jürgen Beispiel",
    "Zoë Sample",
    "José Ejemplo",
    "試験 花子",
    "Noël Exemple",
    "Åsa Exempel",
];

pub(super) const TOWNS: &[&str] = &["Testville", "Musterstadt", "Ville-Exemple", "例市"];

/// What a cancelled item says, and who cancelled it.
pub(super) const CANCELLATIONS: &[(&str, &str)] = &[
    ("BUYER", "Ordered by mistake"),
    ("MERCHANT", "No inventory"),
    ("AMAZON", "Payment declined"),
];
