// A round-robin arbiter for eight requests: they are rotated so that the one after the last grant
// stands at zero, the lowest wins, and the grant is rotated back. A grant counts when it is taken.
module arbiter #(
    parameter int N = 8
) (
    input  logic         clk,
    input  logic         rst,
    input  logic [N-1:0] request,
    input  logic         taken,
    output logic [N-1:0] grant,
    output logic         any
);
  localparam int INDEX = $clog2(N);

  logic [INDEX-1:0] start, offset, winner;
  logic [N-1:0] rotated;
  logic [2*N-1:0] doubled;

  assign doubled = {request, request} >> start;
  assign rotated = doubled[N-1:0];

  always_comb begin
    offset = '0;
    for (int i = N - 1; i >= 0; i--) begin
      if (rotated[i]) offset = INDEX'(i);
    end
  end

  assign winner = start + offset;
  assign any    = |request;
  assign grant  = {{N - 1{1'b0}}, any} << winner;

  always_ff @(posedge clk) begin
    if (rst) start <= '0;
    else if (taken & any) start <= winner + 1'b1;
  end
endmodule
