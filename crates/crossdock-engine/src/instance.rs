//! Which process holds a lease, and whether it still lives.
//!
//! A lease in the store runs out by itself, but only after minutes. On one machine a lock file
//! tells at once: the operating system lets go of the lock when its process ends, however it ended.
//! So after a `kill -9` the next start takes over without waiting.

use std::collections::HashSet;
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::Context;

/// What the names of lock files end in.
const EXTENSION: &str = "lock";

/// Lock files of processes that ended this long ago are removed: no lease outlives a day.
const SWEEP_AFTER: TimeDelta = TimeDelta::days(1);

/// This process, as the leases in the store name it. Cheap to clone; clones are the same process.
#[derive(Clone)]
pub struct Instance(Arc<Inner>);

struct Inner {
    id: String,
    claims: Mutex<HashSet<u64>>,
    next_claim: AtomicU64,
    locks: Option<Locks>,
}

struct Locks {
    dir: PathBuf,
    /// Locked as long as this process lives.
    _held: File,
}

impl Instance {
    /// A process that shares its database with others on the same machine only. It holds a lock
    /// file in `dir` as long as it lives; all processes on one database must use the same `dir`,
    /// on a local file system.
    ///
    /// # Errors
    /// Those of making and locking the file: `dir` must exist and be writable.
    pub fn with_lock_dir(dir: impl Into<PathBuf>, context: &Context) -> io::Result<Self> {
        let dir = dir.into();
        let id = random_id(context);
        let held = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(lock_path(&dir, &id))?;
        held.lock()?;
        sweep(&dir, context.now());
        Ok(Self::new(id, Some(Locks { dir, _held: held })))
    }

    /// A process whose peers may be on other machines: whether one of them is dead shows only when
    /// its leases run out.
    #[must_use]
    pub fn remote(context: &Context) -> Self {
        Self::new(random_id(context), None)
    }

    fn new(id: String, locks: Option<Locks>) -> Self {
        Self(Arc::new(Inner {
            id,
            claims: Mutex::default(),
            next_claim: AtomicU64::new(1),
            locks,
        }))
    }

    /// The random id of this process.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Whether the owner of a lease is known to be dead: its process has ended, or it is of this
    /// process and whoever held it has given up. `false` also when that can't be known.
    #[must_use]
    pub fn is_dead(&self, owner: &str) -> bool {
        let (process, claim) = owner.split_once('/').unwrap_or((owner, ""));
        if process == self.0.id {
            return claim
                .parse()
                .is_ok_and(|claim: u64| !self.claims().contains(&claim));
        }
        let Some(locks) = &self.0.locks else {
            return false;
        };
        // An id that isn't one of ours must not lead to any other file.
        process.len() == ID_LETTERS
            && process.bytes().all(|letter| letter.is_ascii_hexdigit())
            && File::open(lock_path(&locks.dir, process)).is_ok_and(|file| is_unlocked(&file))
    }

    /// A new owner's name for one lease. Its holder counts as dead once the claim is dropped.
    pub(crate) fn claim(&self) -> Claim {
        let number = self.0.next_claim.fetch_add(1, Ordering::Relaxed);
        self.claims().insert(number);
        Claim {
            owner: format!("{}/{number}", self.0.id),
            number,
            instance: self.clone(),
        }
    }

    fn claims(&self) -> std::sync::MutexGuard<'_, HashSet<u64>> {
        self.0.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance")
            .field("id", &self.0.id)
            .field("lock_dir", &self.0.locks.as_ref().map(|locks| &locks.dir))
            .finish_non_exhaustive()
    }
}

/// The owner of one lease, alive as long as this value.
#[derive(Debug)]
pub(crate) struct Claim {
    owner: String,
    number: u64,
    instance: Instance,
}

impl Claim {
    pub(crate) fn owner(&self) -> &str {
        &self.owner
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.instance.claims().remove(&self.number);
    }
}

/// 128 random bits in hexadecimal.
const ID_LETTERS: usize = 32;

fn random_id(context: &Context) -> String {
    context
        .random::<{ ID_LETTERS / 2 }>()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn lock_path(dir: &Path, id: &str) -> PathBuf {
    dir.join(id).with_extension(EXTENSION)
}

/// A shared lock is tried, so that two who look at the same time don't take each other for the
/// owner.
fn is_unlocked(file: &File) -> bool {
    match file.try_lock_shared() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
    }
}

/// Removes what processes left behind that ended long ago. Best effort: a file too many harms
/// nobody.
fn sweep(dir: &Path, now: DateTime<Utc>) {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|found| found != EXTENSION) {
            continue;
        }
        let is_old = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .is_ok_and(|modified| now - DateTime::<Utc>::from(modified) > SWEEP_AFTER);
        if is_old && File::open(&path).is_ok_and(|file| is_unlocked(&file)) {
            drop(std::fs::remove_file(&path));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use async_trait::async_trait;
    use connector_core::{Clock, Download, Entropy, Request, Response, Transport};

    use super::*;

    #[derive(Debug)]
    struct Nothing(DateTime<Utc>);

    #[async_trait]
    impl Transport for Nothing {
        async fn send(&self, _request: Request) -> connector_core::Result<Response> {
            Err(connector_core::Error::contract("nothing is sent here"))
        }

        async fn fetch(&self, _request: Request) -> connector_core::Result<Download> {
            Err(connector_core::Error::contract("nothing is sent here"))
        }
    }

    #[async_trait]
    impl Clock for Nothing {
        fn now(&self) -> DateTime<Utc> {
            self.0
        }

        async fn sleep(&self, _duration: Duration) {}
    }

    #[derive(Debug, Default)]
    struct Counter(std::sync::atomic::AtomicU8);

    impl Entropy for Counter {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    fn context(now: DateTime<Utc>) -> Context {
        let nothing = Arc::new(Nothing(now));
        let transport = Arc::<Nothing>::clone(&nothing);
        Context::new(transport, nothing, Arc::new(Counter::default()))
    }

    fn names(dir: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(dir).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_process_is_dead_once_its_lock_is_free() {
        let dir = tempfile::tempdir().unwrap();
        let context = context(DateTime::UNIX_EPOCH);
        let one = Instance::with_lock_dir(dir.path(), &context).unwrap();
        let other = Instance::with_lock_dir(dir.path(), &context).unwrap();
        let claim = one.claim();
        let owner = claim.owner().to_owned();
        assert!(!other.is_dead(&owner) && !one.is_dead(&owner));
        drop(claim);
        assert!(one.is_dead(&owner), "its holder has given up");
        assert!(!other.is_dead(&owner), "which only its own process knows");
        drop(one);
        assert!(other.is_dead(&owner));
    }

    #[test]
    fn who_is_not_known_is_not_dead() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("secret.lock"), "").unwrap();
        let context = context(DateTime::UNIX_EPOCH);
        let here = Instance::with_lock_dir(dir.path(), &context).unwrap();
        let remote = Instance::remote(&context);
        for owner in ["", "secret", "secret/1", "../secret/1", remote.id()] {
            assert!(!here.is_dead(owner), "{owner}");
        }
        assert!(!remote.is_dead(here.id()));
    }

    #[test]
    fn what_the_long_dead_left_behind_is_swept_away() {
        let dir = tempfile::tempdir().unwrap();
        let context_now = context(DateTime::UNIX_EPOCH);
        let dead = Instance::with_lock_dir(dir.path(), &context_now).unwrap();
        let dead_id = dead.id().to_owned();
        drop(dead);
        let alive = Instance::with_lock_dir(dir.path(), &context_now).unwrap();
        assert_eq!(
            names(dir.path()).len(),
            2,
            "it may have left leases yesterday"
        );
        let far_ahead = DateTime::<Utc>::MAX_UTC;
        sweep(dir.path(), far_ahead);
        assert_eq!(names(dir.path()), [format!("{}.{EXTENSION}", alive.id())]);
        assert!(!alive.is_dead(&dead_id));
    }
}
