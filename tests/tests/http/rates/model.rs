//! Random sets, schedules and corrections against a model that knows only days.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use testkit::{Client, Firm, TestApp};

use super::{product_of, rates, set};

const HORIZON: usize = 150;
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2026, 9, 30).unwrap();
const TODAY: usize = 52;

fn day(index: usize) -> NaiveDate {
    FIRST + Days::new(index as u64)
}

fn index(text: &str) -> usize {
    let date: NaiveDate = text.parse().unwrap();
    usize::try_from(date.signed_duration_since(FIRST).num_days()).unwrap()
}

/// One cell a day: which row it belongs to, and its rate in tenths.
#[derive(Debug, Clone, PartialEq)]
struct Model {
    cells: Vec<(usize, u32)>,
    rows: usize,
}

impl Model {
    fn new() -> Self {
        Self { cells: vec![(0, 50); HORIZON], rows: 1 }
    }

    fn fresh(&mut self) -> usize {
        self.rows += 1;
        self.rows - 1
    }

    /// Without an end a rate holds until the next row begins.
    fn set(&mut self, from: usize, until: Option<usize>, rate: u32) {
        let holds_on = (from + 1..HORIZON).find(|&d| self.cells[d].0 != self.cells[d - 1].0);
        let end = until.map_or_else(|| holds_on.unwrap_or(HORIZON), |last| last + 1);
        let same = self.cells[from..end].iter().all(|cell| cell.1 == rate);
        if same {
            return;
        }
        if end < HORIZON && self.cells[end].0 == self.cells[end - 1].0 {
            let (old, rest) = (self.cells[end].0, self.fresh());
            for cell in self.cells[end..].iter_mut().take_while(|cell| cell.0 == old) {
                cell.0 = rest;
            }
        }
        let row = self.fresh();
        self.cells[from..end].fill((row, rate));
    }

    fn rates(&self) -> Vec<u32> {
        self.cells.iter().map(|cell| cell.1).collect()
    }
}

/// A small generator, so that a failure can be repeated by its seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// The line as HTTP tells it, day by day; a day told twice or never fails here.
async fn told(client: &Client, product: &str, known_at: &str) -> Vec<u32> {
    let path = format!("{}?limit=200&known_at={known_at}", rates(product));
    let answer = client.get(&path).await.expect(200);
    let mut found = vec![None; HORIZON];
    for rate in answer.body["items"].as_array().unwrap() {
        let text = rate["base_rate"].as_str().unwrap().replace('.', "");
        let tenths = text.parse::<u32>().unwrap() / 1000;
        let last = rate["end_date"].as_str().map_or(HORIZON, |end| index(end) + 1);
        for cell in &mut found[index(rate["effective_date"].as_str().unwrap())..last] {
            assert_eq!(cell.replace(tenths), None, "two rates on one day");
        }
    }
    found.into_iter().map(|cell| cell.expect("a day without a rate")).collect()
}

#[tokio::test]
async fn as_of_and_as_known_answers_equal_those_of_the_model() {
    let app = TestApp::new().await;
    let admin = app.admin();
    for seed in 1..=4u32 {
        let first = FIRST.to_string();
        let product = product_of(&app, Firm::Meridian, seed, "5", &first).await;
        let mut random = Random(u64::from(seed));
        let mut model = Model::new();
        let mut believed: Vec<(String, Vec<u32>)> = Vec::new();
        for _ in 0..25 {
            let from = random.below(HORIZON - 10);
            let until = (random.below(2) == 0).then(|| from + random.below(HORIZON - from));
            let rate = 40 + u32::try_from(random.below(4)).unwrap();
            let mut body = json!({"base_rate": format!("{}.{}", rate / 10, rate % 10),
                "effective_date": day(from)});
            body["end_date"] = until.map_or(Value::Null, |last| json!(day(last)));
            if until.is_none() {
                body.as_object_mut().unwrap().remove("end_date");
            }
            if from < TODAY {
                body["reason"] = json!("correction");
            }
            let answer = set(&admin, &product, body).await.expect(200);
            let before = model.clone();
            model.set(from, until, rate);
            if model != before {
                let at = answer.body["recorded_at"].as_str().unwrap().to_owned();
                believed.push((at, model.rates()));
            }
        }
        for (at, then) in &believed {
            assert_eq!(told(&admin, &product, at).await, *then, "seed {seed}, known at {at}");
        }
        for _ in 0..20 {
            let (at, then) = &believed[random.below(believed.len())];
            let asked = random.below(HORIZON);
            let path = format!("{}/current?as_of={}&known_at={at}", rates(&product), day(asked));
            let answer = admin.get(&path).await.expect(200);
            let rate = then[asked];
            let expected = format!("{}.{}000", rate / 10, rate % 10);
            assert_eq!(answer.body["rate"]["base_rate"], expected.as_str());
        }
        let mirror =
            format!("select base_rate from products.products where product_id = '{product}'");
        let mirror = app.sql(&mirror).await[0]["base_rate"].as_f64().unwrap();
        assert_eq!(
            format!("{mirror:.1}"),
            format!("{:.1}", f64::from(model.cells[TODAY].1) / 10.0)
        );
        let proof = admin.get(&format!("{}/continuity", rates(&product))).await.expect(200);
        assert_eq!(proof.body["continuous"], true);
    }
}
