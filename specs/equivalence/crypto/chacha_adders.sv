// The quarter round of ChaCha with carry-select adders of 8-bit blocks, and rotations as wiring.

module select_adder (
    input  logic [31:0] x,
    input  logic [31:0] y,
    output logic [31:0] sum
);
  logic [3:0] carry;
  logic [8:0] without[4], with_one[4];

  assign carry[0] = 1'b0;

  genvar i;
  generate
    for (i = 0; i < 4; i = i + 1) begin : blocks
      assign without[i]      = {1'b0, x[8*i+7:8*i]} + {1'b0, y[8*i+7:8*i]};
      assign with_one[i]     = {1'b0, x[8*i+7:8*i]} + {1'b0, y[8*i+7:8*i]} + 9'd1;
      assign sum[8*i+7:8*i]  = carry[i] ? with_one[i][7:0] : without[i][7:0];
      if (i < 3) begin : onward
        assign carry[i+1] = without[i][8] | (with_one[i][8] & carry[i]);
      end
    end
  endgenerate
endmodule

// x + y, and z with the sum mixed in, rotated left.
module half_step #(
    parameter int ROTATE = 16
) (
    input  logic [31:0] x,
    input  logic [31:0] y,
    input  logic [31:0] z,
    output logic [31:0] sum,
    output logic [31:0] mixed
);
  logic [31:0] difference;
  select_adder u_add (.x(x), .y(y), .sum(sum));
  assign difference = z ^ sum;
  assign mixed      = {difference[31-ROTATE:0], difference[31:32-ROTATE]};
endmodule

module quarter_round (
    input  logic [31:0] a_in,
    input  logic [31:0] b_in,
    input  logic [31:0] c_in,
    input  logic [31:0] d_in,
    output logic [31:0] a_out,
    output logic [31:0] b_out,
    output logic [31:0] c_out,
    output logic [31:0] d_out
);
  logic [31:0] a, b, c, d;

  half_step #(.ROTATE(16)) u_first (.x(a_in), .y(b_in), .z(d_in), .sum(a), .mixed(d));
  half_step #(.ROTATE(12)) u_second (.x(c_in), .y(d), .z(b_in), .sum(c), .mixed(b));
  half_step #(.ROTATE(8)) u_third (.x(a), .y(b), .z(d), .sum(a_out), .mixed(d_out));
  half_step #(.ROTATE(7)) u_fourth (.x(c), .y(d_out), .z(b), .sum(c_out), .mixed(b_out));
endmodule
