//! The two kinds of resources.

use wealth_core::scim::{GROUP, Projection, ResourceType, USER};

/// A kind of resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    User,
    Group,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::User, Self::Group];

    pub(crate) fn resource_type(self) -> &'static ResourceType {
        match self {
            Self::User => &USER,
            Self::Group => &GROUP,
        }
    }

    /// The attribute that names a resource and is unique in the firm.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::User => "userName",
            Self::Group => "displayName",
        }
    }

    /// The kind whose endpoint that is, such as `/Users`.
    pub(crate) fn at(endpoint: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.resource_type().endpoint == endpoint)
    }

    /// Whether the members of a group may be shown; they are many, and Entra excludes them.
    pub(crate) fn shows_members(self, projection: &Projection) -> bool {
        let members = self.resource_type().find("members");
        members.is_some_and(|members| projection.shows(members))
    }
}
