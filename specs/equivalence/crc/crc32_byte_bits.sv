// What the CRC-32 of Ethernet becomes with one byte more: a shift register's eight steps.
module crc32_byte (
    input  logic [31:0] before,
    input  logic [7:0]  octet,
    output logic [31:0] after
);
  always_comb begin
    after = before;
    for (int i = 0; i < 8; i++) begin
      after = (after[0] ^ octet[i]) ? {1'b0, after[31:1]} ^ 32'hedb88320 : {1'b0, after[31:1]};
    end
  end
endmodule
