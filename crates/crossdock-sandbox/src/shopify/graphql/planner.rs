//! Walks a document's selection sets: fragments followed, fields checked and merged, faults noted.

use std::collections::HashMap;

use graphql_parser::Pos;
use graphql_parser::query::{
    Directive, Field as AstField, FragmentDefinition, Selection as AstSelection, SelectionSet,
    TypeCondition,
};
use serde_json::Value;

use super::coerce::Coercer;
use super::error::GraphqlError;
use super::plan::{Field, Selection};
use super::schema::{FieldDef, Kind, Schema, TypeRef};

/// Plans one operation.
pub(super) struct Planner<'d> {
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
    /// A planner at the beginning of an operation; `label` is what messages call it.
    pub(super) fn new(
        schema: &'static Schema,
        fragments: HashMap<&'d str, &'d FragmentDefinition<'static, String>>,
        coercer: Coercer,
        label: String,
    ) -> Self {
        Self {
            schema,
            fragments,
            coercer,
            errors: vec![],
            path: vec![label.into()],
            depth: 0,
        }
    }

    /// Every fault that was found.
    pub(super) fn finish(mut self) -> Vec<GraphqlError> {
        self.errors.append(&mut self.coercer.errors);
        self.errors
    }

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

    /// The fields of a concrete type, out of several selection sets.
    pub(super) fn fields(
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
