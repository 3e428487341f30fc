//! `bool::then` and `bool::then_some`.

pub fn then<T, F: FnOnce() -> T>(condition: bool, f: F) -> Option<T> {
    if condition {
        Some(f())
    } else {
        None
    }
}

pub fn then_some<T>(condition: bool, value: T) -> Option<T> {
    if condition {
        Some(value)
    } else {
        None
    }
}
