//! The vault's keys: made once, refused when wrong, rotated.

use crate::bench::{Crossdock, Sandbox};

#[test]
fn without_a_key_nothing_starts() {
    let crossdock = Crossdock::new(None);
    let (code, said) = crossdock.fail(&["connections"]);
    assert_eq!(code, 78);
    assert!(
        said.contains("crossdock keys generate") && said.contains("CROSSDOCK_KEYS"),
        "{said}"
    );
    assert!(!crossdock.data_dir().join("crossdock.sqlite").exists());
}

#[test]
fn a_key_is_not_overwritten() {
    let crossdock = Crossdock::with_key(None);
    let before = std::fs::read(crossdock.data_dir().join("keys")).unwrap();
    let (code, _) = crossdock.fail(&["keys", "generate"]);
    assert_eq!(code, 78);
    assert_eq!(
        std::fs::read(crossdock.data_dir().join("keys")).unwrap(),
        before
    );
}

#[test]
fn a_wrong_key_is_said_and_the_right_one_still_works() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    assert!(crossdock.connect_alias("sbx_pat_demo").status.success());
    let file = crossdock.data_dir().join("keys");
    let right = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    crossdock.succeed(&["keys", "generate"]);

    let (code, said) = crossdock.fail(&["test", "alias"]);
    assert_eq!(code, 78, "{said}");
    assert!(said.contains("no key with id"), "{said}");
    assert!(crossdock.fail(&["doctor"]).0 == 78);

    std::fs::write(&file, right).unwrap();
    crossdock.succeed(&["test", "alias"]);
}

#[test]
fn keys_rotate_and_the_old_one_goes() {
    let sandbox = Sandbox::start();
    let crossdock = Crossdock::with_key(Some(&sandbox));
    assert!(crossdock.connect_alias("sbx_pat_demo").status.success());
    let before = std::fs::read_to_string(crossdock.data_dir().join("keys")).unwrap();
    let rotated = crossdock.json(&["keys", "rotate", "--retire"]);
    assert_eq!(rotated[0]["keys"].as_array().unwrap().len(), 1);
    let after = std::fs::read_to_string(crossdock.data_dir().join("keys")).unwrap();
    assert_ne!(before, after);
    crossdock.succeed(&["test", "alias"]);
}
