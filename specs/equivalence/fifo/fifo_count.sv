// A first-in first-out queue of registers, with two pointers and a count. A push into a full queue
// and a pop from an empty one do nothing, except that a full queue takes a push with a pop.
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
  logic [ADDRESS-1:0] head, tail;
  logic [ADDRESS:0] count;
  logic do_push, do_pop;

  assign full    = count == (ADDRESS + 1)'(DEPTH);
  assign empty   = count == '0;
  assign do_pop  = pop & ~empty;
  assign do_push = push & (~full | do_pop);
  assign dout    = empty ? '0 : memory[head];

  always_ff @(posedge clk) begin
    if (rst) begin
      head  <= '0;
      tail  <= '0;
      count <= '0;
    end else begin
      if (do_push) begin
        memory[tail] <= din;
        tail         <= tail + 1'b1;
      end
      if (do_pop) head <= head + 1'b1;
      if (do_push & ~do_pop) count <= count + 1'b1;
      else if (do_pop & ~do_push) count <= count - 1'b1;
    end
  end
endmodule
