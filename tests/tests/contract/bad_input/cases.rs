//! From one good request to many bad ones.

use http::Method;
use serde_json::Value;
use testkit::Request;

use super::{good::World, nasty};

/// Takes CSV and NDJSON.
const IMPORT: &str = "products_imports_create";
const CSV: &str =
    "cusip,product_name,product_type,product_subtype,issuer,minimum_investment,base_rate\n";
/// Bodies with two bad fields, for each operation.
const PAIRS: usize = 5_000;

/// Headers that programs read.
const HEADERS: [&str; 7] = [
    "if-match",
    "if-none-match",
    "idempotency-key",
    "content-type",
    "x-request-id",
    "accept",
    "authorization",
];

/// Every n-th of the requests that there are: only these are made.
pub(super) struct Chosen {
    pub(super) known: usize,
    pub(super) step: usize,
    pub(super) requests: Vec<(String, Request)>,
}

impl Chosen {
    /// Keeps every `step`-th.
    pub(super) fn every(step: usize) -> Self {
        Self { known: 0, step, requests: Vec::new() }
    }

    fn offer(&mut self, make: impl FnOnce(usize) -> (String, Request)) {
        self.known += 1;
        if self.known.is_multiple_of(self.step) {
            self.requests.push(make(self.known));
        }
    }
}

/// An operation as the crawl sees it.
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) queries: Vec<String>,
    pub(super) has_body: bool,
    takes_version: bool,
}

impl Operation {
    pub(super) fn read(route: &str, operation: &Value) -> Self {
        let (method, path) = route.split_once(' ').expect("method and path");
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let takes_version = parameters.clone().any(|p| p["name"] == "If-Match");
        let queries = parameters
            .filter(|p| p["in"] == "query")
            .map(|p| p["name"].as_str().expect("a name").to_owned());
        Self {
            id: operation["operationId"].as_str().expect("an id").to_owned(),
            method: method.parse().expect("a method"),
            path: path.to_owned(),
            queries: queries.collect(),
            has_body: !operation["requestBody"].is_null(),
            takes_version,
        }
    }

    /// The path with good values; `bad` takes the place of the parameter `at`.
    fn address(&self, world: &World, bad: Option<(&str, &str)>) -> String {
        let parts = self.path.split('/').map(|part| {
            let Some(name) = part.strip_prefix('{').map(|name| name.trim_end_matches('}')) else {
                return part.to_owned();
            };
            match bad {
                Some((at, value)) if at == name => value.to_owned(),
                _ => world.parameter(name),
            }
        });
        parts.collect::<Vec<_>>().join("/")
    }

    fn parameters(&self) -> Vec<&str> {
        let parts = self.path.split('/').filter_map(|part| part.strip_prefix('{'));
        parts.map(|name| name.trim_end_matches('}')).collect()
    }

    pub(super) fn is_write(&self) -> bool {
        self.method != Method::GET
    }

    fn content_type(&self) -> &'static str {
        if self.id == IMPORT {
            "text/csv"
        } else if self.path.starts_with("/scim/") {
            "application/scim+json"
        } else if self.method == Method::PATCH {
            "application/merge-patch+json"
        } else {
            "application/json"
        }
    }

    /// The good request; each has a key of its own.
    pub(super) fn good(&self, world: &World, number: usize) -> Request {
        let request = Request::new(self.method.clone(), &self.address(world, None));
        let request = self.marked(request, number);
        match world.body(&self.id) {
            Some(body) => request.body(self.content_type(), body.to_string().into_bytes()),
            None => request,
        }
    }

    fn marked(&self, request: Request, number: usize) -> Request {
        if !self.is_write() {
            return request;
        }
        let request = if self.takes_version { request.if_match("*") } else { request };
        request.key(&format!("bad-input-{number}"))
    }

    /// Every bad request that this operation knows, offered to `chosen`.
    pub(super) fn bad(&self, world: &World, chosen: &mut Chosen) {
        for name in self.parameters() {
            for piece in nasty::pieces().iter().filter(|piece| !piece.is_empty()) {
                chosen.offer(|number| {
                    let address = self.address(world, Some((name, piece)));
                    (
                        format!("{{{name}}} = {piece:.60}"),
                        self.with_address(world, &address, number),
                    )
                });
            }
        }
        self.bad_queries(world, chosen);
        for header in HEADERS {
            for value in nasty::headers() {
                chosen.offer(|number| {
                    let mut request = self.good(world, number);
                    request.headers.retain(|(name, _)| name != header);
                    (format!("{header}: {value:.60}"), request.header(header, value))
                });
            }
        }
        if self.id == IMPORT {
            self.bad_rows(world, chosen);
        } else if self.has_body {
            self.bad_fields(world, chosen);
        } else if self.is_write() {
            self.bad_bytes(world, "{\"a\":\"b\",\"c\":1}", chosen);
        }
    }

    fn bad_queries(&self, world: &World, chosen: &mut Chosen) {
        let unknown = ["unknown", "limit[]", "__proto__"].map(str::to_owned);
        for name in self.queries.iter().chain(&unknown) {
            let twice = format!("1&{name}=2");
            for piece in nasty::pieces().iter().chain([&twice]) {
                chosen.offer(|number| {
                    let address = format!("{}?{name}={piece}", self.address(world, None));
                    (format!("?{name}={piece:.60}"), self.with_address(world, &address, number))
                });
            }
        }
    }

    fn with_address(&self, world: &World, address: &str, number: usize) -> Request {
        Request { path: address.to_owned(), ..self.good(world, number) }
    }

    fn bad_fields(&self, world: &World, chosen: &mut Chosen) {
        let good = || world.body(&self.id).unwrap_or_default();
        let (values, mut pointers) = (nasty::values(), Vec::new());
        collect(&good(), String::new(), &mut pointers);
        let with = |bad: &[(usize, usize)], number| {
            let mut body = good();
            for (pointer, value) in bad {
                if let Some(place) = body.pointer_mut(&pointers[*pointer]) {
                    *place = values[value % values.len()].clone();
                }
            }
            let what: Vec<&str> =
                bad.iter().map(|(pointer, _)| pointers[*pointer].as_str()).collect();
            let body = body.to_string();
            (format!("{what:?} {body:.900}"), self.with_body(world, body.into_bytes(), number))
        };
        for pointer in 0..pointers.len() {
            for value in 0..values.len() {
                chosen.offer(|number| with(&[(pointer, value)], number));
            }
        }
        for pair in 0..PAIRS {
            let (one, other) = (pair % pointers.len(), (pair * 7 + 3) % pointers.len());
            chosen.offer(|number| with(&[(one, pair * 13), (other, pair * 31 + 5)], number));
        }
        self.bad_bytes(world, &good().to_string(), chosen);
    }

    fn bad_bytes(&self, world: &World, good: &str, chosen: &mut Chosen) {
        for bytes in nasty::bodies(good) {
            chosen.offer(|number| {
                let shown = String::from_utf8_lossy(&bytes).into_owned();
                (format!("body {shown:.60}"), self.with_body(world, bytes, number))
            });
        }
    }

    fn bad_rows(&self, world: &World, chosen: &mut Chosen) {
        let row = [
            "037833100",
            "Granite Guarantee",
            "Annuity",
            "MYGA",
            "Granite Life",
            "1000.00",
            "4.2500",
        ];
        for column in 0..row.len() {
            for text in nasty::texts() {
                for quoted in [text.clone(), format!("\"{}\"", text.replace('"', "\"\""))] {
                    chosen.offer(|number| {
                        let mut row = row.map(str::to_owned);
                        row[column] = quoted;
                        let body = format!("{CSV}{}\n", row.join(","));
                        let request = self.with_body(world, body.into_bytes(), number);
                        (format!("column {column} = {text:.60}"), request)
                    });
                }
            }
        }
        self.bad_bytes(world, &format!("{CSV}{}\n", row.join(",")), chosen);
    }

    fn with_body(&self, world: &World, bytes: Vec<u8>, number: usize) -> Request {
        let request = Request::new(self.method.clone(), &self.address(world, None));
        self.marked(request, number).body(self.content_type(), bytes)
    }
}

/// Pointers to every member and element.
fn collect(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                collect(member, format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
    if !at.is_empty() {
        found.push(at);
    }
}
