//! Keys rotate while everything goes on.

use std::sync::Arc;

use crossdock_vault::Vault;

use crate::support::database::on_both;
use crate::support::{Rig, callback, connected};

on_both! {
    async fn everything_opens_before_during_and_after_a_rotation() {
        let mut rig = Rig::new().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        let pending = rig.begin(&engine).await;
        let old = rig.ring.ids().next().unwrap().clone();
        rig.ring.add_generated().unwrap();
        let vault = Arc::new(Vault::new(&rig.ring).unwrap());
        let mut steps = Vec::new();
        let progress = engine
            .rotate_keys(vault, |step| steps.push(step))
            .await
            .unwrap();
        assert_eq!((progress.resealed, progress.current), (2, 0));
        assert!(progress.is_complete());
        assert_eq!(steps.last(), Some(&progress));

        // What nobody needs any more may go.
        rig.ring.retire(&old).unwrap();
        let engine = rig.engine().await;
        engine.refresh(rig.project, connection).await.unwrap();
        let again = Arc::new(Vault::new(&rig.ring).unwrap());
        let progress = engine.rotate_keys(again, |_| {}).await.unwrap();
        assert_eq!((progress.resealed, progress.current), (0, 2));

        // A state is looked up by a hash under the key that it was begun with: that one is gone.
        assert!(
            engine
                .resume_connect(callback(&pending, "code-two"))
                .await
                .is_err()
        );
    }

    async fn who_began_before_a_rotation_can_go_on_after_it() {
        let mut rig = Rig::new().await;
        let engine = rig.engine().await;
        let pending = rig.begin(&engine).await;
        rig.ring.add_generated().unwrap();
        let vault = Arc::new(Vault::new(&rig.ring).unwrap());
        engine.rotate_keys(vault, |_| {}).await.unwrap();
        let resumed = engine.resume_connect(callback(&pending, "code-two")).await;
        assert_eq!(connected(resumed.unwrap()).0.account.id, "shop-2");
    }

    async fn what_another_key_sealed_is_counted_and_left_alone() {
        let mut rig = Rig::new().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        let right = rig.ring.clone();
        rig.ring = crossdock_vault::KeyRing::generate().unwrap();
        let stranger = rig.engine().await;
        let error = stranger.test(rig.project, connection).await.unwrap_err();
        assert!(error.to_string().contains("no key with id"), "{error}");
        let vault = Arc::new(Vault::new(&rig.ring).unwrap());
        let progress = stranger.rotate_keys(vault, |_| {}).await.unwrap();
        assert_eq!((progress.unreadable, progress.resealed), (1, 0));
        assert!(!progress.is_complete());
        rig.ring = right;
        rig.engine()
            .await
            .test(rig.project, connection)
            .await
            .unwrap();
    }
}
