//! Work that outlives its request: runs that were asked for, webhooks that were stored. Tracked, so
//! that shutting down waits for it.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Handle;
use tokio::sync::Mutex;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

/// The work that is under way.
#[derive(Debug)]
pub(crate) struct Tasks {
    tracker: TaskTracker,
    /// The program's runtime. A server's worker threads have small ones of their own, which end
    /// with them.
    runtime: Handle,
}

impl Tasks {
    /// Work on the runtime that this is called on.
    pub(crate) fn on_this_runtime() -> Self {
        Self {
            tracker: TaskTracker::new(),
            runtime: Handle::current(),
        }
    }

    /// Starts one in the span of the request that asked for it.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn_on(work.in_current_span(), &self.runtime);
    }

    /// Returns when all of it has ended.
    pub(crate) async fn finish(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }
}

/// Work that a signal calls for, such as "the inbox has something": at most one goes on, and at most
/// one waits for it, however many signals come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coalesced(Arc<Turn>);

#[derive(Debug, Default)]
struct Turn {
    is_waiting: AtomicBool,
    working: Mutex<()>,
}

impl Coalesced {
    /// Does the work soon, beginning after this signal.
    pub(crate) fn run<W, F>(&self, tasks: &Tasks, work: W)
    where
        W: FnOnce() -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        if self.0.is_waiting.swap(true, Ordering::SeqCst) {
            return;
        }
        let turn = Arc::clone(&self.0);
        tasks.spawn(async move {
            let _working = turn.working.lock().await;
            // From here on a signal may be for something that this work doesn't see any more.
            turn.is_waiting.store(false, Ordering::SeqCst);
            work().await;
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test]
    async fn many_signals_are_two_turns_at_most() {
        let tasks = Tasks::on_this_runtime();
        let inbox = Coalesced::default();
        let gate = Arc::new(Semaphore::new(0));
        let turns = Arc::new(AtomicU32::new(0));
        let signal = || {
            let (gate, turns) = (Arc::clone(&gate), Arc::clone(&turns));
            inbox.run(&tasks, || async move {
                turns.fetch_add(1, Ordering::SeqCst);
                gate.acquire().await.unwrap().forget();
            });
        };
        signal();
        while turns.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        for _ in 0..10 {
            signal();
        }
        gate.add_permits(10);
        tasks.finish().await;
        assert_eq!(turns.load(Ordering::SeqCst), 2);
    }
}
