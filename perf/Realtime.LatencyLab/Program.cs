using Realtime.LatencyLab.Ingest;
using Realtime.LatencyLab.Pipeline;
using Realtime.LatencyLab.Transport;

// One line for each lab; the rest of the command line is the lab's own.
return args switch
{
    ["transport", .. var rest] => TransportLab.Run(rest),
    ["ingest", .. var rest] => IngestLab.Run(rest),
    ["pipeline", .. var rest] => PipelineLab.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: Realtime.LatencyLab LAB [options]
          transport [--messages N] [--rounds N] [--size B] [--interval-us U] [--flood-messages N] [--json FILE]
              our ZMTP sockets against libzmq: one way, round trip, flood
          ingest [--messages N] [--snippet SAMPLES] [--runs N]
              spike messages per second through socket, parser and ring
          pipeline [--spikes-per-s N] [--seconds N] [--hop-ms N] [--receive spinning|blocking] [--decode spinning|blocking]
              what the pipeline adds to a model
        """);
    return 2;
}
