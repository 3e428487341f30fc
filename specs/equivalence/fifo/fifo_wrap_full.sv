// A first-in first-out queue of registers; the pointers have a bit more than they need, which
// tells full from empty.
// Known to be wrong: a full queue drops a push that comes with a pop.
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
  logic [ADDRESS:0] read_pointer, write_pointer;
  logic same_place, same_lap, read_enable, write_enable;

  assign same_place   = read_pointer[ADDRESS-1:0] == write_pointer[ADDRESS-1:0];
  assign same_lap     = read_pointer[ADDRESS] == write_pointer[ADDRESS];
  assign empty        = same_place & same_lap;
  assign full         = same_place & ~same_lap;
  assign read_enable  = pop & ~empty;
  assign write_enable = push & ~full;

  always_ff @(posedge clk) begin
    if (rst) read_pointer <= '0;
    else if (read_enable) read_pointer <= read_pointer + 1'b1;
  end

  always_ff @(posedge clk) begin
    if (rst) write_pointer <= '0;
    else if (write_enable) write_pointer <= write_pointer + 1'b1;
  end

  always_ff @(posedge clk) begin
    if (write_enable & ~rst) memory[write_pointer[ADDRESS-1:0]] <= din;
  end

  assign dout = memory[read_pointer[ADDRESS-1:0]] & {WIDTH{~empty}};
endmodule
