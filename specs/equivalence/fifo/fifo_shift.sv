// A first-in first-out queue whose entries move: the oldest is always in place 0, each pop moves
// the others down. A bit for each place says whether it is taken.
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
  logic [DEPTH-1:0] taken;
  logic [WIDTH-1:0] entry[DEPTH];
  logic leave, enter;

  assign full  = taken[DEPTH-1];
  assign empty = ~taken[0];
  assign dout  = entry[0] & {WIDTH{taken[0]}};
  assign leave = pop & taken[0];
  assign enter = push & (~full | leave);

  genvar i;
  generate
    for (i = 0; i < DEPTH; i = i + 1) begin : place
      logic above_taken, below_taken, is_next;
      logic [WIDTH-1:0] above;
      if (i == DEPTH - 1) begin : last
        assign above_taken = 1'b0;
        assign above       = '0;
      end else begin : inner
        assign above_taken = taken[i+1];
        assign above       = entry[i+1];
      end
      if (i == 0) begin : first
        assign below_taken = 1'b1;
      end else begin : later
        assign below_taken = taken[i-1];
      end

      // Whether this place is the first free one, once the others have moved.
      assign is_next = leave ? taken[i] & ~above_taken : ~taken[i] & below_taken;

      always_ff @(posedge clk) begin
        if (rst) begin
          taken[i] <= 1'b0;
        end else begin
          if (enter & is_next) begin
            taken[i] <= 1'b1;
            entry[i] <= din;
          end else if (leave) begin
            taken[i] <= above_taken;
            entry[i] <= above;
          end
        end
      end
    end
  endgenerate
endmodule
