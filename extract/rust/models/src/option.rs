//! `core::option`: every stable method of `Option` but those on pins and slices.
//!
//! Not modelled: `as_slice`, `as_pin_ref`, `unwrap_unchecked`, `as_deref_mut`; the text that
//! `expect` is given. The trait impls of `Option` stand in [`crate::cmp`], [`crate::clone`],
//! [`crate::iter::collect`] and [`crate::ops`].

use std::ops::Deref;

use crate::result::Fallible;

pub fn is_some<T>(option: &Option<T>) -> bool {
    match option {
        Some(_) => true,
        None => false,
    }
}

pub fn is_some_and<T, F: FnOnce(T) -> bool>(option: Option<T>, f: F) -> bool {
    match option {
        Some(value) => f(value),
        None => false,
    }
}

pub fn is_none<T>(option: &Option<T>) -> bool {
    match option {
        Some(_) => false,
        None => true,
    }
}

pub fn is_none_or<T, F: FnOnce(T) -> bool>(option: Option<T>, f: F) -> bool {
    match option {
        Some(value) => f(value),
        None => true,
    }
}

pub fn as_ref<T>(option: &Option<T>) -> Option<&T> {
    match option {
        Some(value) => Some(value),
        None => None,
    }
}

pub fn as_mut<T>(option: &mut Option<T>) -> Option<&mut T> {
    match option {
        Some(value) => Some(value),
        None => None,
    }
}

pub fn as_deref<T: Deref>(option: &Option<T>) -> Option<&T::Target> {
    match option {
        Some(value) => Some(value.deref()),
        None => None,
    }
}

pub fn expect<T>(option: Option<T>, _message: &str) -> T {
    match option {
        Some(value) => value,
        None => panic!("called `Option::expect()` on a `None` value"),
    }
}

pub fn unwrap<T>(option: Option<T>) -> T {
    match option {
        Some(value) => value,
        None => panic!("called `Option::unwrap()` on a `None` value"),
    }
}

pub fn unwrap_or<T>(option: Option<T>, default: T) -> T {
    match option {
        Some(value) => value,
        None => default,
    }
}

pub fn unwrap_or_else<T, F: FnOnce() -> T>(option: Option<T>, f: F) -> T {
    match option {
        Some(value) => value,
        None => f(),
    }
}

pub fn unwrap_or_default<T: Default>(option: Option<T>) -> T {
    match option {
        Some(value) => value,
        None => T::default(),
    }
}

pub fn map<T, U, F: FnOnce(T) -> U>(option: Option<T>, f: F) -> Option<U> {
    match option {
        Some(value) => Some(f(value)),
        None => None,
    }
}

pub fn inspect<T, F: FnOnce(&T)>(option: Option<T>, f: F) -> Option<T> {
    match option {
        Some(value) => {
            f(&value);
            Some(value)
        }
        None => None,
    }
}

pub fn map_or<T, U, F: FnOnce(T) -> U>(option: Option<T>, default: U, f: F) -> U {
    match option {
        Some(value) => f(value),
        None => default,
    }
}

pub fn map_or_else<T, U, D: FnOnce() -> U, F: FnOnce(T) -> U>(
    option: Option<T>,
    default: D,
    f: F,
) -> U {
    match option {
        Some(value) => f(value),
        None => default(),
    }
}

pub fn ok_or<T, E>(option: Option<T>, error: E) -> Result<T, E> {
    match option {
        Some(value) => Ok(value),
        None => Err(error),
    }
}

pub fn ok_or_else<T, E, F: FnOnce() -> E>(option: Option<T>, f: F) -> Result<T, E> {
    match option {
        Some(value) => Ok(value),
        None => Err(f()),
    }
}

pub fn and<T, U>(option: Option<T>, other: Option<U>) -> Option<U> {
    match option {
        Some(_) => other,
        None => None,
    }
}

pub fn and_then<T, U, F: FnOnce(T) -> Option<U>>(option: Option<T>, f: F) -> Option<U> {
    match option {
        Some(value) => f(value),
        None => None,
    }
}

pub fn filter<T, P: FnOnce(&T) -> bool>(option: Option<T>, predicate: P) -> Option<T> {
    match option {
        Some(value) => {
            if predicate(&value) {
                Some(value)
            } else {
                None
            }
        }
        None => None,
    }
}

pub fn or<T>(option: Option<T>, other: Option<T>) -> Option<T> {
    match option {
        Some(value) => Some(value),
        None => other,
    }
}

pub fn or_else<T, F: FnOnce() -> Option<T>>(option: Option<T>, f: F) -> Option<T> {
    match option {
        Some(value) => Some(value),
        None => f(),
    }
}

pub fn xor<T>(option: Option<T>, other: Option<T>) -> Option<T> {
    match (option, other) {
        (Some(value), None) => Some(value),
        (None, Some(value)) => Some(value),
        _ => None,
    }
}

pub fn insert<T>(option: &mut Option<T>, value: T) -> &mut T {
    *option = Some(value);
    match option {
        Some(value) => value,
        None => panic!("the option was just filled"),
    }
}

pub fn get_or_insert<T>(option: &mut Option<T>, value: T) -> &mut T {
    if is_none(option) {
        *option = Some(value);
    }
    match option {
        Some(value) => value,
        None => panic!("the option was just filled"),
    }
}

pub fn get_or_insert_with<T, F: FnOnce() -> T>(option: &mut Option<T>, f: F) -> &mut T {
    if is_none(option) {
        *option = Some(f());
    }
    match option {
        Some(value) => value,
        None => panic!("the option was just filled"),
    }
}

pub fn take<T>(option: &mut Option<T>) -> Option<T> {
    std::mem::replace(option, None)
}

pub fn take_if<T, P: FnOnce(&mut T) -> bool>(option: &mut Option<T>, predicate: P) -> Option<T> {
    let taken = match option {
        Some(value) => predicate(value),
        None => false,
    };
    if taken {
        std::mem::replace(option, None)
    } else {
        None
    }
}

pub fn replace<T>(option: &mut Option<T>, value: T) -> Option<T> {
    std::mem::replace(option, Some(value))
}

pub fn zip<T, U>(option: Option<T>, other: Option<U>) -> Option<(T, U)> {
    match (option, other) {
        (Some(a), Some(b)) => Some((a, b)),
        _ => None,
    }
}

/// `T` is the pair.
pub fn unzip<T: Pair>(option: Option<T>) -> (Option<T::First>, Option<T::Second>) {
    match option {
        Some(pair) => {
            let (a, b) = pair.pair();
            (Some(a), Some(b))
        }
        None => (None, None),
    }
}

/// A pair, as a family of types.
pub trait Pair {
    type First;
    type Second;
    fn pair(self) -> (Self::First, Self::Second);
}

impl<A, B> Pair for (A, B) {
    type First = A;
    type Second = B;

    fn pair(self) -> (A, B) {
        self
    }
}

/// `T` is the type of the reference.
pub fn copied<T: Deref<Target: Copy + Sized>>(option: Option<T>) -> Option<T::Target> {
    match option {
        Some(value) => Some(*value),
        None => None,
    }
}

/// `T` is the type of the reference.
pub fn cloned<T: Deref<Target: Clone + Sized>>(option: Option<T>) -> Option<T::Target> {
    match option {
        Some(value) => Some((*value).clone()),
        None => None,
    }
}

/// `T` is the inner option.
pub fn flatten<T: Maybe>(option: Option<T>) -> Option<T::Value> {
    match option {
        Some(inner) => inner.maybe(),
        None => None,
    }
}

/// `T` is the inner result.
pub fn transpose<T: Fallible>(option: Option<T>) -> Result<Option<T::Value>, T::Error> {
    match option {
        Some(inner) => match inner.result() {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(error),
        },
        None => Ok(None),
    }
}

/// An option, as a family of types.
pub trait Maybe {
    type Value;
    fn maybe(self) -> Option<Self::Value>;
}

impl<T> Maybe for Option<T> {
    type Value = T;

    fn maybe(self) -> Option<T> {
        self
    }
}

pub fn iter<T>(option: &Option<T>) -> Iter<'_, T> {
    Iter {
        value: as_ref(option),
    }
}

/// `core::option::Iter`: what is left to give.
pub struct Iter<'a, T> {
    pub value: Option<&'a T>,
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        take(&mut self.value)
    }
}

impl<'a, T> DoubleEndedIterator for Iter<'a, T> {
    fn next_back(&mut self) -> Option<&'a T> {
        take(&mut self.value)
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {
    fn len(&self) -> usize {
        match &self.value {
            Some(_) => 1,
            None => 0,
        }
    }
}

/// `core::option::IntoIter`: what is left to give.
pub struct IntoIter<T> {
    pub value: Option<T>,
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        take(&mut self.value)
    }
}

impl<T> DoubleEndedIterator for IntoIter<T> {
    fn next_back(&mut self) -> Option<T> {
        take(&mut self.value)
    }
}

impl<T> ExactSizeIterator for IntoIter<T> {
    fn len(&self) -> usize {
        match &self.value {
            Some(_) => 1,
            None => 0,
        }
    }
}
