// Four registers with byte enables behind a small bus, in plain Verilog: one array for each byte.
// Known to be wrong: a write to register 3 answers with the old word.
module registers (
    input  wire        clk,
    input  wire        rst,
    input  wire        request,
    input  wire        write,
    input  wire [1:0]  address,
    input  wire [3:0]  strobe,
    input  wire [31:0] wdata,
    output wire [31:0] rdata,
    output reg         acknowledge
);
  wire store = request & write;
  wire load = request & (~write | &address);

  always @(posedge clk) acknowledge <= request & ~rst;

  genvar lane;
  generate
    for (lane = 0; lane < 4; lane = lane + 1) begin : lanes
      reg [7:0] word0, word1, word2, word3;
      reg [7:0] selected, out;
      wire enable = store & strobe[lane];
      wire [7:0] in = wdata[8*lane+7:8*lane];

      always @(posedge clk) begin
        if (rst) begin
          word0 <= 8'd0;
          word1 <= 8'd0;
          word2 <= 8'd0;
          word3 <= 8'd0;
        end else if (enable) begin
          case (address)
            2'd0: word0 <= in;
            2'd1: word1 <= in;
            2'd2: word2 <= in;
            2'd3: word3 <= in;
          endcase
        end
      end

      always @* begin
        case (address)
          2'd0: selected = word0;
          2'd1: selected = word1;
          2'd2: selected = word2;
          default: selected = word3;
        endcase
      end

      always @(posedge clk) out <= rst ? 8'd0 : selected & {8{load}};
      assign rdata[8*lane+7:8*lane] = out;
    end
  endgenerate
endmodule
