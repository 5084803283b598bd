//! The pure domain of `wealth`: values, rules and arithmetic, without input or output.
//!
//! Nothing here knows a database, a socket, an environment variable or the time of day; what comes
//! from outside is passed in ([`Clock`], [`IdGen`], dates, readers). So every rule can be tested on
//! any day, and the same rule holds in HTTP, import, feed and job.
//!
//! Values are parsed at the edge ([`parse`]) and are right by type from there on.

pub mod audit;
pub mod authz;
pub mod clock;
pub mod comparison;
mod country;
pub mod currency;
pub mod cusip;
pub mod dates;
pub mod email;
pub mod field_code;
pub mod ids;
pub mod import;
pub mod interest;
pub mod isin;
pub mod json;
pub mod ladder;
pub mod money;
pub mod parse;
pub mod password;
pub mod patch;
pub mod problem;
pub mod product;
pub mod rate;
pub mod rate_override;
pub mod recommendation;
pub mod retention;
pub mod scim;
pub mod shape;
pub mod text;
pub mod us_state;
pub mod violations;

pub use clock::{Clock, FixedClock, SystemClock};
pub use currency::Currency;
pub use cusip::Cusip;
pub use dates::{DateWindow, Tolerance};
pub use email::Email;
pub use ids::{
    AppointmentId, AvailabilityId, BatchId, ComparisonId, IdGen, ProductId, ProductVersionId,
    RateChangeId, RateId, RecommendationId, RequestId, SequentialIds, SessionId, SystemIds,
    TenantId, UserId,
};
pub use isin::Isin;
pub use money::{Amount, Percent};
pub use parse::{Checked, Parse, ParseError};
pub use password::Password;
pub use patch::Patch;
pub use problem::Code;
pub use us_state::UsState;
pub use violations::{FieldError, Violations};
