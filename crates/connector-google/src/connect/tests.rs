use super::*;

#[test]
fn services_are_named_once_and_all_where_none_is() {
    assert_eq!(services(" \n ").unwrap(), Service::ALL);
    assert_eq!(
        services("ads\nCalendar, ads").unwrap(),
        [Service::Ads, Service::Calendar]
    );
    assert_eq!(services("gmail").unwrap_err().field(), Some(SERVICES));
}

#[test]
fn a_callback_is_checked_before_its_code_is_used() {
    let pending = Pending::new("the-state", OAUTH, &()).unwrap();
    let form = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .fold(Form::new(), |form, (name, value)| form.with(*name, *value))
    };
    let good = form(&[("state", "the-state"), ("code", "4/made-up")]);
    assert_eq!(check_callback(&pending, &good).unwrap(), "4/made-up");
    for (pairs, kind) in [
        (&[("code", "4/made-up")][..], ErrorKind::InputInvalid),
        (
            &[("state", "another"), ("code", "4/made-up")],
            ErrorKind::InputInvalid,
        ),
        (&[("state", "the-state")], ErrorKind::InputInvalid),
        (
            &[("state", "the-state"), ("error", "access_denied")],
            ErrorKind::PermissionDenied,
        ),
        (
            &[("state", "the-state"), ("error", "org_internal")],
            ErrorKind::ConfigInvalid,
        ),
        (
            &[("state", "the-state"), ("error", "something_new")],
            ErrorKind::Rejected,
        ),
    ] {
        let error = check_callback(&pending, &form(pairs)).unwrap_err();
        assert_eq!(error.kind(), kind, "{pairs:?}");
    }
}
