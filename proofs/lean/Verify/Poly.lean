prelude
import Verify.Int

/-!
Integer polynomials over numbered atoms, in a normal form that the kernel computes quickly.

The functions recurse by hand and compute each coefficient as soon as it is made: the kernel does
not, and would carry sums along unevaluated.
-/

set_option autoImplicit false

noncomputable section
universe u
namespace Refute

/-- A product of atoms, by number, in ascending order. -/
inductive Mono : Type where
  | one : Mono
  | var (i : Nat) (m : Mono) : Mono

/-- A sum of monomials with coefficients: lexicographic, the constant first. -/
inductive Poly : Type where
  | nil : Poly
  | add (m : Mono) (c : Int) (p : Poly) : Poly

/-- The value of atom `i`; of those that are not listed it is zero. -/
def Env.get (env : List Int) (i : Nat) : Int :=
  Nat.rec (motive := fun _ => List Int → Int) (fun env => List.rec 0 (fun x _ _ => x) env)
    (fun _ next env => List.rec (motive := fun _ => Int) 0 (fun _ rest _ => next rest) env) i env

namespace Mono

def value (env : List Int) (m : Mono) : Int := Mono.rec 1 (fun i _ v => Env.get env i * v) m

/-- Is `m` below, equal to or above `n`? More of an atom of lower number is above. -/
def compare {α : Type u} (below same above : α) (m : Mono) : Mono → α :=
  Mono.rec (motive := fun _ => Mono → α) (fun n => Mono.rec same (fun _ _ _ => below) n)
    (fun i _ next n => Mono.rec (motive := fun _ => α) above
      (fun j n _ => cond (Nat.beq i j) (next n) (cond (Nat.ble i j) above below)) n) m

def mul (m : Mono) : Mono → Mono :=
  Mono.rec (motive := fun _ => Mono → Mono) (fun n => n)
    (fun i m next n => Mono.rec (motive := fun _ => Mono) (var i m)
      (fun j n inner => cond (Nat.ble i j) (var i (next (var j n))) (var j inner)) n) m

theorem compare_spec {α : Type u} (b s a : α) (m n : Mono) :
    compare b s a m n = b ∨ (m = n ∧ compare b s a m n = s) ∨ compare b s a m n = a := by
  induction m generalizing n with
  | one =>
    cases n with
    | one => exact Or.inr (Or.inl ⟨rfl, rfl⟩)
    | var j n => exact Or.inl rfl
  | var i m ih =>
    cases n with
    | one => exact Or.inr (Or.inr rfl)
    | var j n =>
      have e : compare b s a (var i m) (var j n) =
        cond (Nat.beq i j) (compare b s a m n) (cond (Nat.ble i j) a b) := rfl
      rw [e]
      cases h : Nat.beq i j with
      | true =>
        cases ih n with
        | inl k => exact Or.inl k
        | inr k =>
          cases k with
          | inl k => exact Or.inr (Or.inl ⟨by rw [Nat.eq_of_beq_eq_true i j h, k.left], k.right⟩)
          | inr k => exact Or.inr (Or.inr k)
      | false =>
        cases Nat.ble i j with
        | true => exact Or.inr (Or.inr rfl)
        | false => exact Or.inl rfl

theorem value_mul (env : List Int) (m n : Mono) : value env (mul m n) = value env m * value env n := by
  induction m generalizing n with
  | one => exact (Int.one_mul _).symm
  | var i m ih =>
    induction n with
    | one => exact (Int.mul_one _).symm
    | var j n inner =>
      have e : mul (var i m) (var j n) =
        cond (Nat.ble i j) (var i (mul m (var j n))) (var j (mul (var i m) n)) := rfl
      rw [e]
      cases Nat.ble i j with
      | true =>
        show Env.get env i * value env (mul m (var j n)) = Env.get env i * value env m * _
        rw [ih, Int.mul_assoc]
      | false =>
        show Env.get env j * value env (mul (var i m) n) = _ * (Env.get env j * value env n)
        rw [inner, Int.mul_left_comm]
end Mono

namespace Poly

def value (env : List Int) (p : Poly) : Int := Poly.rec 0 (fun m c _ v => c * Mono.value env m + v) p

/-- A summand before the others, unless it is zero; its coefficient is computed. -/
def push (m : Mono) (c : Int) (p : Poly) : Poly :=
  Int.rec (fun n => Nat.rec (motive := fun _ => Poly) p (fun k _ => add m (Int.ofNat (Nat.succ k)) p) n)
    (fun n => Nat.rec (motive := fun _ => Poly) (add m (Int.negSucc 0) p)
      (fun k _ => add m (Int.negSucc (Nat.succ k)) p) n) c

def plus (p : Poly) : Poly → Poly :=
  Poly.rec (motive := fun _ => Poly → Poly) (fun q => q)
    (fun m c p next q => Poly.rec (motive := fun _ => Poly) (add m c p)
      (fun n d q inner => Mono.compare (push m c (next (add n d q))) (push m (c + d) (next q))
        (push n d inner) m n) q) p

/-- `c * m * p`. -/
def scale (m : Mono) (c : Int) (p : Poly) : Poly :=
  Poly.rec nil (fun n d _ r => push (Mono.mul m n) (c * d) r) p

def times (p q : Poly) : Poly := Poly.rec nil (fun m c _ r => plus (scale m c q) r) p

def const (n : Int) : Poly := push Mono.one n nil
def neg (p : Poly) : Poly := scale Mono.one (-1) p
def minus (p q : Poly) : Poly := plus p (neg q)

theorem value_push (env : List Int) (m : Mono) (c : Int) (p : Poly) :
    value env (push m c p) = c * Mono.value env m + value env p := by
  cases c with
  | ofNat n =>
    cases n with
    | zero =>
      show value env p = 0 * Mono.value env m + value env p
      rw [Int.zero_mul, Int.zero_add]
    | succ k => rfl
  | negSucc n =>
    cases n with
    | zero => rfl
    | succ k => rfl

theorem value_plus (env : List Int) (p q : Poly) : value env (plus p q) = value env p + value env q := by
  induction p generalizing q with
  | nil => exact (Int.zero_add _).symm
  | add m c p ih =>
    induction q with
    | nil => exact (Int.add_zero _).symm
    | add n d q inner =>
      have e : plus (add m c p) (add n d q) =
        Mono.compare (push m c (plus p (add n d q))) (push m (c + d) (plus p q))
          (push n d (plus (add m c p) q)) m n := rfl
      have lhs : ∀ m c p, value env (add m c p) = c * Mono.value env m + value env p := fun _ _ _ => rfl
      rw [e]
      cases Mono.compare_spec (push m c (plus p (add n d q))) (push m (c + d) (plus p q))
          (push n d (plus (add m c p) q)) m n with
      | inl h => rw [h, value_push, ih, lhs m, Int.add_assoc]
      | inr h =>
        cases h with
        | inl h =>
          rw [h.right, value_push, ih, lhs m, lhs n, ← h.left, Int.add_mul]
          simp only [Int.add_assoc, Int.add_left_comm]
        | inr h => rw [h, value_push, inner, lhs n, Int.add_left_comm]

theorem value_scale (env : List Int) (m : Mono) (c : Int) (p : Poly) :
    value env (scale m c p) = c * Mono.value env m * value env p := by
  induction p with
  | nil => exact (Int.mul_zero _).symm
  | add n d p ih =>
    have e : scale m c (add n d p) = push (Mono.mul m n) (c * d) (scale m c p) := rfl
    have v : value env (add n d p) = d * Mono.value env n + value env p := rfl
    rw [e, value_push, ih, v, Int.mul_add, Mono.value_mul]
    simp only [Int.mul_assoc, Int.mul_left_comm]

theorem value_times (env : List Int) (p q : Poly) : value env (times p q) = value env p * value env q := by
  induction p with
  | nil => exact (Int.zero_mul _).symm
  | add m c p ih =>
    have e : times (add m c p) q = plus (scale m c q) (times p q) := rfl
    have v : value env (add m c p) = c * Mono.value env m + value env p := rfl
    rw [e, value_plus, value_scale, ih, v, Int.add_mul]

theorem value_const (env : List Int) (n : Int) : value env (const n) = n := by
  show value env (push Mono.one n nil) = n
  rw [value_push]
  show n * 1 + 0 = n
  rw [Int.mul_one, Int.add_zero]
theorem value_neg (env : List Int) (p : Poly) : value env (neg p) = -value env p := by
  show value env (scale Mono.one (-1) p) = _
  rw [value_scale]
  show -1 * 1 * value env p = _
  rw [Int.mul_one, ← Int.neg_eq_neg_one_mul]
theorem value_minus (env : List Int) (p q : Poly) : value env (minus p q) = value env p - value env q := by
  show value env (plus p (neg q)) = _
  rw [value_plus, value_neg]; rfl

end Poly

inductive Term : Type where
  | num (n : Int)
  | var (i : Nat)
  | add (a b : Term)
  | sub (a b : Term)
  | mul (a b : Term)
  | neg (a : Term)

/-- What it says, given the atoms' values. -/
def Term.denote (env : List Int) (t : Term) : Int :=
  Term.rec (fun n => n) (fun i => Env.get env i) (fun _ _ a b => a + b) (fun _ _ a b => a - b)
    (fun _ _ a b => a * b) (fun _ a => -a) t

def Term.poly (t : Term) : Poly :=
  Term.rec Poly.const (fun i => Poly.add (Mono.var i Mono.one) 1 Poly.nil)
    (fun _ _ a b => Poly.plus a b) (fun _ _ a b => Poly.minus a b) (fun _ _ a b => Poly.times a b)
    (fun _ a => Poly.neg a) t

theorem denote_poly (env : List Int) (t : Term) : t.poly.value env = t.denote env := by
  induction t with
  | num n => exact Poly.value_const env n
  | var i =>
    show 1 * (Env.get env i * 1) + 0 = Env.get env i
    rw [Int.one_mul, Int.mul_one, Int.add_zero]
  | add a b ha hb => rw [show (Term.add a b).poly = a.poly.plus b.poly from rfl, Poly.value_plus, ha, hb]; rfl
  | sub a b ha hb => rw [show (Term.sub a b).poly = a.poly.minus b.poly from rfl, Poly.value_minus, ha, hb]; rfl
  | mul a b ha hb => rw [show (Term.mul a b).poly = a.poly.times b.poly from rfl, Poly.value_times, ha, hb]; rfl
  | neg a ha => rw [show (Term.neg a).poly = a.poly.neg from rfl, Poly.value_neg, ha]; rfl

def Poly.isNil (p : Poly) : Bool := Poly.rec true (fun _ _ _ _ => false) p
theorem Poly.value_of_isNil {env : List Int} {p : Poly} (h : p.isNil = true) : p.value env = 0 := by
  cases p with
  | nil => rfl
  | add m c p => exact (Bool.false_ne_true h).elim

/-- An identity of the ring: `by decide +kernel` shows that both sides are the same polynomial. -/
theorem Term.ring (env : List Int) (s t : Term) (h : (Poly.minus s.poly t.poly).isNil = true) :
    s.denote env = t.denote env := by
  have k := Poly.value_of_isNil (env := env) h
  rw [Poly.value_minus, denote_poly, denote_poly] at k
  exact Int.sub_eq_zero.mp k

end Refute
