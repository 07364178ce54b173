//! The types that the sandbox serves, read once from `served.graphql`.
//!
//! Requests are checked against this table before anything is resolved, as the platform does, so
//! that a misspelt field is refused even where the list that holds it is empty.

use std::collections::HashMap;
use std::sync::LazyLock;

use graphql_parser::schema::{
    self as ast, Definition, Directive, EnumType, InputObjectType, InterfaceType, ObjectType,
    Type as AstType, TypeDefinition, UnionType, Value,
};

/// What a type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Has fields.
    Object,
    /// An interface or union: stands for several objects.
    Abstract,
    /// One of several names.
    Enum,
    /// Anything else that is a leaf.
    Scalar,
    /// Only ever an argument.
    Input,
}

/// The type of a field or argument: a name, and how it is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TypeRef {
    /// The innermost type's name.
    pub(crate) name: &'static str,
    /// Whether the whole may be null.
    pub(crate) nullable: bool,
    /// For a list, whether its items may be null.
    pub(crate) items: Option<bool>,
}

/// An argument, or a field of an input object.
#[derive(Clone, Debug)]
pub(crate) struct InputDef {
    pub(crate) name: &'static str,
    pub(crate) ty: TypeRef,
    pub(crate) default: Option<serde_json::Value>,
}

/// A field of an object or interface.
#[derive(Clone, Debug)]
pub(crate) struct FieldDef {
    pub(crate) name: &'static str,
    pub(crate) ty: TypeRef,
    pub(crate) args: Vec<InputDef>,
    /// The scopes of which any one opens the field; empty where none is needed.
    pub(crate) access: Vec<&'static str>,
    /// Whether it is customer data that needs the platform's approval.
    pub(crate) protected: bool,
}

/// One type.
#[derive(Clone, Debug)]
pub(crate) struct TypeDef {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) fields: HashMap<&'static str, FieldDef>,
    /// The objects that an abstract type stands for.
    pub(crate) possible: Vec<&'static str>,
    pub(crate) values: Vec<&'static str>,
    pub(crate) inputs: Vec<InputDef>,
}

/// All types.
#[derive(Debug)]
pub(crate) struct Schema {
    types: HashMap<&'static str, TypeDef>,
}

static SERVED: LazyLock<Schema> = LazyLock::new(|| Schema::read(include_str!("served.graphql")));

impl Schema {
    /// The one schema.
    pub(crate) fn served() -> &'static Self {
        &SERVED
    }

    pub(crate) fn get(&self, name: &str) -> Option<&TypeDef> {
        self.types.get(name)
    }

    /// Whether an object is a type, or one of those that an abstract type stands for.
    pub(crate) fn is_a(&self, object: &str, condition: &str) -> bool {
        object == condition
            || self
                .types
                .get(condition)
                .is_some_and(|ty| ty.possible.contains(&object))
    }

    fn read(text: &'static str) -> Self {
        let mut types = HashMap::new();
        // A file that does not parse would leave the schema empty, and every test of this module
        // red; there is nobody to report it to at run time.
        let definitions = ast::parse_schema::<&'static str>(text)
            .map(|document| document.definitions)
            .unwrap_or_default();
        let mut implementers: HashMap<&'static str, Vec<&'static str>> = HashMap::new();
        let mut type_access = HashMap::new();
        for definition in definitions {
            let Definition::TypeDefinition(definition) = definition else {
                continue;
            };
            if let TypeDefinition::Object(object) = &definition {
                for interface in &object.implements_interfaces {
                    implementers.entry(interface).or_default().push(object.name);
                }
                let (access, _) = marks(&object.directives);
                type_access.insert(object.name, access);
            }
            let ty = type_def(definition);
            types.insert(ty.name, ty);
        }
        for name in ["Int", "Float", "String", "Boolean", "ID"] {
            types.insert(name, TypeDef::leaf(name, Kind::Scalar));
        }
        add_connections(&mut types, &mut type_access);
        for (interface, objects) in implementers {
            if let Some(ty) = types.get_mut(interface) {
                ty.possible = objects;
            }
        }
        for ty in types.values_mut() {
            for field in ty.fields.values_mut() {
                if field.access.is_empty()
                    && let Some(access) = type_access.get(field.ty.name)
                {
                    field.access.clone_from(access);
                }
            }
        }
        Self { types }
    }
}

impl TypeDef {
    fn leaf(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            fields: HashMap::new(),
            possible: vec![],
            values: vec![],
            inputs: vec![],
        }
    }

    fn object(name: &'static str, fields: Vec<FieldDef>) -> Self {
        let mut ty = Self::leaf(name, Kind::Object);
        ty.fields = fields
            .into_iter()
            .map(|field| (field.name, field))
            .collect();
        ty
    }
}

fn type_def(definition: TypeDefinition<'static, &'static str>) -> TypeDef {
    match definition {
        TypeDefinition::Object(ObjectType { name, fields, .. }) => {
            TypeDef::object(name, fields.into_iter().map(field_def).collect())
        }
        TypeDefinition::Interface(InterfaceType { name, fields, .. }) => {
            let mut ty = TypeDef::object(name, fields.into_iter().map(field_def).collect());
            ty.kind = Kind::Abstract;
            ty
        }
        TypeDefinition::Union(UnionType { name, types, .. }) => {
            let mut ty = TypeDef::leaf(name, Kind::Abstract);
            ty.possible = types;
            ty
        }
        TypeDefinition::Enum(EnumType { name, values, .. }) => {
            let mut ty = TypeDef::leaf(name, Kind::Enum);
            ty.values = values.into_iter().map(|value| value.name).collect();
            ty
        }
        TypeDefinition::InputObject(InputObjectType { name, fields, .. }) => {
            let mut ty = TypeDef::leaf(name, Kind::Input);
            ty.inputs = fields.into_iter().map(input_def).collect();
            ty
        }
        TypeDefinition::Scalar(scalar) => TypeDef::leaf(scalar.name, Kind::Scalar),
    }
}

fn field_def(field: ast::Field<'static, &'static str>) -> FieldDef {
    let (access, protected) = marks(&field.directives);
    FieldDef {
        name: field.name,
        ty: type_ref(&field.field_type),
        args: field.arguments.into_iter().map(input_def).collect(),
        access,
        protected,
    }
}

fn input_def(input: ast::InputValue<'static, &'static str>) -> InputDef {
    InputDef {
        name: input.name,
        ty: type_ref(&input.value_type),
        default: input.default_value.map(|value| constant(&value)),
    }
}

fn constant(value: &Value<'static, &'static str>) -> serde_json::Value {
    match value {
        Value::Boolean(flag) => (*flag).into(),
        Value::Int(number) => number.as_i64().into(),
        Value::Enum(name) => (*name).into(),
        Value::String(text) => text.as_str().into(),
        _ => serde_json::Value::Null,
    }
}

fn type_ref(ty: &AstType<'static, &'static str>) -> TypeRef {
    match ty {
        AstType::NamedType(name) => TypeRef {
            name,
            nullable: true,
            items: None,
        },
        AstType::NonNullType(inner) => TypeRef {
            nullable: false,
            ..type_ref(inner)
        },
        AstType::ListType(inner) => {
            let inner = type_ref(inner);
            TypeRef {
                name: inner.name,
                nullable: true,
                items: Some(inner.nullable),
            }
        }
    }
}

/// The scopes of `@access`, and whether `@protected` is there.
fn marks(directives: &[Directive<'static, &'static str>]) -> (Vec<&'static str>, bool) {
    let mut access = vec![];
    for directive in directives
        .iter()
        .filter(|directive| directive.name == "access")
    {
        for (_, value) in &directive.arguments {
            let Value::List(scopes) = value else { continue };
            access.extend(scopes.iter().filter_map(|scope| match scope {
                Value::String(scope) => known_scope(scope),
                _ => None,
            }));
        }
    }
    (
        access,
        directives
            .iter()
            .any(|directive| directive.name == "protected"),
    )
}

/// The parser owns string values; the few scopes there are become static here.
fn known_scope(scope: &str) -> Option<&'static str> {
    SCOPES
        .iter()
        .map(|(handle, _)| *handle)
        .find(|known| *known == scope)
}

/// The scopes that the sandbox knows, each with what the consent page says about it.
pub(crate) const SCOPES: [(&str, &str); 16] = [
    (
        "read_all_orders",
        "Read all orders, also those older than 60 days",
    ),
    ("read_customers", "Read customers"),
    ("write_customers", "Change customers"),
    ("read_inventory", "Read inventory"),
    ("write_inventory", "Change inventory"),
    ("read_locations", "Read locations"),
    ("write_locations", "Change locations"),
    ("read_orders", "Read orders of the last 60 days"),
    ("write_orders", "Change orders"),
    ("read_products", "Read products"),
    ("write_products", "Change products"),
    ("read_fulfillments", "Read fulfillments"),
    ("write_fulfillments", "Change fulfillments"),
    ("read_shopify_payments", "Read Shopify Payments"),
    (
        "read_shopify_payments_accounts",
        "Read Shopify Payments accounts",
    ),
    (
        "read_shopify_payments_payouts",
        "Read Shopify Payments payouts",
    ),
];

/// Makes `XConnection` and `XEdge` for every connection that a field names.
fn add_connections(
    types: &mut HashMap<&'static str, TypeDef>,
    access: &mut HashMap<&'static str, Vec<&'static str>>,
) {
    let named: Vec<&'static str> = types
        .values()
        .flat_map(|ty| ty.fields.values().map(|field| field.ty.name))
        .collect();
    for connection in named {
        let Some(node) = connection.strip_suffix("Connection") else {
            continue;
        };
        if types.contains_key(connection) {
            continue;
        }
        // Leaked once per connection type in the life of a process: names are static throughout.
        let edge: &'static str = Box::leak(format!("{node}Edge").into_boxed_str());
        let one = |name, ty, nullable| {
            plain(
                name,
                TypeRef {
                    name: ty,
                    nullable,
                    items: None,
                },
            )
        };
        let many = |name, ty| {
            plain(
                name,
                TypeRef {
                    name: ty,
                    nullable: false,
                    items: Some(false),
                },
            )
        };
        types.insert(
            connection,
            TypeDef::object(
                connection,
                vec![
                    many("edges", edge),
                    many("nodes", node),
                    one("pageInfo", "PageInfo", false),
                ],
            ),
        );
        types.insert(
            edge,
            TypeDef::object(
                edge,
                vec![one("cursor", "String", false), one("node", node, false)],
            ),
        );
        if let Some(scopes) = access.get(node).cloned() {
            access.insert(connection, scopes);
        }
    }
}

fn plain(name: &'static str, ty: TypeRef) -> FieldDef {
    FieldDef {
        name,
        ty,
        args: vec![],
        access: vec![],
        protected: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_type_is_there() {
        let schema = Schema::served();
        assert!(schema.types.len() > 100);
        for ty in schema.types.values() {
            for field in ty.fields.values() {
                assert!(
                    schema.get(field.ty.name).is_some(),
                    "{}.{}",
                    ty.name,
                    field.name
                );
                for arg in &field.args {
                    assert!(
                        schema.get(arg.ty.name).is_some(),
                        "{}.{}",
                        ty.name,
                        field.name
                    );
                }
            }
            for possible in &ty.possible {
                assert!(schema.get(possible).is_some(), "{possible}");
            }
        }
    }

    #[test]
    fn a_connection_needs_the_scopes_of_its_nodes() {
        let query = Schema::served().get("QueryRoot").unwrap();
        assert_eq!(query.fields["orders"].access, ["read_orders"]);
        assert_eq!(
            query.fields["inventoryItems"].access,
            ["read_inventory", "read_products"]
        );
        assert!(query.fields["shop"].access.is_empty());
    }

    /// The official description is too large for the repository; where it lies beside it, every
    /// name and every type here must agree with it.
    #[test]
    fn agrees_with_the_official_description() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/specs/shopify/admin_2026-10.graphql"
        );
        let Ok(text) = std::fs::read_to_string(path) else {
            println!("skipped: {path} is absent");
            return;
        };
        let official = Schema::read(Box::leak(text.into_boxed_str()));
        for ty in Schema::served().types.values() {
            let theirs = official
                .get(ty.name)
                .unwrap_or_else(|| panic!("no type {}", ty.name));
            // The long lists of countries and currencies are only names here.
            let listed = (ty.kind, theirs.kind) == (Kind::Scalar, Kind::Enum);
            assert!(ty.kind == theirs.kind || listed, "{}", ty.name);
            for field in ty.fields.values() {
                let Some(other) = theirs.fields.get(field.name) else {
                    panic!("no field {}.{}", ty.name, field.name)
                };
                assert_eq!(field.ty, other.ty, "{}.{}", ty.name, field.name);
                for arg in &field.args {
                    assert!(
                        other.args.iter().any(|o| o.name == arg.name
                            && o.ty == arg.ty
                            && o.default == arg.default),
                        "{}.{}({})",
                        ty.name,
                        field.name,
                        arg.name
                    );
                }
            }
            assert!(
                ty.values.iter().all(|value| theirs.values.contains(value)),
                "{}",
                ty.name
            );
            for input in &ty.inputs {
                assert!(
                    theirs
                        .inputs
                        .iter()
                        .any(|o| o.name == input.name && o.ty == input.ty)
                );
            }
        }
    }
}
