//! Identifiers: one type per kind of thing, so that a product's id cannot be passed for a tenant's.

use uuid::Uuid;

/// Makes new identifiers. Object-safe; passed in wherever something is created.
pub trait IdGen: Send + Sync {
    /// A fresh UUIDv7 (RFC 9562): unique, and ordered by the time of its making.
    fn next(&self) -> Uuid;
}

/// UUIDv7 from the machine's clock and random source.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemIds;

impl IdGen for SystemIds {
    fn next(&self) -> Uuid {
        // The one place that may draw an id from thin air: everything else is handed an IdGen.
        #[allow(clippy::disallowed_methods)]
        Uuid::now_v7()
    }
}

/// Counts upwards, for tests that assert whole answers. Valid UUIDv7 with timestamp zero.
#[derive(Debug, Default)]
pub struct SequentialIds(std::sync::atomic::AtomicU64);

impl IdGen for SequentialIds {
    fn next(&self) -> Uuid {
        let n = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        uuid::Builder::from_u128((0x7u128 << 76) | (0x2u128 << 62) | u128::from(n)).into_uuid()
    }
}

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Draws a new id.
            pub fn new(ids: &dyn IdGen) -> Self {
                Self(ids.next())
            }

            /// The bare UUID, for the database driver.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .format(Some(utoipa::openapi::schema::SchemaFormat::KnownFormat(
                        utoipa::openapi::schema::KnownFormat::Uuid,
                    )))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )+};
}

typed_id! {
    /// A product of a tenant's catalogue.
    ProductId,
    /// A tenant: the firm whose data a row is.
    TenantId,
    /// A user.
    UserId,
    /// An availability window of a product.
    AvailabilityId,
    /// A saved comparison.
    ComparisonId,
    /// An appointment of a producer by an insurer.
    AppointmentId,
    /// A recommendation of a compared product.
    RecommendationId,
    /// A row of rate history (`rate_history_id`).
    RateId,
    /// A proposed rate change that waits for a second person.
    RateChangeId,
    /// A batch of a rate feed or of an import.
    BatchId,
    /// One request, as it appears in logs, problem documents and audit events.
    RequestId,
    /// A user's session.
    SessionId,
    /// A versioned text of terms and conditions.
    ProductVersionId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_ids_are_version_7_and_ordered() {
        let ids: Vec<Uuid> = (0..100).map(|_| SystemIds.next()).collect();
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn sequential_ids_are_valid_and_repeatable() {
        let ids = SequentialIds::default();
        assert_eq!(ids.next().to_string(), "00000000-0000-7000-8000-000000000001");
        assert_eq!(ids.next().get_version_num(), 7);
    }

    #[test]
    fn typed_ids_read_and_write_as_plain_strings() {
        let id = ProductId::new(&SequentialIds::default());
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"00000000-0000-7000-8000-000000000001\"");
        assert_eq!(serde_json::from_str::<ProductId>(&json).unwrap(), id);
        assert_eq!(id.to_string().parse::<ProductId>().unwrap(), id);
        assert!("not-an-id".parse::<ProductId>().is_err());
    }
}
