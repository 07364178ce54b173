//! No secret is ever seen: not in a log, not in an error, not in a `Debug`.

use std::collections::BTreeSet;

use crate::capture::Capture;
use crate::harness::Harness;
use crate::lab::Lab;
use crate::outcome::{Outcome, Verdict, ensure};
use crate::report::execute;
use crate::suite;

/// Runs every other check once more, whatever it comes to, and searches all that was logged at any
/// level, every error with its causes, and the `Debug` of all that was handed out.
///
/// Runtimes can't be nested, so that this happens on a thread of its own.
pub(super) fn never_shown<H: Harness>(lab: &Lab<H>) -> Outcome {
    let harness = &lab.harness;
    let search = || {
        let mut leaks = BTreeSet::new();
        let mut most_known = 0;
        for check in suite::checks_but_secrets(harness) {
            let capture = Capture::default();
            let name = check.name();
            // Its outcome is its own check's affair.
            drop(execute(harness, &check, &capture));
            let (known, found) = capture.search();
            most_known = most_known.max(known);
            leaks.extend(found.into_iter().map(|line| format!("{name}: {line}")));
        }
        (most_known, leaks)
    };
    let found = std::thread::scope(|scope| scope.spawn(search).join());
    let Ok((most_known, leaks)) = found else {
        return Err(crate::outcome::Failure::new(
            "the search for secrets panicked",
        ));
    };
    ensure!(
        most_known > 0,
        "no secret is known, so that none can be found"
    );
    let shown: Vec<_> = leaks.iter().take(5).collect();
    ensure!(
        leaks.is_empty(),
        "{} lines show a secret: {shown:#?}",
        leaks.len()
    );
    Ok(Verdict::Holds)
}
