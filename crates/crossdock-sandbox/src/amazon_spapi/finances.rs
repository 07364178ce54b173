//! Money: event groups and events of finances v0, transactions and balances of 2024-06-19, payouts
//! of transfers 2024-06-01.
//!
//! All of them tell of the same postings. A group is a fortnight in one currency; when it closes,
//! its total is paid out.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::account::Account;
use super::paging::{Place, Search};
use super::params::{Params, instant, selling, text};
use super::refusal::{Outcome, Refusal};

/// How long ago a posting must be to be found, and a bound to be accepted.
const SETTLED: TimeDelta = TimeDelta::minutes(2);

/// The longest window that anything is found in.
const WIDEST: TimeDelta = TimeDelta::days(180);

/// How many transactions, and how many payouts, are on a page. It cannot be chosen.
const PAGE_SIZE: usize = 100;

/// What a token remembers when the page it leads to is empty, as pages may be.
const EMPTY: &str = "empty";

/// One event of version 0.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) group: String,
    /// The list that it stands in: `ShipmentEventList`.
    pub(super) list: &'static str,
    pub(super) posted: DateTime<Utc>,
    pub(super) json: Value,
}

/// Everything about an account's money.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    /// Financial event groups.
    pub(super) groups: Vec<Value>,
    pub(super) events: Vec<Event>,
    pub(super) transactions: Vec<Value>,
    pub(super) payouts: Vec<Value>,
    pub(super) expected: Vec<Value>,
    pub(super) balances: Vec<Value>,
}

/// A window from a time (included) to another (not included); `None` where it is too wide.
fn window(
    params: Params<'_>,
    after: &str,
    before: &str,
) -> Outcome<Option<(DateTime<Utc>, DateTime<Utc>)>> {
    let latest = params.0.now - SETTLED;
    let from = params.time(after)?;
    let to = params.time(before)?;
    if from.is_some_and(|from| from > latest) || to.is_some_and(|to| to > latest) {
        return Err(Refusal::input(format!(
            "{after} and {before} must be more than two minutes before the request."
        )));
    }
    let to = to.unwrap_or(latest);
    if from.is_some_and(|from| to <= from) {
        return Err(Refusal::input(format!(
            "{before} must be later than {after}."
        )));
    }
    let from = from.unwrap_or(DateTime::UNIX_EPOCH);
    let given = params.time(after)?.is_some();
    Ok((!given || to - from <= WIDEST).then_some((from, to)))
}

fn time(json: &Value, pointer: &str) -> Option<DateTime<Utc>> {
    text(json, pointer).and_then(instant)
}

/// `listFinancialEventGroups`: the newest first.
pub(super) fn groups(account: &Account, params: Params<'_>) -> Outcome<Value> {
    let window = window(
        params,
        "FinancialEventGroupStartedAfter",
        "FinancialEventGroupStartedBefore",
    )?;
    let limit = params.size("MaxResultsPerPage", 10, 100)?;
    let mut search = Search::new(
        "listFinancialEventGroups",
        params.fingerprint(&["NextToken"]),
        params.0.now,
    );
    search.descending = true;
    let place = search.open(params.text("NextToken")?)?;
    let found = account.ledger.groups.iter().filter_map(|group| {
        let start = time(group, "/FinancialEventGroupStart")?;
        let (from, to) = window?;
        let id = text(group, "/FinancialEventGroupId")?;
        (from <= start && start < to).then(|| (format!("{} {id}", start.timestamp()), group))
    });
    let page = search.page(found.collect(), place.as_ref(), limit);
    Ok(payload(
        "FinancialEventGroupList",
        json!(page.items),
        "NextToken",
        page.next,
    ))
}

/// `listFinancialEventsByGroupId`.
pub(super) fn events(account: &Account, group: &str, params: Params<'_>) -> Outcome<Value> {
    if params.time("PostedBefore")?.is_some() && params.time("PostedAfter")?.is_none() {
        return Err(Refusal::input("PostedBefore needs PostedAfter."));
    }
    let window = window(params, "PostedAfter", "PostedBefore")?;
    let limit = params.size("MaxResultsPerPage", 100, 100)?;
    let known = account
        .ledger
        .groups
        .iter()
        .any(|known| text(known, "/FinancialEventGroupId") == Some(group));
    if !known {
        return Err(Refusal::not_found(format!("There is no group {group}.")));
    }
    let search = Search::new(
        "listFinancialEventsByGroupId",
        params.fingerprint(&["NextToken"]),
        params.0.now,
    );
    let place = search.open(params.text("NextToken")?)?;
    let found = account
        .ledger
        .events
        .iter()
        .enumerate()
        .filter(|(_, event)| {
            event.group == group
                && window.is_some_and(|(from, to)| from <= event.posted && event.posted < to)
        })
        .map(|(index, event)| {
            (
                format!("{:012} {index:08}", event.posted.timestamp()),
                event,
            )
        });
    let page = search.page(found.collect(), place.as_ref(), limit);
    let mut lists: Map<String, Value> = Map::new();
    for event in page.items {
        let list = lists.entry(event.list).or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            list.push(event.json.clone());
        }
    }
    Ok(payload(
        "FinancialEvents",
        Value::Object(lists),
        "NextToken",
        page.next,
    ))
}

/// `listTransactions`: the oldest first. A second page is preceded by an empty one, because pages
/// may be empty and only the missing token is the end.
pub(super) fn transactions(account: &Account, params: Params<'_>) -> Outcome<Value> {
    let after = params.text("postedAfter")?;
    let related = match (
        params.text("relatedIdentifierName")?,
        params.text("relatedIdentifierValue")?,
    ) {
        (None, None) => None,
        (Some(name @ ("FINANCIAL_EVENT_GROUP_ID" | "ORDER_ID")), Some(value)) => {
            Some((name, value))
        }
        _ => {
            return Err(Refusal::input(
                "relatedIdentifierName is FINANCIAL_EVENT_GROUP_ID or ORDER_ID, with a value.",
            ));
        }
    };
    if after.is_none() && related.is_none() {
        return Err(Refusal::input(
            "postedAfter is required without a related identifier.",
        ));
    }
    let window = window(params, "postedAfter", "postedBefore")?;
    let marketplace = params
        .text("marketplaceId")?
        .map(|id| selling(id, account))
        .transpose()?;
    let statuses = &["DEFERRED", "RELEASED", "DEFERRED_RELEASED"];
    let status = params.member("transactionStatus", statuses)?;

    let mut search = Search::new(
        "listTransactions",
        params.fingerprint(&["nextToken"]),
        params.0.now,
    );
    let place = search.open(params.text("nextToken")?)?;
    if let Some(place) = place.as_ref().filter(|place| place.memory == EMPTY) {
        let next = Some(search.again(place));
        return Ok(payload("transactions", json!([]), "nextToken", next));
    }
    if place.is_none() {
        EMPTY.clone_into(&mut search.memory);
    }
    let found = account
        .ledger
        .transactions
        .iter()
        .filter_map(|transaction| {
            let posted = time(transaction, "/postedDate")?;
            let (from, to) = window?;
            let here = text(transaction, "/marketplaceDetails/marketplaceId");
            let wanted = from <= posted
                && posted < to
                && marketplace.is_none_or(|wanted| here == Some(wanted.id))
                && status
                    .is_none_or(|status| text(transaction, "/transactionStatus") == Some(status))
                && related.is_none_or(|related| is_related(transaction, related));
            // Recorded ones may have no id.
            let id = text(transaction, "/transactionId").unwrap_or_default();
            wanted.then(|| (format!("{:012} {id}", posted.timestamp()), transaction))
        });
    let page = search.page(found.collect(), place.as_ref(), PAGE_SIZE);
    Ok(payload(
        "transactions",
        json!(page.items),
        "nextToken",
        page.next,
    ))
}

fn is_related(transaction: &Value, (name, value): (&str, &str)) -> bool {
    super::params::entries(transaction, "/relatedIdentifiers").any(|identifier| {
        text(identifier, "/relatedIdentifierName") == Some(name)
            && text(identifier, "/relatedIdentifierValue") == Some(value)
    })
}

/// `listBalances`: of today; of another day the sandbox knows nothing.
pub(super) fn balances(account: &Account, params: Params<'_>) -> Outcome<Value> {
    let page = transfers(
        params,
        "listBalances",
        &account.ledger.balances,
        account,
        |balance| {
            let kind = params.text("balanceType")?;
            Ok(kind.is_none_or(|kind| text(balance, "/balanceType") == Some(kind)))
        },
    )?;
    Ok(bare("balances", page))
}

/// `listPayouts`: the newest first.
pub(super) fn payouts(account: &Account, params: Params<'_>) -> Outcome<Value> {
    let after = params.time("createdAfter")?;
    let before = params.time("createdBefore")?;
    let id = params.text("payoutId")?;
    let page = transfers(
        params,
        "listPayouts",
        &account.ledger.payouts,
        account,
        |payout| {
            let created = time(payout, "/creationDate");
            Ok(id.is_none_or(|id| text(payout, "/id") == Some(id))
                && after.is_none_or(|after| created.is_some_and(|created| created >= after))
                && before.is_none_or(|before| created.is_some_and(|created| created < before)))
        },
    )?;
    Ok(bare("payouts", page))
}

/// `listExpectedPayouts`.
pub(super) fn expected(account: &Account, params: Params<'_>) -> Outcome<Value> {
    let list = &account.ledger.expected;
    let page = transfers(params, "listExpectedPayouts", list, account, |_| Ok(true))?;
    Ok(bare("expectedPayouts", page))
}

/// A page of what has a partner's marketplace and account type.
fn transfers(
    params: Params<'_>,
    operation: &'static str,
    list: &[Value],
    account: &Account,
    wanted: impl Fn(&Value) -> Outcome<bool>,
) -> Outcome<(Vec<Value>, Option<String>)> {
    let marketplaces = params.marketplaces("marketplaceIds", usize::MAX, account)?;
    let kind = params.text("accountType")?;
    let mut search = Search::new(operation, params.fingerprint(&["nextToken"]), params.0.now);
    search.descending = true;
    let place: Option<Place> = search.open(params.text("nextToken")?)?;
    let mut found = Vec::new();
    for (index, entry) in list.iter().enumerate() {
        let here = text(entry, "/partnerMetadata/marketplaceId");
        let of_them = (marketplaces.is_empty() || marketplaces.iter().any(|m| here == Some(m.id)))
            && kind.is_none_or(|kind| text(entry, "/partnerMetadata/accountType") == Some(kind));
        if of_them && wanted(entry)? {
            let created = time(entry, "/creationDate").map_or(0, |created| created.timestamp());
            found.push((format!("{created:012} {index:08}"), entry.clone()));
        }
    }
    let page = search.page(found, place.as_ref(), PAGE_SIZE);
    Ok((page.items, page.next))
}

/// A list inside a payload, with its token.
fn payload(name: &str, list: Value, token: &str, next: Option<String>) -> Value {
    let mut payload = Map::new();
    payload.insert(name.to_owned(), list);
    if let Some(next) = next {
        payload.insert(token.to_owned(), next.into());
    }
    json!({"payload": payload})
}

/// A list without a payload around it.
fn bare(name: &str, (list, next): (Vec<Value>, Option<String>)) -> Value {
    let mut body = Map::new();
    body.insert(name.to_owned(), list.into());
    if let Some(next) = next {
        body.insert("nextToken".to_owned(), next.into());
    }
    Value::Object(body)
}
