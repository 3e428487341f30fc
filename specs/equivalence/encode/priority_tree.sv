// A priority encoder for sixteen interrupts with enables, of four encoders for four and one above.

module encode4 (
    input  logic [3:0] request,
    output logic [1:0] index,
    output logic       any
);
  assign any      = |request;
  assign index[1] = request[3] | request[2];
  assign index[0] = request[3] | (~request[2] & request[1]);
endmodule

module interrupts (
    input  logic [15:0] pending,
    input  logic [15:0] enable,
    input  logic        global_enable,
    output logic [3:0]  cause,
    output logic        take
);
  logic [15:0] live;
  logic [3:0] group_any;
  logic [1:0] group_index[4];

  assign live = pending & enable;

  genvar i;
  generate
    for (i = 0; i < 4; i = i + 1) begin : groups
      encode4 u_group (.request(live[4*i+3:4*i]), .index(group_index[i]), .any(group_any[i]));
    end
  endgenerate

  logic any;
  logic [1:0] top_index, low_index;
  encode4 u_top (.request(group_any), .index(top_index), .any(any));

  always_comb begin
    case (top_index)
      2'd3:    low_index = group_index[3];
      2'd2:    low_index = group_index[2];
      2'd1:    low_index = group_index[1];
      default: low_index = group_index[0];
    endcase
  end

  assign cause = {top_index, low_index};
  assign take  = global_enable & any;
endmodule
