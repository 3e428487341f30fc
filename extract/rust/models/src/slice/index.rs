//! What `get`, `get_mut` and `split_off` take: positions and ranges.

use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

/// Mirror of `core::slice::SliceIndex`: looking a position or range up in a slice.
pub trait SliceIndex<S: ?Sized> {
    type Output: ?Sized;
    fn get(self, slice: &S) -> Option<&Self::Output>;
    fn get_mut(self, slice: &mut S) -> Option<&mut Self::Output>;
}

impl<T> SliceIndex<[T]> for usize {
    type Output = T;

    fn get(self, slice: &[T]) -> Option<&T> {
        if self < slice.len() {
            Some(&slice[self])
        } else {
            None
        }
    }

    fn get_mut(self, slice: &mut [T]) -> Option<&mut T> {
        if self < slice.len() {
            Some(&mut slice[self])
        } else {
            None
        }
    }
}

impl<T> SliceIndex<[T]> for Range<usize> {
    type Output = [T];

    fn get(self, slice: &[T]) -> Option<&[T]> {
        if self.start <= self.end && self.end <= slice.len() {
            Some(&slice[self.start..self.end])
        } else {
            None
        }
    }

    fn get_mut(self, slice: &mut [T]) -> Option<&mut [T]> {
        if self.start <= self.end && self.end <= slice.len() {
            Some(&mut slice[self.start..self.end])
        } else {
            None
        }
    }
}

impl<T> SliceIndex<[T]> for RangeTo<usize> {
    type Output = [T];

    fn get(self, slice: &[T]) -> Option<&[T]> {
        if self.end <= slice.len() {
            Some(&slice[..self.end])
        } else {
            None
        }
    }

    fn get_mut(self, slice: &mut [T]) -> Option<&mut [T]> {
        if self.end <= slice.len() {
            Some(&mut slice[..self.end])
        } else {
            None
        }
    }
}

impl<T> SliceIndex<[T]> for RangeFrom<usize> {
    type Output = [T];

    fn get(self, slice: &[T]) -> Option<&[T]> {
        if self.start <= slice.len() {
            Some(&slice[self.start..])
        } else {
            None
        }
    }

    fn get_mut(self, slice: &mut [T]) -> Option<&mut [T]> {
        if self.start <= slice.len() {
            Some(&mut slice[self.start..])
        } else {
            None
        }
    }
}

impl<T> SliceIndex<[T]> for RangeFull {
    type Output = [T];

    fn get(self, slice: &[T]) -> Option<&[T]> {
        Some(slice)
    }

    fn get_mut(self, slice: &mut [T]) -> Option<&mut [T]> {
        Some(slice)
    }
}

impl<T> SliceIndex<[T]> for RangeInclusive<usize> {
    type Output = [T];

    fn get(self, slice: &[T]) -> Option<&[T]> {
        match bounds(self, slice.len()) {
            Some((from, to)) => Some(&slice[from..to]),
            None => None,
        }
    }

    fn get_mut(self, slice: &mut [T]) -> Option<&mut [T]> {
        match bounds(self, slice.len()) {
            Some((from, to)) => Some(&mut slice[from..to]),
            None => None,
        }
    }
}

impl<T> SliceIndex<[T]> for RangeToInclusive<usize> {
    type Output = [T];

    fn get(self, slice: &[T]) -> Option<&[T]> {
        if self.end < slice.len() {
            Some(&slice[..self.end + 1])
        } else {
            None
        }
    }

    fn get_mut(self, slice: &mut [T]) -> Option<&mut [T]> {
        if self.end < slice.len() {
            Some(&mut slice[..self.end + 1])
        } else {
            None
        }
    }
}

/// The half-open form of `range`, if it lies within `len` elements.
fn bounds(range: RangeInclusive<usize>, len: usize) -> Option<(usize, usize)> {
    let empty = range.is_empty();
    let (start, end) = range.into_inner();
    if end == usize::MAX || end + 1 > len || start > end + 1 {
        return None;
    }
    // A range that was consumed to its end is empty.
    if empty && start <= end {
        Some((end + 1, end + 1))
    } else {
        Some((start, end + 1))
    }
}

/// Mirror of `core::ops::OneSidedRange`: a range that cuts a slice in two.
pub trait OneSidedRange {
    /// Is the part before the cut the one that is meant?
    const FRONT: bool;
    /// Where the cut is, if it can be said in a `usize`.
    fn split_point(self) -> Option<usize>;
}

impl OneSidedRange for RangeTo<usize> {
    const FRONT: bool = true;

    fn split_point(self) -> Option<usize> {
        Some(self.end)
    }
}

impl OneSidedRange for RangeToInclusive<usize> {
    const FRONT: bool = true;

    fn split_point(self) -> Option<usize> {
        self.end.checked_add(1)
    }
}

impl OneSidedRange for RangeFrom<usize> {
    const FRONT: bool = false;

    fn split_point(self) -> Option<usize> {
        Some(self.start)
    }
}
