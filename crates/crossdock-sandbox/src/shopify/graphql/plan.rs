//! Turns a document and its variables into a plan: every field checked, every argument filled in,
//! fragments merged for each concrete type.
//!
//! A document that does not fit the schema is refused as a whole, before anything is resolved.

use std::collections::HashMap;

use graphql_parser::Pos;
use graphql_parser::query::{
    Definition, Directive, Document, Field as AstField, FragmentDefinition, OperationDefinition,
    Selection as AstSelection, SelectionSet, TypeCondition, VariableDefinition,
};
use serde_json::{Map, Value, json};

use super::coerce::{Coercer, Variables, declared_type};
use super::error::GraphqlError;
use super::schema::{FieldDef, Kind, Schema, TypeRef};

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
    types: Vec<(&'static str, Vec<Field>)>,
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
    let mut planner = Planner {
        schema,
        fragments,
        coercer: Coercer::new(schema, variables, label.clone()),
        errors: vec![],
        path: vec![label.into()],
        depth: 0,
    };
    let root = planner.fields(root_type, &[set]);
    planner.errors.append(&mut planner.coercer.errors);
    if planner.errors.is_empty() {
        Ok(Plan { kind, root })
    } else {
        Err(planner.errors)
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

struct Planner<'d> {
    schema: &'static Schema,
    fragments: HashMap<&'d str, &'d FragmentDefinition<'static, String>>,
    coercer: Coercer,
    errors: Vec<GraphqlError>,
    /// Where in the document: `query`, `products`, `nodes`.
    path: Vec<Value>,
    depth: usize,
}

/// A document nested deeper than this is refused; fragments that contain themselves end here.
const DEPTH_LIMIT: usize = 40;

/// Fields under one response key: the first, and the selection sets of all.
type Gathered<'d> = (
    &'d AstField<'static, String>,
    Vec<&'d SelectionSet<'static, String>>,
);

impl<'d> Planner<'d> {
    fn selection(
        &mut self,
        ty: &'static str,
        sets: &[&'d SelectionSet<'static, String>],
    ) -> Selection {
        let Some(def) = self.schema.get(ty) else {
            return Selection { types: vec![] };
        };
        let types = match def.kind {
            Kind::Abstract => {
                self.check_abstract(ty, sets);
                let possible = def.possible.clone();
                possible
                    .into_iter()
                    .map(|name| (name, self.fields(name, sets)))
                    .collect()
            }
            _ => vec![(ty, self.fields(ty, sets))],
        };
        Selection { types }
    }

    /// Fields asked of an interface must be the interface's own; those of its objects need a
    /// fragment.
    fn check_abstract(&mut self, ty: &'static str, sets: &[&'d SelectionSet<'static, String>]) {
        let Some(def) = self.schema.get(ty) else {
            return;
        };
        for item in sets.iter().flat_map(|set| &set.items) {
            if let AstSelection::Field(field) = item
                && field.name != "__typename"
                && !def.fields.contains_key(field.name.as_str())
            {
                self.undefined_field(ty, field);
            }
        }
    }

    fn fields(
        &mut self,
        ty: &'static str,
        sets: &[&'d SelectionSet<'static, String>],
    ) -> Vec<Field> {
        if self.depth > DEPTH_LIMIT {
            if self.errors.is_empty() {
                self.errors.push(GraphqlError::new(
                    "MAX_DEPTH_EXCEEDED",
                    "Query is nested too deep",
                ));
            }
            return vec![];
        }
        self.depth += 1;
        let mut gathered: Vec<(&'d str, Gathered<'d>)> = vec![];
        for set in sets {
            self.gather(ty, set, &mut gathered, 0);
        }
        let fields = gathered
            .into_iter()
            .filter_map(|(key, (field, sets))| self.field(ty, key, field, &sets))
            .collect();
        self.depth -= 1;
        fields
    }

    /// Collects the fields that apply to `ty`, through fragments, merged by response key.
    fn gather(
        &mut self,
        ty: &'static str,
        set: &'d SelectionSet<'static, String>,
        into: &mut Vec<(&'d str, Gathered<'d>)>,
        depth: usize,
    ) {
        if depth > DEPTH_LIMIT {
            return;
        }
        for item in &set.items {
            match item {
                AstSelection::Field(field) => {
                    if !self.included(&field.directives) {
                        continue;
                    }
                    let key = field.alias.as_deref().unwrap_or(&field.name);
                    if let Some((_, (_, sets))) = into.iter_mut().find(|(known, _)| *known == key) {
                        sets.push(&field.selection_set);
                    } else {
                        into.push((key, (field, vec![&field.selection_set])));
                    }
                }
                AstSelection::FragmentSpread(spread) => {
                    let Some(fragment) = self.fragments.get(spread.fragment_name.as_str()).copied()
                    else {
                        self.errors.push(
                            GraphqlError::new(
                                "useAndDefineFragment",
                                format!(
                                    "Fragment {} was used, but not defined",
                                    spread.fragment_name
                                ),
                            )
                            .at(spread.position),
                        );
                        continue;
                    };
                    if self.included(&spread.directives)
                        && self.applies(ty, Some(&fragment.type_condition), fragment.position)
                    {
                        self.gather(ty, &fragment.selection_set, into, depth + 1);
                    }
                }
                AstSelection::InlineFragment(fragment) => {
                    if self.included(&fragment.directives)
                        && self.applies(ty, fragment.type_condition.as_ref(), fragment.position)
                    {
                        self.gather(ty, &fragment.selection_set, into, depth + 1);
                    }
                }
            }
        }
    }

    fn applies(
        &mut self,
        ty: &'static str,
        condition: Option<&TypeCondition<'static, String>>,
        at: Pos,
    ) -> bool {
        let Some(TypeCondition::On(condition)) = condition else {
            return true;
        };
        if self.schema.get(condition).is_none() {
            self.errors.push(
                GraphqlError::new(
                    "undefinedType",
                    format!("No such type {condition}, so it can't be a fragment condition"),
                )
                .at(at)
                .with("typeName", condition.as_str()),
            );
            return false;
        }
        self.schema.is_a(ty, condition)
    }

    /// `@skip` and `@include`.
    fn included(&mut self, directives: &[Directive<'static, String>]) -> bool {
        directives.iter().all(|directive| {
            let condition = directive
                .arguments
                .iter()
                .find(|(name, _)| name == "if")
                .and_then(|(_, value)| self.coercer.literal(value))
                .and_then(|value| value.as_bool());
            match directive.name.as_str() {
                "include" => condition.unwrap_or(true),
                "skip" => !condition.unwrap_or(false),
                "idempotent" => true,
                other => {
                    self.errors.push(
                        GraphqlError::new(
                            "undefinedDirective",
                            format!("Directive @{other} is not defined"),
                        )
                        .at(directive.position),
                    );
                    true
                }
            }
        })
    }

    fn field(
        &mut self,
        ty: &'static str,
        key: &str,
        field: &'d AstField<'static, String>,
        sets: &[&'d SelectionSet<'static, String>],
    ) -> Option<Field> {
        let typename;
        let def = match self.schema.get(ty)?.fields.get(field.name.as_str()) {
            Some(def) => def,
            None if field.name == "__typename" => {
                typename = FieldDef {
                    name: "__typename",
                    ty: TypeRef {
                        name: "String",
                        nullable: false,
                        items: None,
                    },
                    args: vec![],
                    access: vec![],
                    protected: false,
                };
                &typename
            }
            None => {
                self.undefined_field(ty, field);
                return None;
            }
        };
        self.path.push(key.into());
        let args = self.coercer.arguments(field, &def.args, &self.path);
        let leaf = self
            .schema
            .get(def.ty.name)
            .is_none_or(|ty| matches!(ty.kind, Kind::Scalar | Kind::Enum));
        let selected = sets.iter().any(|set| !set.items.is_empty());
        if leaf == selected {
            let message = if leaf {
                format!(
                    "Selections can't be made on scalars (field '{}' returns {} but has selections)",
                    field.name, def.ty.name
                )
            } else {
                format!(
                    "Field must have selections (field '{0}' returns {1} but has no selections. Did you mean '{0} {{ ... }}'?)",
                    field.name, def.ty.name
                )
            };
            self.errors.push(
                GraphqlError::new("selectionMismatch", message)
                    .at(field.position)
                    .path(self.path.clone())
                    .with("nodeName", format!("field '{}'", field.name)),
            );
        }
        let selection = (!leaf).then(|| self.selection(def.ty.name, sets));
        self.path.pop();
        Some(Field {
            key: key.to_owned(),
            name: def.name,
            args,
            ty: def.ty,
            access: def.access.clone(),
            protected: def.protected,
            connection: def.ty.name.ends_with("Connection"),
            selection,
            idempotency_key: self.idempotency_key(&field.directives),
            at: field.position,
        })
    }

    fn idempotency_key(&mut self, directives: &[Directive<'static, String>]) -> Option<String> {
        let directive = directives
            .iter()
            .find(|directive| directive.name == "idempotent")?;
        let (_, value) = directive.arguments.iter().find(|(name, _)| name == "key")?;
        Some(self.coercer.literal(value)?.as_str()?.to_owned())
    }

    fn undefined_field(&mut self, ty: &str, field: &AstField<'static, String>) {
        let mut path = self.path.clone();
        path.push(field.alias.as_deref().unwrap_or(&field.name).into());
        let error = GraphqlError::new(
            "undefinedField",
            format!("Field '{}' doesn't exist on type '{ty}'", field.name),
        )
        .at(field.position)
        .path(path)
        .with("typeName", ty)
        .with("fieldName", field.name.as_str());
        // An abstract type is planned once for each object: the same fault is told once.
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }
}
