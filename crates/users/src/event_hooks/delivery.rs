//! What Okta delivers, and what of it is kept. Its members are Okta's to add to, so others are
//! overlooked; addresses and devices of people are not kept.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use wealth_core::violations::Violations;

/// Okta sends up to a hundred or so at once.
const EVENTS_MAX: usize = 500;
const TEXT_MAX: usize = 255;

/// A delivery.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Delivery {
    data: Data,
}

/// Its content.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Data {
    events: Vec<Event>,
}

/// One event of the System Log.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SystemLogEvent)]
pub(crate) struct Event {
    /// Its id: what comes again under it is taken once.
    uuid: String,
    /// What happened.
    #[schema(example = "user.lifecycle.deactivate")]
    event_type: String,
    /// When.
    published: DateTime<Utc>,
    /// Whom and what it is about.
    #[serde(default)]
    target: Option<Vec<Target>>,
    #[serde(default)]
    authentication_context: Option<AuthenticationContext>,
}

/// A person or a thing that an event is about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Target {
    id: Option<String>,
    /// `User`, `UserGroup`, …
    #[serde(rename = "type")]
    kind: Option<String>,
    /// A person's login.
    alternate_id: Option<String>,
    display_name: Option<String>,
}

/// The session at Okta that an event belongs to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthenticationContext {
    external_session_id: Option<String>,
}

impl Delivery {
    /// The events as the database takes them.
    pub(super) fn events(&self) -> Result<Value, Violations> {
        let mut v = Violations::new();
        if self.data.events.len() > EVENTS_MAX {
            v.add("/data/events", "too_many", "may have at most 500 events");
            return Err(v);
        }
        for (index, event) in self.data.events.iter().enumerate() {
            let pointer = format!("/data/events/{index}");
            for (name, text) in [("uuid", &event.uuid), ("eventType", &event.event_type)] {
                if !(1..=TEXT_MAX).contains(&text.len()) || text.contains(char::is_control) {
                    let text = "must be one line of 1 to 255 bytes";
                    v.add(format!("{pointer}/{name}"), "out_of_range", text);
                }
            }
        }
        v.into_result(Value::Array(self.data.events.iter().map(Event::kept).collect()))
    }
}

impl Event {
    fn kept(&self) -> Value {
        let of = |kind: &str| {
            let targets = self.target.iter().flatten();
            targets.into_iter().find(|target| target.kind.as_deref() == Some(kind))
        };
        let (user, group) = (of("User"), of("UserGroup"));
        let session = self.authentication_context.as_ref();
        json!({
            "id": self.uuid,
            "type": self.event_type,
            "published": self.published,
            "subject": user.and_then(|user| text(user.id.as_ref())),
            "payload": {
                "login": user.and_then(|user| text(user.alternate_id.as_ref())),
                "name": user.and_then(|user| text(user.display_name.as_ref())),
                "group_id": group.and_then(|group| text(group.id.as_ref())),
                "group": group.and_then(|group| text(group.display_name.as_ref())),
                "session_id": session.and_then(|session| text(session.external_session_id.as_ref())),
            },
        })
    }
}

/// A text that can be kept: what is too long or holds control characters names nothing of ours.
fn text(given: Option<&String>) -> Option<&str> {
    let given = given?.as_str();
    let fits = (1..=TEXT_MAX).contains(&given.len()) && !given.contains(char::is_control);
    fits.then_some(given)
}
