//! A firm in which one operation succeeds for its owner: for the crawls, and for the benchmark that
//! counts what each operation costs.

use testkit::TestApp;
use uuid::Uuid;

use crate::fixtures::{self, Ids};
use crate::operations::Operation;

/// The member who makes everything in each firm.
pub(crate) const MAKER: [Uuid; 2] = [
    Uuid::from_u128(0x0000_0000_0000_7000_9000_0000_0000_0a01),
    Uuid::from_u128(0x0000_0000_0000_7000_9000_0000_0000_0b01),
];

/// Everything that `operation` needs to succeed once, in an application without anything.
pub(crate) async fn ready(app: &TestApp, operation: &Operation) -> Ids {
    let ids = fixtures::firm(app, &app.admin(), "meridian-secret", MAKER[0], 10).await;
    if operation.id == "products_reactivate" {
        let path = format!("/v1/products/{}/deactivate", ids.products[0]);
        app.admin().act(&path, "*").await.expect(200);
    }
    testkit::local::seed(app, MAKER[0]).await;
    ids
}
