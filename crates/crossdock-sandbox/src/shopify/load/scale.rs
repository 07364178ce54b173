//! The scale set: the UCI "Online Retail" invoices as orders of a shop in pounds.
//!
//! An invoice is an order, by the number that its digits make; its rows are the lines, in their
//! order. Rows with a negative quantity are kept as they are: in an invoice that begins with `C`
//! (a cancellation, which the source books as an invoice of its own) the order is cancelled and
//! refunded and its amounts are positive; elsewhere (stock write-offs, bad debt) the line counts
//! as zero pieces, because an order can't hold less than none. Nothing is left out: every invoice
//! is an order, every row a line.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read as _};
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Utc};
use flate2::read::GzDecoder;

use crate::shopify::objects::{Amount, Bag, Currency, Customer, LineItem, Order, Transaction};
use crate::shopify::store::Store;

/// Where the numbers of orders, cancellations, lines and customers begin.
const ORDERS: u64 = 4_000_000_000_000;
const CANCELLATIONS: u64 = 4_100_000_000_000;
const ADJUSTMENTS: u64 = 4_200_000_000_000;
const LINES: u64 = 4_300_000_000_000;
const TRANSACTIONS: u64 = 4_400_000_000_000;
const CUSTOMERS: u64 = 4_500_000_000_000;

/// Unpacks the file.
pub(super) fn unpack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut text = vec![];
    GzDecoder::new(bytes).read_to_end(&mut text)?;
    Ok(text)
}

/// How many invoices there are.
pub(super) fn count(text: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(text);
    let invoices: std::collections::HashSet<&str> = text
        .lines()
        .skip(1)
        .filter_map(|row| row.split(',').next())
        .collect();
    u64::try_from(invoices.len()).unwrap_or(u64::MAX)
}

/// Fills a shop with the orders.
pub(super) fn fill(store: &mut Store, text: &[u8]) {
    store.info.currency = Currency::GBP;
    store.info.presentment = vec![Currency::GBP];
    let text = String::from_utf8_lossy(text);
    let mut words = Words::default();
    let mut orders: BTreeMap<u64, Order> = BTreeMap::new();
    for (row, line_id) in text.lines().skip(1).zip(LINES..) {
        let Some(row) = Row::read(row) else { continue };
        let order = orders.entry(row.order()).or_insert_with(|| row.blank());
        order.lines.push(row.line(line_id, &mut words));
    }
    for order in orders.into_values() {
        let order = close(order);
        store.orders.insert(order.id, order);
    }
}

/// Texts that many lines share, each held once.
#[derive(Default)]
struct Words(HashMap<String, Arc<str>>);

impl Words {
    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let word: Arc<str> = text.into();
        self.0.insert(text.to_owned(), Arc::clone(&word));
        word
    }
}

struct Row {
    invoice: String,
    stock_code: String,
    description: String,
    quantity: i64,
    at: DateTime<Utc>,
    price: Amount,
    customer: Option<u64>,
}

impl Row {
    /// Reads a row; fields with commas are in quotes.
    fn read(row: &str) -> Option<Self> {
        let mut fields = fields(row).into_iter();
        let invoice = fields.next()?;
        let stock_code = fields.next()?;
        let description = fields.next()?;
        let quantity = fields.next()?.parse().ok()?;
        let at = NaiveDateTime::parse_from_str(&fields.next()?, "%Y-%m-%d %H:%M:%S").ok()?;
        let price = Amount::parse(&fields.next()?)?;
        let customer = fields
            .next()?
            .split('.')
            .next()
            .and_then(|id| id.parse().ok());
        Some(Self {
            invoice,
            stock_code,
            description,
            quantity,
            at: at.and_utc(),
            price,
            customer,
        })
    }

    fn is_cancellation(&self) -> bool {
        self.invoice.starts_with('C')
    }

    /// The order's number: a range of its own for each letter that invoices begin with.
    fn order(&self) -> u64 {
        let start = match self.invoice.bytes().next() {
            Some(b'C') => CANCELLATIONS,
            Some(letter) if letter.is_ascii_alphabetic() => ADJUSTMENTS,
            _ => ORDERS,
        };
        let digits = self
            .invoice
            .trim_start_matches(|c: char| c.is_ascii_alphabetic());
        start + digits.parse::<u64>().unwrap_or(0)
    }

    fn blank(&self) -> Order {
        let id = self.order();
        let cancelled = self.is_cancellation();
        Order {
            id,
            name: format!("#{}", self.invoice),
            number: i64::try_from(id % 1_000_000_000).unwrap_or(0),
            created_at: self.at,
            updated_at: self.at,
            processed_at: self.at,
            cancelled_at: cancelled.then_some(self.at),
            closed_at: (!cancelled).then_some(self.at),
            cancel_reason: cancelled.then(|| "CUSTOMER".into()),
            currency: Currency::GBP,
            presentment: Currency::GBP,
            financial: Some(if cancelled { "REFUNDED" } else { "PAID" }.into()),
            fulfillment: if cancelled { "RESTOCKED" } else { "FULFILLED" }.into(),
            test: false,
            confirmed: true,
            taxes_included: true,
            note: None,
            tags: vec![],
            email: None,
            phone: None,
            po_number: None,
            source_name: Some("web".into()),
            visit: None,
            gateways: vec!["manual".into()],
            customer: self.customer.map(|customer| {
                Box::new(Customer {
                    id: CUSTOMERS + customer,
                    first_name: None,
                    last_name: None,
                    email: Some(format!("customer{customer}@example.com")),
                    phone: None,
                    created_at: self.at,
                    updated_at: self.at,
                })
            }),
            billing: None,
            shipping: None,
            subtotal: Bag::default(),
            discounts: Bag::default(),
            shipping_price: Bag::default(),
            tax: Bag::default(),
            tip: Bag::default(),
            total: Bag::default(),
            current_total: None,
            discount_codes: vec![],
            discount_applications: vec![],
            tax_lines: vec![],
            lines: vec![],
            shipping_lines: vec![],
            transactions: vec![],
            refunds: vec![],
            fulfillments: vec![],
        }
    }

    fn line(&self, id: u64, words: &mut Words) -> LineItem {
        let quantity = if self.is_cancellation() {
            self.quantity.abs()
        } else {
            self.quantity.max(0)
        };
        let title = if self.description.is_empty() {
            &self.stock_code
        } else {
            &self.description
        };
        LineItem {
            id,
            title: words.shared(title),
            variant_title: None,
            sku: Some(words.shared(&self.stock_code)),
            vendor: None,
            product: None,
            variant: None,
            quantity,
            removed: if self.is_cancellation() { quantity } else { 0 },
            unfulfilled: 0,
            price: Bag::same(self.price),
            discount: Bag::default(),
            tax_lines: vec![],
            requires_shipping: true,
            taxable: true,
            is_gift_card: false,
        }
    }
}

/// Adds up an order when all its lines are there.
fn close(mut order: Order) -> Order {
    let total: Bag = order.lines.iter().map(LineItem::original_total).sum();
    order.subtotal = total;
    order.total = total;
    order.current_total = Some(if order.cancelled_at.is_some() {
        Bag::default()
    } else {
        total
    });
    if order.cancelled_at.is_none() && total.shop.signum() > 0 {
        order.transactions.push(Transaction {
            id: TRANSACTIONS + order.id,
            kind: "SALE".into(),
            status: "SUCCESS".into(),
            gateway: order.gateways.first().cloned(),
            amount: total,
            parent: None,
            fee: None,
            test: false,
            created_at: order.created_at,
            processed_at: Some(order.created_at),
        });
    }
    order
}

fn fields(row: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut letters = row.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                if let Some(field) = fields.last_mut() {
                    field.push('"');
                }
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            letter => {
                if let Some(field) = fields.last_mut() {
                    field.push(letter);
                }
            }
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shopify::{DEMO, info};

    const ROWS: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
        536365,85123A,WHITE HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n\
        536365,71053,\"LANTERN, WHITE \"\"METAL\"\"\",2,2010-12-01 08:26:00,3.39,17850.0,United Kingdom\n\
        C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527.0,United Kingdom\n\
        536589,21777,,-10,2010-12-01 16:50:00,0.0,,United Kingdom\n\
        A563185,B,Adjust bad debt,1,2011-08-12 14:50:00,11062.06,,United Kingdom\n";

    #[test]
    fn every_invoice_is_an_order_and_every_row_a_line() {
        let mut store = Store::new(info(DEMO, "Demo", 1));
        fill(&mut store, ROWS.as_bytes());
        assert_eq!(count(ROWS.as_bytes()), 4);
        assert_eq!(store.orders.len(), 4);
        let lines: usize = store.orders.values().map(|order| order.lines.len()).sum();
        assert_eq!(lines, 5);
        let first = &store.orders[&(ORDERS + 536_365)];
        assert_eq!(first.total.shop, Amount::parse("22.08").unwrap());
        assert_eq!(&*first.lines[1].title, "LANTERN, WHITE \"METAL\"");
        let cancelled = &store.orders[&(CANCELLATIONS + 536_379)];
        assert_eq!(cancelled.total.shop, Amount::parse("27.5").unwrap());
        assert_eq!(cancelled.current_total().shop, Amount::ZERO);
        let written_off = &store.orders[&(ORDERS + 536_589)];
        assert_eq!(
            (written_off.lines[0].quantity, &*written_off.lines[0].title),
            (0, "21777")
        );
    }

    /// Skipped where the set is absent; its own statistics say how much there is.
    #[test]
    fn the_whole_set_is_taken() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/fixtures/scale/uci-online-retail-2010-2011.csv.gz"
        );
        let Ok(bytes) = std::fs::read(path) else {
            println!("skipped: {path} is absent");
            return;
        };
        let text = unpack(&bytes).unwrap();
        let mut store = Store::new(info(DEMO, "Demo", 1));
        fill(&mut store, &text);
        assert_eq!(store.orders.len(), 25_900);
        let lines: usize = store.orders.values().map(|order| order.lines.len()).sum();
        assert_eq!(lines, 541_909);
    }
}
