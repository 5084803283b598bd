//! Credentials that are refused, told of in the audit log of the firm that they named or were of: once
//! a minute for each network and reason, with the number of attempts (docs/adr/0013). Requests that
//! are let in pay nothing for it.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_db::{RequestContext, p, sql};

use crate::app::App;
use crate::auth::{Named, Refusal};
use crate::visitor::Visitor;

/// How often the same is told of.
const EVERY: TimeDelta = TimeDelta::minutes(1);

/// Kinds of refusals that are counted at a time. Beyond them only the request log tells of a caller.
const KINDS_MAX: usize = 256;

/// What `platform.begin_request` says when it turns a good credential away.
const TURNED_AWAY: [&str; 5] =
    ["unknown_identity", "account_inactive", "tenant_inactive", "session_expired", "role_revoked"];

/// A credential that was refused, and the firm that is to know.
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    tenant_id: Uuid,
    user_id: Option<Uuid>,
    action: &'static str,
    reason: String,
    details: Value,
}

impl Refused {
    /// A token that names a tenant which trusts its issuer, and is not good. Nothing else that it
    /// says is believed.
    pub(crate) fn forged(named: &Named, reason: Refusal) -> Self {
        Self {
            tenant_id: named.tenant_id,
            user_id: None,
            action: "TOKEN_REFUSED",
            reason: reason.to_string(),
            details: json!({"issuer": named.issuer}),
        }
    }

    /// A good credential that the database turned away with this code, if it did.
    pub(crate) fn turned_away(context: &RequestContext, code: &str) -> Option<Self> {
        TURNED_AWAY.contains(&code).then(|| Self {
            tenant_id: context.tenant_id,
            user_id: context.user_id,
            action: if context.api_key_id.is_some() { "API_KEY_REFUSED" } else { "TOKEN_REFUSED" },
            reason: code.to_owned(),
            details: match context.api_key_id {
                Some(key) => json!({"api_key_id": key}),
                None => json!({"issuer": context.issuer, "subject": context.subject}),
            },
        })
    }
}

/// What is counted together.
type Kind = (Uuid, Option<IpAddr>, &'static str, String);

/// When a kind was told of, and how often it was met since.
struct Told {
    at: DateTime<Utc>,
    since: i32,
}

impl Told {
    fn rests(&self, now: DateTime<Utc>) -> bool {
        let age = now.signed_duration_since(self.at);
        age >= TimeDelta::zero() && age < EVERY
    }
}

/// The refusals that this process has met.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<HashMap<Kind, Told>>);

impl Refusals {
    /// How many attempts are to be told of now; none while they are only counted.
    fn due(&self, kind: Kind, now: DateTime<Utc>) -> Option<i32> {
        let mut met = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(told) = met.get_mut(&kind) {
            told.since = told.since.saturating_add(1);
            if told.rests(now) {
                return None;
            }
            let attempts = std::mem::take(&mut told.since);
            told.at = now;
            return Some(attempts);
        }
        if met.len() >= KINDS_MAX {
            met.retain(|_, told| told.rests(now));
        }
        if met.len() >= KINDS_MAX {
            return None;
        }
        met.insert(kind, Told { at: now, since: 0 });
        Some(1)
    }

    /// Tells of one, if it is time to. A failure to do so is logged and not the caller's affair.
    pub(crate) async fn note(&self, app: &App, visitor: &Visitor, refused: Refused) {
        let Refused { tenant_id, user_id, action, reason, details } = refused;
        let kind = (tenant_id, visitor.client_ip.map(network), action, reason.clone());
        let Some(attempts) = self.due(kind, visitor.now) else { return };
        let caller = visitor.describe("authenticate");
        let params = [
            p::uuid(&tenant_id),
            p::uuid(&user_id),
            p::text(&action),
            p::text(&reason),
            p::int4(&attempts),
            p::json(&details),
            p::json(&caller),
        ];
        let noted = visitor.query(app, sql!("users", "record_refusal"), &params).await;
        if let Err(problem) = noted {
            tracing::error!(cause = problem.summary(), attempts, "refusals not recorded");
        }
    }
}

/// What one customer of a network has: an IPv4 address, or 64 bits of IPv6.
fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(last: u8) -> Kind {
        (Uuid::from_u128(1), Some(IpAddr::from([192, 0, 2, last])), "TOKEN_REFUSED", String::new())
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn the_first_is_told_at_once_and_the_others_of_a_minute_together() {
        let refusals = Refusals::default();
        assert_eq!(refusals.due(kind(1), at(0)), Some(1));
        for second in 1..60 {
            assert_eq!(refusals.due(kind(1), at(second)), None);
        }
        assert_eq!(refusals.due(kind(2), at(59)), Some(1));
        assert_eq!(refusals.due(kind(1), at(60)), Some(60));
        assert_eq!(refusals.due(kind(1), at(61)), None);
        // A clock that went back does not silence anybody.
        assert_eq!(refusals.due(kind(1), at(0)), Some(2));
    }

    #[test]
    fn many_kinds_at_once_take_no_more_memory_and_no_more_writes() {
        let refusals = Refusals::default();
        let of = |number: u32, second| {
            let kind = (Uuid::from_u128(u128::from(number)), None, "TOKEN_REFUSED", String::new());
            refusals.due(kind, at(second))
        };
        assert_eq!((0..10_000).filter_map(|number| of(number, 0)).count(), KINDS_MAX);
        assert_eq!(of(20_000, 59), None);
        assert_eq!(of(20_000, 60), Some(1));
    }

    #[test]
    fn the_addresses_of_one_customer_are_one_network() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(network(ip("2001:db8:0:1::5")), network(ip("2001:db8:0:1:ffff::6")));
        assert_ne!(network(ip("2001:db8:0:1::5")), network(ip("2001:db8:0:2::5")));
        assert_ne!(network(ip("192.0.2.1")), network(ip("192.0.2.2")));
    }
}
