//! `core::slice` and `alloc::slice`: methods of `[T]`, and the iterators over slices.
//!
//! `len`, `split_at_mut`, indexing by positions and by ranges are native to the front end. An element is read as
//! `s[i]`, so loops here need no more than the facts about indices.
//!
//! Not modelled: chunks from the end, `split` and the other searches for separators, sorting, `concat`/`join`, raw parts, `as_chunks`.

pub mod index;
pub mod iterators;

pub use index::{OneSidedRange, SliceIndex};
pub use iterators::{Chunks, ChunksExact, ChunksExactMut, ChunksMut, Iter, IterMut, Windows};

use std::cmp::Ordering;

use crate::primitive::{slice_assign, slice_swap};

pub fn is_empty<T>(slice: &[T]) -> bool {
    slice.len() == 0
}

pub fn first<T>(slice: &[T]) -> Option<&T> {
    if slice.len() == 0 {
        None
    } else {
        Some(&slice[0])
    }
}

pub fn last<T>(slice: &[T]) -> Option<&T> {
    if slice.len() == 0 {
        None
    } else {
        Some(&slice[slice.len() - 1])
    }
}

pub fn first_mut<T>(slice: &mut [T]) -> Option<&mut T> {
    if slice.len() == 0 {
        None
    } else {
        Some(&mut slice[0])
    }
}

pub fn last_mut<T>(slice: &mut [T]) -> Option<&mut T> {
    if slice.len() == 0 {
        None
    } else {
        let i = slice.len() - 1;
        Some(&mut slice[i])
    }
}

pub fn get<T, I: SliceIndex<[T]>>(slice: &[T], index: I) -> Option<&I::Output> {
    index.get(slice)
}

pub fn get_mut<T, I: SliceIndex<[T]>>(slice: &mut [T], index: I) -> Option<&mut I::Output> {
    index.get_mut(slice)
}

pub fn split_at<T>(slice: &[T], mid: usize) -> (&[T], &[T]) {
    if mid > slice.len() {
        panic!("mid > len");
    }
    (&slice[..mid], &slice[mid..])
}

pub fn split_at_checked<T>(slice: &[T], mid: usize) -> Option<(&[T], &[T])> {
    if mid > slice.len() {
        None
    } else {
        Some((&slice[..mid], &slice[mid..]))
    }
}

pub fn split_first<T>(slice: &[T]) -> Option<(&T, &[T])> {
    if slice.len() == 0 {
        None
    } else {
        Some((&slice[0], &slice[1..]))
    }
}

pub fn split_last<T>(slice: &[T]) -> Option<(&T, &[T])> {
    let len = slice.len();
    if len == 0 {
        None
    } else {
        Some((&slice[len - 1], &slice[..len - 1]))
    }
}

/// Cut off and return the part of `*slice` that `range` names, if there is so much.
pub fn split_off<'a, T, R: OneSidedRange>(slice: &mut &'a [T], range: R) -> Option<&'a [T]> {
    let whole: &'a [T] = *slice;
    let at = match range.split_point() {
        Some(at) => at,
        None => return None,
    };
    if at > whole.len() {
        return None;
    }
    if R::FRONT {
        *slice = &whole[at..];
        Some(&whole[..at])
    } else {
        *slice = &whole[..at];
        Some(&whole[at..])
    }
}

pub fn split_off_first<'a, T>(slice: &mut &'a [T]) -> Option<&'a T> {
    let whole: &'a [T] = *slice;
    if whole.len() == 0 {
        return None;
    }
    *slice = &whole[1..];
    Some(&whole[0])
}

pub fn split_off_last<'a, T>(slice: &mut &'a [T]) -> Option<&'a T> {
    let whole: &'a [T] = *slice;
    if whole.len() == 0 {
        return None;
    }
    let at = whole.len() - 1;
    *slice = &whole[..at];
    Some(&whole[at])
}

pub fn iter<T>(slice: &[T]) -> Iter<'_, T> {
    Iter {
        slice,
        start: 0,
        end: slice.len(),
    }
}

pub fn iter_mut<T>(slice: &mut [T]) -> IterMut<'_, T> {
    IterMut { rest: slice }
}

pub fn chunks<T>(slice: &[T], chunk_size: usize) -> Chunks<'_, T> {
    if chunk_size == 0 {
        panic!("chunk size must be non-zero");
    }
    Chunks {
        slice,
        size: chunk_size,
        start: 0,
        end: slice.len(),
    }
}

pub fn chunks_exact<T>(slice: &[T], chunk_size: usize) -> ChunksExact<'_, T> {
    if chunk_size == 0 {
        panic!("chunk size must be non-zero");
    }
    ChunksExact {
        slice,
        size: chunk_size,
        start: 0,
        end: slice.len() - slice.len() % chunk_size,
        whole: slice.len() - slice.len() % chunk_size,
    }
}

pub fn chunks_mut<T>(slice: &mut [T], chunk_size: usize) -> ChunksMut<'_, T> {
    if chunk_size == 0 {
        panic!("chunk size must be non-zero");
    }
    ChunksMut {
        rest: slice,
        size: chunk_size,
    }
}

pub fn chunks_exact_mut<T>(slice: &mut [T], chunk_size: usize) -> ChunksExactMut<'_, T> {
    if chunk_size == 0 {
        panic!("chunk size must be non-zero");
    }
    let whole = slice.len() - slice.len() % chunk_size;
    ChunksExactMut {
        rest: &mut slice[..whole],
        size: chunk_size,
    }
}

pub fn windows<T>(slice: &[T], size: usize) -> Windows<'_, T> {
    if size == 0 {
        panic!("window size must be non-zero");
    }
    Windows {
        slice,
        size,
        start: 0,
        end: if slice.len() < size {
            0
        } else {
            slice.len() - size + 1
        },
    }
}

pub fn contains<T: PartialEq>(slice: &[T], item: &T) -> bool {
    let mut i = 0;
    while i < slice.len() {
        if slice[i] == *item {
            return true;
        }
        i += 1;
    }
    false
}

/// Are `a` and `b`, of equal lengths, equal element by element?
pub fn equal<A: PartialEq<B>, B>(a: &[A], b: &[B]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

pub fn starts_with<T: PartialEq>(slice: &[T], needle: &[T]) -> bool {
    let n = needle.len();
    slice.len() >= n && equal(needle, &slice[..n])
}

pub fn ends_with<T: PartialEq>(slice: &[T], needle: &[T]) -> bool {
    let (m, n) = (slice.len(), needle.len());
    m >= n && equal(needle, &slice[m - n..])
}

pub fn copy_from_slice<T: Copy>(target: &mut [T], source: &[T]) {
    slice_assign(target, source);
}

pub fn clone_from_slice<T: Clone>(target: &mut [T], source: &[T]) {
    if target.len() != source.len() {
        panic!("destination and source slices have different lengths");
    }
    let mut i = 0;
    while i < target.len() {
        target[i] = source[i].clone();
        i += 1;
    }
}

pub fn fill<T: Clone>(slice: &mut [T], value: T) {
    // The last element gets `value` itself, so that there is one clone fewer than elements.
    let len = slice.len();
    if len == 0 {
        return;
    }
    let mut i = 0;
    while i < len - 1 {
        slice[i] = value.clone();
        i += 1;
    }
    slice[len - 1] = value;
}

pub fn fill_with<T, F: FnMut() -> T>(slice: &mut [T], f: F) {
    let mut f = f;
    let mut i = 0;
    while i < slice.len() {
        slice[i] = f();
        i += 1;
    }
}

pub fn swap<T>(slice: &mut [T], a: usize, b: usize) {
    slice_swap(slice, a, b);
}

pub fn reverse<T>(slice: &mut [T]) {
    let len = slice.len();
    let mut i = 0;
    while i < len / 2 {
        slice_swap(slice, i, len - 1 - i);
        i += 1;
    }
}

pub fn swap_with_slice<T>(a: &mut [T], b: &mut [T]) {
    if a.len() != b.len() {
        panic!("destination and source slices have different lengths");
    }
    let mut i = 0;
    while i < a.len() {
        std::mem::swap(&mut a[i], &mut b[i]);
        i += 1;
    }
}

pub fn rotate_left<T>(slice: &mut [T], mid: usize) {
    if mid > slice.len() {
        panic!("assertion failed: mid <= self.len()");
    }
    let len = slice.len();
    reverse(&mut slice[..mid]);
    reverse(&mut slice[mid..]);
    reverse(&mut slice[..len]);
}

pub fn rotate_right<T>(slice: &mut [T], k: usize) {
    if k > slice.len() {
        panic!("assertion failed: k <= self.len()");
    }
    let mid = slice.len() - k;
    rotate_left(slice, mid);
}

pub fn binary_search<T: Ord>(slice: &[T], item: &T) -> Result<usize, usize> {
    binary_search_by(slice, |probe| probe.cmp(item))
}

/// std's own order of probes, so that the answer among equal elements is std's too.
pub fn binary_search_by<'a, T, F: FnMut(&'a T) -> Ordering>(
    slice: &'a [T],
    f: F,
) -> Result<usize, usize> {
    let mut f = f;
    let mut size = slice.len();
    if size == 0 {
        return Err(0);
    }
    let mut base = 0;
    while size > 1 {
        let half = size / 2;
        let mid = base + half;
        if f(&slice[mid]) != Ordering::Greater {
            base = mid;
        }
        size -= half;
    }
    match f(&slice[base]) {
        Ordering::Equal => Ok(base),
        Ordering::Less => Err(base + 1),
        Ordering::Greater => Err(base),
    }
}

pub fn binary_search_by_key<'a, T, B: Ord, F: FnMut(&'a T) -> B>(
    slice: &'a [T],
    key: &B,
    f: F,
) -> Result<usize, usize> {
    let mut f = f;
    binary_search_by(slice, |probe| f(probe).cmp(key))
}

pub fn partition_point<T, P: FnMut(&T) -> bool>(slice: &[T], predicate: P) -> usize {
    let mut predicate = predicate;
    let found = binary_search_by(slice, |probe| {
        if predicate(probe) {
            Ordering::Less
        } else {
            Ordering::Greater
        }
    });
    match found {
        Ok(i) => i,
        Err(i) => i,
    }
}

pub fn to_vec<T: Clone>(slice: &[T]) -> Vec<T> {
    let mut items = Vec::with_capacity(slice.len());
    let mut i = 0;
    while i < slice.len() {
        items.push(slice[i].clone());
        i += 1;
    }
    items
}
