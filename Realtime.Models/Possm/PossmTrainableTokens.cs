using Realtime.Models.Differentiation;
using Realtime.Models.Training.Blocks;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Possm;

/// <summary>
/// The input tokens of some windows chunk by chunk, without padding: its spikes, or one blank in an empty chunk. Rows of chunks are
/// time-major: chunk 0 of all windows first. Keys and values of a token depend on its unit alone, so each token names a distinct unit.
/// </summary>
internal sealed class PossmTrainableTokens
{
    /// <param name="windows">Of one length.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="unitRows">Rows of the unit table.</param>
    /// <exception cref="ArgumentException">Windows differ in length or are shorter than a chunk, or a unit is not in the table.</exception>
    public PossmTrainableTokens(IReadOnlyList<TrainingWindow> windows, PossmConfig config, int unitRows)
    {
        if (windows.FirstOrDefault(window => window.Length != windows[0].Length) is { } other)
            throw new ArgumentException($"Windows of {windows[0].Length} s and of {other.Length} s were given at once.");
        var batch = PossmTokenizer.Tokenize(config, [.. windows.Select(Sample)]);
        Chunks = batch.Chunks;
        Segments = new AttentionSegment[Chunks * windows.Count];
        var units = new DistinctRows(unitRows, "units");
        var (tokens, times) = (new List<int>(), new List<double>());
        for (var row = 0; row < Segments.Length; row++)
        {
            var (chunk, window) = Math.DivRem(row, windows.Count);
            var first = tokens.Count;
            for (var at = (window * Chunks + chunk) * batch.Tokens; at < (window * Chunks + chunk + 1) * batch.Tokens; at++)
            {
                if (!batch.TokenMask[at]) continue;
                tokens.Add(units.Place(batch.UnitRows[at]));
                times.Add(batch.TokenTimes[at]);
            }

            // All chunks have the same latents, and so the same queries.
            Segments[row] = new AttentionSegment(0, config.NumLatents, first, tokens.Count - first, row * config.NumLatents);
        }

        Units = units.Rows;
        Tokens = [.. tokens];
        Times = [.. times];
    }

    /// <summary>Chunks of a window.</summary>
    public int Chunks { get; }

    /// <summary>Distinct rows of the unit table; a blank is row 0.</summary>
    public int[] Units { get; }

    /// <summary>[tokens] index into <see cref="Units"/>.</summary>
    public int[] Tokens { get; }

    /// <summary>[tokens] s from the chunk's start.</summary>
    public double[] Times { get; }

    /// <summary>[chunks × windows] a chunk's latents over its tokens.</summary>
    public AttentionSegment[] Segments { get; }

    private static PossmSample Sample(TrainingWindow window) => new()
    {
        Length = window.Length,
        SpikeRows = Array.ConvertAll(window.SpikeUnits, unit => window.UnitRows[unit]),
        SpikeTimes = window.SpikeTimes,
        SessionRow = window.SessionRow,
        Queries = [],
    };
}
