// Four registers with byte enables behind a small bus, which is a SystemVerilog interface.
interface register_bus (
    input logic clk,
    input logic rst
);
  logic        request;
  logic        write;
  logic [1:0]  address;
  logic [3:0]  strobe;
  logic [31:0] wdata;
  logic [31:0] rdata;
  logic        acknowledge;

  modport target(input clk, rst, request, write, address, strobe, wdata,
                 output rdata, acknowledge);
  modport initiator(input clk, rst, rdata, acknowledge,
                    output request, write, address, strobe, wdata);
endinterface

module register_file (
    register_bus.target bus
);
  logic [3:0][3:0][7:0] registers;

  always_ff @(posedge bus.clk) begin
    if (bus.rst) begin
      registers <= '0;
    end else if (bus.request && bus.write) begin
      for (int i = 0; i < 4; i++) begin
        if (bus.strobe[i]) registers[bus.address][i] <= bus.wdata[8*i+:8];
      end
    end
  end

  always_ff @(posedge bus.clk) begin
    if (bus.rst) begin
      bus.acknowledge <= 1'b0;
      bus.rdata       <= '0;
    end else begin
      bus.acknowledge <= bus.request;
      bus.rdata       <= (bus.request && !bus.write) ? registers[bus.address] : '0;
    end
  end
endmodule

module registers (
    input  logic        clk,
    input  logic        rst,
    input  logic        request,
    input  logic        write,
    input  logic [1:0]  address,
    input  logic [3:0]  strobe,
    input  logic [31:0] wdata,
    output logic [31:0] rdata,
    output logic        acknowledge
);
  register_bus bus (
      .clk(clk),
      .rst(rst)
  );

  assign bus.request = request;
  assign bus.write   = write;
  assign bus.address = address;
  assign bus.strobe  = strobe;
  assign bus.wdata   = wdata;
  assign rdata       = bus.rdata;
  assign acknowledge = bus.acknowledge;

  register_file u_file (.bus(bus));
endmodule
