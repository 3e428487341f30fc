//! `flat_map` and `flatten`: iterators of iterators, run one after the other.

/// `core::iter::FlatMap`: `front` and `back` are the inner iterators being run from either end;
/// `iter` is dropped once it has ended.
pub struct FlatMap<I, U: IntoIterator, F> {
    pub iter: Option<I>,
    pub f: F,
    pub front: Option<U::IntoIter>,
    pub back: Option<U::IntoIter>,
}

impl<I: Iterator, U: IntoIterator, F: FnMut(I::Item) -> U> Iterator for FlatMap<I, U, F> {
    type Item = U::Item;

    fn next(&mut self) -> Option<U::Item> {
        loop {
            if let Some(inner) = &mut self.front {
                if let Some(item) = inner.next() {
                    return Some(item);
                }
                self.front = None;
            }
            match next_of(&mut self.iter) {
                Some(outer) => self.front = Some((self.f)(outer).into_iter()),
                None => return next_of(&mut self.back),
            }
        }
    }
}

impl<I, U, F> DoubleEndedIterator for FlatMap<I, U, F>
where
    I: DoubleEndedIterator,
    U: IntoIterator<IntoIter: DoubleEndedIterator>,
    F: FnMut(I::Item) -> U,
{
    fn next_back(&mut self) -> Option<U::Item> {
        loop {
            if let Some(inner) = &mut self.back {
                if let Some(item) = inner.next_back() {
                    return Some(item);
                }
                self.back = None;
            }
            match next_back_of(&mut self.iter) {
                Some(outer) => self.back = Some((self.f)(outer).into_iter()),
                None => return next_back_of(&mut self.front),
            }
        }
    }
}

/// `core::iter::Flatten`: as [`FlatMap`], without a closure.
pub struct Flatten<I: Iterator<Item: IntoIterator>> {
    pub iter: Option<I>,
    pub front: Option<<I::Item as IntoIterator>::IntoIter>,
    pub back: Option<<I::Item as IntoIterator>::IntoIter>,
}

impl<I: Iterator<Item: IntoIterator>> Iterator for Flatten<I> {
    type Item = <I::Item as IntoIterator>::Item;

    fn next(&mut self) -> Option<<I::Item as IntoIterator>::Item> {
        loop {
            if let Some(inner) = &mut self.front {
                if let Some(item) = inner.next() {
                    return Some(item);
                }
                self.front = None;
            }
            match next_of(&mut self.iter) {
                Some(outer) => self.front = Some(outer.into_iter()),
                None => return next_of(&mut self.back),
            }
        }
    }
}

impl<I> DoubleEndedIterator for Flatten<I>
where
    I: DoubleEndedIterator<Item: IntoIterator<IntoIter: DoubleEndedIterator>>,
{
    fn next_back(&mut self) -> Option<<I::Item as IntoIterator>::Item> {
        loop {
            if let Some(inner) = &mut self.back {
                if let Some(item) = inner.next_back() {
                    return Some(item);
                }
                self.back = None;
            }
            match next_back_of(&mut self.iter) {
                Some(outer) => self.back = Some(outer.into_iter()),
                None => return next_back_of(&mut self.front),
            }
        }
    }
}

/// The next item, if there is an iterator and it has one; an iterator that has ended is dropped.
fn next_of<I: Iterator>(iter: &mut Option<I>) -> Option<I::Item> {
    if let Some(inner) = iter {
        if let Some(item) = inner.next() {
            return Some(item);
        }
        *iter = None;
    }
    None
}

/// [`next_of`] from the back.
fn next_back_of<I: DoubleEndedIterator>(iter: &mut Option<I>) -> Option<I::Item> {
    if let Some(inner) = iter {
        if let Some(item) = inner.next_back() {
            return Some(item);
        }
        *iter = None;
    }
    None
}
