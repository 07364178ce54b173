//! Whose a page is: deliveries name the page or the account of Instagram, and connections are known by
//! the person or the system user who shared it.
//!
//! It is learnt from the credentials that are used, and kept in memory alone. Until the first run
//! after a start a delivery finds nobody, which costs time and no data: all that follows from one is a
//! run, and runs are made anyway.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use crate::credential::MetaCredential;

/// Who shared what. Cheap to clone; clones know the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directory(Arc<RwLock<BTreeMap<String, BTreeSet<String>>>>);

impl Directory {
    /// Takes note of what a credential opens, and forgets what it opened before.
    pub(crate) fn learn(&self, credential: &MetaCredential) {
        let pages = credential.pages.iter();
        let shared: BTreeSet<&str> = pages
            .flat_map(|page| {
                let instagram = page.instagram.as_ref().map(|it| it.id.as_str());
                [Some(page.id.as_str()), instagram]
            })
            .flatten()
            .collect();
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|id, owners| {
            if !shared.contains(id.as_str()) {
                owners.remove(&credential.user_id);
            }
            !owners.is_empty()
        });
        for id in shared {
            let owners = known.entry(id.to_owned()).or_default();
            owners.insert(credential.user_id.clone());
        }
    }

    /// Who shared the page or the account with this id.
    pub(crate) fn owners(&self, id: &str) -> BTreeSet<String> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(id).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::tests::made_up;

    #[test]
    fn what_several_share_is_of_all_of_them_until_they_dont() {
        let directory = Directory::default();
        let mut one = made_up();
        directory.learn(&one);
        let other = MetaCredential {
            user_id: "8".to_owned(),
            ..made_up()
        };
        directory.learn(&other);
        let owners = |id: &str| directory.owners(id).into_iter().collect::<Vec<_>>();
        for id in ["1", "2", "9"] {
            assert_eq!(owners(id), ["7", "8"], "{id}");
        }
        one.pages.remove(0);
        directory.learn(&one);
        assert_eq!(owners("1"), ["8"]);
        assert_eq!(owners("9"), ["8"]);
        assert_eq!(owners("2"), ["7", "8"]);
        assert!(owners("3").is_empty());
    }
}
