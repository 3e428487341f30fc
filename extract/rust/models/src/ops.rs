//! `core::ops`: the `?` operator, `ControlFlow`, and the ranges with their iterators.
//!
//! Indexing by ranges is native to the front end. Not modelled: `RangeBounds`, `Coroutine`,
//! ranges of `char`, the new range types of `core::range`.

use std::convert::Infallible;
use std::ops::ControlFlow;

use crate::iter::step::Step;

// The `?` operator ---------------------------------------------------------------------------

/// Mirror of `core::ops::Try`.
pub trait Try: FromResidual<Self::Residual> {
    type Output;
    type Residual;
    fn from_output(output: Self::Output) -> Self;
    fn branch(self) -> ControlFlow<Self::Residual, Self::Output>;
}

/// Mirror of `core::ops::FromResidual`.
pub trait FromResidual<R> {
    fn from_residual(residual: R) -> Self;
}

impl<T> Try for Option<T> {
    type Output = T;
    type Residual = Option<Infallible>;

    fn from_output(output: T) -> Option<T> {
        Some(output)
    }

    fn branch(self) -> ControlFlow<Option<Infallible>, T> {
        match self {
            Some(value) => ControlFlow::Continue(value),
            None => ControlFlow::Break(None),
        }
    }
}

impl<T> FromResidual<Option<Infallible>> for Option<T> {
    fn from_residual(_residual: Option<Infallible>) -> Option<T> {
        None
    }
}

impl<T, E> Try for Result<T, E> {
    type Output = T;
    type Residual = Result<Infallible, E>;

    fn from_output(output: T) -> Result<T, E> {
        Ok(output)
    }

    fn branch(self) -> ControlFlow<Result<Infallible, E>, T> {
        match self {
            Ok(value) => ControlFlow::Continue(value),
            Err(error) => ControlFlow::Break(Err(error)),
        }
    }
}

impl<T, E, F: From<E>> FromResidual<Result<Infallible, E>> for Result<T, F> {
    fn from_residual(residual: Result<Infallible, E>) -> Result<T, F> {
        match residual {
            Err(error) => Err(F::from(error)),
        }
    }
}

impl<B, C> Try for ControlFlow<B, C> {
    type Output = C;
    type Residual = ControlFlow<B, Infallible>;

    fn from_output(output: C) -> ControlFlow<B, C> {
        ControlFlow::Continue(output)
    }

    fn branch(self) -> ControlFlow<ControlFlow<B, Infallible>, C> {
        match self {
            ControlFlow::Continue(value) => ControlFlow::Continue(value),
            ControlFlow::Break(value) => ControlFlow::Break(ControlFlow::Break(value)),
        }
    }
}

impl<B, C> FromResidual<ControlFlow<B, Infallible>> for ControlFlow<B, C> {
    fn from_residual(residual: ControlFlow<B, Infallible>) -> ControlFlow<B, C> {
        match residual {
            ControlFlow::Break(value) => ControlFlow::Break(value),
        }
    }
}

// ControlFlow's methods ----------------------------------------------------------------------

pub fn is_break<B, C>(flow: &ControlFlow<B, C>) -> bool {
    match flow {
        ControlFlow::Break(_) => true,
        ControlFlow::Continue(_) => false,
    }
}

pub fn is_continue<B, C>(flow: &ControlFlow<B, C>) -> bool {
    match flow {
        ControlFlow::Break(_) => false,
        ControlFlow::Continue(_) => true,
    }
}

pub fn break_value<B, C>(flow: ControlFlow<B, C>) -> Option<B> {
    match flow {
        ControlFlow::Break(value) => Some(value),
        ControlFlow::Continue(_) => None,
    }
}

pub fn continue_value<B, C>(flow: ControlFlow<B, C>) -> Option<C> {
    match flow {
        ControlFlow::Break(_) => None,
        ControlFlow::Continue(value) => Some(value),
    }
}

pub fn map_break<B, C, T, F: FnOnce(B) -> T>(flow: ControlFlow<B, C>, f: F) -> ControlFlow<T, C> {
    match flow {
        ControlFlow::Break(value) => ControlFlow::Break(f(value)),
        ControlFlow::Continue(value) => ControlFlow::Continue(value),
    }
}

// Ranges -------------------------------------------------------------------------------------

/// `core::ops::RangeFull`.
#[derive(Clone, Copy)]
pub struct RangeFull;

/// `core::ops::RangeTo`.
#[derive(Clone, Copy)]
pub struct RangeTo<Idx> {
    pub end: Idx,
}

/// `core::ops::RangeToInclusive`.
#[derive(Clone, Copy)]
pub struct RangeToInclusive<Idx> {
    pub end: Idx,
}

/// `core::ops::Range`: as an iterator, `start` is the next item from the front.
#[derive(Clone)]
pub struct Range<Idx> {
    pub start: Idx,
    pub end: Idx,
}

/// `core::ops::RangeFrom`: as an iterator, `start` is the next item.
#[derive(Clone)]
pub struct RangeFrom<Idx> {
    pub start: Idx,
}

/// `core::ops::RangeInclusive`: `exhausted` says that `start == end` was given already.
#[derive(Clone)]
pub struct RangeInclusive<Idx> {
    pub start: Idx,
    pub end: Idx,
    pub exhausted: bool,
}

pub fn range_contains<Idx, U>(range: &Range<Idx>, item: &U) -> bool
where
    Idx: PartialOrd<U>,
    U: ?Sized + PartialOrd<Idx>,
{
    range.start <= *item && *item < range.end
}

pub fn range_is_empty<Idx: PartialOrd>(range: &Range<Idx>) -> bool {
    !(range.start < range.end)
}

pub fn range_from_contains<Idx, U>(range: &RangeFrom<Idx>, item: &U) -> bool
where
    Idx: PartialOrd<U>,
    U: ?Sized + PartialOrd<Idx>,
{
    range.start <= *item
}

pub fn range_to_contains<Idx, U>(range: &RangeTo<Idx>, item: &U) -> bool
where
    Idx: PartialOrd<U>,
    U: ?Sized + PartialOrd<Idx>,
{
    *item < range.end
}

pub fn range_to_inclusive_contains<Idx, U>(range: &RangeToInclusive<Idx>, item: &U) -> bool
where
    Idx: PartialOrd<U>,
    U: ?Sized + PartialOrd<Idx>,
{
    *item <= range.end
}

pub fn range_inclusive_new<Idx>(start: Idx, end: Idx) -> RangeInclusive<Idx> {
    RangeInclusive {
        start,
        end,
        exhausted: false,
    }
}

pub fn range_inclusive_start<Idx>(range: &RangeInclusive<Idx>) -> &Idx {
    &range.start
}

pub fn range_inclusive_end<Idx>(range: &RangeInclusive<Idx>) -> &Idx {
    &range.end
}

pub fn range_inclusive_into_inner<Idx>(range: RangeInclusive<Idx>) -> (Idx, Idx) {
    (range.start, range.end)
}

pub fn range_inclusive_is_empty<Idx: PartialOrd>(range: &RangeInclusive<Idx>) -> bool {
    range.exhausted || !(range.start <= range.end)
}

pub fn range_inclusive_contains<Idx, U>(range: &RangeInclusive<Idx>, item: &U) -> bool
where
    Idx: PartialOrd<U>,
    U: ?Sized + PartialOrd<Idx>,
{
    // A range that was consumed to its end holds what an empty range holds.
    if range.exhausted {
        range.start <= *item && *item < range.end
    } else {
        range.start <= *item && *item <= range.end
    }
}

impl<A: Step> Iterator for Range<A> {
    type Item = A;

    fn next(&mut self) -> Option<A> {
        if self.start < self.end {
            let item = self.start;
            self.start = item.successor();
            Some(item)
        } else {
            None
        }
    }

    fn nth(&mut self, n: usize) -> Option<A> {
        if let Some(item) = self.start.forward(n) {
            if item < self.end {
                self.start = item.successor();
                return Some(item);
            }
        }
        self.start = self.end;
        None
    }
}

impl<A: Step> DoubleEndedIterator for Range<A> {
    fn next_back(&mut self) -> Option<A> {
        if self.start < self.end {
            self.end = self.end.predecessor();
            Some(self.end)
        } else {
            None
        }
    }

    fn nth_back(&mut self, n: usize) -> Option<A> {
        if let Some(bound) = self.end.backward(n) {
            if bound > self.start {
                self.end = bound.predecessor();
                return Some(self.end);
            }
        }
        self.end = self.start;
        None
    }
}

impl<A: Step> ExactSizeIterator for Range<A> {
    fn len(&self) -> usize {
        self.start.distance(self.end)
    }
}

impl<A: Step> Iterator for RangeFrom<A> {
    type Item = A;

    fn next(&mut self) -> Option<A> {
        let item = self.start;
        self.start = item.successor();
        Some(item)
    }

    fn nth(&mut self, n: usize) -> Option<A> {
        match self.start.forward(n) {
            Some(item) => {
                self.start = item.successor();
                Some(item)
            }
            None => panic!("attempt to add with overflow"),
        }
    }
}

impl<A: Step> Iterator for RangeInclusive<A> {
    type Item = A;

    fn next(&mut self) -> Option<A> {
        if self.exhausted || !(self.start <= self.end) {
            return None;
        }
        let item = self.start;
        if item < self.end {
            self.start = item.successor();
        } else {
            self.exhausted = true;
        }
        Some(item)
    }
}

impl<A: Step> DoubleEndedIterator for RangeInclusive<A> {
    fn next_back(&mut self) -> Option<A> {
        if self.exhausted || !(self.start <= self.end) {
            return None;
        }
        let item = self.end;
        if self.start < item {
            self.end = item.predecessor();
        } else {
            self.exhausted = true;
        }
        Some(item)
    }
}

impl<A: Step> ExactSizeIterator for RangeInclusive<A> {
    fn len(&self) -> usize {
        if self.exhausted || !(self.start <= self.end) {
            0
        } else {
            self.start.distance(self.end) + 1
        }
    }
}
