//! Iterators made of iterators.
//!
//! Each implements `next`, and `next_back` and `len` where std's does. The rest is provided by
//! the functions of [`crate::iter`]; `nth` of an adapter steps through its items one by one, as
//! calls of closures require.

use std::ops::Deref;

/// `core::iter::Map`.
#[derive(Clone)]
pub struct Map<I, F> {
    pub iter: I,
    pub f: F,
}

impl<B, I: Iterator, F: FnMut(I::Item) -> B> Iterator for Map<I, F> {
    type Item = B;

    fn next(&mut self) -> Option<B> {
        match self.iter.next() {
            Some(item) => Some((self.f)(item)),
            None => None,
        }
    }
}

impl<B, I: DoubleEndedIterator, F: FnMut(I::Item) -> B> DoubleEndedIterator for Map<I, F> {
    fn next_back(&mut self) -> Option<B> {
        match self.iter.next_back() {
            Some(item) => Some((self.f)(item)),
            None => None,
        }
    }
}

impl<B, I: ExactSizeIterator, F: FnMut(I::Item) -> B> ExactSizeIterator for Map<I, F> {
    fn len(&self) -> usize {
        self.iter.len()
    }
}

/// `core::iter::Filter`.
#[derive(Clone)]
pub struct Filter<I, P> {
    pub iter: I,
    pub predicate: P,
}

impl<I: Iterator, P: FnMut(&I::Item) -> bool> Iterator for Filter<I, P> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        while let Some(item) = self.iter.next() {
            if (self.predicate)(&item) {
                return Some(item);
            }
        }
        None
    }
}

impl<I: DoubleEndedIterator, P: FnMut(&I::Item) -> bool> DoubleEndedIterator for Filter<I, P> {
    fn next_back(&mut self) -> Option<I::Item> {
        while let Some(item) = self.iter.next_back() {
            if (self.predicate)(&item) {
                return Some(item);
            }
        }
        None
    }
}

/// `core::iter::FilterMap`.
#[derive(Clone)]
pub struct FilterMap<I, F> {
    pub iter: I,
    pub f: F,
}

impl<B, I: Iterator, F: FnMut(I::Item) -> Option<B>> Iterator for FilterMap<I, F> {
    type Item = B;

    fn next(&mut self) -> Option<B> {
        while let Some(item) = self.iter.next() {
            if let Some(found) = (self.f)(item) {
                return Some(found);
            }
        }
        None
    }
}

impl<B, I, F> DoubleEndedIterator for FilterMap<I, F>
where
    I: DoubleEndedIterator,
    F: FnMut(I::Item) -> Option<B>,
{
    fn next_back(&mut self) -> Option<B> {
        while let Some(item) = self.iter.next_back() {
            if let Some(found) = (self.f)(item) {
                return Some(found);
            }
        }
        None
    }
}

/// `core::iter::Enumerate`: `count` is the number of the next item from the front.
#[derive(Clone)]
pub struct Enumerate<I> {
    pub iter: I,
    pub count: usize,
}

impl<I: Iterator> Iterator for Enumerate<I> {
    type Item = (usize, I::Item);

    fn next(&mut self) -> Option<(usize, I::Item)> {
        match self.iter.next() {
            Some(item) => {
                let i = self.count;
                self.count = i + 1;
                Some((i, item))
            }
            None => None,
        }
    }
}

impl<I: ExactSizeIterator + DoubleEndedIterator> DoubleEndedIterator for Enumerate<I> {
    fn next_back(&mut self) -> Option<(usize, I::Item)> {
        match self.iter.next_back() {
            Some(item) => Some((self.count + self.iter.len(), item)),
            None => None,
        }
    }
}

impl<I: ExactSizeIterator> ExactSizeIterator for Enumerate<I> {
    fn len(&self) -> usize {
        self.iter.len()
    }
}

/// `core::iter::Zip`: ends with the shorter of the two.
///
/// `a` is asked first. When it is the longer one, the item that it gave last is lost, and its
/// closures ran for that item; std agrees except where it knows both lengths and neither side
/// has effects.
#[derive(Clone)]
pub struct Zip<A, B> {
    pub a: A,
    pub b: B,
}

impl<A: Iterator, B: Iterator> Iterator for Zip<A, B> {
    type Item = (A::Item, B::Item);

    fn next(&mut self) -> Option<(A::Item, B::Item)> {
        match self.a.next() {
            Some(x) => match self.b.next() {
                Some(y) => Some((x, y)),
                None => None,
            },
            None => None,
        }
    }
}

impl<A, B> DoubleEndedIterator for Zip<A, B>
where
    A: DoubleEndedIterator + ExactSizeIterator,
    B: DoubleEndedIterator + ExactSizeIterator,
{
    fn next_back(&mut self) -> Option<(A::Item, B::Item)> {
        // Cut the longer one down to the length of the shorter.
        while self.a.len() > self.b.len() {
            self.a.next_back();
        }
        while self.b.len() > self.a.len() {
            self.b.next_back();
        }
        match (self.a.next_back(), self.b.next_back()) {
            (Some(x), Some(y)) => Some((x, y)),
            _ => None,
        }
    }
}

impl<A: ExactSizeIterator, B: ExactSizeIterator> ExactSizeIterator for Zip<A, B> {
    fn len(&self) -> usize {
        let (a, b) = (self.a.len(), self.b.len());
        if a < b {
            a
        } else {
            b
        }
    }
}

/// `core::iter::Rev`.
#[derive(Clone)]
pub struct Rev<I> {
    pub iter: I,
}

impl<I: DoubleEndedIterator> Iterator for Rev<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.iter.next_back()
    }

    fn nth(&mut self, n: usize) -> Option<I::Item> {
        self.iter.nth_back(n)
    }
}

impl<I: DoubleEndedIterator> DoubleEndedIterator for Rev<I> {
    fn next_back(&mut self) -> Option<I::Item> {
        self.iter.next()
    }

    fn nth_back(&mut self, n: usize) -> Option<I::Item> {
        self.iter.nth(n)
    }
}

impl<I: ExactSizeIterator + DoubleEndedIterator> ExactSizeIterator for Rev<I> {
    fn len(&self) -> usize {
        self.iter.len()
    }
}

/// `core::iter::Take`: at most `n` more items.
#[derive(Clone)]
pub struct Take<I> {
    pub iter: I,
    pub n: usize,
}

impl<I: Iterator> Iterator for Take<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        if self.n == 0 {
            return None;
        }
        self.n -= 1;
        self.iter.next()
    }
}

impl<I: DoubleEndedIterator + ExactSizeIterator> DoubleEndedIterator for Take<I> {
    fn next_back(&mut self) -> Option<I::Item> {
        if self.n == 0 {
            return None;
        }
        let n = self.n;
        self.n -= 1;
        let len = self.iter.len();
        if len > n {
            self.iter.nth_back(len - n)
        } else {
            self.iter.next_back()
        }
    }
}

impl<I: ExactSizeIterator> ExactSizeIterator for Take<I> {
    fn len(&self) -> usize {
        let len = self.iter.len();
        if len < self.n {
            len
        } else {
            self.n
        }
    }
}

/// `core::iter::Skip`: `n` items are still to be passed over.
#[derive(Clone)]
pub struct Skip<I> {
    pub iter: I,
    pub n: usize,
}

impl<I: Iterator> Iterator for Skip<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        if self.n == 0 {
            return self.iter.next();
        }
        let n = self.n;
        self.n = 0;
        self.iter.nth(n)
    }
}

impl<I: DoubleEndedIterator + ExactSizeIterator> DoubleEndedIterator for Skip<I> {
    fn next_back(&mut self) -> Option<I::Item> {
        if self.len() > 0 {
            self.iter.next_back()
        } else {
            None
        }
    }
}

impl<I: ExactSizeIterator> ExactSizeIterator for Skip<I> {
    fn len(&self) -> usize {
        let len = self.iter.len();
        if len < self.n {
            0
        } else {
            len - self.n
        }
    }
}

/// `core::iter::StepBy`: the first item, then every one after `step_minus_one` others.
#[derive(Clone)]
pub struct StepBy<I> {
    pub iter: I,
    pub step_minus_one: usize,
    pub first_take: bool,
}

impl<I: Iterator> Iterator for StepBy<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        if self.first_take {
            self.first_take = false;
            self.iter.next()
        } else {
            self.iter.nth(self.step_minus_one)
        }
    }
}

impl<I: DoubleEndedIterator + ExactSizeIterator> DoubleEndedIterator for StepBy<I> {
    fn next_back(&mut self) -> Option<I::Item> {
        let len = self.iter.len();
        // How many items lie behind the last one that is to be given.
        let behind = if !self.first_take {
            if self.step_minus_one == usize::MAX {
                len
            } else {
                len % (self.step_minus_one + 1)
            }
        } else if len == 0 {
            0
        } else if self.step_minus_one == usize::MAX {
            len - 1
        } else {
            (len - 1) % (self.step_minus_one + 1)
        };
        self.iter.nth_back(behind)
    }
}

impl<I: ExactSizeIterator> ExactSizeIterator for StepBy<I> {
    fn len(&self) -> usize {
        let len = self.iter.len();
        if self.first_take {
            if len == 0 {
                0
            } else if self.step_minus_one == usize::MAX {
                1
            } else {
                1 + (len - 1) / (self.step_minus_one + 1)
            }
        } else if self.step_minus_one == usize::MAX {
            0
        } else {
            len / (self.step_minus_one + 1)
        }
    }
}

/// `core::iter::Chain`: a part that has ended is dropped.
#[derive(Clone)]
pub struct Chain<A, B> {
    pub a: Option<A>,
    pub b: Option<B>,
}

impl<A: Iterator, B: Iterator<Item = A::Item>> Iterator for Chain<A, B> {
    type Item = A::Item;

    fn next(&mut self) -> Option<A::Item> {
        if let Some(a) = &mut self.a {
            if let Some(item) = a.next() {
                return Some(item);
            }
            self.a = None;
        }
        match &mut self.b {
            Some(b) => b.next(),
            None => None,
        }
    }
}

impl<A, B> DoubleEndedIterator for Chain<A, B>
where
    A: DoubleEndedIterator,
    B: DoubleEndedIterator<Item = A::Item>,
{
    fn next_back(&mut self) -> Option<A::Item> {
        if let Some(b) = &mut self.b {
            if let Some(item) = b.next_back() {
                return Some(item);
            }
            self.b = None;
        }
        match &mut self.a {
            Some(a) => a.next_back(),
            None => None,
        }
    }
}

/// `core::iter::Copied`.
#[derive(Clone)]
pub struct Copied<I> {
    pub iter: I,
}

impl<I> Iterator for Copied<I>
where
    I: Iterator<Item: Deref<Target: Copy + Sized>>,
{
    type Item = <I::Item as Deref>::Target;

    fn next(&mut self) -> Option<<I::Item as Deref>::Target> {
        match self.iter.next() {
            Some(item) => Some(*item),
            None => None,
        }
    }

    fn nth(&mut self, n: usize) -> Option<<I::Item as Deref>::Target> {
        match self.iter.nth(n) {
            Some(item) => Some(*item),
            None => None,
        }
    }
}

impl<I> DoubleEndedIterator for Copied<I>
where
    I: DoubleEndedIterator<Item: Deref<Target: Copy + Sized>>,
{
    fn next_back(&mut self) -> Option<<I::Item as Deref>::Target> {
        match self.iter.next_back() {
            Some(item) => Some(*item),
            None => None,
        }
    }
}

impl<I> ExactSizeIterator for Copied<I>
where
    I: ExactSizeIterator<Item: Deref<Target: Copy + Sized>>,
{
    fn len(&self) -> usize {
        self.iter.len()
    }
}

/// `core::iter::Cloned`.
#[derive(Clone)]
pub struct Cloned<I> {
    pub iter: I,
}

impl<I> Iterator for Cloned<I>
where
    I: Iterator<Item: Deref<Target: Clone + Sized>>,
{
    type Item = <I::Item as Deref>::Target;

    fn next(&mut self) -> Option<<I::Item as Deref>::Target> {
        match self.iter.next() {
            Some(item) => Some((*item).clone()),
            None => None,
        }
    }
}

impl<I> DoubleEndedIterator for Cloned<I>
where
    I: DoubleEndedIterator<Item: Deref<Target: Clone + Sized>>,
{
    fn next_back(&mut self) -> Option<<I::Item as Deref>::Target> {
        match self.iter.next_back() {
            Some(item) => Some((*item).clone()),
            None => None,
        }
    }
}

impl<I> ExactSizeIterator for Cloned<I>
where
    I: ExactSizeIterator<Item: Deref<Target: Clone + Sized>>,
{
    fn len(&self) -> usize {
        self.iter.len()
    }
}

/// `core::iter::TakeWhile`: `done` once an item has failed the test.
#[derive(Clone)]
pub struct TakeWhile<I, P> {
    pub iter: I,
    pub done: bool,
    pub predicate: P,
}

impl<I: Iterator, P: FnMut(&I::Item) -> bool> Iterator for TakeWhile<I, P> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        if self.done {
            return None;
        }
        match self.iter.next() {
            Some(item) => {
                if (self.predicate)(&item) {
                    Some(item)
                } else {
                    self.done = true;
                    None
                }
            }
            None => None,
        }
    }
}

/// `core::iter::SkipWhile`: `started` once an item has failed the test.
#[derive(Clone)]
pub struct SkipWhile<I, P> {
    pub iter: I,
    pub started: bool,
    pub predicate: P,
}

impl<I: Iterator, P: FnMut(&I::Item) -> bool> Iterator for SkipWhile<I, P> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        while let Some(item) = self.iter.next() {
            if self.started || !(self.predicate)(&item) {
                self.started = true;
                return Some(item);
            }
        }
        None
    }
}

/// `core::iter::MapWhile`.
#[derive(Clone)]
pub struct MapWhile<I, P> {
    pub iter: I,
    pub predicate: P,
}

impl<B, I: Iterator, P: FnMut(I::Item) -> Option<B>> Iterator for MapWhile<I, P> {
    type Item = B;

    fn next(&mut self) -> Option<B> {
        match self.iter.next() {
            Some(item) => (self.predicate)(item),
            None => None,
        }
    }
}

/// `core::iter::Scan`.
#[derive(Clone)]
pub struct Scan<I, St, F> {
    pub iter: I,
    pub f: F,
    pub state: St,
}

impl<B, I: Iterator, St, F: FnMut(&mut St, I::Item) -> Option<B>> Iterator for Scan<I, St, F> {
    type Item = B;

    fn next(&mut self) -> Option<B> {
        match self.iter.next() {
            Some(item) => (self.f)(&mut self.state, item),
            None => None,
        }
    }
}

/// `core::iter::Inspect`.
#[derive(Clone)]
pub struct Inspect<I, F> {
    pub iter: I,
    pub f: F,
}

impl<I: Iterator, F: FnMut(&I::Item)> Iterator for Inspect<I, F> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        match self.iter.next() {
            Some(item) => {
                (self.f)(&item);
                Some(item)
            }
            None => None,
        }
    }
}

impl<I: DoubleEndedIterator, F: FnMut(&I::Item)> DoubleEndedIterator for Inspect<I, F> {
    fn next_back(&mut self) -> Option<I::Item> {
        match self.iter.next_back() {
            Some(item) => {
                (self.f)(&item);
                Some(item)
            }
            None => None,
        }
    }
}

impl<I: ExactSizeIterator, F: FnMut(&I::Item)> ExactSizeIterator for Inspect<I, F> {
    fn len(&self) -> usize {
        self.iter.len()
    }
}

/// `core::iter::Fuse`: `iter` is dropped once it has ended.
#[derive(Clone)]
pub struct Fuse<I> {
    pub iter: Option<I>,
}

impl<I: Iterator> Iterator for Fuse<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        if let Some(iter) = &mut self.iter {
            if let Some(item) = iter.next() {
                return Some(item);
            }
            self.iter = None;
        }
        None
    }
}

impl<I: DoubleEndedIterator> DoubleEndedIterator for Fuse<I> {
    fn next_back(&mut self) -> Option<I::Item> {
        if let Some(iter) = &mut self.iter {
            if let Some(item) = iter.next_back() {
                return Some(item);
            }
            self.iter = None;
        }
        None
    }
}

impl<I: ExactSizeIterator> ExactSizeIterator for Fuse<I> {
    fn len(&self) -> usize {
        match &self.iter {
            Some(iter) => iter.len(),
            None => 0,
        }
    }
}

/// `core::iter::Peekable`: `peeked` holds the next answer if it was asked for ahead of time.
#[derive(Clone)]
pub struct Peekable<I: Iterator> {
    pub iter: I,
    pub peeked: Option<Option<I::Item>>,
}

impl<I: Iterator> Peekable<I> {
    pub fn peek(&mut self) -> Option<&I::Item> {
        if self.peeked.is_none() {
            self.peeked = Some(self.iter.next());
        }
        match &self.peeked {
            Some(Some(item)) => Some(item),
            _ => None,
        }
    }

    pub fn next_if<F: FnOnce(&I::Item) -> bool>(&mut self, f: F) -> Option<I::Item> {
        match self.next() {
            Some(item) => {
                if f(&item) {
                    Some(item)
                } else {
                    self.peeked = Some(Some(item));
                    None
                }
            }
            None => {
                self.peeked = Some(None);
                None
            }
        }
    }

    pub fn next_if_eq<T: ?Sized>(&mut self, expected: &T) -> Option<I::Item>
    where
        I::Item: PartialEq<T>,
    {
        self.next_if(|item| item == expected)
    }
}

impl<I: Iterator> Iterator for Peekable<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        match self.peeked.take() {
            Some(answer) => answer,
            None => self.iter.next(),
        }
    }
}

impl<I: DoubleEndedIterator> DoubleEndedIterator for Peekable<I> {
    fn next_back(&mut self) -> Option<I::Item> {
        match &self.peeked {
            // The peeked item is the last one left if the rest is empty.
            Some(Some(_)) => match self.iter.next_back() {
                Some(item) => Some(item),
                None => match self.peeked.take() {
                    Some(answer) => answer,
                    None => None,
                },
            },
            Some(None) => None,
            None => self.iter.next_back(),
        }
    }
}

impl<I: ExactSizeIterator> ExactSizeIterator for Peekable<I> {
    fn len(&self) -> usize {
        match &self.peeked {
            Some(Some(_)) => self.iter.len() + 1,
            Some(None) => 0,
            None => self.iter.len(),
        }
    }
}

/// `core::iter::Cycle`: starts anew from `original` whenever `iter` ends.
#[derive(Clone)]
pub struct Cycle<I> {
    pub original: I,
    pub iter: I,
}

impl<I: Iterator + Clone> Iterator for Cycle<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        match self.iter.next() {
            Some(item) => Some(item),
            None => {
                self.iter = self.original.clone();
                self.iter.next()
            }
        }
    }
}
