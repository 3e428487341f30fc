// CRC-32 as in Ethernet, a byte in each cycle, each bit of the next value as one sum of bits.
module crc32 (
    input  logic        clk,
    input  logic        rst,
    input  logic        start,
    input  logic        enable,
    input  logic [7:0]  data,
    output logic [31:0] checksum,
    output logic        good
);
  logic [31:0] register, crc, next;

  // A new frame starts with all ones, and its first byte may come in the same cycle.
  assign crc = register | {32{start}};

  assign next[0]   = crc[2] ^ crc[8] ^ data[2];
  assign next[1]   = crc[0] ^ crc[3] ^ crc[9] ^ data[0] ^ data[3];
  assign next[2]   = crc[0] ^ crc[1] ^ crc[4] ^ crc[10] ^ data[0] ^ data[1] ^ data[4];
  assign next[3]   = crc[1] ^ crc[2] ^ crc[5] ^ crc[11] ^ data[1] ^ data[2] ^ data[5];
  assign next[4]   = crc[0] ^ crc[2] ^ crc[3] ^ crc[6] ^ crc[12] ^ data[0] ^ data[2] ^ data[3]
                   ^ data[6];
  assign next[5]   = crc[1] ^ crc[3] ^ crc[4] ^ crc[7] ^ crc[13] ^ data[1] ^ data[3] ^ data[4]
                   ^ data[7];
  assign next[6]   = crc[4] ^ crc[5] ^ crc[14] ^ data[4] ^ data[5];
  assign next[7]   = crc[0] ^ crc[5] ^ crc[6] ^ crc[15] ^ data[0] ^ data[5] ^ data[6];
  assign next[8]   = crc[1] ^ crc[6] ^ crc[7] ^ crc[16] ^ data[1] ^ data[6] ^ data[7];
  assign next[9]   = crc[7] ^ crc[17] ^ data[7];
  assign next[10]  = crc[2] ^ crc[18] ^ data[2];
  assign next[11]  = crc[3] ^ crc[19] ^ data[3];
  assign next[12]  = crc[0] ^ crc[4] ^ crc[20] ^ data[0] ^ data[4];
  assign next[13]  = crc[0] ^ crc[1] ^ crc[5] ^ crc[21] ^ data[0] ^ data[1] ^ data[5];
  assign next[14]  = crc[1] ^ crc[2] ^ crc[6] ^ crc[22] ^ data[1] ^ data[2] ^ data[6];
  assign next[15]  = crc[2] ^ crc[3] ^ crc[7] ^ crc[23] ^ data[2] ^ data[3] ^ data[7];
  assign next[16]  = crc[0] ^ crc[2] ^ crc[3] ^ crc[4] ^ crc[24] ^ data[0] ^ data[2] ^ data[3]
                   ^ data[4];
  assign next[17]  = crc[0] ^ crc[1] ^ crc[3] ^ crc[4] ^ crc[5] ^ crc[25] ^ data[0] ^ data[1]
                   ^ data[3] ^ data[4] ^ data[5];
  assign next[18]  = crc[0] ^ crc[1] ^ crc[2] ^ crc[4] ^ crc[5] ^ crc[6] ^ crc[26] ^ data[0]
                   ^ data[1] ^ data[2] ^ data[4] ^ data[5] ^ data[6];
  assign next[19]  = crc[1] ^ crc[2] ^ crc[3] ^ crc[5] ^ crc[6] ^ crc[7] ^ crc[27] ^ data[1]
                   ^ data[2] ^ data[3] ^ data[5] ^ data[6] ^ data[7];
  assign next[20]  = crc[3] ^ crc[4] ^ crc[6] ^ crc[7] ^ crc[28] ^ data[3] ^ data[4] ^ data[6]
                   ^ data[7];
  assign next[21]  = crc[2] ^ crc[4] ^ crc[5] ^ crc[7] ^ crc[29] ^ data[2] ^ data[4] ^ data[5]
                   ^ data[7];
  assign next[22]  = crc[2] ^ crc[3] ^ crc[5] ^ crc[6] ^ crc[30] ^ data[2] ^ data[3] ^ data[5]
                   ^ data[6];
  assign next[23]  = crc[3] ^ crc[4] ^ crc[6] ^ crc[7] ^ crc[31] ^ data[3] ^ data[4] ^ data[6]
                   ^ data[7];
  assign next[24]  = crc[0] ^ crc[2] ^ crc[4] ^ crc[5] ^ crc[7] ^ data[0] ^ data[2] ^ data[4]
                   ^ data[5] ^ data[7];
  assign next[25]  = crc[0] ^ crc[1] ^ crc[2] ^ crc[3] ^ crc[5] ^ crc[6] ^ data[0] ^ data[1]
                   ^ data[2] ^ data[3] ^ data[5] ^ data[6];
  assign next[26]  = crc[0] ^ crc[1] ^ crc[2] ^ crc[3] ^ crc[4] ^ crc[6] ^ crc[7] ^ data[0]
                   ^ data[1] ^ data[2] ^ data[3] ^ data[4] ^ data[6] ^ data[7];
  assign next[27]  = crc[1] ^ crc[3] ^ crc[4] ^ crc[5] ^ crc[7] ^ data[1] ^ data[3] ^ data[4]
                   ^ data[5] ^ data[7];
  assign next[28]  = crc[0] ^ crc[4] ^ crc[5] ^ crc[6] ^ data[0] ^ data[4] ^ data[5] ^ data[6];
  assign next[29]  = crc[0] ^ crc[1] ^ crc[5] ^ crc[6] ^ crc[7] ^ data[0] ^ data[1] ^ data[5]
                   ^ data[6] ^ data[7];
  assign next[30]  = crc[0] ^ crc[1] ^ crc[6] ^ crc[7] ^ data[0] ^ data[1] ^ data[6] ^ data[7];
  assign next[31]  = crc[1] ^ crc[7] ^ data[1] ^ data[7];

  always_ff @(posedge clk) begin
    if (rst) register <= '1;
    else register <= enable ? next : crc;
  end

  assign checksum = ~register;
  assign good     = register == 32'hdebb20e3;
endmodule
