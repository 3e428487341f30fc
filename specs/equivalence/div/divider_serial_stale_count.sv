// A divider between two handshakes with one subtractor: a bit of the quotient in each cycle.
// Known to be wrong: the count is set by reset only, so that the second division runs too long.
module divider #(
    parameter int WIDTH = 8
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             in_valid,
    output logic             in_ready,
    input  logic [WIDTH-1:0] dividend,
    input  logic [WIDTH-1:0] divisor,
    output logic             out_valid,
    input  logic             out_ready,
    output logic [WIDTH-1:0] quotient,
    output logic [WIDTH-1:0] remainder
);
  localparam int COUNT = $clog2(WIDTH + 1);
  localparam logic [1:0] IDLE = 2'd0, BUSY = 2'd1, DONE = 2'd2;

  logic [1:0] state;
  logic [COUNT-1:0] left;
  // The dividend moves out at the top of `low` while the quotient moves in below.
  logic [WIDTH-1:0] high, low, by;
  logic [WIDTH:0] shifted, reduced;

  assign shifted = {high, low[WIDTH-1]};
  assign reduced = shifted - {1'b0, by};

  assign in_ready  = state == IDLE;
  assign out_valid = state == DONE;
  assign quotient  = low;
  assign remainder = high;

  always_ff @(posedge clk) begin
    if (rst) begin
      state <= IDLE;
      left  <= COUNT'(WIDTH);
    end else begin
      case (state)
        IDLE:
        if (in_valid) begin
          high  <= '0;
          low   <= dividend;
          by    <= divisor;
          state <= BUSY;
        end
        BUSY: begin
          high <= reduced[WIDTH] ? shifted[WIDTH-1:0] : reduced[WIDTH-1:0];
          low  <= {low[WIDTH-2:0], ~reduced[WIDTH]};
          left <= left - 1'b1;
          if (left == COUNT'(1)) state <= DONE;
        end
        default: if (out_ready) state <= IDLE;
      endcase
    end
  end
endmodule
