//! The GraphQL Admin API: documents in, answers out.

mod coerce;
mod cost;
mod error;
mod execute;
mod plan;
mod planner;
mod schema;
mod search;
mod value;

use graphql_parser::query::parse_query;
use serde_json::{Map, Value};

pub(crate) use cost::Rule;
pub(crate) use error::GraphqlError;
pub(crate) use execute::{Outcome, execute, write_flat};
pub(crate) use plan::{Field, OperationKind, Plan, Selection};
pub(crate) use schema::SCOPES;
pub(crate) use search::{Search, Term};
pub(crate) use value::{Cursor, Page, Resolved, SortKey, page};

use self::plan::Parsed;

/// What a single request may cost at most.
pub(crate) const MAX_COST: u32 = 1_000;

/// How many parsed documents are kept.
const DOCUMENTS: usize = 64;

/// Parsed documents by their text: clients send the same few again and again.
#[derive(Debug, Default)]
pub(crate) struct Documents(Vec<(String, Parsed)>);

impl Documents {
    /// The plan of a request, and what it may cost.
    ///
    /// # Errors
    /// The entries of `errors`, where the document can't be run.
    pub(crate) fn plan(
        &mut self,
        text: &str,
        operation: Option<&str>,
        variables: &Map<String, Value>,
        rule: Rule,
    ) -> Result<(Plan, u32), Vec<GraphqlError>> {
        let plan = plan::plan(self.parsed(text)?, operation, variables)?;
        let cost = cost::requested(&plan, rule)?;
        Ok((plan, cost))
    }

    /// The plan of a bulk query, in which page sizes mean nothing.
    ///
    /// # Errors
    /// As [`Self::plan`].
    pub(crate) fn bulk_plan(
        &mut self,
        text: &str,
        variables: &Map<String, Value>,
    ) -> Result<Plan, Vec<GraphqlError>> {
        plan::plan(self.parsed(text)?, None, variables)
    }

    fn parsed(&mut self, text: &str) -> Result<&Parsed, Vec<GraphqlError>> {
        let known = self.0.iter().position(|(known, _)| known == text);
        let index = if let Some(index) = known {
            index
        } else {
            let parsed = parse_query::<String>(text).map_err(|error| {
                // The parser's message spans lines; the first says what, the rest where.
                let message: Vec<String> = error
                    .to_string()
                    .lines()
                    .map(|line| line.trim().to_owned())
                    .collect();
                vec![GraphqlError::bare(format!(
                    "syntax error, {}",
                    message.join(" ")
                ))]
            })?;
            if self.0.len() >= DOCUMENTS {
                self.0.remove(0);
            }
            self.0.push((text.to_owned(), parsed.into_static()));
            self.0.len() - 1
        };
        let found = self.0.get(index).map(|(_, parsed)| parsed);
        found.ok_or_else(|| vec![GraphqlError::bare("syntax error")])
    }
}

/// Rounds what an answer cost to the points that are charged.
pub(crate) fn actual_points(outcome: &Outcome, kind: OperationKind) -> u32 {
    let points = cost::points(outcome.cost);
    match kind {
        OperationKind::Query => points,
        OperationKind::Mutation => points.max(10),
    }
}
