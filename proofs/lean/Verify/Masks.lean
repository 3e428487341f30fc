prelude
import Verify.Bits

/-! Natural numbers as sets of their bits: what the bitwise operations do to each bit. -/

set_option autoImplicit false

namespace Nat

theorem testBit_low (n : Nat) : testBit n 0 = Nat.beq (n % 2) 1 := by
  show Nat.beq (n / 1 % 2) 1 = Nat.beq (n % 2) 1
  rw [div_one]
theorem testBit_half (n i : Nat) : testBit n (succ i) = testBit (n / 2) i := by
  show Nat.beq (n / 2 ^ succ i % 2) 1 = Nat.beq (n / 2 / 2 ^ i % 2) 1
  rw [div_two_pow_succ]
theorem testBit_zero (i : Nat) : testBit 0 i = false := rfl

/-- What an operation that works bit by bit does to the lowest bit and to the others. -/
theorem bitwise {f : Nat → Nat → Nat} {g : Bool → Bool → Bool}
    (low : ∀ n m, Nat.beq (f n m % 2) 1 = g (Nat.beq (n % 2) 1) (Nat.beq (m % 2) 1))
    (half : ∀ n m, f n m / 2 = f (n / 2) (m / 2)) (i n m : Nat) :
    testBit (f n m) i = g (testBit n i) (testBit m i) := by
  induction i generalizing n m with
  | zero => rw [testBit_low, testBit_low, testBit_low, low]
  | succ i ih => rw [testBit_half, testBit_half, testBit_half, half, ih]

theorem testBit_land (n m i : Nat) : testBit (land n m) i = and (testBit n i) (testBit m i) := by
  have step : ∀ n m, land n m / 2 = land (n / 2) (m / 2) ∧ land n m % 2 = n % 2 * (m % 2) := fun n m =>
    div_mod_unique (land_step n m).symm (by
      cases bit_cases n with
      | inl h => rw [h]; rw [zero_mul]; exact succ_pos 1
      | inr h => rw [h, one_mul]; exact mod_two_lt m)
  refine bitwise (f := land) (g := and) (fun n m => ?_) (fun n m => (step n m).left) i n m
  rw [(step n m).right]
  cases bit_cases n with
  | inl h => rw [h, zero_mul]; rfl
  | inr h => rw [h, one_mul]; rfl
theorem testBit_lor (n m i : Nat) : testBit (lor n m) i = or (testBit n i) (testBit m i) := by
  have step : ∀ n m, lor n m / 2 = lor (n / 2) (m / 2) ∧ lor n m % 2 = n % 2 + m % 2 - n % 2 * (m % 2) := fun n m =>
    div_mod_unique (lor_step n m).symm (by
      cases bit_cases n with
      | inl h => rw [h, zero_mul, zero_add]; exact mod_two_lt m
      | inr h => cases bit_cases m with
        | inl k => rw [h, k]; exact le_refl 2
        | inr k => rw [h, k]; exact le_refl 2)
  refine bitwise (f := lor) (g := or) (fun n m => ?_) (fun n m => (step n m).left) i n m
  rw [(step n m).right]
  cases bit_cases n with
  | inl h => rw [h, zero_mul, zero_add]; rfl
  | inr h => cases bit_cases m with
    | inl k => rw [h, k]; rfl
    | inr k => rw [h, k]; rfl
theorem testBit_xor (n m i : Nat) :
    testBit (xor n m) i = cond (testBit n i) (not (testBit m i)) (testBit m i) := by
  have step : ∀ n m, xor n m / 2 = xor (n / 2) (m / 2) ∧ xor n m % 2 = (n % 2 + m % 2) % 2 := fun n m =>
    div_mod_unique (xor_step n m).symm (mod_two_lt _)
  refine bitwise (f := xor) (g := fun a b => cond a (not b) b) (fun n m => ?_) (fun n m => (step n m).left) i n m
  rw [(step n m).right]
  cases bit_cases n with
  | inl h => rw [h, zero_add, mod_eq_of_lt (mod_two_lt m)]; rfl
  | inr h => cases bit_cases m with
    | inl k => rw [h, k]; rfl
    | inr k => rw [h, k]; rfl

/-! ## A number as a set -/

theorem testBit_one (l : Nat) (h : testBit 1 l = true) : l = 0 := by
  cases l with
  | zero => rfl
  | succ l =>
    rw [testBit_half] at h
    exact (Bool.false_ne_true h).elim
theorem double_half (n : Nat) : 2 * n / 2 = n :=
  (div_mod_unique (n := 2 * n) (d := 2) (q := n) (r := 0) rfl (succ_pos 1)).left
/-- The set of one number has no other in it. -/
theorem testBit_single (u l : Nat) (h : testBit (shiftLeft 1 u) l = true) : l = u := by
  have e : ∀ u, shiftLeft 1 u = 2 ^ u := fun u => one_mul _
  rw [e] at h
  induction u generalizing l with
  | zero => exact testBit_one l h
  | succ u ih =>
    cases l with
    | zero =>
      rw [testBit_low, show (2 : Nat) ^ succ u = 2 * 2 ^ u + 0 from (pow_succ 2 u).trans (mul_comm _ _), mul_add_mod_left] at h
      exact (Bool.false_ne_true h).elim
    | succ l =>
      rw [testBit_half, show (2 : Nat) ^ succ u = 2 * 2 ^ u from (pow_succ 2 u).trans (mul_comm _ _), double_half] at h
      exact congrArg succ (ih l h)

/-- The set of one number has it. -/
theorem testBit_single_self (u : Nat) : testBit (shiftLeft 1 u) u = true := by
  have e : ∀ u, shiftLeft 1 u = 2 ^ u := fun u => one_mul _
  rw [e]
  induction u with
  | zero => rfl
  | succ u ih => rw [testBit_half, show (2 : Nat) ^ succ u = 2 * 2 ^ u from (pow_succ 2 u).trans (mul_comm _ _), double_half, ih]

/-! ## Two numbers side by side -/

theorem testBit_below (a b w i : Nat) (h : i < w) : testBit (a + b * 2 ^ w) i = testBit a i := by
  cases exists_add_of_le h with
  | intro d e =>
    have s : a + b * 2 ^ w = 2 ^ i * (2 * (2 ^ d * b)) + a := by
      rw [e, succ_add, pow_succ, pow_add, add_comm a, mul_comm b]
      refine congrArg (fun x => x + a) ?_
      simp only [mul_comm, mul_left_comm]
    show Nat.beq ((a + b * 2 ^ w) / 2 ^ i % 2) 1 = Nat.beq (a / 2 ^ i % 2) 1
    rw [s, mul_add_div_left (two_pow_pos i), mul_add_mod_left]
theorem testBit_above (a b w i : Nat) (h : a < 2 ^ w) : testBit (a + b * 2 ^ w) (i + w) = testBit b i := by
  induction w generalizing a i with
  | zero =>
    rw [show a = 0 from eq_zero_of_le_zero (le_of_lt_succ h), zero_add, pow_zero, mul_one]
    rfl
  | succ w ih =>
    have s : a + b * 2 ^ succ w = 2 * (b * 2 ^ w) + a := by
      rw [add_comm, pow_succ, ← mul_assoc, mul_comm (b * 2 ^ w)]
    have k : a / 2 < 2 ^ w := by
      refine (lt_or_ge _ _).elim (fun x => x) (fun x => ?_)
      have y := le_trans (mul_le_mul_left 2 x) (le_add_right (2 * (a / 2)) (a % 2))
      rw [div_add_mod, mul_comm] at y
      exact (not_le_of_lt h y).elim
    show testBit _ (succ (i + w)) = _
    rw [testBit_half, s, mul_add_div_left (succ_pos 1), add_comm, ih _ _ k]

end Nat
