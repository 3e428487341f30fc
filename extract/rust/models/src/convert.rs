//! `core::convert`: the conversions between std's own types.
//!
//! Not modelled: `u16::try_from(char)`, boxes, strings, `NonZero`, floats.

// Tables with a line for each pair of types.
#[rustfmt::skip]
mod checked;
#[rustfmt::skip]
mod lossless;

use std::convert::{From as From2, TryFrom as TryFrom2};

use crate::num::TryFromIntError;
use crate::primitive::{array_from_slice, array_from_vec, array_ref_from_slice, vec_from_array};

/// `core::convert::Infallible`: no values.
pub enum Infallible {}

/// `core::array::TryFromSliceError`.
pub struct TryFromSliceError(pub ());

/// Mirror of `core::convert::Into`.
pub trait Into<T> {
    fn into(self) -> T;
}

impl<T, U: From2<T>> Into<U> for T {
    fn into(self) -> U {
        U::from(self)
    }
}

/// Mirror of `core::convert::From` for `T: From<T>`, apart from [`From`] lest they overlap.
pub trait FromItself<T> {
    fn from(value: T) -> Self;
}

impl<T> FromItself<T> for T {
    fn from(value: T) -> T {
        value
    }
}

/// Mirror of `core::convert::TryInto`.
pub trait TryInto<T> {
    type Error;
    fn try_into(self) -> Result<T, Self::Error>;
}

impl<T, U: TryFrom2<T>> TryInto<U> for T {
    type Error = U::Error;

    fn try_into(self) -> Result<U, U::Error> {
        U::try_from(self)
    }
}

/// Mirror of `core::convert::AsRef`.
pub trait AsRef<T: ?Sized> {
    fn as_ref(&self) -> &T;
}

impl<T> AsRef<[T]> for [T] {
    fn as_ref(&self) -> &[T] {
        self
    }
}

impl<T> AsRef<[T]> for Vec<T> {
    fn as_ref(&self) -> &[T] {
        &self[..]
    }
}

impl<T, const N: usize> AsRef<[T]> for [T; N] {
    fn as_ref(&self) -> &[T] {
        &self[..]
    }
}

impl<A: ?Sized + std::convert::AsRef<T>, T: ?Sized> AsRef<T> for &A {
    fn as_ref(&self) -> &T {
        A::as_ref(*self)
    }
}

/// Mirror of `core::convert::From`.
pub trait From<T> {
    fn from(value: T) -> Self;
}

impl<T> From<T> for Option<T> {
    fn from(value: T) -> Option<T> {
        Some(value)
    }
}

impl<T, const N: usize> From<[T; N]> for Vec<T> {
    fn from(value: [T; N]) -> Vec<T> {
        vec_from_array(value)
    }
}

impl<T: Clone> From<&[T]> for Vec<T> {
    fn from(value: &[T]) -> Vec<T> {
        crate::slice::to_vec(value)
    }
}

impl<T: Clone, const N: usize> From<&[T; N]> for Vec<T> {
    fn from(value: &[T; N]) -> Vec<T> {
        crate::slice::to_vec(&value[..])
    }
}

/// Mirror of `core::convert::TryFrom`.
pub trait TryFrom<T> {
    type Error;
    fn try_from(value: T) -> Result<Self, Self::Error>
    where
        Self: Sized;
}

impl<T: Copy, const N: usize> TryFrom<&[T]> for [T; N] {
    type Error = TryFromSliceError;

    fn try_from(value: &[T]) -> Result<[T; N], TryFromSliceError> {
        if value.len() == N {
            Ok(array_from_slice(value))
        } else {
            Err(TryFromSliceError(()))
        }
    }
}

impl<'a, T, const N: usize> TryFrom<&'a [T]> for &'a [T; N] {
    type Error = TryFromSliceError;

    fn try_from(value: &'a [T]) -> Result<&'a [T; N], TryFromSliceError> {
        if value.len() == N {
            Ok(array_ref_from_slice(value))
        } else {
            Err(TryFromSliceError(()))
        }
    }
}

impl<T, const N: usize> TryFrom<Vec<T>> for [T; N] {
    type Error = Vec<T>;

    fn try_from(value: Vec<T>) -> Result<[T; N], Vec<T>> {
        if value.len() == N {
            Ok(array_from_vec(value))
        } else {
            Err(value)
        }
    }
}
