//! `core::iter::Step`: what ranges need to know of their integers.
//!
//! std's trait is unstable, so this one stands on its own. Ranges of `char` and of IP addresses
//! are not modelled.

/// Integers that a range can count through.
///
/// `successor` and `predecessor` panic on overflow, as std's steps do with overflow checks on.
pub trait Step: Copy + PartialOrd {
    fn successor(self) -> Self;
    fn predecessor(self) -> Self;
    /// `self + n`, if it fits.
    fn forward(self, n: usize) -> Option<Self>;
    /// `self - n`, if it fits.
    fn backward(self, n: usize) -> Option<Self>;
    /// `end - self`, or 0 if that is negative. Panics if it does not fit.
    fn distance(self, end: Self) -> usize;
}

impl Step for u8 {
    fn successor(self) -> u8 {
        self + 1
    }

    fn predecessor(self) -> u8 {
        self - 1
    }

    fn forward(self, n: usize) -> Option<u8> {
        let sum = self as i128 + n as i128;
        if sum <= u8::MAX as i128 {
            Some(sum as u8)
        } else {
            None
        }
    }

    fn backward(self, n: usize) -> Option<u8> {
        let difference = self as i128 - n as i128;
        if difference >= u8::MIN as i128 {
            Some(difference as u8)
        } else {
            None
        }
    }

    fn distance(self, end: u8) -> usize {
        if self < end {
            (end - self) as usize
        } else {
            0
        }
    }
}

impl Step for u16 {
    fn successor(self) -> u16 {
        self + 1
    }

    fn predecessor(self) -> u16 {
        self - 1
    }

    fn forward(self, n: usize) -> Option<u16> {
        let sum = self as i128 + n as i128;
        if sum <= u16::MAX as i128 {
            Some(sum as u16)
        } else {
            None
        }
    }

    fn backward(self, n: usize) -> Option<u16> {
        let difference = self as i128 - n as i128;
        if difference >= u16::MIN as i128 {
            Some(difference as u16)
        } else {
            None
        }
    }

    fn distance(self, end: u16) -> usize {
        if self < end {
            (end - self) as usize
        } else {
            0
        }
    }
}

impl Step for u32 {
    fn successor(self) -> u32 {
        self + 1
    }

    fn predecessor(self) -> u32 {
        self - 1
    }

    fn forward(self, n: usize) -> Option<u32> {
        let sum = self as i128 + n as i128;
        if sum <= u32::MAX as i128 {
            Some(sum as u32)
        } else {
            None
        }
    }

    fn backward(self, n: usize) -> Option<u32> {
        let difference = self as i128 - n as i128;
        if difference >= u32::MIN as i128 {
            Some(difference as u32)
        } else {
            None
        }
    }

    fn distance(self, end: u32) -> usize {
        if self < end {
            (end - self) as usize
        } else {
            0
        }
    }
}

impl Step for u64 {
    fn successor(self) -> u64 {
        self + 1
    }

    fn predecessor(self) -> u64 {
        self - 1
    }

    fn forward(self, n: usize) -> Option<u64> {
        self.checked_add(n as u64)
    }

    fn backward(self, n: usize) -> Option<u64> {
        self.checked_sub(n as u64)
    }

    fn distance(self, end: u64) -> usize {
        if self < end {
            (end - self) as usize
        } else {
            0
        }
    }
}

impl Step for u128 {
    fn successor(self) -> u128 {
        self + 1
    }

    fn predecessor(self) -> u128 {
        self - 1
    }

    fn forward(self, n: usize) -> Option<u128> {
        self.checked_add(n as u128)
    }

    fn backward(self, n: usize) -> Option<u128> {
        self.checked_sub(n as u128)
    }

    fn distance(self, end: u128) -> usize {
        if self < end {
            let distance = end - self;
            if distance > usize::MAX as u128 {
                panic!("a range is longer than usize::MAX");
            }
            distance as usize
        } else {
            0
        }
    }
}

impl Step for usize {
    fn successor(self) -> usize {
        self + 1
    }

    fn predecessor(self) -> usize {
        self - 1
    }

    fn forward(self, n: usize) -> Option<usize> {
        self.checked_add(n)
    }

    fn backward(self, n: usize) -> Option<usize> {
        self.checked_sub(n)
    }

    fn distance(self, end: usize) -> usize {
        if self < end {
            end - self
        } else {
            0
        }
    }
}

impl Step for i8 {
    fn successor(self) -> i8 {
        self + 1
    }

    fn predecessor(self) -> i8 {
        self - 1
    }

    fn forward(self, n: usize) -> Option<i8> {
        let sum = self as i128 + n as i128;
        if sum <= i8::MAX as i128 {
            Some(sum as i8)
        } else {
            None
        }
    }

    fn backward(self, n: usize) -> Option<i8> {
        let difference = self as i128 - n as i128;
        if difference >= i8::MIN as i128 {
            Some(difference as i8)
        } else {
            None
        }
    }

    fn distance(self, end: i8) -> usize {
        if self < end {
            (end as i128 - self as i128) as usize
        } else {
            0
        }
    }
}

impl Step for i16 {
    fn successor(self) -> i16 {
        self + 1
    }

    fn predecessor(self) -> i16 {
        self - 1
    }

    fn forward(self, n: usize) -> Option<i16> {
        let sum = self as i128 + n as i128;
        if sum <= i16::MAX as i128 {
            Some(sum as i16)
        } else {
            None
        }
    }

    fn backward(self, n: usize) -> Option<i16> {
        let difference = self as i128 - n as i128;
        if difference >= i16::MIN as i128 {
            Some(difference as i16)
        } else {
            None
        }
    }

    fn distance(self, end: i16) -> usize {
        if self < end {
            (end as i128 - self as i128) as usize
        } else {
            0
        }
    }
}

impl Step for i32 {
    fn successor(self) -> i32 {
        self + 1
    }

    fn predecessor(self) -> i32 {
        self - 1
    }

    fn forward(self, n: usize) -> Option<i32> {
        let sum = self as i128 + n as i128;
        if sum <= i32::MAX as i128 {
            Some(sum as i32)
        } else {
            None
        }
    }

    fn backward(self, n: usize) -> Option<i32> {
        let difference = self as i128 - n as i128;
        if difference >= i32::MIN as i128 {
            Some(difference as i32)
        } else {
            None
        }
    }

    fn distance(self, end: i32) -> usize {
        if self < end {
            (end as i128 - self as i128) as usize
        } else {
            0
        }
    }
}

impl Step for i64 {
    fn successor(self) -> i64 {
        self + 1
    }

    fn predecessor(self) -> i64 {
        self - 1
    }

    fn forward(self, n: usize) -> Option<i64> {
        let sum = self as i128 + n as i128;
        if sum <= i64::MAX as i128 {
            Some(sum as i64)
        } else {
            None
        }
    }

    fn backward(self, n: usize) -> Option<i64> {
        let difference = self as i128 - n as i128;
        if difference >= i64::MIN as i128 {
            Some(difference as i64)
        } else {
            None
        }
    }

    fn distance(self, end: i64) -> usize {
        if self < end {
            (end as i128 - self as i128) as usize
        } else {
            0
        }
    }
}

impl Step for i128 {
    fn successor(self) -> i128 {
        self + 1
    }

    fn predecessor(self) -> i128 {
        self - 1
    }

    fn forward(self, n: usize) -> Option<i128> {
        self.checked_add(n as i128)
    }

    fn backward(self, n: usize) -> Option<i128> {
        self.checked_sub(n as i128)
    }

    fn distance(self, end: i128) -> usize {
        if self < end {
            let distance = end.wrapping_sub(self) as u128;
            if distance > usize::MAX as u128 {
                panic!("a range is longer than usize::MAX");
            }
            distance as usize
        } else {
            0
        }
    }
}

impl Step for isize {
    fn successor(self) -> isize {
        self + 1
    }

    fn predecessor(self) -> isize {
        self - 1
    }

    fn forward(self, n: usize) -> Option<isize> {
        let sum = self as i128 + n as i128;
        if sum <= isize::MAX as i128 {
            Some(sum as isize)
        } else {
            None
        }
    }

    fn backward(self, n: usize) -> Option<isize> {
        let difference = self as i128 - n as i128;
        if difference >= isize::MIN as i128 {
            Some(difference as isize)
        } else {
            None
        }
    }

    fn distance(self, end: isize) -> usize {
        if self < end {
            (end as i128 - self as i128) as usize
        } else {
            0
        }
    }
}
