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
    Console.Error.WriteLine("  transport [--messages N] [--size B] [--interval-us U] [--json FILE]   our ZMTP sockets against libzmq");
    return 2;
}
