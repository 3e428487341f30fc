prelude
import Verify.Equivalence

/-!
Two circuits of few inputs, compared for all values of the inputs at once.

What a node computes is a number of `2 ^ inputs` bits, its table: bit `i` is the node's value where input `n` is bit
`n - 1` of `i`. The kernel computes a gate's table by one operation on numbers. Nothing is to be believed: there is no
certificate.
-/

set_option autoImplicit false

theorem Nat.two_pow_double (k : Nat) : 2 ^ Nat.succ k = 2 ^ k + 2 ^ k := by
  rw [Nat.pow_succ]
  show 2 ^ k * Nat.succ 1 = 2 ^ k + 2 ^ k
  rw [Nat.mul_succ, Nat.mul_one]
theorem Nat.beside_lt {a b w : Nat} (h : a < 2 ^ w) (k : b < 2 ^ w) : a + b * 2 ^ w < 2 ^ (w + w) := by
  refine Nat.lt_of_lt_of_le (Nat.add_lt_add_right h (b * 2 ^ w)) ?_
  rw [Nat.add_comm, ← Nat.succ_mul, Nat.pow_add]
  exact Nat.mul_le_mul k (Nat.le_refl _)

/-! ## Tables -/

/-- A table twice, for both values of one input more. -/
noncomputable def twice (k table : Nat) : Nat := Nat.add table (Nat.mul table (Nat.pow 2 (Nat.pow 2 k)))
/-- The table of `true` for `k` inputs. -/
noncomputable def full (k : Nat) : Nat := Nat.rec 1 (fun k table => twice k table) k
/-- The table of input `n` of `k`, counted from 1; of node 0 it is that of `false`. -/
noncomputable def input (k : Nat) : Nat → Nat :=
  Nat.rec (motive := fun _ => Nat → Nat) (fun _ => 0)
    (fun k more n => Bool.rec (twice k (more n)) (Nat.mul (full k) (Nat.pow 2 (Nat.pow 2 k))) (Nat.beq n (Nat.succ k))) k

/-- Which bit of each table holds the values for `v`. -/
noncomputable def place (v : Nat → Bool) (k : Nat) : Nat :=
  Nat.rec 0 (fun k before => before + cond (v (k + 1)) (2 ^ k) 0) k

theorem place_lt (v : Nat → Bool) (k : Nat) : place v k < 2 ^ k := by
  induction k with
  | zero => exact Nat.le_refl 1
  | succ k ih =>
    show place v k + cond (v (k + 1)) (2 ^ k) 0 < _
    rw [Nat.two_pow_double]
    cases v (k + 1) with
    | true => exact Nat.add_lt_add_right ih (2 ^ k)
    | false => exact Nat.lt_of_lt_of_le ih (Nat.le_add_right _ _)

theorem full_lt (k : Nat) : full k < 2 ^ 2 ^ k := by
  induction k with
  | zero => exact Nat.le_refl 2
  | succ k ih => rw [Nat.two_pow_double]; exact Nat.beside_lt ih ih
theorem input_lt (k n : Nat) : input k n < 2 ^ 2 ^ k := by
  induction k with
  | zero => exact Nat.succ_le_succ (Nat.zero_le 1)
  | succ k ih =>
    rw [Nat.two_pow_double]
    show cond (Nat.beq n (k + 1)) (full k * 2 ^ 2 ^ k) (input k n + input k n * 2 ^ 2 ^ k) < _
    cases Nat.beq n (k + 1) with
    | true =>
      have h := Nat.beside_lt (Nat.two_pow_pos (2 ^ k)) (full_lt k)
      rw [Nat.zero_add] at h
      exact h
    | false => exact Nat.beside_lt ih ih

theorem full_bit (k : Nat) : ∀ i, i < 2 ^ k → Nat.testBit (full k) i = true := by
  induction k with
  | zero =>
    intro i h
    rw [Nat.eq_zero_of_le_zero (Nat.le_of_lt_succ h)]
    rfl
  | succ k ih =>
    intro i h
    show Nat.testBit (full k + full k * 2 ^ 2 ^ k) i = true
    cases Nat.lt_or_ge i (2 ^ k) with
    | inl b => rw [Nat.testBit_below _ _ _ _ b]; exact ih i b
    | inr b =>
      cases Nat.exists_add_of_le b with
      | intro d e =>
        rw [e, Nat.two_pow_double] at h
        rw [e, Nat.add_comm (2 ^ k) d, Nat.testBit_above _ _ _ _ (full_lt k)]
        exact ih d (Nat.lt_of_not_le (fun x => Nat.not_le_of_lt h (Nat.add_le_add_left x _)))

theorem input_bit {v : Nat → Bool} (zero : v 0 = false) (k : Nat) :
    ∀ n, n ≤ k → Nat.testBit (input k n) (place v k) = v n := by
  induction k with
  | zero =>
    intro n h
    rw [Nat.eq_zero_of_le_zero h, zero]
    rfl
  | succ k ih =>
    intro n h
    show Nat.testBit (cond (Nat.beq n (k + 1)) (full k * 2 ^ 2 ^ k) (input k n + input k n * 2 ^ 2 ^ k))
      (place v k + cond (v (k + 1)) (2 ^ k) 0) = v n
    cases e : Nat.beq n (k + 1) with
    | true =>
      rw [Nat.eq_of_beq_eq_true _ _ e]
      show Nat.testBit (full k * 2 ^ 2 ^ k) _ = _
      rw [← Nat.zero_add (full k * 2 ^ 2 ^ k)]
      cases v (k + 1) with
      | true =>
        show Nat.testBit _ (place v k + 2 ^ k) = true
        rw [Nat.testBit_above _ _ _ _ (Nat.two_pow_pos _)]
        exact full_bit k _ (place_lt v k)
      | false =>
        show Nat.testBit _ (place v k) = false
        rw [Nat.testBit_below _ _ _ _ (place_lt v k)]
        rfl
    | false =>
      have h : n ≤ k := Nat.le_of_not_lt (fun x => by
        rw [Nat.le_antisymm h x, Nat.beq_refl] at e
        exact Bool.false_ne_true e.symm)
      show Nat.testBit (input k n + input k n * 2 ^ 2 ^ k) _ = _
      cases v (k + 1) with
      | true =>
        show Nat.testBit _ (place v k + 2 ^ k) = _
        rw [Nat.testBit_above _ _ _ _ (input_lt k n)]
        exact ih n h
      | false =>
        show Nat.testBit _ (place v k) = _
        rw [Nat.testBit_below _ _ _ _ (place_lt v k)]
        exact ih n h

/-! ## The tables of a circuit -/

/-- Tables of nodes. `both middle` has those of nodes below `middle` on its left. -/
inductive Tables where
  | none : Tables
  | inputs : Tables
  | one (table : Nat) : Tables
  | both (middle : Nat) (left right : Tables) : Tables

namespace Tables

/-- The table of node `n`, where the circuit has `k` inputs. -/
noncomputable def get (k : Nat) (t : Tables) (n : Nat) : Nat :=
  Tables.rec 0 (input k n) (fun table => table) (fun m _ _ left right => Bool.rec left right (Nat.ble m n)) t
/-- The table of a literal. -/
noncomputable def lit (k : Nat) (t : Tables) (l : Nat) : Nat :=
  Bool.rec (Nat.xor (t.get k (Nat.div l 2)) (full k)) (t.get k (Nat.div l 2)) (Nat.beq (Nat.mod l 2) 0)

theorem lit_bit {k i : Nat} {t : Tables} {v : Nat → Bool} (small : i < 2 ^ k) {l : Nat}
    (h : Nat.testBit (t.get k (l / 2)) i = v (l / 2)) : Nat.testBit (t.lit k l) i = _root_.lit v l := by
  show Nat.testBit (cond (Nat.beq (l % 2) 0) (t.get k (l / 2)) (Nat.xor (t.get k (l / 2)) (full k))) i =
    cond (Nat.beq (l % 2) 0) (v (l / 2)) (not (v (l / 2)))
  cases Nat.beq (l % 2) 0 with
  | true => exact h
  | false =>
    show Nat.testBit (Nat.xor (t.get k (l / 2)) (full k)) i = not (v (l / 2))
    rw [Nat.testBit_xor, h, full_bit k i small]
    cases v (l / 2) <;> rfl

/-- The tables of a circuit's gates, the first of which is node `low`, from those of the nodes before them. -/
noncomputable def of (k : Nat) (c : Circuit) : Nat → Tables → Tables :=
  Circuit.rec (motive := fun _ => Nat → Tables → Tables) (fun _ _ => .none)
    (fun _ a b _ before => .one (Nat.land (before.lit k a) (before.lit k b)))
    (fun m _ _ left right low before => .both m (left low before) (right m (.both low before (left low before)))) c

theorem of_run {k i start stop : Nat} (small : i < 2 ^ k) (c : Circuit) : ∀ (low high : Nat) (v : Nat → Bool) (t : Tables),
    Circuit.ordered start stop c low high = true →
      (∀ n, n < low → n < start ∨ stop ≤ n → Nat.testBit (t.get k n) i = v n) →
        ∀ n, low ≤ n → n < high → Nat.testBit ((of k c low t).get k n) i = c.run v n := by
  induction c with
  | wires =>
    intro low high v t o _ n l h
    exact (Nat.not_le_of_lt h (Circuit.ordered_wires o ▸ l)).elim
  | gate g a b =>
    intro low high v t o before n l h
    have e := Circuit.ordered_at o
    have o := Circuit.ordered_gate o
    have n_is : n = g := Nat.le_antisymm (Nat.le_of_lt_succ (show n < g + 1 from e.right.symm ▸ h)) (e.left ▸ l)
    have bit : ∀ l, Circuit.reads start stop g l = true → Nat.testBit (t.lit k l) i = _root_.lit v l := fun l r =>
      lit_bit small (before (l / 2) (e.left.symm ▸ Nat.le_of_ble (both_true r).left)
        ((either_true (both_true r).right).elim (fun h => Or.inl (Nat.le_of_ble h)) (fun h => Or.inr (Nat.le_of_ble h))))
    show Nat.testBit (Nat.land (t.lit k a) (t.lit k b)) i = cond (Nat.beq n g) (and (_root_.lit v a) (_root_.lit v b)) (v n)
    rw [Nat.testBit_land, bit a o.right.right.left, bit b o.right.right.right, n_is, Nat.beq_refl]
    rfl
  | both m l r left right =>
    intro low high v t o before n lo hi
    have o := Circuit.ordered_both o
    have mine := left low m v t o.right.right.left before
    have other := Circuit.run_other l v low m o.right.right.left
    show Nat.testBit (cond (Nat.ble m n) ((of k r m (.both low t (of k l low t))).get k n) ((of k l low t).get k n)) i =
      r.run (l.run v) n
    cases e : Nat.ble m n with
    | false =>
      have b : n < m := Nat.lt_of_not_le (fun x => Bool.false_ne_true (e.symm.trans (Nat.ble_of_le x)))
      rw [Circuit.run_other r (l.run v) m high o.right.right.right n (Or.inl b)]
      exact mine n lo b
    | true =>
      refine right m high (l.run v) (.both low t (of k l low t)) o.right.right.right (fun x b w => ?_) n (Nat.le_of_ble e) hi
      show Nat.testBit (cond (Nat.ble low x) ((of k l low t).get k x) (t.get k x)) i = l.run v x
      cases c : Nat.ble low x with
      | true => exact mine x (Nat.le_of_ble c) b
      | false =>
        have b : x < low := Nat.lt_of_not_le (fun y => Bool.false_ne_true (c.symm.trans (Nat.ble_of_le y)))
        rw [other x (Or.inl b)]
        exact before x b w

/-- The inputs' tables and those of a circuit whose first gate is node `low`. -/
noncomputable def whole (k low : Nat) (c : Circuit) : Tables := .both low .inputs (of k c low .inputs)

theorem whole_run {k start stop low high : Nat} {c : Circuit} {v : Nat → Bool} (zero : v 0 = false)
    (o : Circuit.ordered start stop c low high = true) (few : ∀ n, n < low → n < start ∨ stop ≤ n → n ≤ k) {l : Nat}
    (h : l / 2 < high) (w : l / 2 < start ∨ stop ≤ l / 2) :
    Nat.testBit ((whole k low c).lit k l) (place v k) = _root_.lit (c.run v) l := by
  have inputs : ∀ n, n < low → n < start ∨ stop ≤ n → Nat.testBit (Tables.inputs.get k n) (place v k) = v n :=
    fun n b w => input_bit zero k n (few n b w)
  refine lit_bit (place_lt v k) ?_
  show Nat.testBit (cond (Nat.ble low (l / 2)) ((of k c low .inputs).get k (l / 2)) (Tables.inputs.get k (l / 2))) _ = _
  cases e : Nat.ble low (l / 2) with
  | true => exact of_run (place_lt v k) c low high v .inputs o inputs (l / 2) (Nat.le_of_ble e) h
  | false =>
    have b : l / 2 < low := Nat.lt_of_not_le (fun x => Bool.false_ne_true (e.symm.trans (Nat.ble_of_le x)))
    rw [Circuit.run_other c v low high o (l / 2) (Or.inl b)]
    exact inputs (l / 2) b w

end Tables

/-! ## Two circuits -/

/-- Have both outputs of every pair the same table, and are they of nodes that there are? -/
noncomputable def Pairs.same (k first second last : Nat) (gold gate : Tables) (p : Pairs) : Bool :=
  Pairs.rec true (fun x y _ _ _ ih =>
    cond (Nat.beq (gold.lit k x) (gate.lit k y)) (cond (Nat.ble (x / 2 + 1) second) (cond (Nat.ble (y / 2 + 1) last)
      (cond (cond (Nat.ble (y / 2 + 1) first) true (Nat.ble second (y / 2))) ih false) false) false) false) p

/-- Do the two circuits agree in `pairs` for all values of their `k` inputs? -/
noncomputable def alike (k second last : Nat) (gold gate : Circuit) (pairs : Pairs) : Bool :=
  cond (gold.ordered 0 0 (Nat.succ k) second) (cond (gate.ordered (Nat.succ k) second second last)
    (pairs.same k (Nat.succ k) second last (.whole k (Nat.succ k) gold) (.whole k second gate)) false) false

/-- Circuits that are alike have equal outputs, whatever the inputs are. -/
theorem exhaustive {k second last : Nat} {gold gate : Circuit} {pairs : Pairs}
    (c : alike k second last gold gate pairs = true) (v : Nat → Bool) (zero : v 0 = false) :
    word (gold.run v) pairs.golds = word (gate.run v) pairs.gates := by
  have c0 := both_true c
  have c1 := both_true c0.right
  have first := c0.left
  have second' := c1.left
  have rest := c1.right
  clear c c0 c1
  induction pairs with
  | none => rfl
  | pair x y i j more ih =>
    have k0 := both_true rest
    have k1 := both_true k0.right
    have k2 := both_true k1.right
    have k3 := both_true k2.right
    have left := Tables.whole_run zero first (fun n b _ => Nat.le_of_lt_succ b) (Nat.le_of_ble k1.left)
      (Or.inr (Nat.zero_le _))
    have right := Tables.whole_run (k := k) zero second'
      (fun n b w => w.elim Nat.le_of_lt_succ (fun w => (Nat.not_le_of_lt b w).elim)) (Nat.le_of_ble k2.left)
      ((either_true k3.left).elim (fun h => Or.inl (Nat.le_of_ble h)) (fun h => Or.inr (Nat.le_of_ble h)))
    rw [Nat.eq_of_beq_eq_true _ _ k0.left] at left
    show List.cons (lit (gold.run v) x) (word (gold.run v) more.golds) =
      List.cons (lit (gate.run v) y) (word (gate.run v) more.gates)
    rw [left.symm.trans right, ih k3.right]
