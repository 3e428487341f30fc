// An unsigned Wallace tree multiplier: carry-save compressors reduce the partial products three to
// two, level by level; one adder carries at the end.
// Known to be wrong: the compressors of the last level lack a term of the majority.
module mul #(
    parameter int WIDTH = 8
) (
    input  logic [WIDTH-1:0]   a,
    input  logic [WIDTH-1:0]   b,
    output logic [2*WIDTH-1:0] product
);
  // Number of rows that are left after a number of levels.
  function automatic int rows_after(int levels);
    int rows;
    rows = WIDTH;
    for (int i = 0; i < levels; i++) rows = 2 * (rows / 3) + rows % 3;
    rows_after = rows;
  endfunction

  // Number of levels until two rows are left.
  function automatic int levels_needed();
    int rows, levels;
    rows   = WIDTH;
    levels = 0;
    while (rows > 2) begin
      rows   = 2 * (rows / 3) + rows % 3;
      levels = levels + 1;
    end
    levels_needed = levels;
  endfunction

  localparam int LEVELS = levels_needed();

  logic [2*WIDTH-1:0] rows[LEVELS+1][WIDTH];

  genvar level, i;
  generate
    for (i = 0; i < WIDTH; i = i + 1) begin : partial
      assign rows[0][i] = {{WIDTH{1'b0}}, a & {WIDTH{b[i]}}} << i;
    end
    for (level = 0; level < LEVELS; level = level + 1) begin : levels
      localparam int BEFORE = rows_after(level);
      localparam int GROUPS = BEFORE / 3;
      localparam int LEFT = BEFORE % 3;
      for (i = 0; i < GROUPS; i = i + 1) begin : compress
        logic [2*WIDTH-1:0] x, y, z, majority;
        assign x = rows[level][3*i];
        assign y = rows[level][3*i+1];
        assign z = rows[level][3*i+2];
        assign majority = (x & y) | (x & z) | (level == LEVELS - 1 ? '0 : y & z);
        assign rows[level+1][2*i]   = x ^ y ^ z;
        assign rows[level+1][2*i+1] = majority << 1;
      end
      for (i = 0; i < LEFT; i = i + 1) begin : pass
        assign rows[level+1][2*GROUPS+i] = rows[level][3*GROUPS+i];
      end
      for (i = 2 * GROUPS + LEFT; i < WIDTH; i = i + 1) begin : unused
        assign rows[level+1][i] = '0;
      end
    end
  endgenerate

  assign product = rows[LEVELS][0] + rows[LEVELS][1];
endmodule
