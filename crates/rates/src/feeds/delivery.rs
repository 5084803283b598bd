//! A batch of rates on its way in, the same from HTTP and from an event.

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use wealth_core::rate::{NewRateRow, ProductRef, RateRow};
use wealth_core::shape::ExternalId;
use wealth_core::violations::{FieldError, Violations};
use wealth_core::{IdGen, json as strict, text};

/// Rates of one call: more would not fit a Lambda's body and time.
pub(crate) const MAX_RATES: usize = 10_000;

/// A batch as a request carries it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBatch {
    /// The source's own id of the batch, 1 to 200 characters. The same batch again gets the same
    /// answer and changes nothing.
    #[schema(value_type = ExternalId)]
    pub external_batch_id: String,
    /// 1 to 10,000 rates. A bad one is reported and does not keep the others out.
    #[schema(value_type = Vec<NewRateRow>, min_items = 1, max_items = 10_000)]
    pub rates: Vec<Value>,
}

/// A batch, ready for the database.
#[derive(Debug)]
pub(crate) struct Delivery {
    /// The source's own id.
    pub external_batch_id: String,
    /// SHA-256 of the rates in canonical form, so that white space and the order of members make
    /// no other batch.
    pub fingerprint: Vec<u8>,
    /// What `rates.ingest_feed_batch` takes.
    pub rows: Value,
}

impl NewBatch {
    /// Checks the batch and each rate; what is wrong with a rate goes along with it.
    pub(crate) fn prepare(self, ids: &dyn IdGen) -> Result<Delivery, Violations> {
        let mut v = Violations::new();
        let rule = text::EXTERNAL_ID;
        let id = text::clean(&self.external_batch_id, rule, "/external_batch_id", &mut v);
        if self.rates.is_empty() || self.rates.len() > MAX_RATES {
            v.add("/rates", "out_of_range", "must hold 1 to 10000 rates");
        }
        let Some(external_batch_id) = id.filter(|_| v.is_empty()) else { return Err(v) };
        let mut digest = Sha256::new();
        for rate in &self.rates {
            canonical(rate, &mut digest);
        }
        let fingerprint = digest.finalize().to_vec();
        let rows = self.rates.into_iter().map(|rate| row(rate, ids)).collect();
        Ok(Delivery { external_batch_id, fingerprint, rows })
    }
}

/// Feeds a value to a digest with its members in order of name.
fn canonical(value: &Value, digest: &mut Sha256) {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| name.as_str());
            digest.update(b"{");
            for (name, member) in sorted {
                digest.update(Value::from(name.as_str()).to_string());
                digest.update(b":");
                canonical(member, digest);
                digest.update(b",");
            }
            digest.update(b"}");
        }
        Value::Array(items) => {
            digest.update(b"[");
            for item in items {
                canonical(item, digest);
                digest.update(b",");
            }
            digest.update(b"]");
        }
        scalar => digest.update(scalar.to_string()),
    }
}

fn row(rate: Value, ids: &dyn IdGen) -> Value {
    let external_id = rate.get("external_id").and_then(Value::as_str).map(str::to_owned);
    match strict::from_value::<NewRateRow>(rate).and_then(NewRateRow::validate) {
        Ok(rate) => good(&rate, ids),
        Err(found) => bad(external_id.as_deref(), found),
    }
}

fn good(rate: &RateRow, ids: &dyn IdGen) -> Value {
    let (cusip, product_id) = match rate.product {
        ProductRef::Cusip(cusip) => (Some(cusip), None),
        ProductRef::ProductId(id) => (None, Some(id)),
    };
    json!({
        "external_id": rate.external_id,
        "cusip": cusip,
        "product_id": product_id,
        "base_rate": rate.base_rate,
        "bonus_rate": rate.bonus_rate,
        "effective_date": rate.effective_date,
        "end_date": rate.end_date,
        "change_id": ids.next(),
    })
}

/// A rate that cannot be taken, kept for the report. Texts of the sender may hold what PostgreSQL
/// cannot (U+0000), so only printable ones pass.
fn bad(external_id: Option<&str>, found: Violations) -> Value {
    let mut ignored = Violations::new();
    let external_id =
        external_id.and_then(|id| text::clean(id, text::EXTERNAL_ID, "/external_id", &mut ignored));
    let errors: Vec<FieldError> = found
        .0
        .into_iter()
        .map(|error| FieldError {
            pointer: printable(&error.pointer),
            code: error.code,
            message: printable(&error.message),
        })
        .collect();
    json!({"external_id": external_id, "errors": errors})
}

fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(500).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wealth_core::SequentialIds;

    fn prepare(rates: Value) -> Result<Delivery, Violations> {
        let batch = json!({"external_batch_id": "b-1", "rates": rates});
        let batch: NewBatch = serde_json::from_value(batch).unwrap();
        batch.prepare(&SequentialIds::default())
    }

    fn rate() -> Value {
        json!({"external_id": "x", "cusip": "037833100", "base_rate": "5", "effective_date": "2026-12-01"})
    }

    #[test]
    fn members_in_another_order_make_the_same_batch() {
        let turned = json!({"effective_date": "2026-12-01", "base_rate": "5", "cusip": "037833100", "external_id": "x"});
        let one = prepare(json!([rate()])).unwrap();
        assert_eq!(one.fingerprint, prepare(json!([turned])).unwrap().fingerprint);
        let other = json!({"external_id": "x", "cusip": "037833100", "base_rate": "5.1", "effective_date": "2026-12-01"});
        assert_ne!(one.fingerprint, prepare(json!([other])).unwrap().fingerprint);
    }

    #[test]
    fn a_bad_rate_travels_with_its_reasons() {
        let bad = json!({"external_id": "y", "cusip": "037833101", "base_rate": 5, "\u{0}odd": 1});
        let rows = prepare(json!([rate(), bad, 7])).unwrap().rows;
        assert_eq!(rows[0]["base_rate"], "5.0000");
        assert_eq!(rows[1]["external_id"], "y");
        assert_eq!(rows[1]["errors"][0]["code"], "unknown_field");
        assert_eq!(rows[2]["external_id"], Value::Null);
        assert!(!rows.to_string().contains("\\u0000"));
    }

    #[test]
    fn a_batch_has_one_to_ten_thousand_rates() {
        assert_eq!(prepare(json!([])).unwrap_err().0[0].pointer, "/rates");
        let many = vec![rate(); MAX_RATES + 1];
        assert_eq!(prepare(Value::from(many)).unwrap_err().0[0].code, "out_of_range");
    }
}
