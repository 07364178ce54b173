//! What a request costs.
//!
//! The platform documents that scalars are free, an object costs one point, a mutation ten, and a
//! connection by `first` or `last`, but not how much by. Recorded answers of 2026 show that a
//! connection costs about two points plus the *square root* of its size times the cost of a node
//! (fifty plain nodes with `pageInfo`: 9; thirty-three returned: 7). The older rule, one node's
//! cost for each of `first`, can be chosen instead: it is what older shops and examples show.

use super::error::GraphqlError;
use super::plan::{Field, OperationKind, Plan};
use super::schema::{Kind, Schema};

/// The most that one connection can be asked for.
const MAX_PAGE: i64 = 250;

/// What every mutation costs, besides what it selects.
const MUTATION: f64 = 10.0;

/// How a connection's size counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Rule {
    /// By the square root of its size.
    #[default]
    Root,
    /// By its size.
    Linear,
}

impl Rule {
    /// The cost of a connection with so many nodes, each costing `node` on average.
    pub(crate) fn connection(self, size: f64, node: f64) -> f64 {
        2.0 + match self {
            Self::Root => size.sqrt() * node,
            Self::Linear => size * node,
        }
    }
}

/// Rounds a cost to the points that are charged.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "costs are small and not negative; a float too large becomes the largest number"
)]
pub(crate) fn points(cost: f64) -> u32 {
    cost.round().max(0.0) as u32
}

/// The cost of a plan before it is run, and everything wrong with its page sizes.
pub(crate) fn requested(plan: &Plan, rule: Rule) -> Result<u32, Vec<GraphqlError>> {
    let mut errors = vec![];
    let mut cost = fields(&plan.root, rule, &mut errors);
    if plan.kind == OperationKind::Mutation {
        cost = cost.max(MUTATION);
    }
    if errors.is_empty() {
        Ok(points(cost))
    } else {
        Err(errors)
    }
}

fn fields(selected: &[Field], rule: Rule, errors: &mut Vec<GraphqlError>) -> f64 {
    selected
        .iter()
        .map(|selected| field(selected, rule, errors))
        .sum()
}

fn field(field: &Field, rule: Rule, errors: &mut Vec<GraphqlError>) -> f64 {
    let Some(selection) = &field.selection else {
        return 0.0;
    };
    if field.connection {
        let size = page_size(field, errors);
        // `nodes` and `edges { node }` show the same nodes: the dearer of the two counts.
        let mut inner = vec![];
        let mut node: f64 = 0.0;
        for part in selection.each().flatten() {
            match part.name {
                "nodes" => node = node.max(dearest(part, rule, &mut inner)),
                "edges" => {
                    let edges = part.selection.iter().flat_map(|edge| edge.each().flatten());
                    for part in edges.filter(|part| part.name == "node") {
                        node = node.max(dearest(part, rule, &mut inner));
                    }
                }
                _ => {}
            }
        }
        errors.append(&mut inner);
        return rule.connection(f64::from(size), node);
    }
    dearest(field, rule, errors)
}

/// One point for the object, and what the dearest of its possible types selects.
fn dearest(field: &Field, rule: Rule, errors: &mut Vec<GraphqlError>) -> f64 {
    let Some(selection) = &field.selection else {
        return 0.0;
    };
    let composite = Schema::served()
        .get(field.ty.name)
        .is_some_and(|ty| ty.kind != Kind::Scalar);
    let own = if composite { 1.0 } else { 0.0 };
    own + selection
        .each()
        .map(|part| fields(part, rule, errors))
        .fold(0.0, f64::max)
}

fn page_size(field: &Field, errors: &mut Vec<GraphqlError>) -> i32 {
    let refuse = |message: String| {
        GraphqlError::new("BAD_REQUEST", message)
            .at(field.at)
            .path(vec![field.key.as_str().into()])
    };
    let asked = field.args.int("first").map(|n| ("first", n));
    match asked.or_else(|| field.args.int("last").map(|n| ("last", n))) {
        None => {
            errors.push(refuse("you must provide one of first or last".to_owned()));
            0
        }
        Some((name, size)) if !(0..=MAX_PAGE).contains(&size) => {
            errors.push(refuse(format!(
                "Argument '{name}' on Field '{}' has an invalid value ({size}): it must be between 0 and {MAX_PAGE}",
                field.name
            )));
            0
        }
        Some((_, size)) => i32::try_from(size).unwrap_or(0),
    }
}
