// Adds two decimal numbers of four digits, digit by digit.
module bcd_add (
    input  logic [15:0] a,
    input  logic [15:0] b,
    input  logic        cin,
    output logic [15:0] sum,
    output logic        cout
);
  always_comb begin
    logic carry;
    logic [4:0] digit;
    carry = cin;
    sum   = 16'd0;
    for (int i = 0; i < 4; i++) begin
      digit = {1'b0, a[4*i+:4]} + {1'b0, b[4*i+:4]} + {4'd0, carry};
      carry = digit > 5'd9;
      if (carry) digit = digit - 5'd10;
      sum[4*i+:4] = digit[3:0];
    end
    cout = carry;
  end
endmodule
