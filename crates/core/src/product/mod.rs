//! What a firm sells: annuities, certificates of deposit and other products (checklist S0-07 to
//! S0-19, C0-15, C0-24).
//!
//! [`NewProduct`] is what a caller sends: it always reads, and [`NewProduct::validate`] reports
//! every bad field at once. [`ProductDraft`] is what remains: right by type, ready to be written.
//! [`ProductPatch`] turns one draft into another.

mod annuity;
mod appointment;
mod cd;
mod crediting;
mod draft;
pub(crate) mod kind;
mod limits;
mod new;
mod patch;
mod rate_band;

pub use annuity::{AnnuityTerms, NewAnnuityTerms, NewSurrenderYear, Premium, SurrenderYear};
pub use appointment::{
    Appointment, AppointmentChange, AppointmentPatch, LineOfAuthority, NewAppointment,
};
pub use cd::{
    CdTerms, Compounding, DayCount, EarlyWithdrawalPenalty, NewCdTerms, NewPenalty, NewStepUp,
    StepUp,
};
pub use crediting::{Crediting, CreditingMethod, NewCrediting};
pub use draft::ProductDraft;
pub use kind::{ProductSubtype, ProductType};
pub use new::NewProduct;
pub use patch::ProductPatch;
pub use rate_band::{NewRateBand, RateBand, addition};
