//! Orders with all their lines.

use connector_core::{Result, Skipped};

use super::group::{Group, line};
use super::products::advance;
use super::reader::{Reader, Window, read};
use super::source::{Changes, Source};
use crate::api::{
    Gid, LineItem, ORDERS_BULK, ORDERS_BULK_PLAIN, Order, OrderLineItems, OrderQuery, OrdersChanged,
};
use crate::map::{self, Mapped};

/// How many orders make a page, and how many lines come with each: about 660 of the 1000 points
/// that a query may cost. Further lines are asked for by themselves.
const ORDERS: u32 = 100;
const LINES: u32 = 10;

pub(super) struct Orders;

impl Source for Orders {
    const SCOPE: &'static str = "read_orders";
    type At = String;
    const DOCUMENT: &'static str = ORDERS_BULK;
    const PLAIN: Option<(&'static str, &'static str)> = Some((
        ORDERS_BULK_PLAIN,
        "Orders come without buyers and products: the app lacks read_customers, read_products or \
         the approval for protected customer data.",
    ));
    const RECORD_PER_PARENT: bool = true;

    fn records(group: &Group, keep_raw: bool) -> Result<Vec<Mapped>> {
        Ok(vec![match of_group(group)? {
            Ok(order) => map::order(order)
                .map(|record| record.with_raw(keep_raw.then(|| group.raw("lineItems")).flatten())),
            Err(skipped) => Err(skipped),
        }])
    }

    async fn changes(
        reader: &Reader,
        window: Window,
        at: Option<String>,
    ) -> Result<Changes<String>> {
        let answer = reader
            .ask_in_pages(ORDERS, |first| OrdersChanged {
                first,
                lines: LINES,
                after: at.clone(),
                query: window.search(),
            })
            .await?;
        let mut page = Changes {
            mapped: Vec::new(),
            notes: answer.notes,
            next: answer.data.orders.page_info.next(),
        };
        for node in answer.data.orders.nodes {
            page.mapped.push(match read::<Order>(&node) {
                Ok(mut order) => {
                    page.notes.extend(all_lines(reader, &mut order).await?);
                    map::order(order).map(|record| record.with_raw(reader.raw(node)))
                }
                Err(skipped) => Err(skipped),
            });
        }
        Ok(page)
    }
}

/// One order as Shopify has it now.
pub(super) async fn one(reader: &Reader, id: Gid) -> Result<Option<Mapped>> {
    let answer = reader
        .ask_in_pages(ORDERS, |lines| OrderQuery {
            id: id.clone(),
            lines,
        })
        .await?;
    let Some(mut order) = answer.data.order else {
        return Ok(None);
    };
    all_lines(reader, &mut order).await?;
    Ok(Some(map::order(order)))
}

/// Reads the lines that did not fit beside their order.
async fn all_lines(reader: &Reader, order: &mut Order) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    let mut next = std::mem::take(&mut order.line_items.page_info).next();
    while let Some(after) = next {
        let answer = reader
            .ask_in_pages(ORDERS, |first| OrderLineItems {
                id: order.id.clone(),
                first,
                after: Some(after.clone()),
            })
            .await?;
        notes.extend(answer.notes);
        // Deleted since: what came before is the last that can be said of it.
        let Some(more) = answer.data.order else { break };
        next = advance(&after, &more.line_items)?;
        order.line_items.nodes.extend(more.line_items.nodes);
    }
    Ok(notes)
}

fn of_group(group: &Group) -> Result<Result<Order, Skipped>> {
    let mut order: Order = match line(&group.parent)? {
        Ok(order) => order,
        Err(skipped) => return Ok(Err(skipped)),
    };
    for child in &group.children {
        match line::<LineItem>(child)? {
            Ok(line) => {
                group.check_parent(&order.id, line.parent_id.as_ref())?;
                order.line_items.nodes.push(line);
            }
            // An order without one of its lines would be wrong, so it is left out whole.
            Err(skipped) => {
                let external_id = Some(order.id.tail().to_owned());
                return Ok(Err(Skipped {
                    external_id,
                    ..skipped
                }));
            }
        }
    }
    Ok(Ok(order))
}
