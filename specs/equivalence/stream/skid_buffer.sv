// A register slice that cuts both valid and ready: a second register takes what arrives in the
// cycle in which the output stops.
module slice #(
    parameter int WIDTH = 16
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             in_valid,
    output logic             in_ready,
    input  logic [WIDTH-1:0] in_data,
    input  logic             in_last,
    output logic             out_valid,
    input  logic             out_ready,
    output logic [WIDTH-1:0] out_data,
    output logic             out_last
);
  logic skid_full, out_full;
  logic [WIDTH:0] skid, out, incoming;

  assign incoming  = {in_last, in_data};
  assign in_ready  = ~skid_full;
  assign out_valid = out_full;
  assign {out_last, out_data} = out;

  always_ff @(posedge clk) begin
    if (rst) begin
      skid_full <= 1'b0;
      out_full  <= 1'b0;
    end else if (~out_full | out_ready) begin
      // The output moves on: the skid register goes first.
      out_full  <= skid_full | in_valid;
      skid_full <= 1'b0;
    end else if (in_valid & in_ready) begin
      skid_full <= 1'b1;
    end
  end

  always_ff @(posedge clk) begin
    if (in_ready) skid <= incoming;
    if (~out_full | out_ready) out <= skid_full ? skid : incoming;
  end
endmodule
