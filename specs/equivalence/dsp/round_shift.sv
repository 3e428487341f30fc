// Shifts a signed number right, rounds to nearest (a tie to even) and saturates to eight bits.
module requantise (
    input  logic signed [15:0] value,
    input  logic        [2:0]  shift,
    output logic signed [7:0]  result
);
  logic signed [15:0] floor;
  logic [15:0] mask, rest, half;
  logic up;
  logic signed [16:0] rounded;

  assign floor = value >>> shift;
  assign mask  = (16'd1 << shift) - 16'd1;
  assign rest  = value & mask;
  assign half  = (16'd1 << shift) >> 1;

  assign up      = (shift != 3'd0) && ((rest > half) || (rest == half && floor[0]));
  assign rounded = 17'(floor) + $signed({16'd0, up});

  always_comb begin
    if (rounded > 17'sd127) result = 8'sd127;
    else if (rounded < -17'sd128) result = -8'sd128;
    else result = rounded[7:0];
  end
endmodule
