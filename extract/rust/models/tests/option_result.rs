//! `Option`, `Result`, `bool`, `?` and `ControlFlow` against std, on every case of small values.

mod common;

use std::convert::Infallible;
use std::ops::ControlFlow;

use verify_models::ops::{FromResidual, Try};
use verify_models::{boolean, clone, ops, option, result};

const OPTIONS: [Option<i32>; 4] = [None, Some(0), Some(1), Some(-7)];
const RESULTS: [Result<i32, u8>; 4] = [Ok(0), Ok(5), Err(1), Err(9)];

#[test]
fn option_by_itself() {
    for o in OPTIONS {
        same!(o.is_some(), option::is_some(&o));
        same!(o.is_none(), option::is_none(&o));
        same!(o.is_some_and(|x| x > 0), option::is_some_and(o, |x| x > 0));
        same!(o.is_none_or(|x| x > 0), option::is_none_or(o, |x| x > 0));
        same!(o.as_ref(), option::as_ref(&o));
        same!(o.unwrap(), option::unwrap(o));
        same!(o.expect("text"), option::expect(o, "text"));
        same!(o.unwrap_or(3), option::unwrap_or(o, 3));
        same!(o.unwrap_or_else(|| 3), option::unwrap_or_else(o, || 3));
        same!(o.unwrap_or_default(), option::unwrap_or_default(o));
        same!(o.map(|x| x + 1), option::map(o, |x| x + 1));
        same!(o.map_or(4, |x| x + 1), option::map_or(o, 4, |x| x + 1));
        same!(
            o.map_or_else(|| 4, |x| x + 1),
            option::map_or_else(o, || 4, |x| x + 1)
        );
        same!(o.ok_or(6), option::ok_or(o, 6));
        same!(o.ok_or_else(|| 6), option::ok_or_else(o, || 6));
        same!(o.filter(|x| *x > 0), option::filter(o, |x| *x > 0));
        same!(o.or_else(|| Some(2)), option::or_else(o, || Some(2)));
        same!(
            o.and_then(|x| x.checked_sub(1)),
            option::and_then(o, |x| x.checked_sub(1))
        );
        same!(o.as_ref().copied(), option::copied(o.as_ref()));
        same!(o.as_ref().cloned(), option::cloned(o.as_ref()));
        let boxed = o.map(Box::new);
        same!(boxed.as_deref(), option::as_deref(&boxed));
        same!(Some(o).flatten(), option::flatten(Some(o)));
        same!(o.map(|x| (x, 2)).unzip(), option::unzip(o.map(|x| (x, 2))));
        let mut seen = [None, None];
        same!(
            o.inspect(|x| seen[0] = Some(*x)),
            option::inspect(o, |x| seen[1] = Some(*x))
        );
        assert_eq!(seen[0], seen[1]);
        assert_eq!(
            o.iter().collect::<Vec<_>>(),
            option::iter(&o).collect::<Vec<_>>()
        );
        assert_eq!(o.iter().len(), option::iter(&o).len());
        common::exact(|| {
            (
                Box::new(o.into_iter()),
                Box::new(option::IntoIter { value: o }),
            )
        });
        assert_eq!(o.clone(), clone::Clone::clone(&o));
    }
    same!(
        None::<Option<i32>>.flatten(),
        option::flatten(None::<Option<i32>>)
    );
}

#[test]
fn option_with_another() {
    for a in OPTIONS {
        for b in OPTIONS {
            same!(a.and(b), option::and(a, b));
            same!(a.or(b), option::or(a, b));
            same!(a.xor(b), option::xor(a, b));
            same!(a.zip(b), option::zip(a, b));
        }
    }
    for r in RESULTS {
        for o in [Some(r), None] {
            same!(o.transpose(), option::transpose(o));
        }
    }
}

/// Both mutate their own copy; results and final values agree.
fn mutated<R: PartialEq + std::fmt::Debug>(
    std: impl Fn(&mut Option<i32>) -> R,
    model: impl Fn(&mut Option<i32>) -> R,
) {
    for o in OPTIONS {
        let (mut a, mut b) = (o, o);
        assert_eq!(std(&mut a), model(&mut b));
        assert_eq!(a, b);
    }
}

#[test]
fn option_in_place() {
    mutated(|o| o.take(), |o| option::take(o));
    mutated(|o| o.replace(8), |o| option::replace(o, 8));
    mutated(
        |o| o.take_if(|x| *x > 0),
        |o| option::take_if(o, |x| *x > 0),
    );
    mutated(
        |o| o.as_mut().map(|x| *x += 1),
        |o| option::as_mut(o).map(|x| *x += 1),
    );
    mutated(|o| *o.insert(3), |o| *option::insert(o, 3));
    mutated(
        |o| {
            *o.get_or_insert(3) += 1;
        },
        |o| {
            *option::get_or_insert(o, 3) += 1;
        },
    );
    mutated(
        |o| {
            *o.get_or_insert_with(|| 3) += 1;
        },
        |o| {
            *option::get_or_insert_with(o, || 3) += 1;
        },
    );
}

#[test]
fn result_by_itself() {
    for r in RESULTS {
        same!(r.is_ok(), result::is_ok(&r));
        same!(r.is_err(), result::is_err(&r));
        same!(r.is_ok_and(|x| x > 0), result::is_ok_and(r, |x| x > 0));
        same!(r.is_err_and(|x| x > 1), result::is_err_and(r, |x| x > 1));
        same!(r.ok(), result::ok(r));
        same!(r.err(), result::err(r));
        same!(r.as_ref(), result::as_ref(&r));
        same!(r.map(|x| x + 1), result::map(r, |x| x + 1));
        same!(r.map_or(4, |x| x + 1), result::map_or(r, 4, |x| x + 1));
        same!(
            r.map_or_else(|e| e as i32, |x| x + 1),
            result::map_or_else(r, |e| e as i32, |x| x + 1)
        );
        same!(r.map_err(|e| e + 1), result::map_err(r, |e| e + 1));
        same!(r.unwrap(), result::unwrap(r));
        same!(r.expect("text"), result::expect(r, "text"));
        same!(r.unwrap_err(), result::unwrap_err(r));
        same!(r.expect_err("text"), result::expect_err(r, "text"));
        same!(r.unwrap_or(3), result::unwrap_or(r, 3));
        same!(
            r.unwrap_or_else(|e| e as i32),
            result::unwrap_or_else(r, |e| e as i32)
        );
        same!(r.unwrap_or_default(), result::unwrap_or_default(r));
        same!(r.and_then(|x| if x > 0 { Ok(x) } else { Err(2) }), {
            result::and_then(r, |x| if x > 0 { Ok(x) } else { Err(2) })
        });
        same!(
            r.or_else(|e| if e > 1 { Ok(1) } else { Err(e as i64) }),
            result::or_else(r, |e| if e > 1 { Ok(1) } else { Err(e as i64) })
        );
        same!(r.as_ref().copied(), result::copied(r.as_ref()));
        same!(r.as_ref().cloned(), result::cloned(r.as_ref()));
        assert_eq!(
            r.iter().collect::<Vec<_>>(),
            result::iter(&r).collect::<Vec<_>>()
        );
        assert_eq!(r, clone::Clone::clone(&r));
        let mut seen = [None, None];
        same!(
            r.inspect(|x| seen[0] = Some(*x)),
            result::inspect(r, |x| seen[1] = Some(*x))
        );
        assert_eq!(seen[0], seen[1]);
        let mut seen = [None, None];
        same!(
            r.inspect_err(|x| seen[0] = Some(*x)),
            result::inspect_err(r, |x| seen[1] = Some(*x))
        );
        assert_eq!(seen[0], seen[1]);
        let (mut a, mut b) = (r, r);
        same!(
            a.as_mut().map(|x| *x += 1),
            result::as_mut(&mut b).map(|x| *x += 1)
        );
        assert_eq!(a, b);
        for s in RESULTS {
            same!(r.and(s), result::and(r, s));
            same!(r.or(s), result::or(r, s));
        }
        for nested in [Ok(r), Err(4)] {
            same!(nested.and_then(|inner| inner), result::flatten(nested));
        }
    }
    for r in [Ok(None), Ok(Some(3)), Err(2)] {
        let r: Result<Option<i32>, u8> = r;
        same!(r.transpose(), result::transpose(r));
    }
}

#[test]
fn booleans() {
    for b in [false, true] {
        same!(b.then(|| 4), boolean::then(b, || 4));
        same!(b.then_some(4), boolean::then_some(b, 4));
    }
}

/// `?` on an option, by the mirror's own `branch` and `from_residual`.
fn question_option(o: Option<i32>) -> Option<i64> {
    match o.branch() {
        ControlFlow::Continue(x) => Option::from_output(x as i64 + 1),
        ControlFlow::Break(residual) => Option::from_residual(residual),
    }
}

/// `?` on a result, converting the error.
fn question_result(r: Result<i32, u8>) -> Result<i64, u32> {
    match r.branch() {
        ControlFlow::Continue(x) => Result::from_output(x as i64 + 1),
        ControlFlow::Break(residual) => Result::from_residual(residual),
    }
}

#[test]
fn question_mark() {
    for o in OPTIONS {
        assert_eq!((|| Some(o? as i64 + 1))(), question_option(o));
    }
    for r in RESULTS {
        assert_eq!((|| Ok::<i64, u32>(r? as i64 + 1))(), question_result(r));
    }
    for flow in [ControlFlow::Break(1u8), ControlFlow::Continue(2i32)] {
        let expected = (|| ControlFlow::<u8, i64>::Continue(flow? as i64))();
        let got = match flow.branch() {
            ControlFlow::Continue(x) => ControlFlow::from_output(x as i64),
            ControlFlow::Break(residual) => ControlFlow::<u8, i64>::from_residual(residual),
        };
        assert_eq!(expected, got);
        let residual: ControlFlow<u8, Infallible> = ControlFlow::Break(7);
        assert_eq!(
            ControlFlow::<u8, i32>::from_residual(residual),
            ControlFlow::Break(7)
        );
    }
}

#[test]
fn control_flow() {
    for flow in [ControlFlow::Break(1u8), ControlFlow::Continue(2i32)] {
        same!(flow.is_break(), ops::is_break(&flow));
        same!(flow.is_continue(), ops::is_continue(&flow));
        same!(flow.break_value(), ops::break_value(flow));
        same!(flow.continue_value(), ops::continue_value(flow));
        same!(flow.map_break(|x| x + 1), ops::map_break(flow, |x| x + 1));
    }
}
