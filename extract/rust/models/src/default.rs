//! `core::default`: defaults of std's containers. Those of integers and `bool` are native.

/// Mirror of `core::default::Default`.
pub trait Default {
    fn default() -> Self;
}

use std::default::Default as Default2;

impl<T> Default for Option<T> {
    fn default() -> Option<T> {
        None
    }
}

impl<T> Default for Vec<T> {
    fn default() -> Vec<T> {
        Vec::new()
    }
}

impl<T: Default2, const N: usize> Default for [T; N] {
    fn default() -> [T; N] {
        crate::array::from_fn(|_| T::default())
    }
}

impl Default for () {
    fn default() {}
}

impl<A: Default2, B: Default2> Default for (A, B) {
    fn default() -> (A, B) {
        (A::default(), B::default())
    }
}

impl<A: Default2, B: Default2, C: Default2> Default for (A, B, C) {
    fn default() -> (A, B, C) {
        (A::default(), B::default(), C::default())
    }
}
