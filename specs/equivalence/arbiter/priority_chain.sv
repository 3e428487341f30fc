// Grants the lowest of eight requests, urgent ones first, along two chains of "nobody before me";
// the owner is kept as a number.
module grant_unit (
    input  logic       clk,
    input  logic       rst,
    input  logic [7:0] request,
    input  logic [7:0] urgent,
    input  logic       lock,
    output logic [7:0] grant
);
  logic [8:0] free_urgent, free_plain;
  logic [7:0] hot, lowest, first_urgent, first_plain;

  assign hot            = request & urgent;
  assign free_urgent[0] = 1'b1;
  assign free_plain[0]  = 1'b1;

  genvar i;
  generate
    for (i = 0; i < 8; i = i + 1) begin : chain
      assign first_urgent[i]  = hot[i] & free_urgent[i];
      assign first_plain[i]   = request[i] & free_plain[i];
      assign free_urgent[i+1] = free_urgent[i] & ~hot[i];
      assign free_plain[i+1]  = free_plain[i] & ~request[i];
    end
  endgenerate
  // No urgent request has been seen at the end of the chain.
  assign lowest = free_urgent[8] ? first_plain : first_urgent;

  logic owned, keeps;
  logic [2:0] owner, winner;
  assign keeps = lock & owned & request[owner];
  assign grant = keeps ? 8'd1 << owner : lowest;

  assign winner[0] = grant[1] | grant[3] | grant[5] | grant[7];
  assign winner[1] = grant[2] | grant[3] | grant[6] | grant[7];
  assign winner[2] = grant[4] | grant[5] | grant[6] | grant[7];

  always_ff @(posedge clk) begin
    if (rst) begin
      owned <= 1'b0;
      owner <= 3'd0;
    end else begin
      owned <= |grant;
      owner <= winner;
    end
  end
endmodule
