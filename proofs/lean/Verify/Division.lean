prelude
import Verify.Refute

/-! Quotients, remainders and powers of integers; identities of the ring are shown by reflection. -/

set_option autoImplicit false

noncomputable section
namespace Int
open Refute

theorem ediv_bounds (a d : Int) (h : 0 < d) : d * (a / d) ≤ a ∧ a < d * (a / d) + d := by
  have e := ediv_add_emod a d
  have l := emod_nonneg a h
  have u := emod_lt a h
  revert e l u
  generalize a % d = r
  generalize d * (a / d) = m
  intro e l u
  subst e
  exact ⟨
    Refute.proves [m, r] [.le (.num 0) (.var 1)] (.le (.var 0) (.add (.var 0) (.var 1)))
      (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) l,
    Refute.proves [m, r, d] [.lt (.var 1) (.var 2)] (.lt (.add (.var 0) (.var 1)) (.add (.var 0) (.var 2)))
      (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) u⟩

/-- A multiple of `d` that is between `-d` and `d` is zero. -/
theorem eq_zero_of_mul_lt {d k : Int} (l : -d < d * k) (u : d * k < d) : k = 0 := by
  have hd : 0 < d :=
    Refute.proves [d, d * k] [.lt (.neg (.var 0)) (.var 1), .lt (.var 1) (.var 0)] (.lt (.num 0) (.var 0))
      (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 (.add (.add .one 2 .nil) 2 .nil))))
      (by decide +kernel) l u
  exact Refute.proves [d, k]
    [.lt (.num 0) (.var 0), .lt (.neg (.var 0)) (.mul (.var 0) (.var 1)), .lt (.mul (.var 0) (.var 1)) (.var 0)]
    (.eq (.var 1) (.num 0))
    (.cases 3
      (.prod 0 4 (.linear (.add (.add .one 1 .nil) 1 (.add (.add .one 1 .nil) 5 (.add (.add .one 1 .nil) 4 .nil)))))
      (.prod 0 4 (.linear (.add (.add .one 1 .nil) 2 (.add (.add .one 1 .nil) 5 (.add (.add .one 1 .nil) 4 .nil))))))
    (by decide +kernel) hd l u

/-- Quotient and remainder are determined. -/
theorem div_mod_unique {a d q r : Int} (e : a = d * q + r) (l : 0 ≤ r) (u : r < d) : a / d = q ∧ a % d = r := by
  have hd : 0 < d := lt_of_le_of_lt l u
  have e' := ediv_add_emod a d
  have l' := emod_nonneg a hd
  have u' := emod_lt a hd
  revert e' l' u'
  generalize a % d = s
  generalize a / d = p
  intro e' l' u'
  subst e
  have m : d * (p - q) = r - s := by
    have k : d * p - d * q = r - s := by
      refine sub_eq_iff.mpr (add_right_cancel (c := s) ?_)
      rw [e']
      exact Term.ring [d, q, r, s] (.add (.mul (.var 0) (.var 1)) (.var 2))
        (.add (.add (.sub (.var 2) (.var 3)) (.mul (.var 0) (.var 1))) (.var 3)) (by decide +kernel)
    rw [mul_sub]; exact k
  have z : p - q = 0 := by
    refine eq_zero_of_mul_lt (d := d) ?_ ?_
    · rw [m]
      exact Refute.proves [d, r, s] [.le (.num 0) (.var 1), .lt (.var 2) (.var 0)]
        (.lt (.neg (.var 0)) (.sub (.var 1) (.var 2)))
        (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 (.add (.add .one 1 .nil) 2 .nil))))
        (by decide +kernel) l u'
    · rw [m]
      exact Refute.proves [d, r, s] [.lt (.var 1) (.var 0), .le (.num 0) (.var 2)]
        (.lt (.sub (.var 1) (.var 2)) (.var 0))
        (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 (.add (.add .one 1 .nil) 2 .nil))))
        (by decide +kernel) u l'
  have pq : p = q := sub_eq_zero.mp z
  subst pq
  exact ⟨rfl, add_left_cancel e'⟩

theorem add_mul_emod (a d k : Int) (h : 0 < d) : (a + d * k) % d = a % d := by
  refine (div_mod_unique (q := a / d + k) ?_ (emod_nonneg a h) (emod_lt a h)).right
  refine Eq.trans (congrArg (fun x => x + d * k) (ediv_add_emod a d).symm) ?_
  exact Term.ring [d, a / d, a % d, k]
    (.add (.add (.mul (.var 0) (.var 1)) (.var 2)) (.mul (.var 0) (.var 3)))
    (.add (.mul (.var 0) (.add (.var 1) (.var 3))) (.var 2)) (by decide +kernel)

/-- What differs by a multiple of a positive number has the same remainder. -/
theorem emod_eq_of_sub_eq {x y P k : Int} (h : 0 < P) (e : x - y = P * k) : x % P = y % P := by
  rw [sub_eq_iff.mp e, add_comm]
  exact add_mul_emod y P k h

theorem emod_eq_of_lt {a d : Int} (l : 0 ≤ a) (u : a < d) : a % d = a :=
  (div_mod_unique (q := 0) (by rw [mul_zero, zero_add]) l u).right
theorem ediv_eq_zero_of_lt {a d : Int} (l : 0 ≤ a) (u : a < d) : a / d = 0 :=
  (div_mod_unique (q := 0) (r := a) (by rw [mul_zero, zero_add]) l u).left
theorem ediv_zero (a : Int) : a / 0 = 0 := by
  cases a with
  | ofNat n => exact congrArg ofNat (Nat.div_zero n)
  | negSucc n => rfl
theorem emod_zero (a : Int) : a % 0 = a := by
  rw [emod_eq, zero_mul, sub_zero]

/-! ## Rounding down -/

theorem fdiv_eq_ediv {a d : Int} (h : 0 < d) : fdiv a d = a / d :=
  match pos_cases h with
  | ⟨n, e⟩ => by subst e; rfl
theorem fdiv_neg_eq {a d : Int} (h : d < 0) : fdiv a d = -a / -d := by
  cases d with
  | ofNat n => exact (not_lt_of_le (ofNat_nonneg n) h).elim
  | negSucc n => rfl
theorem fdiv_zero (a : Int) : fdiv a 0 = 0 := ediv_zero a
theorem fmod_eq (a d : Int) : fmod a d = a - d * fdiv a d := rfl
theorem fdiv_pos (a d : Int) (h : 0 < d) : d * fdiv a d ≤ a ∧ a < d * fdiv a d + d := by
  rw [fdiv_eq_ediv h]; exact ediv_bounds a d h
theorem fdiv_neg (a d : Int) (h : d < 0) : a ≤ d * fdiv a d ∧ d * fdiv a d + d < a := by
  have k := ediv_bounds (-a) (-d) (by
    exact Refute.proves [d] [.lt (.var 0) (.num 0)] (.lt (.num 0) (.neg (.var 0)))
      (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) h)
  rw [fdiv_neg_eq h]
  revert k
  generalize -a / -d = q
  intro k
  exact ⟨Refute.proves [a, d, q] [.le (.mul (.neg (.var 1)) (.var 2)) (.neg (.var 0))] (.le (.var 0) (.mul (.var 1) (.var 2)))
      (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) k.left,
    Refute.proves [a, d, q] [.lt (.neg (.var 0)) (.add (.mul (.neg (.var 1)) (.var 2)) (.neg (.var 1)))]
      (.lt (.add (.mul (.var 1) (.var 2)) (.var 1)) (.var 0))
      (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) k.right⟩

/-! ## Powers -/

theorem pow_zero (b : Int) : b ^ 0 = 1 := by
  cases b with
  | ofNat n => rfl
  | negSucc n => rfl
theorem pow_ofNat (b n : Nat) : ofNat b ^ n = ofNat (b ^ n) := rfl
theorem negOfNat_mul_negSucc (k m : Nat) : negOfNat k * negSucc m = ofNat (k * Nat.succ m) := by
  cases k with
  | zero => exact (Int.zero_mul (negSucc m)).trans (congrArg ofNat (Nat.zero_mul _).symm)
  | succ k => rfl
theorem pow_negSucc (m n : Nat) : negSucc m ^ n =
    Nat.rec (motive := fun _ => Int) (ofNat (Nat.succ m ^ n)) (fun _ _ => negOfNat (Nat.succ m ^ n)) (n % 2) := rfl
theorem pow_succ (b : Int) (n : Nat) : b ^ Nat.succ n = b ^ n * b := by
  cases b with
  | ofNat b => rfl
  | negSucc m =>
    have even : ∀ {n}, n % 2 = 0 → negSucc m ^ n = ofNat (Nat.succ m ^ n) := by
      intro n e
      rw [pow_negSucc, e]; rfl
    have odd : ∀ {n}, n % 2 = 1 → negSucc m ^ n = negOfNat (Nat.succ m ^ n) := by
      intro n e
      rw [pow_negSucc, e]; rfl
    cases Nat.cond_cases n 2 with
    | inl h =>
      rw [even h.right.left, odd (Nat.succ_inj h.left), negOfNat_mul_negSucc]; rfl
    | inr h =>
      have z : n % 2 = 0 := by
        have l := Nat.mod_two_lt n
        have k := h.left
        revert l k
        generalize n % 2 = r
        intro l k
        cases r with
        | zero => rfl
        | succ r =>
          cases r with
          | zero => exact (k rfl).elim
          | succ r => exact (Nat.not_succ_le_zero _ (Nat.le_of_succ_le_succ (Nat.le_of_succ_le_succ l))).elim
      have o : Nat.succ n % 2 = 1 := h.right.left.trans (congrArg Nat.succ z)
      rw [odd o, even z]; rfl
end Int
