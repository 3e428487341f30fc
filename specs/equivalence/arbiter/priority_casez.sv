// Grants the lowest of eight requests, each with an urgent one that goes before all plain ones; a
// locked bus stays with its owner as long as that asks.
module grant_unit (
    input  logic       clk,
    input  logic       rst,
    input  logic [7:0] request,
    input  logic [7:0] urgent,
    input  logic       lock,
    output logic [7:0] grant
);
  logic [7:0] owner, candidates, lowest;
  logic keeps;

  assign candidates = |(request & urgent) ? request & urgent : request;

  always_comb begin
    casez (candidates)
      8'b???????1: lowest = 8'b00000001;
      8'b??????10: lowest = 8'b00000010;
      8'b?????100: lowest = 8'b00000100;
      8'b????1000: lowest = 8'b00001000;
      8'b???10000: lowest = 8'b00010000;
      8'b??100000: lowest = 8'b00100000;
      8'b?1000000: lowest = 8'b01000000;
      8'b10000000: lowest = 8'b10000000;
      default:     lowest = 8'b00000000;
    endcase
  end

  assign keeps = lock & |(owner & request);
  assign grant = keeps ? owner : lowest;

  always_ff @(posedge clk) begin
    if (rst) owner <= 8'd0;
    else owner <= grant;
  end
endmodule
