prelude
import Verify.Circuit

/-! Two circuits with the same inputs agree: what a certificate of it must say, and why it is enough. -/

set_option autoImplicit false

/-- An output of each circuit and the numbers of two steps: "gold's implies gate's", and the converse. -/
inductive Pairs where
  | none : Pairs
  | pair (gold gate implies implied : Nat) (more : Pairs) : Pairs

namespace Pairs

/-- Gold's literals, and gate's. -/
noncomputable def golds : Pairs → List Nat
  | .none => .nil
  | .pair x _ _ _ more => .cons x more.golds
noncomputable def gates : Pairs → List Nat
  | .none => .nil
  | .pair _ y _ _ more => .cons y more.gates

theorem either {v : Nat → Bool} {clause x y : Nat} (h : holds v clause)
    (w : within clause (Nat.lor (only x) (only y)) = true) : lit v x = true ∨ lit v y = true := by
  cases e : lit v x with
  | true => exact Or.inl rfl
  | false => exact Or.inr (unit_true h (fails_only e) w)

/-- Do the steps, `count` of them, say of every pair that its two outputs are equal, or are they the same input? Gold's
are of nodes below `second`, gate's of inputs, which are below `first`, or of nodes from `second` on. -/
noncomputable def equal (first second count : Nat) (steps : Steps) (p : Pairs) : Bool :=
  Pairs.rec true (fun x y i j _ ih =>
    cond (Nat.beq x y) (cond (Nat.ble (x / 2 + 1) first) ih false)
    (cond (Nat.ble (x / 2 + 1) second) (cond (cond (Nat.ble (y / 2 + 1) first) true (Nat.ble second (y / 2)))
      (cond (within (steps.known count i) (Nat.lor (only (neg x)) (only y)))
        (cond (within (steps.known count j) (Nat.lor (only x) (only (neg y)))) ih false) false) false) false)) p

end Pairs

/-- Hint 1 is the clause that node 0 is false; others are those of gates. -/
noncomputable def clauses (second : Nat) (gold gate : Circuit) (h : Nat) : Nat :=
  Bool.rec (Circuit.clause (.both second gold gate) h) top (Nat.beq h 1)

/-- Is it proved by `steps`, `count` of them, that the two circuits agree in `pairs`? -/
noncomputable def agree (first second last count : Nat) (gold gate : Circuit) (steps : Steps) (pairs : Pairs) : Bool :=
  cond (Nat.ble 1 first) (cond (Nat.ble first second) (cond (gold.ordered 0 0 first second)
    (cond (gate.ordered first second second last)
      (cond (Steps.follow (clauses second gold gate) steps steps 0 count)
        (pairs.equal first second count steps) false) false) false) false) false

/-- The values of gold's nodes up to `second`, and of gate's from there on. -/
noncomputable def joined (second : Nat) (v w : Nat → Bool) : Nat → Bool :=
  fun n => cond (Nat.ble second n) (w n) (v n)

theorem joined_low {second : Nat} {v w : Nat → Bool} {n : Nat} (h : n < second) : joined second v w n = v n := by
  show cond (Nat.ble second n) (w n) (v n) = v n
  cases e : Nat.ble second n with
  | true => exact (Nat.not_le_of_lt h (Nat.le_of_ble e)).elim
  | false => rfl
theorem joined_high {second : Nat} {v w : Nat → Bool} {n : Nat} (h : second ≤ n) : joined second v w n = w n := by
  show cond (Nat.ble second n) (w n) (v n) = w n
  rw [Nat.ble_of_le h]
  rfl

theorem bool_eq {a b : Bool} (h : not a = true ∨ b = true) (k : a = true ∨ not b = true) : a = b := by
  cases a with
  | true =>
    cases b with
    | true => rfl
    | false => exact h.elim (fun e => e.symm ▸ rfl) (fun e => e.symm)
  | false =>
    cases b with
    | false => rfl
    | true => exact k.elim (fun e => e) (fun e => e)

/-- Circuits with a certificate have equal outputs, whatever the inputs are. -/
theorem equivalent {first second last count : Nat} {gold gate : Circuit} {steps : Steps} {pairs : Pairs}
    (c : agree first second last count gold gate steps pairs = true) (v : Nat → Bool) (zero : v 0 = false) :
    word (gold.run v) pairs.golds = word (gate.run v) pairs.gates := by
  have c0 := both_true c
  have c1 := both_true c0.right
  have c2 := both_true c1.right
  have c3 := both_true c2.right
  have c4 := both_true c3.right
  have positive : 0 < first := Nat.le_of_ble c0.left
  have low : first ≤ second := Nat.le_of_ble c1.left
  -- Both leave the inputs as they are.
  have inputs : ∀ n, n < first → gold.run v n = gate.run v n := fun n h =>
    (Circuit.run_other gold v first second c2.left n (Or.inl h)).trans
      (Circuit.run_other gate v second last c3.left n (Or.inl (Nat.lt_of_lt_of_le h low))).symm
  generalize e : joined second (gold.run v) (gate.run v) = w
  have left : ∀ l, l / 2 < second → lit w l = lit (gold.run v) l := fun l h =>
    lit_congr (e ▸ joined_low h)
  have right : ∀ l, l / 2 < first ∨ second ≤ l / 2 → lit w l = lit (gate.run v) l := fun l h =>
    lit_congr (e ▸ h.elim (fun h => (joined_low (Nat.lt_of_lt_of_le h low)).trans (inputs _ h)) (fun h => joined_high h))
  have zero : w 0 = false := by
    rw [← e, joined_low (Nat.lt_of_lt_of_le positive low),
      Circuit.run_other gold v first second c2.left 0 (Or.inl positive)]
    exact zero
  have gates : ∀ n a b, Circuit.Mem n a b (.both second gold gate) → w n = and (lit w a) (lit w b) := by
    intro n a b m
    cases m with
    | left m =>
      have g := Circuit.run_gate m v first second c2.left
      have before : ∀ l, Circuit.reads 0 0 n l = true → lit w l = lit (gold.run v) l := fun l r =>
        left l (Nat.lt_trans (Nat.le_of_ble (both_true r).left) g.right.right.left)
      rw [before a g.right.right.right.left, before b g.right.right.right.right, ← e, joined_low g.right.right.left]
      exact g.left
    | right m =>
      have g := Circuit.run_gate m v second last c3.left
      have before : ∀ l, Circuit.reads first second n l = true → lit w l = lit (gate.run v) l := fun l r =>
        right l ((either_true (both_true r).right).elim
          (fun h => Or.inl (Nat.le_of_ble h)) (fun h => Or.inr (Nat.le_of_ble h)))
      rw [before a g.right.right.right.left, before b g.right.right.right.right, ← e, joined_high g.right.left]
      exact g.left
  have given' : ∀ h, holds w (clauses second gold gate h) := fun h => by
    show holds w (cond (Nat.beq h 1) top (Circuit.clause (.both second gold gate) h))
    cases Nat.beq h 1 with
    | true => exact holds_top zero
    | false => exact Circuit.clause_true zero (.both second gold gate) h gates
  have each := Steps.sound zero given' c4.left
  have last := c4.right
  clear c c0 c1 c2 c3 c4
  induction pairs with
  | none => rfl
  | pair x y i j more ih =>
    have last : cond (Nat.beq x y) (cond (Nat.ble (x / 2 + 1) first) (more.equal first second count steps) false) _ = true := last
    show List.cons (lit (gold.run v) x) (word (gold.run v) more.golds) =
      List.cons (lit (gate.run v) y) (word (gate.run v) more.gates)
    cases same : Nat.beq x y with
    | true =>
      rw [same] at last
      have k := both_true last
      rw [← Nat.eq_of_beq_eq_true x y same, ih k.right, lit_congr (inputs _ (Nat.le_of_ble k.left))]
    | false =>
    rw [same] at last
    have k0 := both_true last
    have k1 := both_true k0.right
    have k2 := both_true k1.right
    have k3 := both_true k2.right
    have ex := left x (Nat.le_of_ble k0.left)
    have ey := right y ((either_true k1.left).elim
      (fun h => Or.inl (Nat.le_of_ble h)) (fun h => Or.inr (Nat.le_of_ble h)))
    have h := Pairs.either (each i) k2.left
    have k := Pairs.either (each j) k3.left
    rw [lit_neg, ex, ey] at h
    rw [lit_neg, ex, ey] at k
    rw [bool_eq h k, ih k3.right]
