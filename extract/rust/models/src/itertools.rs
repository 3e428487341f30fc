//! A few methods of the crate `itertools`, version 0.14.
//!
//! `next_tuple` is modelled for pairs only.

/// `Itertools::next_tuple::<(T, T)>`.
pub fn next_tuple<I: Iterator, P: Pair<I::Item>>(iter: &mut I) -> Option<P> {
    match iter.next() {
        Some(first) => match iter.next() {
            Some(second) => Some(P::pair(first, second)),
            None => None,
        },
        None => None,
    }
}

/// The tuples that `next_tuple` can make of two items.
pub trait Pair<T> {
    fn pair(first: T, second: T) -> Self;
}

impl<T> Pair<T> for (T, T) {
    fn pair(first: T, second: T) -> (T, T) {
        (first, second)
    }
}

/// `Itertools::collect_vec`.
pub fn collect_vec<I: Iterator>(iter: I) -> Vec<I::Item> {
    crate::iter::to_vec(iter)
}

/// `Itertools::all_equal`.
pub fn all_equal<I: Iterator>(iter: &mut I) -> bool
where
    I::Item: PartialEq,
{
    match iter.next() {
        Some(first) => {
            while let Some(item) = iter.next() {
                if !(first == item) {
                    return false;
                }
            }
            true
        }
        None => true,
    }
}
