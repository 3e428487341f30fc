// Sorts four bytes, the least first, by counting for each how many go before it.
module sort4 (
    input  logic [31:0] in,
    output logic [31:0] out
);
  always_comb begin
    logic [1:0] rank;
    out = 32'd0;
    for (int i = 0; i < 4; i++) begin
      rank = 2'd0;
      for (int j = 0; j < 4; j++) begin
        // Of equal ones the first goes first.
        if (j < i && in[8*j+:8] <= in[8*i+:8]) rank = rank + 2'd1;
        if (j > i && in[8*j+:8] < in[8*i+:8]) rank = rank + 2'd1;
      end
      out[8*rank+:8] = in[8*i+:8];
    end
  end
endmodule
