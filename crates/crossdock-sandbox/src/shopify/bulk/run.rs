//! Runs a query over everything and writes the lines.

use bytes::Bytes;

use crate::shopify::graphql::{Field, Page, Plan, Selection, write_flat};
use crate::shopify::resolve::{Context, Object};

/// How many connections a query may have.
const CONNECTIONS: usize = 5;

/// How deep connections may lie in each other.
const DEPTH: usize = 2;

/// Why a query can't be run in bulk, in the platform's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem(pub(crate) String);

/// What was written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    pub(crate) file: Bytes,
    pub(crate) objects: u64,
    pub(crate) roots: u64,
    /// Why the operation fails, if it does.
    pub(crate) error_code: Option<&'static str>,
}

/// Checks that a query has the form of a bulk query.
pub(crate) fn check(plan: &Plan) -> Result<(), Problem> {
    let [root] = plan.root.as_slice() else {
        return Err(Problem(
            "Bulk queries must contain exactly one top-level field.".to_owned(),
        ));
    };
    if root.name == "node" || root.name == "nodes" {
        return Err(Problem(format!(
            "Bulk queries can't use the {} field.",
            root.name
        )));
    }
    let mut connections = 0;
    count(root, 0, false, &mut connections)?;
    match connections {
        0 => Err(Problem(
            "Bulk queries must contain at least one connection.".to_owned(),
        )),
        1..=CONNECTIONS => Ok(()),
        _ => Err(Problem(format!(
            "Bulk queries cannot contain more than {CONNECTIONS} connections."
        ))),
    }
}

fn count(field: &Field, depth: usize, listed: bool, found: &mut usize) -> Result<(), Problem> {
    let Some(selection) = &field.selection else {
        return Ok(());
    };
    if !field.connection {
        let listed = listed || field.ty.items.is_some();
        return selection
            .each()
            .flatten()
            .try_for_each(|inner| count(inner, depth, listed, found));
    }
    if listed {
        return Err(Problem(
            "Queries that contain a connection field within a list field are not currently supported."
                .to_owned(),
        ));
    }
    if depth > DEPTH {
        return Err(Problem(format!(
            "Bulk queries cannot contain connections with a nesting depth greater than {DEPTH}."
        )));
    }
    *found += 1;
    let Some(nodes) = node_selection(field) else {
        return Ok(());
    };
    for fields in nodes.each() {
        let nested = fields.iter().any(contains_connection);
        let has_id = fields
            .iter()
            .any(|field| field.key == "id" && field.name == "id");
        if nested && !has_id {
            return Err(Problem(format!(
                "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type. Connection fields without 'id': {}.",
                field.name
            )));
        }
        for inner in fields {
            count(inner, depth + 1, false, found)?;
        }
    }
    Ok(())
}

fn contains_connection(field: &Field) -> bool {
    field.connection
        || field
            .selection
            .iter()
            .flat_map(|selection| selection.each().flatten())
            .any(contains_connection)
}

/// What is selected of a connection's nodes.
fn node_selection(connection: &Field) -> Option<&Selection> {
    let parts = || {
        connection
            .selection
            .iter()
            .flat_map(|selection| selection.each().flatten())
    };
    parts()
        .find(|part| part.name == "nodes")
        .and_then(|part| part.selection.as_ref())
        .or_else(|| {
            parts()
                .filter(|part| part.name == "edges")
                .flat_map(|edges| edges.selection.iter())
                .flat_map(|edge| edge.each().flatten())
                .find(|part| part.name == "node")
                .and_then(|node| node.selection.as_ref())
        })
}

/// Whether the app lacks a scope for anything that the query selects.
fn denied(field: &Field, cx: &Context<'_>) -> bool {
    let closed = !field.access.is_empty() && !field.access.iter().any(|s| cx.grant.allows(s));
    closed
        || field
            .selection
            .iter()
            .flat_map(|selection| selection.each().flatten())
            .any(|inner| denied(inner, cx))
}

/// Runs a query that [`check`] found good. `grouped` puts children right after their parent;
/// otherwise all parents come first.
pub(crate) fn run<'a>(plan: &Plan, grouped: bool, cx: &'a Context<'a>) -> Written {
    let Some(root) = plan.root.first() else {
        return Written::default();
    };
    if denied(root, cx) {
        return Written {
            error_code: Some("ACCESS_DENIED"),
            ..Written::default()
        };
    }
    let mut writer = Writer {
        cx,
        layers: vec![vec![]; if grouped { 1 } else { DEPTH + 1 }],
        objects: 0,
        roots: 0,
        failed: false,
    };
    writer.field(Object::Query, root, None, 0);
    let mut layers = writer.layers.into_iter();
    let mut file = layers.next().unwrap_or_default();
    for layer in layers {
        file.extend_from_slice(&layer);
    }
    Written {
        file: file.into(),
        objects: writer.objects,
        roots: writer.roots,
        error_code: writer.failed.then_some("INTERNAL_SERVER_ERROR"),
    }
}

struct Writer<'a> {
    cx: &'a Context<'a>,
    /// The lines, by depth where they are not grouped.
    layers: Vec<Vec<u8>>,
    objects: u64,
    roots: u64,
    failed: bool,
}

impl<'a> Writer<'a> {
    /// Follows a field to the connections in it.
    fn field(&mut self, object: Object<'_>, field: &Field, parent: Option<&str>, depth: usize) {
        if !contains_connection(field) {
            return;
        }
        let Ok(resolved) = object.resolve(field, self.cx) else {
            self.failed = true;
            return;
        };
        if !field.connection {
            if let Some(inner) = resolved.into_object()
                && let Some(selection) = &field.selection
            {
                for field in selection.of(inner.type_name()) {
                    self.field(inner, field, parent, depth);
                }
            }
            return;
        }
        let Some(selection) = node_selection(field) else {
            return;
        };
        resolved.with_page(field, |page: &Page<'_>| {
            for (_, node) in &page.nodes {
                self.node(*node, selection, parent, depth);
            }
        });
    }

    fn node(
        &mut self,
        node: Object<'_>,
        selection: &Selection,
        parent: Option<&str>,
        depth: usize,
    ) {
        let index = depth.min(self.layers.len().saturating_sub(1));
        let Some(layer) = self.layers.get_mut(index) else {
            return;
        };
        if !write_flat(self.cx, node, selection, layer) {
            self.failed = true;
            return;
        }
        if let Some(parent) = parent {
            let empty = layer.ends_with(b"{}");
            layer.pop();
            layer.extend_from_slice(if empty {
                b"\"__parentId\":\""
            } else {
                b",\"__parentId\":\""
            });
            layer.extend_from_slice(parent.as_bytes());
            layer.extend_from_slice(b"\"}");
        } else {
            self.roots += 1;
        }
        layer.push(b'\n');
        self.objects += 1;
        let fields = selection.of(node.type_name());
        if fields.iter().any(contains_connection) {
            let gid = node.gid();
            for field in fields {
                self.field(node, field, gid.as_deref(), depth + 1);
            }
        }
    }
}
