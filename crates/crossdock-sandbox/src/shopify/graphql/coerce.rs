//! Arguments and variables: literals turned into JSON, and JSON checked against its type.

use std::collections::{HashMap, HashSet};

use graphql_parser::query::{Field as AstField, Type as AstType, Value as AstValue};
use serde_json::{Map, Value, json};

use super::error::GraphqlError;
use super::plan::Args;
use super::schema::{InputDef, Kind, Schema, TypeRef};

/// What is wrong with a value, and where inside it.
pub(crate) type Problem = (String, Vec<Value>);

/// What a document may refer to by `$name`.
#[derive(Debug, Default)]
pub(crate) struct Variables {
    /// The variables that have a value, their own or the declaration's default.
    pub(crate) values: HashMap<String, Value>,
    /// All that are declared.
    pub(crate) declared: HashSet<String>,
}

/// Fills in and checks arguments.
pub(crate) struct Coercer {
    schema: &'static Schema,
    variables: Variables,
    /// `query Orders`, for messages.
    operation: String,
    pub(crate) errors: Vec<GraphqlError>,
}

/// A type written in a document, where the schema has it.
pub(crate) fn declared_type(schema: &Schema, ty: &AstType<'static, String>) -> Option<TypeRef> {
    match ty {
        AstType::NamedType(name) => schema.get(name).map(|def| TypeRef {
            name: def.name,
            nullable: true,
            items: None,
        }),
        AstType::NonNullType(inner) => declared_type(schema, inner).map(|inner| TypeRef {
            nullable: false,
            ..inner
        }),
        AstType::ListType(inner) => declared_type(schema, inner).map(|inner| TypeRef {
            name: inner.name,
            nullable: true,
            items: Some(inner.nullable),
        }),
    }
}

impl Coercer {
    pub(crate) fn new(schema: &'static Schema, variables: Variables, operation: String) -> Self {
        Self {
            schema,
            variables,
            operation,
            errors: vec![],
        }
    }

    /// A field's arguments, with defaults; what is wrong goes to `errors`.
    pub(crate) fn arguments(
        &mut self,
        field: &AstField<'static, String>,
        defs: &[InputDef],
        path: &[Value],
    ) -> Args {
        let mut args = Map::new();
        for (name, value) in &field.arguments {
            let mut place = path.to_vec();
            place.push(name.as_str().into());
            let Some(def) = defs.iter().find(|def| def.name == name) else {
                self.errors.push(
                    GraphqlError::new(
                        "argumentNotAccepted",
                        format!("Field '{}' doesn't accept argument '{name}'", field.name),
                    )
                    .at(field.position)
                    .path(place)
                    .with("name", field.name.as_str())
                    .with("typeName", "Field")
                    .with("argumentName", name.as_str()),
                );
                continue;
            };
            self.undeclared(value, field);
            // A variable that was not given leaves the argument absent.
            let Some(value) = self.literal(value) else {
                continue;
            };
            match self.value(&value, &def.ty) {
                Ok(()) => {
                    args.insert(name.clone(), value);
                }
                Err((_, inner)) => {
                    place.extend(inner);
                    let shown = shown_type(&def.ty);
                    self.errors.push(
                        GraphqlError::new(
                            "argumentLiteralsIncompatible",
                            format!(
                                "Argument '{name}' on Field '{}' has an invalid value ({value}). Expected type '{shown}'.",
                                field.name
                            ),
                        )
                        .at(field.position)
                        .path(place)
                        .with("typeName", "Field")
                        .with("argumentName", name.as_str()),
                    );
                }
            }
        }
        let missing: Vec<&str> = defs
            .iter()
            .filter(|def| !def.ty.nullable && def.default.is_none() && !args.contains_key(def.name))
            .filter(|def| !field.arguments.iter().any(|(name, _)| name == def.name))
            .map(|def| def.name)
            .collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            self.errors.push(
                GraphqlError::new(
                    "missingRequiredArguments",
                    format!(
                        "Field '{}' is missing required arguments: {missing}",
                        field.name
                    ),
                )
                .at(field.position)
                .path(path.to_vec())
                .with("className", "Field")
                .with("name", field.name.as_str())
                .with("arguments", missing),
            );
        }
        for def in defs {
            if let Some(default) = &def.default
                && !args.contains_key(def.name)
            {
                args.insert(def.name.to_owned(), default.clone());
            }
        }
        Args(args)
    }

    /// A variable in a value that the operation does not declare. A declared one without a value
    /// is no fault, so only names that nothing declares are told.
    fn undeclared(&mut self, value: &AstValue<'static, String>, field: &AstField<'static, String>) {
        let AstValue::Variable(name) = value else {
            return;
        };
        if !self.variables.declared.contains(name) {
            self.errors.push(
                GraphqlError::new(
                    "variableNotDefined",
                    format!(
                        "Variable ${name} is used by {} but not declared",
                        self.operation
                    ),
                )
                .at(field.position)
                .with("variableName", name.as_str()),
            );
        }
    }

    /// A literal as JSON; `None` for a variable that was not given.
    pub(crate) fn literal(&self, value: &AstValue<'static, String>) -> Option<Value> {
        Some(match value {
            AstValue::Variable(name) => return self.variables.values.get(name).cloned(),
            AstValue::Int(number) => json!(number.as_i64()),
            AstValue::Float(number) => json!(number),
            AstValue::String(text) | AstValue::Enum(text) => Value::String(text.clone()),
            AstValue::Boolean(flag) => Value::Bool(*flag),
            AstValue::Null => Value::Null,
            AstValue::List(items) => items.iter().filter_map(|item| self.literal(item)).collect(),
            AstValue::Object(fields) => Value::Object(
                fields
                    .iter()
                    .filter_map(|(name, value)| Some((name.clone(), self.literal(value)?)))
                    .collect(),
            ),
        })
    }

    /// Whether a value fits a type.
    pub(crate) fn value(&self, value: &Value, ty: &TypeRef) -> Result<(), Problem> {
        if value.is_null() {
            return if ty.nullable {
                Ok(())
            } else {
                Err(("Expected value to not be null".to_owned(), vec![]))
            };
        }
        if let Some(items_nullable) = ty.items {
            let item = TypeRef {
                name: ty.name,
                nullable: items_nullable,
                items: None,
            };
            let Value::Array(items) = value else {
                return self.value(value, &item);
            };
            return items.iter().enumerate().try_for_each(|(index, value)| {
                self.value(value, &item)
                    .map_err(|problem| within(problem, index.into()))
            });
        }
        let Some(def) = self.schema.get(ty.name) else {
            return Ok(());
        };
        match def.kind {
            Kind::Input => self.input(value, def.name, &def.inputs),
            Kind::Enum => {
                let known = value
                    .as_str()
                    .is_some_and(|name| def.values.contains(&name));
                if known {
                    Ok(())
                } else {
                    Err((
                        format!("Expected {value} to be one of: {}", def.values.join(", ")),
                        vec![],
                    ))
                }
            }
            Kind::Scalar => scalar(value, def.name),
            Kind::Object | Kind::Abstract => {
                Err((format!("{} isn't a valid input type", def.name), vec![]))
            }
        }
    }

    fn input(&self, value: &Value, name: &str, defs: &[InputDef]) -> Result<(), Problem> {
        let Value::Object(fields) = value else {
            return Err((
                format!("Expected {value} to be a key-value object."),
                vec![],
            ));
        };
        for (key, value) in fields {
            let def = defs.iter().find(|def| def.name == key).ok_or_else(|| {
                (
                    format!("Field is not defined on {name}"),
                    vec![key.as_str().into()],
                )
            })?;
            self.value(value, &def.ty)
                .map_err(|problem| within(problem, key.as_str().into()))?;
        }
        defs.iter()
            .filter(|def| !def.ty.nullable && def.default.is_none())
            .try_for_each(|def| {
                if fields.contains_key(def.name) {
                    Ok(())
                } else {
                    Err((
                        "Expected value to not be null".to_owned(),
                        vec![def.name.into()],
                    ))
                }
            })
    }
}

fn within((explanation, mut path): Problem, place: Value) -> Problem {
    path.insert(0, place);
    (explanation, path)
}

fn scalar(value: &Value, name: &str) -> Result<(), Problem> {
    let fits = match name {
        "Int" => value
            .as_i64()
            .is_some_and(|number| i32::try_from(number).is_ok()),
        "Float" => value.is_number(),
        "Boolean" => value.is_boolean(),
        "ID" => value.is_string() || value.is_i64() || value.is_u64(),
        "String" | "HTML" | "URL" | "CurrencyCode" | "CountryCode" | "DateTime" => {
            value.is_string()
        }
        "Money" | "Decimal" | "UnsignedInt64" | "BigInt" => value.is_string() || value.is_number(),
        _ => true,
    };
    if fits {
        Ok(())
    } else {
        Err((format!("Could not coerce value {value} to {name}"), vec![]))
    }
}

fn shown_type(ty: &TypeRef) -> String {
    let mark = if ty.nullable { "" } else { "!" };
    match ty.items {
        Some(nullable) => format!("[{}{}]{mark}", ty.name, if nullable { "" } else { "!" }),
        None => format!("{}{mark}", ty.name),
    }
}
