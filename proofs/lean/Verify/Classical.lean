prelude
import Verify.Logic

/-! Every proposition is true or false, so definitions can ask for it.

From choice and extensionality, in the way of R. Diaconescu (1975): of two types that are the same if
`p` holds the same element is chosen. -/

set_option autoImplicit false
noncomputable section

namespace Classical

/-- A truth value that is true only if `x` holds, and false only if `y` does. -/
structure Witness (x y : Prop) : Type where
  value : Bool
  isTrue : value = true → x
  isFalse : value = false → y

def chosen (x y : Prop) (h : Nonempty (Witness x y)) : Bool := (choice h).value

theorem chosen_alike {p : Prop} (hp : p) (h : Nonempty (Witness True p)) (h' : Nonempty (Witness p True)) :
    chosen True p h = chosen p True h' :=
  (eq_true hp).symm.rec (motive := fun q _ => ∀ (h : Nonempty (Witness True q)) (h' : Nonempty (Witness q True)),
    chosen True q h = chosen q True h') (fun _ _ => rfl) h h'

theorem em (p : Prop) : p ∨ ¬p :=
  have first : Nonempty (Witness True p) := ⟨⟨true, fun _ => trivial, fun no => (Bool.false_ne_true no.symm).elim⟩⟩
  have second : Nonempty (Witness p True) := ⟨⟨false, fun no => (Bool.false_ne_true no).elim, fun _ => trivial⟩⟩
  match h : chosen True p first, h' : chosen p True second with
  | false, _ => Or.inl ((choice first).isFalse h)
  | _, true => Or.inl ((choice second).isTrue h')
  | true, false => Or.inr fun hp => Bool.false_ne_true (h'.symm.trans ((chosen_alike hp first second).symm.trans h))

def propDecidable (p : Prop) : Decidable p :=
  choice ((em p).rec (fun h => ⟨Decidable.isTrue h⟩) (fun h => ⟨Decidable.isFalse h⟩))

end Classical
