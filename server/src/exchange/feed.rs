//! Reads the elements of one long list in a JSON file one by one, however long the file is.

use std::cell::RefCell;
use std::fmt;
use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// What is done with each element; `false` stops.
type Each<'a> = RefCell<&'a mut dyn FnMut(Value) -> bool>;

/// Hands over each element of the list under a key, of a list that is the whole file, or of a single
/// object without such a list. Says afterwards whether there was anything of the kind.
pub fn each(
    file: impl Read,
    key: &str,
    mut act: impl FnMut(Value) -> bool,
) -> serde_json::Result<bool> {
    let act: Each<'_> = RefCell::new(&mut act);
    let mut file = serde_json::Deserializer::from_reader(file);
    let found = Whole { key, act: &act }.deserialize(&mut file)?;
    file.end()?;
    Ok(found)
}

struct Whole<'a, 'b> {
    key: &'a str,
    act: &'a Each<'b>,
}

impl<'de> DeserializeSeed<'de> for Whole<'_, '_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<bool, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with a list \"{}\", or a list", self.key)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<bool, A::Error> {
        List(self.act).visit_seq(elements)?;
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut single = serde_json::Map::new();
        let mut found = false;
        while let Some(key) = map.next_key::<String>()? {
            if key == self.key {
                map.next_value_seed(List(self.act))?;
                found = true;
            } else if found {
                map.next_value::<IgnoredAny>()?;
            } else {
                single.insert(key, map.next_value()?);
            }
        }
        // One feature or one service may be a file of its own.
        if !found && (single.contains_key("geometry") || single.contains_key("name")) {
            (self.act.borrow_mut())(Value::Object(single));
            found = true;
        }
        Ok(found)
    }
}

struct List<'a, 'b>(&'a Each<'b>);

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while let Some(element) = elements.next_element::<Value>()? {
            if !(self.0.borrow_mut())(element) {
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn found(text: &str, expected: Option<&[&str]>) {
        let mut names = Vec::new();
        let read = each(text.as_bytes(), "contents", |value| {
            names.push(value["name"].as_str().unwrap_or_default().to_owned());
            true
        });
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        assert_eq!(
            read.is_ok_and(|found| found).then_some(names.as_slice()),
            expected,
            "{text}"
        );
    }

    #[test]
    fn a_list_is_found_wherever_it_lies() {
        found(
            r#"{"size":2,"contents":[{"name":"a"},{"name":"b"}],"x":{}}"#,
            Some(&["a", "b"]),
        );
        found(r#"[{"name":"a"}]"#, Some(&["a"]));
        found(r#"{"name":"a"}"#, Some(&["a"]));
        found(r#"{"other":[1]}"#, None);
        found(r#"{"contents":[{"name":"a"}"#, None);
        found("name,address", None);
    }
}
