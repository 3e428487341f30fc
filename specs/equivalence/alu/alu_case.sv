// A 16-bit ALU with flags, written as one case over the operation.
module alu (
    input  logic [15:0] a,
    input  logic [15:0] b,
    input  logic [3:0]  op,
    output logic [15:0] result,
    output logic        carry,
    output logic        overflow,
    output logic        zero,
    output logic        negative
);
  logic [16:0] sum, difference;

  assign sum        = {1'b0, a} + {1'b0, b};
  assign difference = {1'b0, a} - {1'b0, b};

  always_comb begin
    result   = 16'd0;
    carry    = 1'b0;
    overflow = 1'b0;
    case (op)
      4'd0: begin  // add
        result   = sum[15:0];
        carry    = sum[16];
        overflow = (a[15] == b[15]) && (sum[15] != a[15]);
      end
      4'd1: begin  // subtract; the carry is a borrow
        result   = difference[15:0];
        carry    = difference[16];
        overflow = (a[15] != b[15]) && (difference[15] != a[15]);
      end
      4'd2: result = a & b;
      4'd3: result = a | b;
      4'd4: result = a ^ b;
      4'd5: result = ~(a | b);
      4'd6: result = {15'd0, $signed(a) < $signed(b)};
      4'd7: result = {15'd0, a < b};
      4'd8: result = a << b[3:0];
      4'd9: result = a >> b[3:0];
      default: result = 16'd0;
    endcase
  end

  assign zero     = result == 16'd0;
  assign negative = result[15];
endmodule
