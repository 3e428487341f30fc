// Counts the ones of a word by adding neighbours: pairs, nibbles, bytes, half words.
module popcount (
    input  logic [31:0] value,
    output logic [5:0]  count,
    output logic        odd,
    output logic        majority
);
  logic [31:0] pairs, nibbles, bytes;

  // Of two bits xy, xy - x is the number of ones.
  assign pairs   = value - ((value >> 1) & 32'h55555555);
  assign nibbles = (pairs & 32'h33333333) + ((pairs >> 2) & 32'h33333333);
  assign bytes   = (nibbles + (nibbles >> 4)) & 32'h0f0f0f0f;

  logic [4:0] low, high;
  assign low   = {1'b0, bytes[3:0]} + {1'b0, bytes[11:8]};
  assign high  = {1'b0, bytes[19:16]} + {1'b0, bytes[27:24]};
  assign count = {1'b0, low} + {1'b0, high};

  assign odd      = count[0];
  assign majority = count[5] | (count[4] & |count[3:0]);
endmodule
