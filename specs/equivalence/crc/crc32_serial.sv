// CRC-32 as in Ethernet, a byte in each cycle: eight steps of the shift register, unrolled.
module crc32 (
    input  logic        clk,
    input  logic        rst,
    input  logic        start,
    input  logic        enable,
    input  logic [7:0]  data,
    output logic [31:0] checksum,
    output logic        good
);
  localparam logic [31:0] POLYNOMIAL = 32'hedb88320;

  function automatic logic [31:0] step(input logic [31:0] crc, input logic [7:0] octet);
    logic [31:0] c;
    c = crc;
    for (int i = 0; i < 8; i++) begin
      c = (c[0] ^ octet[i]) ? {1'b0, c[31:1]} ^ POLYNOMIAL : {1'b0, c[31:1]};
    end
    step = c;
  endfunction

  logic [31:0] register, current;
  assign current = start ? '1 : register;

  always_ff @(posedge clk) begin
    if (rst) register <= '1;
    else if (enable) register <= step(current, data);
    else if (start) register <= '1;
  end

  assign checksum = ~register;
  assign good     = register == 32'hdebb20e3;
endmodule
