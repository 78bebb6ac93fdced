using Realtime.Engine.Decoding;

namespace Realtime.Acquisition.Simulation;

/// <summary>Simulated behaviour at 100 Hz; one thread makes it, many may read it.</summary>
/// <param name="Channels">Names and units of the columns.</param>
/// <param name="Columns">[D][T] values, one array per column.</param>
internal sealed record BehaviourTrace(OutputChannel[] Channels, double[][] Columns)
{
    /// <summary>[.][T] what tunings read and no tracker saw.</summary>
    public double[][] Hidden { get; init; } = [];

    public const int RateHz = 100;

    public const double StepSeconds = 1.0 / RateHz;

    public int Steps => Columns[0].Length;

    /// <summary>Row-major [T, D] as the session keeps it.</summary>
    public float[] ToRows()
    {
        var rows = new float[Steps * Columns.Length];
        for (var column = 0; column < Columns.Length; column++)
            for (var step = 0; step < Steps; step++) rows[step * Columns.Length + column] = (float)Columns[column][step];
        return rows;
    }
}
