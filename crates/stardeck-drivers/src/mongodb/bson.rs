//! As much of BSON (<https://bsonspec.org/spec.html>) as our own commands and the answers to them need.

/// A value of a document.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Double(f64),
    Text(String),
    Document(Document),
    Array(Vec<Value>),
    Binary(Vec<u8>),
    Bool(bool),
    Int(i32),
    Long(i64),
    /// Nothing, or something of a kind that we never ask for.
    Null,
}

/// Names and values in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Document(Vec<(String, Value)>);

const DOUBLE: u8 = 0x01;
const TEXT: u8 = 0x02;
const DOCUMENT: u8 = 0x03;
const ARRAY: u8 = 0x04;
const BINARY: u8 = 0x05;
const BOOL: u8 = 0x08;
const NULL: u8 = 0x0a;
const INT: u8 = 0x10;
const LONG: u8 = 0x12;

/// How deep documents are read. What we ask for is in the third level.
const DEPTH_MAX: u8 = 4;

impl Document {
    /// The document with one more value at its end.
    pub(super) fn with(mut self, name: &str, value: Value) -> Self {
        self.0.push((name.to_owned(), value));
        self
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn binary(&self, name: &str) -> Option<&[u8]> {
        match self.get(name)? {
            Value::Binary(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The documents of an array; none when there is no such array.
    pub(super) fn documents(&self, name: &str) -> impl Iterator<Item = &Self> {
        let values = match self.get(name) {
            Some(Value::Array(values)) => values.as_slice(),
            _ => &[],
        };
        values.iter().filter_map(|value| match value {
            Value::Document(document) => Some(document),
            _ => None,
        })
    }

    /// A whole number that is not negative, however it is written.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        match self.get(name)? {
            Value::Int(number) => u64::try_from(*number).ok(),
            Value::Long(number) => u64::try_from(*number).ok(),
            // Of a whole number nothing is after the point.
            Value::Double(number) => format!("{number:.0}").parse().ok(),
            _ => None,
        }
    }

    pub(super) fn int(&self, name: &str) -> Option<i32> {
        match self.get(name)? {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether a value is true, or a number other than 0: servers write `ok` as either.
    pub(super) fn is_true(&self, name: &str) -> bool {
        match self.get(name) {
            Some(Value::Bool(value)) => *value,
            Some(Value::Int(number)) => *number != 0,
            Some(Value::Long(number)) => *number != 0,
            Some(Value::Double(number)) => *number != 0.0,
            Some(Value::Text(_) | Value::Document(_) | Value::Array(_) | Value::Binary(_) | Value::Null)
            | None => false,
        }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(have, _)| have == name).map(|(_, value)| value)
    }

    /// The bytes on the wire.
    pub(super) fn encode(&self) -> Vec<u8> {
        framed(&self.0.iter().flat_map(|(name, value)| element(name, value)).collect::<Vec<_>>())
    }

    /// A document from the wire. Values of kinds that we never ask for are null, and so is what is nested too deep.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        Self::decode_nested(bytes, DEPTH_MAX)
    }

    fn decode_nested(bytes: &[u8], depth: u8) -> Option<Self> {
        let mut reader = Reader(bytes);
        let length = usize::try_from(reader.i32()?).ok()?;
        let mut document = Self::default();
        if length != bytes.len() {
            return None;
        }
        loop {
            let kind = reader.u8()?;
            if kind == 0 {
                return reader.0.is_empty().then_some(document);
            }
            let name = reader.name()?;
            document.0.push((name, reader.value(kind, depth)?));
        }
    }
}

/// Length, content, end. No document of ours comes near the limit of the length.
fn framed(content: &[u8]) -> Vec<u8> {
    let length = i32::try_from(content.len() + 5).unwrap_or(i32::MAX);
    [&length.to_le_bytes()[..], content, &[0]].concat()
}

fn element(name: &str, value: &Value) -> Vec<u8> {
    let (kind, bytes) = match value {
        Value::Double(number) => (DOUBLE, number.to_le_bytes().to_vec()),
        Value::Text(text) => (TEXT, [&length(text.len() + 1)[..], text.as_bytes(), &[0]].concat()),
        Value::Document(document) => (DOCUMENT, document.encode()),
        Value::Array(values) => {
            let numbered = values.iter().enumerate();
            let elements: Vec<_> = numbered.flat_map(|(at, value)| element(&at.to_string(), value)).collect();
            (ARRAY, framed(&elements))
        }
        // Subtype 0: bytes without a meaning of their own.
        Value::Binary(bytes) => (BINARY, [&length(bytes.len())[..], &[0], bytes].concat()),
        Value::Bool(value) => (BOOL, vec![u8::from(*value)]),
        Value::Int(number) => (INT, number.to_le_bytes().to_vec()),
        Value::Long(number) => (LONG, number.to_le_bytes().to_vec()),
        Value::Null => (NULL, Vec::new()),
    };
    [&[kind], name.as_bytes(), &[0], &bytes].concat()
}

fn length(bytes: usize) -> [u8; 4] {
    i32::try_from(bytes).unwrap_or(i32::MAX).to_le_bytes()
}

/// What is left of a document. Every method is None where the bytes end too early.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn i32(&mut self) -> Option<i32> {
        self.array().map(i32::from_le_bytes)
    }

    fn name(&mut self) -> Option<String> {
        let end = self.0.iter().position(|byte| *byte == 0)?;
        let name = String::from_utf8_lossy(self.take(end)?).into_owned();
        self.take(1)?;
        Some(name)
    }

    fn counted(&mut self, extra: usize) -> Option<&'a [u8]> {
        let length = usize::try_from(self.i32()?).ok()?;
        self.take(length.checked_add(extra)?)
    }

    fn value(&mut self, kind: u8, depth: u8) -> Option<Value> {
        Some(match kind {
            DOUBLE => Value::Double(f64::from_le_bytes(self.array()?)),
            TEXT => {
                let (_, text) = self.counted(0)?.split_last()?;
                Value::Text(String::from_utf8_lossy(text).into_owned())
            }
            BINARY => Value::Binary(self.counted(1)?.get(1..)?.to_vec()),
            BOOL => Value::Bool(self.u8()? != 0),
            INT => Value::Int(self.i32()?),
            LONG => Value::Long(i64::from_le_bytes(self.array()?)),
            // A document's length counts itself, and is read again with it.
            DOCUMENT | ARRAY => {
                let length: [u8; 4] = self.0.get(..4)?.try_into().ok()?;
                let bytes = self.take(usize::try_from(i32::from_le_bytes(length)).ok()?)?;
                let Some(depth) = depth.checked_sub(1) else { return Some(Value::Null) };
                let document = Document::decode_nested(bytes, depth)?;
                if kind == DOCUMENT {
                    Value::Document(document)
                } else {
                    Value::Array(document.0.into_iter().map(|(_, value)| value).collect())
                }
            }
            other => {
                self.pass(other)?;
                Value::Null
            }
        })
    }

    /// Passes over a value of a kind that we never ask for.
    fn pass(&mut self, kind: u8) -> Option<()> {
        match kind {
            // Undefined, null, and the two ends of the order.
            0x06 | NULL | 0xff | 0x7f => {}
            // An object's id, a date, a timestamp, a decimal number.
            0x07 => drop(self.take(12)?),
            0x09 | 0x11 => drop(self.take(8)?),
            0x13 => drop(self.take(16)?),
            // A pattern and its options.
            0x0b => drop((self.name()?, self.name()?)),
            // Code and symbols.
            0x0d | 0x0e => drop(self.counted(0)?),
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn document_is_encoded_as_the_specification_shows() {
        let hello = Document::default().with("hello", Value::Text("world".to_owned()));
        assert_eq!(hello.encode(), b"\x16\0\0\0\x02hello\0\x06\0\0\0world\0\0");
    }

    #[test]
    fn values_come_back_and_what_is_too_deep_is_null() {
        let flat = Document::default()
            .with("a", Value::Int(-1))
            .with("b", Value::Text("ü".to_owned()))
            .with("c", Value::Binary(vec![0, 1]))
            .with("d", Value::Bool(true))
            .with("e", Value::Double(1.0))
            .with("f", Value::Long(7));
        let nested = flat.clone().with("h", Value::Array(vec![Value::Document(flat.clone()), Value::Int(1)]));
        let read = Document::decode(&nested.encode()).unwrap();
        assert_eq!(read, nested);
        assert_eq!(read.documents("h").collect::<Vec<_>>(), [&flat]);
        let mut deep = Document::default().with("x", Value::Int(1));
        for _ in 0..9 {
            deep = Document::default().with("x", Value::Document(deep));
        }
        let mut level = Document::decode(&deep.encode()).unwrap();
        for _ in 0..DEPTH_MAX {
            let Some(Value::Document(next)) = level.get("x").cloned() else { panic!("{level:?}") };
            level = next;
        }
        assert_eq!(level.get("x"), Some(&Value::Null));
    }

    #[test]
    fn whole_numbers_are_read_however_they_are_written() {
        let written = [Value::Int(7), Value::Long(7), Value::Double(7.0)];
        for value in written {
            assert_eq!(Document::default().with("n", value).number("n"), Some(7));
        }
        assert_eq!(Document::default().with("n", Value::Int(-1)).number("n"), None);
    }

    #[test]
    fn kinds_that_are_not_asked_for_are_passed_over() {
        let mut content = b"\x07id\0aaaaaaaaaaaa\x09at\0aaaaaaaa\x0anone\0\x0bx\0a\0b\0".to_vec();
        content.extend(element("ok", &Value::Double(1.0)));
        assert!(Document::decode(&framed(&content)).unwrap().is_true("ok"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>) {
            let framed = framed(&bytes);
            // What it is does not matter; that it ends does.
            drop((Document::decode(&bytes), Document::decode(&framed)));
        }
    }
}
