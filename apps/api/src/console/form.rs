//! Forms made from a descriptor's fields.

use connector_core::{Field, FieldKind, Form};

/// A field as a form shows it. A secret's value is never shown again.
#[derive(Debug)]
pub(super) struct ShownField {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) label: &'static str,
    pub(super) help: &'static str,
    pub(super) example: &'static str,
    pub(super) required: bool,
    pub(super) kind: FieldKind,
    pub(super) value: String,
    pub(super) problem: Option<String>,
}

impl ShownField {
    /// A field with the value that it has, in a form whose fields' ids begin with `scope`.
    pub(super) fn new(field: &'static Field, scope: &str, value: Option<&str>) -> Self {
        let shown = match field.kind {
            FieldKind::Secret => "",
            _ => value.unwrap_or_default(),
        };
        Self {
            id: format!("{scope}-{}", field.name),
            name: field.name.to_owned(),
            label: field.label,
            help: field.help,
            example: field.example,
            required: field.required,
            kind: field.kind,
            value: shown.to_owned(),
            problem: None,
        }
    }

    pub(super) fn is_lines(&self) -> bool {
        self.kind == FieldKind::Lines
    }

    pub(super) fn is_switch(&self) -> bool {
        self.kind == FieldKind::Switch
    }

    pub(super) fn is_on(&self) -> bool {
        self.value == "true"
    }

    pub(super) fn input_type(&self) -> &'static str {
        match self.kind {
            FieldKind::Secret => "password",
            _ => "text",
        }
    }
}

/// The fields of a form, with what was typed and what is wrong with one of them.
pub(super) fn fields(
    fields: &'static [Field],
    scope: &str,
    typed: Option<&Form>,
    problem: Option<(&str, &str)>,
) -> Vec<ShownField> {
    fields
        .iter()
        .map(|field| {
            let value = typed.and_then(|form| form.get(field.name));
            let mut shown = ShownField::new(field, scope, value);
            shown.problem = problem
                .filter(|(name, _)| *name == field.name)
                .map(|(_, problem)| problem.to_owned());
            shown
        })
        .collect()
}
