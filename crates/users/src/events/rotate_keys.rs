//! RotateSigningKeys: the key that was published as the next one signs from now on.

use serde_json::{Value, json};
use wealth_http::{App, Result};

use super::Event;
use crate::keys::Rotation;
use crate::services::Services;

/// Rotates once for each event, however often it is delivered.
pub(super) async fn handle(app: &App, services: &Services, event: Event) -> Result<Value> {
    let rotation = services.keys.rotate(app, event.id).await?;
    let retired = services.keys.retire(app).await?;
    tracing::info!(?rotation, retired, "signing keys rotated");
    Ok(json!({
        "rotated": rotation == Rotation::Done,
        "reason": match rotation {
            Rotation::Done => None,
            Rotation::Before => Some("this event was handled before"),
            Rotation::TooYoung => Some("the next key was made known less than 15 minutes ago"),
        },
        "retired_keys": retired,
    }))
}
