// Receives bytes from a serial line (four cycles a bit: start, eight data bits, parity, stop); the
// states are in a Gray code, in two processes, and a frame is checked by the parity of the whole.
module receiver (
    input  logic       clk,
    input  logic       rst,
    input  logic       line,
    input  logic       cancel,
    output logic [7:0] data,
    output logic       done,
    output logic       error,
    output logic       busy
);
  localparam logic [2:0] IDLE = 3'b000, START = 3'b001, DATA = 3'b011, PARITY = 3'b010,
      STOP = 3'b110;

  logic [2:0] state, state_next;
  // Counts the cycles of a whole frame part: two low bits within a bit, three above for the index.
  logic [4:0] cycles, cycles_next;
  logic [8:0] frame;
  logic sample;

  assign sample = &cycles[1:0];

  always_comb begin
    state_next  = state;
    cycles_next = cycles + 5'd1;
    case (state)
      IDLE: begin
        cycles_next = 5'd0;
        if (~line) state_next = START;
      end
      START:
      if (cycles[0]) begin
        state_next  = line ? IDLE : DATA;
        cycles_next = 5'd0;
      end
      DATA:    if (&cycles) state_next = PARITY;
      PARITY:  if (sample) state_next = STOP;
      STOP:    if (sample) state_next = IDLE;
      default: state_next = IDLE;
    endcase
    if (cancel) state_next = IDLE;
  end

  logic checks;
  assign checks = (state == STOP) & sample & ~cancel;

  always_ff @(posedge clk) begin
    if (rst) begin
      state  <= IDLE;
      cycles <= 5'd0;
      frame  <= 9'd0;
      data   <= 8'd0;
      done   <= 1'b0;
      error  <= 1'b0;
    end else begin
      state  <= state_next;
      cycles <= cycles_next;
      if (sample & (state == DATA || state == PARITY)) frame <= {line, frame[8:1]};
      done  <= checks & line & ~^frame;
      error <= checks & ~(line & ~^frame);
      if (checks & line & ~^frame) data <= frame[7:0];
    end
  end

  assign busy = state != IDLE;
endmodule
