prelude
import Verify.Bits

/-! What bitwise operations of machine integers give fits their types. -/

set_option autoImplicit false

noncomputable section
namespace Facts
open Int Refute

theorem ediv_one_pow (x : Int) : x / ofNat (2 ^ 0) = x := by
  cases x with
  | ofNat n => exact congrArg ofNat (Nat.div_one n)
  | negSucc n => exact congrArg negSucc (Nat.div_one n)
theorem ediv_two_pow_succ (x : Int) (k : Nat) : x / ofNat (2 ^ (k + 1)) = x / 2 / ofNat (2 ^ k) := by
  rw [Nat.add_comm k 1]
  exact (ediv_ediv_two_pow x 1 k).symm
/-- What works on each half works on each quotient. -/
theorem shifted {op : Int → Int → Int} (h : ∀ x y, op x y / 2 = op (x / 2) (y / 2)) (k : Nat) (x y : Int) :
    op x y / ofNat (2 ^ k) = op (x / ofNat (2 ^ k)) (y / ofNat (2 ^ k)) := by
  induction k generalizing x y with
  | zero => rw [ediv_one_pow, ediv_one_pow, ediv_one_pow]
  | succ k ih => rw [ediv_two_pow_succ, ediv_two_pow_succ, ediv_two_pow_succ, h, ih]
theorem bor_half (x y : Int) : bor x y / 2 = bor (x / 2) (y / 2) := by
  refine (div_mod_unique (r := x % 2 + y % 2 - x % 2 * (y % 2)) ?_ ?_ ?_).left
  · have e := ediv_add_emod x 2
    have f := ediv_add_emod y 2
    rw [bor_eq, bor_eq, band_step]
    revert e f
    generalize band (x / 2) (y / 2) = l
    generalize x / 2 = p
    generalize y / 2 = q
    generalize x % 2 = a
    generalize y % 2 = b
    intro e f
    subst e
    subst f
    exact Term.ring [p, q, a, b, l]
      (.sub (.add (.add (.mul (.num 2) (.var 0)) (.var 2)) (.add (.mul (.num 2) (.var 1)) (.var 3)))
        (.add (.mul (.num 2) (.var 4)) (.mul (.var 2) (.var 3))))
      (.add (.mul (.num 2) (.sub (.add (.var 0) (.var 1)) (.var 4)))
        (.sub (.add (.var 2) (.var 3)) (.mul (.var 2) (.var 3)))) (by decide +kernel)
  · cases bit_cases x with
    | inl h => cases bit_cases y with
      | inl k => rw [h, k]; decide +kernel
      | inr k => rw [h, k]; decide +kernel
    | inr h => cases bit_cases y with
      | inl k => rw [h, k]; decide +kernel
      | inr k => rw [h, k]; decide +kernel
  · cases bit_cases x with
    | inl h => cases bit_cases y with
      | inl k => rw [h, k]; decide +kernel
      | inr k => rw [h, k]; decide +kernel
    | inr h => cases bit_cases y with
      | inl k => rw [h, k]; decide +kernel
      | inr k => rw [h, k]; decide +kernel
theorem bxor_half (x y : Int) : bxor x y / 2 = bxor (x / 2) (y / 2) := by
  refine (div_mod_unique (r := x % 2 + y % 2 - 2 * (x % 2 * (y % 2))) ?_ ?_ ?_).left
  · have e := ediv_add_emod x 2
    have f := ediv_add_emod y 2
    rw [bxor_eq, bxor_eq, band_step]
    revert e f
    generalize band (x / 2) (y / 2) = l
    generalize x / 2 = p
    generalize y / 2 = q
    generalize x % 2 = a
    generalize y % 2 = b
    intro e f
    subst e
    subst f
    exact Term.ring [p, q, a, b, l]
      (.sub (.add (.add (.mul (.num 2) (.var 0)) (.var 2)) (.add (.mul (.num 2) (.var 1)) (.var 3)))
        (.mul (.num 2) (.add (.mul (.num 2) (.var 4)) (.mul (.var 2) (.var 3)))))
      (.add (.mul (.num 2) (.sub (.add (.var 0) (.var 1)) (.mul (.num 2) (.var 4))))
        (.sub (.add (.var 2) (.var 3)) (.mul (.num 2) (.mul (.var 2) (.var 3))))) (by decide +kernel)
  · cases bit_cases x with
    | inl h => cases bit_cases y with
      | inl k => rw [h, k]; decide +kernel
      | inr k => rw [h, k]; decide +kernel
    | inr h => cases bit_cases y with
      | inl k => rw [h, k]; decide +kernel
      | inr k => rw [h, k]; decide +kernel
  · cases bit_cases x with
    | inl h => cases bit_cases y with
      | inl k => rw [h, k]; decide +kernel
      | inr k => rw [h, k]; decide +kernel
    | inr h => cases bit_cases y with
      | inl k => rw [h, k]; decide +kernel
      | inr k => rw [h, k]; decide +kernel

theorem range_of_quotient {x m : Int} (hm : 0 < m) (h : x / m = 0 ∨ x / m = -1) : -m ≤ x ∧ x ≤ m - 1 := by
  have e := ediv_add_emod x m
  have l := emod_nonneg x hm
  have u := emod_lt x hm
  revert e l u
  generalize x % m = r
  intro e l u
  cases h with
  | inl h =>
    rw [h, Int.mul_zero, Int.zero_add] at e
    subst e
    exact ⟨Int.le_trans (neg_le_neg (Int.le_of_lt hm)) l, le_pred_of_lt u⟩
  | inr h =>
    rw [h] at e
    subst e
    exact ⟨Refute.proves [m, r] [.le (.num 0) (.var 1)] (.le (.neg (.var 0)) (.add (.mul (.var 0) (.num (-1))) (.var 1)))
        (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) l,
      Refute.proves [m, r] [.lt (.num 0) (.var 0), .lt (.var 1) (.var 0)]
        (.le (.add (.mul (.var 0) (.num (-1))) (.var 1)) (.sub (.var 0) (.num 1)))
        (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 (.add (.add .one 1 .nil) 2 .nil))))
        (by decide +kernel) hm u⟩
theorem quotient_of_range {x m : Int} (l : -m ≤ x) (u : x ≤ m - 1) : x / m = 0 ∨ x / m = -1 := by
  cases lt_or_le x 0 with
  | inr h => exact Or.inl (ediv_eq_zero_of_lt h (lt_of_le_pred u))
  | inl h =>
    refine Or.inr (div_mod_unique (r := x + m) ?_ ?_ ?_).left
    · exact Term.ring [x, m] (.var 0) (.add (.mul (.var 1) (.num (-1))) (.add (.var 0) (.var 1))) (by decide +kernel)
    · exact Refute.proves [x, m] [.le (.neg (.var 1)) (.var 0)] (.le (.num 0) (.add (.var 0) (.var 1)))
        (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) l
    · exact Refute.proves [x, m] [.lt (.var 0) (.num 0)] (.lt (.add (.var 0) (.var 1)) (.var 1))
        (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) h

section
variable {op : Int → Int → Int} (h : ∀ x y, op x y / 2 = op (x / 2) (y / 2))
include h
theorem unsigned_range (z : op 0 0 = 0) (w : Nat) (x y : Int) (lx : 0 ≤ x) (ux : x ≤ ofNat (2 ^ w) - 1)
    (ly : 0 ≤ y) (uy : y ≤ ofNat (2 ^ w) - 1) : 0 ≤ op x y ∧ op x y ≤ ofNat (2 ^ w) - 1 := by
  have q := shifted h w x y
  rw [ediv_eq_zero_of_lt lx (lt_of_le_pred ux), ediv_eq_zero_of_lt ly (lt_of_le_pred uy), z] at q
  have e := ediv_add_emod (op x y) (ofNat (2 ^ w))
  rw [q, Int.mul_zero, Int.zero_add] at e
  rw [← e]
  exact ⟨emod_nonneg _ (two_pow_pos w), le_pred_of_lt (emod_lt _ (two_pow_pos w))⟩
theorem signed_range (closed : ∀ x y, (x = 0 ∨ x = -1) → (y = 0 ∨ y = -1) → op x y = 0 ∨ op x y = -1)
    (w : Nat) (x y : Int) (lx : -ofNat (2 ^ (w - 1)) ≤ x) (ux : x ≤ ofNat (2 ^ (w - 1)) - 1)
    (ly : -ofNat (2 ^ (w - 1)) ≤ y) (uy : y ≤ ofNat (2 ^ (w - 1)) - 1) :
    -ofNat (2 ^ (w - 1)) ≤ op x y ∧ op x y ≤ ofNat (2 ^ (w - 1)) - 1 := by
  refine range_of_quotient (two_pow_pos (w - 1)) ?_
  rw [shifted h (w - 1)]
  exact closed _ _ (quotient_of_range lx ux) (quotient_of_range ly uy)
end

theorem closed_of {op : Int → Int → Int} (a : op 0 0 = 0 ∨ op 0 0 = -1) (b : op 0 (-1) = 0 ∨ op 0 (-1) = -1)
    (c : op (-1) 0 = 0 ∨ op (-1) 0 = -1) (d : op (-1) (-1) = 0 ∨ op (-1) (-1) = -1) (x y : Int)
    (hx : x = 0 ∨ x = -1) (hy : y = 0 ∨ y = -1) : op x y = 0 ∨ op x y = -1 := by
  cases hx with
  | inl hx => cases hy with
    | inl hy => rw [hx, hy]; exact a
    | inr hy => rw [hx, hy]; exact b
  | inr hx => cases hy with
    | inl hy => rw [hx, hy]; exact c
    | inr hy => rw [hx, hy]; exact d

theorem borU_range (w : Nat) (x y : Int) (lx : 0 ≤ x) (ux : x ≤ ofNat (2 ^ w) - 1) (ly : 0 ≤ y)
    (uy : y ≤ ofNat (2 ^ w) - 1) : 0 ≤ bor x y ∧ bor x y ≤ ofNat (2 ^ w) - 1 :=
  unsigned_range (op := bor) bor_half rfl w x y lx ux ly uy
theorem bxorU_range (w : Nat) (x y : Int) (lx : 0 ≤ x) (ux : x ≤ ofNat (2 ^ w) - 1) (ly : 0 ≤ y)
    (uy : y ≤ ofNat (2 ^ w) - 1) : 0 ≤ bxor x y ∧ bxor x y ≤ ofNat (2 ^ w) - 1 :=
  unsigned_range (op := bxor) bxor_half rfl w x y lx ux ly uy
theorem bandS_range (w : Nat) (x y : Int) (_ : 0 < w) (lx : -ofNat (2 ^ (w - 1)) ≤ x)
    (ux : x ≤ ofNat (2 ^ (w - 1)) - 1) (ly : -ofNat (2 ^ (w - 1)) ≤ y) (uy : y ≤ ofNat (2 ^ (w - 1)) - 1) :
    -ofNat (2 ^ (w - 1)) ≤ band x y ∧ band x y ≤ ofNat (2 ^ (w - 1)) - 1 :=
  signed_range (op := band) (fun x y => (band_bits x y).left) (closed_of (Or.inl rfl) (Or.inl rfl) (Or.inl rfl) (Or.inr rfl)) w x y lx ux ly uy
theorem borS_range (w : Nat) (x y : Int) (_ : 0 < w) (lx : -ofNat (2 ^ (w - 1)) ≤ x)
    (ux : x ≤ ofNat (2 ^ (w - 1)) - 1) (ly : -ofNat (2 ^ (w - 1)) ≤ y) (uy : y ≤ ofNat (2 ^ (w - 1)) - 1) :
    -ofNat (2 ^ (w - 1)) ≤ bor x y ∧ bor x y ≤ ofNat (2 ^ (w - 1)) - 1 :=
  signed_range (op := bor) bor_half (closed_of (Or.inl rfl) (Or.inr rfl) (Or.inr rfl) (Or.inr rfl)) w x y lx ux ly uy
theorem bxorS_range (w : Nat) (x y : Int) (_ : 0 < w) (lx : -ofNat (2 ^ (w - 1)) ≤ x)
    (ux : x ≤ ofNat (2 ^ (w - 1)) - 1) (ly : -ofNat (2 ^ (w - 1)) ≤ y) (uy : y ≤ ofNat (2 ^ (w - 1)) - 1) :
    -ofNat (2 ^ (w - 1)) ≤ bxor x y ∧ bxor x y ≤ ofNat (2 ^ (w - 1)) - 1 :=
  signed_range (op := bxor) bxor_half (closed_of (Or.inl rfl) (Or.inr rfl) (Or.inr rfl) (Or.inl rfl)) w x y lx ux ly uy

/-- Digits below `B` at the places of weights `W`, the highest first: what they sum to, and the place after. -/
theorem sum_digits (B : Nat) (W d : Nat → Nat) (hW : ∀ k, W (k + 1) = B * W k) (hd : ∀ i, d i + 1 ≤ B)
    (m n : Nat) : n ≤ m → sumBelow n (fun i => d i * W (m - 1 - i)) + W (m - n) ≤ W m := by
  induction n with
  | zero => intro _; exact Nat.le_of_eq (Nat.zero_add _)
  | succ n ih =>
    intro h
    cases m with
    | zero => exact (Nat.not_succ_le_zero n h).elim
    | succ m =>
      have a : Nat.succ m - n = Nat.succ (m - n) :=
        match Nat.exists_add_of_le (Nat.le_of_succ_le_succ h) with
        | ⟨k, e⟩ => by subst e; rw [Nat.add_sub_cancel_left]; exact Nat.add_sub_cancel_left n (Nat.succ k)
      have i := ih (Nat.le_of_lt h)
      rw [a] at i
      refine Nat.le_trans ?_ (Nat.le_trans (Nat.add_le_add_left (Nat.le_of_eq (hW (m - n)).symm) _) i)
      have e : sumBelow (n + 1) (fun i => d i * W (Nat.succ m - 1 - i)) =
        sumBelow n (fun i => d i * W (Nat.succ m - 1 - i)) + d n * W (m - n) := rfl
      have f : Nat.succ m - (n + 1) = m - n := Nat.succ_sub_succ m n
      rw [e, f, Nat.add_assoc]
      refine Nat.add_le_add_left ?_ _
      rw [← Nat.succ_mul]
      exact Nat.mul_le_mul_right _ (hd n)
theorem bitrev_range (w : Nat) (x : Int) : 0 ≤ bitrev w x ∧ bitrev w x ≤ ofNat (2 ^ w) - 1 := by
  refine ⟨ofNat_nonneg _, le_pred_of_lt (ofNat_lt ?_)⟩
  have h := sum_digits 2 (fun k => 2 ^ k) (fun i => bitsOf w x / 2 ^ i % 2)
    (fun k => (Nat.pow_succ 2 k).trans (Nat.mul_comm (2 ^ k) 2))
    (fun i => Nat.mod_two_lt _) w w (Nat.le_refl w)
  rw [Nat.sub_self] at h
  exact h
theorem bswap_range (w : Nat) (x : Int) : 0 ≤ bswap w x ∧ bswap w x ≤ ofNat (2 ^ w) - 1 := by
  refine ⟨ofNat_nonneg _, le_pred_of_lt (ofNat_lt ?_)⟩
  have h := sum_digits 256 (fun k => 2 ^ (8 * k)) (fun i => bitsOf w x / 2 ^ (8 * i) % 256)
    (fun k => (Nat.pow_add 2 (8 * k) 8).trans (Nat.mul_comm (2 ^ (8 * k)) 256))
    (fun i => Nat.mod_lt _ (Nat.succ_pos 255)) (w / 8) (w / 8) (Nat.le_refl _)
  rw [Nat.sub_self] at h
  refine Nat.lt_of_lt_of_le h (Nat.pow_le_pow_right (Nat.succ_pos 1) ?_)
  exact Nat.le_trans (Nat.le_add_right _ (w % 8)) (Nat.le_of_eq (Nat.div_add_mod w 8))
end Facts
