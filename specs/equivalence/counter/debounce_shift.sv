// Debounces a button with a shift register of the last differences; asynchronous reset, active
// low. A press is counted by a counter that saturates.
module debounce (
    input  logic       clk,
    input  logic       rst_n,
    input  logic       button,
    output logic       pressed,
    output logic       edge_seen,
    output logic [3:0] presses
);
  logic first, second;
  logic [6:0] history;
  logic differs, flip, rising;

  assign differs = second ^ pressed;
  assign flip    = differs & history[6];
  assign rising  = flip & ~pressed;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      first  <= 1'b0;
      second <= 1'b0;
    end else begin
      first  <= button;
      second <= first;
    end
  end

  // A one enters for each cycle that differs in a row; any agreement empties it.
  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) history <= 7'd0;
    else if (!differs || flip) history <= 7'd0;
    else history <= {history[5:0], 1'b1};
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      pressed   <= 1'b0;
      edge_seen <= 1'b0;
      presses   <= 4'd0;
    end else begin
      pressed   <= pressed ^ flip;
      edge_seen <= rising;
      presses   <= presses + {3'd0, rising & ~&presses};
    end
  end
endmodule
