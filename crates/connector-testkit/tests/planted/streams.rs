//! The connector's two streams: a list in pages, and a report that has to be asked for.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::model::{
    Currency, FulfillmentStatus, Listing, ListingStatus, Model, Money, Order, OrderStatus,
    PaymentStatus,
};
use connector_core::{
    Batch, Endpoint, Error, ErrorKind, Next, Operation, PageStream, Record, Request, Result, Retry,
    Session, SyncRequest, endpoint, pages,
};
use futures::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::connector::AcmeCredential;
use crate::flaw::Flaw;
use crate::platform::changed_at;

const VERSION: u16 = 1;
const LINES: usize = 20;

type S = Session<AcmeCredential>;

#[derive(Clone, Copy)]
struct Run {
    flaw: Flaw,
    keep_raw: bool,
    is_resumed: bool,
}

pub(crate) fn sync(flaw: Flaw, session: S, request: SyncRequest) -> Result<PageStream> {
    let is_resumed = request.resume.is_some();
    let run = Run {
        flaw,
        keep_raw: request.keep_raw && flaw != Flaw::RawNotKept,
        is_resumed,
    };
    if flaw == Flaw::AsksBeforeThePoll && !is_resumed {
        let session = session.clone();
        tokio::spawn(async move { session.call(&GetOrders::default()).await.map(drop) });
    }
    match request.stream.as_str() {
        "listings" => pages(VERSION, request.resume, move |cursor| {
            listings(run, session.clone(), cursor)
        }),
        "orders" => orders_from(run, session, request.resume),
        _ if flaw == Flaw::UnknownStreamGuessed => orders_from(run, session, request.resume),
        _ => Err(Error::new(ErrorKind::NotFound, "there is no such stream")),
    }
}

/// One order; of listings there is only the report.
pub(crate) async fn lookup(flaw: Flaw, session: &S, stream: &str, id: &str) -> Result<Record> {
    let run = Run {
        flaw,
        keep_raw: false,
        is_resumed: false,
    };
    match stream {
        "orders" => {}
        "listings" => return Err(Error::new(ErrorKind::Unsupported, "there is only a report")),
        _ => return Err(Error::new(ErrorKind::NotFound, "there is no such stream")),
    }
    let Some(mut order) = session.call(&GetOrder(id)).await?.order else {
        return match flaw {
            Flaw::UnknownIdTakenForFailure => {
                Err(Error::new(ErrorKind::NotFound, "there is no such order"))
            }
            _ => Ok(Record::gone(id)),
        };
    };
    if flaw == Flaw::LookedUpOtherwise
        && let Some(fields) = order.as_object_mut()
    {
        fields.remove("total");
    }
    record(run, &order, order_of(run, &order)?)
}

struct GetOrder<'a>(&'a str);

#[derive(Deserialize)]
struct OneOrder {
    order: Option<Value>,
}

impl Endpoint for GetOrder<'_> {
    const OPERATION: Operation = Operation::read("GetOrder");
    type Response = OneOrder;

    fn request(&self) -> Result<Request> {
        endpoint::get(format!("https://api.acme.test/v1/orders/{}", self.0))
    }
}

fn orders_from(
    run: Run,
    session: S,
    resume: Option<connector_core::Checkpoint>,
) -> Result<PageStream> {
    let make = |session: S, resume| {
        let mut first = true;
        pages(VERSION, resume, move |cursor| {
            let is_first = std::mem::take(&mut first);
            orders(run, is_first, session.clone(), cursor)
        })
    };
    match make(session.clone(), resume) {
        Err(_) if run.flaw == Flaw::ForeignCheckpointIgnored => make(session, None),
        stream => stream,
    }
}

#[derive(Clone, Serialize, Deserialize)]
enum OrdersCursor {
    Page {
        after: usize,
        since: Option<DateTime<Utc>>,
        newest: Option<DateTime<Utc>>,
        number: u64,
    },
    Done {
        newest: Option<DateTime<Utc>>,
    },
}

#[derive(Default)]
struct GetOrders {
    after: usize,
    since: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Orders {
    orders: Vec<Value>,
    next: Option<usize>,
}

impl Endpoint for GetOrders {
    const OPERATION: Operation = Operation::read("GetOrders");
    type Response = Orders;

    fn request(&self) -> Result<Request> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("after", &self.after.to_string());
        if let Some(since) = self.since {
            query.append_pair("since", &since.to_rfc3339());
        }
        endpoint::get(format!(
            "https://api.acme.test/v1/orders?{}",
            query.finish()
        ))
    }
}

async fn orders(
    run: Run,
    is_first: bool,
    session: S,
    cursor: Option<OrdersCursor>,
) -> Result<Batch<OrdersCursor>> {
    let (mut after, since, mut newest, number) = match cursor {
        None => (0, None, None, 0),
        Some(OrdersCursor::Page {
            after,
            since,
            newest,
            number,
        }) => (after, since, newest, number),
        Some(OrdersCursor::Done { newest }) => (
            0,
            newest.map(|newest| newest - TimeDelta::hours(3)),
            newest,
            0,
        ),
    };
    if run.flaw == Flaw::ResumesAPageTooEarly && run.is_resumed && is_first {
        after = after.saturating_sub(10);
    }
    if run.flaw == Flaw::RequestWithoutName {
        let request = GetOrders::default().request()?;
        drop(session.context().transport.send(request).await);
    }
    let answer = match session.call(&GetOrders { after, since }).await {
        Err(error) => {
            let ends = match run.flaw {
                Flaw::NonsenseTakenForTheEnd => error.message() == "the answer is not JSON",
                Flaw::OutageTakenForTheEnd => error.retry() == Retry::Spent,
                _ => false,
            };
            if !ends {
                return Err(error);
            }
            Orders {
                orders: Vec::new(),
                next: None,
            }
        }
        Ok(answer) => answer,
    };
    let nothing = answer.orders.is_empty() && answer.next.is_none() && since.is_none();
    if nothing && run.flaw == Flaw::EmptyTakenForFailure {
        return Err(Error::contract("there are no orders"));
    }
    if run.flaw == Flaw::GoesOnAfterTheDrop {
        let session = session.clone();
        tokio::spawn(async move {
            session.context().clock.sleep(Duration::from_secs(5)).await;
            session.call(&GetOrders::default()).await.map(drop)
        });
    }
    let mut records = Vec::new();
    for order in &answer.orders {
        let fields = order.as_object().map_or(0, serde_json::Map::len);
        if fields > 3 && run.flaw == Flaw::UnknownFieldRefused {
            return Err(Error::contract(
                "an order has id, total and changed_at alone",
            ));
        }
        newest = newest.max(changed_at(order));
        let lost = run.flaw == Flaw::RecordLost && order["id"] == "o-7";
        if !lost {
            records.push(record(run, order, order_of(run, order)?)?);
        }
    }
    if run.flaw == Flaw::CallsSomethingGone && since.is_some() {
        records = vec![Record::gone("o-1")];
    }
    let number = if run.flaw == Flaw::CursorAlwaysNew {
        number + 1
    } else {
        0
    };
    let ends_here = run.flaw == Flaw::EmptyPageTakenForTheEnd && answer.orders.is_empty();
    Ok(match answer.next.filter(|_| !ends_here) {
        Some(after) => Batch::new(
            records,
            OrdersCursor::Page {
                after,
                since,
                newest,
                number,
            },
            Next::More,
        ),
        None => Batch::new(records, OrdersCursor::Done { newest }, Next::Done),
    })
}

#[derive(Clone, Serialize, Deserialize)]
enum ListingsCursor {
    Asked { id: String },
    Reading { id: String, from: usize },
    Done,
}

struct AskReport;

#[derive(Deserialize)]
struct Asked {
    id: String,
}

impl Endpoint for AskReport {
    const OPERATION: Operation = Operation::write("AskReport");
    type Response = Asked;

    fn request(&self) -> Result<Request> {
        endpoint::send_json(
            http::Method::POST,
            "https://api.acme.test/v1/reports",
            "listings",
        )
    }
}

struct GetReport<'a>(&'a str);

#[derive(Deserialize)]
struct Report {
    ready: bool,
}

impl Endpoint for GetReport<'_> {
    const OPERATION: Operation = Operation::read("GetReport");
    type Response = Report;

    fn request(&self) -> Result<Request> {
        endpoint::get(format!("https://api.acme.test/v1/reports/{}", self.0))
    }
}

async fn listings(
    run: Run,
    session: S,
    cursor: Option<ListingsCursor>,
) -> Result<Batch<ListingsCursor>> {
    const SOON: Next = Next::After(Duration::from_secs(25));
    match cursor {
        None | Some(ListingsCursor::Done) => {
            let asked = session.call(&AskReport).await;
            if run.flaw == Flaw::LostReplyTakenForABug
                && matches!(&asked, Err(error) if error.context("delivery").is_some())
            {
                return Err(Error::new(
                    ErrorKind::Unexpected,
                    "the report was not asked for",
                ));
            }
            Ok(Batch::new(
                Vec::new(),
                ListingsCursor::Asked { id: asked?.id },
                SOON,
            ))
        }
        Some(ListingsCursor::Asked { id }) => {
            let report = session.call(&GetReport(&id)).await?;
            Ok(if report.ready {
                Batch::new(
                    Vec::new(),
                    ListingsCursor::Reading { id, from: 0 },
                    Next::More,
                )
            } else {
                Batch::new(Vec::new(), ListingsCursor::Asked { id }, SOON)
            })
        }
        Some(ListingsCursor::Reading { id, from }) => {
            let lines = download(run, &session, &id).await?;
            let page = lines.iter().skip(from).take(LINES);
            let records = page
                .map(|line| record(run, line, listing_of(line)?))
                .collect::<Result<Vec<_>>>()?;
            Ok(if from + LINES < lines.len() {
                Batch::new(
                    records,
                    ListingsCursor::Reading {
                        id,
                        from: from + LINES,
                    },
                    Next::More,
                )
            } else {
                Batch::new(records, ListingsCursor::Done, Next::Done)
            })
        }
    }
}

/// The report's lines, after making sure that it is whole: its last line counts the others.
async fn download(run: Run, session: &S, id: &str) -> Result<Vec<Value>> {
    let file = endpoint::get(format!("https://files.acme.test/{id}.jsonl"))?;
    let file = session
        .download(Operation::read("ReadReport"), file)
        .await?;
    let pieces: Vec<bytes::Bytes> = file.into_body().try_collect().await?;
    let text = String::from_utf8_lossy(&pieces.concat()).into_owned();
    let mut lines = Vec::new();
    for line in text.lines() {
        match endpoint::json::<Value>(line.as_bytes()) {
            // Cut within a line.
            Err(_) if run.flaw == Flaw::FileNotCounted && line.starts_with('{') => break,
            line => lines.push(line?),
        }
    }
    let count = lines.last().and_then(|last| last["count"].as_u64());
    if count.is_some() {
        lines.pop();
    }
    let whole = count.and_then(|count| usize::try_from(count).ok()) == Some(lines.len());
    if whole || run.flaw == Flaw::FileNotCounted {
        Ok(lines)
    } else {
        Err(Error::contract("the report is not whole"))
    }
}

fn record(run: Run, json: &Value, model: Model) -> Result<Record> {
    let id = json["id"]
        .as_str()
        .ok_or_else(|| Error::contract("there is no id"))?;
    let raw = serde_json::value::to_raw_value(json)
        .ok()
        .filter(|_| run.keep_raw);
    Ok(Record::upsert(id, changed_at(json), model).with_raw(raw))
}

fn dollars(json: &Value) -> Result<Option<Money>> {
    json.as_str()
        .map(|amount| Money::from_decimal(amount, Currency::USD))
        .transpose()
}

fn order_of(run: Run, json: &Value) -> Result<Model> {
    let tax = (run.flaw == Flaw::NegativeTax).then_some(Money::new(-1, Currency::USD));
    Ok(Model::Order(Box::new(Order {
        number: None,
        status: OrderStatus::Open,
        payment_status: PaymentStatus::Unknown,
        fulfillment_status: FulfillmentStatus::Unknown,
        platform_status: None,
        currency: Currency::USD,
        subtotal: None,
        discount_total: None,
        tax_total: tax,
        shipping_total: None,
        total: dollars(&json["total"])?,
        refunded_total: None,
        fee_total: None,
        net_total: None,
        presentment_total: None,
        channel: None,
        origin: None,
        customer_id: None,
        buyer_country: None,
        ship_to: None,
        test: false,
        tags: Vec::new(),
        placed_at: None,
        created_at: None,
        updated_at: changed_at(json),
        cancelled_at: None,
        cancel_reason: None,
        act_by: None,
        tracking_number: None,
        tracking_carrier: None,
        lines: Vec::new(),
        refunds: Vec::new(),
        transactions: Vec::new(),
        fees: Vec::new(),
    })))
}

fn listing_of(json: &Value) -> Result<Model> {
    Ok(Model::Listing(Box::new(Listing {
        product_external_id: None,
        title: None,
        sku: None,
        size: None,
        size_unit: None,
        condition: None,
        packaging_condition: None,
        price: dollars(&json["price"])?,
        quantity: Some(1),
        status: ListingStatus::Active,
        platform_status: "live".to_owned(),
        consigned: None,
        url: None,
        created_at: None,
        updated_at: changed_at(json),
        activated_at: None,
    })))
}
