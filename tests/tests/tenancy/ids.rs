//! The ids of a firm's things, by the names that operations have for them.

use testkit::cusip;
use wealth_core::{IdGen, SystemIds};

use crate::retention::Kept;

/// The ids of a firm's things.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    /// A product with terms and a window, and another.
    pub(crate) products: [String; 2],
    /// Its CUSIP.
    pub(crate) cusip: String,
    /// Its window.
    pub(crate) availability: String,
    /// A saved comparison.
    pub(crate) comparison: String,
    /// An appointment of the member.
    pub(crate) appointment: String,
    /// A recommendation from that comparison.
    pub(crate) recommendation: String,
    /// Rates of accounts: one that waits for a decision, and one in force.
    pub(crate) rate_override: [String; 2],
    /// A rate change that waits for a decision.
    pub(crate) change: String,
    /// A source of rates.
    pub(crate) source: String,
    /// A batch it delivered.
    pub(crate) batch: String,
    /// A run of an import.
    pub(crate) import: String,
    /// A second factor of the member.
    pub(crate) factor: String,
    /// The member who made all this.
    pub(crate) user: String,
    /// A hook of its directory, the last part of its address, and its secret.
    pub(crate) event_hook: [String; 3],
    /// A comparison with it that waits for a person.
    pub(crate) directory_run: String,
    /// An issuer that it trusts.
    pub(crate) identity_provider: String,
    /// A session in a person's place.
    pub(crate) impersonation: String,
    /// An invitation that waits.
    pub(crate) invitation: String,
    /// An API key of that member.
    pub(crate) api_key: String,
    /// A session of that member.
    pub(crate) session: String,
    /// That session's refresh token: no id, but a credential, which works for whoever holds it.
    pub(crate) refresh_token: String,
    /// A role of that member.
    pub(crate) user_role: String,
    /// A group that gives a role.
    pub(crate) mapping: String,
    /// A person's id in a system that was there before.
    pub(crate) legacy: String,
    /// That person.
    pub(crate) person: String,
    /// A sign-in of the member at an issuer of the firm's own.
    pub(crate) identity: String,
    /// That issuer, and a token of it for somebody it leads to nobody.
    pub(crate) issuer: [String; 2],
    /// A member whom the firm's directory provisioned.
    pub(crate) member: String,
    /// The member's group.
    pub(crate) group: String,
    /// An event of the firm's audit log, sealed.
    pub(crate) event: String,
    /// What it has of retention.
    pub(crate) kept: Kept,
}

pub(crate) fn fresh() -> String {
    SystemIds.next().to_string()
}

impl Ids {
    /// Ids that nobody has.
    pub(crate) fn unknown() -> Self {
        Self {
            products: [fresh(), fresh()],
            cusip: cusip(99_999_999),
            availability: fresh(),
            comparison: fresh(),
            rate_override: [fresh(), fresh()],
            recommendation: fresh(),
            appointment: fresh(),
            change: fresh(),
            source: "nobodys-source".to_owned(),
            batch: fresh(),
            import: fresh(),
            factor: fresh(),
            user: fresh(),
            event_hook: [fresh(), fresh(), fresh()],
            directory_run: fresh(),
            identity_provider: fresh(),
            impersonation: fresh(),
            invitation: fresh(),
            api_key: fresh(),
            session: fresh(),
            refresh_token: "wrt_unknown".to_owned(),
            user_role: fresh(),
            mapping: fresh(),
            legacy: fresh(),
            person: fresh(),
            identity: fresh(),
            issuer: ["https://nobodys.example".to_owned(), fresh()],
            member: fresh(),
            group: fresh(),
            event: fresh(),
            kept: Kept::unknown(),
        }
    }

    /// The value of a parameter of that name; none when it is no id.
    pub(crate) fn named(&self, name: &str) -> Option<&str> {
        Some(match name {
            "product_id" => &self.products[0],
            "cusip" => &self.cusip,
            "availability_id" => &self.availability,
            "comparison_id" => &self.comparison,
            "override_id" => &self.rate_override[0],
            "recommendation_id" => &self.recommendation,
            "appointment_id" => &self.appointment,
            "change_id" => &self.change,
            "source" => &self.source,
            "batch_id" => &self.batch,
            "import_id" => &self.import,
            "factor_id" => &self.factor,
            "user_id" => &self.user,
            "event_hook_id" => &self.event_hook[0],
            "directory_run_id" => &self.directory_run,
            "hook_key" => &self.event_hook[1],
            "identity_provider_id" => &self.identity_provider,
            "impersonation_id" => &self.impersonation,
            "invitation_id" => &self.invitation,
            "api_key_id" => &self.api_key,
            "session_id" => &self.session,
            "user_role_id" => &self.user_role,
            "mapping_id" => &self.mapping,
            "legacy_id" => &self.legacy,
            "identity_id" => &self.identity,
            "member_id" => &self.member,
            "group_id" => &self.group,
            "event_id" => &self.event,
            "hold_id" => &self.kept.hold[0],
            "disposal_id" => &self.kept.disposal,
            "erasure_id" => &self.kept.erasure,
            "actor_id" => &self.user,
            "resource_id" => &self.products[0],
            _ => return None,
        })
    }

    /// Every one of them.
    pub(crate) fn each(&self) -> Vec<&str> {
        let mut all = vec![self.products[1].as_str(), &self.person, &self.issuer[0]];
        all.extend([self.rate_override[1].as_str(), &self.kept.hold[1]]);
        all.extend(
            [
                "product_id",
                "cusip",
                "availability_id",
                "comparison_id",
                "override_id",
                "recommendation_id",
                "appointment_id",
                "change_id",
                "source",
                "batch_id",
                "import_id",
                "factor_id",
                "user_id",
                "event_hook_id",
                "directory_run_id",
                "hook_key",
                "identity_provider_id",
                "impersonation_id",
                "invitation_id",
                "api_key_id",
                "session_id",
                "user_role_id",
                "mapping_id",
                "legacy_id",
                "identity_id",
                "member_id",
                "group_id",
                "event_id",
                "hold_id",
                "disposal_id",
                "erasure_id",
            ]
            .iter()
            .filter_map(|name| self.named(name)),
        );
        all
    }
}
