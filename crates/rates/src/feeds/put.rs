//! Declares a source of rates, or changes it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::ToSchema;
use wealth_core::authz::{Authorized, ConfigureRates};
use wealth_core::shape::{FeedSource, Name, Share};
use wealth_core::violations::Violations;
use wealth_core::{Checked, Percent, problem, text};
use wealth_db::{Row, p, sql};
use wealth_http::{
    App, Done, Input, PathParams, Principal, Result, Row404, Write, created, json as reply,
};

use super::pull::Pull;
use super::{RateFeed, is_source};
use crate::matching::IfMatchOrNew;
use crate::settings::{precedence, tolerance};

/// A source as a request carries it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetFeed {
    /// Its name for people.
    #[schema(value_type = Option<Name>)]
    name: Option<String>,
    /// 0 to 1,000,000, the larger wins; 100 unless given.
    #[serde(default = "default_precedence")]
    #[schema(minimum = 0, maximum = 1_000_000, default = 100)]
    precedence: u32,
    /// Largest move, in percentage points, that is let through; the tenant's unless given.
    #[schema(value_type = Option<Share>)]
    tolerance: Option<Checked<Percent>>,
    /// Whether batches are taken; yes unless given.
    #[serde(default = "yes")]
    #[schema(default = true)]
    is_active: bool,
    /// Where it is asked for batches; nowhere unless given, it delivers them then.
    pull: Option<Pull>,
}

const fn default_precedence() -> u32 {
    100
}

const fn yes() -> bool {
    true
}

/// The same, right by type.
struct Feed {
    source: String,
    name: Option<String>,
    precedence: i32,
    tolerance: Option<Percent>,
    is_active: bool,
    pull: Option<Pull>,
}

impl SetFeed {
    fn validate(self, source: String) -> Result<Feed, Violations> {
        let mut v = Violations::new();
        if !is_source(&source) {
            let text = "must have 1 to 64 characters of a-z, 0-9, dot, dash and underscore, begin \
                        with a letter or digit, and be neither manual nor import";
            v.add("/source", "source_invalid", text);
        }
        let name = self.name.and_then(|name| text::clean(&name, text::NAME, "/name", &mut v));
        let precedence = precedence(self.precedence, "/precedence", &mut v);
        let tolerance = self.tolerance.and_then(|given| tolerance(given, &mut v));
        if let Some(pull) = &self.pull {
            pull.check(&mut v);
        }
        let (is_active, pull) = (self.is_active, self.pull);
        v.into_result(Feed { source, name, precedence, tolerance, is_active, pull })
    }
}

/// Declare or change a rate feed
///
/// If-Match takes the ETag of a feed that exists; it is left out for a new one.
#[utoipa::path(
    put,
    path = "/v1/rate-feeds/{source}",
    operation_id = "rate_feeds_put",
    tag = "rates",
    params(
        ("source" = FeedSource, Path, description = "The feed's name in addresses"),
        ("If-Match" = Option<String>, Header, description = "ETag of the feed, or `*`"),
    ),
    request_body = SetFeed,
    responses(
        (status = 200, description = "Changed", body = RateFeed),
        (status = 201, description = "Declared", body = RateFeed),
    )
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(source): PathParams<String>,
    expected: IfMatchOrNew,
    input: Input<SetFeed>,
) -> Result<Response> {
    let proof = principal.authorize::<ConfigureRates>()?;
    let feed = input.body.validate(source)?;
    let write = app.write("rate_feeds_put", &principal, &input.idempotency);
    let put = rate_feeds_put(&proof, write, &feed, expected.expected).await;
    let (done, row) = put.map_err(|problem| expected.explain(problem))?;
    let version: i64 = row.get("version");
    let view = RateFeed::read(&row)?;
    let answer = if version == 1 {
        created(&format!("/v1/rate-feeds/{}", feed.source), &view)?
    } else {
        reply(StatusCode::OK, &view)?
    };
    done.reply(answer.etag(version)).await
}

async fn rate_feeds_put(
    _proof: &Authorized<ConfigureRates>,
    write: Write,
    feed: &Feed,
    expected: Option<i64>,
) -> Result<(Done, Row)> {
    let tolerance: Option<Decimal> = feed.tolerance.map(Percent::decimal);
    let (url, every) =
        feed.pull.as_ref().map(|pull| (pull.url.as_str(), pull.every_minutes)).unzip();
    let values = [
        p::text(&feed.source),
        p::text(&feed.name),
        p::int4(&feed.precedence),
        p::numeric(&tolerance),
        p::bool(&feed.is_active),
        p::text(&url),
        p::int4(&every),
        p::int8(&expected),
    ];
    let source = [p::text(&feed.source)];
    let statements = [
        (sql!("rates", "feed_put"), values.as_slice()),
        (sql!("rates", "feed_get"), source.as_slice()),
    ];
    let (done, mut answers) = write.last(&statements).await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
