// Receives bytes from a serial line (four cycles a bit: start, eight data bits, parity, stop); one
// flip-flop for each state, and each with its own equation.
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
  logic idle, start, receive, parity, stop;
  logic [3:0] slot;
  logic [7:0] shift;
  logic [2:0] index;
  logic odd, sample, middle, finish, last;

  // The cycle within a bit, one-hot as well.
  assign sample = slot[3];
  assign middle = start & slot[1];
  assign finish = stop & sample;
  assign last   = receive & sample & (index == 3'd7);

  always_ff @(posedge clk) begin
    if (rst | cancel) begin
      idle    <= 1'b1;
      start   <= 1'b0;
      receive <= 1'b0;
      parity  <= 1'b0;
      stop    <= 1'b0;
    end else begin
      idle    <= (idle & line) | (middle & line) | finish;
      start   <= (idle & ~line) | (start & ~middle);
      receive <= (middle & ~line) | (receive & ~last);
      parity  <= last | (parity & ~sample);
      stop    <= (parity & sample) | (stop & ~sample);
    end
  end

  always_ff @(posedge clk) begin
    if (rst | cancel | idle | middle) slot <= 4'b0001;
    else slot <= {slot[2:0], slot[3]};
  end

  always_ff @(posedge clk) begin
    if (rst) begin
      shift <= 8'd0;
      index <= 3'd0;
      odd   <= 1'b0;
    end else if (~cancel) begin
      if (idle) begin
        index <= 3'd0;
        odd   <= 1'b0;
      end else if (sample & receive) begin
        shift <= {line, shift[7:1]};
        index <= index + 3'd1;
        odd   <= odd ^ line;
      end else if (sample & parity) begin
        odd <= odd ^ line;
      end
    end
  end

  logic accept;
  assign accept = finish & ~cancel & line & ~odd;
  always_ff @(posedge clk) begin
    if (rst) begin
      data  <= 8'd0;
      done  <= 1'b0;
      error <= 1'b0;
    end else begin
      done  <= accept;
      error <= finish & ~cancel & ~accept;
      if (accept) data <= shift;
    end
  end

  assign busy = ~idle;
endmodule
