//! The recorded events in `events/`.

use std::{fs, path::Path};

use anyhow::{Context, bail};
use serde_json::Value;

/// The event `events/<name>.json`, its `{{placeholders}}` replaced by `values`.
///
/// # Errors
/// When there is no such event, it is not JSON, or a placeholder is left without a value.
pub fn event(name: &str, values: &[(&str, &str)]) -> anyhow::Result<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../events")
        .join(name)
        .with_extension("json");
    let mut text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    for (placeholder, value) in values {
        text = text.replace(&format!("{{{{{placeholder}}}}}"), value);
    }
    if let Some((_, rest)) = text.split_once("{{") {
        let placeholder = rest.split("}}").next().unwrap_or(rest);
        bail!("{name}: no value for {placeholder}");
    }
    serde_json::from_str(&text).with_context(|| format!("{name} is not JSON"))
}
