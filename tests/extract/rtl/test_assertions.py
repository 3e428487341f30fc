"""What is said of assertions in sources."""

from __future__ import annotations

from pathlib import Path

from extract.rtl.assertions import note


def said(folder: Path, text: str) -> str:
    (folder / "a.sv").write_text(text)
    return note([folder / "a.sv"]).replace(f"{folder}/", "")


def test_where_they_stand(tmp_path: Path) -> None:
    text = """module m(input clk, a, b);
    /* assert (a)
    */ always @(posedge clk) assert (a == b);
    late: assume property (@(posedge clk) a |=> b);  // cover (a)
    assert final (a); cover property(@(posedge clk) b); assert #0 (a);
    initial $display("assert (%d)", a);
    endmodule"""
    assert said(tmp_path, text) == (
        "assertions are no part of the comparison and are left out: assert at a.sv:3, "
        "assume at a.sv:4, assert at a.sv:5, cover at a.sv:5"
    )


def test_names_that_only_look_like_them(tmp_path: Path) -> None:
    text = "module m; wire assert_x, my_cover; `assert(a) u.assert (1); recover (2); endmodule"
    assert not said(tmp_path, text)
