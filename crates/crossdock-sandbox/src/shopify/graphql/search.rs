//! The platform's search syntax: `updated_at:>='2026-01-01T00:00:00Z' status:open`.
//!
//! Terms side by side must all hold; `OR`, `NOT`, `-` and parentheses do what they say. A filter
//! that a list does not know is ignored, as the platform does.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

/// A search.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Search {
    /// All must hold.
    All(Vec<Self>),
    /// One must hold.
    Any(Vec<Self>),
    /// Must not hold.
    Not(Box<Self>),
    /// One filter.
    Term(Term),
}

/// One filter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Term {
    /// Empty for a word that is searched everywhere.
    pub(crate) field: String,
    pub(crate) compare: Compare,
    pub(crate) value: String,
    /// Whether the value was in quotes.
    pub(crate) quoted: bool,
}

/// How a filter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    /// `:`
    Equal,
    /// `:<`
    Below,
    /// `:<=`
    AtMost,
    /// `:>`
    Above,
    /// `:>=`
    AtLeast,
}

impl Compare {
    /// Whether `left` stands in this relation to `right`.
    pub(crate) fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Below => left < right,
            Self::AtMost => left <= right,
            Self::Above => left > right,
            Self::AtLeast => left >= right,
        }
    }
}

impl Search {
    /// Reads a search. What cannot be read is searched as words, so nothing fails.
    pub(crate) fn parse(text: &str) -> Self {
        let mut parser = Parser { rest: text };
        parser.any()
    }

    /// Whether an object is found; `test` answers a filter, with `None` for one it does not know.
    pub(crate) fn matches(&self, test: &dyn Fn(&Term) -> Option<bool>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(test)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(test)),
            Self::Not(part) => !part.matches(test),
            Self::Term(term) => test(term).unwrap_or(true),
        }
    }
}

impl Term {
    /// Compares an id or another number.
    pub(crate) fn number(&self, number: i128) -> bool {
        let digits = self.value.rsplit('/').next().unwrap_or_default();
        digits
            .parse()
            .is_ok_and(|value: i128| self.compare.holds(&number, &value))
    }

    /// Compares a point in time.
    ///
    /// An unquoted value ends at its time of day, which is the platform's well-known trap: without
    /// quotes, `updated_at:>=2026-01-01T10:00:00Z` means that whole day.
    pub(crate) fn time(&self, time: DateTime<Utc>) -> bool {
        let text = if self.quoted {
            self.value.as_str()
        } else {
            self.value.split(['T', 't']).next().unwrap_or_default()
        };
        if let Ok(value) = DateTime::parse_from_rfc3339(text) {
            return self.compare.holds(&time, &value.to_utc());
        }
        let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") else {
            return false;
        };
        let start = day.and_time(NaiveTime::MIN).and_utc();
        match self.compare {
            Compare::Equal => time.date_naive() == day,
            Compare::Below => time < start,
            Compare::AtMost => time.date_naive() <= day,
            Compare::Above => time.date_naive() > day,
            Compare::AtLeast => time >= start,
        }
    }

    /// Whether a text is the value, or starts with it where the value ends in `*`.
    pub(crate) fn text(&self, text: &str) -> bool {
        match self.value.strip_suffix('*') {
            Some(prefix) => text.to_lowercase().starts_with(&prefix.to_lowercase()),
            None => text.eq_ignore_ascii_case(&self.value),
        }
    }

    /// Whether a text contains the value.
    pub(crate) fn word(&self, text: &str) -> bool {
        text.to_lowercase()
            .contains(&self.value.trim_end_matches('*').to_lowercase())
    }
}

struct Parser<'t> {
    rest: &'t str,
}

impl Parser<'_> {
    fn any(&mut self) -> Search {
        let mut parts = vec![self.all()];
        while self.keyword("OR") {
            parts.push(self.all());
        }
        if parts.len() == 1 {
            parts.remove(0)
        } else {
            Search::Any(parts)
        }
    }

    fn all(&mut self) -> Search {
        let mut parts = vec![];
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.is_empty() || self.rest.starts_with(')') || self.peeks("OR") {
                return Search::All(parts);
            }
            if !self.keyword("AND") {
                parts.push(self.one());
            }
        }
    }

    fn one(&mut self) -> Search {
        if self.keyword("NOT") || self.eat("-") {
            self.rest = self.rest.trim_start();
            return Search::Not(Box::new(self.one()));
        }
        if self.eat("(") {
            let inside = self.any();
            self.eat(")");
            return inside;
        }
        let field = match self
            .rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
        {
            Some(end) if end > 0 && self.rest.get(end..).is_some_and(|r| r.starts_with(':')) => {
                let field = self.take(end).to_owned();
                self.eat(":");
                field
            }
            _ => String::new(),
        };
        let compare = [
            (">=", Compare::AtLeast),
            ("<=", Compare::AtMost),
            (">", Compare::Above),
            ("<", Compare::Below),
        ]
        .into_iter()
        .find(|(sign, _)| !field.is_empty() && self.eat(sign))
        .map_or(Compare::Equal, |(_, compare)| compare);
        let (value, quoted) = self.value();
        Search::Term(Term {
            field,
            compare,
            value,
            quoted,
        })
    }

    fn value(&mut self) -> (String, bool) {
        for quote in ['\'', '"'] {
            if let Some(rest) = self.rest.strip_prefix(quote) {
                let end = rest.find(quote).unwrap_or(rest.len());
                self.rest = rest;
                let value = self.take(end).to_owned();
                self.eat(&quote.to_string());
                return (value, true);
            }
        }
        let end = self
            .rest
            .find(|c: char| c.is_whitespace() || c == ')')
            .unwrap_or(self.rest.len());
        // A character that belongs to nothing is skipped, so that every call makes progress.
        let end = if end == 0 {
            self.rest.chars().next().map_or(0, char::len_utf8)
        } else {
            end
        };
        (self.take(end).to_owned(), false)
    }

    fn take(&mut self, end: usize) -> &str {
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn peeks(&self, word: &str) -> bool {
        self.rest
            .trim_start()
            .strip_prefix(word)
            .is_some_and(|rest| rest.starts_with([' ', '(']) || rest.is_empty())
    }

    fn keyword(&mut self, word: &str) -> bool {
        let found = self.peeks(word);
        if found {
            self.rest = self.rest.trim_start();
            self.eat(word);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn finds(search: &str, updated_at: &str, status: &str) -> bool {
        let updated_at = at(updated_at);
        Search::parse(search).matches(&|term| match term.field.as_str() {
            "updated_at" => Some(term.time(updated_at)),
            "status" => Some(term.text(status)),
            "id" => Some(term.number(7)),
            _ => None,
        })
    }

    #[test]
    fn quoted_timestamps_keep_their_time() {
        let search = "updated_at:>='2026-01-01T10:00:00Z'";
        assert!(finds(search, "2026-01-01T10:00:00Z", "open"));
        assert!(!finds(search, "2026-01-01T09:59:59Z", "open"));
    }

    #[test]
    fn unquoted_timestamps_lose_their_time() {
        let search = "updated_at:>=2026-01-01T10:00:00Z";
        assert!(finds(search, "2026-01-01T00:00:00Z", "open"));
        assert!(!finds(search, "2025-12-31T23:59:59Z", "open"));
    }

    #[test]
    fn terms_combine() {
        let now = "2026-01-01T00:00:00Z";
        assert!(finds("status:open id:7", now, "open"));
        assert!(!finds("status:open id:8", now, "open"));
        assert!(finds("status:open AND id:>=7", now, "open"));
        assert!(finds("status:closed OR id:<8", now, "open"));
        assert!(finds("(status:closed OR status:open) -id:8", now, "open"));
        assert!(!finds("NOT status:open", now, "open"));
        assert!(finds("id:gid://shopify/Order/7", now, "open"));
    }

    #[test]
    fn unknown_filters_are_ignored_and_nothing_loops() {
        let now = "2026-01-01T00:00:00Z";
        assert!(finds("colour:red", now, "open"));
        for odd in ["", ")", "(", "a:'b", ":::", "status:", "-", "OR", "é:>é"] {
            Search::parse(odd);
        }
    }
}
