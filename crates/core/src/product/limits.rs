//! Checks that several kinds of terms share.

use crate::money::Percent;
use crate::parse::Checked;
use crate::violations::Violations;

/// A percentage of 0 to 100, if given.
pub(super) fn share(
    value: Option<Checked<Percent>>,
    pointer: &str,
    violations: &mut Violations,
) -> Option<Percent> {
    let value = value?.optional(pointer, violations)?;
    if value.is_share() {
        return Some(value);
    }
    violations.add(pointer, "out_of_range", "must lie between 0 and 100");
    None
}

/// A percentage of 0 or more, if given.
pub(super) fn not_negative(
    value: Option<Checked<Percent>>,
    pointer: &str,
    violations: &mut Violations,
) -> Option<Percent> {
    let value = value?.optional(pointer, violations)?;
    if !value.is_negative() {
        return Some(value);
    }
    violations.add(pointer, "out_of_range", "must not be negative");
    None
}

/// A whole number within bounds, if given.
pub(super) fn within(
    value: Option<u32>,
    (min, max): (u32, u32),
    pointer: &str,
    violations: &mut Violations,
) -> Option<u32> {
    let value = value?;
    if (min..=max).contains(&value) {
        return Some(value);
    }
    violations.add(pointer, "out_of_range", format!("must lie between {min} and {max}"));
    None
}
