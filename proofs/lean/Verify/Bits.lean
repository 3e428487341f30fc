prelude
import Verify.Facts

/-! Bitwise operations: natural numbers bit by bit, then integers in two's complement. -/

set_option autoImplicit false

noncomputable section
namespace Nat

theorem half_le (n : Nat) : n / 2 + n / 2 ≤ n := by
  have h := le_add_right (2 * (n / 2)) (n % 2)
  rw [div_add_mod, show 2 * (n / 2) = n / 2 + n / 2 from by rw [succ_mul, one_mul]] at h
  exact h
theorem halves_le {n m fuel : Nat} (h : n + m ≤ succ fuel) : n / 2 + m / 2 ≤ fuel := by
  have k := le_trans (add_le_add (half_le n) (half_le m)) h
  have e : n / 2 + n / 2 + (m / 2 + m / 2) = n / 2 + m / 2 + (n / 2 + m / 2) := by
    simp only [add_assoc, add_left_comm]
  rw [e] at k
  revert k
  generalize n / 2 + m / 2 = s
  intro k
  cases s with
  | zero => exact zero_le fuel
  | succ t => exact le_trans (le_add_left (succ t) t) (le_of_succ_le_succ (by rw [← succ_add]; exact k))

theorem bits_zero {f : Nat → Nat → Nat} (z : f 0 0 = 0) (fuel : Nat) : bits f fuel 0 0 = 0 := by
  induction fuel with
  | zero => rfl
  | succ fuel ih =>
    show 2 * bits f fuel 0 0 + f 0 0 = 0
    rw [ih, z]
theorem bits_fuel {f : Nat → Nat → Nat} (z : f 0 0 = 0) (j k n m : Nat) (hj : n + m ≤ j) (hk : n + m ≤ k) :
    bits f j n m = bits f k n m := by
  have none : ∀ {n m : Nat}, n + m ≤ 0 → n = 0 ∧ m = 0 := fun h =>
    ⟨eq_zero_of_le_zero (le_trans (le_add_right _ _) h), eq_zero_of_le_zero (le_trans (le_add_left _ _) h)⟩
  induction j generalizing k n m with
  | zero => rw [(none hj).left, (none hj).right, bits_zero z, bits_zero z]
  | succ j ih =>
    cases k with
    | zero => rw [(none hk).left, (none hk).right, bits_zero z, bits_zero z]
    | succ k =>
      show 2 * bits f j (n / 2) (m / 2) + f (n % 2) (m % 2) = 2 * bits f k (n / 2) (m / 2) + f (n % 2) (m % 2)
      rw [ih k _ _ (halves_le hj) (halves_le hk)]
theorem bits_step {f : Nat → Nat → Nat} (z : f 0 0 = 0) (n m : Nat) :
    bits f (n + m) n m = 2 * bits f (n / 2 + m / 2) (n / 2) (m / 2) + f (n % 2) (m % 2) := by
  rw [bits_fuel z (n + m) (succ (n + m)) n m (le_refl _) (le_succ _)]
  show 2 * bits f (n + m) (n / 2) (m / 2) + f (n % 2) (m % 2) = _
  rw [bits_fuel z (n + m) (n / 2 + m / 2) (n / 2) (m / 2) (halves_le (le_succ _)) (le_refl _)]
theorem land_step (n m : Nat) : land n m = 2 * land (n / 2) (m / 2) + n % 2 * (m % 2) :=
  bits_step (f := fun a b => a * b) rfl n m
theorem lor_step (n m : Nat) :
    lor n m = 2 * lor (n / 2) (m / 2) + (n % 2 + m % 2 - n % 2 * (m % 2)) :=
  bits_step (f := fun a b => a + b - a * b) rfl n m
theorem xor_step (n m : Nat) : xor n m = 2 * xor (n / 2) (m / 2) + (n % 2 + m % 2) % 2 :=
  bits_step (f := fun a b => (a + b) % 2) rfl n m

theorem halving {P : Nat → Nat → Prop} (z : P 0 0) (s : ∀ n m, P (n / 2) (m / 2) → P n m) (n m : Nat) : P n m := by
  have all : ∀ fuel n m, n + m ≤ fuel → P n m := by
    intro fuel
    induction fuel with
    | zero =>
      intro n m h
      rw [eq_zero_of_le_zero (le_trans (le_add_right n m) h), eq_zero_of_le_zero (le_trans (le_add_left m n) h)]
      exact z
    | succ fuel ih => exact fun n m h => s n m (ih _ _ (halves_le h))
  exact all (n + m) n m (le_refl _)
theorem bit_cases (n : Nat) : n % 2 = 0 ∨ n % 2 = 1 := by
  have h := mod_two_lt n
  revert h
  generalize n % 2 = r
  intro h
  cases r with
  | zero => exact Or.inl rfl
  | succ r =>
    cases r with
    | zero => exact Or.inr rfl
    | succ r => exact (not_succ_le_zero _ (le_of_succ_le_succ (le_of_succ_le_succ h))).elim

theorem land_comm (n m : Nat) : land n m = land m n := by
  refine halving (P := fun n m => land n m = land m n) rfl (fun n m ih => ?_) n m
  show land n m = land m n
  rw [land_step n m, land_step m n, ih, mul_comm (n % 2)]
theorem land_self (n : Nat) : land n n = n := by
  refine halving (P := fun n _ => land n n = n) rfl (fun n _ ih => ?_) n n
  show land n n = n
  rw [land_step, ih]
  have e : n % 2 * (n % 2) = n % 2 := by
    cases bit_cases n with
    | inl h => rw [h]
    | inr h => rw [h]
  rw [e, div_add_mod]
theorem land_zero (n : Nat) : land n 0 = 0 := by
  refine halving (P := fun n _ => land n 0 = 0) rfl (fun n _ ih => ?_) n n
  show land n 0 = 0
  rw [land_step, zero_div, ih]; rfl
theorem land_le_left (n m : Nat) : land n m ≤ n := by
  refine halving (P := fun n m => land n m ≤ n) (le_refl 0) (fun n m ih => ?_) n m
  show land n m ≤ n
  rw [land_step]
  have b : n % 2 * (m % 2) ≤ n % 2 := by
    have k := mul_le_mul_left (n % 2) (le_of_lt_succ (mod_two_lt m))
    rw [mul_one] at k
    exact k
  have s := add_le_add (mul_le_mul_left 2 ih) b
  rw [div_add_mod] at s
  exact s
theorem land_le_right (n m : Nat) : land n m ≤ m := by rw [land_comm]; exact land_le_left m n
theorem lor_add_land (n m : Nat) : lor n m + land n m = n + m := by
  refine halving (P := fun n m => lor n m + land n m = n + m) rfl (fun n m ih => ?_) n m
  show lor n m + land n m = n + m
  have bit : n % 2 + m % 2 - n % 2 * (m % 2) + n % 2 * (m % 2) = n % 2 + m % 2 := by
    cases bit_cases n with
    | inl h => cases bit_cases m with
      | inl k => rw [h, k]
      | inr k => rw [h, k]
    | inr h => cases bit_cases m with
      | inl k => rw [h, k]
      | inr k => rw [h, k]
  have e : 2 * lor (n / 2) (m / 2) + (n % 2 + m % 2 - n % 2 * (m % 2)) +
      (2 * land (n / 2) (m / 2) + n % 2 * (m % 2)) =
      2 * (lor (n / 2) (m / 2) + land (n / 2) (m / 2)) +
      (n % 2 + m % 2 - n % 2 * (m % 2) + n % 2 * (m % 2)) := by
    rw [left_distrib]; simp only [add_assoc, add_left_comm]
  rw [lor_step, land_step, e, ih, bit, left_distrib]
  have r : 2 * (n / 2) + 2 * (m / 2) + (n % 2 + m % 2) = 2 * (n / 2) + n % 2 + (2 * (m / 2) + m % 2) := by
    simp only [add_assoc, add_left_comm]
  rw [r, div_add_mod, div_add_mod]
theorem xor_add_land (n m : Nat) : xor n m + 2 * land n m = n + m := by
  refine halving (P := fun n m => xor n m + 2 * land n m = n + m) rfl (fun n m ih => ?_) n m
  show xor n m + 2 * land n m = n + m
  have bit : (n % 2 + m % 2) % 2 + 2 * (n % 2 * (m % 2)) = n % 2 + m % 2 := by
    cases bit_cases n with
    | inl h => cases bit_cases m with
      | inl k => rw [h, k]; rfl
      | inr k => rw [h, k]; rfl
    | inr h => cases bit_cases m with
      | inl k => rw [h, k]; rfl
      | inr k => rw [h, k]; rfl
  have e : 2 * xor (n / 2) (m / 2) + (n % 2 + m % 2) % 2 +
      2 * (2 * land (n / 2) (m / 2) + n % 2 * (m % 2)) =
      2 * (xor (n / 2) (m / 2) + 2 * land (n / 2) (m / 2)) +
      ((n % 2 + m % 2) % 2 + 2 * (n % 2 * (m % 2))) := by
    rw [left_distrib, left_distrib]; simp only [add_assoc, add_left_comm]
  rw [xor_step, land_step, e, ih, bit, left_distrib]
  have r : 2 * (n / 2) + 2 * (m / 2) + (n % 2 + m % 2) = 2 * (n / 2) + n % 2 + (2 * (m / 2) + m % 2) := by
    simp only [add_assoc, add_left_comm]
  rw [r, div_add_mod, div_add_mod]

theorem mod_two_pow_succ (n k : Nat) : n % 2 ^ succ k = 2 * (n / 2 % 2 ^ k) + n % 2 := by
  refine (div_mod_unique (q := n / 2 / 2 ^ k) ?_ ?_).right
  · have e : 2 ^ succ k * (n / 2 / 2 ^ k) + (2 * (n / 2 % 2 ^ k) + n % 2) =
        2 * (2 ^ k * (n / 2 / 2 ^ k) + n / 2 % 2 ^ k) + n % 2 := by
      rw [pow_succ, mul_comm (2 ^ k) 2, left_distrib, mul_assoc, add_assoc]
    rw [e, div_add_mod, div_add_mod]
  · have a := mul_le_mul_left 2 (mod_lt (n / 2) (two_pow_pos k))
    have b := mod_two_lt n
    rw [pow_succ, mul_comm (2 ^ k) 2]
    refine lt_of_lt_of_le (add_lt_add_left b (2 * (n / 2 % 2 ^ k))) ?_
    rw [mul_succ] at a
    exact a
theorem div_two_pow_succ (n k : Nat) : n / 2 ^ succ k = n / 2 / 2 ^ k := by
  refine (div_mod_unique (r := 2 * (n / 2 % 2 ^ k) + n % 2) ?_ ?_).left
  · have e : 2 ^ succ k * (n / 2 / 2 ^ k) + (2 * (n / 2 % 2 ^ k) + n % 2) =
        2 * (2 ^ k * (n / 2 / 2 ^ k) + n / 2 % 2 ^ k) + n % 2 := by
      rw [pow_succ, mul_comm (2 ^ k) 2, left_distrib, mul_assoc, add_assoc]
    rw [e, div_add_mod, div_add_mod]
  · rw [← mod_two_pow_succ]
    exact mod_lt n (two_pow_pos (succ k))
theorem land_shifted (n m s : Nat) : land n (2 ^ s * m) = 2 ^ s * land (n / 2 ^ s) m := by
  induction s generalizing n with
  | zero => rw [pow_zero, one_mul, one_mul, div_one]
  | succ s ih =>
    have e : 2 ^ succ s * m = 2 * (2 ^ s * m) := by rw [pow_succ, mul_comm (2 ^ s) 2, mul_assoc]
    have d := div_mod_unique (n := 2 ^ succ s * m) (d := 2) (q := 2 ^ s * m) (r := 0) e.symm (succ_pos 1)
    rw [land_step, d.left, d.right, ih, mul_zero, add_zero, div_two_pow_succ, pow_succ, mul_comm (2 ^ s) 2, mul_assoc]
/-- `k` bits of ones. -/
theorem ones_succ (k : Nat) : 2 ^ succ k - 1 = 2 * (2 ^ k - 1) + 1 := by
  refine sub_eq_of_eq_add ?_
  have h := sub_add_cancel (two_pow_pos k)
  show 2 ^ succ k = 2 * (2 ^ k - 1) + 2 * 1
  rw [← left_distrib]
  show 2 ^ succ k = 2 * (2 ^ k - succ 0 + succ 0)
  rw [h, pow_succ, mul_comm]
theorem land_ones (n k : Nat) : land n (2 ^ k - 1) = n % 2 ^ k := by
  induction k generalizing n with
  | zero => exact (land_zero n).trans (mod_one n).symm
  | succ k ih =>
    have d := div_mod_unique (n := 2 ^ succ k - 1) (d := 2) (ones_succ k).symm (le_refl 2)
    rw [land_step, d.left, d.right, ih, mul_one, mod_two_pow_succ]
end Nat

namespace Facts
open Int Refute

theorem ofNat_sub {a b : Nat} (h : b ≤ a) : ofNat (a - b) = ofNat a - ofNat b := by
  refine (sub_eq_iff.mpr ?_).symm
  exact congrArg ofNat (Nat.sub_add_cancel h).symm
theorem negSucc_value (n : Nat) : negSucc n = -ofNat n - 1 := by
  cases n with
  | zero => rfl
  | succ n => rfl
theorem ofNat_add (a b : Nat) : ofNat (a + b) = ofNat a + ofNat b := rfl

theorem band_comm (x y : Int) : band x y = band y x := by
  cases x with
  | ofNat a => cases y with
    | ofNat b => exact congrArg ofNat (Nat.land_comm a b)
    | negSucc b => exact congrArg (fun l => ofNat (a - l)) (Nat.land_comm a b)
  | negSucc a => cases y with
    | ofNat b => exact congrArg (fun l => ofNat (b - l)) (Nat.land_comm a b)
    | negSucc b =>
      refine congrArg negSucc (Nat.add_right_cancel (c := Nat.land a b) ?_)
      rw [Nat.lor_add_land, Nat.land_comm, Nat.lor_add_land, Nat.add_comm]
theorem band_low (x : Int) (k : Nat) : band x (ofNat (2 ^ k) - 1) = x - ofNat (2 ^ k) * (x / ofNat (2 ^ k)) := by
  rw [← emod_eq, show ofNat (2 ^ k) - 1 = ofNat (2 ^ k - 1) from (ofNat_sub (Nat.two_pow_pos k)).symm]
  cases x with
  | ofNat a => exact congrArg ofNat (Nat.land_ones a k)
  | negSucc a =>
    show ofNat (2 ^ k - 1 - Nat.land a (2 ^ k - 1)) = subNatNat (2 ^ k) (Nat.succ (a % 2 ^ k))
    rw [Nat.land_ones]
    have l := Nat.mod_lt a (Nat.two_pow_pos k)
    exact match Nat.exists_add_of_le l with
      | ⟨j, e⟩ => by
        refine Eq.trans ?_ (subNatNat_congr (a := 2 ^ k) (b := Nat.succ (a % 2 ^ k)) (c := j) (d := 0)
          (e.trans (Nat.add_comm _ _))).symm
        rw [← ofNat_eq]
        refine congrArg ofNat (Nat.sub_eq_of_eq_add ?_)
        refine Nat.sub_eq_of_eq_add (e.trans ?_)
        rw [Nat.succ_add, Nat.add_comm]
theorem band_self (x : Int) : band x x = x := by
  cases x with
  | ofNat a => exact congrArg ofNat (Nat.land_self a)
  | negSucc a =>
    refine congrArg negSucc (Nat.add_right_cancel (c := Nat.land a a) ?_)
    rw [Nat.lor_add_land, Nat.land_self]
theorem band_le (x y : Int) (h : 0 ≤ y) : 0 ≤ band x y ∧ band x y ≤ y :=
  match nonneg_iff.mp h with
  | ⟨b, e⟩ => by
    subst e
    have le : ∀ {m n : Nat}, m ≤ n → ofNat m ≤ ofNat n := fun k => le_def.mpr (by
      rw [← ofNat_sub k]; exact ofNat_nonneg _)
    cases x with
    | ofNat a => exact ⟨ofNat_nonneg _, le (Nat.land_le_right a b)⟩
    | negSucc a => exact ⟨ofNat_nonneg _, le (Nat.sub_le b _)⟩
theorem band_zero (x y : Int) (h : x = 0) : band x y = 0 := by
  subst h
  rw [band_comm]
  have k := band_le y 0 (Int.le_refl 0)
  exact Int.le_antisymm k.right k.left
theorem band_minus_one (x y : Int) (h : x = -1) : band x y = y := by
  subst h
  have z : ∀ n, Nat.land 0 n = 0 := fun n => (Nat.land_comm 0 n).trans (Nat.land_zero n)
  cases y with
  | ofNat b =>
    show ofNat (b - Nat.land 0 b) = ofNat b
    rw [z]; rfl
  | negSucc b =>
    show negSucc (Nat.lor 0 b) = negSucc b
    have l := Nat.lor_add_land 0 b
    rw [z, Nat.zero_add] at l
    exact congrArg negSucc l
theorem band_ones (w : Nat) (x y : Int) (h : x = ofNat (2 ^ w) - 1) (l : 0 ≤ y) (u : y ≤ ofNat (2 ^ w) - 1) :
    band x y = y := by
  subst h
  rw [band_comm, band_low, ← emod_eq]
  refine emod_eq_of_lt l ?_
  exact Refute.proves [y, ofNat (2 ^ w)] [.le (.var 0) (.sub (.var 1) (.num 1))] (.lt (.var 0) (.var 1))
    (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) u
theorem lor_value (a b : Nat) : ofNat (Nat.lor a b) = ofNat a + ofNat b - ofNat (Nat.land a b) :=
  (sub_eq_iff.mpr (show ofNat a + ofNat b = ofNat (Nat.lor a b) + ofNat (Nat.land a b) from
    congrArg ofNat (Nat.lor_add_land a b).symm)).symm
theorem xor_value (a b : Nat) : ofNat (Nat.xor a b) = ofNat a + ofNat b - 2 * ofNat (Nat.land a b) :=
  (sub_eq_iff.mpr (show ofNat a + ofNat b = ofNat (Nat.xor a b) + 2 * ofNat (Nat.land a b) from
    congrArg ofNat (Nat.xor_add_land a b).symm)).symm
theorem bor_eq (x y : Int) : bor x y = x + y - band x y := by
  cases x with
  | ofNat a => cases y with
    | ofNat b => exact lor_value a b
    | negSucc b =>
      show negSucc (b - Nat.land a b) = ofNat a + negSucc b - ofNat (a - Nat.land a b)
      rw [negSucc_value, negSucc_value, ofNat_sub (Nat.land_le_left a b), ofNat_sub (Nat.land_le_right a b)]
      exact Term.ring [ofNat a, ofNat b, ofNat (Nat.land a b)]
        (.sub (.neg (.sub (.var 1) (.var 2))) (.num 1))
        (.sub (.add (.var 0) (.sub (.neg (.var 1)) (.num 1))) (.sub (.var 0) (.var 2))) (by decide +kernel)
  | negSucc a => cases y with
    | ofNat b =>
      show negSucc (a - Nat.land a b) = negSucc a + ofNat b - ofNat (b - Nat.land a b)
      rw [negSucc_value, negSucc_value, ofNat_sub (Nat.land_le_left a b), ofNat_sub (Nat.land_le_right a b)]
      exact Term.ring [ofNat a, ofNat b, ofNat (Nat.land a b)]
        (.sub (.neg (.sub (.var 0) (.var 2))) (.num 1))
        (.sub (.add (.sub (.neg (.var 0)) (.num 1)) (.var 1)) (.sub (.var 1) (.var 2))) (by decide +kernel)
    | negSucc b =>
      show negSucc (Nat.land a b) = negSucc a + negSucc b - negSucc (Nat.lor a b)
      rw [negSucc_value, negSucc_value, negSucc_value, negSucc_value, lor_value]
      exact Term.ring [ofNat a, ofNat b, ofNat (Nat.land a b)]
        (.sub (.neg (.var 2)) (.num 1))
        (.sub (.add (.sub (.neg (.var 0)) (.num 1)) (.sub (.neg (.var 1)) (.num 1)))
          (.sub (.neg (.sub (.add (.var 0) (.var 1)) (.var 2))) (.num 1))) (by decide +kernel)
theorem bxor_eq (x y : Int) : bxor x y = x + y - 2 * band x y := by
  cases x with
  | ofNat a => cases y with
    | ofNat b => exact xor_value a b
    | negSucc b =>
      show negSucc (Nat.xor a b) = ofNat a + negSucc b - 2 * ofNat (a - Nat.land a b)
      rw [negSucc_value, negSucc_value, ofNat_sub (Nat.land_le_left a b), xor_value]
      exact Term.ring [ofNat a, ofNat b, ofNat (Nat.land a b)]
        (.sub (.neg (.sub (.add (.var 0) (.var 1)) (.mul (.num 2) (.var 2)))) (.num 1))
        (.sub (.add (.var 0) (.sub (.neg (.var 1)) (.num 1))) (.mul (.num 2) (.sub (.var 0) (.var 2))))
        (by decide +kernel)
  | negSucc a => cases y with
    | ofNat b =>
      show negSucc (Nat.xor a b) = negSucc a + ofNat b - 2 * ofNat (b - Nat.land a b)
      rw [negSucc_value, negSucc_value, ofNat_sub (Nat.land_le_right a b), xor_value]
      exact Term.ring [ofNat a, ofNat b, ofNat (Nat.land a b)]
        (.sub (.neg (.sub (.add (.var 0) (.var 1)) (.mul (.num 2) (.var 2)))) (.num 1))
        (.sub (.add (.sub (.neg (.var 0)) (.num 1)) (.var 1)) (.mul (.num 2) (.sub (.var 1) (.var 2))))
        (by decide +kernel)
    | negSucc b =>
      show ofNat (Nat.xor a b) = negSucc a + negSucc b - 2 * negSucc (Nat.lor a b)
      rw [negSucc_value, negSucc_value, negSucc_value, lor_value, xor_value]
      exact Term.ring [ofNat a, ofNat b, ofNat (Nat.land a b)]
        (.sub (.add (.var 0) (.var 1)) (.mul (.num 2) (.var 2)))
        (.sub (.add (.sub (.neg (.var 0)) (.num 1)) (.sub (.neg (.var 1)) (.num 1)))
          (.mul (.num 2) (.sub (.neg (.sub (.add (.var 0) (.var 1)) (.var 2))) (.num 1)))) (by decide +kernel)
theorem band_negSucc (x : Int) (c : Nat) : band x (negSucc c) = x - band x (ofNat c) := by
  cases x with
  | ofNat a => exact ofNat_sub (Nat.land_le_left a c)
  | negSucc a =>
    show negSucc (Nat.lor a c) = negSucc a - ofNat (c - Nat.land a c)
    rw [negSucc_value, negSucc_value, ofNat_sub (Nat.land_le_right a c), lor_value]
    exact Term.ring [ofNat a, ofNat c, ofNat (Nat.land a c)]
      (.sub (.neg (.sub (.add (.var 0) (.var 1)) (.var 2))) (.num 1))
      (.sub (.sub (.neg (.var 0)) (.num 1)) (.sub (.var 1) (.var 2))) (by decide +kernel)
theorem band_high (x : Int) (s : Nat) : band x (-ofNat (2 ^ s)) = ofNat (2 ^ s) * (x / ofNat (2 ^ s)) := by
  have e : -ofNat (2 ^ s) = negSucc (2 ^ s - 1) := by
    rw [negSucc_value, ofNat_sub (Nat.two_pow_pos s)]
    exact Term.ring [ofNat (2 ^ s)] (.neg (.var 0)) (.sub (.neg (.sub (.var 0) (.num 1))) (.num 1)) (by decide +kernel)
  rw [e, band_negSucc, ofNat_sub (Nat.two_pow_pos s), show ofNat (Nat.succ 0) = 1 from rfl, band_low]
  exact Term.ring [x, ofNat (2 ^ s) * (x / ofNat (2 ^ s))] (.sub (.var 0) (.sub (.var 0) (.var 1))) (.var 1)
    (by decide +kernel)

/-! ## Windows -/

theorem ediv_two_pow_negSucc (a s : Nat) : negSucc a / ofNat (2 ^ s) = negSucc (a / 2 ^ s) := by
  have h := Nat.sub_add_cancel (Nat.two_pow_pos s)
  rw [← h]
  rfl
theorem band_shifted (x : Int) (s m : Nat) :
    band x (ofNat (2 ^ s * m)) = ofNat (2 ^ s) * band (x / ofNat (2 ^ s)) (ofNat m) := by
  cases x with
  | ofNat a => exact congrArg ofNat (Nat.land_shifted a m s)
  | negSucc a =>
    rw [ediv_two_pow_negSucc]
    show ofNat (2 ^ s * m - Nat.land a (2 ^ s * m)) = ofNat (2 ^ s) * ofNat (m - Nat.land (a / 2 ^ s) m)
    rw [ofNat_sub (Nat.land_le_right a (2 ^ s * m)), Nat.land_shifted, ofNat_sub (Nat.land_le_right _ m), mul_sub]
    rfl
theorem ediv_ediv_two_pow (x : Int) (s j : Nat) :
    x / ofNat (2 ^ s) / ofNat (2 ^ j) = x / ofNat (2 ^ (s + j)) := by
  have hs := two_pow_pos s
  have l := emod_nonneg x hs
  have u := emod_lt x hs
  have lq := emod_nonneg (x / ofNat (2 ^ s)) (two_pow_pos j)
  have uq := emod_lt (x / ofNat (2 ^ s)) (two_pow_pos j)
  have e := ediv_add_emod x (ofNat (2 ^ s))
  have f := ediv_add_emod (x / ofNat (2 ^ s)) (ofNat (2 ^ j))
  rw [Nat.pow_add, show ofNat (2 ^ s * 2 ^ j) = ofNat (2 ^ s) * ofNat (2 ^ j) from rfl]
  revert l u lq uq e f hs
  generalize x % ofNat (2 ^ s) = r
  generalize x / ofNat (2 ^ s) = q
  generalize q % ofNat (2 ^ j) = t
  generalize q / ofNat (2 ^ j) = p
  generalize ofNat (2 ^ s) = a
  generalize ofNat (2 ^ j) = b
  intro hs l u lq uq e f
  subst f
  subst e
  refine (div_mod_unique (r := a * t + r) ?_ (add_nonneg (mul_nonneg (le_of_lt hs) lq) l) ?_).left.symm
  · exact Term.ring [a, b, p, t, r]
      (.add (.mul (.var 0) (.add (.mul (.var 1) (.var 2)) (.var 3))) (.var 4))
      (.add (.mul (.mul (.var 0) (.var 1)) (.var 2)) (.add (.mul (.var 0) (.var 3)) (.var 4))) (by decide +kernel)
  · exact Refute.proves [a, b, t, r]
      [.lt (.num 0) (.var 0), .lt (.var 3) (.var 0), .lt (.var 2) (.var 1)]
      (.lt (.add (.mul (.var 0) (.var 2)) (.var 3)) (.mul (.var 0) (.var 1)))
      (.prod 0 2 (.linear (.add (.add .one 1 .nil) 1 (.add (.add .one 1 .nil) 2
        (.add (.add .one 1 .nil) 3 (.add (.add .one 1 .nil) 4 .nil))))))
      (by decide +kernel) hs u uq
theorem band_window (x : Int) (s t : Nat) (h : s < t) : band x (ofNat (2 ^ t) - ofNat (2 ^ s)) =
    ofNat (2 ^ s) * (x / ofNat (2 ^ s)) - ofNat (2 ^ t) * (x / ofNat (2 ^ t)) :=
  match Nat.exists_add_of_le (Nat.le_of_lt h) with
  | ⟨j, e⟩ => by
    subst e
    have m : ofNat (2 ^ (s + j)) - ofNat (2 ^ s) = ofNat (2 ^ s * (2 ^ j - 1)) := by
      rw [show ofNat (2 ^ s * (2 ^ j - 1)) = ofNat (2 ^ s) * ofNat (2 ^ j - 1) from rfl,
        ofNat_sub (Nat.two_pow_pos j), mul_sub, Nat.pow_add]
      exact congrArg (fun y => ofNat (2 ^ s * 2 ^ j) - y) (mul_one (ofNat (2 ^ s))).symm
    rw [m, band_shifted, ofNat_sub (Nat.two_pow_pos j), show ofNat (Nat.succ 0) = 1 from rfl, band_low,
      ediv_ediv_two_pow, mul_sub, ← mul_assoc, Nat.pow_add]
    rfl

/-! ## Disjoint bits -/

/-- Of a number below `2 ^ k` and low bits that are all ones, the number is left. -/
theorem land_low_ones (k b c : Nat) (hb : b < 2 ^ k) (hc : c % 2 ^ k = 2 ^ k - 1) : Nat.land b c = b := by
  induction k generalizing b c with
  | zero => rw [Nat.eq_zero_of_le_zero (Nat.le_of_lt_succ hb), Nat.land_comm, Nat.land_zero]
  | succ k ih =>
    rw [Nat.mod_two_pow_succ, Nat.ones_succ] at hc
    have one := Nat.div_mod_unique hc.symm (Nat.le_refl 2)
    have two := Nat.div_mod_unique (n := 2 * (c / 2 % 2 ^ k) + c % 2) rfl (Nat.mod_two_lt c)
    have below : b / 2 < 2 ^ k := Nat.lt_of_not_le (fun h => by
      have l := Nat.le_trans (Nat.mul_le_mul_left 2 h) (Nat.le_add_right (2 * (b / 2)) (b % 2))
      rw [Nat.div_add_mod, Nat.mul_comm] at l
      exact Nat.not_le_of_lt hb l)
    rw [Nat.land_step, ih _ _ below (two.left.symm.trans one.left), two.right.symm.trans one.right, Nat.mul_one,
      Nat.div_add_mod]
theorem lt_of_ofNat_lt {m n : Nat} (h : ofNat m < ofNat n) : m < n :=
  Nat.lt_of_not_le (fun k => not_lt_of_le (le_def.mpr (by rw [← ofNat_sub k]; exact ofNat_nonneg _)) h)
theorem band_disjoint (x y : Int) (k : Nat) (l : 0 ≤ y) (u : y < ofNat (2 ^ k))
    (e : x = ofNat (2 ^ k) * (x / ofNat (2 ^ k))) : band x y = 0 :=
  match nonneg_iff.mp l with
  | ⟨b, f⟩ => by
    subst f
    have hb := lt_of_ofNat_lt u
    have r : x % ofNat (2 ^ k) = 0 := by rw [emod_eq]; exact sub_eq_zero.mpr e
    cases x with
    | ofNat a =>
      have ra : a % 2 ^ k = 0 := Int.noConfusion r (fun r => r)
      have d := Nat.div_add_mod a (2 ^ k)
      rw [ra, Nat.add_zero] at d
      show ofNat (Nat.land a b) = 0
      rw [← d, Nat.land_comm, Nat.land_shifted, Nat.div_eq_of_lt hb, Nat.land_comm 0, Nat.land_zero]
      rfl
    | negSucc a =>
      have r : subNatNat (2 ^ k) (Nat.succ (a % 2 ^ k)) = 0 := r
      have ra : a % 2 ^ k = 2 ^ k - 1 := by
        exact match Nat.exists_add_of_le (Nat.mod_lt a (Nat.two_pow_pos k)) with
          | ⟨j, g⟩ => by
            have s := (subNatNat_congr (a := 2 ^ k) (b := Nat.succ (a % 2 ^ k)) (c := j) (d := 0)
              (g.trans (Nat.add_comm _ _))).symm.trans r
            rw [← ofNat_eq] at s
            have z : j = 0 := Int.noConfusion s (fun s => s)
            rw [z] at g
            exact (Nat.sub_eq_of_eq_add (b := 1) (c := a % 2 ^ k) g).symm
      show ofNat (b - Nat.land a b) = 0
      rw [Nat.land_comm, land_low_ones k b a hb ra, Nat.sub_self]
      rfl

/-! ## Counts -/

theorem sumBelow_le (n : Nat) {f : Nat → Nat} (h : ∀ i, f i ≤ 1) : sumBelow n f ≤ n := by
  induction n with
  | zero => exact Nat.le_refl 0
  | succ n ih => exact Nat.add_le_add ih (h n)
theorem sumBelow_zero (n : Nat) {f : Nat → Nat} (h : ∀ i, f i = 0) : sumBelow n f = 0 := by
  induction n with
  | zero => rfl
  | succ n ih =>
    show sumBelow n f + f n = 0
    rw [ih, h]
theorem ofNat_le {m n : Nat} (h : m ≤ n) : ofNat m ≤ ofNat n :=
  le_def.mpr (by rw [← ofNat_sub h]; exact ofNat_nonneg _)
theorem flag_le (c : Prop) [Decidable c] : (if c then 1 else 0 : Nat) ≤ 1 := by
  cases Decidable.em c with
  | inl h => rw [if_pos h]; exact Nat.le_refl 1
  | inr h => rw [if_neg h]; exact Nat.zero_le 1
theorem ctz_range (w : Nat) (x : Int) : 0 ≤ ctz w x ∧ ctz w x ≤ ofNat w :=
  ⟨ofNat_nonneg _, ofNat_le (sumBelow_le w (fun _ => flag_le _))⟩
theorem popcount_range (w : Nat) (x : Int) : 0 ≤ popcount w x ∧ popcount w x ≤ ofNat w :=
  ⟨ofNat_nonneg _, ofNat_le (sumBelow_le w (fun _ => Nat.le_of_lt_succ (Nat.mod_two_lt _)))⟩
theorem clz_range (w : Nat) (x : Int) : 0 ≤ clz w x ∧ clz w x ≤ ofNat w := by
  have h := sumBelow_le w (f := fun i => if 2 ^ i ≤ bitsOf w x then 1 else 0) (fun _ => flag_le _)
  unfold clz
  rw [← ofNat_sub h]
  exact ⟨ofNat_nonneg _, ofNat_le (Nat.sub_le _ _)⟩
theorem bitsOf_zero (w : Nat) : bitsOf w 0 = 0 := rfl
theorem bitrev_zero (w : Nat) (x : Int) (h : x = 0) : bitrev w x = 0 := by
  subst h
  refine congrArg ofNat (sumBelow_zero w (fun i => ?_))
  show 0 / 2 ^ i % 2 * 2 ^ (w - 1 - i) = 0
  rw [Nat.zero_div, Nat.zero_mod, Nat.zero_mul]
theorem bswap_zero (w : Nat) (x : Int) (h : x = 0) : bswap w x = 0 := by
  subst h
  refine congrArg ofNat (sumBelow_zero (w / 8) (fun i => ?_))
  show 0 / 2 ^ (8 * i) % 256 * 2 ^ (8 * (w / 8 - 1 - i)) = 0
  rw [Nat.zero_div, Nat.zero_mod, Nat.zero_mul]

/-! ## Integers bit by bit -/

theorem half_negSucc (a : Nat) : negSucc a / 2 = negSucc (a / 2) := rfl
theorem bit_negSucc (c : Nat) : negSucc c % 2 = 1 - ofNat (c % 2) := by
  show subNatNat 2 (Nat.succ (c % 2)) = 1 - ofNat (c % 2)
  cases Nat.bit_cases c with
  | inl h => rw [h]; rfl
  | inr h => rw [h]; rfl
theorem band_step_negSucc (x : Int) (c : Nat)
    (h : band x (ofNat c) = 2 * band (x / 2) (ofNat c / 2) + x % 2 * (ofNat c % 2)) :
    band x (negSucc c) = 2 * band (x / 2) (negSucc c / 2) + x % 2 * (negSucc c % 2) := by
  have e := ediv_add_emod x 2
  rw [band_negSucc, h, half_negSucc, band_negSucc, bit_negSucc,
    show ofNat c / 2 = ofNat (c / 2) from rfl, show ofNat c % 2 = ofNat (c % 2) from rfl]
  revert e
  generalize band (x / 2) (ofNat (c / 2)) = l
  generalize x / 2 = q
  generalize x % 2 = r
  intro e
  subst e
  exact Term.ring [q, r, l, ofNat (c % 2)]
    (.sub (.add (.mul (.num 2) (.var 0)) (.var 1)) (.add (.mul (.num 2) (.var 2)) (.mul (.var 1) (.var 3))))
    (.add (.mul (.num 2) (.sub (.var 0) (.var 2))) (.mul (.var 1) (.sub (.num 1) (.var 3)))) (by decide +kernel)
theorem band_step (x y : Int) : band x y = 2 * band (x / 2) (y / 2) + x % 2 * (y % 2) := by
  have pos (a b : Nat) : band (ofNat a) (ofNat b) =
      2 * band (ofNat a / 2) (ofNat b / 2) + ofNat a % 2 * (ofNat b % 2) := congrArg ofNat (Nat.land_step a b)
  cases y with
  | negSucc c =>
    refine band_step_negSucc x c ?_
    cases x with
    | ofNat a => exact pos a c
    | negSucc a =>
      rw [band_comm, band_step_negSucc (ofNat c) a (pos c a), band_comm, Int.mul_comm (ofNat c % 2)]
  | ofNat b =>
    cases x with
    | ofNat a => exact pos a b
    | negSucc a =>
      rw [band_comm, band_step_negSucc (ofNat b) a (pos b a), band_comm, Int.mul_comm (ofNat b % 2)]
theorem halving {P : Int → Int → Prop} (b₁ : P 0 0) (b₂ : P 0 (-1)) (b₃ : P (-1) 0) (b₄ : P (-1) (-1))
    (s : ∀ x y, P (x / 2) (y / 2) → P x y) (x y : Int) : P x y := by
  cases x with
  | ofNat a => cases y with
    | ofNat b => exact Nat.halving (P := fun a b => P (ofNat a) (ofNat b)) b₁ (fun _ _ h => s _ _ h) a b
    | negSucc b => exact Nat.halving (P := fun a b => P (ofNat a) (negSucc b)) b₂ (fun _ _ h => s _ _ h) a b
  | negSucc a => cases y with
    | ofNat b => exact Nat.halving (P := fun a b => P (negSucc a) (ofNat b)) b₃ (fun _ _ h => s _ _ h) a b
    | negSucc b => exact Nat.halving (P := fun a b => P (negSucc a) (negSucc b)) b₄ (fun _ _ h => s _ _ h) a b
theorem bit_lt (x : Int) : 0 ≤ x % 2 ∧ x % 2 < 2 := ⟨emod_nonneg x (by decide +kernel), emod_lt x (by decide +kernel)⟩
theorem bit_cases (x : Int) : x % 2 = 0 ∨ x % 2 = 1 := by
  cases x with
  | ofNat a => exact (Nat.bit_cases a).elim (fun h => Or.inl (congrArg ofNat h)) (fun h => Or.inr (congrArg ofNat h))
  | negSucc a =>
    rw [bit_negSucc]
    cases Nat.bit_cases a with
    | inl h => rw [h]; exact Or.inr rfl
    | inr h => rw [h]; exact Or.inl rfl
theorem band_bits (x y : Int) : band x y / 2 = band (x / 2) (y / 2) ∧ band x y % 2 = x % 2 * (y % 2) := by
  refine div_mod_unique (band_step x y) ?_ ?_
  · exact mul_nonneg (bit_lt x).left (bit_lt y).left
  · cases bit_cases x with
    | inl h => rw [h, Int.zero_mul]; decide +kernel
    | inr h => rw [h, Int.one_mul]; exact (bit_lt y).right
theorem bit_mul_self (x : Int) : x % 2 * (x % 2) = x % 2 := by
  cases bit_cases x with
  | inl h => rw [h]; rfl
  | inr h => rw [h]; rfl
theorem band_absorb (x y : Int) : band x (band x y) = band x y := by
  refine halving (P := fun x y => band x (band x y) = band x y) rfl rfl rfl rfl (fun x y ih => ?_) x y
  show band x (band x y) = band x y
  rw [band_step x (band x y), (band_bits x y).left, (band_bits x y).right, ih, ← Int.mul_assoc, bit_mul_self,
    ← band_step]
theorem band_absorb_right (x y : Int) : band y (band x y) = band x y := by
  rw [band_comm x y]; exact band_absorb y x
theorem band_part (x y z : Int) (h : z = band x y) : band x z = z := by
  subst h; exact band_absorb x y
theorem band_part_right (x y z : Int) (h : z = band y x) : band x z = z := by
  subst h; exact band_absorb_right y x

/-! ## Powers of literals -/

theorem pow_at_least (b n : Int) (k : Nat) (h : 0 < b) (l : ofNat k ≤ n) : b ^ k ≤ pow b n :=
  match nonneg_iff.mp (Int.le_trans (ofNat_nonneg k) l), pos_cases h with
  | ⟨m, f⟩, ⟨c, g⟩ => by
    subst f; subst g
    rw [pow_of_nat]
    exact ofNat_le (Nat.pow_le_pow_right (Nat.succ_pos c) (Nat.le_of_lt_succ (lt_of_ofNat_lt
      (lt_of_le_of_lt l (ofNat_lt (Nat.lt_succ_self m))))))
theorem pow_at_most (b n : Int) (k : Nat) (h : 0 < b) (u : n ≤ ofNat k) : pow b n ≤ b ^ k :=
  match pos_cases h with
  | ⟨c, g⟩ => by
    subst g
    cases n with
    | negSucc m =>
      have z : negSucc m < 0 := lt_of_not_le (fun h => match nonneg_iff.mp h with | ⟨_, e⟩ => Int.noConfusion e)
      rw [show pow (ofNat (c + 1)) (negSucc m) = 0 from if_pos z]
      exact ofNat_nonneg _
    | ofNat m =>
      rw [pow_of_nat]
      exact ofNat_le (Nat.pow_le_pow_right (Nat.succ_pos c) (Nat.le_of_lt_succ (lt_of_ofNat_lt
        (lt_of_le_of_lt u (ofNat_lt (Nat.lt_succ_self k))))))

/-! ## Ranges -/

theorem ofNat_pred_nonneg {m : Nat} (h : 0 < m) : 0 ≤ ofNat m - 1 := by
  rw [show (1 : Int) = ofNat (Nat.succ 0) from rfl, ← ofNat_sub h]
  exact ofNat_nonneg _
theorem shlU_range (w : Nat) (a n : Int) : 0 ≤ shlU w a n ∧ shlU w a n ≤ ofNat (2 ^ w) - 1 := by
  unfold shlU
  cases Decidable.em (0 ≤ n ∧ n < ofNat w) with
  | inl h => rw [if_pos h]; exact wrapU_range w _
  | inr h => rw [if_neg h]; exact ⟨Int.le_refl 0, ofNat_pred_nonneg (Nat.two_pow_pos w)⟩
theorem shlS_range (w : Nat) (a n : Int) (hw : 0 < w) :
    -ofNat (2 ^ (w - 1)) ≤ shlS w a n ∧ shlS w a n ≤ ofNat (2 ^ (w - 1)) - 1 := by
  unfold shlS
  cases Decidable.em (0 ≤ n ∧ n < ofNat w) with
  | inl h => rw [if_pos h]; exact wrapS_range w _ hw
  | inr h =>
    rw [if_neg h]
    exact ⟨neg_le_neg (ofNat_nonneg (2 ^ (w - 1))), ofNat_pred_nonneg (Nat.two_pow_pos (w - 1))⟩
theorem shr_le (w : Nat) (a n : Int) (h : 0 ≤ a) : 0 ≤ shr w a n ∧ shr w a n ≤ a := by
  unfold shr
  cases Decidable.em (0 ≤ n ∧ n < ofNat w) with
  | inl k =>
    rw [if_pos k]
    exact match nonneg_iff.mp h with
      | ⟨m, e⟩ => by
        subst e
        exact ⟨ofNat_nonneg _, ofNat_le (Nat.div_le m (2 ^ toNat n))⟩
  | inr k =>
    rw [if_neg k, if_neg (fun l => not_lt_of_le h l)]
    exact ⟨Int.le_refl 0, h⟩
end Facts
