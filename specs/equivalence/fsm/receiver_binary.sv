// Receives bytes from a serial line, four cycles a bit (start, eight data bits, parity, stop), with
// its states in binary. `cancel` returns to idle.
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
  typedef enum logic [2:0] {
    IDLE   = 3'd0,
    START  = 3'd1,
    DATA   = 3'd2,
    PARITY = 3'd3,
    STOP   = 3'd4
  } state_t;

  state_t state;
  logic [1:0] phase;
  logic [2:0] index;
  logic [7:0] shift;
  logic odd, sample;

  assign sample = phase == 2'd3;
  assign busy   = state != IDLE;

  always_ff @(posedge clk) begin
    if (rst) begin
      state <= IDLE;
      phase <= 2'd0;
      index <= 3'd0;
      shift <= 8'd0;
      odd   <= 1'b0;
      data  <= 8'd0;
      done  <= 1'b0;
      error <= 1'b0;
    end else begin
      done  <= 1'b0;
      error <= 1'b0;
      phase <= phase + 2'd1;
      if (cancel) begin
        state <= IDLE;
        phase <= 2'd0;
      end else begin
        case (state)
          IDLE: begin
            phase <= 2'd0;
            index <= 3'd0;
            odd   <= 1'b0;
            if (!line) state <= START;
          end
          // In the middle of the start bit the line must still be low.
          START:
          if (phase == 2'd1) begin
            state <= line ? IDLE : DATA;
            phase <= 2'd0;
          end
          DATA:
          if (sample) begin
            shift <= {line, shift[7:1]};
            odd   <= odd ^ line;
            index <= index + 3'd1;
            if (index == 3'd7) state <= PARITY;
          end
          PARITY:
          if (sample) begin
            odd   <= odd ^ line;
            state <= STOP;
          end
          STOP:
          if (sample) begin
            state <= IDLE;
            if (line && !odd) begin
              data <= shift;
              done <= 1'b1;
            end else begin
              error <= 1'b1;
            end
          end
          default: state <= IDLE;
        endcase
      end
    end
  end
endmodule
