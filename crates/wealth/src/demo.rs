//! The demo data of `make run`: two invented firms, their people and their products.

use anyhow::{Context as _, Result, anyhow};
use tokio_postgres::Client;
use tokio_postgres::types::Type;
use users::passwords::{Passwords, Scheme};
use uuid::Uuid;
use wealth_core::{Parse as _, Password};
use wealth_http::auth::LocalIssuer;

use crate::command::token::Who;

/// A product that only an administrator sees: it is no longer sold.
pub(crate) const SAMPLE_CUSIP: &str = "990101AD9";

/// A product that the demo firm does not have yet.
pub(crate) const SAMPLE_PRODUCT: &str = r#"{"cusip":"990606AC9","product_name":"Harvest Five","product_type":"Annuity","minimum_investment":"5000.00","base_rate":"4.9000"}"#;

const MERIDIAN: u128 = 0x019a_0000_0000_7000_8000_0000_0000_0001;
const HARBOR: u128 = 0x019a_0000_0000_7000_8000_0000_0000_0002;

/// The password of everybody in the demo, which nobody outside this machine can reach.
pub(crate) const PASSWORD: &str = "harvest moon over the harbor";

/// Loaded in this order, each file in a transaction of its own.
const TENANTS: &str = include_str!("../../../sql/demo/tenants.sql");
const PRODUCTS: [&str; 2] =
    [include_str!("../../../sql/demo/meridian.sql"), include_str!("../../../sql/demo/harbor.sql")];

/// Somebody who can sign in to the demo.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) tenant_id: u128,
    pub(crate) subject: &'static str,
    pub(crate) email: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    pub(crate) roles: &'static [&'static str],
}

const PEOPLE: [Person; 4] = [
    Person {
        tenant_id: MERIDIAN,
        subject: "demo-admin",
        email: "avery.stone@meridian.example",
        first_name: "Avery",
        last_name: "Stone",
        roles: &["SystemAdministrator", "ProductAdministrator"],
    },
    Person {
        tenant_id: MERIDIAN,
        subject: "demo-sales",
        email: "jordan.lee@meridian.example",
        first_name: "Jordan",
        last_name: "Lee",
        roles: &["SalesRepresentative"],
    },
    Person {
        tenant_id: MERIDIAN,
        subject: "demo-second",
        email: "casey.hart@meridian.example",
        first_name: "Casey",
        last_name: "Hart",
        roles: &["ProductAdministrator"],
    },
    Person {
        tenant_id: HARBOR,
        subject: "demo-other",
        email: "riley.moss@harbor.example",
        first_name: "Riley",
        last_name: "Moss",
        roles: &["ProductAdministrator"],
    },
];

/// The person that a token is for.
pub(crate) fn person(who: Who) -> &'static Person {
    match who {
        Who::Admin => &PEOPLE[0],
        Who::Sales => &PEOPLE[1],
        Who::Second => &PEOPLE[2],
        Who::Other => &PEOPLE[3],
    }
}

/// Whether the database is empty or holds the demo firms only. Demo people sign in with a key of
/// this machine, so they must never come near somebody's data.
pub(crate) async fn may_load(client: &Client) -> Result<bool> {
    let ours = [Uuid::from_u128(MERIDIAN), Uuid::from_u128(HARBOR)];
    let found = client
        .query_typed(
            "select count(*) from tenants.tenants where tenant_id <> all ($1)",
            &[(&ours.as_slice(), Type::UUID_ARRAY)],
        )
        .await?;
    Ok(found.first().is_some_and(|row| row.get::<_, i64>(0) == 0))
}

/// Loads what is missing. Safe to repeat.
pub(crate) async fn load(client: &Client) -> Result<()> {
    transaction(client, TENANTS).await?;
    for person in &PEOPLE {
        admit(client, person).await?;
    }
    let_sign_in(client).await?;
    for file in PRODUCTS {
        transaction(client, file).await?;
    }
    Ok(())
}

async fn transaction(client: &Client, statements: &str) -> Result<()> {
    let done = client.batch_execute(&format!("begin;\n{statements}\n;commit;")).await;
    if done.is_err() {
        client.batch_execute("rollback").await.context("the demo data cannot be loaded")?;
    }
    done.context("the demo data cannot be loaded")
}

async fn admit(client: &Client, person: &Person) -> Result<()> {
    let tenant = Uuid::from_u128(person.tenant_id);
    let issuer = LocalIssuer::ISSUER;
    client
        .query_typed(
            "select users.put_member($1, null, $2, $3, $4, 'local', $5, $6, $7, 'demo')",
            &[
                (&tenant, Type::UUID),
                (&person.email, Type::TEXT),
                (&person.first_name, Type::TEXT),
                (&person.last_name, Type::TEXT),
                (&issuer, Type::TEXT),
                (&person.subject, Type::TEXT),
                (&person.roles, Type::TEXT_ARRAY),
            ],
        )
        .await
        .context("the demo people cannot be set up")?;
    Ok(())
}

/// Gives the people of the demo their password where they have none, takes their addresses for
/// verified, and lets their access tokens last an hour: long enough to look around.
async fn let_sign_in(client: &Client) -> Result<()> {
    let password = Password::parse(PASSWORD).map_err(|error| anyhow!("{error:?}"))?;
    let hashed = Passwords::new(Scheme::default()).hash(&password).await;
    let hash = hashed.map_err(|problem| anyhow!(problem.summary()))?;
    let emails: Vec<&str> = PEOPLE.iter().map(|person| person.email).collect();
    let tenants = [Uuid::from_u128(MERIDIAN), Uuid::from_u128(HARBOR)];
    client
        .query_typed(
            "with people as (
                 update users.users u set email_verified_at = coalesce(u.email_verified_at, now())
                  where u.email = any ($1) returning u.user_id),
             policies as (
                 insert into users.auth_policies (tenant_id, access_token_minutes)
                 select t, 60 from unnest($3::uuid[]) t on conflict (tenant_id) do nothing)
             insert into users.password_credentials (user_id, hash)
             select user_id, $2 from people on conflict (user_id) do nothing",
            &[
                (&emails, Type::TEXT_ARRAY),
                (&hash, Type::TEXT),
                (&tenants.as_slice(), Type::UUID_ARRAY),
            ],
        )
        .await
        .context("the demo people cannot be given a password")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use wealth_core::{Cusip, Parse as _};

    #[test]
    fn every_cusip_of_the_demo_is_valid() {
        let text = super::PRODUCTS.concat() + super::SAMPLE_PRODUCT;
        let words = text.split(['\'', '"']).filter(|word| word.starts_with("990"));
        let cusips: Vec<_> = words.filter(|word| word.len() == 9).collect();
        assert!(cusips.len() >= 15, "{cusips:?}");
        for cusip in cusips {
            assert!(Cusip::parse(cusip).is_ok(), "{cusip}");
        }
    }
}
