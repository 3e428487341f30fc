// A 32-bit shifter: left, right, right with the sign, rotate right.
module barrel (
    input  logic [31:0] value,
    input  logic [4:0]  amount,
    input  logic [1:0]  mode,
    output logic [31:0] result
);
  localparam logic [1:0] LEFT = 2'd0, RIGHT = 2'd1, ARITHMETIC = 2'd2, ROTATE = 2'd3;

  logic [63:0] twice;
  assign twice = {value, value} >> amount;

  logic signed [31:0] arithmetic;
  assign arithmetic = $signed(value) >>> amount;

  always_comb begin
    case (mode)
      LEFT:       result = value << amount;
      RIGHT:      result = value >> amount;
      ARITHMETIC: result = arithmetic;
      default:    result = twice[31:0];  // ROTATE
    endcase
  end

  logic unused;
  assign unused = (mode == ROTATE) & |twice[63:32];
endmodule
