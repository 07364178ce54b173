//! The things that all accounts sell.

use crate::random::Random;

use super::words::{BRANDS, SHADES, THINGS};

/// One thing.
#[derive(Clone, Debug)]
pub(super) struct Product {
    pub(super) number: u32,
    pub(super) asin: String,
    pub(super) name: String,
    pub(super) brand: &'static str,
    pub(super) kind: &'static str,
    /// Its price in cents of a dollar.
    pub(super) cents: i64,
    /// What its SKUs begin with.
    pub(super) stem: String,
    pub(super) ean: String,
}

impl Product {
    /// The SKU that Amazon sends out; nothing for what only the seller does.
    pub(super) fn by_amazon(&self) -> Option<String> {
        (self.number % 10 != 9).then(|| format!("{}-FBA", self.stem))
    }

    /// The SKU that the seller sends out.
    pub(super) fn by_seller(&self) -> Option<String> {
        (self.number.is_multiple_of(3) || self.number % 10 == 9).then(|| self.stem.clone())
    }
}

/// All of them.
pub(super) fn all(seed: u64, count: u32) -> Vec<Product> {
    (0..count).map(|number| product(seed, number)).collect()
}

fn product(seed: u64, number: u32) -> Product {
    let mut random = Random::for_thing(seed, &["amazon", "product", &number.to_string()]);
    let (thing, kind) = random.pick(THINGS).copied().unwrap_or_default();
    let shade = random.pick(SHADES).copied().unwrap_or_default();
    let brand = random.pick(BRANDS).copied().unwrap_or_default();
    let cents = i64::try_from(random.between(8, 140)).unwrap_or(10) * 100 + 99;
    // One SKU holds everything that has to be escaped in a path.
    let stem = if number == 4 {
        "LM/12 A+".to_owned()
    } else {
        format!("LM-{number:04}")
    };
    let ean = format!("20{:011}", random.between(0, 99_999_999_999));
    Product {
        number,
        asin: asin(&mut random),
        name: format!("{thing} {shade} No. {number}"),
        brand,
        kind,
        cents,
        stem,
        ean,
    }
}

/// Ten characters that begin as those of today's items do.
fn asin(random: &mut Random) -> String {
    const LETTERS: &[char] = &[
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'B', 'C', 'D', 'F', 'G', 'H', 'J', 'K',
        'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
    ];
    let tail: String = (0..8).filter_map(|_| random.pick(LETTERS)).collect();
    format!("B0{tail}")
}
