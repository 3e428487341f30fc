//! `core::array`: `from_fn`, methods of `[T; N]`, iteration by value.
//!
//! Not modelled: `each_mut`, `try_from_fn`, pattern-like splits.

use crate::primitive::{array_from_vec, vec_from_array};

/// Invariant of the loop: `items` holds the results for `0..i`.
pub fn from_fn<T, const N: usize, F: FnMut(usize) -> T>(f: F) -> [T; N] {
    let mut f = f;
    let mut items = Vec::with_capacity(N);
    let mut i = 0;
    while i < N {
        items.push(f(i));
        i += 1;
    }
    array_from_vec(items)
}

/// Invariant of the loop: `items` holds the images of the elements that `iter` has given.
pub fn map<T, const N: usize, F: FnMut(T) -> U, U>(array: [T; N], f: F) -> [U; N] {
    let mut f = f;
    let mut iter = into_iter(array);
    let mut items = Vec::with_capacity(N);
    while let Some(item) = iter.next() {
        items.push(f(item));
    }
    array_from_vec(items)
}

pub fn as_slice<T, const N: usize>(array: &[T; N]) -> &[T] {
    &array[..]
}

pub fn as_mut_slice<T, const N: usize>(array: &mut [T; N]) -> &mut [T] {
    &mut array[..]
}

pub fn each_ref<T, const N: usize>(array: &[T; N]) -> [&T; N] {
    from_fn(|i| &array[i])
}

pub fn into_iter<T, const N: usize>(array: [T; N]) -> IntoIter<T, N> {
    IntoIter {
        items: vec_from_array(array),
    }
}

/// `core::array::IntoIter`: what is left is `items`.
#[derive(Clone)]
pub struct IntoIter<T, const N: usize> {
    pub items: Vec<T>,
}

impl<T, const N: usize> Iterator for IntoIter<T, N> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        if self.items.len() > 0 {
            Some(self.items.remove(0))
        } else {
            None
        }
    }
}

impl<T, const N: usize> DoubleEndedIterator for IntoIter<T, N> {
    fn next_back(&mut self) -> Option<T> {
        self.items.pop()
    }
}

impl<T, const N: usize> ExactSizeIterator for IntoIter<T, N> {
    fn len(&self) -> usize {
        self.items.len()
    }
}
