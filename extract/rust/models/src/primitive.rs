//! Operations that the supported subset of Rust can't express, or only by a loop.
//!
//! Each has a body, so that the crate runs and is tested like any other, but the front end need not
//! lift that body: it gives the function the meaning stated in its comment, in terms of
//! sequences and without a loop. `models.toml` lists them under `[primitives]`.

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

/// `items` seen as a slice of one element.
pub fn slice_from_ref<T>(item: &T) -> &[T] {
    std::slice::from_ref(item)
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
    items.swap(a, b);
}

/// `items := items ++ tail`.
pub fn vec_append<T>(items: &mut Vec<T>, mut tail: Vec<T>) {
    items.append(&mut tail);
}

/// `items := items[..at]`, and `items[at..]` is returned. Panics if `at > items.len()`.
pub fn vec_split_off<T>(items: &mut Vec<T>, at: usize) -> Vec<T> {
    items.split_off(at)
}

/// A vector whose elements are taken out one by one, each at most once.
///
/// The front end sees the vector itself: taking an element out reads it and changes nothing.
#[derive(Clone)]
pub struct Slots<T> {
    slots: Vec<Option<T>>,
}

/// All of `items`, none taken yet.
pub fn slots_new<T>(items: Vec<T>) -> Slots<T> {
    Slots {
        slots: items.into_iter().map(Some).collect(),
    }
}

/// `slots[index]`. Panics if `index` is out of bounds; must not be asked twice for one index.
pub fn slots_take<T>(slots: &mut Slots<T>, index: usize) -> T {
    match slots.slots[index].take() {
        Some(item) => item,
        None => panic!("an element was taken twice"),
    }
}
