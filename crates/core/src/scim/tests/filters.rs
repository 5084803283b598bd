use proptest::prelude::*;

use super::barbara;
use crate::scim::error::ScimType;
use crate::scim::filter::{Filter, matches, parse, parse_lenient};
use crate::scim::schema::{GROUP, USER};

fn holds(filter: &str) -> bool {
    matches(&parse(&USER, filter).unwrap_or_else(|e| panic!("{filter}: {e}")), &barbara())
}

fn refusal(filter: &str) -> String {
    let error = parse(&USER, filter).expect_err(filter);
    assert_eq!((error.status, error.scim_type), (400, Some(ScimType::InvalidFilter)), "{filter}");
    error.detail
}

#[test]
fn what_holds() {
    for filter in [
        r#"userName eq "BJENSEN""#,
        r#"username Eq "bjensen""#,
        r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "BJ""#,
        r#"name.familyName co "ens""#,
        r#"name.familyName ew "SEN" and active eq true"#,
        r#"active eq "True""#,
        r#"not (active eq false)"#,
        r#"emails[type eq "work" and value co "@example.com"]"#,
        r#"emails.type eq "home""#,
        r#"emails co "jensen.example""#,
        r#"emails[type eq "work"].value eq "bjensen@example.com""#,
        r#"title pr or userName pr"#,
        r#"title ne "boss""#,
        r#"title eq null"#,
        r#"meta.lastModified gt "2026-02-03T04:05:05Z""#,
        r#"meta.lastModified le "2026-02-03T05:05:06+01:00""#,
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "sales""#,
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value pr"#,
        r#"userName eq "x" or active eq true and userName eq "bjensen""#,
        r#"externalId eq "E-1""#,
        r#"userName gt "bj" and userName lt "bk""#,
        "userName eq \"bj\\u0065nsen\"",
    ] {
        assert!(holds(filter), "{filter}");
    }
}

#[test]
fn what_does_not_hold() {
    for filter in [
        r#"userName eq "bjensen2""#,
        r#"externalId eq "e-1""#,
        r#"emails[type eq "home" and value co "@example.com"]"#,
        r#"emails.type ne "work""#,
        r#"title pr"#,
        r#"(userName eq "x" or active eq true) and userName eq "y""#,
        r#"meta.lastModified gt "2026-02-03T04:05:06Z""#,
        r#"schemas eq "urn:x""#,
    ] {
        assert!(!holds(filter), "{filter}");
    }
}

#[test]
fn what_is_refused_says_why() {
    for (filter, why) in [
        ("", "an attribute is missing"),
        ("userName", "an operator is missing"),
        ("userName eq", "a value is missing"),
        (r#"userName is "x""#, "there is no operator \"is\""),
        (r#"nothing eq "x""#, "User has no attribute \"nothing\""),
        (r#"name.nothing eq "x""#, "name has no sub-attribute \"nothing\""),
        (r#"urn:x:User:userName eq "x""#, "User has no such schema"),
        (r#"(userName eq "x""#, "a ')' is missing"),
        (r#"userName eq "x") "#, "something follows its end"),
        (r#"emails[type eq "x""#, "a ']' is missing"),
        (r#"userName[value eq "x"]"#, "\"userName\" has no elements to select"),
        (r#"userName eq "x"#, "the string at 13 is not closed or not JSON"),
        (r#"userName eq 'x'"#, "the character at 13 is not expected"),
        ("userName eq 5", "the value does not fit userName"),
        (r#"active gt true"#, "active cannot be compared in this way"),
        (r#"active eq "maybe""#, "the value does not fit active"),
        (r#"meta.created gt "yesterday""#, "the value does not fit meta.created"),
        (r#"name eq "x""#, "name has parts; name the one to compare"),
    ] {
        assert_eq!(refusal(filter), format!("The filter is not valid: {why}"), "{filter}");
    }
}

#[test]
fn length_depth_and_terms_are_bounded() {
    let deep = |n: usize| format!("{}active eq true{}", "(".repeat(n), ")".repeat(n));
    assert!(holds(&deep(16)));
    assert!(refusal(&deep(17)).ends_with("it may be nested at most 16 deep"));
    let wide = |n: usize| vec!["active pr"; n].join(" and ");
    assert!(holds(&wide(128)));
    assert!(refusal(&wide(129)).ends_with("it may have at most 128 comparisons"));
    assert!(refusal(&" ".repeat(4_097)).ends_with("it may have at most 4096 bytes"));
    assert!(refusal(&"not (".repeat(800)).ends_with("it may be nested at most 16 deep"));
}

#[test]
fn a_filter_for_several_kinds_takes_what_is_missing_as_unset() {
    let filter = r#"userName eq "bjensen" or displayName eq "Tour Guides""#;
    assert!(parse(&GROUP, filter).is_err());
    let group = super::object(serde_json::json!({"displayName": "tour guides"}));
    assert!(matches(&parse_lenient(&GROUP, filter).unwrap(), &group));
    assert_eq!(parse_lenient(&GROUP, r#"userName eq "x""#).unwrap(), Filter::Absent);
}

proptest! {
    #[test]
    fn no_text_breaks_the_parser(text in ".{0,200}") {
        let _ = parse(&USER, &text);
    }

    #[test]
    fn no_row_of_words_breaks_the_parser(words in prop::collection::vec(
        prop::sample::select(vec!["(", ")", "[", "]", "and", "or", "not", "userName", "emails",
            "type", ".value", "eq", "pr", "ne", "true", "\"x\"", "active", "null", "7", "urn:a:b"]), 0..40))
    {
        let text = words.join(" ");
        if let Ok(filter) = parse(&USER, &text) {
            let negated = parse(&USER, &format!("not ({text})")).unwrap();
            prop_assert_ne!(matches(&filter, &barbara()), matches(&negated, &barbara()));
        }
    }

    #[test]
    fn any_text_can_be_asked_for(value in "[^\u{0}]{0,40}") {
        let filter = format!("title eq {}", serde_json::to_string(&value).unwrap());
        let mut person = barbara();
        person.insert("title".to_owned(), value.clone().into());
        prop_assert!(matches(&parse(&USER, &filter).unwrap(), &person));
    }
}
