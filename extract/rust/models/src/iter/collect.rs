//! What std's own types do as sources and targets of iteration: mirrors of `IntoIterator`,
//! `FromIterator`, `Extend`, `Sum`, `Product`, and of `Iterator` for `&mut I`.
//!
//! Not modelled: maps, sets, strings, `VecDeque`; sums of floats.

use crate::num::Int;

/// Mirror of `core::iter::IntoIterator` for std's collections.
pub trait IntoIterator {
    type Item;
    type IntoIter;
    fn into_iter(self) -> Self::IntoIter;
}

impl<T> IntoIterator for Vec<T> {
    type Item = T;
    type IntoIter = crate::vec::IntoIter<T>;

    fn into_iter(self) -> crate::vec::IntoIter<T> {
        crate::vec::into_iter(self)
    }
}

impl<'a, T> IntoIterator for &'a Vec<T> {
    type Item = &'a T;
    type IntoIter = crate::slice::Iter<'a, T>;

    fn into_iter(self) -> crate::slice::Iter<'a, T> {
        crate::slice::iter(self)
    }
}

impl<'a, T> IntoIterator for &'a mut Vec<T> {
    type Item = &'a mut T;
    type IntoIter = crate::slice::IterMut<'a, T>;

    fn into_iter(self) -> crate::slice::IterMut<'a, T> {
        crate::slice::iter_mut(self)
    }
}

impl<'a, T> IntoIterator for &'a [T] {
    type Item = &'a T;
    type IntoIter = crate::slice::Iter<'a, T>;

    fn into_iter(self) -> crate::slice::Iter<'a, T> {
        crate::slice::iter(self)
    }
}

impl<'a, T> IntoIterator for &'a mut [T] {
    type Item = &'a mut T;
    type IntoIter = crate::slice::IterMut<'a, T>;

    fn into_iter(self) -> crate::slice::IterMut<'a, T> {
        crate::slice::iter_mut(self)
    }
}

impl<T, const N: usize> IntoIterator for [T; N] {
    type Item = T;
    type IntoIter = crate::array::IntoIter<T, N>;

    fn into_iter(self) -> crate::array::IntoIter<T, N> {
        crate::array::into_iter(self)
    }
}

impl<'a, T, const N: usize> IntoIterator for &'a [T; N] {
    type Item = &'a T;
    type IntoIter = crate::slice::Iter<'a, T>;

    fn into_iter(self) -> crate::slice::Iter<'a, T> {
        crate::slice::iter(&self[..])
    }
}

impl<'a, T, const N: usize> IntoIterator for &'a mut [T; N] {
    type Item = &'a mut T;
    type IntoIter = crate::slice::IterMut<'a, T>;

    fn into_iter(self) -> crate::slice::IterMut<'a, T> {
        crate::slice::iter_mut(&mut self[..])
    }
}

impl<T> IntoIterator for Option<T> {
    type Item = T;
    type IntoIter = crate::option::IntoIter<T>;

    fn into_iter(self) -> crate::option::IntoIter<T> {
        crate::option::IntoIter { value: self }
    }
}

impl<'a, T> IntoIterator for &'a Option<T> {
    type Item = &'a T;
    type IntoIter = crate::option::Iter<'a, T>;

    fn into_iter(self) -> crate::option::Iter<'a, T> {
        crate::option::iter(self)
    }
}

impl<T, E> IntoIterator for Result<T, E> {
    type Item = T;
    type IntoIter = crate::result::IntoIter<T>;

    fn into_iter(self) -> crate::result::IntoIter<T> {
        crate::result::IntoIter {
            value: crate::result::ok(self),
        }
    }
}

/// Mirror of `core::iter::IntoIterator` for whatever is an iterator already.
///
/// It stands apart from [`IntoIterator`] because Rust can't know here that, say, `Vec` will
/// never be an iterator.
pub trait IteratorIntoIterator {
    type Item;
    type IntoIter;
    fn into_iter(self) -> Self::IntoIter;
}

impl<I: std::iter::Iterator> IteratorIntoIterator for I {
    type Item = I::Item;
    type IntoIter = I;

    fn into_iter(self) -> I {
        self
    }
}

/// Mirror of `core::iter::Iterator`.
pub trait Iterator {
    type Item;
    fn next(&mut self) -> Option<Self::Item>;
    fn nth(&mut self, n: usize) -> Option<Self::Item>;
}

impl<I: std::iter::Iterator + ?Sized> Iterator for &mut I {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        (**self).next()
    }

    fn nth(&mut self, n: usize) -> Option<I::Item> {
        (**self).nth(n)
    }
}

/// Mirror of `core::iter::DoubleEndedIterator`.
pub trait DoubleEndedIterator: Iterator {
    fn next_back(&mut self) -> Option<Self::Item>;
    fn nth_back(&mut self, n: usize) -> Option<Self::Item>;
}

impl<I: std::iter::DoubleEndedIterator + ?Sized> DoubleEndedIterator for &mut I {
    fn next_back(&mut self) -> Option<I::Item> {
        (**self).next_back()
    }

    fn nth_back(&mut self, n: usize) -> Option<I::Item> {
        (**self).nth_back(n)
    }
}

/// Mirror of `core::iter::ExactSizeIterator`.
pub trait ExactSizeIterator {
    fn len(&self) -> usize;
}

impl<I: std::iter::ExactSizeIterator + ?Sized> ExactSizeIterator for &mut I {
    fn len(&self) -> usize {
        (**self).len()
    }
}

/// Mirror of `core::iter::FromIterator`.
pub trait FromIterator<A> {
    fn from_iter<I: std::iter::IntoIterator<Item = A>>(iter: I) -> Self;
}

impl<T> FromIterator<T> for Vec<T> {
    fn from_iter<I: std::iter::IntoIterator<Item = T>>(iter: I) -> Vec<T> {
        crate::iter::to_vec(iter.into_iter())
    }
}

impl<A, V: std::iter::FromIterator<A>> FromIterator<Option<A>> for Option<V> {
    fn from_iter<I: std::iter::IntoIterator<Item = Option<A>>>(iter: I) -> Option<V> {
        let mut all = UntilNone {
            iter: iter.into_iter(),
            failed: false,
        };
        let value = V::from_iter(&mut all);
        if all.failed {
            None
        } else {
            Some(value)
        }
    }
}

/// The values that `iter` gives before its first `None`.
pub struct UntilNone<I> {
    pub iter: I,
    pub failed: bool,
}

impl<A, I: std::iter::Iterator<Item = Option<A>>> std::iter::Iterator for UntilNone<I> {
    type Item = A;

    fn next(&mut self) -> Option<A> {
        match self.iter.next() {
            Some(Some(item)) => Some(item),
            Some(None) => {
                self.failed = true;
                None
            }
            None => None,
        }
    }
}

impl<A, E, V: std::iter::FromIterator<A>> FromIterator<Result<A, E>> for Result<V, E> {
    fn from_iter<I: std::iter::IntoIterator<Item = Result<A, E>>>(iter: I) -> Result<V, E> {
        let mut all = UntilErr {
            iter: iter.into_iter(),
            error: None,
        };
        let value = V::from_iter(&mut all);
        match all.error {
            Some(error) => Err(error),
            None => Ok(value),
        }
    }
}

/// The values that `iter` gives before its first error, and that error.
pub struct UntilErr<I, E> {
    pub iter: I,
    pub error: Option<E>,
}

impl<A, E, I: std::iter::Iterator<Item = Result<A, E>>> std::iter::Iterator for UntilErr<I, E> {
    type Item = A;

    fn next(&mut self) -> Option<A> {
        match self.iter.next() {
            Some(Ok(item)) => Some(item),
            Some(Err(error)) => {
                self.error = Some(error);
                None
            }
            None => None,
        }
    }
}

/// Mirror of `core::iter::Extend`.
pub trait Extend<A> {
    fn extend<I: std::iter::IntoIterator<Item = A>>(&mut self, iter: I);
}

impl<T> Extend<T> for Vec<T> {
    fn extend<I: std::iter::IntoIterator<Item = T>>(&mut self, iter: I) {
        let mut iter = iter.into_iter();
        while let Some(item) = iter.next() {
            self.push(item);
        }
    }
}

impl<'a, T: Copy + 'a> Extend<&'a T> for Vec<T> {
    fn extend<I: std::iter::IntoIterator<Item = &'a T>>(&mut self, iter: I) {
        let mut iter = iter.into_iter();
        while let Some(item) = iter.next() {
            self.push(*item);
        }
    }
}

/// Mirror of `core::iter::Sum`.
pub trait Sum<A = Self> {
    fn sum<I: std::iter::Iterator<Item = A>>(iter: I) -> Self;
}

impl<T: Int> Sum for T {
    fn sum<I: std::iter::Iterator<Item = T>>(iter: I) -> T {
        let mut iter = iter;
        let mut acc = T::ZERO;
        while let Some(item) = iter.next() {
            acc = acc + item;
        }
        acc
    }
}

impl<'a, T: Int + 'a> Sum<&'a T> for T {
    fn sum<I: std::iter::Iterator<Item = &'a T>>(iter: I) -> T {
        let mut iter = iter;
        let mut acc = T::ZERO;
        while let Some(item) = iter.next() {
            acc = acc + *item;
        }
        acc
    }
}

/// Mirror of `core::iter::Product`.
pub trait Product<A = Self> {
    fn product<I: std::iter::Iterator<Item = A>>(iter: I) -> Self;
}

impl<T: Int> Product for T {
    fn product<I: std::iter::Iterator<Item = T>>(iter: I) -> T {
        let mut iter = iter;
        let mut acc = T::ONE;
        while let Some(item) = iter.next() {
            acc = acc * item;
        }
        acc
    }
}

impl<'a, T: Int + 'a> Product<&'a T> for T {
    fn product<I: std::iter::Iterator<Item = &'a T>>(iter: I) -> T {
        let mut iter = iter;
        let mut acc = T::ONE;
        while let Some(item) = iter.next() {
            acc = acc * *item;
        }
        acc
    }
}
