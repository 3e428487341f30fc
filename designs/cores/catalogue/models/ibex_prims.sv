// Models of what Ibex leaves to its technology. The clock is never gated: a core that sleeps does
// not change its state anyway.

module prim_clock_gating (
  input  logic clk_i,
  input  logic en_i,
  input  logic test_en_i,
  output logic clk_o
);
  assign clk_o = clk_i;
endmodule

module prim_buf #(
  parameter int Width = 1
) (
  input  logic [Width-1:0] in_i,
  output logic [Width-1:0] out_o
);
  assign out_o = in_i;
endmodule

// A memory with one port, whose answer comes a cycle after the request.
module prim_ram_1p #(
  parameter int Width           = 32,
  parameter int Depth           = 128,
  parameter int DataBitsPerMask = 1,
  parameter     MemInitFile     = "",
  localparam int Aw             = $clog2(Depth)
) (
  input  logic                         clk_i,
  input  logic                         req_i,
  input  logic                         write_i,
  input  logic [Aw-1:0]                addr_i,
  input  logic [Width-1:0]             wdata_i,
  input  logic [Width-1:0]             wmask_i,
  output logic [Width-1:0]             rdata_o,
  input  prim_ram_1p_pkg::ram_1p_cfg_t cfg_i
);
  logic [Width-1:0] words [Depth];

  always_ff @(posedge clk_i) begin
    if (req_i) begin
      if (write_i) words[addr_i] <= (wdata_i & wmask_i) | (words[addr_i] & ~wmask_i);
      else rdata_o <= words[addr_i];
    end
  end
endmodule
