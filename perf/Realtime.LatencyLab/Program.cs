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
    Console.Error.WriteLine("usage: Realtime.LatencyLab LAB [options]");
    Console.Error.WriteLine("  transport [--messages N] [--size B] [--interval-us U] [--json FILE]   our ZMTP sockets against libzmq");
    Console.Error.WriteLine("  ingest [--messages N] [--snippet N] [--runs N]                        spike messages per second into a ring");
    Console.Error.WriteLine("  pipeline [--spikes-per-s N] [--seconds N] [--hop-ms N] [--receive spinning|blocking] [--decode spinning|blocking]");
    return 2;
}
