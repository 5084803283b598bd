//! One good request for each operation that takes a body, and what has to be there first. Bad
//! requests are made from them, so that all but one field is right.

use serde_json::{Value, json};
use testkit::{Client, Firm, SoftPasskey, TestApp, cusip};
use uuid::Uuid;

/// The firm's catalogue, and a caller who may do everything.
pub(super) struct World {
    pub(super) app: TestApp,
    pub(super) caller: Client,
    pub(super) product: String,
    pub(super) other: String,
    pub(super) member: String,
    pub(super) group: String,
    used: std::cell::Cell<u32>,
}

const ROLES: [&str; 3] = ["ProductAdministrator", "SystemAdministrator", "RateFeed"];

impl World {
    pub(super) async fn new() -> Self {
        let app = TestApp::new().await;
        app.execute(
            "select users.put_member('00000000-0000-7000-8000-00000000000a',
                '00000000-0000-7000-9000-000000000a99', 'all@a.test', 'All', 'all', 'local',
                'https://local.wealth.invalid', 'all-a',
                array['ProductAdministrator', 'SystemAdministrator', 'RateFeed'], 'seed')",
        )
        .await;
        // A run that is over for longer than it must be kept.
        app.execute(
            "insert into products.imports (tenant_id, kind, file_name, file_sha256, format, options, status, created_by,
                 started_at, finished_at)
             values ('00000000-0000-7000-8000-00000000000a', 'products', 'old.csv', '\\x01', 'csv', '{}', 'finished', 'x',
                 '2010-01-01T00:00:00Z', '2010-01-01T00:00:00Z')",
        )
        .await;
        testkit::local::seed(&app, Uuid::from_u128(0x0000_0000_0000_7000_9000_0000_0000_0a99))
            .await;
        let caller = app.client(Firm::Meridian, "all", &ROLES);
        let used = std::cell::Cell::new(1_000);
        let mut world = Self {
            app,
            caller,
            product: String::new(),
            other: String::new(),
            member: String::new(),
            group: String::new(),
            used,
        };
        // The first look at the keys makes them known.
        world.caller.get("/.well-known/jwks.json").await.expect(200);
        world.count_writes().await;
        let made = world.caller.post("/v1/products", world.annuity()).await.expect(201);
        world.product = id(&made.body, "product_id");
        let made = world.caller.post("/v1/products", world.deposit()).await.expect(201);
        world.other = id(&made.body, "product_id");
        let feed =
            json!({"name": "Acme", "precedence": 100, "tolerance": "0.2500", "is_active": true});
        world.caller.put("/v1/rate-feeds/acme", feed, "").await;
        let window = json!({"start_date": "2027-01-01", "end_date": "2027-01-31"});
        let path = format!("/v1/products/{}/availability", world.product);
        world.caller.post(&path, window).await.expect(201);
        let made = super::scim::provision(&world.caller, "member").await;
        (world.member, world.group) = made;
        world
    }

    /// A CUSIP that was not used yet.
    fn cusip(&self) -> String {
        self.used.set(self.used.get() + 1);
        cusip(self.used.get())
    }

    fn annuity(&self) -> Value {
        json!({
            "cusip": self.cusip(), "product_name": "Granite Guarantee 5", "product_type": "Annuity",
            "product_subtype": "MYGA", "issuer": "Granite Life", "description": "Five years",
            "minimum_investment": "10000.00", "maximum_investment": "1000000.00",
            "base_rate": "4.2500", "bonus_rate": "1.0000", "return_of_premium": false,
            "terms_and_conditions": "Guaranteed for five years.", "states": ["CA", "NY"],
            "annuity_terms": {
                "surrender_schedule": [{"contract_year": 1, "charge": "7.0000"}],
                "minimum_issue_age": 18, "maximum_issue_age": 85,
                "free_withdrawal_percentage": "10.0000", "guarantee_years": 5, "premium": "single",
            },
        })
    }

    fn deposit(&self) -> Value {
        json!({
            "cusip": self.cusip(), "product_name": "Harbor 12-Month CD", "product_type": "CD",
            "product_subtype": "BankCD", "issuer": "Harbor Bank", "minimum_investment": "1000.00",
            "base_rate": "3.9000", "cd_terms": {"term_months": 12},
        })
    }

    /// The body of a good request, by operation; none for operations without one.
    #[allow(clippy::too_many_lines, reason = "a table: a line an operation")]
    pub(super) fn body(&self, operation: &str) -> Option<Value> {
        Some(match operation {
            "products_create" => self.annuity(),
            "products_patch" => json!({
                "product_name": "Granite Guarantee 5 Plus", "description": "Better",
                "minimum_investment": "5000.00", "states": ["CA"],
            }),
            "product_terms_publish" => {
                json!({"text": "Guaranteed for six years."})
            }
            "product_availability_add" | "product_availability_change" => {
                json!({"start_date": "2028-01-01", "end_date": "2028-01-31"})
            }
            "comparisons_create" => json!({
                "product_ids": [self.product, self.other], "investment_amount": "50000.00",
                "horizon_months": 60,
            }),
            "appointments_create" => json!({
                "user_id": "00000000-0000-7000-9000-000000000a04", "issuer": self.cusip(),
                "state": "NY", "line_of_authority": "life", "license_number": "LA-1",
                "start_date": "2026-01-01", "end_date": "2026-12-31",
            }),
            "appointments_change" => json!({
                "license_number": "LA-2", "start_date": "2026-01-01", "end_date": "2026-12-31",
            }),
            "appointment_settings_put" => json!({"enforced": true}),
            "recommendations_create" => testkit::recommendation(&self.product),
            "recommendations_approve" | "recommendations_refuse" => json!({"reason": "Agreed"}),
            "rate_overrides_create" => json!({
                "account_reference": self.cusip(), "base_rate": "4.3000", "bonus_rate": "1.0000",
                "effective_date": "2026-12-01", "end_date": "2026-12-31", "reason": "Loyal",
            }),
            "rate_overrides_approve" | "rate_overrides_reject" => json!({"note": "Agreed"}),
            "rate_overrides_end" => json!({"end_date": "2026-12-15", "reason": "Moved"}),
            "product_ladders_build" => json!({
                "amount": "50000.00", "currency": "USD", "rungs": [12, 24],
                "term_tolerance_months": 1, "include_callable": true, "include_annuities": true,
                "insured_limit": "100000.00", "as_of": "2026-12-01",
                "client": {"age": 60, "state": "NY"},
            }),
            "rates_put" => json!({
                "base_rate": "4.3000", "bonus_rate": "1.0000", "effective_date": "2026-12-01",
                "end_date": "2026-12-31", "reason": "December",
            }),
            "rate_settings_put" => json!({"tolerance": "0.5000", "manual_precedence": 1000}),
            "rate_feeds_put" => {
                json!({"name": "Acme", "precedence": 100, "tolerance": "0.2500", "is_active": true,
                       "pull": {"url": "https://rates.example.com/latest", "every_minutes": 30}})
            }
            "rate_batches_deliver" => json!({
                "external_batch_id": "b-1",
                "rates": [{"external_id": "r-1", "product_id": self.product, "base_rate": "4.3000",
                           "bonus_rate": "1.0000", "effective_date": "2026-12-01", "end_date": "2026-12-31"}],
            }),
            "rate_changes_approve" | "rate_changes_reject" => json!({"note": "Agreed"}),
            "users_create" => json!({
                "email": format!("ada{}@firm.example", self.cusip()), "first_name": "Ada",
                "last_name": "Nwosu", "display_name": "Ada", "user_name": self.cusip(),
                "external_id": "x-1",
            }),
            "users_patch" => json!({"user_name": self.cusip(), "external_id": "x-2"}),
            "users_deactivate" | "users_reactivate" => json!({"reason": "Leave"}),
            "user_roles_create" => json!({
                "role_name": "Investor", "effective_from": "2027-01-01T00:00:00Z",
                "effective_to": "2027-02-01T00:00:00Z", "reason": "Pilot",
            }),
            "user_roles_put" => json!({"effective_to": "2027-03-01T00:00:00Z", "reason": "Pilot"}),
            "group_role_mappings_create" => json!({
                "provider": "okta", "group_name": self.cusip(), "role_name": "SalesManager",
            }),
            "user_identities_create" => {
                json!({"issuer": "https://okta.firm.example", "subject": "s-1"})
            }
            "me_identities_create" => json!({"token": "a.b.c"}),
            "me_profile_patch" => json!({"phone": "+12125550123", "avatar": "avatars/a.png",
                "timezone": "America/New_York", "language": "en", "preferences": {"rows": 50}}),
            "auth_policy_put" => json!({"mfa": "optional", "mfa_roles": ["SalesManager"],
                "idle_timeout_minutes": 720, "absolute_lifetime_minutes": 43200,
                "access_token_minutes": 15, "password_min_length": 15, "password_history": 5,
                "step_up_minutes": 15, "security_questions": true, "self_registration": true}),
            "identity_provider_put" => json!({"issuer": "https://firm.okta.com/oauth2/default",
                "provider": "okta", "audience": ["api://wealth"],
                "jwks_uri": "https://firm.okta.com/oauth2/default/v1/keys", "algorithms": ["RS256"],
                "token_types": ["at+jwt"], "tenant_claim": "tenant_id", "role_claim": "groups",
                "role_source": "claims", "group_roles": {"Sales": "SalesManager"},
                "directory_claim": "uid"}),
            "event_hook_rotate" => json!({"keep_old": true}),
            "okta_hook_receive" => json!({"data": {"events": [{"uuid": "e-1",
                "eventType": "user.lifecycle.suspend", "published": "2026-11-21T11:00:00Z",
                "target": [{"id": "00u1", "type": "User", "alternateId": "a@b.example",
                            "displayName": "A"}],
                "authenticationContext": {"externalSessionId": "s1"}}]}}),
            "invitations_create" => json!({"email": format!("guest{}@firm.example", self.cusip()),
                "roles": ["Investor"], "effective_from": "2027-01-01T00:00:00Z",
                "effective_to": "2027-02-01T00:00:00Z", "message": "Welcome"}),
            "user_impersonate" => json!({"reason": "Ticket 17"}),
            "api_keys_create" => {
                json!({"name": "Loader", "scopes": ["view-rates"], "expires_in_days": 30})
            }
            "retention_policies_put" => json!({"months": 120, "days": 1, "reason": "Limitation"}),
            "legal_holds_create" => json!({"name": "SEC v. Doe", "reason": "Letter", "scopes": [
                {"kind": "record", "table_name": "products.products",
                 "record_id": "00000000-0000-7000-a000-000000000001"}]}),
            "legal_holds_request_release" => json!({"reason": "Settled"}),
            "legal_holds_release"
            | "legal_holds_refuse_release"
            | "disposals_approve"
            | "disposals_reject"
            | "erasure_requests_execute"
            | "erasure_requests_reject" => json!({"note": "Agreed"}),
            "disposals_create" => json!({"table_name": "products.imports", "reason": "Due"}),
            "erasure_requests_create" => json!({"ground": "gdpr_17", "reason": "Asked",
                "person_id": "00000000-0000-7000-9000-000000000a04"}),
            "api_keys_rotate" => json!({"overlap_minutes": 60}),
            "token" => json!({"grant_type": "refresh_token", "refresh_token": "wrt_x"}),
            "token_revoke" | "token_introspect" => {
                json!({"token": "wrt_x", "token_type_hint": "refresh_token"})
            }
            // The password was changed by the call before it.
            "me_security_questions_put" => {
                let mut body = testkit::local::body(operation)?;
                body["current_password"] = json!(testkit::local::NEW_PASSWORD);
                body
            }
            "mfa_totp_start" => json!({"label": "Phone"}),
            "mfa_totp_confirm" => json!({"code": "123456"}),
            "auth_mfa" => json!({"mfa_token": "A".repeat(43), "method": "totp", "code": "123456"}),
            "auth_step_up" => json!({"method": "totp", "code": "123456"}),
            "auth_webauthn_options" => json!({"mfa_token": "A".repeat(43)}),
            "auth_webauthn" => json!({"challenge": "A".repeat(43), "credential": shown(),
                "tenant": "T001", "device": "Laptop"}),
            "mfa_webauthn_register" => json!({"challenge": "A".repeat(43), "label": "Laptop",
                "credential": made()}),
            _ => {
                return testkit::local::body(operation)
                    .or_else(|| super::scim::body(operation, &self.member));
            }
        })
    }

    /// A good value of a path parameter.
    pub(super) fn parameter(&self, name: &str) -> String {
        match name {
            "product_id" => self.product.clone(),
            "source" => "acme".to_owned(),
            "class" => "rate_history".to_owned(),
            "user_id" => "00000000-0000-7000-9000-000000000a04".to_owned(),
            "cusip" => cusip(1_001),
            "version" => "1".to_owned(),
            "member_id" => self.member.clone(),
            "group_id" => self.group.clone(),
            "urn" => super::scim::USER.to_owned(),
            "name" => "User".to_owned(),
            _ => "0199aaaa-0000-7000-8000-000000000001".to_owned(),
        }
    }

    /// Has every statement that writes to a table counted, in its own transaction: what is rolled
    /// back is not counted, what is committed is. Reading one number is much less work than
    /// reading every table, and sees also a write that leaves a row as it was.
    async fn count_writes(&self) {
        self.app.execute(COUNTER).await;
        let counted = self
            .app
            .sql("select count(*) as tables from pg_trigger where tgname = 'bad_input_counter'");
        assert!(counted.await[0]["tables"].as_i64() > Some(10), "few tables are counted");
    }

    /// How many statements have written to what is stored, but for the trail of requests.
    pub(super) async fn writes(&self) -> i64 {
        let sql = "select writes from bad_input.counter";
        self.app.sql(sql).await[0]["writes"].as_i64().expect("a number")
    }
}

const COUNTER: &str = "
    create schema bad_input;
    create table bad_input.counter as select 0::bigint as writes;
    create function bad_input.count() returns trigger language plpgsql security definer as $$
    begin
        update bad_input.counter set writes = writes + 1;
        return null;
    end
    $$;
    do $$
    declare
        v_table regclass;
    begin
        for v_table in
            select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r' and n.nspname in ('products', 'rates', 'tenants', 'users')
               -- Refusals are counted there.
               and c.relname not in ('throttles', 'one_time_tokens')
        loop
            execute format('create trigger bad_input_counter after insert or update or delete or truncate
                on %s for each statement execute function bad_input.count()', v_table);
        end loop;
    end
    $$;
";

/// A passkey's answer, right in form.
fn shown() -> Value {
    SoftPasskey::new(1).get(&json!({"challenge": "AAAA"}))
}

/// A new passkey, right in form.
fn made() -> Value {
    SoftPasskey::new(1).create(&json!({"challenge": "AAAA", "user": {"id": "AAAA"}}))
}

fn id(body: &Value, name: &str) -> String {
    body[name].as_str().expect(name).to_owned()
}
