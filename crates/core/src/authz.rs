//! What a role may do: one table, printed as a matrix by a test. Row level security only fences
//! tenants; every decision about actions is made here and carried as a value ([`Authorized`]) that
//! the database methods demand, so that a forgotten check does not compile.

use std::marker::PhantomData;

/// The application roles of the sales tool (checklist S0-54) and the machine role of rate feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Sees active products, compares them.
    SalesRepresentative,
    /// Also sees what others compared and decides on rate changes.
    SalesManager,
    /// Keeps catalogue and rates.
    ProductAdministrator,
    /// Configures and oversees; does not change products or rates.
    SystemAdministrator,
    /// An outside system that delivers rates.
    RateFeed,
    /// Reads, proves and exports the audit log; changes nothing.
    Auditor,
}

impl Role {
    /// Every role, in the order of the matrix.
    pub const ALL: [Self; 6] = [
        Self::SalesRepresentative,
        Self::SalesManager,
        Self::ProductAdministrator,
        Self::SystemAdministrator,
        Self::RateFeed,
        Self::Auditor,
    ];

    /// The documented name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SalesRepresentative => "SalesRepresentative",
            Self::SalesManager => "SalesManager",
            Self::ProductAdministrator => "ProductAdministrator",
            Self::SystemAdministrator => "SystemAdministrator",
            Self::RateFeed => "RateFeed",
            Self::Auditor => "Auditor",
        }
    }

    /// The role of that name; other systems' roles grant nothing here.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// What an action asks of the sign-in behind it, beside the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// Any session and any API key.
    Session,
    /// A person who has proven lately who they are, with a second factor if they have one or the
    /// firm demands one (step-up, RFC 9470). The database judges it with the firm's policy.
    StepUp,
}

/// Something that needs permission.
pub trait Action {
    /// Name in the matrix.
    const NAME: &'static str;
    /// The roles that may do it.
    const ALLOWED: &'static [Role];
    /// What it asks of the sign-in.
    const DEMAND: Demand = Demand::Session;
}

/// Proof that the current principal may do `A`. Only [`Roles::authorize`] makes one.
#[derive(Debug)]
pub struct Authorized<A>(PhantomData<A>);

/// A refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The role is missing.
    #[error("none of your roles may {0}")]
    Role(&'static str),
    /// Only a person may do it, in their own name.
    #[error("this takes a person who acts in their own name: no API key and nobody in their place")]
    NotInPerson,
    /// The role is there, but the API key was not made for this.
    #[error("the scopes of this API key do not let it {0}")]
    Scope(&'static str),
}

/// The roles of a principal, and what its credential narrows them to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    held: Vec<Role>,
    /// The scopes of an API key; `None` for a person, who may use all that the roles give.
    scopes: Option<Vec<String>>,
}

impl Roles {
    /// The known ones among `names`.
    pub fn from_names<S: AsRef<str>>(names: &[S]) -> Self {
        let held = names.iter().filter_map(|name| Role::find(name.as_ref())).collect();
        Self { held, scopes: None }
    }

    /// The same roles as an API key with these scopes has them: a scope takes away and never adds.
    #[must_use]
    pub fn within(self, scopes: &[String]) -> Self {
        Self { scopes: Some(scopes.to_vec()), ..self }
    }

    /// Whether `A` is allowed.
    pub fn may<A: Action>(&self) -> bool {
        self.authorize::<A>().is_ok()
    }

    /// Proof that `A` is allowed, or the refusal.
    pub fn authorize<A: Action>(&self) -> Result<Authorized<A>, Denied> {
        if !self.held.iter().any(|role| A::ALLOWED.contains(role)) {
            return Err(Denied::Role(A::NAME));
        }
        match &self.scopes {
            Some(scopes) if !scopes.iter().any(|scope| is_scope_of(scope, A::NAME)) => {
                Err(Denied::Scope(A::NAME))
            }
            _ => Ok(Authorized(PhantomData)),
        }
    }
}

/// Every scope that an API key can have: the names of the actions, in kebab case.
pub fn scopes() -> impl Iterator<Item = String> {
    POLICY.iter().map(|(name, _)| name.replace(' ', "-"))
}

/// Whether `scope` is the kebab form of the action's name.
fn is_scope_of(scope: &str, action: &str) -> bool {
    scope.len() == action.len()
        && scope.bytes().zip(action.bytes()).all(|(s, a)| s == if a == b' ' { b'-' } else { a })
}

macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident = $name:literal $(+ $demand:ident)?: $($role:ident)*;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $action;

            impl Action for $action {
                const NAME: &'static str = $name;
                const ALLOWED: &'static [Role] = &[$(Role::$role),*];
                $(const DEMAND: Demand = Demand::$demand;)?
            }
        )+

        /// The whole policy: action by action, the roles that may do it.
        pub const POLICY: &[(&str, &[Role])] = &[$(($name, $action::ALLOWED)),+];

        /// The sensitive ones among them.
        pub fn sensitive() -> Vec<&'static str> {
            let all = [$(($name, $action::DEMAND)),+];
            all.into_iter().filter(|(_, demand)| *demand == Demand::StepUp).map(|(n, _)| n).collect()
        }
    };
}

// A sensitive action has `+ StepUp` behind its name.

actions! {
    /// Read products that are active.
    ViewProducts = "view products":
        SalesRepresentative SalesManager ProductAdministrator SystemAdministrator;
    /// Create and change products, terms and availability; see inactive ones.
    EditProducts = "edit products": ProductAdministrator;
    /// Record who is appointed by which insurer, and say whether it is enforced.
    ManageAppointments = "manage appointments": ProductAdministrator;
    /// Sell, or compare, what one is not appointed for: nobody but a representative needs it.
    SellUnappointed = "sell unappointed": SalesManager ProductAdministrator SystemAdministrator;
    /// Load products or rates in bulk.
    ImportProducts = "import products": ProductAdministrator;
    /// Compare products and read one's own comparisons.
    CompareProducts = "compare products":
        SalesRepresentative SalesManager ProductAdministrator SystemAdministrator;
    /// Read other people's comparisons.
    ReviewComparisons = "review comparisons": SalesManager SystemAdministrator;
    /// Approve or refuse somebody else's recommendation.
    ReviewRecommendations = "review recommendations": SalesManager SystemAdministrator;
    /// Read rates in force, past and scheduled.
    ViewRates = "view rates":
        SalesRepresentative SalesManager ProductAdministrator SystemAdministrator;
    /// Set, schedule and correct rates.
    EditRates = "edit rates": ProductAdministrator;
    /// Read rate changes that wait for a decision.
    ViewRateChanges = "view rate changes": SalesManager ProductAdministrator SystemAdministrator;
    /// Approve or reject somebody else's rate change.
    DecideRateChanges = "decide on rate changes": SalesManager ProductAdministrator;
    /// Read and change tolerance and feeds.
    ConfigureRates = "configure rates": ProductAdministrator SystemAdministrator;
    /// See the people of the firm. Without `ManageUsers` e-mails are masked.
    ViewUsers = "view users": SalesManager ProductAdministrator SystemAdministrator;
    /// Create, change, deactivate and remove people; see addresses and sign-ins.
    ManageUsers = "manage users": SystemAdministrator;
    /// Grant and end roles; map groups to roles.
    ManageRoles = "manage roles" + StepUp: SystemAdministrator;
    /// Invite people, with roles.
    InviteUsers = "invite users" + StepUp: SystemAdministrator;
    /// Bring people along from another system, with roles and the hashes of their passwords.
    ImportUsers = "import users": SystemAdministrator;
    /// Read who has and had which access.
    ReviewAccess = "review access": SystemAdministrator;
    /// Provision users and groups by SCIM.
    ProvisionUsers = "provision users": SystemAdministrator;
    /// Deliver batches of rates.
    FeedRates = "feed rates": ProductAdministrator RateFeed;
    /// Read people's profiles.
    ViewProfiles = "view profiles": SystemAdministrator;
    /// Read how the firm's people sign in.
    ViewSignIn = "view sign-in": SystemAdministrator;
    /// Change how the firm's people sign in: policy, identity providers, hooks of the directory.
    ConfigureSignIn = "configure sign-in" + StepUp: SystemAdministrator;
    /// Act in another person's place.
    Impersonate = "impersonate" + StepUp: SystemAdministrator;
    /// See who acted in whose place, and end it.
    OverseeImpersonation = "oversee impersonation": SystemAdministrator;
    /// See and end the sessions and API keys of the firm's people, make keys for its services.
    AdministerAccess = "administer access": SystemAdministrator;
    /// Read what one did oneself, and the signed heads of the log.
    ViewAudit = "view audit":
        SalesRepresentative SalesManager ProductAdministrator SystemAdministrator RateFeed Auditor;
    /// Read what everybody did.
    ReviewAudit = "review audit": SystemAdministrator Auditor;
    /// Take the whole log away as a file.
    ExportAudit = "export audit": SystemAdministrator Auditor;
    /// Read how long records are kept, and the holds over them.
    ViewRetention = "view retention": SystemAdministrator Auditor;
    /// Keep classes of records longer than the rules ask.
    ManageRetention = "manage retention" + StepUp: SystemAdministrator;
    /// Place legal holds and release them.
    ManageHolds = "manage legal holds" + StepUp: SystemAdministrator;
    /// Propose, approve and reject the disposal of records whose time is over.
    DisposeRecords = "dispose of records" + StepUp: SystemAdministrator;
    /// Take down and execute requests of people to be forgotten.
    ErasePeople = "erase people" + StepUp: SystemAdministrator;
    /// Ask whether a token is in force (RFC 7662).
    IntrospectTokens = "introspect tokens": SystemAdministrator;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_roles_grant_nothing() {
        let roles = Roles::from_names(&["root", "productadministrator", ""]);
        assert_eq!(roles, Roles::default());
        assert_eq!(roles.authorize::<ViewProducts>().unwrap_err(), Denied::Role("view products"));
    }

    #[test]
    fn one_sufficient_role_is_enough() {
        let roles = Roles::from_names(&["SalesRepresentative", "ProductAdministrator"]);
        assert!(roles.may::<EditProducts>());
        assert!(!roles.may::<ReviewComparisons>());
    }

    #[test]
    fn a_scope_takes_away_and_never_adds() {
        let roles = Roles::from_names(&["SalesManager"]);
        let key = roles.clone().within(&["view-products".to_owned(), "edit-products".to_owned()]);
        assert!(key.may::<ViewProducts>());
        assert_eq!(key.authorize::<EditProducts>().unwrap_err(), Denied::Role("edit products"));
        assert_eq!(key.authorize::<ViewRates>().unwrap_err(), Denied::Scope("view rates"));
        assert!(roles.may::<ViewRates>());
        for near in ["view products", "VIEW-PRODUCTS", "view-product", "view-products ", "", "*"] {
            assert!(!roles.clone().within(&[near.to_owned()]).may::<ViewProducts>(), "{near}");
        }
        assert!(!roles.within(&[]).may::<ViewProducts>());
    }

    #[test]
    fn scopes_are_kebab_case_and_distinct() {
        let all: Vec<String> = scopes().collect();
        assert!(all.contains(&"decide-on-rate-changes".to_owned()));
        assert!(all.iter().all(|s| s.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
        let distinct: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }
}
