//! What the dialog is asked for, and which callbacks are taken.

use super::*;

fn pending() -> Pending {
    let return_to = "https://crossdock.example.com/back".parse().unwrap();
    Pending::new("state-of-ours", OAUTH, &Begun { return_to }).unwrap()
}

#[test]
fn a_callback_of_another_attempt_brings_no_code() {
    let answer = |state: &str| Form::new().with("code", "made-up").with("state", state);
    assert_eq!(
        check_callback(&pending(), &answer("state-of-ours")).unwrap(),
        "made-up"
    );
    let error = check_callback(&pending(), &answer("state-of-theirs")).unwrap_err();
    assert_eq!(error.field(), Some("state"));
    assert_eq!(
        check_callback(&pending(), &Form::new())
            .unwrap_err()
            .field(),
        Some("state")
    );
}

#[test]
fn declining_is_told_from_being_refused() {
    let answer = |error: &str| {
        Form::new()
            .with("state", "state-of-ours")
            .with("error", error)
    };
    for (error, kind) in [
        ("access_denied", ErrorKind::PermissionDenied),
        ("server_error", ErrorKind::Rejected),
    ] {
        let refused = check_callback(&pending(), &answer(error)).unwrap_err();
        assert_eq!(refused.kind(), kind, "{error}");
    }
}
