// Selects one of four sources by a one-hot code and scales it. Any other code is a mistake of the
// caller, for which nothing is promised.
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
    case (select)
      4'b0001: begin
        chosen = source0;
        index  = 2'd0;
      end
      4'b0010: begin
        chosen = source1;
        index  = 2'd1;
      end
      4'b0100: begin
        chosen = source2;
        index  = 2'd2;
      end
      4'b1000: begin
        chosen = source3;
        index  = 2'd3;
      end
      default: begin
        chosen = 'x;
        index  = 'x;
      end
    endcase
  end

  assign value = chosen << scale;
endmodule
