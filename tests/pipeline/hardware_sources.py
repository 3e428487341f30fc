"""Small designs that are compared in tests, by file name."""

from __future__ import annotations

from typing import Final

SOURCES: Final = {
    "add.v": """
module add(input [3:0] a, b, output [4:0] sum);
  assign sum = a + b;
endmodule
""",
    "add_ripple.v": """
module add(input [3:0] a, b, output [4:0] sum);
  wire [4:0] c;
  assign c[0] = 1'b0;
  genvar i;
  generate for (i = 0; i < 4; i = i + 1) begin : bits
    assign c[i + 1] = a[i] & b[i] | c[i] & (a[i] ^ b[i]);
    assign sum[i] = a[i] ^ b[i] ^ c[i];
  end endgenerate
  assign sum[4] = c[4];
endmodule
""",
    "add_wrong.v": """
module add(input [3:0] a, b, output [4:0] sum);
  assign sum = (a == 4'd9 && b == 4'd7) ? 5'd0 : a + b;
endmodule
""",
    "add_renamed.v": """
module adder(input [3:0] x, y_n, output [4:0] total, output spare);
  wire [3:0] y = ~y_n;
  assign total = x + y;
  assign spare = total[4];
endmodule
""",
    "sub.v": """
module sub(input [3:0] a, b, output [3:0] d);
  assign d = a - b;
endmodule
""",
    "sub_swapped.v": """
module sub(input [3:0] a, b, output [3:0] d);
  assign d = b - a;
endmodule
""",
    "count.v": """
module count(input clk, rst, en, output reg [3:0] q);
  always @(posedge clk) if (rst) q <= 0; else if (en) q <= q + 1;
endmodule
""",
    "count_same_register.v": """
module count(input clk, rst, en, output reg [3:0] q);
  wire [3:0] next = {q[3] ^ &q[2:0], q[2] ^ &q[1:0], q[1] ^ q[0], ~q[0]};
  always @(posedge clk) q <= {4{~rst}} & (en ? next : q);
endmodule
""",
    "count_down.v": """
module count(input clk, rst, en, output [3:0] q);
  reg [3:0] left;
  assign q = ~left;
  always @(posedge clk) if (rst) left <= 4'hf; else if (en) left <= left - 1;
endmodule
""",
    "count_lost_register.v": """
module count(input clk, rst, en, output [3:0] q);
  reg [2:0] low;
  assign q = {1'b0, low};
  always @(posedge clk) if (rst) low <= 0; else if (en) low <= low + 1;
endmodule
""",
    "add_late.v": """
module add(input clk, input [3:0] a, b, output reg [4:0] sum);
  always @(posedge clk) sum <= a + b;
endmodule
""",
    "open.v": """
module sel(input [1:0] s, input [2:0] d, output reg y);
  always @* case (s) 2'd0: y = d[0]; 2'd1: y = d[1]; 2'd2: y = d[2]; default: y = 1'bx; endcase
endmodule
""",
    "closed.v": """
module sel(input [1:0] s, input [2:0] d, output y);
  assign y = s[1] ? d[2] : d[s[0]];
endmodule
""",
    "flow.v": """
module inc(input clk, rst, in_valid, out_ready, input [1:0] a,
           output in_ready, out_valid, output [1:0] y);
  assign in_ready = out_ready, out_valid = in_valid, y = a + 2'd1;
endmodule
""",
    "held.v": """
module inc(input clk, rst, in_valid, out_ready, input [1:0] a,
           output in_ready, output reg out_valid, output reg [1:0] y);
  assign in_ready = ~out_valid | out_ready;
  always @(posedge clk)
    if (rst) out_valid <= 0;
    else if (in_ready) begin out_valid <= in_valid; y <= a + 2'd1; end
endmodule
""",
    "box_one.v": """
(* blackbox *) module one(input [3:0] a, output [3:0] y); endmodule
module boxed(input [3:0] a, output [3:0] z);
  wire [3:0] y;
  one u(.a(a), .y(y));
  assign z = ~y;
endmodule
""",
    "box_one_again.v": """
(* blackbox *) module one(input [3:0] a, output [3:0] y); endmodule
module boxed(input [3:0] a, output [3:0] z);
  wire [3:0] y;
  one u(.a(~~a), .y(y));
  assign z = y ^ 4'hf;
endmodule
""",
    "box_two.v": """
(* blackbox *) module two(input [3:0] a, output [3:0] y); endmodule
module boxed(input [3:0] a, output [3:0] z);
  wire [3:0] y;
  two u(.a(a), .y(y));
  assign z = ~y;
endmodule
""",
    "two_tops.v": """
module p(input [3:0] a, b, output [4:0] sum); assign sum = a + b; endmodule
module q(input [3:0] a, b, output [4:0] sum); assign sum = a - b; endmodule
""",
    "undriven.v": """
module add(input [3:0] a, b, output [4:0] sum);
  wire unused = a[0] & b[0];
endmodule
""",
    "loop.v": """
module add(input [3:0] a, b, output [4:0] sum);
  wire w;
  assign w = ~(w & a[0]);
  assign sum = {b, w};
endmodule
""",
    "no_include.v": """
`include "nowhere.vh"
module add(input [3:0] a, b, output [4:0] sum); assign sum = a + b; endmodule
""",
    "broken.v": """
module add(input [3:0] a, b, output [4:0] sum);
  assgin sum = a + b;
endmodule
""",
    "narrow.v": """
module add(input [3:0] a, b, output [3:0] sum); assign sum = a + b; endmodule
""",
    "huge.v": """
module add(input [3:0] a, b, output [4:0] sum);
  wire [10000000:0] t;
  genvar i;
  generate for (i = 0; i < 10000000; i = i + 1) begin : g
    assign t[i] = a[0] ^ b[0];
  end endgenerate
  assign sum = a + b + t[9999];
endmodule
""",
    "a b;'x\".v": """
module add(input [3:0] a, b, output [4:0] sum);
  assign sum = b + a;
endmodule
""",
}
"""All of these are read by Icarus and Verilator too, but for the ones that are wrong on purpose."""
