use serde::de::value::Error;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

use super::*;

/// Hears which fields a type asks for, and has none.
struct Asked<'a>(&'a mut Vec<&'static str>);

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("no struct"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        self.0.extend(fields);
        Err(Error::custom("nothing there"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

fn fields<T: for<'de> Deserialize<'de>>() -> Vec<&'static str> {
    let mut fields = Vec::new();
    assert!(T::deserialize(Asked(&mut fields)).is_err());
    fields
}

/// What an event has and its archive has not would be lost with its month.
#[test]
fn every_field_of_an_event_has_its_column() {
    let mut wanted = Vec::new();
    for field in fields::<Record>() {
        if field == "event" {
            wanted.extend(fields::<Event>().into_iter().filter(|name| *name != "event_id"));
        } else {
            wanted.push(field);
        }
    }
    assert_eq!(COLUMNS.map(|(name, _)| name).to_vec(), wanted);
}
