//! Recorded replies become what the sandbox has.

use std::path::Path;

use crossdock_sandbox::load::Counts;

use super::Pinterest;

#[test]
fn recorded_objects_are_read_back() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures");
    if !dir.join("pinterest").is_dir() {
        println!("skipped: there are no recorded replies beside the project");
        return;
    }
    let mut pinterest = Pinterest::new();
    let report = pinterest.sandbox.load_dir(&dir).unwrap();
    let of = |counts: &Counts, stream: &str| counts["pinterest"].get(stream).copied().unwrap_or(0);
    for (stream, taken, held) in [
        ("boards", 8, 6),
        ("pins", 6, 6),
        ("ad_campaigns", 10, 9),
        ("account_metrics", 1, 0),
        ("ad_metrics", 1, 0),
        ("catalog_feeds", 0, 0),
    ] {
        assert_eq!(
            (of(&report.taken, stream), of(&report.census, stream)),
            (taken, held),
            "{stream}"
        );
    }
    assert!(
        !report
            .unwanted
            .iter()
            .any(|path| path.starts_with("pinterest/"))
    );
    pinterest.sign_in();
    let (boards, _) = pinterest.all("/boards?page_size=250");
    assert_eq!(
        u64::try_from(boards.len()).unwrap(),
        of(&report.census, "boards")
    );
}
