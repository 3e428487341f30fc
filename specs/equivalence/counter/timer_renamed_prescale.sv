// A timer with other conventions: reset and enable are active low, names carry their direction, and
// the count leaves as two bytes for a narrow bus.
// Known to be wrong: a prescale value that is lowered while the timer runs is missed.
module timer_core (
    input  logic       clk,
    input  logic       rst_ni,
    input  logic       en_ni,
    input  logic [3:0] prescale_i,
    input  logic [7:0] compare_hi_i,
    input  logic [7:0] compare_lo_i,
    input  logic       clear_i,
    output logic [7:0] count_hi_o,
    output logic [7:0] count_lo_o,
    output logic       irq_no,
    output logic       overflow_o
);
  logic [15:0] count_q, count_d;
  logic [3:0] elapsed_q;
  logic match_q, overflow_q, step;

  assign step    = ~en_ni & (elapsed_q == prescale_i);
  assign count_d = count_q + 16'd1;

  always_ff @(posedge clk) begin
    if (!rst_ni) elapsed_q <= 4'd0;
    else if (step) elapsed_q <= 4'd0;
    else if (!en_ni) elapsed_q <= elapsed_q + 4'd1;
  end

  always_ff @(posedge clk) begin
    if (!rst_ni || clear_i) begin
      count_q    <= 16'd0;
      match_q    <= 1'b0;
      overflow_q <= 1'b0;
    end else if (step) begin
      count_q    <= count_d;
      match_q    <= match_q | ({compare_hi_i, compare_lo_i} == count_q);
      overflow_q <= overflow_q | (count_d == 16'd0);
    end
  end

  assign {count_hi_o, count_lo_o} = count_q;
  assign irq_no                   = ~match_q;
  assign overflow_o               = overflow_q;
endmodule
