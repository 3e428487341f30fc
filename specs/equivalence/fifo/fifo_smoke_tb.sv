// A first try of the queue, as one writes it by hand: three entries go in and come out again.
module fifo_smoke_tb;
  logic clk = 1'b0;
  logic rst = 1'b1;
  logic push = 1'b0;
  logic pop = 1'b0;
  logic [7:0] din = '0;
  wire [7:0] dout;
  wire full, empty;

  fifo dut (.*);

  always #5 clk = ~clk;

  initial begin
    repeat (2) @(negedge clk);
    rst = 1'b0;
    for (int k = 1; k <= 3; k++) begin
      push = 1'b1;
      din = 8'(k * 37);
      @(negedge clk);
    end
    push = 1'b0;
    for (int k = 1; k <= 3; k++) begin
      if (dout !== 8'(k * 37)) $fatal(1, "entry %0d is %h", k, dout);
      pop = 1'b1;
      @(negedge clk);
    end
    if (!empty) $fatal(1, "not empty at the end");
    $display("passed");
    $finish;
  end
endmodule
