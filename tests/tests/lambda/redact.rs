//! What differs from run to run in an answer.

use regex::Regex;

/// Puts names for what differs from run to run: ids in the order of their first mention, days,
/// instants, and lengths that follow from them.
pub(crate) fn redact(text: &str, days: &[(String, String)]) -> String {
    let ids = Regex::new(
        "[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|[0-9a-f]{64}",
    )
    .expect("a pattern");
    let mut names: Vec<String> = Vec::new();
    let text = ids.replace_all(text, |found: &regex::Captures<'_>| {
        let id = &found[0];
        let known = names.iter().position(|name| name == id).unwrap_or_else(|| {
            names.push(id.to_owned());
            names.len() - 1
        });
        format!("<id {}>", known + 1)
    });
    let stamps = Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z").expect("a pattern");
    let mut text = stamps.replace_all(&text, "<instant>").into_owned();
    // The tag of a list is a digest of it.
    let digest = Regex::new(r#""etag": "\\"[\w-]{16}\\"""#).expect("a pattern");
    text = digest.replace_all(&text, "\"etag\": \"<digest>\"").into_owned();
    let digest = Regex::new("sha-256=:[^:]{44}:").expect("a pattern");
    text = digest.replace_all(&text, "<digest>").into_owned();
    let cursor = Regex::new(r#"(cursor=|cursor": ")[\w-]{12,}"#).expect("a pattern");
    text = cursor.replace_all(&text, "$1<cursor>").into_owned();
    // Tokens, and the public halves of keys that are made for the run.
    let token = Regex::new(r"eyJ[\w-]+\.[\w-]+\.[\w-]+|wrt_[\w-]+").expect("a pattern");
    text = token.replace_all(&text, "<token>").into_owned();
    let key = Regex::new(r#""(kid|x)": "[^"]+""#).expect("a pattern");
    text = key.replace_all(&text, "\"$1\": \"<key>\"").into_owned();
    // Signatures, keys and hashes of the audit log differ from run to run.
    for secret in [
        r#"— [^"\\]+? [A-Za-z0-9+/]{91}="#,
        r"\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}",
        r"[A-Za-z0-9+/]{43}=",
    ] {
        let pattern = Regex::new(secret).expect("a pattern");
        text = pattern.replace_all(&text, "<hash>").into_owned();
    }
    // The events of one transaction lie in the log in the order of their ids, which are random.
    let place = Regex::new(r#""leaf_index": \d+"#).expect("a pattern");
    text = place.replace_all(&text, "\"leaf_index\": \"<place>\"").into_owned();
    let path = Regex::new(r#"(?:"<hash>",\s+)+"<hash>""#).expect("a pattern");
    text = path.replace_all(&text, "\"<hash>\"").into_owned();
    for (day, name) in days {
        text = text.replace(day, name);
    }
    text
}
