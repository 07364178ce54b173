//! Metrics asked for in groups: Meta ends some each year, and one that it doesn't know fails the whole
//! request without saying which one it is. A group that fails is halved until it is found.

use connector_core::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::dialect::Meaning;

/// The groups that are still to be asked for. The first is being asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Groups(Vec<Vec<String>>);

impl Groups {
    /// These metrics, so many at once.
    pub(super) fn of(metrics: &[&str], at_once: usize) -> Self {
        let group = |group: &[&str]| group.iter().map(|name| (*name).to_owned()).collect();
        Self(metrics.chunks(at_once.max(1)).map(group).collect())
    }

    /// The same, and after them these in a group of their own.
    pub(super) fn then(mut self, metrics: &[&str]) -> Self {
        self.0.extend(Self::of(metrics, metrics.len()).0);
        self
    }

    /// The group that is being asked for; `None` at the end.
    pub(super) fn current(&self) -> Option<&[String]> {
        self.0.first().map(Vec::as_slice)
    }

    /// Goes on to the next group.
    pub(super) fn finish(&mut self) {
        self.0 = self.0.split_off(self.0.len().min(1));
    }

    /// Does something about a group that fails because of a metric in it: halves it, or drops the
    /// metric that is alone and says so.
    ///
    /// # Errors
    /// The failure, where it is another one.
    pub(super) fn mend(&mut self, error: Error) -> Result<Option<String>> {
        if Meaning::of(&error) != Some(Meaning::UnknownMetric) {
            return Err(error);
        }
        let Some(group) = self.0.first_mut() else {
            return Err(error);
        };
        if group.len() > 1 {
            let rest = group.split_off(group.len() / 2);
            self.0.insert(1, rest);
            return Ok(None);
        }
        let note = group.first().map(|name| {
            format!("Meta doesn't know the metric {name} any more: it is left out from now on")
        });
        self.finish();
        Ok(note)
    }
}

#[cfg(test)]
mod tests {
    use connector_core::ErrorKind;
    use proptest::prelude::*;

    use super::*;

    fn unknown() -> Error {
        Error::new(ErrorKind::Rejected, "x").with("meaning", "unknown_metric")
    }

    #[test]
    fn another_failure_stays_one() {
        let mut groups = Groups::of(&["a"], 5);
        assert!(groups.mend(Error::contract("x")).is_err());
        assert_eq!(groups.current(), Some(&["a".to_owned()][..]));
    }

    proptest! {
        #[test]
        fn whatever_ended_is_found_and_all_others_are_asked_for(
            ended in proptest::collection::btree_set(0_usize..12, 0..12),
            at_once in 1_usize..13,
        ) {
            let names: Vec<String> = (0..12).map(|number| format!("m{number}")).collect();
            let all: Vec<&str> = names.iter().map(String::as_str).collect();
            let mut groups = Groups::of(&all, at_once);
            let (mut read, mut dropped) = (Vec::new(), 0);
            while let Some(group) = groups.current() {
                let group = group.to_vec();
                if group.iter().any(|name| ended.iter().any(|odd| names[*odd] == *name)) {
                    dropped += usize::from(groups.mend(unknown()).unwrap().is_some());
                } else {
                    read.extend(group);
                    groups.finish();
                }
            }
            prop_assert_eq!(dropped, ended.len());
            prop_assert_eq!(read.len() + dropped, 12);
        }
    }
}
