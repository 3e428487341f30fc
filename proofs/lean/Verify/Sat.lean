prelude
import Verify.Masks

/-!
Clauses over the values of literals, and a checker of proofs by unit propagation with hints.

A literal is `2 * n` for variable `n` and `2 * n + 1` for its complement; variable 0 is false, so
that literal 0 is false and literal 1 true. A set of literals, such as a clause, is a number whose
bits it has: the kernel computes with such numbers in one go, however many literals they hold.
Proofs are packed numbers, and nothing is believed of them: whatever they unpack to, a clause that
the checker accepts follows.
-/

set_option autoImplicit false

/-! ## Literals and clauses -/

/-- The value of a literal where variable `n` is `v n`. -/
noncomputable def lit (v : Nat → Bool) (l : Nat) : Bool := cond (Nat.beq (l % 2) 0) (v (l / 2)) (not (v (l / 2)))

/-- The complement of a literal. -/
noncomputable def neg (l : Nat) : Nat := Nat.xor l 1

theorem lit_even (v : Nat → Bool) (n : Nat) : lit v (2 * n) = v n := by
  have h := Nat.div_mod_unique (n := 2 * n) (d := 2) (q := n) (r := 0) rfl (Nat.succ_pos 1)
  unfold lit
  rw [h.left, h.right]
  rfl
theorem lit_odd (v : Nat → Bool) (n : Nat) : lit v (2 * n + 1) = not (v n) := by
  have h := Nat.div_mod_unique (n := 2 * n + 1) (d := 2) (q := n) (r := 1) rfl (Nat.le_refl 2)
  unfold lit
  rw [h.left, h.right]
  rfl
theorem not_not (b : Bool) : not (not b) = b := by cases b <;> rfl
theorem lit_neg (v : Nat → Bool) (l : Nat) : lit v (neg l) = not (lit v l) := by
  have low : Nat.xor (l / 2) 0 = l / 2 := by
    have h := Nat.xor_add_land (l / 2) 0
    rw [Nat.land_zero] at h
    exact h
  have e : neg l = 2 * (l / 2) + (l % 2 + 1) % 2 := by
    show Nat.xor l 1 = _
    rw [Nat.xor_step, show (1 : Nat) / 2 = 0 from rfl, show (1 : Nat) % 2 = 1 from rfl, low]
  have s := Nat.div_add_mod l 2
  rw [e]
  generalize l / 2 = n at s
  cases Nat.bit_cases l with
  | inl h =>
    rw [h] at s ⊢
    rw [← s]
    show lit v (2 * n + 1) = not (lit v (2 * n))
    rw [lit_odd, lit_even]
  | inr h =>
    rw [h] at s ⊢
    rw [← s]
    show lit v (2 * n) = not (lit v (2 * n + 1))
    rw [lit_odd, lit_even, not_not]

theorem lit_zero {v : Nat → Bool} (zero : v 0 = false) : lit v 0 = false := zero
theorem lit_one {v : Nat → Bool} (zero : v 0 = false) : lit v 1 = true := congrArg not zero

/-- Every literal of the set is false. -/
def fails (v : Nat → Bool) (set : Nat) : Prop := ∀ l, Nat.testBit set l = true → lit v l = false
/-- Not every literal of the set is false: the set is a clause that holds. -/
def holds (v : Nat → Bool) (clause : Nat) : Prop := ¬fails v clause

theorem either_of_or {a b : Bool} (h : or a b = true) : a = true ∨ b = true := by
  cases a with
  | true => exact Or.inl rfl
  | false => exact Or.inr h
theorem or_of_either {a b : Bool} (h : a = true ∨ b = true) : or a b = true := by
  cases h with
  | inl h => rw [h]; rfl
  | inr h => rw [h]; cases a <;> rfl

theorem fails_lor {v : Nat → Bool} {a b : Nat} (h : fails v a) (k : fails v b) : fails v (Nat.lor a b) := by
  intro l m
  rw [Nat.testBit_lor] at m
  exact (either_of_or m).elim (h l) (k l)
theorem fails_left {v : Nat → Bool} {a b : Nat} (h : fails v (Nat.lor a b)) : fails v a := fun l m =>
  h l ((Nat.testBit_lor a b l).trans (or_of_either (Or.inl m)))
theorem fails_right {v : Nat → Bool} {a b : Nat} (h : fails v (Nat.lor a b)) : fails v b := fun l m =>
  h l ((Nat.testBit_lor a b l).trans (or_of_either (Or.inr m)))

/-- The set of one literal. -/
noncomputable def only (l : Nat) : Nat := Nat.shiftLeft 1 l
theorem fails_only {v : Nat → Bool} {u : Nat} (h : lit v u = false) : fails v (only u) :=
  fun l m => Nat.testBit_single u l m ▸ h
theorem only_false {v : Nat → Bool} {u : Nat} (h : fails v (only u)) : lit v u = false := h u (Nat.testBit_single_self u)

theorem fails_one {v : Nat → Bool} (zero : v 0 = false) : fails v 1 := fun l m => by
  rw [Nat.testBit_one l m]
  exact zero

/-- The literal that is always true, as a clause. -/
noncomputable def top : Nat := 2
theorem holds_top {v : Nat → Bool} (zero : v 0 = false) : holds v top := fun f =>
  Bool.false_ne_true ((f 1 (by decide +kernel)).symm.trans (lit_one zero))

/-- Is every literal of the first set in the second? -/
noncomputable def within (a b : Nat) : Bool := Nat.beq (Nat.lor a b) b

theorem fails_within {v : Nat → Bool} {a b : Nat} (w : within a b = true) (f : fails v b) : fails v a := fun l m =>
  f l (by
    rw [← Nat.eq_of_beq_eq_true _ _ w, Nat.testBit_lor]
    exact or_of_either (Or.inl m))
/-- A literal is true if a clause that holds has beside it only false ones. -/
theorem unit_true {v : Nat → Bool} {clause set u : Nat} (h : holds v clause) (f : fails v set)
    (w : within clause (Nat.lor set (only u)) = true) : lit v u = true := by
  cases e : lit v u with
  | true => rfl
  | false => exact (h (fails_within w (fails_lor f (fails_only e)))).elim

/-! ## Unit propagation -/

/-- Do the clauses whose numbers are packed in `hints`, each with a literal, follow one after the other: is each clause
within the literals of `set` and its own, which is then true, so that its complement is in `set` from there on? The
last one's literal is 0, which is false: that clause cannot hold. -/
noncomputable def refuting (clause : Nat → Nat) (fuel : Nat) : Nat → Nat → Bool :=
  Nat.rec (motive := fun _ => Nat → Nat → Bool) (fun _ _ => false)
    (fun _ more hints set =>
      Nat.rec false
        (fun before _ =>
          (fun unit => Bool.rec false
            (Nat.rec true
              (fun before _ => more (Nat.div hints 0x10000000000) (Nat.lor set (only (neg (Nat.succ before)))))
              unit)
            (within (clause (Nat.succ before)) (Nat.lor set (only unit))))
          (Nat.div (Nat.mod hints 0x10000000000) 0x100000))
        (Nat.mod hints 0x100000))
    fuel
noncomputable def refutes (clause : Nat → Nat) (hints set : Nat) : Bool := refuting clause 0x100000 hints set

theorem refuting_sound {v : Nat → Bool} (zero : v 0 = false) {clause : Nat → Nat} (all : ∀ h, holds v (clause h))
    (fuel : Nat) : ∀ hints set, fails v set → refuting clause fuel hints set = true → False := by
  induction fuel with
  | zero => exact fun _ _ _ r => Bool.false_ne_true r
  | succ fuel ih =>
    intro hints set f
    show Nat.rec (motive := fun _ => Bool) false _ (Nat.mod hints 0x100000) = true → False
    generalize Nat.div (Nat.mod hints 0x10000000000) 0x100000 = unit
    cases Nat.mod hints 0x100000 with
    | zero => exact fun r => Bool.false_ne_true r
    | succ number =>
      show Bool.rec (motive := fun _ => Bool) false
        (Nat.rec (motive := fun _ => Bool) true _ unit) (within (clause (number + 1)) (Nat.lor set (only unit))) = true → False
      cases w : within (clause (number + 1)) (Nat.lor set (only unit)) with
      | false => exact fun r => Bool.false_ne_true r
      | true =>
        have u := unit_true (all (number + 1)) f w
        cases unit with
        | zero => exact fun _ => Bool.false_ne_true ((lit_zero zero).symm.trans u)
        | succ unit =>
          intro r
          refine ih (Nat.div hints 0x10000000000) (Nat.lor set (only (neg (unit + 1)))) (fails_lor f (fails_only ?_)) r
          rw [lit_neg, u]
          rfl
theorem refutes_sound {v : Nat → Bool} (zero : v 0 = false) {clause : Nat → Nat} (all : ∀ h, holds v (clause h))
    (hints set : Nat) (r : refutes clause hints set = true) (f : fails v set) : False :=
  refuting_sound zero all 0x100000 hints set f r

/-! ## Proofs -/

/-- The set of the numbers below 2^20 that are packed in one, up to the first that is 0. -/
noncomputable def unpack (packed : Nat) : Nat :=
  Nat.rec (motive := fun _ => Nat → Nat → Nat) (fun _ set => set)
    (fun _ more packed set => Nat.rec set
      (fun before _ => more (Nat.div packed 0x100000) (Nat.lor set (only (Nat.succ before))))
      (Nat.mod packed 0x100000))
    0x100000 packed 0

/-- Clauses, numbered as they stand, each with hints from which it follows. `both middle` has those numbered below
`middle` on its left. -/
inductive Steps where
  | none : Steps
  | step (clause hints : Nat) : Steps
  | both (middle : Nat) (left right : Steps) : Steps

namespace Steps

/-- The clause with this number. -/
noncomputable def clause (s : Steps) (number : Nat) : Nat :=
  Steps.rec top (fun c _ => unpack c) (fun m _ _ left right => Bool.rec left right (Nat.ble m number)) s

/-- The same if the number is below `limit`. -/
noncomputable def known (s : Steps) (limit number : Nat) : Nat :=
  Bool.rec top (s.clause number) (Nat.ble (Nat.succ number) limit)

/-- Hints: `4 * i + 3` is the clause `i` of the steps if that is below `limit`, all others are numbers of `input`. -/
noncomputable def hinted (input : Nat → Nat) (all : Steps) (limit h : Nat) : Nat :=
  Bool.rec (input h) (all.known limit (Nat.div h 4)) (Nat.beq (Nat.mod h 4) 3)

/-- Are the steps numbered from `low` on and below `high`, and does each follow from the input and from steps of `all`
with smaller numbers? -/
noncomputable def follow (input : Nat → Nat) (all s : Steps) : Nat → Nat → Bool :=
  Steps.rec (motive := fun _ => Nat → Nat → Bool) (fun low high => Nat.beq low high)
    (fun c h low high => Bool.rec false (refutes (hinted input all low) h (Nat.lor 1 (unpack c))) (Nat.beq (Nat.succ low) high))
    (fun m _ _ left right low high => Bool.rec false (right m high) (left low m)) s

variable {v : Nat → Bool} {input : Nat → Nat} {all : Steps}

theorem known_holds (zero : v 0 = false) {limit : Nat} (below : ∀ i, i < limit → holds v (all.clause i)) (i : Nat) :
    holds v (all.known limit i) := by
  show holds v (cond (Nat.ble (i + 1) limit) (all.clause i) top)
  cases e : Nat.ble (i + 1) limit with
  | true => exact below i (Nat.le_of_ble e)
  | false => exact holds_top zero

theorem follow_both {m low high : Nat} {l r : Steps} (f : follow input all (.both m l r) low high = true) :
    follow input all l low m = true ∧ follow input all r m high = true := by
  have f : cond (follow input all l low m) (follow input all r m high) false = true := f
  cases e : follow input all l low m with
  | false => rw [e] at f; exact (Bool.false_ne_true f).elim
  | true => rw [e] at f; exact ⟨rfl, f⟩

theorem follow_le (s : Steps) : ∀ low high, follow input all s low high = true → low ≤ high := by
  induction s with
  | none => exact fun low high f => Nat.le_of_eq (Nat.eq_of_beq_eq_true low high f)
  | step c h =>
    intro low high f
    have f : cond (Nat.beq (low + 1) high) (refutes (hinted input all low) h (Nat.lor 1 (unpack c))) false = true := f
    cases e : Nat.beq (low + 1) high with
    | false => rw [e] at f; exact (Bool.false_ne_true f).elim
    | true => exact Nat.eq_of_beq_eq_true _ _ e ▸ Nat.le_succ low
  | both m l r left right =>
    intro low high f
    have f := follow_both f
    exact Nat.le_trans (left low m f.left) (right m high f.right)

/-- Whatever makes all input clauses true makes each clause of the steps true. -/
theorem follow_sound (zero : v 0 = false) (true' : ∀ h, holds v (input h)) (s : Steps) : ∀ low high,
    follow input all s low high = true → (∀ i, i < low → holds v (all.clause i)) →
      (∀ i, low ≤ i → i < high → all.clause i = s.clause i) → ∀ i, i < high → holds v (all.clause i) := by
  induction s with
  | none =>
    intro low high f before _ i h
    exact before i (Nat.eq_of_beq_eq_true low high f ▸ h)
  | step c h =>
    intro low high f before same i k
    have f : cond (Nat.beq (low + 1) high) (refutes (hinted input all low) h (Nat.lor 1 (unpack c))) false = true := f
    cases e : Nat.beq (low + 1) high with
    | false => rw [e] at f; exact (Bool.false_ne_true f).elim
    | true =>
      rw [e] at f
      have e := Nat.eq_of_beq_eq_true _ _ e
      cases Nat.lt_or_ge i low with
      | inl b => exact before i b
      | inr b =>
        rw [same i b k]
        show holds v (unpack c)
        intro no
        refine refutes_sound zero (clause := hinted input all low) (fun x => ?_) h (Nat.lor 1 (unpack c)) f
          (fails_lor (fails_one zero) no)
        show holds v (cond (Nat.beq (x % 4) 3) (all.known low (x / 4)) (input x))
        cases Nat.beq (x % 4) 3 with
        | true => exact known_holds zero before _
        | false => exact true' x
  | both m l r left right =>
    intro low high f before same
    have f := follow_both f
    refine right m high f.right (left low m f.left before (fun i b k => ?_)) (fun i b k => ?_)
    · rw [same i b (Nat.lt_of_lt_of_le k (follow_le r m high f.right))]
      show cond (Nat.ble m i) (r.clause i) (l.clause i) = l.clause i
      cases e : Nat.ble m i with
      | false => rfl
      | true => exact (Nat.not_le_of_lt k (Nat.le_of_ble e)).elim
    · rw [same i (Nat.le_trans (follow_le l low m f.left) b) k]
      show cond (Nat.ble m i) (r.clause i) (l.clause i) = r.clause i
      rw [Nat.ble_of_le b]
      rfl

/-- Each clause of the steps, whichever is asked for. -/
theorem sound (zero : v 0 = false) (true' : ∀ h, holds v (input h)) {count : Nat} (f : follow input all all 0 count = true)
    (i : Nat) : holds v (all.known count i) :=
  known_holds zero (follow_sound zero true' all 0 count f (fun i h => (Nat.not_succ_le_zero i h).elim) (fun _ _ _ => rfl)) i

end Steps
