//! POST /scim/v2/.search: users and groups at once (RFC 7644 section 3.4.3)

use axum::extract::State;
use axum::response::Response;
use wealth_core::scim::ScimError;
use wealth_core::scim::filter::parse;
use wealth_http::{App, Result};

use super::answer::list;
use super::body::Body;
use super::directory::Directory;
use super::kind::Kind;
use super::listing::Listing;

/// Search users and groups
///
/// Users come first, then groups. An attribute that a kind does not have counts as one without
/// value; one that neither has is refused.
#[utoipa::path(post, path = "/scim/v2/.search", operation_id = "scim_search", tag = "scim",
    request_body(content = Object, content_type = "application/scim+json"),
    responses((status = 200, description = "A page of users and groups", body = Object,
        content_type = "application/scim+json")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    directory: Directory,
    body: Body,
) -> Result<Response> {
    let listing = Listing::search(&body.value)?;
    known_somewhere(&listing)?;
    let (mut total, mut found) = (0_i64, Vec::new());
    let mut rest = listing.clone();
    for kind in Kind::ALL {
        let (number, page) = rest.page(&app, &directory, kind, true).await?;
        total = total.saturating_add(number);
        let shown = i64::try_from(page.len()).unwrap_or(i64::MAX);
        rest.start = rest.start.saturating_sub(number).max(1);
        rest.count = rest.count.saturating_sub(shown);
        found.extend(page);
    }
    Ok(list(total, listing.start, found))
}

fn known_somewhere(listing: &Listing) -> Result<(), ScimError> {
    let Some(filter) = listing.filter() else { return Ok(()) };
    let mut tries = Kind::ALL.into_iter().map(|kind| parse(kind.resource_type(), filter));
    match tries.next() {
        Some(Err(first)) if tries.all(|other| other.is_err()) => Err(first),
        _ => Ok(()),
    }
}
