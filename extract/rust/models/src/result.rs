//! `core::result`: the stable methods of `Result`.
//!
//! Not modelled: `as_deref`, `iter_mut`, `unwrap_unchecked`; the error's text in the messages of
//! `unwrap` and `expect`. Trait impls stand in [`crate::cmp`], [`crate::clone`], [`crate::iter`]
//! and [`crate::ops`].

/// The variants of `core::result::Result`.
pub enum Result<T, E> {
    Ok(T),
    Err(E),
}

use std::result::Result as R;

pub fn is_ok<T, E>(result: &R<T, E>) -> bool {
    match result {
        Ok(_) => true,
        Err(_) => false,
    }
}

pub fn is_ok_and<T, E, F: FnOnce(T) -> bool>(result: R<T, E>, f: F) -> bool {
    match result {
        Ok(value) => f(value),
        Err(_) => false,
    }
}

pub fn is_err<T, E>(result: &R<T, E>) -> bool {
    match result {
        Ok(_) => false,
        Err(_) => true,
    }
}

pub fn is_err_and<T, E, F: FnOnce(E) -> bool>(result: R<T, E>, f: F) -> bool {
    match result {
        Ok(_) => false,
        Err(error) => f(error),
    }
}

pub fn ok<T, E>(result: R<T, E>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(_) => None,
    }
}

pub fn err<T, E>(result: R<T, E>) -> Option<E> {
    match result {
        Ok(_) => None,
        Err(error) => Some(error),
    }
}

pub fn as_ref<T, E>(result: &R<T, E>) -> R<&T, &E> {
    match result {
        Ok(value) => Ok(value),
        Err(error) => Err(error),
    }
}

pub fn as_mut<T, E>(result: &mut R<T, E>) -> R<&mut T, &mut E> {
    match result {
        Ok(value) => Ok(value),
        Err(error) => Err(error),
    }
}

pub fn map<T, E, U, F: FnOnce(T) -> U>(result: R<T, E>, f: F) -> R<U, E> {
    match result {
        Ok(value) => Ok(f(value)),
        Err(error) => Err(error),
    }
}

pub fn map_or<T, E, U, F: FnOnce(T) -> U>(result: R<T, E>, default: U, f: F) -> U {
    match result {
        Ok(value) => f(value),
        Err(_) => default,
    }
}

pub fn map_or_else<T, E, U, D: FnOnce(E) -> U, F: FnOnce(T) -> U>(
    result: R<T, E>,
    default: D,
    f: F,
) -> U {
    match result {
        Ok(value) => f(value),
        Err(error) => default(error),
    }
}

pub fn map_err<T, E, F, O: FnOnce(E) -> F>(result: R<T, E>, f: O) -> R<T, F> {
    match result {
        Ok(value) => Ok(value),
        Err(error) => Err(f(error)),
    }
}

pub fn inspect<T, E, F: FnOnce(&T)>(result: R<T, E>, f: F) -> R<T, E> {
    match result {
        Ok(value) => {
            f(&value);
            Ok(value)
        }
        Err(error) => Err(error),
    }
}

pub fn inspect_err<T, E, F: FnOnce(&E)>(result: R<T, E>, f: F) -> R<T, E> {
    match result {
        Ok(value) => Ok(value),
        Err(error) => {
            f(&error);
            Err(error)
        }
    }
}

pub fn expect<T, E>(result: R<T, E>, _message: &str) -> T {
    match result {
        Ok(value) => value,
        Err(_) => panic!("called `Result::expect()` on an `Err` value"),
    }
}

pub fn unwrap<T, E>(result: R<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(_) => panic!("called `Result::unwrap()` on an `Err` value"),
    }
}

pub fn expect_err<T, E>(result: R<T, E>, _message: &str) -> E {
    match result {
        Ok(_) => panic!("called `Result::expect_err()` on an `Ok` value"),
        Err(error) => error,
    }
}

pub fn unwrap_err<T, E>(result: R<T, E>) -> E {
    match result {
        Ok(_) => panic!("called `Result::unwrap_err()` on an `Ok` value"),
        Err(error) => error,
    }
}

pub fn unwrap_or<T, E>(result: R<T, E>, default: T) -> T {
    match result {
        Ok(value) => value,
        Err(_) => default,
    }
}

pub fn unwrap_or_else<T, E, F: FnOnce(E) -> T>(result: R<T, E>, f: F) -> T {
    match result {
        Ok(value) => value,
        Err(error) => f(error),
    }
}

pub fn unwrap_or_default<T: Default, E>(result: R<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(_) => T::default(),
    }
}

pub fn and<T, E, U>(result: R<T, E>, other: R<U, E>) -> R<U, E> {
    match result {
        Ok(_) => other,
        Err(error) => Err(error),
    }
}

pub fn and_then<T, E, U, F: FnOnce(T) -> R<U, E>>(result: R<T, E>, f: F) -> R<U, E> {
    match result {
        Ok(value) => f(value),
        Err(error) => Err(error),
    }
}

pub fn or<T, E, F>(result: R<T, E>, other: R<T, F>) -> R<T, F> {
    match result {
        Ok(value) => Ok(value),
        Err(_) => other,
    }
}

pub fn or_else<T, E, F, O: FnOnce(E) -> R<T, F>>(result: R<T, E>, f: O) -> R<T, F> {
    match result {
        Ok(value) => Ok(value),
        Err(error) => f(error),
    }
}

pub fn copied<T: Copy, E>(result: R<&T, E>) -> R<T, E> {
    match result {
        Ok(value) => Ok(*value),
        Err(error) => Err(error),
    }
}

pub fn cloned<T: Clone, E>(result: R<&T, E>) -> R<T, E> {
    match result {
        Ok(value) => Ok(value.clone()),
        Err(error) => Err(error),
    }
}

pub fn flatten<T, E>(result: R<R<T, E>, E>) -> R<T, E> {
    match result {
        Ok(inner) => inner,
        Err(error) => Err(error),
    }
}

pub fn transpose<T, E>(result: R<Option<T>, E>) -> Option<R<T, E>> {
    match result {
        Ok(Some(value)) => Some(Ok(value)),
        Ok(None) => None,
        Err(error) => Some(Err(error)),
    }
}

pub fn iter<T, E>(result: &R<T, E>) -> Iter<'_, T> {
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
