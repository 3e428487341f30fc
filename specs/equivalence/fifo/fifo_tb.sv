// A testbench of the queue with a model of its own: random pushes and pops, with phases in which
// one or the other prevails, so that the queue is full and empty again and again.
module fifo_tb;
  parameter int WIDTH = 8;
  parameter int DEPTH = 8;

  logic clk = 1'b0;
  logic rst = 1'b1;
  logic push = 1'b0;
  logic pop = 1'b0;
  logic [WIDTH-1:0] din = '0;
  wire [WIDTH-1:0] dout;
  wire full, empty;

  fifo #(.WIDTH(WIDTH), .DEPTH(DEPTH)) dut (.*);

  always #5 clk = ~clk;

  // The model: a circular list and the number of its entries.
  logic [WIDTH-1:0] held[DEPTH];
  int first = 0;
  int count = 0;
  bit takes, leaves;

  task automatic check;
    if (full !== (count == DEPTH)) $fatal(1, "full is %b with %0d entries", full, count);
    if (empty !== (count == 0)) $fatal(1, "empty is %b with %0d entries", empty, count);
    if (dout !== (count == 0 ? '0 : held[first])) $fatal(1, "dout is %h", dout);
  endtask

  initial begin
    repeat (2) @(negedge clk);
    rst = 1'b0;
    for (int t = 0; t < 3000; t++) begin
      #1 check();
      // Eight of ten cycles push in one phase, pop in the other; a reset now and then.
      push = $urandom_range(9) < (t / 64 % 2 == 0 ? 8 : 3);
      pop = $urandom_range(9) < (t / 64 % 2 == 0 ? 3 : 8);
      din = WIDTH'($urandom);
      rst = $urandom_range(99) == 0;
      #1 check();
      leaves = pop && count != 0;
      takes = push && (count != DEPTH || leaves);
      @(posedge clk);
      if (rst) count = 0;
      else begin
        if (takes) held[(first+count)%DEPTH] = din;
        if (leaves) first = (first + 1) % DEPTH;
        count = count + int'(takes) - int'(leaves);
      end
      @(negedge clk);
    end
    $display("passed");
    $finish;
  end
endmodule
