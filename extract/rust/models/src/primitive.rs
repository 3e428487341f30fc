//! Operations that the supported subset of Rust can't express.
//!
//! Each has a body, so that the crate runs and is tested like any other, but the front end never
//! lifts that body: it gives the function the meaning stated in its comment, in terms of
//! sequences. `models.toml` lists them under `[primitives]`.

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

/// The array with copies of the elements of `items`. Panics unless there are exactly `N`.
pub fn array_from_slice<T: Copy, const N: usize>(items: &[T]) -> [T; N] {
    match items.try_into() {
        Ok(array) => array,
        Err(_) => panic!("wrong number of elements for an array"),
    }
}

/// `items` seen as an array. Panics unless it has exactly `N` elements.
pub fn array_ref_from_slice<T, const N: usize>(items: &[T]) -> &[T; N] {
    match items.try_into() {
        Ok(array) => array,
        Err(_) => panic!("wrong number of elements for an array"),
    }
}

/// `items` seen as a slice of one element.
pub fn slice_from_ref<T>(item: &T) -> &[T] {
    std::slice::from_ref(item)
}

/// The vector of `count` copies of `item`.
pub fn vec_repeat<T: Copy>(item: T, count: usize) -> Vec<T> {
    vec![item; count]
}

/// The vector with copies of the elements of `items`.
pub fn vec_from_slice<T: Copy>(items: &[T]) -> Vec<T> {
    items.to_vec()
}

/// `target[i] := source[i]` for every `i`. Panics unless the lengths are equal.
pub fn slice_assign<T: Copy>(target: &mut [T], source: &[T]) {
    target.copy_from_slice(source);
}

/// `target[i] := item` for every `i`.
pub fn slice_fill<T: Copy>(target: &mut [T], item: T) {
    target.fill(item);
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
