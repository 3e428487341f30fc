// Multiplication as the language has it, of two unsigned or two signed numbers.
module mul #(
    parameter int WIDTH = 8,
    parameter int SIGNED = 0
) (
    input  logic [WIDTH-1:0]   a,
    input  logic [WIDTH-1:0]   b,
    output logic [2*WIDTH-1:0] product
);
  logic [2*WIDTH-1:0] a_wide, b_wide;

  assign a_wide  = {{WIDTH{SIGNED != 0 && a[WIDTH-1]}}, a};
  assign b_wide  = {{WIDTH{SIGNED != 0 && b[WIDTH-1]}}, b};
  assign product = a_wide * b_wide;
endmodule
