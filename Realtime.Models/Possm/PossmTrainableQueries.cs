using Realtime.Models.Differentiation;
using Realtime.Models.Training.Blocks;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Possm;

/// <summary>
/// The queries of some windows one after the other, and the chunks that each reads: its own and those before it, up to the model's limit.
/// A query at a chunk's end belongs to the chunk that ends there, as live; upstream puts it into the next.
/// </summary>
internal sealed class PossmTrainableQueries
{
    // Share of a chunk by which the rounding of a time may exceed the chunk's end.
    private const double Margin = 1e-9;

    /// <param name="windows">Of one length.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="chunks">Chunks of a window.</param>
    /// <param name="sessionRows">Rows of the session table.</param>
    /// <exception cref="ArgumentException">A query lies outside its window, or a session is not in the table.</exception>
    public PossmTrainableQueries(IReadOnlyList<TrainingWindow> windows, PossmConfig config, int chunks, int sessionRows)
    {
        var sessions = new DistinctRows(sessionRows, "sessions");
        var (sessionOfQuery, times, segments) = (new List<int>(), new List<double>(), new List<AttentionSegment>());
        foreach (var (index, window) in windows.Index())
        {
            for (var query = 0; query < window.QueryTimes.Length; query++)
            {
                var newest = window.QueryChunks?[query] ?? Chunk(window.QueryTimes[query], window.Length, config.BinWidth, chunks);
                if ((uint)newest >= (uint)chunks) throw new ArgumentException($"A query reads chunk {newest} of a window that has {chunks}.");
                var oldest = Math.Max(0, newest - config.OutputCaCtxLim + 1);

                // Rows of chunks are time-major.
                segments.Add(new AttentionSegment(times.Count, 1, oldest * windows.Count + index, newest - oldest + 1, times.Count, windows.Count));
                sessionOfQuery.Add(sessions.Place(window.SessionRow));
                times.Add(window.QueryTimes[query]);
            }
        }

        Sessions = sessions.Rows;
        SessionOfQuery = [.. sessionOfQuery];
        Times = [.. times];
        Segments = [.. segments];
    }

    /// <summary>Distinct rows of the session table.</summary>
    public int[] Sessions { get; }

    /// <summary>[queries] index into <see cref="Sessions"/>.</summary>
    public int[] SessionOfQuery { get; }

    /// <summary>[queries] s from the window's start.</summary>
    public double[] Times { get; }

    /// <summary>[queries] a query over its chunks.</summary>
    public AttentionSegment[] Segments { get; }

    /// <summary>The chunk, from 0, that holds or ends with a time; a longer last one holds what is left of the window.</summary>
    private static int Chunk(double time, double length, double binWidth, int chunks)
    {
        if (!(time > 0 && time <= length + Margin * binWidth)) throw new ArgumentException($"A query at {time} s lies outside its window of {length} s.");
        return Math.Min((int)Math.Ceiling(time / binWidth - Margin) - 1, chunks - 1);
    }
}
