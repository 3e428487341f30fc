// Counts the ones of a word, and says whether they are odd in number and more than half.
module popcount (
    input  logic [31:0] value,
    output logic [5:0]  count,
    output logic        odd,
    output logic        majority
);
  always_comb begin
    count = 6'd0;
    for (int i = 0; i < 32; i++) count = count + {5'd0, value[i]};
  end

  assign odd      = ^value;
  assign majority = count > 6'd16;
endmodule
