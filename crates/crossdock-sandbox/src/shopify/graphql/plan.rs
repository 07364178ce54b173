//! Turns a document and its variables into a plan: every field checked, every argument filled in,
//! fragments merged for each concrete type.
//!
//! A document that does not fit the schema is refused as a whole, before anything is resolved.

use std::collections::HashMap;

use graphql_parser::Pos;
use graphql_parser::query::{
    Definition, Document, FragmentDefinition, OperationDefinition, VariableDefinition,
};
use serde_json::{Map, Value, json};

use super::coerce::{Coercer, Variables, declared_type};
use super::error::GraphqlError;
use super::planner::Planner;
use super::schema::{Schema, TypeRef};

/// A parsed document that owns its text.
pub(crate) type Parsed = Document<'static, String>;

/// Whether an operation reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OperationKind {
    /// Reads.
    Query,
    /// Writes.
    Mutation,
}

/// One operation, ready to be resolved.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Whether it reads or writes.
    pub(crate) kind: OperationKind,
    /// Its root fields.
    pub(crate) root: Vec<Field>,
}

/// What is selected, for each type that the value may have.
#[derive(Debug)]
pub(crate) struct Selection {
    pub(super) types: Vec<(&'static str, Vec<Field>)>,
}

/// One selected field.
#[derive(Debug)]
pub(crate) struct Field {
    /// The name under which the answer holds it.
    pub(crate) key: String,
    /// The field's name; `__typename` for the type's.
    pub(crate) name: &'static str,
    pub(crate) args: Args,
    pub(crate) ty: TypeRef,
    /// The scopes of which any one is needed.
    pub(crate) access: Vec<&'static str>,
    pub(crate) protected: bool,
    /// Whether the field answers with a connection.
    pub(crate) connection: bool,
    /// For fields that answer with objects.
    pub(crate) selection: Option<Selection>,
    /// The key of `@idempotent`.
    pub(crate) idempotency_key: Option<String>,
    pub(crate) at: Pos,
}

/// A field's arguments, defaults filled in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Args(pub(crate) Map<String, Value>);

impl Args {
    /// The argument, unless it is absent or null.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text, an enum's name or an id.
    pub(crate) fn str(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    /// A number.
    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Value::as_i64)
    }

    /// A flag; false where it is absent.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }
}

impl Selection {
    /// The fields for a value of this concrete type.
    pub(crate) fn of(&self, type_name: &str) -> &[Field] {
        self.types
            .iter()
            .find(|(name, _)| *name == type_name)
            .map_or(&[], |(_, fields)| fields.as_slice())
    }

    /// The fields for each type that the value may have.
    pub(crate) fn each(&self) -> impl Iterator<Item = &[Field]> {
        self.types.iter().map(|(_, fields)| fields.as_slice())
    }
}

/// Checks a document and fills it in.
///
/// # Errors
/// What the platform would list under `errors`: one entry for every fault that was found.
pub(crate) fn plan(
    document: &Parsed,
    operation_name: Option<&str>,
    variables: &Map<String, Value>,
) -> Result<Plan, Vec<GraphqlError>> {
    let schema = Schema::served();
    let fragments: HashMap<&str, &FragmentDefinition<'static, String>> = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::Fragment(fragment) => Some((fragment.name.as_str(), fragment)),
            Definition::Operation(_) => None,
        })
        .collect();
    let operation = choose(document, operation_name)?;
    let (kind, name, declared, set) = match operation {
        OperationDefinition::SelectionSet(set) => (OperationKind::Query, None, &[][..], set),
        OperationDefinition::Query(query) => (
            OperationKind::Query,
            query.name.as_deref(),
            &query.variable_definitions[..],
            &query.selection_set,
        ),
        OperationDefinition::Mutation(mutation) => (
            OperationKind::Mutation,
            mutation.name.as_deref(),
            &mutation.variable_definitions[..],
            &mutation.selection_set,
        ),
        OperationDefinition::Subscription(_) => {
            return Err(vec![GraphqlError::new(
                "undefinedType",
                "Schema is not configured for subscriptions",
            )]);
        }
    };
    let variables = read_variables(schema, declared, variables)?;
    let root_type = match kind {
        OperationKind::Query => "QueryRoot",
        OperationKind::Mutation => "Mutation",
    };
    let what = match kind {
        OperationKind::Query => "query",
        OperationKind::Mutation => "mutation",
    };
    let label = name.map_or_else(|| what.to_owned(), |name| format!("{what} {name}"));
    let coercer = Coercer::new(schema, variables, label.clone());
    let mut planner = Planner::new(schema, fragments, coercer, label);
    let root = planner.fields(root_type, &[set]);
    let errors = planner.finish();
    if errors.is_empty() {
        Ok(Plan { kind, root })
    } else {
        Err(errors)
    }
}

fn choose<'d>(
    document: &'d Parsed,
    name: Option<&str>,
) -> Result<&'d OperationDefinition<'static, String>, Vec<GraphqlError>> {
    let mut found = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::Operation(operation) => Some(operation),
            Definition::Fragment(_) => None,
        });
    let named = |operation: &OperationDefinition<'static, String>| match operation {
        OperationDefinition::Query(query) => query.name.as_deref() == name,
        OperationDefinition::Mutation(mutation) => mutation.name.as_deref() == name,
        _ => false,
    };
    let chosen = match name {
        Some(_) => found.find(|operation| named(operation)),
        None => match (found.next(), found.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        },
    };
    chosen.ok_or_else(|| {
        vec![GraphqlError::bare(match name {
            Some(name) => format!("No operation named \"{name}\""),
            None => "An operation name is required".to_owned(),
        })]
    })
}

/// Checks the variables that came against those that are declared.
fn read_variables(
    schema: &'static Schema,
    declared: &[VariableDefinition<'static, String>],
    given: &Map<String, Value>,
) -> Result<Variables, Vec<GraphqlError>> {
    let coercer = Coercer::new(schema, Variables::default(), String::new());
    let mut variables = Variables::default();
    let mut errors = vec![];
    for definition in declared {
        variables.declared.insert(definition.name.clone());
        let default = definition
            .default_value
            .as_ref()
            .map(|value| coercer.literal(value));
        let shown = definition.var_type.to_string();
        let Some(ty) = declared_type(schema, &definition.var_type) else {
            errors.push(
                GraphqlError::new(
                    "undefinedType",
                    format!(
                        "{} isn't a defined input type (on ${})",
                        shown.trim_matches(|c| "[]!".contains(c)),
                        definition.name
                    ),
                )
                .at(definition.position),
            );
            continue;
        };
        let value = given.get(&definition.name).cloned().or(default.flatten());
        let problem = match &value {
            None | Some(Value::Null) if !ty.nullable => {
                Some(("Expected value to not be null".to_owned(), vec![]))
            }
            None => continue,
            Some(value) => coercer.value(value, &ty).err(),
        };
        if let Some((explanation, path)) = problem {
            errors.push(
                GraphqlError::new(
                    "INVALID_VARIABLE",
                    format!(
                        "Variable ${} of type {shown} was provided invalid value",
                        definition.name
                    ),
                )
                .at(definition.position)
                .with("value", value.unwrap_or_default())
                .with(
                    "problems",
                    json!([{ "path": path, "explanation": explanation }]),
                ),
            );
        } else if let Some(value) = value {
            variables.values.insert(definition.name.clone(), value);
        }
    }
    if errors.is_empty() {
        Ok(variables)
    } else {
        Err(errors)
    }
}
