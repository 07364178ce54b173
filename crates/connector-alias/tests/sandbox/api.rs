//! Every documented operation, as a seller would use them, against the sandbox.

use std::collections::{BTreeMap, BTreeSet};

use connector_alias::AliasCredential;
use connector_alias::api::*;
use connector_core::Session;

use crate::seller::Seller;

#[tokio::test(start_paused = true)]
async fn all_34_operations_are_sent_and_answered() {
    let seller = Seller::new(30, 60);
    let session = seller.session();
    assert!(session.call(&Test).await.unwrap().ok);
    let item = catalog(&session).await;
    pricing(&session, &item).await;
    let listing = listings(&session, &item).await;
    orders(&session).await;
    batches(&session, &item, listing).await;

    let sent = seller.wire.sent_since(0);
    let names: BTreeSet<&str> = sent
        .iter()
        .map(|sent| sent.operation().unwrap().name)
        .collect();
    assert_eq!(names.len(), 34, "{names:?}");
    let untyped = sent
        .iter()
        .find(|sent| sent.request.headers()["content-type"] != "application/json");
    assert!(untyped.is_none(), "{untyped:?}");
}

async fn catalog(session: &Session<AliasCredential>) -> CatalogItem {
    let search = SearchCatalog {
        query: "sneakers".to_owned(),
        limit: Some(5),
        pagination_token: None,
    };
    let page = session.call(&search).await.unwrap();
    assert_eq!(page.catalog_items.len(), 5);
    let may_be_listed = |item: &&CatalogItem| {
        item.resellable == Some(true) && item.requires_listing_pictures != Some(true)
    };
    let found = page
        .catalog_items
        .iter()
        .map(|entry| entry.value().unwrap());
    let id = found
        .clone()
        .find(may_be_listed)
        .unwrap()
        .catalog_id
        .clone();
    let item = session
        .call(&GetCatalogItem { id })
        .await
        .unwrap()
        .catalog_item;
    item.into_parts().0.unwrap()
}

async fn pricing(session: &Session<AliasCredential>, item: &CatalogItem) {
    let catalog_id = item.catalog_id.clone();
    let all = ListAvailabilities {
        catalog_id: catalog_id.clone(),
        consigned: Some(false),
        region_id: Some("1".to_owned()),
    };
    let variants = session.call(&all).await.unwrap().variants;
    assert!(
        variants
            .iter()
            .all(|entry| entry.value().unwrap().consigned == Some(false))
    );

    let size = item.allowed_sizes[0].us_size_equivalent.unwrap();
    let one = GetAvailability {
        catalog_id: catalog_id.clone(),
        size,
        product_condition: ProductCondition::NEW,
        packaging_condition: PackagingCondition::GOOD_CONDITION,
        consigned: None,
        region_id: None,
    };
    session.call(&one).await.unwrap();
    let histogram = GetOfferHistogram {
        catalog_id: catalog_id.clone(),
        size,
        product_condition: ProductCondition::NEW,
        packaging_condition: PackagingCondition::GOOD_CONDITION,
        region_id: None,
    };
    let bins = session.call(&histogram).await.unwrap().offer_histogram.bins;
    assert!(bins.is_sorted_by_key(|bin| std::cmp::Reverse(bin.offer_price_cents)));
    let sales = ListRecentSales {
        catalog_id,
        size: Some(size),
        limit: Some(10),
        ..Default::default()
    };
    session.call(&sales).await.unwrap();
}

async fn listings(session: &Session<AliasCredential>, item: &CatalogItem) -> String {
    let create = CreateListing {
        catalog_id: item.catalog_id.clone(),
        price_cents: 25_000,
        condition: Condition::NEW,
        packaging_condition: PackagingCondition::GOOD_CONDITION,
        size: item.allowed_sizes[0].value.unwrap(),
        size_unit: item.size_unit.clone().unwrap(),
        activate: false,
        metadata: BTreeMap::from([("rack".to_owned(), "7 & 8".to_owned())]),
        defects: vec![ListingDefect::HAS_SCUFFS],
        additional_defects: Some("a mark".to_owned()),
    };
    let read = |answer: ListingAnswer| answer.listing.into_parts().0.unwrap();
    let listing = read(session.call(&create).await.unwrap());
    assert_eq!(listing.status, Some(ListingStatus::PENDING));
    assert_eq!(listing.metadata.unwrap()["rack"], "7 & 8");
    assert_eq!(listing.defects, [ListingDefect::HAS_SCUFFS]);
    let id = listing.id;

    let cheaper = UpdateListing {
        id: id.clone(),
        price_cents: Some(24_000),
        ..Default::default()
    };
    session.call(&cheaper).await.unwrap();
    let listing = read(session.call(&GetListing { id: id.clone() }).await.unwrap());
    assert_eq!(listing.price_cents, Some(24_000));

    let source = PictureSource::Url("https://example.com/front.jpg".to_owned());
    let picture = CreatePicture {
        listing_id: id.clone(),
        kind: PictureType::OUTER,
        order: Some(1),
        source,
    };
    let picture = session.call(&picture).await.unwrap().picture;
    session
        .call(&DeletePicture { id: picture.id })
        .await
        .unwrap();

    let metadata = BTreeMap::from([("shelf".to_owned(), "3".to_owned())]);
    let add = CreateListingMetadata {
        listing_id: id.clone(),
        metadata,
    };
    assert!(
        read(session.call(&add).await.unwrap())
            .metadata
            .unwrap()
            .contains_key("shelf")
    );
    let remove = DeleteListingMetadata {
        listing_id: id.clone(),
        keys: vec!["shelf".to_owned()],
    };
    assert!(
        !read(session.call(&remove).await.unwrap())
            .metadata
            .unwrap()
            .contains_key("shelf")
    );

    let live = read(
        session
            .call(&ActivateListing { id: id.clone() })
            .await
            .unwrap(),
    );
    assert_eq!(live.status, Some(ListingStatus::ACTIVE));
    let mine = SearchListing {
        search_term: item.sku.clone(),
        facet_filters: vec!["status:active".to_owned()],
        numeric_filters: vec!["price_cents<24001".to_owned()],
        ..Default::default()
    };
    let page = session.call(&mine).await.unwrap();
    assert!(
        page.listings
            .iter()
            .any(|entry| entry.value().unwrap().id == id)
    );
    let idle = read(
        session
            .call(&DeactivateListing { id: id.clone() })
            .await
            .unwrap(),
    );
    assert_eq!(idle.status, Some(ListingStatus::INACTIVE));
    id
}

async fn orders(session: &Session<AliasCredential>) {
    let page = session
        .call(&SearchOrders {
            page_size: Some(50),
            ..Default::default()
        })
        .await
        .unwrap();
    let read = |answer: OrderAnswer| answer.order.into_parts().0.unwrap();
    let known = [
        OrderStatus::CONFIRMED,
        OrderStatus::LABEL_GENERATED,
        OrderStatus::IN_TRANSIT,
        OrderStatus::COMPLETED,
        OrderStatus::CANCELED,
    ];
    let orders = page.results.iter().map(|entry| entry.value().unwrap());
    let mut fresh = orders.filter(|order| !known.contains(order.status.as_ref().unwrap()));
    let (one, other) = (
        fresh.next().unwrap().id.clone(),
        fresh.next().unwrap().id.clone(),
    );

    let confirmed = read(
        session
            .call(&ConfirmOrder { id: one.clone() })
            .await
            .unwrap(),
    );
    assert_eq!(confirmed.status, Some(OrderStatus::CONFIRMED));
    session
        .call(&GenerateLabel {
            id: one.clone(),
            label_type: None,
        })
        .await
        .unwrap();
    let again = RegenerateLabel {
        id: one.clone(),
        label_type: Some(LabelType::DROPOFF),
    };
    assert_eq!(
        read(session.call(&again).await.unwrap()).label_type,
        Some(LabelType::DROPOFF)
    );
    session.call(&ShipOrder { id: one.clone() }).await.unwrap();
    let shipped = read(session.call(&GetOrder { id: one }).await.unwrap());
    assert_eq!(
        shipped.fulfillment_status,
        Some(FulfillmentStatus::SELLER_SHIPPED)
    );
    let gone = read(session.call(&CancelOrder { id: other }).await.unwrap());
    assert_eq!(gone.status, Some(OrderStatus::CANCELED));
}

async fn batches(session: &Session<AliasCredential>, item: &CatalogItem, listing: String) {
    let new = NewListing {
        catalog_id: item.catalog_id.clone(),
        activate: true,
        size_unit: item.size_unit.clone().unwrap(),
        condition: Condition::NEW,
        packaging_condition: PackagingCondition::GOOD_CONDITION,
        metadata_list: vec![BTreeMap::new(), BTreeMap::new()],
        price_cents: 30_000,
        size: item.allowed_sizes[0].value.unwrap(),
        quantity: 2,
    };
    let created = session
        .call(&BatchCreateListings { items: vec![new] })
        .await
        .unwrap();
    let price = ValueChange {
        new_value: 31_000,
        conditional_value: Some(24_000),
        condition_operator: Some(ConditionOperator::EQ),
    };
    let change = ListingChange {
        id: listing.clone(),
        price_cents_change: Some(price),
        ..Default::default()
    };
    session
        .call(&BatchUpdateListings {
            items: vec![change],
        })
        .await
        .unwrap();
    let ids = vec![listing];
    session
        .call(&BatchActivateListings { ids: ids.clone() })
        .await
        .unwrap();
    session
        .call(&BatchDeactivateListings { ids: ids.clone() })
        .await
        .unwrap();
    session
        .call(&BatchDeleteListings { ids: ids.clone() })
        .await
        .unwrap();

    let list = session.call(&ListBatches::default()).await.unwrap();
    assert!(
        list.batches
            .iter()
            .any(|entry| entry.value().unwrap().id == created.batch_id)
    );
    let id = created.batch_id;
    let batch = session.call(&GetBatch { id: id.clone() }).await.unwrap();
    assert_eq!(batch.value().unwrap().id, id);
    let operations = GetBatchOperations {
        id,
        limit: Some(500),
        ..Default::default()
    };
    let operations = session.call(&operations).await.unwrap().operations;
    assert_eq!(operations.len(), 2);
    for operation in &operations {
        let request = operation
            .value()
            .unwrap()
            .create_listing_request
            .as_ref()
            .unwrap();
        assert_eq!(request.price_cents, Some(30_000));
    }
    let quota = session.call(&GetBatchOperationQuota).await.unwrap();
    assert!(quota.value().unwrap().max_operation_quota > Some(0));

    // A batch holds its listings until it's done.
    let idle = SearchListing {
        facet_filters: vec!["status:inactive".to_owned()],
        ..Default::default()
    };
    let page = session.call(&idle).await.unwrap();
    let mut idle = page
        .listings
        .iter()
        .map(|entry| entry.value().unwrap().id.clone());
    let id = idle.find(|id| !ids.contains(id)).unwrap();
    assert_eq!(
        session
            .call(&DeleteListing { id: id.clone() })
            .await
            .unwrap()
            .id,
        id
    );
}
