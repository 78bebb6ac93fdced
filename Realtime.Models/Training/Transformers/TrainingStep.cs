using Realtime.Models.Differentiation;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Training.Transformers;

/// <summary>
/// One step: a batch is cut into a fixed number of parts, whatever the threads, and their gradients are added in order; so the weights are the
/// same to the bit with any number of threads. One caller at a time.
/// </summary>
internal sealed class TrainingStep
{
    /// <summary>Parts of a batch.</summary>
    public const int Parts = 4;

    private readonly WorkCrew _crew;
    private readonly ulong _seed;
    private readonly ITrainingShard[] _shards;
    private readonly double[] _losses = new double[Parts];

    public TrainingStep(TrainerParts parts, long seed, WorkCrew crew)
    {
        (_crew, _seed) = (crew, (ulong)seed);
        _shards = [.. Enumerable.Range(0, Parts).Select(_ => parts.Shard(new GradientSet(parts.Parameters)))];
    }

    /// <summary>Of the whole batch of the last <see cref="Run"/>.</summary>
    public GradientSet Gradients => _shards[0].Gradients;

    /// <summary>Loss and gradients of a batch.</summary>
    /// <returns>The loss; null when the batch has no query that counts.</returns>
    public double? Run(IReadOnlyList<TrainingWindow> windows, TrainerPhase phase, long step)
    {
        var known = windows.Sum(KnownWeight);
        if (!(known > 0)) return null;
        var parts = Math.Min(Parts, windows.Count);
        _crew.Run(parts, part =>
        {
            var (first, end) = (part * windows.Count / parts, (part + 1) * windows.Count / parts);
            _losses[part] = _shards[part].Run([.. windows.Skip(first).Take(end - first)], Seed(phase, step, part), 1 / known);
        });
        for (var part = 1; part < parts; part++) Gradients.Add(_shards[part].Gradients);
        return _losses.Take(parts).Sum();
    }

    /// <summary>The weights of the queries that have a known target.</summary>
    private static double KnownWeight(TrainingWindow window)
    {
        var outputs = window.Targets.Length / Math.Max(1, window.QueryTimes.Length);
        double sum = 0;
        for (var query = 0; query < window.QueryTimes.Length; query++)
        {
            foreach (var target in window.Targets.AsSpan(query * outputs, outputs))
            {
                if (float.IsNaN(target)) continue;
                sum += window.QueryWeights[query];
                break;
            }
        }

        return sum;
    }

    /// <summary>Of dropout in one part: a hash of where it is (SplitMix64's finaliser).</summary>
    private ulong Seed(TrainerPhase phase, long step, int part)
    {
        var z = _seed * 0x9E3779B97F4A7C15 ^ ((ulong)phase << 62 | (ulong)step << 3 | (uint)part);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
