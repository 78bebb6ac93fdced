namespace Realtime.Models.Training.Windows;

/// <summary>A stretch of one session with what is known about it: what a network is shown in training. Immutable by convention.</summary>
public sealed record TrainingWindow
{
    /// <summary>Length, s.</summary>
    public required double Length { get; init; }

    /// <summary>Row of the session table.</summary>
    public required int SessionRow { get; init; }

    /// <summary>Rows of the unit table of the units that are present, silent ones included; what unit dropout left.</summary>
    public required int[] UnitRows { get; init; }

    /// <summary>Index into <see cref="UnitRows"/> of each spike.</summary>
    public required int[] SpikeUnits { get; init; }

    /// <summary>Seconds from the window's start of each spike, ascending, in [0, Length).</summary>
    public required double[] SpikeTimes { get; init; }

    /// <summary>Moments asked about, seconds from the window's start, ascending, in (0, Length].</summary>
    public required double[] QueryTimes { get; init; }

    /// <summary>[queries, outputs], normalised; NaN where unknown.</summary>
    public required float[] Targets { get; init; }

    /// <summary>[queries]; 0 takes a query out of the loss.</summary>
    public required float[] QueryWeights { get; init; }

    /// <summary>
    /// [queries] the newest chunk that each query reads, from 0; null for the chunk that holds or ends with the query's time. POSSM only: to
    /// compare with upstream, which puts a query at a chunk's end into the next one.
    /// </summary>
    public int[]? QueryChunks { get; init; }
}
