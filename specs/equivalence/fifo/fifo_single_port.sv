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
  logic [ADDRESS-1:0] oldest, address;
  logic [ADDRESS:0] count;

  assign full    = count[ADDRESS];
  assign empty   = count == '0;
  assign address = push ? oldest + count[ADDRESS-1:0] : oldest;

  // While a push holds the address, the oldest entry comes from its own register.
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
      oldest <= oldest + 1'b1;
      count  <= count - 1'b1;
      front  <= memory[address+1'b1];
    end
  end
endmodule
