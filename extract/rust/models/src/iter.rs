//! `core::iter`: the provided methods of `Iterator`, `DoubleEndedIterator` and
//! `ExactSizeIterator`, with `Self` as first type argument; adapters, sources and collections
//! stand in the submodules.
//!
//! Adapters are lazy, as in std: building one runs nothing, and an item is computed when it is
//! asked for. Consumers that std specialises (slices, ranges, chains) call the closures in the
//! same order. Not modelled: `size_hint`, `rev` without `DoubleEndedIterator`, unstable methods.
//!
//! Loop invariants: `acc` is the value accumulated over the items given so far, `iter` is the
//! iterator with the rest, `i` counts the items given.

pub mod adapters;
pub mod collect;
pub mod flatten;
pub mod sources;
pub mod step;

pub use adapters::{
    Chain, Cloned, Copied, Cycle, Enumerate, Filter, FilterMap, Fuse, Inspect, Map, MapWhile,
    Peekable, Rev, Scan, Skip, SkipWhile, StepBy, Take, TakeWhile, Zip,
};
pub use flatten::{FlatMap, Flatten};

use std::cmp::Ordering;

use crate::ops::Attempt;

// Adapters -----------------------------------------------------------------------------------

pub fn map<I: Iterator, B, F: FnMut(I::Item) -> B>(iter: I, f: F) -> Map<I, F> {
    Map { iter, f }
}

pub fn filter<I: Iterator, P: FnMut(&I::Item) -> bool>(iter: I, predicate: P) -> Filter<I, P> {
    Filter { iter, predicate }
}

pub fn filter_map<I: Iterator, B, F: FnMut(I::Item) -> Option<B>>(
    iter: I,
    f: F,
) -> FilterMap<I, F> {
    FilterMap { iter, f }
}

pub fn enumerate<I: Iterator>(iter: I) -> Enumerate<I> {
    Enumerate { iter, count: 0 }
}

pub fn zip<I: Iterator, U: IntoIterator>(iter: I, other: U) -> Zip<I, U::IntoIter> {
    Zip {
        a: iter,
        b: other.into_iter(),
    }
}

pub fn chain<I: Iterator, U: IntoIterator<Item = I::Item>>(
    iter: I,
    other: U,
) -> Chain<I, U::IntoIter> {
    Chain {
        a: Some(iter),
        b: Some(other.into_iter()),
    }
}

pub fn rev<I: DoubleEndedIterator>(iter: I) -> Rev<I> {
    Rev { iter }
}

pub fn take<I: Iterator>(iter: I, n: usize) -> Take<I> {
    Take { iter, n }
}

pub fn skip<I: Iterator>(iter: I, n: usize) -> Skip<I> {
    Skip { iter, n }
}

pub fn step_by<I: Iterator>(iter: I, step: usize) -> StepBy<I> {
    if step == 0 {
        panic!("assertion failed: step != 0");
    }
    StepBy {
        iter,
        step_minus_one: step - 1,
        first_take: true,
    }
}

pub fn take_while<I: Iterator, P: FnMut(&I::Item) -> bool>(
    iter: I,
    predicate: P,
) -> TakeWhile<I, P> {
    TakeWhile {
        iter,
        done: false,
        predicate,
    }
}

pub fn skip_while<I: Iterator, P: FnMut(&I::Item) -> bool>(
    iter: I,
    predicate: P,
) -> SkipWhile<I, P> {
    SkipWhile {
        iter,
        started: false,
        predicate,
    }
}

pub fn map_while<I: Iterator, B, P: FnMut(I::Item) -> Option<B>>(
    iter: I,
    predicate: P,
) -> MapWhile<I, P> {
    MapWhile { iter, predicate }
}

pub fn scan<I: Iterator, St, B, F: FnMut(&mut St, I::Item) -> Option<B>>(
    iter: I,
    initial_state: St,
    f: F,
) -> Scan<I, St, F> {
    Scan {
        iter,
        f,
        state: initial_state,
    }
}

pub fn inspect<I: Iterator, F: FnMut(&I::Item)>(iter: I, f: F) -> Inspect<I, F> {
    Inspect { iter, f }
}

pub fn peekable<I: Iterator>(iter: I) -> Peekable<I> {
    Peekable { iter, peeked: None }
}

pub fn fuse<I: Iterator>(iter: I) -> Fuse<I> {
    Fuse { iter: Some(iter) }
}

pub fn copied<'a, I: Iterator<Item = &'a T>, T: Copy + 'a>(iter: I) -> Copied<I> {
    Copied { iter }
}

pub fn cloned<'a, I: Iterator<Item = &'a T>, T: Clone + 'a>(iter: I) -> Cloned<I> {
    Cloned { iter }
}

pub fn cycle<I: Iterator + Clone>(iter: I) -> Cycle<I> {
    Cycle {
        original: iter.clone(),
        iter,
    }
}

pub fn flat_map<I: Iterator, U: IntoIterator, F: FnMut(I::Item) -> U>(
    iter: I,
    f: F,
) -> FlatMap<I, U, F> {
    FlatMap {
        iter: Some(iter),
        f,
        front: None,
        back: None,
    }
}

pub fn flatten<I: Iterator<Item: IntoIterator>>(iter: I) -> Flatten<I> {
    Flatten {
        iter: Some(iter),
        front: None,
        back: None,
    }
}

pub fn by_ref<I: Iterator>(iter: &mut I) -> &mut I {
    iter
}

// Folds --------------------------------------------------------------------------------------

pub fn fold<I: Iterator, B, F: FnMut(B, I::Item) -> B>(iter: I, init: B, f: F) -> B {
    let mut f = f;
    let mut iter = iter;
    let mut acc = init;
    while let Some(item) = iter.next() {
        acc = f(acc, item);
    }
    acc
}

pub fn rfold<I: DoubleEndedIterator, B, F: FnMut(B, I::Item) -> B>(iter: I, init: B, f: F) -> B {
    let mut f = f;
    let mut iter = iter;
    let mut acc = init;
    while let Some(item) = iter.next_back() {
        acc = f(acc, item);
    }
    acc
}

pub fn try_fold<I: Iterator, B, F: FnMut(B, I::Item) -> R, R: Attempt<Output = B>>(
    iter: &mut I,
    init: B,
    f: F,
) -> R {
    let mut f = f;
    let mut acc = init;
    while let Some(item) = iter.next() {
        match f(acc, item).go_on() {
            Ok(next) => acc = next,
            Err(stop) => return stop,
        }
    }
    R::done(acc)
}

pub fn try_rfold<I: DoubleEndedIterator, B, F: FnMut(B, I::Item) -> R, R: Attempt<Output = B>>(
    iter: &mut I,
    init: B,
    f: F,
) -> R {
    let mut f = f;
    let mut acc = init;
    while let Some(item) = iter.next_back() {
        match f(acc, item).go_on() {
            Ok(next) => acc = next,
            Err(stop) => return stop,
        }
    }
    R::done(acc)
}

pub fn try_for_each<I: Iterator, F: FnMut(I::Item) -> R, R: Attempt<Output = ()>>(
    iter: &mut I,
    f: F,
) -> R {
    let mut f = f;
    while let Some(item) = iter.next() {
        match f(item).go_on() {
            Ok(()) => {}
            Err(stop) => return stop,
        }
    }
    R::done(())
}

pub fn for_each<I: Iterator, F: FnMut(I::Item)>(iter: I, f: F) {
    let mut f = f;
    let mut iter = iter;
    while let Some(item) = iter.next() {
        f(item);
    }
}

pub fn reduce<I: Iterator, F: FnMut(I::Item, I::Item) -> I::Item>(
    iter: I,
    f: F,
) -> Option<I::Item> {
    let mut iter = iter;
    match iter.next() {
        Some(first) => Some(fold(iter, first, f)),
        None => None,
    }
}

pub fn sum<I: Iterator, S: std::iter::Sum<I::Item>>(iter: I) -> S {
    S::sum(iter)
}

pub fn product<I: Iterator, P: std::iter::Product<I::Item>>(iter: I) -> P {
    P::product(iter)
}

pub fn collect<I: Iterator, B: FromIterator<I::Item>>(iter: I) -> B {
    B::from_iter(iter)
}

/// What `collect::<Vec<_>>` does. Invariant of the loop: `items` are the items given so far.
pub fn to_vec<I: Iterator>(iter: I) -> Vec<I::Item> {
    let mut iter = iter;
    let mut items = Vec::new();
    while let Some(item) = iter.next() {
        items.push(item);
    }
    items
}

pub fn unzip<I: Iterator<Item = (A, B)>, A, B, FromA, FromB>(iter: I) -> (FromA, FromB)
where
    FromA: Default + Extend<A>,
    FromB: Default + Extend<B>,
{
    let mut iter = iter;
    let mut left = FromA::default();
    let mut right = FromB::default();
    while let Some((a, b)) = iter.next() {
        left.extend(Some(a));
        right.extend(Some(b));
    }
    (left, right)
}

pub fn partition<I: Iterator, B: Default + Extend<I::Item>, F: FnMut(&I::Item) -> bool>(
    iter: I,
    f: F,
) -> (B, B) {
    let mut f = f;
    let mut iter = iter;
    let mut left = B::default();
    let mut right = B::default();
    while let Some(item) = iter.next() {
        if f(&item) {
            left.extend(Some(item));
        } else {
            right.extend(Some(item));
        }
    }
    (left, right)
}

// Positions ----------------------------------------------------------------------------------

pub fn count<I: Iterator>(iter: I) -> usize {
    let mut iter = iter;
    let mut i = 0;
    while let Some(_) = iter.next() {
        i += 1;
    }
    i
}

pub fn last<I: Iterator>(iter: I) -> Option<I::Item> {
    let mut iter = iter;
    let mut acc = None;
    while let Some(item) = iter.next() {
        acc = Some(item);
    }
    acc
}

pub fn nth<I: Iterator>(iter: &mut I, n: usize) -> Option<I::Item> {
    let mut i = 0;
    while i < n {
        if let None = iter.next() {
            return None;
        }
        i += 1;
    }
    iter.next()
}

pub fn nth_back<I: DoubleEndedIterator>(iter: &mut I, n: usize) -> Option<I::Item> {
    let mut i = 0;
    while i < n {
        if let None = iter.next_back() {
            return None;
        }
        i += 1;
    }
    iter.next_back()
}

pub fn position<I: Iterator, P: FnMut(I::Item) -> bool>(
    iter: &mut I,
    predicate: P,
) -> Option<usize> {
    let mut predicate = predicate;
    let mut i = 0;
    while let Some(item) = iter.next() {
        if predicate(item) {
            return Some(i);
        }
        i += 1;
    }
    None
}

pub fn rposition<I, P>(iter: &mut I, predicate: P) -> Option<usize>
where
    I: ExactSizeIterator + DoubleEndedIterator,
    P: FnMut(I::Item) -> bool,
{
    let mut predicate = predicate;
    let mut i = iter.len();
    while let Some(item) = iter.next_back() {
        i -= 1;
        if predicate(item) {
            return Some(i);
        }
    }
    None
}

/// `ExactSizeIterator::len`, for types that leave it to their `size_hint`.
pub fn len<I: ExactSizeIterator>(iter: &I) -> usize {
    match iter.size_hint() {
        (lower, Some(upper)) => {
            if lower != upper {
                panic!("assertion `left == right` failed");
            }
            lower
        }
        (_, None) => panic!("assertion `left == right` failed"),
    }
}

// Searches -----------------------------------------------------------------------------------

pub fn all<I: Iterator, F: FnMut(I::Item) -> bool>(iter: &mut I, f: F) -> bool {
    let mut f = f;
    while let Some(item) = iter.next() {
        if !f(item) {
            return false;
        }
    }
    true
}

pub fn any<I: Iterator, F: FnMut(I::Item) -> bool>(iter: &mut I, f: F) -> bool {
    let mut f = f;
    while let Some(item) = iter.next() {
        if f(item) {
            return true;
        }
    }
    false
}

pub fn find<I: Iterator, P: FnMut(&I::Item) -> bool>(
    iter: &mut I,
    predicate: P,
) -> Option<I::Item> {
    let mut predicate = predicate;
    while let Some(item) = iter.next() {
        if predicate(&item) {
            return Some(item);
        }
    }
    None
}

pub fn rfind<I: DoubleEndedIterator, P: FnMut(&I::Item) -> bool>(
    iter: &mut I,
    predicate: P,
) -> Option<I::Item> {
    let mut predicate = predicate;
    while let Some(item) = iter.next_back() {
        if predicate(&item) {
            return Some(item);
        }
    }
    None
}

pub fn find_map<I: Iterator, B, F: FnMut(I::Item) -> Option<B>>(iter: &mut I, f: F) -> Option<B> {
    let mut f = f;
    while let Some(item) = iter.next() {
        if let Some(found) = f(item) {
            return Some(found);
        }
    }
    None
}

// Extremes: of equal items, the last for a maximum and the first for a minimum ------------------

pub fn max<I: Iterator<Item: Ord>>(iter: I) -> Option<I::Item> {
    max_by(iter, |a, b| a.cmp(b))
}

pub fn min<I: Iterator<Item: Ord>>(iter: I) -> Option<I::Item> {
    min_by(iter, |a, b| a.cmp(b))
}

pub fn max_by<I: Iterator, F: FnMut(&I::Item, &I::Item) -> Ordering>(
    iter: I,
    compare: F,
) -> Option<I::Item> {
    let mut compare = compare;
    let mut iter = iter;
    let mut acc = match iter.next() {
        Some(first) => first,
        None => return None,
    };
    while let Some(item) = iter.next() {
        match compare(&acc, &item) {
            Ordering::Greater => {}
            _ => acc = item,
        }
    }
    Some(acc)
}

pub fn min_by<I: Iterator, F: FnMut(&I::Item, &I::Item) -> Ordering>(
    iter: I,
    compare: F,
) -> Option<I::Item> {
    let mut compare = compare;
    let mut iter = iter;
    let mut acc = match iter.next() {
        Some(first) => first,
        None => return None,
    };
    while let Some(item) = iter.next() {
        match compare(&acc, &item) {
            Ordering::Greater => acc = item,
            _ => {}
        }
    }
    Some(acc)
}

pub fn max_by_key<I: Iterator, B: Ord, F: FnMut(&I::Item) -> B>(iter: I, f: F) -> Option<I::Item> {
    let mut f = f;
    let mut iter = iter;
    let mut acc = match iter.next() {
        Some(first) => first,
        None => return None,
    };
    let mut key = f(&acc);
    while let Some(item) = iter.next() {
        let other = f(&item);
        match key.cmp(&other) {
            Ordering::Greater => {}
            _ => {
                acc = item;
                key = other;
            }
        }
    }
    Some(acc)
}

pub fn min_by_key<I: Iterator, B: Ord, F: FnMut(&I::Item) -> B>(iter: I, f: F) -> Option<I::Item> {
    let mut f = f;
    let mut iter = iter;
    let mut acc = match iter.next() {
        Some(first) => first,
        None => return None,
    };
    let mut key = f(&acc);
    while let Some(item) = iter.next() {
        let other = f(&item);
        match key.cmp(&other) {
            Ordering::Greater => {
                acc = item;
                key = other;
            }
            _ => {}
        }
    }
    Some(acc)
}

// Comparisons --------------------------------------------------------------------------------

pub fn eq<I: Iterator, J: IntoIterator>(iter: I, other: J) -> bool
where
    I::Item: PartialEq<J::Item>,
{
    let mut iter = iter;
    let mut other = other.into_iter();
    while let Some(a) = iter.next() {
        match other.next() {
            Some(b) => {
                if !(a == b) {
                    return false;
                }
            }
            None => return false,
        }
    }
    match other.next() {
        Some(_) => false,
        None => true,
    }
}

pub fn ne<I: Iterator, J: IntoIterator>(iter: I, other: J) -> bool
where
    I::Item: PartialEq<J::Item>,
{
    !eq(iter, other)
}

pub fn cmp<I: Iterator, J: IntoIterator<Item = I::Item>>(iter: I, other: J) -> Ordering
where
    I::Item: Ord,
{
    let mut iter = iter;
    let mut other = other.into_iter();
    while let Some(a) = iter.next() {
        match other.next() {
            Some(b) => match a.cmp(&b) {
                Ordering::Equal => {}
                order => return order,
            },
            None => return Ordering::Greater,
        }
    }
    match other.next() {
        Some(_) => Ordering::Less,
        None => Ordering::Equal,
    }
}

pub fn partial_cmp<I: Iterator, J: IntoIterator>(iter: I, other: J) -> Option<Ordering>
where
    I::Item: PartialOrd<J::Item>,
{
    let mut iter = iter;
    let mut other = other.into_iter();
    while let Some(a) = iter.next() {
        match other.next() {
            Some(b) => match a.partial_cmp(&b) {
                Some(Ordering::Equal) => {}
                order => return order,
            },
            None => return Some(Ordering::Greater),
        }
    }
    match other.next() {
        Some(_) => Some(Ordering::Less),
        None => Some(Ordering::Equal),
    }
}

pub fn is_sorted<I: Iterator>(iter: I) -> bool
where
    I::Item: PartialOrd,
{
    let mut iter = iter;
    let mut acc = match iter.next() {
        Some(first) => first,
        None => return true,
    };
    while let Some(item) = iter.next() {
        if !(acc <= item) {
            return false;
        }
        acc = item;
    }
    true
}
