//! What breaks programs.

use std::sync::LazyLock;

use serde_json::{Value, json};

/// Texts that are valid Unicode.
pub(super) fn texts() -> &'static [String] {
    static ALL: LazyLock<Vec<String>> = LazyLock::new(make_texts);
    &ALL
}

const SHORT: &[&str] = &[
    "",
    " ",
    "\t\r\n",
    "\u{0}",
    "a\u{0}b",
    "\u{7f}",
    "\u{1b}[31mred",
    "\u{85}",
    "\u{a0}",
    // Marks of direction and order, joiners, a BOM in the middle, what has no meaning at all.
    "\u{202e}gnp.exe",
    "\u{2066}x\u{2069}",
    "a\u{200b}b",
    "\u{200d}",
    "x\u{feff}y",
    "\u{feff}",
    "\u{fffd}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{10ffff}",
    "\u{e000}",
    // Combining marks, forms that differ only in composition, letters that are not what they seem.
    "Z\u{351}\u{36b}\u{343}a\u{317}lgo",
    "e\u{301}",
    "\u{e9}",
    "\u{3a9}\u{2126}",
    "раура1",
    "ﷺ",
    "İıſß",
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "𝒯𝓮𝔁𝓽",
    "田中さん",
    "בְּרֵאשִׁית",
    "１２３",
    "٣٫٥",
    // Other languages than the one it is read as.
    "'",
    "\"",
    "\\",
    "'; drop table products.products; --",
    "' or '1'='1",
    "$1",
    "%",
    "_",
    "%s%n",
    "1; select pg_sleep(9)",
    "\\'; --",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "$(reboot)",
    "`id`",
    "|id",
    "<script>alert(1)</script>",
    "<!--",
    "]]>",
    "&#0;",
    "&lt;",
    "javascript:alert(1)",
    "=1+1",
    "@SUM(A1)",
    "+1",
    "-1",
    "\r\nSet-Cookie: a=b",
    "../../etc/passwd",
    "..\\..\\",
    "/dev/null",
    "file:///etc/passwd",
    "C:\\con",
    "null",
    "undefined",
    "nil",
    "true",
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "1e-400",
    "0x10",
    "1_000",
    "1,5",
    "-0",
    "00",
    "+5",
    ".5",
    "5.",
    "99999999999999999999999999999999",
    "0.00001",
    "100.00000000000000000000000000000001",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "-4713-11-24",
    "292278-01-01",
    "10000-01-01",
    "2026-11-21T24:00:00Z",
    "infinity",
    "epoch",
    "now",
    "today",
    "2026-W47-6",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{00000000-0000-7000-8000-00000000000a}",
    "urn:uuid:00000000-0000-7000-8000-00000000000a",
    "000000000",
    "037833100 ",
    "0378331O0",
    "*********",
    "{}",
    "[]",
    "{\"a\":1}",
];

fn make_texts() -> Vec<String> {
    let mut texts: Vec<String> = SHORT.iter().map(|text| (*text).to_owned()).collect();
    texts.extend([
        "x".repeat(256),
        "9".repeat(1_000),
        "é".repeat(5_000),
        "[".repeat(10_000),
        "a".repeat(100_000),
        "\u{301}".repeat(1_000),
        "%00".repeat(100),
        "\u{0}".repeat(300),
    ]);
    texts.extend(more());
    texts
}

/// More of them from a JSON array of strings that `NAUGHTY_STRINGS` names, such as the Big List of
/// Naughty Strings, which is not ours to commit.
fn more() -> Vec<String> {
    let Some(path) = std::env::var_os("NAUGHTY_STRINGS") else { return Vec::new() };
    let text = std::fs::read(&path).expect("the file that NAUGHTY_STRINGS names");
    serde_json::from_slice(&text).expect("a JSON array of strings")
}

/// Values in place of a field's own: other types, other sizes.
pub(super) fn values() -> &'static [Value] {
    static ALL: LazyLock<Vec<Value>> = LazyLock::new(make_values);
    &ALL
}

fn make_values() -> Vec<Value> {
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!([deep]);
    }
    let mut values = vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e308),
        json!(5e-324),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(2_147_483_648_u64),
        json!([]),
        json!({}),
        json!([null]),
        json!([[]]),
        json!({"": ""}),
        json!({"a": {"b": {}}}),
        json!(vec![1; 10_001]),
        deep,
    ];
    values.extend(texts().iter().cloned().map(Value::String));
    values
}

/// Bodies that are not JSON, or not the kind that serde makes.
pub(super) fn bodies(good: &str) -> Vec<Vec<u8>> {
    let half = good.len() / 2;
    let bytes = |text: &str| text.as_bytes().to_vec();
    let quoted = good.replacen("\":\"", "\":\"\\ud800", 1);
    let nul = good.replacen("\":\"", "\":\"\\u0000", 1);
    let mut invalid = bytes(&good.replacen("\":\"", "\":\"@", 1));
    if let Some(place) = invalid.iter().position(|byte| *byte == b'@') {
        invalid[place] = 0xff;
    }
    vec![
        Vec::new(),
        bytes(" "),
        bytes("null"),
        bytes("0"),
        bytes("\"\""),
        bytes("[]"),
        bytes("{}"),
        bytes("{"),
        bytes("}"),
        bytes("{\"a\":}"),
        bytes("{'a':1}"),
        bytes("{a:1}"),
        bytes("// x"),
        bytes(&good[..good.floor_char_boundary(half)]),
        bytes(&format!("{good}{good}")),
        bytes(&format!("{good},")),
        bytes(&format!("\u{feff}{good}")),
        bytes(&format!("[{good}]")),
        bytes(&quoted),
        bytes(&nul),
        invalid,
        vec![0; 100],
        vec![0xff; 100],
        vec![0x1f, 0x8b, 8, 0],
        bytes(&"[".repeat(100_000)),
        bytes(&"{\"a\":".repeat(100_000)),
        bytes(&"9".repeat(100_000)),
        bytes(&format!("{{\"{}\":1}}", "k".repeat(100_000))),
        good.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        bytes(&good.replacen('{', "{\"__proto__\":{},", 1)),
        bytes(&good.replacen('{', "{\"tenant_id\":\"00000000-0000-7000-8000-00000000000b\",", 1)),
        bytes(&doubled(good)),
    ]
}

/// The body with its first member twice.
fn doubled(good: &str) -> String {
    let Some((first, _)) = good.strip_prefix('{').and_then(|rest| rest.split_once(',')) else {
        return good.to_owned();
    };
    good.replacen('{', &format!("{{{first},"), 1)
}

/// Pieces of a path or query as they stand on the wire, most of them wrong there.
pub(super) fn pieces() -> &'static [String] {
    static ALL: LazyLock<Vec<String>> = LazyLock::new(make_pieces);
    &ALL
}

fn make_pieces() -> Vec<String> {
    let mut pieces: Vec<String> = [
        "%",
        "%z",
        "%zz",
        "%ff",
        "%c3%28",
        "%00",
        "%2e%2e",
        "%2f",
        "%252f",
        "..;",
        "*",
        "+",
        "~",
        "%0d%0aX:%201",
    ]
    .map(str::to_owned)
    .into();
    // A URI may have 65,534 bytes.
    pieces.extend(texts().iter().map(|text| encode(text)).filter(|text| text.len() < 60_000));
    pieces
}

/// Percent-encodes everything but letters and digits.
pub(super) fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
        encoded
    })
}

/// Values of headers, of bytes that HTTP lets through.
pub(super) fn headers() -> &'static [String] {
    static ALL: LazyLock<Vec<String>> = LazyLock::new(make_headers);
    &ALL
}

fn make_headers() -> Vec<String> {
    let all = texts().iter().map(|text| text.chars().take(8_000).collect::<String>());
    let mut kept: Vec<String> =
        all.filter(|text| http::HeaderValue::from_bytes(text.as_bytes()).is_ok()).collect();
    kept.extend(
        ["\"", "\"1", "W/\"1\"", "\"1\",\"2\"", "\"-1\"", "\"99999999999999999999\"", "1", "\"*\""]
            .map(str::to_owned),
    );
    kept
}
