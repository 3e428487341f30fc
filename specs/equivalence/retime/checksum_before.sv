// A one's complement checksum over two words: both are registered, then added, complemented and
// compared with the expected one.
module checksum (
    input  logic        clk,
    input  logic        rst,
    input  logic [15:0] first,
    input  logic [15:0] second,
    output logic [15:0] sum,
    output logic        zero
);
  logic [15:0] first_q, second_q;
  logic [16:0] raw;

  always_ff @(posedge clk) begin
    if (rst) begin
      first_q  <= 16'd0;
      second_q <= 16'd0;
    end else begin
      first_q  <= first;
      second_q <= second;
    end
  end

  assign raw  = {1'b0, first_q} + {1'b0, second_q};
  assign sum  = ~(raw[15:0] + {15'd0, raw[16]});
  assign zero = sum == 16'd0;
endmodule
