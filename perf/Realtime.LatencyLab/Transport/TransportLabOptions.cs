using System.Globalization;

namespace Realtime.LatencyLab.Transport;

/// <summary>What to measure. Defaults: 64-byte messages, one each 400 us, as a tick's answer or a spike.</summary>
internal sealed record TransportLabOptions
{
    /// <summary>Messages of each round.</summary>
    public int Messages { get; init; } = 4_000;

    /// <summary>The transports take turns this often, so that a busy spell of the machine meets them alike.</summary>
    public int Rounds { get; init; } = 3;

    public int Size { get; init; } = 64;

    public int IntervalUs { get; init; } = 400;

    public int FloodMessages { get; init; } = 200_000;

    public string? JsonFile { get; init; }

    public long IntervalNs => IntervalUs * 1000L;

    /// <summary>Reads the command line; null and a message for what cannot be read.</summary>
    public static TransportLabOptions? Parse(string[] args, out string error)
    {
        error = "";
        var options = new TransportLabOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            switch (args[i])
            {
                case "--messages" when isNumber:
                    options = options with { Messages = number };
                    break;
                case "--rounds" when isNumber:
                    options = options with { Rounds = number };
                    break;
                case "--size" when isNumber && number is >= 8 and <= 1 << 20:
                    options = options with { Size = number };
                    break;
                case "--interval-us" when isNumber:
                    options = options with { IntervalUs = number };
                    break;
                case "--flood-messages" when isNumber:
                    options = options with { FloodMessages = number };
                    break;
                case "--json" when value.Length > 0:
                    options = options with { JsonFile = value };
                    break;
                default:
                    error = $"cannot read '{args[i]} {value}'; usage: transport [--messages N] [--size B (8..1048576)] [--interval-us U] "
                        + "[--rounds N] [--flood-messages N] [--json FILE]";
                    return null;
            }
        }

        return options;
    }
}
