//! POST /v1/product-comparisons

use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, CompareProducts, SellUnappointed};
use wealth_core::comparison::{
    Assumptions, Client, ComparisonInput, Engine, MAX_HORIZON_MONTHS, MAX_PRODUCTS, MIN_PRODUCTS,
    Scenario, compare,
};
use wealth_core::currency::Currency;
use wealth_core::ids::{ComparisonId, ProductId, UserId};
use wealth_core::money::Amount;
use wealth_core::parse::Checked;
use wealth_core::problem;
use wealth_core::violations::Violations;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Input, Principal, Reply, Result, Row404, Write, json_text};

use super::question::{NewAssumptions, NewClient};
use super::{CONTENT_DIGEST, Comparison, digest, input};

/// What to compare.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewComparison {
    /// 2 to 10 distinct products.
    #[schema(required = true, value_type = Vec<ProductId>, min_items = 2, max_items = 10)]
    product_ids: Option<Vec<String>>,
    /// Amount to invest, above zero.
    #[serde(default)]
    #[schema(required = true, value_type = Amount)]
    investment_amount: Checked<Amount>,
    /// Its currency; USD unless given.
    #[schema(value_type = Option<Currency>)]
    currency: Option<Checked<Currency>>,
    /// Months for which the money can stay, 1 to 1200.
    #[schema(required = true, value_type = u32, minimum = 1, maximum = 1200)]
    horizon_months: Option<u32>,
    /// Day of investment; the firm's business date unless given.
    #[schema(value_type = Option<NaiveDate>)]
    as_of: Option<Checked<NaiveDate>>,
    /// What is known of the client.
    client: Option<NewClient>,
    /// What is assumed of markets.
    assumptions: Option<NewAssumptions>,
}

/// A request whose every field is right.
struct Question {
    products: Vec<Uuid>,
    amount: Amount,
    currency: Currency,
    horizon_months: u32,
    as_of: Option<NaiveDate>,
    client: Client,
    assumptions: Assumptions,
}

impl NewComparison {
    fn validate(self) -> Result<Question, Violations> {
        let mut v = Violations::new();
        let products = products(self.product_ids, &mut v);
        let amount = self.investment_amount.required("/investment_amount", &mut v);
        if amount == Some(Amount::ZERO) {
            v.add("/investment_amount", "out_of_range", "must be greater than zero");
        }
        let currency = self.currency.and_then(|c| c.optional("/currency", &mut v));
        match self.horizon_months {
            None => v.add("/horizon_months", "required", "is required"),
            Some(1..=MAX_HORIZON_MONTHS) => {}
            Some(_) => v.add("/horizon_months", "out_of_range", "must lie between 1 and 1200"),
        }
        let as_of = self.as_of.and_then(|day| day.optional("/as_of", &mut v));
        let client = self.client.unwrap_or_default().validate(&mut v);
        let assumptions = self.assumptions.unwrap_or_default().validate(&mut v);
        v.into_result(Question {
            products,
            amount: amount.unwrap_or_default(),
            currency: currency.unwrap_or_default(),
            horizon_months: self.horizon_months.unwrap_or_default(),
            as_of,
            client,
            assumptions,
        })
    }
}

fn products(texts: Option<Vec<String>>, v: &mut Violations) -> Vec<Uuid> {
    let Some(texts) = texts else {
        v.add("/product_ids", "required", "is required");
        return Vec::new();
    };
    if !(MIN_PRODUCTS..=MAX_PRODUCTS).contains(&texts.len()) {
        v.add("/product_ids", "out_of_range", "must name 2 to 10 products");
        return Vec::new();
    }
    let mut ids = Vec::with_capacity(texts.len());
    for (i, text) in texts.iter().enumerate() {
        match Uuid::try_parse(text) {
            Err(_) => v.add(format!("/product_ids/{i}"), "id_invalid", "must be a UUID"),
            Ok(id) if ids.contains(&id) => {
                v.add(format!("/product_ids/{i}"), "duplicate", "must be distinct");
            }
            Ok(id) => ids.push(id),
        }
    }
    ids
}

/// Compare products
///
/// For an amount, a horizon and optionally a client: whether each may be bought and why not, its
/// value year by year and at maturity, what leaving early would give, its yield, what is guaranteed,
/// and its rank; index-linked contracts at their guaranteed minimum, an unchanged index and their
/// cap as well. The answer is saved as shown, with the rates it rests on.
///
/// Leaving early costs the surrender charge of the contract year that is ending, on what exceeds the
/// free withdrawal of that year. With `market_rate_change` a market value adjustment of
/// `((1 + i) / (1 + i + d)) ^ (n / 12) - 1` applies to the same excess: `i` the contract's rate, `d`
/// the change, `n` the months that remain of guarantee or surrender schedule.
#[utoipa::path(
    post,
    path = "/v1/product-comparisons",
    operation_id = "comparisons_create",
    tag = "comparisons",
    params(("Idempotency-Key" = String, Header, description = "New for each intent")),
    request_body = NewComparison,
    responses((status = 201, description = "The comparison", body = Comparison,
        headers(("Location" = String), ("Content-Digest" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    input: Input<NewComparison>,
) -> Result<Response> {
    let allowed = principal.authorize::<CompareProducts>()?;
    let mut write = app.write("comparison_create", &principal, input.idempotency.required()?);
    let question = input.body.validate()?;
    let subject = !principal.may::<SellUnappointed>();
    let (rows, actor) = facts(&mut write, &question, subject).await?;
    let (inputs, as_of, known_at) = inputs(&question, &rows)?;
    let scenario = Scenario {
        amount: question.amount,
        currency: question.currency,
        horizon_months: question.horizon_months,
        as_of,
        client: question.client,
        assumptions: question.assumptions,
        engine: Engine::default(),
    };
    let result = compare(&inputs, &scenario).map_err(|error| error.violations())?;
    let user = UserId::from(actor.get::<_, Uuid>("user_id"));
    let id = ComparisonId::new(&*app.ids);
    let comparison = Comparison::new(id, user, known_at, &scenario, result);
    let text = comparison.text()?;
    let record = record(&comparison, &scenario, known_at, &rows, &text);
    save(write, &allowed, &record, reply(id, text)).await
}

/// The products with what is known of them, and who asks; `subject` is whoever needs appointments.
async fn facts(write: &mut Write, question: &Question, subject: bool) -> Result<(Vec<Row>, Row)> {
    let now = None::<DateTime<Utc>>;
    let state = question.client.state.map(|state| state.to_string());
    let mut answers = write
        .run(&[
            (
                sql!("products", "comparison_inputs"),
                &[
                    p::uuids(&question.products),
                    p::date(&question.as_of),
                    p::timestamptz(&now),
                    p::text(&state),
                    p::bool(&subject),
                ],
            ),
            (sql!("products", "actor"), &[]),
        ])
        .await?;
    let actor = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    Ok((answers.pop().unwrap_or_default(), actor))
}

type Facts = (Vec<ComparisonInput>, NaiveDate, DateTime<Utc>);

/// The engine's inputs, day and instant; names every product that cannot be compared.
fn inputs(question: &Question, rows: &[Row]) -> Result<Facts> {
    let mut v = Violations::new();
    let mut inputs = Vec::with_capacity(rows.len());
    for (i, id) in question.products.iter().enumerate() {
        let at = format!("/product_ids/{i}");
        match rows.iter().find(|row| row.get::<_, Uuid>("product_id") == *id) {
            None => v.add(at, "product_not_found", "names no product"),
            Some(row) => match input::read_with_appointment(row)? {
                None => v.add(at, "no_rate", "has no rate in force on that day"),
                Some(input) => inputs.push(input),
            },
        }
    }
    let inputs = v.into_result(inputs)?;
    // Two products at least were asked for and every one was found, so there is a row.
    let row = rows.first().ok_or_else(|| wealth_http::Problem::internal("no rows"))?;
    Ok((inputs, row.get("as_of"), row.get("known_at")))
}

/// What `products.save_comparison` keeps.
fn record(
    comparison: &Comparison,
    scenario: &Scenario,
    known_at: DateTime<Utc>,
    rows: &[Row],
    text: &str,
) -> Value {
    let item = |row: &Row| {
        let id = row.get::<_, Uuid>("product_id");
        let shown = comparison.result.products.iter().find(|p| p.product_id.uuid() == id);
        json!({
            "product_id": id,
            "rank": shown.map(|product| product.rank),
            "product_version": row.get::<_, i64>("product_version"),
            "rate_history_id": row.get::<_, Option<Uuid>>("rate_history_id"),
            "base_rate": shown.map(|product| product.base_rate),
            "bonus_rate": shown.map(|product| product.bonus_rate),
        })
    };
    // As found now: appointments have no second time of their own.
    let not_appointed = rows.iter().filter(|row| row.get("not_appointed"));
    let not_appointed: Vec<Uuid> = not_appointed.map(|row| row.get("product_id")).collect();
    json!({
        "comparison_id": comparison.comparison_id,
        "investment_amount": scenario.amount,
        "currency": scenario.currency,
        "horizon_months": scenario.horizon_months,
        "as_of": scenario.as_of,
        "known_at": known_at,
        "request": {"client": scenario.client, "assumptions": scenario.assumptions,
                    "not_appointed": not_appointed},
        "engine_version": scenario.engine.number(),
        "result": text,
        "items": rows.iter().map(item).collect::<Vec<_>>(),
    })
}

fn reply(id: ComparisonId, text: String) -> Reply {
    let digest = digest(&text);
    json_text(StatusCode::CREATED, text)
        .header(header::LOCATION, &format!("/v1/product-comparisons/{id}"))
        .header(HeaderName::from_static(CONTENT_DIGEST), &digest)
}

async fn save(
    write: Write,
    _: &Authorized<CompareProducts>,
    record: &Value,
    reply: Reply,
) -> Result<Response> {
    write.finish(&[(sql!("products", "comparison_save"), &[p::json(record)])], reply).await
}
