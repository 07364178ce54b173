//! A GraphQL error, in the platform's form.

use graphql_parser::Pos;
use serde_json::{Map, Value, json};

/// One entry of `errors`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GraphqlError {
    pub(crate) message: String,
    pub(crate) at: Option<Pos>,
    pub(crate) path: Vec<Value>,
    /// `code` and whatever belongs to it.
    pub(crate) extensions: Map<String, Value>,
}

impl GraphqlError {
    /// An error with a code.
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        let mut extensions = Map::new();
        extensions.insert("code".to_owned(), code.into());
        Self {
            message: message.into(),
            at: None,
            path: vec![],
            extensions,
        }
    }

    /// An error without a code: the platform gives none for a document that does not parse.
    pub(crate) fn bare(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            at: None,
            path: vec![],
            extensions: Map::new(),
        }
    }

    #[must_use]
    pub(crate) fn at(mut self, at: Pos) -> Self {
        self.at = Some(at);
        self
    }

    #[must_use]
    pub(crate) fn path(mut self, path: Vec<Value>) -> Self {
        self.path = path;
        self
    }

    #[must_use]
    pub(crate) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.extensions.insert(key.to_owned(), value.into());
        self
    }

    /// What went wrong, for a person.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The error as it is sent.
    pub(crate) fn to_json(&self) -> Value {
        let mut error = Map::new();
        error.insert("message".to_owned(), self.message.as_str().into());
        if let Some(at) = self.at {
            let place = json!([{ "line": at.line, "column": at.column }]);
            error.insert("locations".to_owned(), place);
        }
        if !self.path.is_empty() {
            error.insert("path".to_owned(), self.path.clone().into());
        }
        if !self.extensions.is_empty() {
            error.insert("extensions".to_owned(), self.extensions.clone().into());
        }
        Value::Object(error)
    }
}
