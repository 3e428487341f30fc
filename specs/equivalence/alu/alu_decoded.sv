// A 16-bit ALU for operations 0 to 9 only: the decoder looks at as few bits as it can and answers
// other codes with whatever falls out.
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
  logic shifts, compares, logical, subtract;
  assign shifts   = op[3];
  assign compares = op[2] & op[1];
  assign logical  = op[1] ^ op[2];
  assign subtract = op[0] | compares;

  logic [15:0] addend;
  logic [16:0] sum;
  assign addend = subtract ? ~b : b;
  assign sum    = {1'b0, a} + {1'b0, addend} + {16'd0, subtract};

  logic [15:0] logic_result;
  always_comb begin
    case ({op[2], op[0]})
      2'b00:   logic_result = a & b;
      2'b01:   logic_result = a | b;
      2'b10:   logic_result = a ^ b;
      default: logic_result = ~(a | b);
    endcase
  end

  // With equal signs the difference cannot overflow, with different ones the sign of a decides.
  logic less;
  assign less = (a[15] == b[15]) ? sum[15] : (op[0] ? b[15] : a[15]);

  always_comb begin
    if (shifts) result = op[0] ? a >> b[3:0] : a << b[3:0];
    else if (compares) result = {15'd0, less};
    else if (logical) result = logic_result;
    else result = sum[15:0];
  end

  logic arithmetic;
  assign arithmetic = ~(shifts | compares | logical);
  assign carry      = arithmetic & (sum[16] ^ subtract);
  assign overflow   = arithmetic & (a[15] ~^ addend[15]) & (sum[15] ^ a[15]);
  assign zero       = result == 16'd0;
  assign negative   = result[15];
endmodule
