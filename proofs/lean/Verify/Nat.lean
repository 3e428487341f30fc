prelude
import Verify.Arith

/-! Natural numbers: order, ring, division, powers. -/

set_option autoImplicit false

instance instDivNat : Div Nat where
  div := Nat.div
instance instModNat : Mod Nat where
  mod := Nat.mod
instance : AndOp Nat where
  and := Nat.land
instance : OrOp Nat where
  or := Nat.lor
instance : XorOp Nat where
  xor := Nat.xor
instance : ShiftLeft Nat where
  shiftLeft := Nat.shiftLeft
instance : ShiftRight Nat where
  shiftRight := Nat.shiftRight
instance : Inhabited Nat where
  default := 0
def Nat.testBit (n i : Nat) : Bool := Nat.beq (Nat.mod (Nat.shiftRight n i) 2) 1

namespace Nat

/-! ## Addition and multiplication -/

theorem add_zero (n : Nat) : n + 0 = n := rfl
theorem add_succ (n m : Nat) : n + succ m = succ (n + m) := rfl
theorem zero_add (n : Nat) : 0 + n = n := by
  induction n with
  | zero => rfl
  | succ n ih => exact congrArg succ ih
theorem succ_add (n m : Nat) : succ n + m = succ (n + m) := by
  induction m with
  | zero => rfl
  | succ m ih => exact congrArg succ ih
theorem add_comm (n m : Nat) : n + m = m + n := by
  induction m with
  | zero => exact (zero_add n).symm
  | succ m ih => rw [succ_add, ← ih, add_succ]
theorem add_assoc (a b c : Nat) : a + b + c = a + (b + c) := by
  induction c with
  | zero => rfl
  | succ c ih => exact congrArg succ ih
theorem add_left_comm (a b c : Nat) : a + (b + c) = b + (a + c) := by
  rw [← add_assoc, add_comm a b, add_assoc]
theorem add_right_comm (a b c : Nat) : a + b + c = a + c + b := by
  rw [add_assoc, add_comm b c, add_assoc]
theorem succ_inj {a b : Nat} (h : succ a = succ b) : a = b := congrArg pred h
theorem succ_ne_zero (n : Nat) : succ n ≠ 0 := fun h => nomatch h
theorem add_right_cancel {a b c : Nat} (h : a + c = b + c) : a = b := by
  induction c with
  | zero => exact h
  | succ c ih => exact ih (succ_inj h)
theorem add_left_cancel {a b c : Nat} (h : c + a = c + b) : a = b := by
  rw [add_comm c a, add_comm c b] at h
  exact add_right_cancel h

theorem mul_zero (n : Nat) : n * 0 = 0 := rfl
theorem mul_succ (n m : Nat) : n * succ m = n * m + n := rfl
theorem zero_mul (n : Nat) : 0 * n = 0 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [mul_succ, ih]
theorem succ_mul (n m : Nat) : succ n * m = n * m + m := by
  induction m with
  | zero => rfl
  | succ m ih => rw [mul_succ, ih, mul_succ, add_succ, add_succ, add_right_comm]
theorem mul_comm (n m : Nat) : n * m = m * n := by
  induction m with
  | zero => exact (zero_mul n).symm
  | succ m ih => rw [succ_mul, ← ih, mul_succ]
theorem mul_one (n : Nat) : n * 1 = n := zero_add n
theorem one_mul (n : Nat) : 1 * n = n := by rw [mul_comm, mul_one]
theorem left_distrib (a b c : Nat) : a * (b + c) = a * b + a * c := by
  induction c with
  | zero => rfl
  | succ c ih => rw [add_succ, mul_succ, ih, mul_succ, add_assoc]
theorem right_distrib (a b c : Nat) : (a + b) * c = a * c + b * c := by
  rw [mul_comm, left_distrib, mul_comm c a, mul_comm c b]
theorem mul_assoc (a b c : Nat) : a * b * c = a * (b * c) := by
  induction c with
  | zero => rfl
  | succ c ih => rw [mul_succ, ih, mul_succ, left_distrib]
theorem mul_left_comm (a b c : Nat) : a * (b * c) = b * (a * c) := by
  rw [← mul_assoc, mul_comm a b, mul_assoc]

/-! ## Order -/

theorem le_refl (n : Nat) : n ≤ n := Nat.le.refl
theorem le_succ (n : Nat) : n ≤ succ n := Nat.le.step Nat.le.refl
theorem le_trans {a b c : Nat} (h : a ≤ b) (k : b ≤ c) : a ≤ c := by
  induction k with
  | refl => exact h
  | step _ ih => exact Nat.le.step ih
theorem zero_le (n : Nat) : 0 ≤ n := by
  induction n with
  | zero => exact Nat.le.refl
  | succ n ih => exact Nat.le.step ih
theorem le_of_eq {a b : Nat} (h : a = b) : a ≤ b := h ▸ le_refl a
theorem succ_le_succ {a b : Nat} (h : a ≤ b) : succ a ≤ succ b := by
  induction h with
  | refl => exact Nat.le.refl
  | step _ ih => exact Nat.le.step ih
theorem pred_le_pred {a b : Nat} (h : a ≤ b) : pred a ≤ pred b := by
  induction h with
  | refl => exact Nat.le.refl
  | @step m _ ih =>
    cases m with
    | zero => exact ih
    | succ m => exact Nat.le.step ih
theorem le_of_succ_le_succ {a b : Nat} (h : succ a ≤ succ b) : a ≤ b := pred_le_pred h
theorem not_succ_le_zero (n : Nat) (h : succ n ≤ 0) : False := by
  cases h
theorem not_succ_le_self (n : Nat) (h : succ n ≤ n) : False := by
  induction n with
  | zero => exact not_succ_le_zero 0 h
  | succ n ih => exact ih (le_of_succ_le_succ h)
theorem le_antisymm {a b : Nat} (h : a ≤ b) (k : b ≤ a) : a = b := by
  cases h with
  | refl => rfl
  | step h => exact (not_succ_le_self _ (le_trans k h)).elim
theorem lt_irrefl (n : Nat) (h : n < n) : False := not_succ_le_self n h
theorem le_of_lt {a b : Nat} (h : a < b) : a ≤ b := le_trans (le_succ a) h
theorem lt_of_lt_of_le {a b c : Nat} (h : a < b) (k : b ≤ c) : a < c := le_trans h k
theorem lt_of_le_of_lt {a b c : Nat} (h : a ≤ b) (k : b < c) : a < c := le_trans (succ_le_succ h) k
theorem lt_trans {a b c : Nat} (h : a < b) (k : b < c) : a < c := lt_of_lt_of_le h (le_of_lt k)
theorem lt_succ_of_le {a b : Nat} (h : a ≤ b) : a < succ b := succ_le_succ h
theorem le_of_lt_succ {a b : Nat} (h : a < succ b) : a ≤ b := le_of_succ_le_succ h
theorem lt_succ_self (n : Nat) : n < succ n := le_refl _
theorem succ_pos (n : Nat) : 0 < succ n := succ_le_succ (zero_le n)
theorem lt_or_ge (a b : Nat) : a < b ∨ b ≤ a := by
  induction a with
  | zero =>
    cases b with
    | zero => exact Or.inr (le_refl _)
    | succ b => exact Or.inl (succ_pos b)
  | succ a ih =>
    cases ih with
    | inr h => exact Or.inr (Nat.le.step h)
    | inl h =>
      cases h with
      | refl => exact Or.inr (le_refl _)
      | step h => exact Or.inl (succ_le_succ h)
theorem le_total (a b : Nat) : a ≤ b ∨ b ≤ a := (lt_or_ge a b).elim (fun h => Or.inl (le_of_lt h)) Or.inr
theorem not_le_of_lt {a b : Nat} (h : a < b) (k : b ≤ a) : False := lt_irrefl a (lt_of_lt_of_le h k)
theorem lt_of_not_le {a b : Nat} (h : ¬a ≤ b) : b < a := (lt_or_ge b a).elim (fun k => k) (fun k => (h k).elim)
theorem le_of_not_lt {a b : Nat} (h : ¬a < b) : b ≤ a := (lt_or_ge a b).elim (fun k => (h k).elim) (fun k => k)
theorem eq_zero_or_pos (n : Nat) : n = 0 ∨ 0 < n := by
  cases n with
  | zero => exact Or.inl rfl
  | succ n => exact Or.inr (succ_pos n)
theorem eq_zero_of_le_zero {n : Nat} (h : n ≤ 0) : n = 0 := le_antisymm h (zero_le n)
theorem pos_of_ne_zero {n : Nat} (h : n ≠ 0) : 0 < n := (eq_zero_or_pos n).elim (fun k => (h k).elim) (fun k => k)
theorem ne_of_lt {a b : Nat} (h : a < b) : a ≠ b := fun k => lt_irrefl b (k ▸ h)

theorem le_add_right (n k : Nat) : n ≤ n + k := by
  induction k with
  | zero => exact le_refl n
  | succ k ih => exact Nat.le.step ih
theorem le_add_left (n k : Nat) : n ≤ k + n := by
  rw [add_comm]; exact le_add_right n k
theorem add_le_add_left {a b : Nat} (h : a ≤ b) (c : Nat) : c + a ≤ c + b := by
  induction h with
  | refl => exact le_refl _
  | step _ ih => exact Nat.le.step ih
theorem add_le_add_right {a b : Nat} (h : a ≤ b) (c : Nat) : a + c ≤ b + c := by
  rw [add_comm a, add_comm b]; exact add_le_add_left h c
theorem add_le_add {a b c d : Nat} (h : a ≤ b) (k : c ≤ d) : a + c ≤ b + d :=
  le_trans (add_le_add_right h c) (add_le_add_left k b)
theorem add_lt_add_left {a b : Nat} (h : a < b) (c : Nat) : c + a < c + b := add_le_add_left h c
theorem add_lt_add_right {a b : Nat} (h : a < b) (c : Nat) : a + c < b + c := by
  rw [add_comm a, add_comm b]; exact add_lt_add_left h c
theorem le_of_add_le_add_left {a b c : Nat} (h : c + a ≤ c + b) : a ≤ b :=
  le_of_not_lt (fun k => not_le_of_lt (add_lt_add_left k c) h)
theorem mul_le_mul_left {a b : Nat} (c : Nat) (h : a ≤ b) : c * a ≤ c * b := by
  induction h with
  | refl => exact le_refl _
  | step _ ih => exact le_trans ih (le_add_right _ _)
theorem mul_le_mul_right {a b : Nat} (c : Nat) (h : a ≤ b) : a * c ≤ b * c := by
  rw [mul_comm a, mul_comm b]; exact mul_le_mul_left c h
theorem mul_le_mul {a b c d : Nat} (h : a ≤ b) (k : c ≤ d) : a * c ≤ b * d :=
  le_trans (mul_le_mul_right c h) (mul_le_mul_left b k)
theorem mul_pos {a b : Nat} (h : 0 < a) (k : 0 < b) : 0 < a * b := mul_le_mul h k
theorem exists_add_of_le {a b : Nat} (h : a ≤ b) : ∃ k, b = a + k := by
  induction h with
  | refl => exact ⟨0, rfl⟩
  | step _ ih => exact match ih with | ⟨k, e⟩ => ⟨succ k, congrArg succ e⟩

theorem ble_of_le {a b : Nat} (h : a ≤ b) : Nat.ble a b = true := by
  induction a generalizing b with
  | zero => rfl
  | succ a ih =>
    cases b with
    | zero => exact (not_succ_le_zero a h).elim
    | succ b => exact ih (le_of_succ_le_succ h)
theorem le_of_ble {a b : Nat} (h : Nat.ble a b = true) : a ≤ b := by
  induction a generalizing b with
  | zero => exact zero_le b
  | succ a ih =>
    cases b with
    | zero => exact (Bool.false_ne_true h).elim
    | succ b => exact succ_le_succ (ih h)
end Nat

instance Nat.decLe (a b : Nat) : Decidable (a ≤ b) where
  decide := Nat.ble a b
  reflects_decide := Bool.reflects_of _ Nat.le_of_ble Nat.ble_of_le
instance Nat.decLt (a b : Nat) : Decidable (a < b) := Nat.decLe (Nat.succ a) b

namespace Nat

/-! ## Subtraction -/

theorem sub_zero (n : Nat) : n - 0 = n := rfl
theorem sub_succ (n m : Nat) : n - succ m = pred (n - m) := rfl
theorem succ_sub_succ (n m : Nat) : succ n - succ m = n - m := by
  induction m with
  | zero => rfl
  | succ m ih => exact congrArg pred ih
theorem sub_self (n : Nat) : n - n = 0 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [succ_sub_succ, ih]
theorem add_sub_cancel (n m : Nat) : n + m - m = n := by
  induction m with
  | zero => rfl
  | succ m ih => exact (succ_sub_succ (n + m) m).trans ih
theorem add_sub_cancel_left (n m : Nat) : n + m - n = m := by
  rw [add_comm, add_sub_cancel]
theorem add_sub_of_le {a b : Nat} (h : a ≤ b) : a + (b - a) = b :=
  match exists_add_of_le h with | ⟨k, e⟩ => by rw [e, add_sub_cancel_left]
theorem sub_add_cancel {a b : Nat} (h : a ≤ b) : b - a + a = b := by
  rw [add_comm, add_sub_of_le h]
theorem sub_eq_zero_of_le {a b : Nat} (h : a ≤ b) : a - b = 0 := by
  induction h with
  | refl => exact sub_self a
  | step _ ih => rw [sub_succ, ih]; rfl
theorem zero_sub (n : Nat) : 0 - n = 0 := sub_eq_zero_of_le (zero_le n)
theorem sub_le (a b : Nat) : a - b ≤ a := by
  induction b with
  | zero => exact le_refl a
  | succ b ih =>
    rw [sub_succ]
    exact le_trans (show pred (a - b) ≤ a - b by cases a - b; exact le_refl 0; exact le_succ _) ih
theorem sub_eq_of_eq_add {a b c : Nat} (k : a = c + b) : a - b = c := by
  rw [k, add_sub_cancel]

/-! ## Division -/

theorem cond_cases (m d : Nat) :
    (succ (m % d) = d ∧ succ m % d = 0 ∧ succ m / d = succ (m / d)) ∨
    (succ (m % d) ≠ d ∧ succ m % d = succ (m % d) ∧ succ m / d = m / d) := by
  have hm : succ m % d = cond (Nat.beq (succ (m % d)) d) 0 (succ (m % d)) := rfl
  have hd : succ m / d = cond (Nat.beq (succ (m % d)) d) (succ (m / d)) (m / d) := rfl
  by_cases e : succ (m % d) = d
  · have b : Nat.beq (succ (m % d)) d = true := decide_eq_true (inst := Nat.decEq _ _) e
    rw [b] at hm hd
    exact Or.inl ⟨e, hm, hd⟩
  · have b : Nat.beq (succ (m % d)) d = false := decide_eq_false (inst := Nat.decEq _ _) e
    rw [b] at hm hd
    exact Or.inr ⟨e, hm, hd⟩
theorem div_add_mod (n d : Nat) : d * (n / d) + n % d = n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    cases cond_cases n d with
    | inl h =>
      rw [h.right.left, h.right.right, mul_succ]
      show d * (n / d) + d = succ n
      refine Eq.trans (congrArg (fun x => d * (n / d) + x) h.left.symm) ?_
      exact congrArg succ ih
    | inr h =>
      rw [h.right.left, h.right.right]
      exact congrArg succ ih
theorem mod_lt (n : Nat) {d : Nat} (h : 0 < d) : n % d < d := by
  induction n with
  | zero => exact h
  | succ n ih =>
    cases cond_cases n d with
    | inl k => rw [k.right.left]; exact h
    | inr k =>
      rw [k.right.left]
      exact (lt_or_ge _ _).elim (fun x => x) (fun x => (k.left (le_antisymm ih x)).elim)
theorem mod_zero (n : Nat) : n % 0 = n := by
  induction n with
  | zero => rfl
  | succ n ih => exact congrArg succ ih
theorem div_zero (n : Nat) : n / 0 = 0 := by
  induction n with
  | zero => rfl
  | succ n ih => exact ih
theorem zero_mod (d : Nat) : 0 % d = 0 := rfl
theorem zero_div (d : Nat) : 0 / d = 0 := rfl
theorem mod_le (n d : Nat) : n % d ≤ n := by
  have h := le_add_left (n % d) (d * (n / d))
  rw [div_add_mod] at h
  exact h
private theorem quotient_le {d a b s t : Nat} (e : d * a + s = d * b + t) (h : t < d) : a ≤ b :=
  le_of_not_lt (fun k => by
    have h1 : d * b + d ≤ d * a + s := le_trans (mul_le_mul_left d k) (le_add_right _ _)
    rw [e] at h1
    exact not_le_of_lt h (le_of_add_le_add_left h1))
/-- Quotient and remainder are determined. -/
theorem div_mod_unique {n d q r : Nat} (h : d * q + r = n) (k : r < d) : n / d = q ∧ n % d = r := by
  have hd : 0 < d := lt_of_le_of_lt (zero_le r) k
  have e : d * (n / d) + n % d = d * q + r := (div_add_mod n d).trans h.symm
  have hq : n / d = q := le_antisymm (quotient_le e k) (quotient_le e.symm (mod_lt n hd))
  rw [hq] at e
  exact ⟨hq, add_left_cancel e⟩
theorem div_eq_of_lt {n d : Nat} (h : n < d) : n / d = 0 := (div_mod_unique (q := 0) (zero_add n) h).left
theorem mod_eq_of_lt {n d : Nat} (h : n < d) : n % d = n := (div_mod_unique (q := 0) (zero_add n) h).right
theorem div_one (n : Nat) : n / 1 = n := (div_mod_unique (r := 0) (one_mul n) (le_refl 1)).left
theorem mod_one (n : Nat) : n % 1 = 0 := (div_mod_unique (r := 0) (one_mul n) (le_refl 1)).right
theorem mod_two_lt (n : Nat) : n % 2 < 2 := mod_lt n (succ_pos 1)
theorem div_le (n d : Nat) : n / d ≤ n := by
  induction n with
  | zero => exact le_refl 0
  | succ n ih =>
    cases cond_cases n d with
    | inl h => rw [h.right.right]; exact succ_le_succ ih
    | inr h => rw [h.right.right]; exact Nat.le.step ih
theorem mul_add_mod_left (d q r : Nat) : (d * q + r) % d = r % d := by
  cases eq_zero_or_pos d with
  | inl h => rw [h, zero_mul, zero_add]
  | inr h =>
    refine (div_mod_unique (q := q + r / d) ?_ (mod_lt r h)).right
    rw [left_distrib, add_assoc, div_add_mod]
theorem mul_add_div_left {d : Nat} (h : 0 < d) (q r : Nat) : (d * q + r) / d = q + r / d := by
  refine (div_mod_unique (r := r % d) ?_ (mod_lt r h)).left
  rw [left_distrib, add_assoc, div_add_mod]

/-! ## Powers -/

theorem pow_zero (b : Nat) : b ^ 0 = 1 := rfl
theorem pow_succ (b n : Nat) : b ^ succ n = b ^ n * b := rfl
theorem pow_one (b : Nat) : b ^ 1 = b := one_mul b
theorem pow_add (b m n : Nat) : b ^ (m + n) = b ^ m * b ^ n := by
  induction n with
  | zero => exact (mul_one _).symm
  | succ n ih => rw [add_succ, pow_succ, ih, pow_succ, mul_assoc]
theorem pow_pos {b : Nat} (h : 0 < b) (n : Nat) : 0 < b ^ n := by
  induction n with
  | zero => exact succ_pos 0
  | succ n ih => exact mul_pos ih h
theorem two_pow_pos (n : Nat) : 0 < 2 ^ n := pow_pos (succ_pos 1) n
theorem pow_le_pow_right {b : Nat} (h : 0 < b) {m n : Nat} (k : m ≤ n) : b ^ m ≤ b ^ n :=
  match exists_add_of_le k with
  | ⟨i, e⟩ => by
    rw [e, pow_add]
    have := mul_le_mul_left (b ^ m) (pow_pos h i)
    rw [mul_one] at this
    exact this
theorem lt_two_pow_self (n : Nat) : n < 2 ^ n := by
  induction n with
  | zero => exact succ_pos 0
  | succ n ih =>
    rw [pow_succ, mul_succ, mul_one]
    exact add_le_add ih (two_pow_pos n)
end Nat
