//! From a model to the cells of its columns: a serialiser, so that nothing is built on the way.
//!
//! A model's fields come in the order of its declaration, which is that of the list of fields, so
//! that each is found where it is expected. One that the list doesn't have is refused.

#[cfg(test)]
mod tests;

use std::fmt;

use connector_core::Model;
use serde::Serialize;
use serde::ser::{self, Impossible};

use super::text::{instant_text, json_text, storable};
use super::{Children, Field, Kind, Table};
use crate::error::{Result, StoreError};
use crate::rows::Cell;

/// What an amount of money is made of; both are always there.
const MONEY: &[Field] = &[("minor", Kind::Int), ("currency", Kind::Text)];

/// The cells of a record.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Cells {
    /// Of the model's fields.
    pub(crate) own: Vec<Cell>,
    /// Of its parts' fields, part after part.
    pub(crate) parts: Vec<Cell>,
}

impl Cells {
    /// The cells of a model.
    ///
    /// # Errors
    /// [`StoreError::PageInvalid`] when a field is not of its kind, or has no column: the model is
    /// newer than the table.
    pub(crate) fn of(model: &Model, table: &'static Table) -> Result<Self> {
        match model {
            Model::Product(product) => Self::of_content(product, table),
            Model::Listing(listing) => Self::of_content(listing, table),
            Model::InventoryLevel(level) => Self::of_content(level, table),
            Model::Location(location) => Self::of_content(location, table),
            Model::Order(order) => Self::of_content(order, table),
            Model::Payout(payout) => Self::of_content(payout, table),
            Model::MarketSnapshot(snapshot) => Self::of_content(snapshot, table),
            Model::Metric(metric) => Self::of_content(metric, table),
            Model::Content(content) => Self::of_content(content, table),
            Model::ContentMetric(metric) => Self::of_content(metric, table),
            Model::AdCampaign(campaign) => Self::of_content(campaign, table),
            Model::AdMetric(metric) => Self::of_content(metric, table),
            Model::Review(review) => Self::of_content(review, table),
            Model::Inquiry(inquiry) => Self::of_content(inquiry, table),
            Model::Booking(booking) => Self::of_content(booking, table),
            Model::Native(native) => Self::of_content(native, table),
            _ => Err(StoreError::PageInvalid(
                "its model is newer than this version of the store",
            )),
        }
    }

    fn of_content(content: &impl Serialize, table: &'static Table) -> Result<Self> {
        let mut cells = Self {
            own: Vec::with_capacity(2 * table.fields.len()),
            parts: Vec::new(),
        };
        content
            .serialize(Writer {
                expected: Expected::Object(table.fields, table.children),
                cells: &mut cells.own,
                parts: Some(&mut cells.parts),
            })
            .map_err(|Invalid(why)| StoreError::PageInvalid(why))?;
        Ok(cells)
    }
}

/// Why a value has no cells.
#[derive(Debug)]
struct Invalid(&'static str);

const OTHER_KIND: Invalid = Invalid("a field is not of its column's kind");

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Invalid {}

impl ser::Error for Invalid {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self("a record can't be written as JSON")
    }
}

/// What the next value has to be.
#[derive(Clone, Copy)]
enum Expected {
    /// An object with these fields, and one that is a table of its own.
    Object(&'static [Field], Option<&'static Children>),
    /// The list of a record's parts.
    Parts(&'static Children),
    /// A field.
    Field(Kind),
}

/// Writes one value.
struct Writer<'a> {
    expected: Expected,
    cells: &'a mut Vec<Cell>,
    /// Where the parts go; parts have none themselves.
    parts: Option<&'a mut Vec<Cell>>,
}

impl Writer<'_> {
    fn text(self, text: String) -> Result<(), Invalid> {
        let text = match self.expected {
            Expected::Field(Kind::Text | Kind::Date) => storable(text),
            Expected::Field(Kind::Time) => instant_text(text),
            _ => return Err(OTHER_KIND),
        };
        self.cells.push(Cell::Text(text));
        Ok(())
    }

    fn integer(self, number: Option<i64>) -> Result<(), Invalid> {
        match (self.expected, number) {
            (Expected::Field(Kind::Int), Some(number)) => self.cells.push(Cell::Int(number)),
            (Expected::Field(Kind::Int), None) => {
                return Err(Invalid("a number doesn't fit in 64 bits"));
            }
            _ => return Err(OTHER_KIND),
        }
        Ok(())
    }
}

fn push_nothing(kind: Kind, cells: &mut Vec<Cell>) {
    match kind {
        Kind::Money => cells.extend([Cell::Null, Cell::Null]),
        Kind::Group(fields) => {
            for (_, kind) in fields {
                push_nothing(*kind, cells);
            }
        }
        _ => cells.push(Cell::Null),
    }
}

/// An object whose fields are being written.
struct Object<'a> {
    /// Those that are still to come.
    fields: &'static [Field],
    children: Option<&'static Children>,
    is_money: bool,
    cells: &'a mut Vec<Cell>,
    parts: Option<&'a mut Vec<Cell>>,
}

impl Object<'_> {
    fn left_out(&mut self, kind: Kind) -> Result<(), Invalid> {
        if self.is_money {
            return Err(Invalid("an amount has no currency"));
        }
        push_nothing(kind, self.cells);
        Ok(())
    }

    /// The kind of the field with this name, after nothing for each one that was left out.
    fn kind(&mut self, name: &str) -> Result<Kind, Invalid> {
        while let Some(((expected, kind), rest)) = self.fields.split_first() {
            self.fields = rest;
            if *expected == name {
                return Ok(*kind);
            }
            self.left_out(*kind)?;
        }
        Err(Invalid(
            "a record has a field that this version of the store has no column for",
        ))
    }
}

impl ser::SerializeStruct for Object<'_> {
    type Ok = ();
    type Error = Invalid;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Invalid> {
        if let Some(children) = self.children.filter(|children| children.field == name) {
            let parts = self.parts.as_deref_mut().ok_or(OTHER_KIND)?;
            return value.serialize(Writer {
                expected: Expected::Parts(children),
                cells: parts,
                parts: None,
            });
        }
        match self.kind(name)? {
            Kind::Json | Kind::Raw => {
                let cell = match json_text(value).map_err(ser::Error::custom)? {
                    text if text == "null" => Cell::Null,
                    text => Cell::Text(text),
                };
                self.cells.push(cell);
                Ok(())
            }
            kind => value.serialize(Writer {
                expected: Expected::Field(kind),
                cells: self.cells,
                parts: None,
            }),
        }
    }

    fn end(mut self) -> Result<(), Invalid> {
        let left: &'static [Field] = self.fields;
        left.iter().try_for_each(|(_, kind)| self.left_out(*kind))
    }
}

/// A record's parts.
struct Parts<'a> {
    fields: &'static [Field],
    cells: &'a mut Vec<Cell>,
}

impl ser::SerializeSeq for Parts<'_> {
    type Ok = ();
    type Error = Invalid;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Invalid> {
        value.serialize(Writer {
            expected: Expected::Object(self.fields, None),
            cells: self.cells,
            parts: None,
        })
    }

    fn end(self) -> Result<(), Invalid> {
        Ok(())
    }
}

macro_rules! integers {
    ($($method:ident: $kind:ty,)+) => {
        $(fn $method(self, number: $kind) -> Result<(), Invalid> {
            self.integer(i64::try_from(number).ok())
        })+
    };
}

macro_rules! refused {
    ($($method:ident($($argument:ty),*) -> $result:ty,)+) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$result, Invalid> {
            Err(OTHER_KIND)
        })+
    };
}

type Never = Impossible<(), Invalid>;

impl<'a> ser::Serializer for Writer<'a> {
    type Ok = ();
    type Error = Invalid;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Object<'a>;
    type SerializeStructVariant = Never;

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

    refused! {
        serialize_f32(f32) -> (),
        serialize_bytes(&[u8]) -> (),
        serialize_unit_struct(&'static str) -> (),
        serialize_tuple(usize) -> Never,
        serialize_tuple_struct(&'static str, usize) -> Never,
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Never,
        serialize_map(Option<usize>) -> Never,
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Never,
    }

    fn serialize_bool(self, yes: bool) -> Result<(), Invalid> {
        match self.expected {
            Expected::Field(Kind::Bool) => {
                self.cells.push(Cell::Bool(yes));
                Ok(())
            }
            _ => Err(OTHER_KIND),
        }
    }

    fn serialize_f64(self, number: f64) -> Result<(), Invalid> {
        match self.expected {
            Expected::Field(Kind::Real) if number.is_finite() => {
                self.cells.push(Cell::Real(number));
                Ok(())
            }
            Expected::Field(Kind::Real) => Err(Invalid("a number is infinite, or none at all")),
            _ => Err(OTHER_KIND),
        }
    }

    fn serialize_char(self, letter: char) -> Result<(), Invalid> {
        self.text(letter.into())
    }

    fn serialize_str(self, text: &str) -> Result<(), Invalid> {
        self.text(text.to_owned())
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<(), Invalid> {
        self.text(value.to_string())
    }

    fn serialize_none(self) -> Result<(), Invalid> {
        match self.expected {
            Expected::Field(kind) => {
                push_nothing(kind, self.cells);
                Ok(())
            }
            _ => Err(OTHER_KIND),
        }
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Invalid> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Invalid> {
        self.serialize_none()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Invalid> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), Invalid> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<(), Invalid> {
        Err(OTHER_KIND)
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Parts<'a>, Invalid> {
        match self.expected {
            Expected::Parts(children) => Ok(Parts {
                fields: children.fields,
                cells: self.cells,
            }),
            _ => Err(OTHER_KIND),
        }
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Object<'a>, Invalid> {
        let (fields, children, is_money) = match self.expected {
            Expected::Object(fields, children) => (fields, children, false),
            Expected::Field(Kind::Money) => (MONEY, None, true),
            Expected::Field(Kind::Group(fields)) => (fields, None, false),
            _ => return Err(OTHER_KIND),
        };
        Ok(Object {
            fields,
            children,
            is_money,
            cells: self.cells,
            parts: self.parts,
        })
    }
}
