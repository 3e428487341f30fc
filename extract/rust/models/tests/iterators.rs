//! Iterator adapters, sources, consumers and ranges against std, on random small inputs.

mod common;

use std::cell::RefCell;
use std::cmp::Ordering;
use std::ops::ControlFlow;

use common::{both_ends, exact, forward, Random};
use verify_models::iter::collect;
use verify_models::iter::step::Step;
use verify_models::{iter, ops, slice, vec};

fn inputs() -> Vec<Vec<i32>> {
    let mut random = Random::new(1);
    let mut all: Vec<Vec<i32>> = (0..6).map(|n| (0..n).collect()).collect();
    all.extend((0..60).map(|_| random.numbers()));
    all
}

fn model(items: &[i32]) -> vec::IntoIter<i32> {
    vec::into_iter(items.to_vec())
}

fn std_iter(items: &[i32]) -> std::vec::IntoIter<i32> {
    items.to_vec().into_iter()
}

#[test]
fn adapters_that_know_both_ends() {
    for v in inputs() {
        exact(|| (Box::new(std_iter(&v)), Box::new(model(&v))));
        exact(|| {
            (
                Box::new(std_iter(&v).map(|x| x * 3)),
                Box::new(iter::map(model(&v), |x| x * 3)),
            )
        });
        exact(|| {
            (
                Box::new(std_iter(&v).enumerate()),
                Box::new(iter::enumerate(model(&v))),
            )
        });
        exact(|| (Box::new(std_iter(&v).rev()), Box::new(iter::rev(model(&v)))));
        exact(|| {
            (
                Box::new(std_iter(&v).inspect(|_| {})),
                Box::new(iter::inspect(model(&v), |_| {})),
            )
        });
        exact(|| {
            (
                Box::new(std_iter(&v).peekable()),
                Box::new(iter::peekable(model(&v))),
            )
        });
        exact(|| {
            (
                Box::new(std_iter(&v).fuse()),
                Box::new(iter::fuse(model(&v))),
            )
        });
        for n in 0..5 {
            exact(|| {
                (
                    Box::new(std_iter(&v).take(n)),
                    Box::new(iter::take(model(&v), n)),
                )
            });
            exact(|| {
                (
                    Box::new(std_iter(&v).skip(n)),
                    Box::new(iter::skip(model(&v), n)),
                )
            });
            exact(|| {
                (
                    Box::new(std_iter(&v).step_by(n + 1)),
                    Box::new(iter::step_by(model(&v), n + 1)),
                )
            });
        }
        let last = usize::MAX;
        exact(|| {
            (
                Box::new(std_iter(&v).step_by(last)),
                Box::new(iter::step_by(model(&v), last)),
            )
        });
        exact(|| {
            let items: &'static [i32] = v.clone().leak();
            (
                Box::new(items.iter().copied()),
                Box::new(iter::copied(slice::iter(items))),
            )
        });
        exact(|| {
            let items: &'static [i32] = v.clone().leak();
            (
                Box::new(items.iter().cloned()),
                Box::new(iter::cloned(slice::iter(items))),
            )
        });
    }
    same!(
        drop([1].iter().step_by(0)),
        drop(iter::step_by(model(&[1]), 0))
    );
}

#[test]
fn adapters_of_two() {
    for v in inputs() {
        for w in inputs().into_iter().step_by(5) {
            exact(|| {
                (
                    Box::new(std_iter(&v).zip(std_iter(&w))),
                    Box::new(iter::zip(model(&v), model(&w))),
                )
            });
            exact(|| {
                (
                    Box::new(std::iter::zip(v.clone(), w.clone())),
                    Box::new(iter::sources::zip(model(&v), model(&w))),
                )
            });
            both_ends(|| {
                (
                    Box::new(std_iter(&v).chain(std_iter(&w))),
                    Box::new(iter::chain(model(&v), model(&w))),
                )
            });
        }
    }
}

#[test]
fn adapters_that_choose() {
    for v in inputs() {
        both_ends(|| {
            (
                Box::new(std_iter(&v).filter(|x| *x > 0)),
                Box::new(iter::filter(model(&v), |x| *x > 0)),
            )
        });
        both_ends(|| {
            (
                Box::new(std_iter(&v).filter_map(|x| (x > 0).then_some(x + 1))),
                Box::new(iter::filter_map(model(&v), |x| (x > 0).then_some(x + 1))),
            )
        });
        forward(|| {
            (
                Box::new(std_iter(&v).take_while(|x| *x < 2)),
                Box::new(iter::take_while(model(&v), |x| *x < 2)),
            )
        });
        forward(|| {
            (
                Box::new(std_iter(&v).skip_while(|x| *x < 1)),
                Box::new(iter::skip_while(model(&v), |x| *x < 1)),
            )
        });
        forward(|| {
            (
                Box::new(std_iter(&v).map_while(|x| (x < 2).then_some(x * 2))),
                Box::new(iter::map_while(model(&v), |x| (x < 2).then_some(x * 2))),
            )
        });
        forward(|| {
            let step = |acc: &mut i32, x: i32| {
                *acc += x;
                (*acc < 4).then_some(*acc)
            };
            (
                Box::new(std_iter(&v).scan(0, step)),
                Box::new(iter::scan(model(&v), 0, step)),
            )
        });
        forward(|| {
            (
                Box::new(std_iter(&v).cycle()),
                Box::new(iter::cycle(model(&v))),
            )
        });
    }
}

#[test]
fn iterators_of_iterators() {
    for v in inputs() {
        both_ends(|| {
            (
                Box::new(std_iter(&v).flat_map(|x| 0..x)),
                Box::new(iter::flat_map(model(&v), |x| 0..x)),
            )
        });
        both_ends(|| {
            let nested = |items: &[i32]| items.iter().map(|&x| 0..x).collect::<Vec<_>>();
            (
                Box::new(nested(&v).into_iter().flatten()),
                Box::new(iter::flatten(vec::into_iter(nested(&v)))),
            )
        });
    }
}

#[test]
fn peeking() {
    for v in inputs() {
        let mut random = Random::new(v.len() as u64);
        let (mut a, mut b) = (std_iter(&v).peekable(), iter::peekable(model(&v)));
        for _ in 0..16 {
            match random.below(5) {
                0 => assert_eq!(a.peek(), b.peek()),
                1 => assert_eq!(a.next(), b.next()),
                2 => assert_eq!(a.next_back(), b.next_back()),
                3 => assert_eq!(a.next_if(|x| *x > 0), b.next_if(|x| *x > 0)),
                _ => assert_eq!(a.next_if_eq(&1), b.next_if_eq(&1)),
            }
            assert_eq!(a.len(), b.len());
        }
    }
}

#[test]
fn sources() {
    use iter::sources;
    exact(|| {
        (
            Box::new(std::iter::empty::<i32>()),
            Box::new(sources::empty::<i32>()),
        )
    });
    exact(|| (Box::new(std::iter::once(3)), Box::new(sources::once(3))));
    forward(|| (Box::new(std::iter::repeat(3)), Box::new(sources::repeat(3))));
    assert_eq!(sources::repeat(3).next_back(), Some(3));
    for n in 0..4 {
        exact(|| {
            (
                Box::new(std::iter::repeat_n(3, n)),
                Box::new(sources::repeat_n(3, n)),
            )
        });
    }
    let counter = |bound: i32| {
        let mut i = 0;
        move || {
            i += 1;
            (i < bound).then_some(i)
        }
    };
    for n in 0..5 {
        forward(|| {
            (
                Box::new(std::iter::from_fn(counter(n))),
                Box::new(sources::from_fn(counter(n))),
            )
        });
        forward(|| {
            (
                Box::new(std::iter::repeat_with(counter(n))),
                Box::new(sources::repeat_with(counter(n))),
            )
        });
        for first in [None, Some(1)] {
            let grow = move |x: &i32| (*x < n * 4).then_some(x * 2);
            forward(|| {
                (
                    Box::new(std::iter::successors(first, grow)),
                    Box::new(sources::successors(first, grow)),
                )
            });
        }
    }
}

#[test]
fn folds() {
    for v in inputs() {
        let mix = |acc: i32, x: i32| acc.wrapping_mul(31).wrapping_add(x);
        same!(std_iter(&v).fold(7, mix), iter::fold(model(&v), 7, mix));
        same!(std_iter(&v).rfold(7, mix), iter::rfold(model(&v), 7, mix));
        same!(std_iter(&v).reduce(mix), iter::reduce(model(&v), mix));
        same!(
            std_iter(&v).collect::<Vec<_>>(),
            iter::collect::<_, Vec<_>>(model(&v))
        );
        assert_eq!(v, iter::to_vec(model(&v)));
        let narrow = |items: &[i32]| items.iter().map(|&x| x as i8 * 40).collect::<Vec<i8>>();
        same!(
            narrow(&v).into_iter().sum::<i8>(),
            iter::sum::<_, i8>(vec::into_iter(narrow(&v)))
        );
        same!(
            narrow(&v).into_iter().product::<i8>(),
            iter::product::<_, i8>(vec::into_iter(narrow(&v)))
        );
        same!(
            narrow(&v).iter().sum::<i8>(),
            <i8 as collect::Sum<&i8>>::sum(narrow(&v).iter())
        );
        same!(
            narrow(&v).iter().copied().sum::<i8>(),
            <i8 as collect::Sum>::sum(narrow(&v).into_iter())
        );
        same!(
            narrow(&v).iter().product::<i8>(),
            <i8 as collect::Product<&i8>>::product(narrow(&v).iter())
        );
        same!(
            narrow(&v).iter().copied().product::<i8>(),
            <i8 as collect::Product>::product(narrow(&v).into_iter())
        );
        let pairs = |items: &[i32]| items.iter().map(|&x| (x, x > 0)).collect::<Vec<_>>();
        same!(
            pairs(&v).into_iter().unzip::<_, _, Vec<_>, Vec<_>>(),
            iter::unzip::<_, _, _, Vec<_>, Vec<_>>(vec::into_iter(pairs(&v)))
        );
        same!(
            std_iter(&v).partition::<Vec<_>, _>(|x| *x > 0),
            iter::partition::<_, Vec<_>, _>(model(&v), |x| *x > 0)
        );
        let (mut a, mut b) = (Vec::new(), Vec::new());
        std_iter(&v).for_each(|x| a.push(x));
        iter::for_each(model(&v), |x| b.push(x));
        assert_eq!(a, b);
    }
}

/// Consumers that stop early leave the same rest behind.
fn stopping<R: PartialEq + std::fmt::Debug>(
    std: impl Fn(&mut std::vec::IntoIter<i32>) -> R,
    model_fn: impl Fn(&mut vec::IntoIter<i32>) -> R,
) {
    for v in inputs() {
        let (mut a, mut b) = (std_iter(&v), model(&v));
        assert_eq!(std(&mut a), model_fn(&mut b), "{v:?}");
        assert_eq!(a.collect::<Vec<_>>(), b.collect::<Vec<_>>());
    }
}

#[test]
fn consumers_that_stop() {
    stopping(|i| i.all(|x| x < 2), |i| iter::all(i, |x| x < 2));
    stopping(|i| i.any(|x| x == 1), |i| iter::any(i, |x| x == 1));
    stopping(|i| i.find(|x| *x == 1), |i| iter::find(i, |x| *x == 1));
    stopping(|i| i.rfind(|x| *x == 1), |i| iter::rfind(i, |x| *x == 1));
    let pick = |x: i32| (x > 0).then_some(x * 10);
    stopping(move |i| i.find_map(pick), move |i| iter::find_map(i, pick));
    stopping(
        |i| i.position(|x| x == 1),
        |i| iter::position(i, |x| x == 1),
    );
    stopping(
        |i| i.rposition(|x| x == 1),
        |i| iter::rposition(i, |x| x == 1),
    );
    for n in 0..5 {
        stopping(move |i| i.nth(n), move |i| iter::nth(i, n));
        stopping(move |i| i.nth_back(n), move |i| iter::nth_back(i, n));
    }
    let add = |acc: i8, x: i32| acc.checked_add((x as i8).saturating_mul(50));
    stopping(
        move |i| i.try_fold(0, add),
        move |i| iter::try_fold(i, 0, add),
    );
    stopping(
        move |i| i.try_rfold(0, add),
        move |i| iter::try_rfold(i, 0, add),
    );
    let stop = |x: i32| {
        if x > 0 {
            ControlFlow::Break(x)
        } else {
            ControlFlow::Continue(())
        }
    };
    stopping(
        move |i| i.try_for_each(stop),
        move |i| iter::try_for_each(i, stop),
    );
    let fail = |x: i32| if x > 1 { Err(x) } else { Ok(()) };
    stopping(
        move |i| i.try_for_each(fail),
        move |i| iter::try_for_each(i, fail),
    );
    stopping(
        |i| i.by_ref().take(2).count(),
        |i| iter::by_ref(i).take(2).count(),
    );
    for v in inputs() {
        assert_eq!(v.len(), iter::len(&std_iter(&v)));
    }
}

#[test]
fn counts_and_extremes() {
    // Keys that are equal for different items show which of them wins.
    let key = |x: &i32| x.abs();
    let order = |a: &i32, b: &i32| a.abs().cmp(&b.abs());
    for v in inputs() {
        same!(std_iter(&v).count(), iter::count(model(&v)));
        same!(std_iter(&v).last(), iter::last(model(&v)));
        same!(std_iter(&v).max(), iter::max(model(&v)));
        same!(std_iter(&v).min(), iter::min(model(&v)));
        same!(std_iter(&v).max_by(order), iter::max_by(model(&v), order));
        same!(std_iter(&v).min_by(order), iter::min_by(model(&v), order));
        same!(
            std_iter(&v).max_by_key(key),
            iter::max_by_key(model(&v), key)
        );
        same!(
            std_iter(&v).min_by_key(key),
            iter::min_by_key(model(&v), key)
        );
        same!(std_iter(&v).is_sorted(), iter::is_sorted(model(&v)));
    }
}

#[test]
fn comparisons_of_iterators() {
    for v in inputs() {
        for w in inputs().into_iter().step_by(7).chain([v.clone()]) {
            same!(
                std_iter(&v).eq(std_iter(&w)),
                iter::eq(model(&v), model(&w))
            );
            same!(
                std_iter(&v).ne(std_iter(&w)),
                iter::ne(model(&v), model(&w))
            );
            same!(
                std_iter(&v).cmp(std_iter(&w)),
                iter::cmp(model(&v), model(&w))
            );
            same!(
                std_iter(&v).partial_cmp(std_iter(&w)),
                iter::partial_cmp(model(&v), model(&w))
            );
        }
    }
    let (one, nan) = (
        || vec::into_iter(vec![1.0]),
        || vec::into_iter(vec![f64::NAN, 1.0]),
    );
    assert_eq!(iter::partial_cmp(one(), nan()), None);
    assert_eq!(iter::cmp(model(&[1]), model(&[1, 2])), Ordering::Less);
}

/// Closures run for the same items in the same order, whether or not their results are used.
#[test]
fn effects_in_order() {
    for v in inputs() {
        let (a, b) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
        let note = |log: &RefCell<Vec<i32>>, x: i32| log.borrow_mut().push(x);
        let expected: Vec<i32> = std_iter(&v)
            .inspect(|x| note(&a, *x))
            .filter(|x| *x != 0)
            .take_while(|x| *x < 2)
            .map(|x| {
                note(&a, x + 100);
                x
            })
            .skip(1)
            .take(2)
            .collect();
        let chosen = iter::filter(iter::inspect(model(&v), |x| note(&b, *x)), |x| *x != 0);
        let mapped = iter::map(iter::take_while(chosen, |x| *x < 2), |x| {
            note(&b, x + 100);
            x
        });
        let got = iter::to_vec(iter::take(iter::skip(mapped, 1), 2));
        assert_eq!(expected, got);
        assert_eq!(a, b);
    }
}

#[test]
fn collections() {
    for v in inputs() {
        let source = || v.iter().map(|&x| (x < 2).then_some(x));
        same!(
            source().collect::<Option<Vec<_>>>(),
            <Option<Vec<_>> as collect::FromIterator<_>>::from_iter(source())
        );
        let source = || v.iter().map(|&x| if x < 2 { Ok(x) } else { Err(x) });
        same!(
            source().collect::<Result<Vec<_>, _>>(),
            <Result<Vec<_>, _> as collect::FromIterator<_>>::from_iter(source())
        );
        same!(
            v.iter().collect::<Vec<_>>(),
            <Vec<_> as collect::FromIterator<_>>::from_iter(v.iter())
        );
        let (mut a, mut b) = (vec![9], vec![9]);
        a.extend(v.iter());
        collect::Extend::extend(&mut b, v.iter());
        a.extend(v.clone());
        collect::Extend::extend(&mut b, v.clone());
        assert_eq!(a, b);

        assert_eq!(
            collect::IntoIterator::into_iter(v.clone()).collect::<Vec<_>>(),
            v
        );
        assert!(collect::IntoIterator::into_iter(&v).eq(v.iter()));
        assert!(collect::IntoIterator::into_iter(&v[..]).eq(v.iter()));
        assert!(collect::IteratorIntoIterator::into_iter(v.iter()).eq(v.iter()));
        let (mut a, mut b, mut c) = (v.clone(), v.clone(), v.clone());
        a.iter_mut().for_each(|x| *x += 1);
        collect::IntoIterator::into_iter(&mut b).for_each(|x| *x += 1);
        collect::IntoIterator::into_iter(&mut c[..]).for_each(|x| *x += 1);
        assert_eq!(a, b);
        assert_eq!(a, c);

        let mut through = model(&v);
        let mut by_reference = &mut through;
        assert_eq!(collect::ExactSizeIterator::len(&by_reference), v.len());
        let mut expected = std_iter(&v);
        assert_eq!(collect::Iterator::next(&mut by_reference), expected.next());
        assert_eq!(
            collect::DoubleEndedIterator::next_back(&mut by_reference),
            expected.next_back()
        );
        assert_eq!(
            collect::Iterator::nth(&mut by_reference, 1),
            expected.nth(1)
        );
        assert_eq!(
            collect::DoubleEndedIterator::nth_back(&mut by_reference, 1),
            expected.nth_back(1)
        );
    }
    let mut array = [1, 2, 3];
    collect::IntoIterator::into_iter(&mut array).for_each(|x| *x *= 2);
    assert_eq!(array, [2, 4, 6]);
    assert!(collect::IntoIterator::into_iter(&array).eq(&[2, 4, 6]));
    assert!(collect::IntoIterator::into_iter(array).eq([2, 4, 6]));
    assert!(collect::IntoIterator::into_iter(Some(3)).eq([3]));
    assert!(collect::IntoIterator::into_iter(&Some(3)).eq(&[3]));
    assert!(collect::IntoIterator::into_iter(Ok::<_, ()>(3)).eq([3]));
    assert!(collect::IntoIterator::into_iter(Err::<i32, _>(3)).eq([]));
}

#[test]
fn ranges_of_small_integers() {
    for start in -3..4i32 {
        for end in -3..4i32 {
            exact(|| (Box::new(start..end), Box::new(ops::Range { start, end })));
            both_ends(|| {
                (
                    Box::new(start..=end),
                    Box::new(ops::RangeInclusive::new(start, end)),
                )
            });
            let (expected, got) = (start..end, ops::Range { start, end });
            same!(expected.is_empty(), got.is_empty());
            let (to, to_model) = (..=end, ops::RangeToInclusive { end });
            for item in -5..6 {
                same!(expected.contains(&item), got.contains(&item));
                same!(
                    (start..).contains(&item),
                    ops::RangeFrom { start }.contains(&item)
                );
                same!(
                    (..end).contains(&item),
                    ops::RangeTo { end }.contains(&item)
                );
                same!(to.contains(&item), to_model.contains(&item));
            }
            // An inclusive range at each stage of being consumed.
            let (mut expected, mut got) = (start..=end, ops::RangeInclusive::new(start, end));
            assert_eq!(expected.start(), got.start());
            assert_eq!(expected.end(), got.end());
            assert_eq!((start..=end).into_inner(), got.clone().into_inner());
            for _ in 0..8 {
                assert_eq!(expected.is_empty(), got.is_empty());
                for item in -5..6 {
                    same!(expected.contains(&item), got.contains(&item));
                }
                assert_eq!(expected.next(), got.next());
            }
            let (a, b) = (start as u8 as u16, end as u8 as u16);
            assert_eq!((a..=b).len(), ops::RangeInclusive::new(a, b).len());
        }
    }
}

#[test]
fn ranges_at_the_bounds() {
    for start in 250..=255u8 {
        for end in 250..=255 {
            exact(|| (Box::new(start..end), Box::new(ops::Range { start, end })));
            both_ends(|| {
                (
                    Box::new(start..=end),
                    Box::new(ops::RangeInclusive::new(start, end)),
                )
            });
        }
        // Running past the end of the type panics, and not one step earlier.
        for n in 0..8 {
            same!((start..).nth(n), ops::RangeFrom { start }.nth(n));
            same!(
                (start..).take(n).last(),
                ops::RangeFrom { start }.take(n).last()
            );
        }
    }
    for (start, end) in [(i8::MIN, i8::MAX), (-100, 100), (100, -100)] {
        exact(|| (Box::new(start..end), Box::new(ops::Range { start, end })));
        for n in [0, 1, 99, 128, 199, 200, 254, 255, 256, usize::MAX] {
            same!((start..end).nth(n), ops::Range { start, end }.nth(n));
            same!(
                (start..end).nth_back(n),
                ops::Range { start, end }.nth_back(n)
            );
            same!(
                (start..end).step_by(n.max(1)).collect::<Vec<_>>(),
                iter::to_vec(iter::step_by(ops::Range { start, end }, n.max(1)))
            );
        }
    }
    assert_eq!(iter::to_vec(ops::RangeInclusive::new(0u8, 255)).len(), 256);
    same!(
        (0..u128::MAX).nth(5),
        ops::Range {
            start: 0,
            end: u128::MAX
        }
        .nth(5)
    );
    assert!(common::outcome(|| ops::Range {
        start: 0,
        end: u128::MAX
    }
    .len())
    .is_none());
}

/// `Step` for `$t` agrees with ranges of `$t` near both bounds of the type.
macro_rules! steps {
    ($($t:ident)*) => {$({
        for seed in 0..300u64 {
            let mut random = Random::new(seed);
            let start = common::edges(&mut random) as $t;
            let end = common::edges(&mut random) as $t;
            let n = common::edges(&mut random) as usize;
            same!((start..end).nth(n), ops::Range { start, end }.nth(n));
            same!((start..end).nth_back(n), ops::Range { start, end }.nth_back(n));
            same!((start..end).next(), ops::Range { start, end }.next());
            same!((start..end).next_back(), ops::Range { start, end }.next_back());
            same!((start..=end).next(), ops::RangeInclusive::new(start, end).next());
            same!((start..=end).next_back(), ops::RangeInclusive::new(start, end).next_back());
            same!((start..).nth(n), ops::RangeFrom { start }.nth(n));
            same!(start + 1, start.successor());
            same!(start - 1, start.predecessor());
            if let (expected, Some(_)) = (start..end).size_hint() {
                assert_eq!(expected, start.distance(end));
            }
        }
    })*};
}

#[test]
fn steps_of_every_integer() {
    steps!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
}
