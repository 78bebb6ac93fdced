using Realtime.LatencyLab.Transport;

// One line for each lab; the rest of the command line is the lab's own.
return args switch
{
    ["transport", .. var rest] => TransportLab.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Realtime.LatencyLab LAB [options]");
    Console.Error.WriteLine("  transport   our ZMTP sockets against libzmq");
    Console.Error.WriteLine("    [--messages N] [--rounds N] [--size B] [--interval-us U] [--flood-messages N] [--json FILE]");
    return 2;
}
