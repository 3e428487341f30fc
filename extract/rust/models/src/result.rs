//! `core::result`: the stable methods of `Result`.
//!
//! Not modelled: `as_deref`, `iter_mut`, `unwrap_unchecked`; the error's text in the messages of
//! `unwrap` and `expect`. Trait impls stand in [`crate::cmp`], [`crate::clone`],
//! [`crate::iter::collect`] and [`crate::ops`].

use std::ops::Deref;

use crate::option::Maybe;

pub fn is_ok<T, E>(result: &Result<T, E>) -> bool {
    match result {
        Ok(_) => true,
        Err(_) => false,
    }
}

pub fn is_ok_and<T, E, F: FnOnce(T) -> bool>(result: Result<T, E>, f: F) -> bool {
    match result {
        Ok(value) => f(value),
        Err(_) => false,
    }
}

pub fn is_err<T, E>(result: &Result<T, E>) -> bool {
    match result {
        Ok(_) => false,
        Err(_) => true,
    }
}

pub fn is_err_and<T, E, F: FnOnce(E) -> bool>(result: Result<T, E>, f: F) -> bool {
    match result {
        Ok(_) => false,
        Err(error) => f(error),
    }
}

pub fn ok<T, E>(result: Result<T, E>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(_) => None,
    }
}

pub fn err<T, E>(result: Result<T, E>) -> Option<E> {
    match result {
        Ok(_) => None,
        Err(error) => Some(error),
    }
}

pub fn as_ref<T, E>(result: &Result<T, E>) -> Result<&T, &E> {
    match result {
        Ok(value) => Ok(value),
        Err(error) => Err(error),
    }
}

pub fn as_mut<T, E>(result: &mut Result<T, E>) -> Result<&mut T, &mut E> {
    match result {
        Ok(value) => Ok(value),
        Err(error) => Err(error),
    }
}

pub fn map<T, E, U, F: FnOnce(T) -> U>(result: Result<T, E>, f: F) -> Result<U, E> {
    match result {
        Ok(value) => Ok(f(value)),
        Err(error) => Err(error),
    }
}

pub fn map_or<T, E, U, F: FnOnce(T) -> U>(result: Result<T, E>, default: U, f: F) -> U {
    match result {
        Ok(value) => f(value),
        Err(_) => default,
    }
}

pub fn map_or_else<T, E, U, D: FnOnce(E) -> U, F: FnOnce(T) -> U>(
    result: Result<T, E>,
    default: D,
    f: F,
) -> U {
    match result {
        Ok(value) => f(value),
        Err(error) => default(error),
    }
}

pub fn map_err<T, E, F, O: FnOnce(E) -> F>(result: Result<T, E>, f: O) -> Result<T, F> {
    match result {
        Ok(value) => Ok(value),
        Err(error) => Err(f(error)),
    }
}

pub fn inspect<T, E, F: FnOnce(&T)>(result: Result<T, E>, f: F) -> Result<T, E> {
    match result {
        Ok(value) => {
            f(&value);
            Ok(value)
        }
        Err(error) => Err(error),
    }
}

pub fn inspect_err<T, E, F: FnOnce(&E)>(result: Result<T, E>, f: F) -> Result<T, E> {
    match result {
        Ok(value) => Ok(value),
        Err(error) => {
            f(&error);
            Err(error)
        }
    }
}

pub fn expect<T, E>(result: Result<T, E>, _message: &str) -> T {
    match result {
        Ok(value) => value,
        Err(_) => panic!("called `Result::expect()` on an `Err` value"),
    }
}

pub fn unwrap<T, E>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(_) => panic!("called `Result::unwrap()` on an `Err` value"),
    }
}

pub fn expect_err<T, E>(result: Result<T, E>, _message: &str) -> E {
    match result {
        Ok(_) => panic!("called `Result::expect_err()` on an `Ok` value"),
        Err(error) => error,
    }
}

pub fn unwrap_err<T, E>(result: Result<T, E>) -> E {
    match result {
        Ok(_) => panic!("called `Result::unwrap_err()` on an `Ok` value"),
        Err(error) => error,
    }
}

pub fn unwrap_or<T, E>(result: Result<T, E>, default: T) -> T {
    match result {
        Ok(value) => value,
        Err(_) => default,
    }
}

pub fn unwrap_or_else<T, E, F: FnOnce(E) -> T>(result: Result<T, E>, f: F) -> T {
    match result {
        Ok(value) => value,
        Err(error) => f(error),
    }
}

pub fn unwrap_or_default<T: Default, E>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(_) => T::default(),
    }
}

pub fn and<T, E, U>(result: Result<T, E>, other: Result<U, E>) -> Result<U, E> {
    match result {
        Ok(_) => other,
        Err(error) => Err(error),
    }
}

pub fn and_then<T, E, U, F: FnOnce(T) -> Result<U, E>>(result: Result<T, E>, f: F) -> Result<U, E> {
    match result {
        Ok(value) => f(value),
        Err(error) => Err(error),
    }
}

pub fn or<T, E, F>(result: Result<T, E>, other: Result<T, F>) -> Result<T, F> {
    match result {
        Ok(value) => Ok(value),
        Err(_) => other,
    }
}

pub fn or_else<T, E, F, O: FnOnce(E) -> Result<T, F>>(result: Result<T, E>, f: O) -> Result<T, F> {
    match result {
        Ok(value) => Ok(value),
        Err(error) => f(error),
    }
}

/// `T` is the type of the reference.
pub fn copied<T: Deref<Target: Copy + Sized>, E>(result: Result<T, E>) -> Result<T::Target, E> {
    match result {
        Ok(value) => Ok(*value),
        Err(error) => Err(error),
    }
}

/// `T` is the type of the reference.
pub fn cloned<T: Deref<Target: Clone + Sized>, E>(result: Result<T, E>) -> Result<T::Target, E> {
    match result {
        Ok(value) => Ok((*value).clone()),
        Err(error) => Err(error),
    }
}

/// `T` is the inner result.
pub fn flatten<T: Fallible<Error = E>, E>(result: Result<T, E>) -> Result<T::Value, E> {
    match result {
        Ok(inner) => inner.result(),
        Err(error) => Err(error),
    }
}

/// `T` is the inner option.
pub fn transpose<T: Maybe, E>(result: Result<T, E>) -> Option<Result<T::Value, E>> {
    match result {
        Ok(inner) => match inner.maybe() {
            Some(value) => Some(Ok(value)),
            None => None,
        },
        Err(error) => Some(Err(error)),
    }
}

/// A result, as a family of types.
pub trait Fallible {
    type Value;
    type Error;
    fn result(self) -> Result<Self::Value, Self::Error>;
}

impl<T, E> Fallible for Result<T, E> {
    type Value = T;
    type Error = E;

    fn result(self) -> Result<T, E> {
        self
    }
}

pub fn iter<T, E>(result: &Result<T, E>) -> Iter<'_, T> {
    Iter {
        value: match result {
            Ok(value) => Some(value),
            Err(_) => None,
        },
    }
}

/// `core::result::Iter`: what is left to give.
pub struct Iter<'a, T> {
    pub value: Option<&'a T>,
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        self.value.take()
    }
}

/// `core::result::IntoIter`: what is left to give.
pub struct IntoIter<T> {
    pub value: Option<T>,
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.value.take()
    }
}
