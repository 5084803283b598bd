//! The requests that `make run` prints, ready to be pasted.

use chrono::TimeDelta;
use uuid::Uuid;
use wealth_core::{Clock as _, IdGen as _, SystemClock, SystemIds};
use wealth_http::auth::{LocalClaims, LocalIssuer};

use crate::command::token::Who;
use crate::demo;

/// A token of the local issuer, valid for twelve hours.
pub(crate) fn token(issuer: &LocalIssuer, who: Who) -> String {
    let person = demo::person(who);
    let now = SystemClock.now();
    issuer.issue(&LocalClaims {
        subject: person.subject.to_owned(),
        tenant_id: Uuid::from_u128(person.tenant_id),
        roles: person.roles.iter().map(|role| (*role).to_owned()).collect(),
        session_id: SystemIds.next(),
        token_id: SystemIds.next(),
        issued_at: now,
        expires_at: now + TimeDelta::hours(12),
    })
}

/// Two tokens and three requests that use them.
pub(crate) fn text(issuer: &LocalIssuer, port: u16) -> String {
    let (admin, sales) = (token(issuer, Who::Admin), token(issuer, Who::Sales));
    let key = SystemIds.next();
    format!(
        r#"
Tokens for the demo firm, valid for twelve hours (more: wealth token admin|sales|second|other):

ADMIN={admin}
SALES={sales}

What a sales representative can offer today:
curl -H "Authorization: Bearer $SALES" 'http://127.0.0.1:{port}/v1/products?limit=3'

The same for an administrator, who also sees what is no longer sold:
curl -H "Authorization: Bearer $ADMIN" 'http://127.0.0.1:{port}/v1/products/by-cusip/{cusip}'

Add a product:
curl -H "Authorization: Bearer $ADMIN" -H 'Idempotency-Key: {key}' -H 'Content-Type: application/json' \
  'http://127.0.0.1:{port}/v1/products' -d '{body}'
"#,
        cusip = demo::SAMPLE_CUSIP,
        body = demo::SAMPLE_PRODUCT,
    )
}
