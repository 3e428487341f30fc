//! Slices, arrays, vectors and their iterators against std, on random small inputs.

mod common;

use common::{exact, Random};
use verify_models::{array, clone, iter, itertools, primitive, slice, vec};

fn inputs() -> Vec<Vec<i32>> {
    let mut random = Random::new(2);
    let mut all: Vec<Vec<i32>> = (0..9).map(|n| (0..n).collect()).collect();
    all.extend((0..60).map(|_| random.numbers()));
    all
}

/// A slice that lives as long as an iterator object needs.
fn leaked(items: &[i32]) -> &'static [i32] {
    items.to_vec().leak()
}

#[test]
fn parts_of_a_slice() {
    for v in inputs() {
        same!(v.is_empty(), slice::is_empty(&v));
        same!(v.first(), slice::first(&v));
        same!(v.last(), slice::last(&v));
        same!(v.split_first(), slice::split_first(&v));
        same!(v.split_last(), slice::split_last(&v));
        for n in 0..10 {
            same!(v.split_at(n), slice::split_at(&v, n));
            same!(v.split_at_checked(n), slice::split_at_checked(&v, n));
            same!(v.get(n), slice::get(&v, n));
            same!(v.get(n..), slice::get(&v, n..));
            same!(v.get(..n), slice::get(&v, ..n));
            same!(v.get(..=n), slice::get(&v, ..=n));
            same!(v.get(..), slice::get(&v, ..));
            for m in 0..10 {
                same!(v.get(n..m), slice::get(&v, n..m));
                same!(v.get(n..=m), slice::get(&v, n..=m));
                let mut spent = n..=m;
                spent.by_ref().for_each(drop);
                same!(v.get(spent.clone()), slice::get(&v, spent.clone()));
            }
        }
        same!(v.get(0..=usize::MAX), slice::get(&v, 0..=usize::MAX));
        same!(v.get(..=usize::MAX), slice::get(&v, ..=usize::MAX));
    }
}

/// Both change their own copy; results and final contents agree, or both panic.
fn changed<R: PartialEq + std::fmt::Debug>(
    v: &[i32],
    std: impl Fn(&mut Vec<i32>) -> R,
    model: impl Fn(&mut Vec<i32>) -> R,
) {
    let (mut a, mut b) = (v.to_vec(), v.to_vec());
    let expected = common::outcome(|| std(&mut a));
    let got = common::outcome(|| model(&mut b));
    assert_eq!(expected, got);
    if expected.is_some() {
        assert_eq!(a, b);
    }
}

#[test]
fn slices_in_place() {
    for v in inputs() {
        changed(&v, |s| s.reverse(), |s| slice::reverse(s));
        changed(&v, |s| s.fill(7), |s| slice::fill(s, 7));
        changed(
            &v,
            |s| s.first_mut().map(|x| *x = 9),
            |s| slice::first_mut(s).map(|x| *x = 9),
        );
        changed(
            &v,
            |s| s.last_mut().map(|x| *x = 9),
            |s| slice::last_mut(s).map(|x| *x = 9),
        );
        changed(
            &v,
            |s| s.iter_mut().for_each(|x| *x += 1),
            |s| slice::iter_mut(s).for_each(|x| *x += 1),
        );
        changed(
            &v,
            |s| {
                let mut it = s.iter_mut();
                *it.next_back().unwrap() = it.len() as i32;
            },
            |s| {
                let mut it = slice::iter_mut(s);
                *it.next_back().unwrap() = it.len() as i32;
            },
        );
        let counter = || {
            let mut i = 0;
            move || {
                i += 1;
                i
            }
        };
        changed(
            &v,
            |s| s.fill_with(counter()),
            |s| slice::fill_with(s, counter()),
        );
        for n in 0..10 {
            changed(
                &v,
                |s| s.get_mut(n).map(|x| *x = 9),
                |s| slice::get_mut(s, n).map(|x| *x = 9),
            );
            changed(
                &v,
                |s| s.get_mut(n..).map(|x| x.fill(9)),
                |s| slice::get_mut(s, n..).map(|x| x.fill(9)),
            );
            changed(
                &v,
                |s| s.get_mut(..n).map(|x| x.fill(9)),
                |s| slice::get_mut(s, ..n).map(|x| x.fill(9)),
            );
            changed(
                &v,
                |s| s.get_mut(..=n).map(|x| x.fill(9)),
                |s| slice::get_mut(s, ..=n).map(|x| x.fill(9)),
            );
            changed(
                &v,
                |s| s.get_mut(..).map(|x| x.fill(9)),
                |s| slice::get_mut(s, ..).map(|x| x.fill(9)),
            );
            changed(&v, |s| s.rotate_left(n), |s| slice::rotate_left(s, n));
            changed(&v, |s| s.rotate_right(n), |s| slice::rotate_right(s, n));
            for m in 0..10 {
                changed(&v, |s| s.swap(n, m), |s| slice::swap(s, n, m));
                changed(
                    &v,
                    |s| s.get_mut(n..m).map(|x| x.fill(9)),
                    |s| slice::get_mut(s, n..m).map(|x| x.fill(9)),
                );
                changed(
                    &v,
                    |s| s.get_mut(n..=m).map(|x| x.fill(9)),
                    |s| slice::get_mut(s, n..=m).map(|x| x.fill(9)),
                );
            }
        }
        for w in inputs().into_iter().step_by(6) {
            changed(
                &v,
                |s| s.copy_from_slice(&w),
                |s| slice::copy_from_slice(s, &w),
            );
            changed(
                &v,
                |s| s.clone_from_slice(&w),
                |s| slice::clone_from_slice(s, &w),
            );
            changed(
                &v,
                |s| s.swap_with_slice(&mut w.clone()),
                |s| slice::swap_with_slice(s, &mut w.clone()),
            );
            let equal: Vec<i32> = v.iter().map(|x| x + 10).collect();
            changed(
                &v,
                |s| s.copy_from_slice(&equal),
                |s| slice::copy_from_slice(s, &equal),
            );
            changed(
                &v,
                |s| s.clone_from_slice(&equal),
                |s| slice::clone_from_slice(s, &equal),
            );
            let (mut a, mut b) = (equal.clone(), equal);
            changed(
                &v,
                |s| s.swap_with_slice(&mut a.clone()),
                |s| slice::swap_with_slice(s, &mut b.clone()),
            );
            a.reverse();
            slice::reverse(&mut b);
            assert_eq!(a, b);
        }
    }
}

#[test]
fn splitting_off() {
    for v in inputs() {
        for n in 0..10 {
            let (mut a, mut b) = (&v[..], &v[..]);
            same!(a.split_off(..n), slice::split_off(&mut b, ..n));
            assert_eq!(a, b);
            same!(a.split_off(n..), slice::split_off(&mut b, n..));
            assert_eq!(a, b);
            same!(a.split_off(..=n / 2), slice::split_off(&mut b, ..=n / 2));
            assert_eq!(a, b);
            same!(a.split_off_first(), slice::split_off_first(&mut b));
            same!(a.split_off_last(), slice::split_off_last(&mut b));
            assert_eq!(a, b);
        }
        let (mut a, mut b) = (&v[..], &v[..]);
        same!(
            a.split_off(..=usize::MAX),
            slice::split_off(&mut b, ..=usize::MAX)
        );
    }
}

#[test]
fn searching_a_slice() {
    for v in inputs() {
        let mut sorted = v.clone();
        sorted.sort_unstable();
        for x in -3..9 {
            same!(v.contains(&x), slice::contains(&v, &x));
            // Unsorted ones as well: the answer is arbitrary, but ours is std's.
            for s in [&v, &sorted] {
                same!(s.binary_search(&x), slice::binary_search(s, &x));
                same!(
                    s.binary_search_by(|y| y.cmp(&x)),
                    slice::binary_search_by(s, |y| y.cmp(&x))
                );
                same!(
                    s.binary_search_by_key(&x, |y| y / 2),
                    slice::binary_search_by_key(s, &x, |y| y / 2)
                );
                same!(
                    s.partition_point(|y| *y < x),
                    slice::partition_point(s, |y| *y < x)
                );
            }
        }
        for w in inputs() {
            same!(v.starts_with(&w), slice::starts_with(&v, &w));
            same!(v.ends_with(&w), slice::ends_with(&v, &w));
            same!(v[..] == w[..], slice::equal(&v, &w));
        }
        for n in 0..=v.len() {
            assert!(slice::starts_with(&v, &v[..n]));
            assert!(slice::ends_with(&v, &v[n..]));
        }
        same!(v[..].to_vec(), slice::to_vec(&v));
    }
}

#[test]
fn iterators_over_slices() {
    for v in inputs() {
        let s = leaked(&v);
        exact(|| (Box::new(s.iter()), Box::new(slice::iter(s))));
        same!(s.iter().count(), slice::iter(s).count());
        same!(s.iter().last(), slice::iter(s).last());
        let (mut a, mut b) = (s.iter(), slice::iter(s));
        for _ in 0..4 {
            assert_eq!(a.as_slice(), b.as_slice());
            assert_eq!((a.next(), a.next_back()), (b.next(), b.next_back()));
            assert!(a.clone().eq(b.clone()));
        }
        for n in 1..10 {
            exact(|| (Box::new(s.chunks(n)), Box::new(slice::chunks(s, n))));
            exact(|| {
                (
                    Box::new(s.chunks_exact(n)),
                    Box::new(slice::chunks_exact(s, n)),
                )
            });
            exact(|| (Box::new(s.windows(n)), Box::new(slice::windows(s, n))));
            assert_eq!(
                s.chunks_exact(n).remainder(),
                slice::chunks_exact(s, n).remainder()
            );
            assert!(s.chunks(n).eq(slice::chunks(s, n).clone()));
            assert!(s.chunks_exact(n).eq(slice::chunks_exact(s, n).clone()));
            assert!(s.windows(n).eq(slice::windows(s, n).clone()));
        }
        same!(
            s.chunks(usize::MAX).len(),
            slice::chunks(s, usize::MAX).len()
        );
        same!(s.chunks(0).len(), slice::chunks(s, 0).len());
        same!(s.chunks_exact(0).len(), slice::chunks_exact(s, 0).len());
        same!(s.windows(0).len(), slice::windows(s, 0).len());
    }
}

/// Numbers the chunks in the order in which they come, from whichever end `back` says.
fn number<'a>(chunks: impl common::Exact<&'a mut [i32]>, back: &[bool]) -> Vec<usize> {
    let mut chunks = chunks;
    let mut lengths = vec![chunks.len()];
    for (i, &b) in back.iter().enumerate() {
        let chunk = if b { chunks.next_back() } else { chunks.next() };
        if let Some(chunk) = chunk {
            chunk.fill(100 + i as i32);
        }
        lengths.push(chunks.len());
    }
    lengths
}

#[test]
fn mutable_chunks() {
    let mut random = Random::new(3);
    for v in inputs() {
        for n in 0..10 {
            let back: Vec<bool> = (0..5).map(|_| random.below(2) == 0).collect();
            changed(
                &v,
                |s| number(s.chunks_mut(n), &back),
                |s| number(slice::chunks_mut(s, n), &back),
            );
            changed(
                &v,
                |s| number(s.chunks_exact_mut(n), &back),
                |s| number(slice::chunks_exact_mut(s, n), &back),
            );
        }
    }
}

#[test]
fn arrays() {
    let a = [3, 1, 4, 1, 5];
    same!(a.map(|x| x * 2), array::map(a, |x| x * 2));
    same!(
        std::array::from_fn::<_, 4, _>(|i| i * i),
        array::from_fn::<_, 4, _>(|i| i * i)
    );
    same!(
        std::array::from_fn::<_, 0, _>(|i| i),
        array::from_fn::<_, 0, _>(|i| i)
    );
    same!(a.as_slice(), array::as_slice(&a));
    same!(a.each_ref(), array::each_ref(&a));
    let (mut b, mut c) = (a, a);
    b.as_mut_slice()[1] = 9;
    array::as_mut_slice(&mut c)[1] = 9;
    assert_eq!(b, c);
    exact(|| (Box::new(a.into_iter()), Box::new(array::into_iter(a))));
    exact(|| {
        (
            Box::new([0; 0].into_iter()),
            Box::new(array::into_iter([0; 0])),
        )
    });
    // The closure is called from the first element to the last.
    let (mut x, mut y) = (Vec::new(), Vec::new());
    assert_eq!(a.map(|i| x.push(i)), array::map(a, |i| y.push(i)));
    assert_eq!(x, y);
    // Elements that are neither `Copy` nor `Clone`.
    #[derive(Debug, PartialEq)]
    struct Token(i32);
    assert_eq!(array::map([Token(1), Token(2)], |t| t.0), [1, 2]);
}

#[test]
fn vectors() {
    for v in inputs() {
        same!(v.is_empty(), vec::is_empty(&v));
        changed(
            &v,
            |s| s.as_mut_slice().fill(3),
            |s| vec::as_mut_slice(s).fill(3),
        );
        changed(&v, |s| s.reserve(10), |s| vec::reserve(s, 10));
        changed(&v, |s| s.shrink_to_fit(), |s| vec::shrink_to_fit(s));
        changed(&v, |s| s.retain(|x| *x > 0), |s| vec::retain(s, |x| *x > 0));
        changed(
            &v,
            |s| s.extend_from_slice(&[7, 8]),
            |s| vec::extend_from_slice(s, &[7, 8]),
        );
        for n in 0..10 {
            changed(&v, |s| s.swap_remove(n), |s| vec::swap_remove(s, n));
            changed(&v, |s| s.split_off(n), |s| vec::split_off(s, n));
            changed(&v, |s| s.resize(n, 5), |s| vec::resize(s, n, 5));
            let counter = || {
                let mut i = 0;
                move || {
                    i += 1;
                    i
                }
            };
            changed(
                &v,
                |s| s.resize_with(n, counter()),
                |s| vec::resize_with(s, n, counter()),
            );
            same!(vec![4; n], vec::from_elem(4, n));
            changed(&v, |s| s.swap(n, 1), |s| primitive::slice_swap(s, n, 1));
            changed(&v, |s| s.split_off(n), |s| primitive::vec_split_off(s, n));
        }
        let (mut a, mut b) = (vec![1], vec![1]);
        let (mut c, mut d) = (v.clone(), v.clone());
        a.append(&mut c);
        vec::append(&mut b, &mut d);
        assert_eq!((a, c), (b, d));
        assert_eq!(
            v.clone().into_iter().as_slice(),
            vec::into_iter(v.clone()).as_slice()
        );
        exact(|| {
            (
                Box::new(v.clone().into_iter()),
                Box::new(vec::into_iter(v.clone())),
            )
        });
    }
}

#[test]
fn primitives() {
    let v = vec![2, 7, 1];
    assert_eq!(primitive::array_from_vec::<_, 3>(v.clone()), [2, 7, 1]);
    assert_eq!(
        common::outcome(|| primitive::array_from_vec::<_, 2>(v.clone())),
        None
    );
    assert_eq!(primitive::vec_from_array([2, 7, 1]), v);
    let mut filled = [0; 3];
    primitive::slice_assign(&mut filled, &v);
    assert_eq!(filled, [2, 7, 1]);
    primitive::slice_fill(&mut filled, 4);
    assert_eq!(filled, [4; 3]);
    let (mut a, mut b) = (v.clone(), vec![5]);
    primitive::slice_swap(&mut a, 0, 2);
    assert_eq!(a, [1, 7, 2]);
    primitive::vec_append(&mut b, a);
    assert_eq!(b, [5, 1, 7, 2]);
    assert_eq!(primitive::vec_split_off(&mut b, 1), [1, 7, 2]);
    assert_eq!(b, [5]);
}

#[test]
fn clones() {
    let text = |n: i32| n.to_string();
    let v: Vec<String> = (0..4).map(text).collect();
    assert_eq!(clone::Clone::clone(&v), v);
    assert_eq!(clone::Clone::clone(&[text(1), text(2)]), [text(1), text(2)]);
    assert_eq!(clone::Clone::clone(&(text(1), 2)), (text(1), 2));
    assert_eq!(
        clone::Clone::clone(&(text(1), 2, text(3))),
        (text(1), 2, text(3))
    );
    let mut target = vec![text(9)];
    clone::clone_from(&mut target, &v);
    assert_eq!(target, v);
}

#[test]
fn from_itertools() {
    for v in inputs() {
        let (mut a, mut b) = (v.iter(), slice::iter(&v));
        // What `next_tuple` is documented to do, as itertools is no dependency.
        let expected = match (a.next(), a.next()) {
            (Some(x), Some(y)) => Some((x, y)),
            _ => None,
        };
        assert_eq!(itertools::next_tuple::<_, (&i32, &i32)>(&mut b), expected);
        assert!(a.eq(b));
        assert_eq!(
            itertools::collect_vec(slice::iter(&v)),
            v.iter().collect::<Vec<_>>()
        );
        let equal = v.windows(2).all(|w| w[0] == w[1]);
        assert_eq!(itertools::all_equal(&mut slice::iter(&v)), equal);
        assert_eq!(iter::to_vec(slice::iter(&v)).len(), v.len());
    }
}
