// Selects the lowest of four sources that are asked for, and scales it; the first without any.
module source_select (
    input  logic [3:0]  select,
    input  logic [15:0] source0,
    input  logic [15:0] source1,
    input  logic [15:0] source2,
    input  logic [15:0] source3,
    input  logic [1:0]  scale,
    output logic [15:0] value,
    output logic [1:0]  index
);
  logic [15:0] chosen;

  always_comb begin
    if (select[0] || select == 4'd0) index = 2'd0;
    else if (select[1]) index = 2'd1;
    else if (select[2]) index = 2'd2;
    else index = 2'd3;

    case (index)
      2'd0: chosen = source0;
      2'd1: chosen = source1;
      2'd2: chosen = source2;
      default: chosen = source3;
    endcase

    case (scale)
      2'd0: value = chosen;
      2'd1: value = {chosen[14:0], 1'b0};
      2'd2: value = {chosen[13:0], 2'b00};
      default: value = {chosen[12:0], 3'b000};
    endcase
  end
endmodule
