prelude
import Verify.Core

@[extern "l_Lean_Parser_Tactic_intro"] unsafe axiom Lean.Parser.Tactic.intro : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.intro
@[extern "l_Lean_Parser_Tactic_intros"] unsafe axiom Lean.Parser.Tactic.intros : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.intros
@[extern "l_Lean_Parser_Tactic_exact"] unsafe axiom Lean.Parser.Tactic.exact : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.exact
@[extern "l_Lean_Parser_Tactic_apply"] unsafe axiom Lean.Parser.Tactic.apply : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.apply
@[extern "l_Lean_Parser_Tactic_refine"] unsafe axiom Lean.Parser.Tactic.refine : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.refine
@[extern "l_Lean_Parser_Tactic_refine_x27"] unsafe axiom Lean.Parser.Tactic.refine' : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.refine'
@[extern "l_Lean_Parser_Tactic_constructor"] unsafe axiom Lean.Parser.Tactic.constructor : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.constructor
@[extern "l_Lean_Parser_Tactic_left"] unsafe axiom Lean.Parser.Tactic.left : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.left
@[extern "l_Lean_Parser_Tactic_right"] unsafe axiom Lean.Parser.Tactic.right : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.right
@[extern "l_Lean_Parser_Tactic_assumption"] unsafe axiom Lean.Parser.Tactic.assumption : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.assumption
@[extern "l_Lean_Parser_Tactic_contradiction"] unsafe axiom Lean.Parser.Tactic.contradiction : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.contradiction
@[extern "l_Lean_Parser_Tactic_case"] unsafe axiom Lean.Parser.Tactic.case : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.case
@[extern "l_Lean_Parser_Tactic_case_x27"] unsafe axiom Lean.Parser.Tactic.case' : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.case'
@[extern "l_Lean_Parser_Tactic_clear"] unsafe axiom Lean.Parser.Tactic.clear : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.clear
@[extern "l_Lean_Parser_Tactic_subst"] unsafe axiom Lean.Parser.Tactic.subst : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.subst
@[extern "l_Lean_Parser_Tactic_generalize"] unsafe axiom Lean.Parser.Tactic.generalize : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.generalize
@[extern "l_Lean_Parser_Tactic_revert"] unsafe axiom Lean.Parser.Tactic.revert : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.revert
@[extern "l_Lean_Parser_Tactic_injection"] unsafe axiom Lean.Parser.Tactic.injection : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.injection
@[extern "l_Lean_Parser_Tactic_injections"] unsafe axiom Lean.Parser.Tactic.injections : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.injections
@[extern "l_Lean_Parser_Tactic_congr"] unsafe axiom Lean.Parser.Tactic.congr : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.congr
@[extern "l_Lean_Parser_Tactic_rename"] unsafe axiom Lean.Parser.Tactic.rename : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.rename
@[extern "l_Lean_Parser_Tactic_change"] unsafe axiom Lean.Parser.Tactic.change : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.change
@[extern "l_Lean_Parser_Tactic_show"] unsafe axiom Lean.Parser.Tactic.show : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.show
@[extern "l_Lean_Parser_Tactic_unfold"] unsafe axiom Lean.Parser.Tactic.unfold : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.unfold
@[extern "l_Lean_Parser_Tactic_delta"] unsafe axiom Lean.Parser.Tactic.delta : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.delta
@[extern "l_Lean_Parser_Tactic_dsimp"] unsafe axiom Lean.Parser.Tactic.dsimp : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.dsimp
@[extern "l_Lean_Parser_Tactic_simp"] unsafe axiom Lean.Parser.Tactic.simp : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.simp
@[extern "l_Lean_Parser_Tactic_simpAll"] unsafe axiom Lean.Parser.Tactic.simpAll : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.simpAll
@[extern "l_Lean_Parser_Tactic_simpa"] unsafe axiom Lean.Parser.Tactic.simpa : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.simpa
@[extern "l_Lean_Parser_Tactic_simpaUsingBang"] unsafe axiom Lean.Parser.Tactic.simpaUsingBang : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.simpaUsingBang
@[extern "l_Lean_Parser_Tactic_split"] unsafe axiom Lean.Parser.Tactic.split : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.split
@[extern "l_Lean_Parser_Tactic_cases"] unsafe axiom Lean.Parser.Tactic.cases : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.cases
@[extern "l_Lean_Parser_Tactic_induction"] unsafe axiom Lean.Parser.Tactic.induction : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.induction
@[extern "l_Lean_Parser_Tactic_first"] unsafe axiom Lean.Parser.Tactic.first : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.first
@[extern "l_Lean_Parser_Tactic_allGoals"] unsafe axiom Lean.Parser.Tactic.allGoals : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.allGoals
@[extern "l_Lean_Parser_Tactic_anyGoals"] unsafe axiom Lean.Parser.Tactic.anyGoals : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.anyGoals
@[extern "l_Lean_Parser_Tactic_focus"] unsafe axiom Lean.Parser.Tactic.focus : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.focus
@[extern "l_Lean_Parser_Tactic_done"] unsafe axiom Lean.Parser.Tactic.done : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.done
@[extern "l_Lean_Parser_Tactic_skip"] unsafe axiom Lean.Parser.Tactic.skip : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.skip
@[extern "l_Lean_Parser_Tactic_fail"] unsafe axiom Lean.Parser.Tactic.fail : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.fail
@[extern "l_Lean_Parser_Tactic_rewriteSeq"] unsafe axiom Lean.Parser.Tactic.rewriteSeq : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.rewriteSeq
@[extern "l_Lean_Parser_Tactic_rwSeq"] unsafe axiom Lean.Parser.Tactic.rwSeq : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.rwSeq
@[extern "l_Lean_Parser_Tactic_rwa"] unsafe axiom Lean.Parser.Tactic.rwa : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.rwa
@[extern "l_Lean_Parser_Tactic_rwaAt"] unsafe axiom Lean.Parser.Tactic.rwaAt : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.rwaAt
@[extern "l_Lean_Parser_Tactic_decide"] unsafe axiom Lean.Parser.Tactic.decide : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.decide
@[extern "l_Lean_Parser_Tactic_exact_x3f"] unsafe axiom Lean.Parser.Tactic.exact? : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.exact?
@[extern "l_Lean_Parser_Tactic_specialize"] unsafe axiom Lean.Parser.Tactic.specialize : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.specialize
@[extern "l_Lean_Parser_Tactic_tacticExfalso"] unsafe axiom Lean.Parser.Tactic.tacticExfalso : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticExfalso
@[extern "l_Lean_Parser_Tactic_tacticHave____"] unsafe axiom Lean.Parser.Tactic.tacticHave__ : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticHave__
@[extern "l_Lean_Parser_Tactic_tacticLet____"] unsafe axiom Lean.Parser.Tactic.tacticLet__ : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticLet__
@[extern "l_Lean_Parser_Tactic_tacticSuffices__"] unsafe axiom Lean.Parser.Tactic.tacticSuffices_ : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticSuffices_
@[extern "l_Lean_Parser_Tactic_tacticRfl"] unsafe axiom Lean.Parser.Tactic.tacticRfl : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticRfl
@[extern "l_Lean_Parser_Tactic_tacticRfl_x27"] unsafe axiom Lean.Parser.Tactic.tacticRfl' : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticRfl'
@[extern "l_Lean_Parser_Tactic_eqRefl"] unsafe axiom Lean.Parser.Tactic.eqRefl : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.eqRefl
@[extern "l_Lean_Parser_Tactic_applyRfl"] unsafe axiom Lean.Parser.Tactic.applyRfl : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.applyRfl
@[extern "l_Lean_Parser_Tactic_tacticTrivial"] unsafe axiom Lean.Parser.Tactic.tacticTrivial : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticTrivial
@[extern "l_Lean_Parser_Tactic_tacticTry__"] unsafe axiom Lean.Parser.Tactic.tacticTry_ : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticTry_
@[extern "l_Lean_Parser_Tactic_tacticRepeat__"] unsafe axiom Lean.Parser.Tactic.tacticRepeat_ : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticRepeat_
@[extern "l_Lean_Parser_Tactic_repeat_x27"] unsafe axiom Lean.Parser.Tactic.repeat' : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.repeat'
@[extern "l_Lean_Parser_Tactic_tacticIterate________"] unsafe axiom Lean.Parser.Tactic.tacticIterate____ : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticIterate____
@[extern "l_Lean_Parser_Tactic_tactic___x3c_x3b_x3e__"] unsafe axiom Lean.Parser.Tactic.«tactic_<;>_» : Lean.TrailingParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.«tactic_<;>_»
@[extern "l_Lean_Parser_Tactic_tacticInfer__instance"] unsafe axiom Lean.Parser.Tactic.tacticInfer_instance : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticInfer_instance
@[extern "l_Lean_Parser_Tactic_tacticExists___x2c_x2c"] unsafe axiom Lean.Parser.Tactic.«tacticExists_,,» : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.«tacticExists_,,»
@[extern "l_Lean_Parser_Tactic_tacticRefine__lift__"] unsafe axiom Lean.Parser.Tactic.tacticRefine_lift_ : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticRefine_lift_
@[extern "l_Lean_Parser_Tactic_tacticRefine__lift_x27__"] unsafe axiom Lean.Parser.Tactic.tacticRefine_lift'_ : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticRefine_lift'_
@[extern "l_Lean_Parser_Tactic_tacticHave_x27"] unsafe axiom Lean.Parser.Tactic.tacticHave' : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticHave'
@[extern "l_Lean_Parser_Tactic_tacticHaveI____"] unsafe axiom Lean.Parser.Tactic.tacticHaveI__ : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticHaveI__
@[extern "l_Lean_Parser_Tactic_tacticSorry"] unsafe axiom Lean.Parser.Tactic.tacticSorry : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticSorry
@[extern "l_Lean_Parser_Tactic_tacticNext___x3d_x3e__"] unsafe axiom Lean.Parser.Tactic.«tacticNext_=>_» : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.«tacticNext_=>_»
@[extern "l_Lean_Parser_Tactic_renameI"] unsafe axiom Lean.Parser.Tactic.renameI : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.renameI
@[extern "l_Lean_Parser_Tactic_rotateLeft"] unsafe axiom Lean.Parser.Tactic.rotateLeft : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.rotateLeft
@[extern "l_Lean_Parser_Tactic_rotateRight"] unsafe axiom Lean.Parser.Tactic.rotateRight : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.rotateRight
@[extern "l_Lean_Parser_Tactic_symm"] unsafe axiom Lean.Parser.Tactic.symm : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.symm
@[extern "l_Lean_Parser_Tactic_tacticUnhygienic__"] unsafe axiom Lean.Parser.Tactic.tacticUnhygienic_ : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticUnhygienic_
@[extern "l_Lean_Parser_Tactic_paren"] unsafe axiom Lean.Parser.Tactic.paren : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.paren
@[extern "l_Lean_Parser_Tactic_withReducible"] unsafe axiom Lean.Parser.Tactic.withReducible : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.withReducible
@[extern "l_Lean_Parser_Tactic_failIfSuccess"] unsafe axiom Lean.Parser.Tactic.failIfSuccess : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.failIfSuccess
@[extern "l_Lean_Parser_Tactic_traceState"] unsafe axiom Lean.Parser.Tactic.traceState : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.traceState
@[extern "l_Lean_Parser_Tactic_acRfl"] unsafe axiom Lean.Parser.Tactic.acRfl : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.acRfl
@[extern "l_Lean_Parser_Tactic_tacticNofun"] unsafe axiom Lean.Parser.Tactic.tacticNofun : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacticNofun
@[extern "l_Lean_Parser_Tactic_tacticNomatch___x2c_x2c"] unsafe axiom Lean.Parser.Tactic.«tacticNomatch_,,» : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.«tacticNomatch_,,»
@[extern "l_Lean_Parser_Tactic_substVars"] unsafe axiom Lean.Parser.Tactic.substVars : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.substVars
@[extern "l_Lean_Parser_Tactic_dsimpTrace"] unsafe axiom Lean.Parser.Tactic.dsimpTrace : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.dsimpTrace
@[extern "l_Lean_Parser_Tactic_replace"] unsafe axiom Lean.Parser.Tactic.replace : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.replace
@[extern "l_Lean_Parser_Tactic_tacDepIfThenElse"] unsafe axiom Lean.Parser.Tactic.tacDepIfThenElse : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacDepIfThenElse
@[extern "l_Lean_Parser_Tactic_tacIfThenElse"] unsafe axiom Lean.Parser.Tactic.tacIfThenElse : Lean.ParserDescr
attribute [tactic_parser] Lean.Parser.Tactic.tacIfThenElse
@[extern "l_tacticFunext______"] unsafe axiom tacticFunext___ : Lean.ParserDescr
attribute [tactic_parser] tacticFunext___
@[extern "l_tacticBy__cases___x3a__"] unsafe axiom «tacticBy_cases_:_» : Lean.ParserDescr
attribute [tactic_parser] «tacticBy_cases_:_»
@[extern "l_Lean_cdot"] unsafe axiom Lean.cdot : Lean.ParserDescr
attribute [tactic_parser] Lean.cdot
@[extern "l_Lean_calcTactic"] unsafe axiom Lean.calcTactic : Lean.ParserDescr
attribute [tactic_parser] Lean.calcTactic
@[extern "l_Lean_solveTactic"] unsafe axiom Lean.solveTactic : Lean.ParserDescr
attribute [tactic_parser] Lean.solveTactic
@[extern "l_term___u2227__"] unsafe axiom «term_∧_» : Lean.TrailingParserDescr
attribute [term_parser] «term_∧_»
@[extern "l_term___u2228__"] unsafe axiom «term_∨_» : Lean.TrailingParserDescr
attribute [term_parser] «term_∨_»
@[extern "l_term_xac__"] unsafe axiom «term¬_» : Lean.ParserDescr
attribute [term_parser] «term¬_»
@[extern "l_term___u2260__"] unsafe axiom «term_≠_» : Lean.TrailingParserDescr
attribute [term_parser] «term_≠_»
@[extern "l_term___u2264__"] unsafe axiom «term_≤_» : Lean.TrailingParserDescr
attribute [term_parser] «term_≤_»
@[extern "l_term___x3c__"] unsafe axiom «term_<_» : Lean.TrailingParserDescr
attribute [term_parser] «term_<_»
@[extern "l_term___x3e__"] unsafe axiom «term_>_» : Lean.TrailingParserDescr
attribute [term_parser] «term_>_»
@[extern "l_term___u2265__"] unsafe axiom «term_≥_» : Lean.TrailingParserDescr
attribute [term_parser] «term_≥_»
@[extern "l_term___x3c_x3d__"] unsafe axiom «term_<=_» : Lean.TrailingParserDescr
attribute [term_parser] «term_<=_»
@[extern "l_term___x3e_x3d__"] unsafe axiom «term_>=_» : Lean.TrailingParserDescr
attribute [term_parser] «term_>=_»
@[extern "l_term___x3d__"] unsafe axiom «term_=_» : Lean.TrailingParserDescr
attribute [term_parser] «term_=_»
@[extern "l_term___x3d_x3d__"] unsafe axiom «term_==_» : Lean.TrailingParserDescr
attribute [term_parser] «term_==_»
@[extern "l_term___x21_x3d__"] unsafe axiom «term_!=_» : Lean.TrailingParserDescr
attribute [term_parser] «term_!=_»
@[extern "l_term___u2194__"] unsafe axiom «term_↔_» : Lean.TrailingParserDescr
attribute [term_parser] «term_↔_»
@[extern "l_term___x2b__"] unsafe axiom «term_+_» : Lean.TrailingParserDescr
attribute [term_parser] «term_+_»
@[extern "l_term___x2d__"] unsafe axiom «term_-_» : Lean.TrailingParserDescr
attribute [term_parser] «term_-_»
@[extern "l_term___x2a__"] unsafe axiom «term_*_» : Lean.TrailingParserDescr
attribute [term_parser] «term_*_»
@[extern "l_term___x2f__"] unsafe axiom «term_/_» : Lean.TrailingParserDescr
attribute [term_parser] «term_/_»
@[extern "l_term___x25__"] unsafe axiom «term_%_» : Lean.TrailingParserDescr
attribute [term_parser] «term_%_»
@[extern "l_term___x5e__"] unsafe axiom «term_^_» : Lean.TrailingParserDescr
attribute [term_parser] «term_^_»
@[extern "l_term_x2d__"] unsafe axiom «term-_» : Lean.ParserDescr
attribute [term_parser] «term-_»
@[extern "l_term___u2223__"] unsafe axiom «term_∣_» : Lean.TrailingParserDescr
attribute [term_parser] «term_∣_»
@[extern "l_term___x3a_x3a__"] unsafe axiom «term_::_» : Lean.TrailingParserDescr
attribute [term_parser] «term_::_»
@[extern "l_term___x2b_x2b__"] unsafe axiom «term_++_» : Lean.TrailingParserDescr
attribute [term_parser] «term_++_»
@[extern "l_term___x26_x26__"] unsafe axiom «term_&&_» : Lean.TrailingParserDescr
attribute [term_parser] «term_&&_»
@[extern "l_term___x7c_x7c__"] unsafe axiom «term_||_» : Lean.TrailingParserDescr
attribute [term_parser] «term_||_»
@[extern "l_term_x21__"] unsafe axiom term!_ : Lean.ParserDescr
attribute [term_parser] term!_
@[extern "l_term___u2218__"] unsafe axiom «term_∘_» : Lean.TrailingParserDescr
attribute [term_parser] «term_∘_»
@[extern "l_term___x3c_x7c_x3e__"] unsafe axiom «term_<|>_» : Lean.TrailingParserDescr
attribute [term_parser] «term_<|>_»
@[extern "l_term___x26_x26_x26__"] unsafe axiom «term_&&&_» : Lean.TrailingParserDescr
attribute [term_parser] «term_&&&_»
@[extern "l_term___x7c_x7c_x7c__"] unsafe axiom «term_|||_» : Lean.TrailingParserDescr
attribute [term_parser] «term_|||_»
@[extern "l_term___x5e_x5e_x5e__"] unsafe axiom «term_^^^_» : Lean.TrailingParserDescr
attribute [term_parser] «term_^^^_»
@[extern "l_term___x3c_x3c_x3c__"] unsafe axiom «term_<<<_» : Lean.TrailingParserDescr
attribute [term_parser] «term_<<<_»
@[extern "l_term___x3e_x3e_x3e__"] unsafe axiom «term_>>>_» : Lean.TrailingParserDescr
attribute [term_parser] «term_>>>_»
@[extern "l_term_u2203___x2c__"] unsafe axiom «term∃_,_» : Lean.ParserDescr
attribute [term_parser] «term∃_,_»
@[extern "l_term___xd7__"] unsafe axiom «term_×_» : Lean.TrailingParserDescr
attribute [term_parser] «term_×_»
@[extern "l_term___xd7____1"] unsafe axiom «term_×__1» : Lean.TrailingParserDescr
attribute [term_parser] «term_×__1»
@[extern "l_termIfThenElse"] unsafe axiom termIfThenElse : Lean.ParserDescr
attribute [term_parser] termIfThenElse
@[extern "l_termDepIfThenElse"] unsafe axiom termDepIfThenElse : Lean.ParserDescr
attribute [term_parser] termDepIfThenElse
@[extern "l_term_x5b___x5d"] unsafe axiom «term[_]» : Lean.ParserDescr
attribute [term_parser] «term[_]»
@[extern "l_term___u2208__"] unsafe axiom «term_∈_» : Lean.TrailingParserDescr
attribute [term_parser] «term_∈_»
@[extern "l_term___u2209__"] unsafe axiom «term_∉_» : Lean.TrailingParserDescr
attribute [term_parser] «term_∉_»
@[extern "l_term___x3c_x7c__"] unsafe axiom «term_<|_» : Lean.TrailingParserDescr
attribute [term_parser] «term_<|_»
@[extern "l_term___x7c_x3e__"] unsafe axiom «term_|>_» : Lean.TrailingParserDescr
attribute [term_parser] «term_|>_»
@[extern "l_term___x24____"] unsafe axiom «term_$__» : Lean.TrailingParserDescr
attribute [term_parser] «term_$__»
@[extern "l_termExists___x2c__"] unsafe axiom «termExists_,_» : Lean.ParserDescr
attribute [term_parser] «termExists_,_»
@[extern "l_term_x7e_x7e_x7e__"] unsafe axiom «term~~~_» : Lean.ParserDescr
attribute [term_parser] «term~~~_»
@[extern "l_term___x3e_x3e_x3d__"] unsafe axiom «term_>>=_» : Lean.TrailingParserDescr
attribute [term_parser] «term_>>=_»
@[extern "l_term___x3c_x24_x3e__"] unsafe axiom «term_<$>_» : Lean.TrailingParserDescr
attribute [term_parser] «term_<$>_»
@[extern "l_term_x7b___x3a___x2f_x2f___x7d"] unsafe axiom «term{_:_//_}» : Lean.ParserDescr
attribute [term_parser] «term{_:_//_}»
@[extern "l_Lean_calc"] unsafe axiom Lean.calc : Lean.ParserDescr
attribute [term_parser] Lean.calc
@[extern "l_Lean_byElab"] unsafe axiom Lean.byElab : Lean.ParserDescr
attribute [term_parser] Lean.byElab
@[extern "l_Lean_Parser_Tactic_optConfig"] unsafe axiom Lean.Parser.Tactic.optConfig : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_config"] unsafe axiom Lean.Parser.Tactic.config : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_configItem"] unsafe axiom Lean.Parser.Tactic.configItem : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_posConfigItem"] unsafe axiom Lean.Parser.Tactic.posConfigItem : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_negConfigItem"] unsafe axiom Lean.Parser.Tactic.negConfigItem : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_valConfigItem"] unsafe axiom Lean.Parser.Tactic.valConfigItem : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_location"] unsafe axiom Lean.Parser.Tactic.location : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_locationWildcard"] unsafe axiom Lean.Parser.Tactic.locationWildcard : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_locationHyp"] unsafe axiom Lean.Parser.Tactic.locationHyp : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_locationType"] unsafe axiom Lean.Parser.Tactic.locationType : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_rwRule"] unsafe axiom Lean.Parser.Tactic.rwRule : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_rwRuleSeq"] unsafe axiom Lean.Parser.Tactic.rwRuleSeq : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_simpArgs"] unsafe axiom Lean.Parser.Tactic.simpArgs : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_simpArg"] unsafe axiom Lean.Parser.Tactic.simpArg : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_simpLemma"] unsafe axiom Lean.Parser.Tactic.simpLemma : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_simpPre"] unsafe axiom Lean.Parser.Tactic.simpPre : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_simpPost"] unsafe axiom Lean.Parser.Tactic.simpPost : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_simpErase"] unsafe axiom Lean.Parser.Tactic.simpErase : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_simpStar"] unsafe axiom Lean.Parser.Tactic.simpStar : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_discharger"] unsafe axiom Lean.Parser.Tactic.discharger : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_simpaArgsRest"] unsafe axiom Lean.Parser.Tactic.simpaArgsRest : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_simpaUsingBangArgsRest"] unsafe axiom Lean.Parser.Tactic.simpaUsingBangArgsRest : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_dsimpArg"] unsafe axiom Lean.Parser.Tactic.dsimpArg : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_dsimpArgs"] unsafe axiom Lean.Parser.Tactic.dsimpArgs : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_caseArg"] unsafe axiom Lean.Parser.Tactic.caseArg : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_generalizeArg"] unsafe axiom Lean.Parser.Tactic.generalizeArg : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_elimTarget"] unsafe axiom Lean.Parser.Tactic.elimTarget : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_inductionAlt"] unsafe axiom Lean.Parser.Tactic.inductionAlt : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_inductionAlts"] unsafe axiom Lean.Parser.Tactic.inductionAlts : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_inductionAltLHS"] unsafe axiom Lean.Parser.Tactic.inductionAltLHS : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic_matchRhs"] unsafe axiom Lean.Parser.Tactic.matchRhs : Lean.ParserDescr
@[extern "l_Lean_cdotTk"] unsafe axiom Lean.cdotTk : Lean.ParserDescr
@[extern "l_Lean_calcSteps"] unsafe axiom Lean.calcSteps : Lean.ParserDescr
@[extern "l_Lean_calcStep"] unsafe axiom Lean.calcStep : Lean.ParserDescr
@[extern "l_Lean_calcFirstStep"] unsafe axiom Lean.calcFirstStep : Lean.ParserDescr
@[extern "l_Lean_explicitBinders"] unsafe axiom Lean.explicitBinders : Lean.ParserDescr
@[extern "l_Lean_bracketedExplicitBinders"] unsafe axiom Lean.bracketedExplicitBinders : Lean.ParserDescr
@[extern "l_Lean_unbracketedExplicitBinders"] unsafe axiom Lean.unbracketedExplicitBinders : Lean.ParserDescr
@[extern "l_Lean_binderIdent"] unsafe axiom Lean.binderIdent : Lean.ParserDescr
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__rwSeq__1", macro Lean.Parser.Tactic.rwSeq] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_rwSeq_1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__TacticsExtra______macroRules__Lean__Parser__Tactic__tacDepIfThenElse__1", macro Lean.Parser.Tactic.tacDepIfThenElse] unsafe axiom Lean.Parser.Tactic._aux_Init_TacticsExtra___macroRules_Lean_Parser_Tactic_tacDepIfThenElse_1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__TacticsExtra______macroRules__Lean__Parser__Tactic__tacIfThenElse__1", macro Lean.Parser.Tactic.tacIfThenElse] unsafe axiom Lean.Parser.Tactic._aux_Init_TacticsExtra___macroRules_Lean_Parser_Tactic_tacIfThenElse_1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticExfalso__1", macro Lean.Parser.Tactic.tacticExfalso] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticExfalso_1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticExists___x2c_x2c__1", macro Lean.Parser.Tactic.«tacticExists_,,»] unsafe axiom Lean.Parser.Tactic.«_aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticExists_,,_1» : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticHaveI______1", macro Lean.Parser.Tactic.tacticHaveI__] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticHaveI___1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticHave______1", macro Lean.Parser.Tactic.tacticHave__] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticHave___1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticHave_x27__1", macro Lean.Parser.Tactic.tacticHave'] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticHave'_1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticInfer__instance__1", macro Lean.Parser.Tactic.tacticInfer_instance] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticInfer_instance_1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__TacticsExtra______macroRules__Lean__Parser__Tactic__tacticIterate__________1", macro Lean.Parser.Tactic.tacticIterate____] unsafe axiom Lean.Parser.Tactic._aux_Init_TacticsExtra___macroRules_Lean_Parser_Tactic_tacticIterate_____1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticLet______1", macro Lean.Parser.Tactic.tacticLet__] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticLet___1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticNext___x3d_x3e____1", macro Lean.Parser.Tactic.«tacticNext_=>_»] unsafe axiom Lean.Parser.Tactic.«_aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticNext_=>__1» : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticNofun__1", macro Lean.Parser.Tactic.tacticNofun] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticNofun_1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticNomatch___x2c_x2c__1", macro Lean.Parser.Tactic.«tacticNomatch_,,»] unsafe axiom Lean.Parser.Tactic.«_aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticNomatch_,,_1» : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticRefine__lift____1", macro Lean.Parser.Tactic.tacticRefine_lift_] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticRefine_lift__1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticRefine__lift_x27____1", macro Lean.Parser.Tactic.tacticRefine_lift'_] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticRefine_lift'__1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticRfl__1", macro Lean.Parser.Tactic.tacticRfl] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticRfl_1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticRfl__2", macro Lean.Parser.Tactic.tacticRfl] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticRfl_2 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticRfl__3", macro Lean.Parser.Tactic.tacticRfl] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticRfl_3 : Lean.Macro
@[extern "l___aux__Init__Core______macroRules__Lean__Parser__Tactic__tacticRfl__1", macro Lean.Parser.Tactic.tacticRfl] unsafe axiom _aux_Init_Core___macroRules_Lean_Parser_Tactic_tacticRfl_1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticRfl_x27__1", macro Lean.Parser.Tactic.tacticRfl'] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticRfl'_1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticSorry__1", macro Lean.Parser.Tactic.tacticSorry] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticSorry_1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticSuffices____1", macro Lean.Parser.Tactic.tacticSuffices_] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticSuffices__1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticTrivial__1", macro Lean.Parser.Tactic.tacticTrivial] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticTrivial_1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticTrivial__2", macro Lean.Parser.Tactic.tacticTrivial] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticTrivial_2 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticTrivial__3", macro Lean.Parser.Tactic.tacticTrivial] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticTrivial_3 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticTrivial__4", macro Lean.Parser.Tactic.tacticTrivial] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticTrivial_4 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticTrivial__5", macro Lean.Parser.Tactic.tacticTrivial] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticTrivial_5 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticTrivial__6", macro Lean.Parser.Tactic.tacticTrivial] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticTrivial_6 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticTry____1", macro Lean.Parser.Tactic.tacticTry_] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticTry__1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tacticUnhygienic____1", macro Lean.Parser.Tactic.tacticUnhygienic_] unsafe axiom Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticUnhygienic__1 : Lean.Macro
@[extern "l_Lean_Parser_Tactic___aux__Init__Tactics______macroRules__Lean__Parser__Tactic__tactic___x3c_x3b_x3e____1", macro Lean.Parser.Tactic.«tactic_<;>_»] unsafe axiom Lean.Parser.Tactic.«_aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tactic_<;>__1» : Lean.Macro
@[extern "l_Lean___aux__Init__NotationExtra______macroRules__Lean__solveTactic__1", macro Lean.solveTactic] unsafe axiom Lean._aux_Init_NotationExtra___macroRules_Lean_solveTactic_1 : Lean.Macro
@[extern "l___aux__Init__ByCases______macroRules__tacticBy__cases___x3a____1", macro «tacticBy_cases_:_»] unsafe axiom «_aux_Init_ByCases___macroRules_tacticBy_cases_:__1» : Lean.Macro
@[extern "l___aux__Init__ByCases______macroRules__tacticBy__cases___x3a____2", macro «tacticBy_cases_:_»] unsafe axiom «_aux_Init_ByCases___macroRules_tacticBy_cases_:__2» : Lean.Macro
@[extern "l___aux__Init__NotationExtra______macroRules__tacticFunext________1", macro tacticFunext___] unsafe axiom _aux_Init_NotationExtra___macroRules_tacticFunext____1 : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__termDepIfThenElse__1", macro termDepIfThenElse] unsafe axiom _aux_Init_Notation___macroRules_termDepIfThenElse_1 : Lean.Macro
@[extern "l___aux__Init__NotationExtra______macroRules__termExists___x2c____1", macro «termExists_,_»] unsafe axiom «_aux_Init_NotationExtra___macroRules_termExists_,__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__termIfThenElse__1", macro termIfThenElse] unsafe axiom _aux_Init_Notation___macroRules_termIfThenElse_1 : Lean.Macro
@[extern "l___aux__Init__Core______macroRules__term___u2194____1", macro «term_↔_»] unsafe axiom «_aux_Init_Core___macroRules_term_↔__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___u2208____1", macro «term_∈_»] unsafe axiom «_aux_Init_Notation___macroRules_term_∈__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___u2209____1", macro «term_∉_»] unsafe axiom «_aux_Init_Notation___macroRules_term_∉__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___u2218____1", macro «term_∘_»] unsafe axiom «_aux_Init_Notation___macroRules_term_∘__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___u2223____1", macro «term_∣_»] unsafe axiom «_aux_Init_Notation___macroRules_term_∣__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___u2227____1", macro «term_∧_»] unsafe axiom «_aux_Init_Notation___macroRules_term_∧__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___u2228____1", macro «term_∨_»] unsafe axiom «_aux_Init_Notation___macroRules_term_∨__1» : Lean.Macro
@[extern "l___aux__Init__Core______macroRules__term___u2260____1", macro «term_≠_»] unsafe axiom «_aux_Init_Core___macroRules_term_≠__1» : Lean.Macro
@[extern "l___aux__Init__Core______macroRules__term___u2260____2", macro «term_≠_»] unsafe axiom «_aux_Init_Core___macroRules_term_≠__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___u2264____1", macro «term_≤_»] unsafe axiom «_aux_Init_Notation___macroRules_term_≤__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___u2264____2", macro «term_≤_»] unsafe axiom «_aux_Init_Notation___macroRules_term_≤__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___u2265____1", macro «term_≥_»] unsafe axiom «_aux_Init_Notation___macroRules_term_≥__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___u2265____2", macro «term_≥_»] unsafe axiom «_aux_Init_Notation___macroRules_term_≥__2» : Lean.Macro
@[extern "l___aux__Init__Core______macroRules__term___x21_x3d____1", macro «term_!=_»] unsafe axiom «_aux_Init_Core___macroRules_term_!=__1» : Lean.Macro
@[extern "l___aux__Init__Core______macroRules__term___x21_x3d____2", macro «term_!=_»] unsafe axiom «_aux_Init_Core___macroRules_term_!=__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x24______1", macro «term_$__»] unsafe axiom «_aux_Init_Notation___macroRules_term_$___1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x25____1", macro «term_%_»] unsafe axiom «_aux_Init_Notation___macroRules_term_%__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x25____2", macro «term_%_»] unsafe axiom «_aux_Init_Notation___macroRules_term_%__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x26_x26____1", macro «term_&&_»] unsafe axiom «_aux_Init_Notation___macroRules_term_&&__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x26_x26_x26____1", macro «term_&&&_»] unsafe axiom «_aux_Init_Notation___macroRules_term_&&&__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x26_x26_x26____2", macro «term_&&&_»] unsafe axiom «_aux_Init_Notation___macroRules_term_&&&__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x2a____1", macro «term_*_»] unsafe axiom «_aux_Init_Notation___macroRules_term_*__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x2a____2", macro «term_*_»] unsafe axiom «_aux_Init_Notation___macroRules_term_*__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x2b____1", macro «term_+_»] unsafe axiom «_aux_Init_Notation___macroRules_term_+__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x2b____2", macro «term_+_»] unsafe axiom «_aux_Init_Notation___macroRules_term_+__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x2b_x2b____1", macro «term_++_»] unsafe axiom «_aux_Init_Notation___macroRules_term_++__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x2b_x2b____2", macro «term_++_»] unsafe axiom «_aux_Init_Notation___macroRules_term_++__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x2d____1", macro «term_-_»] unsafe axiom «_aux_Init_Notation___macroRules_term_-__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x2d____2", macro «term_-_»] unsafe axiom «_aux_Init_Notation___macroRules_term_-__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x2f____1", macro «term_/_»] unsafe axiom «_aux_Init_Notation___macroRules_term_/__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x2f____2", macro «term_/_»] unsafe axiom «_aux_Init_Notation___macroRules_term_/__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3a_x3a____1", macro «term_::_»] unsafe axiom «_aux_Init_Notation___macroRules_term_::__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3c____1", macro «term_<_»] unsafe axiom «_aux_Init_Notation___macroRules_term_<__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3c____2", macro «term_<_»] unsafe axiom «_aux_Init_Notation___macroRules_term_<__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3c_x24_x3e____1", macro «term_<$>_»] unsafe axiom «_aux_Init_Notation___macroRules_term_<$>__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3c_x3c_x3c____1", macro «term_<<<_»] unsafe axiom «_aux_Init_Notation___macroRules_term_<<<__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3c_x3d____1", macro «term_<=_»] unsafe axiom «_aux_Init_Notation___macroRules_term_<=__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3c_x3d____2", macro «term_<=_»] unsafe axiom «_aux_Init_Notation___macroRules_term_<=__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3c_x7c____1", macro «term_<|_»] unsafe axiom «_aux_Init_Notation___macroRules_term_<|__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3c_x7c_x3e____1", macro «term_<|>_»] unsafe axiom «_aux_Init_Notation___macroRules_term_<|>__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3d____1", macro «term_=_»] unsafe axiom «_aux_Init_Notation___macroRules_term_=__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3d____2", macro «term_=_»] unsafe axiom «_aux_Init_Notation___macroRules_term_=__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3d_x3d____1", macro «term_==_»] unsafe axiom «_aux_Init_Notation___macroRules_term_==__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3d_x3d____2", macro «term_==_»] unsafe axiom «_aux_Init_Notation___macroRules_term_==__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3e____1", macro «term_>_»] unsafe axiom «_aux_Init_Notation___macroRules_term_>__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3e____2", macro «term_>_»] unsafe axiom «_aux_Init_Notation___macroRules_term_>__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3e_x3d____1", macro «term_>=_»] unsafe axiom «_aux_Init_Notation___macroRules_term_>=__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3e_x3d____2", macro «term_>=_»] unsafe axiom «_aux_Init_Notation___macroRules_term_>=__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3e_x3e_x3d____1", macro «term_>>=_»] unsafe axiom «_aux_Init_Notation___macroRules_term_>>=__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x3e_x3e_x3e____1", macro «term_>>>_»] unsafe axiom «_aux_Init_Notation___macroRules_term_>>>__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x5e____1", macro «term_^_»] unsafe axiom «_aux_Init_Notation___macroRules_term_^__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x5e____2", macro «term_^_»] unsafe axiom «_aux_Init_Notation___macroRules_term_^__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x5e_x5e_x5e____1", macro «term_^^^_»] unsafe axiom «_aux_Init_Notation___macroRules_term_^^^__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x5e_x5e_x5e____2", macro «term_^^^_»] unsafe axiom «_aux_Init_Notation___macroRules_term_^^^__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x7c_x3e____1", macro «term_|>_»] unsafe axiom «_aux_Init_Notation___macroRules_term_|>__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x7c_x7c____1", macro «term_||_»] unsafe axiom «_aux_Init_Notation___macroRules_term_||__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x7c_x7c_x7c____1", macro «term_|||_»] unsafe axiom «_aux_Init_Notation___macroRules_term_|||__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___x7c_x7c_x7c____2", macro «term_|||_»] unsafe axiom «_aux_Init_Notation___macroRules_term_|||__2» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term___xd7____1", macro «term_×_»] unsafe axiom «_aux_Init_Notation___macroRules_term_×__1» : Lean.Macro
@[extern "l___aux__Init__NotationExtra______macroRules__term___xd7____1__1", macro «term_×__1»] unsafe axiom «_aux_Init_NotationExtra___macroRules_term_×__1_1» : Lean.Macro
@[extern "l___aux__Init__NotationExtra______macroRules__term_u2203___x2c____1", macro «term∃_,_»] unsafe axiom «_aux_Init_NotationExtra___macroRules_term∃_,__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term_x21____1", macro term!_] unsafe axiom _aux_Init_Notation___macroRules_term!__1 : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term_x2d____1", macro «term-_»] unsafe axiom «_aux_Init_Notation___macroRules_term-__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term_x2d____2", macro «term-_»] unsafe axiom «_aux_Init_Notation___macroRules_term-__2» : Lean.Macro
@[extern "l_Lean___aux__Init__Data__List__Notation______macroRules__term_x5b___x5d__1", macro «term[_]»] unsafe axiom Lean.«_aux_Init_Data_List_Notation___macroRules_term[_]_1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term_x7b___x3a___x2f_x2f___x7d__1", macro «term{_:_//_}»] unsafe axiom «_aux_Init_Notation___macroRules_term{_:_//_}_1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term_x7e_x7e_x7e____1", macro «term~~~_»] unsafe axiom «_aux_Init_Notation___macroRules_term~~~__1» : Lean.Macro
@[extern "l___aux__Init__Notation______macroRules__term_xac____1", macro «term¬_»] unsafe axiom «_aux_Init_Notation___macroRules_term¬__1» : Lean.Macro
