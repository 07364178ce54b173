//! The small language of `filter`: `name:[from..to]`, `name:{a|b}`, `name:value`, joined by commas.

use chrono::{DateTime, Utc};

/// What one criterion demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    /// A range; either end may be left open.
    Range { from: String, to: String },
    /// One of several values.
    OneOf(Vec<String>),
}

/// The criteria of a filter, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter(pub(super) Vec<(String, Demand)>);

impl Filter {
    /// Reads the criteria of one or several `filter` parameters. What can't be read is returned.
    pub(super) fn parse<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        let mut criteria = Vec::new();
        for text in texts {
            for part in split(text) {
                criteria.push(criterion(part).ok_or_else(|| part.to_owned())?);
            }
        }
        Ok(Self(criteria))
    }

    /// The demand on a field, whose name is not case sensitive.
    pub(super) fn get(&self, name: &str) -> Option<&Demand> {
        self.0
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, demand)| demand)
    }

    /// The one value that a field is to have.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Demand::OneOf(values) => values.first().map(String::as_str),
            Demand::Range { .. } => None,
        }
    }

    /// The first criterion on a field that isn't among these.
    pub(super) fn unknown(&self, fields: &[&str]) -> Option<&str> {
        self.0
            .iter()
            .map(|(name, _)| name.as_str())
            .find(|name| !fields.iter().any(|known| known.eq_ignore_ascii_case(name)))
    }
}

/// Splits at the commas that stand outside brackets and braces.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    text.split(|character| {
        match character {
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            _ => {}
        }
        character == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
    .collect()
}

fn criterion(part: &str) -> Option<(String, Demand)> {
    let (name, demand) = part.split_once(':')?;
    let inside = |open, close| {
        demand
            .strip_prefix(open)
            .and_then(|rest: &str| rest.strip_suffix(close))
    };
    let demand = if let Some(range) = inside('[', ']') {
        let (from, to) = range.split_once("..")?;
        Demand::Range {
            from: from.trim().to_owned(),
            to: to.trim().to_owned(),
        }
    } else {
        let values = inside('{', '}').unwrap_or(demand);
        if values.is_empty() {
            return None;
        }
        Demand::OneOf(
            values
                .split('|')
                .map(|value| value.trim().to_owned())
                .collect(),
        )
    };
    Some((name.trim().to_owned(), demand))
}

/// An instant as filters write it: milliseconds and `Z`, `2026-01-31T08:25:43.511Z`.
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    (text.len() == 24 && text.ends_with('Z'))
        .then(|| DateTime::parse_from_rfc3339(text).ok())
        .flatten()
        .map(|instant| instant.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let filter = Filter::parse(
            [
                "lastmodifieddate:[2026-01-01T00:00:00.000Z..],status:{A|B},id:7",
                "x:{1}",
            ]
            .into_iter(),
        )
        .unwrap();
        assert_eq!(filter.0.len(), 4);
        assert_eq!(
            filter.get("lastModifiedDate"),
            Some(&Demand::Range {
                from: "2026-01-01T00:00:00.000Z".to_owned(),
                to: String::new()
            })
        );
        assert_eq!(
            filter.get("status"),
            Some(&Demand::OneOf(vec!["A".to_owned(), "B".to_owned()]))
        );
        assert_eq!(
            (filter.value("id"), filter.value("x")),
            (Some("7"), Some("1"))
        );
        assert_eq!(
            filter.unknown(&["status", "lastmodifieddate", "id"]),
            Some("x")
        );
    }

    #[test]
    fn what_is_no_criterion_is_given_back() {
        for wrong in ["nothing", "a:[1]", "a:{}"] {
            assert_eq!(Filter::parse([wrong].into_iter()), Err(wrong.to_owned()));
        }
    }

    #[test]
    fn instants_have_milliseconds_and_a_z() {
        assert!(instant("2026-01-31T08:25:43.511Z").is_some());
        for wrong in [
            "2026-01-31T08:25:43Z",
            "2026-01-31T08:25:43.511+0",
            "2026-13-31T08:25:43.511Z",
        ] {
            assert!(instant(wrong).is_none(), "{wrong}");
        }
    }
}
