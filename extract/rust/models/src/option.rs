//! `core::option`: every stable method of `Option` but those on pins and slices.
//!
//! Not modelled: `as_slice`, `as_pin_ref`, `unwrap_unchecked`, `as_deref_mut`; the text that
//! `expect` is given. The trait impls of `Option` stand in [`crate::cmp`], [`crate::clone`],
//! [`crate::default`], [`crate::iter`] and [`crate::ops`].

use std::ops::Deref;

/// The variants of `core::option::Option`.
pub enum Option<T> {
    None,
    Some(T),
}

use std::option::Option as O;

pub fn is_some<T>(option: &O<T>) -> bool {
    match option {
        Some(_) => true,
        None => false,
    }
}

pub fn is_some_and<T, F: FnOnce(T) -> bool>(option: O<T>, f: F) -> bool {
    match option {
        Some(value) => f(value),
        None => false,
    }
}

pub fn is_none<T>(option: &O<T>) -> bool {
    match option {
        Some(_) => false,
        None => true,
    }
}

pub fn is_none_or<T, F: FnOnce(T) -> bool>(option: O<T>, f: F) -> bool {
    match option {
        Some(value) => f(value),
        None => true,
    }
}

pub fn as_ref<T>(option: &O<T>) -> O<&T> {
    match option {
        Some(value) => Some(value),
        None => None,
    }
}

pub fn as_mut<T>(option: &mut O<T>) -> O<&mut T> {
    match option {
        Some(value) => Some(value),
        None => None,
    }
}

pub fn as_deref<T: Deref>(option: &O<T>) -> O<&T::Target> {
    match option {
        Some(value) => Some(value.deref()),
        None => None,
    }
}

pub fn expect<T>(option: O<T>, _message: &str) -> T {
    match option {
        Some(value) => value,
        None => panic!("called `Option::expect()` on a `None` value"),
    }
}

pub fn unwrap<T>(option: O<T>) -> T {
    match option {
        Some(value) => value,
        None => panic!("called `Option::unwrap()` on a `None` value"),
    }
}

pub fn unwrap_or<T>(option: O<T>, default: T) -> T {
    match option {
        Some(value) => value,
        None => default,
    }
}

pub fn unwrap_or_else<T, F: FnOnce() -> T>(option: O<T>, f: F) -> T {
    match option {
        Some(value) => value,
        None => f(),
    }
}

pub fn unwrap_or_default<T: Default>(option: O<T>) -> T {
    match option {
        Some(value) => value,
        None => T::default(),
    }
}

pub fn map<T, U, F: FnOnce(T) -> U>(option: O<T>, f: F) -> O<U> {
    match option {
        Some(value) => Some(f(value)),
        None => None,
    }
}

pub fn inspect<T, F: FnOnce(&T)>(option: O<T>, f: F) -> O<T> {
    match option {
        Some(value) => {
            f(&value);
            Some(value)
        }
        None => None,
    }
}

pub fn map_or<T, U, F: FnOnce(T) -> U>(option: O<T>, default: U, f: F) -> U {
    match option {
        Some(value) => f(value),
        None => default,
    }
}

pub fn map_or_else<T, U, D: FnOnce() -> U, F: FnOnce(T) -> U>(option: O<T>, default: D, f: F) -> U {
    match option {
        Some(value) => f(value),
        None => default(),
    }
}

pub fn ok_or<T, E>(option: O<T>, error: E) -> Result<T, E> {
    match option {
        Some(value) => Ok(value),
        None => Err(error),
    }
}

pub fn ok_or_else<T, E, F: FnOnce() -> E>(option: O<T>, f: F) -> Result<T, E> {
    match option {
        Some(value) => Ok(value),
        None => Err(f()),
    }
}

pub fn and<T, U>(option: O<T>, other: O<U>) -> O<U> {
    match option {
        Some(_) => other,
        None => None,
    }
}

pub fn and_then<T, U, F: FnOnce(T) -> O<U>>(option: O<T>, f: F) -> O<U> {
    match option {
        Some(value) => f(value),
        None => None,
    }
}

pub fn filter<T, P: FnOnce(&T) -> bool>(option: O<T>, predicate: P) -> O<T> {
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

pub fn or<T>(option: O<T>, other: O<T>) -> O<T> {
    match option {
        Some(value) => Some(value),
        None => other,
    }
}

pub fn or_else<T, F: FnOnce() -> O<T>>(option: O<T>, f: F) -> O<T> {
    match option {
        Some(value) => Some(value),
        None => f(),
    }
}

pub fn xor<T>(option: O<T>, other: O<T>) -> O<T> {
    match (option, other) {
        (Some(value), None) => Some(value),
        (None, Some(value)) => Some(value),
        _ => None,
    }
}

pub fn insert<T>(option: &mut O<T>, value: T) -> &mut T {
    *option = Some(value);
    match option {
        Some(value) => value,
        None => panic!("the option was just filled"),
    }
}

pub fn get_or_insert<T>(option: &mut O<T>, value: T) -> &mut T {
    if is_none(option) {
        *option = Some(value);
    }
    match option {
        Some(value) => value,
        None => panic!("the option was just filled"),
    }
}

pub fn get_or_insert_with<T, F: FnOnce() -> T>(option: &mut O<T>, f: F) -> &mut T {
    if is_none(option) {
        *option = Some(f());
    }
    match option {
        Some(value) => value,
        None => panic!("the option was just filled"),
    }
}

pub fn take<T>(option: &mut O<T>) -> O<T> {
    std::mem::replace(option, None)
}

pub fn take_if<T, P: FnOnce(&mut T) -> bool>(option: &mut O<T>, predicate: P) -> O<T> {
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

pub fn replace<T>(option: &mut O<T>, value: T) -> O<T> {
    std::mem::replace(option, Some(value))
}

pub fn zip<T, U>(option: O<T>, other: O<U>) -> O<(T, U)> {
    match (option, other) {
        (Some(a), Some(b)) => Some((a, b)),
        _ => None,
    }
}

pub fn unzip<T, U>(option: O<(T, U)>) -> (O<T>, O<U>) {
    match option {
        Some((a, b)) => (Some(a), Some(b)),
        None => (None, None),
    }
}

pub fn copied<T: Copy>(option: O<&T>) -> O<T> {
    match option {
        Some(value) => Some(*value),
        None => None,
    }
}

pub fn cloned<T: Clone>(option: O<&T>) -> O<T> {
    match option {
        Some(value) => Some(value.clone()),
        None => None,
    }
}

pub fn flatten<T>(option: O<O<T>>) -> O<T> {
    match option {
        Some(inner) => inner,
        None => None,
    }
}

pub fn transpose<T, E>(option: O<Result<T, E>>) -> Result<O<T>, E> {
    match option {
        Some(Ok(value)) => Ok(Some(value)),
        Some(Err(error)) => Err(error),
        None => Ok(None),
    }
}

pub fn iter<T>(option: &O<T>) -> Iter<'_, T> {
    Iter {
        value: as_ref(option),
    }
}

/// `core::option::Iter`: what is left to give.
pub struct Iter<'a, T> {
    pub value: O<&'a T>,
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> O<&'a T> {
        take(&mut self.value)
    }
}

impl<'a, T> DoubleEndedIterator for Iter<'a, T> {
    fn next_back(&mut self) -> O<&'a T> {
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
    pub value: O<T>,
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    fn next(&mut self) -> O<T> {
        take(&mut self.value)
    }
}

impl<T> DoubleEndedIterator for IntoIter<T> {
    fn next_back(&mut self) -> O<T> {
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
