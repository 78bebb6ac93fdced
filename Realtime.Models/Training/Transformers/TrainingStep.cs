using Realtime.Models.Differentiation;

namespace Realtime.Models.Training.Transformers;

/// <summary>
/// One step: a batch is cut into a fixed number of parts, whatever the threads, and their gradients are added in order; so the weights are the
/// same to the bit with any number of threads. One caller at a time.
/// </summary>
/// <typeparam name="T">What a batch is made of.</typeparam>
internal sealed class TrainingStep<T>
{
    /// <summary>Parts of a batch.</summary>
    public const int Parts = 4;

    private readonly WorkCrew _crew;
    private readonly ulong _seed;
    private readonly Func<IReadOnlyList<T>, double> _weight;
    private readonly ITrainingShard<T>[] _shards;
    private readonly double[] _losses = new double[Parts];
    private readonly double[] _lossParts;

    public TrainingStep(TrainerParts<T> parts, long seed, WorkCrew crew)
    {
        (_crew, _seed, _weight) = (crew, (ulong)seed, parts.Weight);
        _lossParts = new double[parts.LossParts.Count];
        _shards = [.. Enumerable.Range(0, Parts).Select(_ => parts.Shard(new GradientSet(parts.Parameters)))];
    }

    /// <summary>Of the whole batch of the last <see cref="Run"/>.</summary>
    public GradientSet Gradients => _shards[0].Gradients;

    /// <summary>The parts of the last <see cref="Run"/>'s loss.</summary>
    public IReadOnlyList<double> LossParts => _lossParts;

    /// <summary>Loss and gradients of a batch.</summary>
    /// <returns>The loss; null when the batch has nothing that counts.</returns>
    public double? Run(IReadOnlyList<T> samples, TrainerPhase phase, long step)
    {
        var known = _weight(samples);
        if (!(known > 0)) return null;
        var parts = Math.Min(Parts, samples.Count);
        _crew.Run(parts, part =>
        {
            var (first, end) = (part * samples.Count / parts, (part + 1) * samples.Count / parts);
            _losses[part] = _shards[part].Run([.. samples.Skip(first).Take(end - first)], Seed(phase, step, part), 1 / known);
        });
        for (var name = 0; name < _lossParts.Length; name++) _lossParts[name] = _shards.Take(parts).Sum(shard => shard.LossParts[name]);
        for (var part = 1; part < parts; part++) Gradients.Add(_shards[part].Gradients);
        return _losses.Take(parts).Sum();
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
