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

// Folds that may stop ------------------------------------------------------------------------

/// What the closures of `try_fold` and its kin return: a value to go on with, or a reason to stop.
///
/// `core::ops::Try` is unstable, so this stands in for it in the bounds of those functions.
pub trait Attempt: Sized {
    type Output;
    /// The value to go on with, or else `self`, with which the whole fold ends.
    fn go_on(self) -> Result<Self::Output, Self>;
    /// The fold's result if nothing stops it.
    fn done(output: Self::Output) -> Self;
}

impl<T> Attempt for Option<T> {
    type Output = T;

    fn go_on(self) -> Result<T, Option<T>> {
        match self {
            Some(value) => Ok(value),
            None => Err(None),
        }
    }

    fn done(output: T) -> Option<T> {
        Some(output)
    }
}

impl<T, E> Attempt for Result<T, E> {
    type Output = T;

    fn go_on(self) -> Result<T, Result<T, E>> {
        match self {
            Ok(value) => Ok(value),
            Err(error) => Err(Err(error)),
        }
    }

    fn done(output: T) -> Result<T, E> {
        Ok(output)
    }
}

impl<B, C> Attempt for ControlFlow<B, C> {
    type Output = C;

    fn go_on(self) -> Result<C, ControlFlow<B, C>> {
        match self {
            ControlFlow::Continue(value) => Ok(value),
            ControlFlow::Break(value) => Err(ControlFlow::Break(value)),
        }
    }

    fn done(output: C) -> ControlFlow<B, C> {
        ControlFlow::Continue(output)
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

impl<Idx: PartialOrd> Range<Idx> {
    pub fn contains<U>(&self, item: &U) -> bool
    where
        Idx: PartialOrd<U>,
        U: ?Sized + PartialOrd<Idx>,
    {
        self.start <= *item && *item < self.end
    }

    pub fn is_empty(&self) -> bool {
        !(self.start < self.end)
    }
}

impl<Idx: PartialOrd> RangeFrom<Idx> {
    pub fn contains<U>(&self, item: &U) -> bool
    where
        Idx: PartialOrd<U>,
        U: ?Sized + PartialOrd<Idx>,
    {
        self.start <= *item
    }
}

impl<Idx: PartialOrd> RangeTo<Idx> {
    pub fn contains<U>(&self, item: &U) -> bool
    where
        Idx: PartialOrd<U>,
        U: ?Sized + PartialOrd<Idx>,
    {
        *item < self.end
    }
}

impl<Idx: PartialOrd> RangeToInclusive<Idx> {
    pub fn contains<U>(&self, item: &U) -> bool
    where
        Idx: PartialOrd<U>,
        U: ?Sized + PartialOrd<Idx>,
    {
        *item <= self.end
    }
}

impl<Idx> RangeInclusive<Idx> {
    pub fn new(start: Idx, end: Idx) -> RangeInclusive<Idx> {
        RangeInclusive {
            start,
            end,
            exhausted: false,
        }
    }

    pub fn start(&self) -> &Idx {
        &self.start
    }

    pub fn end(&self) -> &Idx {
        &self.end
    }

    pub fn into_inner(self) -> (Idx, Idx) {
        (self.start, self.end)
    }

    pub fn is_empty(&self) -> bool
    where
        Idx: PartialOrd,
    {
        self.exhausted || !(self.start <= self.end)
    }

    pub fn contains<U>(&self, item: &U) -> bool
    where
        Idx: PartialOrd<U>,
        U: ?Sized + PartialOrd<Idx>,
    {
        // A range that was consumed to its end holds what an empty range holds.
        if self.exhausted {
            self.start <= *item && *item < self.end
        } else {
            self.start <= *item && *item <= self.end
        }
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
