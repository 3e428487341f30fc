// Debounces a button: the output follows once the input has been stable for 8 cycles; counts the
// presses up to 15. Reset is asynchronous.
module debounce (
    input  logic       clk,
    input  logic       rst,
    input  logic       button,
    output logic       pressed,
    output logic       edge_seen,
    output logic [3:0] presses
);
  logic [1:0] synchronised;
  logic [2:0] stable;

  always_ff @(posedge clk or posedge rst) begin
    if (rst) synchronised <= 2'b00;
    else synchronised <= {synchronised[0], button};
  end

  always_ff @(posedge clk or posedge rst) begin
    if (rst) begin
      stable    <= 3'd0;
      pressed   <= 1'b0;
      edge_seen <= 1'b0;
      presses   <= 4'd0;
    end else begin
      edge_seen <= 1'b0;
      if (synchronised[1] == pressed) begin
        stable <= 3'd0;
      end else if (stable == 3'd7) begin
        stable  <= 3'd0;
        pressed <= synchronised[1];
        if (synchronised[1]) begin
          edge_seen <= 1'b1;
          if (presses != 4'd15) presses <= presses + 4'd1;
        end
      end else begin
        stable <= stable + 3'd1;
      end
    end
  end
endmodule
