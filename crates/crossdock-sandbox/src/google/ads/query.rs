//! The query language: `SELECT … FROM … WHERE … ORDER BY … LIMIT … PARAMETERS …`.
//! (Google Ads Query Language grammar.)

use super::error::Fault;

/// A query, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) fields: Vec<String>,
    pub(super) resource: String,
    pub(super) conditions: Vec<Condition>,
    /// Fields, and whether each goes from the top.
    pub(super) order: Vec<(String, bool)>,
    pub(super) limit: Option<usize>,
}

/// One condition. All of a query's must hold.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) field: String,
    pub(super) operator: Operator,
    pub(super) values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    Between,
    During,
    Like,
    NotLike,
    IsNull,
    IsNotNull,
}

impl Query {
    /// `fieldMask`: the selected fields, in the spelling of JSON.
    pub(super) fn mask(&self) -> String {
        let fields: Vec<String> = self.fields.iter().map(|field| camel(field)).collect();
        fields.join(",")
    }
}

/// `ad_group.cpc_bid_micros` as `adGroup.cpcBidMicros`.
pub(super) fn camel(path: &str) -> String {
    let mut name = String::with_capacity(path.len());
    let mut upper = false;
    for letter in path.chars() {
        if letter == '_' {
            upper = true;
        } else if upper {
            name.extend(letter.to_uppercase());
            upper = false;
        } else {
            name.push(letter);
        }
    }
    name
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// A name, a number, or a word of the language.
    Word(String),
    /// A text in quotes.
    Text(String),
    Symbol(&'static str),
}

fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    const SYMBOLS: &[&str] = &["<=", ">=", "!=", "<>", "=", "<", ">", ",", "(", ")"];
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            tokens.push(Token::Symbol(symbol));
            rest = rest.strip_prefix(*symbol).unwrap_or_default();
        } else if matches!(first, '\'' | '"') {
            let (content, after) = quoted(rest, first)?;
            tokens.push(Token::Text(content));
            rest = after;
        } else {
            let is_word = |letter: char| letter.is_alphanumeric() || "_.-:".contains(letter);
            let end = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if word.is_empty() {
                return Err(Fault("BAD_SYMBOL", format!("Unexpected symbol '{first}'.")));
            }
            tokens.push(Token::Word(word.to_owned()));
            rest = after;
        }
        rest = rest.trim_start();
    }
    Ok(tokens)
}

/// The content of a text in quotes, and what comes after it.
fn quoted(text: &str, quote: char) -> Result<(String, &str), Fault> {
    let mut content = String::new();
    let mut letters = text.chars();
    letters.next();
    loop {
        match letters.next() {
            None => {
                return Err(Fault(
                    "STRING_NOT_TERMINATED",
                    "A text is not terminated.".to_owned(),
                ));
            }
            Some('\\') => content.extend(letters.next()),
            Some(letter) if letter == quote => return Ok((content, letters.as_str())),
            Some(letter) => content.push(letter),
        }
    }
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
}

impl Parser {
    fn is_next(&mut self, word: &str) -> bool {
        matches!(self.tokens.peek(), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word))
    }

    /// Takes a word of the language where it is next.
    fn take(&mut self, word: &str) -> bool {
        let found = self.is_next(word);
        if found {
            self.tokens.next();
        }
        found
    }

    fn symbol(&mut self, symbol: &str) -> bool {
        let found = matches!(self.tokens.peek(), Some(Token::Symbol(next)) if *next == symbol);
        if found {
            self.tokens.next();
        }
        found
    }

    fn word(&mut self) -> Result<String, Fault> {
        match self.tokens.next() {
            Some(Token::Word(word)) => Ok(word),
            Some(token) => Err(Fault(
                "UNEXPECTED_INPUT",
                format!("Unexpected input: {token:?}."),
            )),
            None => Err(end()),
        }
    }

    fn value(&mut self) -> Result<String, Fault> {
        match self.tokens.next() {
            Some(Token::Word(text) | Token::Text(text)) => Ok(text),
            Some(Token::Symbol(symbol)) => Err(Fault(
                "BAD_VALUE",
                format!("A value is expected, not '{symbol}'."),
            )),
            None => Err(end()),
        }
    }

    fn list(&mut self) -> Result<Vec<String>, Fault> {
        if !self.symbol("(") {
            return Err(Fault(
                "EXPECTED_LIST",
                "A list in parentheses is expected.".to_owned(),
            ));
        }
        let mut values = Vec::new();
        while !self.symbol(")") {
            values.push(self.value()?);
            self.symbol(",");
        }
        if values.is_empty() {
            let words = "A list must not be empty.".to_owned();
            return Err(Fault("PROHIBITED_EMPTY_LIST_IN_CONDITION", words));
        }
        Ok(values)
    }

    fn condition(&mut self) -> Result<Condition, Fault> {
        let field = self.word()?;
        let compared = match self.tokens.peek() {
            Some(Token::Symbol("=")) => Some(Operator::Equal),
            Some(Token::Symbol("!=" | "<>")) => Some(Operator::NotEqual),
            Some(Token::Symbol("<")) => Some(Operator::Less),
            Some(Token::Symbol("<=")) => Some(Operator::LessOrEqual),
            Some(Token::Symbol(">")) => Some(Operator::Greater),
            Some(Token::Symbol(">=")) => Some(Operator::GreaterOrEqual),
            _ => None,
        };
        let (operator, values) = if let Some(operator) = compared {
            self.tokens.next();
            (operator, vec![self.value()?])
        } else if self.take("BETWEEN") {
            let first = self.value()?;
            if !self.take("AND") {
                let words = "BETWEEN needs two values joined by AND.".to_owned();
                return Err(Fault("EXPECTED_VALUE_WITH_BETWEEN_OPERATOR", words));
            }
            (Operator::Between, vec![first, self.value()?])
        } else if self.take("DURING") {
            (Operator::During, vec![self.value()?])
        } else if self.take("IN") {
            (Operator::In, self.list()?)
        } else if self.take("LIKE") {
            (Operator::Like, vec![self.value()?])
        } else if self.take("NOT") {
            if self.take("IN") {
                (Operator::NotIn, self.list()?)
            } else if self.take("LIKE") {
                (Operator::NotLike, vec![self.value()?])
            } else {
                return Err(Fault("BAD_OPERATOR", "NOT needs IN or LIKE.".to_owned()));
            }
        } else if self.take("IS") {
            let not = self.take("NOT");
            if !self.take("NULL") {
                return Err(Fault(
                    "BAD_OPERATOR",
                    "IS needs NULL or NOT NULL.".to_owned(),
                ));
            }
            let operator = if not {
                Operator::IsNotNull
            } else {
                Operator::IsNull
            };
            (operator, Vec::new())
        } else {
            let words = format!("An operator is expected after '{field}'.");
            return Err(Fault("BAD_OPERATOR", words));
        };
        Ok(Condition {
            field,
            operator,
            values,
        })
    }
}

fn end() -> Fault {
    Fault(
        "UNEXPECTED_END_OF_QUERY",
        "The query ends too early.".to_owned(),
    )
}

/// Reads a query.
pub(super) fn parse(text: &str) -> Result<Query, Fault> {
    let tokens = tokens(text)?.into_iter().peekable();
    let mut parser = Parser { tokens };
    if !parser.take("SELECT") {
        return Err(Fault(
            "EXPECTED_SELECT",
            "A query begins with SELECT.".to_owned(),
        ));
    }
    let mut fields = vec![parser.word()?];
    while parser.symbol(",") {
        fields.push(parser.word()?);
    }
    if !parser.take("FROM") {
        return Err(Fault("EXPECTED_FROM", "FROM is expected.".to_owned()));
    }
    let mut query = Query {
        fields,
        resource: parser.word()?,
        conditions: Vec::new(),
        order: Vec::new(),
        limit: None,
    };
    if parser.take("WHERE") {
        query.conditions.push(parser.condition()?);
        while parser.take("AND") {
            query.conditions.push(parser.condition()?);
        }
    }
    if parser.take("ORDER") {
        if !parser.take("BY") {
            return Err(Fault("EXPECTED_BY", "ORDER needs BY.".to_owned()));
        }
        loop {
            let field = parser.word()?;
            let down = parser.take("DESC");
            if !down {
                parser.take("ASC");
            }
            query.order.push((field, down));
            if !parser.symbol(",") {
                break;
            }
        }
    }
    if parser.take("LIMIT") {
        let limit = parser.word()?.parse().ok();
        query.limit = Some(limit.filter(|limit| *limit > 0).ok_or_else(|| {
            Fault(
                "BAD_LIMIT_VALUE",
                "LIMIT must be a number above 0.".to_owned(),
            )
        })?);
    }
    if parser.take("PARAMETERS") {
        while parser.tokens.next().is_some() {}
    }
    match parser.tokens.next() {
        None => Ok(query),
        Some(token) => Err(Fault(
            "UNEXPECTED_INPUT",
            format!("Unexpected input: {token:?}."),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_query_is_taken_apart() {
        let query = parse(
            "select campaign.id, metrics.clicks FROM campaign WHERE campaign.name LIKE 'It\\'s %' \
             AND segments.date BETWEEN '2026-11-01' AND '2026-11-10' AND campaign.status IN (ENABLED, 'PAUSED') \
             AND metrics.clicks >= 5 AND campaign.labels IS NOT NULL AND segments.date DURING LAST_7_DAYS \
             ORDER BY metrics.clicks DESC, campaign.id LIMIT 10 PARAMETERS include_drafts=true",
        )
        .unwrap();
        assert_eq!(query.mask(), "campaign.id,metrics.clicks");
        let operators: Vec<Operator> = query.conditions.iter().map(|it| it.operator).collect();
        assert_eq!(
            operators,
            [
                Operator::Like,
                Operator::Between,
                Operator::In,
                Operator::GreaterOrEqual,
                Operator::IsNotNull,
                Operator::During
            ]
        );
        assert_eq!(query.conditions[0].values, ["It's %"]);
        assert_eq!(
            query.order,
            [
                ("metrics.clicks".to_owned(), true),
                ("campaign.id".to_owned(), false)
            ]
        );
        assert_eq!(query.limit, Some(10));
    }

    #[test]
    fn broken_queries_are_told_apart() {
        for (text, code) in [
            ("", "EXPECTED_SELECT"),
            ("SELECT", "UNEXPECTED_END_OF_QUERY"),
            ("SELECT campaign.id", "EXPECTED_FROM"),
            (
                "SELECT campaign.id FROM campaign WHERE",
                "UNEXPECTED_END_OF_QUERY",
            ),
            (
                "SELECT campaign.id FROM campaign WHERE campaign.id",
                "BAD_OPERATOR",
            ),
            (
                "SELECT campaign.id FROM campaign WHERE campaign.id = 'x",
                "STRING_NOT_TERMINATED",
            ),
            (
                "SELECT campaign.id FROM campaign WHERE campaign.id IN ()",
                "PROHIBITED_EMPTY_LIST_IN_CONDITION",
            ),
            (
                "SELECT campaign.id FROM campaign LIMIT 0",
                "BAD_LIMIT_VALUE",
            ),
            (
                "SELECT campaign.id FROM campaign ORDER campaign.id",
                "EXPECTED_BY",
            ),
            ("SELECT campaign.id FROM campaign;", "BAD_SYMBOL"),
            ("SELECT campaign.id FROM campaign x", "UNEXPECTED_INPUT"),
        ] {
            assert_eq!(parse(text).unwrap_err().0, code, "{text}");
        }
    }
}
