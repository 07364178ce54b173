//! Runs a plan: resolves each field and writes the answer as it goes.
//!
//! JSON is written straight into the buffer, with no tree in between. A field that fails takes
//! back what it wrote, up to the next place that may be null, as the GraphQL specification says.

use std::io::Write as _;

use chrono::SecondsFormat;
use serde_json::Value;

use super::cost::Rule;
use super::error::GraphqlError;
use super::plan::{Field, Selection};
use super::schema::Schema;
use super::value::{Page, Resolved};
use crate::shopify::resolve::{Context, Object};

/// A field failed and may not be null: whatever holds it fails too.
struct Bubble;

enum Step<'p> {
    Key(&'p str),
    Index(usize),
}

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The value of `data`; `null` where nothing is left of it.
    pub(crate) data: Vec<u8>,
    pub(crate) errors: Vec<GraphqlError>,
    /// What the answer cost by what was found, not yet rounded.
    pub(crate) cost: f64,
}

struct Executor<'a, 'p> {
    cx: &'a Context<'a>,
    rule: Rule,
    out: Vec<u8>,
    errors: Vec<GraphqlError>,
    path: Vec<Step<'p>>,
    /// Whether connections are left out: in bulk they are lines of their own.
    flat: bool,
}

/// Runs the fields of a root object.
pub(crate) fn execute<'a>(
    cx: &'a Context<'a>,
    rule: Rule,
    root: Object<'a>,
    fields: &[Field],
) -> Outcome {
    let mut executor = Executor {
        cx,
        rule,
        out: Vec::with_capacity(4096),
        errors: vec![],
        path: vec![],
        flat: false,
    };
    let cost = executor.fields(root, fields).unwrap_or_else(|Bubble| {
        executor.out.clear();
        executor.out.extend_from_slice(b"null");
        0.0
    });
    Outcome {
        data: executor.out,
        errors: executor.errors,
        cost,
    }
}

/// Writes one object without its connections, as a line of a bulk operation. `false` where a field
/// failed that may not be null; nothing is written then.
pub(crate) fn write_flat<'a>(
    cx: &'a Context<'a>,
    object: Object<'a>,
    selection: &Selection,
    out: &mut Vec<u8>,
) -> bool {
    let mut executor = Executor {
        cx,
        rule: Rule::default(),
        out: std::mem::take(out),
        errors: vec![],
        path: vec![],
        flat: true,
    };
    let mark = executor.out.len();
    let whole = executor
        .fields(object, selection.of(object.type_name()))
        .is_ok();
    if !whole {
        executor.out.truncate(mark);
    }
    *out = executor.out;
    whole
}

impl<'a, 'p> Executor<'a, 'p> {
    /// Writes an object; gives what its fields cost.
    fn fields<'x>(&mut self, object: Object<'x>, fields: &'p [Field]) -> Result<f64, Bubble>
    where
        'a: 'x,
    {
        let mut cost = 0.0;
        let mut first = true;
        self.out.push(b'{');
        for field in fields {
            if self.flat && field.connection {
                continue;
            }
            if !std::mem::take(&mut first) {
                self.out.push(b',');
            }
            self.text(&field.key);
            self.out.push(b':');
            self.path.push(Step::Key(&field.key));
            let mark = self.out.len();
            let written = self.field(object, field);
            self.path.pop();
            match written {
                Ok(part) => cost += part,
                Err(Bubble) if field.ty.nullable => {
                    self.out.truncate(mark);
                    self.raw("null");
                }
                Err(Bubble) => return Err(Bubble),
            }
        }
        self.out.push(b'}');
        Ok(cost)
    }

    fn field<'x>(&mut self, object: Object<'x>, field: &'p Field) -> Result<f64, Bubble>
    where
        'a: 'x,
    {
        if field.name == "__typename" {
            self.text(object.type_name());
            return Ok(0.0);
        }
        if let Some(error) = self.cx.denied(field) {
            return self.fail(error, field);
        }
        match object.resolve(field, self.cx) {
            Ok(resolved) => self.value(resolved, field),
            Err(error) => self.fail(error, field),
        }
    }

    fn fail(&mut self, error: GraphqlError, field: &Field) -> Result<f64, Bubble> {
        let path = self
            .path
            .iter()
            .map(|step| match step {
                Step::Key(key) => (*key).into(),
                Step::Index(index) => (*index).into(),
            })
            .collect();
        self.errors.push(error.at(field.at).path(path));
        Err(Bubble)
    }

    fn value<'x>(&mut self, value: Resolved<'x>, field: &'p Field) -> Result<f64, Bubble>
    where
        'a: 'x,
    {
        match value {
            Resolved::Null => return self.null(field),
            Resolved::Bool(flag) => self.raw(if flag { "true" } else { "false" }),
            Resolved::Int(number) => self.write(format_args!("{number}")),
            Resolved::Str(text) => self.text(&text),
            Resolved::Gid(ty, id) => self.write(format_args!("\"gid://shopify/{ty}/{id}\"")),
            Resolved::Digits(number) => self.write(format_args!("\"{number}\"")),
            Resolved::Time(time) => {
                let time = time.to_rfc3339_opts(SecondsFormat::Secs, true);
                self.write(format_args!("\"{time}\""));
            }
            Resolved::Decimal(amount) => self.write(format_args!("\"{}\"", amount.decimal())),
            Resolved::Price(amount) => self.write(format_args!("\"{}\"", amount.price())),
            Resolved::Object(object) => return self.object(object, field),
            Resolved::List(items) => return self.list(items, field),
            Resolved::Connection(page) => return self.connection(&page, field),
            Resolved::Json(value) => return self.made(&value, field),
        }
        Ok(0.0)
    }

    fn null(&mut self, field: &Field) -> Result<f64, Bubble> {
        if field.ty.nullable {
            self.raw("null");
            return Ok(0.0);
        }
        let error = GraphqlError::new(
            "INTERNAL_SERVER_ERROR",
            format!(
                "The sandbox has no value for {}, which may not be null",
                field.name
            ),
        );
        self.fail(error, field)
    }

    fn object<'x>(&mut self, object: Object<'x>, field: &'p Field) -> Result<f64, Bubble>
    where
        'a: 'x,
    {
        let Some(selection) = &field.selection else {
            return self.null(field);
        };
        Ok(1.0 + self.fields(object, selection.of(object.type_name()))?)
    }

    fn list<'x>(&mut self, items: Vec<Resolved<'x>>, field: &'p Field) -> Result<f64, Bubble>
    where
        'a: 'x,
    {
        let mut cost = 0.0;
        self.out.push(b'[');
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            if matches!(item, Resolved::Null) {
                self.raw("null");
                continue;
            }
            self.path.push(Step::Index(index));
            let mark = self.out.len();
            let written = self.value(item, field);
            self.path.pop();
            match written {
                Ok(part) => cost += part,
                Err(Bubble) if field.ty.items == Some(true) => {
                    self.out.truncate(mark);
                    self.raw("null");
                }
                Err(Bubble) => return Err(Bubble),
            }
        }
        self.out.push(b']');
        Ok(cost)
    }

    fn connection(&mut self, page: &Page<'_>, field: &'p Field) -> Result<f64, Bubble> {
        let Some(selection) = &field.selection else {
            return self.null(field);
        };
        let mut nodes_cost: f64 = 0.0;
        self.out.push(b'{');
        for (index, part) in selection.of(field.ty.name).iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.text(&part.key);
            self.out.push(b':');
            self.path.push(Step::Key(&part.key));
            match part.name {
                "nodes" => nodes_cost = nodes_cost.max(self.nodes(page, part)?),
                "edges" => nodes_cost = nodes_cost.max(self.edges(page, part)?),
                "pageInfo" => self.page_info(page, part),
                _ => self.text(field.ty.name),
            }
            self.path.pop();
        }
        self.out.push(b'}');
        let count = u32::try_from(page.nodes.len()).map_or(f64::MAX, f64::from);
        let average = if count > 0.0 { nodes_cost / count } else { 0.0 };
        Ok(self.rule.connection(count, average))
    }

    fn nodes(&mut self, page: &Page<'_>, part: &'p Field) -> Result<f64, Bubble> {
        let mut cost = 0.0;
        self.out.push(b'[');
        for (index, (_, node)) in page.nodes.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.path.push(Step::Index(index));
            cost += self.object(*node, part)?;
            self.path.pop();
        }
        self.out.push(b']');
        Ok(cost)
    }

    fn edges(&mut self, page: &Page<'_>, part: &'p Field) -> Result<f64, Bubble> {
        let Some(selection) = &part.selection else {
            return self.null(part);
        };
        let mut cost = 0.0;
        self.out.push(b'[');
        for (index, (cursor, node)) in page.nodes.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.path.push(Step::Index(index));
            self.out.push(b'{');
            for (index, edge) in selection.of(part.ty.name).iter().enumerate() {
                if index > 0 {
                    self.out.push(b',');
                }
                self.text(&edge.key);
                self.out.push(b':');
                self.path.push(Step::Key(&edge.key));
                match edge.name {
                    "node" => cost += self.object(*node, edge)?,
                    "cursor" => self.text(&cursor.encode()),
                    _ => self.text(part.ty.name),
                }
                self.path.pop();
            }
            self.out.push(b'}');
            self.path.pop();
        }
        self.out.push(b']');
        Ok(cost)
    }

    fn page_info(&mut self, page: &Page<'_>, part: &'p Field) {
        let Some(selection) = &part.selection else {
            return;
        };
        self.out.push(b'{');
        for (index, field) in selection.of("PageInfo").iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.text(&field.key);
            self.out.push(b':');
            let edge = match field.name {
                "hasNextPage" => {
                    self.json(&page.has_next);
                    continue;
                }
                "hasPreviousPage" => {
                    self.json(&page.has_previous);
                    continue;
                }
                "startCursor" => page.nodes.first(),
                "endCursor" => page.nodes.last(),
                _ => {
                    self.text("PageInfo");
                    continue;
                }
            };
            match edge {
                Some((cursor, _)) => self.text(&cursor.encode()),
                None => self.raw("null"),
            }
        }
        self.out.push(b'}');
    }

    /// Writes a made-up value by the field's type.
    fn made(&mut self, value: &Value, field: &'p Field) -> Result<f64, Bubble> {
        match value {
            Value::Null => self.null(field),
            Value::Array(items) if field.connection => {
                self.connection(&Page::made(items, field), field)
            }
            Value::Array(items) if field.selection.is_some() => self.list(
                items
                    .iter()
                    .map(|item| Resolved::Json(std::borrow::Cow::Borrowed(item)))
                    .collect(),
                field,
            ),
            Value::Object(map) if field.selection.is_some() => {
                let named = map.get("__typename").and_then(Value::as_str);
                let ty = Schema::served().get(named.unwrap_or(field.ty.name));
                let Some(ty) = ty else {
                    return self.null(field);
                };
                self.object(Object::Made(ty.name, value), field)
            }
            Value::String(gid) if field.selection.is_some() => match Object::by_gid(gid, self.cx) {
                Some(object) => self.object(object, field),
                None => self.null(field),
            },
            leaf => {
                self.json(leaf);
                Ok(0.0)
            }
        }
    }

    fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn text(&mut self, text: &str) {
        self.json(text);
    }

    fn json<T: serde::Serialize + ?Sized>(&mut self, value: &T) {
        // Writing to memory fails only for maps with keys that are no texts; there are none.
        if serde_json::to_writer(&mut self.out, value).is_err() {
            self.raw("null");
        }
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // A vector takes all that is written to it.
        drop(self.out.write_fmt(text));
    }
}
