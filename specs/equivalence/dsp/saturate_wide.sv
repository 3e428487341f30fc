// Adds or subtracts two signed samples and saturates: computed with two bits more and compared.
module saturating (
    input  logic signed [15:0] a,
    input  logic signed [15:0] b,
    input  logic               subtract,
    output logic signed [15:0] result,
    output logic               saturated
);
  logic signed [17:0] wide;

  assign wide = subtract ? 18'(a) - 18'(b) : 18'(a) + 18'(b);

  always_comb begin
    saturated = 1'b1;
    if (wide > 18'sd32767) result = 16'sh7fff;
    else if (wide < -18'sd32768) result = 16'sh8000;
    else begin
      result    = wide[15:0];
      saturated = 1'b0;
    end
  end
endmodule
