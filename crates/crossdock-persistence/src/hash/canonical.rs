//! The canonical form itself: a serialiser, so that nothing is built only to be hashed.
//!
//! Lengths come before texts, so that no two values have the same form. An object's fields are
//! written as they come and sorted when it ends, if they did not come sorted.

use std::fmt;

use serde::Serialize;
use serde::ser::{self, Impossible};

/// Collects one canonical form at a time.
#[derive(Debug, Default)]
pub(super) struct Canonical {
    out: Vec<u8>,
    /// For sorting the fields of an object.
    scratch: Vec<u8>,
}

impl Canonical {
    /// Forgets what was written and begins with this.
    pub(super) fn begin(&mut self, version: u8) {
        self.out.clear();
        self.out.push(version);
    }

    /// What was written.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.out
    }

    fn string(&mut self, text: &str) {
        self.out.push(b'"');
        self.out.extend_from_slice(&text.len().to_le_bytes());
        self.out.extend_from_slice(text.as_bytes());
    }

    fn whole_number(&mut self, number: i128) {
        self.out.push(b'i');
        self.out.extend_from_slice(&number.to_le_bytes());
    }
}

/// A whole number that 128 bits hold.
pub(super) fn whole(number: f64) -> Option<i128> {
    const LIMIT: f64 = 1e38;
    (number.fract() == 0.0 && number.abs() < LIMIT).then(|| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole, and within the limit"
        )]
        let whole = number as i128;
        whole
    })
}

/// A value that has no canonical form.
#[derive(Debug)]
pub(super) struct NotJson;

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value is no JSON")
    }
}

impl std::error::Error for NotJson {}

impl ser::Error for NotJson {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self
    }
}

/// A field of the object that is being written: where it begins, its name's place, where it ends.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: usize,
    value: usize,
    end: usize,
}

impl Span {
    /// The name, without its mark and length.
    fn name(self, out: &[u8]) -> &[u8] {
        const BEFORE: usize = 1 + size_of::<usize>();
        out.get(self.start + BEFORE..self.value).unwrap_or_default()
    }
}

/// An object that is being written.
#[derive(Debug)]
pub(super) struct Object<'a> {
    canonical: &'a mut Canonical,
    spans: Vec<Span>,
    start: usize,
    value: usize,
}

impl<'a> Object<'a> {
    fn new(canonical: &'a mut Canonical, fields: usize) -> Self {
        canonical.out.push(b'{');
        Self {
            canonical,
            spans: Vec::with_capacity(fields),
            start: 0,
            value: 0,
        }
    }

    fn name(&mut self, name: &str) {
        self.start = self.canonical.out.len();
        self.canonical.string(name);
        self.value = self.canonical.out.len();
    }

    fn value(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), NotJson> {
        value.serialize(&mut *self.canonical)?;
        let out = &mut self.canonical.out;
        if out.get(self.value..) == Some(b"n") {
            out.truncate(self.start);
        } else {
            self.spans.push(Span {
                start: self.start,
                value: self.value,
                end: out.len(),
            });
        }
        Ok(())
    }

    fn close(mut self) {
        let Canonical { out, scratch } = self.canonical;
        let by_name = |span: &Span| span.name(out);
        if !self.spans.is_sorted_by_key(by_name) {
            let first = self.spans.first().map_or(0, |span| span.start);
            self.spans.sort_by(|a, b| a.name(out).cmp(b.name(out)));
            scratch.clear();
            for span in &self.spans {
                scratch.extend_from_slice(out.get(span.start..span.end).unwrap_or_default());
            }
            out.truncate(first);
            out.extend_from_slice(scratch);
        }
        out.push(b'}');
    }
}

impl ser::SerializeStruct for Object<'_> {
    type Ok = ();
    type Error = NotJson;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), NotJson> {
        self.name(name);
        self.value(value)
    }

    fn end(self) -> Result<(), NotJson> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeMap for Object<'_> {
    type Ok = ();
    type Error = NotJson;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), NotJson> {
        self.start = self.canonical.out.len();
        name.serialize(&mut *self.canonical)?;
        self.value = self.canonical.out.len();
        match self.canonical.out.get(self.start) {
            Some(b'"') => Ok(()),
            _ => Err(NotJson),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotJson> {
        self.value(value)
    }

    fn end(self) -> Result<(), NotJson> {
        self.close();
        Ok(())
    }
}

/// A list that is being written.
#[derive(Debug)]
pub(super) struct List<'a>(&'a mut Canonical);

impl List<'_> {
    fn item(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), NotJson> {
        value.serialize(&mut *self.0)
    }

    fn close(self) {
        self.0.out.push(b']');
    }
}

impl ser::SerializeSeq for List<'_> {
    type Ok = ();
    type Error = NotJson;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotJson> {
        self.item(value)
    }

    fn end(self) -> Result<(), NotJson> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTuple for List<'_> {
    type Ok = ();
    type Error = NotJson;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotJson> {
        self.item(value)
    }

    fn end(self) -> Result<(), NotJson> {
        self.close();
        Ok(())
    }
}

macro_rules! integers {
    ($($method:ident: $kind:ty,)+) => {
        $(fn $method(self, number: $kind) -> Result<(), NotJson> {
            self.whole_number(number.into());
            Ok(())
        })+
    };
}

impl<'a> ser::Serializer for &'a mut Canonical {
    type Ok = ();
    type Error = NotJson;
    type SerializeSeq = List<'a>;
    type SerializeTuple = List<'a>;
    type SerializeTupleStruct = Impossible<(), NotJson>;
    type SerializeTupleVariant = Impossible<(), NotJson>;
    type SerializeMap = Object<'a>;
    type SerializeStruct = Object<'a>;
    type SerializeStructVariant = Impossible<(), NotJson>;

    integers! {
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
    }

    fn serialize_bool(self, yes: bool) -> Result<(), NotJson> {
        self.out.push(if yes { b't' } else { b'f' });
        Ok(())
    }

    fn serialize_f32(self, number: f32) -> Result<(), NotJson> {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<(), NotJson> {
        match whole(number) {
            Some(whole) => self.whole_number(whole),
            None if number.is_finite() => {
                self.out.push(b'd');
                self.out.extend_from_slice(&number.to_bits().to_le_bytes());
            }
            None => self.out.push(b'n'),
        }
        Ok(())
    }

    fn serialize_char(self, letter: char) -> Result<(), NotJson> {
        self.string(letter.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), NotJson> {
        self.string(text);
        Ok(())
    }

    fn serialize_bytes(self, _bytes: &[u8]) -> Result<(), NotJson> {
        Err(NotJson)
    }

    fn serialize_none(self) -> Result<(), NotJson> {
        self.out.push(b'n');
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NotJson> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), NotJson> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), NotJson> {
        self.serialize_none()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), NotJson> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), NotJson> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), NotJson> {
        let mut object = Object::new(self, 1);
        object.name(variant);
        object.value(value)?;
        object.close();
        Ok(())
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<List<'a>, NotJson> {
        self.out.push(b'[');
        Ok(List(self))
    }

    fn serialize_tuple(self, length: usize) -> Result<List<'a>, NotJson> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleStruct, NotJson> {
        Err(NotJson)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, NotJson> {
        Err(NotJson)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Object<'a>, NotJson> {
        Ok(Object::new(self, length.unwrap_or(8)))
    }

    fn serialize_struct(self, _name: &'static str, length: usize) -> Result<Object<'a>, NotJson> {
        Ok(Object::new(self, length))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStructVariant, NotJson> {
        Err(NotJson)
    }
}
