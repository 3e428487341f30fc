// The product of two elements of GF(2^8) modulo x^8 + x^4 + x^3 + x + 1, by shift and add.
module gf_multiply (
    input  logic [7:0] a,
    input  logic [7:0] b,
    output logic [7:0] product
);
  logic [7:0] multiple, sum;

  always_comb begin
    multiple = a;
    sum      = 8'd0;
    for (int i = 0; i < 8; i++) begin
      if (b[i]) sum = sum ^ multiple;
      multiple = multiple[7] ? {multiple[6:0], 1'b0} ^ 8'h1b : {multiple[6:0], 1'b0};
    end
  end

  assign product = sum;
endmodule
