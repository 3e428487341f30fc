// A first-in first-out queue with one address for its memory: in a cycle it is either written or
// the queue moves on. With both asked for, the push wins.
module fifo #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 8
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             push,
    input  logic [WIDTH-1:0] din,
    input  logic             pop,
    output logic [WIDTH-1:0] dout,
    output logic             full,
    output logic             empty
);
  localparam int ADDRESS = $clog2(DEPTH);

  logic [WIDTH-1:0] memory[DEPTH];
  logic [ADDRESS-1:0] oldest, second, address;
  logic [ADDRESS:0] count;

  assign full    = count[ADDRESS];
  assign empty   = count == '0;
  assign second  = oldest + 1'b1;
  assign address = push ? oldest + count[ADDRESS-1:0] : second;

  // The oldest entry is in a register of its own; a pop fetches the one behind it.
  logic [WIDTH-1:0] front;
  assign dout = empty ? '0 : front;

  always_ff @(posedge clk) begin
    if (rst) begin
      oldest <= '0;
      count  <= '0;
    end else if (push) begin
      if (~full) begin
        memory[address] <= din;
        count           <= count + 1'b1;
        if (empty) front <= din;
      end
    end else if (pop & ~empty) begin
      oldest <= second;
      count  <= count - 1'b1;
      front  <= memory[address];
    end
  end
endmodule
