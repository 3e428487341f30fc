// A testbench of the round-robin arbiter: its model searches from the place after the last grant
// that was taken.
module arbiter_tb;
  logic clk = 1'b0;
  logic rst = 1'b1;
  logic [7:0] request = '0;
  logic taken = 1'b0;
  wire [7:0] grant;
  wire any;

  arbiter dut (.*);

  always #5 clk = ~clk;

  int start = 0;
  int winner;
  logic [7:0] wanted;

  initial begin
    repeat (2) @(negedge clk);
    for (int t = 0; t < 4000; t++) begin
      rst = $urandom_range(49) == 0;
      request = 8'($urandom) & (t % 3 == 0 ? 8'($urandom) : 8'hff);
      taken = $urandom_range(1) == 1;
      wanted = '0;
      winner = -1;
      for (int k = 7; k >= 0; k--) begin
        if (request[(start+k)%8]) winner = (start + k) % 8;
      end
      if (winner >= 0) wanted[winner] = 1'b1;
      #1;
      if (grant !== wanted) $error("grant is %b, not %b", grant, wanted);
      if (any !== (request != 0)) $error("any is %b", any);
      @(posedge clk);
      if (rst) start = 0;
      else if (winner >= 0 && taken) start = (winner + 1) % 8;
      @(negedge clk);
    end
    $finish;
  end
endmodule
