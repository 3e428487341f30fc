//! Iterators made of values and closures: `empty`, `once`, `repeat`, `from_fn`, `successors`.

use std::marker::PhantomData;

/// `core::iter::Empty`.
#[derive(Clone)]
pub struct Empty<T> {
    pub marker: PhantomData<T>,
}

pub fn empty<T>() -> Empty<T> {
    Empty {
        marker: PhantomData,
    }
}

impl<T> Iterator for Empty<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        None
    }
}

impl<T> DoubleEndedIterator for Empty<T> {
    fn next_back(&mut self) -> Option<T> {
        None
    }
}

impl<T> ExactSizeIterator for Empty<T> {
    fn len(&self) -> usize {
        0
    }
}

/// `core::iter::Once`: what is left to give.
#[derive(Clone)]
pub struct Once<T> {
    pub value: Option<T>,
}

pub fn once<T>(value: T) -> Once<T> {
    Once { value: Some(value) }
}

impl<T> Iterator for Once<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.value.take()
    }
}

impl<T> DoubleEndedIterator for Once<T> {
    fn next_back(&mut self) -> Option<T> {
        self.value.take()
    }
}

impl<T> ExactSizeIterator for Once<T> {
    fn len(&self) -> usize {
        match &self.value {
            Some(_) => 1,
            None => 0,
        }
    }
}

/// `core::iter::Repeat`.
#[derive(Clone)]
pub struct Repeat<T> {
    pub element: T,
}

pub fn repeat<T: Clone>(element: T) -> Repeat<T> {
    Repeat { element }
}

impl<T: Clone> Iterator for Repeat<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        Some(self.element.clone())
    }
}

impl<T: Clone> DoubleEndedIterator for Repeat<T> {
    fn next_back(&mut self) -> Option<T> {
        Some(self.element.clone())
    }
}

/// `core::iter::RepeatN`: `count` items to come; the last one is `element` itself.
#[derive(Clone)]
pub struct RepeatN<T> {
    pub element: Option<T>,
    pub count: usize,
}

pub fn repeat_n<T: Clone>(element: T, count: usize) -> RepeatN<T> {
    RepeatN {
        element: if count == 0 { None } else { Some(element) },
        count,
    }
}

impl<T: Clone> Iterator for RepeatN<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        if self.count == 0 {
            return None;
        }
        self.count -= 1;
        if self.count == 0 {
            return self.element.take();
        }
        match &self.element {
            Some(element) => Some(element.clone()),
            None => None,
        }
    }
}

impl<T: Clone> DoubleEndedIterator for RepeatN<T> {
    fn next_back(&mut self) -> Option<T> {
        self.next()
    }
}

impl<T: Clone> ExactSizeIterator for RepeatN<T> {
    fn len(&self) -> usize {
        self.count
    }
}

/// `core::iter::RepeatWith`.
#[derive(Clone)]
pub struct RepeatWith<F> {
    pub f: F,
}

pub fn repeat_with<A, F: FnMut() -> A>(f: F) -> RepeatWith<F> {
    RepeatWith { f }
}

impl<A, F: FnMut() -> A> Iterator for RepeatWith<F> {
    type Item = A;

    fn next(&mut self) -> Option<A> {
        Some((self.f)())
    }
}

/// `core::iter::FromFn`.
#[derive(Clone)]
pub struct FromFn<F> {
    pub f: F,
}

pub fn from_fn<T, F: FnMut() -> Option<T>>(f: F) -> FromFn<F> {
    FromFn { f }
}

impl<T, F: FnMut() -> Option<T>> Iterator for FromFn<F> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        (self.f)()
    }
}

/// `core::iter::Successors`: `next` is the item to give next.
#[derive(Clone)]
pub struct Successors<T, F> {
    pub next: Option<T>,
    pub succ: F,
}

pub fn successors<T, F: FnMut(&T) -> Option<T>>(first: Option<T>, succ: F) -> Successors<T, F> {
    Successors { next: first, succ }
}

impl<T, F: FnMut(&T) -> Option<T>> Iterator for Successors<T, F> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match self.next.take() {
            Some(item) => {
                self.next = (self.succ)(&item);
                Some(item)
            }
            None => None,
        }
    }
}

/// `core::iter::zip`.
pub fn zip<A: IntoIterator, B: IntoIterator>(
    a: A,
    b: B,
) -> crate::iter::Zip<A::IntoIter, B::IntoIter> {
    crate::iter::Zip {
        a: a.into_iter(),
        b: b.into_iter(),
    }
}
