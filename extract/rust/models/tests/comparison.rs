//! `core::cmp` against std: provided methods, `Ordering`, and the order of std's own types.

mod common;

use std::cmp::{Ordering, Reverse};
use std::fmt::Debug;

use verify_models::cmp;

const ORDERINGS: [Ordering; 3] = [Ordering::Less, Ordering::Equal, Ordering::Greater];

/// Equal by its first number only, so that it shows which of two equal values is returned.
#[derive(Clone, Copy, Debug, Eq)]
struct Tagged(i32, u8);

impl PartialEq for Tagged {
    fn eq(&self, other: &Tagged) -> bool {
        self.0 == other.0
    }
}

impl PartialOrd for Tagged {
    fn partial_cmp(&self, other: &Tagged) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Tagged {
    fn cmp(&self, other: &Tagged) -> Ordering {
        self.0.cmp(&other.0)
    }
}

fn tag(t: Tagged) -> (i32, u8) {
    (t.0, t.1)
}

#[test]
fn provided_methods() {
    for a in -2..3 {
        for b in -2..3 {
            let (x, y) = (Tagged(a, 1), Tagged(b, 2));
            same!(x != y, cmp::ne(&x, &y));
            same!(x < y, cmp::lt(&x, &y));
            same!(x <= y, cmp::le(&x, &y));
            same!(x > y, cmp::gt(&x, &y));
            same!(x >= y, cmp::ge(&x, &y));
            same!(tag(x.max(y)), tag(cmp::ord_max(x, y)));
            same!(tag(x.min(y)), tag(cmp::ord_min(x, y)));
            same!(tag(std::cmp::max(x, y)), tag(cmp::max(x, y)));
            same!(tag(std::cmp::min(x, y)), tag(cmp::min(x, y)));
            for c in -2..3 {
                let z = Tagged(c, 3);
                same!(tag(z.clamp(x, y)), tag(cmp::ord_clamp(z, x, y)));
            }
        }
    }
    for (a, b) in [
        (1.0, f64::NAN),
        (f64::NAN, f64::NAN),
        (1.0, 2.0),
        (2.0, 2.0),
    ] {
        same!(a < b, cmp::lt(&a, &b));
        same!(a <= b, cmp::le(&a, &b));
        same!(a > b, cmp::gt(&a, &b));
        same!(a >= b, cmp::ge(&a, &b));
        same!(a != b, cmp::ne(&a, &b));
    }
}

#[test]
fn orderings() {
    for a in ORDERINGS {
        same!(a.is_eq(), cmp::is_eq(a));
        same!(a.is_ne(), cmp::is_ne(a));
        same!(a.is_lt(), cmp::is_lt(a));
        same!(a.is_gt(), cmp::is_gt(a));
        same!(a.is_le(), cmp::is_le(a));
        same!(a.is_ge(), cmp::is_ge(a));
        same!(a.reverse(), cmp::reverse(a));
        for b in ORDERINGS {
            same!(a.then(b), cmp::then(a, b));
            same!(a.then_with(|| b), cmp::then_with(a, || b));
        }
    }
    compared(&ORDERINGS);
}

/// Every pair of `items` compares under the mirrors as under std.
fn compared<T>(items: &[T])
where
    T: Ord + Debug + cmp::PartialEq + cmp::PartialOrd + cmp::Ord,
{
    for a in items {
        for b in items {
            assert_eq!(a == b, cmp::PartialEq::eq(a, b), "{a:?} {b:?}");
            assert_eq!(
                std::cmp::PartialOrd::partial_cmp(a, b),
                cmp::PartialOrd::partial_cmp(a, b),
                "{a:?} {b:?}"
            );
            assert_eq!(Ord::cmp(a, b), cmp::Ord::cmp(a, b), "{a:?} {b:?}");
        }
    }
}

#[test]
fn containers() {
    let numbers = [0, 1, 2];
    compared(&[None, Some(0), Some(1)]);
    compared(&[(), ()]);
    compared(&numbers.map(|a| (a,)));
    let pairs: Vec<(i32, i32)> = numbers
        .iter()
        .flat_map(|&a| numbers.map(|b| (a, b)))
        .collect();
    compared(&pairs);
    let triples: Vec<_> = pairs
        .iter()
        .flat_map(|&(a, b)| numbers.map(|c| (a, b, c)))
        .collect();
    compared(&triples);
    let arrays: Vec<_> = triples.iter().map(|&(a, b, c)| [a, b, c]).collect();
    compared(&arrays);
    let references: Vec<&[i32; 3]> = arrays.iter().collect();
    compared(&references);
    let mut vectors: Vec<Vec<i32>> = arrays.iter().map(|a| a.to_vec()).collect();
    vectors.extend(pairs.iter().map(|&(a, b)| vec![a, b]));
    vectors.push(Vec::new());
    compared(&vectors);
    for v in &vectors {
        for w in &vectors {
            assert_eq!(v[..] == w[..], cmp::PartialEq::eq(&v[..], &w[..]));
            assert_eq!(v[..].cmp(&w[..]), cmp::Ord::cmp(&v[..], &w[..]));
            assert_eq!(
                v[..].partial_cmp(&w[..]),
                cmp::PartialOrd::partial_cmp(&v[..], &w[..])
            );
            assert_eq!(v[..].cmp(&w[..]), cmp::compare(v, w));
            assert_eq!(v[..].partial_cmp(&w[..]), cmp::partial_compare(v, w));
        }
    }
    assert_eq!(cmp::partial_compare(&[1.0, f64::NAN], &[1.0, 2.0]), None);
}

#[test]
fn equality_across_types() {
    let vectors = [vec![1, 2, 3], vec![1, 2], vec![1, 2, 4], vec![]];
    let array = [1, 2, 3];
    for v in &vectors {
        let s = &v[..];
        assert_eq!(array == *s, cmp::PartialEq::eq(&array, s));
        assert_eq!(*s == array, cmp::PartialEq::eq(s, &array));
        assert_eq!(array == s, cmp::PartialEq::eq(&array, &s));
        assert_eq!(s == array, cmp::PartialEq::eq(&s, &array));
        assert_eq!(*v == array, cmp::PartialEq::eq(v, &array));
        assert_eq!(*v == *s, cmp::PartialEq::eq(v, s));
        assert_eq!(*v == s, cmp::PartialEq::eq(v, &s));
    }
    let (mut a, mut b, mut c) = (1, 1, 2);
    assert!(cmp::PartialEq::eq(&&mut a, &&mut b));
    assert!(!cmp::PartialEq::eq(&&mut a, &&mut c));
    let results: [Result<i32, i32>; 4] = [Ok(1), Ok(2), Err(1), Err(2)];
    for r in results {
        for s in results {
            assert_eq!(r == s, cmp::PartialEq::eq(&r, &s));
        }
    }
    let quadruples = [
        (1, 2, 3, 4),
        (1, 2, 3, 5),
        (0, 2, 3, 4),
        (1, 0, 3, 4),
        (1, 2, 0, 4),
    ];
    for q in quadruples {
        for r in quadruples {
            assert_eq!(q == r, cmp::PartialEq::eq(&q, &r));
        }
    }
}

#[test]
fn reversed() {
    for a in 0..3 {
        for b in 0..3 {
            let (x, y) = (cmp::Reverse(a), cmp::Reverse(b));
            assert_eq!(Reverse(a) == Reverse(b), x == y);
            assert_eq!(Reverse(a).cmp(&Reverse(b)), x.cmp(&y));
            assert_eq!(Reverse(a).partial_cmp(&Reverse(b)), x.partial_cmp(&y));
        }
    }
}
