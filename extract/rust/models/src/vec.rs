//! `alloc::vec`: methods of `Vec` beyond the native ones, and iteration by value.
//!
//! Native: `new`, `with_capacity`, `len`, `push`, `pop`, `insert`, `remove`, `truncate`, `clear`,
//! indexing, `extend_from_slice` and `as_slice` of plain data. Not modelled: `drain`, `splice`, `dedup`,
//! capacity and allocators, boxed slices.

use crate::primitive::{vec_append, vec_split_off};

/// `vec![item; count]`. Invariant of the loop: `items` holds `i` clones.
pub fn from_elem<T: Clone>(item: T, count: usize) -> Vec<T> {
    let mut items = Vec::with_capacity(count);
    if count == 0 {
        return items;
    }
    let mut i = 0;
    while i < count - 1 {
        items.push(item.clone());
        i += 1;
    }
    items.push(item);
    items
}

pub fn is_empty<T>(items: &Vec<T>) -> bool {
    items.len() == 0
}

pub fn as_mut_slice<T>(items: &mut Vec<T>) -> &mut [T] {
    &mut items[..]
}

/// Capacity is not modelled.
pub fn reserve<T>(_items: &mut Vec<T>, _additional: usize) {}

/// Capacity is not modelled.
pub fn shrink_to_fit<T>(_items: &mut Vec<T>) {}

pub fn swap_remove<T>(items: &mut Vec<T>, index: usize) -> T {
    let len = items.len();
    if index >= len {
        panic!("swap_remove index should be < len");
    }
    crate::primitive::slice_swap(items, index, len - 1);
    match items.pop() {
        Some(item) => item,
        None => panic!("there is a last element"),
    }
}

pub fn append<T>(items: &mut Vec<T>, other: &mut Vec<T>) {
    vec_append(items, std::mem::take(other));
}

pub fn split_off<T>(items: &mut Vec<T>, at: usize) -> Vec<T> {
    if at > items.len() {
        panic!("`at` split index should be <= len");
    }
    vec_split_off(items, at)
}

pub fn resize<T: Clone>(items: &mut Vec<T>, len: usize, value: T) {
    let old = items.len();
    if len <= old {
        items.truncate(len);
        return;
    }
    let mut i = old;
    while i < len - 1 {
        items.push(value.clone());
        i += 1;
    }
    items.push(value);
}

pub fn resize_with<T, F: FnMut() -> T>(items: &mut Vec<T>, len: usize, f: F) {
    let mut f = f;
    let old = items.len();
    if len <= old {
        items.truncate(len);
        return;
    }
    let mut i = old;
    while i < len {
        items.push(f());
        i += 1;
    }
}

pub fn extend_from_slice<T: Clone>(items: &mut Vec<T>, other: &[T]) {
    let mut i = 0;
    while i < other.len() {
        items.push(other[i].clone());
        i += 1;
    }
}

pub fn retain<T, F: FnMut(&T) -> bool>(items: &mut Vec<T>, f: F) {
    let mut f = f;
    let mut iter = into_iter(std::mem::take(items));
    while let Some(item) = iter.next() {
        if f(&item) {
            items.push(item);
        }
    }
}

pub fn into_iter<T>(items: Vec<T>) -> IntoIter<T> {
    IntoIter { items }
}

/// `alloc::vec::IntoIter`: what is left is `items`.
#[derive(Clone)]
pub struct IntoIter<T> {
    pub items: Vec<T>,
}

impl<T> IntoIter<T> {
    pub fn as_slice(&self) -> &[T] {
        &self.items[..]
    }
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        if self.items.len() > 0 {
            Some(self.items.remove(0))
        } else {
            None
        }
    }
}

impl<T> DoubleEndedIterator for IntoIter<T> {
    fn next_back(&mut self) -> Option<T> {
        self.items.pop()
    }
}

impl<T> ExactSizeIterator for IntoIter<T> {
    fn len(&self) -> usize {
        self.items.len()
    }
}
