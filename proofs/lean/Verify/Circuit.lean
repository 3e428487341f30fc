prelude
import Verify.Sat

/-!
Circuits of AND gates over numbered nodes, their clauses, and two circuits that agree.

Node 0 is false, then come the inputs, then gates. Circuits that are compared share the numbers of
the inputs and have those of their gates apart.
-/

set_option autoImplicit false

/-- Gates in the order in which they are evaluated. `gate n a b`: node `n` is the AND of the literals
`a` and `b`. `both middle` has the gates numbered below `middle` on its left. -/
inductive Circuit where
  | wires : Circuit
  | gate (node a b : Nat) : Circuit
  | both (middle : Nat) (left right : Circuit) : Circuit

/-- The values of all nodes: where `v` has those of the inputs, each gate's is computed. -/
noncomputable def Circuit.run : Circuit → (Nat → Bool) → Nat → Bool
  | .wires, v => v
  | .gate n a b, v => fun m => cond (Nat.beq m n) (and (lit v a) (lit v b)) (v m)
  | .both _ left right, v => right.run (left.run v)

/-- The bits of a word, given by their literals. -/
noncomputable def word (v : Nat → Bool) : List Nat → List Bool
  | .nil => .nil
  | .cons l ls => .cons (lit v l) (word v ls)

theorem lit_congr {v w : Nat → Bool} {l : Nat} (h : v (l / 2) = w (l / 2)) : lit v l = lit w l := by
  unfold lit
  rw [h]

theorem both_true {a b : Bool} (h : cond a b false = true) : a = true ∧ b = true := by
  cases a with
  | true => exact ⟨rfl, h⟩
  | false => exact (Bool.false_ne_true h).elim
theorem either_true {a b : Bool} (h : cond a true b = true) : a = true ∨ b = true := by
  cases a with
  | true => exact Or.inl rfl
  | false => exact Or.inr h
theorem beq_of_ne {a b : Nat} (h : a ≠ b) : Nat.beq a b = false := by
  cases e : Nat.beq a b with
  | true => exact (h (Nat.eq_of_beq_eq_true a b e)).elim
  | false => rfl

namespace Circuit

inductive Mem (node a b : Nat) : Circuit → Prop where
  | here : Mem node a b (.gate node a b)
  | left {m : Nat} {l r : Circuit} : Mem node a b l → Mem node a b (.both m l r)
  | right {m : Nat} {l r : Circuit} : Mem node a b r → Mem node a b (.both m l r)

/-- May a literal be read by node `n`: is it of an earlier node, but none between `start` and `stop`? -/
noncomputable def reads (start stop n l : Nat) : Bool :=
  cond (Nat.ble (l / 2 + 1) n) (cond (Nat.ble (l / 2 + 1) start) true (Nat.ble stop (l / 2))) false

/-- Are the gates numbered from `low` on, one after the other, below `high`, and read what they may? -/
noncomputable def ordered (start stop : Nat) (c : Circuit) : Nat → Nat → Bool :=
  Circuit.rec (motive := fun _ => Nat → Nat → Bool) (fun low high => Nat.beq low high)
    (fun n a b low high => cond (Nat.beq low n) (cond (Nat.beq (n + 1) high)
      (cond (reads start stop n a) (reads start stop n b) false) false) false)
    (fun m _ _ left right low high => cond (Nat.ble low m) (cond (Nat.ble m high)
      (cond (left low m) (right m high) false) false) false) c

theorem ordered_wires {start stop low high : Nat} (h : ordered start stop .wires low high = true) : low = high :=
  Nat.eq_of_beq_eq_true low high h
theorem ordered_at {start stop low high n a b : Nat} (h : ordered start stop (.gate n a b) low high = true) :
    low = n ∧ n + 1 = high :=
  ⟨Nat.eq_of_beq_eq_true low n (both_true h).left, Nat.eq_of_beq_eq_true _ _ (both_true (both_true h).right).left⟩
theorem ordered_gate {start stop low high n a b : Nat} (h : ordered start stop (.gate n a b) low high = true) :
    low ≤ n ∧ n < high ∧ reads start stop n a = true ∧ reads start stop n b = true :=
  ⟨Nat.le_of_eq (ordered_at h).left, Nat.le_of_eq (ordered_at h).right, both_true (both_true (both_true h).right).right⟩
theorem ordered_both {start stop low high m : Nat} {l r : Circuit}
    (h : ordered start stop (.both m l r) low high = true) :
    low ≤ m ∧ m ≤ high ∧ ordered start stop l low m = true ∧ ordered start stop r m high = true :=
  ⟨Nat.le_of_ble (both_true h).left, Nat.le_of_ble (both_true (both_true h).right).left,
    both_true (both_true (both_true h).right).right⟩

/-- No other node changes than those of the gates. -/
theorem run_other {start stop : Nat} (c : Circuit) : ∀ (v : Nat → Bool) (low high : Nat),
    ordered start stop c low high = true → ∀ n, n < low ∨ high ≤ n → c.run v n = v n := by
  induction c with
  | wires => exact fun _ _ _ _ _ _ => rfl
  | gate k a b =>
    intro v low high o n h
    have o := ordered_gate o
    have ne : n ≠ k := fun e => h.elim
      (fun h => Nat.not_le_of_lt h (e ▸ o.left))
      (fun h => Nat.not_le_of_lt o.right.left (e ▸ h))
    show cond (Nat.beq n k) (and (lit v a) (lit v b)) (v n) = v n
    rw [beq_of_ne ne]
    rfl
  | both m l r left right =>
    intro v low high o n h
    have o := ordered_both o
    show r.run (l.run v) n = v n
    rw [right (l.run v) m high o.right.right.right n
        (h.elim (fun h => Or.inl (Nat.lt_of_lt_of_le h o.left)) Or.inr),
      left v low m o.right.right.left n
        (h.elim Or.inl (fun h => Or.inr (Nat.le_trans o.right.left h)))]

/-- Every gate of a circuit has the value that its operands have in the end. -/
theorem run_gate {start stop n a b : Nat} {c : Circuit} (m : Mem n a b c) : ∀ (v : Nat → Bool) (low high : Nat),
    ordered start stop c low high = true →
      (c.run v n = and (lit (c.run v) a) (lit (c.run v) b)) ∧ low ≤ n ∧ n < high ∧
        reads start stop n a = true ∧ reads start stop n b = true := by
  induction m with
  | here =>
    intro v low high o
    have before : ∀ l, reads start stop n l = true → lit ((Circuit.gate n a b).run v) l = lit v l := by
      intro l k
      apply lit_congr
      show cond (Nat.beq (l / 2) n) _ (v (l / 2)) = v (l / 2)
      rw [beq_of_ne (Nat.ne_of_lt (Nat.le_of_ble (both_true k).left))]
      rfl
    have o' := ordered_gate o
    refine ⟨?_, o'⟩
    rw [before a o'.right.right.left, before b o'.right.right.right]
    show cond (Nat.beq n n) (and (lit v a) (lit v b)) (v n) = _
    rw [Nat.beq_refl]
    rfl
  | @left k l r m ih =>
    intro v low high o
    have o := ordered_both o
    have i := ih v low k o.right.right.left
    have same : ∀ x, x < k → r.run (l.run v) x = l.run v x :=
      fun x h => run_other r (l.run v) k high o.right.right.right x (Or.inl h)
    have before : ∀ x, reads start stop n x = true → lit (r.run (l.run v)) x = lit (l.run v) x :=
      fun x h => lit_congr (same _ (Nat.lt_trans (Nat.le_of_ble (both_true h).left) i.right.right.left))
    refine ⟨?_, i.right.left, Nat.lt_of_lt_of_le i.right.right.left o.right.left, i.right.right.right⟩
    show r.run (l.run v) n = and (lit (r.run (l.run v)) a) (lit (r.run (l.run v)) b)
    rw [same n i.right.right.left, before a i.right.right.right.left, before b i.right.right.right.right]
    exact i.left
  | @right k l r m ih =>
    intro v low high o
    have o := ordered_both o
    have i := ih (l.run v) k high o.right.right.right
    exact ⟨i.left, Nat.le_trans o.left i.right.left, i.right.right⟩

/-! ## The clauses of gates -/

/-- Clause `4 * n`, `4 * n + 1` or (for any other remainder) `4 * n + 2` of gate `n`; `top` if there is none. -/
noncomputable def clause (c : Circuit) (h : Nat) : Nat :=
  Circuit.rec top
    (fun n a b => Bool.rec
      (Bool.rec (Nat.lor (only (Nat.mul 2 n)) (Nat.lor (only (neg a)) (only (neg b))))
        (Nat.lor (only (Nat.succ (Nat.mul 2 n))) (only b)) (Nat.beq (Nat.mod h 4) 1))
      (Nat.lor (only (Nat.succ (Nat.mul 2 n))) (only a)) (Nat.beq (Nat.mod h 4) 0))
    (fun m _ _ left right => Bool.rec left right (Nat.ble m (Nat.div h 4))) c

theorem clause_true {v : Nat → Bool} (zero : v 0 = false) (c : Circuit) (h : Nat)
    (all : ∀ n a b, Mem n a b c → v n = and (lit v a) (lit v b)) : holds v (c.clause h) := by
  induction c with
  | wires => exact holds_top zero
  | gate n a b =>
    have e := all n a b .here
    show holds v (cond (Nat.beq (h % 4) 0) (Nat.lor (only (2 * n + 1)) (only a))
      (cond (Nat.beq (h % 4) 1) (Nat.lor (only (2 * n + 1)) (only b))
        (Nat.lor (only (2 * n)) (Nat.lor (only (neg a)) (only (neg b))))))
    cases Nat.beq (h % 4) 0 with
    | true =>
      intro f
      have o := only_false (fails_left f)
      rw [lit_odd, e, only_false (fails_right f)] at o
      exact Bool.false_ne_true o.symm
    | false =>
      cases Nat.beq (h % 4) 1 with
      | true =>
        intro f
        have o := only_false (fails_left f)
        rw [lit_odd, e, only_false (fails_right f)] at o
        revert o
        cases lit v a <;> exact fun o => Bool.false_ne_true o.symm
      | false =>
        intro f
        have o := only_false (fails_left f)
        have p := only_false (fails_left (fails_right f))
        have q := only_false (fails_right (fails_right f))
        rw [lit_even, e] at o
        rw [lit_neg] at p q
        revert o p q
        cases lit v a with
        | false => exact fun _ p _ => Bool.false_ne_true p.symm
        | true =>
          cases lit v b with
          | false => exact fun _ _ q => Bool.false_ne_true q.symm
          | true => exact fun o _ _ => Bool.false_ne_true o.symm
  | both m l r left right =>
    show holds v (cond (Nat.ble m (h / 4)) (r.clause h) (l.clause h))
    cases Nat.ble m (h / 4) with
    | true => exact right (fun n a b k => all n a b (.right k))
    | false => exact left (fun n a b k => all n a b (.left k))

end Circuit
