//! Versions of the engine.

use serde::{Deserialize, Serialize};

/// By which rules a comparison is computed and shown. A saved comparison keeps its own, so that a
/// better engine does not change what was shown before it: a rule that is to change gets a new
/// version here, and the old one stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Engine {
    /// Early values carry the charge on the whole contract value; no free withdrawal, no market
    /// value adjustment, no index scenarios.
    V1,
    /// Projects all three, and never illustrates less than the floor guarantees.
    V2,
    /// Shows the yield to maturity of what ends on a fixed day, and the yield to worst.
    #[default]
    V3,
}

impl Engine {
    /// The number that is stored with a comparison and shown in it.
    pub const fn number(self) -> i16 {
        match self {
            Self::V1 => 1,
            Self::V2 => 2,
            Self::V3 => 3,
        }
    }

    /// The version of that number, if there is one.
    pub fn from_number(number: i16) -> Option<Self> {
        [Self::V1, Self::V2, Self::V3].into_iter().find(|engine| engine.number() == number)
    }
}
