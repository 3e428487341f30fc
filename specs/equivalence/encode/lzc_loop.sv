// Counts the leading zeros of a word, and says whether it is all zero (the count is then WIDTH).
module lzc #(
    parameter int WIDTH = 32
) (
    input  logic [WIDTH-1:0]         value,
    output logic [$clog2(WIDTH):0] count,
    output logic                     none
);
  localparam int COUNT = $clog2(WIDTH) + 1;

  always_comb begin
    count = COUNT'(WIDTH);
    for (int i = 0; i < WIDTH; i++) begin
      if (value[i]) count = COUNT'(WIDTH - 1 - i);
    end
  end

  assign none = value == '0;
endmodule
