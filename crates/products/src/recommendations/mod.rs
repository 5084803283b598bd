//! Recommendations: the record of why a compared product is in a consumer's interest, and a second
//! person's review of it (NAIC Model #275).

pub(crate) mod create;
pub(crate) mod decide;
pub(crate) mod get;
pub(crate) mod list;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::currency::Currency;
use wealth_core::ids::{ComparisonId, ProductId, RecommendationId, UserId};
use wealth_core::recommendation::{
    Compensation, ConsumerProfile, Disclosure, ProfileField, Replacement, ReplacementFigures,
};
use wealth_db::Row;
use wealth_http::{Problem, Result};

use crate::row::{self, Timestamp};

/// How far a review has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// Waits for a second person.
    Pending,
    /// A second person agreed.
    Approved,
    /// A second person did not.
    Refused,
}

impl Status {
    const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }
}

/// A recommendation, without its record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecommendationSummary {
    /// Its id.
    pub(crate) recommendation_id: RecommendationId,
    /// The comparison that it rests on.
    pub(crate) comparison_id: ComparisonId,
    /// The product.
    pub(crate) product_id: ProductId,
    /// Who recommended it.
    pub(crate) user_id: UserId,
    /// By what the firm knows the consumer.
    pub(crate) client_reference: String,
    /// Whether it replaces a contract.
    pub(crate) is_replacement: bool,
    /// `pending`, `approved` or `refused`.
    #[schema(value_type = Status)]
    pub(crate) status: String,
    /// When it was made.
    pub(crate) created_at: Timestamp,
    /// Who made it.
    pub(crate) created_by: String,
    /// What the reviewer said.
    pub(crate) reason: Option<String>,
    /// When it was reviewed.
    pub(crate) decided_at: Option<Timestamp>,
    /// Who reviewed it.
    pub(crate) decided_by: Option<String>,
}

impl RecommendationSummary {
    /// From a row of `products.recommendation_get` or `recommendation_list`.
    fn read(row: &Row) -> Self {
        Self {
            recommendation_id: row.get::<_, Uuid>("recommendation_id").into(),
            comparison_id: row.get::<_, Uuid>("comparison_id").into(),
            product_id: row.get::<_, Uuid>("product_id").into(),
            user_id: row.get::<_, Uuid>("user_id").into(),
            client_reference: row.get("client_reference"),
            is_replacement: row.get("is_replacement"),
            status: row.get("status"),
            created_at: row::timestamp(row, "created_at"),
            created_by: row.get("created_by"),
            reason: row.get("reason"),
            decided_at: row::timestamp_opt(row, "decided_at"),
            decided_by: row.get("decided_by"),
        }
    }
}

/// What was recorded and sealed, as it was shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Record {
    /// Currency of every amount: the comparison's.
    pub(crate) currency: Currency,
    /// The product's name as compared.
    pub(crate) product_name: String,
    /// What is known of the consumer.
    pub(crate) profile: ConsumerProfile,
    /// What the consumer refused to give.
    pub(crate) refused: Vec<ProfileField>,
    /// Why it serves the consumer's interest.
    pub(crate) basis: String,
    /// What was disclosed.
    pub(crate) disclosures: Vec<Disclosure>,
    /// What was said of the producer's pay.
    pub(crate) cash_compensation: Compensation,
    /// The contract that it replaces.
    pub(crate) replacement: Option<Replacement>,
    /// What that comes to by the figures of the comparison.
    pub(crate) replacement_figures: Option<ReplacementFigures>,
}

/// A recommendation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecommendationView {
    /// The outline.
    #[serde(flatten)]
    summary: RecommendationSummary,
    /// What was recorded.
    #[schema(value_type = Record)]
    record: Box<RawValue>,
    /// SHA-256 of the comparison's answer, in hexadecimal.
    comparison_sha256: String,
    /// SHA-256 of that digest followed by the record's text, in hexadecimal.
    record_sha256: String,
    /// Whether comparison and record still are what was sealed.
    intact: bool,
}

/// What `products.recommend` keeps.
struct Kept {
    recommendation_id: RecommendationId,
    comparison_id: ComparisonId,
    product_id: ProductId,
    client_reference: String,
    is_replacement: bool,
    /// The text of its [`Record`].
    record: String,
}

impl RecommendationView {
    /// One that is being made, on a row of `products.recommendation_basis`.
    fn made(kept: &Kept, basis: &Row) -> Result<Self> {
        let record = RawValue::from_string(kept.record.clone())
            .map_err(|error| Problem::internal(error.to_string()))?;
        let comparison: Vec<u8> = basis.get("result_sha256");
        let seal = Sha256::new().chain_update(&comparison).chain_update(&kept.record);
        Ok(Self {
            summary: RecommendationSummary {
                recommendation_id: kept.recommendation_id,
                comparison_id: kept.comparison_id,
                product_id: kept.product_id,
                user_id: basis.get::<_, Uuid>("user_id").into(),
                client_reference: kept.client_reference.clone(),
                is_replacement: kept.is_replacement,
                status: Status::Pending.name().to_owned(),
                created_at: row::timestamp(basis, "created_at"),
                created_by: basis.get("created_by"),
                reason: None,
                decided_at: None,
                decided_by: None,
            },
            record,
            comparison_sha256: row::hex(&comparison),
            record_sha256: row::hex(&seal.finalize()),
            intact: true,
        })
    }

    /// From a row of `products.recommendation_get`.
    fn read(row: &Row) -> Result<Self> {
        let record = RawValue::from_string(row.get("record"))
            .map_err(|error| Problem::internal(format!("column record: {error}")))?;
        Ok(Self {
            summary: RecommendationSummary::read(row),
            record,
            comparison_sha256: row.get("comparison_sha256"),
            record_sha256: row.get("record_sha256"),
            intact: row.get("intact"),
        })
    }
}
