namespace Realtime.Models.Poyo;

/// <summary>One window of one recording, before it is turned into tokens.</summary>
public sealed record PoyoSample
{
    /// <summary>Row of the unit table for each unit of the recording, silent ones included; a spike's unit is an index into this list.</summary>
    public required IReadOnlyList<int> UnitRows { get; init; }

    /// <summary>Unit of each spike, as an index into <see cref="UnitRows"/>. Any order.</summary>
    public required IReadOnlyList<int> SpikeUnits { get; init; }

    /// <summary>Time of each spike, s after the window's start.</summary>
    public required IReadOnlyList<double> SpikeTimes { get; init; }

    /// <summary>Row of the session table.</summary>
    public required int SessionRow { get; init; }

    /// <summary>Times to be predicted, s after the window's start; any finite number. Upstream rounds them to float32.</summary>
    public required IReadOnlyList<double> QueryTimes { get; init; }
}
