//! Operations on whole sequences that other models are made of.
//!
//! Each body is ordinary Rust like the rest of this crate. The front end may give such a function
//! its meaning itself, as stated in its comment and in `models.toml` under `[primitives]`: those
//! whose body has a loop are then free of it.

/// The array with the elements of `items`. Panics unless there are exactly `N`.
pub fn array_from_vec<T, const N: usize>(items: Vec<T>) -> [T; N] {
    match items.try_into() {
        Ok(array) => array,
        Err(_) => panic!("wrong number of elements for an array"),
    }
}

/// The vector with the elements of `array`.
pub fn vec_from_array<T, const N: usize>(array: [T; N]) -> Vec<T> {
    Vec::from(array)
}

/// `target[i] := source[i]` for every `i`. Panics unless the lengths are equal.
pub fn slice_assign<T: Copy>(target: &mut [T], source: &[T]) {
    if target.len() != source.len() {
        panic!("copy_from_slice: source slice length does not match destination slice length");
    }
    let mut i = 0;
    while i < target.len() {
        target[i] = source[i];
        i += 1;
    }
}

/// `target[i] := item` for every `i`.
pub fn slice_fill<T: Copy>(target: &mut [T], item: T) {
    let mut i = 0;
    while i < target.len() {
        target[i] = item;
        i += 1;
    }
}

/// Exchange `items[a]` and `items[b]`. Panics if either is out of bounds.
pub fn slice_swap<T>(items: &mut [T], a: usize, b: usize) {
    if a >= items.len() || b >= items.len() {
        panic!("index out of bounds");
    }
    if a == b {
        return;
    }
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    let (front, back) = items.split_at_mut(high);
    std::mem::swap(&mut front[low], &mut back[0]);
}

/// `items := items ++ tail`.
pub fn vec_append<T>(items: &mut Vec<T>, tail: Vec<T>) {
    let mut tail = tail;
    items.append(&mut tail);
}

/// `items := items[..at]`, and `items[at..]` is returned. Panics if `at > items.len()`.
pub fn vec_split_off<T>(items: &mut Vec<T>, at: usize) -> Vec<T> {
    if at > items.len() {
        panic!("`at` split index should be <= len");
    }
    let mut tail = Vec::new();
    while items.len() > at {
        if let Some(item) = items.pop() {
            tail.push(item);
        }
    }
    crate::slice::reverse(&mut tail);
    tail
}
