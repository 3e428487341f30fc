// What the CRC-32 of Ethernet becomes with one byte more: two look-ups in a table of sixteen words.
module crc32_byte (
    input  logic [31:0] before,
    input  logic [7:0]  octet,
    output logic [31:0] after
);
  function automatic logic [31:0] term(input logic [3:0] nibble);
    case (nibble)
      4'h0: term = 32'h00000000;
      4'h1: term = 32'h1db71064;
      4'h2: term = 32'h3b6e20c8;
      4'h3: term = 32'h26d930ac;
      4'h4: term = 32'h76dc4190;
      4'h5: term = 32'h6b6b51f4;
      4'h6: term = 32'h4db26158;
      4'h7: term = 32'h5005713c;
      4'h8: term = 32'hedb88320;
      4'h9: term = 32'hf00f9344;
      4'ha: term = 32'hd6d6a3e8;
      4'hb: term = 32'hcb61b38c;
      4'hc: term = 32'h9b64c2b0;
      4'hd: term = 32'h86d3d2d4;
      4'he: term = 32'ha00ae278;
      default: term = 32'hbdbdf21c;
    endcase
  endfunction

  logic [31:0] middle;
  assign middle = {4'b0, before[31:4]} ^ term(before[3:0] ^ octet[3:0]);
  assign after  = {4'b0, middle[31:4]} ^ term(middle[3:0] ^ octet[7:4]);
endmodule
