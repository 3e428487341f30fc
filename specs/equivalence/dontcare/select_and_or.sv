// Selects one of four sources by a one-hot code with ANDs and ORs, and scales it.
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
  logic [15:0] merged, by_one;

  assign merged = ({16{select[0]}} & source0)
                | ({16{select[1]}} & source1)
                | ({16{select[2]}} & source2)
                | ({16{select[3]}} & source3);

  assign index[0] = select[1] | select[3];
  assign index[1] = select[2] | select[3];

  assign by_one = scale[0] ? merged << 1 : merged;
  assign value  = scale[1] ? by_one << 2 : by_one;
endmodule
