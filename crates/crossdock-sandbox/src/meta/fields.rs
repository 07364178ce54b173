//! The `fields` parameter: `id,posts.limit(5){message,from{name}}`, and which names there are.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::error::{GraphError, Outcome};

/// The names that exist, by type of node.
const NAMES: &str = include_str!("fields.txt");

/// How deep an expression may nest.
const DEPTH: usize = 8;

/// One name of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) name: String,
    /// What is asked of the node, or the nodes, behind the name; `None` for what is usual.
    pub(super) below: Option<Vec<Self>>,
    /// `limit(5)` as a pair.
    pub(super) arguments: Vec<(String, String)>,
}

/// Pairs of a type of node and a name, read once.
static KNOWN: LazyLock<HashSet<(&str, &str)>> = LazyLock::new(|| {
    let mut known = HashSet::new();
    let mut node_type = "";
    for line in NAMES.lines() {
        if line.starts_with(' ') {
            known.extend(line.split_whitespace().map(|name| (node_type, name)));
        } else {
            node_type = line.strip_suffix(':').unwrap_or_default();
        }
    }
    known
});

/// Whether a type of node has a field of this name.
pub(super) fn exists(node_type: &str, name: &str) -> bool {
    KNOWN.contains(&(node_type, name))
}

/// Reads an expression.
pub(super) fn parse(text: &str) -> Outcome<Vec<Asked>> {
    let mut parser = Parser {
        text,
        rest: text,
        depth: 0,
    };
    let asked = parser.list()?;
    if parser.rest.trim().is_empty() {
        Ok(asked)
    } else {
        Err(parser.fault("Expected end of string"))
    }
}

struct Parser<'t> {
    text: &'t str,
    rest: &'t str,
    depth: usize,
}

impl Parser<'_> {
    fn fault(&self, what: &str) -> GraphError {
        let at = self.text.len().saturating_sub(self.rest.len());
        GraphError::new(
            2500,
            format!("Syntax error \"{what} at character {at}: {}\"", self.text),
        )
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, character: char) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(character) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn name(&mut self) -> Outcome<String> {
        self.skip_space();
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end).unwrap_or(("", self.rest));
        if name.is_empty() {
            return Err(self.fault("Expected a field name"));
        }
        self.rest = rest;
        Ok(name.to_owned())
    }

    /// What stands between parentheses; the opening one is taken already.
    fn inside(&mut self) -> Outcome<String> {
        let mut depth = 1_u32;
        for (index, character) in self.rest.char_indices() {
            match character {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let (inside, rest) = self.rest.split_at_checked(index).unwrap_or((self.rest, ""));
                self.rest = rest.strip_prefix(')').unwrap_or(rest);
                return Ok(inside.to_owned());
            }
        }
        Err(self.fault("Expected a closing parenthesis"))
    }

    fn list(&mut self) -> Outcome<Vec<Asked>> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(GraphError::new(2500, "The fields are nested too deep"));
        }
        let mut list = Vec::new();
        loop {
            let mut asked = Asked {
                name: self.name()?,
                below: None,
                arguments: Vec::new(),
            };
            while self.take('.') {
                let modifier = self.name()?;
                if !self.take('(') {
                    return Err(self.fault("Expected an opening parenthesis"));
                }
                let value = self.inside()?;
                if modifier == "fields" {
                    asked.below = Some(parse(&value)?);
                } else {
                    asked.arguments.push((modifier, value));
                }
            }
            if self.take('{') {
                let below = self.list()?;
                if !self.take('}') {
                    return Err(self.fault("Expected a closing brace"));
                }
                asked.below = Some(below);
            }
            list.push(asked);
            if !self.take(',') {
                self.depth -= 1;
                return Ok(list);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read() {
        let asked = parse("id, messages.limit(20){id,from{name}},insights.metric(a,b).period(day)")
            .unwrap();
        let names: Vec<&str> = asked.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["id", "messages", "insights"]);
        assert_eq!(asked[1].arguments, [("limit".to_owned(), "20".to_owned())]);
        let below = asked[1].below.as_ref().unwrap();
        assert_eq!(below[1].below.as_ref().unwrap()[0].name, "name");
        assert_eq!(asked[2].arguments[0].1, "a,b");
        assert_eq!(
            parse("posts.fields(id,message)").unwrap()[0]
                .below
                .as_ref()
                .unwrap()
                .len(),
            2
        );
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in [
            "",
            "id,",
            "a{",
            "a{b",
            "a.limit",
            "a.limit(1",
            "a}",
            "a{b}}",
            "é",
        ] {
            assert_eq!(parse(text).map_err(|error| error.code), Err(2500), "{text}");
        }
        let deep = format!("{}a{}", "a{".repeat(20), "}".repeat(20));
        assert!(parse(&deep).is_err());
    }

    #[test]
    fn names_belong_to_their_type() {
        assert!(exists("Page", "fan_count"));
        assert!(exists("Lead", "is_organic"));
        assert!(!exists("Lead", "fan_count"));
        assert!(!exists("Nothing", "id"));
    }
}
