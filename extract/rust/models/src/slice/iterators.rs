//! Iterators over slices, as positions in the slice they came from.

/// `core::slice::Iter`: what is left is `slice[start..end]`.
pub struct Iter<'a, T> {
    pub slice: &'a [T],
    pub start: usize,
    pub end: usize,
}

impl<'a, T> Iter<'a, T> {
    pub fn as_slice(&self) -> &'a [T] {
        &self.slice[self.start..self.end]
    }
}

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Iter {
            slice: self.slice,
            start: self.start,
            end: self.end,
        }
    }
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        if self.start < self.end {
            let i = self.start;
            self.start = i + 1;
            Some(&self.slice[i])
        } else {
            None
        }
    }

    fn nth(&mut self, n: usize) -> Option<&'a T> {
        if n < self.end - self.start {
            let i = self.start + n;
            self.start = i + 1;
            Some(&self.slice[i])
        } else {
            self.start = self.end;
            None
        }
    }

    fn count(self) -> usize {
        self.end - self.start
    }

    fn last(self) -> Option<&'a T> {
        if self.start < self.end {
            Some(&self.slice[self.end - 1])
        } else {
            None
        }
    }
}

impl<'a, T> DoubleEndedIterator for Iter<'a, T> {
    fn next_back(&mut self) -> Option<&'a T> {
        if self.start < self.end {
            self.end -= 1;
            Some(&self.slice[self.end])
        } else {
            None
        }
    }

    fn nth_back(&mut self, n: usize) -> Option<&'a T> {
        if n < self.end - self.start {
            self.end -= n + 1;
            Some(&self.slice[self.end])
        } else {
            self.end = self.start;
            None
        }
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {
    fn len(&self) -> usize {
        self.end - self.start
    }
}

/// `core::slice::IterMut`: what is left is `rest`.
///
/// Each item is a mutable borrow handed out of the iterator, so this is of use only where the
/// front end follows borrows that a function returns.
pub struct IterMut<'a, T> {
    pub rest: &'a mut [T],
}

impl<'a, T> Iterator for IterMut<'a, T> {
    type Item = &'a mut T;

    fn next(&mut self) -> Option<&'a mut T> {
        match std::mem::take(&mut self.rest) {
            [] => None,
            [item, rest @ ..] => {
                self.rest = rest;
                Some(item)
            }
        }
    }
}

impl<'a, T> DoubleEndedIterator for IterMut<'a, T> {
    fn next_back(&mut self) -> Option<&'a mut T> {
        match std::mem::take(&mut self.rest) {
            [] => None,
            [rest @ .., item] => {
                self.rest = rest;
                Some(item)
            }
        }
    }
}

impl<T> ExactSizeIterator for IterMut<'_, T> {
    fn len(&self) -> usize {
        self.rest.len()
    }
}

/// `core::slice::Chunks`: what is left is `slice[start..end]`, to be cut every `size` elements.
pub struct Chunks<'a, T> {
    pub slice: &'a [T],
    pub size: usize,
    pub start: usize,
    pub end: usize,
}

impl<T> Clone for Chunks<'_, T> {
    fn clone(&self) -> Self {
        Chunks {
            slice: self.slice,
            size: self.size,
            start: self.start,
            end: self.end,
        }
    }
}

impl<'a, T> Iterator for Chunks<'a, T> {
    type Item = &'a [T];

    fn next(&mut self) -> Option<&'a [T]> {
        if self.start >= self.end {
            return None;
        }
        let from = self.start;
        if self.end - from <= self.size {
            self.start = self.end;
        } else {
            self.start = from + self.size;
        }
        Some(&self.slice[from..self.start])
    }
}

impl<'a, T> DoubleEndedIterator for Chunks<'a, T> {
    fn next_back(&mut self) -> Option<&'a [T]> {
        if self.start >= self.end {
            return None;
        }
        let to = self.end;
        let short = (to - self.start) % self.size;
        if short == 0 {
            self.end = to - self.size;
        } else {
            self.end = to - short;
        }
        Some(&self.slice[self.end..to])
    }
}

impl<T> ExactSizeIterator for Chunks<'_, T> {
    fn len(&self) -> usize {
        let left = self.end - self.start;
        let whole = left / self.size;
        if left % self.size == 0 {
            whole
        } else {
            whole + 1
        }
    }
}

/// `core::slice::ChunksExact`: what is left is `slice[start..end]`, a multiple of `size` long;
/// the remainder is `slice[whole..]`.
pub struct ChunksExact<'a, T> {
    pub slice: &'a [T],
    pub size: usize,
    pub start: usize,
    pub end: usize,
    pub whole: usize,
}

impl<'a, T> ChunksExact<'a, T> {
    pub fn remainder(&self) -> &'a [T] {
        &self.slice[self.whole..]
    }
}

impl<T> Clone for ChunksExact<'_, T> {
    fn clone(&self) -> Self {
        ChunksExact {
            slice: self.slice,
            size: self.size,
            start: self.start,
            end: self.end,
            whole: self.whole,
        }
    }
}

impl<'a, T> Iterator for ChunksExact<'a, T> {
    type Item = &'a [T];

    fn next(&mut self) -> Option<&'a [T]> {
        if self.start < self.end {
            let from = self.start;
            self.start = from + self.size;
            Some(&self.slice[from..self.start])
        } else {
            None
        }
    }
}

impl<'a, T> DoubleEndedIterator for ChunksExact<'a, T> {
    fn next_back(&mut self) -> Option<&'a [T]> {
        if self.start < self.end {
            let to = self.end;
            self.end = to - self.size;
            Some(&self.slice[self.end..to])
        } else {
            None
        }
    }
}

impl<T> ExactSizeIterator for ChunksExact<'_, T> {
    fn len(&self) -> usize {
        (self.end - self.start) / self.size
    }
}

/// `core::slice::Windows`: left are the windows that begin at `start..end`.
pub struct Windows<'a, T> {
    pub slice: &'a [T],
    pub size: usize,
    pub start: usize,
    pub end: usize,
}

impl<T> Clone for Windows<'_, T> {
    fn clone(&self) -> Self {
        Windows {
            slice: self.slice,
            size: self.size,
            start: self.start,
            end: self.end,
        }
    }
}

impl<'a, T> Iterator for Windows<'a, T> {
    type Item = &'a [T];

    fn next(&mut self) -> Option<&'a [T]> {
        if self.start < self.end {
            let i = self.start;
            self.start = i + 1;
            Some(&self.slice[i..i + self.size])
        } else {
            None
        }
    }
}

impl<'a, T> DoubleEndedIterator for Windows<'a, T> {
    fn next_back(&mut self) -> Option<&'a [T]> {
        if self.start < self.end {
            self.end -= 1;
            Some(&self.slice[self.end..self.end + self.size])
        } else {
            None
        }
    }
}

impl<T> ExactSizeIterator for Windows<'_, T> {
    fn len(&self) -> usize {
        self.end - self.start
    }
}

/// `core::slice::ChunksMut`: what is left is `rest`.
pub struct ChunksMut<'a, T> {
    pub rest: &'a mut [T],
    pub size: usize,
}

impl<'a, T> Iterator for ChunksMut<'a, T> {
    type Item = &'a mut [T];

    fn next(&mut self) -> Option<&'a mut [T]> {
        let len = self.rest.len();
        if len == 0 {
            return None;
        }
        let at = if len < self.size { len } else { self.size };
        let (chunk, rest) = std::mem::take(&mut self.rest).split_at_mut(at);
        self.rest = rest;
        Some(chunk)
    }
}

impl<'a, T> DoubleEndedIterator for ChunksMut<'a, T> {
    fn next_back(&mut self) -> Option<&'a mut [T]> {
        let len = self.rest.len();
        if len == 0 {
            return None;
        }
        let short = len % self.size;
        let at = if short == 0 {
            len - self.size
        } else {
            len - short
        };
        let (rest, chunk) = std::mem::take(&mut self.rest).split_at_mut(at);
        self.rest = rest;
        Some(chunk)
    }
}

impl<T> ExactSizeIterator for ChunksMut<'_, T> {
    fn len(&self) -> usize {
        let whole = self.rest.len() / self.size;
        if self.rest.len() % self.size == 0 {
            whole
        } else {
            whole + 1
        }
    }
}

/// `core::slice::ChunksExactMut`: what is left is `rest`, a multiple of `size` long. The
/// remainder of the slice can't be asked for.
pub struct ChunksExactMut<'a, T> {
    pub rest: &'a mut [T],
    pub size: usize,
}

impl<'a, T> Iterator for ChunksExactMut<'a, T> {
    type Item = &'a mut [T];

    fn next(&mut self) -> Option<&'a mut [T]> {
        if self.rest.len() == 0 {
            return None;
        }
        let (chunk, rest) = std::mem::take(&mut self.rest).split_at_mut(self.size);
        self.rest = rest;
        Some(chunk)
    }
}

impl<'a, T> DoubleEndedIterator for ChunksExactMut<'a, T> {
    fn next_back(&mut self) -> Option<&'a mut [T]> {
        if self.rest.len() == 0 {
            return None;
        }
        let at = self.rest.len() - self.size;
        let (rest, chunk) = std::mem::take(&mut self.rest).split_at_mut(at);
        self.rest = rest;
        Some(chunk)
    }
}

impl<T> ExactSizeIterator for ChunksExactMut<'_, T> {
    fn len(&self) -> usize {
        self.rest.len() / self.size
    }
}
