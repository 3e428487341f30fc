//! Conversions between integers that fail when the value does not fit, one a line.
//!
//! A bound is compared in the source type, and only where the source type exceeds it.

use super::{TryFrom, TryFromIntError};

const ERROR: TryFromIntError = TryFromIntError(());

impl TryFrom<u8> for i8 { type Error = TryFromIntError; fn try_from(value: u8) -> Result<i8, TryFromIntError> { if value <= i8::MAX as u8 { Ok(value as i8) } else { Err(ERROR) } } }

impl TryFrom<u16> for u8 { type Error = TryFromIntError; fn try_from(value: u16) -> Result<u8, TryFromIntError> { if value <= u8::MAX as u16 { Ok(value as u8) } else { Err(ERROR) } } }
impl TryFrom<u16> for i8 { type Error = TryFromIntError; fn try_from(value: u16) -> Result<i8, TryFromIntError> { if value <= i8::MAX as u16 { Ok(value as i8) } else { Err(ERROR) } } }
impl TryFrom<u16> for i16 { type Error = TryFromIntError; fn try_from(value: u16) -> Result<i16, TryFromIntError> { if value <= i16::MAX as u16 { Ok(value as i16) } else { Err(ERROR) } } }
impl TryFrom<u16> for isize { type Error = TryFromIntError; fn try_from(value: u16) -> Result<isize, TryFromIntError> { Ok(value as isize) } }

impl TryFrom<u32> for u8 { type Error = TryFromIntError; fn try_from(value: u32) -> Result<u8, TryFromIntError> { if value <= u8::MAX as u32 { Ok(value as u8) } else { Err(ERROR) } } }
impl TryFrom<u32> for u16 { type Error = TryFromIntError; fn try_from(value: u32) -> Result<u16, TryFromIntError> { if value <= u16::MAX as u32 { Ok(value as u16) } else { Err(ERROR) } } }
impl TryFrom<u32> for usize { type Error = TryFromIntError; fn try_from(value: u32) -> Result<usize, TryFromIntError> { Ok(value as usize) } }
impl TryFrom<u32> for i8 { type Error = TryFromIntError; fn try_from(value: u32) -> Result<i8, TryFromIntError> { if value <= i8::MAX as u32 { Ok(value as i8) } else { Err(ERROR) } } }
impl TryFrom<u32> for i16 { type Error = TryFromIntError; fn try_from(value: u32) -> Result<i16, TryFromIntError> { if value <= i16::MAX as u32 { Ok(value as i16) } else { Err(ERROR) } } }
impl TryFrom<u32> for i32 { type Error = TryFromIntError; fn try_from(value: u32) -> Result<i32, TryFromIntError> { if value <= i32::MAX as u32 { Ok(value as i32) } else { Err(ERROR) } } }
impl TryFrom<u32> for isize { type Error = TryFromIntError; fn try_from(value: u32) -> Result<isize, TryFromIntError> { Ok(value as isize) } }

impl TryFrom<u64> for u8 { type Error = TryFromIntError; fn try_from(value: u64) -> Result<u8, TryFromIntError> { if value <= u8::MAX as u64 { Ok(value as u8) } else { Err(ERROR) } } }
impl TryFrom<u64> for u16 { type Error = TryFromIntError; fn try_from(value: u64) -> Result<u16, TryFromIntError> { if value <= u16::MAX as u64 { Ok(value as u16) } else { Err(ERROR) } } }
impl TryFrom<u64> for u32 { type Error = TryFromIntError; fn try_from(value: u64) -> Result<u32, TryFromIntError> { if value <= u32::MAX as u64 { Ok(value as u32) } else { Err(ERROR) } } }
impl TryFrom<u64> for usize { type Error = TryFromIntError; fn try_from(value: u64) -> Result<usize, TryFromIntError> { Ok(value as usize) } }
impl TryFrom<u64> for i8 { type Error = TryFromIntError; fn try_from(value: u64) -> Result<i8, TryFromIntError> { if value <= i8::MAX as u64 { Ok(value as i8) } else { Err(ERROR) } } }
impl TryFrom<u64> for i16 { type Error = TryFromIntError; fn try_from(value: u64) -> Result<i16, TryFromIntError> { if value <= i16::MAX as u64 { Ok(value as i16) } else { Err(ERROR) } } }
impl TryFrom<u64> for i32 { type Error = TryFromIntError; fn try_from(value: u64) -> Result<i32, TryFromIntError> { if value <= i32::MAX as u64 { Ok(value as i32) } else { Err(ERROR) } } }
impl TryFrom<u64> for i64 { type Error = TryFromIntError; fn try_from(value: u64) -> Result<i64, TryFromIntError> { if value <= i64::MAX as u64 { Ok(value as i64) } else { Err(ERROR) } } }
impl TryFrom<u64> for isize { type Error = TryFromIntError; fn try_from(value: u64) -> Result<isize, TryFromIntError> { if value <= isize::MAX as u64 { Ok(value as isize) } else { Err(ERROR) } } }

impl TryFrom<u128> for u8 { type Error = TryFromIntError; fn try_from(value: u128) -> Result<u8, TryFromIntError> { if value <= u8::MAX as u128 { Ok(value as u8) } else { Err(ERROR) } } }
impl TryFrom<u128> for u16 { type Error = TryFromIntError; fn try_from(value: u128) -> Result<u16, TryFromIntError> { if value <= u16::MAX as u128 { Ok(value as u16) } else { Err(ERROR) } } }
impl TryFrom<u128> for u32 { type Error = TryFromIntError; fn try_from(value: u128) -> Result<u32, TryFromIntError> { if value <= u32::MAX as u128 { Ok(value as u32) } else { Err(ERROR) } } }
impl TryFrom<u128> for u64 { type Error = TryFromIntError; fn try_from(value: u128) -> Result<u64, TryFromIntError> { if value <= u64::MAX as u128 { Ok(value as u64) } else { Err(ERROR) } } }
impl TryFrom<u128> for usize { type Error = TryFromIntError; fn try_from(value: u128) -> Result<usize, TryFromIntError> { if value <= usize::MAX as u128 { Ok(value as usize) } else { Err(ERROR) } } }
impl TryFrom<u128> for i8 { type Error = TryFromIntError; fn try_from(value: u128) -> Result<i8, TryFromIntError> { if value <= i8::MAX as u128 { Ok(value as i8) } else { Err(ERROR) } } }
impl TryFrom<u128> for i16 { type Error = TryFromIntError; fn try_from(value: u128) -> Result<i16, TryFromIntError> { if value <= i16::MAX as u128 { Ok(value as i16) } else { Err(ERROR) } } }
impl TryFrom<u128> for i32 { type Error = TryFromIntError; fn try_from(value: u128) -> Result<i32, TryFromIntError> { if value <= i32::MAX as u128 { Ok(value as i32) } else { Err(ERROR) } } }
impl TryFrom<u128> for i64 { type Error = TryFromIntError; fn try_from(value: u128) -> Result<i64, TryFromIntError> { if value <= i64::MAX as u128 { Ok(value as i64) } else { Err(ERROR) } } }
impl TryFrom<u128> for i128 { type Error = TryFromIntError; fn try_from(value: u128) -> Result<i128, TryFromIntError> { if value <= i128::MAX as u128 { Ok(value as i128) } else { Err(ERROR) } } }
impl TryFrom<u128> for isize { type Error = TryFromIntError; fn try_from(value: u128) -> Result<isize, TryFromIntError> { if value <= isize::MAX as u128 { Ok(value as isize) } else { Err(ERROR) } } }

impl TryFrom<usize> for u8 { type Error = TryFromIntError; fn try_from(value: usize) -> Result<u8, TryFromIntError> { if value <= u8::MAX as usize { Ok(value as u8) } else { Err(ERROR) } } }
impl TryFrom<usize> for u16 { type Error = TryFromIntError; fn try_from(value: usize) -> Result<u16, TryFromIntError> { if value <= u16::MAX as usize { Ok(value as u16) } else { Err(ERROR) } } }
impl TryFrom<usize> for u32 { type Error = TryFromIntError; fn try_from(value: usize) -> Result<u32, TryFromIntError> { if value <= u32::MAX as usize { Ok(value as u32) } else { Err(ERROR) } } }
impl TryFrom<usize> for u64 { type Error = TryFromIntError; fn try_from(value: usize) -> Result<u64, TryFromIntError> { Ok(value as u64) } }
impl TryFrom<usize> for u128 { type Error = TryFromIntError; fn try_from(value: usize) -> Result<u128, TryFromIntError> { Ok(value as u128) } }
impl TryFrom<usize> for i8 { type Error = TryFromIntError; fn try_from(value: usize) -> Result<i8, TryFromIntError> { if value <= i8::MAX as usize { Ok(value as i8) } else { Err(ERROR) } } }
impl TryFrom<usize> for i16 { type Error = TryFromIntError; fn try_from(value: usize) -> Result<i16, TryFromIntError> { if value <= i16::MAX as usize { Ok(value as i16) } else { Err(ERROR) } } }
impl TryFrom<usize> for i32 { type Error = TryFromIntError; fn try_from(value: usize) -> Result<i32, TryFromIntError> { if value <= i32::MAX as usize { Ok(value as i32) } else { Err(ERROR) } } }
impl TryFrom<usize> for i64 { type Error = TryFromIntError; fn try_from(value: usize) -> Result<i64, TryFromIntError> { if value <= i64::MAX as usize { Ok(value as i64) } else { Err(ERROR) } } }
impl TryFrom<usize> for i128 { type Error = TryFromIntError; fn try_from(value: usize) -> Result<i128, TryFromIntError> { Ok(value as i128) } }
impl TryFrom<usize> for isize { type Error = TryFromIntError; fn try_from(value: usize) -> Result<isize, TryFromIntError> { if value <= isize::MAX as usize { Ok(value as isize) } else { Err(ERROR) } } }

impl TryFrom<i8> for u8 { type Error = TryFromIntError; fn try_from(value: i8) -> Result<u8, TryFromIntError> { if value >= 0 { Ok(value as u8) } else { Err(ERROR) } } }
impl TryFrom<i8> for u16 { type Error = TryFromIntError; fn try_from(value: i8) -> Result<u16, TryFromIntError> { if value >= 0 { Ok(value as u16) } else { Err(ERROR) } } }
impl TryFrom<i8> for u32 { type Error = TryFromIntError; fn try_from(value: i8) -> Result<u32, TryFromIntError> { if value >= 0 { Ok(value as u32) } else { Err(ERROR) } } }
impl TryFrom<i8> for u64 { type Error = TryFromIntError; fn try_from(value: i8) -> Result<u64, TryFromIntError> { if value >= 0 { Ok(value as u64) } else { Err(ERROR) } } }
impl TryFrom<i8> for u128 { type Error = TryFromIntError; fn try_from(value: i8) -> Result<u128, TryFromIntError> { if value >= 0 { Ok(value as u128) } else { Err(ERROR) } } }
impl TryFrom<i8> for usize { type Error = TryFromIntError; fn try_from(value: i8) -> Result<usize, TryFromIntError> { if value >= 0 { Ok(value as usize) } else { Err(ERROR) } } }

impl TryFrom<i16> for u8 { type Error = TryFromIntError; fn try_from(value: i16) -> Result<u8, TryFromIntError> { if value >= 0 && value <= u8::MAX as i16 { Ok(value as u8) } else { Err(ERROR) } } }
impl TryFrom<i16> for u16 { type Error = TryFromIntError; fn try_from(value: i16) -> Result<u16, TryFromIntError> { if value >= 0 { Ok(value as u16) } else { Err(ERROR) } } }
impl TryFrom<i16> for u32 { type Error = TryFromIntError; fn try_from(value: i16) -> Result<u32, TryFromIntError> { if value >= 0 { Ok(value as u32) } else { Err(ERROR) } } }
impl TryFrom<i16> for u64 { type Error = TryFromIntError; fn try_from(value: i16) -> Result<u64, TryFromIntError> { if value >= 0 { Ok(value as u64) } else { Err(ERROR) } } }
impl TryFrom<i16> for u128 { type Error = TryFromIntError; fn try_from(value: i16) -> Result<u128, TryFromIntError> { if value >= 0 { Ok(value as u128) } else { Err(ERROR) } } }
impl TryFrom<i16> for usize { type Error = TryFromIntError; fn try_from(value: i16) -> Result<usize, TryFromIntError> { if value >= 0 { Ok(value as usize) } else { Err(ERROR) } } }
impl TryFrom<i16> for i8 { type Error = TryFromIntError; fn try_from(value: i16) -> Result<i8, TryFromIntError> { if value >= i8::MIN as i16 && value <= i8::MAX as i16 { Ok(value as i8) } else { Err(ERROR) } } }

impl TryFrom<i32> for u8 { type Error = TryFromIntError; fn try_from(value: i32) -> Result<u8, TryFromIntError> { if value >= 0 && value <= u8::MAX as i32 { Ok(value as u8) } else { Err(ERROR) } } }
impl TryFrom<i32> for u16 { type Error = TryFromIntError; fn try_from(value: i32) -> Result<u16, TryFromIntError> { if value >= 0 && value <= u16::MAX as i32 { Ok(value as u16) } else { Err(ERROR) } } }
impl TryFrom<i32> for u32 { type Error = TryFromIntError; fn try_from(value: i32) -> Result<u32, TryFromIntError> { if value >= 0 { Ok(value as u32) } else { Err(ERROR) } } }
impl TryFrom<i32> for u64 { type Error = TryFromIntError; fn try_from(value: i32) -> Result<u64, TryFromIntError> { if value >= 0 { Ok(value as u64) } else { Err(ERROR) } } }
impl TryFrom<i32> for u128 { type Error = TryFromIntError; fn try_from(value: i32) -> Result<u128, TryFromIntError> { if value >= 0 { Ok(value as u128) } else { Err(ERROR) } } }
impl TryFrom<i32> for usize { type Error = TryFromIntError; fn try_from(value: i32) -> Result<usize, TryFromIntError> { if value >= 0 { Ok(value as usize) } else { Err(ERROR) } } }
impl TryFrom<i32> for i8 { type Error = TryFromIntError; fn try_from(value: i32) -> Result<i8, TryFromIntError> { if value >= i8::MIN as i32 && value <= i8::MAX as i32 { Ok(value as i8) } else { Err(ERROR) } } }
impl TryFrom<i32> for i16 { type Error = TryFromIntError; fn try_from(value: i32) -> Result<i16, TryFromIntError> { if value >= i16::MIN as i32 && value <= i16::MAX as i32 { Ok(value as i16) } else { Err(ERROR) } } }
impl TryFrom<i32> for isize { type Error = TryFromIntError; fn try_from(value: i32) -> Result<isize, TryFromIntError> { Ok(value as isize) } }

impl TryFrom<i64> for u8 { type Error = TryFromIntError; fn try_from(value: i64) -> Result<u8, TryFromIntError> { if value >= 0 && value <= u8::MAX as i64 { Ok(value as u8) } else { Err(ERROR) } } }
impl TryFrom<i64> for u16 { type Error = TryFromIntError; fn try_from(value: i64) -> Result<u16, TryFromIntError> { if value >= 0 && value <= u16::MAX as i64 { Ok(value as u16) } else { Err(ERROR) } } }
impl TryFrom<i64> for u32 { type Error = TryFromIntError; fn try_from(value: i64) -> Result<u32, TryFromIntError> { if value >= 0 && value <= u32::MAX as i64 { Ok(value as u32) } else { Err(ERROR) } } }
impl TryFrom<i64> for u64 { type Error = TryFromIntError; fn try_from(value: i64) -> Result<u64, TryFromIntError> { if value >= 0 { Ok(value as u64) } else { Err(ERROR) } } }
impl TryFrom<i64> for u128 { type Error = TryFromIntError; fn try_from(value: i64) -> Result<u128, TryFromIntError> { if value >= 0 { Ok(value as u128) } else { Err(ERROR) } } }
impl TryFrom<i64> for usize { type Error = TryFromIntError; fn try_from(value: i64) -> Result<usize, TryFromIntError> { if value >= 0 { Ok(value as usize) } else { Err(ERROR) } } }
impl TryFrom<i64> for i8 { type Error = TryFromIntError; fn try_from(value: i64) -> Result<i8, TryFromIntError> { if value >= i8::MIN as i64 && value <= i8::MAX as i64 { Ok(value as i8) } else { Err(ERROR) } } }
impl TryFrom<i64> for i16 { type Error = TryFromIntError; fn try_from(value: i64) -> Result<i16, TryFromIntError> { if value >= i16::MIN as i64 && value <= i16::MAX as i64 { Ok(value as i16) } else { Err(ERROR) } } }
impl TryFrom<i64> for i32 { type Error = TryFromIntError; fn try_from(value: i64) -> Result<i32, TryFromIntError> { if value >= i32::MIN as i64 && value <= i32::MAX as i64 { Ok(value as i32) } else { Err(ERROR) } } }
impl TryFrom<i64> for isize { type Error = TryFromIntError; fn try_from(value: i64) -> Result<isize, TryFromIntError> { Ok(value as isize) } }

impl TryFrom<i128> for u8 { type Error = TryFromIntError; fn try_from(value: i128) -> Result<u8, TryFromIntError> { if value >= 0 && value <= u8::MAX as i128 { Ok(value as u8) } else { Err(ERROR) } } }
impl TryFrom<i128> for u16 { type Error = TryFromIntError; fn try_from(value: i128) -> Result<u16, TryFromIntError> { if value >= 0 && value <= u16::MAX as i128 { Ok(value as u16) } else { Err(ERROR) } } }
impl TryFrom<i128> for u32 { type Error = TryFromIntError; fn try_from(value: i128) -> Result<u32, TryFromIntError> { if value >= 0 && value <= u32::MAX as i128 { Ok(value as u32) } else { Err(ERROR) } } }
impl TryFrom<i128> for u64 { type Error = TryFromIntError; fn try_from(value: i128) -> Result<u64, TryFromIntError> { if value >= 0 && value <= u64::MAX as i128 { Ok(value as u64) } else { Err(ERROR) } } }
impl TryFrom<i128> for u128 { type Error = TryFromIntError; fn try_from(value: i128) -> Result<u128, TryFromIntError> { if value >= 0 { Ok(value as u128) } else { Err(ERROR) } } }
impl TryFrom<i128> for usize { type Error = TryFromIntError; fn try_from(value: i128) -> Result<usize, TryFromIntError> { if value >= 0 && value <= usize::MAX as i128 { Ok(value as usize) } else { Err(ERROR) } } }
impl TryFrom<i128> for i8 { type Error = TryFromIntError; fn try_from(value: i128) -> Result<i8, TryFromIntError> { if value >= i8::MIN as i128 && value <= i8::MAX as i128 { Ok(value as i8) } else { Err(ERROR) } } }
impl TryFrom<i128> for i16 { type Error = TryFromIntError; fn try_from(value: i128) -> Result<i16, TryFromIntError> { if value >= i16::MIN as i128 && value <= i16::MAX as i128 { Ok(value as i16) } else { Err(ERROR) } } }
impl TryFrom<i128> for i32 { type Error = TryFromIntError; fn try_from(value: i128) -> Result<i32, TryFromIntError> { if value >= i32::MIN as i128 && value <= i32::MAX as i128 { Ok(value as i32) } else { Err(ERROR) } } }
impl TryFrom<i128> for i64 { type Error = TryFromIntError; fn try_from(value: i128) -> Result<i64, TryFromIntError> { if value >= i64::MIN as i128 && value <= i64::MAX as i128 { Ok(value as i64) } else { Err(ERROR) } } }
impl TryFrom<i128> for isize { type Error = TryFromIntError; fn try_from(value: i128) -> Result<isize, TryFromIntError> { if value >= isize::MIN as i128 && value <= isize::MAX as i128 { Ok(value as isize) } else { Err(ERROR) } } }

impl TryFrom<isize> for u8 { type Error = TryFromIntError; fn try_from(value: isize) -> Result<u8, TryFromIntError> { if value >= 0 && value <= u8::MAX as isize { Ok(value as u8) } else { Err(ERROR) } } }
impl TryFrom<isize> for u16 { type Error = TryFromIntError; fn try_from(value: isize) -> Result<u16, TryFromIntError> { if value >= 0 && value <= u16::MAX as isize { Ok(value as u16) } else { Err(ERROR) } } }
impl TryFrom<isize> for u32 { type Error = TryFromIntError; fn try_from(value: isize) -> Result<u32, TryFromIntError> { if value >= 0 && value <= u32::MAX as isize { Ok(value as u32) } else { Err(ERROR) } } }
impl TryFrom<isize> for u64 { type Error = TryFromIntError; fn try_from(value: isize) -> Result<u64, TryFromIntError> { if value >= 0 { Ok(value as u64) } else { Err(ERROR) } } }
impl TryFrom<isize> for u128 { type Error = TryFromIntError; fn try_from(value: isize) -> Result<u128, TryFromIntError> { if value >= 0 { Ok(value as u128) } else { Err(ERROR) } } }
impl TryFrom<isize> for usize { type Error = TryFromIntError; fn try_from(value: isize) -> Result<usize, TryFromIntError> { if value >= 0 { Ok(value as usize) } else { Err(ERROR) } } }
impl TryFrom<isize> for i8 { type Error = TryFromIntError; fn try_from(value: isize) -> Result<i8, TryFromIntError> { if value >= i8::MIN as isize && value <= i8::MAX as isize { Ok(value as i8) } else { Err(ERROR) } } }
impl TryFrom<isize> for i16 { type Error = TryFromIntError; fn try_from(value: isize) -> Result<i16, TryFromIntError> { if value >= i16::MIN as isize && value <= i16::MAX as isize { Ok(value as i16) } else { Err(ERROR) } } }
impl TryFrom<isize> for i32 { type Error = TryFromIntError; fn try_from(value: isize) -> Result<i32, TryFromIntError> { if value >= i32::MIN as isize && value <= i32::MAX as isize { Ok(value as i32) } else { Err(ERROR) } } }
impl TryFrom<isize> for i64 { type Error = TryFromIntError; fn try_from(value: isize) -> Result<i64, TryFromIntError> { Ok(value as i64) } }
impl TryFrom<isize> for i128 { type Error = TryFromIntError; fn try_from(value: isize) -> Result<i128, TryFromIntError> { Ok(value as i128) } }
