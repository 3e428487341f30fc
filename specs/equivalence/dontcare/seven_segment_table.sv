// Drives a seven-segment digit, segments a to g in bits 0 to 6. Codes above nine do not occur and
// are left open; `blank` turns all off, leading zeros can be blanked.
module seven_segment (
    input  logic [3:0] digit,
    input  logic       blank,
    input  logic       blank_zero,
    output logic [6:0] segments,
    output logic       lit
);
  logic [6:0] pattern;

  always_comb begin
    case (digit)
      4'd0:    pattern = 7'b0111111;
      4'd1:    pattern = 7'b0000110;
      4'd2:    pattern = 7'b1011011;
      4'd3:    pattern = 7'b1001111;
      4'd4:    pattern = 7'b1100110;
      4'd5:    pattern = 7'b1101101;
      4'd6:    pattern = 7'b1111101;
      4'd7:    pattern = 7'b0000111;
      4'd8:    pattern = 7'b1111111;
      4'd9:    pattern = 7'b1101111;
      default: pattern = 7'bxxxxxxx;
    endcase
  end

  assign lit      = !(blank || (blank_zero && digit == 4'd0));
  assign segments = lit ? pattern : 7'd0;
endmodule
