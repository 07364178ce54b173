//! Finances: event groups (version 0), each of which becomes one payout, and the transactions in one
//! (version 2024-06-19).

use chrono::{DateTime, Utc};
use connector_core::{Entry, Operation, Request, Result, endpoint};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use serde_json::value::RawValue;

use super::amount::Amount;
use super::call::{Call, Payload, Route};
use crate::region::Server;

/// How many groups are on a page: each takes at least one more request, and Amazon gives one in two
/// seconds. 100 at the most.
const GROUPS: u32 = 10;

/// `listFinancialEventGroups`: the groups that were opened in a window of time, the newest first.
/// Amazon finds nothing, and says nothing, in a window of more than 180 days.
#[derive(Clone, Debug)]
pub struct ListFinancialEventGroups {
    /// Opened at this instant or after it.
    pub started_after: DateTime<Utc>,
    /// Opened before this instant, which is more than two minutes ago.
    pub started_before: DateTime<Utc>,
    /// From the page before, with the same other values.
    pub next_token: Option<String>,
}

impl Call for ListFinancialEventGroups {
    const OPERATION: Operation = Operation::read("listFinancialEventGroups");
    type Response = Payload<EventGroupPage>;

    fn request(&self, server: Server) -> Result<Request> {
        Route::get(server, &["finances", "v0", "financialEventGroups"])
            .with("MaxResultsPerPage", GROUPS)
            .at("FinancialEventGroupStartedAfter", Some(self.started_after))
            .at(
                "FinancialEventGroupStartedBefore",
                Some(self.started_before),
            )
            .maybe("NextToken", self.next_token.as_deref())
            .request()
    }
}

/// A page of groups. It may be empty, and not be the last.
#[derive(Debug, Deserialize)]
pub struct EventGroupPage {
    /// The groups.
    #[serde(rename = "FinancialEventGroupList", default)]
    pub groups: Vec<Entry<FinancialEventGroup>>,
    /// Where there is more.
    #[serde(rename = "NextToken", default)]
    pub next_token: Option<String>,
}

/// What is settled at once: some two weeks in one marketplace's currency.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FinancialEventGroup {
    /// Amazon's id.
    pub financial_event_group_id: String,
    /// `Open` or `Closed`.
    #[serde(default)]
    pub processing_status: Option<String>,
    /// What became of the transfer: `Succeeded`. The model doesn't list the words.
    #[serde(default)]
    pub fund_transfer_status: Option<String>,
    /// The amount, in the marketplace's currency: paid out (or charged, where it is negative) once it
    /// is closed, the balance until then.
    pub original_total: Amount,
    /// The amount in the currency that it was paid out in.
    #[serde(default)]
    pub converted_total: Option<Amount>,
    /// When the transfer was begun.
    #[serde(default)]
    pub fund_transfer_date: Option<DateTime<Utc>>,
    /// When it was opened.
    #[serde(default)]
    pub financial_event_group_start: Option<DateTime<Utc>>,
    /// When it was closed.
    #[serde(default)]
    pub financial_event_group_end: Option<DateTime<Utc>>,
}

/// `listTransactions`: the transactions of one group. No marketplace is asked for: what a seller in
/// the US sends out names none, and would be left out.
#[derive(Clone, Debug)]
pub struct ListTransactions {
    /// Of which group.
    pub group_id: String,
    /// From the page before, with the same other values.
    pub next_token: Option<String>,
}

impl Call for ListTransactions {
    const OPERATION: Operation = Operation::read("listTransactions");
    type Response = Payload<TransactionPage>;

    fn request(&self, server: Server) -> Result<Request> {
        Route::get(server, &["finances", "2024-06-19", "transactions"])
            .with("relatedIdentifierName", GROUP)
            .with("relatedIdentifierValue", &self.group_id)
            .maybe("nextToken", self.next_token.as_deref())
            .request()
    }
}

/// What a group's id is called among the related identifiers.
const GROUP: &str = "FINANCIAL_EVENT_GROUP_ID";
/// What an order's id is called there.
const ORDER: &str = "ORDER_ID";

/// A page of transactions. It may be empty, and not be the last.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionPage {
    /// The transactions.
    #[serde(default)]
    pub transactions: Vec<Entry<Transaction>>,
    /// Where there is more.
    #[serde(default)]
    pub next_token: Option<String>,
}

/// One posting.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// Amazon's id, where it tells one.
    #[serde(default)]
    pub transaction_id: Option<String>,
    /// `Shipment`, `Refund`, `ServiceFee`, …
    #[serde(default)]
    pub transaction_type: Option<String>,
    /// `DEFERRED`, `RELEASED` or `DEFERRED_RELEASED`.
    #[serde(default)]
    pub transaction_status: Option<String>,
    /// When it was posted.
    #[serde(default)]
    pub posted_date: Option<DateTime<Utc>>,
    /// What remains of it for the seller.
    pub total_amount: Amount,
    /// What it belongs to.
    #[serde(default)]
    pub related_identifiers: Vec<RelatedIdentifier>,
    /// How the amount comes about.
    #[serde(default, deserialize_with = "breakdowns")]
    pub breakdowns: Vec<Breakdown>,
}

impl Transaction {
    /// The order that it belongs to.
    #[must_use]
    pub fn order(&self) -> Option<&str> {
        self.related_identifiers
            .iter()
            .find(|one| one.related_identifier_name.as_deref() == Some(ORDER))
            .and_then(|one| one.related_identifier_value.as_deref())
            .filter(|id| !id.is_empty())
    }
}

/// Something that a transaction belongs to.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RelatedIdentifier {
    /// `ORDER_ID`, `FINANCIAL_EVENT_GROUP_ID`, …
    #[serde(default)]
    pub related_identifier_name: Option<String>,
    /// Its id.
    #[serde(default)]
    pub related_identifier_value: Option<String>,
}

/// A part of an amount, and what it is made of in turn.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Breakdown {
    /// `Sales`, `Expenses`, `AmazonFees`, …, with spaces in it or without.
    #[serde(default)]
    pub breakdown_type: Option<String>,
    /// How much.
    #[serde(default)]
    pub breakdown_amount: Option<Amount>,
    /// The parts of this part.
    #[serde(default, deserialize_with = "breakdowns")]
    pub breakdowns: Vec<Self>,
}

/// A list, as the model has it, or an object around one, as the model's own example has it.
fn breakdowns<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Breakdown>, D::Error> {
    #[derive(Deserialize)]
    struct Around {
        #[serde(default, deserialize_with = "breakdowns")]
        breakdowns: Vec<Breakdown>,
    }

    let Some(raw) = Option::<Box<RawValue>>::deserialize(deserializer)? else {
        return Ok(Vec::new());
    };
    let json = raw.get().as_bytes();
    let read = if raw.get().starts_with('{') {
        endpoint::json(json).map(|around: Around| around.breakdowns)
    } else {
        endpoint::json(json)
    };
    read.map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_as_a_list_or_with_an_object_around_it() {
        let part = r#"{"breakdownType":"Sales","breakdownAmount":{"currencyCode":"USD","currencyAmount":10},"breakdowns":null}"#;
        let around = format!(r#"{{"breakdowns":[{part}]}}"#);
        for parts in [format!("[{part}]"), around] {
            let json = format!(
                r#"{{"totalAmount":{{"currencyCode":"USD","currencyAmount":10}},"breakdowns":{parts}}}"#
            );
            let read: Transaction = serde_json::from_str(&json).unwrap();
            let [sales] = read.breakdowns.as_slice() else {
                panic!("{json}")
            };
            assert_eq!(sales.breakdown_type.as_deref(), Some("Sales"));
        }
    }
}
